//! What the points of measures say is one answer for everybody: the same with and without a live state, nothing that came
//! later, anew only where something changed, and without waiting for whoever has no patience.

use std::time::Duration;

use throughline_app::insight::{
    Depth, ReadInsights, Verdict, insights, target_advice, target_in_words,
};
use throughline_app::json::insight::{ForecastAnswer, SignalsAnswer};
use throughline_app::{Ctx, LoadOptions, Selection, json, load_observations};
use throughline_insight::forecast::ChanceWord;
use throughline_insight::signals::State;
use throughline_ledger::Location;
use throughline_model::text::PlanFile;

use crate::bench::{self, administrator, block_on, folder};

/// So many measures: enough for chances in numbers.
pub(crate) const MEASURES: usize = 31;

/// An empty folder.
pub(crate) fn location(name: &str) -> Location {
    let folder = folder(&format!("insight-{name}"));
    Location::from(&folder)
}

/// The context of the administrator on a day.
pub(crate) async fn on(location: &Location, day: &str) -> Ctx {
    bench::open(
        location.clone(),
        administrator(),
        &format!("{day}T12:00:00Z"),
    )
    .await
}

/// A plan of measures `m0` and on that are to be 110 at least.
fn plan() -> Vec<PlanFile> {
    plan_to_reach(110)
}

pub(crate) fn plan_to_reach(target: i32) -> Vec<PlanFile> {
    let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
";
    let mut text = "measures:\n".to_owned();
    for measure in 0..MEASURES {
        text.push_str(&format!(
            "  - {{ key: m{measure}, name: Measure {measure}, kind: mean, better: higher, frequency: month, indicator: lagging }}\n"
        ));
    }
    text.push_str("targets:\n");
    for measure in 0..MEASURES {
        text.push_str(&format!(
            "  - {{ measure: m{measure}, unit: top, points: [{{ period: 2010-01, value: {target} }}], joined: steps }}\n"
        ));
    }
    bench::files([
        ("organisation.yaml", organisation),
        ("measures.yaml", &text),
    ])
}

/// About 100, up and down without a pattern that anybody would see.
pub(crate) fn value(measure: usize, month: usize) -> f64 {
    let mixed = (measure * 7919 + month * 104_729).wrapping_mul(2_654_435_761) % 1000;
    100.0 + mixed as f64 / 100.0
}

/// `2012-03` of the third month since January 2012.
pub(crate) fn name(month: usize) -> String {
    format!("{}-{:02}", 2012 + month / 12, month % 12 + 1)
}

pub(crate) async fn load(ctx: &Ctx, rows: impl Iterator<Item = (usize, usize, f64)>) {
    let line = |(measure, month, value)| format!("m{measure},top,{},{value}\n", name(month));
    bench::load(ctx, &rows.map(line).collect::<String>()).await;
}

/// A ledger with two years of values, recorded in January 2014.
pub(crate) async fn two_years(location: &Location) {
    let ctx = on(location, "2014-01-10").await;
    bench::apply(&ctx, &plan()).await;
    let ctx = on(location, "2014-01-10").await;
    let rows = (0..MEASURES).flat_map(|measure| (0..24).map(move |month| (measure, month)));
    load(
        &ctx,
        rows.map(|(measure, month)| (measure, month, value(measure, month))),
    )
    .await;
}

pub(crate) fn at(period: &str, known_at: Option<&str>) -> Selection {
    Selection {
        unit: None,
        period: Some(period.to_owned()),
        known_at: known_at.map(str::to_owned),
        plan_at: None,
    }
}

pub(crate) async fn forecasts(ctx: &Ctx, key: Option<&str>, asked: &Selection) -> ReadInsights {
    let read = insights(ctx, key, asked, Depth::Forecasts).await;
    read.expect("an answer")
}

fn as_text(read: &ReadInsights) -> String {
    json::text(&ForecastAnswer::of(read)) + &json::text(&SignalsAnswer::of(read))
}

#[test]
fn a_server_says_what_the_ledger_says() {
    let location = location("served");
    block_on(async {
        two_years(&location).await;
        let ctx = on(&location, "2014-01-10").await;
        let asked = at("2013-12", None);
        let read = forecasts(&ctx, None, &asked).await;
        assert_eq!(read.measures.len(), MEASURES);
        let outlook = read.measures[0].foresight.as_ref().expect("an answer");
        let outlook = outlook.as_ref().as_ref().expect("an outlook");
        assert_eq!(outlook.expected.len(), 12);
        let chance = outlook.aimed.expect("a target").chance;
        assert_eq!(chance.word(), ChanceWord::Unlikely, "110 was never reached");
        assert!(chance.percent().is_some());
        let live = ctx.live().await.expect("a live state");
        let of_server = ctx.of_request(&live, administrator());
        let served = forecasts(&of_server, None, &asked).await;
        assert_eq!(as_text(&served), as_text(&read));
    });
}

