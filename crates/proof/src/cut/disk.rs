//! A disk under a cache that obeys nobody: what is not synced may be there or not, in any part.
//!
//! The adversary is harder than a real file system. Data of a file are durable once an `fsync` or
//! `fdatasync` of it began after their write had ended; names once their directory was synced. Of
//! everything else any pages, or any sectors, may have arrived, in any order.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use super::trace::{Change, Event};
use crate::Random;

const PAGE: usize = 4096;
const SECTOR: usize = 512;
/// The directory that everything lies in; it was there before.
const ROOT: usize = 0;

/// What becomes of that which was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// All of it is gone.
    Lost,
    /// All of it arrived, as when only the process dies.
    Kept,
    /// Names arrived, data did not.
    NamesOnly,
    /// Data arrived, names did not.
    DataOnly,
    /// Of data any pages; of the names of each directory the first ones.
    Pages,
    /// Of data any sectors; of names any.
    Sectors,
    /// What was written first, and the last of it torn.
    Prefix,
    /// Of one mirror all, of the other nothing.
    OneMirror,
}

impl Fate {
    /// Each in turn, the torn ones twice as often.
    pub(super) fn of(cut: u64, random: &mut Random) -> Self {
        const FATES: [Fate; 10] = [
            Fate::Lost,
            Fate::Pages,
            Fate::Sectors,
            Fate::Kept,
            Fate::Prefix,
            Fate::Pages,
            Fate::NamesOnly,
            Fate::Sectors,
            Fate::OneMirror,
            Fate::DataOnly,
        ];
        let at = usize::try_from(cut).unwrap_or_default() + random.below(2) * 5;
        FATES[at % FATES.len()]
    }
}

/// The files as they are, as they are durable, and what lies between.
#[derive(Debug)]
pub(super) struct Disk {
    nodes: Vec<Node>,
    /// Changes that have ended.
    ended: HashSet<u64>,
    /// Syncs that began: what each will have made durable.
    syncs: BTreeMap<u64, (usize, HashSet<u64>)>,
    forgetful: bool,
}

#[derive(Debug)]
enum Node {
    File { durable: Vec<u8>, cached: Vec<(u64, Data)> },
    Dir { durable: Names, now: Names, cached: Vec<(u64, Naming)> },
}

type Names = BTreeMap<String, usize>;

#[derive(Debug)]
enum Data {
    Write(usize, Vec<u8>),
    Resize(usize),
}

#[derive(Debug, Clone)]
enum Naming {
    Add(String, usize),
    Remove(String),
    /// Both at once: a file system does not show half of it.
    Rename(String, String, usize),
}

impl Default for Disk {
    fn default() -> Self {
        Self {
            nodes: vec![Node::dir()],
            ended: HashSet::new(),
            syncs: BTreeMap::new(),
            forgetful: false,
        }
    }
}

impl Node {
    fn dir() -> Self {
        Self::Dir { durable: Names::new(), now: Names::new(), cached: Vec::new() }
    }

    fn file() -> Self {
        Self::File { durable: Vec::new(), cached: Vec::new() }
    }
}

impl Disk {
    /// A disk that says of every sync that it was done, and does not do it.
    pub(super) fn forgetful() -> Self {
        Self { forgetful: true, ..Self::default() }
    }

    /// Goes on by an event.
    pub(super) fn take(&mut self, event: &Event) -> anyhow::Result<()> {
        match event {
            Event::Began(no, change) => self.begin(*no, change),
            Event::Ended(no) => self.end(*no),
            Event::Acknowledged(_) => Ok(()),
        }
    }

    fn begin(&mut self, no: u64, change: &Change) -> anyhow::Result<()> {
        match change {
            Change::Create(path) if self.find(path).is_some() => {}
            Change::Create(path) => self.add(no, path, Node::file())?,
            Change::MakeDir(path) => self.add(no, path, Node::dir())?,
            Change::Remove(path) => {
                let (dir, name) = self.parent(path)?;
                self.name(dir, no, Naming::Remove(name))?;
            }
            Change::Rename(from, to) => {
                let ((dir, name), (target, new)) = (self.parent(from)?, self.parent(to)?);
                if dir != target {
                    bail!("a rename into another directory is not modelled");
                }
                let node = self.find(from).context("what is renamed is there")?;
                self.name(dir, no, Naming::Rename(name, new, node))?;
            }
            Change::Write(path, at, bytes) => {
                let data = Data::Write(usize::try_from(*at)?, bytes.clone());
                self.cache(path, no, data)?;
            }
            Change::Resize(path, to) => {
                self.cache(path, no, Data::Resize(usize::try_from(*to)?))?;
            }
            Change::Sync(_) if self.forgetful => {}
            Change::Sync(path) => {
                let node = self.find(path).context("what is synced is there")?;
                // What has not ended yet may come too late for it.
                let covered = self.nodes[node].cached().filter(|it| self.ended.contains(it));
                let covered = covered.collect();
                self.syncs.insert(no, (node, covered));
            }
        }
        Ok(())
    }

    fn end(&mut self, no: u64) -> anyhow::Result<()> {
        self.ended.insert(no);
        let Some((node, covered)) = self.syncs.remove(&no) else { return Ok(()) };
        match self.nodes.get_mut(node).context("a node")? {
            Node::File { durable, cached } => {
                let synced = cached.extract_if(.., |(it, _)| covered.contains(it));
                synced.for_each(|(_, data)| data.apply(durable));
            }
            Node::Dir { durable, cached, .. } => {
                let synced = cached.extract_if(.., |(it, _)| covered.contains(it));
                synced.for_each(|(_, naming)| naming.apply(durable));
            }
        }
        Ok(())
    }

