//! Where the number of a measure comes from, from left to right: its source, how it is observed, what is there of it, how
//! it is made, and what it is used in.

use askama::Template;
use throughline_app::words::derivation::Derivation;
use throughline_app::words::{self, names, numbers};
use throughline_core::MeasureId;
use throughline_model::records::{Indicator, Measure, MeasureKind, MeasureUse, Source};
use throughline_model::{Entry, Kind, Model};

use crate::pages::links;
use crate::place::Place;

/// How many uses are named; the performance map has all of them.
const USES_MAX: usize = 4;

/// The strip.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/lineage.html")]
pub struct Lineage {
    /// Its steps, the source first.
    pub steps: Vec<Step>,
    /// What it is used in, in a few words.
    pub used_in: String,
    /// What it is used in.
    pub uses: Vec<Use>,
    /// How many more uses there are.
    pub more_uses: usize,
}

/// A step from the source to the number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// What it is about.
    pub label: &'static str,
    /// What there is.
    pub title: String,
    /// More of it.
    pub about: String,
    /// Who answers for it, or when it was.
    pub foot: String,
}

/// Something that a measure is read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// How much it counts there.
    pub weight: String,
}

impl Lineage {
    /// Where a number comes from.
    #[must_use]
    pub fn of(derivation: &Derivation<'_>, measure: &Entry<Measure>, place: &Place) -> Lineage {
        let model = derivation.model;
        let mut uses = uses(model, measure.id(), place);
        let used_in = counted(&uses);
        let more_uses = uses.len().saturating_sub(USES_MAX);
        uses.truncate(USES_MAX);
        Lineage {
            steps: vec![
                source(model, measure),
                observed(derivation, measure),
                data(derivation),
                rule(measure),
            ],
            used_in,
            uses,
            more_uses,
        }
    }
}

fn source(model: &Model, measure: &Measure) -> Step {
    let (title, about) = match (&measure.source, names::formula(model, measure)) {
        (_, Some(formula)) => ("A formula".to_owned(), formula),
        (Some(Source::Manual), _) => ("People enter it".to_owned(), String::new()),
        (Some(Source::Push), _) => ("Another system sends it".to_owned(), String::new()),
        (Some(Source::Facts(facts)), _) => (
            format!("The table {}", facts.facts),
            "Computed from its rows".to_owned(),
        ),
        (None, _) => ("Nobody said".to_owned(), String::new()),
    };
    let steward = measure.steward.and_then(|id| model.people().get(id));
    Step {
        label: "Source",
        title,
        about,
        foot: steward.map_or_else(
            || "nobody is its steward".to_owned(),
            |person| format!("steward {}", person.name),
        ),
    }
}

fn observed(derivation: &Derivation<'_>, measure: &Measure) -> Step {
    let due = measure.due.map(|due| match due.0 {
        0 => "Due at the end of the period".to_owned(),
        days => {
            let days = words::count(u64::from(days), "day");
            format!("Due {days} after the end of the period")
        }
    });
    let range = measure.range_in_words(|edge| numbers::value(Some(*edge), measure));
    let range = range.map(|range| format!("one value is {range}"));
    let about: Vec<String> = due.into_iter().chain(range).collect();
    // Who sees a part of the observations does not know the last of all.
    let periods = derivation.explanation.periods.iter();
    let periods = periods.filter(|_| !derivation.hidden.is_any());
    let lines = periods.flat_map(|period| &period.inputs);
    let last = lines.map(|line| line.recorded_at).max();
    Step {
        label: "Observed",
        title: format!("By the {}", measure.frequency),
        about: words::sentence(&about.join("; ")),
        foot: last.map_or_else(String::new, |at| {
            let at = words::instant(at, derivation.model.calendar());
            format!("last recorded {at}")
        }),
    }
}

fn data(derivation: &Derivation<'_>) -> Step {
    let reading = &derivation.explanation.reading;
    let share = numbers::share(reading.completeness);
    let (title, about) = match (derivation.inputs(), reading.completeness) {
        (Some((present, owed)), _) if owed > 0 => (
            format!(
                "{} of {}",
                words::grouped(present as u64),
                words::grouped(owed as u64)
            ),
            not_there(owed - present),
        ),
        (_, None) => ("Nothing is owed".to_owned(), String::new()),
        (Some(_), Some(_)) => (format!("{share} complete"), String::new()),
        (None, Some(_)) => (
            format!("{share} complete"),
            "Some are of units that are not yours to see".to_owned(),
        ),
    };
    let is_counted = matches!(derivation.inputs(), Some((_, owed)) if owed > 0);
    Step {
        label: "Values",
        title,
        about,
        foot: match (is_counted, reading.late) {
            (_, true) => "something is late".to_owned(),
            (false, false) => String::new(),
            (true, false) => format!("{share} complete"),
        },
    }
}

/// How many of what is owed are not there.
fn not_there(missing: usize) -> String {
    match missing {
        0 => "No figures are missing".to_owned(),
        1 => "1 figure is missing".to_owned(),
        many => format!("{} figures are missing", words::grouped(many as u64)),
    }
}

fn rule(measure: &Measure) -> Step {
    let (title, about) = adds_up(measure.kind);
    let indicator = measure.indicator.map(|indicator| match indicator {
        Indicator::Leading => "leading: it moves before the result",
        Indicator::Lagging => "lagging: it shows the result",
    });
    Step {
        label: "Rule",
        title: title.to_owned(),
        about: about.to_owned(),
        foot: indicator.unwrap_or_default().to_owned(),
    }
}

/// How a kind adds up.
fn adds_up(kind: MeasureKind) -> (&'static str, &'static str) {
    match kind {
        MeasureKind::Sum => ("A sum", "Added up over units and time"),
        MeasureKind::Level => ("A level", "The last one over time, the sum over units"),
        MeasureKind::Ratio => ("A share", "Each part counts by its weight"),
        MeasureKind::Mean => ("A mean", "Each part counts by its number"),
        MeasureKind::Last => ("The last one", "Over time, and not over units"),
        MeasureKind::Max => ("The greatest", "Over units and time"),
        MeasureKind::Min => ("The least", "Over units and time"),
        MeasureKind::YesNo => ("Yes or no", "Over units the share of yes"),
        MeasureKind::Formula => ("Its formula", "On its inputs added up"),
    }
}

/// `1 objective and 2 outcomes`
fn counted(uses: &[Use]) -> String {
    let kinds = [Kind::Objective, Kind::Outcome, Kind::Behaviour];
    let counts = kinds.into_iter().filter_map(|kind| {
        let count = uses.iter().filter(|one| one.kind == kind).count();
        (count > 0).then(|| words::count(count as u64, kind.word()))
    });
    words::list(&counts.collect::<Vec<_>>())
}

/// The objectives, outcomes and behaviours that are read by a measure.
fn uses(model: &Model, measure: MeasureId, place: &Place) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut add = |kind: Kind, key: &str, name: &str, measures: &[MeasureUse]| {
        let found = measures.iter().find(|used| used.measure == measure);
        uses.extend(found.map(|used| Use {
            kind,
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
