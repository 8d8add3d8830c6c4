//! One evaluation: the plan and observations of a view, and what has been read so far.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::calendar::Calendar;
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::{Frequency, Period};
use throughline_model::records::{Measure, MeasureKind};
use throughline_model::{Entry, Model};

use crate::aggregate::Ways;
use crate::covered::Covered;
use crate::inputs::{Counted, Missing, Owed, PeriodInputs, gather};
use crate::memo::Memo;
use crate::reading::MeasureReading;
use crate::reporters::Reporters;
use crate::scorecard::View;

/// Formulas may read other formulas so deep; a circle, which a check refuses, ends here.
const NESTING_LIMIT: usize = 64;

/// A reading is named by its measure, unit and period; the frequency tells how a period that has two names is shown.
type ReadingKey = (MeasureId, UnitId, Period, Frequency);

/// Reads measures and nodes of one view, each at most once.
pub(crate) struct Evaluator<'v> {
    pub(crate) plan: &'v Model,
    pub(crate) view: &'v View,
    today: Date,
    order: HashMap<UnitId, usize>,
    reporters: RefCell<HashMap<MeasureId, Rc<Reporters<'v>>>>,
    readings: RefCell<HashMap<ReadingKey, Rc<MeasureReading>>>,
    pub(crate) covered: Memo<ReadingKey, Covered>,
    nesting: RefCell<usize>,
}

impl<'v> Evaluator<'v> {
    pub(crate) fn new(view: &'v View) -> Evaluator<'v> {
        let plan: &'v Model = &view.plan;
        Evaluator {
            plan,
            view,
            today: plan.calendar().date_of(view.now),
            order: plan
                .units()
                .iter()
                .enumerate()
                .map(|(position, unit)| (unit.id(), position))
                .collect(),
            reporters: RefCell::default(),
            readings: RefCell::default(),
            covered: Memo::default(),
            nesting: RefCell::new(0),
        }
    }

    pub(crate) fn calendar(&self) -> &'v Calendar {
        self.plan.calendar()
    }

