//! The text files of the workspace, read once, so that a rule is a function over values and its tests need no disk.

use std::fs;
use std::path::{Path, PathBuf};

use crate::source::Source;

/// The file by which the root folder is known, and which the rules cannot do without.
pub const ROOMS_FILE: &str = "xtask/rooms.toml";

/// What is never committed; in a linked work tree `.git` is a file. Build folders are known by the `CACHEDIR.TAG` that
/// cargo puts there.
const SKIPPED: [&str; 3] = [".git", "node_modules", "throughline-data"];

/// All text files below the root, sorted by path.
pub struct Workspace {
    pub files: Vec<File>,
}

/// One text file.
pub struct File {
    /// From the root, with `/` between the parts on every system.
    pub path: String,
    pub text: String,
    /// The text taken apart, for a `.rs` file.
    pub rust: Option<Source>,
}

impl Workspace {
    /// Reads all text files below `root`; what is not UTF-8 is no text and is left out.
    pub fn load(root: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder).map_err(|error| cannot_read(&folder, &error))?;
            for entry in entries {
                let path = entry.map_err(|error| cannot_read(&folder, &error))?.path();
                if path.is_symlink() || is_skipped(&path) {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = fs::read(&path).map_err(|error| cannot_read(&path, &error))?;
                if let Ok(text) = String::from_utf8(bytes) {
                    files.push(File::new(relative(root, &path), text));
                }
            }
        }
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Self { files })
    }

    /// The file at `path`, if it is there.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The Rust files, each with its text taken apart.
    pub fn rust_files(&self) -> impl Iterator<Item = (&File, &Source)> {
        self.files
            .iter()
            .filter_map(|file| Some((file, file.rust.as_ref()?)))
    }
}

impl File {
    pub fn new(path: String, text: String) -> Self {
        let rust = path.ends_with(".rs").then(|| Source::read(&text));
        Self { path, text, rust }
    }

    /// The room that the file belongs to: `crates/ROOM/...`, or `xtask`.
    pub fn room(&self) -> Option<&str> {
        let mut parts = self.path.split('/');
        match parts.next()? {
            "crates" => parts.next(),
            "xtask" => Some("xtask"),
            _ => None,
        }
    }

    /// Whether the whole file is of tests: it stands in `tests/` or `benches/`, or is called `tests.rs` or `..._tests.rs`.
    pub fn is_of_tests(&self) -> bool {
        let mut parts: Vec<&str> = self.path.split('/').collect();
        let name = parts.pop().unwrap_or_default();
        parts
            .iter()
            .any(|part| matches!(*part, "tests" | "benches"))
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
    }
}

/// The nearest folder at or above the current one that holds the file of rooms.
pub fn find_root() -> Result<PathBuf, String> {
    let current = std::env::current_dir()
        .map_err(|error| format!("the current folder cannot be read: {error}"))?;
    current
        .ancestors()
        .find(|folder| folder.join(ROOMS_FILE).is_file())
        .map(Path::to_path_buf)
        .ok_or_else(|| format!("no folder at or above the current one holds {ROOMS_FILE}"))
}

fn is_skipped(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    SKIPPED.iter().any(|skipped| name == *skipped) || path.join("CACHEDIR.TAG").exists()
}

fn relative(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

fn cannot_read(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be read: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::File;

    #[test]
    fn a_path_tells_room_and_tests() {
        let check = |path: &str, room: Option<&str>, is_of_tests: bool| {
            let file = File::new(path.to_string(), String::new());
            assert_eq!(file.room(), room, "{path}");
            assert_eq!(file.is_of_tests(), is_of_tests, "{path}");
        };
        check("crates/core/src/period.rs", Some("core"), false);
        check("crates/core/src/period/tests.rs", Some("core"), true);
        check("crates/core/src/period_tests.rs", Some("core"), true);
        check("crates/core/tests/worked.rs", Some("core"), true);
        check("crates/core/benches/parse.rs", Some("core"), true);
        check("crates/core/src/contests.rs", Some("core"), false);
        check("xtask/src/main.rs", Some("xtask"), false);
        check("docs/GLOSSARY.md", None, false);
    }
}
