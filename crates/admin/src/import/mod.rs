//! Sheets of hours to rows: bytes → text → cells → [`Row`] or [`MalformedRow`], and back to a
//! file that can be mended and sent again.
//!
//! Everything here is pure: no network, no clock, no files. What a row means for the bank is
//! decided by the server.

pub mod attendance;
pub mod civil;
pub mod compare;
pub mod decode;
pub mod error;
mod exports;
pub mod fault;
pub mod fold;
pub mod header;
pub mod list;
pub mod mapping;
pub mod profile;
pub mod reject;
pub mod report;
pub mod row;
pub mod sheet;
pub mod table;
pub mod verdict;
pub mod workbook;

use std::collections::HashMap;

use jiff::tz::TimeZone;

use civil::DateForm;
use decode::Encoding;
use error::SheetError;
use fault::Fault;
use header::{Found, HEADER_ROWS_MAX, Layout, Near};
use profile::{Field, Profile};
use row::RowReader;
use table::{DELIMITERS, Record};

pub use row::{Line, MalformedRow, Row, RowTime};

/// Which profile a file is read by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The first of [`Profile::NAMES`] that the file looks like.
    Auto,
    /// This one.
    Profile(Profile),
}

/// What the caller knows and the sheet may not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The activity of rows that name none.
    pub activity: Option<String>,
    /// The sheet of a workbook, by its name or number; none: the only one.
    pub sheet: Option<String>,
    /// The bank's zone, for days that are told as instants; none: UTC.
    pub zone: Option<TimeZone>,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, as the caller gave it.
    pub file: String,
    /// What it was written in; of a workbook, what its rejects are written in.
    pub encoding: Encoding,
    /// What stands between its cells; of a workbook, between those of its rejects.
    pub delimiter: u8,
    /// The profile it was read by.
    pub profile: Profile,
    /// Titles and header, exactly.
    pub head: Vec<Vec<String>>,
    /// Header texts of columns that were not read.
    pub unread: Vec<String>,
    /// Rows of empty cells passed over below a header.
    pub blank: usize,
    /// Its rows, in the order of the file.
    pub lines: Vec<Line>,
}

impl Sheet {
    /// The rows that were understood.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.lines.iter().filter_map(|line| match line {
            Line::Row(row) => Some(row),
            Line::Malformed(_) => None,
        })
    }

    /// The rows that were not.
    pub fn malformed(&self) -> impl Iterator<Item = &MalformedRow> {
        self.lines.iter().filter_map(|line| match line {
            Line::Malformed(row) => Some(row),
            Line::Row(_) => None,
        })
    }
}

/// Reads a file. A bad row becomes [`Line::Malformed`]; an error means that nothing was read.
pub fn read(
    file: &str,
    bytes: &[u8],
    choice: &Choice,
    options: &Options,
) -> Result<Sheet, SheetError> {
    let source = Source::open(bytes, options.sheet.as_deref())?;
    let encoding = source.encoding();
    let (mut profile, layout, delimiter) = pick(&source.views(), choice)?;
    if source.is_workbook() && !profile.dates.contains(&DateForm::Dash) {
        // So the days are told that Excel knows as such.
        profile.dates.push(DateForm::Dash);
    }
    let activity = options.activity.as_deref().map(fold::trim).filter(|name| !name.is_empty());
    if layout.at(Field::Activity).is_none() && activity.is_none() {
        return Err(SheetError::ActivityNeeded);
    }
    let mut records = source.rows(delimiter, layout.width)?.into_iter();
    let head = records.by_ref().take(layout.head).map(|record| record.cells).collect();
    let zone = options.zone.clone().unwrap_or(TimeZone::UTC);
    let reader = RowReader { file, profile: &profile, layout: &layout, activity, zone: &zone };
    let mut blank: usize = 0;
    let mut lines = Vec::new();
    for record in records {
        if profile.width.is_none() && is_blank(&record) {
            blank = blank.saturating_add(1);
        } else {
            lines.push(reader.read(record));
        }
    }
    if profile.once {
        tell_apart(&mut lines);
    }
    let (file, unread) = (file.to_owned(), layout.unread);
    Ok(Sheet { file, encoding, delimiter, profile, head, unread, blank, lines })
}

/// Refuses what would be taken for a correction of an earlier row, and is none.
fn tell_apart(lines: &mut [Line]) {
    let mut seen = HashMap::new();
    for line in lines {
        let Line::Row(row) = line else { continue };
        let RowTime::Day { date, .. } = row.time else { continue };
        let first = seen.entry((row.volunteer.clone(), row.activity.clone(), date));
        let first = *first.or_insert(row.line);
        if first != row.line {
            *line = Line::Malformed(MalformedRow {
                file: row.file.clone(),
                line: row.line,
                column: None,
                header: None,
                value: String::new(),
                fault: Fault::SameDayAgain { line: first },
                raw: std::mem::take(&mut row.raw),
            });
        }
    }
}

