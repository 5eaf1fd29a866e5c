//! Writes a sample of every paper into a directory: `cargo run -p lovebank-paper --example samples -- DIR`
#![expect(clippy::print_stdout, reason = "an example talks")]

use std::{error::Error, fs, path::PathBuf};

use jiff::civil::date;
use lovebank_paper::{
    Bar, Chart, Fonts, HonourCertificate, Lang, Notice, NoticeRow, ServedLine, ServiceCertificate,
    chart_pdf, chart_svg, honour_pdf, notice_html, notice_pdf, service_pdf,
};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(std::env::args_os().nth(1).ok_or("name a directory")?);
    fs::create_dir_all(&directory)?;
    let fonts = Fonts::installed()?;
    for (lang, suffix) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let put = |base: &str, end: &str, bytes: &[u8]| {
            let path = directory.join(format!("{base}-{suffix}.{end}"));
            println!("{}", path.display());
            fs::write(path, bytes)
        };
        put("service", "pdf", &service_pdf(&fonts, &service(lang))?)?;
        put("honour", "pdf", &honour_pdf(&fonts, &honour(lang))?)?;
        put("notice", "pdf", &notice_pdf(&fonts, &notice(lang))?)?;
        put("notice", "html", notice_html(&notice(lang))?.as_bytes())?;
        put("chart", "pdf", &chart_pdf(&fonts, &chart(lang))?)?;
        put("chart", "svg", chart_svg(&fonts, &chart(lang))?.as_bytes())?;
    }
    Ok(())
}

fn service(lang: Lang) -> ServiceCertificate {
    let line = |activity: &str, unit: &str, minutes| ServedLine {
        activity: activity.to_owned(),
        unit: unit.to_owned(),
        minutes,
    };
    ServiceCertificate {
        number: "LB-000000128".to_owned(),
        bank: "龙岗区爱心银行".to_owned(),
        unit: "南湾街道社区服务中心".to_owned(),
        name: "阿卜杜热西提·买买提".to_owned(),
        volunteer_number: "0300207442".to_owned(),
        from: date(2026, 1, 1),
        until: date(2026, 12, 31),
        minutes: 7530,
        services: 41,
        lines: vec![
            line("社区巡河护河", "南湾社区", 3600),
            line("长者探访与陪同就医", "南岭社区", 2400),
            line("儿童阅读陪伴（周末班）", "吉厦社区党群服务中心", 1230),
            line("垃圾分类督导", "南湾街道", 300),
        ],
        issued: date(2027, 1, 5),
        contact: "0755-12345678".to_owned(),
        code: "C128-8K3M0Q4T7VXA2PZD".to_owned(),
        verify: "https://aixin.example/verify/C128-8K3M0Q4T7VXA2PZD".to_owned(),
        lang,
    }
}

fn honour(lang: Lang) -> HonourCertificate {
    HonourCertificate {
        number: "LB-000000129".to_owned(),
        bank: "龙岗区爱心银行".to_owned(),
        unit: "南湾街道办事处".to_owned(),
        name: "欧阳小明".to_owned(),
        honour: match lang {
            Lang::Zh => "年度优秀志愿者".to_owned(),
            Lang::En => "Volunteer of the year".to_owned(),
        },
        year: Some(2026),
        given: date(2026, 12, 20),
        contact: "0755-12345678".to_owned(),
        code: "C129-0Q4T7VXA2PZD8K3M".to_owned(),
        verify: "C129-0Q4T7VXA2PZD8K3M".to_owned(),
        lang,
    }
}

fn notice(lang: Lang) -> Notice {
    let names = ["张*", "欧阳**", "李**", "王*", "阿*** 买***", "陈**", "J*** S***"];
    let row = |(place, name): (u32, &str)| NoticeRow {
        place,
        name: name.to_owned(),
        branch: "南岭社区".to_owned(),
        minutes: 18_000_i64.saturating_sub(i64::from(place).saturating_mul(131)),
    };
    Notice {
        title: match lang {
            Lang::Zh => "关于2026年度优秀志愿者拟表彰对象的公示".to_owned(),
            Lang::En => "Public notice: volunteers of the year 2026".to_owned(),
        },
        programme: match lang {
            Lang::Zh => "年度优秀志愿者".to_owned(),
            Lang::En => "Volunteer of the year".to_owned(),
        },
        year: 2026,
        first: Some(date(2026, 12, 7)),
        last: Some(date(2026, 12, 16)),
        contact: "南湾街道志愿服务办公室，0755-12345678".to_owned(),
        unit: "南湾街道办事处".to_owned(),
        rows: (1..=40).zip(names.into_iter().cycle()).map(row).collect(),
        run: 3,
        rulebook: 4,
        entry: 1_234_567,
        digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        lang,
    }
}

fn chart(lang: Lang) -> Chart {
    let names = ["南湾社区", "南岭社区", "吉厦社区", "丹竹头", "沙塘布", "康乐社区", "厦村"];
    let minutes = [412_800, 388_410, 251_000, 190_320, 88_200, 31_000, 1_230];
    let bar = |(name, minutes): (&str, i64)| Bar { name: name.to_owned(), minutes };
    let others = match lang {
        Lang::Zh => ("其他 7 个社区", 64_000),
        Lang::En => ("7 others", 64_000),
    };
    let months = [
        96_000, 41_520, 181_200, 142_000, 118_030, 97_900, 70_000, 66_600, 120_000, 154_300,
        139_410, 200_000,
    ];
    Chart {
        title: match lang {
            Lang::Zh => "南湾街道2026年志愿服务".to_owned(),
            Lang::En => "Nanwan street: service in 2026".to_owned(),
        },
        minutes: 1_426_960,
        volunteers: 8_412,
        months,
        branches: names.into_iter().zip(minutes).chain([others]).map(bar).collect(),
        entry: 1_234_567,
        lang,
    }
}
