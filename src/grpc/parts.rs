//! Long answers as streams of parts, each with what the vault adds to it.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Rows of one message.
pub(super) const ROWS: usize = 1000;
/// Messages that may wait for a slow reader.
const AHEAD: usize = 4;

pub(super) type Stream<T> = ReceiverStream<Result<T, Status>>;

/// Sends rows in parts of up to 1,000, at least one; `finish` makes a message of each.
pub(super) fn in_parts<R, T, F>(
    rows: Vec<R>,
    finish: impl Fn(Vec<R>) -> F + Send + 'static,
) -> Stream<T>
where
    R: Send + 'static,
    T: Send + 'static,
    F: Future<Output = Result<T, Status>> + Send,
{
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut rows = rows.into_iter();
        let mut first = true;
        loop {
            let part: Vec<R> = rows.by_ref().take(ROWS).collect();
            if part.is_empty() && !first {
                return;
            }
            first = false;
            let answer = finish(part).await;
            let failed = answer.is_err();
            // A reader that went away needs no word.
            if sender.send(answer).await.is_err() || failed {
                return;
            }
        }
    });
    ReceiverStream::new(receiver)
}
