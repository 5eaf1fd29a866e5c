//! A town whose rulebook knows stars and awards.

use lovebank_ledger::{
    Command, HonourCommand, HonourNo, LineKind, PassbookNo, ProgrammeName, Refusal, Role, RunNo,
    RunRow, Service, TokenNo, VolunteerRef,
};
use lovebank_testkit::{Bank, Town, interval, zone};

/// Two programmes of a street: the three best with 10 hours, two years and, waivable, two months;
/// and one that asks for ages.
const PROGRAMMES: &str = r#"
[programmes.best]
english = "The best"
chinese = "优秀"
level = "street"
notice_working_days = 3
places = { most = 2 }
eligible = [
    { english = "minutes", chinese = "分钟", value = "minutes", least = 600 },
    { english = "months", chinese = "月数", value = "months", least = 2, waivable = true },
    { english = "takes part", chinese = "在册", condition = "active" },
]
order = [{ english = "minutes", chinese = "分钟", score = "minutes", first = "highest" }]

[programmes.elders]
english = "Elders"
chinese = "老年"
level = "community"
age_bands = [0, 60]
eligible = [{ english = "age", chinese = "年龄", condition = "age_band == 60" }]
"#;

pub(crate) struct Street {
    pub(crate) town: Town,
    pub(crate) clerk: TokenNo,
    pub(crate) approver: TokenNo,
    pub(crate) officer: TokenNo,
    pub(crate) other: TokenNo,
}

pub(crate) fn name(text: &str) -> ProgrammeName {
    ProgrammeName::new(text).unwrap()
}

/// A run of 2026, as of now.
pub(crate) fn create(programme: &str, branch: Option<&str>) -> HonourCommand {
    HonourCommand::CreateRun {
        programme: name(programme),
        year: 2026,
        cut_off: None,
        branch: branch.map(Town::code),
        as_of: None,
        ages: Vec::new(),
    }
}

pub(crate) fn run_no(no: u64) -> RunNo {
    RunNo::new(no).unwrap()
}

pub(crate) fn who(number: &str) -> VolunteerRef {
    Town::volunteer_ref(number)
}

impl Street {
    /// Volunteers 1 and 2 (N1), 3 (N2) and 4 (B1); it is Monday, 2026-12-07.
    pub(crate) fn new() -> Self {
        Self::with(PROGRAMMES)
    }

    /// The same with other programmes.
    pub(crate) fn with(programmes: &str) -> Self {
        let awards = include_str!("../../../../deploy/awards.toml");
        let rulebook = [lovebank_ledger::DEFAULT_RULEBOOK, awards, programmes].join("\n");
        let mut town = Town::within(Bank::with(zone(), &rulebook));
        town.at("2026-12-07 09:00");
        let clerk = town.staff("clerk", Role::Clerk, Some("LG"));
        let approver = town.staff("approver", Role::Approver, Some("NW"));
        let officer = town.staff("officer", Role::AwardOfficer, Some("LG"));
        let other = town.staff("other-officer", Role::AwardOfficer, Some("LG"));
        for (number, branch) in [("1", "N1"), ("2", "N1"), ("3", "N2"), ("4", "B1")] {
            town.volunteer(number, branch);
        }
        Self { town, clerk, approver, officer, other }
    }

    /// Records an hour or several, a service a day, from the first of a month.
    pub(crate) fn served(&mut self, number: &str, month: &str, hours: u32) {
        for hour in 0..hours {
            let start = format!("{month}-{:02} {:02}:00", hour / 8 + 1, 8 + hour % 8);
            let service = Service::interval(interval(&start, 60));
            let activity = Town::activity("N1", "敬老");
            self.town.record(self.clerk, activity, number, service).unwrap();
        }
    }

    pub(crate) fn ask(&mut self, token: TokenNo, command: HonourCommand) -> Result<(), Refusal> {
        let before = self.town.ledger().clone();
        let asked = self.town.ask(token, &Command::Honour(command));
        let result = asked.map(|_| ()).map_err(|it| it.refusal);
        if result.is_err() {
            assert!(before == *self.town.ledger(), "what is refused changes nothing");
        }
        assert_eq!(self.town.breaches(), []);
        result
    }

    pub(crate) fn must(&mut self, token: TokenNo, command: HonourCommand) {
        self.ask(token, command).unwrap();
    }

    pub(crate) fn run(&self, no: u64) -> &RunRow {
        self.town.ledger().run(run_no(no)).unwrap()
    }

    /// Who is chosen in a run, by place.
    pub(crate) fn chosen(&self, no: u64) -> Vec<(u64, u32)> {
        let chosen = self.run(no).result.chosen.iter();
        chosen.map(|it| (it.passbook.get(), it.place)).collect()
    }

    /// The honours lines of a passbook, oldest first.
    pub(crate) fn lines(&self, passbook: u64) -> Vec<(LineKind, HonourNo)> {
        let passbook = PassbookNo::new(passbook).unwrap();
        let about = |it: lovebank_ledger::LineRow| match it.about {
            Some(lovebank_ledger::About::Honour(no)) => {
                assert!(it.minutes.is_zero() && it.points.is_zero());
                Some((it.kind, no))
            }
            _ => None,
        };
        let mut lines: Vec<_> =
            self.town.ledger().lines(passbook, None).filter_map(about).collect();
        lines.reverse();
        lines
    }
}
