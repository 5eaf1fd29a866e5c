//! The writer's own loop: take a group, decide, append once, publish, answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use lovebank_journal::{GROUP_MAX, Journal, ReadJournal as _, Sealed, codec};
use lovebank_ledger::{Changes, Context, Decision, Entry, EntryNo, Ledger, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::{
    Ask, GROUP_BYTES_MAX, Message, NotPosted, Receipt, Setup, WriterError, due, foresee, sealed,
};
use crate::reader::{Publisher, read};

type Answer = (oneshot::Sender<Result<Receipt, NotPosted>>, Result<Receipt, NotPosted>);

/// The writer's own state.
pub(crate) struct Task<J> {
    journal: J,
    queue: mpsc::Receiver<Message>,
    publisher: Publisher,
    setup: Setup,
    /// The time of the group in hand.
    now: Timestamp,
    group: Vec<Sealed>,
    entries: Vec<Arc<Entry>>,
    bytes: usize,
    answers: Vec<Answer>,
    only_reads: Arc<AtomicBool>,
}

impl<J: Journal> Task<J> {
    pub(crate) fn new(
        journal: J,
        queue: mpsc::Receiver<Message>,
        (publisher, setup): (Publisher, Setup),
    ) -> Self {
        Self {
            journal,
            queue,
            publisher,
            now: setup.clock.now(),
            setup,
            group: Vec::new(),
            entries: Vec::new(),
            bytes: 0,
            answers: Vec::new(),
            only_reads: Arc::default(),
        }
    }

    /// Becomes true when storage is full.
    pub(crate) fn only_reads(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.only_reads)
    }

    /// Writes until every handle is dropped.
    pub(crate) fn run(mut self) -> Result<(), WriterError> {
        while let Some(first) = self.queue.blocking_recv() {
            let ended = self.group(first);
            if let Err(err) = ended {
                let error: &(dyn std::error::Error + 'static) = &err;
                tracing::error!(error, "the writer ends");
                self.fail(&err);
                return Err(err);
            }
        }
        Ok(())
    }

    /// Decides what is queued, up to a full group, and makes it durable. Nothing is decided
    /// before what fell due is settled: before the group, and within it what it makes due itself.
    fn group(&mut self, first: Message) -> Result<(), WriterError> {
        match first {
            Message::Ask(ask) if ask.submission.validate_only => self.try_only(*ask)?,
            first @ (Message::Ask(_) | Message::Settle | Message::Stop) => {
                self.settle_due()?;
                let changes = self.gather(first)?;
                self.write(changes)?;
            }
        }
        for (answer, result) in self.answers.drain(..) {
            // A caller that hung up finds its entry by request id.
            answer.send(result).ok();
        }
        Ok(())
    }

    /// Tries a command above what is durable, as it would be decided once what fell due is
    /// settled. A dry run writes nothing, so it is not what has that settled.
    fn try_only(&mut self, ask: Ask) -> Result<(), WriterError> {
        self.now = self.setup.clock.now();
        let published = self.publisher.published();
        let published = read(&published);
        let mut ahead = published.above();
        foresee(&mut ahead, self.now)?;
        self.decide(&mut ahead, ask)
    }

    /// Makes the group in hand durable and shows it to readers.
    fn write(&mut self, changes: Changes) -> Result<(), WriterError> {
        if self.group.is_empty() {
            return Ok(());
        }
        self.append()?;
        self.publisher.publish(changes);
        self.setup.metrics.ledger(&read(&self.publisher.published()));
        self.group.clear();
        self.entries.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Settles what fell due, in order, group by group, until nothing is due.
    pub(crate) fn settle_due(&mut self) -> Result<(), WriterError> {
        self.now = self.setup.clock.now();
        loop {
            let changes = self.gather_due()?;
            if self.group.is_empty() {
                return Ok(());
            }
            let settled = self.group.len();
            self.write(changes)?;
            self.setup.metrics.settled(settled);
            tracing::info!(batch.len = settled, "settled what fell due");
        }
    }

    fn gather_due(&mut self) -> Result<Changes, WriterError> {
        let published = self.publisher.published();
        let published = read(&published);
        let mut ahead = published.above();
        while !self.is_full()
            && let Some(entry) = due::next(&ahead, self.now)?
        {
            self.take(&mut ahead, Arc::from(entry))?.map_err(|_| WriterError::NotSettled)?;
        }
        Ok(ahead.into_changes())
    }

    fn is_full(&self) -> bool {
        let entries = self.group.len().max(self.answers.len());
        self.setup.group_max <= entries || GROUP_BYTES_MAX <= self.bytes
    }

    /// Decides against a ledger that is ahead of the published one by the group in hand.
    fn gather(&mut self, first: Message) -> Result<Changes, WriterError> {
        let published = self.publisher.published();
        let published = read(&published);
        let mut ahead = published.above();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Ask(ask) => {
                    self.settle_in_group(&mut ahead)?;
                    self.decide(&mut ahead, *ask)?;
                }
                // It was settled as the group began.
                Message::Settle => {}
                Message::Stop => self.queue.close(),
            }
            next = if self.is_full() { None } else { self.queue.try_recv().ok() };
        }
        Ok(ahead.into_changes())
    }

    /// Settles what an entry of the group itself made due: points that a hold kept past their day
    /// are gone once it ends, and not there for what is decided next.
    fn settle_in_group(&mut self, ahead: &mut Ledger<'_>) -> Result<(), WriterError> {
        let last = ahead.head().and_then(|it| ahead.recorded_at(it));
        let now = last.map_or(self.now, |it| it.max(self.now));
        // One entry more must always fit.
        while self.group.len().saturating_add(1) < GROUP_MAX
            && let Some(entry) = due::next(ahead, now)?
        {
            self.take(ahead, Arc::from(entry))?.map_err(|_| WriterError::NotSettled)?;
        }
        Ok(())
    }

    fn decide(&mut self, ahead: &mut Ledger<'_>, ask: Ask) -> Result<(), WriterError> {
        let Ask { submission, span, answer } = ask;
        let _entered = span.enter();
        let context = Context {
            now: self.now,
            request: submission.request,
            fingerprint: submission.fingerprint,
            token: submission.token,
        };
        let result = match ahead.decide(&context, &submission.command) {
            Ok(Decision::Replay(no)) => {
                tracing::debug!(entry.no = no.get(), "replayed");
                Ok(Receipt { entry: self.known(no)?, replayed: true, validated_only: false })
            }
            Ok(Decision::New(entry)) if submission.validate_only => {
                let entry = Arc::from(entry);
                sealed(&entry).map(|_| Receipt { entry, replayed: false, validated_only: true })
            }
            Ok(Decision::New(entry)) => self.take(ahead, Arc::from(entry))?,
            Err(refused) => {
                self.setup.metrics.refused(refused.refusal.code());
                tracing::info!(refusal.code = refused.refusal.code(), "refused");
                Err(NotPosted::Refused(refused))
            }
        };
        self.answers.push((answer, result));
        Ok(())
    }

    /// Takes a decided entry into the group.
    ///
    /// One that the journal would not take is refused before it changes anything.
    fn take(
        &mut self,
        ahead: &mut Ledger<'_>,
        entry: Arc<Entry>,
    ) -> Result<Result<Receipt, NotPosted>, WriterError> {
        let sealed = match sealed(&entry) {
            Ok(sealed) => sealed,
            Err(refused) => return Ok(Err(refused)),
        };
        ahead.post(&entry, sealed.seal())?;
        tracing::debug!(entry.no = entry.no.get(), "decided");
        self.bytes = self.bytes.saturating_add(sealed.bytes().len());
        self.group.push(sealed);
        self.entries.push(Arc::clone(&entry));
        Ok(Ok(Receipt { entry, replayed: false, validated_only: false }))
    }

    /// The entry of an earlier request: of the group in hand, or of the journal.
    fn known(&self, no: EntryNo) -> Result<Arc<Entry>, WriterError> {
        if let Some(entry) = self.entries.iter().find(|it| it.no == no) {
            return Ok(Arc::clone(entry));
        }
        let stored = self.journal.reader().read(no, 1)?;
        let stored = stored.first().ok_or(WriterError::Lost(no))?;
        Ok(Arc::new(codec::decode(stored.bytes())?))
    }

    fn append(&mut self) -> Result<(), WriterError> {
        let begun = Instant::now();
        self.journal.append(self.journal.head(), &self.group)?;
        self.setup.metrics.appended(self.group.len(), begun.elapsed());
        tracing::debug!(
            batch.len = self.group.len(),
            append_us = begun.elapsed().as_micros(),
            "durable"
        );
        Ok(())
    }

    /// Tells everyone who waits that nothing more is acknowledged.
    fn fail(&mut self, why: &WriterError) {
        let only_reads = why.is_full();
        self.only_reads.store(only_reads, Ordering::Release);
        self.queue.close();
        for (answer, result) in self.answers.drain(..) {
            let result = match result {
                Err(refused) => Err(refused),
                Ok(_) => Err(why.told()),
            };
            answer.send(result).ok();
        }
        while let Ok(message) = self.queue.try_recv() {
            if let Message::Ask(ask) = message {
                let told = if only_reads { NotPosted::ReadOnly } else { NotPosted::Stopping };
                ask.answer.send(Err(told)).ok();
            }
        }
    }
}
