//! Events of stars, awards, runs and certificates.

use lovebank_ledger::*;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    hours::{reason, refused},
    scalar::{bytes, date, no, text},
};

#[expect(clippy::too_many_lines, reason = "one of each event")]
pub(super) fn honours() -> BoxedStrategy<HonourEvent> {
    let source = select(vec![HonourSource::Approved, HonourSource::Recorded]);
    let exception = || (no(RunNo::new), no(PassbookNo::new), any::<u8>());
    let entry = any::<u64>().prop_filter_map("0 is no number", |it| EntryNo::new(it).ok());
    let nominated = (no(PassbookNo::new), programme(), any::<i16>(), no(BranchNo::new));
    let run = (no(RunNo::new), programme(), no(RulebookVersion::new), any::<i16>());
    let scope = (days(), option::of(no(BranchNo::new)), entry, vec(band(), 0..3), result());
    let notice = (no(RunNo::new), days(), any::<bool>());
    prop_oneof![
        (source, vec(honour(), 0..3), refused()).prop_map(|(source, honours, refused)| {
            HonourEvent::HonoursGiven { source, honours, refused }
        }),
        (no(HonourNo::new), reason())
            .prop_map(|(honour, reason)| HonourEvent::HonourRevoked { honour, reason }),
        nominated.prop_map(|(passbook, programme, year, branch)| {
            HonourEvent::Nominated { passbook, programme, year, branch }
        }),
        (run, scope).prop_map(|((no, programme, rulebook, year), scope)| {
            let (days, branch, as_of, ages, result) = scope;
            HonourEvent::RunCreated(NewRun {
                no,
                programme,
                rulebook,
                year,
                days,
                branch,
                as_of,
                ages,
                result,
            })
        }),
        exception().prop_map(|(run, passbook, condition)| {
            HonourEvent::ExceptionProposed { run, passbook, condition }
        }),
        (exception(), result()).prop_map(|((run, passbook, condition), result)| {
            HonourEvent::ExceptionConfirmed { run, passbook, condition, result }
        }),
        notice.prop_map(|(run, days, certain)| {
            let notice = NoticePeriod { first: days.from, last: days.until, certain };
            HonourEvent::RunPublished { run, notice }
        }),
        (no(ObjectionNo::new), no(RunNo::new), no(PassbookNo::new)).prop_map(|(no, run, about)| {
            HonourEvent::ObjectionFiled(NewObjection { no, run, about })
        }),
        (no(ObjectionNo::new), answer())
            .prop_map(|(objection, answer)| HonourEvent::ObjectionResolved { objection, answer }),
        (no(RunNo::new), vec(honour(), 0..3))
            .prop_map(|(run, honours)| HonourEvent::RunFinalized { run, honours }),
        (no(RunNo::new), reason())
            .prop_map(|(run, reason)| HonourEvent::RunWithdrawn { run, reason }),
        certificate().prop_map(HonourEvent::CertificateIssued),
    ]
    .boxed()
}

fn programme() -> impl Strategy<Value = ProgrammeName> {
    text(ProgrammeName::new)
}

fn honour() -> impl Strategy<Value = NewHonour> {
    let star = (programme(), 1..=STAR_MAX, option::of(any::<i16>()))
        .prop_map(|(scheme, level, year)| Title::Star { scheme, level, year });
    let award = (programme(), any::<i16>(), select(HonourLevel::ALL.to_vec()))
        .prop_map(|(programme, year, level)| Title::Award { programme, year, level });
    let title = prop_oneof![star, award];
    (no(HonourNo::new), any::<u32>(), no(PassbookNo::new), title, date()).prop_map(
        |(no, index, passbook, title, given)| NewHonour { no, index, passbook, title, given },
    )
}

fn days() -> impl Strategy<Value = Days> {
    (date(), date()).prop_map(|(a, b)| Days { from: a.min(b), until: a.max(b) })
}

fn band() -> impl Strategy<Value = AgeBand> {
    (any::<u8>(), vec(no(PassbookNo::new), 0..4))
        .prop_map(|(from, passbooks)| AgeBand { from, passbooks })
}

fn result() -> impl Strategy<Value = RunResult> {
    let winner = (no(PassbookNo::new), any::<u32>());
    let winner = winner.prop_map(|(passbook, place)| Winner { passbook, place });
    (bytes(ResultDigest::new), vec(winner, 0..4))
        .prop_map(|(digest, chosen)| RunResult { digest, chosen })
}

fn answer() -> impl Strategy<Value = ObjectionAnswer> {
    prop_oneof![
        Just(ObjectionAnswer::Dismissed),
        result().prop_map(ObjectionAnswer::Removed),
        Just(ObjectionAnswer::RunGivenUp),
    ]
}

fn certificate() -> impl Strategy<Value = NewCertificate> {
    let service = (days(), any::<i64>(), any::<u32>())
        .prop_map(|(days, minutes, services)| CertificateKind::Service { days, minutes, services });
    let kind = prop_oneof![service, no(HonourNo::new).prop_map(CertificateKind::Honour)];
    (no(CertificateNo::new), no(PassbookNo::new), no(BranchNo::new), date(), kind).prop_map(
        |(no, passbook, branch, issued, kind)| NewCertificate {
            no,
            passbook,
            branch,
            issued,
            kind,
        },
    )
}
