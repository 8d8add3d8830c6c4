//! What a planning year adds up to: what there is of it so far and what is to come, against the target of the year.

use throughline_core::{Frequency, Period, UnitId};
use throughline_engine::View;
use throughline_insight::forecast::{Calibration, Forecast};
use throughline_model::Entry;
use throughline_model::records::Measure;

use super::aim;
use super::outlook::Aimed;

/// The sum of a planning year and its target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfYear {
    /// The year.
    pub year: Period,
    /// What there is of it so far.
    pub so_far: f64,
    /// What it adds up to if things go on as they do.
    pub expected: f64,
    /// Its target, and how likely the sum meets it.
    pub aimed: Aimed,
}

impl OfYear {
    /// The sum of the year with whose end a forecast ends; nothing where it ends elsewhere, values are not summed over time,
    /// something of the year is missing so far, or it has no target. `last` is the index of the newest of the values.
    pub(super) fn of(
        view: &View,
        (record, unit): (&Entry<Measure>, UnitId),
        (values, frequency, last): (&[Option<f64>], Frequency, i32),
        (forecast, steps, calibration): (&Forecast, usize, &Calibration),
    ) -> Option<OfYear> {
        if !record.is_summed_over_time() || !frequency.is_finer_than(Frequency::FiscalYear) {
            return None;
        }
        let calendar = view.plan.calendar();
        let end = calendar.period(frequency, last + i32::try_from(steps).ok()?);
        let [fiscal, plain] = [Frequency::FiscalYear, Frequency::Year]
            .map(|year| calendar.containing(year, end.middle()));
        // A planning year that is a year is called so.
        let year = match plain.first == fiscal.first {
            true => plain,
            false => fiscal,
        };
        let first = calendar.index_of(frequency, year.first);
        // Weeks may begin in one year and end in another.
        if end.last != year.last || calendar.period(frequency, first).first != year.first {
            return None;
        }
        let known = usize::try_from(last + 1 - first).ok()?;
        let of_it = values.get(values.len().checked_sub(known)?..)?;
        let so_far = of_it.iter().copied().sum::<Option<f64>>()?;
        let target = view.reading(record.id(), unit, year)?.target?;
        let aim = aim(record.better, target)?;
        let chance = calibration.chance_of_sum(forecast, so_far, steps, aim)?;
        Some(OfYear {
            year,
            so_far,
            expected: so_far + forecast.mean.get(..steps)?.iter().sum::<f64>(),
            aimed: Aimed {
                target,
                aim,
                chance,
            },
        })
    }
}
