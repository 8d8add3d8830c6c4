//! Fitting exponential smoothing to a series, and choosing among its models by the corrected information criterion.
//!
//! Two rounds, because a cycle of twelve has twelve numbers to begin with: all models are fitted with the seasons that the
//! classical decomposition gives; the few best are fitted again with all that they begin with left free.

use super::classical::{SeasonKind, season, without};
use super::ets::{Smoothing, Spec, State, Trend, ahead, aicc, run};
use super::ets_slope::{Begin, Search};
use super::minimise::{Budget, minimise};
use crate::linear::least_squares;

/// So many of the best models are fitted again.
const FINALISTS: usize = 2;
const FIRST_ROUND: Budget = Budget {
    steps: 40,
    tolerance: 1e-2,
};
const SECOND_ROUND: Budget = Budget {
    steps: 150,
    tolerance: 1e-3,
};

/// A fitted model.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    spec: Spec,
    smoothing: Smoothing,
    /// Before the first value.
    start: State,
    /// The criterion; less is better.
    pub(super) aicc: f64,
}

impl Fitted {
    /// What the model expects after the values it was fitted to.
    pub(super) fn forecast(&self, values: &[f64], horizon: usize) -> Vec<f64> {
        let mut state = self.start.clone();
        run(&self.spec, &self.smoothing, &mut state, values, |_| ());
        ahead(&self.spec, &self.smoothing, &state, values.len(), horizon)
    }

    /// How fast the level follows.
    pub(super) fn level_smoothing(&self) -> f64 {
        self.smoothing.level
    }
}

/// The best model for values. `period` is 1 where no season is to be looked for.
pub(super) fn choose(values: &[f64], period: usize) -> Option<Fitted> {
    let mut fitted: Vec<Fitted> = specs(values, period)
        .into_iter()
        .filter_map(|spec| first_round(&spec, values))
        .collect();
    fitted.sort_by(|one, other| one.aicc.total_cmp(&other.aicc));
    fitted.truncate(FINALISTS);
    let finalists = fitted
        .into_iter()
        .map(|fitted| second_round(fitted, values));
    finalists.min_by(|one, other| one.aicc.total_cmp(&other.aicc))
}

/// Simple exponential smoothing.
pub(super) fn simple(values: &[f64]) -> Option<Fitted> {
    let spec = Spec {
        relative_errors: false,
        trend: Trend::None,
        season: None,
        period: 1,
    };
    let exactly = Budget {
        steps: 50,
        tolerance: 1e-8,
    };
    fit(&spec, values, &begin(&spec, values)?, false, exactly)
}

/// The models to try: without relative errors or factors where values are not above 0, and without added errors on factors,
/// which are unstable (Hyndman et al. 2008, chapter 10).
fn specs(values: &[f64], period: usize) -> Vec<Spec> {
    let is_positive = values.iter().all(|value| *value > 0.0);
    let seasons: &[Option<SeasonKind>] = if period > 1 && values.len() >= 2 * period {
        &[
            None,
            Some(SeasonKind::Additive),
            Some(SeasonKind::Multiplicative),
        ]
    } else {
        &[None]
    };
    let mut specs = Vec::new();
    for season in seasons {
        for trend in [Trend::None, Trend::Damped] {
            for relative_errors in [false, true] {
                let is_factor = *season == Some(SeasonKind::Multiplicative);
                let needs_positive = relative_errors || is_factor;
                let is_unstable = is_factor && !relative_errors;
                if is_unstable || (needs_positive && !is_positive) {
                    continue;
                }
                specs.push(Spec {
                    relative_errors,
                    trend,
                    season: *season,
                    period: if season.is_some() { period } else { 1 },
                });
            }
        }
    }
    specs.retain(|spec| values.len() > spec.parameters() + 3);
    specs
}

