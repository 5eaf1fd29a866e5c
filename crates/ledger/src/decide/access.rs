//! Tokens and the rulebook.

use jiff::civil::Date;

use super::{Desk, Outcome};
use crate::{
    ActorNo, Event, Grant, Handle, NewGrant, NewScope, Refusal, Role, Rulebook, RulebookVersion,
    Scope, Timestamp, TokenGrant, TokenHash, TokenNo, Verb,
};

pub(super) fn issue_token(
    desk: &Desk<'_>,
    hash: TokenHash,
    handle: &Handle,
    grants: &[NewGrant],
    expires: Option<Timestamp>,
) -> Outcome {
    let grants = grants.iter().map(|it| grant(desk, it)).collect::<Result<Vec<_>, _>>()?;
    if expires.is_some_and(|it| it <= desk.now) {
        let zone = desk.ledger.zone();
        let text = |at: Timestamp| {
            at.minute().ok().and_then(|it| zone.map(|zone| zone.text(it))).unwrap_or_default()
        };
        let (until, now) = (expires.map(text).unwrap_or_default(), text(desk.now));
        return Err(Refusal::ExpiresTooEarly { until, now }.into());
    }
    let known = desk.ledger.actor_handles.get(handle).copied();
    if known == Some(ActorNo::BANK) {
        return Err(Refusal::HandleReserved.into());
    }
    if let Some(actor) = known {
        // A handle stands for one who acts: only who could revoke all its tokens may add one.
        let tokens = desk.ledger.tokens().filter(|it| it.grant.actor == actor);
        for it in tokens.flat_map(|it| &it.grant.grants) {
            reaches(desk, it.scope)?;
        }
    }
    let next = |len: usize| u64::try_from(len).unwrap_or(u64::MAX).saturating_add(1);
    let actor = match known {
        Some(actor) => actor,
        None => ActorNo::new(next(desk.ledger.actors.len())).map_err(|_| Refusal::OutOfRange)?,
    };
    let no = TokenNo::new(next(desk.ledger.tokens.len())).map_err(|_| Refusal::OutOfRange)?;
    let handle = handle.clone();
    let token = TokenGrant { no, hash, actor, handle, grants, expires };
    Ok((Event::TokenIssued(token), Vec::new()))
}

/// A grant; an operator gives none that reaches further than the operator's own.
fn grant(desk: &Desk<'_>, it: &NewGrant) -> Result<Grant, Refusal> {
    let scope = match &it.scope {
        NewScope::Bank => Scope::Bank,
        NewScope::Branch(code) => Scope::Branch(desk.branch(code)?.no),
        NewScope::Volunteer(volunteer) => Scope::Passbook(desk.passbook(*volunteer)?),
    };
    if matches!(scope, Scope::Passbook(_)) != (it.role == Role::Volunteer) {
        return Err(Refusal::GrantMismatch { role: it.role });
    }
    reaches(desk, scope)?;
    Ok(Grant { role: it.role, scope })
}

/// Whether the operator's own grants reach as far as a scope.
fn reaches(desk: &Desk<'_>, scope: Scope) -> Result<(), Refusal> {
    match scope {
        Scope::Bank if !desk.authority.in_bank(Verb::ManageTokens) => {
            Err(Refusal::BankWideOnly { verb: Verb::ManageTokens })
        }
        Scope::Bank => Ok(()),
        Scope::Branch(branch) => desk.authority.on_branch(Verb::ManageTokens, branch),
        Scope::Passbook(passbook) => desk.authority.on_passbook(Verb::ManageTokens, passbook),
    }
}

pub(super) fn revoke_token(desk: &Desk<'_>, token: TokenNo) -> Outcome {
    let row = desk.ledger.token(token).ok_or(Refusal::TokenUnknown { token })?;
    for it in &row.grant.grants {
        reaches(desk, it.scope)?;
    }
    if row.revoked {
        return Err(Refusal::TokenRevoked { token }.into());
    }
    Ok((Event::TokenRevoked { token }, Vec::new()))
}

pub(super) fn adopt_rulebook(desk: &Desk<'_>, in_force_from: Date, rulebook: &Rulebook) -> Outcome {
    if !desk.authority.in_bank(Verb::AdoptRulebook) {
        return Err(Refusal::BankWideOnly { verb: Verb::AdoptRulebook }.into());
    }
    if in_force_from < desk.today {
        return Err(Refusal::RulebookTooEarly { from: in_force_from, today: desk.today }.into());
    }
    let last = desk.ledger.rulebooks.last();
    if let Some(last) = last.filter(|it| it.rules.text() == rulebook.text()) {
        return Err(Refusal::RulebookSame { version: last.version }.into());
    }
    keeps_policies(desk, rulebook)?;
    let version = last.map_or(RulebookVersion::FIRST, |it| it.version.next());
    let text = rulebook.text().to_owned();
    Ok((Event::RulebookAdopted { version, in_force_from, text }, Vec::new()))
}

/// Whether each reward that is still to be given finds its policy.
fn keeps_policies(desk: &Desk<'_>, rulebook: &Rulebook) -> Result<(), Refusal> {
    for row in desk.ledger.rewards().filter(|it| !it.withdrawn && !it.is_ranked()) {
        if let Some(policy) = row.reward.mode.policy()
            && rulebook.policy(policy).is_none()
        {
            return Err(Refusal::PolicyInUse { policy: policy.clone(), reward: row.reward.no });
        }
    }
    Ok(())
}
