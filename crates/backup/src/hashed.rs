//! A digest over whatever is read or written.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

/// Reads or writes, and adds up the digest.
pub(crate) struct Hashed<T> {
    pub(crate) inner: T,
    digest: Sha256,
}

impl<T> Hashed<T> {
    /// Begins with bytes that have been read already.
    pub(crate) fn after(bytes: &[u8], inner: T) -> Self {
        Self { inner, digest: Sha256::new_with_prefix(bytes) }
    }

    /// What was read or written, and these bytes.
    pub(crate) fn end(self, last: &[u8]) -> (T, [u8; 32]) {
        (self.inner, self.digest.chain_update(last).finalize().into())
    }
}

impl<T: Read> Read for Hashed<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.digest.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
