//! A record in its two written forms side by side: with ids, by which it is compared, and with keys, by which it is
//! shown. Diff and merge walk both, so that a renamed measure changes nothing that refers to it.

use std::collections::BTreeMap;

use throughline_core::finding::Segment;

use crate::fields::element_key;
use crate::kind::Kind;
use crate::records::AnyRecord;
use crate::tree::Tree;
use crate::value::{ById, Field, Names, Shape};

/// The form of a value as far as two versions of it can be compared part by part.
#[derive(Debug)]
pub(crate) enum Form {
    /// Compared as a whole.
    Whole {
        /// Whether it is text for people, which may be long.
        prose: bool,
        /// Whether it is text, which is shown in quotes.
        text: bool,
    },
    /// Compared field by field.
    Group(Vec<FieldForm>),
    /// Compared by the keys of its elements.
    List {
        /// The form of an element.
        element: Box<Form>,
        /// The fields that tell one element from another.
        key: &'static [&'static str],
    },
}

/// A field of a group and its form.
#[derive(Debug)]
pub(crate) struct FieldForm {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
}

impl Form {
    /// The form of the records of a kind.
    pub(crate) fn of(kind: Kind) -> Form {
        Form::of_fields(&kind.fields())
    }

    fn of_fields(fields: &[Field]) -> Form {
        let form = |field: &Field| FieldForm {
            name: field.name,
            form: Form::of_shape((field.shape)()),
        };
        Form::Group(fields.iter().map(form).collect())
    }

    fn of_shape(shape: Shape) -> Form {
        match shape {
            Shape::Group(_, fields) => Form::of_fields(&fields),
            // Two numbers are a range: one value.
            Shape::List { element, .. } if matches!(*element, Shape::Number) => Form::whole(),
            Shape::List { element, key } => Form::List {
                element: Box::new(Form::of_shape(*element)),
                key,
            },
            // Of several forms only one has parts: the short ones stand for it.
            Shape::Either(shapes) => shapes
                .into_iter()
                .map(Form::of_shape)
                .find(|form| !matches!(form, Form::Whole { .. }))
                .unwrap_or(Form::whole()),
            Shape::Line => Form::Whole {
                prose: false,
                text: true,
            },
            Shape::Markdown => Form::Whole {
                prose: true,
                text: true,
            },
            _ => Form::whole(),
        }
    }

    const fn whole() -> Form {
        Form::Whole {
            prose: false,
            text: false,
        }
    }

    /// Writes every element of a list in full: a plain key stands for a group with that key and nothing else.
    fn expand(&self, tree: Tree) -> Tree {
        match (self, tree) {
            (Form::Group(fields), Tree::Map(entries)) => {
                let expanded = entries.into_iter().map(|(name, value)| {
                    let field = fields.iter().find(|field| field.name == name);
                    let value = match field {
                        Some(field) => field.form.expand(value),
                        None => value,
                    };
                    (name, value)
                });
                Tree::Map(expanded.collect())
            }
            (Form::List { element, key }, Tree::List(elements)) => {
                let full = |value: Tree| match (key.first(), value) {
                    (Some(name), short @ (Tree::Plain(_) | Tree::Text(_))) => {
                        Tree::Map(vec![((*name).to_string(), short)])
                    }
                    (_, value) => element.expand(value),
                };
                Tree::List(elements.into_iter().map(full).collect())
            }
            (_, tree) => tree,
        }
    }
}

/// A record, written with ids and with keys.
#[derive(Debug)]
pub(crate) struct Written {
    stored: Tree,
    shown: Tree,
}

impl Written {
    /// Writes a record in both forms.
    pub(crate) fn new(record: &AnyRecord, form: &Form, names: &dyn Names) -> Written {
        Written {
            stored: form.expand(record.write(&ById(names.calendar()))),
            shown: form.expand(record.write(names)),
        }
    }

    /// The whole record.
    pub(crate) fn part(&self) -> Part<'_> {
        Part {
            stored: &self.stored,
            shown: &self.shown,
        }
    }
}

/// A part of a record in both forms; nothing, where it is left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) stored: &'a Tree,
    pub(crate) shown: &'a Tree,
}

static NULL: Tree = Tree::Null;

impl<'a> Part<'a> {
    /// What is not there.
    pub(crate) const NOTHING: Part<'static> = Part {
        stored: &NULL,
        shown: &NULL,
    };

    /// Whether there is nothing.
    pub(crate) fn is_nothing(self) -> bool {
        self.stored.is_null()
    }

    /// Whether it is a group.
    pub(crate) fn is_group(self) -> bool {
        matches!(self.stored, Tree::Map(_))
    }

    /// Whether both are the same, whatever the records that they refer to are called.
    pub(crate) fn is(self, other: Part<'_>) -> bool {
        self.stored == other.stored
    }

    /// A field of a group.
    pub(crate) fn field(self, name: &str) -> Part<'a> {
        Part {
            stored: self.stored.get(name).unwrap_or(&NULL),
            shown: self.shown.get(name).unwrap_or(&NULL),
        }
    }

    /// The elements of a list, each with its key.
    pub(crate) fn elements(self, key: &[&str]) -> Elements<'a> {
        let parts = self
            .stored
            .elements()
            .iter()
            .zip(self.shown.elements())
            .map(|(stored, shown)| Part { stored, shown });
        let mut elements = Elements {
            order: Vec::new(),
            parts: BTreeMap::new(),
        };
        for part in parts {
            let name = element_key(part.stored, key);
            if elements.parts.insert(name.clone(), part).is_none() {
                elements.order.push(name);
            }
        }
        elements
    }

    /// What stands for this element of a list in a path.
    pub(crate) fn segment(self, key: &[&str]) -> Segment {
        Segment::Key(element_key(self.shown, key))
    }

    /// What is shown of it; `None` where there is nothing.
    pub(crate) fn value(self) -> Option<Tree> {
        (!self.is_nothing()).then(|| self.shown.clone())
    }
}

/// The elements of a list by their keys, and the keys in order.
pub(crate) struct Elements<'a> {
    pub(crate) order: Vec<String>,
    parts: BTreeMap<String, Part<'a>>,
}

impl<'a> Elements<'a> {
    /// The element with that key; nothing, where there is none.
    pub(crate) fn get(&self, key: &str) -> Part<'a> {
        self.parts.get(key).copied().unwrap_or(Part::NOTHING)
    }

    /// Whether there is an element with that key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.parts.contains_key(key)
    }

    /// The keys of the elements in order, as they are shown.
    pub(crate) fn shown_keys(&self, key: &[&str]) -> Tree {
        let shown = |name: &String| Tree::text(element_key(self.get(name).shown, key));
        Tree::List(self.order.iter().map(shown).collect())
    }
}
