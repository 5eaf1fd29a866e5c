//! The no's of the edge, and the only place where any no becomes a gRPC status.

use std::time::Duration;

use lovebank_vault::WriteError;
use lovebank_wire::{EdgeError, status};
use tonic::{Code, Status};

use crate::writer::NotPosted;

macro_rules! edge_errors {
    ($($name:ident = $code:ident $reason:literal $after:expr, $english:literal, $chinese:literal;)+) => {
        $(pub(super) const $name: EdgeError = EdgeError {
            code: Code::$code,
            reason: $reason,
            english: $english,
            chinese: $chinese,
            retry_after: $after,
        };)+

        /// Every one, for the page of the API to be checked against.
        #[cfg(test)]
        const ALL: &[EdgeError] = &[$($name),+];
    };
}

const SOON: Option<Duration> = Some(Duration::from_millis(200));
const LATER: Option<Duration> = Some(Duration::from_secs(5));

edge_errors! {
    UNAUTHENTICATED = Unauthenticated "UNAUTHENTICATED" None,
        "no token, or none that this bank issued: send `authorization: Bearer …`",
        "没有令牌，或不是本行签发的令牌：请发送 `authorization: Bearer …`";
    STARTING = Unavailable "STARTING" LATER,
        "the bank is reading its journal: try again soon",
        "系统正在读取总流水：请稍后重试";
    STOPPING = Unavailable "STOPPING" LATER,
        "the bank is stopping and did not run this: try again with the same request_id",
        "系统正在停止，未执行此请求：请用同一 request_id 重试";
    QUEUE_FULL = ResourceExhausted "QUEUE_FULL" SOON,
        "too many requests are waiting, and this one did not run: try again with the same request_id",
        "等待的请求过多，未执行此请求：请用同一 request_id 重试";
    ENTRY_TOO_LARGE = InvalidArgument "ENTRY_TOO_LARGE" None,
        "this is more than one entry of the journal holds, and did not run: ask in smaller parts",
        "超出一条分录的容量，未执行：请拆分后重试";
    STORAGE_FAILED = Unavailable "STORAGE_FAILED" LATER,
        "storage failed; whether this ran is known after a restart: ask again with the same request_id",
        "存储故障；是否已执行须重启后才知：请用同一 request_id 再次查询";
    STORAGE_FULL = ResourceExhausted "STORAGE_FULL" None,
        "the bank's disk is full: it takes no more writes and goes on answering questions. Tell the operator to make room and restart it; whether this ran is known then: ask again with the same request_id",
        "银行的磁盘已满：不再写入，仍可查询；请通知运维人员腾出空间并重启；此请求是否已执行届时可知：请用同一 request_id 再次查询";
    READ_ONLY = FailedPrecondition "READ_ONLY" None,
        "the bank's disk is full, so it only answers questions, and this call changed nothing: tell the operator to make room, and try again with the same request_id once the bank was restarted",
        "银行的磁盘已满，目前只能查询，此次调用未作任何更改：请通知运维人员腾出空间，重启后用同一 request_id 重试";
    VAULT_FAILED = Unavailable "VAULT_FAILED" LATER,
        "the store of personal data failed; ask again with the same request_id to learn whether this ran",
        "个人信息库故障：请用同一 request_id 再次查询是否已执行";
    VAULT_FULL = ResourceExhausted "VAULT_FULL" None,
        "the bank's disk is full, so that no personal data can be kept: tell the operator to make room, then ask again with the same request_id to learn whether this ran",
        "银行的磁盘已满，无法保存个人信息：请通知运维人员腾出空间，然后用同一 request_id 再次查询是否已执行";
    NO_RECIPIENT = FailedPrecondition "NO_RECIPIENT" None,
        "the settings name nobody to seal the vault to: set vault_recipient and restart, or back up the journal only",
        "设置中没有个人信息库备份的收件公钥：请设置 vault_recipient 并重启，或只备份总流水";
    VAULT_SEALING = ResourceExhausted "VAULT_SEALING" LATER,
        "the vault is being sealed for another caller: try again later",
        "个人信息库正在为另一调用加密：请稍后重试";
    CODE_WRONG = PermissionDenied "CODE_WRONG" None,
        "this is no code of a redemption: ask the volunteer to show it again",
        "兑换码不正确：请志愿者重新出示";
    CERTIFICATE_UNKNOWN = NotFound "CERTIFICATE_UNKNOWN" None,
        "this bank issued no such certificate: check the code, or ask whoever showed it",
        "本行没有签发过此证明：请核对验证码，或询问出示人";
    JOURNAL_UNREADABLE = DataLoss "JOURNAL_UNREADABLE" None,
        "the journal cannot be read: tell the operator",
        "总流水无法读取：请通知运维人员";
    READ_BEHIND = Unavailable "READ_BEHIND" SOON,
        "the entry of min_seq is not there yet: check it, or try again",
        "min_seq 所指的分录尚不存在：请核对或稍后重试";
    DEADLINE_EXCEEDED = DeadlineExceeded "DEADLINE_EXCEEDED" None,
        "the time of the call is over; whether a change ran: ask again with the same request_id",
        "调用已超时；变更是否已执行：请用同一 request_id 再次查询";
    WATCHERS_FULL = ResourceExhausted "WATCHERS_FULL" LATER,
        "too many passbooks and journals are being watched: try again later",
        "同时关注的连接过多：请稍后重试";
}

impl From<NotPosted> for Status {
    fn from(err: NotPosted) -> Self {
        match err {
            NotPosted::Refused(refused) => status::refused(&refused),
            NotPosted::Overloaded => QUEUE_FULL.into(),
            NotPosted::Stopping => STOPPING.into(),
            NotPosted::TooLarge { .. } => ENTRY_TOO_LARGE.into(),
            NotPosted::StorageFailed => STORAGE_FAILED.into(),
            NotPosted::StorageFull => STORAGE_FULL.into(),
            NotPosted::ReadOnly => READ_ONLY.into(),
        }
    }
}

/// The status of a vault that fails; the log says why.
pub(super) fn vault_failed(err: &(dyn std::error::Error + 'static)) -> Status {
    tracing::error!(error = err, "the vault failed");
    match err.downcast_ref::<WriteError>() {
        Some(err) if err.is_full() => VAULT_FULL.into(),
        _ => VAULT_FAILED.into(),
    }
}

/// The status of a journal that cannot be read; the log says why.
pub(super) fn unreadable(err: &(dyn std::error::Error + 'static)) -> Status {
    tracing::error!(error = err, "the journal cannot be read");
    JOURNAL_UNREADABLE.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_stands_in_the_page_of_the_api() {
        let page = include_str!("../../proto/README.md");
        for it in ALL {
            assert!(page.contains(&format!("`{}`", it.reason)), "{}", it.reason);
        }
    }
}
