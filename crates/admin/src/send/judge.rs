//! The verdicts of the bank, and those of the reading, on the rows of a sheet.

use std::collections::HashMap;

use lovebank_wire::v1;

use crate::{
    cli::Lang,
    import::{
        Line, MalformedRow, Row, Sheet,
        verdict::{Judged, Verdict},
    },
};

/// Every row of a sheet with its verdict; what has no answer was not sent.
pub(super) fn rows(
    lang: Lang,
    sheet: &Sheet,
    answers: Vec<v1::ImportHoursResponse>,
) -> Vec<Judged> {
    let verdicts = answers.into_iter().flat_map(|it| it.verdicts);
    let verdicts: HashMap<usize, v1::RowVerdict> =
        verdicts.filter_map(|it| Some((usize::try_from(it.line).ok()?, it))).collect();
    let judge = |line: &Line| match line {
        Line::Malformed(row) => malformed(lang, row),
        Line::Row(row) => match verdicts.get(&row.line) {
            Some(verdict) => judged(lang, row, verdict),
            None => of(row, Verdict::NotSent),
        },
    };
    sheet.lines.iter().map(judge).collect()
}

fn malformed(lang: Lang, row: &MalformedRow) -> Judged {
    let told = lang.pick(row.fault.english(), row.fault.chinese());
    let place = match (row.column, &row.header) {
        (Some(column), Some(header)) => {
            lang.pick(format!("column {column} {header}: "), format!("第 {column} 列 {header}："))
        }
        (Some(column), None) => {
            lang.pick(format!("column {column}: "), format!("第 {column} 列："))
        }
        (None, _) => String::new(),
    };
    Judged {
        file: row.file.clone(),
        line: row.line,
        volunteer: String::new(),
        activity: String::new(),
        minutes: None,
        verdict: Verdict::Malformed,
        reason: Some(row.fault.code().to_owned()),
        message: Some(format!("{place}{told}")),
    }
}

fn of(row: &Row, verdict: Verdict) -> Judged {
    Judged {
        file: row.file.clone(),
        line: row.line,
        volunteer: row.volunteer.clone(),
        activity: row.activity.clone(),
        minutes: Some(row.time.minutes()),
        verdict,
        reason: None,
        message: None,
    }
}

fn judged(lang: Lang, row: &Row, it: &v1::RowVerdict) -> Judged {
    let judged = verdict(lang, row, it);
    let Some(no) = Some(it.merged_into_passbook_no).filter(|it| *it != 0) else { return judged };
    // Whether anything was booked there is for the verdict to say.
    let merged = lang.pick(
        format!("the number was merged into passbook {no} of the same person"),
        format!("该号码已并入同一人的存折 {no}"),
    );
    let message = match judged.message.as_deref().filter(|it| !it.is_empty()) {
        Some(said) => lang.pick(format!("{said}; {merged}"), format!("{said}；{merged}")),
        None => merged,
    };
    Judged { message: Some(message), ..judged }
}

fn verdict(lang: Lang, row: &Row, it: &v1::RowVerdict) -> Judged {
    let verdict = match it.verdict() {
        v1::Verdict::New => Verdict::New,
        v1::Verdict::NewPending => Verdict::NewPending,
        v1::Verdict::Deduction => Verdict::Deduction,
        v1::Verdict::Same => Verdict::Same,
        v1::Verdict::Duplicate => Verdict::DuplicateInFile,
        v1::Verdict::Corrected => Verdict::Correction,
        v1::Verdict::Reversed => Verdict::Reversal,
        v1::Verdict::Zero => {
            let reason = Some("ZERO_MINUTES".to_owned());
            return Judged { reason, ..of(row, Verdict::Zero) };
        }
        v1::Verdict::Refused | v1::Verdict::Unspecified => return refused(lang, row, it),
    };
    of(row, verdict)
}

fn refused(lang: Lang, row: &Row, it: &v1::RowVerdict) -> Judged {
    let refusal = it.refusal.clone().unwrap_or_default();
    let verdict = match refusal.reason.as_str() {
        "VOLUNTEER_UNKNOWN" => Verdict::UnknownVolunteer,
        "DAY_FULL" => Verdict::OverLadder,
        "OVERLAP" => Verdict::Overlap,
        other => Verdict::Refused { code: other.to_owned() },
    };
    let message = lang.pick(refusal.message, refusal.message_zh);
    Judged { reason: Some(refusal.reason), message: Some(message), ..of(row, verdict) }
}
