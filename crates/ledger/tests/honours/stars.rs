//! Stars are reached, given, written down and taken back; certificates say what is held.

use lovebank_ledger::{
    BatchMode, CertificateKind, CertificateOf, Command, Days, HonourCommand, HonourItem,
    HonourLevel, HonourNo, LineKind, Minutes, PassbookNo, Reason, RecordNo, Refusal, Role,
    StarItem, Title,
    recognition::{Ages, Reaching},
};
use lovebank_testkit::day;

use crate::town::{Street, name, who};

fn star(scheme: &str, year: i16, items: &[(&str, u8, Option<u8>)]) -> HonourCommand {
    let items = items.iter().map(|(number, level, age)| StarItem {
        volunteer: who(number),
        level: *level,
        age: *age,
    });
    let (items, mode) = (items.collect(), BatchMode::Atomic);
    HonourCommand::AwardStars { scheme: name(scheme), year, items, mode }
}

fn no(no: u64) -> HonourNo {
    HonourNo::new(no).unwrap()
}

#[test]
fn a_star_is_given_to_those_who_reached_it_and_is_theirs() {
    let mut street = Street::new();
    let approver = street.approver;
    for month in ["2026-01", "2026-02"] {
        street.served("1", month, 50);
    }
    let missing = "minutes_total = 0, >= 6000".to_owned();
    let refused = street.ask(approver, star("national", 2026, &[("2", 1, None)]));
    assert_eq!(refused, Err(Refusal::StarNotReached { star: 1, missing }));
    let refused = street.ask(approver, star("national", 2026, &[("1", 6, None)]));
    assert_eq!(refused, Err(Refusal::StarUnknown { star: 6 }));
    let refused = street.ask(approver, star("none", 2026, &[("1", 1, None)]));
    assert_eq!(refused, Err(Refusal::SchemeUnknown { scheme: name("none") }));

    // The list of candidates says the same.
    {
        let ledger = street.town.ledger();
        let rules = &ledger.rulebook_on(day("2026-12-07")).unwrap().rules;
        let scheme = rules.scheme(&name("national")).unwrap();
        let moment = (2026, day("2026-12-07"), ledger.head().unwrap());
        let reaching = Reaching::new(ledger, scheme, moment, Ages::default()).unwrap();
        let found = reaching.candidates(None);
        let seen: Vec<_> = found.iter().map(|it| (it.passbook.get(), it.star.level)).collect();
        assert_eq!(seen, [(1, 1)]);
    }
    street.must(approver, star("national", 2026, &[("1", 1, None)]));
    assert_eq!(street.lines(1), [(LineKind::Honoured, no(1))]);
    let again = street.ask(approver, star("national", 2026, &[("1", 1, None)]));
    assert_eq!(again, Err(Refusal::HonourHeld { honour: no(1) }));

    // What is taken back later does not take the star away behind anyone's back.
    let records = vec![RecordNo::new(1).unwrap()];
    let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
    street.town.must(approver, &Command::ReverseHours { records, reason, mode });
    let row = street.town.ledger().honour(no(1)).unwrap();
    assert!(row.revoked.is_none());
    street.must(approver, HonourCommand::RevokeHonour { honour: no(1), reason });
    assert_eq!(street.lines(1), [(LineKind::Honoured, no(1)), (LineKind::Revoked, no(1))]);
    let twice = street.ask(approver, HonourCommand::RevokeHonour { honour: no(1), reason });
    assert_eq!(twice, Err(Refusal::HonourRevoked { honour: no(1) }));
}

#[test]
fn the_approver_that_the_scheme_names_gives_the_star_and_nobody_the_own() {
    let mut street = Street::new();
    for month in ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"] {
        street.served("1", month, 20);
    }
    let longgang = || star("longgang-2023", 2026, &[("1", 1, None)]);
    let community = street.town.staff("community", Role::Approver, Some("N1"));
    let refused = street.ask(community, longgang());
    assert!(matches!(refused, Err(Refusal::OutOfScope { .. })), "{refused:?}");
    let own = {
        use lovebank_ledger::{NewGrant, NewScope};
        let scope = NewScope::Volunteer(who("1"));
        let own = NewGrant { role: Role::Volunteer, scope };
        let staff = NewGrant { role: Role::Approver, scope: NewScope::Bank };
        street.town.token("both", vec![own, staff])
    };
    assert_eq!(street.ask(own, longgang()), Err(Refusal::OwnPassbook));
    let approver = street.approver;
    street.must(approver, longgang());

    // Six months in a row, or not.
    street.served("2", "2026-01", 50);
    street.served("2", "2026-06", 50);
    let refused = street.ask(approver, star("longgang-2023", 2026, &[("2", 1, None)]));
    let missing = "continuous_months = 1, >= 6".to_owned();
    assert_eq!(refused, Err(Refusal::StarNotReached { star: 1, missing }));
}

