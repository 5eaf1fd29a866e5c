//! One malformed case for each kind of field, with the path that the caller is told.

use lovebank_ledger::{BadText, BadTime, TokenHash};
use lovebank_wire::{Fault, kinds, request, scalar, v1};
use prost_types::Timestamp;

use crate::say::{
    NOON, at, date, day, fault, header, interval, item, part, resolve, reversal, row, sheet, token,
};

#[test]
fn a_request_id_is_a_uuid_and_not_nil() {
    for text in ["", "7", "00000000-0000-0000-0000-000000000000"] {
        let expected = ("request_id".to_owned(), Fault::NotAUuid, 1);
        assert_eq!(fault(scalar::request_id(text)), expected, "{text:?}");
    }
    let id = scalar::request_id("7b0c9a52-3f0e-4b8e-9d55-0f2f6f0c1a11").unwrap();
    assert_eq!(id.to_string(), "7b0c9a523f0e4b8e9d550f2f6f0c1a11");
}

#[test]
fn a_date_is_complete_and_real() {
    let days = [(2026, 2, 29), (0, 3, 1), (2026, 0, 1), (2026, 3, 0), (1969, 1, 1), (10000, 1, 1)];
    for (year, month, day) in days {
        let date = v1::Date { year, month, day };
        assert_eq!(fault(scalar::date("day", &date)).1, Fault::NotADate, "{date:?}");
    }
    assert!(scalar::date("day", &v1::Date { year: 2024, month: 2, day: 29 }).is_ok());
}

#[test]
fn a_time_of_service_is_a_whole_minute_and_the_error_names_the_seconds() {
    let late = v1::Interval { end_time: Some(at(NOON + 30)), ..interval() };
    let mut it = sheet();
    it.items[1].time = Some(v1::hours_item::Time::Interval(late));
    let (field, fault, _) = fault(request::batch_record_hours(&it, &resolve));
    assert_eq!(field, "items[1].interval.end_time");
    assert_eq!(fault.to_string(), "it has 30.000000000 seconds: give a whole minute");
    assert_eq!(fault.chinese(), "含有 30.000000000 秒：须为整分钟");
}

#[test]
fn an_instant_is_of_the_years_that_are_kept() {
    let last = 253_402_207_199;
    for (seconds, nanos) in [(-60, 0), (last + 1, 0), (i64::MAX, 0), (60, -1), (60, 1_000_000_000)]
    {
        let it = Timestamp { seconds, nanos };
        assert_eq!(fault(scalar::timestamp("at", &it)).1, Fault::NotAnInstant, "{it:?}");
        assert_eq!(fault(scalar::minute("at", &it)).1, Fault::NotAnInstant, "{it:?}");
    }
    assert!(scalar::timestamp("at", &Timestamp { seconds: last, nanos: 999_999_999 }).is_ok());
}

#[test]
fn an_interval_goes_forward_for_a_day_at_most() {
    let until = |seconds| {
        let it = v1::Interval { end_time: Some(at(NOON + seconds)), ..interval() };
        scalar::interval("interval", &it)
    };
    assert_eq!(fault(until(0)).1, Fault::Time(BadTime::Backwards));
    assert_eq!(fault(until(86_460)).1, Fault::Time(BadTime::TooLong { minutes: 1441 }));
    assert!(until(86_400).is_ok());
    let none = v1::Interval::default();
    assert_eq!(fault(scalar::interval("it", &none)), ("it.start_time".into(), Fault::Missing, 2));
}

#[test]
fn a_span_goes_forward() {
    let from = Some(v1::Date { year: 2026, month: 3, day: 2 });
    let it = v1::ImportHeader { span: Some(v1::Span { from, to: Some(date()) }), ..header() };
    let (field, fault, _) = fault(request::import_hours(&it, &part(vec![row()]), &resolve));
    assert_eq!((field.as_str(), fault), ("header.span", Fault::Time(BadTime::Backwards)));
}

#[test]
fn minutes_of_a_day_have_bounds() {
    for (minutes, fits) in [(0, false), (1, true), (1440, true), (1441, false), (-1, false)] {
        let mut it = item();
        it.time = Some(v1::hours_item::Time::Day(day(minutes)));
        let it = v1::RecordHoursRequest {
            activity: Some(crate::say::activity()),
            item: Some(it),
            ..v1::RecordHoursRequest::default()
        };
        assert_eq!(request::record_hours(&it, &resolve).is_ok(), fits, "{minutes}");
    }
}

#[test]
fn points_are_plain_digits_with_two_places() {
    let points = |value: &str| scalar::points("points", &v1::Decimal { value: value.to_owned() });
    for text in ["", "-", ".5", "5.", "1_000", "+1", "1e3", " 1", "１", "1.2.3", "--1", "0x1"] {
        assert_eq!(fault(points(text)).1, Fault::NotADecimal, "{text:?}");
    }
    assert!(matches!(fault(points("1.005")).1, Fault::Amount(_)));
    assert!(matches!(fault(points("99999999999999999999")).1, Fault::Amount(_)));
    for (text, hundredths) in [("12.50", 1250), ("-0.83", -83), ("7", 700), ("1.500", 150)] {
        assert_eq!(points(text).unwrap().hundredths(), hundredths);
    }
}

