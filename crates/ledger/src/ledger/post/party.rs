//! Posting what concerns branches, volunteers, actors and the rulebook.

use jiff::civil::Date;

use super::{Posted, at, expect};
use crate::{
    ActorNo, BankOpened, Branch, BranchNo, Entry, EntryNo, Handle, NeedClass, PassbookNo,
    Registration, Rulebook, RulebookVersion, Scope, TokenGrant, VolunteerStatus, Zone,
    ledger::{Bank, Ledger, PassbookRow, RulebookRow, TokenRow, VolunteerRow, diary::Diary},
};

impl Ledger<'_> {
    pub(super) fn post_bank(&mut self, it: &BankOpened, entry: &Entry) -> Posted {
        if entry.no != EntryNo::FIRST {
            return Err("the bank was opened before");
        }
        let zone = Zone::named(&it.zone).map_err(|_| "its time zone is not known")?;
        let today = zone.date_at(entry.recorded_at);
        self.bank = Some(Bank { name: it.name.clone(), zone });
        let bank = Handle::new("bank").map_err(|_| "the bank has no handle")?;
        self.post_actor(ActorNo::BANK, &bank)?;
        self.post_rulebook(RulebookVersion::FIRST, today, &it.rulebook)?;
        self.post_token(&it.operator)
    }

    fn post_actor(&mut self, no: ActorNo, handle: &Handle) -> Posted {
        if self.actor_handles.get(handle).is_some_and(|known| *known == no) {
            return Ok(());
        }
        self.actors.push(handle.clone());
        self.actor_handles.insert(handle.clone(), no);
        expect(no.get(), self.actors.len())
    }

    pub(super) fn post_token(&mut self, it: &TokenGrant) -> Posted {
        self.post_actor(it.actor, &it.handle)?;
        for grant in &it.grants {
            if let Scope::Passbook(passbook) = grant.scope {
                self.own_passbooks.insert((it.actor, passbook), ());
            }
        }
        self.token_hashes.insert(it.hash, it.no);
        self.tokens.push(TokenRow { grant: it.clone(), revoked: false });
        expect(it.no.get(), self.tokens.len())
    }

    pub(super) fn post_rulebook(
        &mut self,
        version: RulebookVersion,
        from: Date,
        text: &str,
    ) -> Posted {
        let rules = Rulebook::parse(text).map_err(|_| "its rulebook cannot be read")?;
        let row = RulebookRow { version, in_force_from: from, rules: rules.into() };
        self.rulebooks.push(row);
        expect(version.get(), self.rulebooks.len())
    }

    pub(super) fn post_registration(&mut self, it: &Registration) -> Posted {
        let row = VolunteerRow {
            volunteer: it.volunteer,
            tag: Some(it.tag),
            branch: it.branch,
            joined: it.joined,
            status: VolunteerStatus::Active,
            need: NeedClass::default(),
        };
        self.volunteers.push(row);
        self.passbooks.push(PassbookRow::default());
        self.diaries.push(Diary::default());
        self.volunteer_tags.insert(it.tag, it.passbook);
        self.volunteer_ids.insert(it.volunteer, it.passbook);
        expect(it.passbook.get(), self.volunteers.len())
    }

    pub(super) fn post_branch(&mut self, it: &Branch) -> Posted {
        self.branch_codes.insert(it.code.as_str().to_ascii_lowercase(), it.no);
        self.branches.push(it.clone());
        expect(it.no.get(), self.branches.len())
    }

    /// A person is erased under every number.
    pub(super) fn post_erasure(&mut self, passbook: PassbookNo, entry: EntryNo) -> Posted {
        let numbers: Vec<PassbookNo> = self.numbers(passbook, None).collect();
        for no in numbers {
            self.erased.insert(no, entry);
            if let Some(tag) = self.volunteer_mut(no)?.tag.take() {
                self.volunteer_tags.remove(&tag);
            }
        }
        Ok(())
    }

    pub(super) fn branch_mut(&mut self, no: BranchNo) -> Result<&mut Branch, &'static str> {
        self.branches.get_mut(at(no.get())).ok_or("no such branch")
    }

    pub(super) fn volunteer_mut(
        &mut self,
        no: PassbookNo,
    ) -> Result<&mut VolunteerRow, &'static str> {
        self.volunteers.get_mut(at(no.get())).ok_or("no such passbook")
    }
}
