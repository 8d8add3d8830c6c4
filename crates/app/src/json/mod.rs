//! Results for programs: the shapes of `--format json` and of the programming interface, stable and described in
//! `docs/COMMAND_LINE.md`. Each has a JSON Schema, made from the same declaration.
//!
//! Each answer is a struct, so that the order of keys is the order of its fields. What is missing is `null`; numbers
//! are not rounded.

pub mod drivers;
pub mod evidence;
pub mod explanation;
pub mod history;
pub mod import;
pub mod insight;
pub mod node;
pub mod plan;
pub mod scorecard;
pub mod track;

use crate::AppError;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use throughline_model::Tree;

/// The answer as text, ending in a line break.
pub fn text(answer: &impl Serialize) -> String {
    // Answers are structs with text keys, of which nothing can fail to be written.
    let mut text = serde_json::to_string_pretty(answer).unwrap_or_default();
    text.push('\n');
    text
}

/// A part of a plan as it would stand in a file.
pub struct Part<'a>(pub &'a Tree);

impl JsonSchema for Part<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Part".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "As it would stand in a file of the plan." })
    }
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Tree::Null => serializer.serialize_none(),
            Tree::Text(text) => serializer.serialize_str(text),
            Tree::Plain(text) => match (
                text.parse::<i64>(),
                text.parse::<f64>(),
                text.parse::<bool>(),
            ) {
                (Ok(number), _, _) => serializer.serialize_i64(number),
                (_, Ok(number), _) => serializer.serialize_f64(number),
                (_, _, Ok(truth)) => serializer.serialize_bool(truth),
                _ => serializer.serialize_str(text),
            },
            Tree::List(elements) => {
                let mut list = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    list.serialize_element(&Part(element))?;
                }
                list.end()
            }
            Tree::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, &Part(value))?;
                }
                map.end()
            }
        }
    }
}

/// Why a command was not carried out.
#[derive(Serialize, JsonSchema)]
pub struct Failure<'a> {
    error: ErrorLine<'a>,
}

#[derive(Serialize, JsonSchema)]
struct ErrorLine<'a> {
    code: &'static str,
    message: String,
    help: Option<&'a str>,
    causes: Vec<String>,
    findings: Vec<plan::FindingLine<'a>>,
}

impl Failure<'_> {
    /// The error with all that it says.
    pub fn of(error: &AppError) -> Failure<'_> {
        let causes =
            std::iter::successors(std::error::Error::source(error), |cause| cause.source());
        let findings = match error {
            AppError::BadInput { remarks, .. } => plan::findings(remarks),
            AppError::Conflict { conflicts, .. } => conflicts.iter().map(plan::conflict).collect(),
            _ => Vec::new(),
        };
        Failure {
            error: ErrorLine {
                code: error.code(),
                message: error.to_string(),
                help: error.help(),
                causes: causes.map(ToString::to_string).collect(),
                findings,
            },
        }
    }
}
