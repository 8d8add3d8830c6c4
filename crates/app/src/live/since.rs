//! What became known after a snapshot, as far as what was computed from it may rest on it: which observations, and what of the
//! plan. Of a plan that changed in what is evaluated nothing is carried over.

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::hash::Set;
use throughline_core::{MeasureId, UnitId};
use throughline_engine::Observations;
use throughline_ledger::PlanClock;
use throughline_model::observation::{ObservationState, Recorded};
use throughline_model::{Kind, Model};

/// Records that no evaluation reads: a note is read by trends, and a grade by the evidence of its map, alone.
const NOT_EVALUATED: [Kind; 9] = [
    Kind::Body,
    Kind::Review,
    Kind::Decision,
    Kind::Action,
    Kind::Cause,
    Kind::Lesson,
    Kind::Note,
    Kind::Remark,
    Kind::Grade,
];

/// Some units and all that were ever above them.
fn with_above(model: &Model, mut units: Set<UnitId>) -> Set<UnitId> {
    for (_, tree) in model.index().eras() {
        let above = units.iter().flat_map(|unit| tree.ancestors(*unit));
        let above: Vec<UnitId> = above.collect();
        units.extend(above);
    }
    units
}

/// What became known after a snapshot whose plan still holds, as far as it is evaluated.
pub(crate) struct Since {
    /// The last instant of that snapshot: what was known then does not change.
    until: Timestamp,
    /// The measures that were observed.
    pub(super) observed: Set<MeasureId>,
    /// These, and the formulas that need one of them.
    pub(super) concerned: Set<MeasureId>,
    /// Those of them that are formulas, which may read a measure at another unit.
    formulas: Set<MeasureId>,
    /// The units at or below which something was observed.
    places: Set<UnitId>,
    /// The units at or below which there is a value where there was none, or none where there was one.
    pub(super) filled: Set<UnitId>,
    /// The first day of the earliest period of which something was observed; the first day of all where somebody reported
    /// for the first time or took back what they said, since who owes what is another matter then, however late it was.
    earliest: Date,
    plan: PlanSince,
}

/// What changed in a plan that is evaluated as it was.
#[derive(Default)]
struct PlanSince {
    is_changed: bool,
    /// Where notes came or went, or were changed.
    noted: Set<(MeasureId, UnitId)>,
    is_graded: bool,
}

impl PlanSince {
    /// What a later plan has that an earlier one had not, or no longer; none where that is evaluated.
    fn of(earlier: &Model, later: &Model) -> Option<PlanSince> {
        let changed = earlier.kinds_changed_in(later);
        let is_evaluated = |kind: &Kind| !NOT_EVALUATED.contains(kind);
        if changed.iter().any(is_evaluated) {
            return None;
        }
        let mut plan = PlanSince {
            is_changed: !changed.is_empty(),
            noted: Set::default(),
            is_graded: changed.contains(&Kind::Grade),
        };
        if changed.contains(&Kind::Note) {
            for (one, other) in [(earlier, later), (later, earlier)] {
                let notes = one.notes().iter();
                let differ = notes.filter(|note| other.notes().get(note.id()) != Some(note));
                plan.noted
                    .extend(differ.map(|note| (note.measure, note.unit)));
            }
        }
        Some(plan)
    }
}

impl Since {
    /// What some observations and a later plan change, after those of a snapshot until an instant; none where the plan is
    /// evaluated otherwise.
    pub(super) fn of(
        (earlier, model): (&Model, &Model),
        (before, until): (&Observations, Timestamp),
        recorded: &[Recorded],
    ) -> Option<Since> {
        let plan = PlanSince::of(earlier, model)?;
        let mut observed = Set::default();
        let mut filled: Set<UnitId> = Set::default();
        let mut places: Set<UnitId> = Set::default();
        let mut earliest = Date::MAX;
        // What is not published changes nothing.
        let published = recorded.iter().filter(|one| !one.observation.is_held());
        for recorded in published {
            let (cell, value) = (recorded.observation.cell, recorded.observation.value);
            observed.insert(cell.measure);
            places.insert(cell.unit);
            let series = before.series(cell.measure, cell.unit);
            let point = series.and_then(|series| series.at(&cell.period));
            let had_value = point.is_some_and(|point| point.value.is_some());
            let is_withdrawn = recorded.observation.state == Some(ObservationState::Withdrawn);
            if point.is_none() || is_withdrawn || had_value != value.is_some() {
                filled.insert(cell.unit);
            }
            let since = match series.is_none() || is_withdrawn {
                true => Date::MIN,
                false => cell.period.first,
            };
            earliest = earliest.min(since);
        }
        let concerned = model.index().with_formulas_of(observed.iter().copied());
        let is_formula = |id: &MeasureId| {
            let measure = model.measures().get(*id);
            measure.is_none_or(|measure| measure.formula.is_some())
        };
        Some(Since {
            until,
            formulas: concerned.iter().copied().filter(is_formula).collect(),
            concerned,
            observed,
            places: with_above(model, places),
            filled: with_above(model, filled),
            earliest,
            plan,
        })
    }

    /// Whether the values of a measure at a unit, in periods up to a day, are what they were, by the plan of today. A formula
    /// also reads other units, and days after the last: a week belongs to a month and may end after it.
    pub(crate) fn leaves(&self, (measure, unit): (MeasureId, UnitId), until: Date) -> bool {
        let is_formula = self.formulas.contains(&measure);
        let is_elsewhere = until < self.earliest || !self.places.contains(&unit);
        !self.concerned.contains(&measure) || !is_formula && is_elsewhere
    }

    /// Whether anything was observed that is published.
    pub(crate) fn is_observed(&self) -> bool {
        !self.observed.is_empty()
    }

    /// Whether grades were kept.
    pub(crate) fn is_graded(&self) -> bool {
        self.plan.is_graded
    }

    /// Whether notes changed, anywhere or on the chart of a measure at a unit.
    pub(super) fn is_noted(&self, at: Option<(MeasureId, UnitId)>) -> bool {
        match at {
            None => !self.plan.noted.is_empty(),
            Some(at) => self.plan.noted.contains(&at),
        }
    }

    /// Whether the plan of an instant is what it was; none is the newest.
    pub(super) fn keeps_plan(&self, at: Option<Timestamp>) -> bool {
        !self.plan.is_changed || at.is_some_and(|at| self.is_past(at))
    }

    /// Whether the plan of a clock is what it was.
    pub(super) fn keeps_plan_of(&self, clock: &PlanClock) -> bool {
        match clock {
            PlanClock::Newest => self.keeps_plan(None),
            PlanClock::KnownAt(at) => self.keeps_plan(Some(*at)),
            PlanClock::Commit(_) => true,
            PlanClock::Draft(_) => false,
        }
    }

    /// Whether what was read by two clocks, of what is known and of the plan, is what it was: what was known at an instant
    /// that has passed, and of what is newest that which does not rest on what became known, by the plan of today.
    pub(crate) fn keeps(
        &self,
        known_at: Option<Timestamp>,
        plan_at: Option<Timestamp>,
        is_concerned: bool,
    ) -> bool {
        match known_at {
            Some(at) => self.is_past(at) && (plan_at.is_none() || self.keeps_plan(plan_at)),
            None => plan_at.is_none() && !is_concerned,
        }
    }

    pub(super) fn is_past(&self, at: Timestamp) -> bool {
        at <= self.until
    }
}
