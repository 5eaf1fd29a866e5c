//! Several copies of a journal, compared entry by entry, and audited as what they hold together.
//!
//! Each copy is read, hashed and put in order by a thread of its own; what they agree on, or the
//! one of them that the chain shows to be right, is added up by another.

use std::{
    collections::VecDeque,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use lovebank_journal::Head;
use lovebank_ledger::Seal;

use crate::{
    Finding, Mark, MarkedBy, Report, What,
    differ::differ,
    findings::Findings,
    fold::Fold,
    line::{Item, Line, Link},
    report,
};

/// Entries that are handed on together.
const BATCH: usize = 1024;
/// Batches that may wait.
const AHEAD: usize = 4;

/// Something that a copy holds.
#[derive(Debug)]
pub enum Piece {
    /// Stored bytes.
    Entry {
        /// The number under which they are kept.
        place: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Something that is no entry.
    Malformed {
        /// The entry in whose place it is kept.
        place: u64,
        /// What it is.
        why: String,
    },
    /// It cannot be read on.
    Broken {
        /// Why.
        why: String,
    },
}

/// A copy of the journal.
pub struct Copy<R> {
    /// What it is called.
    pub name: String,
    /// How far it had come by its own note.
    pub note: Option<Head>,
    /// About how many entries it has.
    pub entries: u64,
    /// Reads it: hands on each piece, in the order of places.
    pub read: R,
}

/// Audits copies; `before` was found while they were opened.
///
/// # Panics
///
/// If reading a copy does.
pub fn copies<R>(
    copies: Vec<Copy<R>>,
    (mut marks, before): (Vec<Mark>, Vec<Finding>),
    progress: impl FnMut(u64) + Send,
) -> Report
where
    R: FnOnce(&mut dyn FnMut(Piece)) + Send,
{
    let count = copies.len();
    let entries = copies.iter().map(|it| it.entries).max().unwrap_or_default();
    // What any copy had acknowledged the journal as such must have.
    let noted = copies.iter().filter_map(|it| it.note).max_by_key(|it| it.no);
    marks.extend(noted.map(|head| Mark { head, by: MarkedBy::Note }));
    let mut findings = Findings::default();
    for it in before {
        findings.add(it);
    }
    let (head, (fold, found)) = thread::scope(|scope| {
        let mut cursors = Vec::new();
        let mut reading = Vec::new();
        for copy in copies {
            let (sender, receiver) = sync_channel(AHEAD);
            cursors.push(Cursor::new(copy.name.clone(), copy.note, receiver));
            reading.push(scope.spawn(move || read(copy, &sender)));
        }
        let (sender, receiver) = sync_channel(AHEAD);
        let folding = scope.spawn(move || fold(&receiver, entries, progress));
        let mut merge = Merge { cursors, line: Line::new(None, marks), findings: &mut findings };
        let head = merge.run(&sender);
        drop(sender);
        for it in reading {
            findings.append(it.join().expect("reading a copy ends"));
        }
        (head, folding.join().expect("adding up ends"))
    });
    findings.append(found);
    report(head, fold, (findings, count))
}

/// Reads a copy and puts it in order.
fn read<R: FnOnce(&mut dyn FnMut(Piece))>(
    copy: Copy<R>,
    sender: &SyncSender<Vec<Item>>,
) -> Findings {
    let Copy { name, note, read, .. } = copy;
    let marks = note.map(|head| Mark { head, by: MarkedBy::Note }).into_iter().collect();
    let mut line = Line::new(Some(name.clone()), marks);
    let (mut findings, mut batch) = (Findings::default(), Vec::with_capacity(BATCH));
    let mut hand_on = |line: &mut Line, least: usize| {
        batch.extend(std::iter::from_fn(|| line.next()));
        if least <= batch.len() {
            // Where nobody compares it any more it is still read, for what it shows by itself.
            sender.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).ok();
        }
    };
    read(&mut |piece| match piece {
        Piece::Entry { place, bytes } => {
            line.take(Link::of(place, bytes), &mut findings);
            hand_on(&mut line, BATCH);
        }
        Piece::Malformed { place, why } => {
            findings.add(Finding::at(place, What::CopyMalformed { why }).of(Some(&name)));
        }
        Piece::Broken { why } => {
            findings.add(Finding::general(What::CopyUnreadable { why }).of(Some(&name)));
        }
    });
    line.end(&mut findings);
    hand_on(&mut line, 1);
    findings
}

/// Adds up what comes.
fn fold(
    receiver: &Receiver<Vec<Item>>,
    entries: u64,
    mut progress: impl FnMut(u64),
) -> (Fold, Findings) {
    let (mut fold, mut findings) = (Fold::with_room(entries), Findings::default());
    for batch in receiver {
        for it in &batch {
            fold.take(it, &mut findings);
        }
        progress(fold.added_up());
    }
    (fold, findings)
}

/// Where a copy is being read.
struct Cursor {
    name: String,
    note: Option<Head>,
    receiver: Receiver<Vec<Item>>,
    queue: VecDeque<Item>,
    /// Its last entry that was compared.
    last: u64,
    /// Entries that others have and it has not.
    lacks: Option<(u64, u64)>,
}

impl Cursor {
    fn new(name: String, note: Option<Head>, receiver: Receiver<Vec<Item>>) -> Self {
        Self { name, note, receiver, queue: VecDeque::new(), last: 0, lacks: None }
    }

    fn fill(&mut self) {
        while self.queue.len() < 2
            && let Ok(batch) = self.receiver.recv()
        {
            self.queue.extend(batch);
        }
    }

    /// The number of its next entry.
    fn no(&self) -> Option<u64> {
        self.queue.front().map(|it| it.no)
    }

    /// How much speaks for its next entry: that it follows, that it is named, that it was noted.
    fn weight(&self, before: Seal) -> u8 {
        let Some(first) = self.queue.front() else { return 0 };
        let next = self.queue.get(1).filter(|it| it.no == first.no.saturating_add(1));
        let noted = self.note.filter(|it| it.no == first.no);
        let shows = |it: bool, weight: u8| if it { weight } else { 0 };
        shows(first.previous == before, 1)
            .saturating_add(shows(next.is_some_and(|it| it.previous == first.seal), 2))
            .saturating_add(shows(noted.is_some_and(|it| it.seal == first.seal), 2))
    }

    fn take(&mut self) -> Option<Item> {
        let item = self.queue.pop_front()?;
        self.last = item.no;
        Some(item)
    }

    fn lacks(&mut self, no: u64, findings: &mut Findings) {
        match &mut self.lacks {
            Some((_, until)) if until.saturating_add(1) == no => *until = no,
            Some(_) | None => {
                self.tell_lacks(findings);
                self.lacks = Some((no, no));
            }
        }
    }

    fn tell_lacks(&mut self, findings: &mut Findings) {
        if let Some((from, until)) = self.lacks.take() {
            let ends = self.last < from && self.queue.is_empty();
            let what = if ends { What::CopyBehind { other: until } } else { What::CopyLacks };
            findings.add(Finding::among(from, until, what).of(Some(&self.name)));
        }
    }
}

struct Merge<'f> {
    cursors: Vec<Cursor>,
    line: Line,
    findings: &'f mut Findings,
}

