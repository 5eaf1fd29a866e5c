//! `RecognitionService`: stars, honours and certificates.

use lovebank_ledger::{
    CertificateOf, Command, Days, HonourCommand, HonourItem, HonourNo, ProgrammeName, STAR_MAX,
    StarItem, Title, VolunteerRef,
};

use super::{Resolve, volunteer};
use crate::{
    Fault, Malformed, Parsed, both, kinds,
    scalar::{self, given, needed_date, number, text},
    v1,
};

/// The name of a scheme or a programme.
pub fn programme_name(field: &str, name: &str) -> Parsed<ProgrammeName> {
    text(field, name, ProgrammeName::new)
}

/// A year, 1970 to 9999.
pub fn year(field: &str, year: i32) -> Parsed<i16> {
    let known = (1970..=9999).contains(&year).then_some(year);
    let fault = Fault::OutOfRange { least: 1970, most: 9999 };
    let year = known.and_then(|it| i16::try_from(it).ok());
    year.ok_or_else(|| Malformed::new(field, fault))
}

fn level(field: &str, level: u32) -> Parsed<u8> {
    let known = u8::try_from(level).ok().filter(|it| (1..=STAR_MAX).contains(it));
    let fault = Fault::OutOfRange { least: 1, most: STAR_MAX.into() };
    known.ok_or_else(|| Malformed::new(field, fault))
}

/// `AwardStars`; ages come from the vault, `this_year` where the caller names none.
pub fn award_stars(
    it: &v1::AwardStarsRequest,
    resolve: Resolve<'_>,
    this_year: i16,
    age: &dyn Fn(VolunteerRef) -> Option<u8>,
) -> Parsed<Command> {
    let mut items = Vec::with_capacity(it.items.len());
    for (index, item) in scalar::batch("items", &it.items)?.iter().enumerate() {
        let of = volunteer("volunteer_number", &item.volunteer_number, resolve);
        let parsed = both(of, level("level", item.level));
        let (volunteer, level) = parsed.map_err(|err| err.within(&format!("items[{index}]")))?;
        items.push(StarItem { volunteer, level, age: age(volunteer) });
    }
    let of = both(programme_name("scheme", &it.scheme), year_or(it.year, this_year));
    let ((scheme, year), mode) = both(of, scalar::batch_mode(it.mode))?;
    Ok(Command::Honour(HonourCommand::AwardStars { scheme, year, items, mode }))
}

fn year_or(given: i32, this_year: i16) -> Parsed<i16> {
    if given == 0 { Ok(this_year) } else { year("year", given) }
}

/// `RecordHonours`.
pub fn record_honours(it: &v1::RecordHonoursRequest, resolve: Resolve<'_>) -> Parsed<Command> {
    let mut items = Vec::with_capacity(it.items.len());
    for (index, item) in scalar::batch("items", &it.items)?.iter().enumerate() {
        let of = volunteer("volunteer_number", &item.volunteer_number, resolve);
        let what = given("title", item.title.as_ref()).and_then(title);
        let day = needed_date("given_date", item.given_date.as_ref());
        let parsed = both(of, both(what, day));
        let (volunteer, (title, given)) =
            parsed.map_err(|err| err.within(&format!("items[{index}]")))?;
        items.push(HonourItem { volunteer, title, given });
    }
    let mode = scalar::batch_mode(it.mode)?;
    Ok(Command::Honour(HonourCommand::RecordHonours { items, mode }))
}

fn title(it: &v1::HonourTitle) -> Parsed<Title> {
    use v1::honour_title::Title as Asked;
    match given("title", it.title.as_ref())? {
        Asked::Star(it) => {
            let of_year =
                if it.year == 0 { Ok(None) } else { year("title.star.year", it.year).map(Some) };
            let named = programme_name("title.star.scheme", &it.scheme);
            let (scheme, (level, year)) =
                both(named, both(level("title.star.level", it.level), of_year))?;
            Ok(Title::Star { scheme, level, year })
        }
        Asked::Award(it) => {
            let named = programme_name("title.award.programme", &it.programme);
            let by = kinds::honour_level("title.award.level", it.level);
            let (programme, (year, level)) =
                both(named, both(year("title.award.year", it.year), by))?;
            Ok(Title::Award { programme, year, level })
        }
    }
}

/// `RevokeHonour`.
pub fn revoke_honour(it: &v1::RevokeHonourRequest) -> Parsed<Command> {
    let honour = number("honour_no", it.honour_no, HonourNo::new);
    let (honour, reason) = both(honour, kinds::given_reason(it.reason))?;
    Ok(Command::Honour(HonourCommand::RevokeHonour { honour, reason }))
}

/// `IssueCertificate`.
pub fn issue_certificate(
    it: &v1::IssueCertificateRequest,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    use v1::issue_certificate_request::Of;
    let volunteer = volunteer("volunteer_number", &it.volunteer_number, resolve);
    let of = given("of", it.of.as_ref()).and_then(|it| match it {
        Of::Service(it) => days(it).map(CertificateOf::Service),
        Of::HonourNo(no) => number("honour_no", *no, HonourNo::new).map(CertificateOf::Honour),
    });
    let (volunteer, of) = both(volunteer, of)?;
    Ok(Command::Honour(HonourCommand::IssueCertificate { volunteer, of }))
}

fn days(it: &v1::DateSpan) -> Parsed<Days> {
    let (from, until) = both(
        needed_date("service.first_date", it.first_date.as_ref()),
        needed_date("service.last_date", it.last_date.as_ref()),
    )?;
    if until < from {
        let fault = Fault::Time(lovebank_ledger::BadTime::Backwards);
        return Err(Malformed::new("service.last_date", fault));
    }
    Ok(Days { from, until })
}
