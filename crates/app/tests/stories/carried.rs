//! What a live state carries over from one commit to the next is what it would make anew: the values that evidence and forecasts
//! are made of, whatever is observed, corrected or taken back.

use std::path::Path;
use std::time::Duration;

use throughline_app::drivers::drivers;
use throughline_app::evidence::{evidence, keep_grades};
use throughline_app::insight::{Depth, chances_come_true, insights, target_advice};
use throughline_app::{
    AtUnit, Ctx, Live, NewNote, Selection, add_note, decisions, explain, measure, scorecard,
};
use throughline_model::text::PlanFile;

use crate::bench::{self, administrator, block_on, folder, load};

async fn open(folder: &Path) -> Ctx {
    bench::open(folder, administrator(), "2013-07-01T12:00:00Z").await
}

/// Six units below two below one; seven measures of which two are linked, one is read at another unit than that of the formula
/// that needs it, one has targets that follow the season, and one formula stands for an end of a link. Other formulas read
/// where they are asked for, before, below, and what is judged there.
fn plan_of_links() -> Vec<PlanFile> {
    let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units:
  - { key: all, name: All }
  - { key: north, name: North, parent: all }
  - { key: south, name: South, parent: all }
  - { key: n1, name: N1, parent: north }
  - { key: n2, name: N2, parent: north }
  - { key: n3, name: N3, parent: north }
  - { key: s1, name: S1, parent: south }
  - { key: s2, name: S2, parent: south }
  - { key: s3, name: S3, parent: south }
  - { key: s4, name: S4, parent: south }
";
    let measure = |number: usize| {
        format!(
            "  - {{ key: m{number}, name: M{number}, kind: mean, frequency: month, better: higher }}\n"
        )
    };
    let measures: String = (0..7).map(measure).collect();
    let measures = format!(
        "measures:
{measures}  - {{ key: other, name: O, kind: sum, frequency: month, indicator: leading }}
  - {{ key: share, name: S, kind: formula, formula: m2 / other@n1, frequency: month, better: higher }}
  - {{ key: ratio, name: R, kind: formula, formula: m3 / m6, frequency: month, better: higher }}
  - {{ key: back, name: B, kind: formula, formula: \"ratio - prev(m0, 2) + ytd(m1)\", frequency: month, better: higher }}
  - {{ key: parts, name: P, kind: formula, formula: children_sum(m2) + score(m6), frequency: month, better: higher }}
targets:
  - {{ measure: m0, unit: all, points: [{{ period: 2010, value: 100 }}], joined: steps }}
  - {{ measure: m6, unit: all, points: [{{ period: 2010, value: 100 }}], joined: steps, seasonal: true }}
"
    );
    let strategy = "strategy: { key: s, name: S, from: 2010, to: 2013 }
objectives:
  - { key: cause, name: C, measures: [m0] }
  - { key: effect, name: E, measures: [m1] }
  - { key: shared, name: S, measures: [share] }
";
    let map = "links:
  - { from: cause, to: effect, effect: raises, strength: strong, lag: 1 months }
  - { from: cause, to: shared, effect: raises }
";
    bench::files([
        ("organisation.yaml", organisation),
        ("measures.yaml", &measures),
        ("strategy.yaml", strategy),
        ("map.yaml", map),
    ])
}

/// The evidence of the map, and what is read, explained, foreseen and said of each measure at some units; all of it is remembered
/// from then on.
async fn weighed(ctx: &Ctx, live: &Live) -> Vec<String> {
    let ctx = ctx.of_request(live, *ctx.actor());
    let mut said = Vec::new();
    for (unit, period) in [
        ("all", "2012-12"),
        ("north", "2012-12"),
        ("n1", "2013-03"),
        ("s1", "2012-12"),
    ] {
        let asked = Selection {
            unit: Some(unit.to_owned()),
            period: Some(period.to_owned()),
            ..Selection::default()
        };
        let read = evidence(&ctx, &asked).await.expect("evidence");
        said.extend(read.map.links.iter().map(|link| format!("{link:?}")));
        let read = insights(&ctx, None, &asked, Depth::Forecasts)
            .await
            .expect("forecasts");
        let of_measures = read.measures.iter();
        said.extend(of_measures.map(|one| {
            format!(
                "{unit} {:?} {:?} {:?}",
                one.measure, one.trend, one.foresight
            )
        }));
        said.extend(read_and_said(&ctx, &asked).await);
    }
    said
}

/// The scorecard of a place, where its numbers come from, what made them differ, and the advice on their targets.
async fn read_and_said(ctx: &Ctx, asked: &Selection) -> Vec<String> {
    let read = scorecard(ctx, asked).await.expect("a scorecard");
    let card = &read.scorecard;
    let mut said = vec![format!("{:?} {:?}", card.nodes, card.measures)];
    let decisions = decisions(ctx, &read).await.expect("decisions");
    said.push(format!("{decisions:?}"));
    for reading in card.measures.iter() {
        let record = read.selected.model.measures().get(reading.measure);
        let key = record.expect("a measure").key.as_str();
        let explained = explain(ctx, key, asked).await.expect("an explanation");
        said.push(format!("{:?}", explained.explanation));
        if let AtUnit::Read(read) = measure(ctx, key, asked, 0, None).await.expect("a measure") {
            said.push(format!("{key} {:?}", read.below));
        }
        let differs = drivers(ctx, key, asked, None).await.expect("drivers");
        said.push(format!("{key} {:?}", differs.compared));
        let unit = asked.unit.as_deref().expect("a unit");
        let advice = target_advice(ctx, key, unit).await.expect("advice");
        said.push(format!("{key} {advice:?}"));
    }
    said
}

/// How often chances came true at two units; it is remembered from then on.
async fn came_true(ctx: &Ctx, live: &Live) -> Vec<String> {
    let ctx = ctx.of_request(live, *ctx.actor());
    let mut said = Vec::new();
    for unit in ["all", "n1"] {
        let asked = Selection {
            unit: Some(unit.to_owned()),
            period: Some("2012-12".to_owned()),
            ..Selection::default()
        };
        let read = chances_come_true(&ctx, &asked).await.expect("chances");
        said.push(format!("{:?} {}", read.track, read.months));
    }
    said
}

/// A ledger of its own with a plan, and who reads and writes it.
async fn with_plan(name: &str, plan: &[PlanFile]) -> Ctx {
    let folder = folder(name);
    bench::apply(&open(&folder).await, plan).await;
    open(&folder).await
}

/// Whatever is observed or corrected or taken back, where and of when: what was carried over says what is made anew.
#[test]
fn evidence_and_forecasts_that_were_carried_are_those_made_anew() {
    block_on(async {
        let ctx = with_plan("carried", &plan_of_links()).await;
        let mut chance: u64 = 7;
        let mut below = |most: usize| {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) as usize % most
        };
        let units = ["n1", "n2", "n3", "s1", "s2", "s3"];
        let mut rows = String::new();
        for (unit, month) in units
            .iter()
            .flat_map(|unit| (0..30).map(move |month| (unit, month)))
        {
            let period = format!("{}-{:02}", 2010 + month / 12, month % 12 + 1);
            for measure in ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "other"] {
                rows.push_str(&format!("{measure},{unit},{period},{}\n", 90 + below(20)));
            }
        }
        load(&ctx, &rows).await;
        let live = ctx.live().await.expect("a live state");
        let mut before = weighed(&ctx, &live).await;
        let mut moved = 0;
        for round in 0..16 {
            let mut rows = String::new();
            for _ in 0..=below(2) {
                // Mostly of periods that are looked at, now and then of later ones, and by a unit that never reported.
                let measure = ["m0", "m1", "m2", "m3", "m6", "other"][below(6)];
                let unit = ["n1", "n2", "s1", "s3", "s4", "north"][below(6)];
                let month = below(42);
                let value = match below(5) {
                    0 => String::new(),
                    _ => (80 + below(40)).to_string(),
                };
                rows.push_str(&format!(
                    "{measure},{unit},{}-{:02},{value}\n",
                    2010 + month / 12,
                    month % 12 + 1
                ));
            }
            load(&ctx, &rows).await;
            live.catch_up().await.expect("a ledger");
            if round % 4 == 3 {
                continue;
            }
            let anew = ctx.live().await.expect("a live state");
            let after = weighed(&ctx, &live).await;
            assert_eq!(after, weighed(&ctx, &anew).await, "{rows}");
            // It takes two years of forecasts, which are not made anew each time.
            if round >= 13 {
                let said = came_true(&ctx, &live).await;
                assert_eq!(said, came_true(&ctx, &anew).await, "{rows}");
            }
            moved += usize::from(after != before);
            before = after;
        }
        assert!(moved > 6, "most of it moves something: {moved}");
    });
}

