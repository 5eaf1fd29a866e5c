//! The entry and its postings.

use lovebank_ledger::{
    About, Account, ActorNo, BranchNo, DrawNo, Entry, EntryNo, Fingerprint, GiftNo, HelpNo,
    HonourNo, LineNo, Lot, LotMove, MergeNo, Minutes, PassbookNo, Points, Posting, RecordNo,
    RedemptionNo, RequestId, RulebookVersion, Seal, Timestamp,
};

use super::{
    BadEntry,
    kinds::{kind, line_kind, lot_class, purpose},
    scalar::{bytes, date, digits, each, maybe, maybe_number, number, present, stored, try_each},
    v1::{
        self,
        posting::{About as StoredAbout, Account as StoredAccount},
    },
};

impl From<&Entry> for v1::Entry {
    fn from(it: &Entry) -> Self {
        Self {
            no: it.no.get(),
            recorded_at_micros: it.recorded_at.micros(),
            previous_seal: it.previous.as_bytes().to_vec(),
            actor_no: stored(it.actor.get()),
            request_id: it.request.as_bytes().to_vec(),
            fingerprint: it.fingerprint.as_bytes().to_vec(),
            rulebook_version: stored(it.rulebook.get()),
            postings: each(&it.postings),
            event: Some((&it.event).into()),
        }
    }
}

impl TryFrom<v1::Entry> for Entry {
    type Error = BadEntry;

    fn try_from(it: v1::Entry) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, EntryNo::new, "Entry.no")?,
            recorded_at: Timestamp::from_micros(it.recorded_at_micros),
            previous: bytes(&it.previous_seal, Seal::from_slice, "Entry.previous_seal")?,
            actor: number(it.actor_no, ActorNo::new, "Entry.actor_no")?,
            request: bytes(&it.request_id, RequestId::from_slice, "Entry.request_id")?,
            fingerprint: bytes(&it.fingerprint, Fingerprint::from_slice, "Entry.fingerprint")?,
            rulebook: number(it.rulebook_version, RulebookVersion::new, "Entry.rulebook_version")?,
            event: present(it.event, "Entry.event")?,
            postings: try_each(it.postings)?,
        })
    }
}

impl From<&Posting> for v1::Posting {
    fn from(it: &Posting) -> Self {
        Self {
            account: Some(it.account.into()),
            kind: v1::LineKind::from(it.kind).into(),
            minutes: it.minutes.get(),
            minutes_after: it.minutes_after.get(),
            points_hundredths: it.points.hundredths(),
            points_hundredths_after: it.points_after.hundredths(),
            line_no: it.line.map_or(0, |it| stored(it.get())),
            about: it.about.map(Into::into),
            lots: each(&it.lots),
        }
    }
}

impl TryFrom<v1::Posting> for Posting {
    type Error = BadEntry;

    fn try_from(it: v1::Posting) -> Result<Self, BadEntry> {
        Ok(Self {
            account: present(it.account, "Posting.account")?,
            kind: kind(it.kind, line_kind, "Posting.kind")?,
            minutes: Minutes::new(it.minutes),
            minutes_after: Minutes::new(it.minutes_after),
            points: Points::from_hundredths(it.points_hundredths),
            points_after: Points::from_hundredths(it.points_hundredths_after),
            line: maybe_number(it.line_no, LineNo::new, "Posting.line_no")?,
            about: maybe(it.about)?,
            lots: try_each(it.lots)?,
        })
    }
}

impl From<&LotMove> for v1::LotMove {
    fn from(it: &LotMove) -> Self {
        Self {
            expires_date: digits(it.lot.expires),
            class: v1::LotClass::from(it.lot.class).into(),
            points_hundredths: it.points.hundredths(),
        }
    }
}

impl TryFrom<v1::LotMove> for LotMove {
    type Error = BadEntry;

    fn try_from(it: v1::LotMove) -> Result<Self, BadEntry> {
        let expires = date(it.expires_date, "LotMove.expires_date")?;
        let class = kind(it.class, lot_class, "LotMove.class")?;
        let points = Points::from_hundredths(it.points_hundredths);
        Ok(Self { lot: Lot { expires, class }, points })
    }
}

impl From<About> for StoredAbout {
    fn from(it: About) -> Self {
        match it {
            About::Record(no) => Self::RecordNo(stored(no.get())),
            About::Redemption(no) => Self::RedemptionNo(stored(no.get())),
            About::Gift(no) => Self::GiftNo(stored(no.get())),
            About::Draw(no) => Self::DrawNo(stored(no.get())),
            About::Help(no) => Self::HelpNo(stored(no.get())),
            About::Honour(no) => Self::HonourNo(stored(no.get())),
            About::Merge(no) => Self::MergeNo(stored(no.get())),
        }
    }
}

impl TryFrom<StoredAbout> for About {
    type Error = BadEntry;

    fn try_from(it: StoredAbout) -> Result<Self, BadEntry> {
        Ok(match it {
            StoredAbout::RecordNo(no) => {
                Self::Record(number(no, RecordNo::new, "Posting.record_no")?)
            }
            StoredAbout::RedemptionNo(no) => {
                Self::Redemption(number(no, RedemptionNo::new, "Posting.redemption_no")?)
            }
            StoredAbout::GiftNo(no) => Self::Gift(number(no, GiftNo::new, "Posting.gift_no")?),
            StoredAbout::DrawNo(no) => Self::Draw(number(no, DrawNo::new, "Posting.draw_no")?),
            StoredAbout::HelpNo(no) => Self::Help(number(no, HelpNo::new, "Posting.help_no")?),
            StoredAbout::HonourNo(no) => {
                Self::Honour(number(no, HonourNo::new, "Posting.honour_no")?)
            }
            StoredAbout::MergeNo(no) => Self::Merge(number(no, MergeNo::new, "Posting.merge_no")?),
        })
    }
}

impl From<Account> for StoredAccount {
    fn from(it: Account) -> Self {
        match it {
            Account::Passbook(no) => Self::PassbookNo(stored(no.get())),
            Account::Bank(branch, purpose) => Self::Bank(v1::BankAccount {
                branch_no: stored(branch.get()),
                purpose: v1::Purpose::from(purpose).into(),
            }),
        }
    }
}

impl TryFrom<StoredAccount> for Account {
    type Error = BadEntry;

    fn try_from(it: StoredAccount) -> Result<Self, BadEntry> {
        Ok(match it {
            StoredAccount::PassbookNo(no) => {
                Self::Passbook(number(no, PassbookNo::new, "Posting.passbook_no")?)
            }
            StoredAccount::Bank(it) => Self::Bank(
                number(it.branch_no, BranchNo::new, "BankAccount.branch_no")?,
                kind(it.purpose, purpose, "BankAccount.purpose")?,
            ),
        })
    }
}