/// Where a model may begin: seasons of the decomposition, and a line through the first values without them.
fn begin(spec: &Spec, values: &[f64]) -> Option<State> {
    let (season, plain) = match spec.season {
        None => (Vec::new(), values.to_vec()),
        Some(kind) => {
            let season = season(values, spec.period, kind)?;
            let plain = without(values, &season, kind);
            (season, plain)
        }
    };
    let first = &plain[..plain.len().min(10.max(2 * spec.period))];
    let mean = first.iter().sum::<f64>() / first.len() as f64;
    if spec.trend == Trend::None {
        return Some(State {
            level: mean,
            trend: 0.0,
            season,
        });
    }
    let times: Vec<f64> = (1..=first.len()).map(|time| time as f64).collect();
    let line = least_squares(&[vec![1.0; first.len()], times], first)?;
    Some(State {
        level: line.coefficients[0],
        trend: line.coefficients[1],
        season,
    })
}

fn first_round(spec: &Spec, values: &[f64]) -> Option<Fitted> {
    fit(spec, values, &begin(spec, values)?, false, FIRST_ROUND)
}

fn second_round(first: Fitted, values: &[f64]) -> Fitted {
    if first.spec.season.is_none() {
        return first;
    }
    let again = refit(&first, values);
    match again {
        Some(again) if again.aicc < first.aicc => again,
        _ => first,
    }
}

fn fit(
    spec: &Spec,
    values: &[f64],
    begin: &State,
    with_season: bool,
    budget: Budget,
) -> Option<Fitted> {
    let level = if spec.season.is_some() { 0.2 } else { 0.4 };
    let smoothing = Smoothing {
        level,
        trend: if spec.trend == Trend::None { 0.0 } else { 0.01 },
        season: if spec.season.is_some() { 0.05 } else { 0.0 },
        damping: if spec.trend == Trend::Damped {
            0.97
        } else {
            1.0
        },
    };
    fit_from(spec, values, begin, &smoothing, with_season, budget)
}

fn refit(first: &Fitted, values: &[f64]) -> Option<Fitted> {
    fit_from(
        &first.spec,
        values,
        &first.start,
        &first.smoothing,
        true,
        SECOND_ROUND,
    )
}

fn fit_from(
    spec: &Spec,
    values: &[f64],
    begin: &State,
    smoothing: &Smoothing,
    with_season: bool,
    budget: Budget,
) -> Option<Fitted> {
    let begin = Begin {
        state: begin,
        unit: spread(values),
        with_season,
    };
    let mut search = Search::of(spec, values, begin);
    let list = search.list(smoothing);
    let (list, fit) = minimise(&mut search, &list, budget);
    let (smoothing, start) = search.read(&list);
    let aicc = aicc(fit, spec.parameters(), values.len());
    aicc.is_finite().then_some(Fitted {
        spec: *spec,
        smoothing,
        start,
        aicc,
    })
}

/// The usual step from value to value, as a unit for where a model begins; 1 where there is none.
fn spread(values: &[f64]) -> f64 {
    let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let mean = steps.sum::<f64>() / (values.len().max(2) - 1) as f64;
    if mean > 0.0 { mean } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, full_column, reference};

    #[test]
    fn passengers_are_fitted_as_well_as_by_r() {
        let values = full_column("data/air-passengers.csv", "value");
        let spec = Spec {
            relative_errors: true,
            trend: Trend::Damped,
            season: Some(SeasonKind::Multiplicative),
            period: 12,
        };
        let found = second_round(first_round(&spec, &values).unwrap(), &values);
        let expected = reference("ets.json")["air_MAdM"]["aicc"].as_f64().unwrap();
        assert!(found.aicc <= expected + 1.0, "{} {expected}", found.aicc);
        assert!(choose(&values, 12).unwrap().aicc <= expected + 1.0);
    }

    #[test]
    fn the_nile_is_smoothed_as_by_r() {
        let values = full_column("data/nile.csv", "value");
        let expected = &reference("ets.json")["nile_ANN"];
        let found = simple(&values).unwrap();
        let alpha = expected["par"]["alpha"].as_f64().unwrap();
        assert_near(found.level_smoothing(), alpha, 1e-3);
        assert!(found.aicc <= expected["aicc"].as_f64().unwrap() + 1e-3);
        let ahead = found.forecast(&values, 3);
        assert_near(ahead[2], expected["mean"][2].as_f64().unwrap(), 0.1);
    }
}
