//! What happens in a random history, and how it is asked of the bank.

use jiff::civil::Date;
use lovebank_ledger::{
    ActivityRef, BatchMode, Command, GiftCommand, GiftNo, GiftTo, HelpCommand, HelpNo, Interval,
    MergeCommand, Minute, Minutes, Points, Positive, Price, PublishReward, Reason, RecordNo,
    RedemptionNo, Refusal, RewardCommand, RewardKind, RewardMode, RewardName, RewardNo, Service,
    ServiceTime, Stock, TokenNo, VolunteerRef,
};
use lovebank_testkit::{Town, interval};
use proptest::{prelude::*, sample::Index};

use crate::{
    model::PEOPLE,
    random::{Run, number},
};

#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// Serves so many hours; more than eight wait for an approver.
    Serve(usize, i64),
    Approve(Index),
    Reverse(Index),
    Correct(Index, i64),
    Deduct(usize, i64),
    /// Gives to another, or to a pool.
    Give(usize, Option<usize>, i64),
    Ungive(Index),
    /// Has points held for a reward.
    Wish(usize, i64),
    Cancel(Index),
    Fulfil(Index),
    Restore(Index),
    /// The one asks for help, the other gives it.
    Help(usize, usize, i64),
    /// Days go by.
    Wait(i64),
    Merge(usize, usize),
    Undo(Index),
}

pub(crate) fn op() -> impl Strategy<Value = Op> {
    let who = || 0..PEOPLE;
    let any = any::<Index>;
    let to = || prop_oneof![4 => who().prop_map(Some), 1 => Just(None)];
    prop_oneof![
        6 => (who(), prop_oneof![4 => 1..5_i64, 1 => Just(9)]).prop_map(|(a, n)| Op::Serve(a, n)),
        1 => any().prop_map(Op::Approve),
        2 => any().prop_map(Op::Reverse),
        2 => (any(), 1..7_i64).prop_map(|(at, n)| Op::Correct(at, n)),
        1 => (who(), 1..5_i64).prop_map(|(a, n)| Op::Deduct(a, n)),
        3 => (who(), to(), 1..6_i64).prop_map(|(a, b, n)| Op::Give(a, b, n)),
        2 => any().prop_map(Op::Ungive),
        2 => (who(), 1..5_i64).prop_map(|(a, n)| Op::Wish(a, n)),
        1 => any().prop_map(Op::Cancel),
        1 => any().prop_map(Op::Fulfil),
        1 => any().prop_map(Op::Restore),
        2 => (who(), who(), 1..4_i64).prop_map(|(a, b, n)| Op::Help(a, b, n)),
        3 => (1..40_i64).prop_map(Op::Wait),
        5 => (who(), who()).prop_map(|(a, b)| Op::Merge(a, b)),
        3 => any().prop_map(Op::Undo),
    ]
}

type Done = Result<(), Refusal>;

impl Run {
    /// What the model makes of it; none: there is nothing to be done.
    pub(crate) fn model_does(&mut self, op: &Op) -> Option<bool> {
        let pick = |it: &Index, of: usize| (0 < of).then(|| it.index(of));
        let it = &mut self.model;
        Some(match op {
            Op::Serve(who, hours) => it.serve(*who, *hours, 8 < *hours),
            Op::Approve(at) => it.approve(pick(at, it.records.len())?),
            Op::Reverse(at) => it.reverse(pick(at, it.records.len())?),
            Op::Correct(at, hours) => {
                let no = pick(at, it.records.len())?;
                let row = &it.records[no];
                let fits = 0 < row.hours && !row.is_help();
                fits.then(|| it.correct(no, *hours))?
            }
            Op::Deduct(who, hours) => it.deduct(*who, *hours),
            Op::Give(from, to, points) => it.give(*from, *to, *points),
            Op::Ungive(at) => it.ungive(pick(at, it.gift_count())?),
            Op::Wish(who, price) => it.wish(*who, *price),
            Op::Cancel(at) => it.cancel(pick(at, it.wishes.len())?),
            Op::Fulfil(at) => it.fulfil(pick(at, it.wishes.len())?),
            Op::Restore(at) => it.restore(pick(at, it.wishes.len())?),
            Op::Help(asker, helper, hours) => {
                let fits = asker != helper && it.is_kept(*helper);
                fits.then(|| it.can_spend(*asker, *hours))?
            }
            Op::Wait(_) => true,
            Op::Merge(from, into) => it.merge(*from, *into),
            Op::Undo(at) => it.undo(pick(at, self.merges.len())?),
        })
    }

