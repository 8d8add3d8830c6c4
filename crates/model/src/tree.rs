//! The tree that every record can be written to and read from: what plan files, the ledger, diff and merge have in common.
//!
//! A tree knows nothing of types: a plain scalar is the text as it stood (`0.95`, `true`), and the record that
//! reads it decides what it means. That is why `name: no` is text and `value: no` can be an answer.

use serde_json::Value as Json;

/// A record, or a part of one, as nested lists and maps of scalars.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Tree {
    /// Nothing: `~`, or left empty.
    #[default]
    Null,
    /// A scalar without quotes: a number, a truth value, or a word.
    Plain(String),
    /// A scalar that is text for certain.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// A map, in the order in which it is written.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// A plain scalar.
    pub fn plain(text: impl ToString) -> Tree {
        Tree::Plain(text.to_string())
    }

    /// A scalar that is text.
    pub fn text(text: impl Into<String>) -> Tree {
        Tree::Text(text.into())
    }

    /// The value under a key of a map.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entries()
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[(String, Tree)] {
        match self {
            Tree::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub fn elements(&self) -> &[Tree] {
        match self {
            Tree::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match self {
            Tree::Plain(text) | Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing here.
    pub fn is_null(&self) -> bool {
        matches!(self, Tree::Null)
    }

    /// What this is, in words, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Tree::Null => "nothing",
            Tree::Plain(_) | Tree::Text(_) => "a single value",
            Tree::List(_) => "a list",
            Tree::Map(_) => "a group of keys",
        }
    }

    /// The canonical JSON of the tree: the bytes that the ledger hashes and keeps.
    ///
    /// Keys stand in the order of the record, nothing is escaped that need not be, there is no white space.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Tree::Null => out.push_str("null"),
            Tree::Plain(text) => out.push_str(text),
            Tree::Text(text) => out.push_str(&Json::from(text.as_str()).to_string()),
            Tree::List(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write_json(out);
                }
                out.push(']');
            }
            Tree::Map(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&Json::from(key.as_str()).to_string());
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }

    /// Reads what [`Tree::to_json`] wrote.
    ///
    /// # Errors
    /// If the text is not JSON.
    pub fn from_json(json: &str) -> Result<Tree, serde_json::Error> {
        serde_json::from_str(json)
    }
}

impl<'de> serde::Deserialize<'de> for Tree {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

/// Builds a tree straight from the JSON reader, which keeps the order of keys.
struct TreeVisitor;

impl<'de> serde::de::Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::plain(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::plain(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::plain(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::plain(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::text(value))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut sequence: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(Tree::List(elements))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_reads_back_to_the_same_tree() {
        let tree = Tree::Map(vec![
            ("b".into(), Tree::plain(0.1)),
            (
                "a".into(),
                Tree::List(vec![
                    Tree::text("x \"y\" \n é"),
                    Tree::Null,
                    Tree::plain(true),
                ]),
            ),
            ("c".into(), Tree::Map(vec![])),
        ]);
        let json = tree.to_json();
        assert_eq!(json, r#"{"b":0.1,"a":["x \"y\" \n é",null,true],"c":{}}"#);
        assert_eq!(Tree::from_json(&json).expect("canonical JSON"), tree);
    }
}
