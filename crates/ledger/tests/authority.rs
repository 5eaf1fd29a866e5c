//! Who may do what, where: every verb for every role, and how far a role reaches.
#![expect(clippy::unwrap_used, reason = "tests")]

use lovebank_ledger::{
    ActivityRef, Authority, BranchNo, CertificateOf, Command, Days, GiftCommand, GiftTo, Handle,
    HelpCommand, HelpNo, HonourCommand, Level, Minutes, NewGrant, NewScope, PassbookNo, Points,
    Positive, RecordState, Refusal, RewardCommand, RewardNo, Role, Roles, Service, TokenHash,
    TokenNo, Verb, VolunteerRef,
};
use lovebank_testkit::{Town, day, interval};

/// The columns of the table, and the letter that says yes in each.
const COLUMNS: [(Role, char); 7] = [
    (Role::Volunteer, 'v'),
    (Role::Clerk, 'c'),
    (Role::Approver, 'a'),
    (Role::AwardOfficer, 'w'),
    (Role::Auditor, 'u'),
    (Role::Operator, 'o'),
    (Role::Partner, 'p'),
];

/// What is left out at the end of a row is no.
const TABLE: [(Verb, &str); 60] = [
    (Verb::CreateBranch, "-----o"),
    (Verb::RenameBranch, "-----o"),
    (Verb::ReadBranches, "vcawuop"),
    (Verb::RegisterVolunteers, "-ca---"),
    (Verb::UpdatePerson, "-ca---"),
    (Verb::MoveVolunteer, "-ca---"),
    (Verb::SetVolunteerStatus, "--a---"),
    (Verb::ErasePerson, "--a---"),
    (Verb::ProposeMerge, "-ca---"),
    (Verb::ConfirmMerge, "--a---"),
    (Verb::ReadVolunteers, "vcawu-"),
    (Verb::ReadSharedPhones, "--a-u-"),
    (Verb::CreateActivity, "-ca---"),
    (Verb::RecordHours, "vca---"),
    (Verb::ApproveHours, "--a---"),
    (Verb::RejectHours, "--a---"),
    (Verb::ReverseHours, "--a---"),
    (Verb::CorrectHours, "--a---"),
    (Verb::DeductHours, "--a---"),
    (Verb::EvaluateHours, "-ca---"),
    (Verb::ImportHours, "-ca---"),
    (Verb::UndoImport, "--a---"),
    (Verb::ReadImports, "-ca-u-"),
    (Verb::CheckIn, "vca---"),
    (Verb::ReadHours, "vcawu-"),
    (Verb::ReadPassbooks, "vcawu-"),
    (Verb::ReadJournal, "----uo"),
    (Verb::BackUpVault, "-----o"),
    (Verb::ManageTokens, "-----o"),
    (Verb::WhoAmI, "vcawuop"),
    (Verb::AdoptRulebook, "-----o"),
    (Verb::SetNeedClass, "--a---"),
    (Verb::PublishReward, "--a---"),
    (Verb::ReadRewards, "vcawu-"),
    (Verb::RequestRedemption, "vca---"),
    (Verb::FulfillRedemption, "-ca---p"),
    (Verb::MissRedemption, "-ca---"),
    (Verb::ReverseRedemption, "--a---"),
    (Verb::GivePoints, "vc----"),
    (Verb::ReverseGift, "--a---"),
    (Verb::RequestKin, "vca---"),
    (Verb::ConfirmKin, "--a---"),
    (Verb::RequestDraw, "-ca---"),
    (Verb::ApproveDraw, "--a---"),
    (Verb::AskForHelp, "vc----"),
    (Verb::OfferHelp, "vc----"),
    (Verb::ResolveHelp, "--a---"),
    (Verb::ReadHelp, "vcawu-"),
    (Verb::ReadRecognition, "-cawu-"),
    (Verb::AwardStars, "--a---"),
    (Verb::RecordHonours, "--aw--"),
    (Verb::RevokeHonour, "--aw--"),
    (Verb::Nominate, "-ca---"),
    (Verb::RunAwards, "---w--"),
    (Verb::MakeException, "--aw--"),
    (Verb::FileObjection, "vcaw--"),
    (Verb::ReadHonours, "vcawu-"),
    (Verb::IssueCertificate, "vcaw--"),
    (Verb::SettleDue, "-----o"),
    (Verb::ReadRulebook, "vcawuo"),
];

