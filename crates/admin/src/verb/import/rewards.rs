//! Publishing the rewards of a catalogue.

use std::{collections::HashMap, path::PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::DateTime;
use lovebank_wire::v1;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tonic::Code;
use tonic_types::StatusExt as _;
use uuid::Builder;

use super::remark_unread;
use crate::{
    amount::price,
    fail::{Exit, Fail, may_retry},
    import::{
        fold,
        list::{Column as Named, List},
        table::Record,
    },
    progress::Progress,
    session::Session,
    show::{Column, Part, narrow},
    verb::reward::Offer,
    when::minute,
    words::{Per, RewardKind},
};

/// The most rewards of one catalogue.
const MOST: usize = 1000;

#[derive(Debug, Args)]
pub(crate) struct ImportRewards {
    /// The catalogue
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The branch of rows that name none
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    branch: String,
    /// Which edition of the catalogue; what is in another is published anew
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    edition: String,
    /// Record; without it everything is only rehearsed
    #[arg(long)]
    commit: bool,
}

/// What a column of the catalogue means, and the headers it may have.
const COLUMNS: [Named; 14] = [
    ("name", &["name", "名称"]),
    ("branch", &["branch", "branch_code", "社区"]),
    ("kind", &["kind", "类别"]),
    ("price", &["price", "积分"]),
    ("stock", &["stock", "名额", "数量"]),
    ("text", &["text", "说明"]),
    ("limit", &["limit", "限次"]),
    ("per", &["per", "period", "周期"]),
    ("eligibility", &["eligibility", "条件"]),
    ("opens", &["opens", "开始"]),
    ("closes", &["closes", "截止"]),
    ("until", &["until", "使用截止"]),
    ("waiting_list", &["waiting_list", "候补"]),
    ("policy", &["policy", "优先规则"]),
];

const ROWS: &[Column] = &[
    narrow("line", "line", "行"),
    narrow("name", "name", "名称"),
    narrow("outcome", "outcome", "结果"),
    narrow("reward_no", "reward", "回馈号"),
    narrow("reason_code", "reason", "代码"),
    narrow("message", "message", "说明"),
];

/// A row of the catalogue, ready to be sent.
struct Row {
    line: usize,
    id: String,
    reward: v1::Reward,
}

impl ImportRewards {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let rows = self.read(session)?;
        let progress = Progress::of(session, u64::try_from(rows.len()).unwrap_or(u64::MAX));
        let (mut told, mut refused) = (Vec::new(), false);
        let mut failed = None;
        for row in rows {
            match self.publish(session, &row).await {
                Ok(it) => told.push(it),
                Err(status) if status.get_details_error_info().is_some() && !may_retry(&status) => {
                    refused = true;
                    told.push(refusal(&row, &Fail::from(status.clone()), session));
                    if status.code() == Code::Unauthenticated {
                        failed = Some(Fail::from(status));
                        break;
                    }
                }
                Err(status) => {
                    failed = Some(Fail::from(status).told(
                        &format!("line {}: give the same file again to go on: ", row.line),
                        &format!("第 {} 行：请用同一文件再次导入以继续：", row.line),
                    ));
                    break;
                }
            }
            progress.further(1);
        }
        progress.end();
        Fail::unless_enough(session.show(&[Part::rows("rewards", ROWS, told)]))?;
        if !self.commit {
            session.remark(
                "rehearsed, nothing recorded: add --commit to record",
                "仅试运行，未登记：加 --commit 才会登记",
            );
        }
        match failed {
            Some(fail) => Err(fail),
            None => Ok(if refused { Exit::Rejected } else { Exit::Done }),
        }
    }

    async fn publish(&self, session: &Session, row: &Row) -> Result<Vec<Value>, tonic::Status> {
        let request = v1::PublishRewardRequest {
            request_id: row.id.clone(),
            validate_only: !self.commit,
            reward: Some(row.reward.clone()),
        };
        let answer = session.bank.redemptions().publish_reward(request).await?.into_inner();
        let receipt = answer.receipt.unwrap_or_default();
        let outcome = match (receipt.replayed, receipt.validated_only) {
            (true, _) => "published-before",
            (false, true) => "can-be-published",
            (false, false) => "published",
        };
        let no = Some(answer.reward_no).filter(|it| *it != 0 && !receipt.validated_only);
        let name = row.reward.name.as_str();
        Ok(vec![row.line.into(), name.into(), outcome.into(), no.into(), Value::Null, Value::Null])
    }

    /// Every row, before the first is sent.
    fn read(&self, session: &Session) -> Result<Vec<Row>, Fail> {
        let bytes = Fail::reading(&self.file)?;
        let path = self.file.display();
        let list = List::read(&bytes, &COLUMNS).map_err(|err| Fail::sheet(&path, &err))?;
        remark_unread(session, &list);
        let count = list.rows.len();
        if count == 0 || MOST < count {
            return Err(Fail::error(
                format!("{path}: {count} rows; a catalogue has 1 to {MOST}: split it"),
                format!("{path}：{count} 行；一份目录 1 至 {MOST} 行，请拆分"),
            ));
        }
        let mut seen = HashMap::new();
        let rows = list.rows.iter().map(|it| {
            let line = it.line;
            self.row(session, (&list, it), &mut seen).map_err(|fail| {
                fail.told(&format!("{path}: line {line}: "), &format!("{path}：第 {line} 行："))
            })
        });
        rows.collect()
    }

    fn row(
        &self,
        session: &Session,
        (list, row): (&List, &Record),
        seen: &mut HashMap<String, u32>,
    ) -> Result<Row, Fail> {
        list.check(row).map_err(|fault| Fail::error(fault.english(), fault.chinese()))?;
        let cell = |name: &str| list.cell(row, name).to_owned();
        let given = |name: &str| Some(cell(name)).filter(|it| !it.is_empty());
        let offer = Offer {
            name: cell("name"),
            branch: given("branch").unwrap_or_else(|| self.branch.clone()),
            kind: of(&cell("kind"), "kind", "类别", kind)?,
            stock: of(&cell("stock"), "stock", "名额", |it| it.parse().ok())?,
            price: given("price")
                .map(|it| of(&it, "price", "积分", |it| price(it).ok()))
                .transpose()?,
            text: cell("text"),
            limit: given("limit")
                .map(|it| of(&it, "limit", "限次", |it| it.parse().ok()))
                .transpose()?,
            per: given("per").map(|it| of(&it, "per", "周期", per)).transpose()?,
            eligibility: cell("eligibility"),
            opens: when(given("opens"), "opens", "开始")?,
            closes: when(given("closes"), "closes", "截止")?,
            until: when(given("until"), "until", "使用截止")?,
            waiting_list: of(&cell("waiting_list"), "waiting_list", "候补", yes)?,
            policy: cell("policy"),
        };
        if offer.limit.is_some() != offer.per.is_some() {
            return Err(Fail::error("limit and per go together", "“限次”和“周期”须同时填写"));
        }
        let reward = offer.message(&session.zone)?;
        Ok(Row { line: row.line, id: id(&self.edition, &reward, seen), reward })
    }
}

