//! What the rows of an entry need to know of the entries before it: a few bytes for each branch
//! and volunteer, however long the journal is.

use jiff::civil::Date;
use lovebank_ledger::{
    Account, Branch, BranchNo, Entry, Event, PassbookNo, Purpose, Timestamp, Zone,
};

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    zone: Option<Zone>,
    branches: Vec<Branch>,
    /// The home branch of each passbook.
    homes: Vec<BranchNo>,
}

impl Known {
    /// Takes note of an entry.
    pub(super) fn take(&mut self, entry: &Entry) {
        if let Event::BankOpened(it) = &entry.event {
            self.zone = Zone::named(&it.zone).ok();
        }
        if let Event::BranchCreated(it) = &entry.event {
            self.branches.push(it.clone());
        }
        if let Event::VolunteersRegistered { volunteers, .. } = &entry.event {
            self.homes.extend(volunteers.iter().map(|it| it.branch));
        }
        if let Event::VolunteerMoved { passbook, branch } = &entry.event {
            let home = place(passbook.get()).and_then(|it| self.homes.get_mut(it));
            if let Some(home) = home {
                *home = *branch;
            }
        }
    }

    /// The civil day of an instant, in the zone of the bank.
    pub(super) fn day(&self, at: Timestamp) -> Date {
        self.zone.as_ref().map_or(Date::ZERO, |it| it.date_at(at))
    }

    /// The code of a branch.
    pub(super) fn code(&self, branch: BranchNo) -> Option<&str> {
        self.branch(branch).map(|it| it.code.as_str())
    }

    /// The codes of a branch and those above it, from the top down.
    pub(super) fn path(&self, branch: BranchNo) -> Vec<&str> {
        let above = |it: &&Branch| self.branch(it.parent?);
        let up = std::iter::successors(self.branch(branch), above);
        let mut codes: Vec<&str> = up.map(|it| it.code.as_str()).collect();
        codes.reverse();
        codes
    }

    /// The branch that an account belongs to: of a passbook, the home of its volunteer.
    pub(super) fn branch_of(&self, account: Account) -> Option<BranchNo> {
        match account {
            Account::Bank(branch, _) => Some(branch),
            Account::Passbook(no) => self.home(no),
        }
    }

    fn home(&self, passbook: PassbookNo) -> Option<BranchNo> {
        self.homes.get(place(passbook.get())?).copied()
    }

    fn branch(&self, branch: BranchNo) -> Option<&Branch> {
        self.branches.get(place(branch.get())?)
    }
}

/// Where a number stands in a list that has no gaps.
fn place(number: u64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

/// The accounts of the bank's own that each branch has.
pub(super) const PURPOSES: [Purpose; 6] = [
    Purpose::Issuance,
    Purpose::Pool,
    Purpose::Opening,
    Purpose::Adjustment,
    Purpose::Redeemed,
    Purpose::Expired,
];

/// What an account of the bank's own is for, in a word.
pub(super) fn purpose(it: Purpose) -> &'static str {
    match it {
        Purpose::Issuance => "issuance",
        Purpose::Pool => "pool",
        Purpose::Opening => "opening",
        Purpose::Adjustment => "adjustment",
        Purpose::Redeemed => "redeemed",
        Purpose::Expired => "expired",
    }
}
