//! Sending sheets to the bank, and what came of every row.

use std::{collections::HashMap, fs, path::Path, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use indicatif::ProgressBar;
use jiff::{civil::Date, tz::TimeZone};
use lovebank_wire::v1::{
    self, hours_service_client::HoursServiceClient, import_hours_request::Kind,
};
use sha2::{Digest as _, Sha256};
use tonic::{Code, Status};

use crate::{
    cli::{Cli, Format, ImportHours, Lang},
    client::Client,
    command::timestamp,
    import::{
        self, Choice, Line, Options, Row, RowTime, Sheet,
        profile::Profile,
        reject::{self, Reject},
        report::{self, Summary},
        verdict::{Judged, Verdict},
    },
    output,
};

/// Rows of a part.
const PART: usize = 1000;
/// How often a broken connection is taken up again.
const TRIES: u32 = 6;
/// The exit code when rows were rejected.
const REJECTED: u8 = 3;

/// Takes the sheets in, in order; the exit code.
pub(crate) async fn run(cli: &Cli, client: &Client, it: &ImportHours) -> anyhow::Result<u8> {
    let dates = it.dates.as_deref().map(dates).transpose()?.unwrap_or_default();
    let choice = choice(it)?;
    let mut all = Vec::new();
    for path in &it.files {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        let name = name.with_context(|| format!("{} is no file", path.display()))?;
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let options = Options { activity: it.activity.clone() };
        let sheet = import::read(&name, &bytes, &choice, &options).map_err(|err| {
            let text = if cli.lang == Lang::Zh { err.chinese() } else { err.to_string() };
            anyhow!("{name}: {text} ({})", err.code())
        })?;
        let span = span(it, dates.get(&name).copied().or(it.to))?;
        let header = header(it, &bytes, &sheet, span)?;
        let judged = sheet_verdicts(client, it, &sheet, header).await?;
        if let Some(directory) = &it.rejects {
            write_rejects(directory, &sheet, &judged)?;
        }
        all.extend(judged);
    }
    if it.rows {
        let rows = match cli.format {
            Format::Json => report::rows_json(&all)?,
            Format::Csv | Format::Table => report::rows_csv(&all)?,
        };
        output::print(&rows)?;
    }
    let summary = Summary::of(&all);
    output::print(&match cli.format {
        Format::Table => summary.table(),
        Format::Json => summary.json()?,
        Format::Csv => summary.csv()?,
    })?;
    if !it.commit {
        eprintln!("rehearsed, nothing recorded: add --commit to record. 仅试运行，未登记");
        if 1 < it.files.len() {
            eprintln!("each file was rehearsed by itself: a later one may depend on an earlier");
        }
    }
    Ok(if all.iter().any(|it| it.verdict.needs_mending()) { REJECTED } else { 0 })
}

fn choice(it: &ImportHours) -> anyhow::Result<Choice> {
    if let Some(path) = &it.map {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let profile =
            Profile::from_toml(&text).map_err(|err| anyhow!("{}: {err}", path.display()))?;
        return Ok(Choice::Profile(profile));
    }
    if it.profile == "auto" {
        return Ok(Choice::Auto);
    }
    let profile = Profile::by_name(&it.profile);
    profile.map(Choice::Profile).with_context(|| {
        format!("there is no profile {:?}: give auto, shenzhen or nss, or --map FILE", it.profile)
    })
}

/// The last day of each file.
fn dates(path: &Path) -> anyhow::Result<HashMap<String, Date>> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let rows = reader.deserialize::<(String, String)>();
    rows.map(|row| {
        let (file, day) = row?;
        let day = day.parse().with_context(|| format!("{file}: {day:?} is no date"))?;
        Ok((file, day))
    })
    .collect()
}

fn span(it: &ImportHours, to: Option<Date>) -> anyhow::Result<Option<v1::Span>> {
    let Some(to) = to else { return Ok(None) };
    let days = i64::from(it.span_days.saturating_sub(1));
    let from = match it.from {
        Some(from) => from,
        None => to.checked_sub(jiff::Span::new().try_days(days)?).context("--span-days")?,
    };
    let date = |it: Date| v1::Date {
        year: i32::from(it.year()),
        month: i32::from(it.month()),
        day: i32::from(it.day()),
    };
    Ok(Some(v1::Span { from: Some(date(from)), to: Some(date(to)) }))
}

