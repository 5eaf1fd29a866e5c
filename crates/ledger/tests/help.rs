//! Help between volunteers: the helper earns minutes, the points move, nobody loses an hour.
#![expect(clippy::unwrap_used, reason = "tests")]

use lovebank_ledger::{
    ActivityRef, Command, DEFAULT_RULEBOOK, HELP_OPEN_MAX, HelpCommand, HelpNo, HelpState,
    LineKind, Minutes, NamedActivity, NewGrant, NewScope, OFFERS_MAX, PassbookNo, Points, Reason,
    RecordNo, Refusal, Role, Rulebook, RulebookVersion, Service, TokenNo, VolunteerRef,
    VolunteerStatus, priority,
};
use lovebank_testkit::{Town, day, interval};

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

#[test]
fn an_offer_that_was_accepted_and_is_taken_back_leaves_the_request_open() {
    let mut street = Street::new();
    let help = street.agreed(60);
    let other = VolunteerRef::Passbook(street.town.volunteer("3", "N1"));
    street
        .ask(HelpCommand::WithdrawOffer { help, volunteer: VolunteerRef::Passbook(street.helper) });
    let row = street.town.ledger().help(help).unwrap();
    assert_eq!((row.state, row.helper, row.offers.len()), (HelpState::Open, None, 0));
    // Another may help now; whoever else takes an offer back changes nothing of that.
    for helper in [other, VolunteerRef::Passbook(street.helper)] {
        street.ask(HelpCommand::OfferHelp { help, volunteer: helper });
    }
    street.ask(HelpCommand::AcceptOffer { help, helper: other });
    street
        .ask(HelpCommand::WithdrawOffer { help, volunteer: VolunteerRef::Passbook(street.helper) });
    let row = street.town.ledger().help(help).unwrap();
    assert_eq!((row.state, row.offers.len()), (HelpState::Agreed, 1));
    assert_eq!(row.helper, street.town.ledger().resolve(other));
}

#[test]
fn the_silence_of_one_who_acted_in_person_agrees() {
    let mut street = Street::new();
    let (asker, helper) =
        (street.town.own_token("own-1", "1"), street.town.own_token("own-2", "2"));
    let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else { unreachable!() };
    let (volunteer, window) =
        (VolunteerRef::Passbook(street.asker), interval("2026-03-12 09:00", 60));
    let ask = HelpCommand::AskForHelp { volunteer, activity, window, age_band: None };
    street.try_ask(asker, ask).unwrap();
    let (help, by) = (HelpNo::FIRST, VolunteerRef::Passbook(street.helper));
    street.try_ask(helper, HelpCommand::OfferHelp { help, volunteer: by }).unwrap();
    street.try_ask(asker, HelpCommand::AcceptOffer { help, helper: by }).unwrap();
    street.town.at("2026-03-12 12:00");
    let said = HelpCommand::ConfirmHelp { help, volunteer: by, minutes: Minutes::new(60) };
    street.try_ask(helper, said).unwrap();
    street.town.at("2026-04-12 12:00");
    street.settle();
    assert_eq!(street.state(help), HelpState::Confirmed);
    assert_eq!(street.book(street.helper), (60, 100, 0));
}

#[test]
fn who_said_how_long_it_took_does_not_have_the_last_word() {
    let mut street = Street::new();
    let help = street.agreed(60);
    let scope = || NewScope::Branch(Town::code("NW"));
    let roles = [Role::Clerk, Role::Approver];
    let grants = roles.map(|role| NewGrant { role, scope: scope() }).into();
    let both = street.town.token("both", grants);
    street.town.at("2026-03-12 12:00");
    let volunteer = VolunteerRef::Passbook(street.helper);
    let said = HelpCommand::ConfirmHelp { help, volunteer, minutes: Minutes::new(60) };
    street.try_ask(both, said).unwrap();
    street.says(street.asker, help, 30).unwrap();
    assert_eq!(street.state(help), HelpState::Disputed);
    let resolve = || HelpCommand::ResolveHelp { help, minutes: Minutes::new(60) };
    assert_eq!(street.try_ask(both, resolve()), Err(Refusal::OwnHelp { help }));
    street.try_ask(street.approver, resolve()).unwrap();
    assert_eq!(street.state(help), HelpState::Confirmed);
}

