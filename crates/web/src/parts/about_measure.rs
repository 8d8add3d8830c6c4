//! What a measure is: who answers for it, where its observations come from, and what it is read for.

use askama::Template;
use throughline_app::words::{self, names};
use throughline_core::MeasureId;
use throughline_model::records::{Indicator, Measure, MeasureKind, MeasureUse, Source};
use throughline_model::{Entry, Kind, Model};

use super::person_mark::PersonMark;
use crate::pages::links;
use crate::place::Place;

/// What a measure is.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/about_measure.html")]
pub struct AboutMeasure {
    /// Who does what for it.
    pub people: Vec<(&'static str, Option<PersonMark>)>,
    /// Name and text of what else there is to know.
    pub facts: Vec<(&'static str, String)>,
    /// What it is read for.
    pub uses: Vec<Use>,
}

/// Something that a measure is read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// What it is: `Objective`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// How much it counts there.
    pub weight: String,
}

impl AboutMeasure {
    /// What a measure of a plan is.
    #[must_use]
    pub fn of(model: &Model, measure: &Entry<Measure>, place: &Place) -> AboutMeasure {
        let person = |id| PersonMark::of(model, place, id);
        let mut people = vec![
            ("Owner", person(measure.owner)),
            ("Steward", person(measure.steward)),
            ("Validator", person(measure.validator)),
        ];
        if let Some(corrector) = person(measure.corrector) {
            people.push(("Starts corrective action", Some(corrector)));
        }
        AboutMeasure {
            people,
            facts: facts(model, measure),
            uses: uses(model, measure.id(), place),
        }
    }
}

fn facts(model: &Model, measure: &Measure) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Observed", format!("By the {}", measure.frequency)),
        ("Adds up", adds_up(measure.kind).to_owned()),
        ("Source", source(model, measure)),
    ];
    if let Some(due) = measure.due {
        let days = words::count(u64::from(due.0), "day");
        facts.push(("Due", format!("{days} after the end of the period")));
    }
    if let Some(indicator) = measure.indicator {
        let about = match indicator {
            Indicator::Leading => "Leading: it moves before the result",
            Indicator::Lagging => "Lagging: it shows the result",
        };
        facts.push(("Indicator", about.to_owned()));
    }
    facts
}

fn adds_up(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Sum => "As a sum",
        MeasureKind::Level => "As a level: the last one over time, the sum over units",
        MeasureKind::Ratio => "As a share, each part by its weight",
        MeasureKind::Mean => "As a mean, each part by its number",
        MeasureKind::Last => "Not over units; the last one over time",
        MeasureKind::Max => "As the greatest",
        MeasureKind::Min => "As the least",
        MeasureKind::YesNo => "As yes or no; over units the share of yes",
        MeasureKind::Formula => "By its formula, on inputs added up",
    }
}

fn source(model: &Model, measure: &Measure) -> String {
    if let Some(formula) = names::formula(model, measure) {
        return format!("Computed: {formula}");
    }
    match &measure.source {
        Some(Source::Manual) => "People enter it".to_owned(),
        Some(Source::Push) => "Another system sends it".to_owned(),
        Some(Source::Facts(facts)) => format!("Computed from the table {}", facts.facts),
        None => "Nobody said".to_owned(),
    }
}

/// The objectives, outcomes and behaviours that are read by a measure.
fn uses(model: &Model, measure: MeasureId, place: &Place) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut add = |kind: Kind, key: &str, name: &str, measures: &[MeasureUse]| {
        let found = measures.iter().find(|used| used.measure == measure);
        uses.extend(found.map(|used| Use {
            kind: words::sentence(kind.word()),
            name: name.to_owned(),
            href: links::record(place, kind, key),
            weight: weight(used, measures),
        }));
    };
    for node in model.objectives() {
        add(
            Kind::Objective,
            node.key.as_str(),
            &node.name,
            &node.measures,
        );
    }
    for node in model.outcomes() {
        add(Kind::Outcome, node.key.as_str(), &node.name, &node.measures);
    }
    for node in model.behaviours() {
        add(
            Kind::Behaviour,
            node.key.as_str(),
            &node.name,
            &node.measures,
        );
    }
    uses
}

/// `Critical, one of 3 measures`
fn weight(used: &MeasureUse, measures: &[MeasureUse]) -> String {
    let among = match measures.len() {
        1 => "its only measure".to_owned(),
        many => format!("one of {many} measures"),
    };
    let critical = if used.critical { "critical, " } else { "" };
    words::sentence(&format!("{critical}{among}"))
}
