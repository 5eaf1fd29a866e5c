//! The door that every call comes through: is the bank open, who calls, may they, and the way of
//! a change to the writer and back.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use lovebank_ledger::{
    Authority, Command, Entry, EntryNo, Ledger, PassbookNo, Refused, TokenNo, Verb, VolunteerRef,
};
use lovebank_vault::{Vault, VolunteerNumber};
use lovebank_wire::{Fault, Malformed, scalar, status, v1};
use prost::Message;
use tonic::{Request, Status, metadata::MetadataMap};

use super::{
    Secret,
    status::{READ_BEHIND, READ_ONLY, STARTING, STOPPING, UNAUTHENTICATED, vault_failed},
};
use crate::{
    bank::Bank,
    writer::{NotPosted, Receipt, Submission},
};

/// How long a read waits for the entry of its `min_seq`.
const READ_WAIT: Duration = Duration::from_secs(5);
/// Whom a volunteer's own token means.
const ME: &str = "me";

/// What every service holds.
#[derive(Debug, Clone)]
pub(super) struct Door {
    gate: Arc<OnceLock<Bank>>,
}

/// A call whose token the bank knows.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) bank: Bank,
    pub(super) token: TokenNo,
    own: Option<PassbookNo>,
}

/// A change as its message asks for it.
pub(super) trait Change: Message + Clone {
    /// The caller's name for the request.
    fn request_id(&self) -> &str;
    /// Whether nothing is to be recorded.
    fn validate_only(&self) -> bool;
    /// The message without both.
    fn cleared(&self) -> Self;
}

macro_rules! changes {
    ($($message:ident),+ $(,)?) => {
        $(impl Change for v1::$message {
            fn request_id(&self) -> &str {
                &self.request_id
            }

            fn validate_only(&self) -> bool {
                self.validate_only
            }

            fn cleared(&self) -> Self {
                Self { request_id: String::new(), validate_only: false, ..self.clone() }
            }
        })+
    };
}
changes!(
    CreateBranchRequest,
    RenameBranchRequest,
    RegisterVolunteerRequest,
    BatchRegisterVolunteersRequest,
    MoveVolunteerRequest,
    SetVolunteerStatusRequest,
    ErasePersonRequest,
    CreateActivityRequest,
    RecordHoursRequest,
    BatchRecordHoursRequest,
    ApproveHoursRequest,
    RejectHoursRequest,
    ReverseHoursRequest,
    CorrectHoursRequest,
    DeductHoursRequest,
    EvaluateHoursRequest,
    CheckInRequest,
    CheckOutRequest,
    CancelCheckInRequest,
    AdoptRulebookRequest,
    IssueTokenRequest,
    RevokeTokenRequest,
    SetNeedClassRequest,
    PublishRewardRequest,
    AddStockRequest,
    WithdrawRewardRequest,
    RequestRedemptionRequest,
    CancelRedemptionRequest,
    FulfillRedemptionRequest,
    MarkNoShowRequest,
    ReverseRedemptionRequest,
    GivePointsRequest,
    ReverseGiftRequest,
    RequestKinRequest,
    ConfirmKinRequest,
    EndKinRequest,
    ProposeMergeRequest,
    ConfirmMergeRequest,
    ProposeMergeUndoRequest,
    ConfirmMergeUndoRequest,
    RefuseMergeRequest,
    NameBeneficiaryRequest,
    RequestDrawRequest,
    ApproveDrawRequest,
    RejectDrawRequest,
    AskForHelpRequest,
    OfferHelpRequest,
    WithdrawOfferRequest,
    AcceptOfferRequest,
    CancelHelpRequest,
    ConfirmHelpRequest,
    ResolveHelpRequest,
    AwardStarsRequest,
    RecordHonoursRequest,
    RevokeHonourRequest,
    NominateVolunteerRequest,
    CreateRunRequest,
    ProposeExceptionRequest,
    ConfirmExceptionRequest,
    PublishRunRequest,
    FileObjectionRequest,
    ResolveObjectionRequest,
    FinalizeRunRequest,
    WithdrawRunRequest,
    IssueCertificateRequest,
);

