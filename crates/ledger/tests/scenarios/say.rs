//! Says what a step came to and where the bank stands, to be compared with a `then`.

use lovebank_ledger::{
    Account, BranchNo, Event, ItemRefused, PassbookNo, Purpose, RecordNo, RecordState, RefusalNote,
    RowVerdict,
};
use lovebank_testkit::Town;

use super::{Outcome, Scene};

/// Compares one line of a `then` with what is so.
pub(super) fn check(scene: &Scene, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let actual = match words.as_slice() {
        ["done" | "replayed" | "malformed" | "refused", ..] => {
            let actual = outcome(scene.outcome.as_ref().expect("a when comes first"));
            // Operands may be left out, but not those that are named.
            let said = actual.split(' ').filter(|it| !it.contains('=') || words.contains(it));
            said.collect::<Vec<_>>().join(" ")
        }
        ["items", ..] => format!("items {}", items(scene)),
        ["rows", ..] => format!("rows {}", rows(scene)),
        ["passbook", no, "holds", ..] => format!("passbook {no} holds {}", passbook(scene, no)),
        ["line", line, "of", no, "is", ..] => {
            format!("line {line} of {no} is {}", self::line(scene, line, no))
        }
        ["record", no, "is", ..] => format!("record {no} is {}", record(scene, no)),
        ["pool" | "issuance" | "opening" | "adjustment", "of", code, "holds", ..] => {
            format!("{} of {code} holds {}", words[0], account(scene, words[0], code))
        }
        ["year", year, "of", who, "holds", ..] => {
            format!("year {year} of {who} holds {}", of_year(scene, year, who))
        }
        ["volunteer", no, "is", ..] => format!("volunteer {no} is {}", volunteer(scene, no)),
        ["branch", code, "is", ..] => {
            let branch = scene.town.ledger().branch_by_code(&Town::code(code));
            format!("branch {code} is {}", branch.map_or("not there", |it| it.name.as_str()))
        }
        ["activities", "are", ..] => {
            format!("activities are {}", scene.town.ledger().activities().count())
        }
        ["rulebook", "is", ..] => {
            let entry = &scene.town.journal().last().expect("the bank is open").0;
            format!("rulebook is {}", entry.rulebook)
        }
        _ => panic!("nobody knows how to look at this"),
    };
    assert_eq!(line, actual);
}

/// What a step came to.
pub(super) fn outcome(it: &Outcome) -> String {
    match it {
        Outcome::Done(_) => "done".to_owned(),
        Outcome::Replayed => "replayed".to_owned(),
        Outcome::Refused(refusal, _) => format!("refused {}", note(&refusal.note())),
        Outcome::Malformed(why) => format!("malformed {why}"),
    }
}

fn note(it: &RefusalNote) -> String {
    let operand = |(name, value): &(String, String)| format!(" {name}={}", value.replace(' ', "_"));
    it.code.clone() + &it.operands.iter().map(operand).collect::<String>()
}

fn items(scene: &Scene) -> String {
    let items = match scene.outcome.as_ref().expect("a when comes first") {
        Outcome::Refused(_, items) => items.as_slice(),
        Outcome::Done(entry) => match &entry.event {
            Event::VolunteersRegistered { refused, .. }
            | Event::HoursRecorded { refused, .. }
            | Event::HoursApproved { refused, .. }
            | Event::HoursRejected { refused, .. }
            | Event::HoursReversed { refused, .. } => refused.as_slice(),
            _ => panic!("it is no batch"),
        },
        Outcome::Replayed | Outcome::Malformed(_) => panic!("it made no entry"),
    };
    let say = |it: &ItemRefused| format!("{}:{}", it.index, it.refusal.code);
    if items.is_empty() { "none".to_owned() } else { join(items.iter().map(say)) }
}