#[test]
fn what_came_later_is_not_known() {
    let location = location("later");
    block_on(async {
        two_years(&location).await;
        let ctx = on(&location, "2014-01-10").await;
        let before = forecasts(&ctx, Some("m0"), &at("2013-12", Some("2014-01-31"))).await;
        let ctx = on(&location, "2014-03-10").await;
        // January is another world, and so is a corrected December.
        load(&ctx, [(0, 23, 500.0), (0, 24, 900.0)].into_iter()).await;
        let after = forecasts(&ctx, Some("m0"), &at("2013-12", Some("2014-01-31"))).await;
        assert_eq!(as_text(&after), as_text(&before));
        // Of an earlier period the later ones are no points, also where they are known by now.
        let earlier = forecasts(&ctx, Some("m0"), &at("2013-11", None)).await;
        let trend = &earlier.measures[0].trend;
        assert_eq!(trend.values.iter().flatten().count(), 23);
        let now = forecasts(&ctx, Some("m0"), &at("2014-01", None)).await;
        let verdict = now.measures[0].trend.verdict(&now.selected.period);
        assert_eq!(verdict, Some(Verdict::Of(State::Improving)));
    });
}

#[test]
fn whoever_has_no_patience_gets_the_forecast_the_next_time() {
    let location = location("hurried");
    block_on(async {
        two_years(&location).await;
        let ctx = on(&location, "2014-01-10").await;
        let live = ctx.live().await.expect("a live state");
        let hurried = ctx
            .with_patience(Duration::ZERO)
            .of_request(&live, administrator());
        let asked = at("2013-12", None);
        let mut known = 0;
        let mut answers = 0;
        while known < MEASURES && answers < 10_000 {
            let read = forecasts(&hurried, None, &asked).await;
            let there = read.measures.iter().filter(|one| one.foresight.is_some());
            let there = there.count();
            assert!(there >= known, "what was there stays");
            known = there;
            answers += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(known, MEASURES);
        assert!(answers > 1, "the first answer did not wait");
    });
}

#[test]
fn a_period_that_is_not_over_is_no_point() {
    let location = location("running");
    block_on(async {
        two_years(&location).await;
        let ctx = on(&location, "2014-02-10").await;
        load(&ctx, [(0, 25, 3.0)].into_iter()).await;
        let read = forecasts(&ctx, Some("m0"), &at("2014-02", None)).await;
        let trend = &read.measures[0].trend;
        assert_eq!(trend.verdict(&read.selected.period), None);
        assert_eq!(trend.signals.have, 24);
        let outlook = read.measures[0].foresight.as_ref().expect("an answer");
        let outlook = outlook.as_ref().as_ref().expect("an outlook");
        // What February has so far does not pull the forecast down.
        assert!(outlook.expected[0].mean > 95.0);
    });
}

/// Points are of months: what they say of a target is said of the month's, whatever period is shown.
#[test]
fn advice_is_of_the_target_of_a_month() {
    block_on(async {
        let location = location("advice-month");
        let ctx = on(&location, "2014-01-10").await;
        let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
";
        let measures = "measures:
  - { key: m0, name: M, kind: sum, better: lower, frequency: month, indicator: lagging }
targets:
  - { measure: m0, unit: top, points: [{ period: 2012, value: 1200 }, { period: 2013, value: 1200 }], joined: steps }
";
        let files = [
            ("organisation.yaml", organisation),
            ("measures.yaml", measures),
        ];
        bench::apply(&ctx, &bench::files(files)).await;
        let ctx = on(&location, "2014-01-10").await;
        // About 105 a month, against 100 a month and 300 a quarter.
        load(&ctx, (0..24).map(|month| (0, month, value(0, month)))).await;
        let said = async |period: &str| {
            let read = insights(&ctx, Some("m0"), &at(period, None), Depth::Signals)
                .await
                .expect("an answer");
            let model = &read.selected.model;
            let measure = model.measures().by_key("m0").expect("it");
            target_in_words(&read.measures[0].trend, measure, model.calendar())
        };
        let month = said("2013-12").await.expect("advice");
        assert!(month.contains("reaches at most 100"), "{month}");
        assert_eq!(said("2013-Q4").await.as_deref(), Some(month.as_str()));
    });
}

/// Seven units with levels 100, 101 and on, each about its own; at the first of them every target follows the result before it
/// where that was good, and never falls.
#[test]
fn a_target_is_held_against_peers_and_against_the_results_before_it() {
    block_on(async {
        let location = location("advice");
        let ctx = on(&location, "2014-01-10").await;
        let wave = |unit: usize, month: usize| value(unit, month) + unit as f64 - 5.0;
        let mut points = "[".to_owned();
        let mut target = 100.0;
        for month in 0..24 {
            points.push_str(&format!("{{ period: {}, value: {target} }}, ", name(month)));
            target += (0.8 * (wave(0, month) - target)).max(0.0) - 0.5;
        }
        points.push(']');
        let units: String = (0..7)
            .map(|unit| format!("  - {{ key: u{unit}, name: Unit {unit}, parent: top }}\n"))
            .collect();
        let organisation = format!(
            "organisation: {{ key: o, name: O, time_zone: UTC }}\nunits:\n  - {{ key: top, name: Top }}\n{units}"
        );
        let measures = format!(
            "measures:\n  - {{ key: m, name: M, kind: mean, better: higher, frequency: month, indicator: lagging }}
targets:\n  - {{ measure: m, unit: u0, points: {points}, joined: steps }}\n"
        );
        let files = [
            ("organisation.yaml", organisation),
            ("measures.yaml", measures),
        ];
        bench::apply(&ctx, &bench::files(files)).await;
        let ctx = on(&location, "2014-01-10").await;
        let rows: String = (0..7)
            .flat_map(|unit| (0..24).map(move |month| (unit, month)))
            .map(|(unit, month)| format!("m,u{unit},{},{}\n", name(month), wave(unit, month)))
            .collect();
        let rows = format!("measure,unit,period,value\n{rows}");
        load_observations(&ctx, "rows.csv", rows.as_bytes(), LoadOptions::default())
            .await
            .expect("observations");
        let said = target_advice(&ctx, "m", "u0").await.expect("advice");
        assert!(
            said.iter().any(|one| one.starts_with("A quarter of the peers truly reaches")
                && one.ends_with("Peers are 6 other units at this level below Top, by their latest 12 values.")),
            "{said:?}"
        );
        assert!(
            said.iter()
                .any(|one| one.starts_with("Targets follow good results")),
            "{said:?}"
        );
        let nothing = target_advice(&ctx, "m", "nowhere")
            .await
            .expect("no advice");
        assert!(nothing.is_empty(), "{nothing:?}");
    });
}

/// What comes back each year is in values and not in the target: how often it is met is said over all months of a year.
#[test]
fn a_measure_with_a_season_has_advice_on_its_target() {
    let location = location("season-advice");
    block_on(async {
        let measures = "measures:
  - { key: m0, name: High, kind: mean, better: higher, frequency: month }
  - { key: m1, name: Low, kind: mean, better: higher, frequency: month }
targets:
  - { measure: m0, unit: top, points: [{ period: 2010-01, value: 250 }], joined: steps }
  - { measure: m1, unit: top, points: [{ period: 2010-01, value: 103 }], joined: steps }
";
        let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
";
        let ctx = on(&location, "2015-01-10").await;
        bench::apply(
            &ctx,
            &bench::files([
                ("organisation.yaml", organisation),
                ("measures.yaml", measures),
            ]),
        )
        .await;
        let ctx = on(&location, "2015-01-10").await;
        let cells = (0..2).flat_map(|measure| (0..36).map(move |month| (measure, month)));
        // The level is about 105, and half of the months of a year lie 40 above it.
        let rows = cells.map(|(measure, month)| {
            let season = if month % 12 < 6 { 40.0 } else { 0.0 };
            (measure, month, value(measure, month) + season)
        });
        load(&ctx, rows).await;
        let advice = async |measure: &str| {
            let said = target_advice(&ctx, measure, "top").await.expect("advice");
            said.join(" ")
        };
        let high = advice("m0").await;
        assert!(high.contains("needs a different process"), "{high}");
        // Met in each month of the high season, and in most of the others by chance.
        let low = advice("m1").await;
        assert!(low.contains("of months"), "{low}");
        assert!(
            !low.contains("100%") && !low.contains("different process"),
            "{low}"
        );
    });
}

/// Nothing is expected of a period in which the unit is not there any more.
#[test]
fn a_forecast_ends_where_its_unit_does() {
    let location = location("ended");
    block_on(async {
        let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units:
  - { key: top, name: Top }
  - { key: old, name: Old, parent: top, to: 2013-12-31 }
  - { key: short, name: Short, parent: top, to: 2014-02-28 }
";
        let measure = |number: usize| {
            format!(
                "  - {{ key: m{number}, name: M{number}, kind: mean, better: higher, frequency: month }}\n"
            )
        };
        let measures: String = (0..6).map(measure).collect();
        let files = bench::files([
            ("organisation.yaml", organisation.to_owned()),
            ("measures.yaml", format!("measures:\n{measures}")),
        ]);
        bench::apply(&on(&location, "2014-01-10").await, &files).await;
        let cells = (0..6).flat_map(|measure| (0..24).map(move |month| (measure, month)));
        let line = |(measure, month)| {
            let of = |unit| {
                format!(
                    "m{measure},{unit},{},{}\n",
                    name(month),
                    value(measure, month)
                )
            };
            of("old") + &of("short")
        };
        let ctx = on(&location, "2014-01-10").await;
        bench::load(&ctx, &cells.map(line).collect::<String>()).await;
        let expected = async |unit: &str| {
            let asked = Selection {
                unit: Some(unit.to_owned()),
                ..at("2013-12", None)
            };
            let read = forecasts(&ctx, None, &asked).await;
            let foresight = read.measures[0]
                .foresight
                .clone()
                .expect("it was waited for");
            match foresight.as_ref() {
                Ok(outlook) => outlook
                    .expected
                    .last()
                    .map(|last| last.period.last.to_string()),
                Err(why) => Some(why.to_string()),
            }
        };
        assert_eq!(expected("short").await.as_deref(), Some("2014-02-28"));
        let ended = "the unit or the measure has ended";
        assert_eq!(expected("old").await.as_deref(), Some(ended));
    });
}
