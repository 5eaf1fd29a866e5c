//! A year's selection, a volunteer's year and the full listing, over many volunteers.

use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use lovebank_ledger::{
    AnnualFilter, BatchMode, Command, Context, DEFAULT_RULEBOOK, Decision, EntryNo, HoursItem,
    Ledger, Minutes, NewVolunteer, PassbookNo, ProgrammeName, Provenance, RecordHours, RequestId,
    Service, VolunteerRef, annual_recognition, annual_summary,
    recognition::{Inputs, digest, select},
};
use lovebank_testkit::{Town, counter_seal, fingerprint, number, timestamp, volunteer_id};

use crate::{
    postgres::{Expected, Tables, WORD},
    table::Figure,
};

/// Volunteers of a street, and of a city.
const SIZES: [u64; 2] = [21_000, 1_000_000];
/// Items of a batch.
const BATCH: usize = 1000;
/// The most that someone served.
const ROUNDS: u64 = 200;
/// Where they are at home, in turn.
const BRANCHES: [&str; 3] = ["N1", "N2", "B1"];
/// The programme that is run.
const PROGRAMME: &str = "baoan-2022";

/// The rows of every size.
pub(crate) fn rows(server: Option<&str>) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for size in SIZES {
        let town = City::filled(size)?;
        let (own, found) = town.figures(size)?;
        figures.extend(own);
        drop(town);
        match server.map(Tables::open).transpose()? {
            Some(tables) => figures.extend(in_tables(tables, size, &found)?),
            None => figures.push(Figure::said(
                "the same in PostgreSQL",
                format!("left out: {WORD}… names no server"),
                String::new(),
            )),
        }
    }
    Ok(figures)
}

/// The same services in tables, and the same questions.
fn in_tables(mut tables: Tables, size: u64, found: &Expected) -> anyhow::Result<Vec<Figure>> {
    let branch = |of: u64| BRANCHES.get(usize::try_from(of % 3).unwrap_or(0)).copied();
    let branch = |of: u64| branch(of).unwrap_or_default();
    tables.volunteers((0..size).map(|of| (of.saturating_add(1), branch(of))))?;
    tables.begin()?;
    for round in 0..ROUNDS {
        for of in (0..size).filter(|it| round < services(*it)) {
            let (on, minutes) = served(round, of);
            tables.service((of.saturating_add(1), round), on, minutes)?;
        }
    }
    tables.asked(&format!("{size} volunteers"), found)
}

/// A bank in memory, filled by the commands that fill one in service.
struct City {
    ledger: Ledger<'static>,
    asked: u64,
    records: u64,
}

