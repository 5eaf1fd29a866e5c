//! Entries about hours and check-ins.

use lovebank_ledger::*;

use super::{branch, day, entry, note, passbook, record, refused};

/// One record of two hours, as a clerk enters it, when the numbers have grown large.
pub(super) fn one_record() -> Entry {
    let record = NewRecord {
        no: record(9_876_543),
        index: 0,
        passbook: passbook(812_345),
        activity: activity(54_321),
        evaluation: None,
        ..new_record(record(1), interval(), Provenance::Clerk)
    };
    let leg = |account, sign: i64, (minutes, points): (i64, i64)| Posting {
        account,
        kind: LineKind::Earned,
        minutes: Minutes::new(120 * sign),
        minutes_after: Minutes::new(minutes),
        points: Points::from_hundredths(200 * sign),
        points_after: Points::from_hundredths(points),
        line: None,
        about: None,
        lots: Vec::new(),
    };
    let credit = Posting {
        line: Some(LineNo::new(321).unwrap()),
        about: Some(About::Record(record.no)),
        ..leg(Account::Passbook(record.passbook), 1, (38_520, 64_200))
    };
    let issuance = Account::Bank(branch(14), Purpose::Issuance);
    let contra = leg(issuance, -1, (-987_654_321, -1_646_090_535));
    let event =
        Event::HoursRecorded { activities: Vec::new(), records: vec![record], refused: Vec::new() };
    Entry { no: EntryNo::new(9_999_999).unwrap(), postings: vec![credit, contra], ..entry(event) }
}

pub(super) fn events() -> Vec<Event> {
    vec![
        Event::HoursRecorded { activities: activities(), records: records(), refused: refused() },
        Event::HoursApproved {
            records: vec![Credited { record: record(998), credit: credit() }],
            refused: refused(),
        },
        Event::HoursRejected {
            records: vec![record(998), record(300)],
            reason: Reason::NotServed,
            refused: refused(),
        },
        Event::HoursReversed {
            records: vec![record(998), record(300)],
            reason: Reason::Duplicate,
            refused: refused(),
        },
        Event::HoursCorrected {
            old: record(998),
            reason: Reason::WrongTime,
            activities: activities(),
            new: a_record(),
        },
        Event::HoursDeducted {
            activities: activities(),
            record: NewRecord {
                minutes: Minutes::new(-120),
                ..new_record(record(1001), ServiceTime::Day(day()), Provenance::Clerk)
            },
            reason: Reason::RuleBroken,
        },
        Event::HoursEvaluated { record: record(998), evaluation: evaluation() },
        Event::HoursImported {
            import: ImportPart {
                batch: BatchKey::new([0xba; 32]),
                part: 1,
                last: true,
                file: None,
            },
            activities: activities(),
            rows: rows(),
        },
        undone(),
    ]
}

fn undone() -> Event {
    Event::ImportUndone {
        batch: BatchKey::new([0xba; 32]),
        debts: true,
        looked_at: 3,
        last: true,
        reversed: vec![record(998), record(300)],
        rejected: vec![record(301)],
        restored: vec![
            Restored { old: record(12), instead_of: Some(record(998)), new: a_record() },
            Restored { old: record(13), instead_of: None, new: a_record() },
        ],
    }
}

pub(super) fn check_ins() -> Vec<Event> {
    vec![
        Event::ActivityCreated(Activity { window: Some(minutes(120)), ..activities().remove(0) }),
        Event::CheckedIn {
            passbook: passbook(7),
            activity: activity(5),
            at: Minute::new(29_538_770).unwrap(),
        },
        Event::CheckedOut(CheckInClosed {
            passbook: passbook(7),
            record: Some(a_record()),
            refusal: None,
        }),
        Event::CheckInCancelled { passbook: passbook(7) },
        Event::CheckInsClosed {
            closed: vec![CheckInClosed {
                passbook: passbook(7),
                record: None,
                refusal: Some(note()),
            }],
        },
    ]
}

fn rows() -> Vec<RowOutcome> {
    let verdicts = [
        RowVerdict::New(a_record()),
        RowVerdict::Same(record(300)),
        RowVerdict::Duplicate(record(301)),
        RowVerdict::Corrected { old: Some(record(302)), new: a_record() },
        RowVerdict::Corrected { old: None, new: a_record() },
        RowVerdict::Reversed(record(303)),
        RowVerdict::Zero { passbook: passbook(7), activity: activity(5) },
        RowVerdict::SameZero(None),
        RowVerdict::Refused(note()),
    ];
    (2..).zip(verdicts).map(|(line, verdict)| RowOutcome { line, verdict }).collect()
}

fn activities() -> Vec<Activity> {
    vec![Activity {
        no: activity(5),
        branch: branch(2),
        name: ActivityName::new("交通文明劝导").unwrap(),
        category: Some(Category::new("文明").unwrap()),
        place: Some(Place::new("布澜路口").unwrap()),
        window: None,
    }]
}

/// Every way to say when, every source, every standing.
fn records() -> Vec<NewRecord> {
    let span = Span::new(day().yesterday().unwrap(), day()).unwrap();
    let pending = |level, it| NewRecord { standing: Standing::Pending(level), ..it };
    vec![
        NewRecord { forgotten: true, ..new_record(record(1), interval(), Provenance::Scanned) },
        new_record(record(2), ServiceTime::Day(day()), Provenance::Clerk),
        new_record(record(3), ServiceTime::Span(span), Provenance::Paper),
        new_record(record(4), ServiceTime::Span(span), Provenance::Import),
        pending(Level::Branch, new_record(record(5), interval(), Provenance::SelfReported)),
        pending(Level::Above, new_record(record(6), interval(), Provenance::Opening)),
    ]
}

pub(super) fn a_record() -> NewRecord {
    new_record(record(1000), interval(), Provenance::Scanned)
}

fn new_record(no: RecordNo, time: ServiceTime, provenance: Provenance) -> NewRecord {
    NewRecord {
        no,
        index: 4,
        passbook: passbook(7),
        activity: activity(5),
        time,
        date: day(),
        minutes: Minutes::new(120),
        provenance,
        standing: Standing::Posted(credit()),
        forgotten: false,
        evaluation: Some(evaluation()),
        help: None,
    }
}

fn credit() -> Credit {
    Credit { points: Points::from_hundredths(150), overflow: Points::from_hundredths(50) }
}

fn evaluation() -> Evaluation {
    Evaluation { grade: Grade::new(5).unwrap(), date: day() }
}

fn interval() -> ServiceTime {
    ServiceTime::Interval(minutes(120))
}

fn minutes(length: i64) -> Interval {
    let start = 29_538_770;
    Interval::new(Minute::new(start).unwrap(), Minute::new(start + length).unwrap()).unwrap()
}

fn activity(no: u64) -> ActivityNo {
    ActivityNo::new(no).unwrap()
}