impl Door {
    pub(super) fn new(gate: Arc<OnceLock<Bank>>) -> Self {
        Self { gate }
    }

    /// The bank, for the one question that needs no token.
    pub(super) fn bank(&self) -> Result<&Bank, Status> {
        Ok(self.gate.get().ok_or(STARTING)?)
    }

    /// Lets a call in: the bank is open, and its token holds.
    pub(super) fn enter<T>(&self, request: &Request<T>, verb: Verb) -> Result<Caller, Status> {
        self.enter_with(request.metadata(), verb)
    }

    pub(super) fn enter_with(&self, metadata: &MetadataMap, verb: Verb) -> Result<Caller, Status> {
        let bank = self.gate.get().ok_or(STARTING)?;
        let header = metadata.get("authorization").and_then(|it| it.to_str().ok());
        let secret = header.and_then(|it| it.strip_prefix("Bearer ")).and_then(Secret::parse);
        let hash = secret.ok_or(UNAUTHENTICATED)?.hash();
        let ledger = bank.reader.ledger();
        let token = ledger.token_by_hash(&hash).ok_or(UNAUTHENTICATED)?;
        let authority = Authority::of(&ledger, token, bank.clock.now());
        let authority = authority.map_err(status::refused_read)?;
        if let Some(handle) = ledger.handle(authority.actor()) {
            tracing::Span::current().record("actor", handle.as_str());
        }
        authority.may(verb).map_err(status::refused_read)?;
        let own = authority.own_passbook();
        drop(ledger);
        Ok(Caller { bank: bank.clone(), token, own })
    }
}

impl Caller {
    /// Looks up volunteer numbers, for parsing.
    pub(super) fn resolve(&self) -> impl Fn(&str) -> Result<VolunteerRef, Fault> + use<'_> {
        |text| match self.own {
            Some(passbook) if text == ME => Ok(VolunteerRef::Passbook(passbook)),
            _ => Ok(VolunteerRef::Tag(self.bank.vault.tag(&number(text)?))),
        }
    }

    /// The passbook of a volunteer number, where the caller may do the verb on it.
    pub(super) fn passbook(
        &self,
        ledger: &Ledger<'_>,
        verb: Verb,
        text: &str,
    ) -> Result<PassbookNo, Status> {
        let named = self.resolve()(text);
        let named = named.map_err(|fault| Malformed::new("volunteer_number", fault))?;
        let authority = self.authority(ledger)?;
        let passbook = ledger.resolve(named).ok_or_else(|| authority.nobody(verb));
        let passbook = passbook.map_err(status::refused_read)?;
        authority.on_passbook(verb, passbook).map_err(status::refused_read)?;
        Ok(passbook)
    }

    /// What the caller may do.
    pub(super) fn authority<'a>(&self, ledger: &'a Ledger<'a>) -> Result<Authority<'a>, Status> {
        Authority::of(ledger, self.token, self.bank.clock.now()).map_err(status::refused_read)
    }

    /// Waits until the entry that the caller must see is durable.
    pub(super) async fn reached(&self, min_seq: u64) -> Result<(), Status> {
        if min_seq == 0 {
            return Ok(());
        }
        match tokio::time::timeout(READ_WAIT, self.bank.reader.reached(min_seq)).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(STOPPING.into()),
            Err(_) => Err(READ_BEHIND.into()),
        }
    }

    /// Hands a change to the writer.
    pub(super) async fn submit(
        &self,
        method: &str,
        message: &impl Change,
        command: Command,
    ) -> Result<Receipt, Status> {
        Ok(self.try_submit(method, message, command).await??)
    }

    /// As [`Self::submit`], with the refusal apart from the failures.
    pub(super) async fn try_submit(
        &self,
        method: &str,
        message: &impl Change,
        command: Command,
    ) -> Result<Result<Receipt, NotPosted>, Status> {
        let request = scalar::request_id(message.request_id())?;
        tracing::Span::current().record("request.id", message.request_id());
        let fingerprint = scalar::fingerprint(method, &message.cleared());
        let fingerprint = self.bank.vault.keyed(fingerprint);
        let submission = Submission {
            request,
            fingerprint,
            token: Some(self.token),
            validate_only: message.validate_only(),
            command,
        };
        Ok(self.bank.writer.submit(submission).await)
    }

    /// Changes the vault for the sake of a command that is yet to be written, unless none is.
    pub(super) async fn keep<T, E>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Status>
    where
        T: Send + 'static,
        E: std::error::Error + Send + 'static,
    {
        if self.bank.writer.only_reads() {
            return Err(READ_ONLY.into());
        }
        self.vault(work).await
    }

    /// Works in the vault, off the runtime's threads.
    pub(super) async fn vault<T, E>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Status>
    where
        T: Send + 'static,
        E: std::error::Error + Send + 'static,
    {
        let vault = self.bank.vault.clone();
        let done = tokio::task::spawn_blocking(move || work(&vault)).await;
        let done = done.map_err(|err| vault_failed(&err))?;
        done.map_err(|err| vault_failed(&err))
    }
}

