//! How values add up over units and over time (SEMANTICS 2).

use throughline_model::records::{Measure, OverTime, OverUnits};

use crate::compare::{sum, weighted_mean};

/// How values of one measure add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ways {
    pub(crate) over_time: OverTime,
    pub(crate) over_units: OverUnits,
    /// Whether inputs count by their weights, and not all the same.
    pub(crate) weighted: bool,
}

impl Ways {
    /// The ways of a measure: its kind's, where it does not say otherwise.
    pub(crate) fn of(measure: &Measure) -> Ways {
        Ways {
            over_time: measure.over_time.unwrap_or(measure.kind.over_time()),
            over_units: measure.over_units.unwrap_or(measure.kind.over_units()),
            weighted: measure.kind.is_weighted(),
        }
    }

    /// Whether values are added up over units at all.
    pub(crate) fn adds_over_units(self) -> bool {
        self.over_units != OverUnits::None
    }
}

/// One input: a value, and its weight where it has one.
pub(crate) type Weighed = (f64, Option<f64>);

/// What comes of adding up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Aggregate {
    pub(crate) value: Option<f64>,
    /// What each period weighs in the value, in the order given; what a target is averaged by.
    pub(crate) period_weights: Vec<f64>,
    /// Whether some input of a weighted measure had no weight, so that all count the same.
    pub(crate) lacks_weights: bool,
}

/// Adds up the inputs of periods: over units first, then over time.
pub(crate) fn aggregate(ways: Ways, periods: &[Vec<Weighed>]) -> Aggregate {
    // Over time, the last period alone may be read; a weight that an earlier one lacks is no matter then.
    let read_from = match ways.over_time {
        OverTime::Last => periods.len().saturating_sub(1),
        _ => 0,
    };
    let inputs = || periods.iter().skip(read_from).flatten();
    let has_all_weights = inputs().all(|(_, weight)| weight.is_some());
    let by_weight = ways.weighted && has_all_weights;
    let weigh = |(value, weight): &Weighed| {
        (
            *value,
            if by_weight {
                weight.unwrap_or(1.0)
            } else {
                1.0
            },
        )
    };

    let values: Vec<Option<f64>> = periods
        .iter()
        .map(|inputs| over_units(ways.over_units, inputs, &weigh))
        .collect();
    let period_weights: Vec<f64> = periods
        .iter()
        .map(|inputs| match (inputs.is_empty(), ways.weighted) {
            (true, _) => 0.0,
            (false, true) => sum(inputs.iter().map(|input| weigh(input).1)),
            (false, false) => 1.0,
        })
        .collect();
    let value = match (ways.over_time, ways.over_units) {
        (OverTime::Mean, OverUnits::Mean) if ways.weighted => weighted_mean(inputs().map(weigh)),
        (over_time, _) => over_time_of(over_time, &values, &period_weights),
    };
    Aggregate {
        value: value.filter(|value| value.is_finite()),
        period_weights,
        lacks_weights: ways.weighted && !has_all_weights && inputs().count() > 1,
    }
}

fn over_units(
    way: OverUnits,
    inputs: &[Weighed],
    weigh: &impl Fn(&Weighed) -> (f64, f64),
) -> Option<f64> {
    let values = inputs.iter().map(|(value, _)| *value);
    match way {
        _ if inputs.is_empty() => None,
        OverUnits::Sum => Some(sum(values)),
        OverUnits::Mean => weighted_mean(inputs.iter().map(weigh)),
        OverUnits::Max => values.reduce(f64::max),
        OverUnits::Min => values.reduce(f64::min),
        OverUnits::None => inputs.first().map(|(value, _)| *value),
    }
}

fn over_time_of(way: OverTime, values: &[Option<f64>], weights: &[f64]) -> Option<f64> {
    let present = values.iter().flatten().copied();
    match way {
        OverTime::Sum => present.clone().next().map(|_| sum(present)),
        OverTime::Mean => {
            let weighed = values
                .iter()
                .zip(weights)
                .filter_map(|(value, weight)| value.map(|value| (value, *weight)));
            weighted_mean(weighed)
        }
        OverTime::Last => values.last().copied().flatten(),
        OverTime::Max => present.reduce(f64::max),
        OverTime::Min => present.reduce(f64::min),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ways: (OverTime, OverUnits, bool), periods: &[&[Weighed]], expected: Option<f64>) {
        let ways = Ways {
            over_time: ways.0,
            over_units: ways.1,
            weighted: ways.2,
        };
        let periods: Vec<Vec<Weighed>> = periods.iter().map(|inputs| inputs.to_vec()).collect();
        assert_eq!(
            aggregate(ways, &periods).value,
            expected,
            "{ways:?} {periods:?}"
        );
    }

    #[test]
    fn values_add_up_by_their_ways() {
        let ratio = (OverTime::Mean, OverUnits::Mean, true);
        check(
            ratio,
            &[&[(0.5, Some(4.0)), (0.02, Some(100.0)), (0.0, Some(10.0))]],
            Some(4.0 / 114.0),
        );
        check(ratio, &[&[(0.5, Some(1.0))], &[(1.0, None)]], Some(0.75));
        check(
            (OverTime::Last, OverUnits::Sum, false),
            &[&[(1.0, None)], &[(2.0, None), (3.0, None)]],
            Some(5.0),
        );
        check(
            (OverTime::Last, OverUnits::Sum, false),
            &[&[(1.0, None)], &[]],
            None,
        );
        check(
            (OverTime::Sum, OverUnits::Max, false),
            &[&[(1.0, None), (4.0, None)], &[(2.0, None)]],
            Some(6.0),
        );
        // An overridden one: a period weighs the sum of its weights.
        check(
            (OverTime::Mean, OverUnits::Max, true),
            &[&[(0.5, Some(1.0)), (0.7, Some(1.0))], &[(0.1, Some(6.0))]],
            Some(0.25),
        );
    }
}
