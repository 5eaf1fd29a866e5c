//! Random steps, and the commands they mean in a world.

use jiff::civil::Date;
use lovebank_ledger::{
    ActivityName, ActivityNo, ActivityRef, BatchKey, BatchMode, Command, DEFAULT_RULEBOOK,
    HoursItem, ImportHours, ImportPart, ImportRow, Interval, Minute, Minutes, NamedActivity,
    NewVolunteer, Provenance, Reason, RecordHours, RecordNo, RowService, Rulebook, Service, Span,
    VolunteerStatus,
};
use lovebank_testkit::{Town, number, volunteer_id};
use proptest::{collection::vec, option, prelude::*};

use super::{World, model::Rules};

/// When a service was: small choices, so that they meet.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    Interval { day: u8, start: u16, minutes: u16 },
    Day { day: u8, minutes: i16 },
    Span { day: u8, days: u8, minutes: i16 },
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Record { activity: u8, each: bool, items: Vec<(u8, When)> },
    Approve { each: bool, records: Vec<u8> },
    Reject { each: bool, records: Vec<u8> },
    Reverse { each: bool, records: Vec<u8> },
    Correct { record: u8, activity: Option<u8>, when: When },
    Deduct { who: u8, activity: u8, day: u8, minutes: i16 },
    Import { branch: u8, batch: Option<u8>, part: u8, last: bool, rows: Vec<(u8, u8, When)> },
    CreateActivity { branch: u8, start: i16, minutes: u16 },
    CheckIn { who: u8, activity: u8 },
    CheckOut { who: u8 },
    Cancel { who: u8 },
    Close,
    Register { each: bool, items: Vec<(u8, u8, bool)> },
    Move { who: u8, branch: u8 },
    Status { who: u8, status: u8 },
    Erase { who: u8 },
    Adopt { days: u8, at_once: u8, rate: u8, cap: u8 },
    Wait { minutes: u16 },
    Again,
    Reuse,
}

pub(super) const BRANCHES: [&str; 6] = ["N1", "N2", "B1", "NW", "BJ", "LG"];
const LENGTHS: [u16; 10] = [1, 30, 60, 240, 479, 480, 481, 720, 721, 1440];

/// Minutes of the day at which services begin.
const STARTS: [u16; 9] = [0, 60, 540, 541, 570, 600, 1380, 1410, 1439];

fn who() -> impl Strategy<Value = u8> {
    prop_oneof![12 => 0_u8..3, 3 => Just(3_u8), 1 => Just(4_u8)]
}

fn activity() -> impl Strategy<Value = u8> {
    prop_oneof![8 => Just(0_u8), 4 => Just(2_u8), 1 => Just(4_u8), 2 => Just(1_u8), 1 => Just(3_u8)]
}

fn interval_of_a_day() -> impl Strategy<Value = When> {
    let length = prop_oneof![5 => 0_usize..4, 1 => 4_usize..10].prop_map(|it| LENGTHS[it]);
    let start = prop::sample::select(STARTS.to_vec());
    (0_u8..4, start, length).prop_map(|(day, start, minutes)| When::Interval {
        day,
        start,
        minutes,
    })
}

fn when() -> impl Strategy<Value = When> {
    let minutes = prop_oneof![
        3 => prop::sample::select(vec![30_i16, 60, 480, 481]),
        1 => prop::sample::select(vec![0_i16, 1, 719, 721, 1440, 1441, -60, -61]),
    ];
    prop_oneof![
        4 => interval_of_a_day(),
        2 => (0_u8..4, minutes).prop_map(|(day, minutes)| When::Day { day, minutes }),
    ]
}

fn when_of_a_row() -> impl Strategy<Value = When> {
    let minutes = prop::sample::select(vec![0_i16, 60, 90, -60, 1441, 2881]);
    let span = (0_u8..4, 1_u8..4, minutes);
    prop_oneof![
        5 => when(),
        2 => span.prop_map(|(day, days, minutes)| When::Span { day, days, minutes }),
    ]
}

