//! An entry of every event, each with all that it can hold.

use jiff::civil::{Date, date};
use lovebank_ledger::*;

mod honours;
mod hours;
mod points;

/// Every event by the name of its field in the stored form.
pub(crate) fn all() -> Vec<(&'static str, Entry)> {
    let hours = [events(), hours::events(), hours::check_ins()].concat();
    let events = [hours, points::rewards(), points::gifts(), points::helps()].concat();
    let events = [events, honours::events(), merges()].concat();
    let plain = events.into_iter().map(|it| (name(&it), entry(it)));
    let others = [("points_expired", points::expired()), honours::finalized()];
    plain.chain(others).map(|(name, it)| (name, about_merges(name, it))).collect()
}

/// The lines of a merge are about it.
fn about_merges(name: &str, mut entry: Entry) -> Entry {
    let kind = match name {
        "merge_confirmed" => LineKind::Merged,
        "merge_undone" => LineKind::Parted,
        _ => return entry,
    };
    for posting in entry.postings.iter_mut().filter(|it| it.line.is_some()) {
        (posting.kind, posting.about) = (kind, Some(About::Merge(MergeNo::new(81).unwrap())));
    }
    entry
}

/// The commonest entry: one record of two hours, in the tenth million.
pub(crate) fn one_record() -> Entry {
    hours::one_record()
}

/// The order of a window that closed.
pub(crate) fn order(rows: usize, keys: usize) -> Entry {
    Entry { postings: Vec::new(), ..entry(points::order(rows, keys)) }
}

/// A new event needs a name here, a sample below, and a file in `tests/golden/`.
fn name(event: &Event) -> &'static str {
    match event {
        Event::BankOpened(_) => "bank_opened",
        Event::BranchCreated(_) => "branch_created",
        Event::BranchRenamed { .. } => "branch_renamed",
        Event::VolunteersRegistered { .. } => "volunteers_registered",
        Event::VolunteerMoved { .. } => "volunteer_moved",
        Event::VolunteerStatusChanged { .. } => "volunteer_status_changed",
        Event::PersonErased { .. } => "person_erased",
        Event::ActivityCreated(_) => "activity_created",
        Event::HoursRecorded { .. } => "hours_recorded",
        Event::HoursApproved { .. } => "hours_approved",
        Event::HoursRejected { .. } => "hours_rejected",
        Event::HoursReversed { .. } => "hours_reversed",
        Event::HoursCorrected { .. } => "hours_corrected",
        Event::HoursDeducted { .. } => "hours_deducted",
        Event::HoursEvaluated { .. } => "hours_evaluated",
        Event::HoursImported { .. } => "hours_imported",
        Event::ImportUndone { .. } => "import_undone",
        Event::CheckedIn { .. } => "checked_in",
        Event::CheckedOut(_) => "checked_out",
        Event::CheckInCancelled { .. } => "check_in_cancelled",
        Event::CheckInsClosed { .. } => "check_ins_closed",
        Event::RulebookAdopted { .. } => "rulebook_adopted",
        Event::TokenIssued(_) => "token_issued",
        Event::TokenRevoked { .. } => "token_revoked",
        Event::NeedClassSet { .. } => "need_class_set",
        Event::PointsExpired { .. } => "points_expired",
        Event::Reward(it) => points::name_of_reward(it),
        Event::Gift(it) => points::name_of_gift(it),
        Event::Help(it) => points::name_of_help(it),
        Event::Honour(it) => honours::name(it),
        Event::Merge(it) => match it {
            MergeEvent::MergeProposed(_) => "merge_proposed",
            MergeEvent::MergeConfirmed { .. } => "merge_confirmed",
            MergeEvent::MergeRefused { .. } => "merge_refused",
            MergeEvent::MergeUndoProposed { .. } => "merge_undo_proposed",
            MergeEvent::MergeUndoRefused { .. } => "merge_undo_refused",
            MergeEvent::MergeUndone { .. } => "merge_undone",
        },
    }
}

fn merges() -> Vec<Event> {
    let merge = MergeNo::new(81).unwrap();
    let events = vec![
        MergeEvent::MergeProposed(NewMerge { no: merge, from: passbook(7), into: passbook(3) }),
        MergeEvent::MergeConfirmed { merge },
        MergeEvent::MergeRefused { merge, reason: Reason::WrongVolunteer },
        MergeEvent::MergeUndoProposed { merge },
        MergeEvent::MergeUndoRefused { merge, reason: Reason::Other },
        MergeEvent::MergeUndone { merge },
    ];
    events.into_iter().map(Event::Merge).collect()
}

