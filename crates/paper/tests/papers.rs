//! Papers are whole, the same for the same facts, and say what they cannot show.
#![expect(clippy::unwrap_used, reason = "tests")]

use jiff::civil::date;
use lovebank_paper::{
    BARS_MAX, Bar, Chart, Fonts, HonourCertificate, LINES_MAX, Lang, Notice, NoticeRow, PaperError,
    ROWS_MAX, ServedLine, ServiceCertificate, chart_pdf, chart_svg, honour_pdf, notice_html,
    notice_pdf, service_pdf,
};

fn service() -> ServiceCertificate {
    ServiceCertificate {
        number: "LB-000000001".to_owned(),
        bank: "爱心银行".to_owned(),
        unit: "南湾街道".to_owned(),
        name: "张三".to_owned(),
        volunteer_number: "0300207442".to_owned(),
        from: date(2026, 1, 1),
        until: date(2026, 12, 31),
        minutes: 750,
        services: 3,
        lines: vec![line("社区巡河"), line("敬老")],
        issued: date(2027, 1, 4),
        contact: "0755-12345678".to_owned(),
        code: "C1-8K3M0Q4T7VXA2PZD".to_owned(),
        verify: "https://bank.example/verify/C1-8K3M0Q4T7VXA2PZD".to_owned(),
        lang: Lang::Zh,
    }
}

fn line(activity: &str) -> ServedLine {
    ServedLine { activity: activity.to_owned(), unit: "南湾街道".to_owned(), minutes: 375 }
}

fn honour() -> HonourCertificate {
    HonourCertificate {
        number: "LB-000000002".to_owned(),
        bank: "爱心银行".to_owned(),
        unit: "南湾街道".to_owned(),
        name: "阿卜杜热西提·买买提".to_owned(),
        honour: "年度优秀志愿者".to_owned(),
        year: Some(2026),
        given: date(2026, 12, 20),
        contact: "0755-12345678".to_owned(),
        code: "C2-8K3M0Q4T7VXA2PZD".to_owned(),
        verify: "C2-8K3M0Q4T7VXA2PZD".to_owned(),
        lang: Lang::Zh,
    }
}

fn notice(rows: usize) -> Notice {
    let row = |name: &str| NoticeRow {
        place: 1,
        name: name.to_owned(),
        branch: "南岭社区".to_owned(),
        minutes: 600,
    };
    Notice {
        title: "公示".to_owned(),
        programme: "优秀 <志愿者> & co".to_owned(),
        year: 2026,
        first: Some(date(2026, 12, 7)),
        last: Some(date(2026, 12, 16)),
        contact: "0755-12345678".to_owned(),
        unit: "南湾街道".to_owned(),
        rows: vec![row("张*"); rows],
        run: 3,
        rulebook: 2,
        entry: 77,
        digest: "d1".repeat(32),
        lang: Lang::Zh,
    }
}

/// How many pages the tree of pages says there are.
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let count = text.split("/Count ").nth(1).unwrap();
    count.split(|it: char| !it.is_ascii_digit()).next().unwrap().parse().unwrap()
}

#[test]
fn the_same_facts_are_the_same_bytes() {
    let fonts = Fonts::installed().unwrap();
    let first = service_pdf(&fonts, &service()).unwrap();
    assert!(first.starts_with(b"%PDF-1.") && 10_000 < first.len());
    assert_eq!(service_pdf(&fonts, &service()).unwrap(), first);
    let other = ServiceCertificate { minutes: 751, ..service() };
    assert_ne!(service_pdf(&fonts, &other).unwrap(), first);
    for lang in [Lang::Zh, Lang::En] {
        let it = HonourCertificate { lang, ..honour() };
        let first = honour_pdf(&fonts, &it).unwrap();
        assert_eq!(honour_pdf(&Fonts::installed().unwrap(), &it).unwrap(), first);
    }
}

#[test]
fn a_long_notice_goes_on_over_pages() {
    let fonts = Fonts::installed().unwrap();
    let (short, long) =
        (notice_pdf(&fonts, &notice(3)).unwrap(), notice_pdf(&fonts, &notice(100)).unwrap());
    assert_eq!((pages(&short), pages(&long)), (1, 4));
    // Nobody is chosen: it is a notice all the same.
    notice_pdf(&fonts, &notice(0)).unwrap();
}

