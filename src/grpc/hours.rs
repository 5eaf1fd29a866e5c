//! `HoursService`, but for its imports.

use lovebank_ledger::{Command, Entry, Event, HelpEvent, Verb};
use lovebank_wire::{
    message, request, scalar, status,
    v1::{self, hours_service_server::HoursService},
};
use tonic::{Request, Response, Status, Streaming};

use super::{
    door::{Caller, Change, Door, all_refused, receipt, to_the_end},
    import, import_batches, list_hours,
    parts::Stream,
    people::{add_numbers, annotate, annotation, forget, missing},
    recorded,
};
use crate::writer::{NotPosted, Receipt};

#[derive(Debug, Clone)]
pub(super) struct Hours(pub(super) Door);

#[tonic::async_trait]
impl HoursService for Hours {
    type ImportHoursStream = Stream<v1::ImportHoursResponse>;
    type UndoImportStream = Stream<v1::UndoImportResponse>;
    type ListActivityDeadlinesStream = Stream<v1::ListActivityDeadlinesResponse>;

    async fn create_activity(
        &self,
        call: Request<v1::CreateActivityRequest>,
    ) -> Result<Response<v1::CreateActivityResponse>, Status> {
        let caller = self.0.enter(&call, Verb::CreateActivity)?;
        let message = call.into_inner();
        let command = request::create_activity(&message)?;
        let made = caller.submit("CreateActivity", &message, command).await?;
        let mut activity = None;
        if let Event::ActivityCreated(it) = &made.entry.event {
            activity = Some(message::activity(&caller.bank.reader.ledger(), it));
        }
        Ok(Response::new(v1::CreateActivityResponse { receipt: Some(receipt(&made)), activity }))
    }

