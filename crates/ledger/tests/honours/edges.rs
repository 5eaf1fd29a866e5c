//! Where selections go wrong elsewhere: too few, equals, quotas, moves, ends of years, ages.

use jiff::civil::Date;
use lovebank_ledger::{
    Command, Days, EntryNo, HonourCommand, PassbookNo, RunState, Service, VolunteerStatus,
    branch_statistics,
    recognition::{Ages, Fate, Inputs, Reaching, Seat, StarCandidate, select},
};
use lovebank_testkit::{Town, day, interval};

use crate::town::{Street, name, run_no, who};

const BEST: Fate = Fate::Chosen(Seat::Best);
const OWN: Fate = Fate::Chosen(Seat::Branch);
const TIE: Fate = Fate::Chosen(Seat::Tie);

/// A programme of minutes alone, with some places.
fn programme(name: &str, places: &str, rest: &str) -> String {
    let words = "english = \"minutes\", chinese = \"分钟\"";
    format!(
        "[programmes.{name}]\nenglish = \"{name}\"\nchinese = \"甲\"\nlevel = \"street\"\n\
         notice_working_days = 1\n{rest}\nplaces = {{ {places} }}\n\
         eligible = [{{ english = \"takes part\", chinese = \"在册\", condition = \"active\" }}]\n\
         order = [{{ {words}, score = \"minutes\", first = \"highest\" }}]\n"
    )
}

/// 1 and 2 of N1 served ten hours, 3 of N2 five, 4 of B1 four.
fn street(programmes: &[String]) -> Street {
    let mut street = Street::with(&programmes.concat());
    for (number, hours) in [("1", 10), ("2", 10), ("3", 5), ("4", 4)] {
        street.served(number, "2026-03", hours);
    }
    street
}

fn create(programme: &str, year: i16) -> HonourCommand {
    HonourCommand::CreateRun {
        programme: name(programme),
        year,
        cut_off: None,
        branch: Some(Town::code("LG")),
        as_of: None,
        ages: Vec::new(),
    }
}

/// Who, what became of it, and with which minutes, in the order of a run made now.
fn result(street: &mut Street, programme: &str, year: i16) -> Vec<(u64, Fate, i64)> {
    let officer = street.officer;
    street.must(officer, create(programme, year));
    let no = u64::try_from(street.town.ledger().runs().count()).unwrap();
    fates(street, no)
}

fn fates(street: &Street, no: u64) -> Vec<(u64, Fate, i64)> {
    let ledger = street.town.ledger();
    let inputs = Inputs::of_run(ledger, run_no(no)).unwrap();
    let rows = select(ledger, &inputs).candidates;
    rows.iter().map(|it| (it.passbook.get(), it.fate, it.minutes.get())).collect()
}

fn serve(street: &mut Street, number: &str, start: &str) {
    let service = Service::interval(interval(start, 60));
    street.town.record(street.clerk, Town::activity("N1", "守岁"), number, service).unwrap();
}

#[test]
fn a_quota_larger_than_the_candidates_takes_all_of_them() {
    let places = "most = 100, branch_kind = \"community\", per_branch = 10";
    let mut street = street(&[programme("large", places, ""), programme("all", "most = 100", "")]);
    let all = [(1, OWN, 600), (2, OWN, 600), (3, OWN, 300), (4, OWN, 240)];
    assert_eq!(result(&mut street, "large", 2026), all);
    let all = all.map(|it| (it.0, BEST, it.2));
    assert_eq!(result(&mut street, "all", 2026), all);
}

#[test]
fn equals_at_the_last_place_are_all_in_or_the_older_passbook_is() {
    let all_in = programme("all-in", "most = 1", "ties = \"all_in\"");
    let oldest = programme("oldest", "most = 1", "ties = \"oldest_first\"");
    let mut street = street(&[all_in, oldest]);
    let rest = [(3, Fate::NoPlace, 300), (4, Fate::NoPlace, 240)];
    let expected = [[(1, BEST, 600), (2, TIE, 600)], rest].concat();
    assert_eq!(result(&mut street, "all-in", 2026), expected);
    let expected = [[(1, BEST, 600), (2, Fate::NoPlace, 600)], rest].concat();
    assert_eq!(result(&mut street, "oldest", 2026), expected);
}

#[test]
fn each_branch_has_its_place_and_equals_of_one_take_none_of_another() {
    let each = |most| format!("most = {most}, branch_kind = \"community\", per_branch = 1");
    let mut street = street(&[programme("three", &each(3), ""), programme("four", &each(4), "")]);
    // Three places, three communities; 2 is in as an equal, beside and not instead of 4.
    let all = [(1, OWN, 600), (2, TIE, 600), (3, OWN, 300), (4, OWN, 240)];
    assert_eq!(result(&mut street, "three", 2026), all);
    assert_eq!(result(&mut street, "four", 2026), all);
}

