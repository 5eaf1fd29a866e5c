//! Every no as a gRPC status: a code, `ErrorInfo`, the field where there is one, and a text in
//! English and Chinese.

use std::{collections::HashMap, time::Duration};

use lovebank_ledger::{RefusalCategory, RefusalNote, Refused, texts};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{Malformed, malformed::REASON, v1};

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "lovebank";

/// A no of the edge: neither the message nor the rules are at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeError {
    /// The gRPC code.
    pub code: Code,
    /// The stable reason.
    pub reason: &'static str,
    /// In English.
    pub english: &'static str,
    /// In Chinese.
    pub chinese: &'static str,
    /// After how long a retry may help.
    pub retry_after: Option<Duration>,
}

impl From<EdgeError> for Status {
    fn from(it: EdgeError) -> Self {
        let mut details = ErrorDetails::with_error_info(it.reason, DOMAIN, HashMap::new());
        details.set_localized_message("zh-CN", it.chinese);
        if let Some(after) = it.retry_after {
            details.set_retry_info(Some(after));
        }
        Self::with_error_details(it.code, it.english, details)
    }
}

impl From<Malformed> for Status {
    fn from(it: Malformed) -> Self {
        let metadata = HashMap::from([("field".to_owned(), it.field.clone())]);
        let mut details = ErrorDetails::with_error_info(REASON, DOMAIN, metadata);
        details.add_bad_request_violation(it.field.clone(), it.fault.to_string());
        details.set_localized_message("zh-CN", it.chinese());
        Self::with_error_details(Code::InvalidArgument, it.to_string(), details)
    }
}

/// The status of a refused command. Of a batch, the first refused item is named.
pub fn refused(it: &Refused) -> Status {
    let note = it.refusal.note();
    let mut metadata: HashMap<String, String> = note.operands.iter().cloned().collect();
    let item = it.items.first().map(|it| it.index);
    if let Some(index) = item {
        metadata.insert("item".to_owned(), index.to_string());
    }
    let mut details = ErrorDetails::with_error_info(note.code.clone(), DOMAIN, metadata);
    details.set_localized_message("zh-CN", note.chinese());
    if let Some(index) = item {
        details.add_bad_request_violation(format!("items[{index}]"), note.english());
    }
    Status::with_error_details(code(&note.code), note.english(), details)
}

/// The status of a refusal that a read meets.
pub fn refused_read(it: lovebank_ledger::Refusal) -> Status {
    refused(&Refused::from(it))
}

/// The gRPC code of a refusal.
pub fn code(reason: &str) -> Code {
    match texts(reason).category {
        RefusalCategory::Unauthenticated => Code::Unauthenticated,
        RefusalCategory::Denied => Code::PermissionDenied,
        RefusalCategory::NotFound => Code::NotFound,
        RefusalCategory::Exists => Code::AlreadyExists,
        RefusalCategory::Precondition => Code::FailedPrecondition,
        RefusalCategory::Invalid => Code::InvalidArgument,
    }
}

/// A refusal as a message.
pub fn refusal(it: &RefusalNote) -> v1::Refusal {
    v1::Refusal {
        reason: it.code.clone(),
        metadata: it.operands.iter().cloned().collect(),
        message: it.english(),
        message_zh: it.chinese(),
    }
}

/// The refused items of a batch.
pub fn refused_items(items: &[lovebank_ledger::ItemRefused]) -> Vec<v1::RefusedItem> {
    let item = |it: &lovebank_ledger::ItemRefused| v1::RefusedItem {
        index: it.index,
        refusal: Some(refusal(&it.refusal)),
    };
    items.iter().map(item).collect()
}