#[test]
fn what_was_held_for_help_is_released_or_expires() {
    let mut street = Street::new();
    let (given_up, forgotten) = (street.agreed(60), street.asked(60).unwrap());
    street.ask(HelpCommand::CancelHelp { help: given_up });
    street.town.at("2026-04-12 12:00");
    street.settle();
    let parts = |help| {
        let row = street.town.ledger().help(help).unwrap();
        let hold = street.town.ledger().hold(row.hold.unwrap()).unwrap();
        [hold.captured, hold.released, hold.expired].map(Points::hundredths)
    };
    assert_eq!((street.state(given_up), parts(given_up)), (HelpState::Cancelled, [0, 100, 0]));
    assert_eq!((street.state(forgotten), parts(forgotten)), (HelpState::Expired, [0, 0, 100]));
    assert_eq!(street.book(street.asker), (600, 1000, 0));
}

fn a_side_of_help_is_not_closed_before_it_is_over() {
    let mut street = Street::new();
    let help = street.agreed(60);
    street.town.volunteer("3", "N1");
    let mut close = |number: &str| {
        let (volunteer, status) = (Town::volunteer_ref(number), VolunteerStatus::Closed);
        let close = Command::SetVolunteerStatus { volunteer, status };
        let result = street.town.ask(street.approver, &close);
        result.map(|_| ()).map_err(|it| it.refusal)
    };
    for side in ["1", "2"] {
        assert_eq!(close(side), Err(Refusal::HelpState { help, state: HelpState::Agreed }));
    }
    assert_eq!(close("3"), Ok(()), "whom it does not concern");
    street.ask(HelpCommand::CancelHelp { help });
    for side in ["1", "2"] {
        let (volunteer, status) = (Town::volunteer_ref(side), VolunteerStatus::Closed);
        street.town.must(street.approver, &Command::SetVolunteerStatus { volunteer, status });
        assert_eq!(street.town.breaches(), []);
    }
}

#[test]
fn help_is_shown_to_a_volunteer_nearest_first_and_then_oldest_first() {
    let mut street = Street::new();
    let [near, next, street_wide, far] = ["N1", "N2", "NW", "B1"].map(|it| street.asked_at(it));
    let shown = |street: &mut Street, number: &str, branch: &str| {
        let viewer = street.town.volunteer(number, branch);
        priority::helps(street.town.ledger(), Some(viewer), street.town.now())
    };
    assert_eq!(shown(&mut street, "n1", "N1"), [near, street_wide, next, far]);
    assert_eq!(shown(&mut street, "n2", "N2"), [next, street_wide, near, far]);
    assert_eq!(shown(&mut street, "b1", "B1"), [far, street_wide, near, next]);
    let nobody = priority::helps(street.town.ledger(), None, street.town.now());
    assert_eq!(nobody, [near, next, street_wide, far], "to one of no branch, the oldest first");
}

#[test]
fn requests_and_offers_are_as_many_as_are_allowed_and_not_one_more() {
    let mut street = Street::new();
    for _ in 1..=HELP_OPEN_MAX {
        street.asked_at("N1");
    }
    assert_eq!(street.asked(1), Err(Refusal::HelpFull { most: HELP_OPEN_MAX }));
    let help = HelpNo::FIRST;
    for no in 0..=OFFERS_MAX {
        let volunteer = VolunteerRef::Passbook(street.town.volunteer(&format!("h{no}"), "N1"));
        let offered = street.try_ask(street.clerk, HelpCommand::OfferHelp { help, volunteer });
        let full = Err(Refusal::OffersFull { most: OFFERS_MAX });
        assert_eq!(offered, if no < OFFERS_MAX { Ok(()) } else { full });
    }
    street.ask(HelpCommand::CancelHelp { help });
    street.asked_at("N1");
}

