//! Around every call: its id in every line of the log, its outcome counted.

use std::{
    collections::HashSet,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use prost::Message as _;
use prost_types::FileDescriptorSet;
use tonic::{Code, codegen::http};
use tower::{Layer, Service};
use tracing::Instrument as _;

use crate::metrics::Metrics;

/// The header that carries a call's id, both ways.
const CALL_ID: &str = "x-request-id";
/// The longest id that a caller may give.
const CALL_ID_MAX: usize = 64;

/// What calls of methods that there are not are counted as: their names are whoever's.
const NO_METHOD: &str = "other";

/// Puts [`Observed`] around a service.
#[derive(Debug, Clone)]
pub(super) struct Observe {
    metrics: Metrics,
    methods: Arc<HashSet<String>>,
}

impl Observe {
    /// Around the services of some descriptors.
    pub(super) fn new(metrics: Metrics, descriptors: &[&[u8]]) -> Self {
        let sets = descriptors.iter().filter_map(|it| FileDescriptorSet::decode(*it).ok());
        let files = sets.flat_map(|it| it.file);
        let methods = files.flat_map(|file| {
            let package = file.package().to_owned();
            file.service.into_iter().flat_map(move |service| {
                let name = format!("{package}.{}", service.name());
                service.method.into_iter().map(move |it| format!("{name}/{}", it.name()))
            })
        });
        Self { metrics, methods: Arc::new(methods.collect()) }
    }
}

/// A service whose calls are logged and counted.
#[derive(Debug, Clone)]
pub(super) struct Observed<S> {
    inner: S,
    metrics: Metrics,
    methods: Arc<HashSet<String>>,
}

impl<S> Layer<S> for Observe {
    type Service = Observed<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Observed { inner, metrics: self.metrics.clone(), methods: Arc::clone(&self.methods) }
    }
}

impl<S, B, R> Service<http::Request<B>> for Observed<S>
where
    S: Service<http::Request<B>, Response = http::Response<R>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let begun = Instant::now();
        let id = call_id(&request);
        let path = request.uri().path().trim_start_matches('/');
        let known = self.methods.get(path).map(String::as_str);
        let method = known.unwrap_or(NO_METHOD).to_owned();
        let span = tracing::info_span!(
            "call",
            call.id = id,
            rpc.method = method,
            request.id = tracing::field::Empty,
            actor = tracing::field::Empty
        );
        let metrics = self.metrics.clone();
        let answer = self.inner.call(request);
        let observed = async move {
            let mut response = answer.await?;
            let code = code(&response);
            let took = begun.elapsed();
            metrics.called(&method, description(code), took);
            log(code, took);
            if let Ok(id) = http::HeaderValue::from_str(&id) {
                response.headers_mut().insert(CALL_ID, id);
            }
            Ok(response)
        };
        Box::pin(observed.instrument(span))
    }
}

/// The caller's id of the call, if it is fit for a log; else a new one.
fn call_id<B>(request: &http::Request<B>) -> String {
    let given = request.headers().get(CALL_ID).and_then(|it| it.to_str().ok());
    let fit = |it: &&str| {
        (1..=CALL_ID_MAX).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_graphic())
    };
    given.filter(fit).map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned)
}

/// The code of an answer that is only a status; a stream that has begun is OK so far. An answer
/// that is none of gRPC has the code that gRPC's callers read from its HTTP status.
fn code<R>(response: &http::Response<R>) -> Code {
    if let Some(status) = response.headers().get("grpc-status") {
        return Code::from_bytes(status.as_bytes());
    }
    match response.status().as_u16() {
        // 204: what a browser asks before a call.
        200 | 204 => Code::Ok,
        400 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 | 502 | 503 | 504 => Code::Unavailable,
        _ => Code::Unknown,
    }
}

/// A line for each call that went well would bury the others, and cost as much as the call: they
/// are counted, and the journal names who changed what. `lovebank::grpc=debug` logs them too.
fn log(code: Code, took: Duration) {
    let (code, took_us, well) = (description(code), took.as_micros(), code == Code::Ok);
    if well {
        tracing::debug!(code, took_us, "answered");
    } else {
        tracing::info!(code, took_us, "answered");
    }
}

fn description(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_none_of_grpc_is_not_counted_as_well() {
        let answer = |status: u16, grpc: Option<&str>| {
            let mut response = http::Response::new(());
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            let grpc = grpc.map(|it| it.parse().unwrap());
            response
                .headers_mut()
                .extend(grpc.map(|it| (Some(http::HeaderName::from_static("grpc-status")), it)));
            code(&response)
        };
        assert_eq!((answer(200, None), answer(200, Some("5"))), (Code::Ok, Code::NotFound));
        assert_eq!((answer(204, None), answer(415, None)), (Code::Ok, Code::Unknown));
        assert_eq!(
            (answer(404, None), answer(503, None)),
            (Code::Unimplemented, Code::Unavailable)
        );
    }
}
