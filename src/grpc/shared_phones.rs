//! `VolunteerService.ListSharedPhones`: who has the same telephone, and never which.

use std::cmp::Reverse;

use lovebank_ledger::{PassbookNo, Verb};
use lovebank_vault::Vault;
use lovebank_wire::v1;
use tonic::Status;

use super::door::{Caller, read_seq};

/// Groups that an answer tells, at most.
const GROUPS_MAX: usize = 1_000;
/// Volunteers that it names of each, at most.
const VOLUNTEERS_MAX: usize = 1_000;

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
