//! Stars and awards are given, written down and taken back; volunteers are nominated.

use super::{Desk, HonourDecision, each};
use crate::{
    About, BatchMode, BranchNo, HonourEvent, HonourItem, HonourNo, HonourSource, LineKind,
    NewHonour, PassbookNo, Points, ProgrammeName, Reason, Refusal, StarItem, Title, Verb,
    VolunteerRef, VolunteerStatus,
    decide::desk::next_number,
    recognition::{Ages, Reach, Reaching, Star, StarScheme},
};

/// Gives stars to those who reached them, by the rules in force.
pub(super) fn stars(
    mut desk: Desk<'_>,
    (scheme, year): (&ProgrammeName, i16),
    items: &[StarItem],
    mode: BatchMode,
) -> HonourDecision {
    let rules = desk.rules.clone().ok_or(Refusal::OutOfRange)?;
    let unknown = || Refusal::SchemeUnknown { scheme: scheme.clone() };
    let scheme = rules.scheme(scheme).ok_or_else(unknown)?;
    let as_of = desk.ledger.head().ok_or(Refusal::OutOfRange)?;
    let known = |it: &StarItem| Some((desk.ledger.resolve(it.volunteer)?, it.age?));
    let ages = Ages::of_years(&scheme.age_bands, items.iter().filter_map(known));
    let moment = (year, desk.today, as_of);
    let reaching = Reaching::new(desk.ledger, scheme, moment, ages);
    let reaching = reaching.ok_or(Refusal::YearNotBegun { year })?;
    let mut given = Given::default();
    let (honours, refused) = each(items, mode, |index, it| {
        let passbook = desk.passbook(it.volunteer)?;
        let unknown = Refusal::StarUnknown { star: it.level };
        let star = scheme.stars.iter().find(|star| star.level == it.level).ok_or(unknown)?;
        let row = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
        let approver = approver(&desk, row.branch, star);
        desk.authority.on_branch(Verb::AwardStars, approver)?;
        if row.status != VolunteerStatus::Active {
            return Err(Refusal::VolunteerNotActive { status: row.status });
        }
        is_reached(scheme, &reaching, (passbook, it.level))?;
        given.honour(&mut desk, (index, passbook), scheme.title(it.level, year), None)
    })?;
    drop(reaching);
    let source = HonourSource::Approved;
    Ok((HonourEvent::HonoursGiven { source, honours, refused }, desk.postings()?))
}

/// The branch whose approver gives a star to those at home in a branch.
fn approver(desk: &Desk<'_>, home: BranchNo, star: &Star) -> BranchNo {
    let Some(kind) = star.approved_by else { return home };
    let of_kind = |it: &BranchNo| desk.ledger.branch(*it).is_some_and(|it| it.kind == kind);
    let above = desk.ledger.ancestry(home).find(of_kind);
    // In a tree that has none of that kind, its top has the last word.
    above.or_else(|| desk.ledger.ancestry(home).last()).unwrap_or(home)
}

fn is_reached(
    scheme: &StarScheme,
    reaching: &Reaching<'_>,
    (passbook, level): (PassbookNo, u8),
) -> Result<(), Refusal> {
    let mut reaches = reaching.of(passbook);
    reaches.retain(|it| it.star.level == level);
    if reaches.iter().any(Reach::is_reached) {
        return Ok(());
    }
    // Of stars for several ages, the one that is for the own.
    let own = |it: &Reach<'_>| scheme.age_bands.is_empty() || it.is_of_age();
    let missing = reaches.iter().find(|it| own(it)).map(missing).unwrap_or_default();
    Err(Refusal::StarNotReached { star: level, missing })
}

fn missing(reach: &Reach<'_>) -> String {
    let conditions = reach.star.conditions.iter().zip(&reach.conditions);
    let unmet = conditions.filter(|it| !it.1.met).map(|(clause, judged)| match judged.value {
        Some(value) => {
            let bound = judged.least.map(|it| format!(">= {it}"));
            let bound = bound.or_else(|| judged.most.map(|it| format!("<= {it}")));
            format!("{} = {value}, {}", clause.text(), bound.unwrap_or_default())
        }
        None => clause.text().to_owned(),
    });
    unmet.collect::<Vec<_>>().join("; ")
}

/// Honours of one command.
#[derive(Default)]
struct Given {
    honours: Vec<(PassbookNo, Title)>,
}

