//! Where the header is, and which column holds what.

use super::error::SheetError;
use super::fold;
use super::profile::{At, Column, Field, Profile};
use super::table::Record;

/// How far down a header may stand; titles and notes come above it.
pub const HEADER_ROWS_MAX: usize = 10;

/// A sheet's columns, found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<(Field, usize)>,
    /// Header texts as written, trimmed; none without a header.
    names: Vec<String>,
    /// How many columns a row has.
    pub width: usize,
    /// How many rows stand above the first data row: titles and header.
    pub head: usize,
    /// Header texts of columns that this profile does not read.
    pub unread: Vec<String>,
}

impl Layout {
    /// The column of a field, from 0.
    pub fn at(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(is, _)| *is == field).map(|(_, at)| *at)
    }

    /// The header text of a column, from 0.
    pub fn name(&self, column: usize) -> Option<&str> {
        self.names.get(column).map(String::as_str)
    }
}

/// A row that came closest to being a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) record: usize,
    pub(super) found: usize,
    pub(super) missing: Vec<String>,
}

/// What comes of looking for a profile in a sheet.
#[derive(Debug)]
pub(super) enum Found {
    Here(Layout),
    Near(Near),
}

/// Finds a profile's columns among the first rows.
pub(super) fn find(profile: &Profile, first: &[Record]) -> Result<Found, SheetError> {
    match profile.width {
        Some(width) => Ok(by_number(profile, width, first)),
        None => by_header(profile, first),
    }
}

fn by_header(profile: &Profile, first: &[Record]) -> Result<Found, SheetError> {
    let missing = profile.columns.iter().filter(|c| c.required).map(Column::label).collect();
    let mut nearest = Near { record: 0, found: 0, missing };
    for (index, record) in first.iter().take(HEADER_ROWS_MAX).enumerate() {
        let folded: Vec<_> = record.cells.iter().map(|cell| fold::header(cell)).collect();
        let near = compare(profile, &folded, index);
        if near.missing.is_empty() {
            return layout(profile, record, &folded, index).map(Found::Here);
        }
        if nearest.found < near.found {
            nearest = near;
        }
    }
    Ok(Found::Near(nearest))
}

fn compare(profile: &Profile, folded: &[String], record: usize) -> Near {
    let is_here = |at: &At| matches(at, folded).next().is_some();
    let found = profile.columns.iter().filter(|column| is_here(&column.at)).count();
    let missing = profile.columns.iter().filter(|column| column.required && !is_here(&column.at));
    Near { record, found, missing: missing.map(Column::label).collect() }
}

/// The columns, from 0, whose folded header is one of a place's texts.
fn matches<'a>(at: &At, folded: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    let wanted: Vec<String> = match at {
        At::Header(texts) => texts.iter().map(|text| fold::header(text)).collect(),
        At::Number(_) => Vec::new(),
    };
    folded.iter().enumerate().filter(move |(_, cell)| wanted.contains(cell)).map(|(at, _)| at)
}

fn layout(
    profile: &Profile,
    record: &Record,
    folded: &[String],
    index: usize,
) -> Result<Layout, SheetError> {
    let mut columns = Vec::new();
    for column in &profile.columns {
        let mut places = matches(&column.at, folded);
        let Some(place) = places.next() else { continue };
        if let Some(again) = places.next() {
            return Err(SheetError::TwoColumns {
                field: column.field.word(),
                first: place.saturating_add(1),
                second: again.saturating_add(1),
            });
        }
        columns.push((column.field, place));
    }
    let names: Vec<_> = record.cells.iter().map(|cell| fold::trim(cell).to_owned()).collect();
    let width =
        names.iter().rposition(|name| !name.is_empty()).map_or(0, |at| at.saturating_add(1));
    let is_read = |at: usize| columns.iter().any(|(_, place)| *place == at);
    let unread = names.iter().enumerate().filter(|(at, name)| {
        !name.is_empty() && !is_read(*at) && !counts_rows(&fold::header(name))
    });
    let unread = unread.map(|(_, name)| name.clone()).collect();
    Ok(Layout { columns, names, width, head: index.saturating_add(1), unread })
}

/// A column that only numbers the rows says nothing.
pub(super) fn counts_rows(folded: &str) -> bool {
    ["序号", "no", "no.", "#"].contains(&folded)
}

/// Without a header a sheet is known by its width, and by an `@` where addresses stand.
fn by_number(profile: &Profile, width: usize, first: &[Record]) -> Found {
    let layout = numbered(profile, width);
    let volunteer = layout.at(Field::Volunteer).unwrap_or(0);
    let has_address = |cell: &String| fold::half_width(cell).contains('@');
    let fits = |record: &Record| {
        record.cells.len() == width && record.cells.get(volunteer).is_some_and(has_address)
    };
    if first.iter().take(HEADER_ROWS_MAX).any(fits) {
        return Found::Here(layout);
    }
    let missing = profile.columns.iter().map(Column::label).collect();
    Found::Near(Near { record: 0, found: 0, missing })
}

/// The columns of a profile that counts them.
pub(super) fn numbered(profile: &Profile, width: usize) -> Layout {
    let place = |column: &Column| match column.at {
        At::Number(number) => Some((column.field, number.saturating_sub(1))),
        At::Header(_) => None,
    };
    let columns = profile.columns.iter().filter_map(place).collect();
    Layout { columns, names: Vec::new(), width, head: 0, unread: Vec::new() }
}
