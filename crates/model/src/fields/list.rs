//! Values that may be absent, lists of them, and references to records.

use std::collections::BTreeMap;

use throughline_core::finding::Segment;

use crate::kind::Kind;
use crate::tree::Tree;
use crate::value::{ById, Names, Reader, Shape, Value};

impl<T: Value> Value for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        if tree.is_null() {
            Some(None)
        } else {
            T::read(tree, reader).map(Some)
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        self.as_ref().map_or(Tree::Null, |value| value.write(names))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// Something that can stand in a list, where each element is told apart from the others.
pub trait Element: Value {
    /// The fields that tell it apart; itself, where there are none.
    const KEY: &'static [&'static str] = &[];
}

/// The most elements that one list of a record may have.
pub const LIST_LENGTH_LIMIT: usize = 20_000;

impl<T: Element> Value for Vec<T> {
    fn shape() -> Shape {
        Shape::List {
            element: Box::new(T::shape()),
            key: T::KEY,
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let Tree::List(elements) = tree else {
            let help = tree.scalar().map(|text| format!("write [{text}]"));
            return reader.error(
                "wrong-type",
                format!("a list was expected here, not {}", tree.describe()),
                help,
            );
        };
        if elements.len() > LIST_LENGTH_LIMIT {
            return reader.error(
                "long-list",
                format!("a list has at most {LIST_LENGTH_LIMIT} elements"),
                None,
            );
        }
        let mut values = Vec::with_capacity(elements.len());
        let mut seen = BTreeMap::new();
        let mut complete = true;
        for (index, element) in elements.iter().enumerate() {
            let value = reader.at(Segment::Index(index), |reader| {
                let value = T::read(element, reader)?;
                let key = element_key(&value.write(&ById(reader.calendar())), T::KEY);
                if let Some(first) = seen.insert(key, index) {
                    let message = format!(
                        "this stands in the list twice: it is element {} too",
                        first + 1
                    );
                    return reader.error("duplicate-element", message, None);
                }
                Some(value)
            });
            complete &= value.is_some();
            values.extend(value);
        }
        complete.then_some(values)
    }

    fn write(&self, names: &dyn Names) -> Tree {
        Tree::List(self.iter().map(|element| element.write(names)).collect())
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

/// What tells an element of a list from the others, as text.
pub fn element_key(element: &Tree, key: &[&str]) -> String {
    match (key, element) {
        ([], _) | (_, Tree::Null | Tree::Plain(_) | Tree::Text(_)) => element
            .scalar()
            .map_or_else(|| element.to_json(), str::to_string),
        (fields, _) => {
            let parts = fields.iter().map(|field| {
                element
                    .get(field)
                    .and_then(Tree::scalar)
                    .unwrap_or_default()
            });
            parts.collect::<Vec<_>>().join(" ")
        }
    }
}

/// Makes ids of core usable as references to records of one kind.
macro_rules! references {
    ($($id:ident => $kind:ident),* $(,)?) => {$(
        impl Value for throughline_core::id::$id {
            fn shape() -> Shape {
                Shape::Reference(&[Kind::$kind])
            }

            fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
                reader.reference(&[Kind::$kind], tree).map(|(_, id)| Self::from_uuid(id))
            }

            fn write(&self, names: &dyn Names) -> Tree {
                Tree::text(names.name(&[Kind::$kind], Kind::$kind, self.as_uuid()))
            }
        }

        impl Element for throughline_core::id::$id {}
    )*};
}

references! {
    UnitId => Unit,
    PersonId => Person,
    PerspectiveId => Perspective,
    ThemeId => Theme,
    ObjectiveId => Objective,
    LinkId => Link,
    MeasureId => Measure,
    BodyId => Body,
    ReviewId => Review,
}
