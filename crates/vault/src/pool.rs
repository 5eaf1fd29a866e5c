//! One connection that writes, a few that read, and a gate between them.
//!
//! `SQLite` would have readers and the committing writer wait for each other by sleeping and
//! trying again. Within this process the gate lets them wait exactly as long as needed: reads
//! run beside each other and beside a change in preparation, and only a commit, which must have
//! the file to itself for its syncs, is alone.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{ReadError, WriteError};

#[derive(Debug)]
pub(crate) struct Pool {
    writer: Mutex<Connection>,
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
    gate: RwLock<()>,
}

impl Pool {
    pub(crate) fn new(writer: Connection, readers: Vec<Connection>) -> Self {
        Self {
            writer: Mutex::new(writer),
            idle: Mutex::new(readers),
            returned: Condvar::new(),
            gate: RwLock::new(()),
        }
    }

    /// Reads from one unchanging view of the file.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, ReadError> {
        let mut reader = self.borrow();
        let _open = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let Some(connection) = reader.connection.as_mut() else {
            return Err(rusqlite::Error::InvalidQuery.into());
        };
        let view = connection.transaction()?;
        Ok(work(&view)?)
    }

    /// Changes the file, wholly or, when `work` fails, not at all. Durable on return.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        let mut writer = lock(&self.writer);
        let change = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = work(&change)?;
        let _alone = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        change.commit()?;
        Ok(answer)
    }

    /// Runs a statement that cannot be part of a change and needs the file to itself.
    pub(crate) fn alone(&self, statement: &str) -> rusqlite::Result<()> {
        let writer = lock(&self.writer);
        let _alone = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        writer.execute_batch(statement)
    }

    /// Writes a copy into an empty file; reads go on meanwhile.
    pub(crate) fn copy_into(&self, path: &str) -> rusqlite::Result<()> {
        let writer = lock(&self.writer);
        let _open = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        writer.execute("VACUUM INTO ?1", [path])?;
        Ok(())
    }

    fn borrow(&self) -> Borrowed<'_> {
        let mut idle = lock(&self.idle);
        loop {
            if let Some(connection) = idle.pop() {
                return Borrowed { pool: self, connection: Some(connection) };
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A reader on loan: it goes back even when the reading panics.
struct Borrowed<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        lock(&self.pool.idle).extend(self.connection.take());
        self.pool.returned.notify_one();
    }
}

/// A panic under the lock rolled its transaction back, so what is behind the lock is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
