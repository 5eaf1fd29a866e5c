//! Rewards and redemptions, as they are listed.

use lovebank_ledger::{
    Ledger, PassbookNo, RedemptionNo, RedemptionRow, Refusal, RewardMode, RewardNo, RewardRow,
    Timestamp, Verb,
};
use lovebank_wire::{
    Fault, Malformed, kinds, message,
    page::{self, Page},
    scalar, status, v1,
};
use tonic::Status;

use super::{
    branch::within,
    door::{Caller, read_seq},
    people::numbers_of,
};

/// Redemptions that one page looks at, at most: a page may be short and still not be the last.
const LOOKED_AT_MAX: usize = 20_000;

/// Whether the caller may see a redemption: of a reward of a branch within reach, or of a
/// passbook that is.
pub(super) fn may_see(
    caller: &Caller,
    ledger: &Ledger<'_>,
    row: &RedemptionRow,
) -> Result<(), Status> {
    let authority = caller.authority(ledger)?;
    let branch = ledger.reward(row.reward).map(|it| it.reward.branch);
    if branch.is_some_and(|it| authority.on_branch(Verb::ReadRewards, it).is_ok()) {
        return Ok(());
    }
    authority.on_passbook(Verb::ReadRewards, row.passbook).map_err(status::refused_read)
}

/// Rewards, newest first.
pub(super) fn rewards(
    caller: &Caller,
    message: &v1::ListRewardsRequest,
) -> Result<v1::ListRewardsResponse, Status> {
    let size = scalar::page_size(message.page_size)?;
    let cleared = v1::ListRewardsRequest {
        branch_code: message.branch_code.clone(),
        open_only: message.open_only,
        below: message.below,
        ..<_>::default()
    };
    let question = page::question("ListRewards", &cleared);
    let page = Page::parse(&message.page_token, &question)?;
    let ledger = caller.bank.reader.ledger();
    let branch = within(&ledger, &message.branch_code)?;
    let now = caller.bank.clock.now();
    let fits = |row: &&RewardRow| {
        branch.is_none_or(|it| {
            let (low, high) =
                if message.below { (row.reward.branch, it) } else { (it, row.reward.branch) };
            ledger.ancestry(low).any(|it| it == high)
        }) && (!message.open_only || is_open(row, now))
    };
    let before = page.map_or(u64::MAX, |it| it.cursor);
    let rows = ledger.rewards().rev().filter(|it| it.reward.no.get() < before);
    let mut rows = rows.filter(fits);
    let shown: Vec<_> = rows.by_ref().take(size).collect();
    let next = shown.last().filter(|_| rows.next().is_some());
    let seq = read_seq(&ledger);
    let next = next.map(|it| Page { seq, cursor: it.reward.no.get(), detail: Vec::new() });
    Ok(v1::ListRewardsResponse {
        read_seq: seq,
        rewards: shown.iter().map(|it| message::reward(&ledger, it)).collect(),
        next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
    })
}

/// Whether a reward can be asked for now.
fn is_open(row: &RewardRow, now: Timestamp) -> bool {
    !row.withdrawn
        && match &row.reward.mode {
            RewardMode::FirstCome => 0 < row.left,
            RewardMode::Window { window, .. } => window.opens() <= now && now < window.closes(),
            RewardMode::WaitingList { .. } => true,
        }
}

