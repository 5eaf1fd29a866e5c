//! Opening a sealed vault: a file that anyone may have made, read in bounded memory.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write as _},
    path::{Path, PathBuf},
};

use hpke::aead::AeadCtxR;
use lovebank_ledger::Seal;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zstd::stream::write::Decoder;

use crate::{
    key::{Kem, Recipient, VaultKey},
    open::{DIRECTORY, FILE},
    seal::{Aead, END, Kdf, MAGIC, MAGIC_SEALLESS, PIECE, SealedHeader, TAG, prefix, receiver},
    stopped::{fresh, new_file},
};

/// How large a vault may be: that of a hundred million people.
pub const VAULT_BYTES_MAX: u64 = 64 * 1024 * 1024 * 1024;
/// Bytes that unpacking may look back, whatever a file asks for: 8 MiB.
const WINDOW_LOG_MAX: u32 = 23;

/// A sealed vault that is not opened, and why.
#[derive(Debug, Error)]
#[error("{}", path.display())]
pub struct Unopened {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong.
    #[source]
    pub fault: SealedFault,
}

/// What is wrong with a sealed vault.
#[derive(Debug, Error)]
pub enum SealedFault {
    /// It could not be read.
    #[error("it could not be read")]
    Io(#[source] io::Error),
    /// What was opened could not be kept.
    #[error("what it holds could not be written to {}", path.display())]
    Into {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else.
    #[error("it is no sealed vault")]
    NotSealed,
    /// It ends before its end.
    #[error("it was cut short: copy it anew, or take another backup")]
    CutShort,
    /// More stands behind its end.
    #[error("more follows its end: it was put together with something else")]
    More,
    /// The digest is over other bytes.
    #[error("its digest does not hold: bytes were changed")]
    Digest,
    /// Another key opens it.
    #[error("another key opens it: that of {0}")]
    OtherKey(Recipient),
    /// A piece was not sealed to this key, or was changed.
    #[error("a piece of it does not open: it was changed, or never sealed by this bank")]
    Forged,
    /// It cannot be unpacked.
    #[error("what it holds cannot be unpacked")]
    Packed(#[source] io::Error),
    /// It holds more than any vault.
    #[error("it holds more than {0} bytes, which no vault has")]
    TooLarge(u64),
}

/// Checks a sealed vault without its key: that it is whole, and to whom it is sealed. Whether it
/// opens, and what it holds, only the key tells.
pub fn check_sealed(path: &Path) -> Result<SealedHeader, Unopened> {
    read(path, |_, _| Ok(())).map_err(|fault| Unopened { path: path.to_owned(), fault })
}

/// Opens a sealed vault into a new data directory's `vault/`, private to this user and synced;
/// the directory `vault` must not be there.
pub fn unseal(path: &Path, key: &VaultKey, data: &Path) -> Result<SealedHeader, Unopened> {
    unseal_up_to(path, key, data, VAULT_BYTES_MAX)
        .map_err(|fault| Unopened { path: path.to_owned(), fault })
}

fn unseal_up_to(
    path: &Path,
    key: &VaultKey,
    data: &Path,
    most: u64,
) -> Result<SealedHeader, SealedFault> {
    let into = data.join(DIRECTORY).join(FILE);
    let failed = |source| SealedFault::Into { path: into.clone(), source };
    let file = fresh(data).and_then(|_| new_file(&into)).map_err(failed)?;
    let (header, file) = unpack((path, key), Bounded::new(file, most), &into)?;
    file.sync_all().map_err(failed)?;
    Ok(header)
}

/// Opens it piece by piece, unpacks it, and writes it out; `into` is where, for whoever is told.
fn unpack<W: io::Write>(
    (path, key): (&Path, &VaultKey),
    out: Bounded<W>,
    into: &Path,
) -> Result<(SealedHeader, W), SealedFault> {
    let mut out = Decoder::new(out).map_err(SealedFault::Io)?;
    out.window_log_max(WINDOW_LOG_MAX).map_err(SealedFault::Io)?;
    let mut context: Option<AeadCtxR<Aead, Kdf, Kem>> = None;
    let header = read(path, |header, sealed| {
        let piece = match (sealed, &mut context) {
            (Sealed::Key { info, encapsulated }, slot) => {
                if header.recipient != key.recipient() {
                    return Err(SealedFault::OtherKey(header.recipient.clone()));
                }
                let made = receiver(info, key, encapsulated);
                *slot = Some(made.map_err(|_| SealedFault::Forged)?);
                return Ok(());
            }
            (Sealed::Piece { before, bytes }, Some(context)) => {
                context.open(bytes, before).map_err(|_| SealedFault::Forged)?
            }
            (Sealed::Piece { .. }, None) => return Err(SealedFault::NotSealed),
        };
        out.write_all(&piece).map_err(|err| out.get_ref().fault(err, into))
    })?;
    out.flush().map_err(|err| out.get_ref().fault(err, into))?;
    Ok((header, out.into_inner().out))
}

/// A part of a sealed vault.
enum Sealed<'a> {
    /// The encapsulated key, and what is sealed along.
    Key { info: &'a [u8], encapsulated: &'a [u8] },
    /// A piece, and what stands before it.
    Piece { before: &'a [u8], bytes: &'a [u8] },
}

/// Reads all of a file, part by part.
fn read(
    path: &Path,
    mut part: impl FnMut(&SealedHeader, Sealed<'_>) -> Result<(), SealedFault>,
) -> Result<SealedHeader, SealedFault> {
    let file = File::open(path).map_err(SealedFault::Io)?;
    let mut file = Source { file: BufReader::new(file), digest: Sha256::new() };
    let header = header(&mut file).map_err(|err| {
        // What is shorter than a header is something else.
        if matches!(err, SealedFault::CutShort) { SealedFault::NotSealed } else { err }
    })?;
    let encapsulated: [u8; 32] = file.take()?;
    part(&header, Sealed::Key { info: &header.bytes(), encapsulated: &encapsulated })?;
    loop {
        let before: [u8; 5] = file.take()?;
        let [last, length @ ..] = before;
        let length = u32::from_be_bytes(length);
        let most = PIECE.saturating_add(TAG);
        let room = usize::try_from(length).ok().filter(|it| (TAG..=most).contains(it));
        let room = room.filter(|_| before == prefix(last == 1, length));
        let mut bytes = vec![0; room.ok_or(SealedFault::Digest)?];
        file.fill(&mut bytes)?;
        part(&header, Sealed::Piece { before: &before, bytes: &bytes })?;
        if last == 1 {
            return file.end().map(|()| header);
        }
    }
}

fn header(file: &mut Source) -> Result<SealedHeader, SealedFault> {
    let magic = file.take()?;
    if magic != *MAGIC && magic != *MAGIC_SEALLESS {
        return Err(SealedFault::NotSealed);
    }
    let (made_at, head) = (u64::from_be_bytes(file.take()?), u64::from_be_bytes(file.take()?));
    let seal = if magic == *MAGIC { Some(Seal::new(file.take()?)) } else { None };
    let recipient: [u8; 32] = file.take()?;
    let recipient = Recipient::from_bytes(&recipient).ok_or(SealedFault::NotSealed)?;
    Ok(SealedHeader { made_at, head, seal, recipient })
}

struct Source {
    file: BufReader<File>,
    digest: Sha256,
}

impl Source {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], SealedFault> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), SealedFault> {
        self.file.read_exact(bytes).map_err(|err| {
            let short = err.kind() == io::ErrorKind::UnexpectedEof;
            if short { SealedFault::CutShort } else { SealedFault::Io(err) }
        })?;
        self.digest.update(bytes);
        Ok(())
    }

    fn end(mut self) -> Result<(), SealedFault> {
        let expected: [u8; 32] = self.digest.clone().finalize().into();
        let found: [u8; 32] = self.take()?;
        let end: [u8; END.len()] = self.take()?;
        if found != expected || end != *END {
            return Err(SealedFault::Digest);
        }
        if self.file.read(&mut [0]).map_err(SealedFault::Io)? != 0 {
            return Err(SealedFault::More);
        }
        Ok(())
    }
}

/// Takes no more than it may, and knows why it took no more: what is packed, and the disk that it
/// is written to, fail by the same errors.
struct Bounded<W> {
    out: W,
    most: u64,
    room: u64,
    stopped: Option<Stopped>,
}

#[derive(Clone, Copy)]
enum Stopped {
    /// More came than any vault holds.
    TooLarge,
    /// What came could not be written.
    Unwritten,
}

impl<W> Bounded<W> {
    fn new(out: W, most: u64) -> Self {
        Self { out, most, room: most, stopped: None }
    }

