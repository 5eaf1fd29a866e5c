//! What callers ask for about help.

use crate::{HelpNo, Interval, Minutes, NamedActivity, Verb, VolunteerRef};

/// One verb about help, and its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the verb of the same name")]
pub enum HelpCommand {
    AskForHelp {
        volunteer: VolunteerRef,
        activity: NamedActivity,
        window: Interval,
        /// The lower end of the asker's age in decades, from the vault.
        age_band: Option<u8>,
    },
    OfferHelp {
        help: HelpNo,
        volunteer: VolunteerRef,
    },
    WithdrawOffer {
        help: HelpNo,
        volunteer: VolunteerRef,
    },
    AcceptOffer {
        help: HelpNo,
        helper: VolunteerRef,
    },
    CancelHelp {
        help: HelpNo,
    },
    ConfirmHelp {
        help: HelpNo,
        /// Which side speaks.
        volunteer: VolunteerRef,
        /// How long it took; nothing: it did not take place.
        minutes: Minutes,
    },
    ResolveHelp {
        help: HelpNo,
        /// How long it took; nothing: it did not take place.
        minutes: Minutes,
    },
}

impl HelpCommand {
    /// The verb that authority is asked for.
    pub fn verb(&self) -> Verb {
        match self {
            Self::AskForHelp { .. }
            | Self::AcceptOffer { .. }
            | Self::CancelHelp { .. }
            | Self::ConfirmHelp { .. } => Verb::AskForHelp,
            Self::OfferHelp { .. } | Self::WithdrawOffer { .. } => Verb::OfferHelp,
            Self::ResolveHelp { .. } => Verb::ResolveHelp,
        }
    }
}