/// Spreadsheets pad a sheet with rows of bare commas. Without a header there is no telling
/// padding from a row whose cells were lost, so those are reported.
fn is_blank(record: &Record) -> bool {
    record.cells.iter().all(|cell| fold::trim(cell).is_empty())
}

/// What a file turned out to be.
enum Source {
    Text(decode::Text),
    Workbook(Vec<Record>),
}

impl Source {
    fn open(bytes: &[u8], sheet: Option<&str>) -> Result<Self, SheetError> {
        match (workbook::kind(bytes), sheet) {
            (Some(kind), sheet) => workbook::rows(bytes, kind, sheet).map(Self::Workbook),
            (None, Some(_)) => Err(SheetError::NoSheets),
            (None, None) => decode::decode(bytes).map(Self::Text),
        }
    }

    fn is_workbook(&self) -> bool {
        matches!(self, Self::Workbook(_))
    }

    fn encoding(&self) -> Encoding {
        match self {
            Self::Text(it) => it.encoding,
            Self::Workbook(_) => Encoding::Utf8,
        }
    }

    /// The first rows, by what may stand between their cells.
    fn views(&self) -> Vec<(u8, Vec<Record>)> {
        match self {
            Self::Text(it) => {
                let first = |d| (d, table::first_rows(&it.text, d, HEADER_ROWS_MAX));
                DELIMITERS.map(first).into()
            }
            Self::Workbook(rows) => {
                let first = rows.iter().take(HEADER_ROWS_MAX).cloned().collect();
                vec![(b',', first)]
            }
        }
    }

    /// Every row. A workbook does not say where a row of it ends.
    fn rows(self, delimiter: u8, width: usize) -> Result<Vec<Record>, SheetError> {
        match self {
            Self::Text(it) => table::rows(&it.text, delimiter),
            Self::Workbook(mut rows) => {
                for row in &mut rows {
                    row.cells.resize(row.cells.len().max(width), String::new());
                }
                Ok(rows)
            }
        }
    }
}

/// The profile and the delimiter under which the file's first rows make sense.
fn pick(views: &[(u8, Vec<Record>)], choice: &Choice) -> Result<(Profile, Layout, u8), SheetError> {
    if views.iter().all(|(_, first)| first.is_empty()) {
        return Err(SheetError::Empty);
    }
    let profiles = match choice {
        Choice::Auto => Profile::NAMES.into_iter().filter_map(Profile::by_name).collect(),
        Choice::Profile(profile) => match profile.width {
            Some(width) => return Ok(counted(profile, width, views)),
            None => vec![profile.clone()],
        },
    };
    let mut misses = Vec::new();
    for profile in &profiles {
        for (delimiter, first) in views {
            match header::find(profile, first)? {
                Found::Here(layout) => return Ok((profile.clone(), layout, *delimiter)),
                Found::Near(near) => misses.push(Miss { profile, first, near }),
            }
        }
    }
    Err(unknown(&profiles, &misses))
}

/// A profile without a header that the caller names is never doubted; only the delimiter is
/// looked for.
fn counted(profile: &Profile, width: usize, views: &[(u8, Vec<Record>)]) -> (Profile, Layout, u8) {
    let fits = |first: &Vec<Record>| first.iter().any(|record| record.cells.len() == width);
    let delimiter = views.iter().find(|(_, first)| fits(first)).map_or(b',', |(d, _)| *d);
    (profile.clone(), header::numbered(profile, width), delimiter)
}

/// One profile and one delimiter that did not fit.
struct Miss<'a> {
    profile: &'a Profile,
    first: &'a [Record],
    near: Near,
}

/// Says what was seen, and what each profile would have needed.
fn unknown(profiles: &[Profile], misses: &[Miss<'_>]) -> SheetError {
    let nearest = |of: &dyn Fn(&Miss<'_>) -> bool| {
        misses.iter().rev().filter(|miss| of(miss)).max_by_key(|miss| miss.near.found)
    };
    let closest = nearest(&|_| true).and_then(|miss| miss.first.get(miss.near.record));
    let lacking = profiles.iter().map(|profile| {
        let miss = nearest(&|miss| miss.profile == profile);
        let missing = miss.map(|miss| miss.near.missing.join(", ")).unwrap_or_default();
        format!("{} lacks {missing}", profile.name)
    });
    SheetError::NoHeader {
        line: closest.map_or(1, |record| record.line),
        seen: closest.map(|record| record.cells.clone()).unwrap_or_default(),
        profiles: lacking.collect(),
    }
}
