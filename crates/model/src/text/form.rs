//! A field of a record as people fill it in by itself: one text, or a small table of texts; and back.
//!
//! What comes out is what a plan file would hold there, so that a form and a file mean the same and have the same errors.

use throughline_core::finding::Finding;

use super::diagnostic::Diagnostics;
use super::emit;
use super::source::Source;
use super::yaml;
use crate::kind::Kind;
use crate::tree::Tree;
use crate::value::{Field, Shape};

/// The longest text of one field, in bytes.
pub const FIELD_SIZE_LIMIT: usize = 64 * 1024;

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Input {
    /// One line.
    Line,
    /// Text of several lines.
    Prose,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// The key of a record of one of these kinds.
    Reference(&'static [Kind]),
    /// A line for each element.
    Lines,
    /// A table: a row for each element, a column for each of these fields.
    Rows(Vec<Field>),
    /// A table of one row.
    Group(Vec<Field>),
    /// As in a plan file.
    Structure,
}

impl Input {
    /// How a value of that form is filled in.
    #[must_use]
    pub fn of(shape: &Shape) -> Input {
        match shape {
            Shape::Line | Shape::Key | Shape::Number | Shape::Integer | Shape::Pattern { .. } => {
                Input::Line
            }
            Shape::Markdown => Input::Prose,
            Shape::Truth => Input::Choice(&["true", "false"]),
            Shape::Word(words) => Input::Choice(words),
            Shape::Reference(kinds) => Input::Reference(kinds),
            Shape::Group(_, fields) => Input::Group(fields.clone()),
            Shape::List { element, .. } => match (&**element, group_of(element)) {
                // Two numbers are a range: one value.
                (Shape::Number, _) => Input::Line,
                (_, Some(fields)) => Input::Rows(fields),
                (element, None) if is_scalar(element) => Input::Lines,
                _ => Input::Structure,
            },
            Shape::Either(shapes) if shapes.iter().all(is_one_value) => Input::Line,
            Shape::Either(_) => Input::Structure,
        }
    }
}

/// The fields of a group, also where a short form can stand for it.
fn group_of(shape: &Shape) -> Option<Vec<Field>> {
    match shape {
        Shape::Group(_, fields) => Some(fields.clone()),
        Shape::Either(shapes) => shapes.iter().find_map(group_of),
        _ => None,
    }
}

fn is_scalar(shape: &Shape) -> bool {
    !matches!(shape, Shape::List { .. } | Shape::Group(..))
}

/// A scalar, or a range.
fn is_one_value(shape: &Shape) -> bool {
    is_scalar(shape)
        || matches!(shape, Shape::List { element, .. } if matches!(**element, Shape::Number))
}

/// What stands in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filled {
    /// One text; empty: nothing.
    Text(String),
    /// The cells of a table, row by row.
    Rows(Vec<Vec<String>>),
}

impl Filled {
    /// What a value is in a form; `None`, and what is not there, is empty.
    #[must_use]
    pub fn of(input: &Input, value: Option<&Tree>) -> Filled {
        let value = value.unwrap_or(&Tree::Null);
        match input {
            Input::Rows(fields) => {
                let rows = value.elements().iter();
                Filled::Rows(rows.map(|row| cells(fields, row)).collect())
            }
            Input::Group(fields) => Filled::Rows(vec![cells(fields, value)]),
            Input::Lines => {
                let lines: Vec<&str> = value.elements().iter().filter_map(Tree::scalar).collect();
                Filled::Text(lines.join("\n"))
            }
            Input::Structure => Filled::Text(match value {
                Tree::Null => String::new(),
                value => emit::value(value),
            }),
            _ => Filled::Text(one_value(value)),
        }
    }

