//! The worked cases of `golden/worked-cases`: each plan with its observations must be read exactly as expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use throughline_core::id::{MeasureId, SequentialIds, UnitId};
use throughline_engine::{ChildKey, Edge, NodeKey, Observations, Scorecard, View};
use throughline_model::observation::{Cell, CommitNumber, Observation, Recorded};
use throughline_model::text::{PlanFile, read};
use throughline_model::{Change, Kind, Model};

fn worked_cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/worked-cases")
}

fn plan_of(folder: &Path) -> Model {
    let files: Vec<PlanFile> = std::fs::read_dir(folder)
        .expect("a plan folder")
        .map(|entry| {
            let path = entry.expect("a file").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            PlanFile {
                path: name,
                bytes: std::fs::read(&path).expect("a readable file"),
            }
        })
        .collect();
    let nothing = Model::default();
    let reading = read(&files, &nothing, &nothing, &mut SequentialIds::new());
    let plan = reading
        .plan
        .unwrap_or_else(|| panic!("{folder:?}: {:?}", reading.diagnostics.iter().next()));
    Model::of(plan.records.into_iter().map(Change::Put))
}

/// Reads the observations of a case; those without a time of recording became known now.
fn observations_of(file: &Path, plan: &Model, now: Timestamp) -> Vec<Recorded> {
    let text = std::fs::read_to_string(file).expect("observations");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let mut recorded: Vec<Recorded> = lines
        .map(|line| {
            let cells: BTreeMap<&str, &str> = header.iter().copied().zip(line.split(',')).collect();
            let number = |name: &str| match cells.get(name).copied().unwrap_or_default() {
                "" => None,
                "yes" => Some(1.0),
                "no" => Some(0.0),
                text => Some(text.parse().expect("a number")),
            };
            let id = |kind: Kind, name: &str| plan.id_of(kind, cells[name]).expect("a known key");
            let at = match cells.get("recorded_at") {
                Some(date) => plan.calendar().start_of_day(date.parse().expect("a date")),
                None => now,
            };
            let cell = Cell {
                measure: MeasureId::from_uuid(id(Kind::Measure, "measure")),
                unit: UnitId::from_uuid(id(Kind::Unit, "unit")),
                period: plan
                    .calendar()
                    .parse_period(cells["period"])
                    .expect("a period"),
            };
            let observation = Observation {
                cell,
                value: number("value"),
                weight: number("weight"),
                state: None,
                note: None,
            };
            Recorded {
                observation,
                commit: CommitNumber(1),
                at,
            }
        })
        .collect();
    recorded.sort_by_key(|recorded| recorded.at);
    recorded
}

fn edge(edge: Option<Edge>) -> Json {
    match edge {
        None => Json::Null,
        Some(Edge::Number(number)) => json!(number),
        Some(Edge::Range(low, high)) => json!([low, high]),
    }
}

/// The scorecard in the form of `expected.json`.
fn as_json(plan: &Model, scorecard: &Scorecard) -> Json {
    let key = |kind: Kind, id: uuid::Uuid| plan.key_of(kind, id).expect("a key");
    let nodes: Vec<Json> = scorecard
        .nodes
        .iter()
        .map(|node| {
            let (kind, id) = match node.node {
                NodeKey::Perspective(id) => (Kind::Perspective, id.as_uuid()),
                NodeKey::Objective(id) => (Kind::Objective, id.as_uuid()),
                NodeKey::Outcome(id) => (Kind::Outcome, id.as_uuid()),
                NodeKey::Behaviour(id) => (Kind::Behaviour, id.as_uuid()),
            };
            let worst = node.worst.map(|worst| match worst {
                ChildKey::Measure(id) => key(Kind::Measure, id.as_uuid()),
                ChildKey::Objective(id) => key(Kind::Objective, id.as_uuid()),
            });
            json!({
                "kind": kind.word(), "key": key(kind, id), "score": node.score, "coverage": node.coverage,
                "status": node.status.word(), "worst": worst,
                "fragile": node.fragile.iter().map(|reason| reason.word()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let measures: Vec<Json> = scorecard
        .measures
        .iter()
        .map(|reading| {
            json!({
                "key": key(Kind::Measure, reading.measure.as_uuid()), "value": reading.value,
                "completeness": reading.completeness, "target": edge(reading.target), "floor": edge(reading.floor),
                "gap": reading.gap, "status": reading.status.word(), "score": reading.score,
                "progress": reading.progress, "pace": reading.pace,
                "bounds": reading.bounds.map(|(low, high)| json!([low, high])),
                "shown_period": plan.calendar().name(&reading.shown_period), "late": reading.late,
                "findings": reading.findings.iter().map(|finding| finding.word()).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "nodes": nodes, "measures": measures })
}

/// Notes where two values differ: numbers by more than a billionth, everything else at all.
fn compare(path: &str, found: &Json, expected: &Json, differences: &mut Vec<String>) {
    match (found, expected) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().expect("a number"), b.as_f64().expect("a number"));
            if (a - b).abs() > 1e-9 * a.abs().max(b.abs()).max(1e-9) {
                differences.push(format!("{path}: {a}, not {b}"));
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                let name = b
                    .get("key")
                    .and_then(Json::as_str)
                    .map_or(index.to_string(), str::to_string);
                compare(&format!("{path}/{name}"), a, b, differences);
            }
        }
        (Json::Object(a), Json::Object(b)) => {
            for (key, b) in b {
                compare(
                    &format!("{path}/{key}"),
                    a.get(key).unwrap_or(&Json::Null),
                    b,
                    differences,
                );
            }
        }
        (a, b) if a == b => {}
        (a, b) => differences.push(format!("{path}: {a}, not {b}")),
    }
}

#[test]
fn every_worked_case_is_read_as_expected() {
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("an instant");
    let mut differences = Vec::new();
    let mut cases = 0;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(worked_cases())
        .expect("the worked cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        let plan = Arc::new(plan_of(&folder.join("plan")));
        let recorded = observations_of(&folder.join("observations.csv"), &plan, now);
        let expected =
            std::fs::read_to_string(folder.join("expected.json")).expect("expected.json");
        let expected: Json = serde_json::from_str(&expected).expect("JSON");
        for reading in expected["readings"].as_array().expect("readings") {
            let known_at = reading["known_at"].as_str().map(|date| {
                plan.calendar()
                    .end_of_day(date.parse::<Date>().expect("a date"))
            });
            let instant = known_at.unwrap_or(now);
            let known = recorded
                .iter()
                .filter(|recorded| recorded.at <= instant)
                .cloned()
                .collect();
            let view = View::new(
                Arc::clone(&plan),
                Arc::new(Observations::of(known)),
                instant,
            );
            let unit = plan
                .id_of(Kind::Unit, reading["unit"].as_str().expect("a unit"))
                .expect("a known unit");
            let period = reading["period"].as_str().expect("a period");
            let scorecard = view.scorecard(
                UnitId::from_uuid(unit),
                plan.calendar().parse_period(period).expect("a period"),
            );
            let name = folder
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let path = format!(
                "{name} {} {period} {}",
                reading["unit"].as_str().unwrap_or_default(),
                reading["known_at"]
            );
            let found = as_json(&plan, &scorecard);
            for part in ["nodes", "measures"] {
                compare(
                    &format!("{path} {part}"),
                    &found[part],
                    &reading[part],
                    &mut differences,
                );
            }
            cases += 1;
        }
    }
    assert!(cases >= 100, "{cases} readings were found");
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