#[test]
fn one_who_is_equal_to_the_last_of_another_branch_has_no_place_by_that() {
    let each = "branch_kind = \"community\", per_branch = 1, rest = \"nobody\"";
    let mut street = street(&[programme("each", each, "")]);
    street.town.volunteer("5", "N1");
    street.served("5", "2026-03", 5);
    // 3 is the last of N2 with as much as 5 of N1, whose place is 1's.
    let all = [(1, OWN, 600), (2, TIE, 600), (3, OWN, 300), (5, Fate::NoPlace, 300), (4, OWN, 240)];
    assert_eq!(result(&mut street, "each", 2026), all);
}

#[test]
fn where_all_places_run_out_before_those_of_a_branch_equals_are_in_or_not() {
    let each = "most = 1, branch_kind = \"community\", per_branch = 1";
    let all_in = programme("all-in", each, "ties = \"all_in\"");
    let oldest = programme("oldest", each, "ties = \"oldest_first\"");
    let mut street = street(&[all_in, oldest]);
    street.served("3", "2026-05", 5);
    let rest = [(4, Fate::NoPlace, 240)];
    let equal = |two, three| [&[(1, OWN, 600), (2, two, 600), (3, three, 600)][..], &rest].concat();
    assert_eq!(result(&mut street, "all-in", 2026), equal(TIE, TIE));
    assert_eq!(result(&mut street, "oldest", 2026), equal(Fate::NoPlace, Fate::NoPlace));
}

#[test]
fn one_who_was_closed_is_no_candidate_and_closed_later_is_what_the_run_said() {
    let mut street = street(&[programme("two", "most = 2", "")]);
    let (approver, officer) = (street.approver, street.officer);
    let close = |number: &str| Command::SetVolunteerStatus {
        volunteer: who(number),
        status: VolunteerStatus::Closed,
    };
    street.town.must(approver, &close("1"));
    let left = [(2, BEST, 600), (3, BEST, 300), (4, Fate::NoPlace, 240)];
    let expected = [&left[..], &[(1, Fate::NotEligible, 600)]].concat();
    assert_eq!(result(&mut street, "two", 2026), expected);
    street.town.must(approver, &close("2"));
    assert_eq!(fates(&street, 1), expected, "as of its entry 2 took part");
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    street.town.at("2026-12-20 09:00");
    street.must(officer, HonourCommand::FinalizeRun { run: run_no(1) });
    assert_eq!((street.lines(2).len(), street.lines(1).len()), (1, 0));
}

#[test]
fn one_who_moved_in_june_is_of_the_branch_of_the_entry_and_the_hours_stay_where_they_were() {
    let each = "branch_kind = \"community\", per_branch = 1";
    let mut street = Street::with(&programme("each", each, ""));
    street.town.at("2026-06-30 09:00");
    serve(&mut street, "1", "2026-03-01 09:00");
    serve(&mut street, "4", "2026-03-01 09:00");
    let before = street.town.ledger().head().unwrap();
    let command = Command::MoveVolunteer { volunteer: who("1"), branch: Town::code("B1") };
    street.town.must(street.clerk, &command);
    street.town.at("2026-12-07 09:00");
    let service = Service::interval(interval("2026-09-01 09:00", 60));
    street.town.record(street.clerk, Town::activity("B1", "巡河"), "1", service).unwrap();

    // At the end of the year 1 has the place of B1, with the hours of both.
    let now = result(&mut street, "each", 2026);
    assert_eq!(now, [(1, OWN, 120), (4, Fate::NoPlace, 60)]);
    let mut then = create("each", 2026);
    if let HonourCommand::CreateRun { as_of, .. } = &mut then {
        *as_of = Some(before);
    }
    let officer = street.officer;
    street.must(officer, then);
    assert_eq!(fates(&street, 2), [(1, OWN, 60), (4, OWN, 60)]);
    let ledger = street.town.ledger();
    let no = |code: &str| ledger.branch_by_code(&Town::code(code)).unwrap().no;
    let served = |code: &str, as_of: Option<EntryNo>| {
        branch_statistics(ledger, 2026, Some(no(code)), as_of).minutes.get()
    };
    assert_eq!((served("N1", None), served("B1", None), served("LG", None)), (120, 60, 180));
    assert_eq!((served("N1", Some(before)), served("B1", Some(before))), (120, 0));
}

