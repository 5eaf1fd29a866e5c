//! The desk: what one command has in hand. It books records and lines on top of the ledger, so
//! that the items of a batch see one another, and the ledger stays as it is.

mod lines;
mod lots;
mod people;
mod restore;
mod time;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use jiff::civil::Date;

use super::UNFOUNDED;
use crate::{
    Account, Activity, ActivityNo, ActivityRef, ActorNo, Authority, Balance, Branch, BranchCode,
    BranchNo, EntryNo, Evaluation, HelpNo, Ledger, Level, LineKind, Minute, NamedActivity,
    NewRecord, PassbookNo, Points, Posting, Provenance, RecordNo, RecordRow, RecordState, Refusal,
    Rulebook, RulebookVersion, Service, ServiceTime, Standing, Timestamp, Verb, VolunteerStatus,
    ledger::Total,
    lot::{Carried, Lots},
};

/// What a command has in hand.
pub(super) struct Desk<'a> {
    pub(super) ledger: &'a Ledger<'a>,
    pub(super) authority: Authority<'a>,
    pub(super) now: Timestamp,
    pub(super) today: Date,
    pub(super) this_minute: Minute,
    pub(super) rules: Option<Arc<Rulebook>>,
    version: RulebookVersion,
    pub(super) activities: Vec<Activity>,
    books: HashMap<PassbookNo, Book>,
    records: Vec<NewRecord>,
    gone: HashSet<RecordNo>,
    zeros: HashSet<(PassbookNo, ActivityNo)>,
    lines: Vec<Posting>,
    contra: BTreeMap<(Account, LineKind), Balance>,
}

/// A passbook in hand.
#[derive(Clone, Default)]
struct Book {
    balance: Balance,
    lots: Lots,
    /// What this command took back, and may book anew.
    returned: Carried,
    lines: u32,
    /// Positions of its new records.
    records: Vec<usize>,
}

/// A record to book.
#[derive(Clone, Copy)]
pub(super) struct Booking {
    pub(super) index: u32,
    pub(super) passbook: PassbookNo,
    pub(super) activity: ActivityNo,
    pub(super) service: Service,
    pub(super) provenance: Provenance,
    pub(super) evaluation: Option<Evaluation>,
    pub(super) forgotten: bool,
    /// Whether it stands instead of a record taken back: what was wrong is mended even when
    /// the volunteer takes no part any more (67号 Art. 13).
    pub(super) mends: bool,
    /// The help request whose asker pays for it, and what.
    pub(super) paid: Option<(HelpNo, Points)>,
    pub(super) assent: Assent,
}

