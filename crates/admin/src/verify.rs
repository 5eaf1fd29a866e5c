//! Reading the whole journal and adding it up anew.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use lovebank_journal::{Head, codec};
use lovebank_ledger::{Ledger, invariants};
use lovebank_wire::v1::{self, journal_service_client::JournalServiceClient};

use crate::{client::Client, output};

/// The exit code of a journal that does not hold.
const BROKEN: u8 = 4;

pub(crate) async fn run(client: &Client) -> anyhow::Result<u8> {
    let mut service = JournalServiceClient::new(client.channel.clone());
    let head = service.get_head(client.ask(v1::GetHeadRequest::default())).await;
    let head = head.map_err(|err| client.no(&err))?.into_inner();
    let message = v1::StreamEntriesRequest { to_seq: head.seq, ..<_>::default() };
    let entries = service.stream_entries(client.ask(message)).await;
    let mut entries = entries.map_err(|err| client.no(&err))?.into_inner();
    let bar = ProgressBar::new(head.seq);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} entries {eta}")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let (mut ledger, mut at) = (Ledger::default(), Head::EMPTY);
    while let Some(page) = entries.message().await.map_err(|err| client.no(&err))? {
        for stored in page.entries {
            let seq = stored.seq;
            let (next, fault) = match add(&mut ledger, at, stored.entry) {
                Ok(next) => (next, None),
                Err(fault) => (at, Some(fault)),
            };
            if let Some(fault) = fault {
                bar.abandon();
                output::print(&format!("entry {seq} does not hold: {fault}"))?;
                return Ok(BROKEN);
            }
            at = next;
        }
        bar.set_position(at.no);
    }
    bar.finish_and_clear();
    let mut breaches = Vec::new();
    invariants::state(&ledger, &mut breaches);
    for breach in &breaches {
        output::print(&format!("invariant {}: {}", breach.invariant, breach.what))?;
    }
    let same = at.no == head.seq && at.seal.as_bytes().as_slice() == head.seal;
    if !same {
        output::print("the journal does not end with the head that the bank told")?;
    }
    if !same || !breaches.is_empty() {
        return Ok(BROKEN);
    }
    output::print(&format!("{} entries hold; head {}", at.no, at.seal))?;
    Ok(0)
}

fn add(ledger: &mut Ledger<'_>, at: Head, bytes: Vec<u8>) -> anyhow::Result<Head> {
    let sealed = at.follow(bytes)?;
    let entry = codec::decode(sealed.bytes())?;
    ledger.post(&entry, sealed.seal())?;
    Ok(at.after(&sealed)?)
}
