//! The witness: how far the journal had come, kept where whoever sets the data directory back does
//! not reach.
//!
//! It is written beside the writer's way, never before what it tells is durable, and a bank that
//! opens behind it, or with another entry of that number, refuses to.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use lovebank_journal::{Head, ReadError, ReadJournal, chain};
use lovebank_ledger::{EntryNo, Ledger, Seal};
use tokio::sync::watch;

use crate::{bank::Bank, config::Config, stopped};

/// How long the end of a bank waits for a witness on a disk, or a share, that does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it waits after it was written: under load it is behind by so much.
const PAUSE: Duration = Duration::from_secs(1);
const FORMAT: &str = "lovebank-witness-1";
const CHECK_LENGTH: usize = 16;
/// A witness is one line.
const BYTES_MAX: u64 = 512;

/// The witness of a bank.
#[derive(Debug, Clone)]
pub(crate) struct Witness {
    path: PathBuf,
}

/// Why a bank is not opened beside its witness.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Contradicted {
    /// The journal lacks entries that the witness has seen.
    #[error(
        "the witness {} has seen entry {seen}, and the journal ends with entry {head}: it was set \
         back, as by an old copy or a snapshot; restore a backup that reaches entry {seen} \
         (deploy/README.md, \"Restore\"), or, where it was set back on purpose, rename the witness \
         and start again", path.display()
    )]
    Behind {
        /// The witness.
        path: PathBuf,
        /// What it has seen.
        seen: u64,
        /// Where the journal ends.
        head: u64,
    },
    /// The journal has another entry of that number.
    #[error(
        "the witness {} has seen another entry {no} than the journal has: it is another bank's, or \
         entries were exchanged; keep the data directory as it is, run `lovebank-admin audit` on a \
         backup, and see deploy/README.md, \"The witness\"", path.display()
    )]
    Other {
        /// The witness.
        path: PathBuf,
        /// The number of both.
        no: u64,
    },
    /// It says nothing.
    #[error(
        "the witness {} cannot be understood: it was changed; compare it with what was written \
         down elsewhere, then rename it and start again", path.display()
    )]
    Unreadable {
        /// The witness.
        path: PathBuf,
    },
    /// It could not be read.
    #[error("the witness {} could not be read", path.display())]
    Io {
        /// The witness.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The entry that it has seen could not be read.
    #[error("the entry that the witness has seen could not be read")]
    Read(#[from] ReadError),
}

impl Witness {
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Compares it with a journal; whether there was one.
    pub(crate) fn check(
        &self,
        head: Head,
        reader: &impl ReadJournal,
    ) -> Result<bool, Contradicted> {
        let Some(seen) = self.read()? else { return Ok(false) };
        let path = self.path.clone();
        if head.no < seen.no {
            return Err(Contradicted::Behind { path, seen: seen.no, head: head.no });
        }
        let Ok(no) = EntryNo::new(seen.no) else { return Err(Contradicted::Unreadable { path }) };
        let found = reader.read(no, 1)?;
        if found.first().is_none_or(|it| it.seal() != seen.seal) {
            return Err(Contradicted::Other { path, no: seen.no });
        }
        Ok(true)
    }

    fn read(&self) -> Result<Option<Head>, Contradicted> {
        let path = self.path.clone();
        let read = File::open(&self.path).and_then(|it| {
            let mut text = String::new();
            io::Read::read_to_string(&mut io::Read::take(it, BYTES_MAX), &mut text)?;
            Ok(text)
        });
        match read {
            Ok(text) => parse(&text).map(Some).ok_or(Contradicted::Unreadable { path }),
            Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(err) if err.kind() == io::ErrorKind::InvalidData => {
                Err(Contradicted::Unreadable { path })
            }
            Err(source) => Err(Contradicted::Io { path, source }),
        }
    }

    /// Writes it aside, syncs it and puts it in the place of the one before.
    pub(crate) fn write(&self, head: Head) -> io::Result<()> {
        let mut aside = self.path.as_os_str().to_owned();
        aside.push(".unfinished");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&aside)?;
        file.write_all(line(head).as_bytes())?;
        file.sync_all()?;
        fs::rename(&aside, &self.path)?;
        let directory = self.path.parent().filter(|it| !it.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
    }

    /// Writes it as of now; says in the log where that fails, and the bank goes on.
    async fn tell(&self, bank: &Bank) {
        let head = head_of(&bank.reader.ledger());
        let it = self.clone();
        let written = tokio::task::spawn_blocking(move || it.write(head)).await;
        let failed = match written {
            Ok(Ok(())) => None,
            Ok(Err(err)) => Some(err.to_string()),
            Err(err) => Some(err.to_string()),
        };
        bank.metrics.witness(failed.is_some(), head.no);
        if let Some(error) = failed {
            let path = self.path.display();
            tracing::warn!(error, %path, "the witness could not be written");
        }
    }
}

/// The last entry of a ledger.
pub(crate) fn head_of(ledger: &Ledger<'_>) -> Head {
    Head { no: ledger.head().map_or(0, EntryNo::get), seal: ledger.seal() }
}

/// A witness that is kept while the bank serves, where the settings want one.
pub(crate) struct Witnessing(Option<(Witness, tokio::task::JoinHandle<()>)>);

impl Witnessing {
    pub(crate) fn begin(config: &Config, bank: &Bank, stopping: watch::Receiver<bool>) -> Self {
        Self(config.witness_file.as_deref().map(Witness::at).map(|it| {
            let keeping = tokio::spawn(keep(it.clone(), bank.clone(), stopping));
            (it, keeping)
        }))
    }

    /// Its last word, of the last entry; one hand writes at a time.
    pub(crate) async fn end(self, bank: &Bank) {
        let Some((witness, keeping)) = self.0 else { return };
        let told = async {
            keeping.await.ok();
            witness.tell(bank).await;
        };
        if tokio::time::timeout(PATIENCE, told).await.is_err() {
            tracing::error!("the witness does not answer, and is left behind: see where it lies");
        }
    }
}

/// Keeps the witness until the bank stops.
async fn keep(witness: Witness, bank: Bank, mut stopping: watch::Receiver<bool>) {
    let mut head = bank.reader.head();
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => return,
            changed = head.changed() => if changed.is_err() { return },
        }
        head.borrow_and_update();
        witness.tell(&bank).await;
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

fn line(head: Head) -> String {
    let text = format!("{FORMAT} no={} seal={}", head.no, head.seal);
    let check = check(&text);
    format!("{text} check={check}\n")
}

fn parse(text: &str) -> Option<Head> {
    let (text, found) = text.strip_suffix('\n')?.rsplit_once(" check=")?;
    if check(text) != found {
        return None;
    }
    let mut words = text.strip_prefix(FORMAT)?.split_whitespace();
    let no = words.next()?.strip_prefix("no=")?.parse().ok()?;
    let seal = hex::decode(words.next()?.strip_prefix("seal=")?).ok()?;
    Some(Head { no, seal: Seal::from_slice(&seal)? })
}

fn check(text: &str) -> String {
    chain::seal(text.as_bytes()).to_string().chars().take(CHECK_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_reads_back_and_a_changed_one_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let witness = Witness::at(&directory.path().join("witness"));
        assert!(witness.read().unwrap().is_none());
        for no in [1, u64::MAX] {
            let head = Head { no, seal: Seal::new([7; 32]) };
            witness.write(head).unwrap();
            assert_eq!(witness.read().unwrap(), Some(head));
        }
        let text = fs::read_to_string(&witness.path).unwrap();
        for changed in [text.replace("no=1", "no=2"), String::new(), "x".repeat(10_000)] {
            fs::write(&witness.path, changed).unwrap();
            assert!(matches!(witness.read(), Err(Contradicted::Unreadable { .. })));
        }
        fs::write(&witness.path, [0xff]).unwrap();
        assert!(matches!(witness.read(), Err(Contradicted::Unreadable { .. })));
    }

    #[test]
    fn the_line_is_pinned_for_witnesses_are_kept() {
        let line = line(Head { no: 7, seal: Seal::new([1; 32]) });
        let seal = "01".repeat(32);
        assert!(line.starts_with(&format!("lovebank-witness-1 no=7 seal={seal} check=")));
        assert_eq!(line.lines().count(), 1);
    }
}
