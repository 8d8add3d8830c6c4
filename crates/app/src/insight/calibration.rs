//! How far off forecasts are at a unit: what they missed by when the ends of its series were hidden, and of those of the units
//! right below, or of those beside it where there are none, so that a chance is said as it came true among measures of the same
//! organisation.

use throughline_core::{Frequency, MeasureId, Period, UnitId};
use throughline_engine::View;
use throughline_insight::forecast::{Calibration, POINTS_MIN};

use super::cycle_of;
use super::foreseen::Foreseen;
use crate::read_values::ReadValues;
use crate::trend::{last_of, values_of};

/// The most series that are put together: enough for chances in numbers.
const SERIES_MAX: usize = 36;
/// With fewer series nothing is said of how far off forecasts are.
const SERIES_MIN: usize = 5;
/// The most series that are looked at to find them, and how many of them at once.
const LOOKED_AT_MAX: usize = 144;
const AT_ONCE: usize = 16;
/// The most units below or beside that are looked at.
const UNITS_MAX: usize = 24;
/// Enough series for a horizon, however many there are.
const SERIES_ENOUGH: usize = 30;

/// What forecasts of series of one length of period missed by.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Pool {
    /// The misses, put together.
    pub(super) calibration: Calibration,
    /// How many periods ahead they are known for: less than was asked for where series are short; 0 where nothing is known.
    pub(super) horizon: usize,
}

impl Pool {
    /// The misses at a unit, up to so many periods ahead of what is shown. What is known of the values stands in `read`, and
    /// what is read for it is put there.
    pub(super) fn of(
        view: &View,
        (unit, shown): (UnitId, Period),
        frequency: Frequency,
        wanted: usize,
        (foreseen, read): (&Foreseen, &mut ReadValues),
    ) -> Pool {
        let series = series(view, (unit, shown), frequency, read);
        let horizon = horizon(&series, wanted);
        if horizon == 0 || series.len() < SERIES_MIN {
            return Pool::default();
        }
        let misses = series
            .iter()
            .map(|values| foreseen.misses(values, cycle_of(frequency), horizon));
        Pool {
            calibration: Calibration::pooled(misses),
            horizon,
        }
    }
}

/// The first series with points enough for a forecast and a hidden end: of the unit, then of those right below, or beside
/// it where there are none, each in the order of the plan.
fn series(
    view: &View,
    (unit, shown): (UnitId, Period),
    frequency: Frequency,
    read: &mut ReadValues,
) -> Vec<Vec<Option<f64>>> {
    let calendar = view.plan.calendar();
    let measures = view.plan.measures().iter();
    let measures: Vec<MeasureId> = measures
        .filter(|measure| last_of(calendar, measure.frequency, &shown).0 == frequency)
        .map(|measure| measure.id())
        .take(LOOKED_AT_MAX)
        .collect();
    let units = view.plan.index().units_on(shown.middle());
    let others = match (units.children(unit), units.parent(unit)) {
        ([], Some(parent)) => units.children(parent),
        (below, _) => below,
    };
    let others = others.iter().copied().filter(|other| *other != unit);
    let asked: Vec<(UnitId, &[MeasureId])> = std::iter::once(unit)
        .chain(others.take(UNITS_MAX))
        .flat_map(|unit| measures.chunks(AT_ONCE).map(move |chunk| (unit, chunk)))
        .collect();
    let (mut found, mut looked_at) = (Vec::new(), 0);
    for (unit, chunk) in asked {
        if found.len() >= SERIES_MAX || looked_at >= LOOKED_AT_MAX {
            break;
        }
        looked_at += chunk.len();
        let is_known = |measure: MeasureId| read.get(measure, unit).len();
        let missing = values_of(view, (chunk, &is_known), unit, shown);
        for (measure, values) in chunk.iter().zip(missing) {
            if !values.is_empty() {
                read.put(*measure, unit, values);
            }
        }
        let values = chunk.iter().map(|measure| read.get(*measure, unit));
        let values = values.map(known);
        found.extend(values.filter(|values| values.len() > POINTS_MIN));
    }
    found.truncate(SERIES_MAX);
    found
}

/// A series from its first value to its last.
fn known(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let first = values.iter().position(Option::is_some);
    let last = values.iter().rposition(Option::is_some);
    match (first, last) {
        (Some(first), Some(last)) => values[first..=last].to_vec(),
        _ => Vec::new(),
    }
}

/// The most periods ahead, up to those wanted, for which enough series are long enough.
fn horizon(series: &[Vec<Option<f64>>], wanted: usize) -> usize {
    let enough = SERIES_ENOUGH.min(series.len().div_ceil(2)).max(1);
    let long_enough = |horizon: &usize| {
        let need = POINTS_MIN + horizon;
        series.iter().filter(|values| values.len() >= need).count() >= enough
    };
    (1..=wanted).rev().find(long_enough).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_horizon_is_as_long_as_half_of_the_series_allow() {
        let check = |lengths: &[usize], wanted: usize, expected: usize| {
            let series: Vec<Vec<Option<f64>>> = lengths
                .iter()
                .map(|length| vec![Some(1.0); *length])
                .collect();
            assert_eq!(horizon(&series, wanted), expected, "{lengths:?}");
        };
        check(&[], 12, 0);
        check(&[12, 12, 12], 12, 4);
        check(&[60, 60, 12, 12], 12, 12);
        check(&[60, 12, 12, 12], 12, 4);
        check(&[60; 40], 3, 3);
        check(&[8, 8], 12, 0);
    }

    #[test]
    fn a_series_goes_from_its_first_value_to_its_last() {
        let values = vec![None, Some(1.0), None, Some(2.0), None];
        assert_eq!(known(&values), [Some(1.0), None, Some(2.0)]);
        assert_eq!(known(&[None, None]), []);
    }
}