    fn fault(&self, source: io::Error, into: &Path) -> SealedFault {
        match self.stopped {
            None => SealedFault::Packed(source),
            Some(Stopped::TooLarge) => SealedFault::TooLarge(self.most),
            Some(Stopped::Unwritten) => SealedFault::Into { path: into.to_owned(), source },
        }
    }
}

impl<W: io::Write> io::Write for Bounded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let Some(room) = self.room.checked_sub(length) else {
            self.stopped = Some(Stopped::TooLarge);
            return Err(io::ErrorKind::FileTooLarge.into());
        };
        self.room = room;
        self.out.write_all(bytes).inspect_err(|_| self.stopped = Some(Stopped::Unwritten))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().inspect_err(|_| self.stopped = Some(Stopped::Unwritten))
    }
}

impl SealedFault {
    /// The same in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Io(err) => format!("无法读取：{err}"),
            Self::Into { path, source } => format!("无法写入 {}：{source}", path.display()),
            Self::NotSealed => "不是加密的个人信息库".to_owned(),
            Self::CutShort => "不完整：请重新复制，或另取备份".to_owned(),
            Self::More => "末尾之后还有内容：与其他文件拼接过".to_owned(),
            Self::Digest => "校验不符：内容被改动".to_owned(),
            Self::OtherKey(recipient) => format!("须用另一把密钥打开：{recipient}"),
            Self::Forged => "有一段无法解密：被改动过，或不是本行加密的".to_owned(),
            Self::Packed(err) => format!("内容无法解压：{err}"),
            Self::TooLarge(most) => format!("内容超过 {most} 字节"),
        }
    }
}

#[cfg(test)]
mod tests;
