//! Honours, runs, objections and certificates, as they stand now and as they stood.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Ledger, RulebookRow, post::at};
use crate::{
    ActorNo, BranchNo, CertificateNo, EntryNo, HonourNo, HonourOrigin, NewCertificate, NewHonour,
    NewRun, NoticePeriod, ObjectionNo, PassbookNo, ProgrammeName, RequestId, RulebookVersion,
    RunNo, RunResult, RunState, VolunteerStatus,
};

/// An honour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HonourRow {
    /// The entry that gave it.
    pub entry: EntryNo,
    /// Who stood behind that.
    pub actor: ActorNo,
    /// How it came to be known.
    pub origin: HonourOrigin,
    /// The honour.
    pub honour: NewHonour,
    /// The entry that took it back.
    pub revoked: Option<EntryNo>,
}

impl HonourRow {
    /// Whether it was held after an entry.
    pub fn held(&self, as_of: EntryNo) -> bool {
        self.entry <= as_of && self.revoked.is_none_or(|it| as_of < it)
    }
}

/// A run of an award programme.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// Who stood behind that.
    pub actor: ActorNo,
    /// What its result follows from.
    pub run: Arc<NewRun>,
    /// Where it stands.
    pub state: RunState,
    /// What comes of it, with the exceptions made and the objections upheld so far.
    pub result: Arc<RunResult>,
    /// Exceptions, by volunteer and condition.
    pub exceptions: BTreeMap<(PassbookNo, u8), ExceptionRow>,
    /// Who is out after an objection.
    pub removed: BTreeSet<PassbookNo>,
    /// When it hangs out, or hung out last.
    pub notice: Option<NoticePeriod>,
    /// Objections to it, oldest first.
    pub objections: Vec<ObjectionNo>,
    /// The entry that changed it last.
    pub decided: EntryNo,
}

impl RunRow {
    /// Conditions that are waived for someone.
    pub fn waived(&self) -> BTreeSet<(PassbookNo, u8)> {
        let confirmed = self.exceptions.iter().filter(|it| it.1.confirmed_by.is_some());
        confirmed.map(|it| *it.0).collect()
    }
}

/// An exception of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExceptionRow {
    /// Who proposed it.
    pub proposed_by: ActorNo,
    /// The request that did: the key of the reason in the vault.
    pub request: RequestId,
    /// Who confirmed it.
    pub confirmed_by: Option<ActorNo>,
}

/// An objection to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectionRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// Who objects.
    pub actor: ActorNo,
    /// The request that made it: the key of its words in the vault.
    pub request: RequestId,
    /// To which run.
    pub run: RunNo,
    /// Whose place is in question.
    pub about: PassbookNo,
    /// Its answer.
    pub answer: Option<AnswerRow>,
}

/// The answer to an objection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AnswerRow {
    /// The entry that gave it.
    pub entry: EntryNo,
    /// Who stood behind that.
    pub actor: ActorNo,
    /// The request that gave it: the key of its words in the vault.
    pub request: RequestId,
    /// Whether the objection was right.
    pub upheld: bool,
}

impl ObjectionRow {
    /// Whether it waited for an answer after an entry.
    pub fn is_open(&self, as_of: EntryNo) -> bool {
        self.entry <= as_of && self.answer.is_none_or(|it| as_of < it.entry)
    }
}

/// A certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CertificateRow {
    /// The entry that made it.
    pub entry: EntryNo,
    /// Who stood behind that.
    pub actor: ActorNo,
    /// The certificate.
    pub certificate: NewCertificate,
}

