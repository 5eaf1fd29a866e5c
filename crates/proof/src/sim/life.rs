//! One life of a bank: from its opening to the end of the script, or to the fault that ends it.

use std::{
    future::Future,
    pin::Pin,
    task::{Context as Polling, Poll, Waker},
    time::Duration,
};

use anyhow::{Context as _, bail};
use lovebank::{
    clock::{Clock, ManualClock},
    metrics::Metrics,
    writer::{self, NotPosted, Receipt, Replayed, Setup, Submission, Writer, WriterError},
};
use lovebank_journal::{Journal as _, codec};

use super::{Known, gate::Keeper, gate::gate, journal::SimJournal, script::Script};

/// Commands that may wait: more than a script has.
const QUEUE_MAX: usize = 4096;
/// Entries of a group, at most: fewer than some bursts have.
const GROUP_MAX: usize = 6;

/// How long the writer is waited for before it is looked at again; nothing depends on it.
const PAUSE: Duration = Duration::from_micros(100);

type Answer = Result<Receipt, NotPosted>;

/// A command that was queued.
struct Asked<'a> {
    submission: Submission,
    answer: Pin<Box<dyn Future<Output = Answer> + 'a>>,
    answered: Option<Answer>,
}

/// Lives; whether the script came to its end.
pub(super) fn live(
    mut journal: SimJournal,
    script: &Script,
    known: &mut Known,
) -> anyhow::Result<bool> {
    let clock = ManualClock::at(Script::opening());
    let replayed = match begin(&mut journal, known) {
        Ok(replayed) => replayed,
        Err(WriterError::Append(_)) => return Ok(false),
        Err(err) => return Err(err.into()),
    };
    let setup = Setup {
        queue_max: QUEUE_MAX,
        group_max: GROUP_MAX,
        clock: Clock::Manual(clock.clone()),
        metrics: Metrics::new(),
    };
    let (gate, keeper) = gate();
    let started = writer::start(journal.behind(gate), replayed, setup);
    let mut asked = Vec::new();
    if let Ok((writer, ..)) = &started {
        keeper.shut();
        Asking { writer, keeper: &keeper, asked: &mut asked, waits: false }.whole(script, &clock);
    }
    for it in keeper.offered() {
        known.submitted.entry(it.no().get()).or_default().insert(it.seal());
    }
    let whole = note(&mut asked, known)?;
    drop(asked);
    let (writer, reader, thread) = match started {
        Ok(started) => started,
        Err(err) if err.is_of_storage() => return Ok(false),
        Err(err) => return Err(err.into()),
    };
    let only_reads = writer.only_reads();
    drop(writer);
    match thread.join() {
        Ok(()) if whole && !only_reads => {
            let head = reader.ledger().head();
            let seen = head.map_or(0, lovebank_ledger::EntryNo::get);
            let last = known.acknowledged.keys().next_back().copied().unwrap_or_default();
            anyhow::ensure!(last <= seen, "readers see {seen}, and {last} was acknowledged");
            Ok(true)
        }
        Err(err) if err.is_of_storage() && err.is_full() == only_reads => Ok(false),
        other => bail!("the writer ended so: {other:?}, all answered: {whole}"),
    }
}

/// Replays the journal, or founds the bank where there is none.
fn begin(journal: &mut SimJournal, known: &mut Known) -> Result<Replayed, WriterError> {
    if journal.head().no == 0 {
        let (founding, context) = Script::founding();
        let sealed = codec::seal(&founding.entry(&context));
        known.submitted.entry(1).or_default().insert(sealed.seal());
        let founded = writer::found(journal, &founding, &context)?;
        known.acknowledged.insert(1, (context.request, sealed.seal()));
        return Ok(founded);
    }
    // It was checked whole already.
    writer::replay(&journal.reader(), journal.head().no, |_| ()).map_err(|_| WriterError::Thread)
}

/// The queueing of a script.
struct Asking<'a, 'b> {
    writer: &'a Writer,
    keeper: &'b Keeper,
    asked: &'b mut Vec<Asked<'a>>,
    /// Whether the writer waits at its gate.
    waits: bool,
}

impl Asking<'_, '_> {
    /// Queues burst after burst, each while the writer waits with the one before, until all of
    /// it is answered.
    fn whole(mut self, script: &Script, clock: &ManualClock) {
        for burst in script.bursts() {
            clock.set(burst.now);
            let waited = self.waits;
            for submission in &burst.commands {
                let answer = Box::pin(self.writer.submit(submission.clone()));
                let submission = submission.clone();
                self.asked.push(Asked { submission, answer, answered: None });
                // The first poll is what queues it.
                poll(self.asked.last_mut());
                if !self.waits {
                    // Who comes alone finds the writer idle: it decides this one at once.
                    self.wait();
                }
            }
            if waited {
                self.go_on();
            }
        }
        while self.waits {
            self.go_on();
        }
    }

    fn go_on(&mut self) {
        self.keeper.open.send(()).ok();
        self.wait();
    }

    /// Waits until the writer is at its gate, or everything is answered.
    fn wait(&mut self) {
        loop {
            self.waits = self.keeper.reached.recv_timeout(PAUSE).is_ok();
            if self.waits {
                return;
            }
            self.asked.iter_mut().for_each(|it| poll(Some(it)));
            if self.asked.iter().all(|it| it.answered.is_some()) {
                return;
            }
        }
    }
}

fn poll(asked: Option<&mut Asked<'_>>) {
    let Some(asked) = asked.filter(|it| it.answered.is_none()) else { return };
    let mut polling = Polling::from_waker(Waker::noop());
    if let Poll::Ready(answer) = asked.answer.as_mut().poll(&mut polling) {
        asked.answered = Some(answer);
    }
}

/// Notes what was answered; whether everything was.
fn note(asked: &mut [Asked<'_>], known: &mut Known) -> anyhow::Result<bool> {
    let mut whole = true;
    for it in asked {
        let request = it.submission.request;
        match it.answered.take().context("all is answered")? {
            Ok(receipt) => {
                let (no, seal) = (receipt.entry.no.get(), codec::seal(&receipt.entry).seal());
                let before = known.acknowledged.insert(no, (request, seal));
                let same = before.is_none_or(|it| it == (request, seal));
                anyhow::ensure!(same, "{no} was acknowledged as another entry");
                known.answers.insert(request, Some(no));
            }
            Err(NotPosted::Refused(_)) => {
                known.answers.entry(request).or_insert(None);
            }
            Err(
                NotPosted::StorageFailed
                | NotPosted::StorageFull
                | NotPosted::ReadOnly
                | NotPosted::Stopping,
            ) => whole = false,
            Err(other) => bail!("{other}"),
        }
    }
    Ok(whole)
}
