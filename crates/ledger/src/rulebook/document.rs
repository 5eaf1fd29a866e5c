//! The shape of a rulebook as it is written; what it means is checked by [`super::Rulebook`].

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    GiftsTo,
    anomaly::AnomaliesTable,
    calendar::CalendarTable,
    priority::KeyTable,
    recognition::{ProgrammeTable, SchemeTable},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) format: u32,
    pub(super) ladder: LadderTable,
    pub(super) earning: EarningTable,
    #[serde(default)]
    pub(super) passbook: PassbookTable,
    pub(super) check_in: CheckInTable,
    #[serde(default)]
    pub(super) recording: RecordingTable,
    #[serde(default)]
    pub(super) stars: StarsTable,
    #[serde(default)]
    pub(super) priority: BTreeMap<String, Vec<KeyTable>>,
    #[serde(default)]
    pub(super) redemption: RedemptionTable,
    #[serde(default)]
    pub(super) gifts: GiftsTable,
    #[serde(default)]
    pub(super) help: HelpTable,
    #[serde(default)]
    pub(super) calendar: CalendarTable,
    #[serde(default)]
    pub(super) anomalies: AnomaliesTable,
    #[serde(default)]
    pub(super) star_schemes: BTreeMap<String, SchemeTable>,
    #[serde(default)]
    pub(super) programmes: BTreeMap<String, ProgrammeTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordingTable {
    pub(super) working_days: u32,
}

impl Default for RecordingTable {
    fn default() -> Self {
        Self { working_days: 10 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HelpTable {
    pub(super) silence_days: u32,
}

impl Default for HelpTable {
    fn default() -> Self {
        Self { silence_days: 7 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GiftsTable {
    pub(super) to: GiftsTo,
}

impl Default for GiftsTable {
    fn default() -> Self {
        Self { to: GiftsTo::Kin }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct StarsTable {
    /// Hours for one star, two, …
    pub(super) hours: Option<Vec<u32>>,
    /// The scheme that says the hours.
    pub(super) scheme: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RedemptionTable {
    pub(super) fulfill_days: u32,
    pub(super) waiting_days: u32,
    pub(super) no_show_forfeits: bool,
}

impl Default for RedemptionTable {
    fn default() -> Self {
        Self { fulfill_days: 30, waiting_days: 365, no_show_forfeits: false }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LadderTable {
    #[serde(rename = "at_once_minutes")]
    pub(super) at_once: u32,
    #[serde(rename = "branch_minutes")]
    pub(super) branch: u32,
    #[serde(rename = "day_minutes")]
    pub(super) day: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EarningTable {
    pub(super) points_per_hour: String,
    #[serde(default)]
    pub(super) categories: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct PassbookTable {
    pub(super) points_cap: Option<String>,
    pub(super) points_expire_months: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckInTable {
    pub(super) pairs_per_day: u32,
}
