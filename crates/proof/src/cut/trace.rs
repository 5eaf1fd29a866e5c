//! What `strace -f -y -xx` wrote, as events in the order of time.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use crate::promise::ACKNOWLEDGED;

/// Something that happened. A call that is a change may reach the disk from its beginning on.
#[derive(Debug)]
pub(super) enum Event {
    /// A change began.
    Began(u64, Change),
    /// It ended.
    Ended(u64),
    /// The writer told the world that an entry is durable.
    Acknowledged(u64),
}

/// What a call does to files; paths are within the directory.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// A file is made, where there is none.
    Create(PathBuf),
    /// A directory is made.
    MakeDir(PathBuf),
    /// A file or directory gets another name.
    Rename(PathBuf, PathBuf),
    /// A file or directory goes.
    Remove(PathBuf),
    /// Bytes are written.
    Write(PathBuf, u64, Vec<u8>),
    /// A file is cut or extended.
    Resize(PathBuf, u64),
    /// Everything written to a file, or named in a directory, becomes durable.
    Sync(PathBuf),
}

/// Reads the whole text.
pub(super) fn parse(text: &str, dir: &Path) -> anyhow::Result<Vec<Event>> {
    let mut parser = Parser {
        dir: dir.to_path_buf(),
        open: HashMap::new(),
        waiting: HashMap::new(),
        calls: 0,
        events: Vec::new(),
    };
    for line in text.lines() {
        let shown: String = line.chars().take(300).collect();
        parser.line(line).with_context(|| format!("a line of the recorder: {shown}"))?;
    }
    Ok(parser.events)
}

struct Parser {
    dir: PathBuf,
    /// Where the next `write` of a descriptor goes.
    open: HashMap<u64, u64>,
    /// Calls that began, by thread: the text so far, and the number of their change.
    waiting: HashMap<String, (String, Option<u64>)>,
    calls: u64,
    events: Vec<Event>,
}

impl Parser {
    fn line(&mut self, line: &str) -> anyhow::Result<()> {
        let (thread, rest) = line.split_once(' ').context("a thread")?;
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            return Ok(());
        }
        if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
            let change = self.began(begun.trim_end())?;
            self.waiting.insert(thread.to_owned(), (begun.trim_end().to_owned(), change));
            return Ok(());
        }
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (_, end) = resumed.split_once("resumed>").context("a call that goes on")?;
            let (begun, change) = self.waiting.remove(thread).context("it began")?;
            return self.ended(&format!("{begun}{end}"), change);
        }
        let change = self.began(rest)?;
        self.ended(rest, change)
    }

    /// A call begins; the number of the change it may be.
    fn began(&mut self, call: &str) -> anyhow::Result<Option<u64>> {
        if let Some(no) = acknowledgement(call)? {
            self.events.push(Event::Acknowledged(no));
            return Ok(None);
        }
        let Some(change) = self.change(call)? else { return Ok(None) };
        self.calls += 1;
        self.events.push(Event::Began(self.calls, change));
        Ok(Some(self.calls))
    }

    fn ended(&mut self, call: &str, change: Option<u64>) -> anyhow::Result<()> {
        // The arguments are escaped whole, so that the last one is that of the result.
        let (_, result) = call.rsplit_once(") ").context("a result")?;
        let result = result.trim_start().strip_prefix("= ").context("a result")?;
        let number: i64 = leading(result)?;
        let name = name_of(call);
        match (name, u64::try_from(number)) {
            ("openat" | "open" | "creat", Ok(fd)) => {
                self.open.insert(fd, 0);
            }
            ("lseek", Ok(at)) => {
                self.open.insert(descriptor(call)?, at);
            }
            _ => {}
        }
        let Some(change) = change else { return Ok(()) };
        if number < 0 {
            // It changed nothing.
            self.events.retain(|it| !matches!(it, Event::Began(no, _) if *no == change));
            return Ok(());
        }
        if matches!(name, "write" | "pwrite64") {
            let asked = hexed(call).next().map_or(0, |it| it.len());
            if u64::try_from(number).ok() != u64::try_from(asked).ok() {
                bail!("a write that was cut short is not modelled");
            }
        }
        self.events.push(Event::Ended(change));
        Ok(())
    }

    /// What a call changes, if it is within the directory.
    fn change(&mut self, call: &str) -> anyhow::Result<Option<Change>> {
        let texts: Vec<Vec<u8>> = hexed(call).collect();
        let named = texts.iter().filter_map(|it| self.within(it));
        let mut named = named.collect::<Vec<PathBuf>>().into_iter();
        let file = opened(call).and_then(|it| self.within(&it));
        let name = name_of(call);
        Ok(match (name, file, named.next(), named.next()) {
            ("openat" | "open" | "creat", _, Some(path), None) => {
                if call.contains("O_APPEND") || call.contains("O_TRUNC") {
                    bail!("a file opened in this way is not modelled");
                }
                call.contains("O_CREAT").then_some(Change::Create(path))
            }
            ("mkdir" | "mkdirat", _, Some(path), None) => Some(Change::MakeDir(path)),
            ("unlink" | "unlinkat" | "rmdir", _, Some(path), None) => Some(Change::Remove(path)),
            ("rename" | "renameat" | "renameat2", _, Some(from), Some(to)) => {
                Some(Change::Rename(from, to))
            }
            ("fsync" | "fdatasync", Some(path), ..) => Some(Change::Sync(path)),
            ("ftruncate", Some(path), ..) => Some(Change::Resize(path, last_number(call)?)),
            ("pwrite64", Some(path), ..) => {
                let bytes = texts.into_iter().next().unwrap_or_default();
                Some(Change::Write(path, last_number(call)?, bytes))
            }
            ("write", Some(path), ..) => {
                let bytes = texts.into_iter().next().unwrap_or_default();
                let at = self.open.entry(descriptor(call)?).or_default();
                let from = *at;
                *at += u64::try_from(bytes.len())?;
                Some(Change::Write(path, from, bytes))
            }
            ("mmap", Some(_), ..) if call.contains("PROT_WRITE") => {
                bail!("a file that is mapped to be written is not modelled")
            }
            // It says, or sets, where the next write goes; `ended` takes it over.
            ("lseek" | "mmap", ..) | (_, None, None, None) => None,
            _ => bail!("{name} is not modelled"),
        })
    }

    fn within(&self, path: &[u8]) -> Option<PathBuf> {
        let path = PathBuf::from(std::str::from_utf8(path).ok()?);
        path.strip_prefix(&self.dir).ok().map(Path::to_path_buf)
    }
}

