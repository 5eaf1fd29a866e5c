//! Page tokens: opaque to callers. A token pins the entry number its pages are a view of, says
//! where the next page begins, and fits only the question it was given for.

use prost::Message;
use sha2::{Digest as _, Sha256};

use crate::{Fault, Malformed, malformed::Parsed};

/// Where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entry that the pages are a view of.
    pub seq: u64,
    /// Where to go on; what it means is the question's own affair.
    pub cursor: u64,
    /// Where to go on, for a question that needs more than a number.
    pub detail: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct Token {
    #[prost(uint64, tag = "1")]
    seq: u64,
    #[prost(uint64, tag = "2")]
    cursor: u64,
    #[prost(bytes = "vec", tag = "3")]
    detail: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    question: Vec<u8>,
}

/// Names a question: the method, and the request without its page.
pub fn question(method: &str, cleared: &impl Message) -> Vec<u8> {
    let digest = Sha256::new().chain_update(method).chain_update(cleared.encode_to_vec());
    digest.finalize().into_iter().take(8).collect()
}

impl Page {
    /// The page of a token; `None` for the first.
    pub fn parse(text: &str, question: &[u8]) -> Parsed<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let bad = || Malformed::new("page_token", Fault::NotAToken);
        let bytes = hex::decode(text).map_err(|_| bad())?;
        let token = Token::decode(bytes.as_slice()).map_err(|_| bad())?;
        if token.question != question {
            return Err(bad());
        }
        Ok(Some(Self { seq: token.seq, cursor: token.cursor, detail: token.detail }))
    }

    /// The token of the page.
    pub fn token(self, question: &[u8]) -> String {
        let Self { seq, cursor, detail } = self;
        let token = Token { seq, cursor, detail, question: question.to_vec() };
        hex::encode(token.encode_to_vec())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_fits_its_own_question() {
        let page = Page { seq: 7, cursor: 3, detail: vec![1, 2] };
        let token = page.clone().token(b"one");
        assert_eq!(Page::parse(&token, b"one"), Ok(Some(page)));
        assert!(Page::parse(&token, b"two").is_err());
        assert_eq!(Page::parse("", b"one"), Ok(None));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", digits in "[0-9a-f]{0,64}") {
            let _ = Page::parse(&text, b"one");
            let _ = Page::parse(&digits, b"one");
        }
    }
}
