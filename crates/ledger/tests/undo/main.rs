//! Undoing one import out of many: every total is that of a bank that never took it in.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod edges;

use std::collections::BTreeMap;

use lovebank_ledger::{
    Account, ActivityName, BatchKey, Command, DEFAULT_RULEBOOK, Event, ImportHours, ImportPart,
    ImportRow, Minutes, PassbookNo, Points, Purpose, Role, RowService, RowVerdict, TokenNo,
    UNDO_MAX,
};
use lovebank_testkit::{Bank as Books, Town, day, interval, zone};
use proptest::{collection::vec, prelude::*, sample::Index};

/// A row: who, at what, how it says the time, and how long.
type Said = (u8, u8, u8, i8);

/// Files, each in parts.
type Files = Vec<Vec<Vec<Said>>>;

const ACTIVITIES: [&str; 3] = ["敬老", "扫街", "巡河"];

/// A town, who takes in, and who undoes.
struct Bank {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
}

impl Bank {
    fn new() -> Self {
        Self::within(Town::new())
    }

    /// A bank where points expire two months after that in which they came.
    fn expiring() -> Self {
        let rules = "[passbook]\npoints_expire_months = 2";
        let rulebook = DEFAULT_RULEBOOK.replace("[passbook]", rules);
        Self::within(Town::within(Books::with(zone(), &rulebook)))
    }

    fn within(mut town: Town) -> Self {
        for no in 1..=4_u8 {
            town.volunteer(&no.to_string(), "N1");
        }
        let clerk = town.staff("street", Role::Approver, Some("NW"));
        let approver = town.staff("approver", Role::Approver, Some("N1"));
        town.at("2026-03-10 12:00");
        Self { town, clerk, approver }
    }

    fn took(mut self, files: &Files, gone: &[usize]) -> Self {
        for (no, file) in files.iter().enumerate().filter(|(no, _)| !gone.contains(no)) {
            self.take(no, file);
        }
        self
    }

    /// The clock goes on, and what is due by then is settled.
    fn at(&mut self, time: &str) {
        self.town.at(time);
        while self.town.ask_as(None, &Command::SettleDue).is_ok() {}
    }

    fn take(&mut self, file: usize, parts: &[Vec<Said>]) {
        let mut line = 0;
        for (part, rows) in (0..).zip(parts) {
            let last = usize::try_from(part).unwrap() + 1 == parts.len();
            let rows = rows.iter().map(|it| {
                row(*it, {
                    line += 1;
                    line
                })
            });
            let part = ImportPart { batch: key(file), part, last, file: None };
            let command = Command::ImportHours(ImportHours {
                part,
                branch: Town::code("N1"),
                opening: false,
                span: Some(
                    lovebank_ledger::Span::new(day("2025-01-01"), day("2025-12-31")).unwrap(),
                ),
                rows: rows.collect(),
            });
            let entry = self.town.ask(self.clerk, &command).unwrap();
            let Event::HoursImported { rows, .. } = &entry.event else { panic!("an import") };
            // A refused row would be judged otherwise in a bank that lacks another sheet.
            let refused = |it: &RowVerdict| matches!(it, RowVerdict::Refused(_));
            assert!(!rows.iter().any(|it| refused(&it.verdict)), "{rows:?}");
        }
    }

    /// Undoes a file to its end; how many entries that took.
    fn undo(&mut self, file: usize) -> usize {
        let command = Command::UndoImport { batch: key(file), debts: true };
        for entries in 1.. {
            let entry = self.town.ask(self.approver, &command).unwrap();
            let Event::ImportUndone { last, looked_at, .. } = &entry.event else {
                panic!("undone")
            };
            assert!(usize::try_from(*looked_at).unwrap() <= UNDO_MAX);
            if *last {
                return entries;
            }
        }
        unreachable!()
    }

    /// Every total that is not zero, and what stands.
    fn totals(&self) -> BTreeMap<String, String> {
        let ledger = self.town.ledger();
        let mut totals = BTreeMap::new();
        let mut say = |what: String, (minutes, points): (Minutes, Points)| {
            if !minutes.is_zero() || !points.is_zero() {
                totals.insert(what, format!("{minutes} {points}"));
            }
        };
        for no in (1..=4_u64).map(|it| PassbookNo::new(it).unwrap()) {
            let row = ledger.passbook(no).unwrap();
            say(format!("passbook {no}"), (row.minutes, row.points));
            for (year, branch, minutes) in ledger.passbook_years(no) {
                say(format!("{year} of {no} at {branch}"), (minutes, Points::ZERO));
            }
            for (month, _, minutes) in ledger.passbook_months(no) {
                say(format!("{month:?} of {no}"), (minutes, Points::ZERO));
            }
        }
        for (branch, year, it) in ledger.branch_years() {
            say(format!("{year} of {branch}"), (it.minutes, it.points));
        }
        for (account, it) in ledger.accounts() {
            say(format!("{account:?}"), (it.minutes, it.points));
        }
        totals
    }

