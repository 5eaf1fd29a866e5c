//! `HoursService`: imported sheets.

use lovebank_ledger::{
    ActivityName, Category, Command, ImportHours, ImportPart, ImportRow, Minutes, Place, RowService,
};

use super::{Resolve, branch_code, service::day_minutes, volunteer};
use crate::{
    Fault, Malformed, Parsed, both, each,
    scalar::{self, given, optional_text, text},
    v1,
};

/// A part of an import, under its header.
pub fn import_hours(
    header: &v1::ImportHeader,
    part: &v1::ImportPart,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let span = header.span.as_ref().map(|it| scalar::span("span", it)).transpose();
    let whose = both(
        scalar::batch_key("batch_key", &header.batch_key),
        branch_code("branch_code", &header.branch_code),
    );
    let file = match header.file_digest.as_slice() {
        [] => Ok(None),
        it => scalar::file_digest("file_digest", it).map(Some),
    };
    let head = both(whose, both(span, file)).map_err(|err| err.within("header"));
    let rows = scalar::batch("rows", &part.rows);
    let rows = rows.and_then(|rows| each("rows", rows, |it| row(it, resolve)));
    let rows = rows.and_then(in_order);
    let (((batch, branch), (span, file)), rows) =
        both(head, rows.map_err(|err| err.within("part")))?;
    let part = ImportPart { batch, part: part.part, last: part.last, file };
    let opening = header.opening;
    Ok(Command::ImportHours(ImportHours { part, branch, opening, span, rows }))
}

/// Rows come as they stand in the file: of two about one thing the later one counts.
fn in_order(rows: Vec<ImportRow>) -> Parsed<Vec<ImportRow>> {
    let fallen = rows.iter().zip(rows.iter().skip(1)).find(|(one, next)| next.line <= one.line);
    match fallen {
        Some((one, next)) => {
            let (one, next) = (one.line, next.line);
            let english =
                format!("line {next} comes after line {one}: give rows as they stand in the file");
            let chinese = format!("第{next}行排在第{one}行之后：请按文件中的顺序给出各行");
            Err(Malformed::new("rows", Fault::Other { english, chinese }))
        }
        None => Ok(rows),
    }
}

fn row(it: &v1::ImportRow, resolve: Resolve<'_>) -> Parsed<ImportRow> {
    let who = both(line(it.line), volunteer("volunteer_number", &it.volunteer_number, resolve));
    let category = optional_text("category", &it.category, Category::new);
    let what = both(
        text("activity", &it.activity, ActivityName::new),
        both(category, optional_text("place", &it.place, Place::new)),
    );
    let ((line, volunteer), ((name, (category, place)), service)) =
        both(who, both(what, service(it)))?;
    Ok(ImportRow { line, volunteer, name, category, place, service })
}

fn line(no: u32) -> Parsed<u32> {
    let out_of_range = Fault::OutOfRange { least: 1, most: i64::from(u32::MAX) };
    if no == 0 { Err(Malformed::new("line", out_of_range)) } else { Ok(no) }
}

fn service(it: &v1::ImportRow) -> Parsed<RowService> {
    use v1::import_row::Time;
    match given("time", it.time.as_ref())? {
        Time::Interval(it) => scalar::interval("interval", it).map(RowService::Interval),
        Time::Day(it) => day_minutes(it, -1440).map(|(date, it)| RowService::Day(date, it)),
        Time::TotalMinutes(minutes) => Ok(RowService::Total(Minutes::new(*minutes))),
    }
}

/// `UndoImport`.
pub fn undo_import(it: &v1::UndoImportRequest) -> Parsed<Command> {
    let batch = scalar::batch_key("batch_key", &it.batch_key)?;
    Ok(Command::UndoImport { batch, debts: it.book_debts })
}

/// How batches must stand that are asked for; none: anyhow.
pub fn import_state(field: &str, value: i32) -> Parsed<Option<v1::ImportState>> {
    match v1::ImportState::try_from(value) {
        Ok(v1::ImportState::Unspecified) => Ok(None),
        Ok(state) => Ok(Some(state)),
        Err(_) => Err(Malformed::new(field, Fault::NotAnOption)),
    }
}
