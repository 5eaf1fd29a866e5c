//! A town in which points move, and the model of it.

use lovebank_ledger::{
    Account, Command, Context, DEFAULT_RULEBOOK, Decision, HelpNo, HelpState, PassbookNo, Points,
    PolicyName, Price, PublishReward, Purpose, RedemptionNo, RedemptionState, RewardCommand,
    RewardKind, RewardMode, RewardName, RewardNo, Role, Service, Stock, Timestamp, TokenNo,
    VolunteerRef, Window,
};
use lovebank_testkit::{Bank, Town, interval, timestamp, zone};

use crate::model::{Book, DAY, Mode, Model, PLACE_DAYS, Reward, SILENCE_DAYS, WAIT_DAYS};

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Earn { who: usize, halves: i64 },
    Request { who: usize, reward: usize },
    Cancel { no: usize },
    Fulfill { no: usize },
    Miss { no: usize },
    TakeBack { no: usize },
    Stock { reward: usize, places: i64 },
    Give { from: usize, to: Option<usize>, points: i64 },
    Ungive { no: usize },
    Draw { who: usize, points: i64 },
    Approve { no: usize },
    Ask { who: usize, minutes: i64 },
    Offer { no: usize, who: usize },
    Withdraw { no: usize, who: usize },
    Accept { no: usize, who: usize },
    GiveUp { no: usize },
    Confirm { no: usize, by_asker: bool, minutes: i64, hand: usize },
    Resolve { no: usize, minutes: i64 },
    Wait { hours: i64 },
    Again,
}

pub(crate) struct World {
    town: Town,
    pub(crate) model: Model,
    pub(crate) clerks: [TokenNo; 2],
    pub(crate) approver: TokenNo,
    /// A day of the past for every service.
    days: i64,
    last: Option<(Context, Command)>,
}

const BEGIN: &str = "2026-03-10 09:00";

