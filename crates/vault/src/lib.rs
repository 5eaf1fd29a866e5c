//! Personal data, apart from the journal: durable, searchable, erasable.
//!
//! The journal is for ever and knows a volunteer by a random id. Who that is, with name,
//! telephone number and notes, stands here, in one `SQLite` file `<data>/vault/vault.sqlite` that
//! only the bank's user can read. Erasing a person here leaves every sum and seal of the journal
//! as it was.
//!
//! **Why `SQLite` and not sled.** sled is a log: a new value is appended, and the old one stays
//! on disk in its old segment until the segment happens to be reused, so it can be made
//! invisible but not erased. `SQLite` changes pages in place, and with `secure_delete` overwrites
//! what is deleted. Where it moves rows between pages a copy can be left behind all the same
//! ([`Vault::scrub`] says how); an erasure therefore ends by rewriting the file. What the file
//! system, the disk or a backup keeps of overwritten blocks is beyond the vault: encrypt the
//! disk, and let backups expire.
//!
//! **Numbers in the journal.** The ledger must keep volunteer numbers unique without knowing
//! them, for a number may be an e-mail address. It holds [tags](Vault::tag): keyed digests under
//! a secret that is made when the vault is first opened and is kept in it. Without the secret no
//! number can be looked up in the journal again, so **vault and journal are backed up together**
//! ([`Vault::copy_to`]). Who holds both the secret and the journal can still test whether a
//! guessed number was ever registered, erased or not.
//!
//! **Order.** The edge writes the vault first and the journal second, so the journal never
//! names someone the vault has not heard of. What the journal then refuses is taken back
//! ([`Vault::remove`], [`Vault::remove_annotations`]); what a crash leaves is found at the next
//! start ([`Vault::sweep`]).
//!
//! Nothing personal reaches a log from here: `Debug` of every type is redacted and errors of
//! the store name no values. The one exception is meant for whoever sent a text: the `Display`
//! of [`BadText`].

mod annotation;
mod error;
mod find;
mod fit;
mod key;
mod mask;
mod number;
mod numbers;
mod open;
mod people;
mod person;
mod pool;
mod schema;
mod seal;
mod shared;
mod stopped;
mod sweep;
mod tag;
mod text;
mod unseal;
mod vault;

pub use annotation::{Annotation, AnnotationKey};
pub use error::{OpenError, ReadError, WriteError};
pub use find::{Cursor, Found, Query};
pub use fit::{Fitted, MayLack};
pub use key::{BadKey, Recipient, VaultKey};
pub use number::{NUMBER_MAX, VolunteerNumber};
pub use person::{
    BIRTH_YEAR_MIN, BirthDate, NAME_MAX, NOTE_MAX, Note, PHONE_DIGITS_MIN, PHONE_MAX, Person,
    PersonName, Phone,
};
pub use seal::{SealError, SealedHeader};
pub use stopped::copy_stopped;
pub use sweep::{Beside, Standing, Swept};
pub use text::{BadText, Field, Refused};
pub use unseal::{SealedFault, Unopened, VAULT_BYTES_MAX, check_sealed, unseal};
pub use vault::{BATCH_MAX, Vault};
