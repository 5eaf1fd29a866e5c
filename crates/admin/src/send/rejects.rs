//! Rows to mend and why, in two files beside each other.

use std::{collections::HashMap, fs::File, path::Path};

use super::plan::Plan;
use crate::{
    fail::Fail,
    import::{
        Line,
        reject::{self, Reject},
        verdict::Judged,
    },
};

/// Writes what was rejected of a sheet, where there is any.
pub(super) fn write(directory: &Path, plan: &Plan, judged: &[Judged]) -> Result<(), Fail> {
    let mend = judged.iter().filter(|it| it.verdict.needs_mending());
    let judged: HashMap<usize, &Judged> = mend.map(|it| (it.line, it)).collect();
    let lines = plan.sheet.lines.iter();
    let rejects = lines.filter_map(|line| match line {
        Line::Malformed(row) => Some(Reject::from(row)),
        Line::Row(row) => {
            let it = judged.get(&row.line)?;
            let code = it.reason.as_deref().unwrap_or_default();
            Some(Reject::of_row(row, code, it.message.clone().unwrap_or_default()))
        }
    });
    let rejects: Vec<Reject<'_>> = rejects.collect();
    if rejects.is_empty() {
        return Ok(());
    }
    let file = |ending: &str| {
        let path = directory.join(format!("{}.{ending}.csv", plan.stem));
        let made = File::create(&path);
        made.map(|it| (it, path.clone())).map_err(|err| Fail::file(&path, &err))
    };
    let (rows, path) = file("rejected")?;
    reject::write_rows(&plan.sheet, &rejects, rows).map_err(|err| Fail::file(&path, &err))?;
    let (reasons, path) = file("reasons")?;
    reject::write_reasons(&rejects, reasons).map_err(|err| Fail::file(&path, &err))
}
