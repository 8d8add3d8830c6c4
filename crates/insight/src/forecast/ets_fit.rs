//! Fitting exponential smoothing to a series, and choosing among its models by the corrected information criterion.
//!
//! Two rounds, because a cycle of twelve has twelve numbers to begin with: all models are fitted with the seasons that the
//! classical decomposition gives; the few best are fitted again with all that they begin with left free.

use std::borrow::Cow;

use super::classical::{SeasonKind, season, without};
use super::ets::{Smoothing, Spec, State, Trend, ahead, aicc, run};
use super::ets_slope::{Begin, Search};
use crate::linear::least_squares;
use crate::minimise::{Budget, minimise};

/// A kind of season whose model without trend is worse than the best such one by more is not looked at further.
const HOPELESS: f64 = 20.0;
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
    let families = seasons(values, period);
    let families = families.filter_map(|season| Family::of(values, season, period));
    let families: Vec<Family<'_>> = families.collect();
    let best = families.iter().map(|family| family.first.aicc);
    let best = best.fold(f64::INFINITY, f64::min);
    let mut fitted: Vec<Fitted> = families
        .into_iter()
        .filter(|family| family.first.aicc <= best + HOPELESS)
        .flat_map(Family::fitted)
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
    fit(&spec, values, &begin(&spec, values)?.0, exactly)
}

/// The seasons to try: no factors where values are not above 0.
fn seasons(values: &[f64], period: usize) -> impl Iterator<Item = Option<SeasonKind>> {
    let has_season = period > 1 && values.len() >= 2 * period;
    let is_positive = is_positive(values);
    let kinds = [
        Some(SeasonKind::Additive),
        Some(SeasonKind::Multiplicative).filter(|_| is_positive),
    ];
    let kinds = kinds
        .into_iter()
        .filter(move |kind| has_season && kind.is_some());
    std::iter::once(None).chain(kinds)
}

fn is_positive(values: &[f64]) -> bool {
    values.iter().all(|value| *value > 0.0)
}

/// The models with one kind of season, which begin with the same decomposition.
struct Family<'a> {
    values: &'a [f64],
    /// The first of them, without a trend.
    first: Fitted,
    /// Where those with a trend begin.
    line: State,
}

impl<'a> Family<'a> {
    /// `None` where there are too few values.
    fn of(values: &'a [f64], season: Option<SeasonKind>, period: usize) -> Option<Family<'a>> {
        let spec = Spec {
            relative_errors: is_positive(values),
            trend: Trend::None,
            season,
            period: if season.is_some() { period } else { 1 },
        };
        let (level, line) = begin(&spec, values)?;
        let first = fit(&spec, values, &level, FIRST_ROUND).or_else(|| {
            // An added season may begin below 0, where no error is relative.
            let added = Spec {
                relative_errors: false,
                ..spec
            };
            let is_factor = season == Some(SeasonKind::Multiplicative);
            (!is_factor).then(|| fit(&added, values, &level, FIRST_ROUND))?
        })?;
        Some(Family {
            values,
            first,
            line,
        })
    }

    /// All of them: without relative errors where values are not above 0, and without added errors on factors, which are
    /// unstable (Hyndman et al. 2008, chapter 10).
    fn fitted(self) -> Vec<Fitted> {
        let Spec {
            relative_errors,
            season,
            ..
        } = self.first.spec;
        let has_both = relative_errors && season != Some(SeasonKind::Multiplicative);
        let damped = Spec {
            trend: Trend::Damped,
            ..self.first.spec
        };
        let damped = fit(&damped, self.values, &self.line, FIRST_ROUND);
        let with_relative: Vec<Fitted> = [Some(self.first), damped].into_iter().flatten().collect();
        let added = with_relative
            .iter()
            .filter(|_| has_both)
            .filter_map(|fitted| {
                let spec = Spec {
                    relative_errors: false,
                    ..fitted.spec
                };
                fit_from(&spec, self.values, fitted, false, FIRST_ROUND)
            });
        let added: Vec<Fitted> = added.collect();
        [with_relative, added].concat()
    }
}

/// Where models may begin, without and with a trend: seasons of the decomposition, and the mean of the first values without them
/// or a line through them.
fn begin(spec: &Spec, values: &[f64]) -> Option<(State, State)> {
    let (season, plain) = match spec.season {
        None => (Vec::new(), Cow::Borrowed(values)),
        Some(kind) => {
            let season = season(values, spec.period, kind)?;
            let plain = without(values, &season, kind);
            (season, Cow::Owned(plain))
        }
    };
    let first = &plain[..plain.len().min(10.max(2 * spec.period))];
    let times: Vec<f64> = (1..=first.len()).map(|time| time as f64).collect();
    let line = least_squares(&[vec![1.0; first.len()], times], first)?;
    let level = State {
        level: first.iter().sum::<f64>() / first.len() as f64,
        trend: 0.0,
        season,
    };
    let line = State {
        level: line.coefficients[0],
        trend: line.coefficients[1],
        season: level.season.clone(),
    };
    Some((level, line))
}

fn second_round(first: Fitted, values: &[f64]) -> Fitted {
    if first.spec.season.is_none() {
        return first;
    }
    let again = fit_from(&first.spec, values, &first, true, SECOND_ROUND);
    match again {
        Some(again) if again.aicc < first.aicc => again,
        _ => first,
    }
}

/// Fits a model that begins near a state.
fn fit(spec: &Spec, values: &[f64], begin: &State, budget: Budget) -> Option<Fitted> {
    let is_damped = spec.trend == Trend::Damped;
    let smoothing = Smoothing {
        level: if spec.season.is_some() { 0.2 } else { 0.4 },
        trend: if is_damped { 0.01 } else { 0.0 },
        season: if spec.season.is_some() { 0.05 } else { 0.0 },
        damping: if is_damped { 0.97 } else { 1.0 },
    };
    let near = Fitted {
        spec: *spec,
        smoothing,
        start: begin.clone(),
        aicc: f64::INFINITY,
    };
    fit_from(spec, values, &near, false, budget)
}

/// Fits a model that is near one that is known, in what it begins with and in what follows how fast.
fn fit_from(
    spec: &Spec,
    values: &[f64],
    near: &Fitted,
    with_season: bool,
    budget: Budget,
) -> Option<Fitted> {
    if values.len() <= spec.parameters() + 3 {
        return None;
    }
    let begin = Begin {
        state: &near.start,
        unit: spread(values),
        with_season,
    };
    let mut search = Search::of(spec, values, begin);
    let list = search.list(&near.smoothing);
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
        let (_, line) = begin(&spec, &values).unwrap();
        let first = fit(&spec, &values, &line, FIRST_ROUND).unwrap();
        let found = second_round(first, &values);
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
