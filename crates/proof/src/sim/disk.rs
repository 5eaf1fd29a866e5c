//! Two disks in memory, each with one file, that fail as they are told.

use std::{
    io::{self, ErrorKind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{Random, Tally};

const SECTOR: usize = 512;
const PAGE: usize = 4096;

/// What goes wrong at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The power goes after the call: every later one fails until it is back.
    Crash,
    /// The call fails; a sync that fails drops what it was to keep, as Linux does.
    Error,
    /// Half of a write arrives, then there is no room until the power was off.
    Full,
    /// A read or write does less than it was asked for, and says so.
    Short,
    /// Some bits of the first disk flip at rest, when the power goes; it goes after the call.
    FlipAndCrash,
}

/// The disks, the calls they had, and what is still to go wrong.
#[derive(Debug, Clone)]
pub(super) struct Disks(Arc<Mutex<State>>);

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what may be wrong with a disk, each for itself")]
struct State {
    files: [File; 2],
    calls: u64,
    faults: Vec<(u64, Fault)>,
    happened: Vec<&'static str>,
    off: bool,
    full: bool,
    flip: bool,
    forgetful: bool,
    random: Random,
}

#[derive(Debug, Default)]
struct File {
    durable: Vec<u8>,
    now: Vec<u8>,
    /// What was written since the last sync: where, and the bytes; or a new length.
    cached: Vec<Cached>,
}

#[derive(Debug)]
enum Cached {
    Write(usize, Vec<u8>),
    Resize(usize),
}

impl Fault {
    /// A random one; bits flip once in a run, since two disks guard against one that lies.
    pub(super) fn any(random: &mut Random, before: &[(u64, Self)]) -> Self {
        let flipped = before.iter().any(|(_, it)| *it == Self::FlipAndCrash);
        match random.below(6) {
            0 | 1 => Self::Crash,
            2 => Self::Error,
            3 => Self::Full,
            4 => Self::Short,
            _ if flipped => Self::Crash,
            _ => Self::FlipAndCrash,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Crash => "faults: the power went",
            Self::Error => "faults: EIO",
            Self::Full => "faults: ENOSPC",
            Self::Short => "faults: a read or write that was short",
            Self::FlipAndCrash => "faults: bits flipped while the power was off",
        }
    }
}

impl Disks {
    pub(super) fn new(seed: u64, faults: &[(u64, Fault)]) -> Self {
        Self(Arc::new(Mutex::new(State {
            files: <[File; 2]>::default(),
            calls: 0,
            faults: faults.to_vec(),
            happened: Vec::new(),
            off: false,
            full: false,
            flip: false,
            forgetful: false,
            random: Random::new(seed),
        })))
    }

    /// They say of every sync that it was done, and do not do it.
    pub(super) fn forgetful(self) -> Self {
        self.state().forgetful = true;
        self
    }

    /// Nothing goes wrong any more.
    pub(super) fn heal(&self) {
        self.state().faults.clear();
    }

    /// How many calls there were.
    pub(super) fn calls(&self) -> u64 {
        self.state().calls
    }

    /// Counts what went wrong.
    pub(super) fn count(&self, tally: &mut Tally) {
        self.state().happened.drain(..).for_each(|it| tally.count(it));
    }

    pub(super) fn len(&self, side: usize) -> io::Result<usize> {
        self.call(|state| Ok(state.files[side].now.len()))
    }

    /// Reads from an offset on, maybe less than there is.
    pub(super) fn read(&self, side: usize, at: usize, most: usize) -> io::Result<Vec<u8>> {
        self.call_short(|state, short| {
            let file = &state.files[side].now;
            let rest = file.get(at..).unwrap_or_default();
            let most = if short { most.div_ceil(3) } else { most };
            Ok(rest.get(..most.min(rest.len())).unwrap_or_default().to_vec())
        })
    }

    /// Writes at an offset, maybe less than was given.
    pub(super) fn write(&self, side: usize, at: usize, bytes: &[u8]) -> io::Result<usize> {
        self.call_short(|state, short| {
            let full = state.full;
            let most = if short || full { bytes.len().div_ceil(2) } else { bytes.len() };
            let bytes = bytes.get(..most).unwrap_or_default().to_vec();
            state.files[side].change(Cached::Write(at, bytes));
            if full { Err(ErrorKind::StorageFull.into()) } else { Ok(most) }
        })
    }

    pub(super) fn resize(&self, side: usize, to: usize) -> io::Result<()> {
        self.call(|state| {
            state.files[side].change(Cached::Resize(to));
            Ok(())
        })
    }

    pub(super) fn sync(&self, side: usize) -> io::Result<()> {
        self.call(|state| {
            if state.forgetful {
                return Ok(());
            }
            let file = &mut state.files[side];
            file.durable.clone_from(&file.now);
            file.cached.clear();
            Ok(())
        })
        .inspect_err(|_| {
            let mut state = self.state();
            if !state.off {
                // The pages count as clean from now on, and are not there.
                let file = &mut state.files[side];
                file.cached.clear();
                file.now.clone_from(&file.durable);
            }
        })
    }

    /// The power goes and comes back: of what was not synced any part may be there.
    pub(super) fn power_off(&self) {
        let mut state = self.state();
        let State { files, random, flip, .. } = &mut *state;
        for file in files.iter_mut() {
            file.cut(random);
        }
        let size = files[0].durable.len();
        if std::mem::take(flip) && 0 < size {
            for _ in 0..=random.below(3) {
                let (at, bit) = (random.below(size), random.below(8));
                files[0].durable[at] ^= 1 << bit;
                files[0].now[at] = files[0].durable[at];
            }
        }
        (state.off, state.full) = (false, false);
    }

    fn call<T>(&self, work: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
        self.call_short(|state, _| work(state))
    }

    /// One call: what is to go wrong at it goes wrong.
    fn call_short<T>(&self, work: impl FnOnce(&mut State, bool) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.state();
        if state.off {
            return Err(io::Error::other("the power is off"));
        }
        let call = state.calls;
        state.calls += 1;
        let fault = state.faults.iter().find(|(at, _)| *at == call).map(|it| it.1);
        if let Some(fault) = fault {
            state.happened.push(fault.name());
        }
        match fault {
            None => work(&mut state, false),
            Some(Fault::Short) => work(&mut state, true),
            Some(Fault::Error) => Err(io::Error::from_raw_os_error(5)),
            Some(Fault::Full) => {
                state.full = true;
                work(&mut state, false)
            }
            Some(fault @ (Fault::Crash | Fault::FlipAndCrash)) => {
                let done = work(&mut state, false);
                state.off = true;
                state.flip = fault == Fault::FlipAndCrash;
                done
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl File {
    fn change(&mut self, change: Cached) {
        change.apply(&mut self.now);
        self.cached.push(change);
    }

    /// What is left of it after a cut.
    fn cut(&mut self, random: &mut Random) {
        let unit = if random.once_in(2) { SECTOR } else { PAGE };
        let whole = random.below(4);
        for change in self.cached.drain(..) {
            match whole {
                0 => {}
                1 => change.apply(&mut self.durable),
                _ => change.tear(&mut self.durable, unit, random),
            }
        }
        self.now.clone_from(&self.durable);
    }
}

impl Cached {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write(at, bytes) => put(file, *at, bytes),
            Self::Resize(to) => file.resize(*to, 0),
        }
    }

    fn tear(&self, file: &mut Vec<u8>, unit: usize, random: &mut Random) {
        let Self::Write(at, bytes) = self else {
            if random.once_in(2) {
                self.apply(file);
            }
            return;
        };
        let (mut from, end) = (*at, at + bytes.len());
        while from < end {
            let to = ((from / unit + 1) * unit).min(end);
            if random.once_in(2) {
                put(file, from, &bytes[from - at..to - at]);
            }
            from = to;
        }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}
