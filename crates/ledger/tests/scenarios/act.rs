//! Reads a step of a scenario as a command.

use lovebank_ledger::{
    ActivityName, ActivityRef, BatchKey, BatchMode, BranchKind, BranchName, Category, Command,
    DEFAULT_RULEBOOK, Evaluation, Event, Grade, Handle, HoursItem, ImportHours, ImportPart,
    ImportRow, Interval, Minutes, NamedActivity, NewGrant, NewScope, NewVolunteer, Provenance,
    Reason, RecordHours, RecordNo, Role, RowService, Rulebook, Service, Span, TokenHash, TokenNo,
    VolunteerStatus,
};
use lovebank_testkit::{Town, day, minute, number, timestamp, volunteer_id};

use super::{Outcome, Scene};

/// Words of a step, taken one by one.
struct Words<'a>(Vec<&'a str>);

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        Self(text.split_whitespace().rev().collect())
    }

    fn next(&mut self) -> &'a str {
        self.0.pop().expect("another word")
    }

    /// Whether the next word is this one, which is then taken.
    fn is(&mut self, word: &str) -> bool {
        let found = self.0.last() == Some(&word);
        if found {
            self.0.pop();
        }
        found
    }

    /// The word after this one, wherever it stands; both are taken.
    fn after(&mut self, word: &str) -> Option<&'a str> {
        let place = self.0.iter().rposition(|it| *it == word)?;
        self.0.remove(place);
        Some(self.0.remove(place - 1))
    }

    fn has(&mut self, word: &str) -> bool {
        let place = self.0.iter().rposition(|it| *it == word);
        place.map(|it| self.0.remove(it)).is_some()
    }

    fn records(&mut self) -> Vec<RecordNo> {
        let numbers = std::mem::take(&mut self.0).into_iter().rev();
        numbers.map(|it| RecordNo::new(it.parse().unwrap()).unwrap()).collect()
    }

    fn mode(&mut self) -> BatchMode {
        if self.has("each") { BatchMode::ItemByItem } else { BatchMode::Atomic }
    }

    /// `2026-03-01 09:00-11:00`, `2026-03-01 90 min` or `2026-01-01..2026-02-28 600 min`.
    fn time(&mut self) -> Result<RowService, String> {
        let first = self.next();
        if first == "total" {
            let minutes = Minutes::new(self.next().parse().unwrap());
            assert!(self.is("min"));
            return Ok(RowService::Total(minutes));
        }
        let amount = self.next();
        if let Some((start, end)) = amount.split_once('-').filter(|it| !it.0.is_empty()) {
            let (end, later) = end.split_once('+').unwrap_or((end, "0"));
            let mut last = day(first);
            for _ in 0..later.parse().unwrap() {
                last = last.tomorrow().unwrap();
            }
            let (start, end) = (minute(&format!("{first} {start}")), format!("{last} {end}"));
            let it = Interval::new(start, minute(&end)).map_err(|err| err.to_string())?;
            return Ok(RowService::Interval(it));
        }
        assert!(self.is("min"));
        Ok(RowService::Day(day(first), Minutes::new(amount.parse().unwrap())))
    }

    fn service(&mut self) -> Result<Service, String> {
        let span = self.0.last().and_then(|it| it.split_once(".."));
        if let Some((from, to)) = span {
            let span = Span::new(day(from), day(to)).map_err(|err| err.to_string())?;
            self.next();
            return Ok(Service::span(span, Minutes::new(self.next().parse().unwrap())));
        }
        self.time().map(|it| match it {
            RowService::Interval(it) => Service::interval(it),
            RowService::Day(date, minutes) => Service::day(date, minutes),
            RowService::Total(_) => panic!("a total is a row's"),
        })
    }

    fn evaluation(&mut self) -> Option<Evaluation> {
        let grade = Grade::new(self.after("grade")?.parse().unwrap()).unwrap();
        Some(Evaluation { grade, date: day(self.after("on").unwrap()) })
    }
}

/// `敬老` of N1, or `敬老@N2`; a category may follow as `#急救`.
fn named(text: &str) -> NamedActivity {
    let (text, category) = text.split_once('#').map_or((text, None), |it| (it.0, Some(it.1)));
    let (name, branch) = text.split_once('@').unwrap_or((text, "N1"));
    NamedActivity {
        branch: Town::code(branch),
        name: ActivityName::new(name).unwrap(),
        category: category.map(|it| Category::new(it).unwrap()),
        place: None,
    }
}

fn activity(scene: &Scene, text: &str) -> ActivityRef {
    let known = scene.activities.get(text).copied();
    let no =
        text.strip_prefix("no.").map(|it| lovebank_ledger::ActivityNo::new(it.parse().unwrap()));
    match known.or(no.map(Result::unwrap)) {
        Some(no) => ActivityRef::No(no),
        None => ActivityRef::Named(named(text)),
    }
}

fn reason(text: Option<&str>) -> Reason {
    use Reason::*;
    let all =
        [Duplicate, NotServed, WrongTime, WrongVolunteer, WrongActivity, RuleBroken, Resent, Other];
    let text = text.unwrap_or("other").replace('-', " ");
    all.into_iter().find(|it| it.to_string() == text).expect("a reason")
}

