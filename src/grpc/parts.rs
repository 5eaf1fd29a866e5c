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
    let mut rows = rows.into_iter().peekable();
    let first: Vec<R> = rows.by_ref().take(ROWS).collect();
    let others = std::iter::from_fn(move || {
        rows.peek()?;
        Some(rows.by_ref().take(ROWS).collect())
    });
    in_messages(std::iter::once(first).chain(others), finish)
}

/// Sends a message of each part; `finish` makes it.
pub(super) fn in_messages<P, T, F>(
    parts: impl Iterator<Item = P> + Send + 'static,
    finish: impl Fn(P) -> F + Send + 'static,
) -> Stream<T>
where
    P: Send + 'static,
    T: Send + 'static,
    F: Future<Output = Result<T, Status>> + Send,
{
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        for part in parts {
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
