//! A real server on a free port of this machine, in a directory of its own.

use std::time::Duration;

use lovebank::{
    Addresses,
    clock::{Clock, ManualClock},
    config::Config,
};
use lovebank_journal::{Head, codec};
use lovebank_ledger::{Ledger, invariants};
use lovebank_wire::ANSWER_BYTES_MAX;
use lovebank_wire::v1::{
    self, access_service_client::AccessServiceClient, backup_service_client::BackupServiceClient,
    branch_service_client::BranchServiceClient, help_service_client::HelpServiceClient,
    hours_service_client::HoursServiceClient, journal_service_client::JournalServiceClient,
    merge_service_client::MergeServiceClient, passbook_service_client::PassbookServiceClient,
    recognition_service_client::RecognitionServiceClient,
    redemption_service_client::RedemptionServiceClient,
    rulebook_service_client::RulebookServiceClient, transfer_service_client::TransferServiceClient,
    volunteer_service_client::VolunteerServiceClient,
};
use tokio::sync::oneshot;
use tonic::{
    Request, Status,
    transport::{Certificate, Channel, ClientTlsConfig},
};
use tonic_types::StatusExt as _;

/// Longer than any start takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A bank that runs in this process until it is stopped.
pub(crate) struct TestBank {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) address: String,
    pub(crate) channel: Channel,
    pub(crate) operator: String,
    clock: Clock,
    stop: oneshot::Sender<()>,
    running: tokio::task::JoinHandle<anyhow::Result<()>>,
}

/// A caller with a token.
#[derive(Clone)]
pub(crate) struct Client {
    channel: Channel,
    token: String,
}

impl TestBank {
    pub(crate) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().expect("a directory")).await
    }

    async fn start_in(directory: tempfile::TempDir) -> Self {
        let config = config_in(directory.path());
        Self::start_with(directory, config, None).await
    }

    /// Starts a bank whose clock the test moves.
    pub(crate) async fn start_at(clock: &ManualClock) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let config = config_in(directory.path());
        Self::start_by(directory, config, None, Clock::Manual(clock.clone())).await
    }

    /// Starts a bank with settings of the test's own, and calls it by TLS where a certificate
    /// is given.
    pub(crate) async fn start_with(
        directory: tempfile::TempDir,
        config: Config,
        trusted: Option<Certificate>,
    ) -> Self {
        Self::start_by(directory, config, trusted, Clock::System).await
    }

    async fn start_by(
        directory: tempfile::TempDir,
        config: Config,
        trusted: Option<Certificate>,
        clock: Clock,
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = oneshot::channel::<Addresses>();
        let stopped = async move {
            stopped.await.ok();
        };
        let running = tokio::spawn(lovebank::run(config, clock.clone(), stopped, |it| {
            tell.send(it).ok();
        }));
        let address = told.await.expect("it listens").grpc;
        let channel = match trusted {
            None => connect(&format!("http://{address}")).await,
            Some(certificate) => connect_by_tls(&address.to_string(), certificate).await,
        };
        let operator = operator_token(directory.path()).await;
        let address = address.to_string();
        let bank = Self { directory, address, channel, operator, clock, stop, running };
        bank.open().await;
        bank
    }

    /// Stops it in order, and starts it again on what it left.
    pub(crate) async fn restart(self) -> Self {
        self.stopped_while(|| ()).await
    }

    /// Stops it in order, and starts it again after something else happened.
    pub(crate) async fn stopped_while(self, meanwhile: impl FnOnce()) -> Self {
        let (directory, clock) = self.stopped().await;
        meanwhile();
        let config = config_in(directory.path());
        Self::start_by(directory, config, None, clock).await
    }

    /// Stops it in order; what it leaves.
    pub(crate) async fn stopped(self) -> (tempfile::TempDir, Clock) {
        drop(self.channel);
        self.stop.send(()).expect("it runs");
        self.running.await.expect("no panic").expect("stops in order");
        (self.directory, self.clock)
    }

    pub(crate) fn operator(&self) -> Client {
        self.with(&self.operator)
    }

    pub(crate) fn with(&self, token: &str) -> Client {
        Client { channel: self.channel.clone(), token: token.to_owned() }
    }

    async fn open(&self) {
        open(&self.operator()).await;
    }
}

