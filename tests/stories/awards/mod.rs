//! The year is recognised: stars, a run from draft to passbooks, and the papers that come of it.

mod ages;
mod lists;
mod papers;
mod runs;

use std::time::Duration;

use lovebank::clock::ManualClock;
use lovebank_ledger::{DEFAULT_RULEBOOK, Timestamp};
use lovebank_wire::v1::{self, BranchKind, Role, file_objection_request::About};
use tonic::Status;

use crate::support::{Client, TestBank, fresh, interval, service};

/// The best of a street, with two hours in the year; the hours can be waived.
const BEST: &str = r#"
[programmes.best]
english = "The best of the street"
chinese = "街道优秀志愿者"
level = "street"
notice_working_days = 3
places = { most = 1 }
ties = "oldest_first"
eligible = [
    { english = "minutes", chinese = "服务分钟数", value = "minutes", least = 120, waivable = true },
    { english = "takes part", chinese = "在册", condition = "active" },
]
order = [{ english = "minutes", chinese = "服务分钟数", score = "minutes", first = "highest" }]
"#;

pub(super) const DAY: Duration = Duration::from_secs(86_400);

struct Street {
    bank: TestBank,
    clock: ManualClock,
    clerk: Client,
    approver: Client,
    officer: Client,
    other: Client,
}

/// It is Monday, 2024-03-04 in Shanghai. On 2024-03-01 volunteer 1 served three hours, 2 two and 3
/// one.
async fn street() -> Street {
    let clock = ManualClock::at(Timestamp::from_micros(1_709_524_800_000_000));
    let bank = TestBank::start_at(&clock).await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let text = [DEFAULT_RULEBOOK, BEST].join("\n");
    let message = v1::AdoptRulebookRequest { request_id: fresh(), text, ..<_>::default() };
    operator.rulebooks().adopt_rulebook(operator.ask(message)).await.expect("adopted");
    let clerk = bank.with(&operator.token("clerk", Role::Clerk, "NW").await);
    let approver = bank.with(&operator.token("approver", Role::Approver, "NW").await);
    let officer = bank.with(&operator.token("officer", Role::AwardOfficer, "NW").await);
    let other = bank.with(&operator.token("other", Role::AwardOfficer, "NW").await);
    for (number, hours) in [("1", 3), ("2", 2), ("3", 1)] {
        clerk.register(number, "NW").await;
        clerk.record(service(number, "NW", interval(0, hours * 60))).await.expect("recorded");
    }
    Street { bank, clock, clerk, approver, officer, other }
}

fn selection() -> v1::SelectionOf {
    v1::SelectionOf {
        programme: "best".to_owned(),
        year: 2024,
        branch_code: "NW".to_owned(),
        ..<_>::default()
    }
}

/// All parts of a selection as one, and its sheet.
async fn whole(
    mut parts: tonic::Streaming<v1::SelectionPart>,
) -> Result<(v1::SelectionPart, Vec<u8>), Status> {
    let (mut all, mut sheet) = (v1::SelectionPart::default(), Vec::new());
    while let Some(part) = parts.message().await? {
        sheet.extend(&part.sheet);
        let rows = std::mem::take(&mut all.rows).into_iter().chain(part.rows.clone()).collect();
        all = v1::SelectionPart { rows, sheet: Vec::new(), ..part };
    }
    Ok((all, sheet))
}

/// Takes the first record back.
async fn reverse_first(approver: &Client) {
    let reverse = v1::ReverseHoursRequest {
        request_id: fresh(),
        record_nos: vec![1],
        reason: v1::Reason::NotServed.into(),
        ..<_>::default()
    };
    approver.hours().reverse_hours(approver.ask(reverse)).await.expect("reversed");
}

impl Street {
    /// The same street after a restart of its bank.
    async fn restarted(self) -> Self {
        let bank = self.bank.restart().await;
        let [clerk, approver, officer, other] =
            [&self.clerk, &self.approver, &self.officer, &self.other].map(|it| it.moved(&bank));
        Self { bank, clock: self.clock, clerk, approver, officer, other }
    }

    async fn create(&self) -> v1::Run {
        let message =
            v1::CreateRunRequest { request_id: fresh(), of: Some(selection()), ..<_>::default() };
        let made = self.officer.recognitions().create_run(self.officer.ask(message)).await;
        made.expect("a run").into_inner().run.expect("as it stands")
    }

    async fn publish(&self, run_no: u64) -> v1::Run {
        let message = v1::PublishRunRequest { request_id: fresh(), run_no, ..<_>::default() };
        let made = self.officer.recognitions().publish_run(self.officer.ask(message)).await;
        made.expect("published").into_inner().run.expect("as it stands")
    }

    async fn finalize(&self, run_no: u64) -> Result<v1::Run, Status> {
        let message = v1::FinalizeRunRequest { request_id: fresh(), run_no, ..<_>::default() };
        let made = self.officer.recognitions().finalize_run(self.officer.ask(message)).await?;
        Ok(made.into_inner().run.expect("as it stands"))
    }

    async fn result(&self, run_no: u64) -> (v1::SelectionPart, Vec<u8>) {
        let message = v1::ListRunResultRequest { run_no, sheet: true, ..<_>::default() };
        let parts = self.officer.recognitions().list_run_result(self.officer.ask(message)).await;
        whole(parts.expect("a result").into_inner()).await.expect("all of it")
    }

    async fn object(&self, client: &Client, about: About) -> Result<u64, Status> {
        let message = v1::FileObjectionRequest {
            request_id: fresh(),
            run_no: 1,
            about: Some(about),
            text: "他那天不在".to_owned(),
            ..<_>::default()
        };
        let made = client.recognitions().file_objection(client.ask(message)).await?;
        Ok(made.into_inner().objection_no)
    }

    async fn answer(&self, objection_no: u64, upheld: bool) -> v1::Run {
        let message = v1::ResolveObjectionRequest {
            request_id: fresh(),
            objection_no,
            upheld,
            answer: "已核实".to_owned(),
            ..<_>::default()
        };
        let made = self.officer.recognitions().resolve_objection(self.officer.ask(message)).await;
        made.expect("answered").into_inner().run.expect("as it stands")
    }

    async fn explain(
        &self,
        client: &Client,
        number: &str,
    ) -> Result<v1::ExplainOutcomeResponse, Status> {
        let volunteer_number = number.to_owned();
        let message = v1::ExplainOutcomeRequest { run_no: 1, volunteer_number, ..<_>::default() };
        let answer = client.recognitions().explain_outcome(client.ask(message)).await?;
        Ok(answer.into_inner())
    }
}