/// Steps about hours.
fn hours() -> impl Strategy<Value = Step> {
    use any as some;
    let records = || vec(0_u8..60, 1..4);
    let row = (who(), 0_u8..2, when_of_a_row());
    let minutes = prop::sample::select(vec![-30_i16, -60, -1440, -1441, 0, 5]);
    prop_oneof![
        8 => (activity(), some::<bool>(), vec((who(), when()), 1..4))
            .prop_map(|(activity, each, items)| Step::Record { activity, each, items }),
        4 => (some::<bool>(), records())
            .prop_map(|(each, records)| Step::Approve { each, records }),
        1 => (some::<bool>(), records()).prop_map(|(each, records)| Step::Reject { each, records }),
        3 => (some::<bool>(), records())
            .prop_map(|(each, records)| Step::Reverse { each, records }),
        4 => (0_u8..60, option::of(activity()), when_of_a_row())
            .prop_map(|(record, activity, when)| Step::Correct { record, activity, when }),
        1 => (who(), activity(), 0_u8..5, minutes)
            .prop_map(|(who, activity, day, minutes)| Step::Deduct { who, activity, day, minutes }),
        6 => (
            prop_oneof![4 => Just(0_u8), 1 => 1_u8..3],
            option::weighted(0.15, 0_u8..3),
            0_u8..2,
            some::<bool>(),
            vec(row, 1..6),
        )
            .prop_map(|(branch, batch, part, last, rows)| {
                Step::Import { branch, batch, part, last, rows }
            }),
    ]
}

/// Steps about check-ins.
fn check_ins() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (prop_oneof![4 => Just(0_u8), 1 => 1_u8..3], -120_i16..240, 30_u16..400)
            .prop_map(|(branch, start, minutes)| Step::CreateActivity { branch, start, minutes }),
        6 => (who(), 0_u8..60).prop_map(|(who, activity)| Step::CheckIn { who, activity }),
        5 => who().prop_map(|who| Step::CheckOut { who }),
        1 => who().prop_map(|who| Step::Cancel { who }),
        1 => Just(Step::Close),
        3 => (1_u16..400).prop_map(|minutes| Step::Wait { minutes }),
    ]
}

/// Steps about people and policy.
fn others() -> impl Strategy<Value = Step> {
    use any as some;
    prop_oneof![
        2 => (some::<bool>(), vec((0_u8..8, 0_u8..3, prop::bool::weighted(0.2)), 1..3))
            .prop_map(|(each, items)| Step::Register { each, items }),
        4 => (who(), 0_u8..6).prop_map(|(who, branch)| Step::Move { who, branch }),
        3 => (who(), prop::sample::select(vec![0_u8, 0, 0, 1, 2]))
            .prop_map(|(who, status)| Step::Status { who, status }),
        1 => (3_u8..5).prop_map(|who| Step::Erase { who }),
        3 => (0_u8..3, 0_u8..3, 0_u8..3, 0_u8..3)
            .prop_map(|(days, at_once, rate, cap)| Step::Adopt { days, at_once, rate, cap }),
        3 => Just(Step::Again),
        2 => Just(Step::Reuse),
    ]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![10 => hours(), 4 => check_ins(), 2 => others()]
}

/// Who mostly takes a step: places in the list of actors.
pub(super) fn usual(step: &Step) -> &'static [usize] {
    match step {
        Step::Approve { .. }
        | Step::Reject { .. }
        | Step::Reverse { .. }
        | Step::Correct { .. }
        | Step::Deduct { .. } => &[3, 4, 4, 5, 8, 9],
        Step::Import { .. } => &[1, 3, 3, 4, 8],
        Step::CheckOut { .. } | Step::Cancel { .. } => &[1, 2, 6, 7],
        Step::Close => &[0, 0, 0, 1],
        Step::Move { .. } | Step::Status { .. } | Step::Erase { .. } => &[4, 5],
        _ => &[1, 1, 2, 3, 4, 6, 7],
    }
}

fn mode(each: bool) -> BatchMode {
    if each { BatchMode::ItemByItem } else { BatchMode::Atomic }
}

impl World {
    fn day(&self, day: u8) -> Date {
        let mut date = self.origin;
        for _ in 0..day {
            date = date.tomorrow().unwrap();
        }
        date
    }

