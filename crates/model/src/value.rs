//! How a field of a record is read from a tree, written to one, and described.
//!
//! One trait serves the plan files, the ledger, diff, merge and the published JSON Schema, so that a new field is
//! one line in its record and nothing else.

use std::collections::BTreeMap;

use throughline_core::calendar::Calendar;
use throughline_core::finding::{FieldPath, Finding, Place, Segment, Severity, nearest};
use uuid::Uuid;

use crate::kind::Kind;
use crate::tree::Tree;

/// Numbers of a plan and of observations stay below this.
pub const NUMBER_LIMIT: f64 = 1e30;

/// Something that can stand in a field.
pub trait Value: Sized + Clone + PartialEq {
    /// What it looks like, for the JSON Schema, for merging lists by element and for naming fields in a diff.
    fn shape() -> Shape;

    /// Reads it. Everything that is wrong becomes a finding of the reader; `None` says that there was something.
    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self>;

    /// Writes it in its canonical form.
    fn write(&self, names: &dyn Names) -> Tree;

    /// What a field holds that is left out; `None` where the field must be there.
    fn absent() -> Option<Self> {
        None
    }
}

/// Who may see a field, before any rule of relation or scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// Everybody in the organisation.
    Public,
    /// Those who work with the plan.
    Internal,
    /// Who a person is: everybody, because owners are named everywhere; sealed like what is personal.
    Identity,
    /// About a person: sealed with that person's key in the ledger.
    Personal,
    /// For human resources alone.
    Secret,
}

impl Sensitivity {
    /// Every sensitivity.
    pub const ALL: [Sensitivity; 5] = [
        Sensitivity::Public,
        Sensitivity::Internal,
        Sensitivity::Identity,
        Sensitivity::Personal,
        Sensitivity::Secret,
    ];

    /// Whether it is sealed in the ledger with the key of the person whom it is about.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        matches!(
            self,
            Sensitivity::Identity | Sensitivity::Personal | Sensitivity::Secret
        )
    }
}

/// The form of a value.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A text of one line.
    Line,
    /// Markdown.
    Markdown,
    /// A readable key.
    Key,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Truth,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// Text of a stated form, with a regular expression and an example.
    Pattern {
        /// The regular expression of the JSON Schema.
        pattern: &'static str,
        /// An example of it.
        example: &'static str,
    },
    /// The key of a record of one of these kinds.
    Reference(&'static [Kind]),
    /// Any one of these.
    Either(Vec<Shape>),
    /// A list; its elements are told apart by `key`, or by themselves where there is none.
    List {
        /// The form of an element.
        element: Box<Shape>,
        /// The fields that tell one element from another.
        key: &'static [&'static str],
    },
    /// A group of fields.
    Group(&'static str, Vec<Field>),
}

/// A field of a record, or of a part of one.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its key in files and in JSON.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// Its form.
    pub shape: fn() -> Shape,
}

/// Gives the name that stands in a tree for a record: its key in files, its id in the ledger.
pub trait Names {
    /// The name of a record that is referred to by a field which takes `kinds`.
    fn name(&self, kinds: &[Kind], kind: Kind, id: Uuid) -> String;
    /// The calendar in which periods are written.
    fn calendar(&self) -> &Calendar;
}

/// Finds the record that a name in a tree stands for.
pub trait Resolver: Names {
    /// The record of one of `kinds` with that name.
    fn resolve(&self, kinds: &[Kind], name: &str) -> Option<(Kind, Uuid)>;
    /// The known name that is nearest to it.
    fn nearest(&self, kinds: &[Kind], name: &str) -> Option<String>;
    /// Whether names are ids: what is read was stored, and not written by people.
    fn reads_ids(&self) -> bool {
        false
    }
}

