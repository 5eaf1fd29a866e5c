//! The restore drill: backed up under load, killed, destroyed, restored, and the same bank again.
//!
//! The bank is a process of its own, which is this test run once more.
#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
#![expect(clippy::indexing_slicing, reason = "tests")]

mod support;

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use lovebank::{clock::Clock, config::Config};
use lovebank_wire::v1::{self, hours_service_client::HoursServiceClient};
use serde_json::Value;
use support::{Run, admin};
use tonic::Request;

/// Says that this process is to be a bank, and in which directory.
const BANK: &str = "LOVEBANK_DRILL_DIRECTORY";
const VOLUNTEERS: u64 = 6;
const ORDER: Ordering = Ordering::SeqCst;

/// A bank as a process of its own.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(directory: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "a_destroyed_bank_is_restored_from_its_backups", "--nocapture"])
            .env(BANK, directory)
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut lines = stdout.lines().map(|it| it.expect("text"));
        let address = lines.find(|it| it.starts_with("http://")).expect("says where it is");
        // What it still says is read, so that it never waits for it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// `kill -9`.
    fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

/// Is a bank until it is killed.
async fn serve(directory: &Path) {
    let recipient = fs::read_to_string(directory.join("recipient")).expect("a recipient");
    let flag = |name: &str, path: &str| format!("--{name}={}", directory.join(path).display());
    let flags = [
        "lovebank".to_owned(),
        flag("data", "data"),
        flag("mirror", "mirror"),
        flag("witness-file", "witness"),
        format!("--vault-recipient={}", recipient.trim()),
        "--listen=127.0.0.1:0".to_owned(),
        "--metrics-listen=off".to_owned(),
    ];
    let config = Config::load(flags.map(Into::into)).expect("settings");
    let told = |it: lovebank::Addresses| {
        let mut out = std::io::stdout();
        // On a line of its own, whatever the harness has written.
        writeln!(out, "\nhttp://{}", it.grpc).and_then(|()| out.flush()).expect("told");
    };
    lovebank::run(config, Clock::System, std::future::pending(), told).await.expect("a bank");
}

/// A place for everything.
struct Drill(tempfile::TempDir);

impl Drill {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the command line as it is typed.
    async fn types(&self, bank: &str, who: &str, line: &str) -> Run {
        let args: Vec<&str> = line.split_whitespace().collect();
        admin(bank, &self.path(who), self.0.path(), &args).await
    }

    async fn opened(&self, bank: &Process) {
        for _ in 0..600 {
            let me = self.types(&bank.address, "operator.token", "token whoami").await;
            if me.code == Some(0) {
                return;
            }
            // The token of a new bank is kept apart from its data, as it should be.
            fs::copy(self.path("data/operator.token"), self.path("operator.token")).ok();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("the bank does not open");
    }

    async fn head(&self, bank: &Process) -> Value {
        let head = "journal head --format json";
        self.types(&bank.address, "operator.token", head).await.exits(0).json()
    }

    async fn passbooks(&self, bank: &Process) -> Vec<Value> {
        let mut all = Vec::new();
        for no in 1..=VOLUNTEERS {
            let show = format!("passbook show {no} --format json");
            all.push(self.types(&bank.address, "clerk.token", &show).await.exits(0).json());
        }
        all
    }
}

/// Records minute after minute of one volunteer, until told to stop; each on a day of its own.
async fn serve_the_community(
    (address, token): (String, String),
    volunteer: u64,
    (stop, recorded): (Arc<AtomicBool>, Arc<AtomicU64>),
) {
    let mut client = HoursServiceClient::connect(address).await.expect("connects");
    let mut minute = 0_i64;
    while !stop.load(ORDER) {
        // 2024-03-01 in Shanghai, and a minute a record.
        let at = |minute: i64| 1_709_222_400 + minute * 60;
        let time = |minute| Some(prost_types::Timestamp { seconds: at(minute), nanos: 0 });
        let interval = v1::Interval { start_time: time(minute), end_time: time(minute + 1) };
        let message = v1::RecordHoursRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            activity: Some(v1::Activity {
                branch_code: "NW".to_owned(),
                name: "社区巡河".to_owned(),
                ..<_>::default()
            }),
            item: Some(v1::HoursItem {
                volunteer_number: volunteer.to_string(),
                time: Some(v1::hours_item::Time::Interval(interval)),
                ..<_>::default()
            }),
            ..<_>::default()
        };
        let mut request = Request::new(message);
        let header = format!("Bearer {token}").parse().expect("a header");
        request.metadata_mut().insert("authorization", header);
        client.record_hours(request).await.expect("recorded");
        recorded.fetch_add(1, ORDER);
        // Every other minute of the day, and then the next day.
        minute += if minute % 1440 < 400 { 2 } else { 1440 - minute % 1440 };
    }
}

