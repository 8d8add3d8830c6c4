//! Which record of the plan each record of a folder is: by its key, by the key that it had, or new.

use std::cell::Cell;
use std::collections::HashMap;

use throughline_core::calendar::Calendar;
use throughline_core::finding::{Finding, nearest};
use throughline_core::id::IdSource;
use uuid::Uuid;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::folder::{Draft, Folder};
use super::source::Span;
use crate::kind::Kind;
use crate::model::Model;
use crate::value::{Names, Resolver};

/// For how many unknown names the nearest known one is looked for: each time all names are compared.
pub const SUGGESTIONS_LIMIT: usize = 50;

/// The names of a folder, and behind them those of the plan that it is applied to.
pub(crate) struct FolderNames<'a> {
    base: &'a Model,
    head: &'a Model,
    calendar: Calendar,
    unreadable: [bool; Kind::ALL.len()],
    /// By kind: the ids of the folder's records by key.
    ids: [HashMap<String, Uuid>; Kind::ALL.len()],
    /// The keys of the folder's records by id.
    keys: HashMap<(Kind, Uuid), String>,
    suggestions: Cell<usize>,
}

impl<'a> FolderNames<'a> {
    /// Names without those of any folder.
    pub fn new(base: &'a Model, head: &'a Model, unreadable: [bool; Kind::ALL.len()]) -> Self {
        FolderNames {
            base,
            head,
            calendar: head.calendar().clone(),
            unreadable,
            ids: std::array::from_fn(|_| HashMap::new()),
            keys: HashMap::new(),
            suggestions: Cell::new(0),
        }
    }

    /// Reads periods in that calendar from here on.
    pub fn set_calendar(&mut self, calendar: Calendar) {
        self.calendar = calendar;
    }

    fn enter(&mut self, kind: Kind, key: &str, id: Uuid) {
        self.ids[kind as usize].insert(key.to_string(), id);
        self.keys.insert((kind, id), key.to_string());
    }

    /// The record that a key stood for when the folder was exported, or else stands for now.
    fn known(&self, kind: Kind, key: &str) -> Option<Uuid> {
        self.base
            .id_of(kind, key)
            .or_else(|| self.head.id_of(kind, key))
    }

    /// A record that is not in the folder. One that is there under another key is not found under this one.
    fn outside(&self, kind: Kind, key: &str) -> Option<Uuid> {
        let now = self.head.id_of(kind, key);
        let before = || {
            let id = self.base.id_of(kind, key)?;
            self.head.record(kind, id).map(|_| id)
        };
        now.or_else(before)
            .filter(|id| !self.keys.contains_key(&(kind, *id)))
    }

    /// The key that a record has now which had this one.
    fn renamed(&self, kind: Kind, key: &str) -> Option<String> {
        let id = self
            .known(kind, key)
            .or_else(|| self.head.first_user_of(kind, key))?;
        let in_folder = self.keys.get(&(kind, id)).cloned();
        in_folder
            .or_else(|| self.head.key_of(kind, id))
            .filter(|now| now != key)
    }
}

impl Names for FolderNames<'_> {
    fn name(&self, _: &[Kind], kind: Kind, id: Uuid) -> String {
        let in_folder = self.keys.get(&(kind, id)).cloned();
        in_folder
            .or_else(|| self.head.key_of(kind, id))
            .unwrap_or_else(|| id.to_string())
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

impl Resolver for FolderNames<'_> {
    fn resolve(&self, kinds: &[Kind], name: &str) -> Option<(Kind, Uuid)> {
        let in_folder = kinds.iter().find_map(|kind| {
            let id = self.ids[*kind as usize].get(name)?;
            Some((*kind, *id))
        });
        let outside = || {
            kinds
                .iter()
                .find_map(|kind| self.outside(*kind, name).map(|id| (*kind, id)))
        };
        // Where a file cannot be read, any record may stand in it. The plan is not used then.
        let perhaps = || {
            let kind = kinds.iter().find(|kind| self.unreadable[**kind as usize])?;
            Some((*kind, stand_in(name)))
        };
        in_folder.or_else(outside).or_else(perhaps)
    }

    fn nearest(&self, kinds: &[Kind], name: &str) -> Option<String> {
        if let Some(now) = kinds.iter().find_map(|kind| self.renamed(*kind, name)) {
            return Some(now);
        }
        if self.suggestions.get() >= SUGGESTIONS_LIMIT {
            return None;
        }
        self.suggestions.set(self.suggestions.get() + 1);
        let here = kinds
            .iter()
            .flat_map(|kind| self.ids[*kind as usize].keys());
        let mut near: Vec<String> = sorted_nearest(name, here).into_iter().collect();
        near.extend(self.head.nearest(kinds, name));
        nearest(name, near.iter().map(String::as_str)).map(str::to_string)
    }
}

