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

/// What a run met at one value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// Level and trend as they were expected, and season.
    pub(super) base: f64,
    pub(super) season: f64,
    /// The trend before damping.
    pub(super) trend: f64,
    /// The value less what was expected.
    pub(super) error: f64,
    /// What turns the error into that of the level, of the season and that which is squared: 1, or one over a factor.
    pub(super) to_level: f64,
    pub(super) to_season: f64,
    pub(super) to_miss: f64,
}

impl Moment {
    fn at(spec: &Spec, value: f64, base: f64, trend: f64, season: f64) -> Moment {
        let forecast = expected(spec, base, season);
        let (to_level, to_season) = match spec.season {
            Some(SeasonKind::Multiplicative) => (season.recip(), base.recip()),
            _ => (1.0, 1.0),
        };
        let to_miss = match spec.season {
            _ if !spec.relative_errors => 1.0,
            Some(SeasonKind::Multiplicative) => to_level * to_season,
            _ => forecast.recip(),
        };
        Moment {
            base,
            season,
            trend,
            error: value - forecast,
            to_level,
            to_season,
            to_miss,
        }
    }

    /// The error, as a part of what was expected where errors are relative.
    pub(super) fn miss(&self) -> f64 {
        self.error * self.to_miss
    }
}

/// Runs a model over values and leaves its state after them; `meet` is given what it met at each. Gives -2 times the logarithm
/// of the likelihood, up to a constant of the values' count, as R does; infinite where the model breaks down.
pub(super) fn run(
    spec: &Spec,
    smoothing: &Smoothing,
    state: &mut State,
    values: &[f64],
    mut meet: impl FnMut(Moment),
) -> f64 {
    let (mut squares, mut logarithms) = (0.0, 0.0);
    // The logarithm is taken of products of what is expected, as it costs more than all else.
    let mut product = 1.0_f64;
    let mut place = 0;
    for value in values {
        let drift = smoothing.damping * state.trend;
        let base = state.level + drift;
        let season = state.season.get(place).copied().unwrap_or(0.0);
        let moment = Moment::at(spec, *value, base, state.trend, season);
        if spec.relative_errors {
            let forecast = expected(spec, base, season);
            if forecast <= 0.0 {
                return f64::INFINITY;
            }
            product *= forecast;
            if !(1e-100..1e100).contains(&product) {
                logarithms += product.ln();
                product = 1.0;
            }
        }
        squares += moment.miss() * moment.miss();
        let of_level = moment.error * moment.to_level;
        state.level = base + smoothing.level * of_level;
        state.trend = drift + smoothing.trend * of_level;
        if let Some(cell) = state.season.get_mut(place) {
            *cell = season + smoothing.season * moment.error * moment.to_season;
            place = if place + 1 == spec.period {
                0
            } else {
                place + 1
            };
        }
        meet(moment);
    }
    if squares.is_nan() {
        return f64::INFINITY;
    }
    let count = values.len() as f64;
    logarithms += product.ln();
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
        let fit = run(&spec, &smoothing, &mut state, &values, |_| ());
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
