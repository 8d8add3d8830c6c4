//! A plan folder: which file may hold which sections, and the records of each kind as they stand there.

use throughline_core::finding::{Finding, nearest};

use super::base::Base;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::left_out::{self, LeftOut};
use super::node::{Content, Entry, Node};
use super::source::{FILE_SIZE_LIMIT, Source, Span};
use super::{PlanFile, targets, yaml};
use crate::kind::Kind;

/// The files of a plan in which sections stand, and those of the folder `measures`.
pub(crate) const PLAN_FILES: [&str; 5] = [
    "organisation.yaml",
    "strategy.yaml",
    "map.yaml",
    "measures.yaml",
    "governance.yaml",
];

/// The file in which targets stand as a table.
pub(crate) const TARGETS_FILE: &str = "targets.csv";

/// The folder whose files hold measures and targets.
pub(crate) const MEASURES_FOLDER: &str = "measures/";

/// A record as it stands in a file, not yet read.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub kind: Kind,
    /// The index of its file.
    pub file: usize,
    pub node: Node,
    /// Its key, or what it connects; empty where the file does not say.
    pub key: String,
    /// The key that it had before.
    pub was: Option<Entry>,
}

/// What stands in the files of a folder.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub sources: Vec<Source>,
    pub drafts: Vec<Draft>,
    /// Which sections are there, by the order of kinds.
    pub sections: [bool; Kind::ALL.len()],
    /// Of which kinds nobody can tell which records there are, because a file that may hold them cannot be read.
    pub unreadable: [bool; Kind::ALL.len()],
    /// The commit that the folder was exported from, and where it says so.
    pub base: Option<(Base, usize, Span)>,
    /// The fields that the folder leaves out without meaning that they are empty.
    pub left_out: LeftOut,
}

impl Folder {
    /// Reads the files of a plan; others are left alone.
    pub fn read(files: &[PlanFile], diagnostics: &mut Diagnostics) -> Folder {
        let mut files: Vec<&PlanFile> = files.iter().collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut folder = Folder::default();
        for file in files {
            match Role::of(&file.path) {
                Role::Yaml | Role::Targets => folder.add(file, diagnostics),
                Role::Stray(finding) => {
                    let span = Span {
                        line: 1,
                        column: 1,
                        length: 0,
                    };
                    diagnostics.add(Diagnostic::quoting(&file.path, "", span, finding));
                }
                Role::Other => {}
            }
        }
        folder
    }

    fn add(&mut self, file: &PlanFile, diagnostics: &mut Diagnostics) {
        let index = self.sources.len();
        let source = match Source::read(&file.path, &file.bytes, FILE_SIZE_LIMIT) {
            Ok(source) => source,
            Err(diagnostic) => {
                diagnostics.add(*diagnostic);
                return self.mark_unreadable(&file.path);
            }
        };
        if file.path == TARGETS_FILE {
            self.sections[Kind::Target as usize] = true;
            match targets::parse(&source, diagnostics) {
                Some(nodes) => {
                    for node in nodes {
                        self.add_draft(Kind::Target, index, node);
                    }
                }
                None => self.mark_unreadable(&file.path),
            }
        } else {
            match yaml::parse(&source, diagnostics) {
                Some(root) => self.add_sections(&source, index, root, diagnostics),
                None => self.mark_unreadable(&file.path),
            }
        }
        self.sources.push(source);
    }

    fn mark_unreadable(&mut self, path: &str) {
        for kind in Kind::ALL {
            self.unreadable[kind as usize] |= may_hold(path, kind);
        }
    }

    /// Takes the sections of a file apart.
    fn add_sections(
        &mut self,
        source: &Source,
        index: usize,
        root: Node,
        diagnostics: &mut Diagnostics,
    ) {
        let entries = match root.content {
            Content::Map(entries) => entries,
            Content::Null => return,
            _ => {
                let finding = Finding::error("wrong-type", "a plan file is made of sections")
                    .with_help(format!("begin with one of {}", sections_of(&source.path)));
                diagnostics.add(Diagnostic::new(source, root.head(), finding));
                return self.mark_unreadable(&source.path);
            }
        };
        for entry in entries {
            if entry.name == "base" && source.path == Kind::Organisation.file() {
                self.read_base(source, index, &entry, diagnostics);
                continue;
            }
            if entry.name == "left_out" && source.path == Kind::Organisation.file() {
                match left_out::read(&entry) {
                    Ok(left_out) => self.left_out = left_out,
                    Err(finding) => diagnostics.add(Diagnostic::new(source, entry.at, *finding)),
                }
                continue;
            }
            match section(&source.path, &entry.name) {
                Ok(kind) => self.add_section(source, index, kind, entry, diagnostics),
                Err(finding) => diagnostics.add(Diagnostic::new(source, entry.at, *finding)),
            }
        }
    }

    fn read_base(
        &mut self,
        source: &Source,
        index: usize,
        entry: &Entry,
        diagnostics: &mut Diagnostics,
    ) {
        match entry.value.scalar().and_then(Base::parse) {
            Some(base) => self.base = Some((base, index, entry.value.at)),
            None => {
                let message =
                    "`base` is the number of the commit that the folder was exported from";
                let finding = Finding::error("bad-base", message)
                    .with_help("export the folder again, or leave `base` out");
                diagnostics.add(Diagnostic::new(source, entry.at, finding));
            }
        }
    }

