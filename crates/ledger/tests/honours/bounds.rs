//! Honours at their bounds: who may, until when, how many, and what is the same honour.

use lovebank_ledger::{
    BatchMode, CertificateKind, CertificateNo, CertificateOf, Command, HonourCommand, HonourItem,
    HonourLevel, HonourNo, HoursItem, NewVolunteer, Provenance, Reason, RecordHours, Refusal, Role,
    Service, Title, WINNERS_MAX,
    recognition::{Ages, Reaching},
};
use lovebank_testkit::{Town, day, interval, number, volunteer_id};

use crate::town::{Street, create, name, run_no, who};

fn no(no: u64) -> HonourNo {
    HonourNo::new(no).unwrap()
}

fn award(year: i16) -> Title {
    Title::Award { programme: name("hundred"), year, level: HonourLevel::City }
}

fn record(given: &str, items: &[(&str, Title)], mode: BatchMode) -> HonourCommand {
    let item = |(number, title): &(&str, Title)| HonourItem {
        volunteer: who(number),
        title: title.clone(),
        given: day(given),
    };
    HonourCommand::RecordHonours { items: items.iter().map(item).collect(), mode }
}

#[test]
fn a_run_of_the_whole_bank_is_made_by_who_is_officer_of_all_of_it() {
    let mut street = Street::new();
    for number in ["1", "4"] {
        street.served(number, "2026-03", 6);
        street.served(number, "2026-04", 6);
    }
    let bank_wide = street.town.staff("bank-officer", Role::AwardOfficer, None);
    assert!(matches!(
        street.ask(street.officer, create("best", None)),
        Err(Refusal::BankWideOnly { .. })
    ));
    street.must(bank_wide, create("best", None));
    assert_eq!(street.chosen(1), [(1, 1), (4, 1)]);
    let publish = HonourCommand::PublishRun { run: run_no(1) };
    assert!(matches!(
        street.ask(street.officer, publish.clone()),
        Err(Refusal::BankWideOnly { .. })
    ));
    street.must(bank_wide, publish);
}

#[test]
fn a_final_run_ends_its_own_programme_and_year_for_its_own_branch_alone() {
    let all = |name| {
        format!("[programmes.{name}]\nenglish = \"a\"\nchinese = \"甲\"\nlevel = \"street\"\n")
    };
    let mut street = Street::with(&[all("one"), all("other")].concat());
    let officer = street.officer;
    street.must(officer, create("one", Some("NW")));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    street.town.at("2026-12-20 09:00");
    street.must(officer, HonourCommand::FinalizeRun { run: run_no(1) });
    for branch in ["LG", "NW", "N1"] {
        let again = street.ask(officer, create("one", Some(branch)));
        assert_eq!(again, Err(Refusal::RunFinal { run: run_no(1) }), "{branch}");
    }
    street.must(officer, create("one", Some("BJ")));
    street.must(officer, create("other", Some("NW")));
    let mut next = create("one", Some("NW"));
    if let HonourCommand::CreateRun { year, .. } = &mut next {
        *year = 2025;
    }
    street.must(officer, next);
}

#[test]
fn objections_are_heard_on_the_last_day_and_not_on_the_next() {
    let mut street = Street::new();
    street.served("1", "2026-03", 6);
    street.served("1", "2026-04", 6);
    let (officer, other) = (street.officer, street.other);
    street.must(officer, create("best", Some("LG")));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    let last = street.run(1).notice.unwrap().last;
    let object = || HonourCommand::FileObjection { run: run_no(1), about: who("1") };
    street.town.at(&format!("{last} 23:59"));
    street.must(officer, object());
    street.town.at(&format!("{} 00:00", last.tomorrow().unwrap()));
    assert_eq!(street.ask(other, object()), Err(Refusal::NoticeOver { last }));
}

#[test]
fn an_honour_is_given_today_and_not_from_tomorrow_on() {
    let mut street = Street::new();
    let officer = street.officer;
    let mut given = |on| street.ask(officer, record(on, &[("1", award(2026))], BatchMode::Atomic));
    assert!(matches!(given("2026-12-08"), Err(Refusal::Future { .. })));
    assert_eq!(given("2026-12-07"), Ok(()));
}

