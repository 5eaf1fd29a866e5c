//! The deadline for recording: who was in time, who late, what lacks.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::{Date, date};
use lovebank_ledger::{
    ActivityDeadline, ActivityName, ActivityRef, BatchMode, Command, Days, Minutes, NamedActivity,
    Provenance, Reason, RecordHours, RecordNo, Role, Service, Timeliness, TokenNo,
    activity_deadlines, deadlines_by_branch,
};
use lovebank_testkit::{Town, interval};

struct Street {
    town: Town,
    clerk: TokenNo,
    approver: TokenNo,
}

fn street() -> Street {
    let mut town = Town::new();
    let clerk = town.staff("clerk", Role::Clerk, Some("LG"));
    let approver = town.staff("approver", Role::Approver, Some("LG"));
    for who in 0..4 {
        town.volunteer(&who.to_string(), ["N1", "N2", "B1", "N1"][who]);
    }
    Street { town, clerk, approver }
}

fn named(branch: &str, name: &str) -> NamedActivity {
    NamedActivity {
        branch: Town::code(branch),
        name: ActivityName::new(name).unwrap(),
        category: None,
        place: None,
    }
}

fn at(branch: &str, name: &str) -> ActivityRef {
    ActivityRef::Named(named(branch, name))
}

impl Street {
    fn serve(&mut self, at: ActivityRef, who: &str, service: Service) -> RecordNo {
        self.town.record(self.clerk, at, who, service).unwrap()
    }

    fn told(&self, today: Date) -> Vec<ActivityDeadline> {
        let days = Days { from: Date::MIN, until: Date::MAX };
        activity_deadlines(self.town.ledger(), None, days, today)
    }

    fn only(&self, today: Date) -> ActivityDeadline {
        let told = self.told(today);
        assert_eq!(told.len(), 1, "{told:?}");
        told[0]
    }
}

#[test]
fn ten_working_days_are_in_time_and_the_next_is_late() {
    // From Wednesday, 2025-09-24: Sunday the 28th works, the 1st to the 8th of October rest, and
    // Saturday the 11th works: the tenth working day is the 14th.
    for (day, late) in [("2025-10-14", 0), ("2025-10-15", 1)] {
        let mut street = street();
        street.town.at(&format!("{day} 23:59"));
        street.serve(at("N1", "巡河"), "0", Service::interval(interval("2025-09-24 09:00", 60)));
        let it = street.only(date(2025, 12, 1));
        let (deadline, certain) = (it.deadline.date, it.deadline.certain);
        assert_eq!((deadline, certain), (date(2025, 10, 14), true));
        assert_eq!((it.ended, it.recorded, it.late), (date(2025, 9, 24), 1, late));
        let stands = if late == 0 { Timeliness::InTime } else { Timeliness::Late };
        assert_eq!((it.timeliness, it.days_over), (stands, late), "{day}");
    }
}

#[test]
fn what_ends_at_midnight_ends_on_the_day_before_and_what_ends_after_it_on_the_next() {
    for (minutes, ended) in [(120, date(2025, 3, 3)), (121, date(2025, 3, 4))] {
        let mut street = street();
        street.town.at("2025-03-10 09:00");
        let service = Service::interval(interval("2025-03-03 22:00", minutes));
        street.serve(at("N1", "守夜"), "0", service);
        assert_eq!(street.only(date(2025, 3, 10)).ended, ended);
    }
}

#[test]
fn what_waits_for_an_approver_is_due_then_overdue_then_late() {
    let mut street = street();
    street.town.at("2025-03-05 09:00");
    let service = Service::interval(interval("2025-03-03 08:00", 540));
    let record = street.serve(at("N1", "巡河"), "0", service);
    // The tenth working day after Monday the 3rd is Monday the 17th.
    let stands = |street: &Street, day| {
        let it = street.only(date(2025, 3, day));
        (it.timeliness, it.pending, it.recorded, it.late, it.days_over)
    };
    assert_eq!(stands(&street, 17), (Timeliness::Due, 1, 0, 0, 0));
    assert_eq!(stands(&street, 19), (Timeliness::Overdue, 1, 0, 0, 2));
    street.town.at("2025-03-20 09:00");
    let approve = Command::ApproveHours { records: vec![record], mode: BatchMode::Atomic };
    street.town.must(street.approver, &approve);
    assert_eq!(stands(&street, 31), (Timeliness::Late, 0, 1, 1, 3));
}

#[test]
fn an_announced_activity_without_hours_is_overdue_until_someone_looks_after_it() {
    let mut street = street();
    street.town.at("2025-03-01 09:00");
    let window = interval("2025-03-03 14:00", 150);
    let create = Command::CreateActivity { activity: named("N2", "义诊"), window };
    street.town.must(street.clerk, &create);
    let no = street.town.ledger().activities().last().unwrap().no;
    // It has not ended yet.
    assert!(street.told(date(2025, 3, 2)).is_empty());
    assert_eq!(street.only(date(2025, 3, 17)).timeliness, Timeliness::Due);
    assert_eq!(street.only(date(2025, 3, 18)).timeliness, Timeliness::Overdue);
    street.town.at("2025-03-18 09:00");
    let service = Service::interval(interval("2025-03-03 14:00", 60));
    let record = street.serve(ActivityRef::No(no), "1", service);
    assert_eq!(street.only(date(2025, 3, 19)).timeliness, Timeliness::Late);
    // Taken back, it is no late recording any more, and nothing lacks.
    let (records, reason, mode) = (vec![record], Reason::NotServed, BatchMode::Atomic);
    street.town.must(street.approver, &Command::ReverseHours { records, reason, mode });
    let it = street.only(date(2025, 3, 19));
    assert_eq!((it.timeliness, it.recorded, it.late), (Timeliness::InTime, 0, 0));
}

