//! What tests of the binary share: running it, and a bank that misbehaves as told.

#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) mod bank;
#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) mod breaking;
#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) mod drifting;
#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) mod mock;
#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) mod stopped;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// What a run of the binary came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Run {
    fn from(it: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: it.status.code(), out: text(it.stdout), err: text(it.stderr) }
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    #[allow(dead_code, reason = "each test uses a part of it")]
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|err| panic!("{err}: {}", self.out))
    }

    /// The rows of a CSV, all of one width.
    #[allow(dead_code, reason = "each test uses a part of it")]
    #[track_caller]
    pub(crate) fn csv(&self) -> Vec<csv::StringRecord> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(self.out.as_bytes());
        let rows = reader.records().collect::<Result<Vec<_>, _>>();
        rows.unwrap_or_else(|err| panic!("{err}: {}", self.out))
    }
}

/// A directory with a token and files.
#[allow(dead_code, reason = "each test uses a part of it")]
pub(crate) fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("a.token"), "abc\n").expect("written");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        fs::write(path, text).expect("written");
    }
    directory
}

/// Runs the binary in a directory, against a bank, without blocking the bank.
pub(crate) async fn admin(server: &str, token: &Path, directory: &Path, args: &[&str]) -> Run {
    let mut command = command(server, token, directory, args);
    let run = tokio::task::spawn_blocking(move || command.output());
    run.await.expect("it ends").expect("it runs").into()
}

/// The same, not run yet.
pub(crate) fn command(server: &str, token: &Path, directory: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lovebank-admin"));
    for name in ["TLS_CA", "ZONE", "LANG"] {
        command.env_remove(format!("LOVEBANK_{name}"));
    }
    command.env("LOVEBANK_SERVER", server).env("LOVEBANK_TOKEN_FILE", token);
    command.current_dir(directory).args(args);
    command
}
