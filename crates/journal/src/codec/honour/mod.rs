//! Stars, awards, runs, certificates.

mod run;

use lovebank_ledger::{
    BranchNo, CertificateKind, CertificateNo, Days, HonourEvent, HonourLevel, HonourNo,
    HonourSource, NewCertificate, NewHonour, NewObjection, ObjectionAnswer, ObjectionNo,
    PassbookNo, ProgrammeName, RunNo, STAR_MAX, Title,
};

use super::{
    BadEntry,
    kinds::{kind, reason},
    scalar::{date, digits, each, number, present, stored, text, try_each},
    v1::{
        self, certificate_issued::Kind as StoredKind, honour_event::Event as Stored,
        new_honour::Title as StoredTitle, objection_resolved::Answer as StoredAnswer,
    },
};

impl From<&HonourEvent> for v1::HonourEvent {
    fn from(it: &HonourEvent) -> Self {
        Self { event: Some(event(it)) }
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each event")]
fn event(it: &HonourEvent) -> Stored {
    match it {
        HonourEvent::HonoursGiven { source, honours, refused } => Stored::Given(v1::HonoursGiven {
            origin: v1::HonourOrigin::from(*source).into(),
            honours: each(honours),
            refused: each(refused),
        }),
        HonourEvent::HonourRevoked { honour, reason } => Stored::Revoked(v1::HonourRevoked {
            honour_no: stored(honour.get()),
            reason: v1::Reason::from(*reason).into(),
        }),
        HonourEvent::Nominated { passbook, programme, year, branch } => {
            Stored::Nominated(v1::Nominated {
                passbook_no: stored(passbook.get()),
                programme: programme.to_string(),
                year: i32::from(*year),
                branch_no: stored(branch.get()),
            })
        }
        HonourEvent::RunCreated(it) => Stored::RunCreated(it.into()),
        HonourEvent::ExceptionProposed { run, passbook, condition } => {
            Stored::ExceptionProposed(run::exception((*run, *passbook, *condition)))
        }
        HonourEvent::ExceptionConfirmed { run, passbook, condition, result } => {
            Stored::ExceptionConfirmed(v1::ExceptionConfirmed {
                exception: Some(run::exception((*run, *passbook, *condition))),
                result: Some(result.into()),
            })
        }
        HonourEvent::RunPublished { run, notice } => {
            Stored::RunPublished(run::published(*run, *notice))
        }
        HonourEvent::ObjectionFiled(it) => Stored::ObjectionFiled(v1::ObjectionFiled {
            no: stored(it.no.get()),
            run_no: stored(it.run.get()),
            about_passbook_no: stored(it.about.get()),
        }),
        HonourEvent::ObjectionResolved { objection, answer } => {
            Stored::ObjectionResolved(v1::ObjectionResolved {
                objection_no: stored(objection.get()),
                answer: Some(answer.into()),
            })
        }
        HonourEvent::RunFinalized { run, honours } => Stored::RunFinalized(v1::RunFinalized {
            run_no: stored(run.get()),
            honours: each(honours),
        }),
        HonourEvent::RunWithdrawn { run, reason } => Stored::RunWithdrawn(v1::RunWithdrawn {
            run_no: stored(run.get()),
            reason: v1::Reason::from(*reason).into(),
        }),
        HonourEvent::CertificateIssued(it) => Stored::CertificateIssued(it.into()),
    }
}

impl TryFrom<v1::HonourEvent> for HonourEvent {
    type Error = BadEntry;

    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
    fn try_from(it: v1::HonourEvent) -> Result<Self, BadEntry> {
        let event = it.event.ok_or(BadEntry::Missing { field: "HonourEvent.event" })?;
        Ok(match event {
            Stored::Given(it) => Self::HonoursGiven {
                source: kind(it.origin, source, "HonoursGiven.origin")?,
                honours: try_each(it.honours)?,
                refused: try_each(it.refused)?,
            },
            Stored::Revoked(it) => Self::HonourRevoked {
                honour: number(it.honour_no, HonourNo::new, "HonourRevoked.honour_no")?,
                reason: kind(it.reason, reason, "HonourRevoked.reason")?,
            },
            Stored::Nominated(it) => Self::Nominated {
                passbook: passbook(it.passbook_no, "Nominated.passbook_no")?,
                programme: text(&it.programme, ProgrammeName::new, "Nominated.programme")?,
                year: year(it.year, "Nominated.year")?,
                branch: number(it.branch_no, BranchNo::new, "Nominated.branch_no")?,
            },
            Stored::RunCreated(it) => Self::RunCreated(it.try_into()?),
            Stored::ExceptionProposed(it) => {
                let (run, passbook, condition) = run::of_exception(it)?;
                Self::ExceptionProposed { run, passbook, condition }
            }
            Stored::ExceptionConfirmed(it) => {
                let missing = BadEntry::Missing { field: "ExceptionConfirmed.exception" };
                let (run, passbook, condition) = run::of_exception(it.exception.ok_or(missing)?)?;
                let result = present(it.result, "ExceptionConfirmed.result")?;
                Self::ExceptionConfirmed { run, passbook, condition, result }
            }
            Stored::RunPublished(it) => run::of_published(it)?,
            Stored::ObjectionFiled(it) => Self::ObjectionFiled(NewObjection {
                no: number(it.no, ObjectionNo::new, "ObjectionFiled.no")?,
                run: number(it.run_no, RunNo::new, "ObjectionFiled.run_no")?,
                about: passbook(it.about_passbook_no, "ObjectionFiled.about_passbook_no")?,
            }),
            Stored::ObjectionResolved(it) => Self::ObjectionResolved {
                objection: number(
                    it.objection_no,
                    ObjectionNo::new,
                    "ObjectionResolved.objection_no",
                )?,
                answer: present(it.answer, "ObjectionResolved.answer")?,
            },
            Stored::RunFinalized(it) => Self::RunFinalized {
                run: number(it.run_no, RunNo::new, "RunFinalized.run_no")?,
                honours: try_each(it.honours)?,
            },
            Stored::RunWithdrawn(it) => Self::RunWithdrawn {
                run: number(it.run_no, RunNo::new, "RunWithdrawn.run_no")?,
                reason: kind(it.reason, reason, "RunWithdrawn.reason")?,
            },
            Stored::CertificateIssued(it) => Self::CertificateIssued(it.try_into()?),
        })
    }
}

fn passbook(no: u32, field: &'static str) -> Result<PassbookNo, BadEntry> {
    number(no, PassbookNo::new, field)
}

fn year(year: i32, field: &'static str) -> Result<i16, BadEntry> {
    i16::try_from(year).map_err(|_| BadEntry::Invalid { field })
}

fn byte(value: u32, field: &'static str) -> Result<u8, BadEntry> {
    u8::try_from(value).map_err(|_| BadEntry::Invalid { field })
}

impl From<&NewHonour> for v1::NewHonour {
    fn from(it: &NewHonour) -> Self {
        let title = match &it.title {
            Title::Star { scheme, level, year } => StoredTitle::Star(v1::Star {
                scheme: scheme.to_string(),
                level: u32::from(*level),
                year: year.map(i32::from),
            }),
            Title::Award { programme, year, level } => StoredTitle::Award(v1::Award {
                programme: programme.to_string(),
                year: i32::from(*year),
                level: v1::HonourLevel::from(*level).into(),
            }),
        };
        Self {
            no: stored(it.no.get()),
            index: it.index,
            passbook_no: stored(it.passbook.get()),
            given_date: digits(it.given),
            title: Some(title),
        }
    }
}

impl TryFrom<v1::NewHonour> for NewHonour {
    type Error = BadEntry;

    fn try_from(it: v1::NewHonour) -> Result<Self, BadEntry> {
        Ok(Self {
            no: number(it.no, HonourNo::new, "NewHonour.no")?,
            index: it.index,
            passbook: passbook(it.passbook_no, "NewHonour.passbook_no")?,
            title: present(it.title, "NewHonour.title")?,
            given: date(it.given_date, "NewHonour.given_date")?,
        })
    }
}

impl TryFrom<StoredTitle> for Title {
    type Error = BadEntry;

    fn try_from(it: StoredTitle) -> Result<Self, BadEntry> {
        Ok(match it {
            StoredTitle::Star(it) => {
                let level = byte(it.level, "Star.level")?;
                if !(1..=STAR_MAX).contains(&level) {
                    return Err(BadEntry::Invalid { field: "Star.level" });
                }
                Self::Star {
                    scheme: text(&it.scheme, ProgrammeName::new, "Star.scheme")?,
                    level,
                    year: it.year.map(|it| year(it, "Star.year")).transpose()?,
                }
            }
            StoredTitle::Award(it) => Self::Award {
                programme: text(&it.programme, ProgrammeName::new, "Award.programme")?,
                year: year(it.year, "Award.year")?,
                level: kind(it.level, level, "Award.level")?,
            },
        })
    }
}

impl From<&ObjectionAnswer> for StoredAnswer {
    fn from(it: &ObjectionAnswer) -> Self {
        match it {
            ObjectionAnswer::Dismissed => Self::Dismissed(true),
            ObjectionAnswer::Removed(result) => Self::Removed(result.into()),
            ObjectionAnswer::RunGivenUp => Self::RunGivenUp(true),
        }
    }
}

impl TryFrom<StoredAnswer> for ObjectionAnswer {
    type Error = BadEntry;

    fn try_from(it: StoredAnswer) -> Result<Self, BadEntry> {
        match it {
            StoredAnswer::Dismissed(true) => Ok(Self::Dismissed),
            StoredAnswer::Removed(result) => Ok(Self::Removed(result.try_into()?)),
            StoredAnswer::RunGivenUp(true) => Ok(Self::RunGivenUp),
            StoredAnswer::Dismissed(false) => {
                Err(BadEntry::Invalid { field: "ObjectionResolved.dismissed" })
            }
            StoredAnswer::RunGivenUp(false) => {
                Err(BadEntry::Invalid { field: "ObjectionResolved.run_given_up" })
            }
        }
    }
}

impl From<Days> for v1::Days {
    fn from(it: Days) -> Self {
        Self { from_date: digits(it.from), until_date: digits(it.until) }
    }
}

impl TryFrom<v1::Days> for Days {
    type Error = BadEntry;

    fn try_from(it: v1::Days) -> Result<Self, BadEntry> {
        let from = date(it.from_date, "Days.from_date")?;
        let until = date(it.until_date, "Days.until_date")?;
        if until < from {
            return Err(BadEntry::Invalid { field: "Days.until_date" });
        }
        Ok(Self { from, until })
    }
}

impl From<&NewCertificate> for v1::CertificateIssued {
    fn from(it: &NewCertificate) -> Self {
        let kind = match it.kind {
            CertificateKind::Service { days, minutes, services } => {
                StoredKind::Service(v1::ServiceCertified {
                    days: Some(days.into()),
                    minutes,
                    services,
                })
            }
            CertificateKind::Honour(no) => StoredKind::HonourNo(stored(no.get())),
        };
        Self {
            no: stored(it.no.get()),
            passbook_no: stored(it.passbook.get()),
            branch_no: stored(it.branch.get()),
            issued_date: digits(it.issued),
            kind: Some(kind),
        }
    }
}

impl TryFrom<v1::CertificateIssued> for NewCertificate {
    type Error = BadEntry;

    fn try_from(it: v1::CertificateIssued) -> Result<Self, BadEntry> {
        let kind = it.kind.ok_or(BadEntry::Missing { field: "CertificateIssued.kind" })?;
        let kind = match kind {
            StoredKind::Service(it) => CertificateKind::Service {
                days: present(it.days, "ServiceCertified.days")?,
                minutes: it.minutes,
                services: it.services,
            },
            StoredKind::HonourNo(no) => {
                CertificateKind::Honour(number(no, HonourNo::new, "CertificateIssued.honour_no")?)
            }
        };
        Ok(Self {
            no: number(it.no, CertificateNo::new, "CertificateIssued.no")?,
            passbook: passbook(it.passbook_no, "CertificateIssued.passbook_no")?,
            branch: number(it.branch_no, BranchNo::new, "CertificateIssued.branch_no")?,
            issued: date(it.issued_date, "CertificateIssued.issued_date")?,
            kind,
        })
    }
}

fn source(it: v1::HonourOrigin) -> Option<HonourSource> {
    match it {
        v1::HonourOrigin::Unspecified => None,
        v1::HonourOrigin::Approved => Some(HonourSource::Approved),
        v1::HonourOrigin::Recorded => Some(HonourSource::Recorded),
    }
}

impl From<HonourSource> for v1::HonourOrigin {
    fn from(it: HonourSource) -> Self {
        match it {
            HonourSource::Approved => Self::Approved,
            HonourSource::Recorded => Self::Recorded,
        }
    }
}

fn level(it: v1::HonourLevel) -> Option<HonourLevel> {
    match it {
        v1::HonourLevel::Unspecified => None,
        v1::HonourLevel::Community => Some(HonourLevel::Community),
        v1::HonourLevel::Street => Some(HonourLevel::Street),
        v1::HonourLevel::District => Some(HonourLevel::District),
        v1::HonourLevel::City => Some(HonourLevel::City),
        v1::HonourLevel::Province => Some(HonourLevel::Province),
        v1::HonourLevel::Nation => Some(HonourLevel::Nation),
    }
}

impl From<HonourLevel> for v1::HonourLevel {
    fn from(it: HonourLevel) -> Self {
        match it {
            HonourLevel::Community => Self::Community,
            HonourLevel::Street => Self::Street,
            HonourLevel::District => Self::District,
            HonourLevel::City => Self::City,
            HonourLevel::Province => Self::Province,
            HonourLevel::Nation => Self::Nation,
        }
    }
}
