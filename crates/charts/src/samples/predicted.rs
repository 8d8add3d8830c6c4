//! Samples of predicted changes against actual ones.

use crate::{Change, PredictedChart};

pub(super) fn predicted() -> PredictedChart {
    let change = |size: f64, said: &str| Change {
        size,
        said: said.to_owned(),
    };
    PredictedChart {
        name: "Evening punctuality".to_owned(),
        unit: "points".to_owned(),
        change: change(2.0, "+2.0 points"),
        least: change(0.5, "+0.5 points"),
        most: change(3.0, "+3.0 points"),
        actual: Some(change(-1.4, "−1.4 points")),
        outcome: "the other way".to_owned(),
    }
}

/// One whose actual change is not known yet.
pub(super) fn not_known_yet() -> PredictedChart {
    PredictedChart {
        actual: None,
        outcome: "not known yet".to_owned(),
        ..predicted()
    }
}

/// One of any numbers: the change, the least, the greatest and the actual one.
pub(super) fn predicted_of(name: &str, sizes: [Option<f64>; 4]) -> PredictedChart {
    let [change, least, most, actual] = sizes.map(|size| Change {
        size: size.unwrap_or(f64::NAN),
        said: name.to_owned(),
    });
    PredictedChart {
        name: name.to_owned(),
        unit: name.to_owned(),
        change,
        least,
        most,
        actual: Some(actual),
        outcome: name.to_owned(),
    }
}
