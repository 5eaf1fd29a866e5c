//! What journal entries mean.
//!
//! The journal is what happened; the [`Ledger`] is what it adds up to. A [`Command`] is *decided*
//! against the ledger, which yields an [`Entry`] or a [`Refusal`]; an entry, once durable, is
//! *posted*. Nothing here does input or output, reads a clock, or knows that gRPC or sled exist.
//!
//! | 中文 | code | meaning |
//! |---|---|---|
//! | 爱心银行 | bank | one deployment: one journal, one set of policies, one time zone |
//! | 社区, 街道, 区 | [`Branch`] | a node of the tree of organisations |
//! | 志愿者, 义工号 | volunteer, volunteer number | the number is text with its leading zeros |
//! | 爱心存折 | passbook | the two registers of a volunteer and their numbered lines |
//! | 服务时长 | [`Minutes`] | the first register: earned or corrected, never spent |
//! | 积分 | [`Points`] | the second register: spendable |
//! | 服务记录 | hours record | who served, when, where, at what, recorded by whom |
//! | 分录, 记账行 | [`Entry`], [`Posting`] | one fact; an amount on one account |
//! | 总账, 过账, 裁定 | [`Ledger`], post, decide | see above |
//! | 冲正, 更正 | reverse, correct | an exact negative; that, and a new record |
//! | 冻结 | hold | points set aside: captured, released or expired |
//! | 回馈, 兑换 | [`Reward`], redemption | what can be had for points; asking for it |
//! | 优先 | [`Policy`] | in which order requests are served |
//! | 互助 | help | hours asked of one another, paid with points |
//! | 批次 | [`Lot`] | points that expire together |
//! | 捐赠 | pool | points given to the community |
//! | 荣誉, 星级, 表彰 | honour, star, award | what is held for ever; reached, and given by an entry |
//! | 记录时限 | deadline | the last day on which hours are recorded in time |
//! | 合并 | [`MergeRow`] | one person under two numbers: one passbook is kept, both stay |
//! | 异常 | [`anomaly`] | what an honest bank seldom shows, with its evidence |
//! | 公示, 异议 | notice period, objection | the days a result hangs out; a word against it |

mod amount;
mod annual;
pub mod anomaly;
mod authority;
mod bad_toml;
mod calendar;
mod command;
mod deadline;
mod decide;
mod display;
mod entry;
mod event;
mod gift;
mod help;
mod honour;
mod hours;
mod id;
pub mod invariants;
mod ledger;
mod lot;
mod merge;
mod party;
pub mod priority;
pub mod recognition;
mod refusal;
mod reward;
mod rulebook;
mod solvency;
mod statistics;
mod text;
mod time;

pub use amount::*;
pub use annual::{
    AnnualFilter, AnnualRow, AnnualSummary, annual_recognition, annual_summary, served,
};
pub use anomaly::AnomalyRules;
pub use authority::{Authority, Roles, Verb};
pub use bad_toml::BadToml;
pub use calendar::{CALENDAR_MAX, Calendar, WorkingDay};
pub use command::*;
pub use deadline::{
    ActivityDeadline, BranchDeadlines, Timeliness, activity_deadlines, deadlines_by_branch,
};
pub use decide::{Decision, Founding, Refused, UNDO_MAX};
pub use entry::*;
pub use event::{Event, GiftEvent, HelpEvent, MergeEvent, RewardEvent};
pub use gift::*;
pub use help::*;
pub use honour::*;
pub use hours::*;
pub use id::*;
pub use ledger::*;
pub use lot::{Lot, LotClass, LotMove};
pub use merge::*;
pub use party::*;
pub use priority::Policy;
pub use refusal::{Refusal, RefusalCategory, RefusalNote, Texts, texts};
pub use reward::*;
pub use rulebook::{BadRulebook, DEFAULT as DEFAULT_RULEBOOK, Ladder, RedemptionRules, Rulebook};
pub use solvency::{AGES, BranchSolvency, Solvency, YearFlow, solvency};
pub use statistics::{BranchStatistics, StatisticsRow, branch_statistics};
pub use text::*;
pub use time::*;
