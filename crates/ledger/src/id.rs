//! Numbers and identities. Numbers are given by the ledger and start at 1; random ids come from
//! outside, as arguments.

use std::fmt;

use thiserror::Error;

/// A number was zero or too large for its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{value} is not a number of this kind: give a whole number from 1 to {most}")]
pub struct BadNumber {
    /// What was given.
    pub value: u64,
    /// The largest that can be given.
    pub most: u64,
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl $name {
            /// The first number of its kind.
            pub const FIRST: Self = Self(1);

            /// Accepts a number from 1 up.
            pub fn new(value: u64) -> Result<Self, BadNumber> {
                <$inner>::try_from(value)
                    .ok()
                    .filter(|it| *it != 0)
                    .map(Self)
                    .ok_or(BadNumber { value, most: u64::from(<$inner>::MAX) })
            }

            /// The plain number.
            pub fn get(self) -> u64 {
                u64::from(self.0)
            }

            /// The next number; saturates at the largest, which no bank reaches.
            pub fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number!(
    /// A position in the journal: 1, 2, 3, … without gaps.
    EntryNo(u64)
);
number!(
    /// The number of a passbook (爱心存折), given in the order of registration.
    PassbookNo(u32)
);
number!(
    /// The number of a branch, given in the order of creation.
    BranchNo(u32)
);
number!(
    /// The number of an activity, given when it is first served at or created.
    ActivityNo(u32)
);
number!(
    /// The number of an actor: who stands behind a command.
    ActorNo(u32)
);
number!(
    /// The number of a token.
    TokenNo(u32)
);
number!(
    /// The number of an hours record (服务记录), given in the order of recording.
    RecordNo(u32)
);
number!(
    /// The number of an import batch (批次), given when its first part is taken in.
    BatchNo(u32)
);
number!(
    /// A line within one passbook: 1, 2, 3, … without gaps.
    LineNo(u32)
);
number!(
    /// The number of a hold (冻结).
    HoldNo(u32)
);
number!(
    /// The number of a reward (回馈).
    RewardNo(u32)
);
number!(
    /// The number of a redemption (兑换), given in the order of requests.
    RedemptionNo(u32)
);
number!(
    /// The number of a gift between passbooks, or to a pool.
    GiftNo(u32)
);
number!(
    /// The number of a draw on a pool.
    DrawNo(u32)
);
number!(
    /// The number of a help request (互助).
    HelpNo(u32)
);
number!(
    /// The number of an honour (荣誉): a star or an award.
    HonourNo(u32)
);
number!(
    /// The number of a run of an award programme.
    RunNo(u32)
);
number!(
    /// The number of an objection (异议) to a run.
    ObjectionNo(u32)
);
number!(
    /// The number of a certificate (证明), given in the order of issue.
    CertificateNo(u32)
);
number!(
    /// The number of a merge (合并) of two numbers of one person.
    MergeNo(u32)
);
number!(
    /// A version of the rulebook; version 1 is the one the bank opened with.
    RulebookVersion(u32)
);

impl ActorNo {
    /// The bank itself: entries of the writer's own, such as closing a forgotten check-in.
    pub const BANK: Self = Self::FIRST;
}

macro_rules! bytes {
    ($(#[$doc:meta])* $name:ident[$len:literal]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// From its bytes.
            pub const fn new(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// From bytes of the right length, else `None`.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

bytes!(
    /// The random id that ties a passbook to its personal data in the vault.
    VolunteerId[16]
);
bytes!(
    /// A keyed digest of a volunteer number: lets the ledger hold numbers unique without
    /// knowing them, for a number may be an e-mail address.
    NumberTag[16]
);
bytes!(
    /// The caller's own name for a request (a UUID): the key of idempotency, kept for ever.
    RequestId[16]
);
bytes!(
    /// A digest of what a request asks, to tell a retry from a reuse of its id.
    Fingerprint[16]
);
bytes!(
    /// SHA-256 of a token's secret; the secret itself is nowhere kept.
    TokenHash[32]
);
bytes!(
    /// SHA-256 over an imported file and the choices it was read with.
    BatchKey[32]
);
bytes!(
    /// SHA-256 over an imported file as it is.
    FileDigest[32]
);
bytes!(
    /// SHA-256 over the sheet of a run's result.
    ResultDigest[32]
);
bytes!(
    /// SHA-256 over a ledger, or over rows of a table of it.
    StateDigest[32]
);
bytes!(
    /// The link of the chain: SHA-256(0x00 ‖ stored bytes), as an RFC 6962 leaf.
    Seal[32]
);

impl Seal {
    /// What the first entry names as the seal before it.
    pub const NONE: Self = Self([0; 32]);
}
