//! Who people are, beside what the ledger says: numbers, masked names, ages.

use std::collections::HashMap;

use jiff::civil::Date;
use lovebank_ledger::{Ledger, PassbookNo, VolunteerId};
use lovebank_vault::{AnnotationKey, BirthDate, Note, PersonName};
use tonic::Status;

use super::super::{door::Caller, people::people};

/// How someone is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// The volunteer number.
    pub(super) number: String,
    /// The name as a notice shows it.
    pub(super) masked: String,
    /// The name.
    pub(super) name: String,
}

/// How the volunteers of up to 1,000 passbooks are shown, as far as the vault holds them.
pub(super) async fn shown(
    caller: &Caller,
    passbooks: impl Iterator<Item = u64>,
) -> Result<HashMap<u64, Shown>, Status> {
    let ids: Vec<(u64, VolunteerId)> = {
        let ledger = caller.bank.reader.ledger();
        let id = |no: u64| Some((no, ledger.volunteer(PassbookNo::new(no).ok()?)?.volunteer));
        passbooks.filter_map(id).collect()
    };
    let mut found = people(caller, ids.iter().map(|it| it.1).collect()).await?;
    let shown = ids.into_iter().filter_map(|(no, id)| {
        let person = found.remove(&id)?;
        let name = person.name.as_ref();
        let masked = name.map(PersonName::masked).unwrap_or_default();
        let name = name.map(|it| it.as_str().to_owned()).unwrap_or_default();
        Some((no, Shown { number: person.number.as_str().to_owned(), masked, name }))
    });
    Ok(shown.collect())
}

/// Ages in years on a day, of all whose birth date the vault knows.
pub(super) async fn ages(caller: &Caller, on: Date) -> Result<Vec<(PassbookNo, u8)>, Status> {
    let births: Vec<(VolunteerId, BirthDate)> = caller.vault(lovebank_vault::Vault::births).await?;
    let ledger = caller.bank.reader.ledger();
    let age =
        |(id, birth): &(VolunteerId, BirthDate)| Some((ledger.passbook_of(id)?, birth.age(on)));
    let mut ages: Vec<_> = births.iter().filter_map(age).collect();
    ages.sort_unstable();
    Ok(ages)
}

/// Where the words of a request about a volunteer are kept.
pub(super) fn key(
    ledger: &Ledger<'_>,
    request: lovebank_ledger::RequestId,
    about: PassbookNo,
) -> Option<AnnotationKey> {
    let volunteer = ledger.volunteer(about)?.volunteer;
    Some(AnnotationKey { request, item: 0, volunteer })
}

/// The words that are kept under some keys; empty where there are none any more.
pub(super) async fn words(
    caller: &Caller,
    keys: Vec<Option<AnnotationKey>>,
) -> Result<Vec<String>, Status> {
    let mut words = vec![String::new(); keys.len()];
    let (places, known): (Vec<usize>, Vec<AnnotationKey>) =
        keys.into_iter().enumerate().filter_map(|(place, it)| Some((place, it?))).unzip();
    for (places, known) in
        places.chunks(lovebank_vault::BATCH_MAX).zip(known.chunks(lovebank_vault::BATCH_MAX))
    {
        let asked = known.to_vec();
        let found = caller.vault(move |vault| vault.get_annotations(&asked)).await?;
        for (place, it) in places.iter().zip(found) {
            let note = it.and_then(|it| it.note);
            if let (Some(note), Some(word)) = (note, words.get_mut(*place)) {
                Note::as_str(&note).clone_into(word);
            }
        }
    }
    Ok(words)
}
