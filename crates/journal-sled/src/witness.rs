//! What a copy once reached, kept beside it: sled opens a file that lost its end without an error.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use lovebank_journal::{Head, chain};
use lovebank_ledger::Seal;

use crate::files::sync_parent;

const NAME: &str = "witness";
const FORM: &str = "lovebank journal in sled, form 1";

/// What a copy says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Witness {
    /// It held this entry when it was last opened or closed.
    pub(crate) reached: Head,
    /// There was a second copy then.
    pub(crate) mirrored: bool,
}

impl Witness {
    /// Reads the witness of a copy. One that is missing or damaged says nothing.
    pub(crate) fn read(dir: &Path) -> Option<Self> {
        let text = fs::read_to_string(dir.join(NAME)).ok()?;
        let mut lines = text.lines();
        let form = lines.next().filter(|it| *it == FORM)?;
        let reached = lines.next()?;
        let mirrored = lines.next()?;
        let check = lines.next()?.strip_prefix("check ")?;
        if check != checked(&[form, reached, mirrored]) {
            return None;
        }
        let (no, seal) = reached.strip_prefix("reached ")?.split_once(' ')?;
        let reached = Head { no: no.parse().ok()?, seal: read_seal(seal)? };
        Some(Self { reached, mirrored: mirrored == "mirrored true" })
    }

    /// Writes it, durably, in the place of the one before.
    pub(crate) fn write(self, dir: &Path) -> io::Result<()> {
        let Head { no, seal } = self.reached;
        let reached = format!("reached {no} {seal}");
        let mirrored = format!("mirrored {}", self.mirrored);
        let check = checked(&[FORM, &reached, &mirrored]);
        let (path, fresh) = (dir.join(NAME), dir.join("witness.new"));
        let mut file = File::create(&fresh)?;
        write!(file, "{FORM}\n{reached}\n{mirrored}\ncheck {check}\n")?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        sync_parent(&path)
    }
}

fn checked(lines: &[&str]) -> String {
    chain::seal(lines.join("\n").as_bytes()).to_string()
}

fn read_seal(hex: &str) -> Option<Seal> {
    let digits = hex.as_bytes().chunks(2);
    let byte = |it: &[u8]| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok();
    Seal::from_slice(&digits.map(byte).collect::<Option<Vec<u8>>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_says_what_it_was_told_or_nothing() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Witness::read(dir.path()), None);
        let witness = Witness { reached: Head { no: 7, seal: Seal::new([9; 32]) }, mirrored: true };
        witness.write(dir.path()).unwrap();
        assert_eq!(Witness::read(dir.path()), Some(witness));
        let text = fs::read_to_string(dir.path().join(NAME)).unwrap();
        fs::write(dir.path().join(NAME), text.replace("reached 7", "reached 8")).unwrap();
        assert_eq!(Witness::read(dir.path()), None);
    }
}
