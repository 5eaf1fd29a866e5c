//! Bytes to text: what the file is really written in, and a clear no to what is not text.

use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};

use super::error::SheetError;

/// The largest file read; a street's year is a hundredth of it.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What a file turned out to be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with the low byte first, told by its mark.
    Utf16Le,
    /// UTF-16 with the high byte first, told by its mark.
    Utf16Be,
    /// GB18030, and with it GBK and GB2312, which are parts of it.
    Gb18030,
}

impl Encoding {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
        }
    }
}

/// A file as text, without its byte order mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// What it was written in.
    pub encoding: Encoding,
}

/// Reads bytes as text: by their mark, else as UTF-8, else as GB18030.
///
/// Nothing is replaced or guessed at: a byte that is no character is an error with its offset.
pub fn decode(bytes: &[u8]) -> Result<Text, SheetError> {
    if FILE_BYTES_MAX < bytes.len() {
        return Err(SheetError::TooLarge { bytes: bytes.len() });
    }
    if let Some(kind) = foreign(bytes) {
        return Err(SheetError::NotText { kind });
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest, 3);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return wide(rest, 2, Encoding::Utf16Le);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return wide(rest, 2, Encoding::Utf16Be);
    }
    if bytes.contains(&0) {
        return Err(SheetError::NotText { kind: "binary" });
    }
    utf8(bytes, 0).or_else(|_| wide(bytes, 0, Encoding::Gb18030))
}

/// Names a file that is no text by its first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 8] = [
        (b"PK\x03\x04", ".xlsx (Excel workbook) or .zip"),
        (b"\xd0\xcf\x11\xe0", ".xls (old Excel workbook)"),
        (b"%PDF", ".pdf"),
        (b"\x1f\x8b", ".gz"),
        (b"7z\xbc\xaf", ".7z"),
        (b"Rar!", ".rar"),
        (b"\x89PNG", ".png"),
        (b"\xff\xd8\xff", ".jpg"),
    ];
    KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}

fn utf8(bytes: &[u8], mark: usize) -> Result<Text, SheetError> {
    match str::from_utf8(bytes) {
        Ok(text) => Ok(Text { text: text.to_owned(), encoding: Encoding::Utf8 }),
        Err(e) => Err(SheetError::Undecodable {
            encoding: Encoding::Utf8,
            offset: e.valid_up_to().saturating_add(mark),
        }),
    }
}

fn wide(bytes: &[u8], mark: usize, encoding: Encoding) -> Result<Text, SheetError> {
    let mut decoder = match encoding {
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Gb18030 => GB18030,
        Encoding::Utf8 => return utf8(bytes, mark),
    }
    .new_decoder_without_bom_handling();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(bytes.len())
        .ok_or(SheetError::TooLarge { bytes: bytes.len() })?;
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(Text { text, encoding }),
        DecoderResult::OutputFull => Err(SheetError::TooLarge { bytes: bytes.len() }),
        DecoderResult::Malformed(bad, after) => {
            let back = usize::from(bad).saturating_add(usize::from(after));
            let offset = read.saturating_sub(back).saturating_add(mark);
            Err(SheetError::Undecodable { encoding, offset })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, Encoding) {
        let Text { text, encoding } = decode(bytes).unwrap();
        (text, encoding)
    }

    #[test]
    fn the_mark_decides_and_is_taken_off() {
        assert_eq!(text(b"\xef\xbb\xbf\xe4\xb9\x89"), ("义".into(), Encoding::Utf8));
        assert_eq!(text(b"\xff\xfe\x49\x4e"), ("义".into(), Encoding::Utf16Le));
        assert_eq!(text(b"\xfe\xff\x4e\x49"), ("义".into(), Encoding::Utf16Be));
    }

    #[test]
    fn without_a_mark_utf8_comes_before_gb18030() {
        assert_eq!(text("䶮".as_bytes()), ("䶮".into(), Encoding::Utf8));
        assert_eq!(text(b"\xd2\xe5\xb9\xa4"), ("义工".into(), Encoding::Gb18030));
        assert_eq!(text(b"\xfe\x9f"), ("䶮".into(), Encoding::Gb18030));
        assert_eq!(text(b"\x95\x32\x82\x36"), ("\u{20000}".into(), Encoding::Gb18030));
        assert_eq!(text(b""), (String::new(), Encoding::Utf8));
    }

    #[test]
    fn what_is_no_character_is_named_by_its_offset() {
        let refused = |bytes: &[u8]| match decode(bytes) {
            Err(SheetError::Undecodable { encoding, offset }) => (encoding, offset),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(b"ab\xff\xff"), (Encoding::Gb18030, 2));
        assert_eq!(refused(b"\xd2\xe5\xb9"), (Encoding::Gb18030, 2));
        assert_eq!(refused(b"\xef\xbb\xbfab\xd2\xe5"), (Encoding::Utf8, 5));
        assert_eq!(refused(b"\xff\xfea\0\0\xd8b\0"), (Encoding::Utf16Le, 4));
        assert_eq!(refused(b"\xff\xfea\0b"), (Encoding::Utf16Le, 4));
    }

    #[test]
    fn workbooks_and_other_files_are_refused_by_name() {
        for (bytes, kind) in [
            (&b"PK\x03\x04rest"[..], ".xlsx"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls "),
            (b"%PDF-1.7", ".pdf"),
            (b"a\0b", "binary"),
        ] {
            let Err(SheetError::NotText { kind: seen }) = decode(bytes) else { panic!("{kind}") };
            assert!(seen.contains(kind.trim()), "{seen}");
        }
    }

    #[test]
    fn a_file_is_read_at_its_bound_and_refused_past_it() {
        let mut bytes = vec![b'a'; FILE_BYTES_MAX];
        assert!(decode(&bytes).is_ok());
        bytes.push(b'a');
        assert_eq!(decode(&bytes), Err(SheetError::TooLarge { bytes: FILE_BYTES_MAX + 1 }));
    }
}