#[test]
fn a_correction_is_as_timely_as_the_record_it_mends() {
    let mut street = street();
    street.town.at("2025-03-05 09:00");
    let mut record =
        street.serve(at("N1", "巡河"), "0", Service::interval(interval("2025-03-03 09:00", 60)));
    let other = street.town.staff("other", Role::Approver, Some("LG"));
    for (by, day, minutes) in [(street.approver, "2025-06-01", 90), (other, "2025-07-01", 45)] {
        street.town.at(&format!("{day} 09:00"));
        let service = Service::interval(interval("2025-03-03 09:00", minutes));
        let reason = Reason::WrongTime;
        let correct = Command::CorrectHours { record, activity: None, service, reason };
        street.town.must(by, &correct);
        record = record.next();
    }
    let it = street.only(date(2025, 8, 1));
    assert_eq!((it.timeliness, it.recorded, it.late), (Timeliness::InTime, 1, 0));
    assert_eq!(it.last, Some(date(2025, 3, 5)));
}

#[test]
fn deductions_and_opening_balances_have_no_deadline() {
    let mut street = street();
    street.town.at("2025-06-01 09:00");
    let (volunteer, reason) = (Town::volunteer_ref("0"), Reason::RuleBroken);
    let service = Service::day(date(2025, 3, 3), Minutes::new(-30));
    let activity = at("N1", "扣减");
    let deduct = Command::DeductHours { volunteer, activity, service, reason };
    street.town.must(street.approver, &deduct);
    assert!(street.told(date(2025, 6, 1)).is_empty());
}

#[test]
fn branches_are_counted_each_for_itself_and_asked_with_what_is_below() {
    let mut street = street();
    street.town.at("2025-06-01 09:00");
    for (branch, who, day) in [
        ("N1", "0", "2025-05-30"),
        ("N1", "0", "2025-03-03"),
        ("N2", "1", "2025-03-03"),
        ("B1", "2", "2025-03-04"),
        ("NW", "3", "2025-05-29"),
    ] {
        let service = Service::interval(interval(&format!("{day} 09:00"), 60));
        street.serve(at(branch, "巡河"), who, service);
    }
    let (ledger, today) = (street.town.ledger(), date(2025, 6, 1));
    let no = |code: &str| ledger.branch_by_code(&Town::code(code)).unwrap().no;
    let asked = |code: &str, from, until| {
        let told = activity_deadlines(ledger, Some(no(code)), Days { from, until }, today);
        let by_branch = deadlines_by_branch(&told);
        let counts = by_branch.iter().map(|(branch, it)| (*branch, it.in_time, it.late));
        counts.collect::<Vec<_>>()
    };
    let (min, max) = (Date::MIN, Date::MAX);
    let street_counts = [(no("NW"), 1, 0), (no("N1"), 1, 1), (no("N2"), 0, 1)];
    assert_eq!(asked("NW", min, max), street_counts);
    assert_eq!(asked("N1", min, date(2025, 3, 3)), [(no("N1"), 0, 1)]);
    assert_eq!(asked("N1", date(2025, 3, 4), max), [(no("N1"), 1, 0)]);
    assert_eq!(asked("LG", date(2025, 3, 4), date(2025, 3, 4)), [(no("B1"), 0, 1)]);
    let all = activity_deadlines(ledger, None, Days { from: min, until: max }, today);
    assert_eq!(deadlines_by_branch(&all)[&no("N1")].in_time_percent(), Some(50));
}

#[test]
fn the_rulebook_says_how_many_days_and_no_record_is_refused_for_being_late() {
    let mut street = street();
    street.town.at("2025-01-01 09:00");
    let rulebook = lovebank_ledger::DEFAULT_RULEBOOK;
    let ten = "[recording]\nworking_days = 10";
    assert!(rulebook.contains(ten));
    let text = rulebook.replace(ten, "[recording]\nworking_days = 0");
    let rulebook = lovebank_ledger::Rulebook::parse(&text).unwrap();
    let in_force_from = date(2025, 3, 1);
    street.town.must(street.town.operator(), &Command::AdoptRulebook { rulebook, in_force_from });
    street.town.at("2025-03-04 09:00");
    for (who, day) in [("0", "2025-02-28"), ("1", "2025-03-03")] {
        let service = Service::interval(interval(&format!("{day} 09:00"), 60));
        let volunteer = Town::volunteer_ref(who);
        let item = lovebank_ledger::HoursItem { volunteer, service, evaluation: None };
        let (activity, provenance) = (at("N1", "巡河"), Provenance::Paper);
        let mode = BatchMode::Atomic;
        let record = RecordHours { activity, items: vec![item], provenance, mode };
        street.town.must(street.clerk, &Command::RecordHours(record));
    }
    let told = street.told(date(2025, 3, 4));
    let stands: Vec<_> = told.iter().map(|it| (it.ended.day(), it.timeliness)).collect();
    assert_eq!(stands, [(28, Timeliness::InTime), (3, Timeliness::Late)]);
}