/// By whose word a record takes effect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Assent {
    /// As the ladder says.
    Ladder,
    /// Someone must say yes, however short it is.
    Wanted,
    /// An approver stands behind the command, for the verb.
    Given(Verb),
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        ledger: &'a Ledger<'a>,
        authority: Authority<'a>,
        (now, ruled): (Timestamp, Timestamp),
    ) -> Result<Self, Refusal> {
        let this_minute = now.minute().map_err(|_| Refusal::OutOfRange)?;
        let today = ledger.zone().map_or(Date::ZERO, |it| it.date_at(now));
        let row = ledger.rulebook_on(ledger.zone().map_or(today, |it| it.date_at(ruled)));
        Ok(Self {
            ledger,
            authority,
            now,
            today,
            this_minute,
            rules: row.map(|it| Arc::clone(&it.rules)),
            version: row.map_or(UNFOUNDED, |it| it.version),
            activities: Vec::new(),
            books: HashMap::new(),
            records: Vec::new(),
            gone: HashSet::new(),
            zeros: HashSet::new(),
            lines: Vec::new(),
            contra: BTreeMap::new(),
        })
    }

    pub(super) fn rulebook(&self) -> RulebookVersion {
        self.version
    }

    pub(super) fn branch(&self, code: &BranchCode) -> Result<&'a Branch, Refusal> {
        let unknown = || Refusal::BranchUnknown { branch: code.clone() };
        self.ledger.branch_by_code(code).ok_or_else(unknown)
    }

    pub(super) fn record(&self, record: RecordNo) -> Result<RecordRow, Refusal> {
        if let Some(known) = self.ledger.record(record) {
            return Ok(*known);
        }
        let unknown = Refusal::RecordUnknown { record };
        let new = self.records.iter().find(|it| it.no == record).ok_or(unknown)?;
        let home = self.ledger.person_row(new.passbook).ok_or(Refusal::VolunteerUnknown)?.branch;
        Ok(fresh(new, home))
    }

    pub(super) fn activity(&self, activity: ActivityNo) -> Result<&Activity, Refusal> {
        let known = self.ledger.activity(activity);
        known
            .or_else(|| self.activities.iter().find(|it| it.no == activity))
            .ok_or(Refusal::ActivityUnknown { activity })
    }

    /// The activity of a reference, made on first use; the actor's scope is checked.
    pub(super) fn activity_of(
        &mut self,
        activity: &ActivityRef,
        verb: Verb,
    ) -> Result<ActivityNo, Refusal> {
        match activity {
            ActivityRef::No(no) => self.activity(*no).map(|it| it.no),
            ActivityRef::Named(named) => {
                let branch = self.branch(&named.branch)?.no;
                // A volunteer reports one's own service, wherever it was.
                if self.authority.own_passbook().is_none() {
                    self.authority.on_branch(verb, branch)?;
                }
                Ok(self.intern(branch, named))
            }
        }
    }

    pub(super) fn intern(&mut self, branch: BranchNo, it: &NamedActivity) -> ActivityNo {
        let key = (branch, it.name.clone(), it.category.clone(), it.place.clone());
        let in_hand = || {
            let same = |a: &&Activity| {
                (a.branch, &a.name, &a.category, &a.place) == (key.0, &key.1, &key.2, &key.3)
            };
            self.activities.iter().find(same).map(|it| it.no)
        };
        if let Some(no) = self.ledger.activity_keys.get(&key).copied().or_else(in_hand) {
            return no;
        }
        let no = self.next_activity();
        let (branch, name, category, place) = key;
        self.activities.push(Activity { no, branch, name, category, place, window: None });
        no
    }

    pub(super) fn next_activity(&self) -> ActivityNo {
        let known = self.ledger.activities.len().saturating_add(self.activities.len());
        number(known, ActivityNo::FIRST, |it| ActivityNo::new(it).ok())
    }

    /// Books a record: all rules on time, then credit and lines.
    pub(super) fn book(&mut self, it: Booking) -> Result<NewRecord, Refusal> {
        let volunteer = self.ledger.person_row(it.passbook).ok_or(Refusal::VolunteerUnknown)?;
        let minutes = it.service.minutes();
        let is_new = !it.mends && !minutes.is_negative();
        if is_new && volunteer.status != VolunteerStatus::Active {
            return Err(Refusal::VolunteerNotActive { status: volunteer.status });
        }
        if minutes.is_zero() {
            return Err(Refusal::ZeroMinutes);
        }
        let home = volunteer.branch;
        if !it.mends {
            // It has nothing to do with what was taken back before it.
            self.book_of(it.passbook).returned = Carried::default();
        }
        let level = self.check_time(&it)?;
        let branch = self.activity(it.activity)?.branch;
        let standing = match (it.assent, level) {
            (Assent::Wanted, level) => Standing::Pending(level.unwrap_or(Level::Branch)),
            (Assent::Ladder, Some(level)) => Standing::Pending(level),
            (Assent::Given(verb), Some(level)) if !self.authority.approves(verb, branch, level) => {
                Standing::Pending(level)
            }
            (Assent::Ladder, None) | (Assent::Given(_), _) => {
                Standing::Posted(self.credit_of(&it)?)
            }
        };
        let record = NewRecord {
            no: self.next_record(),
            index: it.index,
            passbook: it.passbook,
            activity: it.activity,
            time: it.service.time(),
            date: self.ledger.date_of(it.service.time()).ok_or(Refusal::OutOfRange)?,
            minutes,
            provenance: it.provenance,
            standing,
            forgotten: it.forgotten,
            evaluation: it.evaluation,
            help: it.paid.map(|it| it.0),
        };
        if let Standing::Posted(credit) = standing {
            self.credit_lines(&fresh(&record, home), record.no, credit)?;
        }
        self.keep(record);
        Ok(record)
    }

    fn next_record(&self) -> RecordNo {
        let known = self.ledger.records.len().saturating_add(self.records.len());
        number(known, RecordNo::FIRST, |it| RecordNo::new(it).ok())
    }

    fn keep(&mut self, record: NewRecord) {
        let position = self.records.len();
        self.book_of(record.passbook).records.push(position);
        self.records.push(record);
    }

    /// Whether the record was taken back by this command.
    pub(super) fn is_gone(&self, record: RecordNo) -> bool {
        self.gone.contains(&record)
    }

    /// Marks a record as settled by this command.
    pub(super) fn settle(&mut self, record: RecordNo) {
        self.gone.insert(record);
    }

    /// Does all of it, or leaves the desk as it was, but for activities made on the way.
    pub(super) fn attempt<T>(
        &mut self,
        (passbook, old): (PassbookNo, RecordNo),
        work: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let passbook = self.ledger.person(passbook);
        let book = self.book_of(passbook).clone();
        let (lines, records, contra) = (self.lines.len(), self.records.len(), self.contra.clone());
        let done = work(self);
        if done.is_err() {
            self.lines.truncate(lines);
            self.records.truncate(records);
            self.contra = contra;
            self.books.insert(passbook, book);
            self.gone.remove(&old);
        }
        done
    }

    /// Remembers that a sheet says zero of a total.
    pub(super) fn say_zero(&mut self, passbook: PassbookNo, activity: ActivityNo, total: bool) {
        if total {
            self.zeros.insert((passbook, activity));
        }
    }

    /// Whether a sheet last said zero of a total that no record stands for.
    pub(super) fn said_zero(&self, passbook: PassbookNo, activity: ActivityNo) -> bool {
        self.zeros.contains(&(passbook, activity))
            || self.ledger.total(passbook, activity) == Some(Total::Zero)
    }

    /// A record of the ledger that begins at a minute and fits, and still counts.
    pub(super) fn starting(
        &self,
        passbook: PassbookNo,
        start: Minute,
        fits: impl Fn(ActivityNo, ServiceTime) -> bool,
    ) -> Option<RecordNo> {
        let mut known = self.ledger.starting_at(passbook, start);
        known.find(|(no, row)| fits(row.activity, row.time) && !self.is_gone(*no)).map(|it| it.0)
    }

    /// A deduction of a day that still counts.
    pub(super) fn deducted(
        &self,
        passbook: PassbookNo,
        activity: ActivityNo,
        date: Date,
    ) -> Option<RecordNo> {
        let fits = |row: &RecordRow| {
            row.minutes.is_negative()
                && matches!(row.state, RecordState::Pending | RecordState::Posted)
                && (row.activity, row.time) == (activity, ServiceTime::Day(date))
        };
        let mut known = self.ledger.records_of(passbook);
        known.find(|(no, row)| fits(row) && !self.is_gone(*no)).map(|it| it.0)
    }

    /// How often the volunteer checked in and out of an activity today; what was taken back or
    /// replaced does not count.
    pub(super) fn pairs_today(&self, passbook: PassbookNo, activity: ActivityNo) -> u32 {
        let today = |row: &&RecordRow| {
            row.date == self.today
                && row.activity == activity
                && row.provenance == Provenance::Scanned
                && matches!(row.state, RecordState::Pending | RecordState::Posted)
        };
        let records = self.ledger.records_of(passbook).map(|(_, row)| row);
        u32::try_from(records.filter(today).count()).unwrap_or(u32::MAX)
    }

    /// Records that this command has booked for a passbook.
    pub(super) fn new_records(&self, passbook: PassbookNo) -> impl Iterator<Item = &NewRecord> {
        let positions =
            self.books.get(&self.ledger.person(passbook)).map(|it| it.records.as_slice());
        let records = positions.unwrap_or_default().iter().filter_map(|it| self.records.get(*it));
        records.filter(|it| !self.gone.contains(&it.no))
    }

    /// When a moment is, for a text.
    pub(super) fn local(&self, minute: Minute) -> String {
        self.ledger.zone().map_or_else(String::new, |it| it.text(minute))
    }

    /// When an instant is, for a text.
    pub(super) fn local_at(&self, at: Timestamp) -> String {
        at.minute().map_or_else(|_| String::new(), |it| self.local(it))
    }

    /// The civil date of an instant.
    pub(super) fn date_at(&self, at: Timestamp) -> Date {
        self.ledger.zone().map_or(Date::ZERO, |it| it.date_at(at))
    }

    /// The passbook of the person that a number is.
    fn book_of(&mut self, passbook: PassbookNo) -> &mut Book {
        self.book_at(self.ledger.person(passbook))
    }

    fn book_at(&mut self, passbook: PassbookNo) -> &mut Book {
        let row = self.ledger.passbook(passbook).copied().unwrap_or_default();
        let balance = Balance { minutes: row.minutes, points: row.points };
        let lots = || self.ledger.lots_in_hand(passbook);
        let new = || Book { balance, lots: lots(), lines: row.lines, ..Book::default() };
        self.books.entry(passbook).or_insert_with(new)
    }
}

/// The number after those of a table.
pub(super) fn next_number<N, E>(
    known: usize,
    new: impl Fn(u64) -> Result<N, E>,
) -> Result<N, Refusal> {
    let next = u64::try_from(known).unwrap_or(u64::MAX).saturating_add(1);
    new(next).map_err(|_| Refusal::OutOfRange)
}

fn number<N>(known: usize, first: N, new: impl Fn(u64) -> Option<N>) -> N {
    u64::try_from(known).ok().and_then(|it| new(it.saturating_add(1))).unwrap_or(first)
}

/// A new record, as it will stand once posted.
fn fresh(it: &NewRecord, home: BranchNo) -> RecordRow {
    RecordRow::new(it, (EntryNo::FIRST, ActorNo::BANK), home, None)
}
