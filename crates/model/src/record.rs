//! What makes a struct a record of the plan: one declaration gives its fields, their sensitivity and their form.

use std::fmt::Debug;

use uuid::Uuid;

use crate::kind::Kind;
use crate::records::AnyRecord;
use crate::value::{Field, Names, Sensitivity, Value};

/// A typed record of the plan.
pub trait Record: Value + Debug + Into<AnyRecord> {
    /// The id of records of this kind.
    type Id: Copy + Ord + Debug;
    /// Its kind.
    const KIND: Kind;

    /// The fields, in the order in which they are written.
    fn fields() -> Vec<Field>;

    /// The record without the fields of a sensitivity that is hidden. A field that must be there stays: none that is
    /// hidden from anybody may be required.
    #[must_use]
    fn without(&self, is_hidden: &dyn Fn(Sensitivity) -> bool) -> Self;

    /// The record with those of its fields that are named and hold nothing taken from another version of it.
    #[must_use]
    fn completed(&self, other: &Self, is_named: &dyn Fn(&str) -> bool) -> Self;

    /// The readable name that is unique in its kind: its key, or what it connects (`from>to`, `measure@unit`).
    fn key(&self, names: &dyn Names) -> String;

    /// The typed id.
    fn id(id: Uuid) -> Self::Id;

    /// The id as it is stored.
    fn uuid(id: Self::Id) -> Uuid;
}

/// A record with its identity and its place in the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<R> {
    /// Never changes, whatever happens to key and name.
    pub id: Uuid,
    /// Sorts the records of one kind as the plan has them; any finite number.
    pub position: f64,
    /// The record.
    pub record: R,
}

impl<R: Record> Entry<R> {
    /// The typed id.
    pub fn id(&self) -> R::Id {
        R::id(self.id)
    }
}

impl<R> std::ops::Deref for Entry<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.record
    }
}

/// Declares a group of fields: a struct that is read, written and described field by field.
///
/// Each field begins with its sensitivity: `public`, `internal`, `identity`, `personal` or `secret`.
macro_rules! group_fields {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $doc:literal])* $sensitivity:ident $field:ident: $type:ty),* $(,)? }) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[doc = $doc])* pub $field: $type),*
        }

        impl $name {
            /// Its fields, in the order in which they are written.
            pub fn field_list() -> Vec<$crate::value::Field> {
                vec![$($crate::value::Field {
                    name: $crate::record::field_name(stringify!($field)),
                    about: concat!($($doc),*).trim_ascii(),
                    required: <$type as $crate::value::Value>::absent().is_none(),
                    sensitivity: $crate::record::sensitivity!($sensitivity),
                    shape: <$type as $crate::value::Value>::shape,
                }),*]
            }

            fn read_group(tree: &$crate::tree::Tree, reader: &mut $crate::value::Reader<'_>) -> Option<Self> {
                reader.unknown_fields(tree, &Self::field_list());
                $(let $field = reader.field(tree, $crate::record::field_name(stringify!($field)));)*
                Some($name { $($field: $field?),* })
            }

            fn write_group(&self, names: &dyn $crate::value::Names) -> $crate::tree::Tree {
                let mut entries = Vec::new();
                $(if <$type as $crate::value::Value>::absent().as_ref() != Some(&self.$field) {
                    let name = $crate::record::field_name(stringify!($field));
                    entries.push((name.to_string(), $crate::value::Value::write(&self.$field, names)));
                })*
                $crate::tree::Tree::Map(entries)
            }
        }
    };
}
pub(crate) use group_fields;

/// Declares a group of fields that is always written as a group.
macro_rules! group {
    ($(#[doc = $about:literal])* $name:ident { $($fields:tt)* }) => {
        $crate::record::group_fields! { $(#[doc = $about])* $name { $($fields)* } }

        impl $crate::value::Value for $name {
            fn shape() -> $crate::value::Shape {
                $crate::value::Shape::Group(stringify!($name), Self::field_list())
            }

            fn read(tree: &$crate::tree::Tree, reader: &mut $crate::value::Reader<'_>) -> Option<Self> {
                match tree {
                    $crate::tree::Tree::Map(_) => Self::read_group(tree, reader),
                    other => reader.error("wrong-type", format!("a group of keys was expected here, not {}", other.describe()), Some("write its keys and values between { and }".to_string())),
                }
            }

            fn write(&self, names: &dyn $crate::value::Names) -> $crate::tree::Tree {
                self.write_group(names)
            }
        }
    };
}
pub(crate) use group;

/// Declares a kind of record: a group with an identity.
macro_rules! record {
    ($(#[doc = $about:literal])* $name:ident($id:ident) { $($fields:tt)* }) => {
        $crate::record::group! { $(#[doc = $about])* $name { $($fields)* } }
        $crate::record::hidden_fields! { $name { $($fields)* } }

        impl $crate::record::Record for $name {
            type Id = throughline_core::id::$id;
            const KIND: $crate::kind::Kind = $crate::kind::Kind::$name;

            fn fields() -> Vec<$crate::value::Field> {
                Self::field_list()
            }

            fn without(&self, is_hidden: &dyn Fn($crate::value::Sensitivity) -> bool) -> Self {
                self.without_fields(is_hidden)
            }

            fn completed(&self, other: &Self, is_named: &dyn Fn(&str) -> bool) -> Self {
                self.completed_fields(other, is_named)
            }

            fn key(&self, names: &dyn $crate::value::Names) -> String {
                self.readable_key(names)
            }

            fn id(id: uuid::Uuid) -> Self::Id {
                throughline_core::id::$id::from_uuid(id)
            }

            fn uuid(id: Self::Id) -> uuid::Uuid {
                id.as_uuid()
            }
        }
    };
}
pub(crate) use record;

/// Names records by the key that they hold.
macro_rules! named_by_key {
    ($($name:ident),* $(,)?) => {$(
        impl $name {
            fn readable_key(&self, _: &dyn $crate::value::Names) -> String {
                self.key.to_string()
            }
        }
    )*};
}
pub(crate) use named_by_key;

/// Takes fields out of a record by their sensitivity, and puts them back.
macro_rules! hidden_fields {
    ($name:ident { $($(#[doc = $doc:literal])* $sensitivity:ident $field:ident: $type:ty),* $(,)? }) => {
        impl $name {
            fn without_fields(&self, is_hidden: &dyn Fn($crate::value::Sensitivity) -> bool) -> Self {
                $name { $($field: match <$type as $crate::value::Value>::absent() {
                    Some(absent) if is_hidden($crate::record::sensitivity!($sensitivity)) => absent,
                    _ => self.$field.clone(),
                }),* }
            }

            fn completed_fields(&self, other: &Self, is_named: &dyn Fn(&str) -> bool) -> Self {
                $name { $($field: {
                    let holds_nothing = <$type as $crate::value::Value>::absent().as_ref() == Some(&self.$field);
                    match holds_nothing && is_named($crate::record::field_name(stringify!($field))) {
                        true => other.$field.clone(),
                        false => self.$field.clone(),
                    }
                }),* }
            }
        }
    };
}
pub(crate) use hidden_fields;

macro_rules! sensitivity {
    (public) => {
        $crate::value::Sensitivity::Public
    };
    (internal) => {
        $crate::value::Sensitivity::Internal
    };
    (identity) => {
        $crate::value::Sensitivity::Identity
    };
    (personal) => {
        $crate::value::Sensitivity::Personal
    };
    (secret) => {
        $crate::value::Sensitivity::Secret
    };
}
pub(crate) use sensitivity;

/// The key of a field in files: words that are reserved in Rust are written raw there.
pub(crate) const fn field_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
