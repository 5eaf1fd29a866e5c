//! Who takes part: branches, volunteers, actors and what they may do.

use jiff::civil::Date;

use crate::{
    ActorNo, BranchCode, BranchName, BranchNo, Handle, NumberTag, PassbookNo, Timestamp, TokenHash,
    TokenNo, VolunteerId,
};

/// How the bank began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankOpened {
    /// What it is called.
    pub name: BranchName,
    /// The IANA name of its time zone, for ever.
    pub zone: String,
    /// The rulebook it opened with, version 1.
    pub rulebook: String,
    /// The first operator's token.
    pub operator: TokenGrant,
}

/// A node of the tree of organisations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Branch {
    /// Its number.
    pub no: BranchNo,
    /// Its code, unique whatever its case.
    pub code: BranchCode,
    /// Its name.
    pub name: BranchName,
    /// What it is.
    pub kind: BranchKind,
    /// The branch above it; none for the top of a tree.
    pub parent: Option<BranchNo>,
}

/// What a branch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BranchKind {
    /// 区.
    District,
    /// 街道.
    Street,
    /// 社区.
    Community,
}

/// A volunteer as the journal knows one: by a random id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    /// The item of the batch.
    pub index: u32,
    /// The passbook opened.
    pub passbook: PassbookNo,
    /// The key of the personal data in the vault.
    pub volunteer: VolunteerId,
    /// A keyed digest of the volunteer number.
    pub tag: NumberTag,
    /// The home branch.
    pub branch: BranchNo,
    /// The date joined.
    pub joined: Date,
}

/// Whether a volunteer takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VolunteerStatus {
    /// Takes part.
    Active,
    /// Takes no part for now.
    Suspended,
    /// Takes no part any more; the passbook stays.
    Closed,
}

/// How much a volunteer is in need (困难等级): 0, not at all, to 9. What a class means is the
/// community's to say; the journal knows only the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NeedClass(u8);

impl NeedClass {
    /// The highest class.
    pub const MAX: u8 = 9;

    /// Accepts 0 to 9.
    pub fn new(class: u32) -> Option<Self> {
        u8::try_from(class).ok().filter(|it| *it <= Self::MAX).map(Self)
    }

    /// The plain number.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// A token as issued.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenGrant {
    /// Its number.
    pub no: TokenNo,
    /// A digest of its secret.
    pub hash: TokenHash,
    /// The actor behind it.
    pub actor: ActorNo,
    /// The actor's handle.
    pub handle: Handle,
    /// What it allows: 1 to 8.
    pub grants: Vec<Grant>,
    /// Until when; none: until revoked.
    pub expires: Option<Timestamp>,
}

/// A role on a branch and what is below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What the actor may do.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

/// Where a role holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Bank,
    /// On a branch and what is below it.
    Branch(BranchNo),
    /// On one's own passbook: the role of a volunteer.
    Passbook(PassbookNo),
}

/// What an actor may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The owner of a passbook.
    Volunteer,
    /// Registers volunteers, records hours (经办).
    Clerk,
    /// Approves what the ladder sends up, reverses mistakes (复核).
    Approver,
    /// Runs the year-end selection.
    AwardOfficer,
    /// Proves that nobody changed the past (审计).
    Auditor,
    /// Installs, backs up, issues tokens.
    Operator,
    /// Hands out rewards by their codes (合作商户): sees no name, number or passbook.
    Partner,
}

impl Role {
    /// All roles, in the order of the table in the API's page.
    pub const ALL: [Self; 7] = [
        Self::Volunteer,
        Self::Clerk,
        Self::Approver,
        Self::AwardOfficer,
        Self::Auditor,
        Self::Operator,
        Self::Partner,
    ];
}
