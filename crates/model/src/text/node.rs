//! A tree as it stands in a file: each key and value with its place.

use throughline_core::finding::{FieldPath, Segment};

use super::source::Span;
use crate::fields::element_key;
use crate::kind::Kind;
use crate::tree::Tree;
use crate::value::{Field, Shape};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub at: Span,
    pub content: Content,
}

/// What a value is made of; the same as a [`Tree`], with places.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Null,
    Plain(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub name: String,
    pub at: Span,
    pub value: Node,
}

impl Node {
    /// Nothing, at that place.
    pub fn null(at: Span) -> Node {
        Node {
            at,
            content: Content::Null,
        }
    }

    /// The entry with that name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name == name)
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.content {
            Content::Plain(text) | Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the scalar under a key.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.entry(name).and_then(|entry| entry.value.scalar())
    }

    /// Takes the entry with that name out of a map.
    pub fn take(&mut self, name: &str) -> Option<Entry> {
        let Content::Map(entries) = &mut self.content else {
            return None;
        };
        let index = entries.iter().position(|entry| entry.name == name)?;
        Some(entries.remove(index))
    }

    /// The same without places.
    pub fn tree(&self) -> Tree {
        match &self.content {
            Content::Null => Tree::Null,
            Content::Plain(text) => Tree::Plain(text.clone()),
            Content::Text(text) => Tree::Text(text.clone()),
            Content::List(elements) => Tree::List(elements.iter().map(Node::tree).collect()),
            Content::Map(entries) => Tree::Map(
                entries
                    .iter()
                    .map(|entry| (entry.name.clone(), entry.value.tree()))
                    .collect(),
            ),
        }
    }

    /// Where something can be pointed at: a scalar itself, of a group its first key.
    pub fn head(&self) -> Span {
        match &self.content {
            Content::Map(entries) => entries.first().map_or(self.at, |entry| entry.at),
            Content::List(elements) => elements.first().map_or(self.at, Node::head),
            _ => self.at,
        }
    }

    /// Where a record can be pointed at: its key, or the first thing that it says.
    pub fn record_head(&self) -> Span {
        match self.entry("key") {
            Some(entry) if entry.value.scalar().is_some() => entry.value.at,
            _ => self.head(),
        }
    }

    /// The place of a value of this record, or of its key where `at_key` asks for that. A path that leads further
    /// than the file gives the place where it ends.
    pub fn locate(&self, kind: Kind, path: &FieldPath, at_key: bool) -> Span {
        let mut node = self;
        let mut key = None;
        let mut shape = Shape::Group("", kind.fields());
        for segment in path.segments() {
            let Some((entry_key, next, next_shape)) = node.step(segment, &shape) else {
                break;
            };
            key = entry_key;
            node = next;
            shape = next_shape;
        }
        match (&node.content, key) {
            (_, Some(key)) if at_key => key,
            (Content::Null | Content::List(_) | Content::Map(_), Some(key)) => key,
            _ if std::ptr::eq(node, self) => self.record_head(),
            _ => node.head(),
        }
    }

    /// One step of a path: the place of the key, where there is one, and what stands there.
    fn step(&self, segment: &Segment, shape: &Shape) -> Option<(Option<Span>, &Node, Shape)> {
        match (segment, &self.content) {
            (Segment::Field(name), Content::Map(_)) => {
                let entry = self.entry(name)?;
                Some((Some(entry.at), &entry.value, field_shape(shape, name)))
            }
            (Segment::Index(index), Content::List(elements)) => {
                Some((None, elements.get(*index)?, element_shape(shape).0))
            }
            (Segment::Key(wanted), Content::List(elements)) => {
                let (of_element, fields) = element_shape(shape);
                let found = elements
                    .iter()
                    .find(|element| element_key(&element.tree(), fields) == *wanted)?;
                Some((None, found, of_element))
            }
            _ => None,
        }
    }
}

/// The form of a field of a group; of anything else a line, of which nothing more is asked.
fn field_shape(shape: &Shape, name: &str) -> Shape {
    let named = |fields: &[Field]| {
        let field = fields.iter().find(|field| field.name == name);
        field.map(|field| (field.shape)())
    };
    let found = match shape {
        Shape::Group(_, fields) => named(fields),
        Shape::Either(shapes) => shapes.iter().find_map(|shape| match shape {
            Shape::Group(_, fields) => named(fields),
            _ => None,
        }),
        _ => None,
    };
    found.unwrap_or(Shape::Line)
}

/// The form of the elements of a list, and the fields that tell one from another.
fn element_shape(shape: &Shape) -> (Shape, &'static [&'static str]) {
    match shape {
        Shape::List { element, key } => ((**element).clone(), key),
        _ => (Shape::Line, &[]),
    }
}
