//! Writing one file: aside, checked entry by entry, synced, read back, and only then named.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use lovebank_journal::{ENTRY_BYTES_MAX, Head};
use lovebank_ledger::Seal;
use zstd::stream::write::Encoder;

use crate::{
    Backup, Header, LEVEL, NotWritten, UNFINISHED, give_name, hashed::Hashed, header::Trailer,
};

type Body = Encoder<'static, Hashed<BufWriter<File>>>;

/// What is to be in a file.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Now, in seconds since 1970 in UTC.
    pub made_at: u64,
    /// The file that it follows; none: all of the journal.
    pub after: Option<Header>,
    /// The last entry, as the bank tells it.
    pub last: Head,
}

/// A backup that is being written. Dropped before it is finished, it leaves nothing.
pub struct BackupWriter {
    path: PathBuf,
    unfinished: PathBuf,
    plan: Plan,
    head: Head,
    /// None until the first entry, which may be what names the bank.
    body: Option<(Header, Body)>,
    file: Option<File>,
}

impl BackupWriter {
    /// Begins a file. One that is there is left alone.
    pub fn create(path: &Path, plan: Plan) -> Result<Self, NotWritten> {
        if path.symlink_metadata().is_ok() {
            return Err(NotWritten::Exists(path.to_owned()));
        }
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(UNFINISHED);
        let unfinished = PathBuf::from(unfinished);
        let mut options = OpenOptions::new();
        // Two at once are told apart here; one that was killed is to be deleted by hand.
        let file = options.write(true).create_new(true).mode(0o600).open(&unfinished);
        let file = file.map_err(|err| failed("making", &unfinished, err))?;
        let head = plan.after.map_or(Head::EMPTY, |it| it.last);
        let path = path.to_owned();
        Ok(Self { path, unfinished, plan, head, body: None, file: Some(file) })
    }

    /// Adds the next entry, as stored.
    pub fn push(&mut self, entry: &[u8]) -> Result<(), NotWritten> {
        let no = self.head.no.saturating_add(1);
        let length = u32::try_from(entry.len()).ok().filter(|_| entry.len() <= ENTRY_BYTES_MAX);
        let length = length.ok_or(NotWritten::TooLarge { no, bytes: entry.len() })?;
        let head = self.head.over(entry).map_err(|source| NotWritten::Broken { no, source })?;
        let past = |it: Head| NotWritten::OtherEnd { found: head.no, told: it.no };
        if self.plan.last.no < head.no {
            return Err(past(self.plan.last));
        }
        if self.body.is_none() {
            self.begin(head.seal)?;
        }
        let Some((_, body)) = &mut self.body else { return Err(past(self.plan.last)) };
        let written = body.write_all(&length.to_be_bytes()).and_then(|()| body.write_all(entry));
        written.map_err(|err| failed("writing", &self.unfinished, err))?;
        self.head = head;
        Ok(())
    }

    /// Writes the header; the first entry of a full backup is what names the bank.
    fn begin(&mut self, first: Seal) -> Result<(), NotWritten> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let Plan { made_at, after, last } = self.plan;
        let bank = after.map_or(first, |it| it.bank);
        let header = Header { made_at, bank, before: self.head, last };
        let begun = || -> io::Result<Body> {
            let mut out = Hashed::after(&[], BufWriter::new(file));
            out.write_all(&header.bytes())?;
            let mut body = Encoder::new(out, LEVEL)?;
            body.include_checksum(true)?;
            Ok(body)
        };
        let body = begun().map_err(|err| failed("writing", &self.unfinished, err))?;
        self.body = Some((header, body));
        Ok(())
    }

    /// Ends the file, reads it back, and gives it its name.
    pub fn finish(mut self) -> Result<Backup, NotWritten> {
        let Plan { last, .. } = self.plan;
        let body = self.body.take().filter(|_| self.head == last);
        let other = NotWritten::OtherEnd { found: self.head.no, told: last.no };
        let (header, body) = body.ok_or(other)?;
        end(&header, body).map_err(|err| failed("writing", &self.unfinished, err))?;
        for entry in Backup::open(&self.unfinished)?.entries()? {
            entry?;
        }
        self.name()?;
        Ok(Backup::open(&self.path)?)
    }

    fn name(&self) -> Result<(), NotWritten> {
        give_name(&self.unfinished, &self.path).map_err(|err| {
            if err.kind() == io::ErrorKind::AlreadyExists {
                return NotWritten::Exists(self.path.clone());
            }
            failed("naming", &self.path, err)
        })
    }
}

impl Drop for BackupWriter {
    fn drop(&mut self) {
        // Where it was given its name there is nothing left to delete.
        fs::remove_file(&self.unfinished).ok();
    }
}

fn end(header: &Header, body: Body) -> io::Result<()> {
    let count = header.count();
    let (mut out, digest) = body.finish()?.end(&Trailer::counted(count));
    out.write_all(&Trailer { count, digest }.bytes())?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn failed(doing: &'static str, path: &Path, source: io::Error) -> NotWritten {
    NotWritten::Io { doing, path: path.to_owned(), source }
}
