//! What a condition of an award may ask: every variable, beside what the street shows.

use lovebank_ledger::{
    BatchMode, HonourCommand, HonourItem, HonourLevel, HonourNo, ObjectionNo, PassbookNo, Reason,
    Title, VolunteerRef,
    recognition::{self, Ages, Explained, Inputs, NEVER, Selection, VARIABLES},
};
use lovebank_testkit::{Town, day};

use crate::town::{Street, name, run_no, who};

/// Texts and truths, as conditions that hold of volunteer 1 once all was done.
const HOLD: [(&str, &str); 4] = [
    ("nominated", "nominated"),
    ("nominated_by", "nominated_by == 'LG'"),
    ("active", "active"),
    ("branch", "branch == 'N1'"),
];

/// A programme that asks for every variable, in their order, and one to object to.
fn programmes() -> String {
    let clause = |name: &str| {
        let hold = HOLD.iter().find(|it| it.0 == name);
        let asked = hold.map_or_else(
            || format!("value = \"{name}\", least = -1"),
            |(_, condition)| format!("condition = \"{condition}\""),
        );
        format!("    {{ english = \"{name}\", chinese = \"变量\", {asked} }},\n")
    };
    let clauses: String = VARIABLES.iter().map(|it| clause(it.name)).collect();
    format!(
        "[programmes.every]\nenglish = \"e\"\nchinese = \"甲\"\nlevel = \"street\"\n\
         age_bands = [0, 60]\neligible = [\n{clauses}]\n\
         [programmes.all]\nenglish = \"a\"\nchinese = \"乙\"\nlevel = \"street\"\n"
    )
}

fn create(programme: &str, ages: Vec<(PassbookNo, u8)>) -> HonourCommand {
    let (programme, branch) = (name(programme), Some(Town::code("LG")));
    HonourCommand::CreateRun { programme, year: 2026, cut_off: None, branch, as_of: None, ages }
}

fn passbook(no: u64) -> PassbookNo {
    PassbookNo::new(no).unwrap()
}

/// The inputs of a run and what comes of them, which are those of its entry.
fn selected(street: &Street, no: u64) -> (Inputs<'_>, Selection) {
    let ledger = street.town.ledger();
    let inputs = Inputs::of_run(ledger, run_no(no)).unwrap();
    let selection = recognition::select(ledger, &inputs);
    let result = &street.run(no).result;
    assert_eq!(recognition::digest(ledger, &inputs, &selection), result.digest);
    assert_eq!(usize::try_from(selection.chosen_count()).unwrap(), result.chosen.len());
    (inputs, selection)
}

