//! The shape of `drivers`: why a value differs from what it is held against.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_core::MeasureId;
use throughline_model::records::Measure;
use throughline_model::{Entry, Kind, Model};

use crate::drivers::{Across, Bridge, Compared, DriverPart, PartOf, ReadDrivers, words as told};
use crate::words::names;

/// The answer of `drivers`.
#[derive(Serialize, JsonSchema)]
pub struct Drivers {
    measure: String,
    unit: String,
    period: String,
    known_at: String,
    /// One for each thing that the value is held against.
    compared: Vec<ComparedLine>,
}

#[derive(Serialize, JsonSchema)]
struct ComparedLine {
    /// `target`, `before` or `year-before`.
    against: &'static str,
    /// The period of the other value.
    other_period: Option<String>,
    value: Option<f64>,
    other: Option<f64>,
    /// Whether the difference is more than routine variation; none where too few points say.
    signal: Option<bool>,
    /// The mean of the process, where the value is routine and the process as a whole is not where its target is.
    process_mean: Option<f64>,
    /// Why it is not taken apart, where it is not.
    declined: Option<&'static str>,
    /// What made the difference, one for each way to take it apart.
    made_of: Vec<BridgeLine>,
}

#[derive(Serialize, JsonSchema)]
struct BridgeLine {
    /// `units`, `inputs`, or `money` by volume, mix and price.
    across: &'static str,
    sentence: String,
    /// The parts that brought most.
    parts: Vec<PartLine>,
    /// What all others brought, and how many of those that can be named they are.
    others: Option<OthersLine>,
}

#[derive(Serialize, JsonSchema)]
struct PartLine {
    /// `unit` or `measure`; of money also `volume` of all, and `mix` of a quantity.
    kind: &'static str,
    key: String,
    other: Option<f64>,
    value: Option<f64>,
    /// What it added to the difference.
    brought: f64,
    /// How much of that is because its weight changed.
    by_weight: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
struct OthersLine {
    count: usize,
    brought: f64,
}

impl Drivers {
    /// The answer.
    #[must_use]
    pub fn of(read: &ReadDrivers) -> Drivers {
        let compared = read.compared.iter();
        Drivers {
            measure: read.measure.key.to_string(),
            unit: read.selected.unit_key(),
            period: read.selected.period_name(),
            known_at: read.selected.known_at.to_string(),
            compared: compared.map(|one| compared_line(read, one)).collect(),
        }
    }
}

fn compared_line(read: &ReadDrivers, compared: &Compared) -> ComparedLine {
    let model = &read.selected.model;
    let bridge = |bridge: &Bridge| BridgeLine {
        across: match bridge.across {
            Across::Units => "units",
            Across::Inputs => "inputs",
            Across::Money => "money",
        },
        sentence: told::sentence(model, &read.measure, bridge),
        parts: bridge
            .parts
            .iter()
            .map(|part| part_line(model, &read.measure, part))
            .collect(),
        others: bridge.others.map(|others| OthersLine {
            count: others.count,
            brought: others.brought,
        }),
    };
    ComparedLine {
        against: compared.against.word(),
        other_period: compared.period.map(|period| model.calendar().name(&period)),
        value: compared.value,
        other: compared.other,
        signal: compared.is_signal,
        process_mean: compared.of_process,
        declined: compared
            .made_of
            .as_ref()
            .err()
            .map(|why| told::declined(*why)),
        made_of: compared.made_of.iter().flatten().map(bridge).collect(),
    }
}

fn part_line(model: &Model, whole: &Entry<Measure>, part: &DriverPart) -> PartLine {
    let measure = |id: MeasureId| (Kind::Measure, id.as_uuid());
    let (kind, record) = match part.of {
        PartOf::Unit(id) => (Kind::Unit.word(), (Kind::Unit, id.as_uuid())),
        PartOf::Measure(id) => (Kind::Measure.word(), measure(id)),
        PartOf::Volume => ("volume", measure(whole.id())),
        PartOf::Mix(id) => ("mix", measure(id)),
    };
    PartLine {
        kind,
        key: names::key(model, record),
        other: part.other,
        value: part.value,
        brought: part.brought,
        by_weight: part.by_weight,
    }
}