impl Given {
    /// An honour, with its line in the passbook.
    fn honour(
        &mut self,
        desk: &mut Desk<'_>,
        (index, passbook): (u32, PassbookNo),
        title: Title,
        given: Option<jiff::civil::Date>,
    ) -> Result<NewHonour, Refusal> {
        if desk.authority.is_own(passbook) {
            return Err(Refusal::OwnPassbook);
        }
        let mut held = desk.ledger.honours_of(passbook, None).filter(|it| it.revoked.is_none());
        if let Some(it) = held.find(|it| it.honour.title == title) {
            return Err(Refusal::HonourHeld { honour: it.honour.no });
        }
        if self.honours.iter().any(|it| it.0 == passbook && it.1 == title) {
            return Err(Refusal::NothingChanges);
        }
        let known = desk.ledger.honours.len().saturating_add(self.honours.len());
        let no = next_number(known, HonourNo::new)?;
        self.honours.push((passbook, title.clone()));
        let given = given.unwrap_or(desk.today);
        line(desk, (passbook, no), LineKind::Honoured)?;
        Ok(NewHonour { no, index, passbook, title, given })
    }
}

/// The line of an honour, which moves nothing.
pub(super) fn line(
    desk: &mut Desk<'_>,
    (passbook, honour): (PassbookNo, HonourNo),
    kind: LineKind,
) -> Result<(), Refusal> {
    desk.points_line(passbook, Points::ZERO, (kind, About::Honour(honour)))
}

/// Writes down honours from before the bank, or from outside of it.
pub(super) fn record(mut desk: Desk<'_>, items: &[HonourItem], mode: BatchMode) -> HonourDecision {
    let mut given = Given::default();
    let (honours, refused) = each(items, mode, |index, it| {
        let passbook = desk.passbook(it.volunteer)?;
        desk.authority.on_passbook(Verb::RecordHonours, passbook)?;
        if desk.today < it.given {
            let (until, now) = (it.given.to_string(), desk.today.to_string());
            return Err(Refusal::Future { until, now });
        }
        given.honour(&mut desk, (index, passbook), it.title.clone(), Some(it.given))
    })?;
    let source = HonourSource::Recorded;
    Ok((HonourEvent::HonoursGiven { source, honours, refused }, desk.postings()?))
}

/// Takes an honour back.
pub(super) fn revoke(mut desk: Desk<'_>, honour: HonourNo, reason: Reason) -> HonourDecision {
    let row = desk.ledger.honour(honour).ok_or(Refusal::HonourUnknown { honour })?;
    let passbook = row.honour.passbook;
    desk.authority.on_passbook(Verb::RevokeHonour, passbook)?;
    if desk.authority.is_own(passbook) {
        return Err(Refusal::OwnPassbook.into());
    }
    if row.revoked.is_some() {
        return Err(Refusal::HonourRevoked { honour }.into());
    }
    line(&mut desk, (passbook, honour), LineKind::Revoked)?;
    Ok((HonourEvent::HonourRevoked { honour, reason }, desk.postings()?))
}

/// Nominates a volunteer for a programme and a year.
pub(super) fn nominate(
    desk: &Desk<'_>,
    volunteer: VolunteerRef,
    programme: &ProgrammeName,
    year: i16,
) -> HonourDecision {
    let rules = desk.rules.as_ref().ok_or(Refusal::OutOfRange)?;
    if rules.programme(programme).is_none() {
        return Err(Refusal::ProgrammeUnknown { programme: programme.clone() }.into());
    }
    let passbook = desk.passbook(volunteer)?;
    desk.authority.on_passbook(Verb::Nominate, passbook)?;
    if desk.authority.is_own(passbook) {
        return Err(Refusal::OwnPassbook.into());
    }
    let row = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
    if row.status != VolunteerStatus::Active {
        return Err(Refusal::VolunteerNotActive { status: row.status }.into());
    }
    if desk.ledger.nomination((programme, year), passbook, None).is_some() {
        return Err(Refusal::NothingChanges.into());
    }
    let (programme, branch) = (programme.clone(), nominator(desk, row.branch));
    Ok((HonourEvent::Nominated { passbook, programme, year, branch }, Vec::new()))
}

/// The branch that nominates one who is at home here: the nearest for which the actor may, or the
/// home branch where that is the whole bank.
fn nominator(desk: &Desk<'_>, home: BranchNo) -> BranchNo {
    let granted = desk.authority.branches(Verb::Nominate).unwrap_or_default();
    desk.ledger.ancestry(home).find(|it| granted.contains(it)).unwrap_or(home)
}