/// Does work in vault and journal to its end, though the caller goes away or its time is over: cut
/// off between the two, it would be half done.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Status>> + Send + 'static,
) -> Result<T, Status> {
    let done = tokio::spawn(tracing::Instrument::in_current_span(work)).await;
    done.unwrap_or_else(|err| Err(vault_failed(&err)))
}

/// A volunteer number as a caller gives it.
pub(super) fn number(text: &str) -> Result<VolunteerNumber, Fault> {
    if text.trim().eq_ignore_ascii_case(ME) {
        return Err(Fault::Other {
            english: "\"me\" is the owner of a volunteer's own token, and no number".to_owned(),
            chinese: "“me”指令牌本人，不能作义工号".to_owned(),
        });
    }
    VolunteerNumber::parse(text).map_err(|err| personal(&err))
}

/// A text of the vault that is out of bounds.
pub(super) fn personal(err: &lovebank_vault::BadText) -> Fault {
    let chinese = match err.code() {
        "TEXT_EMPTY" => "不能为空",
        "TEXT_TOO_LONG" => "过长",
        "TEXT_UNSEEN_CHARACTER" => "含有不可见字符",
        "NUMBER_INNER_SPACE" => "义工号中间不能有空格",
        "NUMBER_SCIENTIFIC" => "是科学计数法，号码已被表格软件损坏：请将该列设为文本后重新填写",
        "PHONE_BAD_CHARACTER" => "电话只能含数字、+ - ( ) 和空格",
        "PHONE_TOO_FEW_DIGITS" => "电话位数过少",
        _ => "不符合要求",
    };
    Fault::Other { english: err.to_string(), chinese: chinese.to_owned() }
}

/// The receipt of an entry.
pub(super) fn receipt(it: &Receipt) -> v1::Receipt {
    let Entry { no, recorded_at, .. } = &*it.entry;
    v1::Receipt {
        seq: no.get(),
        recorded_at: Some(scalar::to_timestamp(*recorded_at)),
        replayed: it.replayed,
        validated_only: it.validated_only,
    }
}

/// Of a batch whose items stand for themselves, a refusal of them all is an answer.
pub(super) fn all_refused(
    result: Result<Receipt, NotPosted>,
    mode: i32,
) -> Result<Result<Receipt, Refused>, Status> {
    match result {
        Ok(receipt) => Ok(Ok(receipt)),
        Err(NotPosted::Refused(refused))
            if mode == i32::from(v1::BatchMode::ItemByItem) && !refused.items.is_empty() =>
        {
            Ok(Err(refused))
        }
        Err(err) => Err(err.into()),
    }
}

/// The entry up to which a ledger knows.
pub(super) fn read_seq(ledger: &Ledger<'_>) -> u64 {
    ledger.head().map_or(0, EntryNo::get)
}