/// The nearest of names whose order is not fixed: of equally near ones the first by alphabet.
fn sorted_nearest<'a>(name: &str, names: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_unstable();
    nearest(name, names).map(str::to_string)
}

/// An id that stands for a record that may be in a file which cannot be read; for each name another.
fn stand_in(name: &str) -> Uuid {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    Uuid::from_u128(u128::from(hasher.finish()))
}

/// Gives each record of the folder that has a key its id, and enters it in the names.
pub(crate) fn identify(
    folder: &Folder,
    names: &mut FolderNames<'_>,
    ids: &mut dyn IdSource,
    diagnostics: &mut Diagnostics,
) -> Vec<Option<Uuid>> {
    let mut first_with_key: HashMap<(usize, &str), usize> = HashMap::new();
    let mut first_with_id: HashMap<(Kind, Uuid), usize> = HashMap::new();
    let mut identities = Vec::with_capacity(folder.drafts.len());
    for (index, draft) in folder.drafts.iter().enumerate() {
        if !draft.kind.has_key() || draft.key.is_empty() {
            identities.push(None);
            continue;
        }
        let at = draft.node.record_head();
        let group = key_group(draft.kind);
        if let Some(first) = first_with_key.get(&(group, draft.key.as_str())) {
            let other = &folder.drafts[*first];
            let finding = duplicate_key(draft, other);
            diagnostics.add(both(folder, draft, at, finding, other));
            identities.push(Some(ids.next()));
            continue;
        }
        first_with_key.insert((group, &draft.key), index);
        let id = match existing(draft, names) {
            Ok(found) => found.unwrap_or_else(|| ids.next()),
            Err(flaw) => {
                let span = match (&draft.was, flaw.is_of_was) {
                    (Some(was), true) => was.value.at,
                    _ => at,
                };
                let source = &folder.sources[draft.file];
                diagnostics.add(Diagnostic::new(source, span, *flaw.finding));
                ids.next()
            }
        };
        if let Some(first) = first_with_id.insert((draft.kind, id), index) {
            let other = &folder.drafts[first];
            let message = format!(
                "`{}` and `{}` are the same {}",
                other.key, draft.key, draft.kind
            );
            let finding = Finding::error("same-record", message)
                .with_help("keep one of the two; a new record has a key that was never used");
            diagnostics.add(both(folder, draft, at, finding, other));
        }
        names.enter(draft.kind, &draft.key, id);
        identities.push(Some(id));
    }
    identities
}

/// Kinds with one number share their keys.
fn key_group(kind: Kind) -> usize {
    if Kind::NODES.contains(&kind) {
        Kind::NODES[0] as usize
    } else {
        kind as usize
    }
}

fn duplicate_key(draft: &Draft, other: &Draft) -> Finding {
    let key = &draft.key;
    if draft.kind.is_single() {
        let message = format!("there is one {} in a plan", draft.kind);
        return Finding::error("duplicate-record", message);
    }
    if draft.kind == other.kind {
        let message = format!("the key `{key}` is given to two {}", draft.kind.section());
        return Finding::error("duplicate-record", message)
            .with_help("give one of them another key, or remove it");
    }
    let message = format!(
        "the key `{key}` is given to {} {} already",
        article(other.kind),
        other.kind
    );
    Finding::error("duplicate-record", message)
        .with_help("objectives, outcomes and behaviours share their keys; give one another key")
}

/// `a` or `an`, as the word of the kind takes it.
fn article(kind: Kind) -> &'static str {
    if kind.word().starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    }
}