#[test]
fn a_page_shows_texts_as_texts() {
    let page = notice_html(&notice(2)).unwrap();
    assert!(page.contains("优秀 &lt;志愿者&gt; &amp; co") && !page.contains("<志愿者>"));
    for told in [
        "张*",
        "公示期：2026年12月7日至2026年12月16日",
        "10小时",
        "截至分录 77",
        "共 2 人",
        "南湾街道\n2026年12月7日",
    ] {
        assert!(page.contains(told), "{told}");
    }
    let draft = Notice { first: None, last: None, lang: Lang::En, ..notice(1) };
    assert!(notice_html(&draft).unwrap().contains("not published yet"));
}

#[test]
fn what_cannot_be_shown_is_said() {
    let nowhere = tempfile::tempdir().unwrap();
    let none = Fonts::within([nowhere.path()]).unwrap_err();
    assert_eq!(none, PaperError::NoFont);
    assert!(none.to_string().contains("fonts-noto-cjk") && none.chinese().contains("中文字体"));
    let fonts = Fonts::installed().unwrap();
    // A character of a private use is in no font.
    let rare = ServiceCertificate { name: "张\u{f8f0}".to_owned(), ..service() };
    let refused = service_pdf(&fonts, &rare).unwrap_err();
    assert!(matches!(refused, PaperError::NoGlyph { character: '\u{f8f0}', .. }), "{refused}");
    let long = ServiceCertificate { verify: "x".repeat(401), ..service() };
    assert!(matches!(service_pdf(&fonts, &long), Err(PaperError::TooMany { most: 400, .. })));
    service_pdf(&fonts, &ServiceCertificate { verify: "x".repeat(400), ..service() }).unwrap();
}

#[test]
fn bounds_are_taken_and_one_past_them_is_not() {
    let fonts = Fonts::installed().unwrap();
    let lines = |count| ServiceCertificate { lines: vec![line("敬老"); count], ..service() };
    service_pdf(&fonts, &lines(LINES_MAX)).unwrap();
    let refused = service_pdf(&fonts, &lines(LINES_MAX + 1));
    assert!(matches!(refused, Err(PaperError::TooMany { what: "lines", .. })));
    notice_html(&notice(ROWS_MAX)).unwrap();
    let refused = notice_html(&notice(ROWS_MAX + 1));
    assert!(matches!(refused, Err(PaperError::TooMany { what: "rows", .. })));
}

fn chart(branches: usize) -> Chart {
    let bar = |it: usize| Bar { name: format!("社区{it}"), minutes: 600 };
    Chart {
        title: "2026年志愿服务".to_owned(),
        minutes: 1200,
        volunteers: 7,
        months: [0, 0, 1200, 0, 0, 0, 0, 0, 0, -60, 60, 0],
        branches: (0..branches).map(bar).collect(),
        entry: 77,
        lang: Lang::Zh,
    }
}

#[test]
fn a_chart_is_a_picture_of_one_page_and_the_same_for_the_same_facts() {
    let fonts = Fonts::installed().unwrap();
    for branches in [0, 1, BARS_MAX] {
        let svg = chart_svg(&fonts, &chart(branches)).unwrap();
        assert!(svg.starts_with("<svg") && !svg.contains("<text"), "it needs no font");
        assert_eq!(svg, chart_svg(&fonts, &chart(branches)).unwrap());
        let pdf = chart_pdf(&fonts, &chart(branches)).unwrap();
        assert!(pdf.starts_with(b"%PDF"));
        assert_eq!(pdf, chart_pdf(&fonts, &chart(branches)).unwrap());
    }
    // A year with nothing is drawn too.
    let nothing = Chart { minutes: 0, months: [0; 12], ..chart(0) };
    assert!(chart_svg(&fonts, &nothing).is_ok());
    let over = chart_svg(&fonts, &chart(BARS_MAX + 1)).unwrap_err();
    assert_eq!(over, PaperError::TooMany { what: "branches", given: BARS_MAX + 1, most: BARS_MAX });
}
