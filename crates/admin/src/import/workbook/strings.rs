//! How long the shared texts of an XLS are (MS-XLS 2.4.265), without reading them: a few bytes
//! of a cell stand for a whole text, which its reader would write out for each.

use super::guard::broken;
use super::old::{u16_at, u32_at};
use crate::import::{error::SheetError, table::CELLS_MAX};

/// A record and those that continue it.
pub(super) struct Pieces<'a> {
    now: &'a [u8],
    rest: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(pieces: Vec<&'a [u8]>) -> Self {
        Self { now: &[], rest: pieces.into_iter() }
    }

    fn turn(&mut self) -> Option<()> {
        self.now = self.rest.next()?;
        Some(())
    }

    /// Within a piece.
    fn pass(&mut self, bytes: usize) -> Option<()> {
        self.now = self.now.get(bytes..)?;
        Some(())
    }

    /// Over as many pieces as it takes.
    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while 0 < bytes {
            if self.now.is_empty() {
                self.turn()?;
            }
            let here = bytes.min(self.now.len());
            self.pass(here)?;
            bytes = bytes.saturating_sub(here);
        }
        Some(())
    }

    /// Passes over one text; how many characters it has.
    fn text(&mut self) -> Option<u16> {
        if self.now.is_empty() {
            return Some(0);
        }
        let count = u16_at(self.now, 0)?;
        let flags = *self.now.get(2)?;
        self.pass(3)?;
        let mut after: usize = 0;
        if flags & 8 != 0 {
            after = usize::from(u16_at(self.now, 0)?).saturating_mul(4);
            self.pass(2)?;
        }
        if flags & 4 != 0 {
            after = after.saturating_add(u32_at(self.now, 0)?);
            self.pass(4)?;
        }
        self.characters(count.into(), flags)?;
        self.skip(after)?;
        Some(count)
    }

    /// Each piece says anew whether its characters have one byte or two.
    fn characters(&mut self, mut left: usize, mut flags: u8) -> Option<()> {
        loop {
            let width: usize = if flags & 1 == 0 { 1 } else { 2 };
            let here = left.min(self.now.len().checked_div(width)?);
            self.pass(here.saturating_mul(width))?;
            left = left.saturating_sub(here);
            if left == 0 {
                return Some(());
            }
            self.turn()?;
            flags = *self.now.first()?;
            self.pass(1)?;
        }
    }
}

/// Characters of each text, in order.
pub(super) fn lengths(mut pieces: Pieces<'_>) -> Result<Vec<u16>, SheetError> {
    let short = || broken(&"its shared texts end too soon");
    let mut found = Vec::new();
    if pieces.turn().is_none() {
        return Ok(found);
    }
    pieces.pass(8).ok_or_else(short)?;
    while !pieces.now.is_empty() || pieces.turn().is_some() {
        if found.len() == CELLS_MAX {
            return Err(SheetError::TooManyCells);
        }
        found.push(pieces.text().ok_or_else(short)?);
    }
    Ok(found)
}
