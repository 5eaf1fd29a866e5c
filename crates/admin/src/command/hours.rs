//! Hours and passbooks.

use anyhow::Context as _;
use jiff::{civil::DateTime, tz::TimeZone};
use lovebank_wire::v1::{
    self, hours_service_client::HoursServiceClient, passbook_service_client::PassbookServiceClient,
};

use crate::{
    cli::{Cli, HoursCommand, PassbookCommand},
    client::{Client, fresh},
    output,
};

pub(super) async fn hours(cli: &Cli, client: &Client, it: &HoursCommand) -> anyhow::Result<()> {
    let mut service = HoursServiceClient::new(client.channel.clone());
    match it {
        HoursCommand::Record { number, branch, activity, start, end, zone } => {
            let zone = TimeZone::get(zone).context("--zone")?;
            let interval = v1::Interval {
                start_time: Some(timestamp(*start, &zone)?),
                end_time: Some(timestamp(*end, &zone)?),
            };
            let message = v1::RecordHoursRequest {
                request_id: fresh(),
                activity: Some(v1::Activity {
                    branch_code: branch.clone(),
                    name: activity.clone(),
                    ..<_>::default()
                }),
                item: Some(v1::HoursItem {
                    volunteer_number: number.clone(),
                    time: Some(v1::hours_item::Time::Interval(interval)),
                    ..<_>::default()
                }),
                ..<_>::default()
            };
            let made = service.record_hours(client.ask(message)).await;
            let record = made.map_err(|err| client.no(&err))?.into_inner().record;
            let record = record.unwrap_or_default();
            let state = record.state().as_str_name().trim_start_matches("RECORD_STATE_");
            let row = vec![
                record.record_no.to_string(),
                record.volunteer_number.clone(),
                record.minutes.to_string(),
                record.points.clone().unwrap_or_default().value,
                state.to_lowercase(),
            ];
            let header = ["record", "volunteer", "minutes", "points", "state"];
            output::rows(cli.format, &header, &[row])
        }
        HoursCommand::Approve { records } => {
            let message = v1::ApproveHoursRequest {
                request_id: fresh(),
                record_nos: records.clone(),
                ..<_>::default()
            };
            let done = service.approve_hours(client.ask(message)).await;
            let done = done.map_err(|err| client.no(&err))?.into_inner();
            let rows: Vec<_> = done.record_nos.iter().map(|it| vec![it.to_string()]).collect();
            output::rows(cli.format, &["approved"], &rows)
        }
    }
}

/// The instant of a civil time.
pub(crate) fn timestamp(at: DateTime, zone: &TimeZone) -> anyhow::Result<prost_types::Timestamp> {
    let seconds = zone.to_zoned(at).context("the time")?.timestamp().as_second();
    Ok(prost_types::Timestamp { seconds, nanos: 0 })
}

pub(super) async fn passbook(
    cli: &Cli,
    client: &Client,
    it: &PassbookCommand,
) -> anyhow::Result<()> {
    let PassbookCommand::Show { number, lines } = it;
    let mut service = PassbookServiceClient::new(client.channel.clone());
    let message = v1::GetPassbookRequest { volunteer_number: number.clone(), ..<_>::default() };
    let passbook = service.get_passbook(client.ask(message)).await;
    let passbook = passbook.map_err(|err| client.no(&err))?.into_inner().passbook;
    let passbook = passbook.unwrap_or_default();
    let row = vec![
        passbook.passbook_no.to_string(),
        passbook.volunteer_number.clone(),
        passbook.branch_code.clone(),
        passbook.minutes.to_string(),
        passbook.points.clone().unwrap_or_default().value,
        passbook.points_debt.clone().unwrap_or_default().value,
        passbook.minutes_this_year.to_string(),
    ];
    let header = ["passbook", "volunteer", "branch", "minutes", "points", "debt", "this year"];
    output::rows(cli.format, &header, &[row])?;
    let message = v1::ListPassbookLinesRequest {
        volunteer_number: number.clone(),
        page_size: (*lines).clamp(1, super::PAGE),
        ..<_>::default()
    };
    let page = service.list_passbook_lines(client.ask(message)).await;
    let page = page.map_err(|err| client.no(&err))?.into_inner();
    let rows: Vec<_> = page.lines.iter().map(line).collect();
    let header = ["line", "date", "what", "branch", "activity", "minutes", "=", "points", "= "];
    output::rows(cli.format, &header, &rows)
}

fn line(it: &v1::PassbookLine) -> Vec<String> {
    let date = it.service_date.unwrap_or_default();
    let kind = it.kind().as_str_name().trim_start_matches("LINE_KIND_").to_lowercase();
    vec![
        it.line_no.to_string(),
        format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
        kind,
        it.branch_code.clone(),
        it.activity_name.clone(),
        it.minutes.to_string(),
        it.minutes_after.to_string(),
        it.points.clone().unwrap_or_default().value,
        it.points_after.clone().unwrap_or_default().value,
    ]
}
