//! Seasons the simple way: the mean of each place in the cycle against a centred moving average (as R's `decompose`).

/// How a season goes with the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeasonKind {
    /// It is added.
    Additive,
    /// It is a factor; for values above 0.
    Multiplicative,
}

/// The season of each place in the cycle, the place of the first value first; they add up to 0, or have a mean of 1.
/// `None` with fewer than two cycles.
pub(super) fn season(values: &[f64], period: usize, kind: SeasonKind) -> Option<Vec<f64>> {
    let half = period / 2;
    let mut sums = vec![(0.0, 0.0); period];
    if values.len() < 2 * period {
        return None;
    }
    for at in half..values.len() - half {
        let level = if period.is_multiple_of(2) {
            let inner: f64 = values[at - half + 1..at + half].iter().sum();
            (inner + f64::midpoint(values[at - half], values[at + half])) / period as f64
        } else {
            values[at - half..=at + half].iter().sum::<f64>() / period as f64
        };
        let ratio = match kind {
            SeasonKind::Additive => values[at] - level,
            SeasonKind::Multiplicative => values[at] / level,
        };
        let sum = &mut sums[at % period];
        *sum = (sum.0 + ratio, sum.1 + 1.0);
    }
    let means: Vec<f64> = sums.iter().map(|(sum, count)| sum / count).collect();
    let mean = means.iter().sum::<f64>() / period as f64;
    let seasons: Vec<f64> = match kind {
        SeasonKind::Additive => means.iter().map(|season| season - mean).collect(),
        SeasonKind::Multiplicative => means.iter().map(|season| season / mean).collect(),
    };
    seasons
        .iter()
        .all(|season| season.is_finite())
        .then_some(seasons)
}

/// The values without their season.
pub(super) fn without(values: &[f64], season: &[f64], kind: SeasonKind) -> Vec<f64> {
    let pairs = values.iter().zip(season.iter().cycle());
    match kind {
        SeasonKind::Additive => pairs.map(|(value, season)| value - season).collect(),
        SeasonKind::Multiplicative => pairs.map(|(value, season)| value / season).collect(),
    }
}

/// The correlation of values with those `lag` before.
pub(super) fn autocorrelations(values: &[f64], lags: usize) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let spread: f64 = deviations
        .iter()
        .map(|deviation| deviation * deviation)
        .sum();
    (1..=lags)
        .map(|lag| {
            let pairs = deviations.iter().zip(deviations.iter().skip(lag));
            pairs.map(|(one, other)| one * other).sum::<f64>() / spread
        })
        .collect()
}

/// Whether values have a season of `period`, as Theta asks (Fiorucci et al. 2016): the correlation at the period is above what
/// chance gives in 10 % of cases.
pub(super) fn is_seasonal(values: &[f64], period: usize) -> bool {
    if period < 2 || values.len() < 2 * period + 1 {
        return false;
    }
    let correlations = autocorrelations(values, period);
    let (last, before) = correlations.split_last().expect("a period of two or more");
    let noise: f64 = before.iter().map(|r| r * r).sum();
    let limit = 1.644_853_626_951_472_2 * ((1.0 + 2.0 * noise) / values.len() as f64).sqrt();
    last.abs() > limit
}
