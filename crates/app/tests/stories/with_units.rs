//! Forecasts of a unit and of those right below it are brought together where that is asked for, and say why where they are not.

use std::sync::Arc;
use std::time::Duration;

use throughline_app::insight::{
    Brought, Depth, Insight, NoOutlook, NoUnits, ReadInsights, UNITS_MAX, WithUnits, insights,
};
use throughline_app::json::insight::ForecastAnswer;
use throughline_app::{LoadOptions, json, load_observations};
use throughline_core::{Actor, Role, Scope};
use throughline_insight::forecast::{Cause, Way};
use throughline_ledger::Location;

use crate::bench::{self, administrator, block_on};
use crate::insight::{at, location, name, on, value};

/// A unit `d` never has a value.
const ORGANISATION: &str = "organisation: { key: o, name: O, time_zone: UTC }
units:
  - { key: top, name: Top }
  - { key: a, name: A, parent: top }
  - { key: b, name: B, parent: top }
  - { key: c, name: C, parent: top }
  - { key: d, name: D, parent: top }
";
const MEASURES: &str = "measures:
  - { key: m0, name: Repairs, kind: sum, better: higher, frequency: month }
  - { key: m1, name: Days, kind: mean, better: lower, frequency: month }
  - { key: m2, name: Greatest, kind: max, better: lower, frequency: month }
";

/// Three units with so many months of values since January 2012; the means weigh 1, 2 and 3.
async fn three_units(location: &Location, months: usize) {
    let ctx = on(location, "2016-01-10").await;
    let files = bench::files([
        ("organisation.yaml", ORGANISATION),
        ("measures.yaml", MEASURES),
    ]);
    bench::apply(&ctx, &files).await;
    let mut text = "measure,unit,period,value,weight\n".to_owned();
    for (place, unit) in ["a", "b", "c"].iter().enumerate() {
        for month in 0..months {
            let period = name(month);
            let of = |measure: usize| value(measure * 3 + place, month) + 20.0 * place as f64;
            text.push_str(&format!("m0,{unit},{period},{},\n", of(0)));
            text.push_str(&format!("m1,{unit},{period},{},{}\n", of(1), place + 1));
            text.push_str(&format!("m2,{unit},{period},{},\n", of(2)));
        }
    }
    let ctx = on(location, "2016-01-10").await;
    let loaded = load_observations(&ctx, "o.csv", text.as_bytes(), LoadOptions::default()).await;
    loaded.expect("good observations");
}

/// The same with other values of the last unit in the first measure, by the months in which it has one.
async fn with_last_unit(
    location: &Location,
    organisation: &str,
    last: impl Fn(usize) -> Option<f64>,
) {
    let ctx = on(location, "2016-01-10").await;
    let files = bench::files([
        ("organisation.yaml", organisation),
        ("measures.yaml", MEASURES),
    ]);
    bench::apply(&ctx, &files).await;
    let mut lines = String::new();
    for month in 0..42 {
        let of_units = [
            Some(value(0, month)),
            Some(value(1, month) + 20.0),
            last(month),
        ];
        for (unit, value) in ["a", "b", "c"].iter().zip(of_units) {
            let line = value.map(|value| format!("m0,{unit},{},{value}\n", name(month)));
            lines.extend(line);
        }
        for unit in ["a", "b"] {
            for measure in 1..3 {
                let value = value(measure, month);
                lines.push_str(&format!("m{measure},{unit},{},{value}\n", name(month)));
            }
        }
    }
    let ctx = on(location, "2016-01-10").await;
    bench::load(&ctx, &lines).await;
}

async fn read(location: &Location, key: &str, actor: Actor) -> ReadInsights {
    read_at(location, key, actor, "2015-06").await
}

async fn read_at(location: &Location, key: &str, actor: Actor, period: &str) -> ReadInsights {
    let ctx = bench::open(location.clone(), actor, "2016-01-12T12:00:00Z").await;
    let read = insights(&ctx, Some(key), &at(period, None), Depth::WithUnits).await;
    read.expect("an answer")
}

fn brought(one: &Insight) -> &Brought {
    one.with_units.as_deref().expect("an answer")
}

fn found(one: &Insight) -> &WithUnits {
    brought(one).as_ref().expect("forecasts")
}

fn why(one: &Insight) -> &NoUnits {
    brought(one).as_ref().expect_err("a reason")
}

