//! Help between volunteers.

use lovebank_ledger::{
    ActivityNo, HelpEvent, HelpNo, HelpOutcome, HelpSaid, HelpSettled, Minutes, NewHelp,
    PassbookNo, Points, Side, Timestamp,
};

use super::{
    BadEntry,
    kinds::kind,
    reward::age_band,
    scalar::{each, maybe, number, present, stored, try_each},
    v1::{self, help_event::Event as Stored, help_said::Outcome as StoredOutcome},
};

impl From<&HelpEvent> for v1::HelpEvent {
    fn from(it: &HelpEvent) -> Self {
        let offer = |help: HelpNo, helper: PassbookNo| v1::HelpOffer {
            help_no: stored(help.get()),
            helper_passbook_no: stored(helper.get()),
        };
        Self {
            event: Some(match it {
                HelpEvent::HelpAsked { activities, help } => {
                    Stored::Asked(v1::HelpAsked { activities: each(activities), ..asked(help) })
                }
                HelpEvent::HelpOffered { help, helper } => Stored::Offered(offer(*help, *helper)),
                HelpEvent::OfferWithdrawn { help, helper } => {
                    Stored::OfferWithdrawn(offer(*help, *helper))
                }
                HelpEvent::OfferAccepted { help, helper, due } => {
                    Stored::OfferAccepted(v1::HelpAccepted {
                        help_no: stored(help.get()),
                        helper_passbook_no: stored(helper.get()),
                        due_micros: due.micros(),
                    })
                }
                HelpEvent::HelpCancelled { help } => {
                    Stored::Cancelled(v1::HelpEnded { help_no: stored(help.get()) })
                }
                HelpEvent::HelpConfirmed(it) => Stored::Confirmed(it.into()),
                HelpEvent::HelpSilent { as_of, said } => Stored::Silent(v1::HelpSilent {
                    as_of_micros: as_of.micros(),
                    said: Some(said.into()),
                }),
                HelpEvent::HelpResolved(it) => Stored::Resolved(it.into()),
                HelpEvent::HelpExpired { as_of, help } => Stored::Expired(v1::HelpExpired {
                    as_of_micros: as_of.micros(),
                    help_no: stored(help.get()),
                }),
            }),
        }
    }
}

fn asked(it: &NewHelp) -> v1::HelpAsked {
    v1::HelpAsked {
        activities: Vec::new(),
        no: stored(it.no.get()),
        asker_passbook_no: stored(it.asker.get()),
        activity_no: stored(it.activity.get()),
        window: Some(it.window.into()),
        hold: it.hold.as_ref().map(Into::into),
        age_band: it.age_band.map(u32::from),
    }
}

impl TryFrom<v1::HelpEvent> for HelpEvent {
    type Error = BadEntry;

    fn try_from(it: v1::HelpEvent) -> Result<Self, BadEntry> {
        let event = it.event.ok_or(BadEntry::Missing { field: "HelpEvent.event" })?;
        Ok(match event {
            Stored::Asked(it) => help_asked(it)?,
            Stored::Offered(it) => {
                let (help, helper) = offer(it)?;
                Self::HelpOffered { help, helper }
            }
            Stored::OfferWithdrawn(it) => {
                let (help, helper) = offer(it)?;
                Self::OfferWithdrawn { help, helper }
            }
            Stored::OfferAccepted(it) => Self::OfferAccepted {
                help: number(it.help_no, HelpNo::new, "HelpAccepted.help_no")?,
                helper: passbook(it.helper_passbook_no, "HelpAccepted.helper_passbook_no")?,
                due: Timestamp::from_micros(it.due_micros),
            },
            Stored::Cancelled(it) => {
                Self::HelpCancelled { help: number(it.help_no, HelpNo::new, "HelpEnded.help_no")? }
            }
            Stored::Confirmed(it) => Self::HelpConfirmed(it.try_into()?),
            Stored::Silent(it) => Self::HelpSilent {
                as_of: Timestamp::from_micros(it.as_of_micros),
                said: present(it.said, "HelpSilent.said")?,
            },
            Stored::Resolved(it) => Self::HelpResolved(it.try_into()?),
            Stored::Expired(it) => Self::HelpExpired {
                as_of: Timestamp::from_micros(it.as_of_micros),
                help: number(it.help_no, HelpNo::new, "HelpExpired.help_no")?,
            },
        })
    }
}

