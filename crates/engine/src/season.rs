//! How a path follows the season (SEMANTICS 4): the mean deviation of each part of the year from its year's mean.

use std::collections::BTreeMap;
use std::rc::Rc;

use throughline_core::calendar::Calendar;
use throughline_core::id::UnitId;
use throughline_core::period::{Frequency, Period};
use throughline_model::Entry;
use throughline_model::records::Measure;

use crate::compare::sum;
use crate::evaluator::Evaluator;

/// A season is known from so many earlier years.
const YEARS_NEEDED: usize = 2;

/// No more years than this are looked at.
const YEARS_LOOKED_AT: usize = 10;

/// The mean deviation of each part of the year.
#[derive(Clone, Debug)]
pub(crate) struct Season {
    /// By the position of the period in its year, from 0.
    deviations: BTreeMap<i32, f64>,
    calendar: Calendar,
    frequency: Frequency,
}

/// The frequency of the years to which periods of a frequency belong.
fn year_of(frequency: Frequency) -> Frequency {
    if frequency.is_fiscal() {
        Frequency::FiscalYear
    } else {
        Frequency::Year
    }
}

/// The year to which a period belongs, and its position in it.
fn place(calendar: &Calendar, frequency: Frequency, index: i32) -> (Period, i32) {
    let year = calendar.containing(
        year_of(frequency),
        calendar.period(frequency, index).middle(),
    );
    (year, index - calendar.parts(&year, frequency).start())
}

impl Season {
    /// The deviation in a period. A 53rd week has that of the 52nd where no earlier year had one.
    pub(crate) fn deviation(&self, index: i32) -> f64 {
        let (_, position) = place(&self.calendar, self.frequency, index);
        self.deviations
            .range(..=position)
            .next_back()
            .map_or(0.0, |(_, deviation)| *deviation)
    }
}

impl Evaluator<'_> {
    /// The season of a measure before the year of a reading: the unit's own, or else its parent's.
    pub(crate) fn season(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        index: i32,
    ) -> Option<Rc<Season>> {
        self.season_of(measure, unit, index).or_else(|| {
            let middle = self.calendar().period(measure.frequency, index).middle();
            let parent = self.plan.index().units_on(middle).parent(unit)?;
            self.season_of(measure, parent, index)
        })
    }

    /// The season at one unit: the same for all periods of a year, so that it is worked out once for each.
    fn season_of(&self, measure: &Entry<Measure>, unit: UnitId, index: i32) -> Option<Rc<Season>> {
        let (year, _) = place(self.calendar(), measure.frequency, index);
        self.seasons.remembered((measure.id(), unit, year), || {
            self.season_before(measure, unit, year).map(Rc::new)
        })
    }

    fn season_before(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        year: Period,
    ) -> Option<Season> {
        let calendar = self.calendar();
        let this_year = calendar.index(&year);
        let mut found: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
        let mut years = 0;
        for earlier in (this_year - YEARS_LOOKED_AT as i32..this_year).rev() {
            let year = calendar.period(year.frequency, earlier);
            let parts = calendar.parts(&year, measure.frequency);
            let value = |part: i32| {
                self.value(
                    measure,
                    unit,
                    part..=part,
                    &calendar.period(measure.frequency, part),
                )
                .value
            };
            let values: Option<Vec<f64>> = parts.map(value).collect();
            let Some(values) = values.filter(|values| !values.is_empty()) else {
                continue;
            };
            let mean = sum(values.iter().copied()) / values.len() as f64;
            for (position, value) in values.iter().enumerate() {
                found.entry(position as i32).or_default().push(value - mean);
            }
            years += 1;
        }
        (years >= YEARS_NEEDED).then(|| Season {
            deviations: found
                .into_iter()
                .map(|(position, all)| (position, sum(all.iter().copied()) / all.len() as f64))
                .collect(),
            calendar: calendar.clone(),
            frequency: measure.frequency,
        })
    }
}
