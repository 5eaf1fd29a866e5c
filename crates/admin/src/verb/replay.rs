//! Reading the whole journal and adding it up anew, for what is to be seen by whoever has it.

use lovebank_audit::invariant;
use lovebank_journal::{Head, codec};
use lovebank_ledger::{Entry, Ledger, Timestamp, invariants};
use lovebank_wire::v1;

use super::walk::Walk;
use crate::{fail::Fail, out, session::Session};

/// What the journal adds up to.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) ledger: Ledger<'static>,
    /// The last entry that holds.
    pub(super) head: Head,
    /// When the last entry of the ledger was recorded.
    pub(super) recorded_at: Timestamp,
    /// What does not hold.
    broken: Vec<Broken>,
}

/// What does not hold.
#[derive(Debug)]
struct Broken {
    english: String,
    chinese: String,
}

type Fault = (anyhow::Error, &'static str);

/// Reads up to the head that the bank tells; the ledger is that of what was recorded before an
/// instant, or of all of it.
pub(super) async fn replay(session: &Session, before: Option<Timestamp>) -> Result<Replayed, Fail> {
    replay_with(session, before, |_| ()).await
}

/// The same, and visits each entry that the ledger is made of.
pub(super) async fn replay_with(
    session: &Session,
    before: Option<Timestamp>,
    mut visit: impl FnMut(&Entry),
) -> Result<Replayed, Fail> {
    let mut walk = Walk::begin(session).await?;
    let mut read = Replayed::default();
    while let Some(stored) = walk.next().await? {
        if let Err((fault, kind)) = read.add(stored.entry, before, &mut visit) {
            read.broken.push(Broken {
                english: format!("entry {} does not hold: {fault}", stored.seq),
                chinese: format!("流水 {} 不成立（{kind}）：{fault}", stored.seq),
            });
            return Ok(read);
        }
    }
    read.end(&walk.told);
    Ok(read)
}

impl Default for Replayed {
    fn default() -> Self {
        Self {
            ledger: Ledger::default(),
            head: Head::EMPTY,
            recorded_at: Timestamp::default(),
            broken: Vec::new(),
        }
    }
}

impl Replayed {
    /// Whether all of it holds; complains of what does not.
    pub(super) fn holds(&self, session: &Session) -> bool {
        for it in &self.broken {
            out::complain(session.lang.pick(&it.english, &it.chinese));
        }
        self.broken.is_empty()
    }

    /// Adds an entry; or the fault, and in Chinese of which kind it is.
    fn add(
        &mut self,
        bytes: Vec<u8>,
        before: Option<Timestamp>,
        visit: &mut impl FnMut(&Entry),
    ) -> Result<(), Fault> {
        let sealed = self.head.follow(bytes).map_err(|err| (err.into(), "封印链断裂"))?;
        let entry = codec::decode(sealed.bytes()).map_err(|err| (err.into(), "内容无法解读"))?;
        if before.is_none_or(|before| entry.recorded_at < before) {
            let posted = self.ledger.post(&entry, sealed.seal());
            posted.map_err(|err| (err.into(), "与此前的流水不符"))?;
            self.recorded_at = entry.recorded_at;
            visit(&entry);
        }
        self.head = self.head.after(&sealed).map_err(|err| (err.into(), "封印链断裂"))?;
        Ok(())
    }

    /// What does not hold of the whole.
    fn end(&mut self, told: &v1::GetHeadResponse) {
        let mut breaches = Vec::new();
        invariants::state(&self.ledger, &mut breaches);
        self.broken.extend(breaches.iter().map(|it| Broken {
            english: format!("invariant {}: {}", it.invariant, it.what),
            chinese: format!(
                "不变量 {}（{}）：{}",
                it.invariant,
                invariant(it.invariant).1,
                it.what
            ),
        }));
        if self.head.no != told.seq || self.head.seal.as_bytes().as_slice() != told.seal {
            self.broken.push(Broken {
                english: "the journal does not end with the head that the bank told".to_owned(),
                chinese: "总流水的末尾与服务器所报不符".to_owned(),
            });
        }
    }
}
