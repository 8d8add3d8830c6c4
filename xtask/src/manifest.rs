//! What the rules need to know of a `Cargo.toml` and of the tables of `xtask/`: keys and values with their lines.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::workspace::File;

/// A TOML file that was read, with the text to count lines in.
pub struct Toml<'a> {
    text: &'a str,
    root: DeTable<'a>,
}

/// One key of a table.
pub struct Entry<'a> {
    pub key: &'a str,
    pub value: &'a DeValue<'a>,
    /// Line of the key, from 1.
    pub line: usize,
}

/// A dependency of a crate.
pub struct Dependency {
    /// Name of the package, also where the crate gives it another one.
    pub package: String,
    pub kind: Kind,
    /// Whether version and features come from the workspace.
    pub is_from_workspace: bool,
    pub line: usize,
}

/// What a dependency is needed for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The crate itself, or its build script.
    Product,
    /// Its tests and benchmarks only.
    Tests,
}

const SECTIONS: [(&str, Kind); 3] = [
    ("dependencies", Kind::Product),
    ("build-dependencies", Kind::Product),
    ("dev-dependencies", Kind::Tests),
];

impl<'a> Toml<'a> {
    /// Reads `file`; the error has the line and the parser's words.
    pub fn read(file: &'a File) -> Result<Self, (usize, String)> {
        match DeTable::parse(&file.text) {
            Ok(root) => Ok(Self {
                text: &file.text,
                root: root.into_inner(),
            }),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                Err((line_of(&file.text, at), error.message().to_string()))
            }
        }
    }

    /// The entries of the table at `path`, in order of key; none if it is not there.
    pub fn entries(&'a self, path: &[&str]) -> Vec<Entry<'a>> {
        let mut table = &self.root;
        for key in path {
            match table.get(*key).and_then(|value| value.get_ref().as_table()) {
                Some(inner) => table = inner,
                None => return Vec::new(),
            }
        }
        self.entries_of(table)
    }

    /// The tables of the array `[[key]]`, each with its line.
    pub fn tables(&'a self, key: &str) -> Vec<(usize, &'a DeTable<'a>)> {
        let values = self
            .root
            .get(key)
            .and_then(|value| value.get_ref().as_array());
        let table = |value: &'a Spanned<DeValue<'a>>| {
            Some((
                line_of(self.text, value.span().start),
                value.get_ref().as_table()?,
            ))
        };
        values
            .into_iter()
            .flat_map(|values| values.iter().filter_map(table))
            .collect()
    }

    /// The dependencies that a crate's manifest names, those for some platforms included.
    pub fn dependencies(&'a self) -> Vec<Dependency> {
        let mut found = Vec::new();
        for (section, kind) in SECTIONS {
            let of_all = self.entries(&[section]);
            let of_some = self
                .entries(&["target"])
                .into_iter()
                .flat_map(|target| self.entries(&["target", target.key, section]));
            found.extend(
                of_all
                    .into_iter()
                    .chain(of_some)
                    .map(|entry| dependency(&entry, kind)),
            );
        }
        found
    }

    fn entries_of(&'a self, table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
        let entry = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| Entry {
            key: AsRef::<str>::as_ref(key.get_ref()),
            value: value.get_ref(),
            line: line_of(self.text, key.span().start),
        };
        table.iter().map(entry).collect()
    }
}

/// The text of `key` in `table`, if it is there and a string.
pub fn text_of<'a>(table: &'a DeTable<'a>, key: &str) -> Option<&'a str> {
    table.get(key)?.get_ref().as_str()
}

fn dependency(entry: &Entry<'_>, kind: Kind) -> Dependency {
    let table = entry.value.as_table();
    let is_from_workspace = table
        .and_then(|table| table.get("workspace")?.get_ref().as_bool())
        .unwrap_or(false);
    let renamed = table.and_then(|table| text_of(table, "package"));
    Dependency {
        package: renamed.unwrap_or(entry.key).to_string(),
        kind,
        is_from_workspace,
        line: entry.line,
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at)
        .map_or(1, |before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Toml};
    use crate::workspace::File;

    #[test]
    fn all_sections_of_dependencies_are_seen() {
        let text = "[dependencies]\na.workspace = true\nb = { package = \"c\", version = \"1\" }\n\
                    [dev-dependencies]\nd = \"1\"\n[target.'cfg(unix)'.dependencies]\ne.workspace = true\n";
        let file = File::new("Cargo.toml".to_string(), text.to_string());
        let toml = Toml::read(&file).ok().unwrap();
        let found: Vec<(String, bool, bool, usize)> = toml
            .dependencies()
            .into_iter()
            .map(|one| {
                (
                    one.package,
                    one.kind == Kind::Tests,
                    one.is_from_workspace,
                    one.line,
                )
            })
            .collect();
        let expected = [
            ("a", false, true, 2),
            ("c", false, false, 3),
            ("e", false, true, 7),
            ("d", true, false, 5),
        ];
        assert_eq!(
            found,
            expected.map(|(name, tests, workspace, line)| (
                name.to_string(),
                tests,
                workspace,
                line
            ))
        );
    }

    #[test]
    fn a_broken_file_names_the_line() {
        let file = File::new("Cargo.toml".to_string(), "[a]\nb = \n".to_string());
        assert_eq!(Toml::read(&file).err().map(|(line, _)| line), Some(2));
    }
}
