//! What each step asks of the bank, and by whom.

use lovebank_ledger::{
    ActivityRef, Command, DrawNo, GiftCommand, GiftNo, GiftTo, HelpCommand, Interval, Minute,
    Minutes, Points, Positive, Reason, RedemptionNo, RewardCommand, TokenNo,
};
use lovebank_testkit::Town;

use crate::world::{Step, World, help_no, number, of, reward_no};

impl World {
    pub(crate) fn command(&self, step: &Step) -> (TokenNo, Command) {
        let clerk = self.clerks[0];
        match *step {
            Step::Request { who, reward } => {
                let (volunteer, reward) = (of(who), reward_no(reward));
                let it = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
                (clerk, Command::Reward(it))
            }
            Step::Cancel { no } => {
                (clerk, redeem(no, |redemption| RewardCommand::CancelRedemption { redemption }))
            }
            Step::Fulfill { no } => (
                clerk,
                redeem(no, |redemption| RewardCommand::FulfillRedemption {
                    redemption,
                    points: None,
                }),
            ),
            Step::Miss { no } => {
                (clerk, redeem(no, |redemption| RewardCommand::MissRedemption { redemption }))
            }
            Step::TakeBack { no } => {
                let reason = Reason::Other;
                let reverse = |redemption| RewardCommand::ReverseRedemption { redemption, reason };
                (self.approver, redeem(no, reverse))
            }
            Step::Stock { reward, places } => {
                let (reward, places) = (reward_no(reward), u32::try_from(places).unwrap());
                (self.approver, Command::Reward(RewardCommand::AddStock { reward, places }))
            }
            _ => self.gift_or_help(step),
        }
    }

    fn gift_or_help(&self, step: &Step) -> (TokenNo, Command) {
        let (clerk, approver) = (self.clerks[0], self.approver);
        let gift = |token, it| (token, Command::Gift(it));
        let help = |token, it| (token, Command::Help(it));
        match *step {
            Step::Give { from, to, points } => {
                let to = to.map_or(GiftTo::Pool(Town::code("N1")), |to| GiftTo::Volunteer(of(to)));
                gift(
                    clerk,
                    GiftCommand::GivePoints { from: of(from), to, points: positive(points) },
                )
            }
            Step::Ungive { no } => {
                let (gift_no, reason) = (GiftNo::new(number(no)).unwrap(), Reason::Other);
                gift(approver, GiftCommand::ReverseGift { gift: gift_no, reason })
            }
            Step::Draw { who, points } => {
                let (volunteer, pool) = (of(who), Town::code("N1"));
                let points = positive(points);
                let ask = GiftCommand::RequestDraw { volunteer, pool, points, age_band: None };
                gift(clerk, ask)
            }
            Step::Approve { no } => {
                let draw = DrawNo::new(number(no)).unwrap();
                gift(approver, GiftCommand::ApproveDraw { draw })
            }
            Step::Ask { who, minutes } => help(clerk, self.ask(who, minutes)),
            Step::Offer { no, who } => {
                help(clerk, HelpCommand::OfferHelp { help: help_no(no), volunteer: of(who) })
            }
            Step::Withdraw { no, who } => {
                help(clerk, HelpCommand::WithdrawOffer { help: help_no(no), volunteer: of(who) })
            }
            Step::Accept { no, who } => {
                help(clerk, HelpCommand::AcceptOffer { help: help_no(no), helper: of(who) })
            }
            Step::GiveUp { no } => help(clerk, HelpCommand::CancelHelp { help: help_no(no) }),
            Step::Confirm { no, by_asker, minutes, hand } => {
                let row = &self.model.helps[no];
                let who = if by_asker { row.asker } else { row.helper.expect("one agreed") };
                let (volunteer, minutes) = (of(who), Minutes::new(minutes));
                let confirm = HelpCommand::ConfirmHelp { help: help_no(no), volunteer, minutes };
                help(self.clerks[hand], confirm)
            }
            Step::Resolve { no, minutes } => {
                let minutes = Minutes::new(minutes);
                help(approver, HelpCommand::ResolveHelp { help: help_no(no), minutes })
            }
            _ => unreachable!("it is no gift and no help"),
        }
    }

    fn ask(&self, who: usize, minutes: i64) -> HelpCommand {
        let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else {
            unreachable!()
        };
        let start = self.model.begins();
        let at = |minute: i64| Minute::new(minute).unwrap();
        let window = Interval::new(at(start), at(start + minutes)).unwrap();
        HelpCommand::AskForHelp { volunteer: of(who), activity, window, age_band: None }
    }
}

fn positive(hundredths: i64) -> Positive {
    Positive::new(Points::from_hundredths(hundredths)).unwrap()
}

fn redeem(no: usize, command: impl FnOnce(RedemptionNo) -> RewardCommand) -> Command {
    Command::Reward(command(RedemptionNo::new(number(no)).unwrap()))
}
