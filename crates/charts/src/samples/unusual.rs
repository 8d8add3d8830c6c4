//! The sample of a time chart with points that are unusual for their season.

use super::judged_chart;
use crate::{Chart, TimeChart, Width};

/// The same with two points that are unusual, one of which signals.
pub(super) fn unusual_chart() -> TimeChart {
    let mut chart = judged_chart();
    chart.is_seasonal = true;
    chart.points[4].unusual = Some("high for a March".to_owned());
    chart.points[17].unusual = Some("low for an April".to_owned());
    chart
}

#[test]
fn what_is_unusual_has_a_mark_of_its_own_and_words_in_every_width() {
    let (plain, unusual) = (judged_chart(), unusual_chart());
    for width in [Width::Wide, Width::Narrow, Width::Wall] {
        let squares = |chart: &TimeChart| chart.drawing(width).matches("c-odd").count();
        assert_eq!((squares(&plain), squares(&unusual)), (0, 2), "{width:?}");
    }
    let drawing = unusual.drawing(Width::Wide);
    assert!(drawing.contains(">low for an April</text>"), "{drawing}");
    let said = unusual.description();
    let words =
        "Unusual for their season are Mar 2025 (high for a March) and Apr 2026 (low for an April).";
    assert!(said.contains(words), "{said}");
    assert!(!plain.description().contains("nusual"));
}

/// A gap has no square, whatever is said of it.
#[test]
fn a_gap_is_not_unusual() {
    let mut chart = judged_chart();
    chart.points[8].unusual = Some("low for a July".to_owned());
    assert!(!chart.svg().contains("c-odd"));
    assert!(!chart.description().contains("nusual"));
}
