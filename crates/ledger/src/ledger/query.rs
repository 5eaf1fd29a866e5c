//! What can be asked of the ledger.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Balance, Ledger, LineRow, Month, PassbookRow, RecordRow, RulebookRow, Said, ServiceClass,
    TokenRow, Total, VolunteerRow,
    diary::{MonthRow, Slot},
    post::at,
    rows::{BranchYear, OpenCheckIn},
};
use crate::{
    Account, Activity, ActivityNo, ActorNo, Branch, BranchCode, BranchNo, EntryNo, Fingerprint,
    Handle, Interval, Minute, Minutes, PassbookNo, RecordNo, RequestId, Seal, ServiceTime,
    Timestamp, TokenHash, TokenNo, VolunteerId, VolunteerRef, Zone,
};

/// A record that stands in the way of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgendaConflict {
    /// Which.
    pub record: RecordNo,
    /// When it is.
    pub interval: Interval,
}

/// The lines of a passbook up to an entry, newest first.
#[derive(Debug, Clone)]
pub struct LinesAsOf<'a> {
    ledger: &'a Ledger<'a>,
    position: u32,
}

impl Iterator for LinesAsOf<'_> {
    type Item = LineRow;

    fn next(&mut self) -> Option<LineRow> {
        let index = usize::try_from(self.position.checked_sub(1)?).ok()?;
        let line = *self.ledger.lines.get(index)?;
        self.position = line.before;
        Some(line)
    }
}