/// The batch is the file and every choice it is read with, but not its name.
fn header(
    it: &ImportHours,
    bytes: &[u8],
    sheet: &Sheet,
    span: Option<v1::Span>,
) -> anyhow::Result<v1::ImportHeader> {
    // A changed mapping file is another batch.
    let profile = match &it.map {
        Some(path) => fs::read_to_string(path)?,
        None => sheet.profile.name.clone(),
    };
    let day = |it: Option<v1::Date>| {
        it.map(|it| format!("{}-{}-{}", it.year, it.month, it.day)).unwrap_or_default()
    };
    let days = span.map(|it| format!("{} {}", day(it.from), day(it.to))).unwrap_or_default();
    let activity = it.activity.as_deref().unwrap_or_default();
    let choices = format!(
        "lovebank import 1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
        it.branch, profile, activity, days, it.zone, it.opening, it.register_missing,
    );
    let key = Sha256::new().chain_update(choices).chain_update(Sha256::digest(bytes)).finalize();
    Ok(v1::ImportHeader {
        batch_key: key.to_vec(),
        validate_only: !it.commit,
        branch_code: it.branch.clone(),
        opening: it.opening,
        span,
        register_missing: it.register_missing,
        joined: None,
    })
}

async fn sheet_verdicts(
    client: &Client,
    it: &ImportHours,
    sheet: &Sheet,
    header: v1::ImportHeader,
) -> anyhow::Result<Vec<Judged>> {
    let zone = TimeZone::get(&it.zone).context("--zone")?;
    let rows: Vec<&Row> = sheet.rows().collect();
    let messages = rows.iter().map(|row| {
        let mut message = message(row, &zone)?;
        if !it.register_missing {
            // A name is sent only where it is to be kept.
            message.name.clear();
        }
        Ok(message)
    });
    let messages = messages.collect::<anyhow::Result<Vec<_>>>()?;
    let count = messages.len().div_ceil(PART);
    let parts = (0_u32..).zip(messages.chunks(PART)).map(|(part, rows)| v1::ImportPart {
        part,
        last: usize::try_from(part).is_ok_and(|it| it.saturating_add(1) == count),
        rows: rows.to_vec(),
    });
    let parts: Vec<v1::ImportPart> = parts.collect();
    let answers = send_all(client, &sheet.file, header, parts).await?;
    if answers.iter().any(|it| it.receipt.as_ref().is_some_and(|it| it.replayed)) {
        eprintln!("{}: taken in before; nothing changes. 此前已导入，没有变化", sheet.file);
    }
    let verdicts: HashMap<u32, v1::RowVerdict> =
        answers.into_iter().flat_map(|it| it.verdicts).map(|it| (it.line, it)).collect();
    let judge = |line: &Line| match line {
        Line::Malformed(row) => Ok(Judged {
            file: row.file.clone(),
            line: row.line,
            volunteer: String::new(),
            activity: String::new(),
            minutes: None,
            verdict: Verdict::Malformed,
            reason: Some(row.fault.code().to_owned()),
            message: Some(match client.lang() {
                Lang::En => row.fault.english(),
                Lang::Zh => row.fault.chinese(),
            }),
        }),
        Line::Row(row) => {
            let line = u32::try_from(row.line)?;
            let verdict = verdicts.get(&line).context("the bank gave a row no verdict")?;
            Ok(judged(client.lang(), row, verdict))
        }
    };
    sheet.lines.iter().map(judge).collect()
}

fn message(row: &Row, zone: &TimeZone) -> anyhow::Result<v1::ImportRow> {
    use v1::import_row::Time;
    let time = match row.time {
        RowTime::Interval { start, end, .. } => Time::Interval(v1::Interval {
            start_time: Some(timestamp(start, zone)?),
            end_time: Some(timestamp(end, zone)?),
        }),
        RowTime::Day { date, minutes } => Time::Day(v1::DayMinutes {
            date: Some(v1::Date {
                year: i32::from(date.year()),
                month: i32::from(date.month()),
                day: i32::from(date.day()),
            }),
            minutes: i32::try_from(minutes)?,
        }),
        RowTime::Total { minutes } => Time::TotalMinutes(minutes),
    };
    Ok(v1::ImportRow {
        line: u32::try_from(row.line)?,
        volunteer_number: row.volunteer.clone(),
        name: row.name.clone().unwrap_or_default(),
        activity: row.activity.clone(),
        category: row.category.clone().unwrap_or_default(),
        place: row.place.clone().unwrap_or_default(),
        time: Some(time),
        annotation: Some(v1::Annotation {
            attestor: row.attestor.clone().unwrap_or_default(),
            recorder: row.recorder.clone().unwrap_or_default(),
            note: String::new(),
        }),
    })
}