    fn row_service(&self, when: When) -> RowService {
        match when {
            When::Interval { day, start, minutes } => {
                let midnight = self.model.zone.day(self.day(day)).unwrap().0;
                let start = i64::from(midnight.get()) + i64::from(start);
                RowService::Interval(interval(start, minutes))
            }
            When::Day { day, minutes } => {
                RowService::Day(self.day(day), Minutes::new(minutes.into()))
            }
            When::Span { minutes, .. } => RowService::Total(Minutes::new(minutes.into())),
        }
    }

    fn span(&self, day: u8, days: u8) -> Span {
        let mut last = self.day(day);
        for _ in 1..days {
            last = last.tomorrow().unwrap();
        }
        Span::new(self.day(day), last).unwrap()
    }

    fn service(&self, when: When) -> Service {
        match (self.row_service(when), when) {
            (RowService::Interval(it), _) => Service::interval(it),
            (RowService::Total(minutes), When::Span { day, days, .. }) => {
                Service::span(self.span(day, days), minutes)
            }
            (RowService::Day(date, minutes), _) => Service::day(date, minutes),
            (RowService::Total(_), _) => unreachable!("only spans are totals"),
        }
    }

    /// Even ones by name, odd ones by number.
    fn activity(&self, choice: u8) -> ActivityRef {
        if choice % 2 == 1 {
            return ActivityRef::No(self.activity_no(choice));
        }
        let branch = BRANCHES[usize::from(choice / 2)];
        ActivityRef::Named(named(branch, "甲"))
    }

    /// Rarely one that is not known; mostly one of the last.
    fn activity_no(&self, choice: u8) -> ActivityNo {
        ActivityNo::new(Self::recent(choice, self.model.activities.len())).unwrap()
    }

    fn record_no(&self, choice: u8) -> RecordNo {
        RecordNo::new(Self::recent(choice, self.model.records.len())).unwrap()
    }

    fn recent(choice: u8, count: usize) -> u64 {
        let count = u64::try_from(count).unwrap();
        if choice == 0 || count == 0 { count + 1 } else { count - u64::from(choice) % count.min(6) }
    }

    /// The command of a step; none for those that are no command.
    pub(super) fn command(&mut self, step: &Step) -> Option<Command> {
        let who = |who: &u8| Town::volunteer_ref(&who.to_string());
        let records = |it: &[u8]| it.iter().map(|it| self.record_no(*it)).collect();
        let reason = Reason::Other;
        Some(match step {
            Step::Record { activity, each, items } => {
                let items = items.iter().map(|(volunteer, when)| HoursItem {
                    volunteer: who(volunteer),
                    service: self.service(*when),
                    evaluation: None,
                });
                Command::RecordHours(RecordHours {
                    activity: self.activity(*activity),
                    provenance: Provenance::Paper,
                    items: items.collect(),
                    mode: mode(*each),
                })
            }
            Step::Approve { each, records: it } => {
                Command::ApproveHours { records: records(it), mode: mode(*each) }
            }
            Step::Reject { each, records: it } => {
                Command::RejectHours { records: records(it), reason, mode: mode(*each) }
            }
            Step::Reverse { each, records: it } => {
                Command::ReverseHours { records: records(it), reason, mode: mode(*each) }
            }
            Step::Correct { record, activity, when } => Command::CorrectHours {
                record: self.record_no(*record),
                activity: activity.map(|it| self.activity(it)),
                service: self.service(*when),
                reason,
            },
            Step::Deduct { who: it, activity, day, minutes } => Command::DeductHours {
                volunteer: who(it),
                activity: self.activity(*activity),
                service: Service::day(self.day(*day), Minutes::new((*minutes).into())),
                reason,
            },
            Step::Import { .. } => self.import(step),
            Step::CreateActivity { branch, start, minutes } => {
                let branch = BRANCHES[usize::from(*branch)];
                let window = interval(self.model.now + i64::from(*start), *minutes);
                Command::CreateActivity { activity: named(branch, "签到"), window }
            }
            Step::CheckIn { who: it, activity } => {
                Command::CheckIn { volunteer: who(it), activity: self.activity_no(*activity) }
            }
            Step::CheckOut { who: it } => Command::CheckOut { volunteer: who(it) },
            Step::Cancel { who: it } => Command::CancelCheckIn { volunteer: who(it) },
            Step::Close => Command::CloseForgottenCheckIns,
            Step::Register { each, items } => self.register(items, mode(*each)),
            Step::Move { who: it, branch } => Command::MoveVolunteer {
                volunteer: who(it),
                branch: Town::code(BRANCHES[usize::from(*branch)]),
            },
            Step::Status { who: it, status } => Command::SetVolunteerStatus {
                volunteer: who(it),
                status: [
                    VolunteerStatus::Active,
                    VolunteerStatus::Suspended,
                    VolunteerStatus::Closed,
                ][usize::from(*status)],
            },
            Step::Erase { who: it } => Command::ErasePerson { volunteer: who(it) },
            Step::Adopt { .. } | Step::Wait { .. } | Step::Again | Step::Reuse => return None,
        })
    }

