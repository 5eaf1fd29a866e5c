//! `BackupService`: the vault, sealed, bit by bit.

use std::io;

use lovebank_ledger::Verb;
use lovebank_vault::{Recipient, SealError, SealedHeader};
use lovebank_wire::v1::{self, backup_service_server::BackupService};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    door::{Caller, Door, read_seq},
    journal::bank_wide,
    status::{NO_RECIPIENT, STOPPING, VAULT_SEALING, vault_failed},
};

/// Bytes that one message carries, at most.
const BYTES_MAX: usize = 64 * 1024;
/// Messages that may wait for a slow reader.
const AHEAD: usize = 4;

type Sender = mpsc::Sender<Result<v1::SealVaultResponse, Status>>;

#[derive(Debug, Clone)]
pub(super) struct Backups {
    pub(super) door: Door,
    /// To whom the vault is sealed.
    pub(super) recipient: Option<Recipient>,
}

#[tonic::async_trait]
impl BackupService for Backups {
    type SealVaultStream = ReceiverStream<Result<v1::SealVaultResponse, Status>>;

    async fn seal_vault(
        &self,
        call: Request<v1::SealVaultRequest>,
    ) -> Result<Response<Self::SealVaultStream>, Status> {
        let caller = self.door.enter(&call, Verb::BackUpVault)?;
        bank_wide(&caller, Verb::BackUpVault)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        let recipient = self.recipient.clone().ok_or(NO_RECIPIENT)?;
        let (head, its_seal) = {
            let ledger = caller.bank.reader.ledger();
            (read_seq(&ledger), ledger.seal())
        };
        let (sender, receiver) = mpsc::channel(AHEAD);
        let first = v1::SealVaultResponse {
            read_seq: head,
            recipient: recipient.to_string(),
            sealed: Vec::new(),
        };
        // There is room for the first, and someone to read it.
        sender.send(Ok(first)).await.ok();
        if !message.check_only {
            let made_at = u64::try_from(caller.bank.clock.now_micros() / 1_000_000);
            let made_at = made_at.unwrap_or_default();
            let header = SealedHeader { made_at, head, seal: Some(its_seal), recipient };
            tokio::task::spawn_blocking(move || seal(&caller, &header, &sender));
        }
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

fn seal(caller: &Caller, header: &SealedHeader, sender: &Sender) {
    let out = Parts { caller, sender: sender.clone(), part: Vec::new() };
    let status = match caller.bank.vault.seal_into(header, out) {
        Ok(()) => {
            tracing::info!(entry.no = header.head, "the vault was sealed for a backup");
            return;
        }
        Err(SealError::Busy) => VAULT_SEALING.into(),
        Err(_) if *caller.bank.stopping.borrow() => STOPPING.into(),
        Err(_) if sender.is_closed() => return,
        Err(SealError::Copy(err)) => vault_failed(&err),
        Err(err) => vault_failed(&err),
    };
    // A reader that went away needs no word.
    sender.blocking_send(Err(status)).ok();
}

/// What is written, as messages.
struct Parts<'a> {
    caller: &'a Caller,
    sender: Sender,
    part: Vec<u8>,
}

impl io::Write for Parts<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = BYTES_MAX.saturating_sub(self.part.len()).min(bytes.len());
        self.part.extend_from_slice(bytes.get(..room).unwrap_or_default());
        if self.part.len() == BYTES_MAX {
            self.flush()?;
        }
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        if *self.caller.bank.stopping.borrow() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let sealed = std::mem::take(&mut self.part);
        if sealed.is_empty() {
            return Ok(());
        }
        let part = v1::SealVaultResponse { sealed, ..<_>::default() };
        self.sender.blocking_send(Ok(part)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
