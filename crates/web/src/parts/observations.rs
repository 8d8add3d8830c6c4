//! The single observations in a number, each with who recorded it, when and why.

use askama::Template;
use throughline_app::ExplainedReading;
use throughline_app::words::derivation::counts;
use throughline_app::words::{self, names, numbers};
use throughline_core::{MeasureId, Period, UnitId};
use throughline_engine::InputLine;
use throughline_model::observation::Cell;
use throughline_model::records::Measure;
use throughline_model::{Entry, Kind};

use super::pages::{Pages, Stretch, at_row};
use super::told_changes::by;
use crate::pages::links;
use crate::viewer::Viewer;

/// How many observations a page has.
const PAGE: usize = 50;
/// Up to how many are open from the start.
const FEW: usize = 12;

/// The observations of a page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/observations.html")]
pub struct Observations {
    /// The observations.
    pub rows: Vec<ObservationRow>,
    /// Whether they are of several measures.
    pub has_measures: bool,
    /// Whether any has a weight.
    pub has_weights: bool,
    /// Whether they are open from the start.
    pub is_open: bool,
    /// How many there are.
    pub all: String,
    /// The ways to the others.
    pub pages: Pages,
    /// How many are in the number and of units that are not the viewer's to see, in words; empty where none is.
    pub hidden: String,
}

/// One observation.
#[derive(Debug, Clone)]
pub struct ObservationRow {
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// The measure, where there are several.
    pub measure: String,
    /// Its value.
    pub value: String,
    /// Its weight.
    pub weight: String,
    /// When it was recorded.
    pub at: String,
    /// Who recorded it.
    pub by: String,
    /// The commit, and the reason that was given.
    pub commit: String,
    /// Whether it was checked, and the remark that came with it.
    pub remark: String,
    /// Every value that was recorded there.
    pub href: Option<String>,
    /// Where it is corrected, for whoever may.
    pub correct: Option<String>,
}

/// An observation with what it is of.
type Line<'a> = (MeasureId, Period, &'a InputLine);

impl Observations {
    /// The observations of an explanation, from one of them on.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        explained: &ExplainedReading,
        measure: &Entry<Measure>,
        row: Option<usize>,
        may_correct: impl Fn(&Measure, UnitId) -> bool,
    ) -> Observations {
        let lines = lines(explained);
        let stretch = Stretch::of(row, PAGE, lines.len());
        let shown = stretch.rows(&lines);
        Observations {
            rows: shown
                .iter()
                .map(|line| told(viewer, explained, line, &may_correct))
                .collect(),
            has_measures: lines.iter().any(|(of, ..)| *of != measure.id()),
            has_weights: shown.iter().any(|(_, _, line)| line.weight.is_some()),
            is_open: row.is_some() || lines.len() <= FEW,
            all: words::count(lines.len() as u64, "observation"),
            pages: stretch.pages("Observations", |row| {
                format!("{}#observations", at_row(viewer, row))
            }),
            hidden: match explained.hidden.observations {
                0 => String::new(),
                many => words::count(many as u64, "observation"),
            },
        }
    }
}

/// Every observation in the number: its own and those of its parts.
fn lines(explained: &ExplainedReading) -> Vec<Line<'_>> {
    let explanation = &explained.explanation;
    let id = explanation.reading.measure;
    let counting = explanation.periods.iter().filter(|period| counts(period));
    let own = counting.flat_map(|period| {
        let inputs = period.inputs.iter();
        inputs.map(move |line| (id, period.period, line))
    });
    let parts = explanation.parts.iter().flat_map(|part| {
        let inputs = part.inputs.iter();
        inputs.map(move |(period, line)| (part.measure, *period, line))
    });
    own.chain(parts).collect()
}

fn told(
    viewer: &Viewer,
    explained: &ExplainedReading,
    (measure, period, line): &Line<'_>,
    may_correct: impl Fn(&Measure, UnitId) -> bool,
) -> ObservationRow {
    let model = &explained.selected.model;
    let commit = explained.commits.get(&line.commit);
    let reason = commit.and_then(|told| told.commit.reason.clone());
    let brought_in = commit.is_some_and(|told| told.commit.brought_in);
    let mut said = vec![format!("Commit {}", line.commit)];
    said.extend(brought_in.then(|| "brought in as history".to_owned()));
    let state = line.state.map(|state| words::sentence(state.word()));
    let cell = Cell {
        measure: *measure,
        unit: line.unit,
        period: *period,
    };
    let measure = model.measures().get(*measure);
    ObservationRow {
        unit: names::name(model, (Kind::Unit, line.unit.as_uuid())),
        period: words::period(period, model.calendar()),
        measure: measure.map_or_else(String::new, |measure| measure.name.clone()),
        value: measure.map_or_else(
            || numbers::plain(line.value),
            |measure| numbers::value(Some(line.value), measure),
        ),
        weight: line.weight.map(numbers::plain).unwrap_or_default(),
        at: words::instant(line.recorded_at, model.calendar()),
        by: commit.map_or_else(String::new, |told| by(told, model)),
        commit: match reason {
            Some(reason) => format!("{}: {reason}", said.join(", ")),
            None => said.join(", "),
        },
        remark: state
            .into_iter()
            .chain(line.note.clone())
            .collect::<Vec<_>>()
            .join(": "),
        href: links::observation(&viewer.place, model, &cell),
        correct: measure
            .filter(|measure| may_correct(measure, cell.unit))
            .and_then(|_| links::correction(&viewer.place, model, &cell)),
    }
}
