//! Certificates (志愿服务记录证明) of what the journal says.

use super::{Desk, HonourDecision};
use crate::{
    CertificateKind, CertificateNo, CertificateOf, HonourEvent, Minutes, NewCertificate,
    PassbookNo, Refusal, Verb, VolunteerRef, decide::desk::next_number, served,
};

/// Issues a certificate: what it says is taken from the ledger, now.
pub(super) fn issue(desk: &Desk<'_>, volunteer: VolunteerRef, of: CertificateOf) -> HonourDecision {
    let passbook = desk.passbook_for(Verb::IssueCertificate, volunteer)?;
    desk.authority.on_passbook(Verb::IssueCertificate, passbook)?;
    let row = desk.ledger.volunteer(passbook).ok_or(Refusal::VolunteerUnknown)?;
    let certificate = NewCertificate {
        no: next_number(desk.ledger.certificates.len(), CertificateNo::new)?,
        passbook,
        branch: row.branch,
        issued: desk.today,
        kind: kind(desk, passbook, of)?,
    };
    Ok((HonourEvent::CertificateIssued(certificate), Vec::new()))
}

fn kind(
    desk: &Desk<'_>,
    passbook: PassbookNo,
    of: CertificateOf,
) -> Result<CertificateKind, Refusal> {
    match of {
        CertificateOf::Service(days) => {
            let sum = served(desk.ledger, passbook, days, None);
            if sum.minutes <= Minutes::ZERO {
                return Err(Refusal::NothingServed { from: days.from, until: days.until });
            }
            let (minutes, services) = (sum.minutes.get(), sum.services);
            Ok(CertificateKind::Service { days, minutes, services })
        }
        CertificateOf::Honour(honour) => {
            let row = desk.ledger.honour(honour).ok_or(Refusal::HonourUnknown { honour })?;
            if desk.ledger.person(row.honour.passbook) != passbook {
                return Err(Refusal::HonourUnknown { honour });
            }
            if row.revoked.is_some() {
                return Err(Refusal::HonourRevoked { honour });
            }
            Ok(CertificateKind::Honour(honour))
        }
    }
}
