//! The monthly series of the M3 competition: how good forecasts are against simple ones, and whether intervals hold what they
//! say. The series may not be copied here; the variable `THROUGHLINE_M3` names the file of them (`m3_train.csv.gz`: a line a
//! series with its period and its history). Without it nothing is tested. Each series is forecast by 18 months from before its
//! last 18.

use std::io::Read;

use throughline_insight::forecast::{Calibration, Past, forecast};

const HORIZON: usize = 18;
const PERIOD: usize = 12;

/// The monthly series, or `None` without the file.
fn series() -> Option<Vec<Vec<Option<f64>>>> {
    let file = std::fs::File::open(std::env::var("THROUGHLINE_M3").ok()?).expect("the file");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("text");
    let history = |line: &str| -> Vec<Option<f64>> {
        let list = line.rsplit(',').next().unwrap_or_default();
        let numbers = list.split_whitespace();
        numbers
            .map(|number| number.trim_matches('"').parse().ok())
            .collect()
    };
    let monthly = text.lines().filter(|line| line.contains("MONTHLY"));
    Some(monthly.map(history).collect())
}

/// What forecasts missed by on average.
#[derive(Default)]
struct Misses {
    smape: f64,
    mase: f64,
}

impl Misses {
    fn add(&mut self, found: &[f64], values: &[f64], scale: f64) {
        let pairs = || found.iter().zip(values);
        let share = pairs()
            .map(|(found, value)| 200.0 * (found - value).abs() / (found.abs() + value.abs()));
        self.smape += share.sum::<f64>() / HORIZON as f64;
        let steps = pairs().map(|(found, value)| (found - value).abs() / scale);
        self.mase += steps.sum::<f64>() / HORIZON as f64;
    }
}

#[test]
fn forecasts_beat_the_seasonal_naive_one_and_intervals_hold() {
    let Some(series) = series() else { return };
    let (mut ours, mut naive) = (Misses::default(), Misses::default());
    let mut found = Vec::new();
    for values in &series {
        let end = values.len() - HORIZON;
        let past: Vec<f64> = values[..end].iter().flatten().copied().collect();
        let future: Vec<f64> = values[end..].iter().flatten().copied().collect();
        let one = forecast(&values[..end], PERIOD, HORIZON).expect("a forecast");
        let steps = past.iter().zip(past.iter().skip(PERIOD));
        let scale = steps.map(|(one, other)| (other - one).abs()).sum::<f64>()
            / (past.len() - PERIOD) as f64;
        ours.add(&one.mean, &future, scale);
        let year = &past[past.len() - PERIOD..];
        let repeated: Vec<f64> = year.iter().cycle().take(HORIZON).copied().collect();
        naive.add(&repeated, &future, scale);
        found.push((one, future));
    }
    let count = series.len() as f64;
    let mean = |sum: f64| sum / count;
    assert!(
        mean(ours.smape) <= 13.9 && mean(ours.mase) <= 0.87,
        "sMAPE {}, MASE {}; when this was written 13.86 and .860",
        mean(ours.smape),
        mean(ours.mase)
    );
    assert!(
        ours.smape <= 0.8 * naive.smape && ours.mase <= 0.8 * naive.mase,
        "the seasonal naive forecast has sMAPE {} and MASE {}; when this was written 17.93 and 1.144",
        mean(naive.smape),
        mean(naive.mase)
    );
    // What the ends before the last 18 months were missed by.
    let hidden: Vec<Past<'_>> = series
        .iter()
        .map(|values| Past {
            values: &values[..values.len() - HORIZON],
            period: PERIOD,
        })
        .collect();
    let calibration = Calibration::of(&hidden, HORIZON, 1);
    let (mut inside, mut all) = (0, 0);
    for (one, future) in &found {
        for (interval, value) in calibration.intervals(one, 0.8).iter().zip(future) {
            let (low, high) = interval.expect("an interval");
            all += 1;
            inside += i32::from((low..=high).contains(value));
        }
    }
    let coverage = f64::from(inside) / f64::from(all);
    assert!(
        (0.78..=0.82).contains(&coverage),
        "80 % intervals hold {coverage} of values"
    );
}