#[test]
fn a_service_across_midnight_of_the_new_year_is_of_the_day_it_began() {
    let mut street = Street::with(&programme("all", "most = 9", ""));
    serve(&mut street, "1", "2025-12-31 23:30");
    serve(&mut street, "2", "2026-01-01 00:00");
    assert_eq!(result(&mut street, "all", 2025), [(1, BEST, 60)]);
    assert_eq!(result(&mut street, "all", 2026), [(2, BEST, 60)]);
}

#[test]
fn the_leap_day_is_a_day_of_its_year_whenever_that_begins() {
    let march = programme("march", "most = 9", "days = { begins = \"03-01\" }");
    let rolling = programme("rolling", "most = 9", "days = { months = 12 }");
    let mut street = Street::with(&[programme("all", "most = 9", ""), march, rolling].concat());
    serve(&mut street, "1", "2024-02-29 23:30");
    serve(&mut street, "2", "2024-03-01 00:00");
    assert_eq!(result(&mut street, "all", 2024), [(1, BEST, 60), (2, BEST, 60)]);
    // The year that began on 2023-03-01 ends with the leap day.
    assert_eq!(result(&mut street, "march", 2023), [(1, BEST, 60)]);
    assert_eq!(result(&mut street, "march", 2024), [(2, BEST, 60)]);
    let days = |programme: &str, year, cut_off: Option<Date>| {
        let rules = &street.town.ledger().rulebooks().last().unwrap().rules;
        rules.programme(&name(programme)).unwrap().days(year, cut_off)
    };
    let expected = |from, until| Some(Days { from: day(from), until: day(until) });
    assert_eq!(days("march", 2023, None), expected("2023-03-01", "2024-02-29"));
    // Twelve months up to the leap day begin after the last day of February before.
    let leap = Some(day("2024-02-29"));
    assert_eq!(days("rolling", 2024, leap), expected("2023-03-01", "2024-02-29"));
}

#[test]
fn a_year_with_nothing_is_a_run_of_nobody_that_ends_like_any_other() {
    let mut street = Street::with(&programme("all", "most = 9", ""));
    let officer = street.officer;
    assert_eq!(result(&mut street, "all", 2024), []);
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    street.town.at("2026-12-20 09:00");
    street.must(officer, HonourCommand::FinalizeRun { run: run_no(1) });
    assert_eq!(street.run(1).state, RunState::Final);
    assert_eq!(street.town.ledger().honour_count(), 0);
}

#[test]
fn of_an_age_that_nobody_knows_there_is_no_star_of_ages() {
    let own = "[star_schemes.own]\nenglish = \"o\"\nchinese = \"甲\"\n\
               stars = [{ level = 1, english = \"1\", chinese = \"一\", hours = 1 }]\n";
    let mut street = Street::with(own);
    for (number, hours) in [("1", 26), ("2", 26), ("3", 50), ("4", 99)] {
        street.served(number, "2026-03", hours);
    }
    let erase = Command::ErasePerson { volunteer: who("2") };
    street.town.must(street.approver, &erase);
    let ledger = street.town.ledger();
    let rules = &ledger.rulebooks().last().unwrap().rules;
    let scheme = rules.scheme(&name("pvsa")).unwrap();
    let passbook = |no| PassbookNo::new(no).unwrap();
    // Of 4 no birth date is known, and the vault knows none of one who was erased. At 10 years 26
    // hours are bronze and 50 silver; at 11, 50 are bronze; below 5 nothing is.
    let found = |ages: &[(u64, u8)]| {
        let ages = ages.iter().map(|(no, age)| (passbook(*no), *age));
        let ages = Ages::of_years(&scheme.age_bands, ages);
        let moment = (2026, day("2026-12-07"), ledger.head().unwrap());
        let reaching = Reaching::new(ledger, scheme, moment, ages).unwrap();
        let told = |it: &StarCandidate<'_>| (it.passbook.get(), it.star.level);
        reaching.candidates(None).iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(found(&[(1, 10), (3, 10)]), [(1, 1), (3, 2)]);
    assert_eq!(found(&[(1, 11), (3, 11)]), [(3, 1)]);
    assert_eq!(found(&[(1, 4), (3, 26)]), []);
    assert_eq!(found(&[]), []);
    // Nor is one who was erased a candidate where no age is asked.
    let scheme = rules.scheme(&name("own")).unwrap();
    let moment = (2026, day("2026-12-07"), ledger.head().unwrap());
    let reaching = Reaching::new(ledger, scheme, moment, Ages::default()).unwrap();
    let found: Vec<_> = reaching.candidates(None).iter().map(|it| it.passbook.get()).collect();
    assert_eq!(found, [1, 3, 4]);
}
