//! Charts to try the checks on: plain ones, whose drawings are held, and ones of any numbers and texts.

mod far;
mod noted;
mod predicted;
mod timelines;
mod unusual;

use proptest::prelude::*;
use throughline_core::UnitOfMeasure;

use self::far::far_chart;
use self::noted::noted_chart;
use self::predicted::{not_known_yet, predicted, predicted_of};
use self::timelines::{timeline, timeline_of_one};
use self::unusual::unusual_chart;
use crate::checks::holds;
use crate::{
    Better, Bullet, Chart, Day, Effect, EffectChart, Expected, Milestone, NaturalLimits, Note,
    Point, Says, Signal, Sparkline, Step, TimeChart, TimePoint, Timeline, TimelineRow, Width,
};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Shares of first-visit fixes: 24 months, one gap, a rise in the middle.
fn rates() -> Vec<Option<f64>> {
    let waves = [3, -4, 6, -2, 8, -7, 1, 5, -3, 2, -6, 4];
    (0..24)
        .map(|month| {
            let level = if month < 13 { 745.0 } else { 808.0 };
            (month != 8).then(|| (level + f64::from(waves[month % 12]) * 1.7) / 1000.0)
        })
        .collect()
}

fn month(index: usize) -> (String, &'static str, String) {
    let (year, month) = (2025 + (index + 10) / 12 - 1, MONTHS[(index + 10) % 12]);
    (format!("{month} {year}"), month, year.to_string())
}

pub(crate) fn time_chart() -> TimeChart {
    let rates = rates();
    let points = (0..29).map(|index| {
        let (period, short, year) = month(index);
        TimePoint {
            period,
            short: short.to_owned(),
            year,
            actual: rates.get(index).copied().flatten(),
            target: Some(if index < 8 {
                0.78
            } else if index < 20 {
                0.82
            } else {
                0.85
            }),
            target_range: None,
            floor: Some(0.72),
            year_before: index
                .checked_sub(12)
                .and_then(|before| rates.get(before).copied().flatten()),
            ..TimePoint::default()
        }
    });
    TimeChart {
        name: "First-visit fix rate".to_owned(),
        unit: UnitOfMeasure::Percent,
        decimals: 1,
        points: points.collect(),
        ..TimeChart::default()
    }
}

/// The same with natural limits, a shift, two points that signal, and a fan of what is expected.
fn judged_chart() -> TimeChart {
    let mut chart = time_chart();
    let limits = |lower, centre, upper| NaturalLimits {
        lower,
        centre,
        upper,
    };
    for (index, point) in chart.points.iter_mut().enumerate() {
        let steps = index.saturating_sub(23) as f64;
        point.year_before = None;
        point.limits = match index {
            0..=12 => Some(limits(0.72, 0.748, 0.776)),
            13..=23 => Some(limits(0.78, 0.809, 0.838)),
            _ => None,
        };
        let range = |wide: f64| Some((0.81 - wide * steps.sqrt(), 0.81 + wide * steps.sqrt()));
        point.expected = (index > 23).then(|| Expected {
            mean: 0.81 + 0.001 * steps,
            ranges: [range(0.008), range(0.016), range(0.026)],
        });
    }
    let signal = |is_better, words: &str| {
        Some(Signal {
            is_better,
            words: words.to_owned(),
        })
    };
    chart.points[13].signal = signal(Some(true), "Better: above the upper natural limit");
    chart.points[17].signal = signal(Some(false), "Worse: 3 of 4 near the lower natural limit");
    chart.shifts = vec![13];
    chart
}

/// A share that is to stay within a range, which narrows.
fn range_chart() -> TimeChart {
    let points = (0..12).map(|index| {
        let (period, short, year) = month(index);
        TimePoint {
            period,
            short: short.to_owned(),
            year,
            actual: Some(0.04 + 0.01 * index as f64),
            target_range: Some(if index < 6 {
                (0.05, 0.14)
            } else {
                (0.06, 0.12)
            }),
            ..TimePoint::default()
        }
    });
    TimeChart {
        name: "Block time margin".to_owned(),
        unit: UnitOfMeasure::Percent,
        decimals: 1,
        points: points.collect(),
        ..TimeChart::default()
    }
}

pub(crate) fn sparkline() -> Sparkline {
    let point = |(index, value)| Point {
        period: month(index).0,
        value,
    };
    Sparkline {
        name: "First-visit fix rate".to_owned(),
        unit: UnitOfMeasure::Percent,
        decimals: 1,
        points: rates().into_iter().enumerate().map(point).collect(),
        target: Some(0.82),
        limits: (0..=12).map(|at| (at, 0.72, 0.776)).collect(),
        says: Says::Improving,
    }
}

