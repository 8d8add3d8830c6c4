//! Observations as JSON: read into the rows of the one reader of observations, so that both forms mean the same.

use serde::Deserialize;
use serde_json::{Map, Value};
use throughline_core::nearest;
use throughline_model::text::observations::{OPTIONAL_COLUMNS, REQUIRED_COLUMNS};

use super::problem::{Problem, ProblemFinding};
use axum::http::StatusCode;

/// The most findings about the form of a body that are listed.
const FINDINGS_MAX: usize = 100;

/// A body of observations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Observations {
    observations: Vec<Map<String, Value>>,
}

/// Where the rows of the table stand in the JSON that it was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// In which line each row begins, from 1, and at which columns its cells end.
    starts: Vec<usize>,
    lines: Vec<Vec<usize>>,
}

impl Rows {
    /// The pointer to what stands at a line and column of the table.
    #[must_use]
    pub fn pointer(&self, line: usize, column: usize) -> String {
        let after = self.starts.partition_point(|start| *start <= line);
        let Some(row) = after.checked_sub(1) else {
            return "/observations".to_owned();
        };
        let ends = self.lines.get(row);
        // In a row of several lines only its first has columns that are known.
        let is_first = self.starts.get(row) == Some(&line);
        let cell = ends.filter(|_| is_first && column > 0);
        let cell = cell.and_then(|ends| ends.iter().position(|end| column <= *end));
        match cell.and_then(column_name) {
            Some(name) => format!("/observations/{row}/{name}"),
            None => format!("/observations/{row}"),
        }
    }
}

fn columns() -> impl Iterator<Item = &'static str> {
    REQUIRED_COLUMNS.into_iter().chain(OPTIONAL_COLUMNS)
}

fn column_name(place: usize) -> Option<&'static str> {
    columns().nth(place)
}

/// The observations of a JSON body as a table with every column, and where its rows stood.
///
/// # Errors
/// If the body is no JSON, or of another form; each thing that is wrong, with a pointer to it.
#[expect(
    clippy::result_large_err,
    reason = "a problem ends its request, so that its size costs once"
)]
pub fn csv_of_json(bytes: &[u8]) -> Result<(Vec<u8>, Rows), Problem> {
    let body: Observations = serde_json::from_slice(bytes).map_err(|error| {
        Problem::bad_request(format!("The body cannot be read: {error}.")).with_help(
            "Write { \"observations\": [{ \"measure\", \"unit\", \"period\", \"value\" }] }.",
        )
    })?;
    let findings: Vec<ProblemFinding> = body
        .observations
        .iter()
        .enumerate()
        .flat_map(|(row, observation)| wrong(row, observation))
        .collect();
    if !findings.is_empty() {
        let left_out = findings.len().saturating_sub(FINDINGS_MAX);
        let detail = "The observations have errors; nothing was recorded.";
        return Err(Problem {
            left_out,
            findings: findings.into_iter().take(FINDINGS_MAX).collect(),
            ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-input", detail)
        });
    }
    // A column that nobody uses is left out: `recorded_at` says that history is brought in.
    let is_used = |name: &&str| {
        REQUIRED_COLUMNS.contains(name)
            || body
                .observations
                .iter()
                .any(|row| row.get(*name).is_some_and(|value| !value.is_null()))
    };
    let used: Vec<&str> = columns().filter(is_used).collect();
    let mut text = format!("{}\n", used.join(","));
    let mut rows = Rows::default();
    let mut line = 2;
    for observation in &body.observations {
        let begins = text.len();
        rows.starts.push(line);
        let mut ends = Vec::new();
        for name in columns() {
            if used.contains(&name) {
                if text.len() > begins {
                    text.push(',');
                }
                text.push_str(&cell(observation.get(name)));
            }
            ends.push(
                text.get(begins..)
                    .map_or(0, |written| written.chars().count()),
            );
        }
        line += text
            .get(begins..)
            .map_or(0, |written| written.matches('\n').count())
            + 1;
        text.push('\n');
        rows.lines.push(ends);
    }
    Ok((text.into_bytes(), rows))
}

