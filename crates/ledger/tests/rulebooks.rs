//! Rulebooks at their bounds: the last document that is taken, and the first that is not.
#![expect(clippy::unwrap_used, reason = "tests")]

use lovebank_ledger::{
    DEFAULT_RULEBOOK, Minutes, PolicyName, ProgrammeName, Rulebook,
    priority::{KEYS_MAX, POLICIES_MAX},
    recognition::{CLAUSES_MAX, PROGRAMMES_MAX, SCHEMES_MAX},
};

/// The default rulebook without the tables that a test says itself.
fn without(tables: &[&str]) -> String {
    let mut text = String::new();
    let mut kept = true;
    for line in DEFAULT_RULEBOOK.lines() {
        if line.starts_with('[') {
            kept = !tables.iter().any(|it| line.trim_matches(['[', ']']) == *it);
        }
        if kept {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn with(tables: &[&str], more: &str) -> Result<Rulebook, String> {
    let text = [without(tables).as_str(), more].concat();
    Rulebook::parse(&text).map_err(|err| err.to_string())
}

fn count(of: usize, one: impl Fn(usize) -> String) -> String {
    (0..of).map(one).collect()
}

/// Taken with so many, and with one more refused by the name of the setting.
fn at_most(most: usize, setting: &str, document: impl Fn(usize) -> Result<Rulebook, String>) {
    document(most).unwrap();
    let refused = document(most.checked_add(1).unwrap()).unwrap_err();
    assert!(refused.starts_with(setting), "{setting}: {refused}");
}

#[test]
fn a_number_has_a_least_and_a_most() {
    for (tables, text, setting, (least, most)) in [
        (&["check_in"][..], "[check_in]\npairs_per_day", "check_in.pairs_per_day", (1, 100)),
        (&["recording"], "[recording]\nworking_days", "recording.working_days", (0, 1000)),
        (&["help"], "[help]\nsilence_days", "help.silence_days", (1, 366)),
        (
            &["passbook"],
            "[passbook]\npoints_expire_months",
            "passbook.points_expire_months",
            (1, 1200),
        ),
        (
            &["redemption"],
            "[redemption]\nno_show_forfeits = false\nwaiting_days = 9\nfulfill_days",
            "redemption.fulfill_days",
            (1, 3660),
        ),
        (
            &["redemption"],
            "[redemption]\nno_show_forfeits = false\nfulfill_days = 9\nwaiting_days",
            "redemption.waiting_days",
            (1, 3660),
        ),
    ] {
        for fits in [least, most] {
            with(tables, &format!("{text} = {fits}\n")).unwrap();
        }
        let refused = with(tables, &format!("{text} = {}\n", most + 1)).unwrap_err();
        let told = format!("{setting}: {} is out of range: give {least} to {most}", most + 1);
        assert_eq!(refused, told);
        if least == 1 {
            let refused = with(tables, &format!("{text} = 0\n")).unwrap_err();
            assert!(refused.starts_with(&format!("{setting}: 0 is out of range")), "{refused}");
        }
    }
}

#[test]
fn a_cap_is_nothing_or_more() {
    let cap = |points: &str| with(&["passbook"], &format!("[passbook]\npoints_cap = {points:?}\n"));
    assert!(cap("0").unwrap().points_cap().unwrap().is_zero());
    assert_eq!(cap("1500.5").unwrap().points_cap().unwrap().hundredths(), 150_050);
    assert!(cap("-0.01").unwrap_err().starts_with("passbook.points_cap: it is below zero"));
    assert!(cap("1.005").unwrap_err().starts_with("passbook.points_cap"));
}

#[test]
fn a_document_has_as_many_bytes_as_are_kept() {
    let of = |bytes: usize| {
        let missing = bytes.checked_sub(DEFAULT_RULEBOOK.len()).unwrap();
        Rulebook::parse(&[DEFAULT_RULEBOOK, &"#".repeat(missing)].concat())
    };
    of(65_536).unwrap();
    assert_eq!(
        of(65_537).unwrap_err().to_string(),
        "the rulebook has 65537 bytes; at most 65536 are kept"
    );
}

#[test]
fn a_fault_is_told_in_chinese_by_what_it_is() {
    let long = [DEFAULT_RULEBOOK, &"#".repeat(65_536)].concat();
    let told = Rulebook::parse(&long).unwrap_err().chinese();
    assert_eq!(told, format!("文件有 {} 字节，最多 65536 字节", long.len()));
    let wrong = DEFAULT_RULEBOOK.replace("score = \"need_class\"", "score = \"needs\"");
    let told = Rulebook::parse(&wrong).unwrap_err().chinese();
    assert!(told.starts_with("priority.default, key 1, score："), "{told}");
    let wrong = DEFAULT_RULEBOOK.replace("format = 1", "format = 2");
    let told = Rulebook::parse(&wrong).unwrap_err().chinese();
    assert_eq!(told, "format：没有格式 2：请填 1");
}

/// Documents at fault: a table that is left out, and what stands instead; `@` are two labels.
const FAULTS: &[(&str, &str)] = &[
    ("earning", "[earning]\npoints_per_hour = '1.23456'"),
    ("earning", "[earning]\npoints_per_hour = '101'"),
    ("earning", "[earning]\npoints_per_hour = 1"),
    ("earning.categories", "[earning.categories]\n\"\\u0007\" = '1'"),
    ("passbook", "[passbook]\npoints_cap = '-1'"),
    ("stars", "[stars]\nhours = [2, 1]"),
    ("stars", "[stars]\nhours = [1]\nscheme = 'a'"),
    ("stars", "[stars]\nscheme = 'a'"),
    ("stars", "[stars]\nhours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"),
    ("", "[[priority.'a b']]\n@\nfirst = 'highest'\nscore = 'minutes'"),
    ("", "[priority]\nq = []"),
    ("", "[[priority.q]]\n@\nfirst = 'highest'\nscore = 'minutes >'"),
    ("", "[[priority.q]]\n@\nfirst = 'highest'\nscore = 'hour'"),
    ("", "[[priority.q]]\n@\nfirst = 'highest'\nscore = 'minutes > 1'"),
    ("", "[[priority.q]]\nenglish = ''\nchinese = ''\nfirst = 'highest'\nscore = 'minutes'"),
    ("calendar", "[calendar]\nrest = ['sun']"),
    (
        "calendar",
        "[calendar]\nrest = ['monday','tuesday','wednesday','thursday','friday','saturday','sunday']",
    ),
    ("calendar", "[calendar]\nyears = [2026]\nholidays = ['2027-01-01']"),
    ("calendar", "[calendar]\nyears = [2026]\nholidays = ['2026-02-01..2026-01-01']"),
    ("calendar", "[calendar]\nyears = [2026]\nworking = ['2026-01-05']"),
    ("anomalies", "[anomalies]\ncloned_volunteers = 3\ncloned_changes = 2"),
    ("anomalies", "[anomalies]\nopens = '6'"),
    ("anomalies", "[anomalies]\nopens = '23:00'\ncloses = '06:00'"),
    ("anomalies", "[anomalies]\nnight_categories = [' ']"),
    ("", "[star_schemes.a]\n@\nstars = []"),
    ("", "[star_schemes.a]\n@\n[[star_schemes.a.stars]]\nlevel = 1\n@"),
    ("", "[star_schemes.a]\n@\n[[star_schemes.a.stars]]\nlevel = 1\nhours = 1\nage_band = 9\n@"),
    (
        "",
        "[star_schemes.a]\n@\n[[star_schemes.a.stars]]\nlevel = 2\nhours = 1\n@\n\
         [[star_schemes.a.stars]]\nlevel = 1\nhours = 1\n@",
    ),
    ("", "[programmes.'a b']\n@\nlevel = 'street'"),
    ("", "[programmes.a]\n@\nlevel = 'planet'"),
    ("", "[programmes.a]\n@\nlevel = 'street'\nnotice_working_days = 0"),
    ("", "[programmes.a]\n@\nlevel = 'street'\ndays = { begins = '02-30' }"),
    ("", "[programmes.a]\n@\nlevel = 'street'\nage_bands = [9, 1]"),
    ("", "[programmes.a]\n@\nlevel = 'street'\nplaces = { per_branch = 1 }"),
    ("", "[programmes.a]\n@\nlevel = 'street'\nplaces = { per_branch = 1, branch_kind = 'x' }"),
    (
        "",
        "[programmes.a]\n@\nlevel = 'street'\nplaces = { per_branch = 1, branch_kind = 'street', of_branch = { '南' = 1 } }",
    ),
    ("", "[programmes.a]\n@\nlevel = 'street'\n[[programmes.a.eligible]]\n@"),
    (
        "",
        "[programmes.a]\n@\nlevel = 'street'\n[[programmes.a.eligible]]\n@\n\
         condition = 'age_band == 1'",
    ),
    ("ladder", "[ladder"),
    ("ladder", ""),
    ("", "[unknown]"),
];

/// Whether words of English follow each other: a sentence, and not the name of a setting.
fn speaks_english(told: &str) -> bool {
    let is_word = |it: &str| 1 < it.len() && it.bytes().all(|it| it.is_ascii_alphabetic());
    let words: Vec<bool> = told.split([' ', '\n', '`']).map(is_word).collect();
    words.windows(2).any(|it| *it == [true, true])
}

#[test]
fn no_fault_is_told_in_english_where_chinese_is_asked_for() {
    assert!(
        speaks_english("规则集有误：2 is not known") && !speaks_english("请填 monday 至 sunday")
    );
    for (table, more) in FAULTS {
        let more = more.replace('@', "english = 'a'\nchinese = '甲'");
        let text = [&without(&[table]), more.as_str(), "\n"].concat();
        let fault = Rulebook::parse(&text).expect_err(&more);
        let told = fault.chinese();
        assert!(!speaks_english(&told) && !told.is_ascii(), "{fault}\n{told}");
    }
}

#[test]
fn policies_keys_and_labels_are_bounded() {
    let key = |label: &str| {
        format!("english = {label:?}\nchinese = \"键\"\nscore = \"minutes\"\nfirst = \"highest\"\n")
    };
    let policy = |no: usize| format!("[[priority.p{no}]]\n{}", key("minutes"));
    let tables = &["priority.default", "priority.pool", "priority.help"];
    at_most(POLICIES_MAX, "priority", |many| with(tables, &count(many, policy)));
    at_most(KEYS_MAX, "priority.p0", |many| with(tables, &count(many, |_| policy(0))));
    at_most(64, "priority.p0, key 1", |long| {
        with(tables, &format!("[[priority.p0]]\n{}", key(&"字".repeat(long))))
    });
    for blank in ["", "  "] {
        let refused = with(tables, &format!("[[priority.p0]]\n{}", key(blank))).unwrap_err();
        assert!(refused.contains("english and chinese have 1 to 64 characters"), "{refused}");
    }
    let rules = with(tables, &count(2, policy)).unwrap();
    let names: Vec<&str> = rules.policies().iter().map(|it| it.name().as_str()).collect();
    assert_eq!(names, ["p0", "p1"]);
    assert!(rules.policy(&PolicyName::new("p2").unwrap()).is_none());
}

#[test]
fn categories_and_stars_are_bounded_and_stars_rise() {
    let category = |no: usize| format!("\"类{no}\" = \"1.5\"\n");
    at_most(256, "earning.categories", |many| {
        let table = format!("[earning.categories]\n{}", count(many, category));
        with(&["earning.categories"], &table)
    });
    let stars = |hours: &[usize]| with(&["stars"], &format!("[stars]\nhours = {hours:?}\n"));
    at_most(10, "stars.hours", |many| stars(&(1..=many).collect::<Vec<_>>()));
    let refused = stars(&[10, 20, 20]).unwrap_err();
    assert_eq!(refused, "stars.hours: each star needs more hours than the one before");

    // The hours are those of the document, of a scheme of it, or of the nation.
    let rules = stars(&[2, 5]).unwrap();
    assert_eq!(rules.stars(), [Minutes::new(120), Minutes::new(300)]);
    let reached = [(119, 0), (120, 1), (299, 1), (300, 2)];
    assert_eq!(reached.map(|(it, _)| rules.star(Minutes::new(it))), reached.map(|it| it.1));
    let national = [100, 300, 600, 1000, 1500].map(|it| Minutes::new(it * 60));
    assert_eq!(with(&["stars"], "").unwrap().stars(), national);
    assert_eq!(with(&[], "").unwrap().stars(), national);
    let both = with(&["stars"], "[stars]\nhours = [1]\nscheme = \"national\"\n").unwrap_err();
    assert_eq!(both, "stars: give either hours or scheme");
    let none = with(&["stars"], "[stars]\nscheme = \"local\"\n").unwrap_err();
    assert!(none.starts_with("stars.scheme: \"local\" is no scheme"), "{none}");
    // Of stars of a year, of an age, or by other things than hours, none is that of all hours.
    for (more, star) in
        [("days = {}", "hours = 1"), ("age_bands = [0]", "hours = 1"), ("", "tenure_months = 1")]
    {
        let star = format!("{{ level = 1, english = \"1\", chinese = \"一\", {star} }}");
        let scheme = format!(
            "[star_schemes.own]\nenglish = \"o\"\nchinese = \"甲\"\n{more}\nstars = [{star}]\n"
        );
        with(&[], &scheme).unwrap();
        let named = with(&["stars"], &format!("[stars]\nscheme = \"own\"\n{scheme}"));
        let refused = named.unwrap_err();
        assert!(refused.starts_with("stars.scheme: \"own\" is no scheme"), "{more}: {refused}");
    }
}

fn programme(no: usize, rest: &str) -> String {
    format!("[programmes.p{no}]\nenglish = \"p\"\nchinese = \"甲\"\nlevel = \"street\"\n{rest}\n")
}

#[test]
fn programmes_and_schemes_are_bounded() {
    at_most(PROGRAMMES_MAX, "programmes", |many| with(&[], &count(many, |no| programme(no, ""))));
    let star = "{ level = 1, english = \"1\", chinese = \"一\", hours = 1 }";
    let scheme = |no: usize| {
        format!("[star_schemes.s{no}]\nenglish = \"s\"\nchinese = \"甲\"\nstars = [{star}]\n")
    };
    at_most(SCHEMES_MAX, "star_schemes", |many| {
        with(&["stars", "star_schemes.national"], &count(many, scheme))
    });
    let stars = |levels: [u8; 2]| {
        let star = |level| star.replace("level = 1", &format!("level = {level}"));
        let text = scheme(0).replace(star(1).as_str(), &levels.map(star).join(", "));
        with(&[], &text)
    };
    stars([1, 2]).unwrap();
    assert!(stars([2, 1]).unwrap_err().starts_with("star_schemes.s0: its stars do not rise"));
}

#[test]
fn a_programme_hangs_out_a_week_where_it_does_not_say_how_long() {
    let notice = |rest: &str| {
        let rules = with(&[], &programme(0, rest))?;
        let name = ProgrammeName::new("p0").unwrap();
        Ok::<_, String>(rules.programme(&name).unwrap().notice_working_days)
    };
    assert_eq!(notice(""), Ok(7));
    assert_eq!(notice("notice_working_days = 60"), Ok(60));
    assert!(notice("notice_working_days = 61").is_err());
}

#[test]
fn days_ages_and_places_of_a_programme_are_bounded() {
    let of = |rest: String| with(&[], &programme(0, &rest));
    at_most(600, "programmes.p0.days.months", |it| of(format!("days = {{ months = {it} }}")));
    assert!(of("days = { months = 0 }".to_owned()).is_err());
    assert!(of("days = { begins = \"02-28\" }".to_owned()).is_ok());

    let ages = |ages: &[usize]| of(format!("age_bands = {ages:?}"));
    at_most(16, "programmes.p0.age_bands", |many| ages(&(0..many).collect::<Vec<_>>()));
    assert!(ages(&[0, 60, 60]).unwrap_err().contains("rising ages"));

    let places = |places: &str| of(format!("places = {{ {places} }}"));
    let branch = |no: usize| format!("B{no} = 1, ");
    at_most(1000, "programmes.p0.places.of_branch", |many| {
        let of_branch = count(many, branch);
        let of_branch = of_branch.trim_end_matches(", ");
        places(&format!("branch_kind = \"street\", of_branch = {{ {of_branch} }}"))
    });
    let own = places("of_branch = { B1 = 1 }").unwrap_err();
    assert!(own.starts_with("programmes.p0.places: give branch_kind, too"), "{own}");
    at_most(10_000, "programmes.p0.places.per_branch", |each| {
        places(&format!("branch_kind = \"street\", per_branch = {each}"))
    });
    at_most(10_000, "programmes.p0.places.of_branch", |each| {
        places(&format!("branch_kind = \"street\", of_branch = {{ B1 = {each} }}"))
    });
    assert!(places("most = 0").is_err());
}

#[test]
fn a_condition_is_one_that_holds_or_one_of_numbers_and_never_both() {
    let of = |rest: &str| {
        let clause = format!("{{ english = \"a\", chinese = \"甲\", {rest} }}");
        with(&[], &programme(0, &format!("eligible = [{clause}]")))
    };
    for fine in [
        "condition = \"active\"",
        "value = \"minutes\", least = 1",
        "value = \"minutes\", most = 9",
        "value = \"minutes\", least = 1, most = 9",
    ] {
        of(fine).unwrap();
    }
    for wrong in [
        "condition = \"active\", least = 1",
        "condition = \"active\", most = 9",
        "condition = \"active\", least = 1, most = 9",
        "condition = \"active\", value = \"minutes\"",
        "value = \"minutes\"",
        "least = 1",
    ] {
        let refused = of(wrong).unwrap_err();
        let told = "programmes.p0.eligible, condition 1: give either condition, or value";
        assert!(refused.starts_with(told), "{wrong}: {refused}");
    }
    let clause = "{ english = \"a\", chinese = \"甲\", condition = \"active\" }, ";
    at_most(CLAUSES_MAX, "programmes.p0.eligible", |many| {
        with(&[], &programme(0, &format!("eligible = [{}]", clause.repeat(many))))
    });
}
