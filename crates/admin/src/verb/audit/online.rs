//! The audit of a running bank: its journal over gRPC, and the digest of what it holds.

use lovebank_audit::{Audit, Mark, MarkedBy, Report};
use lovebank_journal::Head;
use lovebank_ledger::{STATE_FORMAT, Seal};
use lovebank_wire::v1;

use super::drift::drift;
use crate::{entries::Entries, fail::Fail, session::Session};

pub(super) async fn audit(session: &Session, mut marks: Vec<Mark>) -> Result<Report, Fail> {
    let mut service = session.bank.journal();
    let told = service.get_state_digest(v1::GetStateDigestRequest::default()).await?.into_inner();
    let seal = Seal::from_slice(&told.seal).ok_or_else(|| Fail::incomplete("seal"))?;
    if 0 < told.seq {
        marks.push(Mark { head: Head { no: told.seq, seal }, by: MarkedBy::Bank });
    }
    let mut report = read(session, told.seq, marks).await?;
    if told.format != STATE_FORMAT {
        session.remark(
            "the bank is of another version, and its state cannot be compared: use the admin \
             program of the same version",
            "服务器版本不同，无法核对其总账：请使用同一版本的管理程序",
        );
    } else if told.digest != report.state.digest.as_bytes() {
        let found = drift(&mut service, &told, &report).await?;
        report.findings.extend(found);
    }
    Ok(report)
}

/// Reads the journal up to an entry, and adds it up.
async fn read(session: &Session, until: u64, marks: Vec<Mark>) -> Result<Report, Fail> {
    let mut entries = Entries::of(session, 1, until);
    let mut audit = Audit::begin(marks, until);
    while let Some(page) = entries.page().await? {
        for it in page {
            audit.take(it.seq, it.entry);
        }
    }
    drop(entries);
    Ok(audit.end())
}
