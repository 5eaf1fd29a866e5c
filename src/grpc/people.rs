//! People: what the vault adds to what the ledger knows.

use std::collections::HashMap;

use jiff::civil::Date;
use lovebank_ledger::{Ledger, PassbookNo, RequestId, VolunteerId};
use lovebank_vault::{
    Annotation, AnnotationKey, BIRTH_YEAR_MIN, BirthDate, Note, Person, PersonName, Phone,
    VolunteerNumber,
};
use lovebank_wire::{Fault, Malformed, Parsed, kinds, message, scalar, v1};
use tonic::Status;

use super::{
    door::{Caller, number, personal, read_seq},
    register::today,
};

/// Personal data of a request; nobody is born after today.
pub(super) fn person(
    field: &str,
    no: &str,
    it: Option<&v1::Person>,
    today: Date,
) -> Parsed<Person> {
    let empty = v1::Person::default();
    let it = it.unwrap_or(&empty);
    let fault = |name: &str, err: &lovebank_vault::BadText| {
        Malformed::new(format!("{field}.person.{name}"), personal(err))
    };
    let named = number(no);
    let number = named.map_err(|it| Malformed::new(format!("{field}.volunteer_number"), it))?;
    Ok(Person {
        number,
        name: optional(&it.name, PersonName::parse).map_err(|err| fault("name", &err))?,
        phone: optional(&it.phone, Phone::parse).map_err(|err| fault("phone", &err))?,
        note: optional(&it.note, Note::parse).map_err(|err| fault("note", &err))?,
        birth: birth(field, it.birth_date.as_ref(), today)?,
    })
}

fn birth(field: &str, it: Option<&v1::Date>, today: Date) -> Parsed<Option<BirthDate>> {
    let Some(given) = it else { return Ok(None) };
    let birth = scalar::birth_date(given).and_then(|it| BirthDate::new(it, today));
    birth.map(Some).ok_or_else(|| {
        let english = format!("give a real day from {BIRTH_YEAR_MIN} to today");
        let chinese = format!("须为 {BIRTH_YEAR_MIN} 年至今天之间的真实日期");
        Malformed::new(format!("{field}.person.birth_date"), Fault::Other { english, chinese })
    })
}

/// What is written beside a record, if anything is.
pub(super) fn annotation(field: &str, it: Option<&v1::Annotation>) -> Parsed<Option<Annotation>> {
    let Some(it) = it else { return Ok(None) };
    let fault = |name: &str, err: &lovebank_vault::BadText| {
        let dot = if field.is_empty() { "" } else { "." };
        Malformed::new(format!("{field}{dot}annotation.{name}"), personal(err))
    };
    let attestor =
        optional(&it.attestor, |text| PersonName::parse_as(lovebank_vault::Field::Attestor, text));
    let recorder =
        optional(&it.recorder, |text| PersonName::parse_as(lovebank_vault::Field::Recorder, text));
    let annotation = Annotation {
        attestor: attestor.map_err(|err| fault("attestor", &err))?,
        recorder: recorder.map_err(|err| fault("recorder", &err))?,
        note: optional(&it.note, Note::parse).map_err(|err| fault("note", &err))?,
    };
    let empty =
        it.attestor.trim().is_empty() && it.recorder.trim().is_empty() && it.note.trim().is_empty();
    Ok(Some(annotation).filter(|_| !empty))
}

fn optional<T>(
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, lovebank_vault::BadText>,
) -> Result<Option<T>, lovebank_vault::BadText> {
    if text.trim().is_empty() { Ok(None) } else { parse(text).map(Some) }
}

/// A fresh id for a volunteer.
pub(super) fn fresh_id() -> VolunteerId {
    VolunteerId::new(*uuid::Uuid::new_v4().as_bytes())
}

/// A volunteer as the ledger knows one; the person is to be added.
pub(super) fn volunteer(
    ledger: &Ledger<'_>,
    no: PassbookNo,
) -> Option<(VolunteerId, v1::Volunteer)> {
    let row = ledger.volunteer(no)?;
    let (merged_into_passbook_no, merged_passbook_nos) = message::numbers(ledger, no);
    Some((
        row.volunteer,
        v1::Volunteer {
            volunteer_number: String::new(),
            passbook_no: no.get(),
            branch_code: message::branch_code(ledger, row.branch),
            joined: Some(scalar::to_date(row.joined)),
            status: kinds::to_volunteer_status(row.status).into(),
            person: None,
            erased: row.tag.is_none(),
            need_class: u32::from(row.need.get()),
            merged_into_passbook_no,
            merged_passbook_nos,
        },
    ))
}

/// Adds the person to a volunteer.
pub(super) fn add_person(it: &mut v1::Volunteer, person: &Person) {
    person.number.as_str().clone_into(&mut it.volunteer_number);
    let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
    it.person = Some(v1::Person {
        name: text(person.name.as_ref().map(PersonName::as_str)),
        phone: text(person.phone.as_ref().map(Phone::as_str)),
        note: text(person.note.as_ref().map(Note::as_str)),
        birth_date: person.birth.map(|it| scalar::to_date(it.date())),
    });
}

