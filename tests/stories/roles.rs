//! Every call × every role: who is let in, and who is not.

use std::collections::BTreeMap;

use lovebank_wire::{
    FILE_DESCRIPTOR_SET,
    v1::{self, BranchKind, Role},
};
use prost::Message as _;
use tonic::{Code, Request, codegen::http::uri::PathAndQuery};
use tonic_prost::ProstCodec;

use crate::support::{TestBank, reason};

/// Who may call what: V volunteer, C clerk, A approver, W award officer, U auditor, O operator,
/// P partner.
const TABLE: &[(&str, &str)] = &[
    ("AccessService/IssueToken", "O"),
    ("AccessService/ListTokens", "O"),
    ("AccessService/RevokeToken", "O"),
    ("AccessService/WhoAmI", "VCAWUOP"),
    ("BackupService/SealVault", "O"),
    ("BranchService/CreateBranch", "O"),
    ("BranchService/GetBranch", "VCAWUOP"),
    ("BranchService/GetBranchTotals", "VCAWUOP"),
    ("BranchService/ListBranches", "VCAWUOP"),
    ("BranchService/RenameBranch", "O"),
    ("HelpService/AcceptOffer", "VC"),
    ("HelpService/AskForHelp", "VC"),
    ("HelpService/CancelHelp", "VC"),
    ("HelpService/ConfirmHelp", "VC"),
    ("HelpService/GetHelpRequest", "VCAWU"),
    ("HelpService/ListHelpRequests", "VCAWU"),
    ("HelpService/OfferHelp", "VC"),
    ("HelpService/ResolveHelp", "A"),
    ("HelpService/WithdrawOffer", "VC"),
    ("HoursService/ApproveHours", "A"),
    ("HoursService/BatchRecordHours", "VCA"),
    ("HoursService/CancelCheckIn", "VCA"),
    ("HoursService/CheckIn", "VCA"),
    ("HoursService/CheckOut", "VCA"),
    ("HoursService/CorrectHours", "A"),
    ("HoursService/CreateActivity", "CA"),
    ("HoursService/DeductHours", "A"),
    ("HoursService/EvaluateHours", "CA"),
    ("HoursService/GetActivity", "VCAWU"),
    ("HoursService/GetHoursRecord", "VCAWU"),
    ("HoursService/GetImport", "CAU"),
    ("HoursService/ImportHours", "CA"),
    ("HoursService/ListActivities", "VCAWU"),
    ("HoursService/ListActivityDeadlines", "CAWU"),
    ("HoursService/ListCheckIns", "VCAWU"),
    ("HoursService/ListHoursRecords", "VCAWU"),
    ("HoursService/ListImports", "CAU"),
    ("HoursService/RecordHours", "VCA"),
    ("HoursService/RejectHours", "A"),
    ("HoursService/ReverseHours", "A"),
    ("HoursService/UndoImport", "A"),
    ("JournalService/GetHead", "UO"),
    ("JournalService/GetStateDigest", "UO"),
    ("JournalService/StreamEntries", "UO"),
    ("MergeService/ConfirmMerge", "A"),
    ("MergeService/ConfirmMergeUndo", "A"),
    ("MergeService/ListMerges", "VCAWU"),
    ("MergeService/ProposeMerge", "CA"),
    ("MergeService/ProposeMergeUndo", "CA"),
    ("MergeService/RefuseMerge", "CA"),
    ("PassbookService/GetPassbook", "VCAWU"),
    ("PassbookService/ListHolds", "VCAWU"),
    ("PassbookService/ListPassbookLines", "VCAWU"),
    ("PassbookService/WatchPassbook", "VCAWU"),
    ("RecognitionService/AwardStars", "A"),
    ("RecognitionService/CheckDrift", "CAWU"),
    ("RecognitionService/ConfirmException", "AW"),
    ("RecognitionService/CreateRun", "W"),
    ("RecognitionService/EvaluateProgramme", "CAWU"),
    ("RecognitionService/ExplainOutcome", "VCAWU"),
    ("RecognitionService/ExplainStars", "VCAWU"),
    ("RecognitionService/FileObjection", "VCAW"),
    ("RecognitionService/FinalizeRun", "W"),
    ("RecognitionService/GetAnnualSummary", "VCAWU"),
    ("RecognitionService/GetBranchStatistics", "CAWU"),
    ("RecognitionService/GetCertificate", "VCAW"),
    ("RecognitionService/GetRun", "CAWU"),
    ("RecognitionService/IssueCertificate", "VCAW"),
    ("RecognitionService/ListAnnualRecognition", "CAWU"),
    ("RecognitionService/ListHonours", "VCAWU"),
    ("RecognitionService/ListObjections", "VCAWU"),
    ("RecognitionService/ListRunResult", "CAWU"),
    ("RecognitionService/ListRuns", "CAWU"),
    ("RecognitionService/ListStarCandidates", "CAWU"),
    ("RecognitionService/NominateVolunteer", "CA"),
    ("RecognitionService/ProposeException", "AW"),
    ("RecognitionService/PublishRun", "W"),
    ("RecognitionService/RecordHonours", "AW"),
    ("RecognitionService/ResolveObjection", "W"),
    ("RecognitionService/RevokeHonour", "AW"),
    ("RecognitionService/WithdrawRun", "W"),
    ("RedemptionService/AddStock", "A"),
    ("RedemptionService/CancelRedemption", "VCA"),
    ("RedemptionService/ExplainPriority", "VCAWU"),
    ("RedemptionService/FulfillRedemption", "CAP"),
    ("RedemptionService/GetRedemption", "VCAWU"),
    ("RedemptionService/GetReward", "VCAWU"),
    ("RedemptionService/ListQueue", "VCAWU"),
    ("RedemptionService/ListRedemptions", "VCAWU"),
    ("RedemptionService/ListRewards", "VCAWU"),
    ("RedemptionService/MarkNoShow", "CA"),
    ("RedemptionService/PublishReward", "A"),
    ("RedemptionService/RequestRedemption", "VCA"),
    ("RedemptionService/ReverseRedemption", "A"),
    ("RedemptionService/WithdrawReward", "A"),
    ("RulebookService/AdoptRulebook", "O"),
    ("RulebookService/GetRulebook", "VCAWUO"),
    ("TransferService/ApproveDraw", "A"),
    ("TransferService/ConfirmKin", "A"),
    ("TransferService/EndKin", "VCA"),
    ("TransferService/GivePoints", "VC"),
    ("TransferService/ListDraws", "CA"),
    ("TransferService/ListKin", "VCAWU"),
    ("TransferService/NameBeneficiary", "VC"),
    ("TransferService/RejectDraw", "A"),
    ("TransferService/RequestDraw", "CA"),
    ("TransferService/RequestKin", "VCA"),
    ("TransferService/ReverseGift", "A"),
    ("VolunteerService/BatchRegisterVolunteers", "CA"),
    ("VolunteerService/ErasePerson", "A"),
    ("VolunteerService/FindVolunteers", "VCAWU"),
    ("VolunteerService/GetVolunteer", "VCAWU"),
    ("VolunteerService/ListSharedPhones", "AU"),
    ("VolunteerService/ListVolunteers", "VCAWU"),
    ("VolunteerService/MoveVolunteer", "CA"),
    ("VolunteerService/RegisterVolunteer", "CA"),
    ("VolunteerService/SetNeedClass", "A"),
    ("VolunteerService/SetVolunteerStatus", "A"),
    ("VolunteerService/UpdatePerson", "CA"),
];

