//! A disk that loses its power: what is on it afterwards, after any operation of a recording.
//!
//! It is as unkind as a disk may be. What was synced is there. Of what was written since, each write is there, lost, or
//! torn at its sectors, in any order. A name is in its folder, or gone from it, for sure only after a sync of the folder;
//! before, each name may be as it was at any moment since.

use std::collections::BTreeMap;
use std::path::Path;

use crate::recording::{Operation, What};
use throughline_testkit::chance::Chance;

/// What a disk writes as a whole, in bytes.
const SECTOR: usize = 512;

/// How much of what was not synced is kept.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    Nothing,
    All,
    Some,
}

/// A change of a file that was not synced yet.
#[derive(Clone)]
enum Pending {
    Write { offset: usize, bytes: Vec<u8> },
    Resize(usize),
}

/// A file, whatever its names are.
#[derive(Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Pending>,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq)]
enum Node {
    File(usize),
    Folder,
}

/// A name: what it surely stands for, and what it stood for since.
#[derive(Default)]
struct Name {
    synced: Option<Node>,
    since: Vec<Option<Node>>,
}

impl Name {
    fn now(&self) -> Option<Node> {
        self.since.last().copied().unwrap_or(self.synced)
    }
}

/// A disk after some operations.
#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    names: BTreeMap<String, Name>,
}

impl Disk {
    /// Does an operation.
    pub fn apply(&mut self, operation: &Operation) {
        let path = &operation.path;
        match &operation.what {
            What::Say(_) => {}
            What::Open => {
                self.file(path);
            }
            What::Write { offset, bytes } => {
                let (offset, bytes) = (*offset, bytes.clone());
                self.change(path, Pending::Write { offset, bytes });
            }
            What::Resize(length) => self.change(path, Pending::Resize(*length)),
            What::Sync => self.sync(path),
            What::Unlink => self.name(path, None),
            What::MakeFolder => self.name(path, Some(Node::Folder)),
            What::Link { to } => self.name(to, self.now(path)),
            What::Rename { to } => {
                self.name(to, self.now(path));
                self.name(path, None);
            }
        }
    }

    fn now(&self, path: &str) -> Option<Node> {
        self.names.get(path).and_then(Name::now)
    }

    fn name(&mut self, path: &str, node: Option<Node>) {
        let name = self.names.entry(path.to_owned()).or_default();
        name.since.push(node);
    }

    /// The file of that name, which is made if it is not there.
    fn file(&mut self, path: &str) -> usize {
        if let Some(Node::File(file)) = self.now(path) {
            return file;
        }
        self.files.push(File::default());
        let file = self.files.len() - 1;
        self.name(path, Some(Node::File(file)));
        file
    }

    fn change(&mut self, path: &str, change: Pending) {
        let file = self.file(path);
        self.files[file].pending.push(change);
    }

    fn sync(&mut self, path: &str) {
        match self.now(path) {
            Some(Node::File(file)) => {
                let file = &mut self.files[file];
                for change in std::mem::take(&mut file.pending) {
                    change.onto(&mut file.synced, |_| true);
                }
            }
            // The folder of the disk itself has no name on it.
            _ => {
                for (_, name) in self
                    .names
                    .iter_mut()
                    .filter(|(name, _)| folder(name) == path)
                {
                    name.synced = name.now();
                    name.since.clear();
                }
            }
        }
    }

    /// Writes into an empty folder what is on the disk when its power fails now.
    pub fn after_power_loss(&self, chance: &mut Chance, out: &Path) {
        let kept = match chance.below(4) {
            0 => Kept::Nothing,
            1 => Kept::All,
            _ => Kept::Some,
        };
        let files: Vec<Vec<u8>> = self
            .files
            .iter()
            .map(|file| file.after_power_loss(kept, chance))
            .collect();
        // Folders stand before what is in them.
        for (path, name) in &self.names {
            let moments = name.since.len();
            let moment = match kept {
                Kept::Nothing => 0,
                Kept::All => moments,
                Kept::Some => chance.below(moments as u64 + 1) as usize,
            };
            let node = match moment {
                0 => name.synced,
                moment => name.since[moment - 1],
            };
            let path = out.join(path);
            let is_there = path.parent().is_some_and(Path::exists);
            // Shared memory is made anew by whoever opens the ledger first.
            let is_memory = path.to_string_lossy().ends_with("-shm");
            match node {
                Some(Node::Folder) if is_there => std::fs::create_dir(path).unwrap(),
                Some(Node::File(file)) if is_there && !is_memory => {
                    std::fs::write(path, &files[file]).unwrap();
                }
                _ => {}
            }
        }
    }
}

/// The folder in which a path stands.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl File {
    fn after_power_loss(&self, kept: Kept, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        if kept == Kept::Nothing {
            return bytes;
        }
        for change in &self.pending {
            let (is_torn, is_lost) = (chance.coin(), chance.coin());
            match kept {
                Kept::All => change.onto(&mut bytes, |_| true),
                _ if is_torn => change.onto(&mut bytes, |_| chance.coin()),
                _ => change.onto(&mut bytes, |_| !is_lost),
            }
        }
        bytes
    }
}

impl Pending {
    /// Does the change, as far as the disk keeps each of its sectors.
    fn onto(&self, bytes: &mut Vec<u8>, mut is_kept: impl FnMut(usize) -> bool) {
        match self {
            Pending::Resize(length) => {
                if is_kept(0) {
                    bytes.resize(*length, 0);
                }
            }
            Pending::Write { offset, bytes: new } => {
                let mut at = 0;
                while at < new.len() {
                    let sector = (offset + at) / SECTOR;
                    let end = ((sector + 1) * SECTOR - offset).min(new.len());
                    if is_kept(sector) {
                        if bytes.len() < offset + end {
                            bytes.resize(offset + end, 0);
                        }
                        bytes[offset + at..offset + end].copy_from_slice(&new[at..end]);
                    }
                    at = end;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pending;

    #[test]
    fn a_write_is_torn_at_sectors() {
        let change = Pending::Write {
            offset: 500,
            bytes: vec![1; 600],
        };
        let kept = |sectors: &[usize]| {
            let mut bytes = Vec::new();
            change.onto(&mut bytes, |sector| sectors.contains(&sector));
            let count = bytes.iter().filter(|byte| **byte == 1).count();
            (bytes.len(), count)
        };
        assert_eq!(kept(&[0, 1, 2]), (1100, 600));
        assert_eq!(kept(&[0]), (512, 12));
        assert_eq!(kept(&[1]), (1024, 512));
        assert_eq!(kept(&[2]), (1100, 76));
        assert_eq!(kept(&[]), (0, 0));
    }
}
