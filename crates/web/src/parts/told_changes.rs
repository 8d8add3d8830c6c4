//! What was changed, by whom, when and why: corrections of observations, and moved targets.

use throughline_app::history::{Drift, Told};
use throughline_app::words::{self, names, numbers};
use throughline_app::{Correction, ReadMeasure};
use throughline_model::records::Measure;
use throughline_model::{Kind, Model};

use crate::pages::links;
use crate::viewer::Viewer;

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldChange {
    /// What was changed: `Newark, Week 23, 2013`.
    pub what: String,
    /// Where all of its values are, for whoever may see them.
    pub href: Option<String>,
    /// From what to what.
    pub change: String,
    /// Who did it, and when.
    pub who: String,
    /// Why.
    pub reason: String,
}

/// Who made a commit: by name where that is a person of the plan.
#[must_use]
pub fn by(told: &Told, model: &Model) -> String {
    let person = told
        .commit
        .author
        .and_then(|person| model.people().get(person));
    person.map_or_else(
        || words::sentence(&words::author(told, model)),
        |person| person.name.clone(),
    )
}

/// Who made a commit, and when: `Priya Halcyon, 8 Jul 2013, 09:00, commit 4`.
#[must_use]
pub fn who(told: &Told, model: &Model) -> String {
    let by = by(told, model);
    let at = words::instant(told.commit.recorded_at, model.calendar());
    let brought_in = if told.commit.brought_in {
        ", brought in as history"
    } else {
        ""
    };
    format!("{by}, {at}, commit {}{brought_in}", told.commit.number)
}

/// The corrections of what is shown.
#[must_use]
pub fn corrections(read: &ReadMeasure, viewer: &Viewer) -> Vec<ToldChange> {
    let shown = read.corrections.shown.iter();
    shown
        .filter_map(|correction| corrected(read, correction, viewer))
        .collect()
}

fn corrected(read: &ReadMeasure, correction: &Correction, viewer: &Viewer) -> Option<ToldChange> {
    let model = &read.selected.model;
    let after = &correction.after.observation;
    let measure = model.measures().get(after.cell.measure)?;
    let told = read.commits.get(&correction.after.commit);
    let unit = names::name(model, (Kind::Unit, after.cell.unit.as_uuid()));
    let period = words::period(&after.cell.period, model.calendar());
    let of_measure = if after.cell.measure == read.measure {
        String::new()
    } else {
        format!("{}, ", measure.name)
    };
    Some(ToldChange {
        what: format!("{of_measure}{unit}, {period}"),
        href: links::observation(&viewer.place, model, &after.cell),
        change: format!(
            "{} became {}",
            stated(&correction.before.observation, measure),
            stated(after, measure)
        ),
        who: told.map_or_else(String::new, |told| who(told, model)),
        reason: told
            .and_then(|told| told.commit.reason.clone())
            .or_else(|| after.note.clone())
            .unwrap_or_default(),
    })
}

/// An observation as it was stated: its value, and its weight where it has one.
fn stated(observation: &throughline_model::observation::Observation, measure: &Measure) -> String {
    let value = match observation.value {
        Some(_) => numbers::value(observation.value, measure),
        None => "none".to_owned(),
    };
    match observation.weight {
        Some(weight) => format!("{value} (weight {})", numbers::plain(weight)),
        None => value,
    }
}

/// How the target that is held against moved.
#[must_use]
pub fn drifts(read: &ReadMeasure, measure: &Measure) -> Vec<ToldChange> {
    let model = &read.selected.model;
    let moved = |drift: &Drift| {
        let value = |value: Option<f64>| match value {
            Some(_) => numbers::value(value, measure),
            None => "no target".to_owned(),
        };
        let unit = names::name(model, (Kind::Unit, drift.unit.as_uuid()));
        let period = words::period(&drift.period, model.calendar());
        let now = match read.selected.plan_known_at() {
            None => "today",
            Some(_) => "then",
        };
        let often = match drift.changes {
            1 => String::new(),
            many => format!(", changed {many} times"),
        };
        ToldChange {
            what: format!("{unit}, {period}"),
            href: None,
            change: format!(
                "First agreed {}, {now} {}{often}",
                value(drift.agreed),
                value(drift.today)
            ),
            who: who(&drift.changed_in, model),
            reason: drift.changed_in.commit.reason.clone().unwrap_or_default(),
        }
    };
    read.drifts.iter().map(moved).collect()
}
