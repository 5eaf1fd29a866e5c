//! The sheet of a result: the text that anyone can compute again and compare by its digest.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::{Candidate, Fate, Inputs, Seat, Selection};
use crate::{BranchNo, Ledger, ResultDigest};

/// Writes the sheet: CSV in UTF-8 with LF, the inputs first, then a row for everybody who was
/// looked at. It names passbooks, and no person.
pub fn sheet(
    ledger: &Ledger<'_>,
    inputs: &Inputs<'_>,
    selection: &Selection,
    mut out: impl FnMut(&str),
) {
    let code = |it: BranchNo| ledger.branch(it).map(|it| it.code.to_string()).unwrap_or_default();
    let branch = inputs.branch.map(code).unwrap_or_default();
    out("love bank selection,1\n");
    for (name, value) in [
        ("programme", inputs.programme.name.to_string()),
        ("rulebook", inputs.rulebook.to_string()),
        ("year", inputs.view.year.to_string()),
        ("from", inputs.view.days.from.to_string()),
        ("until", inputs.view.days.until.to_string()),
        ("branch", branch),
        ("as_of_entry", inputs.view.as_of.to_string()),
        ("candidates", selection.candidates.len().to_string()),
        ("chosen", selection.chosen_count().to_string()),
    ] {
        out(&format!("{name},{value}\n"));
    }
    let keys = (1..=inputs.programme.order.len()).map(|it| format!(",score_{it}"));
    let keys: String = keys.collect();
    out(&format!("fate,place,passbook,branch,minutes{keys},not_met,waived\n"));
    let keys = inputs.programme.order.len();
    let mut line = String::new();
    for it in &selection.candidates {
        line.clear();
        // Writing to a text cannot fail.
        row(&mut line, it, &code(it.home), keys).ok();
        out(&line);
    }
}

fn row(line: &mut String, it: &Candidate, branch: &str, keys: usize) -> std::fmt::Result {
    let place = it.place.map(|it| it.to_string()).unwrap_or_default();
    let (fate, minutes) = (word(it.fate), it.minutes.get());
    write!(line, "{fate},{place},{},{branch},{minutes}", it.passbook)?;
    for key in 0..keys {
        let score = it.scores.get(key).copied().flatten().map(|it: Decimal| it.normalize());
        line.push(',');
        if let Some(it) = score {
            write!(line, "{it}")?;
        }
    }
    for bits in [it.failed, it.waived] {
        line.push(',');
        let unmet = (0..32_u32).filter(|it| bits.checked_shr(*it).unwrap_or(0) & 1 == 1);
        let unmet = unmet.map(|it| it.saturating_add(1).to_string());
        line.push_str(&unmet.collect::<Vec<_>>().join(" "));
    }
    line.push('\n');
    Ok(())
}

fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Chosen(Seat::Branch) => "chosen_of_branch",
        Fate::Chosen(Seat::Best) => "chosen",
        Fate::Chosen(Seat::Tie) => "chosen_as_equal",
        Fate::NoPlace => "no_place",
        Fate::NotEligible => "not_eligible",
        Fate::Removed => "removed",
    }
}

/// The digest of the sheet.
pub fn digest(ledger: &Ledger<'_>, inputs: &Inputs<'_>, selection: &Selection) -> ResultDigest {
    let mut hash = Sha256::new();
    sheet(ledger, inputs, selection, |text| hash.update(text.as_bytes()));
    ResultDigest::new(hash.finalize().into())
}
