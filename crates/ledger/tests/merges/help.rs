//! Help of one person under two numbers.

use lovebank_ledger::{ActivityRef, Command, HelpCommand, HelpNo, HelpState, Minutes};
use lovebank_testkit::{Town, interval};

use crate::street::{Street, of};

impl Street {
    fn help(&mut self, other_hand: bool, command: HelpCommand) {
        let token = if other_hand { self.other_clerk } else { self.clerk };
        self.ask(token, &Command::Help(command)).unwrap();
    }

    /// An hour of help on 12 March that the other agreed to give.
    fn agreed(&mut self, asker: u64, helper: u64) -> HelpNo {
        let ActivityRef::Named(activity) = Town::activity("N1", "买菜") else { unreachable!() };
        let (volunteer, window) = (of(asker), interval("2026-03-12 09:00", 60));
        self.help(false, HelpCommand::AskForHelp { volunteer, activity, window, age_band: None });
        let count = u64::try_from(self.town.ledger().help_count()).unwrap();
        let help = HelpNo::new(count).unwrap();
        self.help(true, HelpCommand::OfferHelp { help, volunteer: of(helper) });
        self.help(false, HelpCommand::AcceptOffer { help, helper: of(helper) });
        help
    }

    /// Both sides say that it took the hour.
    fn confirmed(&mut self, help: HelpNo, asker: u64, helper: u64) -> HelpState {
        let minutes = Minutes::new(60);
        for (hand, who) in [(false, asker), (true, helper)] {
            self.help(hand, HelpCommand::ConfirmHelp { help, volunteer: of(who), minutes });
        }
        self.town.ledger().help(help).unwrap().state
    }
}

#[test]
fn who_helped_each_other_at_once_is_seen_under_every_number() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 120);
    street.serve(3, "2026-03-01 09:00", 120);
    let (first, back) = (street.agreed(1, 3), street.agreed(3, 2));
    street.town.at("2026-03-12 12:00");
    assert_eq!(street.confirmed(first, 1, 3), HelpState::Confirmed);
    street.merged(1, 2);
    assert_eq!(street.confirmed(back, 3, 2), HelpState::Disputed, "an approver looks at it");
}

#[test]
fn who_helps_a_third_at_that_time_is_not_taken_for_mutual_help() {
    let mut street = Street::new();
    street.serve(1, "2026-03-01 09:00", 120);
    street.serve(3, "2026-03-01 09:00", 120);
    // 1 helps 3, and is helped by 2.
    let (given, taken) = (street.agreed(3, 1), street.agreed(1, 2));
    street.town.at("2026-03-12 12:00");
    assert_eq!(street.confirmed(given, 3, 1), HelpState::Confirmed);
    assert_eq!(street.confirmed(taken, 1, 2), HelpState::Confirmed);
}
