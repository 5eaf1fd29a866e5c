//! A vault sealed to a key: whoever holds it reads no name without the other half.
//!
//! Hybrid encryption by RFC 9180 (base mode; DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! `ChaCha20Poly1305`), in pieces of which each says whether it is the last. `README.md` has the
//! bytes.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write},
    path::Path,
};

use hpke::{
    Deserializable as _, OpModeR, OpModeS, Serializable as _,
    aead::{AeadCtxS, ChaCha20Poly1305},
    kdf::HkdfSha256,
};
use lovebank_ledger::Seal;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::{
    error::WriteError,
    key::{Kem, Recipient},
    vault::Vault,
};

pub(crate) type Aead = ChaCha20Poly1305;
pub(crate) type Kdf = HkdfSha256;

/// What a sealed vault begins with.
pub(crate) const MAGIC: &[u8; MAGIC_LENGTH] = b"lovebank-sealed-vault-2\n";
/// The same of one that does not tell the seal of its journal's last entry.
pub(crate) const MAGIC_SEALLESS: &[u8; MAGIC_LENGTH] = b"lovebank-sealed-vault-1\n";
pub(crate) const MAGIC_LENGTH: usize = 24;
/// The last bytes of one that is whole.
pub(crate) const END: &[u8; 13] = b"lovebank-end\n";
/// What one piece holds, before it is sealed.
pub(crate) const PIECE: usize = 64 * 1024;
/// What sealing adds to a piece.
pub(crate) const TAG: usize = 16;
/// The copy that is being sealed; never kept.
const COPY: &str = "sealing.sqlite";
const LEVEL: i32 = 3;

/// What a sealed vault says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedHeader {
    /// When it was made, in seconds since 1970 in UTC.
    pub made_at: u64,
    /// The journal's last entry before the copy was begun: the copy knows everyone up to it.
    pub head: u64,
    /// That entry's seal: it tells of which journal it is. Earlier releases did not write it.
    pub seal: Option<Seal>,
    /// To whom it is sealed.
    pub recipient: Recipient,
}

/// The vault could not be sealed.
#[derive(Debug, Error)]
pub enum SealError {
    /// It is being sealed, for someone else.
    #[error("the vault is being sealed already")]
    Busy,
    /// No copy of it could be made.
    #[error("the vault could not be copied")]
    Copy(#[from] WriteError),
    /// The copy could not be read, or what was sealed not be handed on.
    #[error("the sealed vault could not be handed on")]
    Io(#[from] io::Error),
    /// The recipient is no key.
    #[error("sealing failed: {0}")]
    Hpke(hpke::HpkeError),
}

impl SealedHeader {
    /// The bytes that are sealed along.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let magic = if self.seal.is_some() { MAGIC } else { MAGIC_SEALLESS };
        let mut bytes = magic.to_vec();
        bytes.extend(self.made_at.to_be_bytes());
        bytes.extend(self.head.to_be_bytes());
        bytes.extend(self.seal.iter().flat_map(Seal::as_bytes));
        bytes.extend(self.recipient.bytes());
        bytes
    }
}

impl Vault {
    /// Seals the vault as it is now and writes it out, piece by piece, while it stays in service;
    /// one at a time.
    ///
    /// The copy that is sealed lies beside the vault meanwhile, as private as it is, and is
    /// overwritten before it is removed.
    pub fn seal_into(&self, header: &SealedHeader, out: impl Write) -> Result<(), SealError> {
        let _alone = self.sealing.try_lock().map_err(|_| SealError::Busy)?;
        let path = self.directory.join(COPY);
        overwrite(&path)?;
        let sealed = self.copy_to(&path).map_err(SealError::Copy).and_then(|()| {
            let copy = File::open(&path).map_err(SealError::Io)?;
            seal(header, copy, out)
        });
        // Also a copy that was cut off, as by a full disk.
        overwrite(&path)?;
        sealed
    }
}

/// Removes a copy that a crash left, and what it said.
pub(crate) fn finish(directory: &Path) -> io::Result<()> {
    overwrite(&directory.join(COPY))
}

/// Overwrites a file with zeros and removes it.
fn overwrite(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path);
    let mut file = match file {
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut io::repeat(0).take(length), &mut file)?;
    file.sync_all()?;
    fs::remove_file(path)
}

pub(crate) fn seal(
    header: &SealedHeader,
    mut plain: impl io::Read,
    out: impl Write,
) -> Result<(), SealError> {
    let info = header.bytes();
    let made =
        hpke::setup_sender::<Aead, Kdf, Kem>(&OpModeS::Base, header.recipient.public(), &info);
    let (encapsulated, context) = made.map_err(SealError::Hpke)?;
    let mut out = Digested { out, digest: Sha256::new() };
    out.write_all(&info)?;
    out.write_all(&encapsulated.to_bytes())?;
    let pieces = Pieces { context, piece: Vec::with_capacity(PIECE), out };
    let mut packed = zstd::stream::write::Encoder::new(pieces, LEVEL)?;
    packed.include_checksum(true)?;
    io::copy(&mut plain, &mut packed)?;
    packed.finish()?.end()?;
    Ok(())
}

/// Seals what is written, piece by piece.
struct Pieces<W> {
    context: AeadCtxS<Aead, Kdf, Kem>,
    piece: Vec<u8>,
    out: Digested<W>,
}

impl<W: Write> Pieces<W> {
    fn seal(&mut self, last: bool) -> io::Result<()> {
        let length = self.piece.len().saturating_add(TAG);
        let before = prefix(last, u32::try_from(length).unwrap_or(u32::MAX));
        let sealed = self.context.seal(&self.piece, &before).map_err(io::Error::other)?;
        self.piece.clear();
        self.out.write_all(&before)?;
        self.out.write_all(&sealed)
    }

    fn end(mut self) -> io::Result<()> {
        self.seal(true)?;
        let Digested { mut out, digest } = self.out;
        out.write_all(&digest.finalize())?;
        out.write_all(END)?;
        out.flush()
    }
}

impl<W: Write> Write for Pieces<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece is sealed only when there is more: the last one says that it is.
        if self.piece.len() == PIECE {
            self.seal(false)?;
        }
        let room = PIECE.saturating_sub(self.piece.len()).min(bytes.len());
        self.piece.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What stands before each piece, and is sealed along with it.
pub(crate) fn prefix(last: bool, length: u32) -> [u8; 5] {
    let [a, b, c, d] = length.to_be_bytes();
    [u8::from(last), a, b, c, d]
}

struct Digested<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.digest.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

pub(crate) fn receiver(
    info: &[u8],
    key: &crate::VaultKey,
    encapsulated: &[u8],
) -> Result<hpke::aead::AeadCtxR<Aead, Kdf, Kem>, hpke::HpkeError> {
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated)?;
    hpke::setup_receiver::<Aead, Kdf, Kem>(&OpModeR::Base, key.private(), &encapsulated, info)
}