    fn add(&mut self, no: u64, path: &Path, node: Node) -> anyhow::Result<()> {
        let (dir, name) = self.parent(path)?;
        self.nodes.push(node);
        self.name(dir, no, Naming::Add(name, self.nodes.len() - 1))
    }

    fn name(&mut self, dir: usize, no: u64, naming: Naming) -> anyhow::Result<()> {
        let Some(Node::Dir { now, cached, .. }) = self.nodes.get_mut(dir) else {
            bail!("a file is no directory");
        };
        naming.clone().apply(now);
        cached.push((no, naming));
        Ok(())
    }

    fn cache(&mut self, path: &Path, no: u64, data: Data) -> anyhow::Result<()> {
        let node = self.find(path).with_context(|| format!("{} is there", path.display()))?;
        let Some(Node::File { cached, .. }) = self.nodes.get_mut(node) else {
            bail!("a directory is no file");
        };
        cached.push((no, data));
        Ok(())
    }

    fn parent(&self, path: &Path) -> anyhow::Result<(usize, String)> {
        let name = path.file_name().and_then(|it| it.to_str()).context("a name")?;
        let parent = path.parent().context("a parent")?;
        let dir = self.find(parent).with_context(|| format!("{} is there", parent.display()))?;
        Ok((dir, name.to_owned()))
    }

    fn find(&self, path: &Path) -> Option<usize> {
        path.iter().try_fold(ROOT, |node, name| match self.nodes.get(node)? {
            Node::Dir { now, .. } => now.get(name.to_str()?).copied(),
            Node::File { .. } => None,
        })
    }

    /// Builds what is left after a cut now.
    pub(super) fn after_cut(
        &self,
        to: &Path,
        fate: Fate,
        random: &mut Random,
    ) -> anyhow::Result<()> {
        let spared = if random.once_in(2) { "data" } else { "mirror" };
        let mut left: Vec<(usize, PathBuf, Fate)> = vec![(ROOT, PathBuf::new(), fate)];
        while let Some((node, path, fate)) = left.pop() {
            let fate = if fate != Fate::OneMirror || path.iter().next().is_none() {
                fate
            } else if path.starts_with(spared) {
                Fate::Kept
            } else {
                Fate::Lost
            };
            match self.nodes.get(node).context("a node")? {
                Node::File { durable, cached } => {
                    fs::write(to.join(&path), data_left(durable, cached, fate, random))?;
                }
                Node::Dir { durable, cached, .. } => {
                    fs::create_dir_all(to.join(&path))?;
                    for (name, node) in names_left(durable, cached, fate, random) {
                        left.push((node, path.join(name), fate));
                    }
                }
            }
        }
        Ok(())
    }
}

impl Node {
    fn cached(&self) -> Box<dyn Iterator<Item = u64> + '_> {
        match self {
            Self::File { cached, .. } => Box::new(cached.iter().map(|it| it.0)),
            Self::Dir { cached, .. } => Box::new(cached.iter().map(|it| it.0)),
        }
    }
}

impl Data {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write(at, bytes) => put(file, *at, bytes),
            Self::Resize(to) => file.resize(*to, 0),
        }
    }
}

impl Naming {
    fn apply(self, names: &mut Names) {
        match self {
            Self::Add(name, node) => {
                names.insert(name, node);
            }
            Self::Remove(name) => {
                names.remove(&name);
            }
            Self::Rename(from, to, node) => {
                names.remove(&from);
                names.insert(to, node);
            }
        }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}

fn data_left(durable: &[u8], cached: &[(u64, Data)], fate: Fate, random: &mut Random) -> Vec<u8> {
    let mut file = durable.to_vec();
    let first = random.below(cached.len() + 1);
    for (index, (_, data)) in cached.iter().enumerate() {
        match fate {
            Fate::Kept | Fate::DataOnly => data.apply(&mut file),
            Fate::Prefix if index < first => data.apply(&mut file),
            Fate::Prefix if index == first => torn(&mut file, data, SECTOR, random),
            Fate::Lost | Fate::NamesOnly | Fate::OneMirror | Fate::Prefix => {}
            Fate::Pages => torn(&mut file, data, PAGE, random),
            Fate::Sectors => torn(&mut file, data, SECTOR, random),
        }
    }
    file
}

/// Of a change of data any parts; the size may grow though its bytes do not come.
fn torn(file: &mut Vec<u8>, data: &Data, unit: usize, random: &mut Random) {
    let Data::Write(at, bytes) = data else {
        if random.once_in(2) {
            data.apply(file);
        }
        return;
    };
    let (end, mut from) = (at + bytes.len(), *at);
    if file.len() < end && random.once_in(2) {
        file.resize(end, 0);
    }
    while from < end {
        let to = ((from / unit + 1) * unit).min(end);
        if random.once_in(2) {
            put(file, from, &bytes[from - at..to - at]);
        }
        from = to;
    }
}

fn names_left(durable: &Names, cached: &[(u64, Naming)], fate: Fate, random: &mut Random) -> Names {
    let mut names = durable.clone();
    let first = random.below(cached.len() + 1);
    for (index, (_, naming)) in cached.iter().enumerate() {
        let kept = match fate {
            Fate::Lost | Fate::DataOnly | Fate::OneMirror => false,
            Fate::Kept | Fate::NamesOnly => true,
            Fate::Pages | Fate::Prefix => index < first,
            Fate::Sectors => random.once_in(2),
        };
        if kept {
            naming.clone().apply(&mut names);
        }
    }
    names
}
