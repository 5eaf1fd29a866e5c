//! Hours records and what comes of rows.

use lovebank_ledger::*;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::scalar::{amount, date, interval, no, points, span, text};

pub(super) fn activity() -> BoxedStrategy<Activity> {
    (
        no(ActivityNo::new),
        no(BranchNo::new),
        text(ActivityName::new),
        option::of(text(Category::new)),
        option::of(text(Place::new)),
        option::of(interval()),
    )
        .prop_map(|(no, branch, name, category, place, window)| Activity {
            no,
            branch,
            name,
            category,
            place,
            window,
        })
        .boxed()
}

pub(super) fn record() -> BoxedStrategy<NewRecord> {
    let time = prop_oneof![
        interval().prop_map(ServiceTime::Interval),
        date().prop_map(ServiceTime::Day),
        span().prop_map(ServiceTime::Span),
    ];
    let provenance = select(vec![
        Provenance::Scanned,
        Provenance::Clerk,
        Provenance::Paper,
        Provenance::Import,
        Provenance::SelfReported,
        Provenance::Opening,
        Provenance::Help,
    ]);
    let standing = prop_oneof![
        credit().prop_map(Standing::Posted),
        select(vec![Level::Branch, Level::Above]).prop_map(Standing::Pending),
    ];
    (
        (no(RecordNo::new), any::<u32>(), no(PassbookNo::new), no(ActivityNo::new)),
        (time, date(), amount(), provenance, standing),
        any::<bool>(),
        (option::of(evaluation()), option::of(no(HelpNo::new))),
    )
        .prop_map(|((no, index, passbook, activity), what, forgotten, (evaluation, help))| {
            let (time, date, minutes, provenance, standing) = what;
            NewRecord {
                no,
                index,
                passbook,
                activity,
                time,
                date,
                minutes,
                provenance,
                standing,
                forgotten,
                evaluation,
                help,
            }
        })
        .boxed()
}

pub(super) fn credit() -> impl Strategy<Value = Credit> {
    (points(), points()).prop_map(|(points, overflow)| Credit { points, overflow })
}

pub(super) fn evaluation() -> impl Strategy<Value = Evaluation> {
    (1..=5_u32, date())
        .prop_map(|(grade, date)| Evaluation { grade: Grade::new(grade).unwrap(), date })
}

pub(super) fn reason() -> impl Strategy<Value = Reason> {
    select(vec![
        Reason::Duplicate,
        Reason::NotServed,
        Reason::WrongTime,
        Reason::WrongVolunteer,
        Reason::WrongActivity,
        Reason::RuleBroken,
        Reason::Resent,
        Reason::Undone,
        Reason::Other,
    ])
}

pub(super) fn note() -> BoxedStrategy<RefusalNote> {
    (".{0,20}", vec((".{0,8}", ".{0,8}"), 0..3))
        .prop_map(|(code, operands)| RefusalNote { code, operands })
        .boxed()
}

pub(super) fn refused() -> impl Strategy<Value = Vec<ItemRefused>> {
    let item = (any::<u32>(), note()).prop_map(|(index, refusal)| ItemRefused { index, refusal });
    vec(item, 0..3)
}

pub(super) fn row() -> BoxedStrategy<RowOutcome> {
    let verdict = prop_oneof![
        record().prop_map(RowVerdict::New),
        no(RecordNo::new).prop_map(RowVerdict::Same),
        no(RecordNo::new).prop_map(RowVerdict::Duplicate),
        (option::of(no(RecordNo::new)), record())
            .prop_map(|(old, new)| RowVerdict::Corrected { old, new }),
        no(RecordNo::new).prop_map(RowVerdict::Reversed),
        (no(PassbookNo::new), no(ActivityNo::new))
            .prop_map(|(passbook, activity)| RowVerdict::Zero { passbook, activity }),
        option::of((no(PassbookNo::new), no(ActivityNo::new))).prop_map(RowVerdict::SameZero),
        note().prop_map(RowVerdict::Refused),
    ];
    (any::<u32>(), verdict).prop_map(|(line, verdict)| RowOutcome { line, verdict }).boxed()
}

pub(super) fn closed() -> BoxedStrategy<CheckInClosed> {
    (no(PassbookNo::new), option::of(record()), option::of(note()))
        .prop_map(|(passbook, record, refusal)| CheckInClosed { passbook, record, refusal })
        .boxed()
}
