//! Every no as a gRPC status: a code, `ErrorInfo`, the field where there is one, and a text in
//! English and Chinese.

use std::{collections::HashMap, time::Duration};

use lovebank_ledger::{RefusalCategory, RefusalNote, Refused, texts};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use crate::{MALFORMED, Malformed, v1};

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "lovebank";

const CHINESE: &str = "zh-CN";

/// The most characters of a text: all details together stay below 8 KiB of headers.
const TEXT_MAX: usize = 300;

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
        details.set_localized_message(CHINESE, it.chinese);
        if let Some(after) = it.retry_after {
            details.set_retry_info(Some(after));
        }
        Self::with_error_details(it.code, it.english, details)
    }
}

impl From<Malformed> for Status {
    fn from(it: Malformed) -> Self {
        let field = it.violations().next().map(|it| it.field.clone());
        let metadata: HashMap<_, _> =
            field.into_iter().map(|it| ("field".to_owned(), it)).collect();
        let mut details = ErrorDetails::with_error_info(MALFORMED, DOMAIN, metadata);
        let violations = it.violations().map(|it| FieldViolation {
            field: it.field.clone(),
            description: shortened(&it.fault.to_string()),
            ..FieldViolation::default()
        });
        details.set_bad_request(violations.collect::<Vec<_>>());
        details.set_localized_message(CHINESE, shortened(&it.chinese()));
        Self::with_error_details(Code::InvalidArgument, shortened(&it.to_string()), details)
    }
}

/// As much of a text as fits in the headers that errors travel in.
fn shortened(text: &str) -> String {
    let cut = text.char_indices().nth(TEXT_MAX).map(|(at, _)| at);
    match cut.and_then(|at| text.get(..at)) {
        Some(begin) => format!("{begin}…"),
        None => text.to_owned(),
    }
}

/// The status of a refused command. Of a batch, the first refused item is named.
pub fn refused(it: &Refused) -> Status {
    let note = it.refusal.note();
    let mut metadata: HashMap<String, String> = note.operands.iter().cloned().collect();
    if let Some(first) = it.items.first() {
        metadata.insert("item".to_owned(), first.index.to_string());
    }
    let mut details = ErrorDetails::with_error_info(note.code.clone(), DOMAIN, metadata);
    details.set_localized_message(CHINESE, note.chinese());
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
        code: i32::from(code(&it.code)),
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
