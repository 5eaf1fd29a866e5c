//! Reading all files, and saying what will be sent, before anything is.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use jiff::{civil::Date, tz::TimeZone};
use lovebank_ledger::ActivityName;
use lovebank_wire::{scalar, v1};
use sha2::{Digest as _, Sha256};

use crate::{
    fail::Fail,
    import::{
        self, Choice, Line, MalformedRow, Options, Row, RowTime, Sheet,
        fault::Fault,
        list::{Column, List},
        profile::Profile,
    },
    session::Session,
    verb::ImportHours,
    when::instant,
};

/// Rows of a part.
const PART: usize = 1000;

/// A file, read and ready to be sent.
#[derive(Debug)]
pub(super) struct Plan {
    /// How it is told from the others.
    pub(super) label: String,
    /// What its files of rejects are called, before their endings.
    pub(super) stem: String,
    pub(super) sheet: Sheet,
    pub(super) header: v1::ImportHeader,
    pub(super) parts: Vec<v1::ImportPart>,
}

/// How the files are read, beside themselves.
struct Reading<'a> {
    it: &'a ImportHours,
    session: &'a Session,
    choice: Choice,
    /// The text of the mapping file: a changed one makes another batch.
    mapping: Option<String>,
    dates: HashMap<String, Date>,
}

/// Reads every file.
pub(super) fn plans(session: &Session, it: &ImportHours) -> Result<Vec<Plan>, Fail> {
    if let Some(activity) = &it.activity {
        ActivityName::new(activity).map_err(|err| {
            let chinese = format!("--activity：1 至 {} 个可见字符", ActivityName::MAX);
            Fail::usage(format!("--activity: {err}"), chinese)
        })?;
    }
    let mapping = it.map.as_deref().map(text).transpose()?;
    let reading = Reading {
        it,
        session,
        choice: choice(it, mapping.as_deref())?,
        mapping,
        dates: it.dates.as_deref().map(dates).transpose()?.unwrap_or_default(),
    };
    let (mut stems, mut batches) = (HashSet::new(), HashMap::new());
    let mut plans = Vec::new();
    for path in &it.files {
        let plan = reading.plan(path, &mut stems)?;
        if let Some(first) = batches.insert(plan.header.batch_key.clone(), path) {
            return Err(twice(first, path));
        }
        plans.push(plan);
    }
    Ok(plans)
}

/// Its rows would be counted twice, though they are recorded once.
fn twice(first: &Path, again: &Path) -> Fail {
    let (first, again) = (first.display(), again.display());
    Fail::usage(
        format!("{first} and {again} are the same sheet: give it once"),
        format!("{first} 与 {again} 是同一张表：请只给一次"),
    )
}

fn text(path: &Path) -> Result<String, Fail> {
    fs::read_to_string(path).map_err(|err| Fail::file(path, &err))
}

fn choice(it: &ImportHours, mapping: Option<&str>) -> Result<Choice, Fail> {
    if let (Some(path), Some(text)) = (&it.map, mapping) {
        let profile = Profile::from_toml(text).map_err(|err| {
            let path = path.display();
            Fail::error(format!("{path}: {err}"), format!("{path}：{}", err.chinese()))
        })?;
        return Ok(Choice::Profile(profile));
    }
    if it.profile == "auto" {
        return Ok(Choice::Auto);
    }
    let (name, names) = (&it.profile, Profile::NAMES.join(", "));
    Profile::by_name(name).map(Choice::Profile).ok_or_else(|| {
        Fail::usage(
            format!("--profile {name}: there is none; give auto, {names}, or --map FILE"),
            format!("--profile {name}：没有此表样；可用 auto, {names}，或用 --map 文件"),
        )
    })
}

/// The columns of a list of last days.
const DATES: [Column; 2] =
    [("file", &["file", "文件"]), ("uploaded_on", &["uploaded_on", "上传日期"])];

/// The last day of each file.
fn dates(path: &Path) -> Result<HashMap<String, Date>, Fail> {
    let bytes = Fail::reading(path)?;
    let list = List::read(&bytes, &DATES).map_err(|err| Fail::sheet(&path.display(), &err))?;
    let row = |row| {
        let (file, day) = (list.cell(row, "file"), list.cell(row, "uploaded_on"));
        let day = crate::when::date(day).map_err(|err| {
            let (path, line) = (path.display(), row.line);
            Fail::error(
                format!("{path}: line {line}: {file}: {day:?}: {err}"),
                format!("{path}：第 {line} 行：{file}：“{day}”不是日期，请写成 2026-03-01"),
            )
        })?;
        Ok((file.to_owned(), day))
    };
    list.rows.iter().map(row).collect()
}

