//! The handle.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use lovebank_ledger::{Fingerprint, NumberTag};

use crate::{
    error::{OpenError, WriteError},
    number::VolunteerNumber,
    numbers::Numbers,
    open::{self, SCRUB},
    pool::Pool,
    tag::Tagger,
};

/// The most that one call takes or gives.
pub const BATCH_MAX: usize = 1_000;

/// The vault of one bank. Clones share it. Calls block, on a write for the disk's syncs, so
/// async code calls it where blocking is allowed.
#[derive(Debug, Clone)]
pub struct Vault {
    pub(crate) pool: Arc<Pool>,
    pub(crate) numbers: Numbers,
    pub(crate) tagger: Tagger,
    pub(crate) directory: PathBuf,
    /// Held while the vault is being sealed.
    pub(crate) sealing: Arc<Mutex<()>>,
}

impl Vault {
    /// Opens `<data>/vault/vault.sqlite`, or makes it, private to this user; brings an older
    /// file to the present schema and refuses a damaged one.
    pub fn open(data: &Path) -> Result<Self, OpenError> {
        let (pool, tagger) = open::open(data)?;
        let (pool, numbers) = (Arc::new(pool), Numbers::default());
        let directory = data.join(open::DIRECTORY);
        Ok(Self { pool, numbers, tagger, directory, sealing: Arc::default() })
    }

    /// What the journal may know of a number: the same for every way of writing it, and
    /// different in every bank.
    pub fn tag(&self, number: &VolunteerNumber) -> NumberTag {
        self.tagger.tag(number)
    }

    /// A digest under the vault's secret: without it nobody can try out what a request asked,
    /// and so nobody reads a number or a name out of the journal.
    pub fn keyed(&self, it: Fingerprint) -> Fingerprint {
        let mut keyed = [0; 16];
        let proof = self.tagger.proof(&format!("fingerprint {it}"));
        for (to, from) in keyed.iter_mut().zip(proof) {
            *to = from;
        }
        Fingerprint::new(keyed)
    }

    /// A proof that only this bank can make of a text, for codes that are shown and come back.
    pub fn proof(&self, text: &str) -> [u8; 32] {
        self.tagger.proof(text)
    }

    /// Rewrites the file without what deleted values have left in it, and says whether there
    /// was any need to.
    ///
    /// Overwriting deleted rows is not enough: when `SQLite` splits a page, a copy of the rows
    /// that move may stay in its unused part, out of reach of `secure_delete`. An erasure ends
    /// with this; changed and removed rows wait for the next call. It takes time by the size of
    /// the file, and meanwhile nothing is read or written.
    pub fn scrub(&self) -> Result<bool, WriteError> {
        let due: bool = self.pool.write(|change| {
            Ok(change.query_row("SELECT residue FROM vault", [], |row| row.get(0))?)
        })?;
        if due {
            self.pool.alone(SCRUB)?;
        }
        Ok(due)
    }

    /// Writes a whole copy, private to this user and synced, while the vault stays in service.
    /// It holds the secret too. Taken after the journal's copy it knows everyone in that one. A
    /// file that exists is left alone.
    pub fn copy_to(&self, path: &Path) -> Result<(), WriteError> {
        let failed = |source: io::Error| WriteError::Copy { path: path.to_owned(), source };
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = file.map_err(failed)?;
        let name = path.to_str().ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?;
        self.pool.copy_into(name)?;
        file.sync_all().map_err(failed)?;
        let directory = path.parent().filter(|it| !it.as_os_str().is_empty());
        let directory = File::open(directory.unwrap_or(Path::new("."))).map_err(failed)?;
        directory.sync_all().map_err(failed)
    }
}

/// What is over a batch's bound, or nothing.
pub(crate) fn over(given: usize) -> Option<(usize, usize)> {
    (BATCH_MAX < given).then_some((given, BATCH_MAX))
}
