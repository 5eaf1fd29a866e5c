//! Certificates: issued, shown again, verified.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use lovebank_paper::{Fonts, HonourCertificate, PaperError, ServedLine, ServiceCertificate};
use lovebank_wire::v1::{self, issue_certificate_request::Of};

use super::{date as of_day, papers};
use crate::{
    cli::Lang,
    fail::{Exit, Fail},
    out,
    session::{Change, Session},
    show::Part,
    verb::proven,
    when::date,
};

/// Certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum Certificates {
    /// Issue a certificate of the service of some days, or of an honour
    #[command(
        after_help = "Example: lovebank-admin awards certificate issue 0300000001 --from 2026-01-01 --until 2026-12-31 --out certificate.pdf --lang zh"
    )]
    Issue(Issue),
    /// Issue the certificates of all who were honoured by a run, each as PDF of its own
    #[command(
        after_help = "Example: lovebank-admin awards certificate issue-run 3 --dir certificates --contact 0755-12345678 --lang zh\nCut off, the same command goes on; what is there already is left as it is.\nExit code 3: some could not be issued."
    )]
    IssueRun(papers::IssueRun),
    /// Show a certificate again, or write it again
    #[command(
        after_help = "Example: lovebank-admin awards certificate show 12 --out certificate.pdf"
    )]
    Show(Show),
    /// Say whether a certificate holds; needs no token
    #[command(
        after_help = "Example: lovebank-admin awards certificate verify C12-8K3M0Q4T7VXA2PZD\nExit code 4: it does not hold any more."
    )]
    Verify(Verify),
}

/// Where the paper goes.
#[derive(Debug, Args)]
struct Paper {
    /// Write it as PDF to this new file, in the language of --lang
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    words: PaperWords,
}

/// What a paper says besides what the bank knows.
#[derive(Debug, Args)]
pub(super) struct PaperWords {
    /// Where anyone verifies a code: the QR code is this address and the code [default: the code]
    #[arg(long, value_name = "URL")]
    verify_url: Option<String>,
    /// Where to ask about it, on the paper: a telephone number, a desk
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The volunteer number (义工号); "me" for the owner of the token
    number: String,
    /// The first day of service
    #[arg(long, value_name = "DAY", value_parser = date, requires = "until", required_unless_present = "honour")]
    from: Option<Date>,
    /// The last day of service
    #[arg(long, value_name = "DAY", value_parser = date, requires = "from")]
    until: Option<Date>,
    /// The number of an honour, instead of days
    #[arg(long, value_name = "NO", conflicts_with_all = ["from", "until"])]
    honour: Option<u64>,
    #[command(flatten)]
    paper: Paper,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The number of the certificate
    no: u64,
    #[command(flatten)]
    paper: Paper,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The code on the paper, or the text of its QR code
    code: String,
}

impl Certificates {
    pub(super) async fn run(self, session: &Session) -> Result<Exit, Fail> {
        match self {
            Self::Issue(it) => it.run(session).await,
            Self::IssueRun(it) => it.run(session).await,
            Self::Show(it) => it.run(session).await,
            Self::Verify(it) => it.run(session).await,
        }
    }
}

impl Issue {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let begun = self.change.begin();
        let of = match self.honour {
            Some(no) => Of::HonourNo(no),
            None => Of::Service(v1::DateSpan {
                first_date: self.from.map(of_day),
                last_date: self.until.map(of_day),
            }),
        };
        let fonts = self.paper.fonts()?;
        let request = v1::IssueCertificateRequest {
            request_id: begun.id.clone(),
            validate_only: begun.validate_only,
            volunteer_number: self.number,
            of: Some(of),
        };
        let answer = begun.end(session.bank.recognitions().issue_certificate(request).await)?;
        let mut parts = Vec::new();
        if let Some(it) = &answer.certificate {
            self.paper.write(session.lang, fonts.as_ref(), it)?;
            parts.push(Part::one("certificate", it, &session.zone));
        }
        proven(session, parts, answer.receipt.as_ref())
    }
}

impl Show {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let fonts = self.paper.fonts()?;
        let request = v1::GetCertificateRequest { min_seq: 0, certificate_no: self.no };
        let answer = session.bank.recognitions().get_certificate(request).await?.into_inner();
        let it = answer.certificate.ok_or_else(|| Fail::incomplete("certificate"))?;
        self.paper.write(session.lang, fonts.as_ref(), &it)?;
        session.show(&[Part::one("certificate", &it, &session.zone)])?;
        Ok(Exit::Done)
    }
}

