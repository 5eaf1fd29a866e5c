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

/// Which of those just registered have the name and the telephone of another whom the caller sees,
/// and are not known to be the same person.
pub(super) async fn likely_duplicates(
    caller: &Caller,
    registered: &[Registration],
) -> Result<Vec<v1::LikelyDuplicate>, Status> {
    let by_id: HashMap<VolunteerId, Registration> =
        registered.iter().map(|it| (it.volunteer, *it)).collect();
    let ids = registered.iter().map(|it| it.volunteer).collect::<Vec<_>>();
    let alike = caller.vault(move |vault| vault.alike(&ids)).await?;
    let mut likely: Vec<v1::LikelyDuplicate> = {
        let ledger = caller.bank.reader.ledger();
        let authority = caller.authority(&ledger)?;
        let hint = |(one, other): (VolunteerId, VolunteerId)| {
            let (one, other) = (by_id.get(&one)?, ledger.passbook_of(&other)?);
            let seen = authority.on_passbook(Verb::ReadVolunteers, other).is_ok();
            let same = ledger.person(one.passbook) == ledger.person(other);
            let (index, other_passbook_no) = (one.index, other.get());
            let likely = v1::LikelyDuplicate { index, other_passbook_no, ..<_>::default() };
            (seen && !same).then_some(likely)
        };
        alike.into_iter().filter_map(hint).take(LIKELY_MAX).collect()
    };
    let numbers = numbers_of(caller, likely.iter().map(|it| it.other_passbook_no)).await?;
    for it in &mut likely {
        let number = numbers.get(&it.other_passbook_no).cloned();
        it.other_volunteer_number = number.unwrap_or_default();
    }
    Ok(likely)
}
