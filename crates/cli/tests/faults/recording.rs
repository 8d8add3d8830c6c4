//! What was done to the files of a disk, in order, as `disk.c` writes it down.

use std::path::Path;

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    pub what: What,
    /// The path below the folder of the disk; empty for that folder.
    pub path: String,
}

#[derive(Debug, Clone)]
pub enum What {
    /// Opened so that it is made if it is not there.
    Open,
    Write {
        offset: usize,
        bytes: Vec<u8>,
    },
    Resize(usize),
    /// What was done to the file, or to the names of the folder, must be kept.
    Sync,
    Unlink,
    MakeFolder,
    Rename {
        to: String,
    },
    Link {
        to: String,
    },
    /// Said on standard output.
    Say(String),
}

/// Reads a recording of a folder.
pub fn read(file: &Path, folder: &Path) -> Vec<Operation> {
    let bytes = std::fs::read(file).unwrap_or_default();
    let folder = folder.to_str().unwrap();
    let mut rest = bytes.as_slice();
    std::iter::from_fn(|| operation(&mut rest, folder)).collect()
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, after) = rest.split_at(length);
    *rest = after;
    taken
}

fn number(rest: &mut &[u8], length: usize) -> usize {
    let bytes = take(rest, length).iter().rev();
    bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn operation(rest: &mut &[u8], folder: &str) -> Option<Operation> {
    if rest.is_empty() {
        return None;
    }
    let letter = take(rest, 1)[0];
    let (path, other) = (number(rest, 2), number(rest, 2));
    let (offset, length) = (number(rest, 8), number(rest, 4));
    let mut name = |length| {
        let name = String::from_utf8(take(rest, length).to_vec()).unwrap();
        let below = name.strip_prefix(folder).unwrap_or(&name);
        below.trim_start_matches('/').to_owned()
    };
    let (path, to) = (name(path), name(other));
    let bytes = take(rest, length).to_vec();
    let what = match letter {
        b'O' => What::Open,
        b'W' => What::Write { offset, bytes },
        b'T' => What::Resize(offset),
        b'S' => What::Sync,
        b'U' => What::Unlink,
        b'M' => What::MakeFolder,
        b'R' => What::Rename { to },
        b'L' => What::Link { to },
        b'A' => What::Say(String::from_utf8_lossy(&bytes).into_owned()),
        other => panic!("no such operation: {other}"),
    };
    Some(Operation { what, path })
}
