//! The only place that names the engine of the journal.

use lovebank_journal::Journal;
use lovebank_journal_sled::{OpenReport, SledConfig, SledJournal};

use crate::config::Config;

pub(crate) use lovebank_journal_sled::{OpenError, Severity};

/// The engine.
pub type Engine = SledJournal;
/// What reads it.
pub type EngineReader = <SledJournal as Journal>::Reader;

/// Opens the journal of a data directory.
pub fn open(config: &Config) -> Result<(Engine, OpenReport), OpenError> {
    SledJournal::open(&SledConfig {
        data: config.data.clone(),
        mirror: config.mirror.clone(),
        cache_bytes: config.cache_mib.saturating_mul(1024 * 1024),
    })
}
