//! One evaluation: the plan and observations of a view, and what has been read so far.

use std::cell::OnceCell;
use std::ops::RangeInclusive;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::calendar::Calendar;
use throughline_core::hash::{Map, Set};
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
use crate::season::Season;
use crate::value::Value;

/// A reading is named by its measure, unit and period; the frequency tells how a period that has two names is shown.
pub(crate) type ReadingKey = (MeasureId, UnitId, Period, Frequency);

/// Reads measures and nodes of one view, each at most once.
pub(crate) struct Evaluator<'v> {
    pub(crate) plan: &'v Model,
    pub(crate) view: &'v View,
    today: Date,
    order: OnceCell<Map<UnitId, usize>>,
    reporters: Memo<MeasureId, Rc<Reporters<'v>>>,
    readings: Memo<ReadingKey, Arc<MeasureReading>>,
    pub(crate) covered: Memo<ReadingKey, Covered>,
    pub(crate) formulas: Memo<ReadingKey, Value>,
    /// Single periods of formulas that are evaluated period by period: spans that overlap share them.
    pub(crate) formula_periods: Memo<ReadingKey, Value>,
    pub(crate) lowest: Memo<ReadingKey, Rc<[UnitId]>>,
    pub(crate) seasons: Memo<(MeasureId, UnitId, Period), Option<Rc<Season>>>,
    /// By unit and the first day of a tree: the unit and what is below it.
    below: Memo<(UnitId, Date), Rc<Set<UnitId>>>,
    is_read: Memo<(MeasureId, UnitId, Period), bool>,
    is_reported: Memo<(MeasureId, UnitId), bool>,
}

impl<'v> Evaluator<'v> {
    pub(crate) fn new(view: &'v View) -> Evaluator<'v> {
        let plan: &'v Model = &view.plan;
        Evaluator {
            plan,
            view,
            today: plan.calendar().date_of(view.now),
            order: OnceCell::new(),
            reporters: Memo::default(),
            readings: Memo::default(),
            covered: Memo::default(),
            formulas: Memo::default(),
            formula_periods: Memo::default(),
            lowest: Memo::default(),
            seasons: Memo::default(),
            below: Memo::default(),
            is_read: Memo::default(),
            is_reported: Memo::default(),
        }
    }

    /// The day that it is where the organisation is.
    pub(crate) fn today(&self) -> Date {
        self.today
    }

    pub(crate) fn calendar(&self) -> &'v Calendar {
        self.plan.calendar()
    }

    pub(crate) fn measure(&self, measure: MeasureId) -> Option<&'v Arc<Entry<Measure>>> {
        self.plan.measures().get(measure)
    }

    /// Where a unit stands in the order of the plan.
    pub(crate) fn position(&self, unit: UnitId) -> usize {
        let order = self.order.get_or_init(|| {
            let units = self.plan.units().iter().map(|unit| unit.id());
            units.zip(0..).collect()
        });
        order.get(&unit).copied().unwrap_or(usize::MAX)
    }

    pub(crate) fn reporters(&self, measure: &Entry<Measure>) -> Rc<Reporters<'v>> {
        self.reporters.remembered(measure.id(), || {
            let series = self.view.observations.of_measure(measure.id());
            Rc::new(Reporters::of(self.plan, self.measure(measure.id()), series))
        })
    }

    /// Whether a formula needs more others than are read, or itself, or looks back over too many periods: a check refuses
    /// such, and here it has no value.
    pub(crate) fn is_too_deep(&self, measure: &Entry<Measure>) -> bool {
        self.plan.index().is_too_deep(measure.id())
    }

    /// Whether a measure is read at a unit at all (SEMANTICS 1).
    pub(crate) fn is_read_at(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: &Period,
    ) -> bool {
        let Some(formula) = &measure.formula else {
            if measure.reported_by.is_empty() {
                return true;
            }
            let (since, tree) = self.plan.index().era_of(period.middle());
            let below = self.below.remembered((unit, since), || {
                Rc::new(tree.with_descendants(unit).into_iter().collect())
            });
            return measure.is_observed_among(unit, &below);
        };
        self.is_read.remembered((measure.id(), unit, *period), || {
            let mut named = formula
                .expression()
                .nodes()
                .filter_map(|node| node.reference())
                .filter(|of| of.unit.is_none());
            self.is_too_deep(measure)
                || named.all(|of| {
                    self.measure(of.measure)
                        .is_none_or(|measure| self.is_read_at(measure, unit, period))
                })
        })
    }

    /// The measures that are read at a unit, in the order of the plan. They are found from what the units there report, so
    /// that a small unit costs what is read there, and not what the whole plan has.
    pub(crate) fn read_at(&self, unit: UnitId, period: &Period) -> Vec<&'v Arc<Entry<Measure>>> {
        let index = self.plan.index();
        let units = index.units_on(period.middle()).with_descendants(unit);
        let measures = self.plan.measures().iter().as_slice();
        let candidates = index.reported_among(units).into_iter();
        candidates
            .filter_map(|place| measures.get(place))
            .filter(|measure| self.is_read_at(measure, unit, period))
            .collect()
    }

    /// Whether a measure, or of a formula one of its measures, was ever reported at or below a unit, or is to be.
    pub(crate) fn is_reported_below(&self, measure: &Entry<Measure>, unit: UnitId) -> bool {
        self.is_reported.remembered((measure.id(), unit), || {
            let Some(formula) = &measure.formula else {
                return self.reporters(measure).reach(unit);
            };
            let mut named = formula.measures().filter_map(|id| self.measure(id));
            !self.is_too_deep(measure) && named.any(|named| self.is_reported_below(named, unit))
        })
    }

    /// Whether the observations of a period are due.
    pub(crate) fn is_due(&self, measure: &Measure, period: &Period) -> bool {
        let due = period.last.checked_add(days_until_late(measure));
        due.is_ok_and(|due| due <= self.today)
    }

    /// The latest of the measure's periods that is due; of no period one less than the index of the first.
    pub(crate) fn latest_due(&self, measure: &Measure) -> i32 {
        let last = self.today.checked_sub(days_until_late(measure));
        let last = last.unwrap_or(Date::MIN);
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
    ) -> Arc<MeasureReading> {
        self.readings.remembered(key, || Arc::new(make()))
    }
}

/// The days from the last day of a period to the first on which its observations are late.
pub(crate) fn days_until_late(measure: &Measure) -> jiff::Span {
    jiff::Span::new().days(measure.due.map_or(0, |due| i64::from(due.0)) + 1)
}
