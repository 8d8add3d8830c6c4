//! Forecasts of a unit and of those right below it are brought together where that is asked for, and say why where they are not.

use throughline_app::insight::{Depth, Insight, NoUnits, ReadInsights, insights};
use throughline_app::json::insight::ForecastAnswer;
use throughline_app::{LoadOptions, json, load_observations};
use throughline_core::{Actor, Role, Scope};
use throughline_insight::forecast::Way;
use throughline_ledger::Location;

use crate::bench::{self, administrator, block_on};
use crate::insight::{at, location, name, on, value};

const ORGANISATION: &str = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: A, parent: top }, { key: b, name: B, parent: top }, { key: c, name: C, parent: top }]
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

async fn read(location: &Location, key: &str, actor: Actor) -> ReadInsights {
    let ctx = bench::open(location.clone(), actor, "2016-01-12T12:00:00Z").await;
    let read = insights(&ctx, Some(key), &at("2015-06", None), Depth::WithUnits).await;
    read.expect("an answer")
}

fn why(one: &Insight) -> &NoUnits {
    let found = one.with_units.as_ref().expect("an answer");
    found.as_ref().expect_err("a reason")
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
            let found = one.with_units.as_ref().expect("an answer");
            let found = found.as_ref().expect("forecasts");
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
