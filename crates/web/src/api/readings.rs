//! How things stand: scorecard, map, a measure over time, and why a number is what it is.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::evidence::{Grade, evidence_at};
use throughline_app::json::explanation::Explained;
use throughline_app::json::scorecard::{self, Card, MeasureLine, NodeLine};
use throughline_app::words::names;
use throughline_app::{AppError, explain, selected, trends};
use throughline_engine::NodeKey;
use throughline_model::records::{AnyRecord, Link, NodeId};
use throughline_model::{Entry, Kind};

use super::caller::Caller;
use super::problem::ApiResult;
use super::records::RecordAnswer;
use crate::address::Path;

/// Reads the scorecard.
///
/// # Errors
/// As of the use case.
pub async fn scorecard(caller: Caller) -> ApiResult {
    let read = throughline_app::scorecard(&caller.ctx, &caller.selection()).await?;
    let total = read
        .scorecard
        .nodes
        .len()
        .max(read.scorecard.measures.len());
    caller.listed(&Card::stretch(&read, caller.page.range()), total)
}

/// What drives what, and how it stands.
#[derive(Serialize, JsonSchema)]
pub struct MapAnswer {
    unit: String,
    period: String,
    known_at: String,
    nodes: Vec<MapNodeLine>,
    links: Vec<LinkLine>,
}

#[derive(Serialize, JsonSchema)]
struct MapNodeLine {
    name: String,
    #[serde(flatten)]
    reading: NodeLine,
}

#[derive(Serialize, JsonSchema)]
struct LinkLine {
    cause: NodeName,
    effect: NodeName,
    /// The link as it would stand in a file of the plan: what more of the cause does to the effect, how strongly, how late.
    link: RecordAnswer,
    /// How far it holds by the data of all units: `untested`, `not shown`, `plausible`, `supported`, `strong`, `negligible` or
    /// `contradicted`.
    grade: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct NodeName {
    kind: &'static str,
    key: String,
}

/// Reads the map.
///
/// # Errors
/// As of the use case.
pub async fn map(caller: Caller) -> ApiResult {
    let read = throughline_app::scorecard(&caller.ctx, &caller.selection()).await?;
    let evidence = evidence_at(&caller.ctx, &read.selected).await?;
    let model = &read.selected.model;
    let nodes: Vec<_> = read
        .scorecard
        .nodes
        .iter()
        .filter(|node| !matches!(node.node, NodeKey::Perspective(_)))
        .collect();
    let name = |node: NodeId| NodeName {
        kind: node.kind().word(),
        key: names::key(model, (node.kind(), node.uuid())),
    };
    let links = model.links();
    let total = nodes.len().max(links.len());
    let line = |link: &Arc<Entry<Link>>| LinkLine {
        cause: name(link.from),
        effect: name(link.to),
        link: RecordAnswer::of(&AnyRecord::Link(Arc::clone(link)), model),
        grade: evidence
            .as_ref()
            .and_then(|evidence| evidence.grade(link.id()))
            .map(Grade::word),
    };
    let answer = MapAnswer {
        unit: read.selected.unit_key(),
        period: read.selected.period_name(),
        known_at: read.selected.known_at.to_string(),
        nodes: caller.page.of(nodes.into_iter().map(|node| MapNodeLine {
            name: names::name(model, names::of_node(node.node)),
            reading: scorecard::node(node, &read),
        })),
        links: caller.page.of(links.iter().map(line)),
    };
    caller.listed(&answer, total)
}

/// How a measure came to where it is.
#[derive(Serialize, JsonSchema)]
pub struct ReadingsAnswer {
    measure: String,
    unit: String,
    period: String,
    known_at: String,
    readings: Vec<ReadingLine>,
}

#[derive(Serialize, JsonSchema)]
struct ReadingLine {
    /// The period that was read.
    period: String,
    reading: MeasureLine,
}

/// Reads a measure over time.
///
/// # Errors
/// As of the use case; if there is no such measure.
pub async fn over_time(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let meant = selected(&caller.ctx, &caller.selection()).await?;
    let model = &meant.model;
    let measure = model.measures().by_key(&key);
    let measure = measure
        .ok_or_else(|| AppError::not_found(format!("there is no measure `{key}` in the plan")))?;
    let trends = trends(&caller.ctx, &meant, &[measure.id()]).await?;
    let readings = trends.iter().flat_map(|trend| &trend.readings);
    let answer = ReadingsAnswer {
        measure: names::key(model, (Kind::Measure, measure.id().as_uuid())),
        unit: meant.unit_key(),
        period: meant.period_name(),
        known_at: meant.known_at.to_string(),
        readings: readings
            .map(|(period, reading)| ReadingLine {
                period: model.calendar().name(period),
                reading: scorecard::measure(reading, model),
            })
            .collect(),
    };
    caller.answer(&answer)
}

/// Explains a number.
///
/// # Errors
/// As of the use case.
pub async fn explanation(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let explained = explain(&caller.ctx, &key, &caller.selection()).await?;
    let (answer, total) = Explained::stretch(&explained, caller.page.range());
    caller.listed(&answer, total)
}
