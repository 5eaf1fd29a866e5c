//! What a bank is asked in a simulated life: bursts of commands, and the steps of its clock.

use lovebank::writer::Submission;
use lovebank_ledger::{
    BatchMode, BranchKind, BranchName, Command, Context, DEFAULT_RULEBOOK, Fingerprint, Founding,
    Handle, HoursItem, NewGrant, NewScope, NewVolunteer, Points, Price, Provenance, PublishReward,
    Reason, RecordHours, RecordNo, RedemptionNo, RequestId, RewardCommand, RewardKind, RewardMode,
    RewardName, RewardNo, Role, Rulebook, Service, Stock, Timestamp, TokenHash, TokenNo,
};
use lovebank_testkit::{Town, day, fingerprint, interval, number, timestamp, volunteer_id, zone};

use crate::Random;

/// Bursts after those that make the town.
const BURSTS: usize = 24;
/// Commands of a burst beside the one that is always new.
const COMMANDS: usize = 7;
/// The clock goes ahead by this at most, and back by this at most.
const STEP_S: usize = 4 * 24 * 3600;

/// Commands that are queued at once.
pub(super) struct Burst {
    /// What the clock says then.
    pub(super) now: Timestamp,
    pub(super) commands: Vec<Submission>,
}

/// A whole script.
pub(super) struct Script {
    bursts: Vec<Burst>,
    random: Random,
    now: Timestamp,
    asked: u64,
    volunteers: u64,
    records: u64,
    rewards: u64,
}

impl Script {
    /// The script of a seed.
    pub(super) fn new(seed: u64) -> Self {
        let mut it = Self {
            bursts: Vec::new(),
            random: Random::new(seed),
            now: timestamp("2026-03-01 09:00"),
            asked: 0,
            volunteers: 0,
            records: 0,
            rewards: 0,
        };
        it.town();
        for _ in 0..BURSTS {
            it.step();
            it.burst();
        }
        it
    }

    /// What the clock says as the bank opens.
    pub(super) fn opening() -> Timestamp {
        timestamp("2026-03-01 08:00")
    }

    /// What a new bank begins with.
    pub(super) fn founding() -> (Founding, Context) {
        let founding = Founding {
            name: BranchName::new("爱心银行").expect("it is short"),
            zone: zone(),
            rulebook: Rulebook::parse(DEFAULT_RULEBOOK).expect("it is a rulebook"),
            operator: Handle::new("operator").expect("it is short"),
            token: TokenHash::new([1; 32]),
        };
        let (request, fingerprint) = (RequestId::new([0xff; 16]), Fingerprint::new([0; 16]));
        (founding, Context { now: Self::opening(), request, fingerprint, token: None })
    }

    pub(super) fn bursts(&self) -> &[Burst] {
        &self.bursts
    }

