//! Mapping files, good and bad.

use super::*;

fn bad(text: &str) -> MappingError {
    Profile::from_toml(text).unwrap_err()
}

#[test]
fn a_mapping_makes_a_profile() {
    let profile = Profile::from_toml(
        "name = \"street\"\n[columns]\nvolunteer = [\"义工号\", \"编号\"]\ndate = \"日期\"\n\
         hours = \"时长\"\n[forms]\ndate = [\"yyyyMMdd\"]\nhours = \"h:mm\"\nvolunteer = \"email\"",
    )
    .unwrap();
    assert_eq!(profile.width, None);
    assert_eq!(profile.dates, [DateForm::Compact]);
    assert_eq!(profile.hours, HoursForm::Clock);
    assert_eq!(profile.volunteer, VolunteerForm::Email);
    assert_eq!(profile.outline(), "street (义工号, 日期, 时长)");
}

#[test]
fn numbers_make_a_sheet_without_a_header() {
    let text = "name = \"club\"\n[columns]\nvolunteer = 1\nminutes = 4\n";
    let profile = Profile::from_toml(text).unwrap();
    assert_eq!((profile.width, profile.hours), (Some(4), HoursForm::Minutes));
    let wider = Profile::from_toml(&format!("width = 6\n{text}")).unwrap();
    assert_eq!(wider.width, Some(6));
    assert_eq!(bad(&format!("width = 3\n{text}")), MappingError::BadColumn("width"));
    assert_eq!(bad(&format!("width = 257\n{text}")), MappingError::BadColumn("width"));
    assert!(Profile::from_toml(&format!("width = 256\n{text}")).is_ok());
}

#[test]
fn a_mapping_that_leaves_something_open_is_refused() {
    let columns = |text: &str| bad(&format!("name = \"x\"\n[columns]\n{text}"));
    assert_eq!(columns("hours = \"h\""), MappingError::NoVolunteer);
    assert_eq!(columns("volunteer = \"v\""), MappingError::NoHours);
    assert_eq!(columns("volunteer = \"v\"\ndate = \"d\""), MappingError::NoHours);
    assert_eq!(columns("volunteer = \"v\"\nstart = \"s\""), MappingError::TimesIncomplete);
    assert_eq!(
        columns("volunteer = \"v\"\nstart = \"s\"\nend = \"e\""),
        MappingError::TimesIncomplete
    );
    assert_eq!(
        columns("volunteer = \"v\"\nhours = \"h\"\nminutes = \"m\""),
        MappingError::HoursAndMinutes
    );
    assert_eq!(columns("volunteer = 1\nhours = \"h\""), MappingError::Mixed);
    for twice in ["hours = \"（v）\"", "hours = []", "hours = \" \""] {
        let text = format!("volunteer = \"V\"\n{twice}");
        assert_eq!(columns(&text), MappingError::BadColumn("hours"), "{twice}");
    }
    for number in ["0", "1", "257"] {
        let text = format!("volunteer = 1\nhours = {number}");
        assert_eq!(columns(&text), MappingError::BadColumn("hours"), "{number}");
    }
    let wide = bad("name = \"x\"\nwidth = 3\n[columns]\nvolunteer = \"v\"\nhours = \"h\"");
    assert_eq!(wide, MappingError::Mixed);
}

#[test]
fn unknown_keys_and_forms_are_refused() {
    let start = "name = \"x\"\n[columns]\nvolunteer = \"v\"\n";
    assert!(matches!(bad(&format!("{start}hour = \"h\"")), MappingError::Toml(_)));
    assert!(matches!(bad(&format!("extra = 1\n{start}hours = \"h\"")), MappingError::Toml(_)));
    let hour = bad(&format!("{start}hour = \"h\"")).chinese();
    assert!(hour.starts_with("映射文件有误，第 4 行：不认识“hour”，请改正或删去"), "{hour}");
    for (hours, forms) in [
        ("hours", "hours = \"h.mm\""),
        ("minutes", "hours = \"decimal\""),
        ("minutes", "hours = \"h:mm\""),
        ("hours", "volunteer = \"phone\""),
        ("hours", "date = [\"MM.yyyy\"]"),
        ("hours", "date = []"),
        ("hours", "date = [\"dd/MM/yyyy\", \"MM/dd/yyyy\"]"),
    ] {
        let text = format!("{start}{hours} = \"h\"\n[forms]\n{forms}");
        assert!(matches!(bad(&text), MappingError::UnknownForm(_)), "{forms}");
    }
}
