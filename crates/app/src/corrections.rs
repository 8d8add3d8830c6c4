//! What was recorded again: values of cells that were replaced by others, with who did it, when and why.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use throughline_core::{MeasureId, UnitId};
use throughline_engine::Observations;
use throughline_ledger::Ledger;
use throughline_model::Model;
use throughline_model::observation::{Cell, CommitNumber, Recorded};

use crate::explain::no_measure;
use crate::history::Told;
use crate::latest_period::units_at_or_below;
use crate::policy::ReadReadings;
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// The corrections of a measure at a unit and below it.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    /// A stretch of them, the latest first.
    pub shown: Vec<Correction>,
    /// How many there are.
    pub all: usize,
}

/// A value that was replaced by another.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The value before.
    pub before: Recorded,
    /// The value after, with the commit that recorded it.
    pub after: Recorded,
}

/// A stretch of the corrections of a measure, and what they were read from.
pub struct ReadCorrections {
    /// What was meant.
    pub selected: Selected,
    /// The corrections.
    pub corrections: Corrections,
    /// The commits that made those of the stretch.
    pub commits: BTreeMap<CommitNumber, Told>,
}

/// Reads a stretch of the corrections of a measure, or of what its formula is made of, at a unit and below it, wherever the
/// actor may read.
///
/// # Errors
/// If there is no such measure, unit or instant, or no ledger.
pub async fn corrections(
    ctx: &Ctx,
    measure: &str,
    asked: &Selection,
    stretch: Range<usize>,
) -> Result<ReadCorrections, AppError> {
    let (selected, ledger) = select(ctx, asked).await?;
    let found = selected.model.measures().by_key(measure);
    let id = found
        .ok_or_else(|| no_measure(&selected.model, measure))?
        .id();
    let corrections = Corrections::of(ctx, &selected, id, stretch).await?;
    Ok(ReadCorrections {
        commits: corrections.told(ctx, &ledger).await?,
        corrections,
        selected,
    })
}

impl Corrections {
    /// The corrections of a measure, or of what its formula is made of, at what is meant and below it, as far as the
    /// actor may see them.
    pub(crate) async fn of(
        ctx: &Ctx,
        selected: &Selected,
        measure: MeasureId,
        stretch: Range<usize>,
    ) -> Result<Corrections, AppError> {
        let (model, observations) = (&selected.model, &selected.observations);
        let units = units_at_or_below(model, selected.unit);
        let mut found: Vec<Correction> = made_of(model, measure)
            .into_iter()
            .flat_map(|measure| corrected(observations, measure, &units))
            .collect();
        let may_read = ctx.allows_at::<ReadReadings>().await?;
        found.retain(|one| may_read(one.after.observation.cell.unit));
        found.sort_by_key(|one| std::cmp::Reverse((one.after.at, one.after.observation.cell)));
        let all = found.len();
        let shown = found.into_iter().skip(stretch.start).take(stretch.len());
        Ok(Corrections {
            shown: shown.collect(),
            all,
        })
    }

    /// The commits that recorded what is shown.
    pub(crate) async fn told(
        &self,
        ctx: &Ctx,
        ledger: &Ledger,
    ) -> Result<BTreeMap<CommitNumber, Told>, AppError> {
        let numbers = self.shown.iter().map(|one| one.after.commit).collect();
        ctx.told(ledger, &numbers).await
    }
}

/// The measure, and the measures that its formula is made of.
fn made_of(model: &Model, measure: MeasureId) -> Vec<MeasureId> {
    let mut measures = vec![measure];
    let mut next = 0;
    while let Some(current) = measures.get(next).copied() {
        next += 1;
        let formula = model
            .measures()
            .get(current)
            .and_then(|measure| measure.formula.as_ref());
        for part in formula.iter().flat_map(|formula| formula.measures()) {
            if !measures.contains(&part) {
                measures.push(part);
            }
        }
    }
    measures
}

/// The corrections of one measure at some units. A value that was only confirmed is none.
fn corrected(
    observations: &Observations,
    measure: MeasureId,
    units: &HashSet<UnitId>,
) -> Vec<Correction> {
    let mut rows: HashMap<Cell, BTreeMap<usize, &Recorded>> = HashMap::new();
    for row in observations.superseded(measure) {
        let Some(recorded) = observations.recorded(*row) else {
            continue;
        };
        let cell = recorded.observation.cell;
        if units.contains(&cell.unit) {
            rows.entry(cell).or_default().insert(*row, recorded);
        }
    }
    let mut found = Vec::new();
    for (cell, mut of_cell) in rows {
        let series = observations.series(measure, cell.unit);
        let current = series.and_then(|series| series.at(&cell.period));
        if let Some((row, recorded)) =
            current.and_then(|point| Some((point.row, observations.recorded(point.row)?)))
        {
            of_cell.insert(row, recorded);
        }
        let recorded: Vec<&Recorded> = of_cell.into_values().collect();
        let pairs = recorded.windows(2).filter_map(|pair| match pair {
            [before, after] => says_another(before, after).then(|| Correction {
                before: (*before).clone(),
                after: (*after).clone(),
            }),
            _ => None,
        });
        found.extend(pairs);
    }
    found
}

fn says_another(before: &Recorded, after: &Recorded) -> bool {
    before.observation.value != after.observation.value
        || before.observation.weight != after.observation.weight
}
