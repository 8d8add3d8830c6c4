//! The rows: what a line of the scorecard says of a node or a measure.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use throughline_app::insight::{
    Foresight, chance_in_words, doubts_in_words, likelihood, node_doubts_in_words,
};
use throughline_app::words::{self, meaning, names, numbers};
use throughline_charts::chance_bar;
use throughline_core::{MeasureId, PersonId};
use throughline_engine::{
    ChildKey, ChildReading, MeasureReading, NodeKey, NodeReading, ReadingFinding, Status,
};
use throughline_model::records::Measure;

use super::drawings;
use super::open::Open;
use super::{Likely, Line, Maker, OPEN_MAX, Owner, Row, Toggle};
use crate::frame::initials;
use crate::pages::links;
use crate::parts::signal::SignalMark;
use crate::parts::status::StatusMark;

impl<'a> Maker<'a> {
    pub(super) fn row(&self, line: Line<'a>) -> Row {
        match line {
            Line::Group(name, reading) => Row {
                class: "group",
                name: name.to_owned(),
                status: reading.map(|reading| StatusMark(reading.status)),
                ..Row::default()
            },
            Line::Node(node) => self.node(node),
            Line::Measure(id, child) => self.measure(id, child),
        }
    }

    fn node(&self, node: &NodeReading) -> Row {
        let record = names::of_node(node.node);
        let key = names::key(self.model, record);
        let has_measures = node
            .children
            .iter()
            .any(|child| matches!(child.child, ChildKey::Measure(_)));
        let is_open = self.is_open(node);
        Row {
            class: "node",
            name: names::name(self.model, record),
            href: links::record(self.place, record.0, &key),
            toggle: has_measures.then(|| Toggle {
                href: self.toggled(&key, is_open),
                is_open,
            }),
            status: Some(StatusMark(node.status)),
            summary: summary(node),
            remark: joined([
                data_for(node.coverage),
                self.fragility(node),
                node_doubts_in_words(self.read, node).unwrap_or_default(),
            ]),
            owner: self.owner_of(node.node),
            ..Row::default()
        }
    }

    /// The address with a node the other way round.
    fn toggled(&self, key: &str, is_open: bool) -> String {
        let mut keys: BTreeSet<String> = match &self.open {
            Open::These(these) => these.keys.clone(),
            Open::All => self
                .meant()
                .take(OPEN_MAX)
                .map(|node| self.key(node))
                .collect(),
        };
        if is_open {
            keys.remove(key);
        } else {
            keys.insert(key.to_owned());
        }
        let keys: Vec<String> = keys.into_iter().filter(|key| !key.is_empty()).collect();
        let open = if keys.is_empty() {
            "none".to_owned()
        } else {
            keys.join(",")
        };
        self.href(Some(&open), 0)
    }

    fn fragility(&self, node: &NodeReading) -> String {
        if node.fragile.is_empty() {
            return String::new();
        }
        let reasons: Vec<String> = node
            .fragile
            .iter()
            .map(|reason| meaning::fragile_in_words(*reason).to_owned())
            .collect();
        format!("Fragile: it would differ {}", words::list(&reasons))
    }

    pub(super) fn owner_of(&self, node: NodeKey) -> Option<Owner> {
        let owner = match node {
            NodeKey::Objective(id) => self.model.objectives().get(id)?.owner,
            NodeKey::Outcome(id) => self.model.outcomes().get(id)?.owner,
            NodeKey::Behaviour(id) => self.model.behaviours().get(id)?.owner,
            NodeKey::Perspective(_) => None,
        };
        self.owner(owner)
    }

    pub(super) fn owner_of_measure(&self, id: MeasureId) -> Option<Owner> {
        self.owner(self.model.measures().get(id)?.owner)
    }

    fn owner(&self, person: Option<PersonId>) -> Option<Owner> {
        let name = self.model.people().get(person?)?.name.clone();
        Some(Owner {
            initials: initials(&name),
            name,
        })
    }

    fn measure(&self, id: MeasureId, child: Option<&ChildReading>) -> Row {
        let Some(measure) = self.model.measures().get(id) else {
            return Row::default();
        };
        let mut row = Row {
            class: "measure",
            name: measure.name.clone(),
            unit: numbers::unit_of(measure).to_string(),
            owner: self.owner_of_measure(id),
            ..Row::default()
        };
        let Some(reading) = self.read.scorecard.measure(id) else {
            row.remark = "Not read at this unit".to_owned();
            return row;
        };
        row.href = links::measure(self.place, measure.key.as_str());
        row.status = Some(StatusMark(reading.status));
        [row.actual, row.plan] = numbers::in_columns(reading.value, reading.target, measure);
        row.exact = numbers::unshortened(reading.value, measure);
        row.why = links::explanation(self.place, measure.key.as_str());
        row.variance = numbers::short_gap(reading.gap, measure);
        row.bullet = drawings::bullet(reading, measure);
        if let Some(trend) = self.trends.get(&id) {
            row.trend = drawings::sparkline(trend, measure, self.model.calendar());
            row.signal = SignalMark::of(trend, &self.read.selected.period);
        }
        row.likely = self.likely(id);
        row.remark = joined([
            self.second_look(reading).unwrap_or_default(),
            self.remark(reading, measure, child),
            of_the_data(reading.completeness),
        ]);
        row
    }