fn name_of(call: &str) -> &str {
    call.split('(').next().unwrap_or_default()
}

/// The entry that the writer says is durable, on its standard output.
fn acknowledgement(call: &str) -> anyhow::Result<Option<u64>> {
    if !call.starts_with("write(1<") {
        return Ok(None);
    }
    let text = hexed(call).next().unwrap_or_default();
    let text = String::from_utf8(text)?;
    Ok(text.trim_end().strip_prefix(ACKNOWLEDGED).map(str::parse).transpose()?)
}

/// The texts of a call, in order: strace wrote each as `"\x68\x69"`.
fn hexed(call: &str) -> impl Iterator<Item = Vec<u8>> {
    call.split('"').skip(1).step_by(2).map(bytes)
}

/// The path of the descriptor that is the call's first argument: `7<\x2f\x64>`.
fn opened(call: &str) -> Option<Vec<u8>> {
    let (_, arguments) = call.split_once('(')?;
    if name_of(call) == "mmap" {
        let (_, after) = arguments.split_once('<')?;
        return Some(bytes(after.split('>').next()?));
    }
    let (number, after) = arguments.split_once('<')?;
    number.parse::<u64>().ok()?;
    Some(bytes(after.split('>').next()?))
}

fn descriptor(call: &str) -> anyhow::Result<u64> {
    let (_, arguments) = call.split_once('(').context("arguments")?;
    leading(arguments)
}

fn bytes(hexed: &str) -> Vec<u8> {
    hexed.split("\\x").filter_map(|it| u8::from_str_radix(it, 16).ok()).collect()
}

fn leading<T: std::str::FromStr>(text: &str) -> anyhow::Result<T> {
    let end = text.find(|it: char| !it.is_ascii_digit() && it != '-').unwrap_or(text.len());
    text.get(..end).and_then(|it| it.parse().ok()).context("a number")
}

/// The last argument of a call.
fn last_number(call: &str) -> anyhow::Result<u64> {
    let (_, after) = call.rsplit_once(", ").context("arguments")?;
    leading(after)
}
