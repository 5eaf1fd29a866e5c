//! Items of a batch, each with what came of it, in the order they were given.

use std::collections::HashMap;

use lovebank_wire::v1;
use serde_json::Value;

use super::{Column, Part, narrow, text};
use crate::{cli::Lang, fail::Exit};

const COLUMNS: &[Column] = &[
    narrow("item", "item", "序号"),
    narrow("of", "of", "对象"),
    narrow("outcome", "outcome", "结果"),
    narrow("record_no", "record", "记录号"),
    narrow("passbook_no", "passbook", "存折号"),
    narrow("reason_code", "reason", "代码"),
    narrow("message", "message", "说明"),
];

/// What came of the items of a batch.
#[derive(Debug)]
pub(crate) struct Items {
    /// What was asked for, as it was typed.
    of: Vec<String>,
    done: HashMap<usize, Done>,
    refused: HashMap<usize, v1::Refusal>,
}

/// An item that was taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    pub(crate) outcome: &'static str,
    pub(crate) record_no: u64,
    pub(crate) passbook_no: u64,
}

impl Items {
    pub(crate) fn new(
        of: Vec<String>,
        done: impl IntoIterator<Item = (u32, Done)>,
        refused: Vec<v1::RefusedItem>,
    ) -> Self {
        let at = |index: u32| usize::try_from(index).unwrap_or(usize::MAX);
        let done = done.into_iter().map(|(index, it)| (at(index), it)).collect();
        let refused = refused.into_iter();
        let refused = refused.map(|it| (at(it.index), it.refusal.unwrap_or_default())).collect();
        Self { of, done, refused }
    }

    pub(crate) fn exit(&self) -> Exit {
        if self.refused.is_empty() { Exit::Done } else { Exit::Rejected }
    }

    pub(crate) fn part(&self, lang: Lang) -> Part {
        let rows = (0..).zip(&self.of).map(|(at, of)| self.row(at, of, lang)).collect();
        Part::rows("items", COLUMNS, rows)
    }

    fn row(&self, at: usize, of: &str, lang: Lang) -> Vec<Value> {
        let refusal = self.refused.get(&at);
        let done = self.done.get(&at).cloned().unwrap_or(Done {
            outcome: if refusal.is_some() { "refused" } else { "unknown" },
            ..Done::default()
        });
        let message = refusal.map(|it| match lang {
            Lang::Zh if !it.message_zh.is_empty() => it.message_zh.as_str(),
            Lang::En | Lang::Zh => it.message.as_str(),
        });
        vec![
            at.saturating_add(1).into(),
            of.into(),
            done.outcome.into(),
            super::number(done.record_no),
            super::number(done.passbook_no),
            refusal.map_or(Value::Null, |it| text(&it.reason)),
            message.into(),
        ]
    }
}
