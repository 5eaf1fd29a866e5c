//! Where the running bank holds something else than its journal adds up to: which table, which row.

use lovebank_audit::{Finding, Report, What};
use lovebank_ledger::{Ledger, PassbookNo, TableDigest};
use lovebank_wire::v1;
use tonic::Status;

type Service = crate::client::Journals;

/// A finding for each table that differs. A row is looked for where the bank has not moved on.
pub(super) async fn drift(
    service: &mut Service,
    told: &v1::GetStateDigestResponse,
    report: &Report,
) -> Result<Vec<Finding>, Status> {
    let mut findings = Vec::new();
    for expected in &report.state.tables {
        let found = told.tables.iter().find(|it| it.name == expected.name);
        let rows = found.map_or(0, |it| it.rows);
        if found.is_some_and(|it| it.digest == expected.digest.as_bytes()) {
            continue;
        }
        let row = first_row(service, told.seq, expected, (rows, &report.ledger)).await?;
        let row = row.map(|it| it.saturating_add(1));
        findings.push(Finding::general(What::StateDrifted {
            table: expected.name.to_owned(),
            row,
            expected: said(expected, row, &report.ledger),
            found: format!("{rows} rows"),
        }));
    }
    if findings.is_empty() {
        // Then it is what stands in no table.
        findings.push(Finding::general(What::StateDrifted {
            table: "bank".to_owned(),
            row: None,
            expected: report.state.digest.to_string(),
            found: hex::encode(&told.digest),
        }));
    }
    Ok(findings)
}

/// What the journal adds up to, as far as it is told in a few words.
fn said(table: &TableDigest, row: Option<u64>, ledger: &Ledger<'_>) -> String {
    let passbook =
        row.filter(|_| table.name == "passbooks").and_then(|it| PassbookNo::new(it).ok());
    match passbook.and_then(|it| ledger.passbook(it)) {
        Some(it) => {
            format!(
                "passbook with {} minutes, {} points, {} lines",
                it.minutes, it.points, it.lines
            )
        }
        None => format!("{} rows", table.rows),
    }
}

/// The first row that differs, by halves; none where the bank has moved on meanwhile.
async fn first_row(
    service: &mut Service,
    seq: u64,
    table: &TableDigest,
    (rows, ledger): (u64, &Ledger<'static>),
) -> Result<Option<u64>, Status> {
    let (mut from, mut until) = (0, rows.max(table.rows));
    while 1 < until.saturating_sub(from) {
        let half = until.saturating_sub(from) / 2;
        let middle = from.saturating_add(half);
        let request = v1::GetStateDigestRequest {
            table: table.name.to_owned(),
            first_row: from,
            row_count: half,
            ..<_>::default()
        };
        let told = service.get_state_digest(request).await?.into_inner();
        if told.seq != seq {
            return Ok(None);
        }
        let own = ledger.rows_digest(table.name, from..middle);
        if own.is_some_and(|it| it.as_bytes().as_slice() == told.digest) {
            from = middle;
        } else {
            until = middle;
        }
    }
    Ok((from < until).then_some(from))
}