/// By who served most; places, requests and silence are short.
fn rulebook() -> String {
    let policy = "\n[[priority.most]]\nenglish = \"minutes\"\nchinese = \"分钟\"\n\
                  score = \"minutes\"\nfirst = \"highest\"\n";
    let changed = [
        ("# points_cap = \"1500\"", "points_cap = \"15\"".to_owned()),
        ("fulfill_days = 30", format!("fulfill_days = {PLACE_DAYS}")),
        ("waiting_days = 365", format!("waiting_days = {WAIT_DAYS}")),
        ("silence_days = 7", format!("silence_days = {SILENCE_DAYS}")),
        ("no_show_forfeits = false", "no_show_forfeits = true".to_owned()),
        ("to = \"kin\"", "to = \"anyone\"".to_owned()),
    ];
    let text = changed.iter().fold(DEFAULT_RULEBOOK.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    text + policy
}

impl World {
    pub(crate) fn new() -> Self {
        let mut town = Town::within(Bank::with(zone(), &rulebook()));
        town.at(BEGIN);
        let clerks = ["clerk-1", "clerk-2"].map(|it| town.staff(it, Role::Clerk, Some("NW")));
        let approver = town.staff("approver", Role::Approver, Some("NW"));
        let mut model = Model { now: timestamp(BEGIN).micros() / 60_000_000, ..Model::default() };
        for (no, home) in [0, 0, 0, 1, 1].into_iter().enumerate() {
            town.volunteer(&no.to_string(), ["N1", "N2"][home]);
            model.books.push(Book { home, ..Book::default() });
        }
        let mut world = Self { town, model, clerks, approver, days: 0, last: None };
        let (closes, until) = (world.model.now + 4 * DAY, world.model.now + 9 * DAY);
        world.publish(150, 2, Mode::FirstCome);
        world.publish(100, 1, Mode::List);
        world.publish(50, 1, Mode::Window(closes, until));
        (0..5).for_each(|who| world.earn(who, 8));
        world
    }

    fn publish(&mut self, price: i64, stock: u32, mode: Mode) {
        let policy = PolicyName::new("most").unwrap();
        let at = |minute: i64| Timestamp::from_micros(minute * 60_000_000);
        let how = match mode {
            Mode::FirstCome => RewardMode::FirstCome,
            Mode::List => RewardMode::WaitingList { policy },
            Mode::Window(closes, until) => {
                let window = Window::new(at(self.model.now), at(closes), at(until)).unwrap();
                RewardMode::Window { window, policy }
            }
        };
        let it = PublishReward {
            branch: Town::code("NW"),
            name: RewardName::new("粮油").unwrap(),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(Points::from_hundredths(price)).unwrap(),
            stock: Stock::new(stock).unwrap(),
            limit: None,
            eligibility: None,
            mode: how,
        };
        self.town.must(self.approver, &Command::Reward(RewardCommand::PublishReward(it)));
        let left = i64::from(stock);
        self.model.rewards.push(Reward { price, left, mode, allocated: false });
    }

    pub(crate) fn step(&mut self, step: &Step) {
        match step {
            Step::Wait { hours } => {
                self.model.now += hours * 60;
                self.town.set(Timestamp::from_micros(self.model.now * 60_000_000));
                self.settle();
            }
            Step::Again => self.again(),
            Step::Earn { who, halves } => self.earn(*who, *halves),
            _ => {
                if let Some(step) = self.concrete(step) {
                    let (token, command) = self.command(&step);
                    let can = self.models(&step);
                    self.asks(token, &command, can);
                }
            }
        }
        self.check();
    }

    /// The step with numbers of things that are there: mostly one that it fits, else any of the
    /// last; none where there is none.
    fn concrete(&self, step: &Step) -> Option<Step> {
        use HelpState::{Agreed, Disputed, Open, Said};
        use RedemptionState::{Allocated, Fulfilled, NoShow, Waiting};
        let it = &self.model;
        let redeemed = |no: usize, fits: &[RedemptionState]| {
            pick(no, it.redemptions.len(), |at| fits.contains(&it.redemptions[at].state))
        };
        let helped = |no: usize, fits: &[HelpState]| {
            pick(no, it.helps.len(), |at| fits.contains(&it.helps[at].state))
        };
        Some(match *step {
            Step::Cancel { no } => Step::Cancel { no: redeemed(no, &[Waiting, Allocated])? },
            Step::Fulfill { no } => Step::Fulfill { no: redeemed(no, &[Allocated])? },
            Step::Miss { no } => Step::Miss { no: redeemed(no, &[Allocated])? },
            Step::TakeBack { no } => Step::TakeBack { no: redeemed(no, &[Fulfilled, NoShow])? },
            Step::Ungive { no } => {
                Step::Ungive { no: pick(no, it.gifts.len(), |at| !it.gifts[at].reversed)? }
            }
            Step::Approve { no } => {
                Step::Approve { no: pick(no, it.draws.len(), |at| it.draws[at].waits)? }
            }
            Step::Offer { no, who } => Step::Offer { no: helped(no, &[Open])?, who },
            Step::Withdraw { no, who } => Step::Withdraw { no: helped(no, &[Open, Agreed])?, who },
            Step::Accept { no, who } => {
                let no = pick(no, it.helps.len(), |at| {
                    it.helps[at].state == Open && !it.helps[at].offers.is_empty()
                })?;
                let offers = &it.helps[no].offers;
                let who = offers.get(who % offers.len().max(1)).copied().unwrap_or(who);
                Step::Accept { no, who }
            }
            Step::GiveUp { no } => Step::GiveUp { no: helped(no, &[Open, Agreed])? },
            Step::Confirm { no, by_asker, minutes, hand } => {
                let no = helped(no, &[Agreed, Said])?;
                let by_asker = by_asker || it.helps[no].helper.is_none();
                Step::Confirm { no, by_asker, minutes, hand }
            }
            Step::Resolve { no, minutes } => {
                Step::Resolve { no: helped(no, &[Disputed])?, minutes }
            }
            Step::Earn { .. }
            | Step::Request { .. }
            | Step::Stock { .. }
            | Step::Give { .. }
            | Step::Draw { .. }
            | Step::Ask { .. }
            | Step::Wait { .. }
            | Step::Again => step.clone(),
        })
    }

    fn earn(&mut self, who: usize, halves: i64) {
        self.days += 1;
        let day = jiff::civil::date(2020, 1, 1) + jiff::Span::new().days(self.days);
        let minutes = halves * 30;
        let service = interval(&format!("{day} 09:00"), u32::try_from(minutes).unwrap());
        let activity = Town::activity("N1", "敬老");
        let service = Service::interval(service);
        self.town.record(self.clerks[0], activity, &who.to_string(), service).unwrap();
        assert!(self.model.earn(who, minutes));
    }

    fn asks(&mut self, token: TokenNo, command: &Command, can: bool) {
        let id = self.town.fresh_request();
        let context = self.town.context(Some(token), id, command);
        let before = self.town.ledger().clone();
        match self.town.request(&context, command) {
            Ok(_) => {
                assert!(can, "{command:?} was done, and the model says no");
                self.last = Some((context, command.clone()));
            }
            Err(refused) => {
                assert!(!can, "{command:?} was refused: {refused}");
                assert_eq!(*self.town.ledger(), before, "a refusal changes nothing");
            }
        }
    }

    /// The same request again is the same entry, and nothing else.
    fn again(&mut self) {
        let Some((context, command)) = self.last.clone() else { return };
        let before = self.town.ledger().clone();
        let decided = self.town.request(&context, &command);
        assert!(matches!(decided, Ok(Decision::Replay(_))), "{decided:?}");
        assert_eq!(*self.town.ledger(), before);
    }

    fn settle(&mut self) {
        let expected = self.model.settle();
        for _ in 0..expected {
            self.town.ask_as(None, &Command::SettleDue).unwrap();
        }
        assert!(self.town.ask_as(None, &Command::SettleDue).is_err(), "nothing more is due");
    }

    fn models(&mut self, step: &Step) -> bool {
        let it = &mut self.model;
        match *step {
            Step::Request { who, reward } => it.request(who, reward),
            Step::Cancel { no } => it.cancel(no),
            Step::Fulfill { no } => it.fulfill(no),
            Step::Miss { no } => it.miss(no),
            Step::TakeBack { no } => it.take_back(no),
            Step::Stock { reward, places } => it.stock(reward, places),
            Step::Give { from, to, points } => it.give(from, to, points),
            Step::Ungive { no } => it.ungive(no),
            Step::Draw { who, points } => it.draw(who, points),
            Step::Approve { no } => it.approve(no),
            Step::Ask { who, minutes } => {
                let start = it.begins();
                it.ask(who, start, minutes)
            }
            Step::Offer { no, who } => it.offer(no, who),
            Step::Withdraw { no, who } => it.withdraw(no, who),
            Step::Accept { no, who } => it.accept(no, who),
            Step::GiveUp { no } => it.give_up(no),
            Step::Confirm { no, by_asker, minutes, hand } => {
                it.confirm(no, by_asker, (minutes, hand))
            }
            Step::Resolve { no, minutes } => it.resolve(no, minutes),
            Step::Earn { .. } | Step::Wait { .. } | Step::Again => true,
        }
    }

    fn check(&self) {
        let ledger = self.town.ledger();
        for (no, book) in self.model.books.iter().enumerate() {
            let row = ledger.passbook(PassbookNo::new(number(no)).unwrap()).unwrap();
            let seen = (row.minutes.get(), row.points.hundredths(), row.held.hundredths());
            assert_eq!(seen, (book.minutes, book.points, book.held), "passbook {no}");
        }
        for (code, pool) in ["N1", "N2"].into_iter().zip(self.model.pools) {
            let branch = ledger.branch_by_code(&Town::code(code)).unwrap().no;
            let points = ledger.balance(Account::Bank(branch, Purpose::Pool)).points;
            assert_eq!(points.hundredths(), pool, "the pool of {code}");
        }
        for (row, it) in ledger.rewards().zip(&self.model.rewards) {
            assert_eq!(i64::from(row.left), it.left, "{:?}", it.mode);
        }
        for (no, it) in self.model.redemptions.iter().enumerate() {
            let row = ledger.redemption(RedemptionNo::new(number(no)).unwrap()).unwrap();
            assert_eq!(row.state, it.state, "redemption {no}");
        }
        for (no, it) in self.model.helps.iter().enumerate() {
            assert_eq!(ledger.help(help_no(no)).unwrap().state, it.state, "help {no}");
        }
        assert_eq!(self.town.breaches(), []);
    }
}

/// One of the last eight that fit; now and then any of the last six.
fn pick(no: usize, len: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let fitting: Vec<usize> = (0..len).rev().filter(|it| fits(*it)).take(8).collect();
    if no.is_multiple_of(8) || fitting.is_empty() {
        return len.checked_sub(1 + no % len.clamp(1, 6));
    }
    fitting.get(no % fitting.len()).copied()
}

pub(crate) fn number(no: usize) -> u64 {
    u64::try_from(no + 1).unwrap()
}

pub(crate) fn of(who: usize) -> VolunteerRef {
    VolunteerRef::Passbook(PassbookNo::new(number(who)).unwrap())
}

pub(crate) fn reward_no(no: usize) -> RewardNo {
    RewardNo::new(number(no)).unwrap()
}

pub(crate) fn help_no(no: usize) -> HelpNo {
    HelpNo::new(number(no)).unwrap()
}
