//! The JSON Schema of plan files, by which editors complete and check them while they are written.
//!
//! It is made from the fields of the records, so a new field is in it by itself. There is one schema for each file,
//! because an editor finds a schema by the name of a file and would offer every section in every file otherwise.

use serde_json::{Map, Value as Json, json};

use super::folder::{PLAN_FILES, may_hold};
use crate::fields::{KEY_LENGTH_LIMIT, TEXT_LENGTH_LIMIT};
use crate::kind::Kind;
use crate::value::{Field, Shape};

/// The schema of one plan file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileSchema {
    /// The name of the schema, such as `organisation`.
    pub name: String,
    /// The files that it describes, as patterns of paths in the plan folder.
    pub files: Vec<&'static str>,
    /// The schema.
    pub schema: Json,
}

impl FileSchema {
    /// The schema as text, with a line break at its end.
    pub fn text(&self) -> String {
        format!("{:#}\n", self.schema)
    }
}

/// The schemas of all plan files.
pub fn json_schemas() -> Vec<FileSchema> {
    let schema_of = |path: &'static str| {
        let name = path.trim_end_matches(".yaml").to_string();
        let mut files = vec![path];
        if may_hold(path, Kind::Measure) {
            files.push("measures/*.yaml");
        }
        FileSchema {
            schema: file_schema(path, &name),
            name,
            files,
        }
    };
    PLAN_FILES.into_iter().map(schema_of).collect()
}

fn file_schema(path: &str, name: &str) -> Json {
    let mut properties = Map::new();
    if path == Kind::Organisation.file() {
        let about =
            "The commit that the folder was exported from; written by `throughline export`.";
        properties.insert(
            "base".to_string(),
            json!({ "type": ["string", "integer"], "pattern": "^[1-9][0-9]*(-[0-9a-f]{8})?$", "minimum": 1, "description": about }),
        );
        properties.insert("left_out".to_string(), left_out());
    }
    let mut definitions = Map::new();
    for kind in Kind::written().filter(|kind| may_hold(path, *kind)) {
        definitions.insert(kind.word().to_string(), record(kind));
        let reference = json!({ "$ref": format!("#/$defs/{}", kind.word()) });
        let section = if kind.is_single() {
            reference
        } else {
            json!({ "type": ["array", "null"], "items": reference })
        };
        properties.insert(kind.section().to_string(), section);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Throughline plan: {name}"),
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
        "$defs": definitions,
    })
}

/// The form of what an export leaves out: by section, the names of fields.
fn left_out() -> Json {
    let sections: Map<String, Json> = Kind::written()
        .map(|kind| {
            let fields = kind.fields().into_iter().filter(|field| !field.required);
            let names: Vec<&str> = fields.map(|field| field.name).collect();
            let form = json!({ "type": "array", "items": { "type": "string", "enum": names } });
            (kind.section().to_string(), form)
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "Fields that whoever exported the folder may not see. Where a record has none of them, they stay as they are.",
        "properties": sections,
    })
}

/// The form of a record in a file: its fields, and the key that it had before.
fn record(kind: Kind) -> Json {
    let mut form = group(&kind.fields());
    if kind.has_key()
        && let Some(properties) = form.get_mut("properties").and_then(Json::as_object_mut)
    {
        let about = "The key that it had before: renames it.";
        let mut was = shape(&Shape::Key);
        was["description"] = json!(about);
        properties.insert("was".to_string(), was);
    }
    form
}

/// The form of a group of fields.
fn group(fields: &[Field]) -> Json {
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    let properties: Map<String, Json> = fields
        .iter()
        .map(|field| {
            let mut form = shape(&(field.shape)());
            if !field.required {
                form = or_nothing(form);
            }
            form["description"] = json!(field.about);
            (field.name.to_string(), form)
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

/// The form, or nothing: a field that may be left out may also be left empty.
fn or_nothing(form: Json) -> Json {
    match form.get("type").and_then(Json::as_str) {
        // A list of words would have to name nothing among them, too.
        Some(kind) if form.get("enum").is_none() => {
            let kinds = json!([kind, "null"]);
            let mut form = form;
            form["type"] = kinds;
            form
        }
        _ => json!({ "anyOf": [form, { "type": "null" }] }),
    }
}

fn shape(shape: &Shape) -> Json {
    match shape {
        Shape::Line | Shape::Markdown => {
            // A name can look like a number: `name: 1984` is text.
            json!({ "type": ["string", "number", "boolean"], "minLength": 1, "maxLength": TEXT_LENGTH_LIMIT })
        }
        Shape::Key | Shape::Reference(_) => json!({
            "type": ["string", "number"],
            "pattern": "^[a-z0-9.-]+$",
            "maxLength": KEY_LENGTH_LIMIT,
        }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Word(words) => json!({ "type": "string", "enum": words }),
        Shape::Pattern { pattern, example } => json!({
            // A year is a period, and a number to YAML.
            "type": ["string", "integer"],
            "pattern": pattern,
            "examples": [example],
        }),
        Shape::Either(shapes) => {
            let forms: Vec<Json> = shapes.iter().map(self::shape).collect();
            json!({ "anyOf": forms })
        }
        Shape::List { element, .. } => json!({ "type": "array", "items": self::shape(element) }),
        Shape::Group(_, fields) => group(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every object in a schema, each with the path to it.
    fn walk<'a>(json: &'a Json, path: &str, visit: &mut dyn FnMut(&str, &'a Map<String, Json>)) {
        match json {
            Json::Object(map) => {
                visit(path, map);
                for (name, value) in map {
                    walk(value, &format!("{path}/{name}"), visit);
                }
            }
            Json::Array(list) => list.iter().for_each(|value| walk(value, path, visit)),
            _ => {}
        }
    }

    #[test]
    fn each_kind_and_field_is_described_once() {
        let schemas = json_schemas();
        for kind in Kind::written() {
            let holds = |schema: &&FileSchema| schema.schema["$defs"].get(kind.word()).is_some();
            let holding: Vec<&FileSchema> = schemas.iter().filter(holds).collect();
            assert_eq!(holding.len(), 1, "{kind}");
            let properties = &holding[0].schema["$defs"][kind.word()]["properties"];
            for field in kind.fields() {
                assert_eq!(properties[field.name]["description"], field.about, "{kind}");
            }
            assert_eq!(properties.get("was").is_some(), kind.has_key());
        }
    }

    #[test]
    fn no_object_takes_unknown_keys() {
        for schema in json_schemas() {
            walk(&schema.schema, "", &mut |path, map| {
                let is_object = map.get("type").is_some_and(|kind| {
                    kind == "object"
                        || kind
                            .as_array()
                            .is_some_and(|kinds| kinds.contains(&json!("object")))
                });
                if is_object && map.contains_key("properties") {
                    assert_eq!(
                        map.get("additionalProperties"),
                        Some(&json!(false)),
                        "{path}"
                    );
                }
            });
        }
    }
}
