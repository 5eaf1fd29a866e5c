//! Proof of changes.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, narrow, number};
use crate::when::shown;

impl Shown for v1::Receipt {
    const COLUMNS: &'static [Column] = &[
        narrow("seq", "entry", "流水号"),
        narrow("recorded_at", "recorded", "登记时间"),
        narrow("replayed", "was there before", "此前已登记"),
        narrow("validated_only", "only checked", "仅校验"),
    ];

    fn cells(&self, zone: &TimeZone) -> Vec<Value> {
        vec![
            number(self.seq),
            shown(self.recorded_at.as_ref(), zone).into(),
            self.replayed.into(),
            self.validated_only.into(),
        ]
    }
}
