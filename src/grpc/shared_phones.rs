//! Who has the same telephone, and never which: `VolunteerService.ListSharedPhones`, and hints at
//! one person under two numbers.

use std::{cmp::Reverse, collections::HashMap};

use lovebank_ledger::{PassbookNo, Registration, Verb, VolunteerId};
use lovebank_vault::Vault;
use lovebank_wire::v1;
use tonic::Status;

use super::{
    door::{Caller, read_seq},
    people::numbers_of,
};

/// Groups that an answer tells, at most.
const GROUPS_MAX: usize = 1_000;
/// Volunteers that it names of each, at most.
const VOLUNTEERS_MAX: usize = 1_000;
/// Hints that a registration gives, at most.
const LIKELY_MAX: usize = 100;

pub(super) async fn list(
    caller: &Caller,
    min_seq: u64,
) -> Result<v1::ListSharedPhonesResponse, Status> {
    caller.reached(min_seq).await?;
    let shared = caller.vault(Vault::shared_phones).await?;
    let ledger = caller.bank.reader.ledger();
    let authority = caller.authority(&ledger)?;
    let seen = |no: &PassbookNo| authority.on_passbook(Verb::ReadSharedPhones, *no).is_ok();
    let groups = shared.iter().map(|group| {
        let known = group.iter().filter_map(|it| ledger.passbook_of(it)).filter(seen);
        let mut numbers: Vec<u64> = known.map(PassbookNo::get).collect();
        numbers.sort_unstable();
        numbers
    });
    // One of whom the caller sees nobody else shares with nobody.
    let mut groups: Vec<Vec<u64>> = groups.filter(|it| 1 < it.len()).collect();
    groups.sort_by_key(|it| (Reverse(it.len()), it.first().copied()));
    let total = u64::try_from(groups.len()).unwrap_or(u64::MAX);
    groups.truncate(GROUPS_MAX);
    let told = groups.into_iter().map(|mut passbook_nos| {
        let volunteers = u64::try_from(passbook_nos.len()).unwrap_or(u64::MAX);
        passbook_nos.truncate(VOLUNTEERS_MAX);
        v1::SharedPhone { passbook_nos, volunteers }
    });
    Ok(v1::ListSharedPhonesResponse {
        read_seq: read_seq(&ledger),
        shared_phones: told.collect(),
        total,
    })
}

/// Adds hints at those who may be registered twice. What is registered is registered: that there are
/// no hints is no failure of it, and why is in the log.
pub(super) async fn add_likely(
    caller: &Caller,
    registered: &[Registration],
    answer: &mut v1::BatchRegisterVolunteersResponse,
) {
    if let Ok((likely, total)) = likely_duplicates(caller, registered).await {
        (answer.likely_duplicates, answer.likely_duplicates_total) = (likely, total);
    }
}

/// Which of those just registered have the name and the telephone of another whom the caller sees,
/// and are not known to be the same person; how many there are in all.
async fn likely_duplicates(
    caller: &Caller,
    registered: &[Registration],
) -> Result<(Vec<v1::LikelyDuplicate>, u32), Status> {
    let by_id: HashMap<VolunteerId, Registration> =
        registered.iter().map(|it| (it.volunteer, *it)).collect();
    let ids = registered.iter().map(|it| it.volunteer).collect::<Vec<_>>();
    let asker = caller.clone();
    let alike = move |vault: &Vault| {
        let told = |one: &VolunteerId, other: &VolunteerId| hint(&asker, &by_id, one, other);
        let pairs = vault.alike(&ids, |one, other| told(one, other).is_some())?;
        Ok::<_, lovebank_vault::ReadError>(
            pairs.iter().filter_map(|(one, other)| told(one, other)).collect::<Vec<_>>(),
        )
    };
    let mut likely = caller.vault(alike).await?;
    let total = u32::try_from(likely.len()).unwrap_or(u32::MAX);
    likely.truncate(LIKELY_MAX);
    let numbers = numbers_of(caller, likely.iter().map(|it| it.other_passbook_no)).await?;
    for it in &mut likely {
        let number = numbers.get(&it.other_passbook_no).cloned();
        it.other_volunteer_number = number.unwrap_or_default();
    }
    Ok((likely, total))
}

/// What is told of two who are alike. The lock is held for one pair only, for there may be many.
fn hint(
    caller: &Caller,
    by_id: &HashMap<VolunteerId, Registration>,
    one: &VolunteerId,
    other: &VolunteerId,
) -> Option<v1::LikelyDuplicate> {
    let ledger = caller.bank.reader.ledger();
    let authority = caller.authority(&ledger).ok()?;
    let (one, passbook) = (by_id.get(one)?, ledger.passbook_of(other)?);
    // Of two in one batch the later is said to be like the earlier.
    let later = by_id.get(other).is_none_or(|it| it.index < one.index);
    let seen = authority.on_passbook(Verb::ReadVolunteers, passbook).is_ok();
    let same = ledger.person(one.passbook) == ledger.person(passbook);
    let (index, other_passbook_no) = (one.index, passbook.get());
    let likely = v1::LikelyDuplicate { index, other_passbook_no, ..<_>::default() };
    (later && seen && !same).then_some(likely)
}