impl Reading<'_> {
    fn plan(&self, path: &Path, stems: &mut HashSet<String>) -> Result<Plan, Fail> {
        let bytes = Fail::reading(path)?;
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let twice = self.it.files.iter().filter(|it| it.file_name() == path.file_name()).count();
        let label = if 1 < twice { path.display().to_string() } else { name.clone() };
        let options = Options {
            activity: self.it.activity.clone(),
            sheet: self.it.sheet.clone(),
            zone: Some(self.session.zone.clone()),
        };
        let mut sheet = import::read(&label, &bytes, &self.choice, &options)
            .map_err(|err| Fail::sheet(&path.display(), &err))?;
        let span = self.span(self.dates.get(&name).copied().or(self.it.to))?;
        if span.is_none() && has_totals(&sheet) {
            return Err(Fail::usage(
                format!("{label}: totals without days need --to DAY, or a line in --dates FILE"),
                format!("{label}：没有日期的总时长需要 --to 日期，或在 --dates 文件中有一行"),
            ));
        }
        let header = self.header(&bytes, &sheet, span);
        let messages = self.messages(&mut sheet)?;
        let parts = parts(&messages);
        Ok(Plan { label, stem: stem(&name, stems), sheet, header, parts })
    }

    fn span(&self, to: Option<Date>) -> Result<Option<v1::Span>, Fail> {
        let Some(to) = to else { return Ok(None) };
        let days = i64::from(self.it.span_days.saturating_sub(1));
        let before = || jiff::Span::new().try_days(days).and_then(|it| to.checked_sub(it));
        let from = self.it.from.map_or_else(before, Ok).map_err(|err| Fail::local(&err))?;
        if to < from {
            return Err(Fail::usage(
                format!("--from {from} is after the last day, {to}"),
                format!("--from {from} 晚于最后一天 {to}"),
            ));
        }
        Ok(Some(v1::Span { from: Some(scalar::to_date(from)), to: Some(scalar::to_date(to)) }))
    }

    /// The batch is the file and every choice it is read with, but not its name.
    fn header(&self, bytes: &[u8], sheet: &Sheet, span: Option<v1::Span>) -> v1::ImportHeader {
        let it = self.it;
        let profile = self.mapping.as_deref().unwrap_or(&sheet.profile.name);
        let day = |it: Option<v1::Date>| {
            it.map(|it| format!("{}-{}-{}", it.year, it.month, it.day)).unwrap_or_default()
        };
        let days = span.map(|it| format!("{} {}", day(it.from), day(it.to))).unwrap_or_default();
        let activity = it.activity.as_deref().unwrap_or_default();
        let zone = self.session.zone.iana_name().unwrap_or("UTC");
        let joined = it.joined.map(|it| format!("joined {it}\n")).unwrap_or_default();
        let sheet_name = it.sheet.as_deref().map(|it| format!("sheet {it}\n")).unwrap_or_default();
        let edition = it.edition.as_deref().map(|it| format!("edition {it}\n")).unwrap_or_default();
        let choices = format!(
            "lovebank import 2\n{}\n{profile}\n{activity}\n{days}\n{zone}\n{}\n{}\n{joined}{sheet_name}{edition}",
            it.branch, it.opening, it.register_missing,
        );
        let digest = Sha256::digest(bytes);
        let key = Sha256::new().chain_update(choices).chain_update(digest).finalize();
        v1::ImportHeader {
            batch_key: key.to_vec(),
            validate_only: !it.commit,
            branch_code: it.branch.clone(),
            opening: it.opening,
            span,
            register_missing: it.register_missing,
            joined: it.joined.map(scalar::to_date),
            file_digest: digest.to_vec(),
        }
    }

    /// The rows as they are sent; one that no message can say becomes malformed.
    fn messages(&self, sheet: &mut Sheet) -> Result<Vec<v1::ImportRow>, Fail> {
        let mut messages = Vec::new();
        for line in &mut sheet.lines {
            let Line::Row(row) = line else { continue };
            let no = u32::try_from(row.line).map_err(|err| Fail::local(&err))?;
            match message(row, no, &self.session.zone) {
                Some(mut message) => {
                    if !self.it.register_missing {
                        // A name is sent only where it is to be kept.
                        message.name.clear();
                    }
                    messages.push(message);
                }
                None => *line = Line::Malformed(clock_change(row)),
            }
        }
        Ok(messages)
    }
}

fn has_totals(sheet: &Sheet) -> bool {
    sheet.rows().any(|row| matches!(row.time, RowTime::Total { .. }))
}

/// Two files of one name must not write over each other's rejects.
fn stem(name: &str, taken: &mut HashSet<String>) -> String {
    let endings = [".csv", ".xlsx", ".xls"];
    let stem = endings.iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name);
    let numbered = (2_u32..).map(|no| format!("{stem}.{no}"));
    let mut names = std::iter::once(stem.to_owned()).chain(numbered);
    names.find(|it| taken.insert(it.to_lowercase())).unwrap_or_default()
}

fn parts(messages: &[v1::ImportRow]) -> Vec<v1::ImportPart> {
    let count = messages.len().div_ceil(PART);
    let chunks = (0_u32..).zip(messages.chunks(PART)).zip(1_usize..);
    let part = |((part, rows), no): ((u32, &[v1::ImportRow]), usize)| v1::ImportPart {
        part,
        last: no == count,
        rows: rows.to_vec(),
    };
    chunks.map(part).collect()
}

fn clock_change(row: &Row) -> MalformedRow {
    MalformedRow {
        file: row.file.clone(),
        line: row.line,
        column: None,
        header: None,
        value: String::new(),
        fault: Fault::ClockChange,
        raw: row.raw.clone(),
    }
}

fn message(row: &Row, line: u32, zone: &TimeZone) -> Option<v1::ImportRow> {
    use v1::import_row::Time;
    let time = match row.time {
        RowTime::Interval { start, end, .. } => Time::Interval(v1::Interval {
            start_time: Some(instant(start, zone)?),
            end_time: Some(instant(end, zone)?),
        }),
        RowTime::Day { date, minutes } => Time::Day(v1::DayMinutes {
            date: Some(scalar::to_date(date)),
            minutes: i32::try_from(minutes).ok()?,
        }),
        RowTime::Total { minutes } => Time::TotalMinutes(minutes),
    };
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    Some(v1::ImportRow {
        line,
        volunteer_number: row.volunteer.clone(),
        name: text(&row.name),
        activity: row.activity.clone(),
        category: text(&row.category),
        place: text(&row.place),
        time: Some(time),
        annotation: Some(v1::Annotation {
            attestor: text(&row.attestor),
            recorder: text(&row.recorder),
            note: String::new(),
        }),
    })
}
