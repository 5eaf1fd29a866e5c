//! Every no as a status: a code, a reason, the fields, and a text in both languages.

use lovebank_ledger::{BranchCode, ItemRefused, Refusal, Refused};
use lovebank_wire::{EdgeError, Fault, Malformed, each, status};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

#[test]
fn a_malformed_message_names_each_field() {
    let of = |name: &str| Malformed::new(name, Fault::Missing);
    let status = Status::from(of("name").and(of("code")).within("branch"));
    assert_eq!(status.code(), Code::InvalidArgument);
    let info = status.get_details_error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("MALFORMED", "lovebank"));
    assert_eq!(info.metadata["field"], "branch.name");
    let fields = status.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = fields.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["branch.name", "branch.code"]);
    let chinese = status.get_details_localized_message().unwrap();
    assert_eq!(chinese.locale, "zh-CN");
    assert_eq!(chinese.message, "branch.name：必填；branch.code：必填");
}

#[test]
fn a_refusal_says_what_and_how_much() {
    let branch = BranchCode::new("N9").unwrap();
    let status = status::refused_read(Refusal::BranchUnknown { branch });
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(status.message(), "there is no branch N9: check the code or create it first");
    let info = status.get_details_error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.metadata["branch"].as_str()), ("BRANCH_UNKNOWN", "N9"));
    assert!(status.get_details_localized_message().unwrap().message.contains("N9"));
}

#[test]
fn a_refused_batch_names_its_first_refused_item() {
    let refusal = Refusal::VolunteerUnknown;
    let items = vec![ItemRefused { index: 3, refusal: refusal.note() }];
    let status = status::refused(&Refused { refusal, items: items.clone() });
    assert_eq!(status.get_details_error_info().unwrap().metadata["item"], "3");
    let shown = status::refused_items(&items);
    let refusal = shown[0].refusal.as_ref().unwrap();
    assert_eq!((shown[0].index, refusal.reason.as_str()), (3, "VOLUNTEER_UNKNOWN"));
    assert_eq!(refusal.code, i32::from(Code::NotFound));
}

#[test]
fn the_edge_says_when_to_come_again() {
    let after = std::time::Duration::from_millis(200);
    let status = Status::from(EdgeError {
        code: Code::ResourceExhausted,
        reason: "QUEUE_FULL",
        english: "later",
        chinese: "稍后",
        retry_after: Some(after),
    });
    assert_eq!(status.get_details_retry_info().unwrap().retry_delay, Some(after));
}

#[test]
fn an_error_fits_in_headers() {
    let long = |_| -> Result<(), _> {
        let (english, chinese) = ("x".repeat(100_000), "长".repeat(100_000));
        Err(Malformed::new("text", Fault::Other { english, chinese }))
    };
    let status = Status::from(each("items", 0..1000, long).unwrap_err());
    let encoded = status.details().len().checked_mul(4).unwrap() / 3 + status.message().len() * 3;
    assert!(encoded < 8 * 1024, "{encoded}");
}
