//! A street whose journal can be forged.

use lovebank_ledger::{
    About, Account, BranchNo, Credit, Entry, EntryNo, Event, Fingerprint, LineKind, LineNo,
    LotMove, Minutes, NewRecord, PassbookNo, Points, Posting, Provenance, Purpose, RecordNo, Role,
    Service, ServiceTime, Standing, TokenNo,
};
use lovebank_testkit::{Town, interval};

/// An hour of service, and what it earns.
pub(crate) const HOUR: (i64, i64) = (60, 100);

pub(crate) struct Street {
    pub(crate) town: Town,
    pub(crate) clerk: TokenNo,
    pub(crate) approver: TokenNo,
}

impl Street {
    /// Volunteer 1 served from nine to ten on 2026-03-01: record 1, line 1.
    pub(crate) fn new() -> Self {
        let mut town = Town::new();
        town.volunteer("1", "N1");
        let clerk = town.staff("clerk", Role::Clerk, Some("NW"));
        let approver = town.staff("approver", Role::Approver, Some("NW"));
        town.at("2026-03-10 09:00");
        let service = Service::interval(interval("2026-03-01 09:00", 60));
        town.record(clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
        let it = Self { town, clerk, approver };
        it.found(&[]);
        it
    }

    /// An entry after the head that nobody decided.
    pub(crate) fn entry(&mut self, event: Event, postings: Vec<Posting>) -> Entry {
        let mut entry = self.town.journal().last().unwrap().0.clone();
        entry.no = self.town.ledger().next_entry();
        entry.previous = self.town.ledger().seal();
        entry.recorded_at = entry.recorded_at.next();
        entry.request = self.town.fresh_request();
        entry.fingerprint = Fingerprint::new([0; 16]);
        (entry.event, entry.postings) = (event, postings);
        entry
    }

    /// Posts an entry that nobody decided.
    pub(crate) fn forge(&mut self, event: Event, postings: Vec<Posting>) {
        let entry = self.entry(event, postings);
        self.town.post(entry);
    }

    /// Why an entry that nobody decided is not posted.
    pub(crate) fn not_posted(&mut self, event: Event, postings: Vec<Posting>) -> &'static str {
        let entry = self.entry(event, postings);
        self.town.ledger().above().post(&entry, entry.previous).unwrap_err().what
    }

    /// A line of volunteer 1, against the branch's issuance.
    pub(crate) fn line(
        &self,
        (kind, about): (LineKind, About),
        (minutes, points): (i64, i64),
        lots: Vec<LotMove>,
    ) -> Vec<Posting> {
        let (ledger, branch) = (self.town.ledger(), BranchNo::new(4).unwrap());
        let leg = |account, about, minutes, points| {
            let before = ledger.balance(account);
            let (minutes, points) = (Minutes::new(minutes), Points::from_hundredths(points));
            let minutes_after = before.minutes.plus(minutes).unwrap();
            let points_after = before.points.plus(points).unwrap();
            let (line, lots) = (None, Vec::new());
            Posting {
                account,
                kind,
                minutes,
                minutes_after,
                points,
                points_after,
                line,
                about,
                lots,
            }
        };
        let lines = ledger.passbook(PassbookNo::FIRST).unwrap().lines;
        let mut own = leg(Account::Passbook(PassbookNo::FIRST), Some(about), minutes, points);
        own.line = Some(LineNo::new(u64::from(lines) + 1).unwrap());
        own.lots = lots;
        vec![own, leg(Account::Bank(branch, Purpose::Issuance), None, -minutes, -points)]
    }

    /// A record of volunteer 1 as an entry makes it; it credits what is said.
    pub(crate) fn record(&self, time: ServiceTime, (minutes, points): (i64, i64)) -> NewRecord {
        let ledger = self.town.ledger();
        let first = ledger.record(RecordNo::FIRST).unwrap();
        let no = u64::try_from(ledger.record_count()).unwrap() + 1;
        let points = Points::from_hundredths(points);
        NewRecord {
            no: RecordNo::new(no).unwrap(),
            index: 0,
            passbook: PassbookNo::FIRST,
            activity: first.activity,
            time,
            date: ledger.date_of(time).unwrap(),
            minutes: Minutes::new(minutes),
            provenance: Provenance::Clerk,
            standing: Standing::Posted(Credit { points, overflow: Points::ZERO }),
            forgotten: false,
            evaluation: None,
            help: None,
        }
    }

    /// Forges that a record was made, with lines that are said apart.
    pub(crate) fn forge_record(&mut self, it: NewRecord, lines: Option<(i64, i64)>) {
        let said = (LineKind::Earned, About::Record(it.no));
        let postings = lines.map(|amounts| self.line(said, amounts, Vec::new()));
        self.forge(made(it), postings.unwrap_or_default());
    }

    /// Forges a record as it would have been decided, but for the rules about time.
    pub(crate) fn serve(&mut self, time: ServiceTime, minutes: i64) {
        self.forge_record(self.record(time, (minutes, 0)), Some((minutes, 0)));
    }

    /// What the checker says, all of it.
    pub(crate) fn found(&self, expected: &[(u8, &str)]) {
        let found = self.town.breaches();
        let found: Vec<_> = found.iter().map(|it| (it.invariant, it.what.as_str())).collect();
        assert_eq!(found, expected);
    }

    pub(crate) fn head(&self) -> EntryNo {
        self.town.ledger().head().unwrap()
    }
}

/// The event of a record.
pub(crate) fn made(record: NewRecord) -> Event {
    Event::HoursRecorded { activities: Vec::new(), records: vec![record], refused: Vec::new() }
}
