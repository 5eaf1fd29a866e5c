//! Page tokens: opaque to callers. A token pins the entry number its pages are a view of, says
//! where the next page begins, and fits only the question it was given for.

use prost::Message;
use sha2::{Digest as _, Sha256};

use crate::{Fault, Malformed, Parsed};

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

/// The form of tokens; those of another are refused.
const VERSION: u32 = 1;

/// The longest token, in hex digits; none that is given out comes near it.
const TOKEN_MAX: usize = 4096;

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
    #[prost(uint32, tag = "5")]
    version: u32,
}

/// Names a question: the method, and the request without its page.
pub fn question(method: &str, cleared: &impl Message) -> Vec<u8> {
    let digest = Sha256::new()
        .chain_update(method)
        .chain_update([0])
        .chain_update(cleared.encode_to_vec())
        .finalize();
    digest.into_iter().take(8).collect()
}

/// Names a list that pages are cut from, by the numbers of its items in their order.
pub fn view(numbers: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let digest =
        numbers.into_iter().fold(Sha256::new(), |it, no| it.chain_update(no.to_be_bytes()));
    digest.finalize().into_iter().take(8).collect()
}

impl Page {
    /// The page of a token; `None` for the first.
    pub fn parse(text: &str, question: &[u8]) -> Parsed<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let token = Token::parse(text).filter(|it| it.question == question);
        let Token { seq, cursor, detail, .. } =
            token.ok_or_else(|| Malformed::new("page_token", Fault::NotAToken))?;
        Ok(Some(Self { seq, cursor, detail }))
    }

    /// The token of the page.
    pub fn token(self, question: &[u8]) -> String {
        let Self { seq, cursor, detail } = self;
        Token { seq, cursor, detail, question: question.to_vec(), version: VERSION }.text()
    }
}

impl Token {
    /// A token as it was given out, to the letter.
    fn parse(text: &str) -> Option<Self> {
        let short = Some(text).filter(|it| it.len() <= TOKEN_MAX)?;
        let token = Self::decode(hex::decode(short).ok()?.as_slice()).ok()?;
        (token.version == VERSION && token.text() == text).then_some(token)
    }

    fn text(&self) -> String {
        hex::encode(self.encode_to_vec())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const QUESTION: &[u8] = b"question";

    fn page() -> Page {
        Page { seq: 7, cursor: 3, detail: vec![1, 2] }
    }

    #[test]
    fn a_token_fits_its_own_question() {
        let token = page().token(QUESTION);
        assert_eq!(Page::parse(&token, QUESTION), Ok(Some(page())));
        assert!(Page::parse(&token, b"another").is_err());
        assert_eq!(Page::parse("", QUESTION), Ok(None));
    }

    #[test]
    fn a_token_is_taken_as_given_out_only() {
        let token = page().token(QUESTION);
        assert!(Page::parse(&token.to_uppercase(), QUESTION).is_err());
        // A field that no token has.
        assert!(Page::parse(&format!("{token}3001"), QUESTION).is_err());
        let other = Token { question: QUESTION.to_vec(), version: 2, ..Token::default() };
        assert!(Page::parse(&other.text(), QUESTION).is_err());
        let long = Page { detail: vec![0; TOKEN_MAX], ..page() };
        assert!(Page::parse(&long.token(QUESTION), QUESTION).is_err());
    }

    proptest! {
        #[test]
        fn a_page_is_what_its_token_says(
            seq: u64, cursor: u64, detail in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let page = Page { seq, cursor, detail };
            prop_assert_eq!(Page::parse(&page.clone().token(QUESTION), QUESTION), Ok(Some(page)));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*", digits in "[0-9a-f]{0,64}") {
            prop_assert!(text.is_empty() || Page::parse(&text, QUESTION).is_err());
            prop_assert!(digits.is_empty() || Page::parse(&digits, QUESTION).is_err());
        }
    }
}