fn rulebook(settings: &[&str]) -> Rulebook {
    let mut text = DEFAULT_RULEBOOK.to_owned();
    for setting in settings {
        let key = setting.split('=').next().unwrap().trim();
        let about = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{key} ="));
        let known = text.lines().any(about);
        let lines = text.lines().map(|it| if about(it) { setting } else { it });
        let changed: Vec<&str> = lines.collect();
        let table = "[earning.categories]";
        text = if known {
            changed.join("\n") + "\n"
        } else {
            text.replace(table, &format!("{table}\n{setting}"))
        };
    }
    Rulebook::parse(&text).unwrap()
}

/// The command of a step; or why its content cannot be one.
pub(super) fn command(scene: &Scene, line: &str) -> Result<Command, String> {
    let mut parts = line.split('|').map(str::trim);
    let mut words = Words::of(parts.next().unwrap());
    let items: Vec<&str> = parts.collect();
    let verb = words.next();
    hours(scene, verb, &mut words, &items)
        .or_else(|| check_ins(scene, verb, &mut words))
        .or_else(|| others(scene, verb, &mut words, &items))
        .unwrap_or_else(|| panic!("nobody knows how to {verb}"))
}

fn hours(
    scene: &Scene,
    verb: &str,
    words: &mut Words<'_>,
    items: &[&str],
) -> Option<Result<Command, String>> {
    let command = match verb {
        "records" => record(scene, words, items),
        "imports" => import(words, items),
        "undoes" => Ok(Command::UndoImport { batch: batch(words.next()), debts: false }),
        "approves" => {
            let mode = words.mode();
            Ok(Command::ApproveHours { mode, records: words.records() })
        }
        "rejects" => {
            let (mode, reason) = (words.mode(), reason(words.after("for")));
            Ok(Command::RejectHours { mode, reason, records: words.records() })
        }
        "reverses" => {
            let (mode, reason) = (words.mode(), reason(words.after("for")));
            Ok(Command::ReverseHours { mode, reason, records: words.records() })
        }
        "corrects" => {
            let reason = reason(words.after("for"));
            let activity = words.after("at").map(|it| activity(scene, it));
            let record = RecordNo::new(words.next().parse().unwrap()).unwrap();
            assert!(words.is("to"));
            words.service().map(|service| Command::CorrectHours {
                record,
                activity,
                service,
                reason,
            })
        }
        "deducts" => {
            let reason = reason(words.after("for"));
            let activity = activity(scene, words.after("at").unwrap());
            let volunteer = Town::volunteer_ref(words.next());
            words.service().map(|service| Command::DeductHours {
                volunteer,
                activity,
                service,
                reason,
            })
        }
        "evaluates" => {
            let evaluation = words.evaluation().unwrap();
            let record = RecordNo::new(words.next().parse().unwrap()).unwrap();
            Ok(Command::EvaluateHours { record, evaluation })
        }
        _ => return None,
    };
    Some(command)
}

fn record(scene: &Scene, words: &mut Words<'_>, items: &[&str]) -> Result<Command, String> {
    use Provenance::{Clerk, Import, Opening, Paper, Scanned, SelfReported};
    let mode = words.mode();
    let activity = activity(scene, words.after("at").unwrap());
    let word = words.0.pop().unwrap_or("clerk");
    let all = [Scanned, Clerk, Paper, Import, SelfReported, Opening];
    let provenance = all.into_iter().find(|it| it.to_string() == word).expect("a provenance");
    let items = items.iter().map(|it| {
        let mut words = Words::of(it);
        let evaluation = words.evaluation();
        let volunteer = Town::volunteer_ref(words.next());
        Ok(HoursItem { volunteer, service: words.service()?, evaluation })
    });
    let items = items.collect::<Result<_, String>>()?;
    Ok(Command::RecordHours(RecordHours { activity, provenance, items, mode }))
}

fn batch(name: &str) -> BatchKey {
    let mut batch = [0; 32];
    batch.iter_mut().zip(name.bytes()).for_each(|(byte, it)| *byte = it);
    BatchKey::new(batch)
}

fn import(words: &mut Words<'_>, items: &[&str]) -> Result<Command, String> {
    let batch = batch(words.next());
    let part = words.after("part").map_or(0, |it| it.parse().unwrap());
    let part = ImportPart { batch, part, last: words.has("last"), file: None };
    let branch = Town::code(words.after("to").unwrap_or("N1"));
    let span = words.after("over").map(|it| {
        let (from, to) = it.split_once("..").unwrap();
        Span::new(day(from), day(to)).unwrap()
    });
    let rows = (1..).zip(items).map(|(line, it)| {
        let mut words = Words::of(it);
        let volunteer = Town::volunteer_ref(words.next());
        let NamedActivity { name, category, place, .. } = named(words.next());
        Ok(ImportRow { line, volunteer, name, category, place, service: words.time()? })
    });
    let rows = rows.collect::<Result<_, String>>()?;
    let opening = words.has("opening");
    Ok(Command::ImportHours(ImportHours { part, branch, opening, span, rows }))
}