/// Sends a sheet; a broken connection is taken up again by sending all of it again.
async fn send_all(
    client: &Client,
    file: &str,
    header: v1::ImportHeader,
    parts: Vec<v1::ImportPart>,
) -> anyhow::Result<Vec<v1::ImportHoursResponse>> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let bar = ProgressBar::new(u64::try_from(parts.len())?).with_message(file.to_owned());
    for attempt in 1..=TRIES {
        match send_once(client, header.clone(), parts.clone(), &bar).await {
            Ok(answers) => {
                bar.finish_and_clear();
                return Ok(answers);
            }
            Err(err) if attempt < TRIES && may_pass(&err) => {
                eprintln!("{file}: {}; trying again ({attempt})", client.no(&err));
                tokio::time::sleep(Duration::from_millis(200).saturating_mul(1 << attempt)).await;
            }
            Err(err) => return Err(client.no(&err).context(file.to_owned())),
        }
    }
    bail!("{file}: given up")
}

fn may_pass(err: &Status) -> bool {
    matches!(err.code(), Code::Unavailable | Code::ResourceExhausted | Code::Unknown)
}

async fn send_once(
    client: &Client,
    header: v1::ImportHeader,
    parts: Vec<v1::ImportPart>,
    bar: &ProgressBar,
) -> Result<Vec<v1::ImportHoursResponse>, Status> {
    let mut service = HoursServiceClient::new(client.channel.clone());
    let count = parts.len();
    let kinds = std::iter::once(Kind::Header(header)).chain(parts.into_iter().map(Kind::Part));
    let messages: Vec<_> = kinds.map(|kind| v1::ImportHoursRequest { kind: Some(kind) }).collect();
    let answers = service.import_hours(client.ask(tokio_stream::iter(messages))).await?;
    let mut answers = answers.into_inner();
    let mut all = Vec::with_capacity(count);
    while let Some(answer) = answers.message().await? {
        all.push(answer);
        bar.set_position(u64::try_from(all.len()).unwrap_or(u64::MAX));
    }
    if all.len() != count {
        return Err(Status::unavailable("the connection ended before the last part"));
    }
    Ok(all)
}

fn judged(lang: Lang, row: &Row, it: &v1::RowVerdict) -> Judged {
    let refusal = it.refusal.clone().unwrap_or_default();
    let verdict = match it.verdict() {
        v1::Verdict::New => Verdict::New,
        v1::Verdict::NewPending => Verdict::NewPending,
        v1::Verdict::Deduction => Verdict::Deduction,
        v1::Verdict::Same => Verdict::Same,
        v1::Verdict::Duplicate => Verdict::DuplicateInFile,
        v1::Verdict::Corrected => Verdict::Correction,
        v1::Verdict::Reversed => Verdict::Reversal,
        v1::Verdict::Zero => Verdict::Zero,
        v1::Verdict::Refused | v1::Verdict::Unspecified => match refusal.reason.as_str() {
            "VOLUNTEER_UNKNOWN" => Verdict::UnknownVolunteer,
            "DAY_FULL" => Verdict::OverLadder,
            "OVERLAP" => Verdict::Overlap,
            other => Verdict::Refused { code: other.to_owned() },
        },
    };
    let refused = !refusal.reason.is_empty();
    Judged {
        file: row.file.clone(),
        line: row.line,
        volunteer: row.volunteer.clone(),
        activity: row.activity.clone(),
        minutes: Some(row.time.minutes()),
        reason: refused
            .then(|| refusal.reason.clone())
            .or_else(|| (verdict == Verdict::Zero).then(|| "ZERO_MINUTES".to_owned())),
        verdict,
        message: refused.then_some(match lang {
            Lang::En => refusal.message,
            Lang::Zh => refusal.message_zh,
        }),
    }
}

/// Rows to mend, and why, beside each other.
fn write_rejects(directory: &Path, sheet: &Sheet, judged: &[Judged]) -> anyhow::Result<()> {
    let reason = |it: &Judged| (it.reason.clone().unwrap_or_default(), it.message.clone());
    let reasons: HashMap<usize, (String, Option<String>)> = judged
        .iter()
        .filter(|it| it.verdict.needs_mending())
        .map(|it| (it.line, reason(it)))
        .collect();
    let rejects: Vec<Reject<'_>> = sheet
        .lines
        .iter()
        .filter_map(|line| match line {
            Line::Malformed(row) => Some(Reject::from(row)),
            Line::Row(row) => {
                let (code, message) = reasons.get(&row.line)?;
                Some(Reject::of_row(row, code, message.clone().unwrap_or_default()))
            }
        })
        .collect();
    if rejects.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(directory)?;
    let stem = sheet.file.trim_end_matches(".csv");
    let rows = fs::File::create(directory.join(format!("{stem}.rejected.csv")))?;
    reject::write_rows(sheet, &rejects, rows)?;
    let reasons = fs::File::create(directory.join(format!("{stem}.reasons.csv")))?;
    reject::write_reasons(&rejects, reasons)?;
    Ok(())
}
