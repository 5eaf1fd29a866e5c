//! What the file holds. A step once released is never changed: a later one follows it.
//!
//! `ANALYZE` is never run on the file: its samples would be further copies of numbers and names.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::OpenError;

/// Marks the file as a vault: the letters `LBVT`.
const APPLICATION_ID: u32 = 0x4C42_5654;

/// From schema n to n + 1, for n from 0.
const STEPS: [&str; 2] = [STEP_1, STEP_2];

/// Numbers are not unique here: the ledger alone judges that, by tag. Two requests may bring the
/// same number at once, and the vault is written before the ledger has refused one of them.
const STEP_1: &str = "
    CREATE TABLE vault (
        id      INTEGER PRIMARY KEY CHECK (id = 1),
        secret  BLOB    NOT NULL CHECK (length(secret) = 32),
        residue INTEGER NOT NULL DEFAULT 0 CHECK (residue IN (0, 1))
    ) STRICT;

    CREATE TABLE person (
        id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
        number       TEXT NOT NULL,
        canonical    TEXT NOT NULL,
        name         TEXT,
        name_key     TEXT,
        phone        TEXT,
        phone_digits TEXT,
        note         TEXT
    ) STRICT, WITHOUT ROWID;
    -- In the order of answers, and with the name, so that a search by name reads nothing else.
    CREATE INDEX person_number ON person (canonical, id, name_key);
    CREATE INDEX person_phone ON person (phone_digits) WHERE phone_digits IS NOT NULL;

    CREATE TABLE annotation (
        request   BLOB    NOT NULL CHECK (length(request) = 16),
        item      INTEGER NOT NULL CHECK (item BETWEEN 0 AND 4294967295),
        volunteer BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        attestor  TEXT,
        recorder  TEXT,
        note      TEXT,
        PRIMARY KEY (request, item, volunteer)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX annotation_volunteer ON annotation (volunteer);

    -- Whatever is deleted or replaced may leave copies in the file: it is to be scrubbed.
    CREATE TRIGGER person_deleted AFTER DELETE ON person
        BEGIN UPDATE vault SET residue = 1 WHERE residue = 0; END;
    CREATE TRIGGER person_replaced AFTER UPDATE ON person
        BEGIN UPDATE vault SET residue = 1 WHERE residue = 0; END;
    CREATE TRIGGER annotation_deleted AFTER DELETE ON annotation
        BEGIN UPDATE vault SET residue = 1 WHERE residue = 0; END;
";

/// Whether the journal has answered for a person yet: until it has, and only then, a crash may
/// have left one whom it does not know.
const STEP_2: &str = "
    ALTER TABLE person ADD COLUMN pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1));

    DROP TRIGGER person_replaced;
    CREATE TRIGGER person_replaced
        AFTER UPDATE OF number, canonical, name, name_key, phone, phone_digits, note ON person
        BEGIN UPDATE vault SET residue = 1 WHERE residue = 0; END;
";

/// Brings the file to the last schema; a file of something else, or of a later release, is
/// left as it is.
pub(crate) fn migrate(writer: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let change = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let application: u32 = change.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let found: u32 = change.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let objects: u32 =
        change.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let fresh = application == 0 && found == 0 && objects == 0;
    if !fresh && application != APPLICATION_ID {
        return Err(OpenError::NotAVault { path: path.to_owned() });
    }
    let mut version = found;
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        change.execute_batch(step)?;
        version = version.saturating_add(1);
    }
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    if known < version {
        return Err(OpenError::Newer { found, known });
    }
    if version != found {
        change.pragma_update(None, "application_id", APPLICATION_ID)?;
        change.pragma_update(None, "user_version", version)?;
    }
    change.commit()?;
    Ok(())
}
