//! What fell due, settled by the bank itself before anything else is decided.

use lovebank_journal::codec;
use lovebank_ledger::{Command, Context, Decision, Entry, Fingerprint, Ledger, Timestamp};

use super::WriterError;
use crate::bank::fresh_request;

/// Whether something fell due that is not settled.
pub(crate) fn is_due(ledger: &Ledger<'_>, now: Timestamp) -> bool {
    ledger.next_due().is_some_and(|(at, _)| at <= now)
}

/// The entry that settles what fell due first; none where nothing did.
pub(super) fn next(ledger: &Ledger<'_>, now: Timestamp) -> Result<Option<Box<Entry>>, WriterError> {
    if !is_due(ledger, now) {
        return Ok(None);
    }
    let fingerprint = Fingerprint::new([0; 16]);
    let context = Context { now, request: fresh_request(), fingerprint, token: None };
    match ledger.decide(&context, &Command::SettleDue) {
        Ok(Decision::New(entry)) => Ok(Some(entry)),
        // The rules settle whatever they say is due.
        Ok(Decision::Replay(_)) | Err(_) => Err(WriterError::NotSettled),
    }
}

/// Settles what fell due in a ledger above the durable one, to be thrown away: a dry run sees
/// what the real run would, and the journal stays as it is.
pub(crate) fn foresee(ledger: &mut Ledger<'_>, now: Timestamp) -> Result<(), WriterError> {
    while let Some(entry) = next(ledger, now)? {
        ledger.post(&entry, codec::seal(&entry).seal())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use lovebank_journal::MemoryJournal;
    use lovebank_ledger::{
        ActorNo, BranchCode, BranchKind, BranchName, DEFAULT_RULEBOOK, EntryNo, Event, Founding,
        Handle, Points, PolicyName, Price, PublishReward, RewardCommand, RewardEvent, RewardKind,
        RewardMode, RewardName, RewardNo, Rulebook, Stock, TokenHash, Window, Zone,
    };

    use super::*;
    use crate::{
        clock::{Clock, ManualClock},
        metrics::Metrics,
        reader::Reader,
        writer::{Receipt, Rehearsal, Setup, Submission, Writer, found, start},
    };

    type MemoryBank = (Writer, Reader<<MemoryJournal as lovebank_journal::Journal>::Reader>);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(
            1_700_000_000_000_000_i64.saturating_add(second.saturating_mul(1_000_000)),
        )
    }

    /// A bank with a branch, and a clock that nothing but the test moves.
    async fn bank(clock: &ManualClock) -> MemoryBank {
        let founding = Founding {
            name: BranchName::new("南湾爱心银行").unwrap(),
            zone: Zone::named("Asia/Shanghai").unwrap(),
            rulebook: Rulebook::parse(DEFAULT_RULEBOOK).unwrap(),
            operator: Handle::new("operator").unwrap(),
            token: TokenHash::new([7; 32]),
        };
        let fingerprint = Fingerprint::new([0; 16]);
        let context = Context { now: at(0), request: fresh_request(), fingerprint, token: None };
        let mut journal = MemoryJournal::default();
        let replayed = found(&mut journal, &founding, &context).unwrap();
        let clock = Clock::Manual(clock.clone());
        let setup = Setup { queue_max: 16, group_max: 2, clock, metrics: Metrics::new() };
        let (writer, reader, _) = start(journal, replayed, setup).unwrap();
        let bank = (writer, reader);
        let (name, kind) = (BranchName::new("南湾").unwrap(), BranchKind::Street);
        ask(&bank, Command::CreateBranch { code: code(), name, kind, parent: None }, false).await;
        bank
    }

    fn submission(command: Command, validate_only: bool) -> Submission {
        let fingerprint = Fingerprint::new([0; 16]);
        Submission { request: fresh_request(), fingerprint, token: None, validate_only, command }
    }

    async fn ask(bank: &MemoryBank, command: Command, validate_only: bool) -> Receipt {
        bank.0.submit(submission(command, validate_only)).await.unwrap()
    }

    fn code() -> BranchCode {
        BranchCode::new("NW").unwrap()
    }

    /// A reward whose window closes at a second.
    fn windowed(closes: i64) -> Command {
        let window = Window::new(at(-1), at(closes), at(99)).unwrap();
        Command::Reward(RewardCommand::PublishReward(PublishReward {
            branch: code(),
            name: RewardName::new("粮油券").unwrap(),
            text: None,
            kind: RewardKind::Goods,
            price: Price::new(Points::ZERO).unwrap(),
            stock: Stock::new(1).unwrap(),
            limit: None,
            eligibility: None,
            mode: RewardMode::Window { window, policy: PolicyName::new("default").unwrap() },
        }))
    }

    fn add(places: u32) -> Command {
        Command::Reward(RewardCommand::AddStock { reward: RewardNo::FIRST, places })
    }

    fn head(bank: &MemoryBank) -> u64 {
        bank.1.ledger().head().map_or(0, EntryNo::get)
    }

    #[tokio::test]
    async fn a_dry_run_foresees_what_is_due_and_a_real_one_has_it_settled_first() {
        let hand = ManualClock::at(at(1));
        let bank = bank(&hand).await;
        for closes in [30, 10, 20] {
            ask(&bank, windowed(closes), false).await;
        }
        assert_eq!(head(&bank), 5);

        hand.set(at(60));
        let tried = ask(&bank, add(1), true).await;
        assert_eq!((tried.entry.no.get(), head(&bank)), (9, 5), "behind three that are due");
        let mut rehearsal = Rehearsal::default();
        let clock = Clock::Manual(hand.clone());
        for no in [9, 10] {
            let step = rehearsal.step(&bank.1, &clock, submission(add(1), false)).unwrap();
            assert_eq!(step.unwrap().entry.no.get(), no);
        }
        assert_eq!(head(&bank), 5);

        // More than a group holds is settled group by group.
        let made = ask(&bank, add(1), false).await;
        assert_eq!((made.entry.no.get(), head(&bank)), (9, 9));
        let closed = |no: u64| {
            let entry = bank.1.entry(EntryNo::new(no).unwrap()).unwrap();
            assert_eq!(entry.actor, ActorNo::BANK);
            let Event::Reward(RewardEvent::WindowClosed(it)) = entry.event else {
                panic!("a window closed")
            };
            (it.reward.get(), it.as_of)
        };
        let order: Vec<_> = (6..=8).map(closed).collect();
        assert_eq!(order, [(2, at(10)), (3, at(20)), (1, at(30))], "in the order of their time");
        assert_eq!(ask(&bank, add(1), true).await.entry.no.get(), 10);
        assert!(!is_due(&bank.1.ledger(), at(60)));
    }

    #[tokio::test]
    async fn what_is_due_is_settled_when_nobody_calls() {
        let hand = ManualClock::at(at(1));
        let bank = bank(&hand).await;
        ask(&bank, windowed(10), false).await;
        hand.set(at(11));
        bank.0.settle();
        assert!(bank.1.reached(4).await);
        assert!(bank.1.ledger().reward(RewardNo::FIRST).unwrap().allocated);
    }
}
