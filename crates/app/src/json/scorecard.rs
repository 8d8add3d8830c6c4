//! The shape of `scorecard`: the contract of `docs/PLAN_FORMAT.md`.

use crate::ReadScorecard;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;
use throughline_engine::{Edge, MeasureReading, NodeReading, Scorecard};
use throughline_model::{Kind, Model};

use crate::insight::node_doubts_in_words;
use crate::words::names;

/// The answer of `scorecard`.
#[derive(Serialize, JsonSchema)]
pub struct Card {
    unit: String,
    period: String,
    known_at: String,
    nodes: Vec<NodeLine>,
    measures: Vec<MeasureLine>,
}

/// An objective, outcome, behaviour or perspective, read.
#[derive(Serialize, JsonSchema)]
pub struct NodeLine {
    kind: &'static str,
    key: String,
    score: Option<f64>,
    coverage: Option<f64>,
    status: String,
    worst: Option<String>,
    fragile: Vec<String>,
    /// Why it deserves a second look although it is on track, in a sentence.
    second_look: Option<String>,
}

/// A measure, read.
#[derive(Serialize, JsonSchema)]
pub struct MeasureLine {
    key: String,
    value: Option<f64>,
    completeness: Option<f64>,
    target: Option<EdgeValue>,
    floor: Option<EdgeValue>,
    gap: Option<f64>,
    status: String,
    score: Option<f64>,
    progress: Option<f64>,
    pace: Option<f64>,
    bounds: Option<[f64; 2]>,
    shown_period: String,
    late: bool,
    findings: Vec<String>,
}

/// A number, or the edges of a range.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum EdgeValue {
    /// A number.
    Number(f64),
    /// The lower and the upper edge.
    Range([f64; 2]),
}

impl From<Edge> for EdgeValue {
    fn from(edge: Edge) -> EdgeValue {
        match edge {
            Edge::Number(number) => EdgeValue::Number(number),
            Edge::Range(low, high) => EdgeValue::Range([low, high]),
        }
    }
}

impl Card {
    /// The answer.
    pub fn of(read: &ReadScorecard) -> Card {
        Card::stretch(read, 0..usize::MAX)
    }

    /// The answer with a stretch of both lists.
    #[must_use]
    pub fn stretch(read: &ReadScorecard, stretch: Range<usize>) -> Card {
        let model = &read.selected.model;
        let Scorecard {
            nodes, measures, ..
        } = &*read.scorecard;
        let length = stretch.len();
        let nodes = nodes.iter().skip(stretch.start).take(length);
        let measures = measures.iter().skip(stretch.start).take(length);
        Card {
            unit: read.selected.unit_key(),
            period: read.selected.period_name(),
            known_at: read.selected.known_at.to_string(),
            nodes: nodes.map(|reading| node(reading, read)).collect(),
            measures: measures.map(|reading| measure(reading, model)).collect(),
        }
    }
}

impl Card {
    /// The columns of the measures as a table.
    pub const COLUMNS: [&str; 20] = [
        "unit",
        "period",
        "known_at",
        "key",
        "value",
        "completeness",
        "target",
        "target_high",
        "floor",
        "floor_high",
        "gap",
        "status",
        "score",
        "progress",
        "pace",
        "bound_low",
        "bound_high",
        "shown_period",
        "findings",
        "late",
    ];

    /// The measures as rows of a table; what is missing is empty.
    pub fn rows(&self) -> impl Iterator<Item = [String; 20]> {
        self.measures.iter().map(|measure| {
            let number =
                |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
            let [target, target_high] = edges(measure.target.as_ref()).map(number);
            let [floor, floor_high] = edges(measure.floor.as_ref()).map(number);
            let [low, high] = measure
                .bounds
                .map_or([None, None], |bounds| bounds.map(Some))
                .map(number);
            [
                self.unit.clone(),
                self.period.clone(),
                self.known_at.clone(),
                measure.key.clone(),
                number(measure.value),
                number(measure.completeness),
                target,
                target_high,
                floor,
                floor_high,
                number(measure.gap),
                measure.status.clone(),
                number(measure.score),
                number(measure.progress),
                number(measure.pace),
                low,
                high,
                measure.shown_period.clone(),
                measure.findings.join(", "),
                measure.late.to_string(),
            ]
        })
    }
}

fn edges(edge: Option<&EdgeValue>) -> [Option<f64>; 2] {
    match edge {
        None => [None, None],
        Some(EdgeValue::Number(number)) => [Some(*number), None],
        Some(EdgeValue::Range([low, high])) => [Some(*low), Some(*high)],
    }
}

/// A node of the strategy, as it stands in a scorecard.
#[must_use]
pub fn node(reading: &NodeReading, read: &ReadScorecard) -> NodeLine {
    let model = &read.selected.model;
    let record = names::of_node(reading.node);
    NodeLine {
        kind: record.0.word(),
        key: names::key(model, record),
        score: reading.score,
        coverage: reading.coverage,
        status: reading.status.to_string(),
        worst: reading
            .worst
            .map(|child| names::key(model, names::of_child(child))),
        fragile: reading.fragile.iter().map(ToString::to_string).collect(),
        second_look: node_doubts_in_words(read, reading),
    }
}

/// A measure, read under a plan.
#[must_use]
pub fn measure(reading: &MeasureReading, model: &Model) -> MeasureLine {
    MeasureLine {
        key: names::key(model, (Kind::Measure, reading.measure.as_uuid())),
        value: reading.value,
        completeness: reading.completeness,
        target: reading.target.map(EdgeValue::from),
        floor: reading.floor.map(EdgeValue::from),
        gap: reading.gap,
        status: reading.status.to_string(),
        score: reading.score,
        progress: reading.progress,
        pace: reading.pace,
        bounds: reading.bounds.map(|(low, high)| [low, high]),
        shown_period: model.calendar().name(&reading.shown_period),
        late: reading.late,
        findings: reading.findings.iter().map(ToString::to_string).collect(),
    }
}
