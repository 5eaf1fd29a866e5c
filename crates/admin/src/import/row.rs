//! Rows: what one line of a sheet says, or why it says nothing.

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};
use lovebank_ledger::{ActivityName, Category, Place};

use super::civil::{DateForm, date, day_of, interval, time};
use super::fault::Fault;
use super::fold;
use super::header::Layout;
use super::profile::{Field, Profile};
use super::sheet::{hours, volunteer};
use super::table::{CELL_BYTES_MAX, Flaw, Record};

/// One service of one volunteer, as a sheet tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The file it stands in.
    pub file: String,
    /// The line of the file it starts on, from 1.
    pub line: usize,
    /// Who served: as written, without blanks around it and in half width; addresses in lower
    /// case.
    pub volunteer: String,
    /// 姓名, to compare with the register.
    pub name: Option<String>,
    /// At what.
    pub activity: String,
    /// Of which kind.
    pub category: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// When and how long.
    pub time: RowTime,
    /// Who wrote it down.
    pub recorder: Option<String>,
    /// Who vouches for it.
    pub attestor: Option<String>,
    /// The cells exactly as they stand in the file.
    pub raw: Vec<String>,
}

/// When a service was, as far as the sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowTime {
    /// From check-in to check-out, always more than nothing.
    Interval {
        /// The day the sheet names.
        date: Date,
        /// Check-in.
        start: DateTime,
        /// Check-out, on the next day where it is past midnight.
        end: DateTime,
        /// Minutes between them.
        minutes: i64,
    },
    /// A day's total; negative is a deduction.
    Day {
        /// The day.
        date: Date,
        /// How long.
        minutes: i64,
    },
    /// A total without a day; negative is a deduction, zero takes back what was there.
    Total {
        /// How long.
        minutes: i64,
    },
}

impl RowTime {
    /// How long.
    pub fn minutes(&self) -> i64 {
        match self {
            Self::Interval { minutes, .. }
            | Self::Day { minutes, .. }
            | Self::Total { minutes } => *minutes,
        }
    }
}

/// A row that is not understood, and where and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedRow {
    /// The file it stands in.
    pub file: String,
    /// The line of the file it starts on, from 1.
    pub line: usize,
    /// The cell at fault, from 1; none when it is the row as a whole.
    pub column: Option<usize>,
    /// The header text above that cell.
    pub header: Option<String>,
    /// What stands in that cell.
    pub value: String,
    /// What is wrong, with its code and its sentences.
    pub fault: Fault,
    /// The cells exactly as they stand in the file.
    pub raw: Vec<String>,
}

/// A row either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Understood.
    Row(Row),
    /// Not understood.
    Malformed(MalformedRow),
}

/// Reads the rows of one sheet.
#[derive(Clone, Copy)]
pub(super) struct RowReader<'a> {
    pub(super) file: &'a str,
    pub(super) profile: &'a Profile,
    pub(super) layout: &'a Layout,
    /// For sheets and cells that name none.
    pub(super) activity: Option<&'a str>,
    /// That of the bank, for instants.
    pub(super) zone: &'a TimeZone,
}

/// The most minutes of a day, either side of zero.
pub const DAY_MINUTES_MAX: i64 = 1440;
/// The most characters of a name of a person.
pub const NAME_CHARS_MAX: usize = 64;

/// The most characters that the bank takes.
fn most_chars(field: Field) -> usize {
    match field {
        Field::Activity => ActivityName::MAX,
        Field::Category => Category::MAX,
        Field::Place => Place::MAX,
        Field::Name | Field::Recorder | Field::Attestor => NAME_CHARS_MAX,
        Field::Volunteer
        | Field::Date
        | Field::Start
        | Field::End
        | Field::Hours
        | Field::State => usize::MAX,
    }
}

/// A fault and the column, from 0, it is in.
type Blame = (Option<usize>, Fault);

/// As many cells as columns, none too long, none damaged. Empty cells past the last column are a
/// spreadsheet's padding.
pub(super) fn check_shape(cells: &[String], expected: usize) -> Result<(), Blame> {
    let seen = cells.len();
    let past = cells.get(expected..).unwrap_or_default();
    if seen < expected || past.iter().any(|cell| !fold::trim(cell).is_empty()) {
        return Err((None, Fault::ColumnCount { expected, seen }));
    }
    if let Some(at) = cells.iter().position(|cell| CELL_BYTES_MAX < cell.len()) {
        return Err((Some(at), Fault::CellTooLong));
    }
    match cells.iter().position(|cell| cell.contains('\u{fffd}')) {
        Some(at) => Err((Some(at), Fault::CellGarbled)),
        None => Ok(()),
    }
}

/// A number where a name should stand: whether digits are lost, or only zeros before them.
pub(super) fn quantity(record: &Record, at: usize) -> Fault {
    let whole = record.cells.get(at).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    if whole { Fault::NumberIsQuantity } else { Fault::NumberDestroyed }
}

/// An error that is read, or a number that should be a name.
pub(super) fn check_flaws(
    profile: &Profile,
    layout: &Layout,
    record: &Record,
) -> Result<(), Blame> {
    let read = |at: usize| profile.columns.iter().any(|it| layout.at(it.field) == Some(at));
    let mut errors = record.flaws.iter().filter(|it| it.1 == Flaw::Error);
    if let Some((at, _)) = errors.find(|it| read(it.0)) {
        return Err((Some(*at), Fault::CellError));
    }
    match layout.at(Field::Volunteer) {
        Some(at) if record.has(at, Flaw::Quantity) => Err((Some(at), quantity(record, at))),
        _ => Ok(()),
    }
}

