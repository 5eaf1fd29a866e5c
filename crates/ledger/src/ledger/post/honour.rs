//! Posting what concerns stars, awards, runs and certificates.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Posted, at, expect};
use crate::{
    Entry, HonourEvent, HonourNo, HonourOrigin, NewCertificate, NewHonour, NewObjection, NewRun,
    ObjectionAnswer, ObjectionNo, PassbookNo, RunNo, RunResult, RunState,
    ledger::{AnswerRow, CertificateRow, ExceptionRow, HonourRow, Ledger, ObjectionRow, RunRow},
};

impl Ledger<'_> {
    pub(super) fn post_honour_event(&mut self, event: &HonourEvent, entry: &Entry) -> Posted {
        match event {
            HonourEvent::HonoursGiven { source, honours, .. } => {
                self.post_honours(honours, HonourOrigin::Given(*source), entry)
            }
            HonourEvent::HonourRevoked { honour, .. } => self.post_revoked(*honour, entry),
            HonourEvent::Nominated { passbook, programme, year, branch } => {
                let key = (programme.clone(), *year, *passbook);
                self.nominations.insert(key, (entry.no, *branch));
                Ok(())
            }
            HonourEvent::RunCreated(it) => self.post_run(it, entry),
            HonourEvent::ExceptionProposed { run, passbook, condition } => {
                let (proposed_by, request) = (entry.actor, entry.request);
                let row = ExceptionRow { proposed_by, request, confirmed_by: None };
                self.run_mut(*run, entry)?.exceptions.insert((*passbook, *condition), row);
                Ok(())
            }
            HonourEvent::ExceptionConfirmed { run, passbook, condition, result } => {
                let row = self.run_mut(*run, entry)?;
                let exception = row.exceptions.get_mut(&(*passbook, *condition));
                exception.ok_or("no such exception")?.confirmed_by = Some(entry.actor);
                row.result = Arc::new(result.clone());
                Ok(())
            }
            HonourEvent::RunPublished { run, notice } => {
                let row = self.run_mut(*run, entry)?;
                (row.state, row.notice) = (RunState::Published, Some(*notice));
                Ok(())
            }
            HonourEvent::ObjectionFiled(it) => self.post_objection(*it, entry),
            HonourEvent::ObjectionResolved { objection, answer } => {
                self.post_answer(*objection, answer, entry)
            }
            HonourEvent::RunFinalized { run, honours } => {
                self.run_mut(*run, entry)?.state = RunState::Final;
                self.post_honours(honours, HonourOrigin::Run(*run), entry)
            }
            HonourEvent::RunWithdrawn { run, .. } => {
                self.run_mut(*run, entry).map(|it| it.state = RunState::Withdrawn)
            }
            HonourEvent::CertificateIssued(it) => self.post_certificate(*it, entry),
        }
    }

    fn post_honours(
        &mut self,
        honours: &[NewHonour],
        origin: HonourOrigin,
        entry: &Entry,
    ) -> Posted {
        for it in honours {
            let honour = it.clone();
            let (entry, actor) = (entry.no, entry.actor);
            self.honours.push(HonourRow { entry, actor, origin, honour, revoked: None });
            self.honours_of.insert((it.passbook, it.no), ());
            expect(it.no.get(), self.honours.len())?;
        }
        Ok(())
    }

    fn post_revoked(&mut self, no: HonourNo, entry: &Entry) -> Posted {
        let row = self.honours.get_mut(at(no.get())).ok_or("no such honour")?;
        if row.revoked.replace(entry.no).is_some() {
            return Err("the honour was taken back before");
        }
        Ok(())
    }

    fn post_run(&mut self, it: &NewRun, entry: &Entry) -> Posted {
        self.runs.push(RunRow {
            entry: entry.no,
            actor: entry.actor,
            run: Arc::new(it.clone()),
            state: RunState::Draft,
            result: Arc::new(it.result.clone()),
            exceptions: BTreeMap::new(),
            removed: BTreeSet::new(),
            notice: None,
            objections: Vec::new(),
            decided: entry.no,
        });
        expect(it.no.get(), self.runs.len())
    }

    fn post_objection(&mut self, it: NewObjection, entry: &Entry) -> Posted {
        self.run_mut(it.run, entry)?.objections.push(it.no);
        self.objections.push(ObjectionRow {
            entry: entry.no,
            actor: entry.actor,
            request: entry.request,
            run: it.run,
            about: it.about,
            answer: None,
        });
        self.objections_about.insert((it.about, it.no), ());
        expect(it.no.get(), self.objections.len())
    }

    fn post_answer(&mut self, no: ObjectionNo, it: &ObjectionAnswer, entry: &Entry) -> Posted {
        let row = self.objections.get_mut(at(no.get())).ok_or("no such objection")?;
        let upheld = *it != ObjectionAnswer::Dismissed;
        let (actor, request) = (entry.actor, entry.request);
        row.answer = Some(AnswerRow { entry: entry.no, actor, request, upheld });
        let (run, about) = (row.run, row.about);
        // A run made as of before a merge looks at each of a person's numbers.
        let numbers: Vec<PassbookNo> = self.numbers(self.person(about), None).collect();
        let row = self.run_mut(run, entry)?;
        match it {
            ObjectionAnswer::Dismissed => {}
            ObjectionAnswer::Removed(result) => {
                row.removed.extend(numbers);
                (row.state, row.result) = (RunState::Draft, Arc::<RunResult>::new(result.clone()));
            }
            ObjectionAnswer::RunGivenUp => row.state = RunState::Withdrawn,
        }
        Ok(())
    }

    fn post_certificate(&mut self, it: NewCertificate, entry: &Entry) -> Posted {
        let (entry, actor) = (entry.no, entry.actor);
        self.certificates.push(CertificateRow { entry, actor, certificate: it });
        expect(it.no.get(), self.certificates.len())
    }

    fn run_mut(&mut self, no: RunNo, entry: &Entry) -> Result<&mut RunRow, &'static str> {
        let row = self.runs.get_mut(at(no.get())).ok_or("no such run")?;
        row.decided = entry.no;
        Ok(row)
    }
}
