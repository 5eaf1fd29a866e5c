//! How long a bank of a million entries takes to open, and what it then holds in memory. It runs
//! in a process of its own, as in service.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command as Process, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use lovebank::{
    clock::Clock,
    config::Config,
    engine,
    grpc::Secret,
    metrics::Metrics,
    writer::{self, Setup, Submission, Writer},
};
use lovebank_journal::Journal as _;
use lovebank_ledger::{
    ActivityName, ActivityRef, BatchMode, BranchCode, Command, Fingerprint, HoursItem, Interval,
    Minute, NamedActivity, PassbookNo, Provenance, RecordHours, RequestId, Service, TokenNo,
    VolunteerRef,
};
use lovebank_wire::v1::{self, access_service_client::AccessServiceClient};
use tokio::task::JoinSet;
use tonic::transport::Channel;

use crate::{
    bank::{BEGIN, Bank, VOLUNTEERS, ask},
    table::Figure,
};

/// The word that has this program serve the bank of a directory.
pub(crate) const SERVE: &str = "serve";
const ENTRIES: u64 = 1_000_000;
/// Commands that are queued together while the million is made.
const GROUP: u64 = 1_000;
/// How often it is opened; the middle one counts.
const OPENINGS: usize = 3;

/// Serves a bank until the process ends.
pub(crate) fn serve(directory: &str) -> anyhow::Result<()> {
    let config = config_in(Path::new(directory))?;
    lovebank::telemetry::init(&config)?;
    lovebank::block_on(config)
}

/// Opening a million entries.
pub(crate) async fn rows() -> anyhow::Result<Vec<Figure>> {
    let bank = Bank::start(true).await?;
    let clerk = bank.clerk().to_owned();
    let directory = bank.stop().await.ok_or_else(|| anyhow::anyhow!("it runs"))?;
    fill(&config_in(directory.path())?, &clerk).await?;
    let mut opened = Vec::new();
    for _ in 0..OPENINGS {
        opened.push(open(directory.path(), &clerk).await?);
    }
    let (audited, digested) = (audited(directory.path())?, digested(directory.path())?);
    opened.sort_by_key(|it| it.took);
    let middle = opened.into_iter().nth(1).ok_or_else(|| anyhow::anyhow!("it opened"))?;
    let said = |what: &str, figure: String, limit: &str| {
        Figure::said(format!("{ENTRIES} entries: {what}"), figure, limit.to_owned())
    };
    Ok(vec![
        said("opened in", format!("{} ms", middle.took.as_millis()), "2000 ms"),
        said("resident once open", middle.resident, ""),
        said("resident at most while opening", middle.most, ""),
        said("audited, both copies", format!("{} ms", audited.as_millis()), "5000 ms"),
        said("digest of the ledger", format!("{} ms", digested.as_millis()), ""),
    ])
}

/// How long the command line takes to audit the directory of a stopped bank, the middle of some.
fn audited(directory: &Path) -> anyhow::Result<Duration> {
    let program = std::env::current_exe()?.with_file_name("lovebank-admin");
    let mut took = Vec::new();
    for _ in 0..OPENINGS {
        let begun = Instant::now();
        let mut process = Process::new(&program);
        let process = process.arg("audit").arg("--data").arg(directory).stdout(Stdio::null());
        let status = process.status();
        let status = status.context("build it first: cargo build --release -p lovebank-admin")?;
        anyhow::ensure!(status.success(), "the journal is clean");
        took.push(begun.elapsed());
    }
    took.sort();
    took.into_iter().nth(1).ok_or_else(|| anyhow::anyhow!("it was audited"))
}

/// How long a ledger takes to be digested; meanwhile a bank answers nothing else.
fn digested(directory: &Path) -> anyhow::Result<Duration> {
    let (journal, _) = engine::open(&config_in(directory)?)?;
    let ledger = writer::replay(&journal.reader(), ENTRIES, |_| ())?.ledger;
    let begun = Instant::now();
    let summary = ledger.state_digest();
    anyhow::ensure!(summary.entry == ENTRIES, "it is of all of them");
    Ok(begun.elapsed())
}

fn config_in(directory: &Path) -> anyhow::Result<Config> {
    let mut config = Config::in_directory(directory);
    config.listen = "127.0.0.1:0".parse()?;
    config.metrics_listen = None;
    Ok(config)
}