impl RowReader<'_> {
    pub(super) fn read(self, record: Record) -> Line {
        match self.row(&record) {
            Ok(row) => Line::Row(Row { raw: record.cells, ..row }),
            Err((column, fault)) => Line::Malformed(self.malformed(record, column, fault)),
        }
    }

    fn malformed(self, record: Record, column: Option<usize>, fault: Fault) -> MalformedRow {
        let cell = column.and_then(|at| record.cells.get(at));
        MalformedRow {
            file: self.file.to_owned(),
            line: record.line,
            column: column.map(|at| at.saturating_add(1)),
            header: column.and_then(|at| self.layout.name(at)).map(str::to_owned),
            value: cell.map(|cell| fold::trim(cell).to_owned()).unwrap_or_default(),
            fault,
            raw: record.cells,
        }
    }

    fn row(self, record: &Record) -> Result<Row, Blame> {
        let cells = record.cells.as_slice();
        check_shape(cells, self.layout.width)?;
        check_flaws(self.profile, self.layout, record)?;
        self.check_state(cells)?;
        let form = self.profile.volunteer;
        let volunteer = self.cell(cells, Field::Volunteer, |cell| volunteer(cell, form))?;
        let activity = self.activity(cells)?;
        Ok(Row {
            file: self.file.to_owned(),
            line: record.line,
            volunteer,
            name: self.text(cells, Field::Name)?,
            activity,
            category: self.text(cells, Field::Category)?,
            place: self.text(cells, Field::Place)?,
            time: self.time(cells)?,
            recorder: self.text(cells, Field::Recorder)?,
            attestor: self.text(cells, Field::Attestor)?,
            raw: Vec::new(),
        })
    }

    fn check_state(self, cells: &[String]) -> Result<(), Blame> {
        let Some(counted) = self.profile.counted else { return Ok(()) };
        self.cell(cells, Field::State, |cell| {
            let counts = fold::trim(cell).eq_ignore_ascii_case(counted);
            if counts { Ok(()) } else { Err(Fault::NotCounted { counted }) }
        })
    }

    fn cell<T>(
        self,
        cells: &[String],
        field: Field,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<T, Blame> {
        let at = self.layout.at(field);
        let cell = at.and_then(|at| cells.get(at)).map_or("", String::as_str);
        read(cell).map_err(|fault| (at, fault))
    }

    /// A text within the bank's bounds; a row past them would fail the whole part it is sent in.
    fn text(self, cells: &[String], field: Field) -> Result<Option<String>, Blame> {
        let Some(at) = self.layout.at(field) else { return Ok(None) };
        let cell = cells.get(at).map(|cell| fold::one_line(cell)).unwrap_or_default();
        if most_chars(field) < cell.chars().count() {
            return Err((Some(at), Fault::TextTooLong { most: most_chars(field) }));
        }
        if cell.contains(char::is_control) {
            return Err((Some(at), Fault::TextControl));
        }
        Ok((!cell.is_empty()).then_some(cell))
    }

    fn activity(self, cells: &[String]) -> Result<String, Blame> {
        let given = || self.activity.map(str::to_owned);
        let missing = (self.layout.at(Field::Activity), Fault::ActivityMissing);
        self.text(cells, Field::Activity)?.or_else(given).ok_or(missing)
    }

    fn day(self, cell: &str) -> Result<Date, Fault> {
        let instant = self.profile.dates.contains(&DateForm::Instant);
        let day = instant.then(|| day_of(cell, self.zone)).flatten();
        day.map_or_else(|| date(cell, &self.profile.dates), Ok)
    }

    fn time(self, cells: &[String]) -> Result<RowTime, Blame> {
        let day = |cell: &str| self.day(cell);
        if self.layout.at(Field::Start).is_some() {
            let date = self.cell(cells, Field::Date, day)?;
            return self.interval(cells, date);
        }
        let date = match self.layout.at(Field::Date) {
            Some(_) => Some(self.cell(cells, Field::Date, day)?),
            None => None,
        };
        let minutes =
            self.cell(cells, Field::Hours, |cell| hours(cell, self.profile.hours))?.minutes();
        match date {
            Some(_) if DAY_MINUTES_MAX < minutes.saturating_abs() => {
                Err((self.layout.at(Field::Hours), Fault::DayTooLong { most: DAY_MINUTES_MAX }))
            }
            Some(date) => Ok(RowTime::Day { date, minutes }),
            None => Ok(RowTime::Total { minutes }),
        }
    }

    /// The times count. Hours beside them, where filled in, must agree at their own precision.
    fn interval(self, cells: &[String], date: Date) -> Result<RowTime, Blame> {
        let start = self.cell(cells, Field::Start, time)?;
        let end = self.cell(cells, Field::End, time)?;
        let stated =
            self.cell(cells, Field::Hours, |cell| match hours(cell, self.profile.hours) {
                Ok(stated) => Ok(Some(stated)),
                Err(Fault::HoursMissing) => Ok(None),
                Err(fault) => Err(fault),
            })?;
        let (start, end, minutes) =
            self.cell(cells, Field::Date, |_| interval(date, start, end))?;
        if let Some(stated) = stated.filter(|stated| stated.minutes() != 0 || minutes != 0)
            && (minutes == 0 || !stated.agrees_with(minutes))
        {
            let fault = Fault::HoursConflict { times: minutes, stated: stated.minutes() };
            return Err((self.layout.at(Field::Hours), fault));
        }
        if minutes == 0 {
            return Err((self.layout.at(Field::End), Fault::ZeroMinutes));
        }
        Ok(RowTime::Interval { date, start, end, minutes })
    }
}
