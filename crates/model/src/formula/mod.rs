//! The formula language: how the formula of a measure is written, stored and read.
//!
//! ```text
//! comparison = sum [ ("<" | "<=" | ">" | ">=" | "=" | "!=") sum ]
//! sum        = product { ("+" | "-") product }
//! product    = signed { ("*" | "/") signed }
//! signed     = "-" signed | number | "missing" | reference | function "(" ... ")" | "(" comparison ")"
//! reference  = measure [ "@" unit ]
//! ```
//!
//! A formula has three shapes: the text that people write, with keys; the same text with an id in place of each key,
//! which is what is stored, so that a renamed measure breaks nothing; and the [`Expression`] that is evaluated.

mod advice;
mod expression;
mod function;
mod parser;
#[cfg(test)]
mod tests;
mod token;

use throughline_core::{MeasureId, UnitId};
use uuid::Uuid;

pub use expression::{Expression, MeasureReference, Operator};

/// The most bytes of a formula as people write it.
pub const TEXT_BYTES_MAX: usize = 8 * 1024;
/// How deep parentheses, functions and signs may be nested.
pub const DEPTH_MAX: usize = 64;
/// The most nodes of an expression.
pub const NODES_MAX: usize = 2_000;
/// The most periods that `prev` and `rolling` go back.
pub const PERIODS_MAX: u16 = 120;
/// The most errors that are reported of one formula: looking for the nearest name takes time.
pub const ERRORS_MAX: usize = 20;
/// Numbers in a formula are smaller than this.
pub const NUMBER_BOUND: f64 = 1e30;

/// The bytes of a name in stored text: a hyphenated id in backticks.
const STORED_NAME_BYTES: usize = 38;
/// The most bytes of a stored formula: each node may name a measure and a unit.
const STORED_BYTES_MAX: usize = TEXT_BYTES_MAX + 2 * NODES_MAX * STORED_NAME_BYTES;

/// What a name in a formula stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A measure.
    Measure,
    /// A unit: what stands after `@`.
    Unit,
}

impl NameKind {
    const fn noun(self) -> &'static str {
        match self {
            Self::Measure => "measure",
            Self::Unit => "unit",
        }
    }
}

/// Finds the id that a key stands for, or else the nearest key that there is.
pub type Resolve<'names> = dyn FnMut(NameKind, &str) -> Result<Uuid, Option<String>> + 'names;

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// Where it ends, in bytes of the text; the same as `start` at the end of the text.
    pub end: usize,
    /// What is wrong, and what was expected.
    pub message: String,
    /// What to write in its place.
    pub help: Option<String>,
}

impl FormulaError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            start: 0,
            end: 0,
            message: message.into(),
            help: None,
        }
    }

    fn at(self, start: usize, end: usize) -> Self {
        Self { start, end, ..self }
    }

    fn with_help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}

/// A formula whose names are all known.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// The text as written, without space around it, with `` `id` `` in place of each name.
    template: String,
    /// The names in the template, in order.
    names: Vec<Name>,
    expression: Expression,
}

/// A name in a template.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Name {
    start: usize,
    kind: NameKind,
    id: Uuid,
}

impl Formula {
    /// Reads a formula as people write it.
    ///
    /// # Errors
    /// All unknown names, and the first thing that is against the grammar, in the order of the text.
    pub fn parse(text: &str, resolve: &mut Resolve<'_>) -> Result<Self, Vec<FormulaError>> {
        Self::parse_within(TEXT_BYTES_MAX, text, resolve)
    }

    /// Reads a formula as [`stored`](Self::stored) gives it.
    ///
    /// # Errors
    /// If the text was not given by `stored`.
    pub fn from_stored(text: &str) -> Result<Self, Vec<FormulaError>> {
        Self::parse_within(STORED_BYTES_MAX, text, &mut |_, id| {
            Uuid::parse_str(id).map_err(|_| None)
        })
    }

    /// The text with an id in place of each key: the same for as long as the formula is, whatever is renamed.
    pub fn stored(&self) -> &str {
        &self.template
    }