#[test]
fn stars_of_a_year_go_by_age() {
    let mut street = Street::new();
    let approver = street.approver;
    street.served("1", "2026-03", 60);
    let refused = street.ask(approver, star("pvsa", 2026, &[("1", 2, Some(12))]));
    let missing = "minutes = 3600, >= 4500".to_owned();
    assert_eq!(refused, Err(Refusal::StarNotReached { star: 2, missing }));
    let refused = street.ask(approver, star("pvsa", 2026, &[("1", 1, None)]));
    assert!(matches!(refused, Err(Refusal::StarNotReached { star: 1, .. })));
    street.must(approver, star("pvsa", 2026, &[("1", 2, Some(10))]));
    let title = &street.town.ledger().honour(no(1)).unwrap().honour.title;
    assert_eq!(*title, Title::Star { scheme: name("pvsa"), level: 2, year: Some(2026) });
    let refused = street.ask(approver, star("pvsa", 2028, &[("1", 1, Some(10))]));
    assert_eq!(refused, Err(Refusal::YearNotBegun { year: 2028 }));
}

#[test]
fn honours_from_elsewhere_are_written_down_once() {
    let mut street = Street::new();
    let officer = street.officer;
    let level = HonourLevel::City;
    let title = Title::Award { programme: name("hundred"), year: 2024, level };
    let record = |given| {
        let item = HonourItem { volunteer: who("1"), title: title.clone(), given };
        HonourCommand::RecordHonours { items: vec![item], mode: BatchMode::Atomic }
    };
    let refused = street.ask(officer, record(day("2026-12-08")));
    assert!(matches!(refused, Err(Refusal::Future { .. })));
    street.must(officer, record(day("2024-12-05")));
    let again = street.ask(officer, record(day("2024-12-06")));
    assert_eq!(again, Err(Refusal::HonourHeld { honour: no(1) }));
    let unknown = HonourCommand::RevokeHonour { honour: no(9), reason: Reason::Other };
    assert_eq!(street.ask(officer, unknown), Err(Refusal::HonourUnknown { honour: no(9) }));
}

#[test]
fn a_certificate_says_what_the_journal_says() {
    let mut street = Street::new();
    let clerk = street.clerk;
    street.served("1", "2026-03", 9);
    street.served("1", "2025-12", 3);
    let days = |from, until| Days { from: day(from), until: day(until) };
    let year = days("2026-01-01", "2026-12-31");
    let issue = |number: &str, of| HonourCommand::IssueCertificate { volunteer: who(number), of };
    street.must(clerk, issue("1", CertificateOf::Service(year)));
    let first = lovebank_ledger::CertificateNo::FIRST;
    let row = street.town.ledger().certificate(first);
    let certificate = row.unwrap().certificate;
    assert_eq!(certificate.passbook, PassbookNo::new(1).unwrap());
    let kind = CertificateKind::Service { days: year, minutes: 540, services: 9 };
    assert_eq!((certificate.kind, certificate.issued), (kind, day("2026-12-07")));
    let sum = lovebank_ledger::served(street.town.ledger(), certificate.passbook, year, None);
    assert_eq!(sum.minutes, Minutes::new(540));

    let none = days("2024-01-01", "2024-12-31");
    let refused = street.ask(clerk, issue("1", CertificateOf::Service(none)));
    assert_eq!(refused, Err(Refusal::NothingServed { from: none.from, until: none.until }));
    let refused = street.ask(clerk, issue("1", CertificateOf::Honour(no(1))));
    assert_eq!(refused, Err(Refusal::HonourUnknown { honour: no(1) }));
    let own = street.town.own_token("v2", "2");
    let refused = street.ask(own, issue("1", CertificateOf::Service(year)));
    assert_eq!(refused, Err(Refusal::NotYourPassbook));
}
