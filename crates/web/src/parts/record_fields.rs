//! The fields of a form of a record: for each the way it is filled in, and what is proposed to it.

use std::collections::BTreeMap;

use throughline_app::edit::{FieldProblem, FormField};
use throughline_app::words::{self, names};
use throughline_model::text::form::{Filled, Input};
use throughline_model::value::Field;
use throughline_model::{Kind, Model};

/// How many records a field that refers to one proposes.
const PROPOSED_MAX: usize = 200;

/// How many empty rows a table has below those that are filled.
const EMPTY_ROWS: usize = 3;

/// A field of the form.
#[derive(Debug, Clone)]
pub struct FieldRow {
    /// Its name in the form.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What it is.
    pub about: String,
    /// Whether it must be filled in.
    pub is_required: bool,
    /// Whether it stays as it is.
    pub is_fixed: bool,
    /// What is wrong with it.
    pub wrong: String,
    /// The way it is filled in.
    pub control: Control,
}

/// The way a field is filled in.
#[derive(Debug, Clone)]
pub enum Control {
    /// One line, with the list of what is proposed.
    Line(String, Option<String>),
    /// Several lines, so many of them shown.
    Lines(String, usize),
    /// One of a few: value, words, whether it is chosen.
    Choice(Vec<(String, String, bool)>),
    /// A table: the heads of its columns, and its rows.
    Table(Vec<String>, Vec<Vec<Cell>>),
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its name in the form.
    pub name: String,
    /// What it is called, for readers of the screen.
    pub label: String,
    /// What stands in it.
    pub text: String,
    /// The list of what is proposed.
    pub list: Option<String>,
}

/// Whether a field is shown at once: what is needed or filled in, and what people ask of every record.
pub(crate) fn is_usual(field: &FormField) -> bool {
    const ASKED: [&str; 24] = [
        "about",
        "definition",
        "better",
        "owner",
        "steward",
        "validator",
        "shown_as",
        "points",
        "floor",
        "measures",
        "perspective",
        "unit",
        "level",
        "parent",
        "reports_to",
        "email",
        "why",
        "lag",
        "rationale",
        "supports",
        "serves",
        "due",
        "formula",
        "members",
    ];
    let is_filled = match &field.filled {
        Filled::Text(text) => !text.is_empty(),
        Filled::Rows(rows) => rows.iter().flatten().any(|cell| !cell.is_empty()),
    };
    field.field.required || is_filled || ASKED.contains(&field.field.name)
}

pub(crate) fn row(field: &FormField, problems: &[FieldProblem], lists: &mut Lists) -> FieldRow {
    let name = field.field.name;
    let wrong: Vec<&str> = problems
        .iter()
        .filter(|problem| problem.field.as_deref() == Some(name))
        .map(|problem| problem.text.as_str())
        .collect();
    let is_required = field.field.required && name != "key";
    FieldRow {
        name: name.to_owned(),
        label: label(name),
        about: hint(name, field.field.about),
        is_required,
        is_fixed: field.is_fixed,
        wrong: wrong.join(" "),
        control: match (&field.input, &field.filled) {
            (Input::Rows(_), Filled::Rows(rows)) if field.is_fixed => {
                let count = words::count(rows.len() as u64, "row");
                Control::Line(format!("{count}, to be changed in a file"), None)
            }
            (Input::Rows(columns), Filled::Rows(rows)) => {
                table(name, columns, rows, EMPTY_ROWS, lists)
            }
            (Input::Group(columns), Filled::Rows(rows)) => {
                table(name, columns, rows, usize::from(rows.is_empty()), lists)
            }
            (Input::Choice(choices), Filled::Text(text)) => {
                Control::Choice(chosen(choices, text, is_required))
            }
            (Input::Prose, Filled::Text(text)) => Control::Lines(text.clone(), 4),
            (Input::Lines | Input::Structure, Filled::Text(text)) => {
                Control::Lines(text.clone(), 3)
            }
            (input, Filled::Text(text)) => Control::Line(text.clone(), lists.name(input)),
            (_, Filled::Rows(_)) => Control::Line(String::new(), None),
        },
    }
}

/// What a field is, where that says more than its label.
fn hint(name: &str, about: &str) -> String {
    let about = about.replace('`', "");
    let is_label = about
        .trim_end_matches('.')
        .eq_ignore_ascii_case(&label(name));
    if is_label { String::new() } else { about }
}

/// What a field is called: `Reported by`.
fn label(name: &str) -> String {
    words::sentence(&name.replace('_', " "))
}

fn chosen(choices: &[&str], text: &str, is_required: bool) -> Vec<(String, String, bool)> {
    let words_of = |choice: &str| match choice {
        "true" => "Yes".to_owned(),
        "false" => "No".to_owned(),
        other => words::sentence(other),
    };
    let none = (!is_required || text.is_empty())
        .then(|| (String::new(), "Not said".to_owned(), text.is_empty()));
    let choices = choices
        .iter()
        .map(|choice| ((*choice).to_owned(), words_of(choice), *choice == text));
    none.into_iter().chain(choices).collect()
}

fn table(
    name: &str,
    columns: &[Field],
    rows: &[Vec<String>],
    empty: usize,
    lists: &mut Lists,
) -> Control {
    let heads = columns.iter().map(|column| label(column.name)).collect();
    let cell = |lists: &mut Lists, row: usize, place: usize, column: &Field| Cell {
        name: format!("{name}.{row}.{}", column.name),
        label: format!("{}, row {}", label(column.name), row + 1),
        text: rows
            .get(row)
            .and_then(|row| row.get(place))
            .cloned()
            .unwrap_or_default(),
        list: lists.name(&Input::of(&(column.shape)())),
    };
    let mut cells = Vec::new();
    for row in 0..rows.len() + empty {
        let row = columns
            .iter()
            .enumerate()
            .map(|(place, column)| cell(lists, row, place, column));
        cells.push(row.collect());
    }
    Control::Table(heads, cells)
}

/// What is proposed to fields: for each sort of record one list, however many fields take it.
#[derive(Default)]
pub(crate) struct Lists(
    BTreeMap<String, &'static [Kind]>,
    BTreeMap<String, &'static [&'static str]>,
);

impl Lists {
    /// The list for what is filled in so, if there is one.
    fn name(&mut self, input: &Input) -> Option<String> {
        match input {
            Input::Reference(kinds) => {
                let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
                let name = format!("list-{}", words.join("-"));
                self.0.insert(name.clone(), kinds);
                Some(name)
            }
            Input::Choice(choices) => {
                let name = format!("list-{}", choices.join("-"));
                self.1.insert(name.clone(), choices);
                Some(name)
            }
            _ => None,
        }
    }

    pub(crate) fn of(self, model: &Model) -> Vec<(String, Vec<(String, String)>)> {
        let records = self.0.into_iter().map(|(name, kinds)| {
            let records = kinds.iter().flat_map(|kind| model.records(*kind));
            let named = records.take(PROPOSED_MAX).map(|record| {
                (
                    record.key(model),
                    names::name(model, (record.kind(), record.id())),
                )
            });
            (name, named.collect())
        });
        let choices = self.1.into_iter().map(|(name, choices)| {
            let choices = choices
                .iter()
                .map(|choice| ((*choice).to_owned(), words::sentence(choice)));
            (name, choices.collect())
        });
        records.chain(choices).collect()
    }
}
