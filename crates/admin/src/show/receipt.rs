//! Proof of changes, and what was refused.

use jiff::tz::TimeZone;
use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Shown, narrow, number, text, wide};
use crate::{cli::Lang, when::shown};

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

impl Shown for v1::RefusedItem {
    const COLUMNS: &'static [Column] = &[
        narrow("index", "item", "序号"),
        narrow("reason", "reason", "代码"),
        narrow("message", "message", "英文说明"),
        narrow("message_zh", "message in Chinese", "说明"),
        wide("metadata", "values", "参数"),
    ];

    fn cells(&self, _: &TimeZone) -> Vec<Value> {
        let it = self.refusal.clone().unwrap_or_default();
        let metadata = it.metadata.into_iter().map(|(name, value)| (name, Value::from(value)));
        vec![
            self.index.into(),
            text(&it.reason),
            text(&it.message),
            text(&it.message_zh),
            Value::Object(metadata.collect()),
        ]
    }
}

/// Why something was refused, in the language of the caller.
pub(crate) fn refusal_text(it: &v1::Refusal, lang: Lang) -> String {
    let (first, second) = lang.pick((&it.message, &it.message_zh), (&it.message_zh, &it.message));
    if first.is_empty() { second.clone() } else { first.clone() }
}
