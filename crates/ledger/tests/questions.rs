//! What can be asked of a ledger, at its edges: as of an entry, and as of an instant.
#![expect(clippy::unwrap_used, reason = "tests")]

use lovebank_ledger::{
    BatchMode, Command, DEFAULT_RULEBOOK, EntryNo, Ledger, Minutes, Month, PassbookNo, Reason,
    RecordNo, Role, Rulebook, Service, Timestamp, TokenHash, TokenNo, VolunteerRef,
    VolunteerStatus, branch_statistics,
};
use lovebank_testkit::{Town, day, interval, volunteer_id};

/// Volunteer 1 with three lines, each of an entry of its own, and one of volunteer 2 between.
fn town() -> (Town, Vec<EntryNo>) {
    let mut town = Town::new();
    town.volunteer("1", "N1");
    town.volunteer("2", "N1");
    let clerk = town.staff("clerk", Role::Clerk, Some("N1"));
    let approver = town.staff("approver", Role::Approver, Some("N1"));
    town.at("2026-03-10 12:00");
    let mut entries = Vec::new();
    for (volunteer, start) in [("1", "09:00"), ("2", "09:00"), ("1", "10:00")] {
        let service = Service::interval(interval(&format!("2026-03-01 {start}"), 60));
        town.record(clerk, Town::activity("N1", "敬老"), volunteer, service).unwrap();
        entries.push(town.ledger().head().unwrap());
    }
    let records = vec![RecordNo::FIRST];
    let (reason, mode) = (Reason::Other, BatchMode::Atomic);
    town.must(approver, &Command::ReverseHours { records, reason, mode });
    entries.push(town.ledger().head().unwrap());
    (town, entries)
}

#[test]
fn lines_as_of_an_entry_are_those_up_to_it() {
    let (town, entries) = town();
    let lines = |as_of: Option<EntryNo>| -> Vec<u64> {
        town.ledger().lines(PassbookNo::FIRST, as_of).map(|it| it.no.get()).collect()
    };
    assert_eq!(lines(None), [3, 2, 1]);
    let [first, second, third, fourth] = entries.try_into().unwrap();
    assert_eq!(lines(Some(fourth)), [3, 2, 1]);
    assert_eq!(lines(Some(fourth.next())), [3, 2, 1]);
    assert_eq!(lines(Some(third)), [2, 1]);
    assert_eq!(lines(Some(second)), [1]);
    assert_eq!(lines(Some(first)), [1]);
    assert_eq!(lines(EntryNo::new(first.get() - 1).ok()), []);
    assert_eq!(town.ledger().lines(PassbookNo::new(99).unwrap(), None).count(), 0);
}

#[test]
fn the_entry_at_an_instant_is_the_last_recorded_by_then() {
    let (town, _) = town();
    let ledger = town.ledger();
    for (entry, _) in town.journal() {
        let at = entry.recorded_at;
        assert_eq!(ledger.recorded_at(entry.no), Some(at));
        assert_eq!(ledger.entry_at(at), Some(entry.no));
        let before = Timestamp::from_micros(at.micros() - 1);
        assert_eq!(ledger.entry_at(before), EntryNo::new(entry.no.get() - 1).ok());
    }
    assert_eq!(ledger.entry_at(Timestamp::from_micros(i64::MAX)), ledger.head());
    assert_eq!(ledger.entry_at(Timestamp::from_micros(0)), None);
}

#[test]
fn recorded_times_rise_even_where_the_clock_stands_still_or_goes_back() {
    let (mut town, _) = town();
    town.at("2020-01-01 00:00");
    town.volunteer("9", "N1");
    let journal = town.journal().iter().map(|(entry, _)| entry.recorded_at);
    let times: Vec<Timestamp> = journal.collect();
    assert!(times.is_sorted_by(|a, b| a < b));
    assert_eq!(town.breaches(), []);
}

#[test]
fn a_changed_journal_does_not_post() {
    let (town, _) = town();
    let of_lines = |at: usize| town.journal()[at].clone();
    let last = town.journal().len() - 1;
    let mut upper = town.ledger().above();
    let (mut entry, seal) = of_lines(last);
    assert!(upper.post(&entry, seal).is_err(), "its number is taken");
    entry.no = upper.next_entry();
    assert!(town.ledger().above().post(&entry, seal).is_err(), "it names another seal");
    entry.previous = upper.seal();
    assert!(town.ledger().above().post(&entry, seal).is_err(), "its time does not rise");
    entry.recorded_at = Timestamp::from_micros(entry.recorded_at.micros() + 1_000_000);
    assert!(town.ledger().above().post(&entry, seal).is_err(), "its request made an entry");
}

