//! Telling what came of the sheets: sums, files, rows.

use serde_json::{Map, Value};

use super::Taken;
use crate::{
    cli::Format,
    fail::Fail,
    import::report::{self, Summary},
    session::Session,
    show::no_workbook,
    verb::ImportHours,
};

/// Prints what was asked for: one table after the other, or one document for programs.
pub(super) fn tell(
    session: &Session,
    it: &ImportHours,
    taken: &[Taken],
    registered: u64,
) -> Result<(), Fail> {
    let sum = Summary::of(taken.iter().flat_map(|it| &it.rows));
    let sums = taken.iter().map(|it| (it, Summary::of(&it.rows)));
    let sums: Vec<(&Taken, Summary)> = sums.collect();
    let files: Vec<(&str, Summary)> =
        sums.iter().map(|(it, sum)| (it.file.as_str(), sum.clone())).collect();
    let rows = || taken.iter().flat_map(|it| &it.rows);
    let text = match session.format {
        Format::Table => {
            let mut tables = Vec::new();
            if it.rows {
                tables.push(report::rows_csv(rows()).map_err(|err| Fail::local(&err))?);
            }
            if it.by_file {
                tables.push(report::files_table(&files));
            }
            tables.push(sum.table());
            tables.join("\n")
        }
        // A CSV has room for one kind of row: the finest that was asked for.
        Format::Csv => {
            let text = match (it.rows, it.by_file) {
                (true, _) => report::rows_csv(rows()),
                (false, true) => report::files_csv(&files),
                (false, false) => sum.csv(),
            };
            text.map_err(|err| Fail::local(&err))?
        }
        Format::Json => {
            let json = json(it, &sums, &sum, registered);
            json.and_then(|it| serde_json::to_string_pretty(&it))
                .map_err(|err| Fail::local(&err))?
        }
        Format::Xlsx => return Err(no_workbook()),
    };
    session.answer(text.as_bytes())
}

fn json(
    it: &ImportHours,
    taken: &[(&Taken, Summary)],
    sum: &Summary,
    registered: u64,
) -> Result<Value, serde_json::Error> {
    let mut object = Map::new();
    if let Value::Object(fields) = serde_json::to_value(sum)? {
        object.extend(fields);
    }
    object.insert("registered".to_owned(), registered.into());
    object.insert("committed".to_owned(), it.commit.into());
    if it.by_file {
        let file = |(it, sum): &(&Taken, Summary)| {
            let mut object = Map::new();
            object.insert("file".to_owned(), it.file.as_str().into());
            object.insert("taken_in_before".to_owned(), it.before.into());
            object.insert("columns_not_read".to_owned(), it.unread.clone().into());
            object.insert("blank_rows".to_owned(), it.blank.into());
            let rejects = it.rejects.as_ref().map(|it| it.display().to_string());
            object.insert("rejects".to_owned(), rejects.into());
            if let Value::Object(fields) = serde_json::to_value(sum)? {
                object.extend(fields);
            }
            Ok(Value::Object(object))
        };
        let files = taken.iter().map(file).collect::<Result<Vec<_>, serde_json::Error>>()?;
        object.insert("files".to_owned(), files.into());
    }
    if it.rows {
        let lines = taken.iter().flat_map(|(it, _)| &it.rows).map(serde_json::to_value);
        object.insert("lines".to_owned(), lines.collect::<Result<Vec<_>, _>>()?.into());
    }
    Ok(Value::Object(object))
}
