//! The edge: understands a message, hands on a command, answers with what came of it.

mod access;
mod backup;
mod branch;
mod code;
mod deadline;
mod door;
mod help;
mod hours;
mod import;
mod import_batches;
mod journal;
mod list_help;
mod list_hours;
mod list_rewards;
mod merge;
mod moves;
mod observe;
mod parts;
mod passbook;
mod people;
mod queue;
mod recognition;
mod recorded;
mod redemption;
mod reflection;
mod register;
mod secret;
mod shared_phones;
mod status;
mod transfer;
mod volunteer;
mod watch;

use std::{
    fs,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::Context as _;
use lovebank_wire::v1::{
    access_service_server::AccessServiceServer, backup_service_server::BackupServiceServer,
    branch_service_server::BranchServiceServer, help_service_server::HelpServiceServer,
    hours_service_server::HoursServiceServer, journal_service_server::JournalServiceServer,
    merge_service_server::MergeServiceServer, passbook_service_server::PassbookServiceServer,
    recognition_service_server::RecognitionServiceServer,
    redemption_service_server::RedemptionServiceServer,
    rulebook_service_server::RulebookServiceServer, transfer_service_server::TransferServiceServer,
    volunteer_service_server::VolunteerServiceServer,
};
use tokio::{net::TcpListener, sync::watch as watched};
use tonic::{
    service::Routes,
    transport::{Identity, Server as TonicServer, ServerTlsConfig, server::TcpIncoming},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{bank::Bank, config::Config, metrics::Metrics};
use door::Door;
use watch::Watching;

pub use secret::Secret;

/// How often an idle connection is asked whether it still lives.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// The server, ready to serve.
#[derive(Debug)]
pub struct Server {
    routes: Routes,
    health: Health,
    metrics: Metrics,
    config: Config,
    identity: Option<Identity>,
    stopping: watched::Receiver<bool>,
}

/// Says whether the bank serves.
#[derive(Debug, Clone)]
pub struct Health(HealthReporter);

impl Health {
    /// Tells all who ask; the empty name is the whole server.
    pub async fn serving(&self, serving: bool) {
        let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
        for name in NAMES {
            self.0.set_service_status(name, status).await;
        }
        self.0.set_service_status(WRITES, status).await;
    }

    /// Tells all who ask that questions are answered and no command is taken.
    pub async fn only_reads(&self) {
        self.0.set_service_status(WRITES, ServingStatus::NotServing).await;
    }

    /// Ends every watch of the health once it was told that the bank does not serve: it would hold
    /// up the stop for its whole grace.
    pub async fn end_watches(&self) {
        let mut reporter = self.0.clone();
        for name in NAMES {
            // The watches end with the status that they watch; who asks now finds a new one.
            reporter.clear_service_status(name).await;
            reporter.set_service_status(name, ServingStatus::NotServing).await;
        }
    }
}

/// What health calls the taking of commands: it ends before the serving of questions where storage
/// fails.
const WRITES: &str = "lovebank.writes";

/// The services that health knows.
const NAMES: [&str; 14] = [
    "",
    "lovebank.v1.AccessService",
    "lovebank.v1.BackupService",
    "lovebank.v1.BranchService",
    "lovebank.v1.HelpService",
    "lovebank.v1.HoursService",
    "lovebank.v1.JournalService",
    "lovebank.v1.MergeService",
    "lovebank.v1.PassbookService",
    "lovebank.v1.RecognitionService",
    "lovebank.v1.RedemptionService",
    "lovebank.v1.RulebookService",
    "lovebank.v1.TransferService",
    "lovebank.v1.VolunteerService",
];

impl Server {
    /// A server whose services answer once the gate holds a bank, until told to stop.
    pub async fn new(
        config: &Config,
        gate: Arc<OnceLock<Bank>>,
        metrics: Metrics,
        stopping: &watched::Sender<bool>,
    ) -> anyhow::Result<Self> {
        let door = Door::new(gate);
        let watching = Watching::new(config.watchers_max);
        let (reporter, health_service) = tonic_health::server::health_reporter();
        let health = Health(reporter);
        health.serving(false).await;
        let most = config.request_bytes_max;
        let backups =
            backup::Backups { door: door.clone(), recipient: config.vault_recipient.clone() };
        let backups = BackupServiceServer::new(backups).max_decoding_message_size(most);
        let routes = Routes::new(health_service).add_service(backups);
        let routes = routes_to(routes, (door, watching), most);
        let routes = reflection::add_to(routes, stopping.subscribe())?;
        let identity = identity(config)?;
        if let Some(identity) = &identity {
            // A certificate that is none stops the start, not the serving.
            let tls = ServerTlsConfig::new().identity(identity.clone());
            TonicServer::builder().tls_config(tls).context("tls_cert or tls_key")?;
        }
        let stopping = stopping.subscribe();
        Ok(Self { routes, health, metrics, config: config.clone(), identity, stopping })
    }

    /// Says whether the bank serves.
    pub fn health(&self) -> Health {
        self.health.clone()
    }

    /// Serves until told to stop; calls under way are finished.
    pub async fn serve(mut self, listener: TcpListener) -> Result<(), tonic::transport::Error> {
        let mut builder = TonicServer::builder()
            .accept_http1(true)
            .tcp_nodelay(true)
            .http2_keepalive_interval(Some(KEEP_ALIVE))
            .max_concurrent_streams(Some(self.config.streams_max));
        if let Some(identity) = self.identity {
            builder = builder.tls_config(ServerTlsConfig::new().identity(identity))?;
        }
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        builder
            .layer(cors(&self.config))
            .layer(observe::Observe::new(self.metrics, &DESCRIPTORS))
            .layer(tonic_web::GrpcWebLayer::new())
            .layer(deadline::Deadline(Duration::from_secs(self.config.request_timeout_s)))
            .add_routes(self.routes)
            .serve_with_incoming_shutdown(incoming, async move {
                crate::stopped(&mut self.stopping).await;
            })
            .await
    }
}

/// What is described: the bank's services, what the journal stores, health.
const DESCRIPTORS: [&[u8]; 3] = [
    lovebank_wire::FILE_DESCRIPTOR_SET,
    lovebank_journal::codec::FILE_DESCRIPTOR_SET,
    tonic_health::pb::FILE_DESCRIPTOR_SET,
];

/// Every service that needs no settings, behind the one door.
fn routes_to(routes: Routes, (door, watching): (Door, Watching), most: usize) -> Routes {
    let passbooks = passbook::Passbooks { door: door.clone(), watching: watching.clone() };
    let journals = journal::Journals { door: door.clone(), watching, digesting: Arc::default() };
    routes
        .add_service(
            AccessServiceServer::new(access::Access(door.clone())).max_decoding_message_size(most),
        )
        .add_service(
            BranchServiceServer::new(branch::Branches(door.clone()))
                .max_decoding_message_size(most),
        )
        .add_service(
            HoursServiceServer::new(hours::Hours(door.clone())).max_decoding_message_size(most),
        )
        .add_service(JournalServiceServer::new(journals).max_decoding_message_size(most))
        .add_service(
            MergeServiceServer::new(merge::Merges(door.clone())).max_decoding_message_size(most),
        )
        .add_service(PassbookServiceServer::new(passbooks).max_decoding_message_size(most))
        .add_service(
            RulebookServiceServer::new(access::Rulebooks(door.clone()))
                .max_decoding_message_size(most),
        )
        .add_service(
            RecognitionServiceServer::new(recognition::Recognitions::new(door.clone()))
                .max_decoding_message_size(most),
        )
        .add_service(
            RedemptionServiceServer::new(redemption::Redemptions(door.clone()))
                .max_decoding_message_size(most),
        )
        .add_service(
            TransferServiceServer::new(transfer::Transfers(door.clone()))
                .max_decoding_message_size(most),
        )
        .add_service(
            HelpServiceServer::new(help::Helps(door.clone())).max_decoding_message_size(most),
        )
        .add_service(
            VolunteerServiceServer::new(volunteer::Volunteers(door))
                .max_decoding_message_size(most),
        )
}

fn identity(config: &Config) -> anyhow::Result<Option<Identity>> {
    let (Some(cert), Some(key)) = (&config.tls_cert, &config.tls_key) else { return Ok(None) };
    let read = |path: &std::path::Path| {
        fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    Ok(Some(Identity::from_pem(read(cert)?, read(key)?)))
}

/// Which web pages may call: none but those that are named.
fn cors(config: &Config) -> CorsLayer {
    let origins = config.grpc_web_origins.iter().filter_map(|it| it.parse().ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        // Named one by one: a browser does not take a star for the token's header.
        .allow_headers(
            [
                "authorization",
                "content-type",
                "grpc-timeout",
                "x-grpc-web",
                "x-request-id",
                "x-user-agent",
            ]
            .map(tonic::codegen::http::HeaderName::from_static),
        )
        .expose_headers(
            ["grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id"]
                .map(tonic::codegen::http::HeaderName::from_static),
        )
}
