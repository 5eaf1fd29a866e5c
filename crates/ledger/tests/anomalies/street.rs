//! An honest street, and what is told of it.

use jiff::civil::date;
use lovebank_ledger::{
    ActivityName, Command, DEFAULT_RULEBOOK, GiftCommand, GiftTo, NamedActivity, NewGrant,
    NewScope, PassbookNo, Points, Positive, Role, Rulebook, Service, TokenNo,
    anomaly::{Anomalies, Anomaly, AnomalyKind, Evidence, Trail, anomalies},
};
use lovebank_testkit::{Bank, Town, interval, zone};

/// A street of twelve who serve from January to March, each day four of them, by the word of two
/// clerks.
pub(crate) struct Street {
    pub(crate) town: Town,
    pub(crate) clerks: [TokenNo; 2],
    pub(crate) approver: TokenNo,
}

pub(crate) fn street() -> Street {
    let rules = DEFAULT_RULEBOOK.replace("to = \"kin\"", "to = \"anyone\"");
    let mut town = Town::within(Bank::with(zone(), &rules));
    town.at("2026-04-01 09:00");
    let clerks = ["clerk-1", "clerk-2"].map(|it| town.staff(it, Role::Clerk, Some("LG")));
    let approver = town.staff("approver", Role::Approver, Some("LG"));
    for who in 0..12 {
        town.volunteer(&who.to_string(), "N1");
    }
    let mut street = Street { town, clerks, approver };
    let first = date(2026, 1, 5);
    for (days, on) in first.series(jiff::Span::new().days(1)).take(80).enumerate() {
        for who in (0..12_usize).filter(|who| (who + days) % 3 == 0) {
            let (hour, minute) = (9 + (who + days) % 5, (who * 7 + days) % 60);
            let length = 45 + (who * 13 + days * 7) % 90;
            let start = format!("{on} {hour:02}:{minute:02}");
            let clerk = street.clerks[days % 2];
            street.serve(clerk, who, &start, u32::try_from(length).unwrap());
        }
    }
    street
}

impl Street {
    pub(crate) fn serve(&mut self, by: TokenNo, who: usize, start: &str, minutes: u32) {
        let at = Town::activity("N1", "社区巡河");
        let service = Service::interval(interval(start, minutes));
        self.town.record(by, at, &who.to_string(), service).unwrap();
    }

    pub(crate) fn of(who: usize) -> lovebank_ledger::VolunteerRef {
        Town::volunteer_ref(&who.to_string())
    }

    pub(crate) fn gift(&mut self, command: GiftCommand) {
        self.town.must(self.approver, &Command::Gift(command));
    }

    pub(crate) fn kin(&mut self, one: usize, other: usize) {
        let (volunteer, kin) = (Self::of(one), Self::of(other));
        self.town.must(self.clerks[0], &Command::Gift(GiftCommand::RequestKin { volunteer, kin }));
        self.gift(GiftCommand::ConfirmKin { volunteer, kin });
    }

    /// Ten hundredths of a point, given at a time.
    pub(crate) fn give(&mut self, from: usize, to: usize, at: &str) {
        self.town.at(at);
        let (from, to) = (Self::of(from), GiftTo::Volunteer(Self::of(to)));
        let gift = GiftCommand::GivePoints { from, to, points: points(10) };
        self.town.must(self.clerks[0], &Command::Gift(gift));
    }

    /// Checks in at an activity of a morning, until noon.
    pub(crate) fn check_in(&mut self, who: usize, on: &str) {
        self.town.at(&format!("{on} 09:00"));
        let name = ActivityName::new(&format!("义诊 {on}")).unwrap();
        let (branch, category, place) = (Town::code("N1"), None, None);
        let activity = NamedActivity { branch, name, category, place };
        let window = interval(&format!("{on} 09:00"), 121);
        self.town.must(self.clerks[0], &Command::CreateActivity { activity, window });
        let activity = self.town.ledger().activities().next_back().unwrap().no;
        let volunteer = Self::of(who);
        self.town.must(self.clerks[0], &Command::CheckIn { volunteer, activity });
        self.town.at(&format!("{on} 12:00"));
    }

    /// The check-outs that should have come by now never did.
    pub(crate) fn close(&mut self) {
        self.town.ask_as(None, &Command::CloseForgottenCheckIns).unwrap();
    }

    /// A clerk or approver who serves too.
    pub(crate) fn who_serves(&mut self, handle: &str, role: Role, who: usize) -> TokenNo {
        let scope = NewScope::Branch(Town::code("LG"));
        let own = NewScope::Volunteer(Self::of(who));
        let grants = vec![NewGrant { role, scope }, NewGrant { role: Role::Volunteer, scope: own }];
        self.town.token(handle, grants)
    }

    pub(crate) fn told(&self, rules: &str, phones: &[Vec<PassbookNo>]) -> Anomalies {
        let mut trail = Trail::default();
        self.town.journal().iter().for_each(|(entry, _)| trail.take(entry));
        let rules = Rulebook::parse(rules).unwrap();
        let evidence = Evidence { trail: &trail, phones };
        anomalies(self.town.ledger(), rules.anomalies(), evidence)
    }

    pub(crate) fn found(&self) -> Vec<Anomaly> {
        self.told(DEFAULT_RULEBOOK, &[]).found
    }

    /// The only anomaly, which is of this kind, with evidence in entries that there are.
    pub(crate) fn only(&self, kind: AnomalyKind) -> Anomaly {
        let mut found = self.found();
        assert_eq!(found.len(), 1, "{found:#?}");
        let it = found.remove(0);
        assert_eq!(it.kind, kind);
        assert!(!it.entries.is_empty());
        assert!(it.entries.iter().all(|no| self.town.ledger().recorded_at(*no).is_some()));
        it
    }

    pub(crate) fn passbook(who: usize) -> PassbookNo {
        PassbookNo::new(u64::try_from(who).unwrap() + 1).unwrap()
    }
}

pub(crate) fn points(hundredths: i64) -> Positive {
    Positive::new(Points::from_hundredths(hundredths)).unwrap()
}