impl Merge<'_> {
    fn run(&mut self, sender: &SyncSender<Vec<Item>>) -> Head {
        let mut before = Seal::NONE;
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(item) = self.next(before) {
            before = item.seal;
            self.line.take(item.into(), self.findings);
            batch.extend(std::iter::from_fn(|| self.line.next()));
            if BATCH <= batch.len() {
                let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                sender.send(full).ok();
            }
        }
        for it in &mut self.cursors {
            it.tell_lacks(self.findings);
        }
        self.line.end(self.findings);
        batch.extend(std::iter::from_fn(|| self.line.next()));
        sender.send(batch).ok();
        self.line.head()
    }

    /// The next entry that some copy has.
    fn next(&mut self, before: Seal) -> Option<Item> {
        self.cursors.iter_mut().for_each(Cursor::fill);
        let no = self.cursors.iter().filter_map(Cursor::no).min()?;
        let mut best: Option<(usize, u8)> = None;
        let mut tie = None;
        for (at, it) in self.cursors.iter_mut().enumerate() {
            if it.no() != Some(no) {
                it.lacks(no, self.findings);
                continue;
            }
            let weight = it.weight(before);
            match best {
                Some((_, most)) if weight < most => {}
                Some((other, most)) if weight == most => tie = Some((other, at)),
                Some(_) | None => (best, tie) = (Some((at, weight)), None),
            }
        }
        let (best, _) = best?;
        if let Some((one, other)) = tie {
            self.tied(one, other);
        }
        let item = self.cursors.get_mut(best)?.take()?;
        for it in &mut self.cursors {
            if it.no() == Some(no)
                && let Some(loser) = it.take()
                && loser.seal != item.seal
            {
                let (field, expected, found) = differ(&item.bytes, &loser.bytes);
                let what = What::Changed { field, expected, found };
                self.findings.add(Finding::at(no, what).of(Some(&it.name)));
            }
        }
        Some(item)
    }

    /// Two copies of which as much speaks for each: where they differ, the second is followed no
    /// further.
    fn tied(&mut self, one: usize, other: usize) {
        let front = |at: usize| self.cursors.get(at).and_then(|it| it.queue.front());
        let (Some(a), Some(b)) = (front(one), front(other)) else { return };
        if a.seal == b.seal {
            return;
        }
        let no = a.no;
        let (field, one, other_says) = differ(&a.bytes, &b.bytes);
        let what = What::CopiesDiffer { field, one, other: other_says };
        self.findings.add(Finding::at(no, what));
        self.cursors.remove(other);
    }
}