#[test]
fn people_are_known_by_number_person_and_passbook_until_they_are_erased() {
    let (mut town, _) = town();
    let (one, two) = (PassbookNo::FIRST, PassbookNo::FIRST.next());
    let person = |town: &Town, no| town.ledger().volunteer(no).unwrap().volunteer;
    for no in [one, two] {
        assert_eq!(town.ledger().passbook_of(&person(&town, no)), Some(no));
    }
    assert_eq!(town.ledger().passbook_of(&volunteer_id(99)), None);
    assert_eq!((town.ledger().people_count(), town.ledger().volunteer_count()), (2, 2));
    let approver = town.staff("approver-2", Role::Approver, None);
    let volunteer = Town::volunteer_ref("2");
    let status = VolunteerStatus::Closed;
    town.must(approver, &Command::SetVolunteerStatus { volunteer, status });
    town.must(approver, &Command::ErasePerson { volunteer });
    // The number is free, the passbook stays, and whose it was the vault alone has forgotten.
    let ledger = town.ledger();
    assert_eq!((ledger.people_count(), ledger.volunteer_count()), (1, 2));
    assert_eq!(ledger.resolve(volunteer), None);
    assert_eq!(ledger.resolve(VolunteerRef::Passbook(two)), Some(two));
    let (head, before) = (ledger.head().unwrap(), ledger.head().unwrap().get() - 1);
    assert!(ledger.is_erased(two, head) && !ledger.is_erased(two, EntryNo::new(before).unwrap()));
    assert!(!ledger.is_erased(one, head));
}

#[test]
fn a_token_is_known_by_its_secret_alone_and_the_bank_by_its_name() {
    let (town, _) = town();
    let ledger = town.ledger();
    assert_eq!(ledger.bank_name(), Some("爱心银行"));
    assert_eq!(Ledger::default().bank_name(), None);
    for (no, row) in (1..).zip(ledger.tokens()) {
        assert_eq!(ledger.token_by_hash(&row.grant.hash), TokenNo::new(no).ok());
        assert_eq!(row.grant.no.get(), no);
    }
    assert_eq!(ledger.token_by_hash(&TokenHash::new([0xff; 32])), None);
}

#[test]
fn a_passbook_has_its_minutes_by_the_month_of_the_service() {
    let mut town = Town::new();
    town.volunteer("1", "N1");
    let clerk = town.staff("clerk", Role::Clerk, Some("N1"));
    town.at("2026-03-10 12:00");
    for (start, minutes) in [
        ("2025-12-31 09:00", 60),
        // Across midnight: of the day it began on.
        ("2025-12-31 23:30", 90),
        ("2026-01-31 09:00", 30),
        ("2026-03-01 09:00", 45),
        ("2026-03-02 09:00", 15),
    ] {
        let service = Service::interval(interval(start, minutes));
        town.record(clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
    }
    let months = town.ledger().passbook_months(PassbookNo::FIRST);
    let months: Vec<_> = months.map(|it| (it.0.year(), it.0.index(), it.2.get())).collect();
    assert_eq!(months, [(2025, 11, 150), (2026, 0, 30), (2026, 2, 60)]);
    assert_eq!(Month::of(day("2025-12-01")).next(), Month::of(day("2026-01-31")));
    let years = town.ledger().passbook_years(PassbookNo::FIRST);
    assert_eq!(years.map(|it| (it.0, it.2.get())).collect::<Vec<_>>(), [(2025, 150), (2026, 90)]);
}

#[test]
fn before_the_first_rulebook_its_rules_decide() {
    let (mut town, _) = town();
    let text = DEFAULT_RULEBOOK.replace("at_once_minutes = 480", "at_once_minutes = 479");
    let rulebook = Rulebook::parse(&text).unwrap();
    let in_force_from = day("2026-04-01");
    town.must(town.operator(), &Command::AdoptRulebook { in_force_from, rulebook });
    let version = |date| town.ledger().rulebook_on(day(date)).unwrap().version.get();
    assert_eq!(version("1999-12-31"), 1, "the bank took over hours from before it");
    assert_eq!((version("2026-03-31"), version("2026-04-01")), (1, 2));
}

#[test]
fn a_month_in_which_as_much_was_deducted_as_served_is_told_with_who_served() {
    let mut town = Town::new();
    let clerk = town.staff("clerk", Role::Clerk, Some("N1"));
    let approver = town.staff("approver", Role::Approver, Some("N1"));
    town.at("2026-03-10 12:00");
    for (who, start) in
        [("1", "2026-02-01 09:00"), ("1", "2026-01-01 09:00"), ("2", "2026-01-01 09:00")]
    {
        if town.ledger().resolve(Town::volunteer_ref(who)).is_none() {
            town.volunteer(who, "N1");
        }
        let service = Service::interval(interval(start, 60));
        town.record(clerk, Town::activity("N1", "敬老"), who, service).unwrap();
    }
    // Of February one hour was not served: nothing of it is left. In January 1 served, and 2 lost
    // an hour more than was served.
    let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
    let records = vec![RecordNo::FIRST];
    town.must(approver, &Command::ReverseHours { records, reason, mode });
    let (volunteer, activity) = (Town::volunteer_ref("2"), Town::activity("N1", "敬老"));
    let service = Service::day(day("2026-01-02"), Minutes::new(-120));
    town.must(approver, &Command::DeductHours { volunteer, activity, service, reason });
    let told = branch_statistics(town.ledger(), 2026, None, None);
    let rows = told.rows.iter().map(|(it, row)| (it.0.index(), row.minutes.get(), row.volunteers));
    assert_eq!(rows.collect::<Vec<_>>(), [(0, 0, 1)]);
    assert_eq!((told.minutes.get(), told.volunteers, told.branches.len()), (0, 1, 0));
}