/// The first day of service; there are five years of them, to the end of 2026.
fn day(of: u64) -> Date {
    let days = i64::try_from(of % 1826).unwrap_or(0);
    date(2022, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap_or(date(2022, 1, 1))
}

/// The day and the minutes of someone's service of a round.
fn served(round: u64, of: u64) -> (Date, i64) {
    let on = day(round.wrapping_mul(37).wrapping_add(of.wrapping_mul(13)));
    (on, i64::try_from(mixed(of ^ round) % 210).unwrap_or(60).saturating_add(30))
}

/// How often someone served: half twice, a tenth of them all most of the hours.
fn services(of: u64) -> u64 {
    match mixed(of) % 100 {
        0..50 => 2,
        50..80 => 6,
        80..95 => 20,
        95..99 => 60,
        _ => 200,
    }
}

/// A number that looks like any other (`SplitMix64`).
fn mixed(of: u64) -> u64 {
    let it = of.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 8
}

impl City {
    fn filled(size: u64) -> anyhow::Result<Self> {
        let rulebook = [DEFAULT_RULEBOOK, include_str!("../../../deploy/awards.toml")].join("\n");
        let bank = lovebank_testkit::Bank::with(lovebank_testkit::zone(), &rulebook);
        let town = Town::within(bank);
        let mut it = Self { ledger: town.ledger().clone(), asked: 1 << 40, records: 0 };
        let branches = BRANCHES.map(Town::code);
        let branch = |of: u64| {
            let at = usize::try_from(of % 3).unwrap_or(0);
            branches.get(at).cloned().unwrap_or_else(|| Town::code("N1"))
        };
        for first in (0..size).step_by(BATCH) {
            let people = first..size.min(first.saturating_add(1000));
            let person = |of: u64| NewVolunteer {
                volunteer: volunteer_id(of.saturating_add(1 << 32)),
                tag: number(&of.to_string()),
                branch: branch(of),
                joined: date(2020, 1, 1),
            };
            let items = people.map(person).collect();
            it.ask(&Command::RegisterVolunteers { items, mode: BatchMode::Atomic })?;
        }
        it.serve(size)?;
        Ok(it)
    }

    /// Round after round, each volunteer on a day of the own.
    fn serve(&mut self, size: u64) -> anyhow::Result<()> {
        for round in 0..ROUNDS {
            let mut items = Vec::with_capacity(BATCH);
            for of in (0..size).filter(|it| round < services(*it)) {
                let (on, minutes) = served(round, of);
                let passbook = PassbookNo::new(of.saturating_add(1))?;
                items.push(HoursItem {
                    volunteer: VolunteerRef::Passbook(passbook),
                    service: Service::day(on, Minutes::new(minutes)),
                    evaluation: None,
                });
                if items.len() == BATCH {
                    self.record(std::mem::take(&mut items), round)?;
                }
            }
            if !items.is_empty() {
                self.record(items, round)?;
            }
        }
        Ok(())
    }

    fn record(&mut self, items: Vec<HoursItem>, round: u64) -> anyhow::Result<()> {
        self.records = self.records.saturating_add(u64::try_from(items.len())?);
        // Nobody serves twice a day at one activity.
        let activity = Town::activity("N1", &format!("服务{round}"));
        let (provenance, mode) = (Provenance::Clerk, BatchMode::Atomic);
        self.ask(&Command::RecordHours(RecordHours { activity, provenance, items, mode }))
    }

    fn ask(&mut self, command: &Command) -> anyhow::Result<()> {
        self.asked = self.asked.saturating_add(1);
        let context = Context {
            now: timestamp("2027-01-05 09:00"),
            request: RequestId::new(u128::from(self.asked).to_be_bytes()),
            fingerprint: fingerprint(&Command::SettleDue),
            token: None,
        };
        let Decision::New(entry) = self.ledger.decide(&context, command)? else {
            anyhow::bail!("the request id was used before");
        };
        self.ledger.post(&entry, counter_seal(&entry))?;
        Ok(())
    }

    fn figures(&self, size: u64) -> anyhow::Result<(Vec<Figure>, Expected)> {
        let ledger = &self.ledger;
        let head = ledger.head().unwrap_or(EntryNo::FIRST);
        let rules = ledger.rulebooks().last().ok_or_else(|| anyhow::anyhow!("no rulebook"))?;
        let name = ProgrammeName::new(PROGRAMME)?;
        let programme = rules.rules.programme(&name).ok_or_else(|| anyhow::anyhow!("none"))?;
        let days = programme.days(2026, None).ok_or_else(|| anyhow::anyhow!("no days"))?;
        let of = format!("{size} volunteers, {} records", self.records);
        let limit = || "1000 ms".to_owned();
        let inputs = Inputs::new(ledger, (programme, rules.version), (2026, days), head);
        let (selection, took) = timed(|| select(ledger, &inputs));
        let (_, summed) = timed(|| digest(ledger, &inputs, &selection));
        let chosen = selection.chosen_count();
        let looked = selection.candidates.len();
        let earlier = EntryNo::new(head.get().saturating_sub(1))?;
        let then = Inputs::new(ledger, (programme, rules.version), (2026, days), earlier);
        let (_, from_lines) = timed(|| select(ledger, &then));
        let (listed, all) =
            timed(|| annual_recognition(ledger, 2026, &AnnualFilter::default(), None));
        let one = PassbookNo::new(listed.first().map_or(1, |it| it.passbook.get()))?;
        let (_, year) = timed(|| annual_summary(ledger, one, 2026, None));
        let found =
            Expected { chosen: usize::try_from(chosen)?, listed: listed.len(), first: one.get() };
        let figures = vec![
            Figure::said(
                format!("a year's selection as of now, {of}"),
                format!("{} ms: {chosen} of {looked} chosen", took.as_millis()),
                limit(),
            ),
            Figure::said(
                "its sheet and digest",
                format!("{} ms", summed.as_millis()),
                String::new(),
            ),
            Figure::said(
                "the same as of an earlier entry",
                format!("{} ms", from_lines.as_millis()),
                String::new(),
            ),
            Figure::said(
                "the full listing of a year",
                format!("{} ms: {} rows", all.as_millis(), listed.len()),
                limit(),
            ),
            Figure::said(
                "the year of the one who served most",
                format!("{} µs", year.as_micros()),
                String::new(),
            ),
        ];
        Ok((figures, found))
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}
