//! The audit of backups: a full one and its increments, read as one journal.

use std::path::PathBuf;

use lovebank_audit::{Audit, Mark, Report};

use crate::{
    fail::Fail,
    progress::Progress,
    session::Session,
    verb::backup::{bad_backup, from_the_first},
};

pub(super) fn audit(
    session: &Session,
    paths: &[PathBuf],
    marks: Vec<Mark>,
) -> Result<Report, Fail> {
    let files = from_the_first(paths)?;
    let entries = files.last().no;
    let progress = Progress::of(session, entries);
    let mut audit = Audit::begin(marks, entries);
    for entry in files.entries() {
        let entry = entry.map_err(|err| bad_backup(&err))?;
        audit.take(entry.no().get(), entry.into_bytes());
        progress.further(1);
    }
    progress.end();
    Ok(audit.end())
}
