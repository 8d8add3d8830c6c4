//! What good peers reach: the 75th percentile of their levels, each drawn towards the mean by as much as it is uncertain.
//!
//! The best of many small units is the luckiest one; empirical Bayes (Efron and Morris 1975) takes the luck off before peers
//! are compared.

use super::NoAdvice;
use crate::better::Better;
use crate::numbers::quantile;
use crate::pooling::{Estimate, Spread, pool};

/// Fewer peers are no benchmark.
pub const PEERS_MIN: usize = 5;
/// The share of peers that the benchmark is better than.
const SHARE: f64 = 0.75;

/// What good peers reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// The level that a quarter of the peers truly reaches, in units of the measure.
    pub level: f64,
    /// The same without drawing towards the mean, to show the difference.
    pub raw_level: f64,
    /// Each peer's level drawn towards the mean, in the given order.
    pub shrunken: Vec<f64>,
    /// The mean of the peers.
    pub mean: f64,
    /// The variance between their true levels.
    pub between: f64,
}

/// The benchmark that peers give. In a range no peer is better than another once inside, so there `None` of [`Better`]'s
/// ranges is taken: [`NoAdvice::Target`].
pub fn benchmark(peers: &[Estimate], better: Better) -> Result<Benchmark, NoAdvice> {
    let share = match better {
        Better::Higher => SHARE,
        Better::Lower => 1.0 - SHARE,
        Better::Between { .. } => return Err(NoAdvice::Target),
    };
    let (have, need) = (peers.len(), PEERS_MIN);
    if have < need {
        return Err(NoAdvice::TooFew { have, need });
    }
    let pooled = pool(peers, Spread::PauleMandel).ok_or_else(|| {
        let is_odd = |peer: &Estimate| {
            !peer.value.is_finite() || !peer.variance.is_normal() || peer.variance <= 0.0
        };
        let index = peers.iter().position(is_odd).unwrap_or(0);
        NoAdvice::NotFinite { index }
    })?;
    let shrunken: Vec<f64> = pooled.shrunken.iter().map(|one| one.value).collect();
    Ok(Benchmark {
        level: quantile(shrunken.clone(), share),
        raw_level: quantile(peers.iter().map(|peer| peer.value).collect(), share),
        shrunken,
        mean: pooled.mean,
        between: pooled.tau2,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, numbers, reference};

    fn peers() -> Vec<Estimate> {
        let expected = &reference("targets.json")["eb_benchmark"];
        let pairs = numbers(&expected["x"])
            .into_iter()
            .zip(numbers(&expected["v"]));
        pairs
            .map(|(value, variance)| Estimate { value, variance })
            .collect()
    }

    #[test]
    fn peers_are_drawn_together_as_in_the_reference() {
        let expected = &reference("targets.json")["eb_benchmark"];
        let number = |name: &str| expected[name].as_f64().unwrap();
        let found = benchmark(&peers(), Better::Higher).unwrap();
        assert_near(found.between, number("tau2_PM"), 1e-5);
        assert_near(found.mean, number("mu"), 1e-5);
        assert_near(found.level, number("p75_shrunk"), 1e-5);
        assert_near(found.raw_level, number("p75_raw"), 1e-9);
        for (found, expected) in found.shrunken.iter().zip(numbers(&expected["shrunk"])) {
            assert_near(*found, expected, 1e-5);
        }
    }

    #[test]
    fn where_less_is_better_the_benchmark_is_low() {
        let turned: Vec<Estimate> = peers()
            .iter()
            .map(|peer| Estimate {
                value: -peer.value,
                ..*peer
            })
            .collect();
        let found = benchmark(&turned, Better::Lower).unwrap();
        let plain = benchmark(&peers(), Better::Higher).unwrap();
        assert_near(found.level, -plain.level, 1e-9);
        let odd = Estimate {
            value: 1.0,
            variance: 0.0,
        };
        let with_odd = [&peers()[..], &[odd]].concat();
        assert_eq!(
            benchmark(&with_odd, Better::Higher),
            Err(NoAdvice::NotFinite { index: 8 })
        );
    }
}
