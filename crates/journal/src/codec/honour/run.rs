//! Runs and what comes of them.

use lovebank_ledger::{
    AgeBand, BranchNo, EntryNo, HonourEvent, NewRun, NoticePeriod, PassbookNo, ProgrammeName,
    ResultDigest, RulebookVersion, RunNo, RunResult, Winner,
};

use super::{byte, passbook, year};
use crate::codec::{
    BadEntry,
    scalar::{bytes, date, digits, each, maybe_number, number, present, stored, text, try_each},
    v1,
};

impl From<&NewRun> for v1::RunCreated {
    fn from(it: &NewRun) -> Self {
        Self {
            no: stored(it.no.get()),
            programme: it.programme.to_string(),
            rulebook_version: stored(it.rulebook.get()),
            year: i32::from(it.year),
            days: Some(it.days.into()),
            branch_no: it.branch.map_or(0, |it| stored(it.get())),
            as_of_entry: it.as_of.get(),
            ages: each(&it.ages),
            result: Some((&it.result).into()),
        }
    }
}

impl TryFrom<v1::RunCreated> for NewRun {
    type Error = BadEntry;

    fn try_from(it: v1::RunCreated) -> Result<Self, BadEntry> {
        let version = it.rulebook_version;
        Ok(Self {
            no: number(it.no, RunNo::new, "RunCreated.no")?,
            programme: text(&it.programme, ProgrammeName::new, "RunCreated.programme")?,
            rulebook: number(version, RulebookVersion::new, "RunCreated.rulebook_version")?,
            year: year(it.year, "RunCreated.year")?,
            days: present(it.days, "RunCreated.days")?,
            branch: maybe_number(it.branch_no, BranchNo::new, "RunCreated.branch_no")?,
            as_of: number(it.as_of_entry, EntryNo::new, "RunCreated.as_of_entry")?,
            ages: try_each(it.ages)?,
            result: present(it.result, "RunCreated.result")?,
        })
    }
}

impl From<&AgeBand> for v1::AgeBand {
    fn from(it: &AgeBand) -> Self {
        let passbook_nos = it.passbooks.iter().map(|it| stored(it.get())).collect();
        Self { from_age: u32::from(it.from), passbook_nos }
    }
}

impl TryFrom<v1::AgeBand> for AgeBand {
    type Error = BadEntry;

    fn try_from(it: v1::AgeBand) -> Result<Self, BadEntry> {
        let passbooks = it.passbook_nos.iter().map(|no| passbook(*no, "AgeBand.passbook_nos"));
        let passbooks: Vec<PassbookNo> = passbooks.collect::<Result<_, _>>()?;
        Ok(Self { from: byte(it.from_age, "AgeBand.from_age")?, passbooks })
    }
}

impl From<&RunResult> for v1::RunResult {
    fn from(it: &RunResult) -> Self {
        Self {
            digest: it.digest.as_bytes().to_vec(),
            passbook_nos: it.chosen.iter().map(|it| stored(it.passbook.get())).collect(),
            places: it.chosen.iter().map(|it| it.place).collect(),
        }
    }
}

impl TryFrom<v1::RunResult> for RunResult {
    type Error = BadEntry;

    fn try_from(it: v1::RunResult) -> Result<Self, BadEntry> {
        if it.passbook_nos.len() != it.places.len() {
            return Err(BadEntry::Invalid { field: "RunResult.places" });
        }
        let chosen = it.passbook_nos.iter().zip(&it.places).map(|(no, place)| {
            let passbook = passbook(*no, "RunResult.passbook_nos")?;
            Ok(Winner { passbook, place: *place })
        });
        Ok(Self {
            digest: bytes(&it.digest, ResultDigest::from_slice, "RunResult.digest")?,
            chosen: chosen.collect::<Result<_, BadEntry>>()?,
        })
    }
}

pub(super) fn exception((run, of, condition): (RunNo, PassbookNo, u8)) -> v1::RunException {
    v1::RunException {
        run_no: stored(run.get()),
        passbook_no: stored(of.get()),
        condition: u32::from(condition),
    }
}

pub(super) fn of_exception(it: v1::RunException) -> Result<(RunNo, PassbookNo, u8), BadEntry> {
    let run = number(it.run_no, RunNo::new, "RunException.run_no")?;
    let of = passbook(it.passbook_no, "RunException.passbook_no")?;
    Ok((run, of, byte(it.condition, "RunException.condition")?))
}

pub(super) fn published(run: RunNo, it: NoticePeriod) -> v1::RunPublished {
    v1::RunPublished {
        run_no: stored(run.get()),
        first_date: digits(it.first),
        last_date: digits(it.last),
        certain: it.certain,
    }
}

pub(super) fn of_published(it: v1::RunPublished) -> Result<HonourEvent, BadEntry> {
    let first = date(it.first_date, "RunPublished.first_date")?;
    let last = date(it.last_date, "RunPublished.last_date")?;
    if last < first {
        return Err(BadEntry::Invalid { field: "RunPublished.last_date" });
    }
    Ok(HonourEvent::RunPublished {
        run: number(it.run_no, RunNo::new, "RunPublished.run_no")?,
        notice: NoticePeriod { first, last, certain: it.certain },
    })
}
