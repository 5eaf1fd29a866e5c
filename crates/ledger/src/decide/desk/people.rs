//! Whom a command names.

use super::Desk;
use crate::{PassbookNo, Refusal, Verb, VolunteerRef};

impl Desk<'_> {
    /// The passbook of one who is named, for something new.
    pub(in crate::decide) fn passbook(
        &self,
        volunteer: VolunteerRef,
    ) -> Result<PassbookNo, Refusal> {
        self.kept(self.ledger.resolve(volunteer).ok_or(Refusal::VolunteerUnknown)?)
    }

    /// The person a number is, under whichever number that is kept.
    pub(in crate::decide) fn person(&self, volunteer: VolunteerRef) -> Result<PassbookNo, Refusal> {
        let passbook = self.ledger.resolve(volunteer).ok_or(Refusal::VolunteerUnknown)?;
        Ok(self.ledger.person(passbook))
    }

    /// Nothing new is said of a number that is another's; of which is told to those who may see it.
    fn kept(&self, passbook: PassbookNo) -> Result<PassbookNo, Refusal> {
        let into = self.ledger.person(passbook);
        if into == passbook {
            return Ok(passbook);
        }
        match self.authority.on_passbook(Verb::ReadVolunteers, into) {
            Ok(()) => Err(Refusal::PassbookMerged { passbook, into }),
            Err(_) => Err(Refusal::PassbookMergedAway { passbook }),
        }
    }

    /// The passbook that a verb is for. Who does the verb on the own one only is told no more of
    /// another than that, whatever else is asked.
    pub(in crate::decide) fn passbook_for(
        &self,
        verb: Verb,
        volunteer: VolunteerRef,
    ) -> Result<PassbookNo, Refusal> {
        let passbook = self.ledger.resolve(volunteer);
        let passbook = passbook.ok_or_else(|| self.authority.nobody(verb))?;
        if self.authority.only_as_volunteer(verb) {
            self.authority.on_passbook(verb, passbook)?;
        }
        self.kept(passbook)
    }
}
