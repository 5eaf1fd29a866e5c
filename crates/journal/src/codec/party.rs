//! Branches, volunteers, tokens.

use lovebank_ledger::{
    ActorNo, BankOpened, Branch, BranchCode, BranchName, BranchNo, Grant, Handle, NumberTag,
    PassbookNo, Registration, Scope, Timestamp, TokenGrant, TokenHash, TokenNo, VolunteerId,
};

use super::{
    BadEntry,
    kinds::{branch_kind, kind, role},
    scalar::{bytes, date, digits, each, maybe_number, number, present, stored, text, try_each},
    v1::{self, grant::Scope as StoredScope},
};

impl From<&BankOpened> for v1::BankOpened {
    fn from(it: &BankOpened) -> Self {
        Self {
            name: it.name.as_str().to_owned(),
            zone: it.zone.clone(),
            rulebook: it.rulebook.clone(),
            operator: Some((&it.operator).into()),
        }
    }
}

impl TryFrom<v1::BankOpened> for BankOpened {
    type Error = BadEntry;

    fn try_from(it: v1::BankOpened) -> Result<Self, BadEntry> {
        Ok(Self {
            name: text(&it.name, BranchName::new, "BankOpened.name")?,
            zone: it.zone,
            rulebook: it.rulebook,
            operator: present(it.operator, "BankOpened.operator")?,
        })
    }
}

impl From<&Branch> for v1::Branch {
    fn from(it: &Branch) -> Self {
        Self {
            no: stored(it.no.get()),
            code: it.code.as_str().to_owned(),
            name: it.name.as_str().to_owned(),
            kind: v1::BranchKind::from(it.kind).into(),
            parent_no: it.parent.map_or(0, |it| stored(it.get())),
        }
    }
}

impl TryFrom<v1::Branch> for Branch {
    type Error = BadEntry;

    fn try_from(it: v1::Branch) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, BranchNo::new, "Branch.no")?,
            code: text(&it.code, BranchCode::new, "Branch.code")?,
            name: text(&it.name, BranchName::new, "Branch.name")?,
            kind: kind(it.kind, branch_kind, "Branch.kind")?,
            parent: maybe_number(it.parent_no, BranchNo::new, "Branch.parent_no")?,
        })
    }
}

impl From<&Registration> for v1::Registration {
    fn from(it: &Registration) -> Self {
        Self {
            index: it.index,
            passbook_no: stored(it.passbook.get()),
            volunteer_id: it.volunteer.as_bytes().to_vec(),
            number_tag: it.tag.as_bytes().to_vec(),
            branch_no: stored(it.branch.get()),
            joined_date: digits(it.joined),
        }
    }
}

impl TryFrom<v1::Registration> for Registration {
    type Error = BadEntry;

    fn try_from(it: v1::Registration) -> Result<Self, BadEntry> {
        Ok(Self {
            index: it.index,
            passbook: number(it.passbook_no, PassbookNo::new, "Registration.passbook_no")?,
            volunteer: bytes(
                &it.volunteer_id,
                VolunteerId::from_slice,
                "Registration.volunteer_id",
            )?,
            tag: bytes(&it.number_tag, NumberTag::from_slice, "Registration.number_tag")?,
            branch: number(it.branch_no, BranchNo::new, "Registration.branch_no")?,
            joined: date(it.joined_date, "Registration.joined_date")?,
        })
    }
}

impl From<&TokenGrant> for v1::TokenGrant {
    fn from(it: &TokenGrant) -> Self {
        Self {
            no: stored(it.no.get()),
            hash: it.hash.as_bytes().to_vec(),
            actor_no: stored(it.actor.get()),
            handle: it.handle.as_str().to_owned(),
            grants: each(&it.grants),
            expires_at_micros: it.expires.map(Timestamp::micros),
        }
    }
}

impl TryFrom<v1::TokenGrant> for TokenGrant {
    type Error = BadEntry;

    fn try_from(it: v1::TokenGrant) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, TokenNo::new, "TokenGrant.no")?,
            hash: bytes(&it.hash, TokenHash::from_slice, "TokenGrant.hash")?,
            actor: number(it.actor_no, ActorNo::new, "TokenGrant.actor_no")?,
            handle: text(&it.handle, Handle::new, "TokenGrant.handle")?,
            grants: try_each(it.grants)?,
            expires: it.expires_at_micros.map(Timestamp::from_micros),
        })
    }
}

impl From<&Grant> for v1::Grant {
    fn from(it: &Grant) -> Self {
        let scope = match it.scope {
            Scope::Bank => StoredScope::Bank(v1::BankScope {}),
            Scope::Branch(no) => StoredScope::BranchNo(stored(no.get())),
            Scope::Passbook(no) => StoredScope::PassbookNo(stored(no.get())),
        };
        Self { role: v1::Role::from(it.role).into(), scope: Some(scope) }
    }
}

impl TryFrom<v1::Grant> for Grant {
    type Error = BadEntry;

    fn try_from(it: v1::Grant) -> Result<Self, BadEntry> {
        let scope = match it.scope.ok_or(BadEntry::Missing { field: "Grant.scope" })? {
            StoredScope::Bank(v1::BankScope {}) => Scope::Bank,
            StoredScope::BranchNo(no) => {
                Scope::Branch(number(no, BranchNo::new, "Grant.branch_no")?)
            }
            StoredScope::PassbookNo(no) => {
                Scope::Passbook(number(no, PassbookNo::new, "Grant.passbook_no")?)
            }
        };
        Ok(Self { role: kind(it.role, role, "Grant.role")?, scope })
    }
}