/// The settings of a bank on a free port, without metrics.
pub(crate) fn config_in(directory: &std::path::Path) -> Config {
    let mut config = Config::in_directory(directory);
    config.listen = "127.0.0.1:0".parse().expect("an address");
    config.metrics_listen = None;
    config
}

/// Waits until the bank is open.
pub(crate) async fn open(client: &Client) {
    let begun = std::time::Instant::now();
    while client.access().who_am_i(client.ask(v1::WhoAmIRequest {})).await.is_err() {
        assert!(begun.elapsed() < PATIENCE, "the bank does not open");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) async fn connect(address: &str) -> Channel {
    let endpoint = Channel::from_shared(address.to_owned()).expect("an address");
    endpoint.connect().await.expect("it listens")
}

async fn connect_by_tls(address: &str, certificate: Certificate) -> Channel {
    let tls = ClientTlsConfig::new().ca_certificate(certificate).domain_name("localhost");
    let endpoint = Channel::from_shared(format!("https://{address}")).expect("an address");
    endpoint.tls_config(tls).expect("a certificate").connect().await.expect("it listens")
}

/// The first operator's token, as soon as it is there.
pub(crate) async fn operator_token(directory: &std::path::Path) -> String {
    let path = directory.join("operator.token");
    let begun = std::time::Instant::now();
    loop {
        match std::fs::read_to_string(&path) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => assert!(begun.elapsed() < PATIENCE, "no operator token"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

macro_rules! services {
    ($($name:ident: $client:ident),+ $(,)?) => {
        $(pub(crate) fn $name(&self) -> $client<Channel> {
            $client::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES_MAX)
        })+
    };
}

impl Client {
    pub(crate) fn new(channel: Channel, token: &str) -> Self {
        Self { channel, token: token.to_owned() }
    }

    services!(
        access: AccessServiceClient,
        backups: BackupServiceClient,
        branches: BranchServiceClient,
        helps: HelpServiceClient,
        hours: HoursServiceClient,
        journal: JournalServiceClient,
        merges: MergeServiceClient,
        passbooks: PassbookServiceClient,
        recognitions: RecognitionServiceClient,
        redemptions: RedemptionServiceClient,
        transfers: TransferServiceClient,
        rulebooks: RulebookServiceClient,
        volunteers: VolunteerServiceClient,
    );

    /// The same caller, of a bank that was started again.
    pub(crate) fn moved(&self, bank: &TestBank) -> Self {
        Self { channel: bank.channel.clone(), token: self.token.clone() }
    }

    /// A message with the caller's token.
    pub(crate) fn ask<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let header = format!("Bearer {}", self.token).parse().expect("a header");
        request.metadata_mut().insert("authorization", header);
        request
    }

    pub(crate) async fn branch(&self, code: &str, kind: v1::BranchKind, parent: &str) {
        let branch = v1::Branch {
            code: code.to_owned(),
            name: format!("{code} 社区"),
            kind: kind.into(),
            parent_code: parent.to_owned(),
        };
        let request_id = fresh();
        let message =
            v1::CreateBranchRequest { request_id, branch: Some(branch), ..<_>::default() };
        self.branches().create_branch(self.ask(message)).await.expect("a branch");
    }

    /// Issues a token; `scope` is a branch, or empty for the whole bank.
    pub(crate) async fn token(&self, handle: &str, role: v1::Role, scope: &str) -> String {
        use v1::grant::Scope;
        let scope = if role == v1::Role::Volunteer {
            Scope::VolunteerNumber(scope.to_owned())
        } else if scope.is_empty() {
            Scope::Bank(true)
        } else {
            Scope::BranchCode(scope.to_owned())
        };
        let message = v1::IssueTokenRequest {
            request_id: fresh(),
            handle: handle.to_owned(),
            grants: vec![v1::Grant { role: role.into(), scope: Some(scope) }],
            ..<_>::default()
        };
        let answer = self.access().issue_token(self.ask(message)).await.expect("a token");
        answer.into_inner().secret
    }

    pub(crate) async fn register(&self, number: &str, branch: &str) -> u64 {
        let person = v1::Person { name: "测试甲".to_owned(), ..<_>::default() };
        let volunteer = v1::NewVolunteer {
            volunteer_number: number.to_owned(),
            branch_code: branch.to_owned(),
            joined: None,
            person: Some(person),
        };
        let request_id = fresh();
        let message = v1::RegisterVolunteerRequest {
            request_id,
            volunteer: Some(volunteer),
            ..<_>::default()
        };
        let answer = self.volunteers().register_volunteer(self.ask(message)).await;
        answer.expect("registered").into_inner().volunteer.expect("a volunteer").passbook_no
    }

    pub(crate) async fn record(
        &self,
        message: v1::RecordHoursRequest,
    ) -> Result<v1::RecordHoursResponse, Status> {
        self.hours().record_hours(self.ask(message)).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn passbook(&self, number: &str) -> v1::Passbook {
        let volunteer_number = number.to_owned();
        let message = v1::GetPassbookRequest { volunteer_number, ..<_>::default() };
        let answer = self.passbooks().get_passbook(self.ask(message)).await.expect("a passbook");
        answer.into_inner().passbook.expect("a passbook")
    }
}

/// Adds up anew all that the journal says to an auditor, and finds nothing wrong with it.
pub(crate) async fn audited(bank: &TestBank) -> Ledger<'static> {
    let auditor = bank.operator();
    let head = auditor.journal().get_head(auditor.ask(v1::GetHeadRequest::default())).await;
    let told = head.expect("a head").into_inner();
    let all = v1::StreamEntriesRequest { to_seq: told.seq, ..<_>::default() };
    let pages = auditor.journal().stream_entries(auditor.ask(all)).await;
    let mut pages = pages.expect("a journal").into_inner();
    let (mut ledger, mut head) = (Ledger::default(), Head::EMPTY);
    while let Some(page) = pages.message().await.expect("a page") {
        for it in page.entries {
            let sealed = head.follow(it.entry).expect("it follows");
            let entry = codec::decode(sealed.bytes()).expect("an entry");
            ledger.post(&entry, sealed.seal()).expect("it holds");
            head = head.after(&sealed).expect("it follows");
        }
    }
    assert_eq!((head.no, head.seal.as_bytes().as_slice()), (told.seq, told.seal.as_slice()));
    let mut breaches = Vec::new();
    invariants::state(&ledger, &mut breaches);
    assert_eq!(breaches, []);
    ledger
}

/// A fresh request id.
pub(crate) fn fresh() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// From some minutes after the beginning of a day long past, for some minutes.
pub(crate) fn interval(start: i64, minutes: i64) -> v1::Interval {
    // 2024-03-01 00:00 in Shanghai.
    let at =
        |minute: i64| prost_types::Timestamp { seconds: 1_709_222_400 + minute * 60, nanos: 0 };
    v1::Interval { start_time: Some(at(start)), end_time: Some(at(start + minutes)) }
}

/// One service of one volunteer.
pub(crate) fn service(number: &str, branch: &str, time: v1::Interval) -> v1::RecordHoursRequest {
    v1::RecordHoursRequest {
        request_id: fresh(),
        activity: Some(v1::Activity {
            branch_code: branch.to_owned(),
            name: "社区巡河".to_owned(),
            ..<_>::default()
        }),
        item: Some(v1::HoursItem {
            volunteer_number: number.to_owned(),
            time: Some(v1::hours_item::Time::Interval(time)),
            ..<_>::default()
        }),
        ..<_>::default()
    }
}

/// The stable reason of a status.
pub(crate) fn reason(status: &Status) -> String {
    let info = status.get_details_error_info();
    info.map_or_else(|| format!("no reason: {status:?}"), |it| it.reason)
}
