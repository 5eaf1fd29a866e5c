//! A bank to measure: a real server, a real client, a directory of its own.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use lovebank::{Addresses, clock::Clock, config::Config};
use lovebank_wire::v1::{
    self, access_service_client::AccessServiceClient, branch_service_client::BranchServiceClient,
    hours_service_client::HoursServiceClient, passbook_service_client::PassbookServiceClient,
    volunteer_service_client::VolunteerServiceClient,
};
use tokio::sync::{Mutex, oneshot};
use tonic::{Request, transport::Channel};

use crate::load::per_second;

/// Volunteers of the bank.
pub(crate) const VOLUNTEERS: u64 = 10_000;
/// The first minute of service: 2001-01-01 in UTC.
pub(crate) const BEGIN: i64 = 978_307_200;

/// Parts of a file, and rows of a part.
const PARTS: u32 = 300;
const ROWS: u32 = 1000;

/// A bank, its clerk, and what keeps it running.
#[derive(Clone)]
pub(crate) struct Bank {
    channel: Channel,
    clerk: String,
    approver: String,
    running: Arc<Mutex<Option<Running>>>,
}

struct Running {
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<anyhow::Result<()>>,
    directory: tempfile::TempDir,
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
        let (clerk, approver) = furnish(&channel, &operator).await?;
        let running = Running { stop, ended, directory };
        let running = Arc::new(Mutex::new(Some(running)));
        Ok(Self { channel, clerk, approver, running })
    }

    /// Stops it, and gives its directory; `None` where it was stopped before.
    pub(crate) async fn stop(&self) -> Option<tempfile::TempDir> {
        let Running { stop, ended, directory } = self.running.lock().await.take()?;
        stop.send(()).ok();
        ended.await.expect("no panic").expect("stops in order");
        Some(directory)
    }

    /// The clerk's token.
    pub(crate) fn clerk(&self) -> &str {
        &self.clerk
    }

    /// The approver's token.
    pub(crate) fn approver(&self) -> &str {
        &self.approver
    }

    /// Its connection.
    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
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

    /// Takes in a file on one stream; how many rows a second became durable.
    pub(crate) async fn import(&self) -> anyhow::Result<u64> {
        let header = v1::ImportHeader {
            batch_key: vec![7; 32],
            branch_code: "NW".to_owned(),
            ..<_>::default()
        };
        let header = v1::import_hours_request::Kind::Header(header);
        let parts = (0..PARTS).map(|it| v1::import_hours_request::Kind::Part(part(it)));
        let messages = std::iter::once(header).chain(parts);
        let messages = messages.map(|it| v1::ImportHoursRequest { kind: Some(it) });
        let stream = tokio_stream::iter(messages.collect::<Vec<_>>());
        let mut client = HoursServiceClient::new(self.channel.clone());
        let begun = Instant::now();
        let mut answers = client.import_hours(ask(&self.clerk, stream)).await?.into_inner();
        let mut booked = 0_usize;
        while let Some(answer) = answers.message().await? {
            let new = |it: &&v1::RowVerdict| it.verdict == i32::from(v1::Verdict::New);
            booked = booked.saturating_add(answer.verdicts.iter().filter(new).count());
        }
        Ok(per_second(booked, begun.elapsed()))
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

/// A branch, a clerk, an approver, and volunteers; the tokens of the two.
async fn furnish(channel: &Channel, operator: &str) -> anyhow::Result<(String, String)> {
    let branch = v1::Branch {
        code: "NW".to_owned(),
        name: "南湾街道".to_owned(),
        kind: v1::BranchKind::Street.into(),
        parent_code: String::new(),
    };
    let request_id = uuid::Uuid::new_v4().to_string();
    let message = v1::CreateBranchRequest { request_id, branch: Some(branch), ..<_>::default() };
    BranchServiceClient::new(channel.clone()).create_branch(ask(operator, message)).await?;
    let clerk = token(channel, operator, ("clerk-1", v1::Role::Clerk)).await?;
    let approver = token(channel, operator, ("approver-1", v1::Role::Approver)).await?;
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
    Ok((clerk, approver))
}

async fn token(
    channel: &Channel,
    operator: &str,
    (handle, role): (&str, v1::Role),
) -> anyhow::Result<String> {
    let scope = Some(v1::grant::Scope::Bank(true));
    let message = v1::IssueTokenRequest {
        request_id: uuid::Uuid::new_v4().to_string(),
        handle: handle.to_owned(),
        grants: vec![v1::Grant { role: role.into(), scope }],
        ..<_>::default()
    };
    let mut access = AccessServiceClient::new(channel.clone());
    Ok(access.issue_token(ask(operator, message)).await?.into_inner().secret)
}

/// Rows of a file: some of a day, then of the next.
fn part(part: u32) -> v1::ImportPart {
    let row = |line: u32| {
        let no = u64::from(part.saturating_mul(ROWS).saturating_add(line));
        let item = item(no % VOLUNTEERS, no.checked_div(VOLUNTEERS).unwrap_or_default());
        let time = item.time.map(|it| match it {
            v1::hours_item::Time::Interval(it) => v1::import_row::Time::Interval(it),
            v1::hours_item::Time::Day(it) => v1::import_row::Time::Day(it),
        });
        v1::ImportRow {
            line: line.saturating_add(1),
            volunteer_number: item.volunteer_number,
            activity: "社区巡河".to_owned(),
            time,
            ..<_>::default()
        }
    };
    let last = part.saturating_add(1) == PARTS;
    v1::ImportPart { part, last, rows: (0..ROWS).map(row).collect() }
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

pub(crate) fn ask<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if let Ok(header) = format!("Bearer {}", token.trim()).parse() {
        request.metadata_mut().insert("authorization", header);
    }
    request
}
