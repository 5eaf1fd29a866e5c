//! Opening: private files, the right settings, a check for damage, the schema, the secret.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{error::OpenError, pool::Pool, schema, seal, tag::Tagger};

/// The vault's own directory, in the data directory.
pub(crate) const DIRECTORY: &str = "vault";
/// The database in it.
pub(crate) const FILE: &str = "vault.sqlite";
/// What `SQLite` rolls back from.
pub(crate) const JOURNAL: &str = "vault.sqlite-journal";
/// Connections that read.
const READERS: usize = 4;

/// What every connection runs with.
///
/// - `secure_delete`: what is deleted is overwritten with zeros.
/// - `journal_mode = TRUNCATE`: the rollback journal, which holds old values, is emptied at each
///   commit. A write-ahead log would keep erased values until its next checkpoint.
/// - `synchronous = FULL`: journal and file are synced at each commit, and so is the journal's
///   truncation. `EXTRA` would add a sync of the directory, which counts when a journal is
///   deleted; this one stays.
/// - `cache_spill`, `temp_store`: nothing reaches the file before the commit, and no copy ever
///   reaches the system's directory for temporary files.
/// - `trusted_schema`, `cell_size_check`: a damaged or doctored file is met with suspicion.
const SETTINGS: &str = "
    PRAGMA secure_delete = ON;
    PRAGMA journal_mode = TRUNCATE;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_spill = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA busy_timeout = 10000;
";

/// Rewrites the file without what deleted values left in it.
pub(crate) const SCRUB: &str = "VACUUM; UPDATE vault SET residue = 0, erasing = 0";

/// Opens `<data>/vault/vault.sqlite`, or makes it.
pub(crate) fn open(data: &Path) -> Result<(Pool, Tagger), OpenError> {
    let path = private_file(data)?;
    let mut writer = connect(&path).map_err(|it| damage_or(it, &path))?;
    check(&writer, &path)?;
    schema::migrate(&mut writer, &path)?;
    finish_erasure(&writer)?;
    let tagger = Tagger::new(&secret(&mut writer)?);
    let readers = (0..READERS).map(|_| reader(&path)).collect::<Result<_, _>>()?;
    Ok((Pool::new(writer, readers), tagger))
}

/// The file, with its directory, readable by this user alone. `SQLite` gives its journal the
/// permissions of the file.
fn private_file(data: &Path) -> Result<PathBuf, OpenError> {
    let directory = data.join(DIRECTORY);
    let path = directory.join(FILE);
    private_directory(data, &directory)
        .map_err(|source| OpenError::Files { path: directory.clone(), source })?;
    make_private(&directory, &path)
        .and_then(|()| seal::finish(&directory))
        .map_err(|source| OpenError::Files { path: path.clone(), source })?;
    Ok(path)
}

fn private_directory(data: &Path, directory: &Path) -> io::Result<()> {
    fs::create_dir_all(data)?;
    if !directory.is_dir() {
        DirBuilder::new().mode(0o700).create(directory)?;
        File::open(data)?.sync_all()?;
    }
    fs::set_permissions(directory, Permissions::from_mode(0o700))
}

fn make_private(directory: &Path, path: &Path) -> io::Result<()> {
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    File::open(directory)?.sync_all()
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// A reader may roll back what a crash left, so it is no read-only connection, but it changes
/// nothing.
fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    Ok(connection)
}

fn check(writer: &Connection, path: &Path) -> Result<(), OpenError> {
    let finding: String = writer
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|it| damage_or(it, path))?;
    if finding == "ok" {
        return Ok(());
    }
    Err(OpenError::Damaged { path: path.to_owned(), finding })
}

/// What an erasure that was cut off left to do.
fn finish_erasure(writer: &Connection) -> Result<(), OpenError> {
    let cut_off = "SELECT EXISTS (SELECT 1 FROM vault WHERE erasing = 1)";
    if writer.query_row(cut_off, [], |row| row.get(0))? {
        writer.execute_batch(SCRUB)?;
    }
    Ok(())
}

fn damage_or(error: rusqlite::Error, path: &Path) -> OpenError {
    let code = error.sqlite_error_code();
    if matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) {
        return OpenError::Damaged { path: path.to_owned(), finding: error.to_string() };
    }
    OpenError::Sqlite(error)
}

/// The secret of the tags; made at the first open.
fn secret(writer: &mut Connection) -> Result<[u8; 32], OpenError> {
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh).map_err(OpenError::Random)?;
    writer.execute("INSERT OR IGNORE INTO vault (id, secret) VALUES (1, ?1)", [fresh])?;
    Ok(writer.query_row("SELECT secret FROM vault", [], |row| row.get(0))?)
}
