//! Where words go: answers to standard output, remarks and progress to standard error.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::Path,
};

use crate::{
    fail::{Exit, Fail},
    file::NewFile,
};

/// Writes an answer. A reader that closed the pipe has read enough.
pub(crate) fn answer(bytes: &[u8]) -> Result<(), Fail> {
    let mut to = io::stdout().lock();
    let mut written = to.write_all(bytes);
    if std::str::from_utf8(bytes).is_ok_and(|it| !it.ends_with('\n')) {
        written = written.and_then(|()| to.write_all(b"\n"));
    }
    written.and_then(|()| to.flush()).map_err(|err| {
        let closed = err.kind() == io::ErrorKind::BrokenPipe;
        if closed { Fail::enough() } else { Fail::local(&err) }
    })
}

/// Whether a person reads the answers as they come.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Writes a file that is not there yet, whole or not at all: none is written over. An answer may
/// hold personal data or a token's secret, so nobody else may read it.
pub(crate) fn file(path: &Path, bytes: &[u8]) -> Result<(), Fail> {
    let write = || {
        let mut file = NewFile::create(path)?;
        file.write_all(bytes).map_err(|err| Fail::file(path, &err))?;
        file.keep()
    };
    // What it was to hold is at hand: a file in its way is a failure then, not a wrong command.
    write().map_err(|it| Fail { exit: Exit::Error, ..it })
}

/// Writes a remark or an error; there is nobody to tell where that fails.
pub(crate) fn complain(text: &str) {
    if !text.is_empty() {
        let mut to = io::stderr().lock();
        to.write_all(text.as_bytes()).and_then(|()| to.write_all(b"\n")).ok();
    }
}