fn rows(scene: &Scene) -> String {
    let Some(Outcome::Done(entry)) = &scene.outcome else { panic!("it made no entry") };
    let Event::HoursImported { rows, .. } = &entry.event else { panic!("it is no import") };
    join(rows.iter().map(|it| match &it.verdict {
        RowVerdict::New(_) => "new".to_owned(),
        RowVerdict::Same(_) => "same".to_owned(),
        RowVerdict::Duplicate(_) => "duplicate".to_owned(),
        RowVerdict::Corrected { .. } => "corrected".to_owned(),
        RowVerdict::Reversed(_) => "reversed".to_owned(),
        RowVerdict::Zero { .. } => "zero".to_owned(),
        RowVerdict::SameZero(_) => "same-zero".to_owned(),
        RowVerdict::Refused(note) => note.code.clone(),
    }))
}

fn join(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

fn passbook_no(no: &str) -> PassbookNo {
    PassbookNo::new(no.parse().unwrap()).unwrap()
}

fn passbook(scene: &Scene, no: &str) -> String {
    let row = scene.town.ledger().passbook(passbook_no(no)).unwrap();
    let lines = if row.lines == 1 { "line" } else { "lines" };
    format!("{} min, {} points, {} {lines}", row.minutes, row.points, row.lines)
}

fn line(scene: &Scene, line: &str, no: &str) -> String {
    let mut lines = scene.town.ledger().lines(passbook_no(no), None);
    let it = lines.find(|it| it.no.to_string() == line).expect("a line");
    let record = it
        .about
        .and_then(lovebank_ledger::About::record)
        .map_or_else(String::new, |it| format!(" for record {it}"));
    format!("{} {} min, {} points{record}", it.kind, it.minutes, it.points)
}

fn record(scene: &Scene, no: &str) -> String {
    let no = RecordNo::new(no.parse().unwrap()).unwrap();
    let Some(row) = scene.town.ledger().record(no) else { return "not there".to_owned() };
    let mut text = format!("{}, {} min on {}", row.state, row.minutes, row.date);
    if let Some(level) = row.level.filter(|_| row.state == RecordState::Pending) {
        text = format!("{text}, for {level}");
    }
    if row.provenance != lovebank_ledger::Provenance::Clerk {
        text = format!("{text}, {}", row.provenance);
    }
    if row.forgotten {
        text += ", forgotten";
    }
    if let Some(it) = row.evaluation {
        text = format!("{text}, grade {}", it.grade.get());
    }
    if let Some(new) = row.replaced_by {
        text = format!("{text}, now {new}");
    }
    text
}

fn branch_no(scene: &Scene, code: &str) -> Option<BranchNo> {
    scene.town.ledger().branch_by_code(&Town::code(code)).map(|it| it.no)
}

fn account(scene: &Scene, purpose: &str, code: &str) -> String {
    let purpose = match purpose {
        "pool" => Purpose::Pool,
        "issuance" => Purpose::Issuance,
        "opening" => Purpose::Opening,
        _ => Purpose::Adjustment,
    };
    let branch = branch_no(scene, code).unwrap();
    let it = scene.town.ledger().balance(Account::Bank(branch, purpose));
    format!("{} min, {} points", it.minutes, it.points)
}

fn of_year(scene: &Scene, year: &str, who: &str) -> String {
    let (ledger, year) = (scene.town.ledger(), year.parse::<i16>().unwrap());
    if let Ok(no) = who.parse() {
        let years = ledger.passbook_years(PassbookNo::new(no).unwrap());
        let minutes = years.filter(|it| it.0 == year).map(|it| it.2.get());
        return format!("{} min", minutes.sum::<i64>());
    }
    let branch = branch_no(scene, who).unwrap();
    let found = ledger.branch_years().find(|it| (it.0, it.1) == (branch, year));
    let it = found.map(|it| it.2).unwrap_or_default();
    format!("{} min, {} points", it.minutes, it.points)
}

fn volunteer(scene: &Scene, no: &str) -> String {
    let ledger = scene.town.ledger();
    let Some(row) = ledger.volunteer(passbook_no(no)) else { return "not there".to_owned() };
    let home = ledger.branch(row.branch).unwrap();
    let erased = if row.tag.is_none() { ", erased" } else { "" };
    let inside = match ledger.check_in(passbook_no(no)) {
        Some(it) => format!(", checked in at {}", ledger.activity(it.activity).unwrap().name),
        None => String::new(),
    };
    format!("{}, of {}{erased}{inside}", row.status, home.code)
}
