//! The statement (对账单) of one volunteer: every line of the passbook, the oldest first.

use jiff::civil::Date;
use lovebank_ledger::Points;
use lovebank_wire::{scalar, v1};

use super::{Cell, Column, Kind, column};
use crate::{fail::Fail, words::word};

/// Its columns.
pub(crate) const STATEMENT: &[Column] = &[
    column("passbook_no", Kind::Whole),
    column("line_no", Kind::Whole),
    column("seq", Kind::Whole),
    column("recorded_at", Kind::Instant),
    column("service_date", Kind::Day),
    column("kind", Kind::Text),
    column("activity", Kind::Text),
    column("reward", Kind::Text),
    column("branch_code", Kind::Text),
    column("counterparty_passbook_no", Kind::Whole),
    column("about", Kind::Text),
    column("about_no", Kind::Whole),
    column("minutes", Kind::Whole),
    column("minutes_after", Kind::Whole),
    column("points", Kind::Points),
    column("points_after", Kind::Points),
];

/// A line of it, as the bank answers one.
pub(crate) fn statement(passbook_no: u64, it: &v1::PassbookLine) -> Result<Vec<Cell>, Fail> {
    let recorded = it.recorded_at.ok_or_else(|| Fail::incomplete("recorded_at"))?;
    let recorded = scalar::timestamp("recorded_at", &recorded).map_err(|err| Fail::local(&err))?;
    let (about, about_no) = about(it);
    Ok(vec![
        Cell::number(passbook_no),
        Cell::number(it.line_no),
        Cell::number(it.seq),
        Cell::Instant(recorded),
        Cell::maybe(it.service_date.as_ref().map(day).transpose()?, Cell::Day),
        Cell::maybe(word::<v1::LineKind>(it.kind), Cell::Text),
        Cell::text(&it.activity_name),
        Cell::text(&it.reward_name),
        Cell::text(&it.branch_code),
        numbered(it.counterparty_passbook_no),
        about,
        about_no,
        Cell::Whole(it.minutes),
        Cell::Whole(it.minutes_after),
        Cell::Points(points("points", it.points.as_ref())?),
        Cell::Points(points("points_after", it.points_after.as_ref())?),
    ])
}

/// A number, or nothing where it is 0, which says that there is none.
fn numbered(it: u64) -> Cell {
    if it == 0 { Cell::Nothing } else { Cell::number(it) }
}

fn about(it: &v1::PassbookLine) -> (Cell, Cell) {
    let known = [
        ("record", it.record_no),
        ("redemption", it.redemption_no),
        ("gift", it.gift_no),
        ("draw", it.draw_no),
        ("help", it.help_no),
        ("honour", it.honour_no),
        ("merge", it.merge_no),
    ];
    let found = known.into_iter().find(|(_, no)| *no != 0);
    found.map_or((Cell::Nothing, Cell::Nothing), |(word, no)| (Cell::text(word), Cell::number(no)))
}

fn day(it: &v1::Date) -> Result<Date, Fail> {
    scalar::date("service_date", it).map_err(|err| Fail::local(&err))
}

fn points(field: &'static str, it: Option<&v1::Decimal>) -> Result<Points, Fail> {
    let it = it.ok_or_else(|| Fail::incomplete(field))?;
    scalar::points(field, it).map_err(|err| Fail::local(&err))
}