    /// What a plan file would hold; `None` where nothing was filled in.
    ///
    /// # Errors
    /// If a structure cannot be read, or a text is too long.
    pub fn tree(&self, input: &Input) -> Result<Option<Tree>, Box<Finding>> {
        match (self, input) {
            (Filled::Rows(rows), Input::Rows(fields)) => {
                let groups = rows.iter().map(|row| group(fields, row));
                let groups: Vec<Tree> = groups
                    .filter_map(Result::transpose)
                    .collect::<Result<_, _>>()?;
                Ok((!groups.is_empty()).then_some(Tree::List(groups)))
            }
            (Filled::Rows(rows), Input::Group(fields)) => match rows.first() {
                Some(row) => group(fields, row),
                None => Ok(None),
            },
            (Filled::Rows(_), _) => Err(Box::new(Finding::error(
                "wrong-type",
                "one text was expected here, not a table",
            ))),
            (Filled::Text(text), input) => read_text(text, input),
        }
    }
}

/// The cells of a row: of a short form only the first.
fn cells(fields: &[Field], row: &Tree) -> Vec<String> {
    let cell = |(column, field): (usize, &Field)| {
        let input = Input::of(&(field.shape)());
        let value = match row {
            Tree::Map(_) => row.get(field.name),
            short => (column == 0).then_some(short),
        };
        match Filled::of(&input, value) {
            Filled::Text(text) => text,
            Filled::Rows(_) => value.map(emit::value).unwrap_or_default(),
        }
    };
    fields.iter().enumerate().map(cell).collect()
}

/// A row as a group; `None` where all of it is empty.
fn group(fields: &[Field], row: &[String]) -> Result<Option<Tree>, Box<Finding>> {
    let mut entries = Vec::new();
    for (field, cell) in fields.iter().zip(row) {
        let input = match Input::of(&(field.shape)()) {
            Input::Rows(_) | Input::Group(_) => Input::Structure,
            input => input,
        };
        if let Some(value) = read_text(cell, &input)? {
            entries.push((field.name.to_owned(), value));
        }
    }
    // A row of which nothing is chosen but what is so without a choice says nothing.
    Ok((!entries.is_empty()).then_some(Tree::Map(entries)))
}

/// A scalar, or a range with two dots.
fn one_value(value: &Tree) -> String {
    match value {
        Tree::List(edges) => {
            let edges: Vec<&str> = edges.iter().filter_map(Tree::scalar).collect();
            edges.join("..")
        }
        other => other.scalar().unwrap_or_default().to_owned(),
    }
}

fn read_text(text: &str, input: &Input) -> Result<Option<Tree>, Box<Finding>> {
    if text.len() > FIELD_SIZE_LIMIT {
        let message = format!("this is longer than {FIELD_SIZE_LIMIT} bytes");
        return Err(Box::new(
            Finding::error("too-long", message).with_help("shorten it"),
        ));
    }
    // Browsers send lines with two characters at their end.
    let text = text.replace("\r\n", "\n");
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    Ok(Some(match input {
        Input::Prose => Tree::text(text.trim_end()),
        Input::Lines => {
            let lines = trimmed.split(['\n', ',']).map(str::trim);
            Tree::List(lines.filter(|line| !line.is_empty()).map(scalar).collect())
        }
        Input::Structure | Input::Rows(_) | Input::Group(_) => structure(&text)?,
        Input::Line | Input::Choice(_) | Input::Reference(_) => scalar(trimmed),
    }))
}

/// A scalar as people write it in a file: in quotes only where it would not be read as it stands.
fn scalar(text: &str) -> Tree {
    let is_word = |character: char| character.is_alphanumeric() || "+-.%/_:".contains(character);
    let begins = text.trim_start_matches(['+', '-', '.']).chars().next();
    let is_plain = text.chars().all(is_word)
        && !text.ends_with(':')
        && begins.is_some_and(char::is_alphanumeric);
    match is_plain {
        true => Tree::plain(text),
        false => Tree::text(text),
    }
}

