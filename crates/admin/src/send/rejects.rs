//! Rows to mend and why, in two files beside each other.
//!
//! A file that is there is never written over: a clerk may be mending it, or it may be one of the
//! sheets of this very run. The same rows again are the same files; others get the next number.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::plan::Plan;
use crate::{
    fail::Fail,
    import::{
        Line,
        reject::{self, Reject},
        verdict::Judged,
    },
    out,
};

/// The most versions of one sheet's rejects in a directory.
const VERSIONS: u32 = 999;

/// The two files of a sheet's rejects.
#[derive(Debug)]
struct Pair {
    rows: PathBuf,
    reasons: PathBuf,
}

impl Pair {
    fn of(directory: &Path, stem: &str, version: u32) -> Self {
        let number = if version == 1 { String::new() } else { format!(".{version}") };
        let file = |kind: &str| directory.join(format!("{stem}.{kind}{number}.csv"));
        Self { rows: file("rejected"), reasons: file("reasons") }
    }
}

/// Writes what was rejected of a sheet, where there is any; the file of the rows.
pub(super) fn write(
    directory: &Path,
    plan: &Plan,
    judged: &[Judged],
) -> Result<Option<PathBuf>, Fail> {
    let rejects = rejects(plan, judged);
    if rejects.is_empty() {
        return Ok(None);
    }
    let (mut rows, mut reasons) = (Vec::new(), Vec::new());
    reject::write_rows(&plan.sheet, &rejects, &mut rows).map_err(|err| Fail::local(&err))?;
    reject::write_reasons(&rejects, &mut reasons).map_err(|err| Fail::local(&err))?;
    for version in 1..=VERSIONS {
        let pair = Pair::of(directory, &plan.stem, version);
        if is_free(&pair.rows, &rows)? && is_free(&pair.reasons, &reasons)? {
            create(&pair.rows, &rows)?;
            create(&pair.reasons, &reasons)?;
            return Ok(Some(pair.rows));
        }
    }
    let directory = directory.display();
    Err(Fail::error(
        format!("{directory} holds {VERSIONS} lists of rejects of {}: empty it", plan.label),
        format!("{directory} 中已有 {} 的 {VERSIONS} 份退回清单：请清理", plan.label),
    ))
}

/// The file of an earlier run, where this one has no rejects.
pub(super) fn left(directory: &Path, plan: &Plan) -> Option<PathBuf> {
    let path = Pair::of(directory, &plan.stem, 1).rows;
    path.exists().then_some(path)
}

fn rejects<'a>(plan: &'a Plan, judged: &'a [Judged]) -> Vec<Reject<'a>> {
    let mend = judged.iter().filter(|it| it.verdict.needs_mending());
    let judged: HashMap<usize, &Judged> = mend.map(|it| (it.line, it)).collect();
    let rejects = plan.sheet.lines.iter().filter_map(|line| match line {
        Line::Malformed(row) => Some(Reject::from(row)),
        Line::Row(row) => {
            let it = judged.get(&row.line)?;
            let code = it.reason.as_deref().unwrap_or_default();
            Some(Reject::of_row(row, code, it.message.clone().unwrap_or_default()))
        }
    });
    rejects.collect()
}

/// Whether nothing is there, or the same.
fn is_free(path: &Path, bytes: &[u8]) -> Result<bool, Fail> {
    match fs::read(path) {
        Ok(there) => Ok(there == bytes),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(err) => Err(Fail::file(path, &err)),
    }
}

/// Writes a file, unless the same is there: another run may have come first since one looked.
fn create(path: &Path, bytes: &[u8]) -> Result<(), Fail> {
    let same = || fs::read(path).is_ok_and(|it| it == bytes);
    out::file(path, bytes).or_else(|it| if same() { Ok(()) } else { Err(it) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_that_another_run_wrote_meanwhile_is_taken() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        create(&path, b"rows").unwrap();
        create(&path, b"rows").unwrap();
        assert!(create(&path, b"others").unwrap_err().english.contains("it is there already"));
        assert_eq!(fs::read(&path).unwrap(), b"rows");
    }
}
