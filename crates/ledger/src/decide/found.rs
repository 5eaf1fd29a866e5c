//! How a bank begins: entry 1.

use crate::{
    ActorNo, BankOpened, BranchName, Context, Entry, EntryNo, Event, Grant, Handle, Role, Rulebook,
    RulebookVersion, Scope, Seal, TokenGrant, TokenHash, TokenNo, Zone,
};

/// What a bank is opened with.
#[derive(Debug, Clone)]
pub struct Founding {
    /// What it is called.
    pub name: BranchName,
    /// Its time zone, for ever.
    pub zone: Zone,
    /// Its first rulebook.
    pub rulebook: Rulebook,
    /// The handle of the first operator.
    pub operator: Handle,
    /// The digest of the first operator's token.
    pub token: TokenHash,
}

impl Founding {
    /// The first entry of a journal.
    pub fn entry(&self, context: &Context) -> Entry {
        let operator = TokenGrant {
            no: TokenNo::FIRST,
            hash: self.token,
            actor: ActorNo::BANK.next(),
            handle: self.operator.clone(),
            grants: vec![Grant { role: Role::Operator, scope: Scope::Bank }],
            expires: None,
        };
        Entry {
            no: EntryNo::FIRST,
            recorded_at: context.now,
            previous: Seal::NONE,
            actor: ActorNo::BANK,
            request: context.request,
            fingerprint: context.fingerprint,
            rulebook: RulebookVersion::FIRST,
            event: Event::BankOpened(BankOpened {
                name: self.name.clone(),
                zone: self.zone.name().to_owned(),
                rulebook: self.rulebook.text().to_owned(),
                operator,
            }),
            postings: Vec::new(),
        }
    }
}