/// At how many measures of a unit what is to come is there at once, for somebody who waits for nothing.
async fn there_at_once(ctx: &Ctx, live: &Live, unit: &str) -> (usize, usize) {
    let ctx = ctx.of_request(live, *ctx.actor());
    let asked = Selection {
        unit: Some(unit.to_owned()),
        period: Some("2012-12".to_owned()),
        ..Selection::default()
    };
    let read = insights(&ctx, None, &asked, Depth::Forecasts).await;
    let read = read.expect("forecasts");
    let there = read.measures.iter().filter(|one| one.foresight.is_some());
    assert_eq!(
        ctx.waiting().went_without(),
        there.clone().count() < read.measures.len()
    );
    (there.count(), read.measures.len())
}

/// Notes, decisions and kept grades change nothing that is evaluated: what was there is there, and says what is made anew.
#[test]
fn a_plan_that_is_evaluated_as_it_was_takes_nothing_away() {
    block_on(async {
        let plan = plan_of_links();
        let ctx = with_plan("carried-plan", &plan).await;
        let mut rows = String::new();
        for (unit, month) in ["n1", "n2", "n3", "s1", "s2", "s3"]
            .iter()
            .flat_map(|unit| (0..36).map(move |month| (unit, month)))
        {
            let period = format!("{}-{:02}", 2010 + month / 12, month % 12 + 1);
            for (place, measure) in ["m0", "m1", "m2", "m3", "m4", "m5", "m6"]
                .iter()
                .enumerate()
            {
                let value = 90 + (month * (7 + place) + unit.len() * 3) % 13 + month / 18 * 20;
                rows.push_str(&format!("{measure},{unit},{period},{value}\n"));
            }
        }
        load(&ctx, &rows).await;
        let live = ctx.live().await.expect("a live state");
        let hurried = open(
            Path::new(env!("CARGO_TARGET_TMPDIR"))
                .join("carried-plan")
                .as_path(),
        )
        .await
        .with_patience(Duration::ZERO);
        let before = weighed(&ctx, &live).await;
        let (_, measures) = there_at_once(&hurried, &live, "all").await;
        let check = async |what: &str, at_n1: usize| {
            live.catch_up().await.expect("a ledger");
            assert_eq!(
                there_at_once(&hurried, &live, "all").await,
                (measures, measures),
                "{what}"
            );
            assert_eq!(
                there_at_once(&hurried, &live, "s1").await.0,
                measures,
                "{what}"
            );
            let anew = ctx.live().await.expect("a live state");
            let after = weighed(&ctx, &live).await;
            assert_eq!(after, weighed(&ctx, &anew).await, "{what}");
            assert_eq!(after != before, at_n1 > 0, "{what}");
        };
        let decision = PlanFile {
            path: "governance.yaml".to_owned(),
            bytes: b"decisions:\n  - { key: d-1, what: Close it, on: 2012-11-12, measure: m0 }\n"
                .to_vec(),
        };
        let with_decision: Vec<PlanFile> = plan.iter().cloned().chain([decision]).collect();
        bench::apply(&ctx, &with_decision).await;
        check("a decision", 0).await;
        let note = NewNote {
            measure: "m0".to_owned(),
            period: "2011-07".to_owned(),
            what: "Another way".to_owned(),
            baseline: true,
            right: None,
        };
        let asked = Selection {
            unit: Some("n1".to_owned()),
            ..Selection::default()
        };
        add_note(&ctx, &asked, &note).await.expect("a note");
        check("a note", 1).await;
        // With figures in the same step.
        load(&ctx, "m4,s2,2012-12,101\n").await;
        keep_grades(&ctx, &Selection::default())
            .await
            .expect("grades");
        live.catch_up().await.expect("a ledger");
        let anew = ctx.live().await.expect("a live state");
        assert_eq!(weighed(&ctx, &live).await, weighed(&ctx, &anew).await);
        // What is evaluated otherwise is made anew.
        let mut moved = with_decision.clone();
        for file in &mut moved {
            let text = String::from_utf8(file.bytes.clone()).expect("text");
            file.bytes = text.replace("value: 100", "value: 90").into_bytes();
        }
        bench::apply(&ctx, &moved).await;
        live.catch_up().await.expect("a ledger");
        assert_eq!(there_at_once(&hurried, &live, "all").await.0, 0);
        let anew = ctx.live().await.expect("a live state");
        assert_eq!(weighed(&ctx, &live).await, weighed(&ctx, &anew).await);
    });
}

