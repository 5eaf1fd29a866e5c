//! Help between volunteers: the helper earns minutes, the points move, nobody loses an hour.
#![expect(clippy::unwrap_used, reason = "tests")]

mod edges;

use lovebank_ledger::{
    ActivityRef, Command, HelpCommand, HelpNo, HelpState, LineKind, Minutes, NamedActivity,
    PassbookNo, Reason, RecordNo, Refusal, Role, Service, TokenNo, VolunteerRef,
};
use lovebank_testkit::{Town, interval};

struct Street {
    town: Town,
    clerk: TokenNo,
    other_clerk: TokenNo,
    approver: TokenNo,
    asker: PassbookNo,
    helper: PassbookNo,
}

impl Street {
    /// A street in which the asker has 10 points and 600 minutes.
    fn new() -> Self {
        let mut town = Town::new();
        town.at("2026-03-10 09:00");
        let clerk = town.staff("clerk-nw", Role::Clerk, Some("NW"));
        let other_clerk = town.staff("clerk-2", Role::Clerk, Some("NW"));
        let approver = town.staff("approver-nw", Role::Approver, Some("NW"));
        let (asker, helper) = (town.volunteer("1", "N1"), town.volunteer("2", "N2"));
        for start in ["2026-03-01 09:00", "2026-03-02 09:00"] {
            let service = Service::interval(interval(start, 300));
            town.record(clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
        }
        Self { town, clerk, other_clerk, approver, asker, helper }
    }

    fn try_ask(&mut self, token: TokenNo, command: HelpCommand) -> Result<(), Refusal> {
        let asked = self.town.ask(token, &Command::Help(command));
        let result = asked.map(|_| ()).map_err(|it| it.refusal);
        assert_eq!(self.town.breaches(), []);
        result
    }

    fn ask(&mut self, command: HelpCommand) {
        self.try_ask(self.clerk, command).unwrap();
    }

    fn settle(&mut self) {
        while self.town.ask_as(None, &Command::SettleDue).is_ok() {
            assert_eq!(self.town.breaches(), []);
        }
    }

    /// Asks for some minutes of help on 12 March from 9:00, which the helper is to give.
    fn agreed(&mut self, minutes: u32) -> HelpNo {
        let no = self.asked(minutes).unwrap();
        let (help, helper) = (no, VolunteerRef::Passbook(self.helper));
        self.ask(HelpCommand::OfferHelp { help, volunteer: helper });
        self.ask(HelpCommand::AcceptOffer { help, helper });
        no
    }

    fn asked(&mut self, minutes: u32) -> Result<HelpNo, Refusal> {
        let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else {
            unreachable!()
        };
        let activity = NamedActivity { ..activity };
        let volunteer = VolunteerRef::Passbook(self.asker);
        let window = interval("2026-03-12 09:00", minutes);
        self.try_ask(
            self.clerk,
            HelpCommand::AskForHelp { volunteer, activity, window, age_band: None },
        )?;
        let count = u64::try_from(self.town.ledger().help_count()).unwrap();
        Ok(HelpNo::new(count).unwrap())
    }

    fn says(&mut self, who: PassbookNo, help: HelpNo, minutes: i64) -> Result<(), Refusal> {
        let (volunteer, minutes) = (VolunteerRef::Passbook(who), Minutes::new(minutes));
        // Two words of one hand would be one word.
        let token = if who == self.asker { self.clerk } else { self.other_clerk };
        self.try_ask(token, HelpCommand::ConfirmHelp { help, volunteer, minutes })
    }

    fn state(&self, help: HelpNo) -> HelpState {
        self.town.ledger().help(help).unwrap().state
    }

    /// What the last line of the asker and of the helper is, and the points that it moves.
    fn last_lines(&self) -> [(LineKind, i64); 2] {
        [self.asker, self.helper].map(|it| {
            let line = self.town.ledger().lines(it, None).next().unwrap();
            (line.kind, line.points.hundredths())
        })
    }

    /// Asks for an hour at a branch, on 12 March.
    fn asked_at(&mut self, branch: &str) -> HelpNo {
        let ActivityRef::Named(activity) = Town::activity(branch, "买菜") else { unreachable!() };
        let (volunteer, window) =
            (VolunteerRef::Passbook(self.asker), interval("2026-03-12 14:00", 1));
        self.ask(HelpCommand::AskForHelp { volunteer, activity, window, age_band: None });
        HelpNo::new(u64::try_from(self.town.ledger().help_count()).unwrap()).unwrap()
    }

    /// Minutes, points and held points.
    fn book(&self, no: PassbookNo) -> (i64, i64, i64) {
        let row = self.town.ledger().passbook(no).unwrap();
        (row.minutes.get(), row.points.hundredths(), row.held.hundredths())
    }
}

#[test]
fn the_helper_earns_minutes_and_the_points_move() {
    let mut street = Street::new();
    let help = street.agreed(120);
    assert_eq!(street.book(street.asker), (600, 1000, 200));
    let early = street.says(street.asker, help, 120);
    assert!(matches!(early, Err(Refusal::Future { .. })), "{early:?}");
    street.town.at("2026-03-12 12:00");
    street.says(street.helper, help, 90).unwrap();
    assert_eq!(street.state(help), HelpState::Said);
    street.says(street.asker, help, 90).unwrap();
    assert_eq!(street.state(help), HelpState::Confirmed);
    assert_eq!(street.book(street.asker), (600, 850, 0));
    assert_eq!(street.book(street.helper), (90, 150, 0));
    assert_eq!(street.last_lines(), [(LineKind::Paid, -150), (LineKind::Helped, 150)]);

    // Taken back, the asker has the points again.
    let records = vec![street.town.ledger().help(help).unwrap().record.unwrap()];
    let mode = lovebank_ledger::BatchMode::Atomic;
    let reverse = Command::ReverseHours { records, reason: Reason::NotServed, mode };
    street.town.ask(street.approver, &reverse).unwrap();
    assert_eq!(street.town.breaches(), []);
    assert_eq!(street.book(street.asker), (600, 1000, 0));
    assert_eq!(street.book(street.helper), (0, 0, 0));
    assert_eq!(street.last_lines(), [(LineKind::Reversed, 150), (LineKind::Reversed, -150)]);
}

#[test]
fn only_the_sides_say_how_long_it_took() {
    let mut street = Street::new();
    let help = street.agreed(60);
    street.town.volunteer("3", "N1");
    street.town.at("2026-03-12 12:00");
    let minutes = Minutes::new(60);
    for number in ["3", "2"] {
        let volunteer = Town::volunteer_ref(number);
        let said = HelpCommand::ConfirmHelp { help, volunteer, minutes };
        let expected = if number == "3" { Err(Refusal::NotInHelp { help }) } else { Ok(()) };
        assert_eq!(street.try_ask(street.clerk, said), expected);
    }
}

#[test]
fn a_correction_moves_what_was_paid_too() {
    let mut street = Street::new();
    let help = street.agreed(120);
    street.town.at("2026-03-12 12:00");
    street.says(street.helper, help, 120).unwrap();
    street.says(street.asker, help, 120).unwrap();
    let record: RecordNo = street.town.ledger().help(help).unwrap().record.unwrap();
    let correct = Command::CorrectHours {
        record,
        activity: None,
        service: Service::interval(interval("2026-03-12 09:00", 60)),
        reason: Reason::WrongTime,
    };
    street.town.ask(street.approver, &correct).unwrap();
    assert_eq!(street.town.breaches(), []);
    assert_eq!((street.book(street.asker).1, street.book(street.helper)), (900, (60, 100, 0)));
}

#[test]
fn sides_that_differ_go_to_an_approver() {
    let mut street = Street::new();
    let help = street.agreed(120);
    street.town.at("2026-03-12 12:00");
    street.says(street.helper, help, 120).unwrap();
    street.says(street.asker, help, 30).unwrap();
    assert_eq!(street.state(help), HelpState::Disputed);
    // Who is to decide knows what both said.
    let row = street.town.ledger().help(help).unwrap();
    let words = (row.said.map(|it| it.1.get()), row.answered.map(Minutes::get));
    assert_eq!(words, (Some(120), Some(30)));
    let newest = street.town.ledger().helps_newest_first().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(newest, [help]);
    let resolve = HelpCommand::ResolveHelp { help, minutes: Minutes::new(60) };
    assert!(street.try_ask(street.clerk, resolve.clone()).is_err());
    street.try_ask(street.approver, resolve).unwrap();
    assert_eq!((street.book(street.asker).1, street.book(street.helper).0), (900, 60));
}

#[test]
fn silence_agrees_and_what_nobody_came_to_expires() {
    let mut street = Street::new();
    let (said, forgotten) = (street.agreed(60), street.asked(30).unwrap());
    street.town.at("2026-03-12 12:00");
    street.settle();
    assert_eq!(street.state(forgotten), HelpState::Expired);
    street.says(street.helper, said, 60).unwrap();
    street.town.at("2026-03-19 11:59");
    street.settle();
    assert_eq!(street.state(said), HelpState::Said);
    street.town.at("2026-03-30 12:00");
    street.settle();
    assert_eq!(street.state(said), HelpState::Confirmed);
    assert_eq!(street.book(street.asker), (600, 900, 0));
    assert_eq!(street.book(street.helper), (60, 100, 0));
}

#[test]
fn help_obeys_the_rules_of_service() {
    let mut street = Street::new();
    assert!(matches!(street.asked(601), Err(Refusal::InsufficientPoints { .. })));
    // 9 h: the ladder wants an approver.
    let help = street.agreed(540);
    street.town.at("2026-03-13 09:00");
    street.says(street.helper, help, 540).unwrap();
    street.says(street.asker, help, 540).unwrap();
    assert_eq!(street.state(help), HelpState::Disputed);
    let resolve = HelpCommand::ResolveHelp { help, minutes: Minutes::new(540) };
    street.try_ask(street.approver, resolve).unwrap();
    assert_eq!((street.book(street.asker).1, street.book(street.helper)), (100, (540, 900, 0)));
}

#[test]
fn help_that_overlaps_other_service_goes_to_an_approver() {
    let mut street = Street::new();
    let help = street.agreed(60);
    street.town.at("2026-03-12 12:00");
    let service = Service::interval(interval("2026-03-12 09:30", 60));
    street.town.record(street.clerk, Town::activity("N2", "巡河"), "2", service).unwrap();
    street.says(street.helper, help, 60).unwrap();
    // The asker is not told what else the helper did.
    street.says(street.asker, help, 60).unwrap();
    assert_eq!(street.state(help), HelpState::Disputed);
    let (volunteer, minutes) = (VolunteerRef::Passbook(street.helper), Minutes::ZERO);
    let late = HelpCommand::ConfirmHelp { help, volunteer, minutes };
    assert!(matches!(street.try_ask(street.clerk, late), Err(Refusal::HelpState { .. })));
    let whole = HelpCommand::ResolveHelp { help, minutes: Minutes::new(60) };
    assert!(matches!(street.try_ask(street.approver, whole), Err(Refusal::Overlap { .. })));
    let resolve = HelpCommand::ResolveHelp { help, minutes: Minutes::ZERO };
    street.try_ask(street.approver, resolve).unwrap();
    assert_eq!(street.state(help), HelpState::Cancelled);
    assert_eq!(street.book(street.asker), (600, 1000, 0));
}
