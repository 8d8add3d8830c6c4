//! Forecasts and what they missed by, remembered by the values that they were made of: whatever was committed since, the same
//! values have the same forecast, and only series that changed are forecast anew.

use std::sync::Arc;

use throughline_insight::forecast::{Forecast, Misses, NoForecast, Past, forecast};

use crate::beside::Beside;
use crate::live::{Limits, Remembered};

/// Series of which forecasts and misses are remembered; each takes about a kilobyte.
const SERIES: Limits = Limits {
    most: 8192,
    heaviest: 8192,
};
/// How many times the end of a series is hidden to see what forecasts miss by.
const ORIGINS: usize = 2;

/// What was forecast.
pub(crate) struct Foreseen {
    forecasts: Remembered<Series, Result<Arc<Forecast>, NoForecast>>,
    misses: Remembered<Series, Misses>,
    /// The pages that wait for forecasts.
    pub(crate) beside: Beside,
    /// The pages that wait for forecasts that are brought together with those of units below, which take far longer.
    pub(crate) families: Beside,
    /// The pages that wait for trends, of which forecasts are made.
    pub(crate) trends: Beside,
    /// The pages that wait for how often chances came true, which takes both of many months.
    pub(crate) tracks: Beside,
}

/// A series and how far it is forecast.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Series {
    /// The bits of its values.
    values: Arc<[Option<u64>]>,
    cycle: usize,
    horizon: usize,
}

impl Series {
    fn of(values: &[Option<f64>], cycle: usize, horizon: usize) -> Series {
        Series {
            values: values.iter().map(|value| value.map(f64::to_bits)).collect(),
            cycle,
            horizon,
        }
    }
}

impl Foreseen {
    /// Nothing yet.
    pub(crate) fn new() -> Arc<Foreseen> {
        Arc::new(Foreseen {
            forecasts: Remembered::new(SERIES),
            misses: Remembered::new(SERIES),
            beside: Beside::new(),
            families: Beside::new(),
            trends: Beside::new(),
            tracks: Beside::new(),
        })
    }

    /// The forecast of a series.
    pub(super) fn forecast(
        &self,
        values: &[Option<f64>],
        cycle: usize,
        horizon: usize,
    ) -> Result<Arc<Forecast>, NoForecast> {
        let key = Series::of(values, cycle, horizon);
        if let Some(known) = self.forecasts.get(&key) {
            return known;
        }
        let made = forecast(values, cycle, horizon).map(Arc::new);
        self.forecasts.put(key, made.clone(), 1);
        made
    }

    /// What forecasts of a series missed by.
    pub(super) fn misses(&self, values: &[Option<f64>], cycle: usize, horizon: usize) -> Misses {
        let key = Series::of(values, cycle, horizon);
        if let Some(known) = self.misses.get(&key) {
            return known;
        }
        let past = Past {
            values,
            period: cycle,
        };
        let made = Misses::of(past, horizon, ORIGINS);
        self.misses.put(key, made.clone(), 1);
        made
    }
}