fn events() -> Vec<Event> {
    vec![
        Event::BankOpened(BankOpened {
            name: BranchName::new("龙岗区爱心银行").unwrap(),
            zone: "Asia/Shanghai".to_owned(),
            rulebook: "# 规则集\n".to_owned(),
            operator: token(),
        }),
        Event::BranchCreated(Branch {
            no: branch(2),
            code: BranchCode::new("NW-01").unwrap(),
            name: BranchName::new("南湾街道").unwrap(),
            kind: BranchKind::Street,
            parent: Some(branch(1)),
        }),
        Event::BranchRenamed { branch: branch(2), name: BranchName::new("南湾").unwrap() },
        Event::VolunteersRegistered {
            volunteers: vec![Registration {
                index: 0,
                passbook: passbook(7),
                volunteer: VolunteerId::new([0xa1; 16]),
                tag: NumberTag::new([0xb2; 16]),
                branch: branch(2),
                joined: date(2019, 12, 31),
            }],
            refused: refused(),
        },
        Event::VolunteerMoved { passbook: passbook(7), branch: branch(3) },
        Event::VolunteerStatusChanged {
            passbook: passbook(7),
            status: VolunteerStatus::Suspended,
            gift: None,
            moves: Moves::default(),
        },
        Event::PersonErased { passbook: passbook(7) },
        Event::RulebookAdopted {
            version: RulebookVersion::new(2).unwrap(),
            in_force_from: date(2026, 4, 1),
            text: "# 规则集二\n".to_owned(),
        },
        Event::TokenIssued(token()),
        Event::TokenRevoked { token: TokenNo::new(9).unwrap() },
    ]
}

fn entry(event: Event) -> Entry {
    Entry {
        no: EntryNo::new(1_234_567).unwrap(),
        recorded_at: Timestamp::from_micros(1_772_326_200_123_456),
        previous: Seal::new([0x5e; 32]),
        actor: ActorNo::new(12).unwrap(),
        request: RequestId::new([0x1d; 16]),
        fingerprint: Fingerprint::new([0xf1; 16]),
        rulebook: RulebookVersion::new(3).unwrap(),
        event,
        postings: postings(),
    }
}

/// Every kind of line and every account.
fn postings() -> Vec<Posting> {
    let bank = |purpose| Account::Bank(branch(2), purpose);
    let leg = |account, kind, sign: i64| Posting {
        account,
        kind,
        minutes: Minutes::new(120 * sign),
        minutes_after: Minutes::new(7380 * sign),
        points: Points::from_hundredths(200 * sign),
        points_after: Points::from_hundredths(12_300 * sign),
        line: None,
        about: None,
        lots: Vec::new(),
    };
    let book = |kind, sign| Posting {
        line: Some(LineNo::new(40).unwrap()),
        about: Some(About::Record(record(999))),
        ..leg(Account::Passbook(passbook(7)), kind, sign)
    };
    vec![
        book(LineKind::Earned, 1),
        leg(bank(Purpose::Issuance), LineKind::Earned, -1),
        book(LineKind::Opened, 1),
        leg(bank(Purpose::Opening), LineKind::Opened, -1),
        book(LineKind::Deducted, -1),
        leg(bank(Purpose::Adjustment), LineKind::Deducted, 1),
        book(LineKind::Reversed, -1),
        leg(bank(Purpose::Pool), LineKind::Reversed, 1),
    ]
}

fn token() -> TokenGrant {
    let grant = |role, scope| Grant { role, scope };
    TokenGrant {
        no: TokenNo::new(9).unwrap(),
        hash: TokenHash::new([0x70; 32]),
        actor: ActorNo::new(12).unwrap(),
        handle: Handle::new("clerk-nanwan-2").unwrap(),
        grants: vec![
            grant(Role::Operator, Scope::Bank),
            grant(Role::Clerk, Scope::Branch(branch(2))),
            grant(Role::Volunteer, Scope::Passbook(passbook(7))),
        ],
        expires: Some(Timestamp::from_micros(1_800_000_000_000_000)),
    }
}

fn refused() -> Vec<ItemRefused> {
    vec![ItemRefused { index: 3, refusal: note() }]
}

fn note() -> RefusalNote {
    let operand = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    RefusalNote {
        code: "DAY_FULL".to_owned(),
        operands: vec![operand("date", "2026-03-01"), operand("most", "720")],
    }
}

fn day() -> Date {
    date(2026, 3, 1)
}

fn branch(no: u64) -> BranchNo {
    BranchNo::new(no).unwrap()
}

fn passbook(no: u64) -> PassbookNo {
    PassbookNo::new(no).unwrap()
}

fn record(no: u64) -> RecordNo {
    RecordNo::new(no).unwrap()
}
