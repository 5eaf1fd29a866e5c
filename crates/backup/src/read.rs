//! Reading one file, which is hostile until its last byte was read.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read, Seek as _, SeekFrom, Take},
    path::{Path, PathBuf},
};

use lovebank_journal::{ENTRY_BYTES_MAX, Head, Sealed};
use zstd::stream::read::Decoder;

use crate::{
    BadBackup, Fault, Header, WINDOW_LOG_MAX,
    hashed::Hashed,
    header::{HEADER_LENGTH, TRAILER_LENGTH, Trailer},
};

type Body = Decoder<'static, BufReader<Hashed<Take<File>>>>;

/// A file whose header and end are those of a backup.
#[derive(Debug, Clone)]
pub struct Backup {
    path: PathBuf,
    header: Header,
    bytes: u64,
}

/// The entries of a file, each checked. Nothing is proven before the last was read: only then is
/// it known that nothing was left out or changed.
pub struct Entries {
    path: PathBuf,
    header: Header,
    trailer: Trailer,
    head: Head,
    /// None once read to the end, or where reading failed.
    body: Option<Body>,
}

impl Backup {
    /// Opens a file: looks at its header and its end.
    pub fn open(path: &Path) -> Result<Self, BadBackup> {
        let opened = File::open(path).map_err(Fault::Io).and_then(|mut it| parts(&mut it));
        let (header, _, bytes) =
            opened.map_err(|fault| BadBackup { path: path.to_owned(), fault })?;
        Ok(Self { path: path.to_owned(), header, bytes })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it says of itself; proven only by reading its [`Backup::entries`].
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How long the file is.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its entries, from its beginning; the file may have been replaced meanwhile.
    pub fn entries(&self) -> Result<Entries, BadBackup> {
        let begun = || -> Result<(Trailer, Body), Fault> {
            let mut file = File::open(&self.path).map_err(Fault::Io)?;
            let (header, trailer, bytes) = parts(&mut file)?;
            if header != self.header {
                return Err(Fault::Digest);
            }
            let around = u64::try_from(HEADER_LENGTH.saturating_add(TRAILER_LENGTH));
            let length = bytes.saturating_sub(around.unwrap_or(u64::MAX));
            let packed = Hashed::after(&header.bytes(), file.take(length));
            let body = unpacking(packed).map_err(Fault::Io)?;
            Ok((trailer, body))
        };
        let (trailer, body) = begun().map_err(|fault| self.bad(fault))?;
        let (path, header) = (self.path.clone(), self.header);
        Ok(Entries { path, header, trailer, head: header.before, body: Some(body) })
    }

    pub(crate) fn bad(&self, fault: Fault) -> BadBackup {
        BadBackup { path: self.path.clone(), fault }
    }
}

fn unpacking(packed: Hashed<Take<File>>) -> io::Result<Body> {
    let mut body = Decoder::with_buffer(BufReader::new(packed))?.single_frame();
    body.window_log_max(WINDOW_LOG_MAX)?;
    Ok(body)
}

/// The header, the trailer and the length of a file; it then stands behind the header.
fn parts(file: &mut File) -> Result<(Header, Trailer, u64), Fault> {
    let bytes = file.metadata().map_err(Fault::Io)?.len();
    let mut begin = Vec::with_capacity(HEADER_LENGTH);
    let most = u64::try_from(HEADER_LENGTH).unwrap_or(u64::MAX);
    file.by_ref().take(most).read_to_end(&mut begin).map_err(Fault::Io)?;
    let header = Header::parse(&begin)?;
    let behind = i64::try_from(TRAILER_LENGTH).unwrap_or(i64::MAX);
    let around = u64::try_from(HEADER_LENGTH.saturating_add(TRAILER_LENGTH));
    if around.is_ok_and(|it| bytes < it) {
        return Err(Fault::CutShort);
    }
    file.seek(SeekFrom::End(behind.saturating_neg())).map_err(Fault::Io)?;
    let mut end = Vec::with_capacity(TRAILER_LENGTH);
    file.by_ref().take(most).read_to_end(&mut end).map_err(Fault::Io)?;
    let trailer = Trailer::parse(&end)?;
    file.seek(SeekFrom::Start(most)).map_err(Fault::Io)?;
    Ok((header, trailer, bytes))
}

impl Entries {
    /// The last entry that was read.
    pub fn head(&self) -> Head {
        self.head
    }

    fn next_entry(&mut self) -> Result<Option<Sealed>, Fault> {
        let Some(mut body) = self.body.take() else { return Ok(None) };
        if self.header.last.no <= self.head.no {
            return self.end(body).map(|()| None);
        }
        let no = self.head.no.saturating_add(1);
        let packed = |source| packed(no, source);
        let mut length = [0; 4];
        body.read_exact(&mut length).map_err(packed)?;
        let length = u32::from_be_bytes(length);
        // Before any of it is unpacked.
        let room = usize::try_from(length).ok().filter(|it| *it <= ENTRY_BYTES_MAX);
        let room = room.ok_or(Fault::TooLarge { no, bytes: u64::from(length) })?;
        let mut bytes = vec![0; room];
        body.read_exact(&mut bytes).map_err(packed)?;
        let broken = |source| Fault::Broken { no, source };
        let sealed = self.head.follow(bytes).map_err(broken)?;
        self.head = self.head.after(&sealed).map_err(broken)?;
        if no == 1 && self.head.seal != self.header.bank {
            return Err(Fault::NotItsBank);
        }
        self.body = Some(body);
        Ok(Some(sealed))
    }

    /// What is only known once all was read.
    fn end(&mut self, mut body: Body) -> Result<(), Fault> {
        let no = self.head.no;
        if self.head != self.header.last {
            return Err(Fault::OtherEnd { no });
        }
        let packed = |source| packed(no.saturating_add(1), source);
        if body.read(&mut [0]).map_err(packed)? != 0 {
            return Err(Fault::More { no });
        }
        let mut rest = body.finish();
        if !rest.fill_buf().map_err(Fault::Io)?.is_empty() {
            return Err(Fault::More { no });
        }
        let (_, digest) = rest.into_inner().end(&Trailer::counted(self.trailer.count));
        if digest != self.trailer.digest || self.trailer.count != self.header.count() {
            return Err(Fault::Digest);
        }
        Ok(())
    }
}

/// A disk that cannot be read is no damage of the file.
fn packed(no: u64, source: io::Error) -> Fault {
    if source.raw_os_error().is_some() { Fault::Io(source) } else { Fault::Packed { no, source } }
}

impl Iterator for Entries {
    type Item = Result<Sealed, BadBackup>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_entry();
        next.map_err(|fault| BadBackup { path: self.path.clone(), fault }).transpose()
    }
}
