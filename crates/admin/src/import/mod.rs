//! Sheets of hours to rows: bytes → text → cells → [`Row`] or [`MalformedRow`], and back to a
//! file that can be mended and sent again.
//!
//! Everything here is pure: no network, no clock, no files. What a row means for the bank is
//! decided by the server.

pub mod civil;
pub mod decode;
pub mod error;
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

use decode::Encoding;
use error::SheetError;
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
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, as the caller gave it.
    pub file: String,
    /// What it was written in.
    pub encoding: Encoding,
    /// What stands between its cells.
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
    let decode::Text { text, encoding } = decode::decode(bytes)?;
    let (profile, layout, delimiter) = pick(&text, choice)?;
    let activity = options.activity.as_deref().map(fold::trim).filter(|name| !name.is_empty());
    if layout.at(Field::Activity).is_none() && activity.is_none() {
        return Err(SheetError::ActivityNeeded);
    }
    let mut records = table::rows(&text, delimiter)?.into_iter();
    let head = records.by_ref().take(layout.head).map(|record| record.cells).collect();
    let reader = RowReader { file, profile: &profile, layout: &layout, activity };
    let mut blank: usize = 0;
    let mut lines = Vec::new();
    for record in records {
        if profile.width.is_none() && is_blank(&record) {
            blank = blank.saturating_add(1);
        } else {
            lines.push(reader.read(record));
        }
    }
    let (file, unread) = (file.to_owned(), layout.unread);
    Ok(Sheet { file, encoding, delimiter, profile, head, unread, blank, lines })
}

/// Spreadsheets pad a sheet with rows of bare commas. Without a header there is no telling
/// padding from a row whose cells were lost, so those are reported.
fn is_blank(record: &Record) -> bool {
    record.cells.iter().all(|cell| fold::trim(cell).is_empty())
}

/// The profile and the delimiter under which the file's first rows make sense.
fn pick(text: &str, choice: &Choice) -> Result<(Profile, Layout, u8), SheetError> {
    let views = DELIMITERS.map(|d| (d, table::first_rows(text, d, HEADER_ROWS_MAX)));
    if views.iter().all(|(_, first)| first.is_empty()) {
        return Err(SheetError::Empty);
    }
    let profiles = match choice {
        Choice::Auto => Profile::NAMES.into_iter().filter_map(Profile::by_name).collect(),
        Choice::Profile(profile) => match profile.width {
            Some(width) => return Ok(counted(profile, width, &views)),
            None => vec![profile.clone()],
        },
    };
    let mut misses = Vec::new();
    for profile in &profiles {
        for (delimiter, first) in &views {
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
