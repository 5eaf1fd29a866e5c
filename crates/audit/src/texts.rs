//! What a finding says to a person, in English and Chinese, and what to do about it.

use lovebank_ledger::{Account, Balance, LineNo, Purpose, Timestamp};

use crate::{Finding, What};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// In English.
    pub english: String,
    /// In Chinese.
    pub chinese: String,
}

/// What a finding says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// What it is.
    pub what: Said,
    /// What should be.
    pub expected: Said,
    /// What is.
    pub found: Said,
    /// What to do.
    pub advice: Said,
}

impl Finding {
    /// What it says to a person.
    pub fn texts(&self) -> Texts {
        let (expected, found) = operands(&self.what);
        Texts { what: what(&self.what), expected, found, advice: advice(self) }
    }
}

fn said(english: impl Into<String>, chinese: impl Into<String>) -> Said {
    Said { english: english.into(), chinese: chinese.into() }
}

/// The same in both languages.
fn same(text: impl Into<String>) -> Said {
    let text = text.into();
    said(text.clone(), text)
}

fn nothing() -> Said {
    same("")
}

fn what(it: &What) -> Said {
    let (english, chinese) = match it {
        What::CopyMissing => ("a copy of the journal is not there", "缺少一份流水副本"),
        What::CopyUnreadable { .. } => ("a copy cannot be read", "副本无法读取"),
        What::CopyMalformed { .. } => ("what is kept there is no entry", "存放的不是分录"),
        What::CopyLacks => ("the copy lacks what the other has", "副本缺少另一份有的分录"),
        What::CopyBehind { .. } => ("the copy ends before the other", "副本比另一份短"),
        What::NoteUnreadable => {
            ("the note beside the copy is gone or cannot be read", "副本旁的记号缺失或无法读取")
        }
        What::Unacknowledged { .. } => {
            ("entries stand after the last acknowledged one", "最后确认的分录之后还有分录")
        }
        What::CopiesDiffer { .. } => {
            ("the copies hold different entries from here on", "两份副本从此处起不同")
        }
        What::Missing => ("the entry is missing", "分录缺失"),
        What::Swapped { .. } => ("two entries are swapped", "两笔分录互换了位置"),
        What::Added { .. } => ("an entry was added", "多出一笔分录"),
        What::Changed { .. } => ("the entry was changed", "分录被改动"),
        What::Unreadable { .. } => ("the entry cannot be read", "分录无法解读"),
        What::TimeWentBack { .. } => {
            ("recorded no later than the entry before", "登记时间不晚于上一笔")
        }
        What::RequestTwice { .. } => ("its request made two entries", "同一请求号有两笔分录"),
        What::Unbalanced { .. } => ("its postings do not sum to zero", "借贷合计不为零"),
        What::Drifted { .. } => ("a balance drifted", "余额不符"),
        What::LineOutOfOrder { .. } => ("a passbook's line is not the next", "存折行号不连续"),
        What::ActorUnknown { .. } => ("nobody known made it", "经办人不存在"),
        What::Impossible { .. } => ("it does not follow from those before it", "与此前的流水不符"),
        What::Invariant { .. } => ("an invariant does not hold", "不变量不成立"),
        What::HeadDiffers { witness: true, .. } => {
            ("the seal is not the one that was written down", "封印与抄录的不同")
        }
        What::HeadDiffers { witness: false, .. } => {
            ("the seal is not the one that the bank told", "封印与服务器所报不同")
        }
        What::EndsEarly { .. } => ("the journal ends early", "流水提前结束"),
        What::StateDrifted { .. } => {
            ("the running bank holds something else", "运行中的总账与流水不符")
        }
    };
    said(english, chinese)
}

/// What should be, and what is.
fn operands(it: &What) -> (Said, Said) {
    match it {
        What::CopyMissing | What::CopyLacks | What::Missing | What::NoteUnreadable => {
            (nothing(), nothing())
        }
        What::CopyUnreadable { why } | What::CopyMalformed { why } | What::Unreadable { why } => {
            (nothing(), same(why))
        }
        What::CopyBehind { other } => (entry(*other), nothing()),
        What::Unacknowledged { noted } => (entry(*noted), nothing()),
        What::CopiesDiffer { field, one, other } => {
            (same(format!("{field}: {one}")), same(format!("{field}: {other}")))
        }
        What::Swapped { with } => (nothing(), entry(*with)),
        What::Added { place } => (nothing(), place_of(*place)),
        What::Changed { field, expected, found } => {
            (same(format!("{field}: {expected}")), same(format!("{field}: {found}")))
        }
        What::TimeWentBack { before, found } => {
            let after = said(format!("after {}", time(*before)), format!("晚于 {}", time(*before)));
            (after, same(time(*found)))
        }
        What::RequestTwice { first } => (nothing(), entry(first.get())),
        What::Unbalanced { sum } => (same("0"), balance(*sum)),
        What::Drifted { account, line, expected, found } => {
            (of(*account, *line, *expected), balance(*found))
        }
        What::LineOutOfOrder { passbook, expected, found } => {
            let line = |it: LineNo| {
                said(
                    format!("line {it} of passbook {passbook}"),
                    format!("存折 {passbook} 第 {it} 行"),
                )
            };
            (line(*expected), found.map_or_else(nothing, line))
        }
        What::ActorUnknown { actor } => (nothing(), same(actor.to_string())),
        What::Impossible { why } => (nothing(), same(*why)),
        What::Invariant { number, what } => {
            let (english, chinese) = invariant(*number);
            (said(format!("{number}: {english}"), format!("{number}：{chinese}")), same(what))
        }
        What::HeadDiffers { expected, found, .. } => (same(expected), same(found)),
        What::EndsEarly { found } => (nothing(), entry(*found)),
        What::StateDrifted { table, row, expected, found } => {
            let row = row.map_or_else(|| table.clone(), |row| format!("{table} {row}"));
            (same(format!("{row}: {expected}")), same(found))
        }
    }
}