/// A bank with a branch, a clerk and volunteers.
async fn founded(drill: &Drill) -> Process {
    let key = drill.types("http://127.0.0.1:1", "none", "backup key --out vault.key --format json");
    let key = key.await.exits(0).json();
    fs::write(drill.path("recipient"), key["vault_recipient"].as_str().expect("a key"))
        .expect("kept");
    let bank = Process::start(drill.0.path());
    drill.opened(&bank).await;
    for (who, line) in [
        ("operator.token", "branch create NW 南湾街道 --kind street"),
        ("operator.token", "token issue clerk --grant clerk@NW --out clerk.token"),
        ("operator.token", "token issue approver --grant approver@NW --out approver.token"),
    ] {
        drill.types(&bank.address, who, line).await.exits(0);
    }
    for no in 1..=VOLUNTEERS + 1 {
        let register = format!("volunteer register {no} --branch NW --name 测试{no}");
        drill.types(&bank.address, "clerk.token", &register).await.exits(0);
    }
    bank
}

/// Backs up twice while volunteers are served, and once more when all is said.
async fn backed_up_under_load(drill: &Drill, bank: &Process) {
    let (stop, recorded) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let token = fs::read_to_string(drill.path("clerk.token")).expect("a token").trim().to_owned();
    let mut load = tokio::task::JoinSet::new();
    for volunteer in 1..=VOLUNTEERS {
        let way = (bank.address.clone(), token.clone());
        load.spawn(serve_the_community(way, volunteer, (Arc::clone(&stop), Arc::clone(&recorded))));
    }
    let mut before = 0;
    for line in ["backup create full.backup", "backup create one.backup --after full.backup"] {
        while recorded.load(ORDER) < before + 50 {
            tokio::task::yield_now().await;
        }
        drill.types(&bank.address, "operator.token", line).await.exits(0);
        before = recorded.load(ORDER);
    }
    stop.store(true, ORDER);
    load.join_all().await;
    let erase = format!("volunteer erase {} --yes", VOLUNTEERS + 1);
    drill.types(&bank.address, "approver.token", &erase).await.exits(0);
    let last = "backup create two.backup --after one.backup --format json";
    let last = drill.types(&bank.address, "operator.token", last).await.exits(0).json();
    assert_eq!(last["seal"], drill.head(bank).await["seal"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destroyed_bank_is_restored_from_its_backups() {
    if let Some(directory) = std::env::var_os(BANK) {
        return serve(Path::new(&directory)).await;
    }
    let drill = Drill(tempfile::tempdir().expect("a directory"));
    let bank = founded(&drill).await;
    backed_up_under_load(&drill, &bank).await;
    let (head, passbooks) = (drill.head(&bank).await, drill.passbooks(&bank).await);
    bank.kill();
    for lost in ["data", "mirror"] {
        fs::remove_dir_all(drill.path(lost)).expect("destroyed");
    }

    let nowhere = "http://127.0.0.1:1";
    let verify = "backup verify full.backup one.backup two.backup two.backup.vault";
    drill.types(nowhere, "none", verify).await.exits(0);
    // The vault of the first backup still has the one who was erased since.
    let restore = "restore full.backup one.backup two.backup --vault full.backup.vault \
                   --key vault.key --into data --mirror mirror --format json";
    let restored = drill.types(nowhere, "none", restore).await.exits(0).json();
    assert_eq!((&restored["seal"], &restored["seq"]), (&head["seal"], &head["seq"]));
    assert_eq!((&restored["removed"], &restored["absent"]), (&1.into(), &0.into()));

    let bank = Process::start(drill.0.path());
    drill.opened(&bank).await;
    assert_eq!(drill.head(&bank).await, head);
    assert_eq!(drill.passbooks(&bank).await, passbooks);
    drill.types(&bank.address, "operator.token", "verify").await.exits(0);
    let record = "hours record 1 --branch NW --activity 社区巡河 --date 2026-03-01 --minutes 60";
    drill.types(&bank.address, "clerk.token", record).await.exits(0);
    assert_ne!(drill.head(&bank).await, head, "it takes new writes");
    bank.kill();
}