/// Whoever holds a certificate can ask.
const OPEN: &str = "RecognitionService/VerifyCertificate";

const ROLES: [(char, Role); 7] = [
    ('V', Role::Volunteer),
    ('C', Role::Clerk),
    ('A', Role::Approver),
    ('W', Role::AwardOfficer),
    ('U', Role::Auditor),
    ('O', Role::Operator),
    ('P', Role::Partner),
];

#[tokio::test]
async fn every_call_asks_for_its_role() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    operator.branch("NW", BranchKind::Street, "").await;
    let clerk = bank.with(&operator.token("clerk", Role::Clerk, "").await);
    clerk.register("1", "NW").await;
    let mut tokens = BTreeMap::new();
    for (letter, role) in ROLES {
        let scope = if role == Role::Volunteer { "1" } else { "" };
        tokens.insert(letter, operator.token(&format!("role-{letter}"), role, scope).await);
    }
    for (method, allowed) in TABLE {
        assert_eq!(call(&bank, method, None).await, "UNAUTHENTICATED", "{method}");
        for (letter, token) in &tokens {
            let outcome = call(&bank, method, Some(token)).await;
            let let_in = outcome != "ROLE_REQUIRED";
            assert_eq!(let_in, allowed.contains(*letter), "{method} as {letter}: {outcome}");
        }
    }
}

#[test]
fn the_table_has_every_call() {
    let set = prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("descriptors");
    let mut methods: Vec<String> = set
        .file
        .iter()
        .flat_map(|file| &file.service)
        .flat_map(|service| {
            service.method.iter().map(|it| format!("{}/{}", service.name(), it.name()))
        })
        .collect();
    methods.sort();
    methods.retain(|it| it != OPEN);
    let table: Vec<&str> = TABLE.iter().map(|it| it.0).collect();
    assert_eq!(methods, table);
}

#[tokio::test]
async fn a_token_that_was_revoked_opens_nothing() {
    let bank = TestBank::start().await;
    let operator = bank.operator();
    let auditor = bank.with(&operator.token("auditor", Role::Auditor, "").await);
    let head = v1::GetHeadRequest::default();
    auditor.journal().get_head(auditor.ask(head)).await.expect("let in");
    let message = v1::RevokeTokenRequest {
        request_id: crate::support::fresh(),
        token_no: 2,
        ..<_>::default()
    };
    operator.access().revoke_token(operator.ask(message)).await.expect("revoked");
    let refused = auditor.journal().get_head(auditor.ask(head)).await.expect_err("shut out");
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unauthenticated, "TOKEN_ENDED"));
}

/// Calls a method with an empty message; the reason it gives, or `OK`.
async fn call(bank: &TestBank, method: &str, token: Option<&String>) -> String {
    let mut grpc = tonic::client::Grpc::new(bank.channel.clone());
    grpc.ready().await.expect("connected");
    // An empty message is the empty message of any kind.
    let mut request = Request::new(tokio_stream::iter([v1::WhoAmIRequest {}]));
    if let Some(token) = token {
        let header = format!("Bearer {token}").parse().expect("a header");
        request.metadata_mut().insert("authorization", header);
    }
    let path = format!("/lovebank.v1.{method}").parse::<PathAndQuery>().expect("a path");
    let codec = ProstCodec::<v1::WhoAmIRequest, v1::WhoAmIResponse>::default();
    let begun = tokio::time::timeout(
        std::time::Duration::from_secs(30),
        grpc.streaming(request, path, codec),
    );
    match begun.await.expect("an answer") {
        Err(status) => reason(&status),
        Ok(_) => "OK".to_owned(),
    }
}
