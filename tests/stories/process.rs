//! The bank as a process of its own.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio},
};

use crate::support::{Client, connect, open};

/// A running bank.
pub(crate) struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// Where gRPC is.
    pub(crate) address: String,
    /// Where metrics are, or `off`.
    pub(crate) metrics: String,
}

impl Process {
    /// Starts a bank in a directory; it says nothing but errors.
    pub(crate) fn start(directory: &Path) -> Self {
        Self::start_with(directory, &["--metrics-listen", "off", "--log", "error"])
    }

    pub(crate) fn start_with(directory: &Path, flags: &[&str]) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_lovebank")), directory, flags)
    }

    /// Starts a bank none of whose files may grow beyond so many KiB: what it meets there is an
    /// error, as on a disk that is full.
    pub(crate) fn start_within(directory: &Path, file_kib: u64, flags: &[&str]) -> Self {
        // The shell counts in blocks of 512 bytes, and an ignored signal stays ignored.
        let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh", &(file_kib * 2).to_string()]);
        shell.arg(env!("CARGO_BIN_EXE_lovebank"));
        Self::spawn(shell, directory, flags)
    }

    fn spawn(mut command: Command, directory: &Path, flags: &[&str]) -> Self {
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .args(flags)
            .arg("--data")
            .arg(directory)
            .stdout(Stdio::piped())
            .stderr(if flags.contains(&"error") { Stdio::inherit() } else { Stdio::piped() })
            .spawn()
            .expect("starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("says where it listens");
        let address = line.split_whitespace().find(|it| it.starts_with("http://"));
        let address = address.expect("an address").to_owned();
        let metrics = line.split_whitespace().last().expect("an address").to_owned();
        Self { child, stdout, address, metrics }
    }

    /// A client, once the bank is open.
    pub(crate) async fn client(&self, token: &str) -> Client {
        let client = Client::new(connect(&self.address).await, token);
        open(&client).await;
        client
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// `kill -TERM`, as systemd and container runtimes stop a service.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let log = self.child.stderr.take().map(read);
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("reads");
        let status = self.child.wait().expect("ends");
        (status, log.map(|it| it.join().expect("no panic")).unwrap_or_default())
    }
}

fn read(mut log: ChildStderr) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).expect("reads");
        text
    })
}

/// What an address answers to a request as it stands.
pub(crate) fn http(address: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).expect("connects");
    stream.write_all(request).expect("sends");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answers and closes");
    answer
}
