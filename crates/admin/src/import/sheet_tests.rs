//! Hours and volunteer numbers, cell by cell.

use super::*;
use proptest::prelude::*;

fn minutes(cell: &str, form: HoursForm) -> i64 {
    hours(cell, form).unwrap().minutes()
}

#[test]
fn decimal_hours_become_minutes_exactly_or_the_nearest() {
    for (cell, expected) in [
        ("1.8", 108),
        ("2.50", 150),
        ("0.33", 20),
        ("-0.33", -20),
        ("0.325", 20),
        ("-0.325", -20),
        ("0.3249", 19),
        ("1.333333333333333", 80),
        ("０２．５", 150),
        (" +7\u{a0}", 420),
        ("－2", -120),
        ("0", 0),
        ("-0", 0),
        ("00012", 720),
    ] {
        assert_eq!(minutes(cell, HoursForm::Decimal), expected, "{cell}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for cell in
        ["1,5", "1e3", "1_000", "--1", "+-1", ".5", "5.", "1.5.2", "二", "1:30", "NaN", "1 5"]
    {
        assert_eq!(
            hours(cell, HoursForm::Decimal),
            Err(Fault::HoursForm { form: "1.5" }),
            "{cell}"
        );
    }
    assert_eq!(hours("\u{3000}", HoursForm::Decimal), Err(Fault::HoursMissing));
    let long = format!("1.{}", "3".repeat(16));
    assert!(hours(&long, HoursForm::Decimal).is_err());
    assert!(hours(&long[..17], HoursForm::Decimal).is_ok());
}

#[test]
fn hours_are_read_at_their_bound_and_refused_past_it() {
    let range = Err(Fault::HoursRange { most: HOURS_MAX });
    assert_eq!(minutes("100000", HoursForm::Decimal), 6_000_000);
    assert_eq!(minutes("-100000", HoursForm::Decimal), -6_000_000);
    assert_eq!(hours("100000.1", HoursForm::Decimal), range);
    assert_eq!(minutes("100000:00", HoursForm::Clock), 6_000_000);
    assert_eq!(hours("100000:01", HoursForm::Clock), range);
    assert_eq!(minutes("6000000", HoursForm::Minutes), 6_000_000);
    assert_eq!(hours("6000001", HoursForm::Minutes), range);
    assert_eq!(hours(&"9".repeat(60), HoursForm::Minutes), range);
}

#[test]
fn clock_and_minutes_forms_are_exact() {
    assert_eq!(minutes("1:45", HoursForm::Clock), 105);
    assert_eq!(minutes("－０：２０", HoursForm::Clock), -20);
    assert_eq!(minutes("105", HoursForm::Minutes), 105);
    for cell in ["1:5", "1:60", "1", ":30", "1:030"] {
        assert!(hours(cell, HoursForm::Clock).is_err(), "{cell}");
    }
    assert!(hours("1.5", HoursForm::Minutes).is_err());
}

#[test]
fn stated_hours_agree_at_the_precision_they_were_given_in() {
    let agrees = |cell, actual| hours(cell, HoursForm::Decimal).unwrap().agrees_with(actual);
    assert!(agrees("1.8", 105), "1.75 h is written 1.8");
    assert!(agrees("1.8", 111));
    assert!(!agrees("1.8", 104));
    assert!(!agrees("1.8", 112));
    assert!(!agrees("1.80", 105));
    assert!(agrees("1.75", 105));
    assert!(agrees("2.50", 150));
    assert!(!agrees("1", 0));
    assert!(agrees("1", 30));
    assert!(!hours("1:45", HoursForm::Clock).unwrap().agrees_with(106));
}

#[test]
fn volunteer_numbers_stay_as_they_are_written() {
    let number = |cell: &str| volunteer(cell, VolunteerForm::Number);
    for (cell, expected) in [
        ("0300207442", "0300207442"),
        ("\u{3000}0300207442\t", "0300207442"),
        ("０３００２０７４４２", "0300207442"),
        ("'0300207442", "0300207442"),
        ("=\"0300207442\"", "0300207442"),
        ("SZ-12E5", "SZ-12E5"),
        ("12E5", "12E5"),
        ("000", "000"),
    ] {
        assert_eq!(number(cell).as_deref(), Ok(expected), "{cell}");
    }
    assert_eq!(number("'"), Err(Fault::VolunteerMissing));
    assert_eq!(number("0300 207442"), Err(Fault::VolunteerSpaced));
    assert_eq!(number("0300\u{200b}207442"), Err(Fault::VolunteerSpaced));
    assert_eq!(number(&"7".repeat(64)).unwrap().len(), 64);
    assert_eq!(number(&"7".repeat(65)), Err(Fault::VolunteerTooLong { most: 64 }));
}

#[test]
fn numbers_that_excel_destroyed_are_refused() {
    for cell in ["4.40307E+17", "4.40307e17", "3E+09", "３Ｅ＋０９", "300207442.0"] {
        let seen = volunteer(cell, VolunteerForm::Number);
        assert_eq!(seen, Err(Fault::NumberDestroyed), "{cell}");
    }
}

#[test]
fn addresses_are_lower_case_and_have_two_sides() {
    let email = |cell: &str| volunteer(cell, VolunteerForm::Email);
    assert_eq!(email(" V1@Example.ORG ").as_deref(), Ok("v1@example.org"));
    for cell in ["noat-1", "@b", "a@", "a@b@c"] {
        assert_eq!(email(cell), Err(Fault::VolunteerNotEmail), "{cell}");
    }
    let local = "a".repeat(NUMBER_CHARS_MAX - 2);
    assert!(email(&format!("{local}@b")).is_ok());
    assert!(email(&format!("{local}@bc")).is_err());
}

proptest! {
    #[test]
    fn no_cell_panics(cell in "\\PC{0,40}|[-+0-9.:eE０-９：]{0,40}") {
        for form in [HoursForm::Decimal, HoursForm::Clock, HoursForm::Minutes] {
            let _ = hours(&cell, form);
        }
        for form in [VolunteerForm::Number, VolunteerForm::Email] {
            let _ = volunteer(&cell, form);
        }
    }

    #[test]
    fn leading_zeros_survive(number in "0{1,9}[0-9]{0,50}") {
        prop_assert_eq!(volunteer(&number, VolunteerForm::Number), Ok(number));
    }

    #[test]
    fn minutes_are_read_as_they_are_written(value in -6_000_000_i64..=6_000_000) {
        prop_assert_eq!(minutes(&minutes_text(value), HoursForm::Clock), value);
        prop_assert_eq!(minutes(&value.to_string(), HoursForm::Minutes), value);
    }

    #[test]
    fn hours_agree_with_their_own_minutes(tenths in 0_u32..100_000, off in -3_i64..=3) {
        let cell = format!("{}.{}", tenths / 10, tenths % 10);
        let stated = hours(&cell, HoursForm::Decimal).unwrap();
        prop_assert_eq!(stated.minutes(), i64::from(tenths).saturating_mul(6));
        prop_assert!(stated.agrees_with(stated.minutes().saturating_add(off)));
        prop_assert!(!stated.agrees_with(stated.minutes().saturating_add(4)));
    }
}
