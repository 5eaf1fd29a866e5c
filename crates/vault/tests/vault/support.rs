//! People, and a vault to keep them in.

use std::{fs, path::Path};

use lovebank_ledger::{RequestId, VolunteerId};
use lovebank_vault::{
    Beside, Note, Person, PersonName, Phone, Standing, Swept, Vault, VolunteerNumber, WriteError,
};
use tempfile::TempDir;

pub(crate) fn vault() -> (TempDir, Vault) {
    let data = TempDir::new().expect("a directory for the test");
    let vault = Vault::open(data.path()).expect("a new vault opens");
    (data, vault)
}

/// The nth volunteer, scattered as random ids are (by the mixing of `SplitMix64`).
pub(crate) fn id(n: u64) -> VolunteerId {
    let mixed = n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let wide = u128::from(mixed ^ (mixed >> 31)) << 64 | u128::from(n);
    VolunteerId::new(wide.to_be_bytes())
}

/// Sweeps beside a journal of one entry that knows so many people.
pub(crate) fn sweep(
    vault: &Vault,
    people: u64,
    standing: impl Fn(&VolunteerId) -> Standing,
    request: impl Fn(&RequestId) -> bool,
) -> Result<Swept, WriteError> {
    vault.sweep(Beside { head: 1, people, standing: &standing, request: &request })
}

/// What a journal that knows the nth volunteer by the number n says.
pub(crate) fn known(vault: &Vault, n: u64) -> Standing {
    let number = VolunteerNumber::parse(&n.to_string()).expect("a number");
    Standing::Known(vault.tag(&number))
}

pub(crate) fn request(n: u8) -> RequestId {
    RequestId::new([n; 16])
}

pub(crate) fn named(number: &str, name: &str) -> Person {
    Person {
        number: VolunteerNumber::parse(number).expect("a number"),
        name: Some(PersonName::parse(name).expect("a name")),
        phone: None,
        note: None,
        birth: None,
    }
}

pub(crate) fn whole(number: &str, name: &str, phone: &str, note: &str) -> Person {
    Person {
        phone: Some(Phone::parse(phone).expect("a phone")),
        note: Some(Note::parse(note).expect("a note")),
        ..named(number, name)
    }
}

/// How often a text stands in the vault's files, in use or not.
pub(crate) fn occurrences(data: &Path, text: &str) -> usize {
    let directory = fs::read_dir(data.join("vault")).expect("the vault's directory");
    let count =
        |bytes: Vec<u8>| bytes.windows(text.len()).filter(|it| *it == text.as_bytes()).count();
    directory.map(|it| count(fs::read(it.expect("a file").path()).expect("its bytes"))).sum()
}
