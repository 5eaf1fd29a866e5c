//! A bank that misbehaves as told: it refuses, and it cuts the connection in the middle.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use lovebank_wire::v1::{
    self, branch_service_server as branch, hours_service_server as hours,
    import_hours_request::Kind, journal_service_server as journal,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::{Request, Response, Status, Streaming, transport::Server};

/// How long a bank that cut the connection waits for that to arrive.
const LONG: Duration = Duration::from_secs(60);

/// An entry that no client takes unless its limit is raised; the journal's own is 8 MiB.
const LARGE_ENTRY: usize = 8 * 1024 * 1024;

/// How one call of an import goes.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// It is refused at once.
    Refuse(Status),
    /// So many parts are answered, then the connection is cut.
    CutAfter(u32),
    /// So many parts are answered, then it fails.
    FailAfter(u32, Status),
    /// All of it is answered.
    Answer,
}

/// One call of an import, as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) at: Instant,
    pub(crate) header: v1::ImportHeader,
    pub(crate) parts: Vec<v1::ImportPart>,
}

#[derive(Debug, Default)]
struct State {
    steps: VecDeque<Step>,
    calls: Vec<Call>,
    /// Names of requests for branches.
    branches: Vec<String>,
    /// Parts that were taken in, by batch.
    taken: Vec<(Vec<u8>, u32)>,
}

/// The bank.
#[derive(Debug, Clone)]
pub(crate) struct Mock {
    state: Arc<Mutex<State>>,
    cut: Arc<watch::Sender<u64>>,
    pub(crate) address: String,
}