#[test]
fn forecasts_of_a_unit_and_those_below_it_add_up() {
    let location = location("with-units");
    block_on(async {
        three_units(&location, 42).await;
        for (key, shares) in [
            ("m0", [1.0, 1.0, 1.0]),
            ("m1", [1.0 / 6.0, 2.0 / 6.0, 3.0 / 6.0]),
        ] {
            let read = read(&location, key, administrator()).await;
            let one = &read.measures[0];
            let found = found(one);
            let outlook = one.foresight.as_deref().expect("an answer");
            let outlook = outlook.as_ref().expect("an outlook");
            let forecasts = &found.forecasts;
            assert_eq!((found.units.len(), forecasts.way), (3, Way::ByMisses));
            for (step, expected) in outlook.expected.iter().enumerate() {
                // What the unit is expected to have by itself is what its page says.
                assert!((forecasts.alone[0][step] - expected.mean).abs() < 1e-9);
                let parts = forecasts.together[1..].iter().zip(shares);
                let sum: f64 = parts.map(|(part, share)| part[step] * share).sum();
                let whole = forecasts.together[0][step];
                assert!((whole - sum).abs() < 1e-6, "{key} {step}: {whole} {sum}");
            }
            let text = json::text(&ForecastAnswer::of(&read));
            assert!(text.contains("so that they add up"), "{text}");
        }
    });
}

#[test]
fn what_is_not_brought_together_says_why() {
    let location = location("without-units");
    block_on(async {
        three_units(&location, 42).await;
        let greatest = read(&location, "m2", administrator()).await;
        assert_eq!(why(&greatest.measures[0]), &NoUnits::DoesNotAdd);
        let ctx = on(&location, "2016-01-12").await;
        let mut below = at("2015-06", None);
        below.unit = Some("a".to_owned());
        let leaf = insights(&ctx, Some("m0"), &below, Depth::WithUnits).await;
        let leaf = leaf.expect("an answer");
        assert_eq!(why(&leaf.measures[0]), &NoUnits::NoneBelow);
        // Nothing is told of units that one may not read, not even by what is left of the whole.
        let model = &leaf.selected.model;
        let a = model.units().by_key("a").expect("a unit").id();
        let confined = Actor {
            role: Role::Viewer,
            scope: Scope::Unit(a),
            ..administrator()
        };
        let above = bench::open(location.clone(), confined, "2016-01-12T12:00:00Z").await;
        let mut top = at("2015-06", None);
        top.unit = Some("top".to_owned());
        let read = insights(&above, Some("m0"), &top, Depth::WithUnits).await;
        let read = read.expect("an answer");
        assert_eq!(why(&read.measures[0]), &NoUnits::Hidden);
    });
}

/// Many units that never had a value are no reason to bring nothing together; many that have are.
#[test]
fn only_units_that_have_a_value_count_for_the_most_that_are_brought_together() {
    let organisation = |units: usize| {
        let units =
            (0..units).map(|unit| format!("  - {{ key: x{unit}, name: X, parent: top }}\n"));
        format!("{ORGANISATION}{}", units.collect::<String>())
    };
    block_on(async {
        let location = location("with-units-many");
        with_last_unit(&location, &organisation(UNITS_MAX + 10), |month| {
            Some(value(2, month))
        })
        .await;
        let of_few = read(&location, "m0", administrator()).await;
        assert_eq!(found(&of_few.measures[0]).units.len(), 3);
        let mut lines = String::new();
        for unit in 0..UNITS_MAX - 2 {
            lines.push_str(&format!("m0,x{unit},{},1\n", name(40)));
        }
        bench::load(&on(&location, "2016-01-10").await, &lines).await;
        let of_many = read(&location, "m0", administrator()).await;
        assert_eq!(why(&of_many.measures[0]), &NoUnits::TooMany(UNITS_MAX + 1));
        let text = json::text(&ForecastAnswer::of(&of_many));
        assert!(
            text.contains("61 units right below have a value of the measure; at most 60"),
            "{text}"
        );
    });
}

#[test]
fn from_parts_the_reason_is_said_and_of_one_period_there_is_none() {
    let location = location("with-units-ways");
    block_on(async {
        three_units(&location, 42).await;
        for (period, horizon, way) in [
            ("2014-11", 1, Way::ByMisses),
            ("2013-10", 2, Way::FromParts(Cause::TooShort)),
        ] {
            let read = read_at(&location, "m0", administrator(), period).await;
            let forecasts = &found(&read.measures[0]).forecasts;
            assert_eq!((forecasts.alone[0].len(), forecasts.way), (horizon, way));
            let text = json::text(&ForecastAnswer::of(&read));
            let says = text.contains("one of them has fewer than 24 points");
            assert_eq!(says, way != Way::ByMisses, "{text}");
        }
    });
}

