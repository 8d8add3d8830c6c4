//! Small plans written as text, for tests.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::id::{MeasureId, SequentialIds, UnitId};
use throughline_engine::{MeasureReading, NodeReading, Observations, Scorecard, View};
use throughline_model::observation::{Cell, CommitNumber, Observation, Recorded};
use throughline_model::text::{PlanFile, read};
use throughline_model::{Change, Kind, Model};

/// The instant at which tests read.
pub const NOW: &str = "2026-11-24T12:00:00Z";

/// A plan of these units and of what else is written.
pub struct Plan {
    pub model: Arc<Model>,
}

/// One observation: measure, unit, period, value, weight.
pub type Row<'a> = (&'a str, &'a str, &'a str, Option<f64>, Option<f64>);

impl Plan {
    /// Reads a plan: units as `key` or `key: parent`, and the text of measures.yaml and of strategy.yaml after the strategy.
    pub fn new(units: &[(&str, &str)], measures: &str, strategy: &str) -> Plan {
        Plan::with_map(units, measures, strategy, "")
    }

    /// The same, and the text of map.yaml.
    pub fn with_map(units: &[(&str, &str)], measures: &str, strategy: &str, map: &str) -> Plan {
        let units: String = units
            .iter()
            .map(|(unit, rest)| format!("  - {{ key: {unit}, name: {unit}{rest} }}\n"))
            .collect();
        let organisation = format!(
            "organisation: {{ key: org, name: Org, time_zone: UTC, fiscal_year_starts: april }}\nunits:\n{units}"
        );
        let strategy = format!("strategy: {{ key: s, name: S, from: 2012, to: 2030 }}\n{strategy}");
        let file = |path: &str, text: &str| PlanFile {
            path: path.into(),
            bytes: text.as_bytes().to_vec(),
        };
        let files = [
            file("organisation.yaml", &organisation),
            file("strategy.yaml", &strategy),
            file("measures.yaml", measures),
            file("map.yaml", map),
        ];
        let nothing = Model::default();
        let reading = read(&files, &nothing, &nothing, &mut SequentialIds::new());
        let Some(plan) = reading.plan else {
            panic!(
                "{:#?}",
                reading
                    .diagnostics
                    .iter()
                    .map(|one| &one.finding)
                    .collect::<Vec<_>>()
            )
        };
        Plan {
            model: Arc::new(Model::of(plan.records.into_iter().map(Change::Put))),
        }
    }

    pub fn unit(&self, key: &str) -> UnitId {
        UnitId::from_uuid(self.model.id_of(Kind::Unit, key).expect("a known unit"))
    }

    pub fn measure(&self, key: &str) -> MeasureId {
        MeasureId::from_uuid(
            self.model
                .id_of(Kind::Measure, key)
                .expect("a known measure"),
        )
    }

    /// What is known when these rows were recorded, in this order.
    pub fn view(&self, rows: &[Row<'_>]) -> View {
        let recorded = rows
            .iter()
            .map(|(measure, unit, period, value, weight)| {
                let period = self
                    .model
                    .calendar()
                    .parse_period(period)
                    .expect("a period");
                let cell = Cell {
                    measure: self.measure(measure),
                    unit: self.unit(unit),
                    period,
                };
                let observation = Observation {
                    cell,
                    value: *value,
                    weight: *weight,
                    state: None,
                    note: None,
                };
                Recorded {
                    observation,
                    commit: CommitNumber(1),
                    at: Timestamp::UNIX_EPOCH,
                }
            })
            .collect();
        let now = NOW.parse().expect("an instant");
        View::new(
            Arc::clone(&self.model),
            Arc::new(Observations::of(recorded)),
            now,
        )
    }

    pub fn scorecard(&self, rows: &[Row<'_>], unit: &str, period: &str) -> Scorecard {
        let period = self
            .model
            .calendar()
            .parse_period(period)
            .expect("a period");
        self.view(rows).scorecard(self.unit(unit), period)
    }

    pub fn reading(
        &self,
        rows: &[Row<'_>],
        measure: &str,
        unit: &str,
        period: &str,
    ) -> MeasureReading {
        let period = self
            .model
            .calendar()
            .parse_period(period)
            .expect("a period");
        self.view(rows)
            .reading(self.measure(measure), self.unit(unit), period)
            .expect("a reading")
    }

    pub fn node(&self, rows: &[Row<'_>], unit: &str, period: &str, position: usize) -> NodeReading {
        self.scorecard(rows, unit, period).nodes[position].clone()
    }
}