#[test]
fn silence_agrees_where_the_silent_side_is_known_to_another_than_who_spoke() {
    for speaks in ["1", "2"] {
        let mut street = Street::new();
        let own = street.town.own_token("speaker", speaks);
        // All of one side is by the volunteer's own token; all of the other by a clerk.
        let by = |side: &str| if side == speaks { own } else { street.clerk };
        let (by_asker, by_helper) = (by("1"), by("2"));
        let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else {
            unreachable!()
        };
        let [asker, helper] = [street.asker, street.helper].map(VolunteerRef::Passbook);
        let (help, window) = (HelpNo::FIRST, interval("2026-03-12 09:00", 60));
        let ask = HelpCommand::AskForHelp { volunteer: asker, activity, window, age_band: None };
        street.try_ask(by_asker, ask).unwrap();
        street.try_ask(by_helper, HelpCommand::OfferHelp { help, volunteer: helper }).unwrap();
        street.try_ask(by_asker, HelpCommand::AcceptOffer { help, helper }).unwrap();
        street.town.at("2026-03-12 12:00");
        let (volunteer, minutes) = (Town::volunteer_ref(speaks), Minutes::new(60));
        street.try_ask(own, HelpCommand::ConfirmHelp { help, volunteer, minutes }).unwrap();
        street.town.at("2026-03-30 12:00");
        street.settle();
        assert_eq!(street.state(help), HelpState::Confirmed, "{speaks} speaks");
    }
}

#[test]
fn what_fell_due_is_decided_by_the_rules_of_its_day() {
    let mut street = Street::new();
    let help = street.agreed(60);
    street.town.at("2026-03-12 12:00");
    street.says(street.helper, help, 60).unwrap();
    let half = DEFAULT_RULEBOOK.replace("points_per_hour = \"1\"", "points_per_hour = \"0.5\"");
    let (rulebook, in_force_from) = (Rulebook::parse(&half).unwrap(), day("2026-03-25"));
    let adopt = Command::AdoptRulebook { in_force_from, rulebook };
    street.town.must(street.town.operator(), &adopt);
    // The bank was down when silence agreed, on the nineteenth.
    street.town.at("2026-03-30 12:00");
    street.settle();
    assert_eq!(street.book(street.helper), (60, 100, 0));
    let late = street.town.journal().last().unwrap().0.rulebook;
    let service = Service::interval(interval("2026-03-29 09:00", 60));
    street.town.record(street.clerk, Town::activity("N1", "敬老"), "2", service).unwrap();
    assert_eq!(street.book(street.helper), (120, 150, 0), "and all else by those of today");
    let today = street.town.journal().last().unwrap().0.rulebook;
    assert_eq!((late, today), (RulebookVersion::FIRST, RulebookVersion::FIRST.next()));
}

#[test]
fn who_takes_no_part_neither_asks_nor_offers_nor_is_accepted() {
    let mut street = Street::new();
    let help = street.asked(60).unwrap();
    let (helper, status) = (VolunteerRef::Passbook(street.helper), VolunteerStatus::Suspended);
    street.ask(HelpCommand::OfferHelp { help, volunteer: helper });
    street.town.volunteer("3", "N1");
    for number in ["1", "2", "3"] {
        let volunteer = Town::volunteer_ref(number);
        street.town.must(street.approver, &Command::SetVolunteerStatus { volunteer, status });
    }
    let not_active = Refusal::VolunteerNotActive { status };
    assert_eq!(street.asked(60), Err(not_active.clone()));
    let offer = HelpCommand::OfferHelp { help, volunteer: Town::volunteer_ref("3") };
    assert_eq!(street.try_ask(street.clerk, offer), Err(not_active.clone()));
    let accept = HelpCommand::AcceptOffer { help, helper };
    assert_eq!(street.try_ask(street.clerk, accept), Err(not_active));
}
