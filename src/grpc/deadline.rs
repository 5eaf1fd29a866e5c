//! The time of a call: its caller's deadline or the bank's own bound, whichever is earlier. What
//! is over it is answered in the bank's own words, and counted; gRPC's own answer names no reason.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};
use tonic::{Status, codegen::http};
use tower::{Layer, Service};

use super::status::DEADLINE_EXCEEDED;

/// The header that a caller's deadline comes in.
const HEADER: &str = "grpc-timeout";
/// Digits of a deadline, at most.
const DIGITS_MAX: usize = 8;

/// Puts [`Bounded`] around a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(pub(super) Duration);

/// A service whose answers begin in time.
#[derive(Debug, Clone)]
pub(super) struct Bounded<S> {
    inner: S,
    most: Duration,
}

/// An answer under way.
pub(super) struct Answering<F> {
    inner: Pin<Box<F>>,
    until: Instant,
    /// Most answers come without ever waiting for it.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl<S> Layer<S> for Deadline {
    type Service = Bounded<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Bounded { inner, most: self.0 }
    }
}

impl<S, B, R> Service<http::Request<B>> for Bounded<S>
where
    S: Service<http::Request<B>, Response = http::Response<R>>,
    R: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let given = request.headers().get(HEADER).and_then(|it| parse(it.as_bytes()));
        let most = given.map_or(self.most, |it| it.min(self.most));
        let now = Instant::now();
        let until = now.checked_add(most).unwrap_or(now);
        Answering { inner: Box::pin(self.inner.call(request)), until, sleep: None }
    }
}

impl<F, R, E> Future for Answering<F>
where
    F: Future<Output = Result<http::Response<R>, E>>,
    R: Default,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(answer) = self.inner.as_mut().poll(cx) {
            return Poll::Ready(answer);
        }
        let until = self.until;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(until)));
        let woken = sleep.as_mut().poll(cx).is_ready();
        // gRPC has a clock of its own for the same deadline: where that one woke us, answer first.
        if woken || until <= Instant::now() {
            return Poll::Ready(Ok(Status::from(DEADLINE_EXCEEDED).into_http()));
        }
        Poll::Pending
    }
}

/// A deadline as gRPC writes it: up to eight digits and a unit. What is none is passed over.
fn parse(header: &[u8]) -> Option<Duration> {
    let (unit, digits) = header.split_last()?;
    if digits.is_empty() || DIGITS_MAX < digits.len() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let count: u64 = str::from_utf8(digits).ok()?.parse().ok()?;
    match unit {
        b'H' => Some(Duration::from_secs(count.saturating_mul(3600))),
        b'M' => Some(Duration::from_secs(count.saturating_mul(60))),
        b'S' => Some(Duration::from_secs(count)),
        b'm' => Some(Duration::from_millis(count)),
        b'u' => Some(Duration::from_micros(count)),
        b'n' => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use tonic_types::StatusExt as _;
    use tower::ServiceExt as _;

    use super::*;

    /// A service that answers after a while.
    async fn answer(after: Duration, most: Duration, given: Option<&str>) -> http::Response<()> {
        let slow = tower::service_fn(move |_: http::Request<()>| async move {
            tokio::time::sleep(after).await;
            Ok::<_, Infallible>(http::Response::new(()))
        });
        let mut request = http::Request::new(());
        if let Some(given) = given {
            request.headers_mut().insert(HEADER, given.parse().unwrap());
        }
        Deadline(most).layer(slow).oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_call_past_its_time_says_so_with_a_reason() {
        let (short, long) = (Duration::from_millis(5), Duration::from_secs(60));
        for (most, given) in [(short, None), (short, Some("1H")), (long, Some("5m"))] {
            let over = answer(long, most, given).await;
            let status = Status::from_header_map(over.headers()).unwrap();
            assert_eq!(status.code(), tonic::Code::DeadlineExceeded);
            assert_eq!(status.get_details_error_info().unwrap().reason, "DEADLINE_EXCEEDED");
        }
    }

    #[tokio::test]
    async fn a_call_in_time_is_left_alone() {
        for given in [None, Some("2S"), Some("soon"), Some("123456789S")] {
            let answer = answer(Duration::ZERO, Duration::from_secs(60), given).await;
            assert!(Status::from_header_map(answer.headers()).is_none(), "{given:?}");
        }
    }

    #[test]
    fn deadlines_have_six_units() {
        let of = |text: &str| parse(text.as_bytes());
        assert_eq!(of("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(of("2M"), Some(Duration::from_secs(120)));
        assert_eq!(of("99999999u"), Some(Duration::from_micros(99_999_999)));
        assert_eq!(
            (of("7n"), of("7m")),
            (Some(Duration::from_nanos(7)), Some(Duration::from_millis(7)))
        );
        assert_eq!((of(""), of("S"), of("-1S"), of("1s")), (None, None, None, None));
    }
}