impl Ledger<'_> {
    /// The number of the last entry; none before the bank is open.
    pub fn head(&self) -> Option<EntryNo> {
        u64::try_from(self.recorded.len()).ok().and_then(|it| EntryNo::new(it).ok())
    }

    /// The number the next entry gets.
    pub fn next_entry(&self) -> EntryNo {
        self.head().map_or(EntryNo::FIRST, EntryNo::next)
    }

    /// The seal of the last entry.
    pub fn seal(&self) -> Seal {
        self.seal.unwrap_or(Seal::NONE)
    }

    /// When an entry was recorded.
    pub fn recorded_at(&self, entry: EntryNo) -> Option<Timestamp> {
        self.recorded.get(at(entry.get())).copied()
    }

    /// The last entry recorded at or before an instant.
    pub fn entry_at(&self, instant: Timestamp) -> Option<EntryNo> {
        let (mut low, mut high) = (0, self.recorded.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.recorded.get(middle) {
                Some(at) if *at <= instant => low = middle.saturating_add(1),
                _ => high = middle,
            }
        }
        u64::try_from(low).ok().and_then(|it| EntryNo::new(it).ok())
    }

    /// The entry a request made, with what it asked.
    pub fn request(&self, request: &RequestId) -> Option<(EntryNo, Fingerprint)> {
        self.requests.get(request).copied()
    }

    /// The bank's zone; UTC before it is open.
    pub fn zone(&self) -> Option<&Zone> {
        self.bank.as_ref().map(|it| &it.zone)
    }

    /// The bank's name.
    pub fn bank_name(&self) -> Option<&str> {
        self.bank.as_ref().map(|it| it.name.as_str())
    }

    /// The first minute of a civil day and of the next.
    pub fn day(&self, date: Date) -> Option<(Minute, Minute)> {
        self.zone()?.day(date)
    }

    /// The rules that decide on a date: the last adopted of those in force by then.
    pub fn rulebook_on(&self, date: Date) -> Option<&RulebookRow> {
        self.rulebooks.iter().rev().find(|it| it.in_force_from <= date).or(self.rulebooks.first())
    }

    /// Every version of the rulebook, oldest first.
    pub fn rulebooks(&self) -> impl Iterator<Item = &RulebookRow> {
        self.rulebooks.iter()
    }

    /// An actor's handle.
    pub fn handle(&self, actor: ActorNo) -> Option<&Handle> {
        self.actors.get(at(actor.get()))
    }

    /// A token.
    pub fn token(&self, token: TokenNo) -> Option<&TokenRow> {
        self.tokens.get(at(token.get()))
    }

    /// The token of a secret's digest.
    pub fn token_by_hash(&self, hash: &TokenHash) -> Option<TokenNo> {
        self.token_hashes.get(hash).copied()
    }

    /// Every token, oldest first.
    pub fn tokens(&self) -> impl Iterator<Item = &TokenRow> {
        self.tokens.iter()
    }

    /// A branch.
    pub fn branch(&self, branch: BranchNo) -> Option<&Branch> {
        self.branches.get(at(branch.get()))
    }

    /// The branch of a code, whatever its case.
    pub fn branch_by_code(&self, code: &BranchCode) -> Option<&Branch> {
        self.branch(*self.branch_codes.get(&code.as_str().to_ascii_lowercase())?)
    }

    /// Every branch, in the order of creation: parents before children.
    pub fn branches(&self) -> impl Iterator<Item = &Branch> {
        self.branches.iter()
    }

    /// A branch and those above it, from the bottom up.
    pub fn ancestry(&self, branch: BranchNo) -> impl Iterator<Item = BranchNo> + '_ {
        std::iter::successors(Some(branch), |it| self.branch(*it)?.parent)
    }

    /// The home branch of a volunteer as of an entry; none: now.
    pub fn home(&self, passbook: PassbookNo, as_of: Option<EntryNo>) -> Option<BranchNo> {
        let next = as_of.map(|it| (passbook, it.next())..(passbook.next(), EntryNo::FIRST));
        let moved = next.and_then(|it| self.homes.first_in(it)).map(|it| *it.1);
        moved.or_else(|| self.volunteer(passbook).map(|it| it.branch))
    }

    /// The passbook a reference names.
    pub fn resolve(&self, volunteer: VolunteerRef) -> Option<PassbookNo> {
        match volunteer {
            VolunteerRef::Tag(tag) => self.volunteer_tags.get(&tag).copied(),
            VolunteerRef::Passbook(no) => self.volunteer(no).map(|_| no),
        }
    }

    /// The passbook of a person of the vault.
    pub fn passbook_of(&self, volunteer: &VolunteerId) -> Option<PassbookNo> {
        self.volunteer_ids.get(volunteer).copied()
    }

    /// A volunteer.
    pub fn volunteer(&self, passbook: PassbookNo) -> Option<&VolunteerRow> {
        self.volunteers.get(at(passbook.get()))
    }

    /// How many volunteers there are; their passbooks are numbered up to it.
    pub fn volunteer_count(&self) -> usize {
        self.volunteers.len()
    }

    /// How many volunteers there are whose personal data was not erased.
    pub fn people_count(&self) -> u64 {
        let known = self.volunteers.iter().filter(|it| it.tag.is_some()).count();
        u64::try_from(known).unwrap_or(u64::MAX)
    }

    /// Where a passbook stands.
    pub fn passbook(&self, passbook: PassbookNo) -> Option<&PassbookRow> {
        self.passbooks.get(at(passbook.get()))
    }

    /// The lines of a passbook up to an entry, newest first.
    pub fn lines(&self, passbook: PassbookNo, as_of: Option<EntryNo>) -> LinesAsOf<'_> {
        let position = self.passbook(passbook).map_or(0, |it| it.last_line);
        let mut lines = LinesAsOf { ledger: self, position };
        if let Some(as_of) = as_of {
            let mut ahead = lines.clone();
            while ahead.next().is_some_and(|it| as_of < it.entry) {
                lines.position = ahead.position;
            }
        }
        lines
    }

    /// Minutes of a passbook by month and class of service, oldest first.
    pub fn passbook_months(
        &self,
        passbook: PassbookNo,
    ) -> impl Iterator<Item = (Month, &ServiceClass, Minutes)> {
        let numbers = self.numbers(passbook, None);
        let diaries = numbers.filter_map(|it| self.diaries.get(at(it.get())));
        let mut months: Vec<&MonthRow> = diaries.flat_map(|it| &it.months).collect();
        months.sort_by_key(|it| (it.month, it.class));
        months.into_iter().filter_map(|it| {
            let class = self.classes.get(usize::try_from(it.class).ok()?)?;
            Some((it.month, class, it.minutes))
        })
    }

    /// The class of an activity's service in totals.
    pub(crate) fn class_of(&self, activity: ActivityNo) -> Option<&ServiceClass> {
        let class = *self.activity_classes.get(at(activity.get()))?;
        self.classes.get(usize::try_from(class).ok()?)
    }

    /// Minutes of a passbook by calendar year and organising branch.
    pub fn passbook_years(
        &self,
        passbook: PassbookNo,
    ) -> impl Iterator<Item = (i16, BranchNo, Minutes)> + use<> {
        let mut years: BTreeMap<(i16, BranchNo), Minutes> = BTreeMap::new();
        for (month, class, minutes) in self.passbook_months(passbook) {
            let sum = years.entry((month.year(), class.branch)).or_default();
            *sum = sum.plus(minutes).unwrap_or(*sum);
        }
        years.into_iter().map(|((year, branch), minutes)| (year, branch, minutes))
    }

    /// What each branch organised in each year.
    pub fn branch_years(&self) -> impl Iterator<Item = (BranchNo, i16, BranchYear)> + '_ {
        self.branch_years.iter().map(|((branch, year), it)| (*branch, *year, *it))
    }

    /// The bank's own accounts.
    pub fn accounts(&self) -> impl Iterator<Item = (Account, Balance)> + '_ {
        self.accounts.iter().map(|(account, it)| (*account, *it))
    }

    /// The balance of any account.
    pub fn balance(&self, account: Account) -> Balance {
        match account {
            Account::Passbook(no) => self.passbook(no).map_or(Balance::default(), |it| Balance {
                minutes: it.minutes,
                points: it.points,
            }),
            Account::Bank(..) => self.accounts.get(&account).copied().unwrap_or_default(),
        }
    }

    /// An activity.
    pub fn activity(&self, activity: ActivityNo) -> Option<&Activity> {
        self.activities.get(at(activity.get()))
    }

    /// Every activity, oldest first.
    pub fn activities(&self) -> impl DoubleEndedIterator<Item = &Activity> {
        self.activities.iter()
    }

    /// An hours record.
    pub fn record(&self, record: RecordNo) -> Option<&RecordRow> {
        self.records.get(at(record.get()))
    }

    /// How many records there are; they are numbered up to it.
    pub fn record_count(&self) -> usize {
        self.records.len()
    }

    /// The records of a volunteer, newest first.
    pub fn records_of(
        &self,
        passbook: PassbookNo,
    ) -> impl Iterator<Item = (RecordNo, &RecordRow)> + '_ {
        let last = |it| self.passbook(it).and_then(|it| it.last_record);
        self.newest_first(passbook, last, |it| self.record(it).map(|row| (row, row.before)))
    }

    /// Records that wait for an approver, by organising branch and number.
    pub fn pending(&self) -> impl Iterator<Item = (BranchNo, RecordNo)> + '_ {
        self.pending.iter().map(|(key, ())| *key)
    }

    /// Open check-ins.
    pub fn check_ins(&self) -> impl Iterator<Item = (PassbookNo, OpenCheckIn)> + '_ {
        self.check_ins.iter().map(|(passbook, it)| (*passbook, *it))
    }

    /// A volunteer's open check-in.
    pub fn check_in(&self, passbook: PassbookNo) -> Option<OpenCheckIn> {
        self.check_ins.get(&passbook).copied()
    }

    /// What was last said of a total without days, if anything was.
    pub(crate) fn total(&self, passbook: PassbookNo, activity: ActivityNo) -> Option<Total> {
        let totals = self.numbers(passbook, None).filter_map(|it| self.totals.get(&(it, activity)));
        totals.copied().max_by_key(|it| matches!(it, Total::Record(_)))
    }

    /// The record that said this, if it was rejected, or taken back by hand.
    pub(crate) fn taken_back(
        &self,
        passbook: PassbookNo,
        activity: ActivityNo,
        said: (ServiceTime, Minutes),
    ) -> Option<RecordNo> {
        let said = Said::new(said);
        let mut numbers = self.numbers(passbook, None);
        numbers.find_map(|it| self.taken_back.get(&(it, activity, said)).copied())
    }

    /// The records of a volunteer whose time has a minute in common with one, but for `except`.
    pub(crate) fn conflict(
        &self,
        passbook: PassbookNo,
        interval: Interval,
        except: impl Fn(RecordNo) -> bool,
    ) -> Option<AgendaConflict> {
        let slots = self.slots(passbook, interval.start(), interval.end());
        slots
            .filter_map(|(record, start, slot)| match slot {
                Slot::Until(end) => Some((record, Interval::new(start, end).ok()?)),
                Slot::Loose(_) => None,
            })
            .find(|(record, it)| it.overlaps(interval) && !except(*record))
            .map(|(record, interval)| AgendaConflict { record, interval })
    }

    /// Minutes that a volunteer's records take of a day, pending ones included.
    pub(crate) fn minutes_on(
        &self,
        passbook: PassbookNo,
        (from, until): (Minute, Minute),
        except: impl Fn(RecordNo) -> bool,
    ) -> Minutes {
        let slots = self.slots(passbook, from, until).filter(|(record, ..)| !except(*record));
        let minutes = slots.map(|(_, start, slot)| match slot {
            Slot::Until(end) => start.max(from).until(end.min(until)).max(0),
            Slot::Loose(minutes) if start == from => i64::from(minutes),
            Slot::Loose(_) => 0,
        });
        Minutes::new(minutes.fold(0, i64::saturating_add))
    }

    /// A record that takes time of a day.
    pub(crate) fn taking_of(
        &self,
        passbook: PassbookNo,
        (from, until): (Minute, Minute),
    ) -> Option<RecordNo> {
        let takes = |(_, start, slot): &(RecordNo, Minute, Slot)| match slot {
            Slot::Until(end) => from < *end,
            Slot::Loose(_) => *start == from,
        };
        self.slots(passbook, from, until).find(takes).map(|it| it.0)
    }

    /// Records of a volunteer that begin at a minute, or on the day that begins there.
    pub(crate) fn starting_at(
        &self,
        passbook: PassbookNo,
        start: Minute,
    ) -> impl Iterator<Item = (RecordNo, &RecordRow)> + '_ {
        let diaries = self.numbers(passbook, None).filter_map(|it| self.diaries.get(at(it.get())));
        let slots = diaries.flat_map(move |it| it.between(start, start.next()));
        slots.filter_map(|it| Some((it.record, self.record(it.record)?)))
    }

    /// What may reach into a time: nothing lasts longer than a day.
    fn slots(
        &self,
        passbook: PassbookNo,
        from: Minute,
        until: Minute,
    ) -> impl Iterator<Item = (RecordNo, Minute, Slot)> + '_ {
        let diaries = self.numbers(passbook, None).filter_map(|it| self.diaries.get(at(it.get())));
        let slots = diaries.flat_map(move |it| it.between(from.back(1440), until));
        slots.map(|it| (it.record, it.start, it.slot))
    }

    /// The civil date a service counts for: that of its start; of a span, its last day.
    pub fn date_of(&self, time: ServiceTime) -> Option<Date> {
        match time {
            ServiceTime::Interval(it) => Some(self.zone()?.date_of(it.start())),
            ServiceTime::Day(date) => Some(date),
            ServiceTime::Span(span) => Some(span.to()),
        }
    }
}
