//! Why a command ends without its answer, told to a person in one of two languages.

use std::{
    error::Error,
    fmt::{self, Write as _},
};

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::{
    cli::Lang,
    import::{decode::bounded, error::SheetError},
};

/// What a command comes to, as scripts see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All of it was done, or had been before.
    Done,
    /// It failed.
    Error,
    /// It cannot be run as it was typed.
    Usage,
    /// Some rows or items were rejected.
    Rejected,
    /// The journal does not add up.
    Broken,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Usage => 2,
            Self::Rejected => 3,
            Self::Broken => 4,
        }
    }

    /// Asking for help is no mistake.
    pub(crate) fn from_clap(err: &clap::Error) -> Self {
        if err.use_stderr() { Self::Usage } else { Self::Done }
    }
}

/// The reason of a call without a token that the bank knows.
const NO_TOKEN: &str = "UNAUTHENTICATED";

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fail {
    pub(crate) exit: Exit,
    pub(crate) english: String,
    pub(crate) chinese: String,
    /// The stable code of a no.
    pub(crate) reason: Option<String>,
    /// What is wrong with which field of the request.
    pub(crate) fields: Vec<(String, String)>,
    /// Whether to try again, and with which request id.
    pub(crate) again: Option<Box<Again>>,
}

/// How to try a change again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Again {
    pub(crate) request_id: String,
    /// Whether it is not known if the change was recorded.
    pub(crate) unknown: bool,
}

impl Fail {
    fn new(exit: Exit, english: impl Into<String>, chinese: impl Into<String>) -> Self {
        let (english, chinese) = (english.into(), chinese.into());
        Self { exit, english, chinese, reason: None, fields: Vec::new(), again: None }
    }

    /// It cannot be run as it was typed.
    pub(crate) fn usage(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self::new(Exit::Usage, english, chinese)
    }

    /// It failed, for a reason of two texts.
    pub(crate) fn error(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self::new(Exit::Error, english, chinese)
    }