/// The letters of a row, one for each column.
fn letters(row: &str) -> impl Iterator<Item = char> {
    row.chars().chain(std::iter::repeat('-')).take(COLUMNS.len())
}

/// A town with volunteers 1 (N1) and 2 (N2), and a token for each role on NW.
fn town() -> (Town, Vec<(Role, TokenNo)>) {
    let mut town = Town::new();
    town.volunteer("1", "N1");
    town.volunteer("2", "N2");
    town.volunteer("3", "B1");
    let tokens = COLUMNS.iter().map(|(role, letter)| {
        let handle = letter.to_string();
        let token = if *role == Role::Volunteer {
            town.own_token(&handle, "1")
        } else {
            town.staff(&handle, *role, Some("NW"))
        };
        (*role, token)
    });
    let tokens = tokens.collect();
    (town, tokens)
}

fn branch(town: &Town, code: &str) -> BranchNo {
    town.ledger().branch_by_code(&Town::code(code)).unwrap().no
}

fn passbook(no: u64) -> PassbookNo {
    PassbookNo::new(no).unwrap()
}

#[test]
fn the_table_has_every_verb_and_every_role() {
    assert_eq!(TABLE.map(|it| it.0).as_slice(), Verb::ALL);
    assert_eq!(COLUMNS.map(|it| it.0), Role::ALL);
}

#[test]
fn every_verb_for_every_role() {
    let (town, tokens) = town();
    for (verb, row) in TABLE {
        for ((role, token), (letter, (_, yes))) in tokens.iter().zip(letters(row).zip(COLUMNS)) {
            let authority = Authority::of(town.ledger(), *token, town.now()).unwrap();
            assert!(letter == yes || letter == '-', "{verb}: {row}");
            assert_eq!(authority.may(verb).is_ok(), letter == yes, "{verb} for {role}");
            if letter == '-' {
                let refusal = authority.may(verb).unwrap_err();
                assert_eq!(refusal, Refusal::RoleRequired { verb, roles: Roles::of(verb) });
                assert!(authority.on_branch(verb, branch(&town, "N1")).is_err());
                assert!(authority.on_passbook(verb, passbook(1)).is_err());
                assert!(!authority.owns(verb, passbook(1)) && !authority.in_bank(verb));
            }
        }
    }
}

#[test]
fn a_role_reaches_its_branch_and_what_is_below() {
    let (town, tokens) = town();
    for (verb, row) in TABLE {
        for ((role, token), letter) in tokens.iter().zip(letters(row)).skip(1) {
            let authority = Authority::of(town.ledger(), *token, town.now()).unwrap();
            let on = |code: &str| authority.on_branch(verb, branch(&town, code)).is_ok();
            let yes = letter != '-';
            for (code, reached) in
                [("NW", yes), ("N1", yes), ("N2", yes), ("LG", false), ("BJ", false), ("B1", false)]
            {
                assert_eq!(on(code), reached, "{verb} for {role} of NW on {code}");
            }
            let about = |no| authority.on_passbook(verb, passbook(no)).is_ok();
            assert_eq!((about(1), about(2), about(3)), (yes, yes, false), "{verb} for {role}");
            assert!(!authority.in_bank(verb));
            if yes {
                assert_eq!(authority.branches(verb), Some(vec![branch(&town, "NW")]));
            }
        }
    }
}

#[test]
fn a_volunteer_reaches_the_own_passbook_and_nothing_else() {
    let (town, tokens) = town();
    let authority = Authority::of(town.ledger(), tokens.first().unwrap().1, town.now()).unwrap();
    assert_eq!(authority.own_passbook(), Some(passbook(1)));
    assert!(authority.is_own(passbook(1)) && !authority.is_own(passbook(2)));
    for (verb, letters) in TABLE.iter().filter(|it| it.1.starts_with('v')) {
        assert!(authority.owns(*verb, passbook(1)), "{letters}");
        assert_eq!(authority.on_passbook(*verb, passbook(1)), Ok(()));
        assert_eq!(authority.on_passbook(*verb, passbook(2)), Err(Refusal::NotYourPassbook));
        assert!(authority.on_branch(*verb, branch(&town, "N1")).is_err(), "{verb}");
        assert!(authority.only_as_volunteer(*verb));
        assert_eq!(authority.branches(*verb), Some(Vec::new()));
    }
}

