//! `solvency`: whether what was promised can be kept (偿付), from the journal itself.

use clap::Args;
use jiff::civil::Date;
use lovebank_ledger::{
    AGES, BranchNo, BranchSolvency, Ledger, Points, Solvency, Timestamp, YearFlow, solvency,
};
use lovebank_wire::scalar;
use serde_json::Value;

use super::replay::replay;
use crate::{
    fail::{Exit, Fail},
    session::Session,
    show::{Column, Part, narrow},
    when::{date, end_of, shown},
};

/// Reads the whole journal and reports on it.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// As of the end of this day [default: the last entry]
    #[arg(long, value_name = "DAY", value_parser = date)]
    as_of: Option<Date>,
}

const BRANCHES: &[Column] = &[
    narrow("branch_code", "branch", "社区"),
    narrow("outstanding", "points held by volunteers", "未用积分"),
    narrow("under_1_year", "under 1 year", "不满1年"),
    narrow("under_2_years", "under 2", "不满2年"),
    narrow("under_3_years", "under 3", "不满3年"),
    narrow("older", "older", "3年以上"),
    narrow("savers", "passbooks with points", "有积分存折"),
    narrow("never_drew", "never asked back", "从未兑换"),
    narrow("held", "set aside", "冻结"),
    narrow("debts", "debts", "欠积分"),
    narrow("pool", "pool", "公益池"),
    narrow("places", "free places", "剩余名额"),
    narrow("capacity", "points they cost", "名额可兑积分"),
];

const YEARS: &[Column] = &[
    narrow("year", "year", "年份"),
    narrow("earned", "earned", "获得"),
    narrow("redeemed", "redeemed", "兑换"),
    narrow("helped", "paid for help", "支付互助"),
    narrow("given", "given to pools", "捐入公益池"),
    narrow("drawn", "drawn from pools", "领用"),
    narrow("expired", "expired", "过期"),
    narrow("used_percent", "% redeemed or paid for help", "兑换及互助占比%"),
];

const WAITS: &[Column] = &[
    narrow("as_of", "as of", "截至"),
    narrow("waiting", "requests that wait", "排队中"),
    narrow("longest_wait_days", "longest wait, days", "最长等待天数"),
    narrow("median_wait_days", "middle wait of those served, days", "已得者等待天数中位"),
];

impl Report {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let before = self.as_of.map(|day| end(session, day)).transpose()?;
        let read = replay(session, before).await?;
        if !read.holds(session) {
            return Ok(Exit::Broken);
        }
        // The last instant of the day that was asked for.
        let last = |it: Timestamp| Timestamp::from_micros(it.micros().saturating_sub(1));
        let as_of = before.map_or(read.recorded_at, last);
        let report = solvency(&read.ledger, as_of);
        let branches = report.branches.iter().map(|(no, it)| branch(&read.ledger, *no, it));
        let years = report.years.iter().map(|(no, it)| year(*no, it));
        session.show(&[
            Part::row("waits", WAITS, waits(session, as_of, &report)),
            Part::rows("branches", BRANCHES, branches.collect()).base(),
            Part::rows("years", YEARS, years.collect()),
        ])?;
        let (english, chinese) = facts(&report);
        if !english.is_empty() {
            session.remark(&english, &chinese);
        }
        Ok(Exit::Done)
    }
}

/// The instant at which a day ends.
fn end(session: &Session, day: Date) -> Result<Timestamp, Fail> {
    let end = end_of(day, &session.zone)?;
    scalar::timestamp("as_of", &end).map_err(|err| Fail::local(&err))
}

fn points(it: Points) -> Value {
    scalar::to_points(it).value.into()
}

fn total(parts: impl IntoIterator<Item = Points>) -> Points {
    let sum = |sum: Points, it| sum.plus(it).unwrap_or(sum);
    parts.into_iter().fold(Points::ZERO, sum)
}