/// The people of some volunteers.
pub(super) async fn people(
    caller: &Caller,
    ids: Vec<VolunteerId>,
) -> Result<HashMap<VolunteerId, Person>, Status> {
    let asked = ids.clone();
    let found = caller.vault(move |vault| vault.get_many(&asked)).await?;
    Ok(ids.into_iter().zip(found).filter_map(|(id, it)| Some((id, it?))).collect())
}

/// The numbers of some volunteers, in their order, as far as the vault holds them.
pub(super) async fn numbers(
    caller: &Caller,
    ids: Vec<VolunteerId>,
) -> Result<Vec<Option<VolunteerNumber>>, Status> {
    match caller.bank.vault.numbers_at_hand(&ids) {
        Some(numbers) => Ok(numbers),
        None => caller.vault(move |vault| vault.numbers(&ids)).await,
    }
}

/// Adds the volunteer numbers to records, where the caller sees them.
pub(super) async fn add_numbers(
    caller: &Caller,
    records: &mut [v1::HoursRecord],
) -> Result<(), Status> {
    let numbers = numbers_of(caller, records.iter().map(|it| it.passbook_no)).await?;
    for record in records {
        let number = numbers.get(&record.passbook_no);
        record.volunteer_number = number.cloned().unwrap_or_default();
    }
    Ok(())
}

/// The volunteer numbers of some passbooks, as far as the vault holds them.
pub(super) async fn numbers_of(
    caller: &Caller,
    passbooks: impl Iterator<Item = u64>,
) -> Result<HashMap<u64, String>, Status> {
    let mut passbooks: Vec<u64> = passbooks.collect();
    passbooks.sort_unstable();
    passbooks.dedup();
    let ids: Vec<(u64, VolunteerId)> = {
        let ledger = caller.bank.reader.ledger();
        let id = |no: u64| Some((no, ledger.volunteer(PassbookNo::new(no).ok()?)?.volunteer));
        passbooks.into_iter().filter_map(id).collect()
    };
    let found = numbers(caller, ids.iter().map(|it| it.1).collect()).await?;
    let known = ids.iter().zip(&found);
    let known = known.filter_map(|((no, _), it)| Some((*no, it.as_ref()?.as_str().to_owned())));
    Ok(known.collect())
}

/// Annotations of a request, by the item they belong to.
pub(super) type Annotations = Vec<(u32, String, Annotation)>;

/// Keeps annotations before the journal is written; what is new is given back, to be removed
/// where the journal refuses.
pub(super) async fn annotate(
    caller: &Caller,
    request: RequestId,
    annotations: Annotations,
) -> Result<Vec<AnnotationKey>, Status> {
    let keyed: Vec<(AnnotationKey, Annotation)> = {
        let ledger = caller.bank.reader.ledger();
        let resolve = caller.resolve();
        let key = |(item, text, annotation): (u32, String, Annotation)| {
            let named = ledger.resolve(resolve(&text).ok()?)?;
            let row = ledger.volunteer(ledger.person(named))?;
            row.tag?;
            Some((AnnotationKey { request, item, volunteer: row.volunteer }, annotation))
        };
        annotations.into_iter().filter_map(key).collect()
    };
    if keyed.is_empty() {
        return Ok(Vec::new());
    }
    let head = read_seq(&caller.bank.reader.ledger());
    caller.keep(move |vault| vault.put_annotations(&keyed, head)).await
}

/// Takes back annotations whose items were refused.
pub(super) async fn forget(
    caller: &Caller,
    keys: Vec<AnnotationKey>,
    kept: impl Fn(u32) -> bool,
) -> Result<(), Status> {
    let gone: Vec<AnnotationKey> = keys.into_iter().filter(|it| !kept(it.item)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    caller.vault(move |vault| vault.remove_annotations(&gone)).await.map(|_| ())
}

/// What is written beside a record of an entry's item.
pub(super) async fn annotation_of(
    caller: &Caller,
    request: RequestId,
    (item, volunteer): (u32, VolunteerId),
) -> Result<Option<v1::Annotation>, Status> {
    let key = [AnnotationKey { request, item, volunteer }];
    let found = caller.vault(move |vault| vault.get_annotations(&key)).await?;
    let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
    Ok(found.into_iter().next().flatten().map(|it| v1::Annotation {
        attestor: text(it.attestor.as_ref().map(PersonName::as_str)),
        recorder: text(it.recorder.as_ref().map(PersonName::as_str)),
        note: text(it.note.as_ref().map(Note::as_str)),
    }))
}

/// A fault of a field that must be given.
pub(super) fn missing(field: &str) -> Malformed {
    Malformed::new(field, Fault::Missing)
}

/// The lower end of the decade of a volunteer's age, by the bank's today; none where the vault
/// knows no birth date. What is wrong with the number is for the command to say.
pub(super) async fn age_band(caller: &Caller, number: &str) -> Result<Option<u8>, Status> {
    let Ok(named) = caller.resolve()(number) else { return Ok(None) };
    let volunteer = {
        let ledger = caller.bank.reader.ledger();
        let no = ledger.resolve(named);
        no.and_then(|it| ledger.volunteer(it)).map(|it| it.volunteer)
    };
    let Some(volunteer) = volunteer else { return Ok(None) };
    let person = caller.vault(move |vault| vault.get(volunteer)).await?;
    let birth = person.and_then(|it| it.birth);
    Ok(birth.map(|it| it.age_band(today(caller))))
}