    /// Takes the records of a section.
    fn add_section(
        &mut self,
        source: &Source,
        index: usize,
        kind: Kind,
        entry: Entry,
        diagnostics: &mut Diagnostics,
    ) {
        self.sections[kind as usize] = true;
        let mut wrong = |at: Span, message: String, help: String| {
            let finding = Finding::error("wrong-type", message).with_help(help);
            diagnostics.add(Diagnostic::new(source, at, finding));
        };
        let word = kind.word();
        match (kind.is_single(), entry.value.content) {
            (_, Content::Null) => {}
            (true, content @ Content::Map(_)) => {
                let node = Node {
                    at: entry.value.at,
                    content,
                };
                self.add_draft(kind, index, node);
            }
            (true, _) => wrong(
                entry.at,
                format!("`{word}` is a single record, not a list"),
                "write its keys below it, without `-`".to_string(),
            ),
            (false, Content::List(elements)) => {
                for node in elements {
                    if let Content::Map(_) = node.content {
                        self.add_draft(kind, index, node);
                    } else {
                        let help = match kind.has_key() {
                            true => "write it like `- { key: ..., name: ... }`",
                            false => "write it like `- { ... }`, with its keys",
                        };
                        let message =
                            format!("this is not a {word} but {}", node.tree().describe());
                        wrong(node.at, message, help.to_string());
                    }
                }
            }
            (false, _) => wrong(
                entry.at,
                format!("`{}` is a list", kind.section()),
                format!("begin each {word} with `- `"),
            ),
        }
    }

    fn add_draft(&mut self, kind: Kind, file: usize, mut node: Node) {
        let was = match kind.has_key() {
            true => node.take("was"),
            false => None,
        };
        let text = |name: &str| node.text(name).unwrap_or_default();
        let key = match kind {
            Kind::Link => format!("{}>{}", text("from"), text("to")),
            Kind::Target => format!("{}@{}", text("measure"), text("unit")),
            _ => text("key").to_string(),
        };
        self.drafts.push(Draft {
            kind,
            file,
            node,
            key,
            was,
        });
    }
}

/// What a file is to the plan.
enum Role {
    /// It holds sections.
    Yaml,
    /// It is the table of targets.
    Targets,
    /// It looks like a file of the plan and is none.
    Stray(Finding),
    /// It is no business of the plan's.
    Other,
}

impl Role {
    fn of(path: &str) -> Role {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_hidden = path.split('/').any(|part| part.starts_with('.'));
        if path == TARGETS_FILE {
            return Role::Targets;
        }
        if is_hidden || name.starts_with("observations") {
            return Role::Other;
        }
        let in_measures = path
            .strip_prefix(MEASURES_FOLDER)
            .filter(|name| !name.contains('/'));
        if PLAN_FILES.contains(&path) || in_measures.is_some_and(|name| name.ends_with(".yaml")) {
            return Role::Yaml;
        }
        let lower = name.to_ascii_lowercase();
        if !lower.ends_with(".yaml") && !lower.ends_with(".yml") {
            return Role::Other;
        }
        let message = "this file is not part of a plan, so nothing in it would be read";
        let finding = Finding::error("unknown-file", message);
        Role::Stray(match right_name(path, &lower, in_measures.is_some()) {
            Some(right) => finding.with_help(format!("rename it to {right}")),
            None => finding.with_help(format!(
                "a plan is {}, measures/*.yaml and {TARGETS_FILE}; move it out of the folder",
                PLAN_FILES.join(", ")
            )),
        })
    }
}

/// The name that a file was probably meant to have.
fn right_name(path: &str, lower_name: &str, in_measures: bool) -> Option<String> {
    let stem = lower_name
        .strip_suffix(".yaml")
        .or_else(|| lower_name.strip_suffix(".yml"))?;
    if in_measures {
        return Some(format!("{MEASURES_FOLDER}{stem}.yaml"));
    }
    if path.contains('/') {
        return None;
    }
    let name = format!("{stem}.yaml");
    nearest(&name, PLAN_FILES).map(str::to_string)
}

/// Whether records of a kind may stand in a file.
pub(crate) fn may_hold(path: &str, kind: Kind) -> bool {
    match kind {
        Kind::Target if path == TARGETS_FILE => true,
        Kind::Measure | Kind::Target if path.starts_with(MEASURES_FOLDER) => true,
        _ => kind.file() == path,
    }
}

/// The sections that may stand in a file.
fn sections_of(path: &str) -> String {
    let sections = Kind::written().filter(|kind| may_hold(path, *kind));
    sections
        .map(|kind| format!("`{}:`", kind.section()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The kind of the records of a section, or why there can be no such section in that file.
fn section(path: &str, name: &str) -> Result<Kind, Box<Finding>> {
    if let Some(kind) = Kind::written().find(|kind| kind.section() == name) {
        if may_hold(path, kind) {
            return Ok(kind);
        }
        let message = format!("the section `{name}` does not stand in this file");
        let help = format!("move it to {}", kind.file());
        let finding = Finding::error("misplaced-section", message);
        return Err(Box::new(finding.with_help(help)));
    }
    if ["base", "left_out"].contains(&name) {
        let help = format!("move it to {}", Kind::Organisation.file());
        let message = format!("`{name}` does not stand in this file");
        let finding = Finding::error("misplaced-section", message);
        return Err(Box::new(finding.with_help(help)));
    }
    let finding = Finding::error(
        "unknown-section",
        format!("`{name}` is not a section of a plan"),
    );
    let names = Kind::written().map(Kind::section);
    let same_word = Kind::written().find(|kind| kind.word() == name);
    let same_word = same_word.map(Kind::section);
    Err(Box::new(match same_word.or_else(|| nearest(name, names)) {
        Some(near) => finding.with_nearest(Some(near)),
        None => finding.with_help(format!(
            "the sections of this file are {}",
            sections_of(path)
        )),
    }))
}
