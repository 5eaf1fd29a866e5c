//! Certificates: issued, shown again, verified by whoever holds one.

use lovebank_ledger::{
    CertificateKind, CertificateNo, CertificateRow, Event, HonourEvent, Ledger, Verb, served,
};
use lovebank_wire::{message, request, scalar, status, v1};
use tonic::Status;

use super::{
    super::{
        code,
        door::{Caller, read_seq, receipt},
        status::CERTIFICATE_UNKNOWN,
    },
    people::shown,
};
use crate::bank::Bank;

/// Lines of what was served, at most.
const LINES_MAX: usize = 1000;

pub(super) async fn issue(
    caller: &Caller,
    message: &v1::IssueCertificateRequest,
) -> Result<v1::IssueCertificateResponse, Status> {
    let command = request::issue_certificate(message, &caller.resolve())?;
    let made = caller.submit("IssueCertificate", message, command).await?;
    let mut certificate = None;
    if let Event::Honour(HonourEvent::CertificateIssued(it)) = &made.entry.event
        && !made.validated_only
    {
        certificate = Some(known(caller, it.no).await?);
    }
    Ok(v1::IssueCertificateResponse { receipt: Some(receipt(&made)), certificate })
}

pub(super) async fn get(
    caller: &Caller,
    message: &v1::GetCertificateRequest,
) -> Result<v1::GetCertificateResponse, Status> {
    let no = scalar::number("certificate_no", message.certificate_no, CertificateNo::new)?;
    let certificate = known(caller, no).await?;
    let read_seq = read_seq(&caller.bank.reader.ledger());
    Ok(v1::GetCertificateResponse { read_seq, certificate: Some(certificate) })
}

/// A certificate, for one who may issue it.
async fn known(caller: &Caller, no: CertificateNo) -> Result<v1::Certificate, Status> {
    let mut certificate = {
        let ledger = caller.bank.reader.ledger();
        let row = *ledger.certificate(no).ok_or(CERTIFICATE_UNKNOWN)?;
        let authority = caller.authority(&ledger)?;
        let of = row.certificate.passbook;
        authority.on_passbook(Verb::IssueCertificate, of).map_err(status::refused_read)?;
        told(&ledger, &row)
    };
    certificate.code = code::of_certificate(&caller.bank, no);
    let known = shown(caller, std::iter::once(certificate.passbook_no)).await?;
    let person = known.into_values().next().unwrap_or_default();
    (certificate.volunteer_number, certificate.name) = (person.number, person.name);
    Ok(certificate)
}

/// What a certificate says, as of its entry; the person is the edge's to add.
fn told(ledger: &Ledger<'_>, row: &CertificateRow) -> v1::Certificate {
    let it = &row.certificate;
    let mut told = v1::Certificate {
        certificate_number: message::certificate_number(it.no),
        certificate_no: it.no.get(),
        passbook_no: it.passbook.get(),
        issued_date: Some(scalar::to_date(it.issued)),
        branch_code: message::branch_code(ledger, it.branch),
        branch_name: branch_name(ledger, it.branch),
        bank_name: ledger.bank_name().unwrap_or_default().to_owned(),
        seq: row.entry.get(),
        ..<_>::default()
    };
    match it.kind {
        CertificateKind::Service { days, minutes, services } => {
            told.service = Some(span(days));
            (told.minutes, told.services) = (minutes, services);
            let sum = served(ledger, it.passbook, days, Some(row.entry));
            let mut activities: Vec<_> = sum.activities.into_iter().collect();
            activities.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0));
            let lines = activities.into_iter().take(LINES_MAX).filter_map(|(no, minutes)| {
                let activity = ledger.activity(no)?;
                Some(v1::CertificateLine {
                    activity_name: activity.name.to_string(),
                    branch_name: branch_name(ledger, activity.branch),
                    minutes: minutes.get(),
                })
            });
            told.lines = lines.collect();
        }
        CertificateKind::Honour(honour) => {
            // What it was called when it was issued.
            let rules = ledger.rulebook_on(it.issued).map(|it| &*it.rules);
            told.honour = ledger.honour(honour).map(|it| message::honour(ledger, rules, it));
        }
    }
    told
}

fn branch_name(ledger: &Ledger<'_>, no: lovebank_ledger::BranchNo) -> String {
    ledger.branch(no).map(|it| it.name.to_string()).unwrap_or_default()
}

fn span(days: lovebank_ledger::Days) -> v1::DateSpan {
    v1::DateSpan {
        first_date: Some(scalar::to_date(days.from)),
        last_date: Some(scalar::to_date(days.until)),
    }
}

/// Says whether a certificate holds, to whoever holds its code.
pub(super) async fn verify(
    bank: &Bank,
    message: &v1::VerifyCertificateRequest,
) -> Result<v1::VerifyCertificateResponse, Status> {
    let no = code::certificate(bank, &message.code)?;
    let (mut answer, volunteer) = {
        let ledger = bank.reader.ledger();
        let row = *ledger.certificate(no).ok_or(CERTIFICATE_UNKNOWN)?;
        let volunteer = ledger.volunteer(row.certificate.passbook).map(|it| it.volunteer);
        (held_against(&ledger, &row), volunteer)
    };
    if let Some(volunteer) = volunteer {
        let vault = bank.vault.clone();
        let person = tokio::task::spawn_blocking(move || vault.get(volunteer)).await;
        let person = person.map_err(|err| super::super::status::vault_failed(&err))?;
        let person = person.map_err(|err| super::super::status::vault_failed(&err))?;
        let name = person.and_then(|it| it.name);
        answer.masked_name = name.map(|it| it.masked()).unwrap_or_default();
    }
    Ok(answer)
}

fn held_against(ledger: &Ledger<'_>, row: &CertificateRow) -> v1::VerifyCertificateResponse {
    let told = told(ledger, row);
    let mut answer = v1::VerifyCertificateResponse {
        read_seq: read_seq(ledger),
        certificate_number: told.certificate_number,
        masked_name: String::new(),
        issued_date: told.issued_date,
        branch_name: told.branch_name,
        service: told.service,
        minutes: told.minutes,
        minutes_now: 0,
        honour: told.honour,
        holds: false,
    };
    match row.certificate.kind {
        CertificateKind::Service { days, minutes, .. } => {
            let now = served(ledger, row.certificate.passbook, days, None).minutes.get();
            (answer.minutes_now, answer.holds) = (now, now == minutes);
        }
        CertificateKind::Honour(_) => {
            answer.holds = answer.honour.as_ref().is_some_and(|it| it.revoked_seq == 0);
        }
    }
    if let Some(honour) = answer.honour.as_mut() {
        (honour.passbook_no, honour.run_no) = (0, 0);
    }
    answer
}