    /// The text for people, laid out as it was written, with backticks around keys that need them.
    ///
    /// Keys that have become longer since can make it longer than [`TEXT_BYTES_MAX`].
    pub fn to_text(&self, key_of: &dyn Fn(NameKind, Uuid) -> String) -> String {
        let mut text = String::with_capacity(self.template.len());
        let mut copied = 0;
        for name in &self.names {
            text.push_str(self.template.get(copied..name.start).unwrap_or_default());
            text.push_str(&written(&key_of(name.kind, name.id)));
            copied = name.start + STORED_NAME_BYTES;
        }
        text.push_str(self.template.get(copied..).unwrap_or_default());
        text
    }

    /// What is evaluated.
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The measures that it names, each once, in the order of the text.
    pub fn measures(&self) -> impl Iterator<Item = MeasureId> {
        self.ids(NameKind::Measure).map(MeasureId::from_uuid)
    }

    /// The units that it names, each once, in the order of the text.
    pub fn units(&self) -> impl Iterator<Item = UnitId> {
        self.ids(NameKind::Unit).map(UnitId::from_uuid)
    }

    /// The measures that it reads, each with the number of periods over which it looks back for it.
    pub fn reaches(&self) -> impl Iterator<Item = (MeasureId, usize)> {
        self.expression.nodes().filter_map(|node| {
            let periods = match node {
                Expression::Prev { periods, .. } | Expression::Rolling { periods, .. } => *periods,
                _ => 0,
            };
            Some((node.reference()?.measure, usize::from(periods)))
        })
    }

    /// Whether it says what a missing value means, so that its measures are read each by itself.
    pub fn uses_coalesce(&self) -> bool {
        self.expression
            .nodes()
            .any(|node| matches!(node, Expression::Coalesce(_)))
    }

    /// Whether it reads other periods than its own.
    pub fn uses_history(&self) -> bool {
        self.expression.nodes().any(|node| {
            matches!(
                node,
                Expression::Prev { .. }
                    | Expression::YearToDate(_)
                    | Expression::Rolling { .. }
                    | Expression::YearOnYear(_)
            )
        })
    }

    fn ids(&self, kind: NameKind) -> impl Iterator<Item = Uuid> {
        let mut seen = std::collections::HashSet::new();
        self.names
            .iter()
            .filter(move |name| name.kind == kind && seen.insert(name.id))
            .map(|name| name.id)
    }

    fn parse_within(
        bytes_max: usize,
        text: &str,
        resolve: &mut Resolve<'_>,
    ) -> Result<Self, Vec<FormulaError>> {
        if text.len() > bytes_max {
            let error = FormulaError::new(format!("the formula is longer than {bytes_max} bytes"))
                .at(text.floor_char_boundary(bytes_max), text.len())
                .with_help("give a part of it a measure of its own");
            return Err(vec![error]);
        }
        let (expression, mentions) = parser::parse(text, resolve)?;
        let mut template = String::with_capacity(text.len());
        let mut names = Vec::with_capacity(mentions.len());
        let mut copied = text.len() - text.trim_start().len();
        for mention in mentions {
            template.push_str(text.get(copied..mention.start).unwrap_or_default());
            names.push(Name {
                start: template.len(),
                kind: mention.kind,
                id: mention.id,
            });
            template.push_str(&format!("`{}`", mention.id.hyphenated()));
            copied = mention.end;
        }
        template.push_str(text.get(copied..).unwrap_or_default().trim_end());
        Ok(Self {
            template,
            names,
            expression,
        })
    }
}

/// A key as it is written in a formula: a plain word as it is, any other in backticks.
fn written(key: &str) -> String {
    let is_plain = key.starts_with(|first: char| first.is_ascii_lowercase())
        && key
            .chars()
            .all(|character| matches!(character, 'a'..='z' | '0'..='9' | '_'))
        && !function::is_reserved(key);
    if is_plain {
        key.to_owned()
    } else {
        format!("`{key}`")
    }
}
