//! A target that is for a year is held against the year, while its months come in: with what is there so far, and the chance of
//! the sum or the mean.

use throughline_app::insight::{Outlook, Whole, chances_come_true, outlook_in_words};
use throughline_app::json;
use throughline_app::json::insight::ForecastAnswer;
use throughline_ledger::Location;

use crate::bench::{self, block_on};
use crate::insight::{MEASURES, at, forecasts, load, location, on, value};

/// So many months of values, from January 2012 on.
const MONTHS: usize = 30;

/// A ledger of measures of a kind that are to come to so much in each year; `m0` is held to each month, too, as it says nothing
/// of the year.
async fn of_kind(location: &Location, kind: &str, year: f64) {
    let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
";
    let mut text = "measures:\n".to_owned();
    for measure in 0..MEASURES {
        text.push_str(&format!(
            "  - {{ key: m{measure}, name: Measure {measure}, kind: {kind}, better: higher, frequency: month, indicator: lagging, decimals: 1 }}\n"
        ));
    }
    text.push_str("targets:\n");
    for measure in 0..MEASURES {
        let (period, value) = match measure {
            0 => ("2010-01", 110.0),
            _ => ("2010", year),
        };
        text.push_str(&format!(
            "  - {{ measure: m{measure}, unit: top, points: [{{ period: {period}, value: {value} }}], joined: steps }}\n"
        ));
    }
    let ctx = on(location, "2014-07-10").await;
    let files = bench::files([
        ("organisation.yaml", organisation),
        ("measures.yaml", &text),
    ]);
    bench::apply(&ctx, &files).await;
    let rows = (0..MEASURES).flat_map(|measure| (0..MONTHS).map(move |month| (measure, month)));
    let rows = rows.map(|(measure, month)| (measure, month, value(measure, month)));
    load(&on(location, "2014-07-10").await, rows).await;
}

async fn outlook(location: &Location, key: &str, period: &str) -> (Outlook, Vec<String>) {
    let ctx = on(location, "2014-07-12").await;
    let read = forecasts(&ctx, Some(key), &at(period, None)).await;
    let one = &read.measures[0];
    let foresight = one.foresight.as_deref().expect("an answer");
    let outlook = foresight.as_ref().expect("an outlook").clone();
    let model = &read.selected.model;
    let measure = model.measures().get(one.measure).expect("a measure");
    let said = outlook_in_words(foresight, &one.trend, measure, model.calendar());
    (outlook, said)
}

async fn whole(location: &Location, key: &str, period: &str) -> Whole {
    let (outlook, _) = outlook(location, key, period).await;
    outlook.whole.expect("a year")
}

fn so_far(months: std::ops::Range<usize>) -> f64 {
    months.map(|month| value(1, month)).sum()
}

#[test]
fn the_sum_of_a_year_is_held_against_its_target() {
    let location = location("year-sum");
    block_on(async {
        of_kind(&location, "sum", 1200.0).await;
        let (found, said) = outlook(&location, "m1", "2014-06").await;
        let year = found.whole.expect("a year");
        let there = so_far(24..30);
        assert!(year.is_sum);
        assert!((year.so_far.expect("six months") - there).abs() < 1e-9);
        let to_come: f64 = found.expected.iter().map(|one| one.mean).sum();
        assert!((year.expected - there - to_come).abs() < 1e-9);
        // About 105 a month are 1,260 a year.
        assert_eq!(year.aimed.chance.percent(), Some(95));
        assert_eq!(found.goal().map(|(period, _)| period), Some(year.period));
        for part in [
            "is expected for all of 2014, with 634.",
            " so far, and at least 1,200.0 is likely (about 95%).",
        ] {
            assert!(said[0].contains(part), "{said:?}");
        }
        // The range of the sum holds what is expected, and is wider than that of its last month.
        let (low, high) = year.range.expect("a range");
        let (of_month, _) = (found.expected[5].ranges[1]).expect("a range");
        assert!(low < year.expected && year.expected < high);
        assert!(high - low > 2.0 * (found.expected[5].mean - of_month));
        // The longer period that is shown may be the year itself, while it runs.
        assert_eq!(whole(&location, "m1", "2014").await.so_far, year.so_far);
        // Whose end is shown has the next year before it, and nothing of that yet.
        let next = whole(&location, "m1", "2013-12").await;
        assert_eq!((next.period, next.so_far), (year.period, None));
        // A target that is for months says nothing of the year.
        let (of_months, said) = outlook(&location, "m0", "2014-06").await;
        assert!(of_months.whole.is_none() && of_months.aimed.is_some());
        assert!(!said[0].contains("all of 2014"), "{said:?}");
        let ctx = on(&location, "2014-07-12").await;
        let read = forecasts(&ctx, Some("m1"), &at("2014-06", None)).await;
        let text = json::text(&ForecastAnswer::of(&read));
        assert!(text.contains("\"by\": \"sum\""), "{text}");
    });
}

#[test]
fn the_mean_of_a_year_is_held_against_its_target() {
    let location = location("year-mean");
    block_on(async {
        of_kind(&location, "mean", 108.0).await;
        let (found, said) = outlook(&location, "m1", "2014-06").await;
        let year = found.whole.expect("a year");
        let there = so_far(24..30);
        assert!((year.so_far.expect("six months") - there / 6.0).abs() < 1e-9);
        let to_come: f64 = found.expected.iter().map(|one| one.mean).sum();
        assert!((year.expected - (there + to_come) / 12.0).abs() < 1e-9);
        // A single month is as far off as ever; the mean of twelve, half of which is there, is not.
        let (low, high) = year.range.expect("a range");
        let (of_month, _) = (found.expected[5].ranges[1]).expect("a range");
        assert!(high - low < found.expected[5].mean - of_month);
        assert_eq!(year.aimed.chance.percent(), Some(5));
        assert!(said[0].contains("on average over 2014, with"), "{said:?}");
    });
}

/// What was said of a year comes due when the year is over, and is held against its value.
#[test]
fn a_chance_of_a_year_comes_due_with_the_year() {
    let location = location("year-due");
    block_on(async {
        of_kind(&location, "sum", 1200.0).await;
        let ctx = on(&location, "2014-07-12").await;
        let read = chances_come_true(&ctx, &at("2013-12", None)).await;
        let read = read.expect("an answer");
        assert!(read.is_rehearsed);
        let track = read.track.expect("chances that have come due");
        let reached = |measure: usize| (12..24).map(|month| value(measure, month)).sum::<f64>();
        assert!((1..MEASURES).all(|measure| reached(measure) >= 1200.0));
        // Of the years all came true; of m0's months what came of them.
        let came_true = |bin: &throughline_insight::forecast::Bin| bin.count as f64 * bin.came_true;
        let came_true: f64 = track.bins.iter().map(came_true).sum();
        let of_month = usize::from(value(0, 23) >= 110.0);
        let months = track.count / MEASURES;
        assert_eq!(track.count, months * MEASURES);
        let expected = (months * (MEASURES - 1 + of_month)) as f64;
        assert!(
            (came_true - expected).abs() < 1e-9,
            "{came_true} {expected}"
        );
    });
}
