//! The simplest engine that keeps the port's contract on disks that fail: two logs, written and
//! synced one after the other, each record with a check of its bytes.

use std::io;

use lovebank_journal::{
    AppendError, Head, Journal, MemoryJournal, MemoryReader, Sealed, chain::seal, check_group,
};

use super::{disk::Disks, gate::Gate};

/// The bytes before those of an entry: their length and the beginning of their seal.
const HEADER: usize = 12;
/// Bytes of one read.
const READ: usize = 16 * 1024;

/// The engine.
pub(super) struct SimJournal {
    disks: Disks,
    /// What is durable, for readers.
    memory: MemoryJournal,
    /// Where both logs end.
    end: usize,
    poisoned: bool,
    gate: Option<Gate>,
}

/// What a log holds that is in order.
struct Log {
    entries: Vec<Sealed>,
    head: Head,
    end: usize,
}

impl SimJournal {
    /// Opens the journal of two disks: the longer log counts, the other is made like it.
    pub(super) fn open(disks: &Disks) -> io::Result<Self> {
        let logs = [log(disks, 0)?, log(disks, 1)?];
        let [first, second] = &logs;
        let (good, log) = if first.head.no < second.head.no { (1, second) } else { (0, first) };
        if !log.entries.starts_with(&logs[1 - good].entries) {
            return Err(io::Error::other("the logs hold different entries"));
        }
        // What lies behind the end was never acknowledged, and must not be taken for more.
        let all = encoded(&log.entries);
        for side in [good, 1 - good] {
            let written = logs[side].end;
            disks.resize(side, written)?;
            write_all(disks, side, written, all.get(written..).unwrap_or_default())?;
            disks.sync(side)?;
        }
        let mut memory = MemoryJournal::default();
        for group in log.entries.chunks(lovebank_journal::GROUP_MAX) {
            memory.append(memory.head(), group).map_err(io::Error::other)?;
        }
        Ok(Self { disks: disks.clone(), memory, end: log.end, poisoned: false, gate: None })
    }

    /// From now on each append waits at a gate.
    pub(super) fn behind(self, gate: Gate) -> Self {
        Self { gate: Some(gate), ..self }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        for side in [0, 1] {
            write_all(&self.disks, side, self.end, bytes)?;
            self.disks.sync(side)?;
        }
        Ok(())
    }
}

impl Journal for SimJournal {
    type Reader = MemoryReader;

    fn head(&self) -> Head {
        self.memory.head()
    }

    fn append(&mut self, expected: Head, group: &[Sealed]) -> Result<Head, AppendError> {
        if self.poisoned {
            return Err(AppendError::Poisoned);
        }
        check_group(self.head(), expected, group)?;
        if let Some(gate) = &self.gate {
            gate.pass(group);
        }
        let bytes = encoded(group);
        self.poisoned = true;
        self.write(&bytes).map_err(|err| AppendError::of_files("writing", err.kind(), err))?;
        self.poisoned = false;
        self.end += bytes.len();
        self.memory.append(expected, group)
    }

    fn reader(&self) -> MemoryReader {
        self.memory.reader()
    }
}

fn encoded(entries: &[Sealed]) -> Vec<u8> {
    let mut all = Vec::new();
    for it in entries {
        let length = u32::try_from(it.bytes().len()).unwrap_or(u32::MAX);
        all.extend_from_slice(&length.to_be_bytes());
        all.extend_from_slice(&it.seal().as_bytes()[..HEADER - 4]);
        all.extend_from_slice(it.bytes());
    }
    all
}

fn log(disks: &Disks, side: usize) -> io::Result<Log> {
    let bytes = read_all(disks, side)?;
    let mut log = Log { entries: Vec::new(), head: Head::EMPTY, end: 0 };
    while let Some((sealed, end)) = next(&bytes, &log) {
        log.head = Head { no: sealed.no().get(), seal: sealed.seal() };
        log.entries.push(sealed);
        log.end = end;
    }
    Ok(log)
}

/// The entry after those of a log, and where it ends; none where what follows is not one.
fn next(bytes: &[u8], log: &Log) -> Option<(Sealed, usize)> {
    let header = bytes.get(log.end..log.end + HEADER)?;
    let (length, check) = header.split_at(4);
    let length = u32::from_be_bytes(length.try_into().ok()?);
    let from = log.end + HEADER;
    let end = from.checked_add(usize::try_from(length).ok()?)?;
    let entry = bytes.get(from..end)?;
    (seal(entry).as_bytes().starts_with(check)).then_some(())?;
    Some((log.head.follow(entry.to_vec()).ok()?, end))
}

fn read_all(disks: &Disks, side: usize) -> io::Result<Vec<u8>> {
    let (length, mut all) = (disks.len(side)?, Vec::new());
    while all.len() < length {
        let more = disks.read(side, all.len(), READ)?;
        if more.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        all.extend(more);
    }
    Ok(all)
}

fn write_all(disks: &Disks, side: usize, at: usize, bytes: &[u8]) -> io::Result<()> {
    let mut written = 0;
    while written < bytes.len() {
        let more = disks.write(side, at + written, bytes.get(written..).unwrap_or_default())?;
        written += more;
    }
    Ok(())
}
