//! The way to the bank: its address, the token, and a client of every service.

use std::{fs, path::Path, time::Duration};

use lovebank_wire::{ANSWER_BYTES_MAX, v1};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig},
};

use crate::{cli::Globals, fail::Fail};

/// How long a bank may take to be reached, and to answer a sign of life.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection with a token.
#[derive(Debug, Clone)]
pub(crate) struct Bank {
    channel: Channel,
    token: Token,
}

/// Who calls a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Whoever has the token.
    Holder,
    /// Anyone.
    Stranger,
    /// Nobody: the bank is stopped, and its directory is worked on.
    Nobody,
}

/// Puts the token on every call; none: a stranger calls.
#[derive(Debug, Clone)]
pub(crate) struct Token(Option<MetadataValue<Ascii>>);

impl Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request.metadata_mut().insert("authorization", token.clone());
        }
        Ok(request)
    }
}

type Called = InterceptedService<Channel, Token>;
/// A client of the journal.
pub(crate) type Journals = v1::journal_service_client::JournalServiceClient<Called>;

macro_rules! services {
    ($($name:ident: $module:ident::$client:ident),+ $(,)?) => {
        $(pub(crate) fn $name(&self) -> v1::$module::$client<Called> {
            v1::$module::$client::with_interceptor(self.channel.clone(), self.token.clone())
                .max_decoding_message_size(ANSWER_BYTES_MAX)
        })+
    };
}

impl Bank {
    /// Connects, so that a bank that is not there is told before anything is asked.
    pub(crate) async fn connect(globals: &Globals, caller: Caller) -> Result<Self, Fail> {
        let server = &globals.server;
        let token = match caller {
            Caller::Holder => token(&globals.token_file)?,
            Caller::Stranger | Caller::Nobody => Token(None),
        };
        let bad = |why: &str| {
            Fail::usage(
                format!("--server {server}: {why}; write http://HOST:PORT or https://HOST:PORT"),
                format!(
                    "--server {server}：不是地址；请写成 http://主机:端口 或 https://主机:端口"
                ),
            )
        };
        let mut endpoint =
            Channel::from_shared(server.clone()).map_err(|err| bad(&err.to_string()))?;
        if !server.contains("://") {
            return Err(bad("no scheme"));
        }
        if let Some(tls) = tls(globals)? {
            endpoint = endpoint.tls_config(tls).map_err(|err| Fail::local(&err))?;
        }
        let endpoint = endpoint
            .connect_timeout(PATIENCE)
            .http2_keep_alive_interval(PATIENCE)
            .keep_alive_timeout(PATIENCE);
        if caller == Caller::Nobody {
            return Ok(Self { channel: endpoint.connect_lazy(), token });
        }
        let channel = endpoint.connect().await.map_err(|err| {
            let why = Fail::local(&err).english;
            Fail::error(
                format!(
                    "cannot reach the bank at {server} ({why}): start it, or give --server; \
                     a bank with TLS needs https:// and --tls-ca"
                ),
                format!(
                    "连不上 {server}（{why}）：请先启动爱心银行，或用 --server 指定地址；\
                     启用 TLS 的要写 https:// 并给 --tls-ca"
                ),
            )
        })?;
        Ok(Self { channel, token })
    }

    services!(
        access: access_service_client::AccessServiceClient,
        backups: backup_service_client::BackupServiceClient,
        branches: branch_service_client::BranchServiceClient,
        gifts: transfer_service_client::TransferServiceClient,
        help: help_service_client::HelpServiceClient,
        hours: hours_service_client::HoursServiceClient,
        journal: journal_service_client::JournalServiceClient,
        merges: merge_service_client::MergeServiceClient,
        passbooks: passbook_service_client::PassbookServiceClient,
        recognitions: recognition_service_client::RecognitionServiceClient,
        redemptions: redemption_service_client::RedemptionServiceClient,
        rulebooks: rulebook_service_client::RulebookServiceClient,
        volunteers: volunteer_service_client::VolunteerServiceClient,
    );
}

fn tls(globals: &Globals) -> Result<Option<ClientTlsConfig>, Fail> {
    let Some(path) = &globals.tls_ca else { return Ok(None) };
    if !globals.server.starts_with("https://") {
        return Err(Fail::usage(
            "--tls-ca is for an address that begins with https://",
            "--tls-ca 只用于以 https:// 开头的地址",
        ));
    }
    let pem = fs::read(path).map_err(|err| Fail::file(path, &err))?;
    Ok(Some(ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem))))
}

fn token(path: &Path) -> Result<Token, Fail> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|err| {
        Fail::error(
            format!("cannot read the token file {shown} ({err}): give --token-file"),
            format!("读不到令牌文件 {shown}（{err}）：请用 --token-file 指定"),
        )
    })?;
    let value = format!("Bearer {}", text.trim()).parse();
    let mut value: MetadataValue<Ascii> = value.map_err(|_| {
        Fail::error(
            format!("{shown} holds no token: it is one line of letters and digits"),
            format!("{shown} 中不是令牌：令牌是一行字母和数字"),
        )
    })?;
    value.set_sensitive(true);
    Ok(Token(Some(value)))
}
