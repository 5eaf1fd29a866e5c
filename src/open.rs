//! Opening a bank: the journal verified and replayed, the vault swept, a new bank founded.

use std::{
    fmt,
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context as _;
use lovebank_backup::RESTORING;
use lovebank_journal::Journal as _;
use lovebank_ledger::{
    BranchName, Context, DEFAULT_RULEBOOK, EntryNo, Fingerprint, Founding, Handle, Ledger,
    Rulebook, VolunteerId, Zone,
};
use lovebank_vault::{Beside, Standing, Vault, WriteError};
use tokio::sync::watch;

use crate::{
    bank::{Bank, fresh_request},
    clock::Clock,
    config::Config,
    engine::{self, Engine, Severity},
    grpc::Secret,
    metrics::Metrics,
    witness::{self, Contradicted, Witness},
    writer::{self, Replayed, Setup, WriterThread},
};

/// Entries between two lines of progress.
const PROGRESS: u64 = 1_000_000;

/// What lies in the data directory is not to be trusted, and trying again does not mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Untrusted;

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bank is not opened, and starting it again does not mend that")
    }
}

/// A bank that is open, and its writer's thread.
pub(crate) struct Opened {
    pub(crate) bank: Bank,
    pub(crate) writer: WriterThread,
}

/// Opens the bank of a data directory; founds one where there is none.
pub(crate) fn open(
    config: &Config,
    clock: Clock,
    metrics: Metrics,
    stopping: watch::Receiver<bool>,
) -> anyhow::Result<Opened> {
    let begun = Instant::now();
    make_room(config)?;
    let (mut journal, report) = engine::open(config).map_err(|err| {
        let refused = matches!(err, engine::OpenError::Refused(_));
        let err = anyhow::Error::from(err);
        if refused { err.context(Untrusted) } else { err }
    })?;
    match report.severity() {
        Severity::Info => tracing::info!(%report, "the journal is verified"),
        Severity::Warn => tracing::warn!(%report, "the journal was damaged and is healed"),
    }
    heard(config, &journal)?;
    let vault = Vault::open(&config.data).context("the vault cannot be opened")?;
    let replayed = if journal.head().no == 0 {
        if !vault.is_empty()? {
            let err = anyhow::anyhow!(
                "there is personal data in {} and no journal beside it: put the journal back, or \
                 choose another data directory for a new bank",
                config.data.display()
            );
            return Err(err.context(Untrusted));
        }
        found(config, &clock, &mut journal)?
    } else {
        replay(&journal)?
    };
    sweep(&vault, &replayed.ledger)?;
    begin_witness(config, &replayed.ledger)?;
    metrics.opened(begun.elapsed());
    metrics.ledger(&replayed.ledger);
    let setup = Setup {
        queue_max: config.queue_max,
        group_max: config.group_max,
        clock: clock.clone(),
        metrics: metrics.clone(),
    };
    let (writer, reader, thread) = writer::start(journal, replayed, setup)?;
    let bank = Bank { writer, reader, vault, clock, metrics, stopping };
    Ok(Opened { bank, writer: thread })
}

/// Makes the data directory, where no restore was cut off in it.
fn make_room(config: &Config) -> anyhow::Result<()> {
    let data = config.data.display();
    fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot make the data directory {data}"))?;
    if !config.data.join(RESTORING).exists() {
        return Ok(());
    }
    let err = anyhow::anyhow!(
        "a restore into {data} was cut off, and {RESTORING} is left of it: delete that, and \
         restore again"
    );
    Err(err.context(Untrusted))
}

/// Whether the witness has seen no more, and nothing else, than the journal has.
fn heard(config: &Config, journal: &Engine) -> anyhow::Result<()> {
    let Some(path) = &config.witness_file else { return Ok(()) };
    let head = journal.head();
    let found = Witness::at(path).check(head, &journal.reader()).map_err(|err| {
        let failed = matches!(err, Contradicted::Io { .. });
        let err = anyhow::Error::from(err);
        if failed { err } else { err.context(Untrusted) }
    })?;
    if !found && head.no != 0 {
        tracing::warn!(
            "there was no witness, and one is begun: if there had been one, find out who took it"
        );
    }
    Ok(())
}

