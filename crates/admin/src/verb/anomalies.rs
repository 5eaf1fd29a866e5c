//! `anomalies`: what an honest bank seldom shows (异常), each with its evidence.

use clap::Args;
use jiff::civil::Date;
use lovebank_ledger::{
    Ledger, PassbookNo, Timestamp,
    anomaly::{Anomaly, AnomalyKind, Evidence, Trail, anomalies},
};
use lovebank_wire::{scalar, v1};
use serde_json::Value;
use tonic::Code;

use super::replay::replay_with;
use crate::{
    fail::{Exit, Fail},
    session::Session,
    show::{Column, Part, narrow, wide},
    when::{date, end_of},
    words::Seldom,
};

/// Looks through the whole journal for what is seldom.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// As of the end of this day [default: the last entry]
    #[arg(long, value_name = "DAY", value_parser = date)]
    as_of: Option<Date>,
    /// Only what reaches to this day or later
    #[arg(long, value_name = "DAY", value_parser = date)]
    from: Option<Date>,
    /// Only of these kinds
    #[arg(long, value_enum, value_name = "KIND")]
    only: Vec<Seldom>,
    /// End with exit code 3 where something is found, for schedulers
    #[arg(long)]
    check: bool,
}

const KINDS: &[Column] = &[narrow("anomaly", "anomaly", "异常"), narrow("count", "found", "数量")];

const FOUND: &[Column] = &[
    narrow("anomaly", "anomaly", "异常"),
    narrow("text", "what was found", "说明"),
    narrow("passbooks", "passbooks", "存折号"),
    wide("actors", "actors", "经办人"),
    wide("from", "from", "自"),
    wide("until", "until", "至"),
    narrow("entries", "entries", "流水号"),
    narrow("records", "records", "记录号"),
    narrow("gifts", "gifts", "捐赠号"),
    wide("figures", "figures", "数字"),
    wide("english", "in English", "英文"),
    wide("chinese", "in Chinese", "中文"),
];

impl Report {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let before = self.as_of.map(|day| end(session, day)).transpose()?;
        let mut trail = Trail::default();
        let read = replay_with(session, before, |entry| trail.take(entry)).await?;
        if !read.holds(session) {
            return Ok(Exit::Broken);
        }
        let (ledger, phones) = (&read.ledger, shared_phones(session).await?);
        let today = ledger.zone().map_or(Date::ZERO, |it| it.date_at(read.recorded_at));
        let rules = ledger.rulebook_on(today).map(|it| it.rules.clone());
        let rules = rules.ok_or_else(|| Fail::incomplete("rulebook"))?;
        let evidence = Evidence { trail: &trail, phones: &phones };
        let mut told = anomalies(ledger, rules.anomalies(), evidence);
        told.found.retain(|it| self.wants(it));
        self.show(session, ledger, &told.found)?;
        if 0 < told.left_out {
            let count = told.left_out;
            session.remark(
                &format!("{count} more of some kinds are not told: each tells 1,000 at most"),
                &format!("另有 {count} 项未列出：每种最多列出 1,000 项"),
            );
        }
        if 0 < told.uncompared_sheets && self.asks(AnomalyKind::ClonedSheet) {
            let count = told.uncompared_sheets;
            session.remark(
                &format!(
                    "{count} sheets were not compared with all that may be changed copies of \
                     them: each is compared with 1,000 at most; exact copies are all told"
                ),
                &format!(
                    "有 {count} 张表未与所有可能改动过的副本比对：每张最多比对 1,000 张；完全相同的均已列出"
                ),
            );
        }
        let found = self.check && !told.found.is_empty();
        Ok(if found { Exit::Rejected } else { Exit::Done })
    }

    fn asks(&self, kind: AnomalyKind) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| kind == (*only).into())
    }

    fn wants(&self, it: &Anomaly) -> bool {
        self.asks(it.kind)
            && self.from.is_none_or(|from| it.days.is_none_or(|(_, until)| from <= until))
    }

    fn show(&self, session: &Session, ledger: &Ledger<'_>, found: &[Anomaly]) -> Result<(), Fail> {
        let kinds = AnomalyKind::ALL.into_iter().filter(|it| self.asks(*it)).map(|kind| {
            let count = found.iter().filter(|it| it.kind == kind).count();
            vec![kind.to_string().into(), count.into()]
        });
        let rows = found.iter().map(|it| row(session, ledger, it)).collect();
        Fail::unless_enough(session.show(&[
            Part::rows("kinds", KINDS, kinds.collect()),
            Part::rows("anomalies", FOUND, rows).base(),
        ]))
    }
}