pub(crate) fn bullet() -> Bullet {
    Bullet {
        name: "Supply interruptions".to_owned(),
        unit: UnitOfMeasure::parse("min per property"),
        decimals: 1,
        better: Better::Lower,
        actual: Some(9.8),
        target: Some(6.0),
        floor: Some(8.0),
    }
}

pub(crate) fn effects() -> EffectChart {
    let effect = |name: &str, size: f64, half: f64| Effect {
        name: name.to_owned(),
        size,
        interval: (size - half, size + half),
        is_main: name == "As claimed",
    };
    EffectChart {
        name: "Coaching on skill".to_owned(),
        useful: 0.05,
        effects: vec![
            effect("As claimed", 0.3, 0.12),
            effect("In the same month", 0.04, 0.1),
            effect("Without strongest wind held fixed", -0.02, 0.2),
        ],
    }
}

#[test]
fn the_samples_hold_and_look_as_before() {
    let check = |name: &str, chart: &dyn Chart| {
        holds(chart);
        let table: Vec<String> = chart.table().iter().map(|row| row.join(" | ")).collect();
        let drawings = chart.svg().replace("><", ">\n<");
        insta::assert_snapshot!(name, format!("{}\n\n{drawings}", table.join("\n")));
    };
    check("time-chart", &time_chart());
    check("time-chart-of-a-range", &range_chart());
    check("time-chart-judged", &judged_chart());
    check("time-chart-noted", &noted_chart());
    check("time-chart-unusual", &unusual_chart());
    check("time-chart-far", &far_chart());
    check("sparkline", &sparkline());
    check("bullet", &bullet());
    check("effects", &effects());
    check("predicted", &predicted());
    check("predicted-not-known-yet", &not_known_yet());
    check("timeline", &timeline());
    check("timeline-of-one", &timeline_of_one());
}

#[test]
fn average_and_limits_have_their_numbers_where_there_is_room() {
    let chart = judged_chart();
    let check = |width: Width, expected: bool| {
        let drawing = chart.drawing(width);
        for words in [">average 80.9%<", ">limits 78.0% to 83.8%<"] {
            assert_eq!(drawing.contains(words), expected, "{width:?}: {drawing}");
        }
    };
    check(Width::Wide, true);
    check(Width::Narrow, false);
    // Those that follow the season are others in each period.
    let seasonal = unusual_chart().drawing(Width::Wide);
    assert!(!seasonal.contains(">average"), "{seasonal}");
}

#[test]
fn the_axis_of_money_says_its_unit_at_all_widths() {
    let mut chart = time_chart();
    chart.unit = UnitOfMeasure::parse("CHF");
    for point in &mut chart.points {
        let values = [&mut point.actual, &mut point.target, &mut point.floor];
        for value in values.into_iter().chain([&mut point.year_before]) {
            *value = value.map(|share| 111e6 + 1.5e6 * share);
        }
    }
    holds(&chart);
    for width in chart.widths().iter().chain(&[Width::Wall]) {
        let drawing = chart.drawing(*width);
        assert!(drawing.contains(">CHF 112.30m</text>"), "{drawing}");
    }
}

#[test]
fn a_bar_starts_at_zero() {
    let check = |actual: f64, target: f64, expected: &str| {
        let drawing = Bullet {
            actual: Some(actual),
            target: Some(target),
            floor: None,
            ..bullet()
        }
        .svg();
        assert!(drawing.contains(expected), "{drawing}");
    };
    check(
        81.3,
        82.0,
        r#"<rect class="b-ac" x="0" y="6.5" width="72.42""#,
    );
    check(
        -5.0,
        5.0,
        r#"<rect class="b-ac" x="5.48" y="6.5" width="36.52""#,
    );
}

/// Numbers that break drawings, and usual ones.
fn number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => any::<f64>().prop_map(Some),
        3 => (-1000.0..1000.0_f64).prop_map(Some),
        1 => Just(None),
        1 => Just(Some(7.0)),
        1 => prop::sample::select(vec![f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, -0.0, 1e15, f64::NAN, f64::INFINITY])
            .prop_map(Some),
    ]
}

/// Names of all kinds, but for those that hold a word by which [`holds`] knows a number that
/// was not written well.
fn text() -> impl Strategy<Value = String> {
    let texts = prop_oneof![
        any::<String>(),
        "[A-Za-z<&\"' ]{0,60}",
        Just("WWWWWWWWWWWWWWWWWWWW".to_owned())
    ];
    texts.prop_filter("no name like a number", |text| {
        !text.contains("NaN") && !text.contains("inf")
    })
}

fn unit() -> impl Strategy<Value = UnitOfMeasure> {
    prop_oneof![
        Just(UnitOfMeasure::None),
        Just(UnitOfMeasure::Percent),
        Just(UnitOfMeasure::parse("USD")),
        text().prop_map(UnitOfMeasure::Named)
    ]
}