/// What keeps a unit from a forecast of its own keeps it from being brought together, and is said by name.
#[test]
fn a_unit_below_that_has_no_forecast_is_named() {
    let c = |model: &throughline_model::Model| model.units().by_key("c").expect("a unit").id();
    let ends = ORGANISATION.replace("name: C,", "name: C, to: 2015-09-30,");
    let small = |month: usize| [1.5, 1.6, 1.4, 1.5, 1.7][month * 7 % 5];
    block_on(async {
        let silent = location("with-units-silent");
        let of_month = |month| (month < 34).then(|| value(2, month));
        with_last_unit(&silent, ORGANISATION, of_month).await;
        let read_silent = read(&silent, "m0", administrator()).await;
        // Without it too much is missing of what they add up to.
        assert_eq!(why(&read_silent.measures[0]), &NoUnits::NoOutlook);
        let trend = &read_silent.measures[0].trend;
        let with_value = trend.readings.iter().filter(|(_, one)| one.value.is_some());
        assert_eq!(with_value.count(), 36);
        let known = trend.values.iter().flatten().count();
        assert_eq!((known, trend.values.last()), (34, Some(&None)));
        let text = json::text(&ForecastAnswer::of(&read_silent));
        assert!(text.contains("newest complete value is too old"), "{text}");

        let ending = location("with-units-ending");
        with_last_unit(&ending, &ends, |month| Some(value(2, month))).await;
        let read_ending = read(&ending, "m0", administrator()).await;
        let unit = c(&read_ending.selected.model);
        assert_eq!(why(&read_ending.measures[0]), &NoUnits::Ends(unit));
        // Up to its end it is as any other.
        let before = read_at(&ending, "m0", administrator(), "2014-06").await;
        assert_eq!(found(&before.measures[0]).units.len(), 3);

        let doubtful = location("with-units-doubtful");
        let of_month = |month| Some(if month == 20 { 15.2 } else { small(month) });
        with_last_unit(&doubtful, ORGANISATION, of_month).await;
        let read_doubtful = read(&doubtful, "m0", administrator()).await;
        let unit = c(&read_doubtful.selected.model);
        let expected = NoUnits::NoneOf(unit, NoOutlook::Doubtful);
        assert_eq!(why(&read_doubtful.measures[0]), &expected);
        let text = json::text(&ForecastAnswer::of(&read_doubtful));
        assert!(
            text.contains("C: one value lies far from all others"),
            "{text}"
        );
    });
}

#[test]
fn nothing_is_expected_of_a_unit_below_that_cannot_be() {
    let location = location("with-units-possible");
    block_on(async {
        let falling = |month| Some(41.0 - month as f64 + value(2, month) / 50.0 - 2.0);
        with_last_unit(&location, ORGANISATION, falling).await;
        let read = read(&location, "m0", administrator()).await;
        let forecasts = &found(&read.measures[0]).forecasts;
        let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(
            least(&forecasts.alone[3]).abs() < 1e-9,
            "it goes below 0: {forecasts:?}"
        );
        assert!(least(&forecasts.together[3]) >= 0.0, "{forecasts:?}");
        for step in 0..forecasts.alone[0].len() {
            let sum: f64 = forecasts.together[1..].iter().map(|part| part[step]).sum();
            assert!((forecasts.together[0][step] - sum).abs() < 1e-6);
        }
    });
}

/// It is worked out once for all who ask at the same time, and whoever has no patience goes without it at first.
#[test]
fn a_server_brings_forecasts_together_beside_whoever_asks() {
    let location = location("with-units-served");
    block_on(async {
        three_units(&location, 42).await;
        let alone = read(&location, "m0", administrator()).await;
        let ctx = on(&location, "2016-01-12").await;
        let live = ctx.live().await.expect("a live state");
        let patient = ctx.of_request(&live, administrator());
        let asked = at("2015-06", None);
        let forecast = insights(&patient, Some("m0"), &asked, Depth::Forecasts).await;
        forecast.expect("a forecast");
        let hurried = ctx
            .with_patience(Duration::ZERO)
            .of_request(&live, administrator());
        let hurried_read = insights(&hurried, Some("m0"), &asked, Depth::WithUnits).await;
        let hurried_read = hurried_read.expect("an answer");
        assert!(hurried_read.measures[0].with_units.is_none());
        assert!(hurried.waiting().went_without());
        let (one, other) = tokio::join!(
            insights(&patient, Some("m0"), &asked, Depth::WithUnits),
            insights(&patient, Some("m0"), &asked, Depth::WithUnits),
        );
        let (one, other) = (one.expect("an answer"), other.expect("an answer"));
        let of = |read: &ReadInsights| read.measures[0].with_units.clone().expect("an answer");
        assert!(Arc::ptr_eq(&of(&one), &of(&other)), "it was made once");
        let text = |read: &ReadInsights| json::text(&ForecastAnswer::of(read));
        assert_eq!(text(&one), text(&alone));
    });
}
