//! A file that is there whole, or not at all.

use std::{
    ffi::OsStr,
    io::{self, BufWriter, Seek as _, Write},
    path::{Path, PathBuf},
};

use lovebank_backup::{UNFINISHED, give_name};
use tempfile::NamedTempFile;

use crate::fail::Fail;

/// The most bytes of a name that its temporary name begins with: a name has 255 at most.
const PREFIX_MAX: usize = 200;

/// A file on its way: it gets its name once all of it is on the disk, and is gone where that
/// never comes; cut off, it leaves `NAME.….unfinished`. Only its owner can read it.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl NewFile {
    /// One that is not there yet: none is written over.
    pub(crate) fn create(path: &Path) -> Result<Self, Fail> {
        if path.symlink_metadata().is_ok() {
            return Err(is_there(path));
        }
        let directory = path.parent().filter(|it| !it.as_os_str().is_empty());
        let prefix = prefix(path.file_name().unwrap_or_default());
        let mut named = tempfile::Builder::new();
        let named = named.prefix(&prefix).suffix(UNFINISHED);
        let file = named.tempfile_in(directory.unwrap_or(Path::new(".")));
        let file = file.map_err(|err| Fail::file(path, &err))?;
        Ok(Self { file: BufWriter::new(file), path: path.to_owned() })
    }

    /// Where it is meanwhile.
    pub(crate) fn aside(&self) -> &Path {
        self.file.get_ref().path()
    }

    /// Begins it anew.
    pub(crate) fn again(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().as_file().set_len(0)?;
        self.file.rewind()
    }

    /// Gives it its name.
    pub(crate) fn keep(self) -> Result<(), Fail> {
        let Self { file, path } = self;
        let file = file.into_inner().map_err(|err| Fail::file(&path, err.error()))?;
        file.as_file().sync_all().map_err(|err| Fail::file(&path, &err))?;
        give_name(&file.into_temp_path(), &path).map_err(|err| {
            let there = err.kind() == io::ErrorKind::AlreadyExists;
            if there { is_there(&path) } else { Fail::file(&path, &err) }
        })
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What the temporary name of a file begins with.
fn prefix(name: &OsStr) -> String {
    let name = name.to_string_lossy();
    let ends = name.char_indices().map(|(at, it)| at.saturating_add(it.len_utf8()));
    let end = ends.take_while(|it| *it <= PREFIX_MAX).last().unwrap_or_default();
    format!("{}.", name.get(..end).unwrap_or_default())
}

fn is_there(path: &Path) -> Fail {
    let path = path.display();
    Fail::usage(
        format!("{path}: it is there already; nothing is written over"),
        format!("{path}：文件已存在，不会覆盖"),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        let mut given_up = NewFile::create(&path).unwrap();
        given_up.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(given_up);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
        let mut whole = NewFile::create(&path).unwrap();
        whole.write_all(b"what broke off").unwrap();
        whole.again().unwrap();
        whole.write_all(b"whole").unwrap();
        let aside = whole.aside().file_name().unwrap().to_str().unwrap().to_owned();
        assert!(aside.starts_with("a.csv.") && aside.ends_with(".unfinished"), "{aside}");
        whole.keep().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_may_be_as_long_as_names_can_be() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["a".repeat(255), "义".repeat(85)] {
            let path = directory.path().join(&name);
            let file = NewFile::create(&path).unwrap();
            let aside = file.aside().file_name().unwrap().to_str().unwrap().to_owned();
            let shared = aside.chars().zip(name.chars()).take_while(|(a, b)| a == b);
            let shared: usize = shared.map(|it| it.0.len_utf8()).sum();
            assert!((198..=200).contains(&shared), "{aside}");
            file.keep().unwrap();
            assert!(path.exists());
        }
    }

    #[test]
    fn nothing_is_written_over_even_if_it_came_meanwhile() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        let late = NewFile::create(&path).unwrap();
        fs::write(&path, b"mine").unwrap();
        assert!(NewFile::create(&path).unwrap_err().english.contains("it is there already"));
        assert!(late.keep().unwrap_err().english.contains("it is there already"));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
    }
}
