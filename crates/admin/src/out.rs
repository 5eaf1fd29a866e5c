//! Where words go: answers to standard output, remarks and progress to standard error.

use std::{
    fs::OpenOptions,
    io::{self, IsTerminal as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use crate::fail::Fail;

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

/// Writes a file that is not there yet: none is written over. An answer may hold personal data or
/// a token's secret, so nobody else may read it.
pub(crate) fn file(path: &Path, bytes: &[u8]) -> Result<(), Fail> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut it| it.write_all(bytes).and_then(|()| it.sync_all()));
    written.map_err(|err| Fail::file(path, &err))
}

/// Writes a remark or an error; there is nobody to tell where that fails.
pub(crate) fn complain(text: &str) {
    if !text.is_empty() {
        let mut to = io::stderr().lock();
        to.write_all(text.as_bytes()).and_then(|()| to.write_all(b"\n")).ok();
    }
}