    pub(crate) fn measure(&self, measure: MeasureId) -> Option<&'v Arc<Entry<Measure>>> {
        self.plan.measures().get(measure)
    }

    /// Where a unit stands in the order of the plan.
    pub(crate) fn position(&self, unit: UnitId) -> usize {
        self.order.get(&unit).copied().unwrap_or(usize::MAX)
    }

    pub(crate) fn reporters(&self, measure: &Entry<Measure>) -> Rc<Reporters<'v>> {
        if let Some(known) = self.reporters.borrow().get(&measure.id()) {
            return Rc::clone(known);
        }
        let series = self.view.observations.of_measure(measure.id());
        let reporters = Rc::new(Reporters::of(self.plan, measure, series, &self.order));
        self.reporters
            .borrow_mut()
            .insert(measure.id(), Rc::clone(&reporters));
        reporters
    }

    /// Whether a measure is read at a unit at all (SEMANTICS 1).
    pub(crate) fn is_read_at(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: &Period,
    ) -> bool {
        if let Some(formula) = &measure.formula {
            let mut named = formula
                .expression()
                .nodes()
                .filter_map(|node| node.reference())
                .filter(|of| of.unit.is_none());
            return self.nested(true, || {
                named.all(|of| {
                    self.measure(of.measure)
                        .is_none_or(|measure| self.is_read_at(measure, unit, period))
                })
            });
        }
        if measure.reported_by.is_empty() || measure.reported_by.contains(&unit) {
            return true;
        }
        let tree = self.plan.index().units_on(period.middle());
        Ways::of(measure).adds_over_units()
            && measure
                .reported_by
                .iter()
                .any(|listed| tree.ancestors(*listed).any(|above| above == unit))
    }

    /// Whether the observations of a period are due.
    pub(crate) fn is_due(&self, measure: &Measure, period: &Period) -> bool {
        let days = days_until_due(measure);
        let due = period.last.checked_add(jiff::Span::new().days(days));
        due.is_ok_and(|due| due <= self.today)
    }

    /// The latest of the measure's periods that is due; of no period one less than the index of the first.
    pub(crate) fn latest_due(&self, measure: &Measure) -> i32 {
        let days = jiff::Span::new().days(days_until_due(measure));
        let last = self.today.checked_sub(days).unwrap_or(Date::MIN);
        self.calendar().latest_ended_by(measure.frequency, last)
    }

    /// What there is of a measure in a period, at a unit and below.
    pub(crate) fn inputs(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        index: i32,
    ) -> PeriodInputs {
        let period = self.calendar().period(measure.frequency, index);
        let reporters = self.reporters(measure);
        let ways = Ways::of(measure);
        let mut found = gather(&reporters, ways, unit, period, 0);
        if !reporters.reach(unit)
            && self
                .plan
                .units()
                .get(unit)
                .is_some_and(|unit| reporters.would_owe(unit, &period))
        {
            found.missing.push(Missing {
                unit,
                owed: Owed::NobodyElse,
            });
        }
        found.counted = match (self.is_due(measure, &period), found.is_whole()) {
            (true, _) => Counted::Due,
            (false, true) => Counted::Early,
            (false, false) => Counted::NotYet,
        };
        found
    }

    /// The indexes of the measure's periods that a reading of a period looks at.
    ///
    /// In a period shorter than the measure's own that is the latest one that has ended and counts.
    pub(crate) fn indexes(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: &Period,
    ) -> RangeInclusive<i32> {
        let calendar = self.calendar();
        if !period.frequency.is_finer_than(measure.frequency) {
            return calendar.parts(period, measure.frequency);
        }
        let ended = calendar.latest_ended_by(measure.frequency, period.last);
        let earliest = *calendar.index_range(measure.frequency).start();
        if ended < earliest {
            return earliest..=earliest - 1;
        }
        // Of those that are not due only one of which something was said can count.
        let due = self.latest_due(measure);
        let early = || {
            let observed = self.reporters(measure).observed_between(
                calendar.period(measure.frequency, due).last,
                calendar.period(measure.frequency, ended).last,
            );
            let indexes = observed.into_iter().rev();
            indexes
                .map(|period| calendar.index_of(measure.frequency, period.first))
                .find(|index| self.inputs(measure, unit, *index).counts())
        };
        let latest = match (due < ended && measure.kind != MeasureKind::Formula)
            .then(early)
            .flatten()
        {
            Some(early) => early,
            None if due >= earliest => due.min(ended),
            None => ended,
        };
        latest..=latest
    }

    /// The period that is read for a period: the measure's own where that is longer.
    pub(crate) fn shown(
        &self,
        measure: &Measure,
        period: &Period,
        indexes: &RangeInclusive<i32>,
    ) -> Period {
        match (
            period.frequency.is_finer_than(measure.frequency),
            indexes.clone().next_back(),
        ) {
            (true, Some(index)) => self.calendar().period(measure.frequency, index),
            _ => *period,
        }
    }

    /// Looks a reading up, or makes and keeps it.
    pub(crate) fn remembered(
        &self,
        key: ReadingKey,
        make: impl FnOnce() -> MeasureReading,
    ) -> Rc<MeasureReading> {
        if let Some(known) = self.readings.borrow().get(&key) {
            return Rc::clone(known);
        }
        let reading = Rc::new(make());
        self.readings.borrow_mut().insert(key, Rc::clone(&reading));
        reading
    }

    /// Goes one level deeper into formulas; `otherwise` beyond the limit.
    pub(crate) fn nested<T>(&self, otherwise: T, read: impl FnOnce() -> T) -> T {
        if *self.nesting.borrow() >= NESTING_LIMIT {
            return otherwise;
        }
        *self.nesting.borrow_mut() += 1;
        let value = read();
        *self.nesting.borrow_mut() -= 1;
        value
    }
}

/// The days from the last day of a period to the one on which its observations are due.
fn days_until_due(measure: &Measure) -> i64 {
    measure.due.map_or(0, |due| i64::from(due.0)) + 1
}
