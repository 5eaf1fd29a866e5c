//! `RecognitionService`: years of service, stars, award programmes, certificates.

mod annual;
mod certificates;
mod people;
mod runs;
mod said;
mod selection;
mod stars;

use lovebank_ledger::Verb;
use lovebank_wire::{
    request,
    v1::{self, recognition_service_server::RecognitionService},
};
use tonic::{Request, Response, Status};

use super::{
    door::{Door, receipt},
    parts::Stream,
};
use selection::Selections;

#[derive(Debug, Clone)]
pub(super) struct Recognitions {
    door: Door,
    selections: Selections,
}

impl Recognitions {
    pub(super) fn new(door: Door) -> Self {
        Self { door, selections: Selections::default() }
    }
}

#[tonic::async_trait]
impl RecognitionService for Recognitions {
    type ListAnnualRecognitionStream = Stream<v1::ListAnnualRecognitionResponse>;
    type ListStarCandidatesStream = Stream<v1::ListStarCandidatesResponse>;
    type EvaluateProgrammeStream = Stream<v1::SelectionPart>;
    type ListRunResultStream = Stream<v1::SelectionPart>;
    type CheckDriftStream = Stream<v1::CheckDriftResponse>;

    async fn get_annual_summary(
        &self,
        call: Request<v1::GetAnnualSummaryRequest>,
    ) -> Result<Response<v1::GetAnnualSummaryResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadPassbooks)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        annual::get(&caller, &message).await.map(Response::new)
    }

    async fn list_annual_recognition(
        &self,
        call: Request<v1::ListAnnualRecognitionRequest>,
    ) -> Result<Response<Self::ListAnnualRecognitionStream>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        annual::list(caller, &message).await.map(Response::new)
    }

    async fn get_branch_statistics(
        &self,
        call: Request<v1::GetBranchStatisticsRequest>,
    ) -> Result<Response<v1::GetBranchStatisticsResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        annual::statistics(&caller, &message).await.map(Response::new)
    }

    async fn list_star_candidates(
        &self,
        call: Request<v1::ListStarCandidatesRequest>,
    ) -> Result<Response<Self::ListStarCandidatesStream>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        stars::candidates(caller, message).await.map(Response::new)
    }

    async fn explain_stars(
        &self,
        call: Request<v1::ExplainStarsRequest>,
    ) -> Result<Response<v1::ExplainStarsResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadHonours)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        stars::explain(&caller, &message).await.map(Response::new)
    }

    async fn award_stars(
        &self,
        call: Request<v1::AwardStarsRequest>,
    ) -> Result<Response<v1::GiveHonoursResponse>, Status> {
        let caller = self.door.enter(&call, Verb::AwardStars)?;
        let message = call.into_inner();
        stars::award(&caller, message).await.map(Response::new)
    }

    async fn record_honours(
        &self,
        call: Request<v1::RecordHonoursRequest>,
    ) -> Result<Response<v1::GiveHonoursResponse>, Status> {
        let caller = self.door.enter(&call, Verb::RecordHonours)?;
        let message = call.into_inner();
        stars::record(&caller, message).await.map(Response::new)
    }

    async fn revoke_honour(
        &self,
        call: Request<v1::RevokeHonourRequest>,
    ) -> Result<Response<v1::RevokeHonourResponse>, Status> {
        let caller = self.door.enter(&call, Verb::RevokeHonour)?;
        let message = call.into_inner();
        let command = request::revoke_honour(&message)?;
        let made = caller.submit("RevokeHonour", &message, command).await?;
        Ok(Response::new(v1::RevokeHonourResponse { receipt: Some(receipt(&made)) }))
    }

    async fn list_honours(
        &self,
        call: Request<v1::ListHonoursRequest>,
    ) -> Result<Response<v1::ListHonoursResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadHonours)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        stars::list(&caller, &message).await.map(Response::new)
    }

    async fn evaluate_programme(
        &self,
        call: Request<v1::EvaluateProgrammeRequest>,
    ) -> Result<Response<Self::EvaluateProgrammeStream>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        selection::evaluate(caller, message).await.map(Response::new)
    }

    async fn nominate_volunteer(
        &self,
        call: Request<v1::NominateVolunteerRequest>,
    ) -> Result<Response<v1::NominateVolunteerResponse>, Status> {
        let caller = self.door.enter(&call, Verb::Nominate)?;
        let message = call.into_inner();
        let command = request::nominate_volunteer(&message, &caller.resolve())?;
        let made = caller.submit("NominateVolunteer", &message, command).await?;
        Ok(Response::new(v1::NominateVolunteerResponse { receipt: Some(receipt(&made)) }))
    }

    async fn create_run(
        &self,
        call: Request<v1::CreateRunRequest>,
    ) -> Result<Response<v1::RunResponse>, Status> {
        let caller = self.door.enter(&call, Verb::RunAwards)?;
        let message = call.into_inner();
        runs::create(&caller, &message).await.map(Response::new)
    }

    async fn get_run(
        &self,
        call: Request<v1::GetRunRequest>,
    ) -> Result<Response<v1::GetRunResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        runs::get(&caller, &message).await.map(Response::new)
    }

    async fn list_runs(
        &self,
        call: Request<v1::ListRunsRequest>,
    ) -> Result<Response<v1::ListRunsResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        runs::list(&caller, &message).map(Response::new)
    }

    async fn list_run_result(
        &self,
        call: Request<v1::ListRunResultRequest>,
    ) -> Result<Response<Self::ListRunResultStream>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        selection::list(caller, &self.selections, &message).await.map(Response::new)
    }

    async fn propose_exception(
        &self,
        call: Request<v1::ProposeExceptionRequest>,
    ) -> Result<Response<v1::RunResponse>, Status> {
        let caller = self.door.enter(&call, Verb::MakeException)?;
        let message = call.into_inner();
        runs::propose(&caller, message).await.map(Response::new)
    }

    async fn confirm_exception(
        &self,
        call: Request<v1::ConfirmExceptionRequest>,
    ) -> Result<Response<v1::RunResponse>, Status> {
        let caller = self.door.enter(&call, Verb::MakeException)?;
        let message = call.into_inner();
        let command = request::confirm_exception(&message, &caller.resolve())?;
        runs::change(&caller, ("ConfirmException", &message), command).await.map(Response::new)
    }

    async fn publish_run(
        &self,
        call: Request<v1::PublishRunRequest>,
    ) -> Result<Response<v1::RunResponse>, Status> {
        let caller = self.door.enter(&call, Verb::RunAwards)?;
        let message = call.into_inner();
        runs::change(&caller, ("PublishRun", &message), request::publish_run(&message)?)
            .await
            .map(Response::new)
    }

    async fn file_objection(
        &self,
        call: Request<v1::FileObjectionRequest>,
    ) -> Result<Response<v1::FileObjectionResponse>, Status> {
        let caller = self.door.enter(&call, Verb::FileObjection)?;
        let message = call.into_inner();
        runs::object(&caller, message).await.map(Response::new)
    }

    async fn resolve_objection(
        &self,
        call: Request<v1::ResolveObjectionRequest>,
    ) -> Result<Response<v1::ResolveObjectionResponse>, Status> {
        let caller = self.door.enter(&call, Verb::RunAwards)?;
        let message = call.into_inner();
        runs::resolve(&caller, message).await.map(Response::new)
    }

    async fn list_objections(
        &self,
        call: Request<v1::ListObjectionsRequest>,
    ) -> Result<Response<v1::ListObjectionsResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadHonours)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        runs::objections(&caller, &message).await.map(Response::new)
    }

    async fn finalize_run(
        &self,
        call: Request<v1::FinalizeRunRequest>,
    ) -> Result<Response<v1::RunResponse>, Status> {
        let caller = self.door.enter(&call, Verb::RunAwards)?;
        let message = call.into_inner();
        runs::change(&caller, ("FinalizeRun", &message), request::finalize_run(&message)?)
            .await
            .map(Response::new)
    }

    async fn withdraw_run(
        &self,
        call: Request<v1::WithdrawRunRequest>,
    ) -> Result<Response<v1::RunResponse>, Status> {
        let caller = self.door.enter(&call, Verb::RunAwards)?;
        let message = call.into_inner();
        runs::change(&caller, ("WithdrawRun", &message), request::withdraw_run(&message)?)
            .await
            .map(Response::new)
    }

    async fn explain_outcome(
        &self,
        call: Request<v1::ExplainOutcomeRequest>,
    ) -> Result<Response<v1::ExplainOutcomeResponse>, Status> {
        let caller = self.door.enter(&call, Verb::ReadHonours)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        selection::explain(&caller, &self.selections, &message).await.map(Response::new)
    }

    async fn check_drift(
        &self,
        call: Request<v1::CheckDriftRequest>,
    ) -> Result<Response<Self::CheckDriftStream>, Status> {
        let caller = self.door.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        selection::drift(caller, &self.selections, &message).await.map(Response::new)
    }

    async fn issue_certificate(
        &self,
        call: Request<v1::IssueCertificateRequest>,
    ) -> Result<Response<v1::IssueCertificateResponse>, Status> {
        let caller = self.door.enter(&call, Verb::IssueCertificate)?;
        let message = call.into_inner();
        certificates::issue(&caller, &message).await.map(Response::new)
    }

    async fn get_certificate(
        &self,
        call: Request<v1::GetCertificateRequest>,
    ) -> Result<Response<v1::GetCertificateResponse>, Status> {
        let caller = self.door.enter(&call, Verb::IssueCertificate)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        certificates::get(&caller, &message).await.map(Response::new)
    }

    async fn verify_certificate(
        &self,
        call: Request<v1::VerifyCertificateRequest>,
    ) -> Result<Response<v1::VerifyCertificateResponse>, Status> {
        let bank = self.door.bank()?;
        certificates::verify(bank, &call.into_inner()).await.map(Response::new)
    }
}
