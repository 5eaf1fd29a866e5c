//! What happens in a town, at random.

use jiff::civil::date;
use lovebank_ledger::{
    BatchMode, BranchNo, Command, HonourCommand, HonourItem, HonourLevel, HonourNo, Minutes,
    ProgrammeName, Reason, RecordNo, Role, Service, Title, TokenNo, VolunteerStatus,
};
use lovebank_testkit::{Town, interval};
use proptest::prelude::*;

pub(crate) const BRANCHES: [&str; 6] = ["LG", "NW", "BJ", "N1", "N2", "B1"];
/// Volunteers of the town.
pub(crate) const PEOPLE: usize = 6;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Serve { who: usize, day: i64, minutes: u32 },
    Reverse { record: u64 },
    Deduct { who: usize, day: i64, minutes: i64 },
    Move { who: usize, to: usize },
    Status { who: usize, status: usize },
    Erase { who: usize },
    Nominate { who: usize, year: i16 },
    Honour { who: usize, year: i16, star: bool },
    Revoke { honour: u64 },
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    // Both sides of two New Years, a leap day, and some months in a row.
    let day = || prop_oneof![0..14_i64, 60..75_i64, 100..300_i64, 365..380_i64];
    let who = || 0..PEOPLE;
    prop_oneof![
        14 => (who(), day(), prop_oneof![Just(60_u32), 1..240_u32])
            .prop_map(|(who, day, minutes)| Step::Serve { who, day, minutes }),
        2 => (1..30_u64).prop_map(|record| Step::Reverse { record }),
        1 => (who(), day(), 1..90_i64)
            .prop_map(|(who, day, minutes)| Step::Deduct { who, day, minutes }),
        2 => (who(), 3..6_usize).prop_map(|(who, to)| Step::Move { who, to }),
        1 => (who(), 0..3_usize).prop_map(|(who, status)| Step::Status { who, status }),
        1 => who().prop_map(|who| Step::Erase { who }),
        2 => (who(), 2024..2026_i16).prop_map(|(who, year)| Step::Nominate { who, year }),
        2 => (who(), 2020..2026_i16, any::<bool>())
            .prop_map(|(who, year, star)| Step::Honour { who, year, star }),
        1 => (1..9_u64).prop_map(|honour| Step::Revoke { honour }),
    ]
}

/// Which star is given in a year.
fn star_of(year: i16) -> u8 {
    u8::try_from(year % 3 + 1).unwrap()
}

pub(crate) struct World {
    pub(crate) town: Town,
    clerk: TokenNo,
    approver: TokenNo,
    minute: i64,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut town = Town::within(lovebank_testkit::Bank::with(
            lovebank_testkit::zone(),
            &[lovebank_ledger::DEFAULT_RULEBOOK, crate::model::NAMED].join("\n"),
        ));
        town.at("2025-06-01 09:00");
        let clerk = town.staff("clerk", Role::Clerk, Some("LG"));
        let approver = town.staff("approver", Role::Approver, Some("LG"));
        for who in 0..PEOPLE {
            town.volunteer(&who.to_string(), BRANCHES[3 + who % 3]);
        }
        Self { town, clerk, approver, minute: 0 }
    }

    pub(crate) fn branch(&self, at: usize) -> BranchNo {
        self.town.ledger().branch_by_code(&Town::code(BRANCHES[at])).unwrap().no
    }

    /// What a rule refuses makes no entry.
    #[expect(clippy::too_many_lines, reason = "one arm for each step")]
    pub(crate) fn step(&mut self, step: &Step) {
        self.minute += 1;
        let on = |day: i64| date(2023, 12, 25) + jiff::Span::new().days(day);
        let name = |who: usize| Town::volunteer_ref(&who.to_string());
        let mode = BatchMode::Atomic;
        let (token, command) = match *step {
            Step::Serve { who, day, minutes } => {
                let start = format!("{} {:02}:30", on(day), self.minute * 5 % 24);
                let service = Service::interval(interval(&start, minutes));
                let activity = Town::activity("N1", "服务");
                self.town.record(self.clerk, activity, &who.to_string(), service).ok();
                return;
            }
            Step::Reverse { record } => {
                let records = vec![RecordNo::new(record).unwrap()];
                let reason = Reason::Duplicate;
                (self.approver, Command::ReverseHours { records, reason, mode })
            }
            Step::Deduct { who, day, minutes } => {
                let service = Service::day(on(day), Minutes::new(-minutes));
                let (volunteer, activity) = (name(who), Town::activity("N1", "服务"));
                let reason = Reason::RuleBroken;
                (self.approver, Command::DeductHours { volunteer, activity, service, reason })
            }
            Step::Move { who, to } => {
                let (volunteer, branch) = (name(who), Town::code(BRANCHES[to]));
                (self.clerk, Command::MoveVolunteer { volunteer, branch })
            }
            Step::Status { who, status } => {
                use VolunteerStatus::{Active, Closed, Suspended};
                let (volunteer, status) = (name(who), [Active, Suspended, Closed][status]);
                (self.approver, Command::SetVolunteerStatus { volunteer, status })
            }
            Step::Erase { who } => (self.approver, Command::ErasePerson { volunteer: name(who) }),
            Step::Nominate { who, year } => {
                let programme = ProgrammeName::new("asked").unwrap();
                let volunteer = name(who);
                let nominate = HonourCommand::Nominate { volunteer, programme, year };
                (self.clerk, Command::Honour(nominate))
            }
            Step::Honour { who, year, star } => {
                let programme = ProgrammeName::new("other").unwrap();
                let title = if star {
                    let scheme = ProgrammeName::new("asked").unwrap();
                    Title::Star { scheme, level: star_of(year), year: None }
                } else {
                    Title::Award { programme, year, level: HonourLevel::City }
                };
                let given = date(year, 3, 1).min(date(2025, 3, 1));
                let items = vec![HonourItem { volunteer: name(who), title, given }];
                let record = HonourCommand::RecordHonours { items, mode };
                (self.approver, Command::Honour(record))
            }
            Step::Revoke { honour } => {
                let (honour, reason) = (HonourNo::new(honour).unwrap(), Reason::Other);
                let revoke = HonourCommand::RevokeHonour { honour, reason };
                (self.approver, Command::Honour(revoke))
            }
        };
        self.town.ask(token, &command).ok();
    }
}
