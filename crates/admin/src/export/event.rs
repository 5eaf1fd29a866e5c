//! What an entry is called in an export.

use lovebank_ledger::{Event, GiftEvent, HelpEvent, HonourEvent, MergeEvent, RewardEvent};

/// The word of an event: the name of its kind, for ever.
pub(super) fn word(event: &Event) -> &'static str {
    match event {
        Event::BankOpened(_) => "bank-opened",
        Event::BranchCreated(_) => "branch-created",
        Event::BranchRenamed { .. } => "branch-renamed",
        Event::VolunteersRegistered { .. } => "volunteers-registered",
        Event::VolunteerMoved { .. } => "volunteer-moved",
        Event::VolunteerStatusChanged { .. } => "volunteer-status-changed",
        Event::PersonErased { .. } => "person-erased",
        Event::ActivityCreated(_) => "activity-created",
        Event::HoursRecorded { .. } => "hours-recorded",
        Event::HoursApproved { .. } => "hours-approved",
        Event::HoursRejected { .. } => "hours-rejected",
        Event::HoursReversed { .. } => "hours-reversed",
        Event::HoursCorrected { .. } => "hours-corrected",
        Event::HoursDeducted { .. } => "hours-deducted",
        Event::HoursEvaluated { .. } => "hours-evaluated",
        Event::HoursImported { .. } => "hours-imported",
        Event::ImportUndone { .. } => "import-undone",
        Event::CheckedIn { .. } => "checked-in",
        Event::CheckedOut(_) => "checked-out",
        Event::CheckInCancelled { .. } => "check-in-cancelled",
        Event::CheckInsClosed { .. } => "check-ins-closed",
        Event::RulebookAdopted { .. } => "rulebook-adopted",
        Event::NeedClassSet { .. } => "need-class-set",
        Event::Reward(it) => reward(it),
        Event::Gift(it) => gift(it),
        Event::Help(it) => help(it),
        Event::Merge(it) => merge(it),
        Event::Honour(it) => honour(it),
        Event::PointsExpired { .. } => "points-expired",
        Event::TokenIssued(_) => "token-issued",
        Event::TokenRevoked { .. } => "token-revoked",
    }
}

fn reward(event: &RewardEvent) -> &'static str {
    match event {
        RewardEvent::RewardPublished(_) => "reward-published",
        RewardEvent::StockAdded { .. } => "stock-added",
        RewardEvent::RewardWithdrawn { .. } => "reward-withdrawn",
        RewardEvent::RedemptionRequested { .. } => "redemption-requested",
        RewardEvent::RedemptionCancelled(_) => "redemption-cancelled",
        RewardEvent::RedemptionFulfilled(_) => "redemption-fulfilled",
        RewardEvent::RedemptionMissed(_) => "redemption-missed",
        RewardEvent::RedemptionReversed { .. } => "redemption-reversed",
        RewardEvent::WindowClosed(_) => "window-closed",
        RewardEvent::RedemptionsExpired { .. } => "redemptions-expired",
    }
}

fn gift(event: &GiftEvent) -> &'static str {
    match event {
        GiftEvent::PointsGiven(_) => "points-given",
        GiftEvent::GiftReversed { .. } => "gift-reversed",
        GiftEvent::KinRequested(_) => "kin-requested",
        GiftEvent::KinConfirmed(_) => "kin-confirmed",
        GiftEvent::KinEnded(_) => "kin-ended",
        GiftEvent::BeneficiaryNamed { .. } => "beneficiary-named",
        GiftEvent::DrawRequested(_) => "draw-requested",
        GiftEvent::DrawApproved(_) => "draw-approved",
        GiftEvent::DrawRejected { .. } => "draw-rejected",
    }
}

fn help(event: &HelpEvent) -> &'static str {
    match event {
        HelpEvent::HelpAsked { .. } => "help-asked",
        HelpEvent::HelpOffered { .. } => "help-offered",
        HelpEvent::OfferWithdrawn { .. } => "offer-withdrawn",
        HelpEvent::OfferAccepted { .. } => "offer-accepted",
        HelpEvent::HelpCancelled { .. } => "help-cancelled",
        HelpEvent::HelpConfirmed(_) => "help-confirmed",
        HelpEvent::HelpSilent { .. } => "help-silent",
        HelpEvent::HelpResolved(_) => "help-resolved",
        HelpEvent::HelpExpired { .. } => "help-expired",
    }
}

fn honour(event: &HonourEvent) -> &'static str {
    match event {
        HonourEvent::HonoursGiven { .. } => "honours-given",
        HonourEvent::HonourRevoked { .. } => "honour-revoked",
        HonourEvent::Nominated { .. } => "nominated",
        HonourEvent::RunCreated(_) => "run-created",
        HonourEvent::ExceptionProposed { .. } => "exception-proposed",
        HonourEvent::ExceptionConfirmed { .. } => "exception-confirmed",
        HonourEvent::RunPublished { .. } => "run-published",
        HonourEvent::ObjectionFiled(_) => "objection-filed",
        HonourEvent::ObjectionResolved { .. } => "objection-resolved",
        HonourEvent::RunFinalized { .. } => "run-finalized",
        HonourEvent::RunWithdrawn { .. } => "run-withdrawn",
        HonourEvent::CertificateIssued(_) => "certificate-issued",
    }
}

fn merge(event: &MergeEvent) -> &'static str {
    match event {
        MergeEvent::MergeProposed(_) => "merge-proposed",
        MergeEvent::MergeConfirmed { .. } => "merge-confirmed",
        MergeEvent::MergeRefused { .. } => "merge-refused",
        MergeEvent::MergeUndoProposed { .. } => "merge-undo-proposed",
        MergeEvent::MergeUndoRefused { .. } => "merge-undo-refused",
        MergeEvent::MergeUndone { .. } => "merge-undone",
    }
}
