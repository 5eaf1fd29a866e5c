//! Runs, objections and certificates, as messages.

use lovebank_ledger::{
    ActorNo, CertificateNo, Ledger, ObjectionNo, ObjectionRow, PassbookNo, RunRow,
};

use super::branch_code;
use crate::{kinds, scalar, v1};

/// A run as it stands; numbers of volunteers and written reasons are the edge's to add.
pub fn run(ledger: &Ledger<'_>, row: &RunRow) -> v1::Run {
    let it = &row.run;
    let rules = ledger.rulebook(it.rulebook);
    let programme = rules.and_then(|rules| rules.rules.programme(&it.programme));
    let open = |it: &&ObjectionNo| ledger.objection(**it).is_some_and(|it| it.answer.is_none());
    let exceptions = row.exceptions.iter().map(|((passbook, condition), it)| v1::RunException {
        passbook_no: PassbookNo::get(*passbook),
        volunteer_number: String::new(),
        condition: u32::from(*condition).saturating_add(1),
        reason: String::new(),
        proposed_by: handle(ledger, it.proposed_by),
        confirmed_by: it.confirmed_by.map(|it| handle(ledger, it)).unwrap_or_default(),
    });
    let level = programme.map(|it| kinds::to_honour_level(it.level));
    v1::Run {
        run_no: it.no.get(),
        programme: it.programme.to_string(),
        english: programme.map(|it| it.english.clone()).unwrap_or_default(),
        chinese: programme.map(|it| it.chinese.clone()).unwrap_or_default(),
        level: level.unwrap_or_default().into(),
        rulebook_version: u32::try_from(it.rulebook.get()).unwrap_or(u32::MAX),
        year: i32::from(it.year),
        first_date: Some(scalar::to_date(it.days.from)),
        last_date: Some(scalar::to_date(it.days.until)),
        branch_code: it.branch.map(|it| branch_code(ledger, it)).unwrap_or_default(),
        as_of_seq: it.as_of.get(),
        state: kinds::to_run_state(row.state).into(),
        digest: row.result.digest.to_string(),
        chosen: u32::try_from(row.result.chosen.len()).unwrap_or(u32::MAX),
        notice_first_date: row.notice.map(|it| scalar::to_date(it.first)),
        notice_last_date: row.notice.map(|it| scalar::to_date(it.last)),
        notice_certain: row.notice.is_some_and(|it| it.certain),
        exceptions: exceptions.collect(),
        objections: u32::try_from(row.objections.len()).unwrap_or(u32::MAX),
        open_objections: u32::try_from(row.objections.iter().filter(open).count())
            .unwrap_or(u32::MAX),
        seq: row.entry.get(),
        recorded_at: ledger.recorded_at(row.entry).map(scalar::to_timestamp),
        created_by: handle(ledger, row.actor),
        decided_seq: row.decided.get(),
    }
}

fn handle(ledger: &Ledger<'_>, actor: ActorNo) -> String {
    ledger.handle(actor).map(ToString::to_string).unwrap_or_default()
}

/// An objection as it stands; number, words and answer are the edge's to add.
pub fn objection(ledger: &Ledger<'_>, no: ObjectionNo, it: &ObjectionRow) -> v1::Objection {
    let at = |entry| ledger.recorded_at(entry).map(scalar::to_timestamp);
    v1::Objection {
        objection_no: no.get(),
        run_no: it.run.get(),
        passbook_no: it.about.get(),
        volunteer_number: String::new(),
        filed_by: handle(ledger, it.actor),
        filed_at: at(it.entry),
        text: String::new(),
        answered: it.answer.is_some(),
        upheld: it.answer.is_some_and(|it| it.upheld),
        answer: String::new(),
        answered_by: it.answer.map(|it| handle(ledger, it.actor)).unwrap_or_default(),
        answered_at: it.answer.and_then(|it| at(it.entry)),
    }
}

/// The number of a certificate, as it is printed.
pub fn certificate_number(no: CertificateNo) -> String {
    format!("LB-{:09}", no.get())
}