#[test]
fn an_enum_is_a_value_that_can_be_asked_for() {
    for (given, expected) in
        [(0, Fault::Missing), (99, Fault::NotAnOption), (7, Fault::NotAnOption)]
    {
        let it = v1::ReverseHoursRequest { reason: given, ..reversal() };
        assert_eq!(fault(request::reverse_hours(&it)), ("reason".into(), expected, 1));
    }
    assert_eq!(fault(scalar::batch_mode(9)).0, "mode");
    assert_eq!(fault(kinds::recorded_provenance(-1)).1, Fault::NotAnOption);
}

#[test]
fn a_number_begins_at_one_and_a_list_names_its_place() {
    let it = v1::ReverseHoursRequest { record_nos: vec![1, 0], ..reversal() };
    let most = i64::from(u32::MAX);
    let expected = ("record_nos[1]".to_owned(), Fault::OutOfRange { least: 1, most }, 1);
    assert_eq!(fault(request::reverse_hours(&it)), expected);
}

#[test]
fn a_batch_has_one_to_a_thousand_items() {
    for (given, fits) in [(0, false), (1, true), (1000, true), (1001, false)] {
        let it = v1::BatchRecordHoursRequest { items: vec![item(); given], ..sheet() };
        let parsed = request::batch_record_hours(&it, &resolve);
        assert_eq!(parsed.is_ok(), fits, "{given}");
        if !fits {
            assert_eq!(fault(parsed), ("items".into(), Fault::Count { given, most: 1000 }, 1));
        }
    }
}

#[test]
fn a_page_has_at_most_a_thousand_items() {
    assert_eq!(scalar::page_size(0), Ok(50));
    assert_eq!(scalar::page_size(1000), Ok(1000));
    assert_eq!(fault(scalar::page_size(1001)).0, "page_size");
}

#[test]
fn a_text_has_bounds() {
    let mut it = sheet();
    let activity = it.activity.as_mut().unwrap();
    activity.branch_code = "南湾".to_owned();
    activity.name = "社".repeat(129);
    let (field, first, count) = fault(request::batch_record_hours(&it, &resolve));
    assert_eq!((field.as_str(), count), ("activity.branch_code", 2));
    assert!(matches!(first, Fault::Text(BadText::BadCharacter { found: '南', .. })));
}

#[test]
fn an_activity_is_given_by_number_or_by_description() {
    let mut it = sheet();
    it.activity.as_mut().unwrap().activity_no = 5;
    let expected = ("activity.activity_no".to_owned(), Fault::Surplus, 1);
    assert_eq!(fault(request::batch_record_hours(&it, &resolve)), expected);
    let mut it = sheet();
    it.activity.as_mut().unwrap().end_time = Some(at(NOON));
    let expected = ("activity.end_time".to_owned(), Fault::Surplus, 1);
    assert_eq!(fault(request::batch_record_hours(&it, &resolve)), expected);
}

#[test]
fn a_scope_is_one_that_a_role_can_have() {
    let hash = TokenHash::new([1; 32]);
    let mut it = token();
    it.grants[0].scope = Some(v1::grant::Scope::Bank(false));
    let expected = ("grants[0].bank".to_owned(), Fault::NotAnOption, 1);
    assert_eq!(fault(request::issue_token(&it, hash, &resolve)), expected);
    it.grants = vec![it.grants[0].clone(); 9];
    let expected = ("grants".to_owned(), Fault::Count { given: 9, most: 8 }, 1);
    assert_eq!(fault(request::issue_token(&it, hash, &resolve)), expected);
}

#[test]
fn a_batch_key_is_a_digest_and_a_row_has_a_line() {
    let short = v1::ImportHeader { batch_key: vec![9; 31], ..header() };
    let rows = part(vec![row(), v1::ImportRow { line: 0, ..row() }]);
    let (field, fault, count) = fault(request::import_hours(&short, &rows, &resolve));
    assert_eq!((field.as_str(), count), ("header.batch_key", 2));
    assert_eq!(fault, Fault::NotADigest { given: 31 });
}

#[test]
fn rows_of_a_sheet_come_in_the_order_of_its_lines() {
    for (second, taken) in [(1, false), (2, false), (3, true)] {
        let rows = [2, second].map(|line| v1::ImportRow { line, ..row() });
        let parsed = request::import_hours(&header(), &part(rows.to_vec()), &resolve);
        assert_eq!(parsed.is_ok(), taken, "line {second} after line 2");
    }
}

#[test]
fn a_rulebook_is_read_at_once() {
    let it = v1::AdoptRulebookRequest { text: "format = 2".into(), ..<_>::default() };
    let today = scalar::date("today", &date()).unwrap();
    let (field, fault, _) = fault(request::adopt_rulebook(&it, today));
    assert_eq!(field, "text");
    assert!(matches!(fault, Fault::Other { .. }));
}

#[test]
fn a_person_is_erased_by_number_or_by_passbook() {
    let both = v1::ErasePersonRequest {
        volunteer_number: "0042".into(),
        passbook_no: 1,
        ..<_>::default()
    };
    let expected = ("passbook_no".to_owned(), Fault::Surplus, 1);
    assert_eq!(fault(request::erase_person(&both, &resolve)), expected);
    let none = v1::ErasePersonRequest::default();
    assert_eq!(fault(request::erase_person(&none, &resolve)).0, "passbook_no");
}

#[test]
fn a_sheet_tells_the_faults_of_all_its_lines() {
    let mut it = sheet();
    it.items[0].time = None;
    it.items[2].volunteer_number = String::new();
    let err = request::batch_record_hours(&it, &resolve).unwrap_err();
    let told = "items[0].time: it is needed: give it; \
                items[2].volunteer_number: it is needed: give it";
    assert_eq!(err.to_string(), told);
}
