//! What is counted, and the second address that shows it: `/metrics` and `/healthz`.

use std::{
    fmt,
    future::Future,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use lovebank_ledger::{EntryNo, Ledger};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Metric, Registry, Unit},
};
use tokio::net::TcpListener;

/// What `/metrics` answers with.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const CALL_SECONDS: [f64; 13] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
const APPEND_SECONDS: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];
const GROUP_ENTRIES: [f64; 14] =
    [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0];

/// What is counted; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    calls: Family<Call, Counter>,
    call_seconds: Family<Method, Histogram>,
    refusals: Family<Refusal, Counter>,
    waiting: Gauge,
    group_entries: Histogram,
    append_seconds: Histogram,
    settled: Counter,
    head: Gauge,
    volunteers: Gauge,
    records: Gauge,
    watchers: Gauge,
    witness_entry: Gauge,
    witness_failures: Counter,
    open_seconds: Gauge<f64, AtomicU64>,
    serving: Gauge,
    writable: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    method: String,
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Method {
    method: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refusal {
    code: &'static str,
}

impl Metrics {
    /// Nothing is counted yet, nothing is served.
    pub fn new() -> Self {
        let mut of = Registering(Registry::with_prefix("lovebank"));
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        of.0.register("build", "The program", version);
        Self(Arc::new(Inner {
            calls: of.one("calls", "Calls answered", Family::default()),
            call_seconds: of.seconds(
                "call_duration",
                "How long a call took until its answer began",
                Family::new_with_constructor(|| Histogram::new(CALL_SECONDS)),
            ),
            refusals: of.one("refusals", "Commands that the rules refused", Family::default()),
            waiting: of.one("writer_queue", "Commands that wait for the writer", Gauge::default()),
            group_entries: of.one(
                "group_entries",
                "Entries that one append made durable",
                Histogram::new(GROUP_ENTRIES),
            ),
            append_seconds: of.seconds(
                "append_duration",
                "How long an append took until it was durable",
                Histogram::new(APPEND_SECONDS),
            ),
            settled: of.one("settled", "Entries that settled what fell due", Counter::default()),
            head: of.one("journal_head", "Number of the last durable entry", Gauge::default()),
            volunteers: of.one("volunteers", "Volunteers, each with a passbook", Gauge::default()),
            records: of.one("hours_records", "Hours records", Gauge::default()),
            watchers: of.one("watchers", "Callers who watch the journal", Gauge::default()),
            witness_entry: of.one("witness_entry", "Entry of the witness", Gauge::default()),
            witness_failures: of.one(
                "witness_failures",
                "Times that the witness could not be written",
                Counter::default(),
            ),
            open_seconds: of.seconds("open_duration", "How long opening took", Gauge::default()),
            serving: of.one("serving", "1 while calls are served", Gauge::default()),
            writable: of.one(
                "writable",
                "1 while commands are taken; 0 beside serving 1: storage is full",
                Gauge::default(),
            ),
            registry: of.0,
        }))
    }

    /// A call was answered. Of names that callers make up there must not be lines without end: the
    /// method is one that there is.
    pub fn called(&self, method: &str, code: &'static str, took: Duration) {
        let method = method.to_owned();
        self.0
            .call_seconds
            .get_or_create(&Method { method: method.clone() })
            .observe(took.as_secs_f64());
        self.0.calls.get_or_create(&Call { method, code }).inc();
    }

    /// The rules refused a command.
    pub fn refused(&self, code: &'static str) {
        self.0.refusals.get_or_create(&Refusal { code }).inc();
    }

    /// So many commands wait for the writer.
    pub fn queue(&self, commands: usize) {
        self.0.waiting.set(gauge(commands));
    }

    /// A group became durable.
    pub fn appended(&self, entries: usize, took: Duration) {
        self.0.group_entries.observe(u32::try_from(entries).map_or(f64::MAX, f64::from));
        self.0.append_seconds.observe(took.as_secs_f64());
    }

    /// So many entries settled what fell due.
    pub fn settled(&self, entries: usize) {
        self.0.settled.inc_by(u64::try_from(entries).unwrap_or(u64::MAX));
    }

    /// What the ledger that readers see adds up to.
    pub fn ledger(&self, ledger: &Ledger<'_>) {
        let head = ledger.head().map_or(0, EntryNo::get);
        self.0.head.set(i64::try_from(head).unwrap_or(i64::MAX));
        self.0.volunteers.set(gauge(ledger.volunteer_count()));
        self.0.records.set(gauge(ledger.record_count()));
    }

    /// So many callers more watch the journal, or less where it is below zero.
    pub fn watchers(&self, delta: i64) {
        self.0.watchers.inc_by(delta);
    }

    /// The witness of an entry was written, or could not be.
    pub fn witness(&self, failed: bool, entry: u64) {
        if failed {
            self.0.witness_failures.inc();
        } else {
            self.0.witness_entry.set(i64::try_from(entry).unwrap_or(i64::MAX));
        }
    }

    /// The bank was opened.
    pub fn opened(&self, took: Duration) {
        self.0.open_seconds.set(took.as_secs_f64());
    }

    /// Whether calls are served from now on.
    pub fn serving(&self, yes: bool) {
        self.0.serving.set(i64::from(yes));
        self.0.writable.set(i64::from(yes));
    }

    /// Questions are answered from now on, and no command is taken.
    pub fn only_reads(&self) {
        self.0.writable.set(0);
    }

    /// Everything counted, as `OpenMetrics` text.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        encode(&mut text, &self.0.registry).ok();
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// A registry being filled.
struct Registering(Registry);

impl Registering {
    fn one<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }

    fn seconds<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register_with_unit(name, help, Unit::Seconds, metric.clone());
        metric
    }
}

