//! Whether a value is of the shape that a schema says: what the tests of the description hold answers and examples to.

use serde_json::{Value, json};
use throughline_web::api::document;

/// Says what is wrong with a value by a schema. It knows the keywords that the document uses, and refuses all others.
fn flaws(value: &Value, schema: &Value, at: &str, out: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else {
        assert_eq!(schema, &Value::Bool(true), "{at}");
        return;
    };
    for (keyword, said) in schema {
        match keyword.as_str() {
            "description" | "title" | "format" | "default" | "example" => {}
            "$ref" => flaws(
                value,
                resolve(said.as_str().expect("as its schema says")),
                at,
                out,
            ),
            "type" => {
                let types = said
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![said.clone()]);
                if !types
                    .iter()
                    .any(|one| is_of_type(value, one.as_str().expect("as its schema says")))
                {
                    out.push(format!("{at}: {value} is no {said}"));
                }
            }
            "enum" => {
                if !said.as_array().expect("as its schema says").contains(value) {
                    out.push(format!("{at}: {value} is none of {said}"));
                }
            }
            "const" => {
                if said != value {
                    out.push(format!("{at}: {value} is not {said}"));
                }
            }
            "anyOf" => {
                let fits = |one: &Value| {
                    let mut out = Vec::new();
                    flaws(value, one, at, &mut out);
                    out.is_empty()
                };
                if !said
                    .as_array()
                    .expect("as its schema says")
                    .iter()
                    .any(fits)
                {
                    out.push(format!("{at}: {value} fits none of {said}"));
                }
            }
            "properties" => {
                for (name, schema) in said.as_object().expect("as its schema says") {
                    if let Some(value) = value.get(name) {
                        flaws(value, schema, &format!("{at}/{name}"), out);
                    }
                }
            }
            "required" => {
                for name in said.as_array().expect("as its schema says") {
                    if value.is_object()
                        && value
                            .get(name.as_str().expect("as its schema says"))
                            .is_none()
                    {
                        out.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let others = value.as_object().into_iter().flatten();
                for (name, value) in
                    others.filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)))
                {
                    match said {
                        Value::Bool(false) => out.push(format!("{at}: {name} is not known")),
                        schema => flaws(value, schema, &format!("{at}/{name}"), out),
                    }
                }
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    flaws(value, said, &format!("{at}/{index}"), out);
                }
            }
            "minItems" | "maxItems" => {
                let length = value.as_array().map_or(0, Vec::len) as u64;
                let limit = said.as_u64().expect("as its schema says");
                let is_wrong = if keyword == "minItems" {
                    length < limit
                } else {
                    length > limit
                };
                if value.is_array() && is_wrong {
                    out.push(format!("{at}: {length} elements"));
                }
            }
            "minimum" => {
                if value
                    .as_f64()
                    .is_some_and(|number| number < said.as_f64().expect("as its schema says"))
                {
                    out.push(format!("{at}: {value} is below {said}"));
                }
            }
            "maximum" => {
                if value
                    .as_f64()
                    .is_some_and(|number| number > said.as_f64().expect("as its schema says"))
                {
                    out.push(format!("{at}: {value} is above {said}"));
                }
            }
            "minLength" | "maxLength" => {}
            other => panic!("{at}: this test does not know `{other}`"),
        }
    }
}

/// The schema that a reference leads to.
pub fn resolve(reference: &str) -> &'static Value {
    let pointer = reference.strip_prefix('#').expect("as its schema says");
    document()
        .pointer(pointer)
        .unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}

/// Holds a value to a schema.
pub fn check_fits(value: &Value, schema: &Value, what: &str) {
    let mut out = Vec::new();
    flaws(value, schema, "", &mut out);
    assert!(out.is_empty(), "{what}: {out:#?}");
}

#[test]
fn the_check_of_shapes_can_fail() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": ["number", "null"] }, "b": { "enum": ["x"] } }, "required": ["a"], "additionalProperties": false });
    let check = |value: Value, is_right: bool| {
        let mut out = Vec::new();
        flaws(&value, &schema, "", &mut out);
        assert_eq!(out.is_empty(), is_right, "{value}: {out:?}");
    };
    check(json!({ "a": 1.5, "b": "x" }), true);
    check(json!({ "a": null }), true);
    check(json!({ "a": "1" }), false);
    check(json!({}), false);
    check(json!({ "a": 1, "b": "y" }), false);
    check(json!({ "a": 1, "c": 1 }), false);
    check(json!([]), false);
}