    /// Asks it of the bank.
    pub(crate) fn street_does(&mut self, op: &Op) -> Done {
        let (clerk, approver) = (self.street.clerk, self.street.approver);
        let wish = |at: &Index| RedemptionNo::new(nth(at.index(self.model.wishes.len()))).unwrap();
        let reason = Reason::Other;
        match op {
            Op::Serve(who, hours) => self.serve(*who, *hours),
            Op::Approve(at) => self.approve(*at),
            Op::Reverse(at) => self.reverse(*at),
            Op::Correct(at, hours) => self.correct(*at, *hours),
            Op::Deduct(who, hours) => self.deduct(*who, *hours),
            Op::Give(from, to, points) => self.give(*from, *to, *points),
            Op::Ungive(at) => {
                let gift = GiftNo::new(nth(at.index(self.model.gift_count()))).unwrap();
                self.ask(approver, &Command::Gift(GiftCommand::ReverseGift { gift, reason }))
            }
            Op::Wish(who, price) => self.wish(*who, *price),
            Op::Cancel(at) => {
                let redemption = wish(at);
                self.ask(clerk, &Command::Reward(RewardCommand::CancelRedemption { redemption }))
            }
            Op::Fulfil(at) => {
                let (redemption, points) = (wish(at), None);
                let fulfil = RewardCommand::FulfillRedemption { redemption, points };
                self.ask(clerk, &Command::Reward(fulfil))
            }
            Op::Restore(at) => {
                let reverse = RewardCommand::ReverseRedemption { redemption: wish(at), reason };
                self.ask(approver, &Command::Reward(reverse))
            }
            Op::Help(asker, helper, hours) => self.help(*asker, *helper, *hours),
            Op::Wait(days) => {
                self.wait(*days * 24 * 60);
                Ok(())
            }
            Op::Merge(from, into) => self.merge(*from, *into),
            Op::Undo(at) => {
                let place = at.index(self.merges.len());
                self.street.undo(self.merges[place])?;
                self.merges.remove(place);
                Ok(())
            }
        }
    }

    fn ask(&mut self, token: TokenNo, command: &Command) -> Done {
        self.street.ask(token, command).map(|_| ())
    }

    fn serve(&mut self, who: usize, hours: i64) -> Done {
        self.days += 1;
        let date = Date::constant(2026, 1, 1) + jiff::Span::new().days(self.days);
        let minutes = u32::try_from(hours * 60).unwrap();
        let served = self.street.try_serve(nth(who), &format!("{date} 09:00"), minutes);
        served.map(|_| ())
    }

    /// A record, and who may settle it: nobody does what they recorded themselves.
    fn recorded(&self, at: Index) -> (RecordNo, TokenNo) {
        // What a correction books is in the model's table already.
        let place = at.index(self.street.town.ledger().record_count());
        let own = self.model.records[place].by_approver;
        let token = if own { self.street.other } else { self.street.approver };
        (RecordNo::new(nth(place)).unwrap(), token)
    }

    fn approve(&mut self, at: Index) -> Done {
        let (record, token) = self.recorded(at);
        let (records, mode) = (vec![record], BatchMode::Atomic);
        self.ask(token, &Command::ApproveHours { records, mode })
    }

    fn reverse(&mut self, at: Index) -> Done {
        let (record, token) = self.recorded(at);
        let (records, reason, mode) = (vec![record], Reason::NotServed, BatchMode::Atomic);
        self.ask(token, &Command::ReverseHours { records, reason, mode })
    }

