//! The engines by their names.

use std::path::Path;

use clap::ValueEnum;
use lovebank_journal_sled::{Finding, SledConfig, SledJournal};

use crate::fail::Fail;

/// What sled keeps in memory of a copy.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// Which engine keeps a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Embedded, on one disk or two (内置)
    Sled,
}

impl Engine {
    /// Opens a journal, or begins one; no bank may have it open.
    pub(crate) fn open(self, data: &Path, mirror: Option<&Path>) -> Result<SledJournal, Fail> {
        self.open_as_found(data, mirror).map(|it| it.0)
    }

    /// The same; and what was found, of what is out of the ordinary.
    pub(super) fn open_as_found(
        self,
        data: &Path,
        mirror: Option<&Path>,
    ) -> Result<(SledJournal, Vec<Finding>), Fail> {
        match self {
            Self::Sled => {
                let data = data.to_owned();
                let mirror = mirror.map(Path::to_owned);
                let config = SledConfig { data, mirror, cache_bytes: CACHE_BYTES };
                let opened = SledJournal::open(&config).map_err(|err| Fail::local(&err));
                opened.map(|(journal, report)| (journal, report.findings))
            }
        }
    }
}