    /// Every command that stands for itself: one that repeats another's request has its answer.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Submission> {
        self.bursts.iter().flat_map(|it| &it.commands)
    }

    /// The branches and the staff; the first command comes alone, so that the writer waits with
    /// it at the gate.
    fn town(&mut self) {
        let branch = |code: &str, kind, parent: Option<&str>| Command::CreateBranch {
            code: Town::code(code),
            name: BranchName::new(code).expect("it is short"),
            kind,
            parent: parent.map(Town::code),
        };
        let operator = Some(TokenNo::FIRST);
        self.bursts.push(Burst { now: self.now, commands: Vec::new() });
        self.ask(operator, branch("NW", BranchKind::Street, None));
        self.bursts.push(Burst { now: self.now, commands: Vec::new() });
        self.ask(operator, branch("N1", BranchKind::Community, Some("NW")));
        for (handle, role, byte) in [("clerk", Role::Clerk, 2), ("approver", Role::Approver, 3)] {
            let scope = NewScope::Branch(Town::code("NW"));
            let command = Command::IssueToken {
                hash: TokenHash::new([byte; 32]),
                handle: Handle::new(handle).expect("it is short"),
                grants: vec![NewGrant { role, scope }],
                expires: None,
            };
            self.ask(operator, command);
        }
    }

    fn clerk() -> Option<TokenNo> {
        TokenNo::new(2).ok()
    }

    fn approver() -> Option<TokenNo> {
        TokenNo::new(3).ok()
    }

    /// The clock goes on, stands, jumps ahead or goes back.
    fn step(&mut self) {
        let by = i64::try_from(self.random.below(STEP_S)).unwrap_or_default() * 1_000_000;
        let now = self.now.micros();
        let minute = 60 * 1_000_000;
        self.now = Timestamp::from_micros(match self.random.below(4) {
            0 => now - by,
            1 => now,
            2 => now + minute,
            _ => now + by,
        });
    }

    fn burst(&mut self) {
        self.bursts.push(Burst { now: self.now, commands: Vec::new() });
        self.register();
        for _ in 0..self.random.below(COMMANDS + 1) {
            match self.random.below(8) {
                0 => self.publish(),
                1 => self.request(),
                2 => self.settle(),
                3 => self.reverse(),
                4 => self.again(),
                5 => self.register(),
                _ => self.record(),
            }
        }
    }

    fn ask(&mut self, token: Option<TokenNo>, command: Command) {
        self.asked += 1;
        let request = RequestId::new(u128::from(self.asked).to_be_bytes());
        let fingerprint = fingerprint(&command);
        let submission = Submission { request, fingerprint, token, validate_only: false, command };
        self.bursts.last_mut().expect("a burst was begun").commands.push(submission);
    }

    /// An earlier command once more.
    fn again(&mut self) {
        let earlier: Vec<Submission> = self.commands().cloned().collect();
        let again = earlier[self.random.below(earlier.len())].clone();
        self.bursts.last_mut().expect("a burst was begun").commands.push(again);
    }

    fn register(&mut self) {
        self.volunteers += 1;
        let item = NewVolunteer {
            volunteer: volunteer_id(self.volunteers),
            tag: number(&self.volunteers.to_string()),
            branch: Town::code("N1"),
            joined: day("2026-01-01"),
        };
        self.ask(None, Command::RegisterVolunteers { items: vec![item], mode: BatchMode::Atomic });
    }

    fn anyone(&mut self) -> String {
        let most = usize::try_from(self.volunteers).unwrap_or(1);
        (self.random.below(most) + 1).to_string()
    }

    /// A sheet of one to three rows, some of which overlap and are refused.
    fn record(&mut self) {
        let mut items = Vec::new();
        for _ in 0..=self.random.below(3) {
            self.records += 1;
            let volunteer = Town::volunteer_ref(&self.anyone());
            let (day, hour) = (self.random.below(28) + 1, self.random.below(20));
            let start = format!("2026-01-{day:02} {hour:02}:00");
            let minutes = u32::try_from(self.random.below(180) + 1).unwrap_or(1);
            let service = Service::interval(interval(&start, minutes));
            items.push(HoursItem { volunteer, service, evaluation: None });
        }
        let mode = if self.random.once_in(2) { BatchMode::Atomic } else { BatchMode::ItemByItem };
        let (activity, provenance) = (Town::activity("N1", "敬老"), Provenance::Clerk);
        let record = RecordHours { activity, provenance, items, mode };
        self.ask(Self::clerk(), Command::RecordHours(record));
    }

    fn reverse(&mut self) {
        let no = self.random.below(usize::try_from(self.records).unwrap_or_default() + 1) + 1;
        let no = u64::try_from(no).unwrap_or(1);
        let records = RecordNo::new(no).into_iter().collect();
        let reason = Reason::Duplicate;
        let command = Command::ReverseHours { records, reason, mode: BatchMode::Atomic };
        self.ask(Self::approver(), command);
    }

    fn publish(&mut self) {
        self.rewards += 1;
        let price = i64::try_from(self.random.below(200) + 1).unwrap_or(1);
        let reward = PublishReward {
            branch: Town::code("N1"),
            name: RewardName::new("粮油券").expect("it is short"),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(Points::from_hundredths(price)).expect("a price"),
            stock: Stock::new(2).expect("a stock"),
            limit: None,
            eligibility: None,
            mode: RewardMode::FirstCome,
        };
        self.ask(Self::approver(), Command::Reward(RewardCommand::PublishReward(reward)));
    }

    /// Asks for a reward: points are held, for as long as the rules let them be.
    fn request(&mut self) {
        let volunteer = Town::volunteer_ref(&self.anyone());
        let no = self.random.below(usize::try_from(self.rewards).unwrap_or_default() + 1) + 1;
        let Ok(reward) = RewardNo::new(u64::try_from(no).unwrap_or(1)) else { return };
        let command = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.ask(Self::clerk(), Command::Reward(command));
    }

    fn settle(&mut self) {
        let Ok(redemption) = RedemptionNo::new(1 + self.random.number() % 6) else { return };
        let command = if self.random.once_in(2) {
            RewardCommand::CancelRedemption { redemption }
        } else {
            RewardCommand::FulfillRedemption { redemption, points: None }
        };
        self.ask(Self::clerk(), Command::Reward(command));
    }
}
