//! `AccessService`.

use lovebank_ledger::{Command, Handle, NewGrant, NewScope, PassbookNo, TokenHash, VolunteerRef};

use super::{Resolve, branch_code, token_no, volunteer};
use crate::{
    Fault, Malformed, Parsed, both, each, kinds,
    scalar::{given, number, text, timestamp},
    v1,
};

/// The most grants of a token.
pub const GRANTS_MAX: usize = 8;

/// `IssueToken`; `hash` is that of the secret, which the edge makes.
pub fn issue_token(
    it: &v1::IssueTokenRequest,
    hash: TokenHash,
    resolve: Resolve<'_>,
) -> Parsed<Command> {
    let expires = it.expire_time.as_ref().map(|it| timestamp("expire_time", it)).transpose();
    let (handle, (grants, expires)) =
        both(text("handle", &it.handle, Handle::new), both(grants(&it.grants, resolve), expires))?;
    Ok(Command::IssueToken { hash, handle, grants, expires })
}

fn grants(them: &[v1::Grant], resolve: Resolve<'_>) -> Parsed<Vec<NewGrant>> {
    if them.is_empty() || GRANTS_MAX < them.len() {
        let fault = Fault::Count { given: them.len(), most: GRANTS_MAX };
        return Err(Malformed::new("grants", fault));
    }
    each("grants", them, |it| {
        let (role, scope) = both(kinds::role("role", it.role), scope(it, resolve))?;
        Ok(NewGrant { role, scope })
    })
}

fn scope(it: &v1::Grant, resolve: Resolve<'_>) -> Parsed<NewScope> {
    use v1::grant::Scope;
    match given("scope", it.scope.as_ref())? {
        Scope::Bank(true) => Ok(NewScope::Bank),
        Scope::Bank(false) => Err(Malformed::new("bank", Fault::NotAnOption)),
        Scope::BranchCode(code) => branch_code("branch_code", code).map(NewScope::Branch),
        Scope::VolunteerNumber(no) => {
            volunteer("volunteer_number", no, resolve).map(NewScope::Volunteer)
        }
        Scope::PassbookNo(no) => {
            let no = number("passbook_no", *no, PassbookNo::new)?;
            Ok(NewScope::Volunteer(VolunteerRef::Passbook(no)))
        }
    }
}

/// `RevokeToken`.
pub fn revoke_token(it: &v1::RevokeTokenRequest) -> Parsed<Command> {
    Ok(Command::RevokeToken { token: token_no("token_no", it.token_no)? })
}