fn help_asked(it: v1::HelpAsked) -> Result<HelpEvent, BadEntry> {
    let help = NewHelp {
        no: number(it.no, HelpNo::new, "HelpAsked.no")?,
        asker: passbook(it.asker_passbook_no, "HelpAsked.asker_passbook_no")?,
        activity: number(it.activity_no, ActivityNo::new, "HelpAsked.activity_no")?,
        window: present(it.window, "HelpAsked.window")?,
        hold: maybe(it.hold)?,
        age_band: age_band(it.age_band, "HelpAsked.age_band")?,
    };
    Ok(HelpEvent::HelpAsked { activities: try_each(it.activities)?, help })
}

fn offer(it: v1::HelpOffer) -> Result<(HelpNo, PassbookNo), BadEntry> {
    let help = number(it.help_no, HelpNo::new, "HelpOffer.help_no")?;
    Ok((help, passbook(it.helper_passbook_no, "HelpOffer.helper_passbook_no")?))
}

fn passbook(no: u32, field: &'static str) -> Result<PassbookNo, BadEntry> {
    number(no, PassbookNo::new, field)
}

impl From<&HelpSaid> for v1::HelpSaid {
    fn from(it: &HelpSaid) -> Self {
        Self {
            help_no: stored(it.help.get()),
            side: v1::HelpSide::from(it.side).into(),
            minutes: it.minutes.get(),
            outcome: Some(match it.outcome {
                HelpOutcome::Waits(until) => StoredOutcome::WaitsUntilMicros(until.micros()),
                HelpOutcome::Settled(it) => StoredOutcome::Settled((&it).into()),
                HelpOutcome::Disputed => StoredOutcome::Disputed(true),
            }),
        }
    }
}

impl TryFrom<v1::HelpSaid> for HelpSaid {
    type Error = BadEntry;

    fn try_from(it: v1::HelpSaid) -> Result<Self, BadEntry> {
        let outcome = it.outcome.ok_or(BadEntry::Missing { field: "HelpSaid.outcome" })?;
        Ok(Self {
            help: number(it.help_no, HelpNo::new, "HelpSaid.help_no")?,
            side: kind(it.side, side, "HelpSaid.side")?,
            minutes: Minutes::new(it.minutes),
            outcome: match outcome {
                StoredOutcome::WaitsUntilMicros(it) => {
                    HelpOutcome::Waits(Timestamp::from_micros(it))
                }
                StoredOutcome::Settled(it) => HelpOutcome::Settled(it.try_into()?),
                StoredOutcome::Disputed(true) => HelpOutcome::Disputed,
                StoredOutcome::Disputed(false) => {
                    return Err(BadEntry::Invalid { field: "HelpSaid.disputed" });
                }
            },
        })
    }
}

impl From<&HelpSettled> for v1::HelpSettled {
    fn from(it: &HelpSettled) -> Self {
        Self {
            help_no: stored(it.help.get()),
            record: it.record.as_ref().map(Into::into),
            captured_hundredths: it.captured.hundredths(),
        }
    }
}

impl TryFrom<v1::HelpSettled> for HelpSettled {
    type Error = BadEntry;

    fn try_from(it: v1::HelpSettled) -> Result<Self, BadEntry> {
        Ok(Self {
            help: number(it.help_no, HelpNo::new, "HelpSettled.help_no")?,
            record: maybe(it.record)?,
            captured: Points::from_hundredths(it.captured_hundredths),
        })
    }
}

fn side(it: v1::HelpSide) -> Option<Side> {
    match it {
        v1::HelpSide::Unspecified => None,
        v1::HelpSide::Asker => Some(Side::Asker),
        v1::HelpSide::Helper => Some(Side::Helper),
    }
}

impl From<Side> for v1::HelpSide {
    fn from(it: Side) -> Self {
        match it {
            Side::Asker => Self::Asker,
            Side::Helper => Self::Helper,
        }
    }
}
