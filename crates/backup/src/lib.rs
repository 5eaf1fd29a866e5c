//! The journal in files.
//!
//! A backup is a row of stored entries, as they were sealed, in one compressed file: all of a
//! journal, or what came after an earlier file. Whoever holds the files, from the first entry on,
//! holds the bank. `README.md` says what is in a file, byte by byte.
//!
//! Writing checks each entry before it is kept, and reads the file once more before it gets its
//! name. Reading trusts nothing: a file is what a stranger may have made, and is read in bounded
//! memory, whatever it says of itself.

mod error;
mod files;
mod hashed;
mod header;
mod name;
mod read;
mod restore;
mod write;

pub use error::{BadBackup, Fault, NotRestored, NotWritten};
pub use files::{FILES_MAX, Files};
pub use header::Header;
pub use name::give_name;
pub use read::{Backup, Entries};
pub use restore::{Restored, journal_entries, restore};
pub use write::{BackupWriter, Plan};

/// Where a bank is being restored, in the directory that will be its own: none starts beside it.
pub const RESTORING: &str = "restore.unfinished";
/// The name of what is still being written: that of the file, and this.
pub const UNFINISHED: &str = ".unfinished";
/// Bytes that unpacking may look back: 8 MiB, whatever a file asks for.
const WINDOW_LOG_MAX: u32 = 23;
/// How hard entries are pressed; more saves a tenth and takes three times as long.
const LEVEL: i32 = 3;
