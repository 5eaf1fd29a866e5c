//! Entries about stars, awards, runs and certificates.

use jiff::civil::date;
use lovebank_ledger::*;

use super::{branch, passbook, refused};

fn run() -> RunNo {
    RunNo::new(6).unwrap()
}

fn name_of(text: &str) -> ProgrammeName {
    ProgrammeName::new(text).unwrap()
}

fn star() -> NewHonour {
    NewHonour {
        no: HonourNo::new(51).unwrap(),
        index: 0,
        passbook: passbook(7),
        title: Title::Star { scheme: name_of("national"), level: 3, year: None },
        given: date(2026, 12, 5),
    }
}

fn yearly() -> NewHonour {
    let title = Title::Star { scheme: name_of("pvsa"), level: 1, year: Some(2026) };
    NewHonour { no: HonourNo::new(52).unwrap(), index: 2, title, ..star() }
}

fn award() -> NewHonour {
    let level = HonourLevel::District;
    let title = Title::Award { programme: name_of("baoan-2022"), year: 2026, level };
    NewHonour { no: HonourNo::new(53).unwrap(), index: 1, title, ..star() }
}

fn result() -> RunResult {
    RunResult {
        digest: ResultDigest::new([0xd1; 32]),
        chosen: vec![
            Winner { passbook: passbook(7), place: 1 },
            Winner { passbook: passbook(300), place: 1 },
            Winner { passbook: passbook(2), place: 3 },
        ],
    }
}

fn days() -> Days {
    Days { from: date(2026, 1, 1), until: date(2026, 12, 31) }
}

/// Lines of honours move nothing.
pub(super) fn finalized() -> (&'static str, Entry) {
    let event = HonourEvent::RunFinalized { run: run(), honours: vec![award()] };
    let mut entry = super::entry(Event::Honour(event));
    entry.postings.retain(|it| it.line.is_some());
    for (posting, kind) in
        entry.postings.iter_mut().zip([LineKind::Honoured, LineKind::Revoked].into_iter().cycle())
    {
        (posting.kind, posting.about) = (kind, Some(About::Honour(award().no)));
        (posting.minutes, posting.points) = (Minutes::ZERO, Points::ZERO);
    }
    ("honour_run_finalized", entry)
}

#[expect(clippy::too_many_lines, reason = "one of each event")]
pub(super) fn events() -> Vec<Event> {
    let events = vec![
        HonourEvent::HonoursGiven {
            source: HonourSource::Approved,
            honours: vec![star(), yearly()],
            refused: refused(),
        },
        HonourEvent::HonourRevoked { honour: star().no, reason: Reason::NotServed },
        HonourEvent::Nominated {
            passbook: passbook(7),
            programme: name_of("baoan-2022"),
            year: 2026,
            branch: branch(2),
        },
        HonourEvent::RunCreated(NewRun {
            no: run(),
            programme: name_of("baoan-2022"),
            rulebook: RulebookVersion::new(3).unwrap(),
            year: 2026,
            days: days(),
            branch: Some(branch(2)),
            as_of: EntryNo::new(1_234_000).unwrap(),
            ages: vec![
                AgeBand { from: 0, passbooks: vec![passbook(2)] },
                AgeBand { from: 60, passbooks: vec![passbook(7), passbook(300)] },
            ],
            result: result(),
        }),
        HonourEvent::ExceptionProposed { run: run(), passbook: passbook(8), condition: 0 },
        HonourEvent::ExceptionConfirmed {
            run: run(),
            passbook: passbook(8),
            condition: 2,
            result: result(),
        },
        HonourEvent::RunPublished {
            run: run(),
            notice: NoticePeriod {
                first: date(2026, 12, 7),
                last: date(2026, 12, 16),
                certain: true,
            },
        },
        HonourEvent::ObjectionFiled(NewObjection {
            no: ObjectionNo::new(4).unwrap(),
            run: run(),
            about: passbook(300),
        }),
        HonourEvent::ObjectionResolved {
            objection: ObjectionNo::new(4).unwrap(),
            answer: ObjectionAnswer::Removed(result()),
        },
        HonourEvent::RunWithdrawn { run: run(), reason: Reason::Other },
        HonourEvent::CertificateIssued(NewCertificate {
            no: CertificateNo::new(9).unwrap(),
            passbook: passbook(7),
            branch: branch(2),
            issued: date(2027, 1, 4),
            kind: CertificateKind::Service { days: days(), minutes: 6000, services: 40 },
        }),
    ];
    events.into_iter().map(Event::Honour).collect()
}

pub(super) fn name(event: &HonourEvent) -> &'static str {
    match event {
        HonourEvent::HonoursGiven { .. } => "honour_given",
        HonourEvent::HonourRevoked { .. } => "honour_revoked",
        HonourEvent::Nominated { .. } => "honour_nominated",
        HonourEvent::RunCreated(_) => "honour_run_created",
        HonourEvent::ExceptionProposed { .. } => "honour_exception_proposed",
        HonourEvent::ExceptionConfirmed { .. } => "honour_exception_confirmed",
        HonourEvent::RunPublished { .. } => "honour_run_published",
        HonourEvent::ObjectionFiled(_) => "honour_objection_filed",
        HonourEvent::ObjectionResolved { .. } => "honour_objection_resolved",
        HonourEvent::RunFinalized { .. } => "honour_run_finalized",
        HonourEvent::RunWithdrawn { .. } => "honour_run_withdrawn",
        HonourEvent::CertificateIssued(_) => "honour_certificate_issued",
    }
}