/// Records a million services, each an entry, by the writer itself.
async fn fill(config: &Config, clerk: &str) -> anyhow::Result<()> {
    let (journal, _) = engine::open(config)?;
    let replayed = writer::replay(&journal.reader(), ENTRIES, |_| ())?;
    let hash = Secret::parse(clerk).ok_or_else(|| anyhow::anyhow!("a token"))?.hash();
    let token = replayed.ledger.token_by_hash(&hash).ok_or_else(|| anyhow::anyhow!("a clerk"))?;
    let begun = replayed.entries;
    let (queue_max, group_max) = (usize::try_from(GROUP)?, config.group_max);
    let setup = Setup { queue_max, group_max, clock: Clock::System, metrics: Metrics::new() };
    let (writer, reader, thread) = writer::start(journal, replayed, setup)?;
    let mut next = begun;
    while next < ENTRIES {
        let mut running = JoinSet::new();
        for no in next..ENTRIES.min(next.saturating_add(GROUP)) {
            running.spawn(record(writer.clone(), service(no.saturating_sub(begun), token)?));
        }
        while let Some(done) = running.join_next().await {
            done??;
            next = next.saturating_add(1);
        }
    }
    drop((writer, reader));
    tokio::task::spawn_blocking(|| thread.join()).await??;
    Ok(())
}

async fn record(writer: Writer, submission: Submission) -> anyhow::Result<()> {
    writer.submit(submission).await?;
    Ok(())
}

/// A quarter of an hour of someone's days.
fn service(no: u64, token: TokenNo) -> anyhow::Result<Submission> {
    let (who, day) = (no % VOLUNTEERS, no.checked_div(VOLUNTEERS).unwrap_or_default());
    let start = BEGIN.saturating_add(i64::try_from(day)?.saturating_mul(86_400)).div_euclid(60);
    let interval = Interval::new(Minute::new(start)?, Minute::new(start.saturating_add(15))?)?;
    let activity = NamedActivity {
        branch: BranchCode::new("NW")?,
        name: ActivityName::new("社区巡河")?,
        category: None,
        place: None,
    };
    let item = HoursItem {
        volunteer: VolunteerRef::Passbook(PassbookNo::new(who.saturating_add(1))?),
        service: Service::interval(interval),
        evaluation: None,
    };
    let command = Command::RecordHours(RecordHours {
        activity: ActivityRef::Named(activity),
        provenance: Provenance::Clerk,
        items: vec![item],
        mode: BatchMode::Atomic,
    });
    Ok(Submission {
        request: RequestId::new(*uuid::Uuid::new_v4().as_bytes()),
        fingerprint: Fingerprint::new(*uuid::Uuid::new_v4().as_bytes()),
        token: Some(token),
        validate_only: false,
        command,
    })
}

/// How long after its opening a bank's memory is looked at.
const SETTLING: Duration = Duration::from_secs(3);

struct Opened {
    took: Duration,
    resident: String,
    most: String,
}

/// Starts a process on a directory, and waits until it answers.
async fn open(directory: &Path, clerk: &str) -> anyhow::Result<Opened> {
    let begun = Instant::now();
    let mut process = Process::new(std::env::current_exe()?);
    let mut child = process.arg(SERVE).arg(directory).stdout(Stdio::piped()).spawn()?;
    let opened = watch(&mut child, clerk, begun).await;
    child.kill()?;
    child.wait()?;
    opened
}

async fn watch(child: &mut Child, clerk: &str, begun: Instant) -> anyhow::Result<Opened> {
    let out = child.stdout.take().ok_or_else(|| anyhow::anyhow!("it has an output"))?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let address = line.split_whitespace().find(|it| it.starts_with("http://"));
    let address = address.ok_or_else(|| anyhow::anyhow!("it says where it listens"))?.to_owned();
    let channel = Channel::from_shared(address)?.connect().await?;
    let mut client = AccessServiceClient::new(channel);
    while client.who_am_i(ask(clerk, v1::WhoAmIRequest {})).await.is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = begun.elapsed();
    // What was needed for opening only is given back a little later.
    tokio::time::sleep(SETTLING).await;
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let of = |name: &str| {
        let value = status.lines().find_map(|it| it.strip_prefix(name)).unwrap_or("unknown");
        value.trim().to_owned()
    };
    Ok(Opened { took, resident: of("VmRSS:"), most: of("VmHWM:") })
}
