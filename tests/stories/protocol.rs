//! What speaks to the bank besides a gRPC client of its own: TLS, browsers, health checks and
//! tools that ask what there is.

use std::{
    fs,
    sync::{Arc, OnceLock},
};

use lovebank::{grpc::Server, metrics::Metrics};
use lovebank_wire::v1::{self, access_service_client::AccessServiceClient};
use prost::Message as _;
use tokio::{net::TcpListener, sync::watch};
use tokio_stream::StreamExt as _;
use tonic::{Code, transport::Certificate};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};
use tonic_types::StatusExt as _;

use crate::{
    process::http,
    support::{TestBank, config_in, connect, reason},
};

#[tokio::test]
async fn a_bank_with_a_certificate_speaks_tls_only() {
    let directory = tempfile::tempdir().expect("a directory");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    let (cert, key) = (directory.path().join("tls.crt"), directory.path().join("tls.key"));
    fs::write(&cert, made.cert.pem()).expect("written");
    fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    let mut config = config_in(directory.path());
    (config.tls_cert, config.tls_key) = (Some(cert), Some(key));
    let trusted = Certificate::from_pem(made.cert.pem());
    let bank = TestBank::start_with(directory, config, Some(trusted)).await;
    let me = bank.operator().access().who_am_i(bank.operator().ask(v1::WhoAmIRequest {})).await;
    assert_eq!(me.expect("answered").into_inner().token.expect("one").handle, "operator");

    let readable = tonic::transport::Endpoint::from_shared(format!("http://{}", bank.address));
    let channel = readable.expect("an address").connect_lazy();
    let refused = AccessServiceClient::new(channel).who_am_i(v1::WhoAmIRequest {}).await;
    // No answer of the bank's: the connection does not come about.
    assert!(refused.expect_err("it is readable").get_details_error_info().is_none());
}

#[tokio::test]
async fn a_key_that_fits_no_certificate_stops_the_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let (cert, key) = (directory.path().join("tls.crt"), directory.path().join("tls.key"));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    fs::write(&cert, made.cert.pem()).expect("written");
    fs::write(&key, "no key").expect("written");
    let mut config = config_in(directory.path());
    (config.tls_cert, config.tls_key) = (Some(cert), Some(key));
    let never = std::future::pending::<()>();
    let ended = lovebank::run(config, lovebank::clock::Clock::System, never, |_| ()).await;
    let err = format!("{:#}", ended.expect_err("it does not start"));
    assert!(err.contains("tls_cert or tls_key"), "{err}");
}

/// A call of a browser: a message with its five bytes of length before it, by HTTP/1.1.
fn from_browser(bank: &TestBank, origin: &str) -> String {
    let body = v1::WhoAmIRequest {}.encode_to_vec();
    let length = u32::try_from(body.len()).expect("short").to_be_bytes();
    let head = format!(
        "POST /lovebank.v1.AccessService/WhoAmI HTTP/1.1\r\nHost: bank\r\nOrigin: {origin}\r\n\
         Authorization: Bearer {}\r\nContent-Type: application/grpc-web+proto\r\n\
         X-Grpc-Web: 1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bank.operator,
        body.len() + 5
    );
    let request = [head.as_bytes(), &[0], &length, &body].concat();
    String::from_utf8_lossy(&http(&bank.address, &request)).to_lowercase()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_named_origin_may_call() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = config_in(directory.path());
    config.grpc_web_origins = vec!["https://desk.example.org".to_owned()];
    let bank = TestBank::start_with(directory, config, None).await;

    let answer = from_browser(&bank, "https://desk.example.org");
    assert!(answer.starts_with("http/1.1 200 "), "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://desk.example.org"), "{answer}");
    assert!(answer.contains("operator") && answer.contains("grpc-status:0"), "{answer}");
    let other = from_browser(&bank, "https://elsewhere.example.org");
    assert!(!other.contains("access-control-allow-origin"), "{other}");

    let preflight = "OPTIONS /lovebank.v1.AccessService/WhoAmI HTTP/1.1\r\nHost: bank\r\n\
         Origin: https://desk.example.org\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: authorization,content-type,x-grpc-web\r\n\
         Connection: close\r\n\r\n";
    let allowed = http(&bank.address, preflight.as_bytes());
    let allowed = String::from_utf8_lossy(&allowed).to_lowercase();
    let headers = allowed.lines().find(|it| it.starts_with("access-control-allow-headers:"));
    // A star would not let the token's header through.
    assert!(headers.expect("named").contains("authorization"), "{allowed}");
}

#[tokio::test]
async fn health_says_not_serving_until_the_bank_is_open() {
    let directory = tempfile::tempdir().expect("a directory");
    let config = config_in(directory.path());
    // A gate without a bank: so it is while the journal is read.
    let gate = Arc::new(OnceLock::new());
    let (stopping, _) = watch::channel(false);
    let server = Server::new(&config, gate, Metrics::new(), &stopping).await.expect("a server");
    let health = server.health();
    let listener = TcpListener::bind(config.listen).await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(server.serve(listener));
    let channel = connect(&address).await;
    let mut client = HealthClient::new(channel.clone());
    let names = ["", "lovebank.v1.HoursService", "lovebank.v1.PassbookService"];
    for (open, expected) in [(false, ServingStatus::NotServing), (true, ServingStatus::Serving)] {
        health.serving(open).await;
        for service in names {
            let request = HealthCheckRequest { service: service.to_owned() };
            let answer = client.check(request).await.expect("known").into_inner();
            assert_eq!(answer.status(), expected, "{service}");
        }
    }
    let refused = AccessServiceClient::new(channel).who_am_i(v1::WhoAmIRequest {}).await;
    let refused = refused.expect_err("no bank is open");
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unavailable, "STARTING"));
    assert!(refused.get_details_retry_info().is_some());
}

#[tokio::test]
async fn a_tool_can_ask_what_there_is() {
    let bank = TestBank::start().await;
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut client = ServerReflectionClient::new(bank.channel.clone());
    let answers = client.server_reflection_info(tokio_stream::once(ask)).await.expect("answers");
    let answer = answers.into_inner().next().await.expect("one").expect("no error");
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("no list of services")
    };
    let names: Vec<String> = list.service.into_iter().map(|it| it.name).collect();
    for name in ["HoursService", "JournalService", "PassbookService", "RulebookService"] {
        assert!(names.contains(&format!("lovebank.v1.{name}")), "{name} in {names:?}");
    }
}
