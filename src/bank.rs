//! An open bank: what every call needs.

use lovebank_ledger::{Command, Fingerprint, RequestId};
use lovebank_vault::Vault;
use tokio::sync::watch;

use crate::{
    clock::Clock,
    engine::EngineReader,
    metrics::Metrics,
    reader::Reader,
    writer::{NotPosted, Submission, Writer, is_due},
};

/// An open bank; cheap to clone.
#[derive(Debug, Clone)]
pub struct Bank {
    /// Takes commands.
    pub writer: Writer,
    /// Shows what is durable.
    pub reader: Reader<EngineReader>,
    /// Keeps personal data.
    pub vault: Vault,
    /// Tells the time.
    pub clock: Clock,
    /// Counts.
    pub metrics: Metrics,
    /// Becomes true when the bank stops.
    pub stopping: watch::Receiver<bool>,
}

impl Bank {
    /// Closes the check-ins whose check-out never came, where there are any.
    pub(crate) async fn close_forgotten(&self) {
        while self.forgotten() {
            let submission = Submission {
                request: fresh_request(),
                fingerprint: Fingerprint::new([0; 16]),
                token: None,
                validate_only: false,
                command: Command::CloseForgottenCheckIns,
            };
            match self.writer.submit(submission).await {
                Ok(receipt) => {
                    tracing::info!(entry.no = receipt.entry.no.get(), "closed forgotten check-ins");
                }
                // What storage does not take is told once, by the writer.
                Err(NotPosted::Refused(_) | NotPosted::ReadOnly) => return,
                Err(err) => {
                    tracing::warn!(error = %err, "forgotten check-ins stay open for now");
                    return;
                }
            }
        }
    }

    /// Has what fell due settled, where something did.
    pub(crate) fn settle_due(&self) {
        let now = self.clock.now();
        if is_due(&self.reader.ledger(), now) {
            self.writer.settle();
        }
    }

    fn forgotten(&self) -> bool {
        let Ok(now) = self.clock.now().minute() else { return false };
        let ledger = self.reader.ledger();
        ledger.check_ins().any(|(_, open)| {
            let window = ledger.activity(open.activity).and_then(|it| it.window);
            window.is_some_and(|it| it.end() <= now)
        })
    }
}

/// A request id of the bank's own.
pub(crate) fn fresh_request() -> RequestId {
    RequestId::new(*uuid::Uuid::new_v4().as_bytes())
}
