//! Figures that are recorded and of which a workbook says something else. Its author may have changed them since, or somebody may
//! have corrected them here, which the workbook does not know: they stay unless somebody says that the workbook is right.

use std::collections::BTreeSet;

use throughline_engine::{Observations, Point};
use throughline_ledger::Ledger;
use throughline_model::Model;
use throughline_model::observation::{Cell, Observation, Recorded};
use throughline_model::text::observations::ObservationRow;
use throughline_workbook::DraftValue;

use crate::history::Told;
use crate::words::{self, numbers};
use crate::{AppError, Ctx};

/// How many of them are told with who recorded them.
pub const DIFFERING_TOLD_MAX: usize = 200;

/// Why a cell is left out of which something else is recorded.
pub(super) const STAYS: &str = "another figure is recorded, which stays as it is";

/// A figure that is recorded, and what a workbook says of it.
#[derive(Debug, Clone)]
pub struct Differing {
    /// What the workbook says, by keys.
    pub says: DraftValue,
    /// The name of the measure.
    pub measure: String,
    /// The name of the unit.
    pub unit: String,
    /// The period in words.
    pub period: String,
    /// What is recorded, with its unit; that one waits for its owner, where that is nobody else's to see.
    pub recorded: String,
    /// What the workbook says, with its unit.
    pub becomes: String,
    /// Who recorded it, and when; empty past the first [`DIFFERING_TOLD_MAX`].
    pub by: String,
    /// The line of the table of observations.
    line: usize,
}

/// How rows compare with what is recorded.
#[derive(Default)]
pub(super) struct Compared {
    /// The figures of which they say something else, in their order.
    pub differing: Vec<Differing>,
    /// The lines that say what is recorded.
    pub same: BTreeSet<usize>,
}

/// Compares rows with what is recorded. One that says the same takes the comment and the state of what is recorded, so that
/// nothing changes by it.
pub(super) async fn compared(
    ctx: &Ctx,
    (ledger, known): &(&Ledger, Observations),
    (values, rows): (&[DraftValue], &mut [ObservationRow]),
    model: &Model,
) -> Result<Compared, AppError> {
    let mut found = Vec::new();
    let mut same = BTreeSet::new();
    let mut commits = BTreeSet::new();
    for row in rows {
        let observation = &mut row.observation;
        let Some(stands) = Stands::of(known, &observation.cell) else {
            continue;
        };
        stands.keep_weight(observation);
        if stands.says_the_same(observation) {
            stands.keep(known, observation);
            same.insert(row.line);
            continue;
        }
        // The table has a heading and then a line for each value.
        let says = row.line.checked_sub(2).and_then(|at| values.get(at));
        let Some(one) = says.and_then(|says| stands.differing(known, model, says, row)) else {
            continue;
        };
        if found.len() < DIFFERING_TOLD_MAX {
            commits.extend(stands.recorded(known).map(|recorded| recorded.commit));
        }
        found.push((one, stands));
    }
    let told = ctx.told(ledger, &commits).await?;
    let tell = |(mut one, stands): (Differing, Stands<'_>)| {
        let commit = stands.recorded(known).map(|recorded| recorded.commit);
        let told = commit.and_then(|commit| told.get(&commit));
        one.by = told.map_or_else(String::new, |told| who(told, model));
        one
    };
    let differing = found.into_iter().map(tell).collect();
    Ok(Compared { differing, same })
}

/// What stands in a cell.
#[derive(Clone, Copy)]
enum Stands<'a> {
    /// A figure waits for its owner.
    Waits,
    /// A figure that is published.
    Published(&'a Point),
}

impl<'a> Stands<'a> {
    fn of(known: &'a Observations, cell: &Cell) -> Option<Stands<'a>> {
        if known.held().contains_key(cell) {
            return Some(Stands::Waits);
        }
        // That there is none keeps no figure out.
        let series = known.series(cell.measure, cell.unit)?;
        let point = series.at(&cell.period);
        point
            .filter(|point| point.value.is_some())
            .map(Stands::Published)
    }

    fn says_the_same(self, observation: &Observation) -> bool {
        matches!(self, Stands::Published(point)
            if (point.value, point.weight) == (observation.value, observation.weight))
    }

    /// Gives an observation the weight of the figure that stands: a workbook says none.
    fn keep_weight(self, observation: &mut Observation) {
        if let Stands::Published(point) = self {
            observation.weight = observation.weight.or(point.weight);
        }
    }

    fn recorded(self, known: &Observations) -> Option<&Recorded> {
        match self {
            Stands::Waits => None,
            Stands::Published(point) => known.recorded(point.row),
        }
    }

    /// Gives an observation what was said of the figure that stands.
    fn keep(self, known: &Observations, observation: &mut Observation) {
        if let Some(recorded) = self.recorded(known) {
            observation.note.clone_from(&recorded.observation.note);
            observation.state = recorded.observation.state;
        }
    }

    fn differing(
        self,
        known: &Observations,
        model: &Model,
        says: &DraftValue,
        row: &ObservationRow,
    ) -> Option<Differing> {
        let cell = &row.observation.cell;
        let measure = model.measures().get(cell.measure)?;
        let recorded = self.recorded(known);
        Some(Differing {
            says: says.clone(),
            measure: measure.name.clone(),
            unit: model.units().get(cell.unit)?.name.clone(),
            period: words::period(&cell.period, model.calendar()),
            recorded: match self {
                Stands::Waits => "one that waits for its owner".to_owned(),
                Stands::Published(_) => {
                    let value = recorded.and_then(|one| one.observation.value);
                    numbers::exact(value, measure)
                }
            },
            becomes: numbers::exact(row.observation.value, measure),
            by: String::new(),
            line: row.line,
        })
    }
}

impl Differing {
    /// The line of the table of observations that says it.
    pub(super) const fn line(&self) -> usize {
        self.line
    }
}

/// `Tom Hale, 12 Nov 2026`
fn who(told: &Told, model: &Model) -> String {
    let commit = &told.commit;
    let person = commit.author.and_then(|person| model.people().get(person));
    let by = person.map_or_else(
        || words::sentence(&words::author(told, model)),
        |person| person.name.clone(),
    );
    let day = model.calendar().date_of(commit.recorded_at);
    format!("{by}, {}", words::date(day))
}