/// What is wrong with the form of one observation.
fn wrong(row: usize, observation: &Map<String, Value>) -> Vec<ProblemFinding> {
    let finding =
        |code: &str, pointer: String, message: String, mend: Option<String>| ProblemFinding {
            severity: "error".to_owned(),
            code: code.to_owned(),
            message,
            mend,
            pointer: Some(pointer),
            line: None,
            column: None,
        };
    let at = format!("/observations/{row}");
    let missing = REQUIRED_COLUMNS
        .into_iter()
        .filter(|name| !observation.contains_key(*name));
    let missing = missing.map(|name| {
        let mend = (name == "value").then(|| "write null where there is none".to_owned());
        finding(
            "missing-field",
            at.clone(),
            format!("`{name}` is missing"),
            mend,
        )
    });
    let others = observation.iter().filter_map(|(name, value)| {
        let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        if !columns().any(|column| column == name) {
            let mend = nearest(name, columns()).map(|near| format!("did you mean `{near}`?"));
            return Some(finding(
                "unknown-field",
                pointer,
                format!("there is no field `{name}`"),
                mend,
            ));
        }
        let may_be = match value {
            Value::String(_) | Value::Null => true,
            Value::Number(_) => ["value", "weight", "period"].contains(&name.as_str()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
        };
        let message = || format!("`{name}` is of another type");
        (!may_be).then(|| {
            finding(
                "wrong-type",
                pointer,
                message(),
                Some("write a text, a number or null".to_owned()),
            )
        })
    });
    missing.chain(others).collect()
}

/// The value as a cell of the table.
fn cell(value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(number)) => number_text(number),
        Some(Value::String(text)) => {
            let needs_quotes = text.contains(['"', ',', '\n', '\r']) || text.trim() != text;
            match needs_quotes {
                true => format!("\"{}\"", text.replace('"', "\"\"")),
                false => text.clone(),
            }
        }
        _ => String::new(),
    }
}

/// A number without an exponent, as tables have them.
fn number_text(number: &serde_json::Number) -> String {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole.to_string(),
        (None, Some(float)) => float.to_string(),
        (None, None) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_means_the_same_as_a_table() {
        let check = |json: &str, expected: &str| {
            let (text, _) = csv_of_json(json.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), expected, "{json}");
        };
        check(r#"{"observations":[]}"#, "measure,unit,period,value\n");
        check(
            r#"{"observations":[{"measure":"m","unit":"u","period":"2013-01","value":0.1,"weight":20}]}"#,
            "measure,unit,period,value,weight\nm,u,2013-01,0.1,20\n",
        );
        check(
            r#"{"observations":[{"value":null,"measure":"m","unit":"u","period":2013,"note":"a \"b\", c\nd"}]}"#,
            "measure,unit,period,value,note\nm,u,2013,,\"a \"\"b\"\", c\nd\"\n",
        );
        check(
            r#"{"observations":[{"measure":"m","unit":"u","period":"2013-01","value":1e21}]}"#,
            "measure,unit,period,value\nm,u,2013-01,1000000000000000000000\n",
        );
    }

    #[test]
    fn what_is_wrong_with_the_form_has_a_pointer() {
        let check = |json: &str, code: &str, pointer: &str| {
            let problem = csv_of_json(json.as_bytes()).unwrap_err();
            let first = problem.findings.first().unwrap();
            assert_eq!(
                (first.code.as_str(), first.pointer.as_deref()),
                (code, Some(pointer)),
                "{json}"
            );
        };
        check(
            r#"{"observations":[{"unit":"u","period":"2013","value":1}]}"#,
            "missing-field",
            "/observations/0",
        );
        check(
            r#"{"observations":[{"measure":"m","unit":"u","period":"2013","value":true}]}"#,
            "wrong-type",
            "/observations/0/value",
        );
        check(
            r#"{"observations":[{"measure":"m","unit":"u","period":"2013","value":1,"a/b":1}]}"#,
            "unknown-field",
            "/observations/0/a~1b",
        );
        for json in [
            "",
            "[]",
            "{}",
            "{\"observations\":1}",
            "{\"observations\":[1]}",
            "\u{0}",
        ] {
            assert_eq!(
                csv_of_json(json.as_bytes()).unwrap_err().status,
                400,
                "{json}"
            );
        }
    }

    #[test]
    fn a_place_in_the_table_is_a_place_in_the_json() {
        let json = r#"{"observations":[
            {"measure":"m","unit":"u","period":"2013-01","value":1,"note":"two\nlines"},
            {"measure":"on-time","unit":"ewr","period":"2013-01","value":2}]}"#;
        let (_, rows) = csv_of_json(json.as_bytes()).unwrap();
        let check = |line, column, expected: &str| assert_eq!(rows.pointer(line, column), expected);
        check(1, 1, "/observations");
        check(2, 1, "/observations/0/measure");
        check(2, 3, "/observations/0/unit");
        check(3, 1, "/observations/0");
        check(4, 1, "/observations/1/measure");
        check(4, 9, "/observations/1/unit");
    }
}