/// What stands in a field that is written as in a plan file.
fn structure(text: &str) -> Result<Tree, Box<Finding>> {
    let mut diagnostics = Diagnostics::default();
    let read = Source::read("field", text.as_bytes(), FIELD_SIZE_LIMIT);
    let root = match read {
        Ok(source) => yaml::parse(&source, &mut diagnostics),
        Err(diagnostic) => return Err(Box::new(diagnostic.finding)),
    };
    match (diagnostics.into_iter().next(), root) {
        (Some(diagnostic), _) => Err(Box::new(diagnostic.finding)),
        (None, Some(root)) => Ok(safe(root.tree())),
        (None, None) => Err(Box::new(Finding::error("bad-yaml", "this cannot be read"))),
    }
}

/// The tree with quotes around what stood without them and might not be read the same elsewhere.
fn safe(tree: Tree) -> Tree {
    match tree {
        Tree::Plain(text) => scalar(&text),
        Tree::List(elements) => Tree::List(elements.into_iter().map(safe).collect()),
        Tree::Map(entries) => {
            let entries = entries.into_iter().map(|(name, value)| (name, safe(value)));
            Tree::Map(entries.collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::records::{Measure, Objective, Target};

    /// What a field of that name is after it was filled in as it stands.
    fn back(fields: &[Field], name: &str, value: &Tree) -> Option<Tree> {
        let field = fields
            .iter()
            .find(|field| field.name == name)
            .expect("a field");
        let input = Input::of(&(field.shape)());
        Filled::of(&input, Some(value))
            .tree(&input)
            .expect("it can be read")
    }

    #[test]
    fn what_is_filled_in_as_it_stands_means_the_same() {
        let map = |entries: &[(&str, Tree)]| {
            let entries = entries
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            Tree::Map(entries.collect())
        };
        let check = |fields: Vec<Field>, name: &str, value: Tree, expected: Tree| {
            assert_eq!(back(&fields, name, &value), Some(expected), "{name}");
        };
        let points = Tree::List(vec![
            map(&[
                ("period", Tree::plain("2013")),
                ("value", Tree::plain("0.78")),
            ]),
            map(&[
                ("period", Tree::plain("2014-Q2")),
                ("value", Tree::plain("none")),
            ]),
        ]);
        check(Target::fields(), "points", points.clone(), points);
        let baseline = map(&[
            ("period", Tree::plain("2012")),
            ("value", Tree::plain("0.7")),
        ]);
        check(Target::fields(), "baseline", baseline.clone(), baseline);
        let range = Tree::List(vec![Tree::plain("0.7"), Tree::plain("0.9")]);
        check(
            Target::fields(),
            "better_range",
            range,
            Tree::plain("0.7..0.9"),
        );
        let words = Tree::text("Counted: daily # by hand");
        check(Measure::fields(), "name", words.clone(), words);
        let prose = Tree::text("One.\n\nTwo.");
        check(Measure::fields(), "definition", prose.clone(), prose);
        // A short form becomes the group that it stands for.
        let short = Tree::List(vec![Tree::text("on-time-arrival")]);
        let full = Tree::List(vec![map(&[("measure", Tree::plain("on-time-arrival"))])]);
        check(Objective::fields(), "measures", short, full);
        let units = Tree::List(vec![Tree::plain("ewr"), Tree::plain("jfk")]);
        check(Measure::fields(), "reported_by", units.clone(), units);
    }

    #[test]
    fn what_is_written_as_in_a_file_cannot_reach_beyond_its_field() {
        let fields = Measure::fields();
        let source = fields
            .iter()
            .find(|field| field.name == "source")
            .expect("a field");
        let input = Input::of(&(source.shape)());
        let tree = |text: &str| Filled::Text(text.to_owned()).tree(&input);
        assert!(tree("{ facts: flights").is_err());
        assert!(tree("a: &b 1").is_err());
        let one = Filled::Text("x\nowner: somebody".to_owned()).tree(&Input::Line);
        assert_eq!(one.expect("a text"), Some(Tree::text("x\nowner: somebody")));
        let nothing = Filled::Text(" \r\n ".to_owned()).tree(&Input::Prose);
        assert_eq!(nothing.expect("nothing"), None);
    }
}
