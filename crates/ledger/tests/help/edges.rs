//! Help at its edges: offers taken back, silence, who has the last word, bounds.

use lovebank_ledger::{
    ActivityRef, Command, DEFAULT_RULEBOOK, HELP_OPEN_MAX, HelpCommand, HelpNo, HelpState, Minutes,
    NewGrant, NewScope, OFFERS_MAX, Points, Refusal, Role, Rulebook, RulebookVersion, Service,
    VolunteerRef, VolunteerStatus, priority,
};
use lovebank_testkit::{Town, day, interval};

use super::Street;

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
    // That another offered and thought better of it changes nothing.
    let other = VolunteerRef::Passbook(street.town.volunteer("3", "N1"));
    street.ask(HelpCommand::OfferHelp { help, volunteer: other });
    street.ask(HelpCommand::WithdrawOffer { help, volunteer: other });
    street.try_ask(asker, HelpCommand::AcceptOffer { help, helper: by }).unwrap();
    street.town.at("2026-03-12 12:00");
    let said = HelpCommand::ConfirmHelp { help, volunteer, minutes: Minutes::new(60) };
    street.try_ask(asker, said).unwrap();
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

#[test]
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