    async fn get_activity(
        &self,
        call: Request<v1::GetActivityRequest>,
    ) -> Result<Response<v1::GetActivityResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHours)?;
        caller.reached(call.get_ref().min_seq).await?;
        list_hours::activity(&caller, call.get_ref()).map(Response::new)
    }

    async fn list_activities(
        &self,
        call: Request<v1::ListActivitiesRequest>,
    ) -> Result<Response<v1::ListActivitiesResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHours)?;
        caller.reached(call.get_ref().min_seq).await?;
        list_hours::activities(&caller, call.get_ref()).map(Response::new)
    }

    async fn record_hours(
        &self,
        call: Request<v1::RecordHoursRequest>,
    ) -> Result<Response<v1::RecordHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RecordHours)?;
        let message = call.into_inner();
        let command = request::record_hours(&message, &caller.resolve())?;
        let item = message.item.as_ref().ok_or_else(|| missing("item"))?;
        let notes = annotation("item", item.annotation.as_ref())?;
        let notes = notes.map(|it| (0, item.volunteer_number.clone(), it)).into_iter().collect();
        let made =
            Noted { caller: &caller, notes }.submit("RecordHours", &message, command).await??;
        let record = first_record(&caller, &made).await?;
        Ok(Response::new(v1::RecordHoursResponse { receipt: Some(receipt(&made)), record }))
    }

    async fn batch_record_hours(
        &self,
        call: Request<v1::BatchRecordHoursRequest>,
    ) -> Result<Response<v1::BatchRecordHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RecordHours)?;
        let message = call.into_inner();
        let command = request::batch_record_hours(&message, &caller.resolve())?;
        let mut notes = Vec::new();
        for (index, it) in (0..).zip(&message.items) {
            let note = annotation(&format!("items[{index}]"), it.annotation.as_ref())?;
            notes.extend(note.map(|note| (index, it.volunteer_number.clone(), note)));
        }
        let way = Noted { caller: &caller, notes };
        let result = way.submit("BatchRecordHours", &message, command).await?;
        let made = match all_refused(result, message.mode)? {
            Ok(made) => made,
            Err(refused) => {
                let refused = status::refused_items(&refused.items);
                let answer = v1::BatchRecordHoursResponse { refused, ..<_>::default() };
                return Ok(Response::new(answer));
            }
        };
        let mut answer =
            v1::BatchRecordHoursResponse { receipt: Some(receipt(&made)), ..<_>::default() };
        if let Event::HoursRecorded { records, refused, .. } = &made.entry.event {
            answer.recorded = records.iter().map(message::recorded).collect();
            answer.refused = status::refused_items(refused);
        }
        Ok(Response::new(answer))
    }

    async fn approve_hours(
        &self,
        call: Request<v1::ApproveHoursRequest>,
    ) -> Result<Response<v1::SettleHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ApproveHours)?;
        let message = call.into_inner();
        let command = request::approve_hours(&message)?;
        let result = caller.try_submit("ApproveHours", &message, command).await?;
        settled(result, message.mode)
    }

    async fn reject_hours(
        &self,
        call: Request<v1::RejectHoursRequest>,
    ) -> Result<Response<v1::SettleHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::RejectHours)?;
        let message = call.into_inner();
        let command = request::reject_hours(&message)?;
        let result = caller.try_submit("RejectHours", &message, command).await?;
        settled(result, message.mode)
    }

    async fn reverse_hours(
        &self,
        call: Request<v1::ReverseHoursRequest>,
    ) -> Result<Response<v1::SettleHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReverseHours)?;
        let message = call.into_inner();
        let command = request::reverse_hours(&message)?;
        let result = caller.try_submit("ReverseHours", &message, command).await?;
        settled(result, message.mode)
    }

    async fn correct_hours(
        &self,
        call: Request<v1::CorrectHoursRequest>,
    ) -> Result<Response<v1::CorrectHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::CorrectHours)?;
        let message = call.into_inner();
        let command = request::correct_hours(&message)?;
        let made = caller.submit("CorrectHours", &message, command).await?;
        let record = first_record(&caller, &made).await?;
        Ok(Response::new(v1::CorrectHoursResponse { receipt: Some(receipt(&made)), record }))
    }

    async fn deduct_hours(
        &self,
        call: Request<v1::DeductHoursRequest>,
    ) -> Result<Response<v1::DeductHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::DeductHours)?;
        let message = call.into_inner();
        let command = request::deduct_hours(&message, &caller.resolve())?;
        let note = annotation("", message.annotation.as_ref())?;
        let note = note.map(|it| (0, message.volunteer_number.clone(), it));
        let way = Noted { caller: &caller, notes: note.into_iter().collect() };
        let made = way.submit("DeductHours", &message, command).await??;
        let record = first_record(&caller, &made).await?;
        Ok(Response::new(v1::DeductHoursResponse { receipt: Some(receipt(&made)), record }))
    }

    async fn evaluate_hours(
        &self,
        call: Request<v1::EvaluateHoursRequest>,
    ) -> Result<Response<v1::EvaluateHoursResponse>, Status> {
        let caller = self.0.enter(&call, Verb::EvaluateHours)?;
        let message = call.into_inner();
        let command = request::evaluate_hours(&message)?;
        let made = caller.submit("EvaluateHours", &message, command).await?;
        Ok(Response::new(v1::EvaluateHoursResponse { receipt: Some(receipt(&made)) }))
    }

    async fn get_hours_record(
        &self,
        call: Request<v1::GetHoursRecordRequest>,
    ) -> Result<Response<v1::GetHoursRecordResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHours)?;
        caller.reached(call.get_ref().min_seq).await?;
        list_hours::record(&caller, call.get_ref()).await.map(Response::new)
    }

    async fn list_hours_records(
        &self,
        call: Request<v1::ListHoursRecordsRequest>,
    ) -> Result<Response<v1::ListHoursRecordsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHours)?;
        caller.reached(call.get_ref().min_seq).await?;
        list_hours::records(&caller, call.get_ref()).await.map(Response::new)
    }

    async fn check_in(
        &self,
        call: Request<v1::CheckInRequest>,
    ) -> Result<Response<v1::CheckInResponse>, Status> {
        let caller = self.0.enter(&call, Verb::CheckIn)?;
        let message = call.into_inner();
        let volunteer = named(&caller, &message.volunteer_number)?;
        let activity = request::activity_no("activity_no", message.activity_no)?;
        let command = Command::CheckIn { volunteer, activity };
        let made = caller.submit("CheckIn", &message, command).await?;
        Ok(Response::new(v1::CheckInResponse { receipt: Some(receipt(&made)) }))
    }

    async fn check_out(
        &self,
        call: Request<v1::CheckOutRequest>,
    ) -> Result<Response<v1::CheckOutResponse>, Status> {
        let caller = self.0.enter(&call, Verb::CheckIn)?;
        let message = call.into_inner();
        let volunteer = named(&caller, &message.volunteer_number)?;
        let command = Command::CheckOut { volunteer };
        let made = caller.submit("CheckOut", &message, command).await?;
        let record = first_record(&caller, &made).await?;
        Ok(Response::new(v1::CheckOutResponse { receipt: Some(receipt(&made)), record }))
    }

    async fn cancel_check_in(
        &self,
        call: Request<v1::CancelCheckInRequest>,
    ) -> Result<Response<v1::CancelCheckInResponse>, Status> {
        let caller = self.0.enter(&call, Verb::CheckIn)?;
        let message = call.into_inner();
        let volunteer = named(&caller, &message.volunteer_number)?;
        let command = Command::CancelCheckIn { volunteer };
        let made = caller.submit("CancelCheckIn", &message, command).await?;
        Ok(Response::new(v1::CancelCheckInResponse { receipt: Some(receipt(&made)) }))
    }

    async fn list_check_ins(
        &self,
        call: Request<v1::ListCheckInsRequest>,
    ) -> Result<Response<v1::ListCheckInsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadHours)?;
        caller.reached(call.get_ref().min_seq).await?;
        list_hours::check_ins(&caller, call.get_ref()).await.map(Response::new)
    }

    async fn list_activity_deadlines(
        &self,
        call: Request<v1::ListActivityDeadlinesRequest>,
    ) -> Result<Response<Self::ListActivityDeadlinesStream>, Status> {
        let caller = self.0.enter(&call, Verb::ReadRecognition)?;
        let message = call.into_inner();
        caller.reached(message.min_seq).await?;
        recorded::deadlines(caller, &message).await.map(Response::new)
    }

    async fn import_hours(
        &self,
        call: Request<Streaming<v1::ImportHoursRequest>>,
    ) -> Result<Response<Self::ImportHoursStream>, Status> {
        let caller = self.0.enter(&call, Verb::ImportHours)?;
        Ok(Response::new(import::run(caller, call.into_inner())))
    }

    async fn undo_import(
        &self,
        call: Request<v1::UndoImportRequest>,
    ) -> Result<Response<Self::UndoImportStream>, Status> {
        let caller = self.0.enter(&call, Verb::UndoImport)?;
        import_batches::undo(caller, &call.into_inner()).map(Response::new)
    }

    async fn get_import(
        &self,
        call: Request<v1::GetImportRequest>,
    ) -> Result<Response<v1::GetImportResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadImports)?;
        caller.reached(call.get_ref().min_seq).await?;
        import_batches::get(&caller, call.get_ref()).map(Response::new)
    }

    async fn list_imports(
        &self,
        call: Request<v1::ListImportsRequest>,
    ) -> Result<Response<v1::ListImportsResponse>, Status> {
        let caller = self.0.enter(&call, Verb::ReadImports)?;
        caller.reached(call.get_ref().min_seq).await?;
        import_batches::list(&caller, call.get_ref()).map(Response::new)
    }
}