/// Reads one record: knows where it is, and collects what is wrong.
pub struct Reader<'a> {
    kind: Kind,
    key: String,
    path: Vec<Segment>,
    resolver: &'a dyn Resolver,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Reader<'a> {
    /// A reader of the record of that kind and key.
    pub fn new(
        kind: Kind,
        key: impl Into<String>,
        resolver: &'a dyn Resolver,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        Reader {
            kind,
            key: key.into(),
            path: Vec::new(),
            resolver,
            findings,
        }
    }

    /// Reads a part that stands at `segment` below where the reader is.
    pub fn at<T>(&mut self, segment: Segment, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(segment);
        let value = read(self);
        self.path.pop();
        value
    }

    /// The calendar in which periods are read.
    pub fn calendar(&self) -> &'a Calendar {
        self.resolver.calendar()
    }

    /// Whether what is read was stored, with ids in place of keys.
    pub fn reads_ids(&self) -> bool {
        self.resolver.reads_ids()
    }

    /// Notes an error at the place where the reader is. Returns `None`, to be the answer of a read that failed.
    pub fn error<T>(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Option<T> {
        self.findings.push(Finding {
            severity: Severity::Error,
            code,
            place: Some(Place {
                kind: self.kind.word(),
                key: self.key.clone(),
                path: self
                    .path
                    .iter()
                    .cloned()
                    .fold(FieldPath::new(), FieldPath::then),
            }),
            message: message.into(),
            help,
        });
        None
    }

    /// The text of a scalar, or an error that says what was expected.
    pub fn scalar<'t>(&mut self, tree: &'t Tree, expected: &str) -> Option<&'t str> {
        match tree.scalar() {
            Some(text) => Some(text),
            None => self.error(
                "wrong-type",
                format!("{expected} was expected here, not {}", tree.describe()),
                Some("write one value, without `-` or further keys".to_string()),
            ),
        }
    }

    /// The record that a name stands for, or an error with the nearest name.
    pub fn reference(&mut self, kinds: &'static [Kind], tree: &Tree) -> Option<(Kind, Uuid)> {
        let what = words(kinds);
        let name = self.scalar(tree, &format!("the key of {what}"))?;
        if let Some(found) = self.resolver.resolve(kinds, name) {
            return Some(found);
        }
        let help = self
            .resolver
            .nearest(kinds, name)
            .map(|near| format!("did you mean `{near}`?"));
        self.error(
            "unknown-reference",
            format!(
                "there is no {} `{name}`",
                what.trim_start_matches("a ").trim_start_matches("an ")
            ),
            help,
        )
    }

    /// Resolves a name without an error, for formulas, which point at the place themselves.
    ///
    /// # Errors
    /// The nearest known name, if there is one.
    pub fn lookup(&self, kinds: &[Kind], name: &str) -> Result<Uuid, Option<String>> {
        self.resolver
            .resolve(kinds, name)
            .map(|(_, id)| id)
            .ok_or_else(|| self.resolver.nearest(kinds, name))
    }

    /// Reads a field of a group.
    pub fn field<T: Value>(&mut self, group: &Tree, name: &'static str) -> Option<T> {
        match group.get(name).filter(|tree| !tree.is_null()) {
            Some(tree) => self.at(Segment::Field(name.into()), |reader| T::read(tree, reader)),
            None => match T::absent() {
                Some(value) => Some(value),
                None => self.error("missing-field", format!("`{name}` is missing"), None),
            },
        }
    }

    /// Notes every key of a group that is not one of its fields.
    pub fn unknown_fields(&mut self, group: &Tree, fields: &[Field]) {
        for (name, _) in group.entries() {
            if fields.iter().all(|field| field.name != name) {
                let help = match nearest(name, fields.iter().map(|field| field.name)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "the keys here are: {}",
                        fields
                            .iter()
                            .map(|field| field.name)
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                };
                self.at(Segment::Field(name.clone().into()), |reader| {
                    reader.error::<()>(
                        "unknown-key",
                        format!("`{name}` is not a key that can stand here"),
                        Some(help),
                    )
                });
            }
        }
    }
}

/// "an objective, outcome or behaviour"
fn words(kinds: &[Kind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    let list = match words.split_last() {
        Some((last, [])) => (*last).to_string(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    };
    let article = if list.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {list}")
}

/// References by id: how the ledger names records.
///
/// A field that takes several kinds writes `behaviour:ID`, so that the id alone is never ambiguous.
pub struct ById<'a>(pub &'a Calendar);

impl Names for ById<'_> {
    fn name(&self, kinds: &[Kind], kind: Kind, id: Uuid) -> String {
        if kinds.len() == 1 {
            id.to_string()
        } else {
            format!("{}:{id}", kind.word())
        }
    }

    fn calendar(&self) -> &Calendar {
        self.0
    }
}

impl Resolver for ById<'_> {
    fn resolve(&self, kinds: &[Kind], name: &str) -> Option<(Kind, Uuid)> {
        match (kinds, name.split_once(':')) {
            ([kind], None) => Some((*kind, name.parse().ok()?)),
            (_, Some((word, id))) => {
                let kind = Kind::from_word(word).filter(|kind| kinds.contains(kind))?;
                Some((kind, id.parse().ok()?))
            }
            _ => None,
        }
    }

    fn nearest(&self, _: &[Kind], _: &str) -> Option<String> {
        None
    }

    fn reads_ids(&self) -> bool {
        true
    }
}

/// References by key: how plan files name records.
#[derive(Default)]
pub struct KeyBook {
    by_key: BTreeMap<(Kind, String), Uuid>,
    by_id: BTreeMap<(Kind, Uuid), String>,
    calendar: Calendar,
}

impl KeyBook {
    /// An empty book for that calendar.
    pub fn new(calendar: Calendar) -> Self {
        KeyBook {
            calendar,
            ..KeyBook::default()
        }
    }

    /// Enters a record; a later entry for the same key or id takes its place.
    pub fn enter(&mut self, kind: Kind, key: impl Into<String>, id: Uuid) {
        let key = key.into();
        self.by_id.insert((kind, id), key.clone());
        self.by_key.insert((kind, key), id);
    }

    /// The id of the record with that key.
    pub fn id(&self, kind: Kind, key: &str) -> Option<Uuid> {
        self.by_key.get(&(kind, key.to_string())).copied()
    }

    /// The keys of one kind, in order.
    pub fn keys(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.by_key
            .range((kind, String::new())..)
            .take_while(move |((of, _), _)| *of == kind)
            .map(|((_, key), _)| key.as_str())
    }
}

impl Names for KeyBook {
    fn name(&self, _: &[Kind], kind: Kind, id: Uuid) -> String {
        self.by_id
            .get(&(kind, id))
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

impl Resolver for KeyBook {
    fn resolve(&self, kinds: &[Kind], name: &str) -> Option<(Kind, Uuid)> {
        kinds
            .iter()
            .find_map(|kind| self.id(*kind, name).map(|id| (*kind, id)))
    }

    fn nearest(&self, kinds: &[Kind], name: &str) -> Option<String> {
        nearest(name, kinds.iter().flat_map(|kind| self.keys(*kind))).map(str::to_string)
    }
}