fn ask_for_help(volunteer: VolunteerRef) -> HelpCommand {
    let ActivityRef::Named(activity) = Town::activity("N1", "陪同就医") else {
        panic!("it has a name")
    };
    let window = interval("2026-03-12 09:00", 60);
    HelpCommand::AskForHelp { volunteer, activity, window, age_band: None }
}

/// What a volunteer may do for oneself, asked for another.
fn for_another(volunteer: VolunteerRef) -> Vec<Command> {
    let me = Town::volunteer_ref("1");
    let (help, minutes) = (HelpNo::new(1).unwrap(), Minutes::new(60));
    let points = Positive::new(Points::from_hundredths(100)).unwrap();
    let to = GiftTo::Pool(Town::code("N1"));
    let reward = RewardNo::FIRST;
    let days = Days { from: day("2026-01-01"), until: day("2026-01-31") };
    let gifts = [
        GiftCommand::GivePoints { from: volunteer, to, points },
        GiftCommand::RequestKin { volunteer, kin: me },
        GiftCommand::EndKin { volunteer, kin: me },
        GiftCommand::NameBeneficiary { volunteer, beneficiary: Some(me) },
    ];
    let helps = [
        ask_for_help(volunteer),
        HelpCommand::OfferHelp { help, volunteer },
        HelpCommand::WithdrawOffer { help, volunteer },
        HelpCommand::ConfirmHelp { help, volunteer, minutes },
    ];
    let redemption = RewardCommand::RequestRedemption { volunteer, reward, age_band: None };
    let of = CertificateOf::Service(days);
    let mut all: Vec<Command> = gifts.map(Command::Gift).into();
    all.extend(helps.map(Command::Help));
    all.push(Command::Reward(redemption));
    all.push(Command::Honour(HonourCommand::IssueCertificate { volunteer, of }));
    all
}

#[test]
fn a_volunteer_is_not_told_whose_numbers_there_are() {
    let (mut town, tokens) = town();
    let token = tokens.first().unwrap().1;
    town.at("2026-03-10 09:00");
    let clerk = town.staff("clerk-helps", Role::Clerk, None);
    let service = Service::interval(interval("2026-03-01 09:00", 120));
    town.record(clerk, Town::activity("N1", "敬老"), "1", service).unwrap();
    town.must(token, &Command::Help(ask_for_help(Town::volunteer_ref("1"))));
    for command in ["2", "99"].into_iter().flat_map(|it| for_another(Town::volunteer_ref(it))) {
        let refused = town.ask(token, &command).map(|_| ()).map_err(|it| it.refusal);
        assert_eq!(refused, Err(Refusal::NotYourPassbook), "{command:?}");
    }
}

#[test]
fn a_clerk_who_is_a_volunteer_has_both() {
    let (mut town, _) = town();
    let grants = vec![
        NewGrant { role: Role::Volunteer, scope: NewScope::Volunteer(Town::volunteer_ref("3")) },
        NewGrant { role: Role::Clerk, scope: NewScope::Branch(Town::code("N1")) },
    ];
    let token = town.token("both", grants);
    let authority = Authority::of(town.ledger(), token, town.now()).unwrap();
    for (no, reached) in [(1, true), (2, false), (3, true)] {
        assert_eq!(authority.on_passbook(Verb::ReadPassbooks, passbook(no)).is_ok(), reached);
    }
    assert!(!authority.only_as_volunteer(Verb::RecordHours));
    assert!(authority.owns(Verb::RecordHours, passbook(3)));
    assert!(!authority.owns(Verb::ImportHours, passbook(3)), "a volunteer imports nothing");
    let refusal = authority.on_passbook(Verb::RecordHours, passbook(2)).unwrap_err();
    assert_eq!(refusal, Refusal::OutOfScope { branch: Town::code("N2") });
}

#[test]
fn a_role_in_the_bank_reaches_everything() {
    let (mut town, _) = town();
    let token = town.staff("all", Role::Approver, None);
    let authority = Authority::of(town.ledger(), token, town.now()).unwrap();
    for code in ["LG", "NW", "BJ", "N1", "B1"] {
        assert_eq!(authority.on_branch(Verb::ApproveHours, branch(&town, code)), Ok(()));
    }
    assert!(authority.in_bank(Verb::ApproveHours) && !authority.in_bank(Verb::CreateBranch));
    assert_eq!(authority.branches(Verb::ApproveHours), None);
    let bank = Authority::of_the_bank(town.ledger());
    assert!(Verb::ALL.iter().all(|it| bank.may(*it).is_ok() && bank.in_bank(*it)));
    assert!(bank.on_branch(Verb::ErasePerson, branch(&town, "B1")).is_ok());
    assert!(!bank.is_own(passbook(1)) && !bank.only_as_volunteer(Verb::CheckIn));
}

