//! Posting what concerns help between volunteers.

use super::{Posted, at, expect};
use crate::{
    About, ActorNo, Entry, HelpEvent, HelpNo, HelpOutcome, HelpSaid, HelpSettled, HelpState,
    NewHelp, Points, Side, Timestamp,
    ledger::{Due, HelpRow, Ledger},
};

impl Ledger<'_> {
    pub(super) fn post_help_event(&mut self, event: &HelpEvent, entry: &Entry) -> Posted {
        match event {
            HelpEvent::HelpAsked { activities, help } => {
                activities.iter().try_for_each(|it| self.post_activity(it))?;
                self.post_help(help, entry)
            }
            HelpEvent::HelpOffered { help, helper } => {
                let row = self.help_mut(*help, entry)?;
                row.offers.push(*helper);
                row.offerers.push((*helper, entry.actor));
                Ok(())
            }
            HelpEvent::OfferWithdrawn { help, helper } => {
                let row = self.help_mut(*help, entry)?;
                row.offers.retain(|it| it != helper);
                row.offerers.retain(|it| it.0 != *helper);
                if row.helper != Some(*helper) {
                    return Ok(());
                }
                (row.helper, row.state) = (None, HelpState::Open);
                // Who asked stays.
                row.hands.truncate(1);
                let start = start(row);
                self.set_due(*help, Some(start))
            }
            HelpEvent::OfferAccepted { help, helper, due } => {
                let row = self.help_mut(*help, entry)?;
                (row.helper, row.state) = (Some(*helper), HelpState::Agreed);
                row.hands.push((Side::Asker, entry.actor));
                let offerer = row.offerers.iter().find(|it| it.0 == *helper).map(|it| it.1);
                row.hands.extend(offerer.map(|it| (Side::Helper, it)));
                self.set_due(*help, Some(*due))
            }
            HelpEvent::HelpCancelled { help } => {
                self.end_help(*help, HelpState::Cancelled, (Points::ZERO, entry))
            }
            HelpEvent::HelpExpired { help, .. } => {
                self.end_help(*help, HelpState::Expired, (Points::ZERO, entry))
            }
            HelpEvent::HelpConfirmed(said) | HelpEvent::HelpSilent { said, .. } => {
                self.post_said(said, entry)
            }
            HelpEvent::HelpResolved(it) => self.post_settled(it, entry),
        }
    }

    fn post_help(&mut self, it: &NewHelp, entry: &Entry) -> Posted {
        let row = HelpRow {
            entry: entry.no,
            actor: entry.actor,
            request: entry.request,
            requested_at: entry.recorded_at,
            asker: it.asker,
            activity: it.activity,
            window: it.window,
            hold: it.hold.map(|it| it.no),
            age_band: it.age_band,
            state: HelpState::Open,
            offers: Vec::new(),
            offerers: Vec::new(),
            hands: vec![(Side::Asker, entry.actor)],
            helper: None,
            said: None,
            said_by: None,
            answered: None,
            due: None,
            record: None,
            decided: entry.no,
        };
        let start = start(&row);
        if let Some(hold) = &it.hold {
            self.post_hold(hold, (it.asker, About::Help(it.no)), (start, entry.no))?;
        }
        self.helps.push(row);
        self.helps_open.insert((it.asker, it.no), ());
        expect(it.no.get(), self.helps.len())?;
        self.set_due(it.no, Some(start))
    }

    fn post_said(&mut self, it: &HelpSaid, entry: &Entry) -> Posted {
        let row = self.help_mut(it.help, entry)?;
        let (first, _) = *row.said.get_or_insert((it.side, it.minutes));
        row.said_by.get_or_insert(entry.actor);
        if first != it.side {
            row.answered = Some(it.minutes);
        }
        // The bank itself speaks for nobody.
        if entry.actor != ActorNo::BANK {
            row.hands.push((it.side, entry.actor));
        }
        match it.outcome {
            HelpOutcome::Waits(until) => {
                row.state = HelpState::Said;
                self.set_due(it.help, Some(until))
            }
            HelpOutcome::Disputed => {
                row.state = HelpState::Disputed;
                self.set_due(it.help, None)
            }
            HelpOutcome::Settled(settled) => self.post_settled(&settled, entry),
        }
    }

    fn post_settled(&mut self, it: &HelpSettled, entry: &Entry) -> Posted {
        if let Some(record) = &it.record {
            self.post_record(record, entry, None)?;
            self.help_mut(it.help, entry)?.record = Some(record.no);
        }
        let state = if it.record.is_some() { HelpState::Confirmed } else { HelpState::Cancelled };
        self.end_help(it.help, state, (it.captured, entry))
    }

    fn end_help(
        &mut self,
        no: HelpNo,
        state: HelpState,
        (captured, entry): (Points, &Entry),
    ) -> Posted {
        self.set_due(no, None)?;
        let row = self.help_mut(no, entry)?;
        row.state = state;
        let (hold, asker) = (row.hold, row.asker);
        self.helps_open.remove(&(asker, no));
        let expired = state == HelpState::Expired;
        hold.map_or(Ok(()), |it| self.close_hold(it, captured, expired))
    }

    /// Gives a request another due time, and its hold with it.
    fn set_due(&mut self, no: HelpNo, due: Option<Timestamp>) -> Posted {
        let row = self.helps.get_mut(at(no.get())).ok_or("no such help request")?;
        let before = std::mem::replace(&mut row.due, due);
        let hold = row.hold;
        if let Some(before) = before {
            self.dues.remove(&(before, Due::Help(no)));
        }
        let Some(due) = due else { return Ok(()) };
        self.dues.insert((due, Due::Help(no)), ());
        if let Some(hold) = hold {
            self.holds.get_mut(at(hold.get())).ok_or("no such hold")?.expires = due;
        }
        Ok(())
    }

    fn help_mut(&mut self, no: HelpNo, entry: &Entry) -> Result<&mut HelpRow, &'static str> {
        let row = self.helps.get_mut(at(no.get())).ok_or("no such help request")?;
        row.decided = entry.no;
        Ok(row)
    }
}

/// When a request is to begin.
fn start(row: &HelpRow) -> Timestamp {
    Timestamp::from_micros(row.window.start().seconds().saturating_mul(1_000_000))
}
