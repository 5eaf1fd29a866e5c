//! Rows as Parquet: columns that programs count with.

use std::{fmt::Write as _, sync::Arc};

use anyhow::Context as _;
use jiff::{Unit, civil::Date};
use parquet::{
    data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type},
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::parser::parse_message_type,
};

use super::{Cell, Column, Kind};
use crate::file::NewFile;

/// Rows that are kept in memory until they are written together.
const GROUP_ROWS: usize = 65_536;
/// Hundredths with more digits do not fit into a decimal of 18.
const HUNDREDTHS_END: u64 = 1_000_000_000_000_000_000;

/// A Parquet file on its way.
pub(crate) struct Parquet {
    to: SerializedFileWriter<NewFile>,
    columns: Vec<Buffer>,
    rows: usize,
}

/// The values of a column that wait to be written, and where there is one.
struct Buffer {
    values: Values,
    there: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Long(Vec<i64>),
    Day(Vec<i32>),
}

impl Parquet {
    pub(super) fn new(file: NewFile, columns: &[Column]) -> anyhow::Result<Self> {
        let schema = Arc::new(parse_message_type(&schema(columns)?)?);
        let properties = WriterProperties::builder().set_created_by("lovebank".to_owned()).build();
        let to = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
        let columns = columns.iter().map(|it| Buffer::of(it.kind)).collect();
        Ok(Self { to, columns, rows: 0 })
    }

    pub(super) fn row(&mut self, row: &[Cell]) -> anyhow::Result<()> {
        for (buffer, cell) in self.columns.iter_mut().zip(row) {
            buffer.add(cell)?;
        }
        self.rows = self.rows.saturating_add(1);
        if self.rows < GROUP_ROWS { Ok(()) } else { self.write() }
    }

    pub(super) fn end(mut self) -> anyhow::Result<NewFile> {
        if 0 < self.rows {
            self.write()?;
        }
        Ok(self.to.into_inner()?)
    }

    fn write(&mut self) -> anyhow::Result<()> {
        let mut group = self.to.next_row_group()?;
        for buffer in &mut self.columns {
            let mut column = group.next_column()?.context("a column for each buffer")?;
            buffer.write(&mut column)?;
            column.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl std::fmt::Debug for Parquet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parquet").field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// The schema, as Parquet writes one.
fn schema(columns: &[Column]) -> Result<String, std::fmt::Error> {
    let mut schema = "message lovebank {\n".to_owned();
    for Column { name, kind } in columns {
        match kind {
            Kind::Text => writeln!(schema, "OPTIONAL BYTE_ARRAY {name} (STRING);")?,
            Kind::Whole => writeln!(schema, "OPTIONAL INT64 {name};")?,
            Kind::Points => writeln!(schema, "OPTIONAL INT64 {name} (DECIMAL(18,2));")?,
            Kind::Day => writeln!(schema, "OPTIONAL INT32 {name} (DATE);")?,
            Kind::Instant => writeln!(schema, "OPTIONAL INT64 {name} (TIMESTAMP(MICROS,true));")?,
        }
    }
    schema.push('}');
    Ok(schema)
}

impl Buffer {
    fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Whole | Kind::Points | Kind::Instant => Values::Long(Vec::new()),
            Kind::Day => Values::Day(Vec::new()),
        };
        Self { values, there: Vec::new() }
    }

    fn add(&mut self, cell: &Cell) -> anyhow::Result<()> {
        self.there.push(i16::from(*cell != Cell::Nothing));
        match (&mut self.values, cell) {
            (_, Cell::Nothing) => {}
            (Values::Text(to), Cell::Text(it)) => to.push(it.as_bytes().to_vec().into()),
            (Values::Long(to), Cell::Whole(it)) => to.push(*it),
            (Values::Long(to), Cell::Instant(it)) => to.push(it.micros()),
            (Values::Long(to), Cell::Points(it)) => {
                let hundredths = it.hundredths();
                anyhow::ensure!(
                    hundredths.unsigned_abs() < HUNDREDTHS_END,
                    "{it} points have more than the 18 digits that Parquet holds: use csv",
                );
                to.push(hundredths);
            }
            (Values::Day(to), Cell::Day(it)) => to.push(days(*it)?),
            (Values::Text(_) | Values::Long(_) | Values::Day(_), it) => {
                anyhow::bail!("{it:?} stands in a column of another kind")
            }
        }
        Ok(())
    }

    /// Writes what waits.
    fn write(&mut self, to: &mut SerializedColumnWriter<'_>) -> anyhow::Result<()> {
        let there = Some(self.there.as_slice());
        match &mut self.values {
            Values::Text(it) => {
                to.typed::<ByteArrayType>().write_batch(it, there, None)?;
                it.clear();
            }
            Values::Long(it) => {
                to.typed::<Int64Type>().write_batch(it, there, None)?;
                it.clear();
            }
            Values::Day(it) => {
                to.typed::<Int32Type>().write_batch(it, there, None)?;
                it.clear();
            }
        }
        self.there.clear();
        Ok(())
    }
}

/// Days since 1970.
fn days(date: Date) -> anyhow::Result<i32> {
    Ok(Date::constant(1970, 1, 1).until((Unit::Day, date))?.get_days())
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use lovebank_ledger::{Points, Timestamp};
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    use super::*;
    use crate::export::column;

    const COLUMNS: &[Column] = &[
        column("text", Kind::Text),
        column("whole", Kind::Whole),
        column("points", Kind::Points),
        column("day", Kind::Day),
        column("at", Kind::Instant),
    ];

    fn row(points: Points) -> Vec<Cell> {
        vec![
            Cell::Text("南湾".to_owned()),
            Cell::Whole(-90),
            Cell::Points(points),
            Cell::Day(jiff::civil::date(2026, 3, 1)),
            Cell::Instant(Timestamp::from_micros(1_772_326_800_000_001)),
        ]
    }

    /// What a reader of Parquet finds.
    fn read(rows: &[Vec<Cell>]) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.parquet");
        let mut to = Parquet::new(NewFile::create(&path).unwrap(), COLUMNS).unwrap();
        for it in rows {
            to.row(it).unwrap();
        }
        to.end().unwrap().keep().unwrap();
        let file = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        file.get_row_iter(None).unwrap().map(|it| it.unwrap().to_string()).collect()
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let nothing = vec![const { Cell::Nothing }; 5];
        let read = read(&[row(Points::from_hundredths(-150)), nothing]);
        assert_eq!(
            read,
            [
                "{text: \"南湾\", whole: -90, points: -1.50, day: 2026-03-01, \
                 at: 2026-03-01 01:00:00.000001 +00:00}",
                "{text: null, whole: null, points: null, day: null, at: null}",
            ]
        );
    }

    #[test]
    fn rows_past_a_group_begin_another() {
        let one = row(Points::ZERO);
        assert_eq!(read(&vec![one; GROUP_ROWS + 1]).len(), GROUP_ROWS + 1);
        assert!(read(&[]).is_empty());
    }

    #[test]
    fn points_have_as_many_digits_as_fit() {
        let directory = tempfile::tempdir().unwrap();
        let file = NewFile::create(&directory.path().join("a.parquet")).unwrap();
        let mut to = Parquet::new(file, COLUMNS).unwrap();
        let over = i64::try_from(HUNDREDTHS_END).unwrap();
        let most = over.saturating_sub(1);
        to.row(&row(Points::from_hundredths(most))).unwrap();
        let over = to.row(&row(Points::from_hundredths(over.saturating_neg()))).unwrap_err();
        assert!(over.to_string().contains("18 digits"), "{over}");
    }
}