/// A change with annotations: the vault keeps them before the journal is written.
pub(super) struct Noted<'a> {
    pub(super) caller: &'a Caller,
    pub(super) notes: super::people::Annotations,
}

impl Noted<'_> {
    pub(super) async fn submit<M: Change + 'static>(
        self,
        method: &'static str,
        message: &M,
        command: Command,
    ) -> Result<Result<Receipt, NotPosted>, Status> {
        let (caller, message) = (self.caller.clone(), message.clone());
        let notes = if message.validate_only() { Vec::new() } else { self.notes };
        to_the_end(async move {
            let request = scalar::request_id(message.request_id())?;
            let keys = annotate(&caller, request, notes).await?;
            let result = caller.try_submit(method, &message, command).await;
            match &result {
                Ok(Err(err)) if err.is_unknown() => {}
                Ok(Ok(made)) => {
                    let kept = kept_items(&made.entry);
                    forget(&caller, keys, |item| kept.contains(&item)).await?;
                }
                Ok(Err(_)) | Err(_) => forget(&caller, keys, |_| false).await?,
            }
            result
        })
        .await
    }
}

/// The items that an entry made records of.
fn kept_items(entry: &Entry) -> Vec<u32> {
    if let Event::HoursRecorded { records, .. } = &entry.event {
        return records.iter().map(|it| it.index).collect();
    }
    if let Event::HoursDeducted { record, .. } = &entry.event {
        return vec![record.index];
    }
    if matches!(entry.event, Event::Help(HelpEvent::HelpAsked { .. })) {
        return vec![0];
    }
    Vec::new()
}

fn named(caller: &Caller, text: &str) -> Result<lovebank_ledger::VolunteerRef, Status> {
    Ok(request::volunteer("volunteer_number", text, &caller.resolve())?)
}

/// The record that an entry made, as it was when made.
async fn first_record(caller: &Caller, made: &Receipt) -> Result<Option<v1::HoursRecord>, Status> {
    let entry = &made.entry;
    let mut shown: Vec<v1::HoursRecord> = {
        let ledger = caller.bank.reader.ledger();
        message::first_record(&ledger, entry).into_iter().collect()
    };
    add_numbers(caller, &mut shown).await?;
    Ok(shown.into_iter().next())
}

fn settled(
    result: Result<Receipt, NotPosted>,
    batch_mode: i32,
) -> Result<Response<v1::SettleHoursResponse>, Status> {
    let mut answer = v1::SettleHoursResponse::default();
    let made = match all_refused(result, batch_mode)? {
        Ok(made) => made,
        Err(refused) => {
            answer.refused = status::refused_items(&refused.items);
            return Ok(Response::new(answer));
        }
    };
    answer.receipt = Some(receipt(&made));
    if let Event::HoursApproved { records, refused } = &made.entry.event {
        answer.record_nos = records.iter().map(|it| it.record.get()).collect();
        answer.refused = status::refused_items(refused);
    }
    if let Event::HoursRejected { records, refused, .. }
    | Event::HoursReversed { records, refused, .. } = &made.entry.event
    {
        answer.record_nos = records.iter().map(|it| it.get()).collect();
        answer.refused = status::refused_items(refused);
    }
    Ok(Response::new(answer))
}
