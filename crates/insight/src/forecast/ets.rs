//! Exponential smoothing as state space models (Hyndman, Koehler, Ord and Snyder 2008): level, trend and season that follow the
//! values, each by a part of its own. The recursions are those of R's `ets`.

use super::classical::SeasonKind;

/// How the trend goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trend {
    None,
    Damped,
}

/// A model of the family. Errors are added, or are a part of the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) relative_errors: bool,
    pub(super) trend: Trend,
    pub(super) season: Option<SeasonKind>,
    /// The length of the cycle, 1 without season.
    pub(super) period: usize,
}

impl Spec {
    /// How many numbers a fit chooses, the spread of errors included.
    pub(super) fn parameters(&self) -> usize {
        let trend = match self.trend {
            Trend::None => 0,
            Trend::Damped => 3,
        };
        let season = self.season.map_or(0, |_| self.period);
        3 + trend + season
    }
}

/// How fast level, trend and season follow; what a model does not have is 0, `damping` then 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Smoothing {
    pub(super) level: f64,
    pub(super) trend: f64,
    pub(super) season: f64,
    pub(super) damping: f64,
}

/// Where level, trend and season stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) level: f64,
    pub(super) trend: f64,
    /// By place in the cycle; empty without season.
    pub(super) season: Vec<f64>,
}

/// What is expected next.
fn expected(spec: &Spec, base: f64, season: f64) -> f64 {
    match spec.season {
        None => base,
        Some(SeasonKind::Additive) => base + season,
        Some(SeasonKind::Multiplicative) => base * season,
    }
}

/// Runs a model over values and leaves its state after them. Gives -2 times the logarithm of the likelihood, up to a constant
/// of the values' count, as R does; infinite where the model breaks down.
pub(super) fn run(spec: &Spec, smoothing: &Smoothing, state: &mut State, values: &[f64]) -> f64 {
    let (mut squares, mut logarithms) = (0.0, 0.0);
    let is_seasonal = spec.season.is_some();
    let mut place = 0;
    for value in values {
        let drift = smoothing.damping * state.trend;
        let base = state.level + drift;
        let season = if is_seasonal {
            state.season[place]
        } else {
            0.0
        };
        let forecast = expected(spec, base, season);
        let error = value - forecast;
        if spec.relative_errors {
            if forecast <= 0.0 {
                return f64::INFINITY;
            }
            let relative = error / forecast;
            squares += relative * relative;
            logarithms += forecast.ln();
        } else {
            squares += error * error;
        }
        let seen = match spec.season {
            None => *value,
            Some(SeasonKind::Additive) => value - season,
            Some(SeasonKind::Multiplicative) => value / season,
        };
        state.level = base + smoothing.level * (seen - base);
        state.trend = drift + smoothing.trend * (seen - base);
        if is_seasonal {
            let of_season = match spec.season {
                Some(SeasonKind::Multiplicative) => value / base,
                _ => value - base,
            };
            state.season[place] = season + smoothing.season * (of_season - season);
            place = if place + 1 == spec.period {
                0
            } else {
                place + 1
            };
        }
    }
    let count = values.len() as f64;
    // A perfect fit has no likelihood; it is as good as rounding lets it be.
    let fit = count * squares.max(f64::MIN_POSITIVE).ln() + 2.0 * logarithms;
    if fit.is_nan() { f64::INFINITY } else { fit }
}

/// What a state leads to expect for the next periods, after `count` values.
pub(super) fn ahead(
    spec: &Spec,
    smoothing: &Smoothing,
    state: &State,
    count: usize,
    horizon: usize,
) -> Vec<f64> {
    let (mut base, mut drift) = (state.level, state.trend);
    (0..horizon)
        .map(|step| {
            drift *= smoothing.damping;
            base += drift;
            let season = match spec.season {
                None => 0.0,
                Some(_) => state.season[(count + step) % spec.period],
            };
            expected(spec, base, season)
        })
        .collect()
}

/// The corrected information criterion of a likelihood as [`run`] gives it; infinite where there are too few values.
pub(super) fn aicc(fit: f64, parameters: usize, count: usize) -> f64 {
    let (parameters, count) = (parameters as f64, count as f64);
    let left = count - parameters - 1.0;
    if left <= 0.0 {
        return f64::INFINITY;
    }
    fit + 2.0 * parameters + 2.0 * parameters * (parameters + 1.0) / left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, full_column, numbers, reference};

    #[test]
    fn likelihood_at_given_parameters_is_that_of_r() {
        let values = full_column("data/air-passengers.csv", "value");
        let expected = &reference("ets.json")["air_MAdM"];
        let par = |name: &str| expected["par"][name].as_f64().unwrap();
        let spec = Spec {
            relative_errors: true,
            trend: Trend::Damped,
            season: Some(SeasonKind::Multiplicative),
            period: 12,
        };
        let smoothing = Smoothing {
            level: par("alpha"),
            trend: par("beta"),
            season: par("gamma"),
            damping: par("phi"),
        };
        let mut season: Vec<f64> = (0..11).rev().map(|at| par(&format!("s{at}"))).collect();
        season.insert(0, 12.0 - season.iter().sum::<f64>());
        let mut state = State {
            level: par("l"),
            trend: par("b"),
            season,
        };
        let fit = run(&spec, &smoothing, &mut state, &values);
        assert_near(-0.5 * fit, expected["loglik"].as_f64().unwrap(), 1e-6);
        let found = aicc(fit, spec.parameters(), values.len());
        assert_near(found, expected["aicc"].as_f64().unwrap(), 1e-5);
        let last = numbers(&expected["last_state"]);
        assert_near(state.level, last[0], 1e-6);
        assert_near(state.trend, last[1], 1e-6);
        // R's means of relative errors differ a little from the path that the state points to.
        let means = numbers(&expected["mean"]);
        for (found, mean) in ahead(&spec, &smoothing, &state, 144, 12).iter().zip(means) {
            assert_near(found / mean, 1.0, 1e-3);
        }
    }
}