#[test]
fn the_same_honour_is_one_of_one_volunteer_and_one_title() {
    let mut street = Street::new();
    let officer = street.officer;
    let several = [("1", award(2024)), ("1", award(2025)), ("2", award(2024)), ("2", award(2025))];
    street.must(officer, record("2026-01-05", &several, BatchMode::Atomic));
    assert_eq!((street.lines(1).len(), street.lines(2).len()), (2, 2));
    let twice = [("3", award(2024)), ("4", award(2025)), ("3", award(2024))];
    let refused = street.ask(officer, record("2026-01-05", &twice, BatchMode::Atomic));
    assert_eq!(refused, Err(Refusal::NothingChanges));
    assert_eq!((street.lines(3).len(), street.lines(4).len()), (0, 0));
    street.must(officer, record("2026-01-05", &twice, BatchMode::ItemByItem));
    assert_eq!((street.lines(3).len(), street.lines(4).len()), (1, 1));
    // One that was taken back can be given again.
    street.must(officer, HonourCommand::RevokeHonour { honour: no(1), reason: Reason::Other });
    street.must(officer, record("2026-01-05", &several[..1], BatchMode::Atomic));
    let refused = street.ask(officer, record("2026-01-05", &several[..1], BatchMode::Atomic));
    assert_eq!(refused, Err(Refusal::HonourHeld { honour: no(7) }));
    // It was held up to the entry that took it back, and not after that.
    let row = street.town.ledger().honour(no(1)).unwrap();
    let (given, revoked) = (row.entry, row.revoked.unwrap());
    let between = lovebank_ledger::EntryNo::new(revoked.get() - 1).unwrap();
    assert!(row.held(given) && row.held(between) && !row.held(revoked));
}

#[test]
fn an_honour_is_named_by_its_scheme_its_star_and_its_year() {
    let star = |year| Title::Star { scheme: name("pvsa"), level: 2, year };
    let named = [star(None), star(Some(2026)), award(2024)].map(|it| it.to_string());
    assert_eq!(named, ["pvsa 2", "pvsa 2 2026", "hundred 2024"]);
}

#[test]
fn a_certificate_of_an_honour_is_for_who_holds_it() {
    let mut street = Street::new();
    let (clerk, officer) = (street.clerk, street.officer);
    street.must(officer, record("2026-01-05", &[("1", award(2024))], BatchMode::Atomic));
    let issue = |number: &str| {
        let (volunteer, of) = (who(number), CertificateOf::Honour(no(1)));
        HonourCommand::IssueCertificate { volunteer, of }
    };
    assert_eq!(street.ask(clerk, issue("2")), Err(Refusal::HonourUnknown { honour: no(1) }));
    street.must(clerk, issue("1"));
    let row = street.town.ledger().certificate(CertificateNo::FIRST).unwrap();
    assert_eq!(row.certificate.kind, CertificateKind::Honour(no(1)));
    street.must(officer, HonourCommand::RevokeHonour { honour: no(1), reason: Reason::Other });
    assert_eq!(street.ask(clerk, issue("1")), Err(Refusal::HonourRevoked { honour: no(1) }));
}

#[test]
fn a_star_of_one_scheme_is_none_of_another() {
    let mut street = Street::new();
    let star = |scheme: &str, level| Title::Star { scheme: name(scheme), level, year: None };
    let items = [("1", star("national", 5)), ("1", star("longgang-2023", 2))];
    street.must(street.officer, record("2026-01-05", &items, BatchMode::Atomic));
    let ledger = street.town.ledger();
    let rules = &ledger.rulebook_on(day("2026-12-07")).unwrap().rules;
    let held = ["national", "longgang-2023", "shenzhen-5"].map(|it| {
        let scheme = rules.scheme(&name(it)).unwrap();
        let moment = (2026, day("2026-12-07"), ledger.head().unwrap());
        let reaching = Reaching::new(ledger, scheme, moment, Ages::default()).unwrap();
        reaching.held(lovebank_ledger::PassbookNo::FIRST)
    });
    assert_eq!(held, [5, 2, 0]);
}

#[test]
fn a_run_chooses_ten_thousand_and_not_one_more() {
    let all = "[programmes.all]\nenglish = \"a\"\nchinese = \"甲\"\nlevel = \"street\"\n";
    let mut street = Street::with(all);
    let service = Service::interval(interval("2026-03-01 09:00", 60));
    let names: Vec<String> = (0..WINNERS_MAX).map(|it| format!("W{it}")).collect();
    for (part, names) in (1..).zip(names.chunks(1000)) {
        let volunteer = |(no, it): (u64, &String)| NewVolunteer {
            volunteer: volunteer_id(part * 100_000 + no),
            tag: number(it),
            branch: Town::code("N1"),
            joined: day("2020-01-01"),
        };
        let items = (0..).zip(names).map(volunteer).collect();
        let register = Command::RegisterVolunteers { items, mode: BatchMode::Atomic };
        street.town.ask_as(None, &register).unwrap();
        let served = |it: &String| HoursItem { volunteer: who(it), service, evaluation: None };
        let record = RecordHours {
            activity: Town::activity("N1", "扫街"),
            provenance: Provenance::Clerk,
            items: names.iter().map(served).collect(),
            mode: BatchMode::Atomic,
        };
        street.town.must(street.clerk, &Command::RecordHours(record));
    }
    let run = Command::Honour(create("all", Some("LG")));
    street.town.must(street.officer, &run);
    assert_eq!(street.run(1).result.chosen.len(), WINNERS_MAX);
    street.town.record(street.clerk, Town::activity("N1", "扫街"), "1", service).unwrap();
    let refused = street.town.ask(street.officer, &run).unwrap_err().refusal;
    let (chosen, most) = (WINNERS_MAX + 1, WINNERS_MAX);
    assert_eq!(refused, Refusal::TooManyChosen { chosen, most });
}