impl Verify {
    async fn run(self, session: &Session) -> Result<Exit, Fail> {
        let request = v1::VerifyCertificateRequest { code: self.code };
        let answer = session.bank.recognitions().verify_certificate(request).await?.into_inner();
        session.show(&[Part::one("certificate", &answer, &session.zone)])?;
        Ok(if answer.holds { Exit::Done } else { Exit::Broken })
    }
}

impl Paper {
    /// The fonts, looked for before anything is issued.
    fn fonts(&self) -> Result<Option<Fonts>, Fail> {
        self.out.as_ref().map(|_| fonts()).transpose()
    }

    fn write(&self, lang: Lang, fonts: Option<&Fonts>, it: &v1::Certificate) -> Result<(), Fail> {
        let (Some(path), Some(fonts)) = (&self.out, fonts) else { return Ok(()) };
        out::file(path, &self.words.pdf(lang, fonts, it)?)
    }
}

impl PaperWords {
    /// A certificate as PDF.
    pub(super) fn pdf(
        &self,
        lang: Lang,
        fonts: &Fonts,
        it: &v1::Certificate,
    ) -> Result<Vec<u8>, Fail> {
        let base = self.verify_url.as_deref().unwrap_or_default();
        let verify = format!("{base}{}", it.code);
        let contact = self.contact.clone().unwrap_or_default();
        let pdf = match (&it.service, &it.honour) {
            (Some(days), _) => {
                let paper = ServiceCertificate { contact, ..service(it, days, (verify, lang))? };
                lovebank_paper::service_pdf(fonts, &paper)
            }
            (None, Some(held)) => {
                let paper = HonourCertificate { contact, ..honour(it, held, (verify, lang))? };
                lovebank_paper::honour_pdf(fonts, &paper)
            }
            (None, None) => return Err(Fail::incomplete("certificate")),
        };
        pdf.map_err(|err| failed(&err))
    }
}

/// The fonts of papers.
pub(super) fn fonts() -> Result<Fonts, Fail> {
    Fonts::installed().map_err(|err| failed(&err))
}

/// Why there is no paper.
pub(super) fn failed(err: &PaperError) -> Fail {
    Fail::error(err.to_string(), err.chinese())
}

/// The language of papers.
pub(super) fn paper_lang(lang: Lang) -> lovebank_paper::Lang {
    lang.pick(lovebank_paper::Lang::En, lovebank_paper::Lang::Zh)
}

/// A day of an answer.
pub(super) fn day(it: Option<&v1::Date>) -> Result<Date, Fail> {
    let part = |it: i32| i8::try_from(it).ok();
    let day = it.and_then(|it| {
        Date::new(i16::try_from(it.year).ok()?, part(it.month)?, part(it.day)?).ok()
    });
    day.ok_or_else(|| Fail::incomplete("date"))
}

fn service(
    it: &v1::Certificate,
    days: &v1::DateSpan,
    (verify, lang): (String, Lang),
) -> Result<ServiceCertificate, Fail> {
    let line = |it: &v1::CertificateLine| ServedLine {
        activity: it.activity_name.clone(),
        unit: it.branch_name.clone(),
        minutes: it.minutes,
    };
    Ok(ServiceCertificate {
        number: it.certificate_number.clone(),
        bank: it.bank_name.clone(),
        unit: it.branch_name.clone(),
        name: it.name.clone(),
        volunteer_number: it.volunteer_number.clone(),
        from: day(days.first_date.as_ref())?,
        until: day(days.last_date.as_ref())?,
        minutes: it.minutes,
        services: it.services,
        lines: it.lines.iter().map(line).collect(),
        issued: day(it.issued_date.as_ref())?,
        contact: String::new(),
        code: it.code.clone(),
        verify,
        lang: paper_lang(lang),
    })
}

fn honour(
    it: &v1::Certificate,
    held: &v1::Honour,
    (verify, lang): (String, Lang),
) -> Result<HonourCertificate, Fail> {
    use v1::honour_title::Title;
    let title = held.title.as_ref().and_then(|it| it.title.as_ref());
    let (named, year) = match title {
        Some(Title::Star(it)) => (format!("{} {}", it.scheme, it.level), it.year),
        Some(Title::Award(it)) => (it.programme.clone(), it.year),
        None => return Err(Fail::incomplete("honour")),
    };
    let called = lang.pick(&held.english, &held.chinese).clone();
    Ok(HonourCertificate {
        number: it.certificate_number.clone(),
        bank: it.bank_name.clone(),
        unit: it.branch_name.clone(),
        name: it.name.clone(),
        honour: if called.is_empty() { named } else { called },
        year: (year != 0).then_some(year),
        given: day(held.given_date.as_ref())?,
        contact: String::new(),
        code: it.code.clone(),
        verify,
        lang: paper_lang(lang),
    })
}
