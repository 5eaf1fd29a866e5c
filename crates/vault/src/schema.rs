//! What the file holds. A step once released is never changed: a later one follows it.
//!
//! `ANALYZE` is never run on the file: its samples would be further copies of numbers and names.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::OpenError;

/// Marks the file as a vault: the letters `LBVT`.
const APPLICATION_ID: u32 = 0x4C42_5654;

/// From schema n to n + 1, for n from 0.
const STEPS: [&str; 5] = [STEP_1, STEP_2, STEP_3, STEP_4, STEP_5];

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

/// The birth date, as `2026-03-01`.
const STEP_3: &str = "
    ALTER TABLE person ADD COLUMN birth TEXT;

    DROP TRIGGER person_replaced;
    CREATE TRIGGER person_replaced
        AFTER UPDATE OF number, canonical, name, name_key, phone, phone_digits, note, birth
        ON person
        BEGIN UPDATE vault SET residue = 1 WHERE residue = 0; END;
";

/// The head of the journal when annotations were last kept, and whether an erasure waits for the
/// file to be rewritten.
const STEP_4: &str = "
    ALTER TABLE vault ADD COLUMN head INTEGER NOT NULL DEFAULT 0 CHECK (0 <= head);
    ALTER TABLE vault ADD COLUMN erasing INTEGER NOT NULL DEFAULT 0 CHECK (erasing IN (0, 1));
";

/// Whom the journal knows and of whom nothing is held since a restore, with the tag of the number.
const STEP_5: &str = "
    CREATE TABLE absent (
        id  BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
        tag BLOB NOT NULL CHECK (length(tag) = 16)
    ) STRICT, WITHOUT ROWID;
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

#[cfg(test)]
mod tests {
    use std::fs;

    use lovebank_ledger::VolunteerId;

    use super::*;
    use crate::{BirthDate, Vault, VolunteerNumber};

    #[test]
    fn a_vault_of_the_first_schema_keeps_its_people_and_learns_of_birth_dates() {
        let data = tempfile::TempDir::new().unwrap();
        fs::create_dir(data.path().join("vault")).unwrap();
        let old = Connection::open(data.path().join("vault/vault.sqlite")).unwrap();
        old.execute_batch(STEP_1).unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.execute("INSERT INTO vault (id, secret) VALUES (1, ?1)", [[7_u8; 32]]).unwrap();
        let person = "INSERT INTO person (id, number, canonical, name) VALUES (?1, '1', '1', '李')";
        old.execute(person, [[9_u8; 16]]).unwrap();
        drop(old);

        let vault = Vault::open(data.path()).unwrap();
        let id = VolunteerId::new([9; 16]);
        let mut known = vault.get(id).unwrap().unwrap();
        assert_eq!((known.number.as_str(), known.birth), ("1", None));
        // The secret is the old one: tags of the journal are found again.
        let number = VolunteerNumber::parse("0300207442").unwrap();
        assert_eq!(vault.tag(&number).to_string(), "16e833db134353b4e73460eda8b08452");
        let day = "1950-03-02".parse().unwrap();
        known.birth = BirthDate::new(day, "2026-03-01".parse().unwrap());
        assert!(vault.update(id, &known).unwrap());
        drop(vault);
        let vault = Vault::open(data.path()).unwrap();
        assert_eq!(vault.get(id).unwrap(), Some(known));
        assert!(vault.erase(id).unwrap());
        let bytes = fs::read(data.path().join("vault/vault.sqlite")).unwrap();
        assert!(!bytes.windows(10).any(|it| it == b"1950-03-02"), "erased to the byte");
    }
}
