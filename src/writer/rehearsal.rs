//! A rehearsal: the way of a row of commands, ending before the append.

use std::sync::Arc;

use lovebank_journal::ReadJournal;
use lovebank_ledger::{Changes, Context, Decision, Entry, EntryNo, Ledger};

use super::{NotPosted, Receipt, Submission, WriterError, foresee, sealed};
use crate::{clock::Clock, reader::Reader};

/// Commands tried one after the other, above what is durable. Each sees those before it. When
/// the bank has gone on in between, those before are tried anew.
#[derive(Debug, Default)]
pub struct Rehearsal {
    steps: Vec<Submission>,
    /// What the steps change, and of which head.
    ahead: Option<(u64, Changes)>,
    entries: Vec<Arc<Entry>>,
}

impl Rehearsal {
    /// Tries the next command.
    pub fn step<R: ReadJournal>(
        &mut self,
        reader: &Reader<R>,
        clock: &Clock,
        next: Submission,
    ) -> Result<Result<Receipt, NotPosted>, WriterError> {
        let published = reader.ledger();
        let head = published.head().map_or(0, EntryNo::get);
        let mut ledger = match self.ahead.take() {
            Some((at, changes)) if at == head => published.under(changes),
            _ => {
                let mut ledger = published.above();
                self.entries.clear();
                for step in std::mem::take(&mut self.steps) {
                    self.take(&mut ledger, (reader, clock), step)?.ok();
                }
                ledger
            }
        };
        let result = self.take(&mut ledger, (reader, clock), next)?;
        self.ahead = Some((head, ledger.into_changes()));
        Ok(result)
    }

    fn take<R: ReadJournal>(
        &mut self,
        ledger: &mut Ledger<'_>,
        (reader, clock): (&Reader<R>, &Clock),
        step: Submission,
    ) -> Result<Result<Receipt, NotPosted>, WriterError> {
        let now = clock.now();
        foresee(ledger, now)?;
        let context = Context {
            now,
            request: step.request,
            fingerprint: step.fingerprint,
            token: step.token,
        };
        let decided = ledger.decide(&context, &step.command);
        self.steps.push(step);
        match decided {
            Err(refused) => Ok(Err(NotPosted::Refused(refused))),
            Ok(Decision::New(entry)) => {
                let entry: Arc<Entry> = Arc::from(entry);
                let sealed = match sealed(&entry) {
                    Ok(sealed) => sealed,
                    Err(refused) => return Ok(Err(refused)),
                };
                ledger.post(&entry, sealed.seal())?;
                self.entries.push(Arc::clone(&entry));
                Ok(Ok(Receipt { entry, replayed: false, validated_only: true }))
            }
            Ok(Decision::Replay(no)) => {
                let own = self.entries.iter().find(|it| it.no == no);
                let entry = match own {
                    Some(entry) => Arc::clone(entry),
                    None => Arc::new(reader.entry(no)?),
                };
                Ok(Ok(Receipt { entry, replayed: true, validated_only: true }))
            }
        }
    }
}
