//! Whether hours were recorded in time.

use jiff::civil::Date;
use lovebank_ledger::{
    ActivityDeadline, BranchNo, Days, Ledger, Timeliness, activity_deadlines, deadlines_by_branch,
};
use lovebank_wire::{kinds, message, scalar, v1};
use tonic::Status;

use super::{
    branch::{may_read, within},
    door::{Caller, read_seq},
    parts::{Stream, in_parts},
    register::today,
    status::unreadable,
};

/// A row of the answer.
enum Row {
    Branch(v1::BranchDeadlines),
    Activity(v1::ActivityDeadline),
}

pub(super) async fn deadlines(
    caller: Caller,
    asked: &v1::ListActivityDeadlinesRequest,
) -> Result<Stream<v1::ListActivityDeadlinesResponse>, Status> {
    let from = scalar::optional_date("from", asked.from.as_ref())?;
    let until = scalar::optional_date("until", asked.until.as_ref())?;
    let days = Days { from: from.unwrap_or(Date::MIN), until: until.unwrap_or(Date::MAX) };
    let wanted = match asked.timeliness {
        0 => None,
        it => Some(kinds::timeliness("timeliness", it)?),
    };
    let today = today(&caller);
    let top = {
        let ledger = caller.bank.reader.ledger();
        let top = within(&ledger, &asked.branch_code)?;
        may_read(&caller, &ledger, top)?;
        top
    };
    let (bank, asked) = (caller.bank.clone(), (top, days, today));
    // Every record is looked at, which takes a while, and blocks.
    let found = tokio::task::spawn_blocking(move || {
        let ledger = bank.reader.ledger();
        (read_seq(&ledger), rows(&ledger, asked, wanted))
    });
    let (read_seq, rows) = found.await.map_err(|err| unreadable(&err))?;
    let today = scalar::to_date(today);
    Ok(in_parts(rows, move |rows| async move {
        let mut answer = v1::ListActivityDeadlinesResponse {
            read_seq,
            today: Some(today),
            branches: Vec::new(),
            activities: Vec::new(),
        };
        for row in rows {
            match row {
                Row::Branch(it) => answer.branches.push(it),
                Row::Activity(it) => answer.activities.push(it),
            }
        }
        Ok(answer)
    }))
}

fn rows(
    ledger: &Ledger<'_>,
    (top, days, today): (Option<BranchNo>, Days, Date),
    wanted: Option<Timeliness>,
) -> Vec<Row> {
    let found = activity_deadlines(ledger, top, days, today);
    let of_branch = deadlines_by_branch(&found).into_iter().map(|(no, it)| {
        Row::Branch(v1::BranchDeadlines {
            branch_code: message::branch_code(ledger, no),
            due: it.due,
            in_time: it.in_time,
            late: it.late,
            overdue: it.overdue,
        })
    });
    let activities = found.iter().filter(|it| is_wanted(it, wanted));
    let activities = activities.map(|it| Row::Activity(message::activity_deadline(ledger, it)));
    of_branch.chain(activities).collect()
}

fn is_wanted(it: &ActivityDeadline, wanted: Option<Timeliness>) -> bool {
    match wanted {
        Some(wanted) => it.timeliness == wanted,
        None => matches!(it.timeliness, Timeliness::Overdue | Timeliness::Late),
    }
}
