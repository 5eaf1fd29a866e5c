//! A finished file gets its name: at once, and over no other.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
};

/// Gives a file that was written whole its name, durably; fails with [`ErrorKind::AlreadyExists`]
/// where something has it. Both are in one directory.
///
/// By a link, so that the name is that of the whole file or not there, whenever the machine stops.
/// On a file system without links the name is taken first, and a crash in between leaves an empty
/// file.
pub fn give_name(unfinished: &Path, path: &Path) -> io::Result<()> {
    by_link_or_renaming(unfinished, path, |from, to| fs::hard_link(from, to))
}

fn by_link_or_renaming(
    unfinished: &Path,
    path: &Path,
    link: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    match link(unfinished, path) {
        Ok(()) => fs::remove_file(unfinished)?,
        Err(err) if err.kind() == ErrorKind::AlreadyExists => return Err(err),
        // What else is wrong shows here too.
        Err(_) => rename(unfinished, path)?,
    }
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

fn rename(unfinished: &Path, path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?;
    fs::rename(unfinished, path).inspect_err(|_| {
        // It is empty, and was made here.
        fs::remove_file(path).ok();
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Link = fn(&Path, &Path) -> io::Result<()>;

    /// Files of a directory, by name.
    fn files(directory: &Path) -> Vec<(String, String)> {
        let files = fs::read_dir(directory).unwrap().map(|it| it.unwrap());
        let read = |it: fs::DirEntry| {
            (it.file_name().into_string().unwrap(), fs::read_to_string(it.path()).unwrap())
        };
        let mut files: Vec<_> = files.map(read).collect();
        files.sort();
        files
    }

    fn file(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn the_whole_file_gets_the_name_and_none_is_written_over() {
        let linked: Link = |from, to| fs::hard_link(from, to);
        let none: Link = |_, _| Err(ErrorKind::Unsupported.into());
        for link in [linked, none] {
            let directory = tempfile::tempdir().unwrap();
            let [unfinished, path] = ["a.unfinished", "a"].map(|it| directory.path().join(it));
            fs::write(&unfinished, "new").unwrap();
            by_link_or_renaming(&unfinished, &path, link).unwrap();
            assert_eq!(files(directory.path()), [file("a", "new")]);

            fs::write(&unfinished, "newer").unwrap();
            let refused = by_link_or_renaming(&unfinished, &path, link).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
            let left = [file("a", "new"), file("a.unfinished", "newer")];
            assert_eq!(files(directory.path()), left);
        }
    }

    #[test]
    fn a_name_that_could_not_be_given_is_free_again() {
        let directory = tempfile::tempdir().unwrap();
        let gone = directory.path().join("gone");
        rename(&gone, &directory.path().join("a")).unwrap_err();
        assert_eq!(files(directory.path()), []);
    }
}