    /// Every total in minutes, and in points what was ever issued and moved; points that are in
    /// a passbook and points that expired are one sum.
    fn without_expiry(&self) -> (BTreeMap<String, Minutes>, BTreeMap<String, Points>) {
        let ledger = self.town.ledger();
        let (mut minutes, mut points) = (BTreeMap::new(), BTreeMap::<_, Points>::new());
        let mut add = |name: String, it: Points| {
            let sum = points.entry(name).or_insert(Points::ZERO);
            *sum = sum.plus(it).unwrap();
        };
        for (account, it) in ledger.accounts() {
            let expired = matches!(account, Account::Bank(_, Purpose::Expired));
            let name = format!("{account:?}");
            minutes.insert(name.clone(), it.minutes);
            add(if expired { "people".to_owned() } else { name }, it.points);
        }
        for no in (1..=4_u64).map(|it| PassbookNo::new(it).unwrap()) {
            let row = ledger.passbook(no).unwrap();
            minutes.insert(format!("passbook {no}"), row.minutes);
            add("people".to_owned(), row.points);
            for (year, branch, it) in ledger.passbook_years(no) {
                minutes.insert(format!("{year} of {no} at {branch}"), it);
            }
        }
        for (branch, year, it) in ledger.branch_years() {
            minutes.insert(format!("{year} of {branch}"), it.minutes);
        }
        minutes.retain(|_, it| !it.is_zero());
        points.retain(|_, it| !it.is_zero());
        (minutes, points)
    }
}

fn key(file: usize) -> BatchKey {
    BatchKey::new([u8::try_from(file).unwrap() + 1; 32])
}

/// Times never collide, and no day is over the ladder.
fn row((who, activity, way, size): Said, line: u32) -> ImportRow {
    let minutes = i64::from(size) * 30;
    let service = match way % 3 {
        0 => RowService::Total(Minutes::new(minutes)),
        // Of a day nothing says zero: that would be refused where nothing stands.
        1 if minutes == 0 => RowService::Day(day("2026-02-01"), Minutes::new(30)),
        1 => RowService::Day(day("2026-02-01"), Minutes::new(minutes)),
        _ => {
            let start = ["2026-03-01 09:00", "2026-03-02 09:00", "2026-03-03 09:00"];
            RowService::Interval(interval(
                start[usize::from(activity) % 3],
                minutes.max(30).try_into().unwrap(),
            ))
        }
    };
    ImportRow {
        line,
        volunteer: Town::volunteer_ref(&(who % 4 + 1).to_string()),
        name: ActivityName::new(ACTIVITIES[usize::from(activity) % 3]).unwrap(),
        category: None,
        place: None,
        service,
    }
}