impl Mock {
    /// Starts a bank whose imports go so, one after the other; those after the last are answered.
    pub(crate) async fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let state = State { steps: steps.into_iter().collect(), ..State::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let behind = listener.local_addr().expect("an address").to_string();
        let front = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", front.local_addr().expect("an address"));
        let cut = Arc::new(watch::Sender::new(0));
        let mock = Self { state: Arc::new(Mutex::new(state)), cut: cut.clone(), address };
        let server = Server::builder()
            .add_service(hours::HoursServiceServer::new(mock.clone()))
            .add_service(branch::BranchServiceServer::new(mock.clone()))
            .add_service(journal::JournalServiceServer::new(mock.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        tokio::spawn(forward(front, behind, cut));
        mock
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state.lock().expect("not poisoned").calls.clone()
    }

    pub(crate) fn branches(&self) -> Vec<String> {
        self.state.lock().expect("not poisoned").branches.clone()
    }

    fn next(&self) -> Step {
        let mut state = self.state.lock().expect("not poisoned");
        state.steps.pop_front().unwrap_or(Step::Answer)
    }

    async fn cut(&self) {
        self.cut.send_modify(|it| *it = it.wrapping_add(1));
        tokio::time::sleep(LONG).await;
    }

    async fn import(
        &self,
        mut parts: Streaming<v1::ImportHoursRequest>,
        step: Step,
        answers: mpsc::Sender<Result<v1::ImportHoursResponse, Status>>,
    ) {
        let Ok(Some(v1::ImportHoursRequest { kind: Some(Kind::Header(header)) })) =
            parts.message().await
        else {
            panic!("a header comes first");
        };
        let call = {
            let mut state = self.state.lock().expect("not poisoned");
            state.calls.push(Call { at: Instant::now(), header: header.clone(), parts: vec![] });
            state.calls.len()
        };
        let mut answered = 0;
        while let Ok(Some(message)) = parts.message().await {
            let Some(Kind::Part(part)) = message.kind else { panic!("then come parts") };
            match &step {
                Step::CutAfter(count) if answered == *count => return self.cut().await,
                Step::FailAfter(count, status) if answered == *count => {
                    answers.send(Err(status.clone())).await.ok();
                    return;
                }
                Step::CutAfter(_) | Step::FailAfter(..) | Step::Answer | Step::Refuse(_) => {}
            }
            let answer = self.take(call, &header, part);
            answered = answered.saturating_add(1);
            if answers.send(Ok(answer)).await.is_err() {
                return;
            }
        }
    }

    /// Takes a part in: each row is new, and each part is replayed the second time.
    fn take(
        &self,
        call: usize,
        header: &v1::ImportHeader,
        part: v1::ImportPart,
    ) -> v1::ImportHoursResponse {
        let mut state = self.state.lock().expect("not poisoned");
        let name = (header.batch_key.clone(), part.part);
        let replayed = state.taken.contains(&name);
        state.taken.push(name);
        let verdicts = part.rows.iter().map(|row| v1::RowVerdict {
            line: row.line,
            verdict: v1::Verdict::New.into(),
            record_no: u64::from(row.line),
            ..v1::RowVerdict::default()
        });
        let answer = v1::ImportHoursResponse {
            receipt: Some(v1::Receipt { seq: 1, replayed, ..v1::Receipt::default() }),
            part: part.part,
            registered: 0,
            verdicts: verdicts.collect(),
        };
        // A call is known by how many there were when it came.
        let call = state.calls.iter_mut().take(call).last().expect("it was noted");
        call.parts.push(part);
        answer
    }
}

/// Passes bytes on until the connection is to be cut.
pub(crate) async fn forward(front: TcpListener, behind: String, cut: Arc<watch::Sender<u64>>) {
    while let Ok((mut client, _)) = front.accept().await {
        let (behind, mut cut) = (behind.clone(), cut.subscribe());
        tokio::spawn(async move {
            let mut server = TcpStream::connect(behind).await.expect("the bank listens");
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                _ = cut.changed() => {}
            }
        });
    }
}

type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send + 'a>>;

/// Calls that no test makes; written out, since `async_trait` does not look into macros.
macro_rules! unasked {
    ($($name:ident: $request:ident => $response:ident),+ $(,)?) => {
        $(fn $name<'a, 'b>(&'a self, _: Request<v1::$request>) -> Answering<'b, v1::$response>
        where
            'a: 'b,
            Self: 'b,
        {
            Box::pin(async { Err(Status::unimplemented(stringify!($name))) })
        })+
    };
}

#[tonic::async_trait]
impl branch::BranchService for Mock {
    async fn create_branch(
        &self,
        request: Request<v1::CreateBranchRequest>,
    ) -> Result<Response<v1::CreateBranchResponse>, Status> {
        let request = request.into_inner();
        let first = {
            let mut state = self.state.lock().expect("not poisoned");
            state.branches.push(request.request_id);
            state.branches.len() == 1
        };
        if first {
            self.cut().await;
        }
        let receipt = Some(v1::Receipt { seq: 2, replayed: true, ..v1::Receipt::default() });
        Ok(Response::new(v1::CreateBranchResponse { receipt, branch: request.branch }))
    }

    unasked!(
        rename_branch: RenameBranchRequest => RenameBranchResponse,
        get_branch: GetBranchRequest => GetBranchResponse,
        list_branches: ListBranchesRequest => ListBranchesResponse,
        get_branch_totals: GetBranchTotalsRequest => GetBranchTotalsResponse,
    );
}

/// A journal whose first entry is none.
#[tonic::async_trait]
impl journal::JournalService for Mock {
    type StreamEntriesStream = ReceiverStream<Result<v1::StreamEntriesResponse, Status>>;

    async fn get_head(
        &self,
        _: Request<v1::GetHeadRequest>,
    ) -> Result<Response<v1::GetHeadResponse>, Status> {
        let head = v1::GetHeadResponse { seq: 1, seal: vec![7; 32], recorded_at: None };
        Ok(Response::new(head))
    }

    async fn get_state_digest(
        &self,
        _: Request<v1::GetStateDigestRequest>,
    ) -> Result<Response<v1::GetStateDigestResponse>, Status> {
        Err(Status::unimplemented("nobody asks the mock"))
    }

    async fn stream_entries(
        &self,
        _: Request<v1::StreamEntriesRequest>,
    ) -> Result<Response<Self::StreamEntriesStream>, Status> {
        let (sender, receiver) = mpsc::channel(1);
        let entries = vec![v1::StoredEntry { seq: 1, entry: vec![1; LARGE_ENTRY] }];
        sender.send(Ok(v1::StreamEntriesResponse { entries })).await.ok();
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

#[tonic::async_trait]
impl hours::HoursService for Mock {
    type ImportHoursStream = ReceiverStream<Result<v1::ImportHoursResponse, Status>>;
    type ListActivityDeadlinesStream =
        ReceiverStream<Result<v1::ListActivityDeadlinesResponse, Status>>;
    type UndoImportStream = ReceiverStream<Result<v1::UndoImportResponse, Status>>;

    async fn undo_import(
        &self,
        _: Request<v1::UndoImportRequest>,
    ) -> Result<Response<Self::UndoImportStream>, Status> {
        Err(Status::unimplemented("nobody asks the mock"))
    }

    async fn list_activity_deadlines(
        &self,
        _: Request<v1::ListActivityDeadlinesRequest>,
    ) -> Result<Response<Self::ListActivityDeadlinesStream>, Status> {
        Err(Status::unimplemented("nobody asks the mock"))
    }

    async fn import_hours(
        &self,
        request: Request<Streaming<v1::ImportHoursRequest>>,
    ) -> Result<Response<Self::ImportHoursStream>, Status> {
        let step = self.next();
        if let Step::Refuse(status) = &step {
            let header = v1::ImportHeader::default();
            let call = Call { at: Instant::now(), header, parts: Vec::new() };
            self.state.lock().expect("not poisoned").calls.push(call);
            return Err(status.clone());
        }
        let (sender, receiver) = mpsc::channel(1);
        let mock = self.clone();
        tokio::spawn(async move { mock.import(request.into_inner(), step, sender).await });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    unasked!(
        create_activity: CreateActivityRequest => CreateActivityResponse,
        get_activity: GetActivityRequest => GetActivityResponse,
        list_activities: ListActivitiesRequest => ListActivitiesResponse,
        record_hours: RecordHoursRequest => RecordHoursResponse,
        batch_record_hours: BatchRecordHoursRequest => BatchRecordHoursResponse,
        approve_hours: ApproveHoursRequest => SettleHoursResponse,
        reject_hours: RejectHoursRequest => SettleHoursResponse,
        reverse_hours: ReverseHoursRequest => SettleHoursResponse,
        correct_hours: CorrectHoursRequest => CorrectHoursResponse,
        deduct_hours: DeductHoursRequest => DeductHoursResponse,
        evaluate_hours: EvaluateHoursRequest => EvaluateHoursResponse,
        get_hours_record: GetHoursRecordRequest => GetHoursRecordResponse,
        list_hours_records: ListHoursRecordsRequest => ListHoursRecordsResponse,
        check_in: CheckInRequest => CheckInResponse,
        check_out: CheckOutRequest => CheckOutResponse,
        cancel_check_in: CancelCheckInRequest => CancelCheckInResponse,
        list_check_ins: ListCheckInsRequest => ListCheckInsResponse,
        get_import: GetImportRequest => GetImportResponse,
        list_imports: ListImportsRequest => ListImportsResponse,
    );
}
