//! A bank to measure: a real server, a real client, a directory of its own.

use std::{future::Future, sync::Arc, time::Duration};

use lovebank::{Addresses, clock::Clock, config::Config};
use lovebank_wire::v1::{
    self, access_service_client::AccessServiceClient, branch_service_client::BranchServiceClient,
    hours_service_client::HoursServiceClient, passbook_service_client::PassbookServiceClient,
    volunteer_service_client::VolunteerServiceClient,
};
use tokio::sync::{Mutex, oneshot};
use tonic::{Request, transport::Channel};

/// Volunteers of the bank.
const VOLUNTEERS: u64 = 10_000;
/// The first minute of service: 2001-01-01 in UTC.
const BEGIN: i64 = 978_307_200;

/// A bank, its clerk, and what keeps it running.
#[derive(Clone)]
pub(crate) struct Bank {
    channel: Channel,
    clerk: String,
    running: Arc<Mutex<Option<Running>>>,
}

struct Running {
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<anyhow::Result<()>>,
    _directory: tempfile::TempDir,
}

impl Bank {
    pub(crate) async fn start(mirrors: bool) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let mut config = Config::in_directory(directory.path());
        config.listen = "127.0.0.1:0".parse()?;
        config.metrics_listen = None;
        if !mirrors {
            config.mirror = None;
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel::<Addresses>();
        let stopped = async move {
            stopped.await.ok();
        };
        let ended = tokio::spawn(lovebank::run(config, Clock::System, stopped, |it| {
            tell.send(it).ok();
        }));
        let address = told.await?.grpc;
        let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
        let path = directory.path().join("operator.token");
        while AccessServiceClient::new(channel.clone())
            .who_am_i(ask(
                &std::fs::read_to_string(&path).unwrap_or_default(),
                v1::WhoAmIRequest {},
            ))
            .await
            .is_err()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let operator = std::fs::read_to_string(&path)?;
        let clerk = furnish(&channel, &operator).await?;
        let running = Running { stop, ended, _directory: directory };
        let running = Arc::new(Mutex::new(Some(running)));
        Ok(Self { channel, clerk, running })
    }

    pub(crate) async fn stop(&self) {
        if let Some(running) = self.running.lock().await.take() {
            running.stop.send(()).ok();
            running.ended.await.expect("no panic").expect("stops in order");
        }
    }

    /// Records one service of someone.
    pub(crate) fn single(&self, no: u64) -> impl Future<Output = ()> + Send + use<> {
        let mut client = HoursServiceClient::new(self.channel.clone());
        // Two loads at once do not meet: no two share a volunteer and a minute.
        let (who, when) = (no % VOLUNTEERS, no.checked_div(VOLUNTEERS).unwrap_or_default());
        let message = v1::RecordHoursRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            activity: Some(activity()),
            item: Some(item(who, when)),
            ..<_>::default()
        };
        let request = ask(&self.clerk, message);
        async move {
            client.record_hours(request).await.expect("recorded");
        }
    }

    /// Records a sheet of some people.
    pub(crate) fn sheet(&self, no: u64, rows: u64) -> impl Future<Output = ()> + Send + use<> {
        let mut client = HoursServiceClient::new(self.channel.clone());
        let sheets = VOLUNTEERS.checked_div(rows).unwrap_or(1);
        let first = no.checked_rem(sheets).unwrap_or_default().saturating_mul(rows);
        // Sheets are of other days than single services.
        let when = no.checked_div(sheets).unwrap_or_default().saturating_add(1_000);
        let items = (0..rows).map(|row| item(first.saturating_add(row), when));
        let message = v1::BatchRecordHoursRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            activity: Some(activity()),
            items: items.collect(),
            ..<_>::default()
        };
        let request = ask(&self.clerk, message);
        async move {
            client.batch_record_hours(request).await.expect("recorded");
        }
    }

    /// Reads someone's passbook.
    pub(crate) fn read(&self, no: u64) -> impl Future<Output = ()> + Send + use<> {
        let mut client = PassbookServiceClient::new(self.channel.clone());
        let volunteer_number = format!("{:010}", no % VOLUNTEERS);
        let message = v1::GetPassbookRequest { volunteer_number, ..<_>::default() };
        let request = ask(&self.clerk, message);
        async move {
            client.get_passbook(request).await.expect("a passbook");
        }
    }
}

/// A branch, a clerk, and volunteers; the clerk's token.
async fn furnish(channel: &Channel, operator: &str) -> anyhow::Result<String> {
    let branch = v1::Branch {
        code: "NW".to_owned(),
        name: "南湾街道".to_owned(),
        kind: v1::BranchKind::Street.into(),
        parent_code: String::new(),
    };
    let request_id = uuid::Uuid::new_v4().to_string();
    let message = v1::CreateBranchRequest { request_id, branch: Some(branch), ..<_>::default() };
    BranchServiceClient::new(channel.clone()).create_branch(ask(operator, message)).await?;
    let scope = Some(v1::grant::Scope::Bank(true));
    let message = v1::IssueTokenRequest {
        request_id: uuid::Uuid::new_v4().to_string(),
        handle: "clerk-1".to_owned(),
        grants: vec![v1::Grant { role: v1::Role::Clerk.into(), scope }],
        ..<_>::default()
    };
    let mut access = AccessServiceClient::new(channel.clone());
    let clerk = access.issue_token(ask(operator, message)).await?.into_inner().secret;
    for batch in 0..VOLUNTEERS.checked_div(1000).unwrap_or_default() {
        let volunteer = |no: u64| v1::NewVolunteer {
            volunteer_number: format!("{:010}", batch.saturating_mul(1000).saturating_add(no)),
            branch_code: "NW".to_owned(),
            ..<_>::default()
        };
        let message = v1::BatchRegisterVolunteersRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            volunteers: (0..1000).map(volunteer).collect(),
            ..<_>::default()
        };
        let mut client = VolunteerServiceClient::new(channel.clone());
        client.batch_register_volunteers(ask(&clerk, message)).await?;
    }
    Ok(clerk)
}

fn activity() -> v1::Activity {
    v1::Activity { branch_code: "NW".to_owned(), name: "社区巡河".to_owned(), ..<_>::default() }
}

/// A quarter of an hour of someone's days.
fn item(who: u64, when: u64) -> v1::HoursItem {
    let start = i64::try_from(when).unwrap_or_default().saturating_mul(86_400);
    let start = BEGIN.saturating_add(start);
    let at = |seconds: i64| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let interval = v1::Interval { start_time: at(start), end_time: at(start.saturating_add(900)) };
    v1::HoursItem {
        volunteer_number: format!("{who:010}"),
        time: Some(v1::hours_item::Time::Interval(interval)),
        ..<_>::default()
    }
}

fn ask<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if let Ok(header) = format!("Bearer {}", token.trim()).parse() {
        request.metadata_mut().insert("authorization", header);
    }
    request
}