/// A week that ends after its month is a part of the month: a formula that is read by the week reads days of the next month.
#[test]
fn a_formula_reads_days_after_the_month_that_its_week_belongs_to() {
    let plan = plan_of_links().into_iter().map(|file| {
        let text = String::from_utf8(file.bytes).expect("text");
        let text = match file.path.as_str() {
            "measures.yaml" => text.replace(
                "key: share, name: S, kind: formula, formula: m2 / other@n1, frequency: month",
                "key: share, name: S, kind: formula, formula: of / all, frequency: week, over_time: mean",
            )
            .replace(
                "targets:",
                "  - { key: of, name: Of, kind: sum, frequency: day }
  - { key: all, name: All, kind: sum, frequency: day }
targets:",
            ),
            _ => text.replace("from: cause, to: shared", "from: shared, to: effect"),
        };
        PlanFile {
            path: file.path,
            bytes: text.into_bytes(),
        }
    });
    let plan: Vec<PlanFile> = plan.collect();
    block_on(async {
        let ctx = with_plan("carried-weeks", &plan).await;
        let mut rows = String::new();
        let units = ["n1", "n2", "n3", "s1", "s2", "s3"];
        let day = |number: i64| {
            let first: jiff::civil::Date = "2010-12-27".parse().expect("a day");
            first.saturating_add(jiff::Span::new().days(number))
        };
        for (place, unit) in units.iter().enumerate() {
            for number in 0..780 {
                let of = 40 + (number * 7 + place as i64 * 11 + number / 7 * 5) % 23;
                rows.push_str(&format!(
                    "of,{unit},{},{of}\nall,{unit},{0},100\n",
                    day(number)
                ));
            }
            for month in 0..26 {
                let period = format!("{}-{:02}", 2011 + month / 12, month % 12 + 1);
                let value = 90 + (month * 5 + place * 3) % 17;
                rows.push_str(&format!("m1,{unit},{period},{value}\n"));
            }
        }
        load(&ctx, &rows).await;
        let live = ctx.live().await.expect("a live state");
        let said = async |live: &Live| {
            let ctx = ctx.of_request(live, *ctx.actor());
            let asked = Selection {
                unit: Some("n1".to_owned()),
                period: Some("2013-01".to_owned()),
                ..Selection::default()
            };
            let read = evidence(&ctx, &asked).await.expect("evidence");
            let links = read.map.links.iter().map(|link| format!("{link:?}"));
            let mut said: Vec<String> = links.collect();
            let read = insights(&ctx, None, &asked, Depth::Forecasts).await;
            let read = read.expect("forecasts").measures;
            said.extend(read.iter().map(|one| format!("{:?}", one.foresight)));
            said
        };
        let before = said(&live).await;
        load(&ctx, "of,n1,2013-02-01,4000\nof,s1,2013-02-02,3000\n").await;
        live.catch_up().await.expect("a ledger");
        let after = said(&live).await;
        let anew = ctx.live().await.expect("a live state");
        assert_eq!(after, said(&anew).await);
        assert_ne!(after, before, "the week of both days belongs to January");
    });
}