/// Writes the witness before the bank serves, so that one that cannot be written is told.
fn begin_witness(config: &Config, ledger: &Ledger<'_>) -> anyhow::Result<()> {
    let Some(path) = &config.witness_file else { return Ok(()) };
    let written = Witness::at(path).write(witness::head_of(ledger));
    written.with_context(|| format!("the witness cannot be written to {}", path.display()))
}

fn replay(journal: &Engine) -> anyhow::Result<Replayed> {
    let begun = Instant::now();
    let mut told = 0_u64;
    let replayed = writer::replay(&journal.reader(), journal.head().no, |entries| {
        if told.saturating_add(PROGRESS) <= entries {
            told = entries;
            tracing::info!(entries, "replaying");
        }
    })?;
    tracing::info!(
        entries = replayed.entries,
        replay_ms = begun.elapsed().as_millis(),
        "the journal is replayed"
    );
    Ok(replayed)
}

/// Founds a bank: the operator's token is on disk before the entry that lets it in.
fn found(config: &Config, clock: &Clock, journal: &mut Engine) -> anyhow::Result<Replayed> {
    let secret = Secret::generate()?;
    let path = config.data.join("operator.token");
    keep(&path, &secret)?;
    let rulebook = match &config.rulebook {
        Some(path) => fs::read_to_string(path)
            .with_context(|| format!("cannot read the rulebook {}", path.display()))?,
        None => DEFAULT_RULEBOOK.to_owned(),
    };
    let founding = Founding {
        name: BranchName::new(&config.bank_name).context("bank_name")?,
        zone: Zone::named(&config.zone).context("zone")?,
        rulebook: Rulebook::parse(&rulebook).context("the rulebook")?,
        operator: Handle::new("operator").context("operator")?,
        token: secret.hash(),
    };
    let context = Context {
        now: clock.now(),
        request: fresh_request(),
        fingerprint: Fingerprint::new([0; 16]),
        token: None,
    };
    let replayed = writer::found(journal, &founding, &context)?;
    tracing::info!(token = %shown(&path).display(), "a new bank: its first operator token is there");
    let mut out = std::io::stdout();
    // Standard output may be closed; the log says it too.
    writeln!(out, "A new bank. Its first operator token: {}", shown(&path).display()).ok();
    Ok(replayed)
}

fn keep(path: &Path, secret: &Secret) -> anyhow::Result<()> {
    let failed = || format!("cannot write the operator token to {}", path.display());
    // A token that no bank ever knew may lie there, of a start that was cut off.
    match fs::remove_file(path) {
        Err(err) if err.kind() != std::io::ErrorKind::NotFound => {
            return Err(err).with_context(failed);
        }
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file =
        file.as_mut().map_err(|err| std::io::Error::from(err.kind())).with_context(failed)?;
    writeln!(file, "{}", secret.reveal()).with_context(failed)?;
    file.sync_all().with_context(failed)
}

fn shown(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Erases from the vault what the journal never came to know.
fn sweep(vault: &Vault, ledger: &Ledger<'_>) -> anyhow::Result<()> {
    let standing = |it: &VolunteerId| {
        let row = ledger.passbook_of(it).and_then(|no| ledger.volunteer(no));
        match row.map(|it| it.tag) {
            Some(Some(tag)) => Standing::Known(tag),
            Some(None) => Standing::Erased,
            None => Standing::Unknown,
        }
    };
    let swept = vault.sweep(Beside {
        head: ledger.head().map_or(0, EntryNo::get),
        people: ledger.people_count(),
        standing: &standing,
        request: &|it| ledger.request(it).is_some(),
    });
    let swept = swept.map_err(|err| {
        let failed = matches!(err, WriteError::Sqlite(_));
        let err = anyhow::Error::from(err);
        if failed { err } else { err.context(Untrusted) }
    })?;
    if 0 < swept.people || 0 < swept.requests {
        vault.scrub()?;
        tracing::warn!(
            people = swept.people,
            requests = swept.requests,
            "erased from the vault what the journal does not know"
        );
    }
    Ok(())
}