fn end(session: &Session, day: Date) -> Result<Timestamp, Fail> {
    let end = end_of(day, &session.zone)?;
    scalar::timestamp("as_of", &end).map_err(|err| Fail::local(&err))
}

/// Who has the same telephone, as far as the caller may compare them.
async fn shared_phones(session: &Session) -> Result<Vec<Vec<PassbookNo>>, Fail> {
    let asked = v1::ListSharedPhonesRequest::default();
    let answer = match session.bank.volunteers().list_shared_phones(asked).await {
        Ok(answer) => answer.into_inner(),
        Err(status) if status.code() == Code::PermissionDenied => {
            session.remark(
                "telephones were not compared: that takes an auditor or an approver",
                "未比对电话：需要审计或复核的令牌",
            );
            return Ok(Vec::new());
        }
        Err(status) => return Err(status.into()),
    };
    if !is_whole(&answer) {
        let (told, total) = (answer.shared_phones.len(), answer.total);
        session.remark(
            &format!(
                "not all telephones were compared: of {total} that several have, the {told} that \
                 most have, with 1,000 of those who have each at most"
            ),
            &format!(
                "未比对全部电话：共 {total} 个电话有多人使用，只比对了人数最多的 {told} 个，每个至多 1,000 人"
            ),
        );
    }
    let numbers = |it: v1::SharedPhone| {
        it.passbook_nos.into_iter().filter_map(|no| PassbookNo::new(no).ok()).collect()
    };
    Ok(answer.shared_phones.into_iter().map(numbers).collect())
}

/// Whether an answer names every telephone, and everyone who has it.
fn is_whole(it: &v1::ListSharedPhonesResponse) -> bool {
    let count = |it: usize| u64::try_from(it).ok();
    let all_named = |it: &v1::SharedPhone| count(it.passbook_nos.len()) == Some(it.volunteers);
    count(it.shared_phones.len()) == Some(it.total) && it.shared_phones.iter().all(all_named)
}

fn row(session: &Session, ledger: &Ledger<'_>, it: &Anomaly) -> Vec<Value> {
    let handle = |no| ledger.handle(no).map_or_else(String::new, ToString::to_string);
    let actors: Vec<String> = it.actors.iter().map(|no| handle(*no)).collect();
    let figures = it.figures.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
    vec![
        it.kind.to_string().into(),
        session.lang.pick(&it.english, &it.chinese).as_str().into(),
        numbers(it.passbooks.iter().map(|no| no.get())),
        if actors.is_empty() { Value::Null } else { actors.into() },
        it.days.map(|it| it.0.to_string()).into(),
        it.days.map(|it| it.1.to_string()).into(),
        numbers(it.entries.iter().map(|no| no.get())),
        numbers(it.records.iter().map(|no| no.get())),
        numbers(it.gifts.iter().map(|no| no.get())),
        Value::Object(figures.collect()),
        it.english.as_str().into(),
        it.chinese.as_str().into(),
    ]
}

/// Numbers of something, or nothing.
fn numbers(them: impl Iterator<Item = u64>) -> Value {
    let them: Vec<u64> = them.collect();
    if them.is_empty() { Value::Null } else { them.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_leaves_telephones_or_people_out_is_not_whole() {
        let answer = |total, volunteers| {
            let phone = v1::SharedPhone { passbook_nos: vec![1, 2], volunteers };
            v1::ListSharedPhonesResponse { read_seq: 1, shared_phones: vec![phone], total }
        };
        assert!(is_whole(&answer(1, 2)));
        assert!(!is_whole(&answer(2, 2)));
        assert!(!is_whole(&answer(1, 3)));
    }
}
