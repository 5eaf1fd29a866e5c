//! A street with one person under two numbers.

use lovebank_ledger::{
    BatchMode, Command, DEFAULT_RULEBOOK, EntryNo, Event, GiftCommand, GiftTo, Kin, MergeCommand,
    MergeEvent, MergeNo, Minutes, PassbookNo, Points, PolicyName, Positive, Price, PublishReward,
    Reason, RecordNo, RedemptionNo, Refusal, RewardCommand, RewardKind, RewardMode, RewardName,
    RewardNo, Role, Service, Stock, TokenNo, VolunteerRef, VolunteerStatus, served,
};
use lovebank_testkit::{Bank, Town, interval, zone};

pub(crate) struct Street {
    pub(crate) town: Town,
    pub(crate) clerk: TokenNo,
    pub(crate) other_clerk: TokenNo,
    pub(crate) approver: TokenNo,
    pub(crate) other: TokenNo,
}

impl Street {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// Volunteers 1 to 3 at N1, 4 at N2, 5 at B1; who records, and two who approve.
    pub(crate) fn with(rules: &str) -> Self {
        let rulebook = DEFAULT_RULEBOOK
            .replace("[passbook]", &format!("[passbook]\n{rules}"))
            .replace("fulfill_days = 30", "fulfill_days = 3660")
            .replace("to = \"kin\"", "to = \"anyone\"");
        let mut town = Town::within(Bank::with(zone(), &rulebook));
        town.at("2026-03-10 09:00");
        let clerk = town.staff("clerk", Role::Clerk, Some("NW"));
        let other_clerk = town.staff("other-clerk", Role::Clerk, Some("NW"));
        let approver = town.staff("approver", Role::Approver, Some("NW"));
        let other = town.staff("other", Role::Approver, Some("NW"));
        for (number, branch) in [("1", "N1"), ("2", "N1"), ("3", "N1"), ("4", "N2"), ("5", "B1")] {
            town.volunteer(number, branch);
        }
        Self { town, clerk, other_clerk, approver, other }
    }

    pub(crate) fn ask(&mut self, token: TokenNo, command: &Command) -> Result<Event, Refusal> {
        let result = self.town.ask(token, command).map(|it| it.event.clone());
        let result = result.map_err(|it| it.refusal);
        assert_eq!(self.town.breaches(), []);
        result
    }

    pub(crate) fn merge(&mut self, token: TokenNo, command: MergeCommand) -> Result<(), Refusal> {
        self.ask(token, &Command::Merge(command)).map(|_| ())
    }

    pub(crate) fn propose(&mut self, from: u64, into: u64) -> Result<MergeNo, Refusal> {
        let command = MergeCommand::ProposeMerge { volunteer: of(from), into: of(into) };
        let event = self.ask(self.clerk, &Command::Merge(command))?;
        let Event::Merge(MergeEvent::MergeProposed(it)) = event else { panic!("{event:?}") };
        Ok(it.no)
    }

    /// Proposed by one and confirmed by another.
    pub(crate) fn merged(&mut self, from: u64, into: u64) -> MergeNo {
        let merge = self.propose(from, into).unwrap();
        self.merge(self.approver, MergeCommand::ConfirmMerge { merge }).unwrap();
        merge
    }

    pub(crate) fn undo(&mut self, merge: MergeNo) -> Result<(), Refusal> {
        self.merge(self.clerk, MergeCommand::ProposeMergeUndo { merge })?;
        self.merge(self.approver, MergeCommand::ConfirmMergeUndo { merge })
    }

    /// Hours that someone served, recorded by the clerk.
    pub(crate) fn serve(&mut self, who: u64, start: &str, minutes: u32) -> RecordNo {
        self.try_serve(who, start, minutes).unwrap()
    }

    pub(crate) fn try_serve(
        &mut self,
        who: u64,
        start: &str,
        minutes: u32,
    ) -> Result<RecordNo, Refusal> {
        let service = Service::interval(interval(start, minutes));
        let (clerk, activity) = (self.clerk, Town::activity("N1", "敬老"));
        let record = self.town.record(clerk, activity, &who.to_string(), service);
        assert_eq!(self.town.breaches(), []);
        record.map_err(|it| it.refusal)
    }

    pub(crate) fn reverse(&mut self, record: RecordNo) -> Result<(), Refusal> {
        let (reason, mode) = (Reason::NotServed, BatchMode::Atomic);
        let command = Command::ReverseHours { records: vec![record], reason, mode };
        self.ask(self.approver, &command).map(|_| ())
    }

    pub(crate) fn give(&mut self, from: u64, to: u64, hundredths: i64) -> Result<(), Refusal> {
        let points = Positive::new(Points::from_hundredths(hundredths)).unwrap();
        let to = GiftTo::Volunteer(of(to));
        let command = GiftCommand::GivePoints { from: of(from), to, points };
        self.ask(self.clerk, &Command::Gift(command)).map(|_| ())
    }

    /// A request for a reward of so many hundredths of a point, of which there is one.
    pub(crate) fn wish(&mut self, who: u64, hundredths: i64) -> RedemptionNo {
        let publish = PublishReward {
            branch: Town::code("N1"),
            name: RewardName::new("粮油券").unwrap(),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(Points::from_hundredths(hundredths)).unwrap(),
            stock: Stock::new(1).unwrap(),
            limit: None,
            eligibility: None,
            mode: RewardMode::WaitingList { policy: PolicyName::new("default").unwrap() },
        };
        let publish = Command::Reward(RewardCommand::PublishReward(publish));
        self.ask(self.approver, &publish).unwrap();
        let reward = u64::try_from(self.town.ledger().rewards().count()).unwrap();
        let (volunteer, reward) = (of(who), RewardNo::new(reward).unwrap());
        let request = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.ask(self.clerk, &Command::Reward(request)).unwrap();
        let count = u64::try_from(self.town.ledger().redemption_count()).unwrap();
        RedemptionNo::new(count).unwrap()
    }

    /// The clock goes on, and what is due by then is settled.
    pub(crate) fn settled(&mut self, time: &str) {
        self.town.at(time);
        while self.town.ask_as(None, &Command::SettleDue).is_ok() {
            assert_eq!(self.town.breaches(), []);
        }
    }

    pub(crate) fn status(&mut self, who: u64, status: VolunteerStatus) {
        let command = Command::SetVolunteerStatus { volunteer: of(who), status };
        self.ask(self.approver, &command).unwrap();
    }

    pub(crate) fn kin(&self, a: u64, b: u64) -> bool {
        self.town.ledger().is_kin(Kin::new(no(a), no(b)).unwrap())
    }

    /// Minutes and hundredths of a point.
    pub(crate) fn has(&self, who: u64) -> (i64, i64) {
        let row = self.town.ledger().passbook(no(who)).unwrap();
        (row.minutes.get(), row.points.hundredths())
    }

    /// Minutes that count for someone in 2026, as of an entry; none: now.
    pub(crate) fn year(&self, who: u64, as_of: Option<EntryNo>) -> Minutes {
        let days = lovebank_ledger::Days {
            from: lovebank_testkit::day("2026-01-01"),
            until: lovebank_testkit::day("2026-12-31"),
        };
        served(self.town.ledger(), no(who), days, as_of).minutes
    }

    pub(crate) fn head(&self) -> EntryNo {
        self.town.ledger().head().unwrap()
    }
}

pub(crate) fn no(who: u64) -> PassbookNo {
    PassbookNo::new(who).unwrap()
}

pub(crate) fn of(who: u64) -> VolunteerRef {
    VolunteerRef::Passbook(no(who))
}