impl Ledger<'_> {
    /// An honour.
    pub fn honour(&self, honour: HonourNo) -> Option<&HonourRow> {
        self.honours.get(at(honour.get()))
    }

    /// How many honours there are; they are numbered up to it.
    pub fn honour_count(&self) -> usize {
        self.honours.len()
    }

    /// Every honour, oldest first.
    pub fn honours(&self) -> impl DoubleEndedIterator<Item = &HonourRow> {
        self.honours.iter()
    }

    /// The honours of a volunteer after an entry, none: now; those taken back among them. Of each
    /// number the oldest first.
    pub fn honours_of(
        &self,
        passbook: PassbookNo,
        as_of: Option<EntryNo>,
    ) -> impl Iterator<Item = &HonourRow> + '_ {
        let keys = self.numbers(passbook, as_of).flat_map(|it| {
            self.honours_of.range((it, HonourNo::FIRST)..(it.next(), HonourNo::FIRST))
        });
        keys.filter_map(|((_, no), ())| self.honour(*no))
    }

    /// Those who were nominated for a programme and a year, by an entry.
    pub fn nominated(
        &self,
        programme: &ProgrammeName,
        year: i16,
        as_of: EntryNo,
    ) -> impl Iterator<Item = PassbookNo> + '_ {
        let first = (programme.clone(), year, PassbookNo::FIRST);
        let key = (programme.clone(), year);
        let rows = self.nominations.range(first..);
        let rows = rows.take_while(move |it| (&it.0.0, it.0.1) == (&key.0, key.1));
        let nominated = rows.filter(move |it| it.1.0 <= as_of);
        nominated.map(move |it| self.person_as_of(it.0.2, Some(as_of)))
    }

    /// Which branch nominated a volunteer, under whatever number after an entry, for a programme
    /// and a year.
    pub fn nomination(
        &self,
        (programme, year): (&ProgrammeName, i16),
        passbook: PassbookNo,
        as_of: Option<EntryNo>,
    ) -> Option<BranchNo> {
        let row = |it| self.nominations.get(&(programme.clone(), year, it));
        self.numbers(passbook, as_of).find_map(row).map(|it| it.1)
    }

    /// A run.
    pub fn run(&self, run: RunNo) -> Option<&RunRow> {
        self.runs.get(at(run.get()))
    }

    /// Every run, oldest first.
    pub fn runs(&self) -> impl DoubleEndedIterator<Item = &RunRow> {
        self.runs.iter()
    }

    /// An objection.
    pub fn objection(&self, objection: ObjectionNo) -> Option<&ObjectionRow> {
        self.objections.get(at(objection.get()))
    }

    /// Objections about a volunteer's place, of whatever number after an entry, none: now.
    pub fn objections_about(
        &self,
        passbook: PassbookNo,
        as_of: Option<EntryNo>,
    ) -> impl Iterator<Item = &ObjectionRow> + '_ {
        let keys = self.numbers(passbook, as_of).flat_map(|it| {
            self.objections_about.range((it, ObjectionNo::FIRST)..(it.next(), ObjectionNo::FIRST))
        });
        keys.filter_map(|((_, no), ())| self.objection(*no))
    }

    /// A certificate.
    pub fn certificate(&self, certificate: CertificateNo) -> Option<&CertificateRow> {
        self.certificates.get(at(certificate.get()))
    }

    /// A version of the rulebook.
    pub fn rulebook(&self, version: RulebookVersion) -> Option<&RulebookRow> {
        self.rulebooks.get(at(version.get()))
    }

    /// Whether a volunteer took part, as of an entry; none: now.
    pub fn status(&self, passbook: PassbookNo, as_of: Option<EntryNo>) -> Option<VolunteerStatus> {
        let next = as_of.map(|it| (passbook, it.next())..(passbook.next(), EntryNo::FIRST));
        let changed = next.and_then(|it| self.statuses.first_in(it)).map(|it| *it.1);
        changed.or_else(|| self.volunteer(passbook).map(|it| it.status))
    }

    /// Whether a volunteer's personal data was erased by an entry.
    pub fn is_erased(&self, passbook: PassbookNo, as_of: EntryNo) -> bool {
        self.erased.get(&passbook).is_some_and(|it| *it <= as_of)
    }
}