/// Redemptions of a volunteer, of a reward, or of both, newest first.
pub(super) async fn redemptions(
    caller: &Caller,
    message: &v1::ListRedemptionsRequest,
) -> Result<v1::ListRedemptionsResponse, Status> {
    let size = scalar::page_size(message.page_size)?;
    let cleared = v1::ListRedemptionsRequest {
        min_seq: 0,
        page_size: 0,
        page_token: String::new(),
        ..message.clone()
    };
    let question = page::question("ListRedemptions", &cleared);
    let begin = Page::parse(&message.page_token, &question)?.map(|it| it.cursor);
    let (seq, mut shown, next) = {
        let ledger = caller.bank.reader.ledger();
        let wanted = Wanted::parse(caller, &ledger, message)?;
        let (rows, next) = wanted.page(&ledger, caller, (begin, size));
        let shown = rows.iter().map(|(no, row)| message::redemption(&ledger, *no, row));
        (read_seq(&ledger), shown.collect::<Vec<_>>(), next)
    };
    let numbers = numbers_of(caller, shown.iter().map(|it| it.passbook_no)).await?;
    for it in &mut shown {
        it.volunteer_number = numbers.get(&it.passbook_no).cloned().unwrap_or_default();
    }
    let next = next.map(|cursor| Page { seq, cursor, detail: Vec::new() });
    Ok(v1::ListRedemptionsResponse {
        read_seq: seq,
        redemptions: shown,
        next_page_token: next.map(|it| it.token(&question)).unwrap_or_default(),
    })
}

/// Which redemptions are asked for.
struct Wanted {
    passbook: Option<PassbookNo>,
    reward: Option<RewardNo>,
    state: Option<lovebank_ledger::RedemptionState>,
}

type Seen<'a> = Box<dyn Iterator<Item = (RedemptionNo, Option<&'a RedemptionRow>)> + 'a>;

impl Wanted {
    fn parse(
        caller: &Caller,
        ledger: &Ledger<'_>,
        message: &v1::ListRedemptionsRequest,
    ) -> Result<Self, Status> {
        let reward = match message.reward_no {
            0 => None,
            no => Some(scalar::number("reward_no", no, RewardNo::new)?),
        };
        let state = match message.state {
            0 => None,
            state => Some(kinds::redemption_state("state", state)?),
        };
        let passbook = match (message.volunteer_number.as_str(), reward) {
            ("", None) => return Err(Malformed::new("volunteer_number", Fault::Missing).into()),
            ("", Some(reward)) => {
                ledger
                    .reward(reward)
                    .ok_or(Refusal::RewardUnknown { reward })
                    .map_err(status::refused_read)?;
                None
            }
            (number, _) => Some(caller.passbook(ledger, Verb::ReadRewards, number)?),
        };
        Ok(Self { passbook, reward, state })
    }

    /// Those that fit, before a number; and where to go on, if there may be more.
    fn page(
        &self,
        ledger: &Ledger<'_>,
        caller: &Caller,
        (begin, size): (Option<u64>, usize),
    ) -> (Vec<(RedemptionNo, RedemptionRow)>, Option<u64>) {
        let before = begin.and_then(|it| RedemptionNo::new(it).ok());
        let authority = caller.authority(ledger).ok();
        let volunteer = authority.filter(|it| it.only_as_volunteer(Verb::ReadRewards));
        let own = volunteer.and_then(|it| it.own_passbook());
        let seen: Seen<'_> = match (self.passbook.or(own), self.reward) {
            (Some(passbook), _) => {
                // Of a number that was merged, what stands under it.
                let person = ledger.person(passbook);
                let under = move |it: &RedemptionRow| person == passbook || it.passbook == passbook;
                let rows = ledger.redemptions_of(person).filter(move |it| under(it.1));
                let rows = rows.map(|(no, it)| (no, Some(it)));
                Box::new(rows.filter(move |it| before.is_none_or(|before| it.0 < before)))
            }
            (None, Some(reward)) => Box::new(ledger.redemptions_for(reward, before)),
            (None, None) => Box::new(std::iter::empty()),
        };
        let mut found = Vec::new();
        let mut last = None;
        for (looked, (no, row)) in seen.enumerate() {
            if found.len() == size || looked == LOOKED_AT_MAX {
                return (found, last);
            }
            last = Some(no.get());
            let fits = row.filter(|it| {
                self.reward.is_none_or(|reward| reward == it.reward)
                    && self.state.is_none_or(|state| state == it.state)
                    && may_see(caller, ledger, it).is_ok()
            });
            found.extend(fits.map(|it| (no, *it)));
        }
        (found, None)
    }
}
