//! What became known after a snapshot, as far as what was computed from it may rest on it: which observations, and what of the
//! plan. Of a plan that changed in what is evaluated nothing is carried over.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use throughline_core::hash::{Map, Set};
use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::Observations;
use throughline_ledger::PlanClock;
use throughline_model::formula::Expression;
use throughline_model::observation::{ObservationState, Recorded};
use throughline_model::{Kind, Model};

use crate::trend::first_day;

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

/// So long after the end of a period a formula may read, for each formula that it needs: a week that belongs to a month may end
/// after it.
const OVERHANG_DAYS: i64 = 7;

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
    /// Those of them that are formulas, each with the day from which on a period has to end to read any of it.
    formulas: Map<MeasureId, Date>,
    /// The formulas of them that are read at a unit and read others than those at and below it, or what is judged there.
    elsewhere: Set<MeasureId>,
    /// The units at or below which something was observed.
    places: Set<UnitId>,
    /// These and those whose targets follow the season of one of them.
    judged: Set<UnitId>,
    /// The units at or below which there is a value where there was none, or none where there was one.
    pub(super) filled: Set<UnitId>,
    /// The first day of the earliest period of which something was observed; the first day of all where somebody reported
    /// for the first time or took back what they said, since who owes what is another matter then, however late it was.
    earliest: Date,
    calendar: Calendar,
    plan: PlanSince,
}

/// Those of some measures that are formulas. One that the plan does not have may have been one.
fn formulas_of(model: &Model, of: &Set<MeasureId>) -> impl Iterator<Item = MeasureId> {
    of.iter().copied().filter(|id| {
        let measure = model.measures().get(*id);
        measure.is_none_or(|measure| measure.formula.is_some())
    })
}

/// The day from which on a period has to end for a formula to read a day in it.
fn begins_to_read(model: &Model, formula: MeasureId, day: Date) -> Date {
    let depth = model.index().formula_depth(formula);
    let overhang = i64::try_from(depth).ok().and_then(|depth| {
        let days = depth.checked_mul(OVERHANG_DAYS)?;
        Span::new().try_days(days).ok()
    });
    let begins = overhang.and_then(|overhang| day.checked_sub(overhang).ok());
    begins.unwrap_or(Date::MIN)
}

/// The formulas of some that read, by themselves or by formulas that they need, another unit than those at and below the one
/// where they are asked for, or what a measure is judged by, which may follow the season of another one.
fn reading_elsewhere(model: &Model, concerned: &Set<MeasureId>) -> Set<MeasureId> {
    let reads_elsewhere = |node: &Expression| match node {
        Expression::Target(_) | Expression::Score(_) => true,
        node => node.reference().is_some_and(|of| of.unit.is_some()),
    };
    let by_themselves = formulas_of(model, concerned).filter(|id| {
        let measure = model.measures().get(*id);
        let formula = measure.and_then(|measure| measure.formula.as_ref());
        formula.is_none_or(|formula| formula.expression().nodes().any(reads_elsewhere))
    });
    let mut all = model.index().with_formulas_of(by_themselves);
    all.retain(|id| concerned.contains(id));
    all
}

/// Some units, and those right below them where a target of a measure follows the season: that of a unit which has none of its
/// own is that of the unit above.
fn with_seasons_of(model: &Model, of: &Set<MeasureId>, units: &Set<UnitId>) -> Set<UnitId> {
    let mut all = units.clone();
    let mut targets = model.targets().iter();
    if targets.any(|target| target.seasonal && of.contains(&target.measure)) {
        for (_, tree) in model.index().eras() {
            all.extend(units.iter().flat_map(|unit| tree.children(*unit)));
        }
    }
    all
}

/// What changed in a plan that is evaluated as it was.
#[derive(Default)]
struct PlanSince {
    /// Whether any record was written, also where all are what they were again.
    is_written: bool,
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
            is_written: !std::ptr::eq(earlier, later),
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
        let formulas = formulas_of(model, &concerned);
        let formulas = formulas.map(|id| (id, begins_to_read(model, id, earliest)));
        let places = with_above(model, places);
        Some(Since {
            until,
            formulas: formulas.collect(),
            elsewhere: reading_elsewhere(model, &concerned),
            judged: with_seasons_of(model, &concerned, &places),
            concerned,
            observed,
            places,
            filled: with_above(model, filled),
            earliest,
            calendar: model.calendar().clone(),
            plan,
        })
    }

    /// From which day on a period has to end for the value of a measure at a unit to be another one than it was, by the plan of
    /// today; none where all are what they were.
    pub(crate) fn moves_from(&self, (measure, unit): (MeasureId, UnitId)) -> Option<Date> {
        let is_there = self.places.contains(&unit) || self.elsewhere.contains(&measure);
        let is_concerned = is_there && self.concerned.contains(&measure);
        is_concerned.then(|| self.begins(measure))
    }

    /// From which day on a period of a measure that is concerned has to end to be.
    fn begins(&self, measure: MeasureId) -> Date {
        let of_formula = self.formulas.get(&measure).copied();
        of_formula.unwrap_or(self.earliest)
    }

    /// How many of the values of a measure at a unit are what they were, of periods of a length from the one on that holds a
    /// day; none where all are.
    pub(crate) fn leaves(
        &self,
        of: (MeasureId, UnitId),
        (frequency, first): (Frequency, Date),
    ) -> Option<usize> {
        let from = self.moves_from(of)?;
        let Ok(before) = from.yesterday() else {
            return Some(0);
        };
        let ended = self.calendar.latest_ended_by(frequency, before);
        let first = self.calendar.index_of(frequency, first);
        Some(usize::try_from(i64::from(ended) + 1 - i64::from(first)).unwrap_or(0))
    }

    /// The first day of the periods of trends of a length, up to what is shown.
    pub(super) fn first_day_of_trends(&self, frequency: Frequency, shown: &Period) -> Date {
        first_day(&self.calendar, frequency, shown)
    }

    /// Whether the reading of a measure at a unit may be another one than it was, with all that it is judged by.
    pub(super) fn rejudges(&self, measure: MeasureId, unit: UnitId) -> bool {
        let is_there = self.judged.contains(&unit) || self.elsewhere.contains(&measure);
        is_there && self.concerned.contains(&measure)
    }

    /// From which day on a period has to end for that.
    pub(super) fn rejudges_from(&self, measure: MeasureId, unit: UnitId) -> Option<Date> {
        self.rejudges(measure, unit).then(|| self.begins(measure))
    }

    /// Whether the reading of any measure at a unit may be another one.
    pub(super) fn rejudges_at(&self, unit: UnitId) -> bool {
        let is_there = self.judged.contains(&unit) || !self.elsewhere.is_empty();
        is_there && self.is_observed()
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

    /// Whether no record has a version that it had not: the ledger hands on the same plan as long as none is written.
    pub(super) fn keeps_versions(&self) -> bool {
        !self.plan.is_written
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
