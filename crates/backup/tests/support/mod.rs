//! A shelf for files, and what stands in them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lovebank_backup::{Backup, BackupWriter, BadBackup, Files, Plan};
use lovebank_journal::{Head, Sealed};

/// When the files of these tests were made.
const MADE_AT: u64 = 1_700_000_000;

/// A directory of backups.
pub(crate) struct Shelf(tempfile::TempDir);

#[allow(dead_code, reason = "each test uses a part of it")]
impl Shelf {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn directory(&self) -> &Path {
        self.0.path()
    }

    /// Writes a backup, of a journal or of what follows another.
    pub(crate) fn write(&self, name: &str, after: Option<&Backup>, entries: &[Sealed]) -> Backup {
        let last = entries.last().expect("some entries");
        let last = Head { no: last.no().get(), seal: last.seal() };
        let plan = Plan { made_at: MADE_AT, after: after.map(|it| *it.header()), last };
        let mut writer = BackupWriter::create(&self.path(name), plan).expect("a new file");
        for it in entries {
            writer.push(it.bytes()).expect("it follows");
        }
        writer.finish().expect("written")
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a directory");
        let name = |it: std::io::Result<fs::DirEntry>| it.expect("an entry").file_name();
        let mut names: Vec<_> = entries.map(|it| name(it).into_string().expect("a name")).collect();
        names.sort();
        names
    }
}

/// All entries of files, if they hold.
#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Sealed>, BadBackup> {
    Files::in_order(paths)?.entries().collect()
}

/// The bytes of a header, as the page says them.
#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) fn header_of(entries: &[Sealed], before: Head) -> Vec<u8> {
    let (first, last) = entries.first().zip(entries.last()).expect("some entries");
    [
        b"lovebank-backup-1\n".as_slice(),
        &MADE_AT.to_be_bytes(),
        &first.no().get().to_be_bytes(),
        &last.no().get().to_be_bytes(),
        first.seal().as_bytes(),
        before.seal.as_bytes(),
        last.seal().as_bytes(),
    ]
    .concat()
}