    fn import(&mut self, step: &Step) -> Command {
        let Step::Import { branch, batch, part, last, rows } = step else { unreachable!() };
        // Most imports are new files; some go on with an old one.
        self.files += 1;
        let (file, part) = batch.map_or((self.files, 0), |it| (u32::from(it) + 1, (*part).into()));
        let mut key = [0; 32];
        key[..4].copy_from_slice(&file.to_be_bytes());
        let span = rows.iter().find_map(|(_, _, when)| match when {
            When::Span { day, days, .. } => Some(self.span(*day, *days)),
            When::Interval { .. } | When::Day { .. } => None,
        });
        let rows = (1..).zip(rows).map(|(line, (who, name, when))| ImportRow {
            line,
            volunteer: Town::volunteer_ref(&who.to_string()),
            name: ActivityName::new(["甲", "乙"][usize::from(*name)]).unwrap(),
            category: None,
            place: None,
            service: self.row_service(*when),
        });
        Command::ImportHours(ImportHours {
            part: ImportPart { batch: BatchKey::new(key), part, last: *last, file: None },
            branch: Town::code(BRANCHES[usize::from(*branch)]),
            opening: false,
            span,
            rows: rows.collect(),
        })
    }

    fn register(&mut self, items: &[(u8, u8, bool)], mode: BatchMode) -> Command {
        let today = self.model.today();
        let items = items.iter().map(|(tag, branch, late)| {
            self.files += 1;
            NewVolunteer {
                volunteer: volunteer_id(1000 + u64::from(self.files)),
                tag: number(&tag.to_string()),
                branch: Town::code(BRANCHES[usize::from(*branch)]),
                joined: if *late { today.tomorrow().unwrap() } else { today },
            }
        });
        Command::RegisterVolunteers { items: items.collect(), mode }
    }
}

fn interval(start: i64, minutes: u16) -> Interval {
    let end = Minute::new(start + i64::from(minutes)).unwrap();
    Interval::new(Minute::new(start).unwrap(), end).unwrap()
}

fn named(branch: &str, name: &str) -> NamedActivity {
    let (branch, name) = (Town::code(branch), ActivityName::new(name).unwrap());
    NamedActivity { branch, name, category: None, place: None }
}

/// A rulebook and what the model makes of it.
pub(super) fn rules(from: Date, (at_once, rate, cap): (u8, u8, u8)) -> (Rules, Rulebook) {
    let serial = u32::from(at_once) * 9 + u32::from(rate) * 3 + u32::from(cap);
    let at_once = [480, 60, 720][usize::from(at_once)];
    let (rate, rate_text) = [(100, "1"), (70, "0.7"), (133, "1.33")][usize::from(rate)];
    let (cap, cap_text) = [
        (None, "# points_cap = \"1500\""),
        (Some(200), "points_cap = \"2\""),
        (Some(750), "points_cap = \"7.5\""),
    ][usize::from(cap)];
    let text = DEFAULT_RULEBOOK
        .replace("at_once_minutes = 480", &format!("at_once_minutes = {at_once}"))
        .replace("points_per_hour = \"1\"", &format!("points_per_hour = \"{rate_text}\""))
        .replace("# points_cap = \"1500\"", cap_text);
    (Rules { from, at_once, branch: 720, rate, cap, serial }, Rulebook::parse(&text).unwrap())
}
