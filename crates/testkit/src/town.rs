//! A bank with a small town in it: enough tree for scopes, siblings and levels.

use std::ops::{Deref, DerefMut};

use lovebank_ledger::{
    ActivityName, ActivityRef, BatchMode, BranchCode, BranchKind, BranchName, Command, Handle,
    HoursItem, NamedActivity, NewGrant, NewScope, NewVolunteer, PassbookNo, Provenance,
    RecordHours, RecordNo, Refused, Role, Service, TokenHash, TokenNo, VolunteerRef,
};

use crate::{Bank, day, number, volunteer_id};

/// A district LG with the streets NW and BJ; NW has the communities N1 and N2, BJ has B1.
#[derive(Debug, Clone)]
pub struct Town {
    bank: Bank,
    serial: u64,
}

impl Deref for Town {
    type Target = Bank;

    fn deref(&self) -> &Bank {
        &self.bank
    }
}

impl DerefMut for Town {
    fn deref_mut(&mut self) -> &mut Bank {
        &mut self.bank
    }
}

impl Town {
    /// The town in a bank with the default rulebook; nobody lives there yet.
    pub fn new() -> Self {
        Self::within(Bank::open())
    }

    /// The town in a bank.
    pub fn within(bank: Bank) -> Self {
        use BranchKind::{Community, District, Street};
        let mut it = Self { bank, serial: 0 };
        it.branch("LG", District, None);
        it.branch("NW", Street, Some("LG"));
        it.branch("BJ", Street, Some("LG"));
        it.branch("N1", Community, Some("NW"));
        it.branch("N2", Community, Some("NW"));
        it.branch("B1", Community, Some("BJ"));
        it
    }

    /// Adds a branch.
    pub fn branch(&mut self, code: &str, kind: BranchKind, parent: Option<&str>) {
        let name = BranchName::new(code).expect("a short name");
        let parent = parent.map(Self::code);
        let command = Command::CreateBranch { code: Self::code(code), name, kind, parent };
        self.must(self.operator(), &command);
    }

    /// A branch code.
    pub fn code(code: &str) -> BranchCode {
        BranchCode::new(code).expect("a branch code")
    }

    /// Issues a token with one grant; no branch means the whole bank.
    pub fn staff(&mut self, handle: &str, role: Role, branch: Option<&str>) -> TokenNo {
        let scope = branch.map_or(NewScope::Bank, |it| NewScope::Branch(Self::code(it)));
        self.token(handle, vec![NewGrant { role, scope }])
    }

    /// Issues a volunteer's own token.
    pub fn own_token(&mut self, handle: &str, volunteer: &str) -> TokenNo {
        let scope = NewScope::Volunteer(Self::volunteer_ref(volunteer));
        self.token(handle, vec![NewGrant { role: Role::Volunteer, scope }])
    }

    /// Issues a token.
    pub fn token(&mut self, handle: &str, grants: Vec<NewGrant>) -> TokenNo {
        let count = self.ledger().tokens().count();
        let no = u64::try_from(count).ok().and_then(|it| it.checked_add(1));
        let no = TokenNo::new(no.expect("a small number")).expect("a small number");
        let mut hash = [0; 32];
        let serial = no.get().to_be_bytes();
        hash.iter_mut().zip(serial).for_each(|(byte, it)| *byte = it);
        let handle = Handle::new(handle).expect("a handle");
        let hash = TokenHash::new(hash);
        let command = Command::IssueToken { hash, handle, grants, expires: None };
        self.must(self.operator(), &command);
        no
    }

    /// Registers a volunteer, joined on 2020-01-01, by the bank itself.
    pub fn volunteer(&mut self, name: &str, branch: &str) -> PassbookNo {
        self.serial = self.serial.checked_add(1).expect("a small number");
        let item = NewVolunteer {
            volunteer: volunteer_id(self.serial),
            tag: number(name),
            branch: Self::code(branch),
            joined: day("2020-01-01"),
        };
        let command = Command::RegisterVolunteers { items: vec![item], mode: BatchMode::Atomic };
        self.ask_as(None, &command).expect("a volunteer can be registered");
        self.ledger().resolve(Self::volunteer_ref(name)).expect("just registered")
    }

    /// How a command names a volunteer.
    pub fn volunteer_ref(name: &str) -> VolunteerRef {
        VolunteerRef::Tag(number(name))
    }

    /// How a command names an activity.
    pub fn activity(branch: &str, name: &str) -> ActivityRef {
        let name = ActivityName::new(name).expect("a short name");
        let branch = Self::code(branch);
        ActivityRef::Named(NamedActivity { branch, name, category: None, place: None })
    }

    /// Records one service by a clerk's word; the number of the record it makes.
    pub fn record(
        &mut self,
        token: TokenNo,
        activity: ActivityRef,
        volunteer: &str,
        service: Service,
    ) -> Result<RecordNo, Refused> {
        let volunteer = Self::volunteer_ref(volunteer);
        let items = vec![HoursItem { volunteer, service, evaluation: None }];
        let (provenance, mode) = (Provenance::Clerk, BatchMode::Atomic);
        self.ask(token, &Command::RecordHours(RecordHours { activity, provenance, items, mode }))?;
        let count = u64::try_from(self.ledger().record_count()).expect("a small number");
        Ok(RecordNo::new(count).expect("just recorded"))
    }

    /// Asks what cannot be refused.
    pub fn must(&mut self, token: TokenNo, command: &Command) {
        if let Err(refused) = self.ask(token, command) {
            panic!("{command:?} was refused: {refused}");
        }
    }
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}
