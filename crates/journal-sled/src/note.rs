//! A line in each copy that says how far it has come.
//!
//! sled takes some damage for the end of its log and opens with an older state, without an error.
//! The note is written after a group is durable in every copy and never synced, so it is never
//! ahead of what was acknowledged; a copy that ends before its note has lost something.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt as _,
    path::Path,
};

use lovebank_journal::{Head, chain::seal};
use lovebank_ledger::Seal;

/// The file's name.
pub(crate) const NAME: &str = "HEAD";
const FORMAT: &str = "lovebank-journal-1";
const CHECK_LENGTH: usize = 16;

/// The file, open for writing.
#[derive(Debug)]
pub(crate) struct NoteFile(File);

/// What a note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note {
    /// The last entry that was durable in every copy.
    pub(crate) no: u64,
    /// Its seal; none where what stands there is none.
    pub(crate) seal: Option<Seal>,
    /// How many copies there were.
    pub(crate) copies: usize,
}

impl NoteFile {
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true).open(dir.join(NAME)).map(Self)
    }

    /// Writes one line over the one before, of the same length.
    pub(crate) fn write(&self, head: Head, copies: usize) -> io::Result<()> {
        self.0.write_all_at(line(head, copies).as_bytes(), 0)
    }
}

/// The note of a copy. `Err` if it is there and says nothing.
pub(crate) fn read(dir: &Path) -> Result<Option<Note>, ()> {
    match fs::read_to_string(dir.join(NAME)) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => parse(&text).map(Some).ok_or(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(_) => Err(()),
    }
}

fn line(head: Head, copies: usize) -> String {
    let text = format!("{FORMAT} no={:020} seal={} copies={copies}", head.no, head.seal);
    let check = check(&text);
    format!("{text} check={check}\n")
}

fn parse(text: &str) -> Option<Note> {
    let (text, found) = text.strip_suffix('\n')?.rsplit_once(" check=")?;
    if check(text) != found {
        return None;
    }
    let mut words = text.strip_prefix(FORMAT)?.split_whitespace();
    let no = words.next()?.strip_prefix("no=")?.parse().ok()?;
    let seal = seal_of(words.next()?.strip_prefix("seal=")?);
    let copies = words.next()?.strip_prefix("copies=")?.parse().ok()?;
    Some(Note { no, seal, copies })
}

fn seal_of(hex: &str) -> Option<Seal> {
    let digits = (0..hex.len()).step_by(2).map(|at| hex.get(at..at.saturating_add(2)));
    let bytes = digits.map(|it| u8::from_str_radix(it?, 16).ok()).collect::<Option<Vec<u8>>>()?;
    Seal::from_slice(&bytes)
}

fn check(text: &str) -> String {
    seal(text.as_bytes()).to_string().chars().take(CHECK_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_comes_back_and_a_changed_one_does_not() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()), Ok(None));
        let file = NoteFile::open(dir.path()).unwrap();
        assert_eq!(read(dir.path()), Ok(None));
        for (no, copies) in [(1, 2), (u64::MAX, 1)] {
            file.write(Head { no, ..Head::EMPTY }, copies).unwrap();
            assert_eq!(read(dir.path()), Ok(Some(Note { no, seal: Some(Seal::NONE), copies })));
        }
        let path = dir.path().join(NAME);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace('1', "2")).unwrap();
        assert_eq!(read(dir.path()), Err(()));
        fs::write(&path, [0xff]).unwrap();
        assert_eq!(read(dir.path()), Err(()));
    }
}