#[test]
fn the_branch_above_has_the_say_where_there_is_one() {
    let (mut town, _) = town();
    let community = town.staff("a1", Role::Approver, Some("N1"));
    let street = town.staff("a2", Role::Approver, Some("NW"));
    let district = town.staff("a3", Role::Approver, Some("LG"));
    for (token, code, level, yes) in [
        (community, "N1", Level::Branch, true),
        (community, "N1", Level::Above, false),
        (community, "N2", Level::Branch, false),
        (street, "N1", Level::Branch, true),
        (street, "N1", Level::Above, true),
        (street, "NW", Level::Above, false),
        (district, "NW", Level::Above, true),
        (district, "LG", Level::Above, true),
        (street, "LG", Level::Above, false),
    ] {
        let authority = Authority::of(town.ledger(), token, town.now()).unwrap();
        let branch = branch(&town, code);
        let approves = authority.approves(Verb::ApproveHours, branch, level);
        assert_eq!(approves, yes, "{token:?} on {code} at {level}");
    }
}

#[test]
fn a_token_that_is_unknown_or_revoked_opens_nothing() {
    let (mut town, tokens) = town();
    let token = tokens.last().unwrap().1;
    town.must(town.operator(), &Command::RevokeToken { token });
    for token in [token, TokenNo::new(999).unwrap()] {
        let refusal = Authority::of(town.ledger(), token, town.now()).unwrap_err();
        assert_eq!(refusal, Refusal::TokenEnded { token });
    }
}

#[test]
fn a_passbook_is_ones_own_by_whatever_token() {
    let (mut town, _) = town();
    // One person, two tokens: the phone's and the desk's.
    town.own_token("wang", "1");
    let desk = town.staff("wang", Role::Approver, Some("NW"));
    let authority = Authority::of(town.ledger(), desk, town.now()).unwrap();
    assert!(authority.is_own(passbook(1)));
    assert!(!authority.is_own(passbook(2)));
    assert_eq!(authority.own_passbook(), None, "the desk's token opens none by itself");
}

#[test]
fn ones_own_hours_wait_whatever_token_records_them() {
    let (mut town, _) = town();
    town.own_token("wang", "1");
    let desk = town.staff("wang", Role::Clerk, Some("NW"));
    town.at("2026-03-02 09:00");
    let service = Service::interval(interval("2026-03-01 09:00", 60));
    let record = town.record(desk, Town::activity("N1", "敬老"), "1", service).unwrap();
    assert_eq!(town.ledger().record(record).unwrap().state, RecordState::Pending);
}

#[test]
fn a_handle_is_no_operators_to_take_over() {
    let (mut town, _) = town();
    town.staff("approver-b1", Role::Approver, Some("B1"));
    let operator = town.staff("operator-nw", Role::Operator, Some("NW"));
    let scope = NewScope::Branch(Town::code("NW"));
    let command = |handle: &str, hash| Command::IssueToken {
        hash: TokenHash::new([hash; 32]),
        handle: Handle::new(handle).unwrap(),
        grants: vec![NewGrant { role: Role::Clerk, scope: scope.clone() }],
        expires: None,
    };
    let refused = town.ask(operator, &command("approver-b1", 200)).unwrap_err().refusal;
    assert!(matches!(refused, Refusal::OutOfScope { .. }), "{refused:?}");
    town.ask(operator, &command("clerk-nw-9", 201)).unwrap();
    town.ask(operator, &command("clerk-nw-9", 202)).unwrap();
}

#[test]
fn a_volunteer_records_nothing_for_another() {
    let mut town = Town::new();
    town.at("2026-03-10 09:00");
    for number in ["1", "2"] {
        town.volunteer(number, "N1");
    }
    let own = town.own_token("own", "1");
    let service = Service::interval(interval("2026-03-09 09:00", 60));
    let mut record = |number: &str| {
        let recorded = town.record(own, Town::activity("N1", "敬老"), number, service);
        recorded.map(|_| ()).map_err(|it| it.refusal)
    };
    assert_eq!(record("2"), Err(Refusal::NotYourPassbook));
    assert_eq!(record("1"), Ok(()));
}