fn entry(no: u64) -> Said {
    said(format!("entry {no}"), format!("流水 {no}"))
}

fn place_of(no: u64) -> Said {
    said(format!("in the place of entry {no}"), format!("在流水 {no} 的位置"))
}

fn time(it: Timestamp) -> String {
    it.to_string()
}

fn balance(it: Balance) -> Said {
    let Balance { minutes, points } = it;
    said(format!("{minutes} minutes, {points} points"), format!("{minutes} 分钟，{points} 积分"))
}

fn of(account: Account, line: Option<LineNo>, it: Balance) -> Said {
    let Said { english, chinese } = balance(it);
    let line = line.map(|it| it.to_string()).unwrap_or_default();
    match account {
        Account::Passbook(no) => said(
            format!("passbook {no}, line {line}: {english}"),
            format!("存折 {no} 第 {line} 行：{chinese}"),
        ),
        Account::Bank(branch, purpose) => {
            let (name, chinese_name) = purposes(purpose);
            said(
                format!("{name} of branch {branch}: {english}"),
                format!("社区 {branch} {chinese_name}：{chinese}"),
            )
        }
    }
}

fn purposes(it: Purpose) -> (&'static str, &'static str) {
    match it {
        Purpose::Issuance => ("issuance", "发放"),
        Purpose::Redeemed => ("redeemed", "已兑换"),
        Purpose::Pool => ("pool", "公益池"),
        Purpose::Expired => ("expired", "过期"),
        Purpose::Opening => ("opening", "期初"),
        Purpose::Adjustment => ("adjustment", "调整"),
    }
}

/// What an invariant says, in a few words.
pub fn invariant(number: u8) -> (&'static str, &'static str) {
    match number {
        1 => ("entries in a row", "流水连续"),
        2 => ("sums are zero", "借贷合计为零"),
        3 => ("balances follow line by line", "余额逐行相符"),
        4 => ("no overlaps; holds add up", "时间不重叠、冻结相符"),
        5 => ("a request once", "请求号唯一"),
        7 => ("totals of years", "年度合计相符"),
        8 => ("records and lines", "记录与存折行相符"),
        10 => ("ledger and journal", "总账与流水相符"),
        11 => ("places and queues", "名额与排队相符"),
        12 => ("lots and balances", "批次与余额相符"),
        _ => ("the books add up", "账目相符"),
    }
}

/// What to do about it; at length in the runbook, by its code.
fn advice(it: &Finding) -> Said {
    if it.copy.is_none() {
        return if matches!(it.what, What::StateDrifted { .. }) {
            said(
                "restart the bank: it adds its journal up anew; report it with this finding",
                "重启服务：会重新加总流水；并上报此结果",
            )
        } else {
            said(
                "stop the bank, keep every directory, compare with a backup and restore from it",
                "停止服务，保留所有目录，与备份核对并从备份恢复",
            )
        };
    }
    if matches!(it.what, What::CopyMissing | What::CopyBehind { .. }) {
        said(
            "start the bank once: it makes the copy whole; ask why it was not",
            "启动一次服务即会补齐副本；并查明原因",
        )
    } else if matches!(it.what, What::NoteUnreadable) {
        said(
            "compare the last entry with what was written down, then start the bank: it writes \
             the note anew",
            "先将末条流水与记下的核对，再启动服务：会重写记号",
        )
    } else if matches!(it.what, What::Unacknowledged { .. }) {
        said(
            "after a crash this is in order; without one, somebody added them",
            "若刚经历崩溃属正常；否则是有人添加",
        )
    } else {
        said(
            "keep this directory, check its disk, start the bank: it makes the copy anew",
            "保留此目录，检查磁盘，再启动服务：会由另一份重建副本",
        )
    }
}
