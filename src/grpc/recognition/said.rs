//! Changes with written words: the vault keeps them before the journal is written.

use lovebank_ledger::{Command, PassbookNo};
use lovebank_vault::{Annotation, AnnotationKey, Note};
use lovebank_wire::{Fault, Malformed, scalar};
use tonic::Status;

use super::super::{
    door::{Caller, Change, personal, read_seq, to_the_end},
    people::forget,
};
use crate::writer::Receipt;

/// The words that a change must have.
pub(super) fn note(field: &'static str, text: &str) -> Result<Note, Status> {
    if text.trim().is_empty() {
        return Err(Malformed::new(field, Fault::Missing).into());
    }
    Ok(Note::parse(text).map_err(|err| Malformed::new(field, personal(&err)))?)
}

/// Submits a change with words about a volunteer.
pub(super) async fn submit(
    caller: &Caller,
    (method, message): (&'static str, impl Change + 'static),
    command: Command,
    (about, note): (Option<PassbookNo>, Note),
) -> Result<Receipt, Status> {
    let caller = caller.clone();
    to_the_end(async move {
        let request = scalar::request_id(message.request_id())?;
        let keys = if message.validate_only() {
            Vec::new()
        } else {
            keep(&caller, request, about, note).await?
        };
        let result = caller.try_submit(method, &message, command).await;
        match &result {
            Ok(Ok(_)) => {}
            Ok(Err(err)) if err.is_unknown() => {}
            Ok(Err(_)) | Err(_) => forget(&caller, keys, |_| false).await?,
        }
        Ok(result??)
    })
    .await
}

async fn keep(
    caller: &Caller,
    request: lovebank_ledger::RequestId,
    about: Option<PassbookNo>,
    note: Note,
) -> Result<Vec<AnnotationKey>, Status> {
    let volunteer = {
        let ledger = caller.bank.reader.ledger();
        let row = about.and_then(|it| ledger.volunteer(it));
        row.filter(|it| it.tag.is_some()).map(|it| it.volunteer)
    };
    // Whom the ledger does not know, it will refuse.
    let Some(volunteer) = volunteer else { return Ok(Vec::new()) };
    let annotation = Annotation { attestor: None, recorder: None, note: Some(note) };
    let kept = vec![(AnnotationKey { request, item: 0, volunteer }, annotation)];
    let head = read_seq(&caller.bank.reader.ledger());
    caller.keep(move |vault| vault.put_annotations(&kept, head)).await
}
