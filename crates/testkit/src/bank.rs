//! A bank in memory.

use lovebank_ledger::{
    BranchName, Command, Context, DEFAULT_RULEBOOK, Decision, Entry, EntryNo, Founding, Handle,
    Ledger, Refused, RequestId, Rulebook, Seal, Timestamp, TokenHash, TokenNo, Zone, invariants,
};

use crate::{fingerprint, timestamp, zone};

/// A ledger, the journal it adds up to, and a clock that obeys.
#[derive(Debug, Clone)]
pub struct Bank {
    ledger: Ledger<'static>,
    journal: Vec<(Entry, Seal)>,
    now: Timestamp,
    asked: u64,
    seal: fn(&Entry) -> Seal,
}

/// A seal that is no digest: the number of the entry. Enough where nobody changes the past.
pub fn counter_seal(entry: &Entry) -> Seal {
    let mut bytes = [1; 32];
    let number = entry.no.get().to_be_bytes();
    bytes.iter_mut().zip(number).for_each(|(byte, it)| *byte = it);
    Seal::new(bytes)
}

impl Bank {
    /// A bank in Shanghai with the default rulebook, opened on 2020-01-01.
    pub fn open() -> Self {
        Self::with(zone(), DEFAULT_RULEBOOK)
    }

    /// A bank in a zone with a rulebook, opened on 2020-01-01.
    pub fn with(zone: Zone, rulebook: &str) -> Self {
        let founding = Founding {
            name: BranchName::new("爱心银行").expect("it is short"),
            zone,
            rulebook: Rulebook::parse(rulebook).expect("it is a rulebook"),
            operator: Handle::new("operator").expect("it is short"),
            token: TokenHash::new([0; 32]),
        };
        Self::founded(&founding, timestamp("2020-01-01 00:00"), counter_seal)
    }

    /// A bank with the seals of a test's own.
    pub fn founded(founding: &Founding, now: Timestamp, seal: fn(&Entry) -> Seal) -> Self {
        let (ledger, journal) = (Ledger::default(), Vec::new());
        let mut it = Self { ledger, journal, now, asked: 0, seal };
        let request = it.fresh_request();
        let fingerprint = lovebank_ledger::Fingerprint::new([0; 16]);
        let entry = founding.entry(&Context { now, request, fingerprint, token: None });
        it.post(entry);
        it
    }

    /// What the journal adds up to.
    pub fn ledger(&self) -> &Ledger<'static> {
        &self.ledger
    }

    /// Every entry with its seal.
    pub fn journal(&self) -> &[(Entry, Seal)] {
        &self.journal
    }

    /// An entry.
    pub fn entry(&self, no: EntryNo) -> &Entry {
        let found = self.journal.iter().find(|(entry, _)| entry.no == no);
        &found.expect("an entry of this bank").0
    }

    /// The first operator's token.
    pub fn operator(&self) -> TokenNo {
        TokenNo::FIRST
    }

    /// What the clock says.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the clock: `2026-03-01 09:00`.
    pub fn at(&mut self, time: &str) {
        self.now = timestamp(time);
    }

    /// Sets the clock.
    pub fn set(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// A request id that was not given before.
    pub fn fresh_request(&mut self) -> RequestId {
        self.asked = self.asked.checked_add(1).expect("a small number");
        RequestId::new(u128::from(self.asked).to_be_bytes())
    }

    /// What stands around a command now.
    pub fn context(&self, token: Option<TokenNo>, id: RequestId, command: &Command) -> Context {
        Context { now: self.now, request: id, fingerprint: fingerprint(command), token }
    }

    /// Decides a command under a request id of its own, and posts what it makes.
    pub fn ask(&mut self, token: TokenNo, command: &Command) -> Result<&Entry, Refused> {
        self.ask_as(Some(token), command)
    }

    /// The same; without a token it is the bank itself that asks.
    pub fn ask_as(&mut self, token: Option<TokenNo>, command: &Command) -> Result<&Entry, Refused> {
        let id = self.fresh_request();
        match self.request(&self.context(token, id, command), command)? {
            Decision::New(entry) => Ok(self.entry(entry.no)),
            Decision::Replay(no) => Ok(self.entry(no)),
        }
    }

    /// Decides a command in a context, and posts the entry where it makes one.
    pub fn request(&mut self, context: &Context, command: &Command) -> Result<Decision, Refused> {
        let decision = self.ledger.decide(context, command)?;
        if let Decision::New(entry) = &decision {
            self.post(entry.as_ref().clone());
        }
        Ok(decision)
    }

    /// Posts an entry after the head.
    pub fn post(&mut self, entry: Entry) {
        let seal = (self.seal)(&entry);
        self.ledger.post(&entry, seal).expect("what was decided can be posted");
        self.journal.push((entry, seal));
    }

    /// What the journal adds up to when it is read again from its start.
    pub fn replayed(&self) -> Ledger<'static> {
        let mut ledger = Ledger::default();
        for (entry, seal) in &self.journal {
            ledger.post(entry, *seal).expect("it was posted before");
        }
        ledger
    }

    /// Every invariant that does not hold, with the journal read again from its start.
    pub fn breaches(&self) -> Vec<invariants::Breach> {
        invariants::check(&self.ledger, self.journal.iter().map(|(entry, seal)| (entry, *seal)))
    }
}