fn branch(ledger: &Ledger<'_>, no: BranchNo, it: &BranchSolvency) -> Vec<Value> {
    let code = ledger.branch(no).map(|it| it.code.to_string());
    let [youngest, second, third, older]: [Points; AGES] = it.outstanding;
    vec![
        code.into(),
        points(total(it.outstanding)),
        points(youngest),
        points(second),
        points(third),
        points(older),
        it.savers.into(),
        it.never_drew.into(),
        points(it.held),
        points(it.debts),
        points(it.pool),
        it.places.into(),
        points(it.capacity),
    ]
}

fn year(no: i16, it: &YearFlow) -> Vec<Value> {
    vec![
        no.into(),
        points(it.earned),
        points(it.redeemed),
        points(it.helped),
        points(it.given),
        points(it.drawn),
        points(it.expired),
        it.rate_percent().into(),
    ]
}

fn waits(session: &Session, as_of: Timestamp, report: &Solvency) -> Vec<Value> {
    vec![
        shown(Some(&scalar::to_timestamp(as_of)), &session.zone).into(),
        report.waiting.into(),
        report.longest_wait_days.into(),
        report.median_wait_days.into(),
    ]
}

/// What a community should know before savers give up, in one line for each reader.
fn facts(report: &Solvency) -> (String, String) {
    let (mut english, mut chinese) = (Vec::new(), Vec::new());
    let savers: u64 = report.branches.values().map(|it| u64::from(it.savers)).sum();
    let never: u64 = report.branches.values().map(|it| u64::from(it.never_drew)).sum();
    if 0 < never {
        english.push(format!(
            "{never} of {savers} passbooks with points never asked for anything back"
        ));
        chinese.push(format!("{savers} 本有积分的存折中，{never} 本从未兑换"));
    }
    let last = report.years.iter().next_back();
    let rate = last.and_then(|(year, it)| Some((year, it.rate_percent()?)));
    if let Some((year, rate)) = rate.filter(|(_, rate)| *rate < 100) {
        english
            .push(format!("{rate} of 100 points earned in {year} were redeemed or paid for help"));
        chinese.push(format!("{year} 年每获得 100 积分，兑换或支付互助 {rate} 积分"));
    }
    let held = total(report.branches.values().flat_map(|it| it.outstanding));
    let capacity = total(report.branches.values().map(|it| it.capacity));
    if capacity < held {
        english.push(format!("volunteers hold {held} points, all free places cost {capacity}"));
        chinese.push(format!("志愿者持有 {held} 积分，剩余名额可兑 {capacity} 积分"));
    }
    (english.join("; "), chinese.join("；"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(whole: i64) -> Points {
        Points::from_hundredths(whole.saturating_mul(100))
    }

    fn report(never_drew: u32, redeemed: i64, capacity: i64) -> Solvency {
        let branch = BranchSolvency {
            outstanding: [points(6), points(4), Points::ZERO, Points::ZERO],
            savers: 3,
            never_drew,
            capacity: points(capacity),
            ..<_>::default()
        };
        let year = YearFlow { earned: points(20), redeemed: points(redeemed), ..<_>::default() };
        Solvency {
            branches: [(BranchNo::new(1).unwrap(), branch)].into(),
            years: [(2025, YearFlow { earned: points(9), ..<_>::default() }), (2026, year)].into(),
            ..<_>::default()
        }
    }

    #[test]
    fn facts_are_said_of_the_last_year_in_both_languages() {
        let (english, chinese) = facts(&report(2, 1, 3));
        assert_eq!(
            english,
            "2 of 3 passbooks with points never asked for anything back; \
             5 of 100 points earned in 2026 were redeemed or paid for help; \
             volunteers hold 10.00 points, all free places cost 3.00"
        );
        assert_eq!(chinese.split('；').count(), 3);
    }

    #[test]
    fn a_bank_in_which_all_is_drawn_gets_no_remark() {
        assert_eq!(facts(&report(0, 20, 10)), (String::new(), String::new()));
    }
}