    /// Why a measure that is on track deserves a second look, as far as its own points tell; its page knows the units below.
    fn second_look(&self, reading: &MeasureReading) -> Option<String> {
        let trend = self.trends.get(&reading.measure)?;
        let foresight = self.foresights.get(&reading.measure);
        doubts_in_words(
            reading,
            trend,
            foresight.map(|foresight| &**foresight),
            (&[], self.model),
        )
    }

    /// How likely each measure reaches its target: `45% likely by Apr 2014`.
    pub(super) fn likely_in_words(&self) -> HashMap<MeasureId, String> {
        let words = |(id, foresight): (&MeasureId, &Arc<Foresight>)| {
            let outlook = foresight.as_ref().as_ref().ok()?;
            let (period, aimed) = outlook.goal()?;
            let by = words::period(&period, self.model.calendar());
            Some((*id, format!("{} by {by}", likelihood(&aimed.chance))))
        };
        self.foresights.iter().filter_map(words).collect()
    }

    /// How likely a measure reaches its target.
    fn likely(&self, id: MeasureId) -> Option<Likely> {
        let outlook = self.foresights.get(&id)?.as_ref().as_ref().ok()?;
        let (period, aimed) = outlook.goal()?;
        let bar = aimed.chance.percent().map(chance_bar);
        Some(Likely {
            bar: bar.unwrap_or_default(),
            words: words::sentence(&chance_in_words(&aimed.chance)),
            by: words::period(&period, self.model.calendar()),
        })
    }

    /// The first thing that there is to say about a reading; the measure's page says all of it.
    fn remark(
        &self,
        reading: &MeasureReading,
        measure: &Measure,
        child: Option<&ChildReading>,
    ) -> String {
        let mut said = Vec::new();
        if child.is_some_and(|child| child.critical) {
            said.push("Critical".to_owned());
        }
        if reading.shown_period != self.read.selected.period {
            let calendar = self.model.calendar();
            said.push(format!(
                "Read in {}",
                words::period(&reading.shown_period, calendar)
            ));
        }
        if reading.value.is_none() {
            said.push(
                if reading.late {
                    "Figure overdue"
                } else {
                    "Nothing observed"
                }
                .to_owned(),
            );
        } else if reading.late {
            said.push("Some figures overdue".to_owned());
        }
        let is_worth_saying = |finding: &&ReadingFinding| {
            !matches!(finding, ReadingFinding::Partial)
                || numbers::unit_of(measure).to_string() != "%"
        };
        let findings = reading.findings.iter().filter(is_worth_saying);
        said.extend(findings.map(|finding| words::sentence(finding.word())));
        said.join(" · ")
    }
}

/// `1 of 2 measures on plan · Supported by 3 objectives`
fn summary(node: &NodeReading) -> String {
    let measures: Vec<&ChildReading> = node
        .children
        .iter()
        .filter(|child| matches!(child.child, ChildKey::Measure(_)))
        .collect();
    let supporters = node.children.len() - measures.len();
    let on_plan = measures
        .iter()
        .filter(|child| child.status == Status::OnTrack)
        .count();
    let mut said = Vec::new();
    if !measures.is_empty() {
        let counted = words::count(measures.len() as u64, "measure");
        said.push(format!("{on_plan} of {counted} on plan"));
    }
    if supporters > 0 {
        said.push(format!(
            "Supported by {}",
            words::count(supporters as u64, "objective")
        ));
    }
    if said.is_empty() {
        return "Nothing measures it".to_owned();
    }
    said.join(" · ")
}

/// `33% of the data is in`, by weight, where it is not all; that nothing is there is said without a share.
fn data_for(coverage: Option<f64>) -> String {
    match coverage.filter(|share| *share < 1.0) {
        None => String::new(),
        Some(share) if share > 0.0 => {
            format!("{} of the data is in", numbers::share(Some(share)))
        }
        Some(_) => "No data yet".to_owned(),
    }
}

/// `93% of the data is in`, where it is not all; that nothing is there is said without a share.
fn of_the_data(completeness: Option<f64>) -> String {
    let short = completeness.filter(|share| *share < 1.0 && *share > 0.0);
    short.map_or_else(String::new, |share| {
        format!("{} of the data is in", numbers::share(Some(share)))
    })
}

/// What there is to say, one after the other.
fn joined<const COUNT: usize>(said: [String; COUNT]) -> String {
    let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
    said.join(" · ")
}

/// By when the targets of rows are to be reached, where that is the same for all.
pub(crate) fn common_by(rows: &[Row]) -> Option<String> {
    let mut all = rows.iter().filter_map(|row| row.likely.as_ref());
    let first = all.next()?;
    all.all(|likely| likely.by == first.by)
        .then(|| first.by.clone())
}