fn gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Shows what is counted, until `stop` resolves.
pub async fn serve(
    metrics: Metrics,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let routes = Router::new()
        .route("/metrics", get(show))
        .route("/healthz", get(health))
        .with_state(metrics);
    axum::serve(listener, routes).with_graceful_shutdown(stop).await
}

async fn show(State(metrics): State<Metrics>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, OPEN_METRICS)], metrics.encode())
}

async fn health(State(metrics): State<Metrics>) -> (StatusCode, &'static str) {
    // Who is restarted or passed over because of its writes would lose its reads too.
    if metrics.0.serving.get() == 1 && metrics.0.writable.get() == 0 {
        (StatusCode::OK, "serving questions only: storage is full\n")
    } else if metrics.0.serving.get() == 1 {
        (StatusCode::OK, "serving\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not serving\n")
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::{SocketAddr, TcpStream},
    };

    use tokio::sync::oneshot;

    use super::*;

    fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn health_and_metrics_are_shown_until_the_bank_stops() {
        let metrics = Metrics::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let until = async move { stopped.await.unwrap_or_default() };
        let serving = tokio::spawn(serve(metrics.clone(), listener, until));

        let asking = tokio::task::spawn_blocking(move || {
            assert!(ask(address, "/healthz").unwrap().starts_with("HTTP/1.1 503 "));
            metrics.serving(true);
            assert!(ask(address, "/healthz").unwrap().starts_with("HTTP/1.1 200 "));
            metrics.refused("OVERLAP");
            let answer = ask(address, "/metrics").unwrap();
            assert!(answer.contains(OPEN_METRICS), "{answer}");
            assert!(answer.contains("lovebank_refusals_total{code=\"OVERLAP\"} 1"), "{answer}");
            assert!(answer.ends_with("# EOF\n"), "{answer}");
            assert!(ask(address, "/").unwrap().starts_with("HTTP/1.1 404 "));
        });
        asking.await.unwrap();
        stop.send(()).unwrap();
        serving.await.unwrap().unwrap();
        assert!(TcpStream::connect(address).is_err());
    }

    #[test]
    fn every_measure_is_shown() {
        let metrics = Metrics::new();
        metrics.called("lovebank.v1.HoursService/RecordHours", "OK", Duration::from_millis(3));
        metrics.queue(2);
        metrics.appended(3, Duration::from_micros(300));
        metrics.opened(Duration::from_millis(1500));
        metrics.ledger(&Ledger::default());
        metrics.watchers(2);
        let text = metrics.encode();
        for line in [
            "lovebank_build_info{version=",
            "lovebank_calls_total{method=\"lovebank.v1.HoursService/RecordHours\",code=\"OK\"} 1",
            "lovebank_call_duration_seconds_bucket{le=\"0.005\",method=\"lovebank.v1.HoursService/RecordHours\"} 1",
            "lovebank_writer_queue 2",
            "lovebank_group_entries_bucket{le=\"4.0\"} 1",
            "lovebank_append_duration_seconds_bucket{le=\"0.0005\"} 1",
            "lovebank_journal_head 0",
            "lovebank_volunteers 0",
            "lovebank_hours_records 0",
            "lovebank_watchers 2",
            "lovebank_open_duration_seconds 1.5",
            "lovebank_serving 0",
            "lovebank_writable 0",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
        metrics.watchers(-2);
        assert!(metrics.encode().contains("lovebank_watchers 0"));
    }
}
