//! `verify`: reading the whole journal and adding it up anew.

use clap::Args;
use lovebank_journal::{Head, codec};
use lovebank_ledger::{Ledger, invariants};
use lovebank_wire::v1;
use serde_json::Value;

use crate::{
    fail::{Exit, Fail},
    out,
    progress::Progress,
    session::Session,
    show::{Column, Part, narrow},
};

/// Reads the whole journal and adds it up anew.
#[derive(Debug, Args)]
pub(crate) struct Verify {}

const VERIFIED: &[Column] = &[
    narrow("holds", "holds", "成立"),
    narrow("entries", "entries", "流水数"),
    narrow("seal", "seal", "封印"),
];

/// What does not hold.
struct Broken {
    english: String,
    chinese: String,
}

impl Verify {
    pub(crate) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let mut service = session.bank.journal();
        let told = service.get_head(v1::GetHeadRequest::default()).await?.into_inner();
        let mut at = Head::EMPTY;
        let broken = read(session, &told, &mut at).await?;
        let row: Vec<Value> =
            vec![broken.is_empty().into(), at.no.into(), at.seal.to_string().into()];
        for it in &broken {
            out::complain(session.lang.pick(&it.english, &it.chinese));
        }
        Fail::unless_enough(session.show(&[Part::row("verified", VERIFIED, row)]))?;
        Ok(if broken.is_empty() { Exit::Done } else { Exit::Broken })
    }
}

/// Reads up to the head that was told; what does not hold.
async fn read(
    session: &Session,
    told: &v1::GetHeadResponse,
    at: &mut Head,
) -> Result<Vec<Broken>, Fail> {
    let request = v1::StreamEntriesRequest { to_seq: told.seq, ..<_>::default() };
    let mut pages = session.bank.journal().stream_entries(request).await?.into_inner();
    let progress = Progress::of(session, told.seq);
    let mut ledger = Ledger::default();
    while let Some(page) = pages.message().await? {
        for stored in page.entries {
            match add(&mut ledger, *at, stored.entry) {
                Ok(next) => *at = next,
                Err(fault) => {
                    progress.end();
                    return Ok(vec![Broken {
                        english: format!("entry {} does not hold: {fault}", stored.seq),
                        chinese: format!("流水 {} 不成立：{fault}", stored.seq),
                    }]);
                }
            }
            progress.further(1);
        }
    }
    progress.end();
    Ok(ended(&ledger, *at, told))
}

/// What does not hold of the whole.
fn ended(ledger: &Ledger<'_>, at: Head, told: &v1::GetHeadResponse) -> Vec<Broken> {
    let mut breaches = Vec::new();
    invariants::state(ledger, &mut breaches);
    let broken = breaches.iter().map(|it| Broken {
        english: format!("invariant {}: {}", it.invariant, it.what),
        chinese: format!("不变量 {}：{}", it.invariant, it.what),
    });
    let mut broken: Vec<Broken> = broken.collect();
    if at.no != told.seq || at.seal.as_bytes().as_slice() != told.seal {
        broken.push(Broken {
            english: "the journal does not end with the head that the bank told".to_owned(),
            chinese: "总流水的末尾与服务器所报不符".to_owned(),
        });
    }
    broken
}

fn add(ledger: &mut Ledger<'_>, at: Head, bytes: Vec<u8>) -> anyhow::Result<Head> {
    let sealed = at.follow(bytes)?;
    let entry = codec::decode(sealed.bytes())?;
    ledger.post(&entry, sealed.seal())?;
    Ok(at.after(&sealed)?)
}