fn check_ins(scene: &Scene, verb: &str, words: &mut Words<'_>) -> Option<Result<Command, String>> {
    let command = match verb {
        "creates-activity" => {
            let activity = named(words.next());
            match words.time() {
                Ok(RowService::Interval(window)) => Command::CreateActivity { activity, window },
                Ok(RowService::Day(..) | RowService::Total(_)) => panic!("no start and end"),
                Err(malformed) => return Some(Err(malformed)),
            }
        }
        "checks-in" => {
            let volunteer = Town::volunteer_ref(words.next());
            match activity(scene, words.after("at").unwrap()) {
                ActivityRef::No(activity) => Command::CheckIn { volunteer, activity },
                ActivityRef::Named(it) => panic!("{} was not created", it.name),
            }
        }
        "checks-out" => Command::CheckOut { volunteer: Town::volunteer_ref(words.next()) },
        "cancels" => Command::CancelCheckIn { volunteer: Town::volunteer_ref(words.next()) },
        "closes" => Command::CloseForgottenCheckIns,
        _ => return None,
    };
    Some(Ok(command))
}

fn others(
    scene: &Scene,
    verb: &str,
    words: &mut Words<'_>,
    items: &[&str],
) -> Option<Result<Command, String>> {
    use VolunteerStatus::{Active, Closed, Suspended};
    let command = match verb {
        "creates-branch" => {
            use BranchKind::{Community, District, Street};
            let (code, kind) = (words.next(), words.next());
            let kind = [District, Street, Community].into_iter().find(|it| it.to_string() == kind);
            let (code, name) = (Town::code(code), BranchName::new(code).unwrap());
            let parent = words.after("below").map(Town::code);
            Command::CreateBranch { code, name, kind: kind.unwrap(), parent }
        }
        "renames" => {
            let branch = Town::code(words.next());
            let name = BranchName::new(words.after("to").unwrap()).unwrap();
            Command::RenameBranch { branch, name }
        }
        "registers" => {
            let mode = words.mode();
            let count = u64::try_from(scene.town.ledger().volunteer_count()).unwrap();
            let items = (count + 1..).zip(items).map(|(serial, it)| {
                let mut words = Words::of(it);
                let tag = number(words.next());
                let branch = Town::code(words.next());
                let joined = words.0.pop().map_or(day("2026-01-01"), day);
                NewVolunteer { volunteer: volunteer_id(serial), tag, branch, joined }
            });
            Command::RegisterVolunteers { items: items.collect(), mode }
        }
        "moves" => {
            let volunteer = Town::volunteer_ref(words.next());
            Command::MoveVolunteer { volunteer, branch: Town::code(words.after("to").unwrap()) }
        }
        "sets" => {
            let (volunteer, status) = (Town::volunteer_ref(words.next()), words.next());
            let all = [Active, Suspended, Closed];
            let status = all.into_iter().find(|it| it.to_string() == status).unwrap();
            Command::SetVolunteerStatus { volunteer, status }
        }
        "erases" => Command::ErasePerson { volunteer: Town::volunteer_ref(words.next()) },
        "adopts" => {
            let in_force_from = day(words.after("from").unwrap());
            Command::AdoptRulebook { in_force_from, rulebook: rulebook(items) }
        }
        "issues" => issue(scene, words, items),
        "revokes" => {
            let no = scene.tokens.get(words.next()).copied().flatten();
            Command::RevokeToken { token: no.unwrap_or(TokenNo::new(999).unwrap()) }
        }
        _ => return None,
    };
    Some(Ok(command))
}

fn issue(scene: &Scene, words: &mut Words<'_>, items: &[&str]) -> Command {
    let handle = Handle::new(words.next()).unwrap();
    let expires = words.is("until").then(|| {
        let (date, time) = (words.next(), words.next());
        timestamp(&format!("{date} {time}"))
    });
    let count = scene.town.ledger().tokens().count();
    let hash = TokenHash::new([u8::try_from(count).unwrap(); 32]);
    let grants = items.iter().map(|it| {
        let (role, scope) = it.rsplit_once(' ').unwrap();
        let role = Role::ALL.into_iter().find(|it| it.to_string() == role).unwrap();
        let scope = match scope {
            "bank" => NewScope::Bank,
            it if it.parse::<u32>().is_ok() => NewScope::Volunteer(Town::volunteer_ref(it)),
            it => NewScope::Branch(Town::code(it)),
        };
        NewGrant { role, scope }
    });
    Command::IssueToken { hash, handle, grants: grants.collect(), expires }
}

/// Keeps the numbers that later steps name by a word.
pub(super) fn remember(scene: &mut Scene, outcome: &Outcome, line: &str) {
    let Outcome::Done(entry) = outcome else { return };
    let name = line.split_whitespace().nth(1).unwrap_or_default().to_owned();
    if let Event::ActivityCreated(it) = &entry.event {
        scene.activities.insert(name, it.no);
    } else if let Event::TokenIssued(it) = &entry.event {
        scene.tokens.insert(name, Some(it.no));
    }
}
