//! The sample of a time chart whose widest range reaches far beyond all that was observed.

use super::month;
use crate::checks::tags;
use crate::{Chart, Expected, NaturalLimits, TimeChart, TimePoint, Width};
use throughline_core::UnitOfMeasure;

/// Shares of between 84 and 91 % over three years, and a year to come: in 95 of 100 cases it may be anything from 55 % on.
pub(super) fn far_chart() -> TimeChart {
    let waves = [0, 6, 12, 9, 14, 10, 3, -6, -22, -34, -30, -12];
    let actual = |index: usize| 0.88 + f64::from(waves[index % 12]) * 0.0012;
    let points = (0..48).map(|index| {
        let (period, short, year) = month(index);
        let to_come = index.saturating_sub(35) as f64;
        let range = |low: f64, high: f64| {
            let expected = actual(index) - 0.002 * to_come;
            let (low, high) = (low * to_come, high * to_come);
            Some((expected - low, (expected + high).min(1.0)))
        };
        TimePoint {
            period,
            short: short.to_owned(),
            year,
            actual: (index < 36).then(|| actual(index)),
            target: Some(0.95),
            floor: Some(0.925),
            year_before: index.checked_sub(12).filter(|_| index < 36).map(actual),
            limits: (index < 36).then_some(NaturalLimits {
                lower: 0.835,
                centre: 0.878,
                upper: 0.92,
            }),
            expected: (index > 35).then(|| Expected {
                mean: actual(index) - 0.002 * to_come,
                ranges: [range(0.001, 0.001), range(0.003, 0.003), range(0.026, 0.02)],
            }),
            ..TimePoint::default()
        }
    });
    TimeChart {
        name: "Within four hours".to_owned(),
        unit: UnitOfMeasure::Percent,
        decimals: 1,
        points: points.collect(),
        ..TimeChart::default()
    }
}

/// Each height on a path.
fn heights(path: &str) -> Vec<f64> {
    let spots = path.split(['M', 'L']).filter(|spot| !spot.is_empty());
    let height = |spot: &str| spot.split(' ').next_back().unwrap().parse().unwrap();
    spots.map(height).collect()
}

#[test]
fn the_axis_is_that_of_the_usual_and_the_widest_range_runs_off_its_ends() {
    let chart = far_chart();
    for width in [Width::Wide, Width::Middle, Width::Narrow, Width::Wall] {
        let drawing = chart.drawing(width);
        assert!(drawing.contains(">80</text>"), "{drawing}");
        for far in [">50</text>", ">60</text>", ">70</text>"] {
            assert!(!drawing.contains(far), "{width:?}: {drawing}");
        }
        let tags = tags(&drawing);
        let of = |class| tags.iter().find(move |tag| tag.get("class") == Some(class));
        let axis = of("c-axis").unwrap().get("d").unwrap();
        let (_, axis) = axis.split_once('H').unwrap().0.split_once(' ').unwrap();
        let axis: f64 = axis.parse().unwrap();
        let lowest = |class| {
            let heights = heights(of(class).unwrap().get("d").unwrap());
            heights.into_iter().fold(0.0, f64::max)
        };
        assert_eq!(lowest("c-fan1"), axis + 4.0, "it goes on");
        assert!(lowest("c-fan2") < axis, "all of it is seen");
    }
}

#[test]
fn words_and_table_have_all_of_a_range_that_the_drawing_does_not_hold() {
    let chart = far_chart();
    let said = chart.description();
    let words = "is 84.2%, in 80 of 100 cases 80.6% to 87.8%, in 95 of 100 cases 53.0% to 100.0%.";
    assert!(said.contains(words), "{said}");
    let table = chart.table();
    let column = table[0]
        .iter()
        .position(|head| head == "In 95 of 100 cases");
    assert_eq!(table.last().unwrap()[column.unwrap()], "53.0% to 100.0%");
    assert_eq!(table[1][column.unwrap()], "");
}