    fn correct(&mut self, at: Index, hours: i64) -> Done {
        let (record, token) = self.recorded(at);
        let row = self.street.town.ledger().record(record).unwrap();
        let ServiceTime::Interval(time) = row.time else { unreachable!() };
        let service = Service::interval(span(time.start(), hours));
        let (activity, reason) = (None, Reason::WrongTime);
        self.ask(token, &Command::CorrectHours { record, activity, service, reason })
    }

    fn deduct(&mut self, who: usize, hours: i64) -> Done {
        let service = Service::day(self.now.date(), Minutes::new(-hours * 60));
        let (volunteer, activity) = (of(who), Town::activity("N1", "敬老"));
        let reason = Reason::Other;
        let deduct = Command::DeductHours { volunteer, activity, service, reason };
        self.ask(self.street.approver, &deduct)
    }

    fn give(&mut self, from: usize, to: Option<usize>, points: i64) -> Done {
        let to = to.map_or(GiftTo::Pool(Town::code("N1")), |to| GiftTo::Volunteer(of(to)));
        let (from, points) = (of(from), Positive::new(whole(points)).unwrap());
        let give = GiftCommand::GivePoints { from, to, points };
        self.ask(self.street.clerk, &Command::Gift(give))
    }

    fn wish(&mut self, who: usize, price: i64) -> Done {
        let publish = PublishReward {
            branch: Town::code("NW"),
            name: RewardName::new("粮油").unwrap(),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(whole(price)).unwrap(),
            stock: Stock::new(1).unwrap(),
            limit: None,
            eligibility: None,
            mode: RewardMode::FirstCome,
        };
        let publish = Command::Reward(RewardCommand::PublishReward(publish));
        self.ask(self.street.approver, &publish)?;
        let reward = RewardNo::new(nth(self.street.town.ledger().rewards().count() - 1)).unwrap();
        let volunteer = of(who);
        let request = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
        self.ask(self.street.clerk, &Command::Reward(request))
    }

    /// Asked for, offered, accepted, and confirmed by two hands.
    fn help(&mut self, asker: usize, helper: usize, hours: i64) -> Done {
        let (clerk, other) = (self.street.clerk, self.street.other_clerk);
        let ActivityRef::Named(activity) = Town::activity("N1", "买菜") else { unreachable!() };
        let soon = self.now + jiff::Span::new().minutes(5);
        let start = interval(&soon.strftime("%F %H:%M").to_string(), 1).start();
        let (volunteer, window) = (of(asker), span(start, hours));
        let ask = HelpCommand::AskForHelp { volunteer, activity, window, age_band: None };
        self.ask(clerk, &Command::Help(ask))?;
        let help = HelpNo::new(nth(self.street.town.ledger().help_count() - 1)).unwrap();
        let since = self.model.today;
        let (volunteer, minutes) = (of(helper), Minutes::new(hours * 60));
        self.ask(other, &Command::Help(HelpCommand::OfferHelp { help, volunteer }))?;
        self.ask(clerk, &Command::Help(HelpCommand::AcceptOffer { help, helper: volunteer }))?;
        self.model.purses[asker].hold(since, hours);
        self.wait(5 + hours * 60);
        for (token, volunteer) in [(clerk, of(asker)), (other, volunteer)] {
            let confirm = HelpCommand::ConfirmHelp { help, volunteer, minutes };
            self.ask(token, &Command::Help(confirm))?;
        }
        self.model.purses[asker].release(since, hours);
        self.model.help(asker, helper, hours);
        Ok(())
    }

    fn merge(&mut self, from: usize, into: usize) -> Done {
        let merge = self.street.propose(nth(from), nth(into))?;
        let approver = self.street.approver;
        self.street.merge(approver, MergeCommand::ConfirmMerge { merge })?;
        self.merges.push(merge);
        Ok(())
    }
}

fn span(start: Minute, hours: i64) -> Interval {
    let end = Minute::new(i64::from(start.get()) + hours * 60).unwrap();
    Interval::new(start, end).unwrap()
}

fn whole(points: i64) -> Points {
    Points::from_hundredths(points * 100)
}

fn nth(place: usize) -> u64 {
    u64::try_from(place).unwrap() + 1
}

fn of(who: usize) -> VolunteerRef {
    VolunteerRef::Passbook(number(who))
}