/// What a run knows of someone: numbers by name, and which of the others hold.
fn known(street: &Street, no: u64, who: u64) -> (Vec<(&'static str, i64)>, Vec<&'static str>) {
    let (inputs, selection) = selected(street, no);
    let told = recognition::explain(street.town.ledger(), &inputs, &selection, passbook(who));
    let Explained { conditions, .. } = told.unwrap();
    let judged = VARIABLES.iter().zip(&conditions);
    let numbers = judged.clone().filter_map(|(variable, (judged, _))| {
        Some((variable.name, i64::try_from(judged.value?).unwrap()))
    });
    let hold = judged.filter(|(_, (judged, _))| judged.value.is_none() && judged.met);
    (numbers.collect(), hold.map(|it| it.0.name).collect())
}

fn numbers(values: [i64; 12]) -> Vec<(&'static str, i64)> {
    let names = VARIABLES.iter().map(|it| it.name);
    names.filter(|name| !HOLD.iter().any(|it| it.0 == *name)).zip(values).collect()
}

/// Honours of volunteer 1: four awards, a star, and a higher one that was taken back.
fn honoured(street: &mut Street) {
    let award =
        |programme: &str, year, level| Title::Award { programme: name(programme), year, level };
    let star = |scheme: &str, level| Title::Star { scheme: name(scheme), level, year: None };
    let titles = [
        (award("every", 2023, HonourLevel::Street), "2023-12-05"),
        (award("all", 2024, HonourLevel::Community), "2024-12-05"),
        (award("all", 2021, HonourLevel::District), "2021-12-05"),
        (award("all", 2020, HonourLevel::City), "2020-12-05"),
        (star("national", 2), "2024-01-05"),
        (star("longgang-2023", 4), "2024-01-05"),
    ];
    let item = |(title, given): (Title, &str)| HonourItem {
        volunteer: who("1"),
        title,
        given: day(given),
    };
    let items = titles.map(item).into();
    street.must(street.officer, HonourCommand::RecordHonours { items, mode: BatchMode::Atomic });
    let revoke =
        HonourCommand::RevokeHonour { honour: HonourNo::new(6).unwrap(), reason: Reason::Other };
    street.must(street.officer, revoke);
}

/// Two object to the place of volunteer 1 in the first run; one of them is answered.
fn objected(street: &mut Street) {
    let (officer, other) = (street.officer, street.other);
    street.must(officer, create("all", Vec::new()));
    street.must(officer, HonourCommand::PublishRun { run: run_no(1) });
    let object = || HonourCommand::FileObjection { run: run_no(1), about: who("1") };
    street.must(officer, object());
    street.must(other, object());
    let objection = ObjectionNo::new(1).unwrap();
    street.must(other, HonourCommand::ResolveObjection { objection, upheld: false });
}

#[test]
fn every_variable_says_what_is_true_of_a_volunteer_as_of_the_entry() {
    let mut street = Street::with(&programmes());
    let officer = street.officer;
    for (month, hours) in
        [("2025-10", 1), ("2025-11", 1), ("2025-12", 3), ("2026-03", 10), ("2026-04", 2)]
    {
        street.served("1", month, hours);
    }
    objected(&mut street);
    street.must(officer, create("every", vec![(passbook(1), 61), (passbook(2), 60)]));
    let before = numbers([720, 1020, 2, 3, 83, 0, 0, NEVER, NEVER, NEVER, 1, 60]);
    assert_eq!(known(&street, 2, 1), (before.clone(), vec!["active", "branch"]));
    // One who did nothing and whom nobody named is no candidate, and no age is kept of such.
    let nothing = numbers([0, 0, 0, 0, 83, 0, 0, NEVER, NEVER, NEVER, 0, -1]);
    assert_eq!(known(&street, 2, 2), (nothing, vec!["active", "branch"]));

    honoured(&mut street);
    let (volunteer, programme) = (VolunteerRef::Passbook(passbook(1)), name("every"));
    street.must(street.clerk, HonourCommand::Nominate { volunteer, programme, year: 2026 });
    let objection = ObjectionNo::new(2).unwrap();
    street.must(officer, HonourCommand::ResolveObjection { objection, upheld: false });
    street.must(officer, create("every", vec![(passbook(1), 59)]));
    let after = numbers([720, 1020, 2, 3, 83, 2, 4, 2, 3, 5, 0, 0]);
    assert_eq!(known(&street, 3, 1), (after, HOLD.map(|it| it.0).to_vec()));
    assert_eq!(known(&street, 2, 1), (before, vec!["active", "branch"]), "as of its own entry");
}

#[test]
fn a_year_that_begins_within_a_month_has_no_day_of_before() {
    let from_16 = "[programmes.spring]\nenglish = \"s\"\nchinese = \"甲\"\nlevel = \"street\"\n\
                   days = { begins = \"03-16\" }\n";
    let mut street = Street::with(from_16);
    // Ten hours on 1 and 2 March, and then none until the sixteenth.
    street.served("1", "2026-03", 10);
    let officer = street.officer;
    let mut run = create("spring", Vec::new());
    street.must(officer, run.clone());
    assert_eq!(street.chosen(1), [], "of the year that runs now");
    if let HonourCommand::CreateRun { year, .. } = &mut run {
        *year = 2025;
    }
    street.must(officer, run);
    assert_eq!(street.chosen(2), [(1, 1)], "they are of the year before");
}

#[test]
fn of_a_year_that_is_cut_off_within_a_month_no_later_day_counts() {
    let all = "[programmes.all]\nenglish = \"a\"\nchinese = \"甲\"\nlevel = \"street\"\n";
    let mut street = Street::with(all);
    // Eight hours on the first of March, and two on the second.
    street.served("1", "2026-03", 10);
    let officer = street.officer;
    for (no, (day_of_march, minutes)) in (1..).zip([("01", 480), ("02", 600), ("31", 600)]) {
        let mut run = create("all", Vec::new());
        if let HonourCommand::CreateRun { cut_off, .. } = &mut run {
            *cut_off = Some(day(&format!("2026-03-{day_of_march}")));
        }
        street.must(officer, run);
        let (_, selection) = selected(&street, no);
        assert_eq!(selection.of(passbook(1)).unwrap().minutes.get(), minutes, "{day_of_march}");
    }
}

#[test]
fn an_age_is_of_the_highest_band_that_it_reaches() {
    let bands = [16, 60];
    let ages = Ages::of_years(&bands, [(passbook(1), 15), (passbook(2), 16), (passbook(3), 59)]);
    let ages = ages.and(&bands, [(passbook(4), 60), (passbook(5), 99)]);
    let known = [1, 2, 3, 4, 5, 6].map(|it| ages.of(passbook(it)));
    assert_eq!(known, [None, Some(16), Some(16), Some(60), Some(60), None]);
}