fn files() -> impl Strategy<Value = Files> {
    vec(vec(vec((0..4_u8, 0..3_u8, 0..3_u8, -2..4_i8), 1..6), 1..3), 2..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// One is undone, then another, in whatever order they came.
    #[test]
    fn totals_are_those_of_a_bank_that_never_took_it_in(
        files in files(), first in any::<Index>(), second in any::<Index>()
    ) {
        let first = first.index(files.len());
        let second = second.index(files.len());
        let mut bank = Bank::new().took(&files, &[]);
        let mut gone = vec![first];
        bank.undo(first);
        prop_assert_eq!(bank.totals(), never(&files, &gone));
        if first != second {
            gone.push(second);
            bank.undo(second);
            prop_assert_eq!(bank.totals(), never(&files, &gone));
        }
        prop_assert_eq!(bank.town.breaches(), []);
        // What comes after an undo may be undone too.
        bank.take(20, &files[first]);
        bank.undo(20);
        prop_assert_eq!(bank.totals(), never(&files, &gone));
        prop_assert_eq!(bank.town.breaches(), []);
    }

    /// Where points expire, an undo in time leaves the totals of a bank that never took it in;
    /// one that comes too late leaves its minutes, and owes what expired. What had only been
    /// owed comes back in no lot: so what expires later may be less.
    #[test]
    fn points_that_expired_meanwhile_are_owed_and_minutes_are_as_if_it_never_came(
        files in files(), first in any::<Index>(), second in any::<Index>()
    ) {
        let first = first.index(files.len());
        let second = second.index(files.len());
        let mut bank = Bank::expiring().took(&files, &[]);
        bank.undo(first);
        let mut gone = vec![first];
        let mut other = Bank::expiring().took(&files, &gone);
        prop_assert_eq!(bank.totals(), other.totals());
        bank.at("2026-06-01 00:00");
        other.at("2026-06-01 00:00");
        prop_assert_eq!(bank.without_expiry(), other.without_expiry());
        if first != second {
            gone.push(second);
            bank.undo(second);
            let mut never = Bank::expiring().took(&files, &gone);
            never.at("2026-06-01 00:00");
            prop_assert_eq!(bank.without_expiry(), never.without_expiry());
            // What came back expires in its turn.
            bank.at("2026-09-01 00:00");
            prop_assert_eq!(bank.without_expiry(), never.without_expiry());
        }
        prop_assert_eq!(bank.town.breaches(), []);
    }

    /// The same file as another batch brings back what it had brought.
    #[test]
    fn a_file_taken_in_again_counts_as_the_last(files in files(), which in any::<Index>()) {
        let which = which.index(files.len());
        let mut bank = Bank::new().took(&files, &[]);
        bank.undo(which);
        bank.take(20, &files[which]);
        let mut other = Bank::new().took(&files, &[which]);
        other.take(20, &files[which]);
        prop_assert_eq!(bank.totals(), other.totals());
        prop_assert_eq!(bank.town.breaches(), []);
    }
}

/// The totals of a bank that never took some files in.
fn never(files: &Files, gone: &[usize]) -> BTreeMap<String, String> {
    Bank::new().took(files, gone).totals()
}

#[test]
fn one_of_sixty_goes_and_the_others_stand() {
    let said = |file: u8, no: u8| -> Said {
        let size = i8::try_from((u32::from(file) * 7 + u32::from(no) * 5) % 6).unwrap() - 2;
        (no, no / 4, file % 3, size)
    };
    let file = |file: u8| vec![(0..12).map(|no| said(file, no)).collect::<Vec<_>>()];
    let files: Files = (0..60).map(file).collect();
    for gone in [0, 29, 59] {
        let mut bank = Bank::new().took(&files, &[]);
        let before = bank.totals();
        bank.undo(gone);
        assert_eq!(bank.totals(), never(&files, &[gone]), "{gone}");
        assert!(gone < 59 || before != bank.totals(), "the last one counted");
        assert_eq!(bank.town.breaches(), []);
    }
}

#[test]
fn a_large_batch_is_undone_in_bounded_parts() {
    let mut bank = Bank::new();
    // Each at an activity of its own, so that each is a thing of its own.
    let rows: Vec<ImportRow> = (1..=2500_u32)
        .map(|line| ImportRow {
            name: ActivityName::new(&format!("活动{line}")).unwrap(),
            ..row((u8::try_from(line % 4).unwrap(), 0, 0, 1), line)
        })
        .collect();
    for (part, rows) in (0..).zip(rows.chunks(1000)) {
        let part = ImportPart { batch: key(0), part, last: part == 2, file: None };
        let span = lovebank_ledger::Span::new(day("2025-01-01"), day("2025-12-31")).unwrap();
        let (branch, rows) = (Town::code("N1"), rows.to_vec());
        let import = ImportHours { part, branch, opening: false, span: Some(span), rows };
        bank.town.must(bank.clerk, &Command::ImportHours(import));
    }
    let moved = bank.town.ledger().import(&key(0)).unwrap().moved;
    assert_eq!(moved.minutes, Minutes::new(2500 * 30));
    let head = |bank: &Bank| bank.town.ledger().head().unwrap();
    assert_eq!(bank.town.ledger().import(&key(0)).unwrap().last, head(&bank));
    // Each of the four volunteers has 625 of them: two do not go into one entry.
    assert_eq!(bank.undo(0), 4);
    assert!(bank.totals().is_empty());
    let batch = bank.town.ledger().import(&key(0)).unwrap();
    let undo = batch.undo.unwrap();
    assert_eq!((undo.done, undo.taken_back, undo.restored), (true, 2500, 0));
    assert_eq!((undo.first < undo.last, undo.last), (true, head(&bank)));
    assert_eq!(undo.moved.minutes, moved.minutes.negated());
    assert_eq!(bank.town.breaches(), []);
}

#[test]
fn as_many_as_go_into_an_entry_are_undone_by_one() {
    for (more, entries) in [(0, 1), (1, 2)] {
        let mut bank = Bank::new();
        let line = |no: usize| u32::try_from(no + 1).unwrap();
        let row = |no: usize| ImportRow {
            name: ActivityName::new(&format!("活动{no}")).unwrap(),
            ..row((u8::try_from(no % 4).unwrap(), 0, 0, 1), line(no))
        };
        let rows: Vec<ImportRow> = (0..UNDO_MAX + more).map(row).collect();
        let parts = rows.chunks(UNDO_MAX);
        let last = parts.len() - 1;
        for (no, rows) in parts.enumerate() {
            let part = u32::try_from(no).unwrap();
            let part = ImportPart { batch: key(0), part, last: no == last, file: None };
            let span = lovebank_ledger::Span::new(day("2025-01-01"), day("2025-12-31")).unwrap();
            let (branch, rows) = (Town::code("N1"), rows.to_vec());
            let import = ImportHours { part, branch, opening: false, span: Some(span), rows };
            bank.town.must(bank.clerk, &Command::ImportHours(import));
        }
        assert_eq!(bank.undo(0), entries, "{more} more than go into one");
        assert!(bank.totals().is_empty());
    }
}