    /// Something of this machine failed.
    pub(crate) fn local(err: &(dyn Error + 'static)) -> Self {
        let text = chain(err);
        Self::new(Exit::Error, text.clone(), text)
    }

    /// A file could not be read or written.
    pub(crate) fn file(path: &std::path::Path, err: &dyn fmt::Display) -> Self {
        let text = format!("{}: {err}", path.display());
        Self::new(Exit::Error, text.clone(), text)
    }

    /// The bytes of a sheet, as many as are ever read of one.
    pub(crate) fn reading(path: &std::path::Path) -> Result<Vec<u8>, Self> {
        let read = std::fs::File::open(path).and_then(bounded);
        let read = read.map_err(|err| Self::file(path, &err))?;
        read.map_err(|err| Self::sheet(&path.display(), &err))
    }

    /// A sheet that cannot be read.
    pub(crate) fn sheet(path: &dyn fmt::Display, err: &SheetError) -> Self {
        let told = Self::error(format!("{path}: {err}"), format!("{path}：{}", err.chinese()));
        Self { reason: Some(err.code().to_owned()), ..told }
    }

    /// The same, with what it is about before it.
    pub(crate) fn told(self, english: &str, chinese: &str) -> Self {
        let english = format!("{english}{}", self.english);
        Self { chinese: format!("{chinese}{}", self.chinese), english, ..self }
    }

    /// An answer that lacks what every answer has.
    pub(crate) fn incomplete(what: &str) -> Self {
        Self::error(
            format!("the bank's answer lacks {what}: is it of another version?"),
            format!("服务器的答复缺少 {what}：版本是否一致？"),
        )
    }

    /// Whoever reads has read enough.
    pub(crate) fn enough() -> Self {
        Self::new(Exit::Done, "", "")
    }

    /// Goes on where the reader of an answer has read enough: what came of the work still counts.
    pub(crate) fn unless_enough(written: Result<(), Self>) -> Result<(), Self> {
        match written {
            Err(it) if it.exit == Exit::Done => Ok(()),
            written => written,
        }
    }

    /// With the request id that makes trying again safe, where trying again may help.
    pub(crate) fn again_with(self, request_id: &str, status: &Status) -> Self {
        let unknown = outcome_unknown(status);
        let again = Again { request_id: request_id.to_owned(), unknown };
        Self { again: (unknown || may_retry(status)).then_some(Box::new(again)), ..self }
    }

    /// All of it, in lines.
    pub(crate) fn text(&self, lang: Lang) -> String {
        let message = lang.pick(&self.english, &self.chinese);
        if message.is_empty() {
            return String::new();
        }
        let mut text = format!("{}{message}", lang.pick("error: ", "错误："));
        if let Some(reason) = &self.reason {
            write!(text, "\n  {}{reason}", lang.pick("reason: ", "代码：")).ok();
        }
        if self.reason.as_deref() == Some(NO_TOKEN) {
            text.push_str(lang.pick(
                "\n  give the file of a token that this bank issued with --token-file",
                "\n  请用 --token-file 指定本行签发的令牌文件",
            ));
        }
        for (field, what) in self.fields.iter().filter(|(field, _)| !message.contains(field)) {
            write!(text, "\n  {field}: {what}").ok();
        }
        if let Some(again) = &self.again {
            let Again { request_id, unknown } = again.as_ref();
            let hint = if *unknown {
                lang.pick(
                    "whether it was recorded is not known; to find out, and to record it if it \
                     was not, give the same command again with",
                    "是否已登记不详；要查明并在未登记时登记，请重复同一命令并加上",
                )
            } else {
                lang.pick(
                    "nothing was recorded; give the same command again, later, with",
                    "未登记；请稍后重复同一命令并加上",
                )
            };
            write!(text, "\n  {hint} --request-id {request_id}").ok();
        }
        text
    }
}

impl From<Status> for Fail {
    fn from(status: Status) -> Self {
        let said = status.message();
        let said = if said.is_empty() { status.code().description() } else { said };
        let english = with_causes(said.to_owned(), status.source());
        let local = status.get_details_localized_message().map(|it| it.message);
        let chinese = local.unwrap_or_else(|| {
            if status.code() == Code::DeadlineExceeded {
                format!("超时：{english}")
            } else if may_retry(&status) {
                format!("连接中断：{english}")
            } else {
                english.clone()
            }
        });
        let violations = status.get_details_bad_request().map(|it| it.field_violations);
        let fields = violations.unwrap_or_default().into_iter();
        Self {
            reason: status.get_details_error_info().map(|it| it.reason),
            fields: fields.map(|it| (it.field, it.description)).collect(),
            ..Self::error(english, chinese)
        }
    }
}

/// The reasons of a bank whose disk is full: asking again helps once someone made room.
const FULL: [&str; 2] = ["STORAGE_FULL", "VAULT_FULL"];

/// Whether a change may have been recorded all the same: the connection broke, or storage did.
fn outcome_unknown(status: &Status) -> bool {
    match status.get_details_error_info() {
        Some(info) => {
            let failed = ["DEADLINE_EXCEEDED", "STORAGE_FAILED", "VAULT_FAILED"];
            failed.iter().chain(&FULL).any(|it| *it == info.reason)
        }
        None => may_retry(status),
    }
}

/// Whether the same call may yet succeed: the bank said so, or the connection failed.
pub(crate) fn may_retry(status: &Status) -> bool {
    let info = status.get_details_error_info();
    if info.as_ref().is_some_and(|it| FULL.contains(&it.reason.as_str())) {
        return false;
    }
    let by_bank = info.is_some();
    match status.code() {
        Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded => true,
        Code::Aborted | Code::Cancelled | Code::Unknown | Code::Internal => !by_bank,
        Code::Ok
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::DataLoss
        | Code::Unauthenticated => false,
    }
}

/// An error and its causes, each told once.
fn chain(err: &(dyn Error + 'static)) -> String {
    with_causes(err.to_string(), err.source())
}

fn with_causes(mut text: String, mut next: Option<&(dyn Error + 'static)>) -> String {
    while let Some(cause) = next {
        let told = cause.to_string();
        if !text.contains(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tonic_types::{ErrorDetails, FieldViolation};

    use super::*;

    fn refused() -> Status {
        let mut details = ErrorDetails::with_error_info(
            "BRANCH_UNKNOWN",
            "lovebank",
            [("a".to_owned(), "b".to_owned())],
        );
        details.set_localized_message("zh-CN", "没有此社区");
        details.set_bad_request(vec![FieldViolation::new("branch_code", "too long")]);
        Status::with_error_details(Code::NotFound, "there is no branch", details)
    }

    #[test]
    fn a_no_is_told_in_the_language_of_the_caller_with_code_and_fields() {
        let fail = Fail::from(refused());
        let english =
            "error: there is no branch\n  reason: BRANCH_UNKNOWN\n  branch_code: too long";
        assert_eq!(fail.text(Lang::En), english);
        assert!(fail.text(Lang::Zh).starts_with("错误：没有此社区\n  代码：BRANCH_UNKNOWN"));
        assert_eq!(fail.exit, Exit::Error);
    }

    #[test]
    fn only_what_may_succeed_later_is_tried_again() {
        assert!(!may_retry(&refused()));
        assert!(may_retry(&Status::unavailable("gone")));
        assert!(may_retry(&Status::unknown("h2 protocol error")));
        let status = Status::unavailable("gone");
        let hinted = Fail::from(status.clone()).again_with("an-id", &status);
        assert!(hinted.text(Lang::En).ends_with("again with --request-id an-id"));
        assert!(hinted.text(Lang::En).contains("not known"));
        let status = refused();
        assert_eq!(Fail::from(status.clone()).again_with("an-id", &status).again, None);
        let details = ErrorDetails::with_error_info("QUEUE_FULL", "lovebank", HashMap::new());
        let status = Status::with_error_details(Code::ResourceExhausted, "full", details);
        let hinted = Fail::from(status.clone()).again_with("an-id", &status);
        assert!(hinted.text(Lang::Zh).contains("未登记；请稍后"));
        let details =
            ErrorDetails::with_error_info("DEADLINE_EXCEEDED", "lovebank", HashMap::new());
        let status = Status::with_error_details(Code::DeadlineExceeded, "late", details);
        let hinted = Fail::from(status.clone()).again_with("an-id", &status);
        assert!(may_retry(&status) && hinted.again.is_some_and(|it| it.unknown));
    }

    #[test]
    fn who_has_read_enough_is_told_nothing() {
        assert_eq!(Fail::enough().text(Lang::Zh), "");
    }
}