/// A finding about two records.
pub(crate) fn both(
    folder: &Folder,
    draft: &Draft,
    at: Span,
    finding: Finding,
    other: &Draft,
) -> Diagnostic {
    Diagnostic::new(&folder.sources[draft.file], at, finding).and(
        &folder.sources[other.file],
        other.node.record_head(),
        "first given here",
    )
}

/// Why a record cannot be told.
struct Flaw {
    finding: Box<Finding>,
    /// Whether it is about `was`, and not about the key.
    is_of_was: bool,
}

impl Flaw {
    fn of_key(finding: Finding) -> Flaw {
        Flaw {
            finding: Box::new(finding),
            is_of_was: false,
        }
    }

    fn of_was(finding: Finding) -> Flaw {
        Flaw {
            finding: Box::new(finding),
            is_of_was: true,
        }
    }
}

/// The record of the plan that a record of the folder is; `None` for a new one.
fn existing(draft: &Draft, names: &FolderNames<'_>) -> Result<Option<Uuid>, Flaw> {
    let (kind, key) = (draft.kind, draft.key.as_str());
    let known = names.known(kind, key);
    let Some(was) = &draft.was else {
        return match known {
            Some(id) => Ok(Some(id)),
            None => new_key(kind, key, names, true).map(|()| None),
        };
    };
    let Some(old) = was.value.scalar() else {
        let finding = Finding::error("bad-was", "`was` is the key that this record had before");
        return Err(Flaw::of_was(finding));
    };
    let before = names
        .known(kind, old)
        .or_else(|| names.head.first_user_of(kind, old));
    match (known, before) {
        (Some(id), Some(other)) if id != other => {
            let message = format!("`{old}` cannot be renamed to `{key}`: that is another {kind}");
            let finding = Finding::error("key-in-use", message)
                .with_help("choose a key that was never used, or leave `was` out");
            Err(Flaw::of_was(finding))
        }
        (Some(id), _) => Ok(Some(id)),
        (None, Some(id)) => {
            let user = names.head.first_user_of(kind, key);
            if user.is_none_or(|user| user == id) {
                return Ok(Some(id));
            }
            new_key(kind, key, names, false).map(|()| Some(id))
        }
        (None, None) => {
            let finding = Finding::error("unknown-was", format!("there is no {kind} `{old}`"));
            let near = names.nearest(&[kind], old).filter(|near| near != key);
            let finding = match near {
                Some(near) => finding.with_nearest(Some(&near)),
                None => finding.with_help("leave `was` out for a new record"),
            };
            Err(Flaw::of_was(finding))
        }
    }
}

/// Whether a record, new or renamed, can take a key that no record has.
fn new_key(kind: Kind, key: &str, names: &FolderNames<'_>, is_new: bool) -> Result<(), Flaw> {
    if kind == Kind::Organisation
        && let Some(organisation) = names.head.organisation()
    {
        let now = organisation.key.as_str();
        let message = format!("this ledger is that of the organisation `{now}`");
        let finding = Finding::error("another-organisation", message).with_help(format!(
            "to rename it, write `was: {now}`; another organisation has a ledger of its own"
        ));
        return Err(Flaw::of_key(finding));
    }
    let kinds: &[Kind] = if Kind::NODES.contains(&kind) {
        &Kind::NODES
    } else {
        std::slice::from_ref(&kind)
    };
    for former in kinds {
        let Some(id) = names.head.first_user_of(*former, key) else {
            continue;
        };
        let now = names.head.key_of(*former, id);
        if now.as_deref() == Some(key) {
            continue;
        }
        let (message, help) = match now {
            Some(now) => (
                format!("`{key}` was the key of the {former} that is called `{now}` now"),
                format!("write `{now}`, or choose another key for a new {kind}"),
            ),
            None => (
                format!(
                    "`{key}` was the key of {} {former} that has been retired",
                    article(*former)
                ),
                match is_new && *former == kind {
                    true => format!(
                        "to bring that {kind} back, with its history, write `was: {key}` beside the key; a new {kind} takes another key"
                    ),
                    false => "choose another key; keys are not used again".to_string(),
                },
            ),
        };
        let finding = Finding::error("used-key", message).with_help(help);
        return Err(Flaw::of_key(finding));
    }
    Ok(())
}
