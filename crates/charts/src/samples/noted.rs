//! The sample of a time chart with notes and with steps.

use super::judged_chart;
use crate::{Chart, Note, Step, TimeChart, Width};

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

#[test]
fn a_phone_shows_numbers_and_no_part_of_a_word() {
    let drawing = noted_chart().drawing(Width::Narrow);
    for whole in [">85.0%<", ">72.0%<", ">81.5%<", ">Moving range<"] {
        assert!(drawing.contains(whole), "{whole} in {drawing}");
    }
    assert!(!drawing.contains('…'), "{drawing}");
}

#[test]
fn the_limit_of_steps_and_what_is_to_come_have_a_word() {
    for width in [Width::Wide, Width::Middle, Width::Narrow] {
        let drawing = noted_chart().drawing(width);
        for words in [">limit 4.3 points<", ">forecast<"] {
            assert!(drawing.contains(words), "{words} in {width:?}: {drawing}");
        }
    }
}

#[test]
fn a_chart_says_where_what_comes_back_each_year_is_taken_off() {
    let mut chart = noted_chart();
    let words = [
        "with what comes back each year,",
        "with what comes back each year taken off,",
    ];
    let said = chart.description();
    assert!(!words.iter().any(|words| said.contains(words)), "{said}");
    chart.is_seasonal = true;
    let said = chart.description();
    assert!(words.iter().all(|words| said.contains(words)), "{said}");
}
