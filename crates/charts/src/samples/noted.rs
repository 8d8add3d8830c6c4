//! The sample of a time chart with notes and with steps.

use super::judged_chart;
use crate::{Note, Step, TimeChart};

/// The same with notes, two of them at one period, and with steps.
pub(super) fn noted_chart() -> TimeChart {
    let mut chart = judged_chart();
    let actual: Vec<Option<f64>> = chart.points.iter().map(|point| point.actual).collect();
    for (index, pair) in actual.windows(2).enumerate() {
        let step = pair[1].zip(pair[0]);
        chart.points[index + 1].step = step.map(|(after, before)| Step {
            size: (after - before).abs(),
            limit: Some(0.043),
        });
    }
    let note = |place, letter, words: &str| Note {
        place,
        letter,
        words: words.to_owned(),
    };
    chart.notes = vec![
        note(13, 'A', "Van-stock kit in every crew. Limits begin anew."),
        note(17, 'B', "Storm week."),
        note(18, 'C', "Emergency jobs closed before parts arrived."),
        note(18, 'D', "Photo before backfill"),
    ];
    chart
}
