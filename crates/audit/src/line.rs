//! One line of stored entries: numbers and seals, and which entry is to blame where they break.
//!
//! An entry is judged when the two after it are known: they tell whether it, or the one before it,
//! is not what was sealed, and whether two stand in each other's place.

use std::collections::VecDeque;

use lovebank_journal::{Head, chain};
use lovebank_ledger::Seal;

use crate::{Finding, Mark, MarkedBy, What, findings::Findings};

/// Stored bytes, and what the chain is checked from.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    place: u64,
    bytes: Vec<u8>,
    seal: Seal,
    /// The number, and the seal before it; none: the bytes are no entry.
    says: Option<(u64, Seal)>,
}

/// An entry in its place.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) no: u64,
    pub(crate) previous: Seal,
    pub(crate) seal: Seal,
    pub(crate) bytes: Vec<u8>,
}

impl Link {
    pub(crate) fn of(place: u64, bytes: Vec<u8>) -> Self {
        let before = chain::before(&bytes).ok();
        let says = before.map(|it| (it.no.saturating_add(1), it.seal));
        Self { place, seal: chain::seal(&bytes), bytes, says }
    }
}

impl From<Item> for Link {
    fn from(it: Item) -> Self {
        let Item { no, previous, seal, bytes } = it;
        Self { place: no, bytes, seal, says: Some((no, previous)) }
    }
}

/// A line of entries, as far as it was read.
#[derive(Debug)]
pub(crate) struct Line {
    copy: Option<String>,
    marks: Vec<Mark>,
    head: Head,
    /// Whether the seal of the head is known: not after a gap.
    is_sealed: bool,
    window: VecDeque<Link>,
    ready: VecDeque<Item>,
    /// Entries in the place of another one: that place, and their number.
    strays: Vec<(u64, u64)>,
}

/// Entries that are looked at beside the one that is judged.
const AHEAD: usize = 2;
/// The most strays that are kept for finding out what was swapped.
const STRAYS_MAX: usize = 1000;

impl Line {
    pub(crate) fn new(copy: Option<String>, marks: Vec<Mark>) -> Self {
        Self {
            copy,
            marks,
            head: Head::EMPTY,
            is_sealed: true,
            window: VecDeque::new(),
            ready: VecDeque::new(),
            strays: Vec::new(),
        }
    }

    /// The last entry there is.
    pub(crate) fn head(&self) -> Head {
        self.head
    }

    /// Takes what is kept next.
    pub(crate) fn take(&mut self, link: Link, findings: &mut Findings) {
        self.window.push_back(link);
        while AHEAD < self.window.len() {
            self.step(findings);
        }
    }

    /// The next entry that is in its place.
    pub(crate) fn next(&mut self) -> Option<Item> {
        self.ready.pop_front()
    }

    /// There is no more.
    pub(crate) fn end(&mut self, findings: &mut Findings) {
        while !self.window.is_empty() {
            self.step(findings);
        }
        for (place, no) in std::mem::take(&mut self.strays) {
            self.tell(Finding::at(place, What::Missing), findings);
            self.tell(Finding::at(no, What::Added { place }), findings);
        }
        let found = self.head.no;
        let marks = std::mem::take(&mut self.marks);
        for Mark { head: Head { no, .. }, by } in marks {
            if found < no {
                self.tell(Finding::at(no, What::EndsEarly { found }), findings);
            } else if no < found && by == MarkedBy::Note && self.copy.is_some() {
                let what = What::Unacknowledged { noted: no };
                self.tell(Finding::among(no.saturating_add(1), found, what), findings);
            }
        }
    }

    fn tell(&self, it: Finding, findings: &mut Findings) {
        findings.add(it.of(self.copy.as_deref()));
    }

    fn due(&self) -> u64 {
        self.head.no.saturating_add(1)
    }

    /// What the next but so many says.
    fn says(&self, ahead: usize) -> Option<(u64, Seal)> {
        self.window.get(ahead)?.says
    }

    fn says_no(&self, ahead: usize) -> Option<u64> {
        self.says(ahead).map(|it| it.0)
    }

    /// Judges the first of the window.
    fn step(&mut self, findings: &mut Findings) {
        let Some(first) = self.window.pop_front() else { return };
        let due = self.due();
        match first.says {
            None => {
                let why = "no number, or no seal of the entry before it".to_owned();
                self.tell(Finding::at(due, What::Unreadable { why }), findings);
                self.pass_over();
            }
            Some((no, previous)) if no == due => {
                if self.says_no(0) == Some(due) {
                    self.one_of_two(first, findings);
                } else {
                    self.accept(first, previous, findings);
                }
            }
            Some((no, previous)) if due < no => self.too_high(first, (no, previous), findings),
            Some((no, _)) => self.too_low(first.place, no, findings),
        }
    }