/// Names a row by its edition, branch, name and opening, so that it is published once however
/// often its file is sent and mended. The same again within a file is another reward.
fn id(edition: &str, reward: &v1::Reward, seen: &mut HashMap<String, u32>) -> String {
    let opens = reward.window.and_then(|it| it.opens_at).map(|it| it.seconds);
    let v1::Reward { branch_code, name, .. } = reward;
    let key = format!("{branch_code}\n{name}\n{opens:?}").to_lowercase();
    let again = seen.entry(key.clone()).or_default();
    *again = again.saturating_add(1);
    let digest = Sha256::digest(format!("lovebank catalogue 1\n{edition}\n{key}\n{again}"));
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}

fn refusal(row: &Row, fail: &Fail, session: &Session) -> Vec<Value> {
    let message = session.lang.pick(fail.english.clone(), fail.chinese.clone());
    let fields = fail.fields.iter().filter(|it| !message.contains(&it.0));
    let fields = fields.map(|(field, what)| format!("{field}: {what}"));
    let message = std::iter::once(message.clone()).chain(fields).collect::<Vec<_>>().join("; ");
    let message =
        if fail.reason.as_deref() == Some("REQUEST_ID_REUSED") {
            session.lang.pick(
            "it was published before, and said otherwise: withdraw that, and give this another \
             --edition",
            "此前已发布，而内容不同：请下架原来的，并用另一个 --edition 导入",
        ).to_owned()
        } else {
            message
        };
    let name = row.reward.name.as_str();
    vec![
        row.line.into(),
        name.into(),
        "refused".into(),
        Value::Null,
        fail.reason.clone().into(),
        message.into(),
    ]
}

fn of<T>(
    text: &str,
    english: &str,
    chinese: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Fail> {
    read(&fold::half_width(text)).ok_or_else(|| {
        Fail::error(
            format!("{english} {text:?} is not understood"),
            format!("{chinese}“{text}”看不懂"),
        )
    })
}

fn kind(text: &str) -> Option<RewardKind> {
    match text {
        "实物" => Some(RewardKind::Goods),
        "服务" => Some(RewardKind::Service),
        "优待" => Some(RewardKind::Privilege),
        "入场" => Some(RewardKind::Admission),
        other => RewardKind::from_str(other, true).ok(),
    }
}

fn per(text: &str) -> Option<Per> {
    match text {
        "月" | "每月" => Some(Per::Month),
        "季" | "季度" | "每季度" => Some(Per::Quarter),
        "年" | "每年" => Some(Per::Year),
        "不限" | "终身" => Some(Per::Ever),
        other => Per::from_str(other, true).ok(),
    }
}

fn yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "" | "no" | "false" | "0" | "否" => Some(false),
        "yes" | "true" | "1" | "是" => Some(true),
        _ => None,
    }
}

fn when(text: Option<String>, english: &str, chinese: &str) -> Result<Option<DateTime>, Fail> {
    let Some(text) = text else { return Ok(None) };
    let read = |it: &str| minute(&it.replace('/', "-")).ok();
    of(&text, english, chinese, read).map(Some).map_err(|fail| Fail {
        english: format!("{}: write 2026-12-01 09:00", fail.english),
        chinese: format!("{}，请写成 2026-12-01 09:00", fail.chinese),
        ..fail
    })
}