prop_compose! {
    fn any_point()(period in text(), short in text(), year in text(), values in prop::array::uniform18(number()), words in text(), is_better in any::<Option<bool>>(), unusual in prop::option::of(text())) -> TimePoint {
        let [actual, target, floor, year_before, low, high, lower, centre, upper, mean, a, b, c, d, e, f, size, limit] = values;
        let step = size.map(|size| Step { size, limit });
        let target_range = low.zip(high);
        let limits = lower.zip(centre).zip(upper);
        let limits = limits.map(|((lower, centre), upper)| NaturalLimits { lower, centre, upper });
        let signal = limits.map(|_| Signal { is_better, words });
        let expected = mean.map(|mean| Expected { mean, ranges: [a.zip(b), c.zip(d), e.zip(f)] });
        TimePoint { period, short, year, actual, target, target_range, floor, year_before, limits, signal, unusual, expected, step }
    }
}

proptest! {
    #[test]
    fn time_charts_of_anything_hold(
        name in text(), unit in unit(), decimals in 0_u8..14,
        points in prop::collection::vec(any_point(), 0..40), shifts in prop::collection::vec(0_usize..50, 0..4),
        noted in prop::collection::vec((0_usize..50, text()), 0..30), is_seasonal in any::<bool>(),
    ) {
        let name = format!("M {name}");
        let mut noted = noted;
        noted.sort();
        let notes = noted.into_iter().zip('A'..).map(|((place, words), letter)| Note { place, letter, words });
        let notes = notes.collect();
        holds(&TimeChart { name, unit, decimals, points, shifts, notes, is_seasonal });
    }

    #[test]
    fn small_charts_of_anything_hold(
        name in text(), unit in unit(), decimals in 0_u8..14, lower in any::<bool>(),
        values in prop::collection::vec(number(), 3..40),
    ) {
        let better = if lower { Better::Lower } else { Better::Higher };
        let [actual, target, floor] = [values[0], values[1], values[2]];
        holds(&Bullet { name: name.clone(), unit: unit.clone(), decimals, better, actual, target, floor });
        let numbers = values.clone();
        let limits = [(0, values[0], values[1]), (2, values[1], values[2])];
        let limits = limits.into_iter().filter_map(|(at, low, high)| Some((at, low?, high?))).collect();
        let points = values.into_iter().map(|value| Point { period: name.clone(), value }).collect();
        holds(&Sparkline { name: name.clone(), unit, decimals, points, target, limits, says: Says::Routine });
        let effect = |size: &Option<f64>| Effect {
            name: name.clone(),
            size: size.unwrap_or(0.0),
            interval: (actual.unwrap_or(-1.0), floor.unwrap_or(1.0)),
            is_main: lower,
        };
        holds(&EffectChart { name: name.clone(), useful: target.unwrap_or(0.05), effects: numbers.iter().map(effect).collect() });
        holds(&predicted_of(&name, [actual, floor, target, numbers[2]]));
    }
}

fn any_day() -> impl Strategy<Value = Day> {
    prop_oneof![
        (any::<i32>(), any::<u8>(), any::<u8>())
            .prop_map(|(year, month, day)| Day::of(year, month, day)),
        (2020..2030, 1..13_u8, 1..29_u8).prop_map(|(year, month, day)| Day::of(year, month, day)),
    ]
}

prop_compose! {
    fn any_milestone()(name in text(), due in any_day(), done in prop::option::of(any_day())) -> Milestone {
        Milestone { name, due, done }
    }
}

prop_compose! {
    fn any_row()(
        name in text(), href in prop::option::of(text()), from in any_day(), to in any_day(),
        milestones in prop::collection::vec(any_milestone(), 0..5),
    ) -> TimelineRow {
        TimelineRow { name, href, from, to, milestones }
    }
}

proptest! {
    #[test]
    fn timelines_of_anything_hold(
        name in text(), today in any_day(), rows in prop::collection::vec(any_row(), 0..6),
    ) {
        holds(&Timeline { name, today, rows });
    }
}

/// Prints the samples as the body of a page, to look at with the tokens of the pages:
/// `cargo test -p throughline-charts gallery -- --ignored --nocapture`.
#[test]
#[ignore = "prints drawings to look at, and checks nothing"]
#[expect(clippy::print_stdout, reason = "printing is all it does")]
fn gallery() {
    let charts: [&dyn Chart; 10] = [
        &time_chart(),
        &judged_chart(),
        &noted_chart(),
        &unusual_chart(),
        &far_chart(),
        &range_chart(),
        &sparkline(),
        &bullet(),
        &effects(),
        &timeline(),
    ];
    println!("<style>{}</style>", crate::STYLES);
    for chart in charts {
        println!("<p>{}</p>", crate::svg::escape(&chart.description()));
        for width in chart.widths() {
            println!("<div>{}</div>", chart.drawing(*width));
        }
    }
}