    /// Two entries have the number that is due: that one stays on which the next one builds.
    fn one_of_two(&mut self, first: Link, findings: &mut Findings) {
        let Some(second) = self.window.pop_front() else { return };
        let named = self.says(0).filter(|it| it.0 == self.due().saturating_add(1)).map(|it| it.1);
        let before = self.head.seal;
        let follows = first.says.is_some_and(|it| it.1 == before);
        let stays = named == Some(first.seal) || named != Some(second.seal) && follows;
        let (stays, goes) = if stays { (first, second) } else { (second, first) };
        self.tell(Finding::at(self.due(), What::Added { place: goes.place }), findings);
        self.window.push_front(stays);
    }

    fn too_high(&mut self, first: Link, (no, previous): (u64, Seal), findings: &mut Findings) {
        let due = self.due();
        let after = due.saturating_add(1);
        if no == after && self.says_no(0) == Some(due) {
            self.tell(Finding::at(due, What::Swapped { with: no }), findings);
            if let Some(second) = self.window.pop_front() {
                self.window.push_front(first);
                self.window.push_front(second);
            }
        } else if no != after && self.says_no(0) == Some(after) && self.strays.len() < STRAYS_MAX {
            self.strays.push((due, no));
            self.pass_over();
        } else {
            let last = no.saturating_sub(1);
            self.tell(Finding::among(due, last, What::Missing), findings);
            self.head = Head { no: last, seal: previous };
            self.is_sealed = true;
            self.window.push_front(first);
        }
    }

    fn too_low(&mut self, place: u64, no: u64, findings: &mut Findings) {
        let due = self.due();
        if let Some(at) = self.strays.iter().position(|it| *it == (no, due)) {
            self.strays.remove(at);
            self.tell(Finding::at(no, What::Swapped { with: due }), findings);
            self.pass_over();
            return;
        }
        self.tell(Finding::at(no, What::Added { place }), findings);
        if self.says_no(0) == Some(due.saturating_add(1)) {
            self.tell(Finding::at(due, What::Missing), findings);
            self.pass_over();
        }
    }

    /// The entry that is due is not to be had; the one after it says which seal it had.
    fn pass_over(&mut self) {
        let no = self.due();
        let named = self.says(0).filter(|it| it.0 == no.saturating_add(1));
        self.is_sealed = named.is_some();
        self.head = Head { no, seal: named.map_or(Seal::NONE, |it| it.1) };
    }

    fn accept(&mut self, first: Link, previous: Seal, findings: &mut Findings) {
        let Link { bytes, seal, .. } = first;
        let no = self.due();
        if self.is_sealed && previous != self.head.seal {
            self.blame(no, (previous, seal), findings);
        }
        for mark in self.marks.iter().filter(|it| it.head.no == no && it.head.seal != seal) {
            let (expected, found) = (mark.head.seal.to_string(), seal.to_string());
            let what = match mark.by {
                MarkedBy::Note => What::Changed { field: "seal", expected, found },
                MarkedBy::Witness => What::HeadDiffers { witness: true, expected, found },
                MarkedBy::Bank => What::HeadDiffers { witness: false, expected, found },
            };
            self.tell(Finding::at(no, what), findings);
        }
        self.head = Head { no, seal };
        self.is_sealed = true;
        self.ready.push_back(Item { no, previous, seal, bytes });
    }

    /// An entry names another seal than that of the one before it. Where the next one builds on it,
    /// the one before was changed; where it does not, that will be told of this one.
    fn blame(&self, no: u64, (previous, seal): (Seal, Seal), findings: &mut Findings) {
        let next = self.says(0).filter(|it| it.0 == no.saturating_add(1));
        if next.is_some_and(|it| it.1 != seal) {
            return;
        }
        // Nothing builds on the last one: it is to blame where the one before is vouched for.
        if next.is_none() && self.marks.iter().any(|it| it.head == self.head) {
            return self.tell(Finding::at(no, What::Added { place: no }), findings);
        }
        let changed = if self.head.no == 0 { no } else { self.head.no };
        let (expected, found) = (previous.to_string(), self.head.seal.to_string());
        let what = What::Changed { field: "seal", expected, found };
        self.tell(Finding::at(changed, what), findings);
    }
}
