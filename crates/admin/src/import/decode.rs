//! Bytes to text: what the file is really written in, and a clear no to what is not text.

use std::io::Read;

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
        return Err(SheetError::TooLarge);
    }
    if let Some(kind) = foreign(bytes) {
        return Err(SheetError::NotText { kind });
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest, 3);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return wide(rest, 2, Encoding::Utf16Le).and_then(no_page);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return wide(rest, 2, Encoding::Utf16Be).and_then(no_page);
    }
    if bytes.contains(&0) {
        return Err(SheetError::NotText { kind: "binary" });
    }
    utf8(bytes, 0).or_else(|_| wide(bytes, 0, Encoding::Gb18030))
}

/// Names a file that is no text by its first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 6] = [
        (b"%PDF", ".pdf"),
        (b"\x1f\x8b", ".gz"),
        (b"7z\xbc\xaf", ".7z"),
        (b"Rar!", ".rar"),
        (b"\x89PNG", ".png"),
        (b"\xff\xd8\xff", ".jpg"),
    ];
    let known = KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind);
    known.or_else(|| page(bytes))
}

/// Programs of the web give out pages as `.xls`, and Excel opens them.
fn page(bytes: &[u8]) -> Option<&'static str> {
    const HTML: [&str; 11] = [
        "<!doctype",
        "<!--",
        "<html",
        "<head",
        "<meta",
        "<style",
        "<script",
        "<body",
        "<table",
        "<tr",
        "<div",
    ];
    let start: Vec<u8> = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .iter()
        .skip_while(|it| it.is_ascii_whitespace())
        .take(16)
        .map(u8::to_ascii_lowercase)
        .collect();
    let begins = |words: &[&str]| words.iter().any(|it| start.starts_with(it.as_bytes()));
    if begins(&HTML) {
        return Some("a page of the web (HTML)");
    }
    if begins(&["mime-version:"]) {
        return Some("a page of the web (MHTML)");
    }
    begins(&["<?xml", "<workbook"]).then_some("an XML document")
}

fn no_page(it: Text) -> Result<Text, SheetError> {
    page(it.text.as_bytes()).map_or(Ok(it), |kind| Err(SheetError::NotText { kind }))
}

/// Reads a file to its end, or to where it is too large: however long it is, no more is kept.
pub fn bounded(file: impl Read) -> std::io::Result<Result<Vec<u8>, SheetError>> {
    let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if FILE_BYTES_MAX < bytes.len() {
        return Ok(Err(SheetError::TooLarge));
    }
    Ok(Ok(bytes))
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
        .ok_or(SheetError::TooLarge)?;
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(Text { text, encoding }),
        DecoderResult::OutputFull => Err(SheetError::TooLarge),
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
    fn other_files_are_refused_by_name() {
        for (bytes, kind) in [(&b"%PDF-1.7"[..], ".pdf"), (b"a\0b", "binary")] {
            let Err(SheetError::NotText { kind: seen }) = decode(bytes) else { panic!("{kind}") };
            assert!(seen.contains(kind.trim()), "{seen}");
        }
    }

    #[test]
    fn a_file_is_read_at_its_bound_and_refused_past_it() {
        let mut bytes = vec![b'a'; FILE_BYTES_MAX];
        assert!(decode(&bytes).is_ok());
        bytes.push(b'a');
        assert_eq!(decode(&bytes), Err(SheetError::TooLarge));
    }

    /// Counts what is read of it.
    struct Counted<R>(R, u64);

    impl<R: Read> Read for Counted<R> {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            let read = self.0.read(to)?;
            self.1 = self.1.saturating_add(u64::try_from(read).unwrap());
            Ok(read)
        }
    }

    #[test]
    fn of_a_line_of_two_gigabytes_no_more_is_read_than_of_any_file() {
        let line = std::io::repeat(b'a').take(2 << 30);
        let mut line = Counted(line, 0);
        assert_eq!(bounded(&mut line).unwrap(), Err(SheetError::TooLarge));
        assert_eq!(line.1, u64::try_from(FILE_BYTES_MAX + 1).unwrap());
        assert_eq!(bounded(&b"a,b"[..]).unwrap(), Ok(b"a,b".to_vec()));
    }

    #[test]
    fn a_page_of_the_web_is_refused_whatever_it_is_called() {
        for (text, kind) in [
            ("<html><table><tr><td>1", "HTML"),
            ("\u{feff}\r\n <!DOCTYPE html>", "HTML"),
            ("<TABLE border=1>", "HTML"),
            ("<!-- 志愿服务时长 --><table>", "HTML"),
            ("\n<STYLE>td{mso-number-format:'\\@'}</STYLE><table>", "HTML"),
            ("MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "MHTML"),
            ("<?xml version=\"1.0\"?><Workbook>", "XML"),
        ] {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for bytes in [text.as_bytes(), &[b"\xff\xfe", &wide[..]].concat()] {
                let Err(SheetError::NotText { kind: seen }) = decode(bytes) else {
                    panic!("{text}")
                };
                assert!(seen.contains(kind), "{seen}");
            }
        }
        assert!(decode(b"<3,b").is_ok());
    }
}
