//! A real bank in this process, in a directory of its own.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use lovebank::{Addresses, clock::Clock, config::Config};
use lovebank_vault::Recipient;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::{Run, admin};

/// Longer than any start takes on a busy machine.
const PATIENCE: u32 = 600;

/// A bank, and tokens for those who call it.
pub(crate) struct Bank {
    pub(crate) directory: Arc<TempDir>,
    address: String,
    _stop: oneshot::Sender<()>,
}

impl Bank {
    /// Starts one with two communities under a street, a clerk, an approver and an auditor.
    pub(crate) async fn start() -> Self {
        Self::start_at(Clock::System).await
    }

    /// The same, by another clock.
    pub(crate) async fn start_at(clock: Clock) -> Self {
        Self::founded(clock, None).await
    }

    /// The same, whose vault is sealed to a key for backups.
    pub(crate) async fn start_sealing(recipient: Recipient) -> Self {
        Self::founded(Clock::System, Some(recipient)).await
    }

    /// A bank on a directory beside that of this one, as one that was restored; called with the
    /// same tokens.
    pub(crate) async fn beside(&self, data: &str, recipient: Recipient) -> Self {
        Self::on((Arc::clone(&self.directory), data), Clock::System, Some(recipient)).await
    }

    async fn on(
        (directory, data): (Arc<TempDir>, &str),
        clock: Clock,
        recipient: Option<Recipient>,
    ) -> Self {
        let mut config = Config::in_directory(directory.path().join(data));
        config.listen = "127.0.0.1:0".parse().expect("an address");
        config.metrics_listen = None;
        config.vault_recipient = recipient;
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel::<Addresses>();
        let stopped = async move {
            stopped.await.ok();
        };
        tokio::spawn(lovebank::run(config, clock, stopped, |it| {
            tell.send(it).ok();
        }));
        let address = format!("http://{}", told.await.expect("it listens").grpc);
        let bank = Self { directory, address, _stop: stop };
        bank.open().await;
        bank
    }

    async fn founded(clock: Clock, recipient: Option<Recipient>) -> Self {
        let directory = Arc::new(tempfile::tempdir().expect("a directory"));
        let bank = Self::on((directory, "data"), clock, recipient).await;
        for args in [
            &["branch", "create", "NW", "南湾街道", "--kind", "street"][..],
            &["branch", "create", "NW-01", "南湾社区", "--kind", "community", "--parent", "NW"],
            &["branch", "create", "NW-02", "南岭社区", "--kind", "community", "--parent", "NW"],
            &["token", "issue", "clerk", "--grant", "clerk@NW", "--out", "clerk.token"],
            &["token", "issue", "approver", "--grant", "approver@NW", "--out", "approver.token"],
            &["token", "issue", "auditor", "--grant", "auditor@*", "--out", "auditor.token"],
        ] {
            bank.operator(args).await.exits(0);
        }
        bank
    }

    async fn open(&self) {
        for _ in 0..PATIENCE {
            if self.operator(&["token", "whoami"]).await.code == Some(0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the bank does not open");
    }

    pub(crate) async fn operator(&self, args: &[&str]) -> Run {
        self.with(Path::new("data/operator.token"), args).await
    }

    /// As the clerk, the approver or the auditor.
    pub(crate) async fn the(&self, who: &str, args: &[&str]) -> Run {
        self.with(&PathBuf::from(format!("{who}.token")), args).await
    }

    /// As a command line as it is typed.
    pub(crate) async fn types(&self, who: &str, line: &str) -> Run {
        self.the(who, &line.split_whitespace().collect::<Vec<_>>()).await
    }

    /// A command that is not run yet.
    pub(crate) fn command(&self, token: &Path, args: &[&str]) -> std::process::Command {
        super::command(&self.address, token, self.directory.path(), args)
    }

    async fn with(&self, token: &Path, args: &[&str]) -> Run {
        admin(&self.address, token, self.directory.path(), args).await
    }
}
