//! Every event.

use lovebank_ledger::*;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    honours::honours,
    hours::{activity, closed, credit, evaluation, reason, record, refused, row},
    points::{gift, moves, points},
    scalar::{bytes, date, minute, no, text, timestamp},
};

pub(super) fn event() -> BoxedStrategy<Event> {
    prop_oneof![
        4 => party(),
        7 => hours(),
        4 => check_ins(),
        3 => rules(),
        6 => points(),
        6 => honours().prop_map(Event::Honour),
    ]
    .boxed()
}

fn party() -> BoxedStrategy<Event> {
    let status =
        select(vec![VolunteerStatus::Active, VolunteerStatus::Suspended, VolunteerStatus::Closed]);
    prop_oneof![
        bank_opened(),
        branch().prop_map(Event::BranchCreated),
        (no(BranchNo::new), text(BranchName::new))
            .prop_map(|(branch, name)| Event::BranchRenamed { branch, name }),
        (vec(registration(), 0..3), refused()).prop_map(|(volunteers, refused)| {
            Event::VolunteersRegistered { volunteers, refused }
        }),
        (no(PassbookNo::new), no(BranchNo::new))
            .prop_map(|(passbook, branch)| Event::VolunteerMoved { passbook, branch }),
        (no(PassbookNo::new), status, option::of(gift()), moves()).prop_map(
            |(passbook, status, gift, moves)| Event::VolunteerStatusChanged {
                passbook,
                status,
                gift,
                moves,
            }
        ),
        no(PassbookNo::new).prop_map(|passbook| Event::PersonErased { passbook }),
    ]
    .boxed()
}

fn hours() -> BoxedStrategy<Event> {
    let activities = || vec(activity(), 0..2);
    let nos = || vec(no(RecordNo::new), 0..4);
    let credited = (no(RecordNo::new), credit());
    let credited = credited.prop_map(|(record, credit)| Credited { record, credit });
    prop_oneof![
        (activities(), vec(record(), 0..4), refused()).prop_map(
            |(activities, records, refused)| Event::HoursRecorded { activities, records, refused }
        ),
        (vec(credited, 0..3), refused())
            .prop_map(|(records, refused)| Event::HoursApproved { records, refused }),
        (nos(), reason(), refused()).prop_map(|(records, reason, refused)| {
            Event::HoursRejected { records, reason, refused }
        }),
        (nos(), reason(), refused()).prop_map(|(records, reason, refused)| {
            Event::HoursReversed { records, reason, refused }
        }),
        (no(RecordNo::new), reason(), activities(), record()).prop_map(
            |(old, reason, activities, new)| Event::HoursCorrected { old, reason, activities, new }
        ),
        (activities(), record(), reason()).prop_map(|(activities, record, reason)| {
            Event::HoursDeducted { activities, record, reason }
        }),
        (no(RecordNo::new), evaluation())
            .prop_map(|(record, evaluation)| Event::HoursEvaluated { record, evaluation }),
        (import(), activities(), vec(row(), 0..5)).prop_map(|(import, activities, rows)| {
            Event::HoursImported { import, activities, rows }
        }),
        undone(),
    ]
    .boxed()
}

fn undone() -> BoxedStrategy<Event> {
    let restored = (no(RecordNo::new), option::of(no(RecordNo::new)), record())
        .prop_map(|(old, instead_of, new)| Restored { old, instead_of, new });
    let nos = || vec(no(RecordNo::new), 0..4);
    let head = (bytes(BatchKey::new), any::<bool>(), any::<u32>(), any::<bool>());
    (head, nos(), nos(), vec(restored, 0..3))
        .prop_map(|((batch, debts, looked_at, last), reversed, rejected, restored)| {
            Event::ImportUndone { batch, debts, looked_at, last, reversed, rejected, restored }
        })
        .boxed()
}

fn import() -> BoxedStrategy<ImportPart> {
    let file = option::of(bytes(FileDigest::new));
    (bytes(BatchKey::new), any::<u32>(), any::<bool>(), file)
        .prop_map(|(batch, part, last, file)| ImportPart { batch, part, last, file })
        .boxed()
}

fn check_ins() -> BoxedStrategy<Event> {
    prop_oneof![
        activity().prop_map(Event::ActivityCreated),
        (no(PassbookNo::new), no(ActivityNo::new), minute())
            .prop_map(|(passbook, activity, at)| Event::CheckedIn { passbook, activity, at }),
        closed().prop_map(Event::CheckedOut),
        no(PassbookNo::new).prop_map(|passbook| Event::CheckInCancelled { passbook }),
        vec(closed(), 0..3).prop_map(|closed| Event::CheckInsClosed { closed }),
    ]
    .boxed()
}

fn rules() -> BoxedStrategy<Event> {
    prop_oneof![
        (no(RulebookVersion::new), date(), ".{0,40}").prop_map(|(version, in_force_from, text)| {
            Event::RulebookAdopted { version, in_force_from, text }
        }),
        token().prop_map(Event::TokenIssued),
        no(TokenNo::new).prop_map(|token| Event::TokenRevoked { token }),
        (timestamp(), vec(no(PassbookNo::new), 0..4))
            .prop_map(|(as_of, passbooks)| Event::PointsExpired { as_of, passbooks }),
    ]
    .boxed()
}

fn bank_opened() -> BoxedStrategy<Event> {
    (text(BranchName::new), ".{0,20}", ".{0,40}", token())
        .prop_map(|(name, zone, rulebook, operator)| {
            Event::BankOpened(BankOpened { name, zone, rulebook, operator })
        })
        .boxed()
}

fn branch() -> BoxedStrategy<Branch> {
    let kind = select(vec![BranchKind::District, BranchKind::Street, BranchKind::Community]);
    (
        no(BranchNo::new),
        text(BranchCode::new),
        text(BranchName::new),
        kind,
        option::of(no(BranchNo::new)),
    )
        .prop_map(|(no, code, name, kind, parent)| Branch { no, code, name, kind, parent })
        .boxed()
}

fn registration() -> BoxedStrategy<Registration> {
    (
        any::<u32>(),
        no(PassbookNo::new),
        bytes(VolunteerId::new),
        bytes(NumberTag::new),
        no(BranchNo::new),
        date(),
    )
        .prop_map(|(index, passbook, volunteer, tag, branch, joined)| Registration {
            index,
            passbook,
            volunteer,
            tag,
            branch,
            joined,
        })
        .boxed()
}

fn token() -> BoxedStrategy<TokenGrant> {
    let scope = prop_oneof![
        Just(Scope::Bank),
        no(BranchNo::new).prop_map(Scope::Branch),
        no(PassbookNo::new).prop_map(Scope::Passbook),
    ];
    let grant = (select(Role::ALL.to_vec()), scope).prop_map(|(role, scope)| Grant { role, scope });
    (
        no(TokenNo::new),
        bytes(TokenHash::new),
        no(ActorNo::new),
        text(Handle::new),
        vec(grant, 0..9),
        option::of(timestamp()),
    )
        .prop_map(|(no, hash, actor, handle, grants, expires)| TokenGrant {
            no,
            hash,
            actor,
            handle,
            grants,
            expires,
        })
        .boxed()
}
