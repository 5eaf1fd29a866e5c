//! Stars, and the certificates that say them.

use lovebank_ledger::DEFAULT_RULEBOOK;
use lovebank_wire::v1::{self, Role, issue_certificate_request::Of};

use super::{reverse_first, street};
use crate::support::{Client, fresh, reason};

/// A scheme of a community's own: one star for two hours.
async fn own_scheme(operator: &Client) {
    let scheme = "\n[star_schemes.own]\nenglish = \"Own\"\nchinese = \"本社区\"\n\
        stars = [{ level = 1, english = \"One\", chinese = \"一星\", hours = 2 }]\n";
    let text = [DEFAULT_RULEBOOK, scheme].join("\n");
    let message = v1::AdoptRulebookRequest { request_id: fresh(), text, ..<_>::default() };
    operator.rulebooks().adopt_rulebook(operator.ask(message)).await.expect("adopted");
}

/// Gives that star to some, each for itself.
async fn give(approver: &Client, numbers: &[&str]) -> v1::GiveHonoursResponse {
    let item = |it: &&str| v1::StarItem { volunteer_number: (*it).to_owned(), level: 1 };
    let message = v1::AwardStarsRequest {
        request_id: fresh(),
        scheme: "own".to_owned(),
        items: numbers.iter().map(item).collect(),
        mode: v1::BatchMode::ItemByItem.into(),
        ..<_>::default()
    };
    let given = approver.recognitions().award_stars(approver.ask(message)).await;
    given.expect("given").into_inner()
}

#[tokio::test]
async fn a_star_is_listed_given_to_those_who_reached_it_and_shown() {
    let street = street().await;
    let (approver, clerk) = (&street.approver, &street.clerk);
    let operator = street.bank.operator();
    own_scheme(&operator).await;
    let message = v1::ListStarCandidatesRequest {
        scheme: "own".to_owned(),
        branch_code: "NW".to_owned(),
        ..<_>::default()
    };
    let listed = clerk.recognitions().list_star_candidates(clerk.ask(message.clone())).await;
    let part = listed.expect("a list").into_inner().message().await.expect("a part").expect("one");
    let seen: Vec<_> =
        part.candidates.iter().map(|it| (it.volunteer_number.as_str(), it.level)).collect();
    assert_eq!(seen, [("1", 1), ("2", 1)]);

    let given = give(approver, &["1", "2", "3"]).await;
    assert_eq!((given.honours.len(), given.refused[0].index), (2, 2));
    let refusal = given.refused[0].refusal.clone().expect("why");
    assert_eq!(refusal.reason, "STAR_NOT_REACHED");
    let own = street.bank.with(&operator.token("v1", Role::Volunteer, "1").await);
    let message = v1::ListHonoursRequest { volunteer_number: "me".to_owned(), ..<_>::default() };
    let held = own.recognitions().list_honours(own.ask(message)).await.expect("own").into_inner();
    assert_eq!((held.honours.len(), held.honours[0].chinese.as_str()), (1, "一星"));
}

#[tokio::test]
async fn whoever_holds_a_certificate_can_verify_it_without_a_token() {
    let street = street().await;
    let (approver, operator) = (&street.approver, street.bank.operator());
    own_scheme(&operator).await;
    give(approver, &["1"]).await;
    let own = street.bank.with(&operator.token("v1", Role::Volunteer, "1").await);
    let issue = |of| v1::IssueCertificateRequest {
        request_id: fresh(),
        volunteer_number: "me".to_owned(),
        of: Some(of),
        ..<_>::default()
    };
    let date = |month, day| Some(v1::Date { year: 2024, month, day });
    let year = v1::DateSpan { first_date: date(1, 1), last_date: date(12, 31) };
    let service = own.recognitions().issue_certificate(own.ask(issue(Of::Service(year)))).await;
    let service = service.expect("issued").into_inner().certificate.expect("as it stands");
    assert_eq!((service.certificate_number.as_str(), service.minutes), ("LB-000000001", 180));
    assert_eq!((service.lines.len(), service.lines[0].minutes), (1, 180));
    let honour = own.recognitions().issue_certificate(own.ask(issue(Of::HonourNo(1)))).await;
    let honour = honour.expect("issued").into_inner().certificate.expect("as it stands");

    // Without a token.
    let stranger = street.bank.with("nobody");
    let verify = |code: String| {
        let mut recognitions = stranger.recognitions();
        let message = v1::VerifyCertificateRequest { code };
        async move { recognitions.verify_certificate(tonic::Request::new(message)).await }
    };
    let known = verify(format!("https://bank.example/verify/{}", service.code)).await;
    let known = known.expect("known").into_inner();
    assert_eq!((known.holds, known.minutes_now, known.service), (true, 180, service.service));
    let small = verify(honour.code.to_lowercase()).await.expect("known").into_inner();
    assert!(small.holds && small.honour.expect("which").passbook_no == 0);
    for wrong in ["", "C1-", "C1-0000000000000000", "C99-AAAAAAAAAAAAAAAA", "LB-000000001"] {
        let refused = verify(wrong.to_owned()).await.expect_err("no code of ours");
        assert_eq!(reason(&refused), "CERTIFICATE_UNKNOWN", "{wrong}");
    }
    // What is taken back later shows.
    let revoke = v1::RevokeHonourRequest {
        request_id: fresh(),
        honour_no: 1,
        reason: v1::Reason::Other.into(),
        ..<_>::default()
    };
    approver.recognitions().revoke_honour(approver.ask(revoke)).await.expect("revoked");
    assert!(!verify(honour.code).await.expect("known").into_inner().holds);
    reverse_first(approver).await;
    let known = verify(service.code).await.expect("known").into_inner();
    assert_eq!((known.holds, known.minutes, known.minutes_now), (false, 180, 0));
}
