//! What is on track and not sound inside is told: by the weights of the plan, however far below, of objectives and of units.

use throughline_app::insight::{Depth, insights, is_red_inside, node_doubts_in_words};
use throughline_app::{Ctx, ReadScorecard, Selection, scorecard};
use throughline_model::Kind;
use throughline_model::records::NodeId;
use throughline_model::value::Resolver;

use crate::bench::{self, administrator, block_on, folder};

const ORGANISATION: &str =
    "organisation: { key: o, name: O, time_zone: UTC, on_track_from: 70, at_risk_from: 50 }
units:
  - { key: all, name: All }
  - { key: a, name: North, parent: all }
  - { key: b, name: South, parent: all }
  - { key: a1, name: North one, parent: a }
  - { key: a2, name: North two, parent: a }
  - { key: b1, name: South one, parent: b }
";

const STRATEGY: &str = "objectives:
  - { key: first, name: First, measures: [m0] }
  - { key: middle, name: Middle, supports: [{ objective: first, weight: 4 }], measures: [{ measure: m1, weight: 3 }, m2] }
  - { key: sound, name: Sound, measures: [m0, m1] }
";

fn measures() -> String {
    let measures = (0..3).map(|measure| {
        format!("  - {{ key: m{measure}, name: Measure {measure}, kind: mean, better: higher, frequency: month, indicator: lagging }}\n")
    });
    let targets = (0..3).map(|measure| {
        format!("  - {{ measure: m{measure}, unit: all, points: [{{ period: 2010-01, value: 100 }}], joined: steps, floor: 90 }}\n")
    });
    format!(
        "measures:\n{}targets:\n{}",
        measures.collect::<String>(),
        targets.collect::<String>()
    )
}

/// A plan of three measures that are to be 100 and at least 90, with figures of one month.
async fn with(name: &str, figures: &str) -> Ctx {
    let folder = folder(&format!("second-looks-{name}"));
    let open = || bench::open(folder.as_path(), administrator(), "2014-01-03T12:00:00Z");
    let ctx = open().await;
    let measures = measures();
    let files = [
        ("organisation.yaml", ORGANISATION),
        ("strategy.yaml", STRATEGY),
        ("measures.yaml", &measures),
    ];
    bench::apply(&ctx, &bench::files(files)).await;
    let ctx = open().await;
    bench::load(&ctx, figures).await;
    ctx
}

fn at() -> Selection {
    Selection {
        unit: Some("all".to_owned()),
        period: Some("2013-12".to_owned()),
        known_at: None,
        plan_at: None,
    }
}

fn doubts(read: &ReadScorecard, key: &str) -> (Option<String>, bool) {
    let found = read.selected.model.resolve(&[Kind::Objective], key);
    let (kind, id) = found.expect("the objective");
    let node = throughline_app::node_reading(read, NodeId::new(kind, id).expect("a node"));
    let node = node.expect("it is read");
    (node_doubts_in_words(read, node), is_red_inside(read, node))
}

#[test]
fn what_is_red_inside_an_objective_is_told_by_weight_and_depth() {
    block_on(async {
        let ctx = with(
            "objectives",
            "m0,all,2013-12,110\nm1,all,2013-12,110\nm2,all,2013-12,85\n",
        )
        .await;
        let read = scorecard(&ctx, &at()).await.expect("a scorecard");
        let middle =
            "On track, but “Measure 2” is off track and 25% of the weight below is off track.";
        assert_eq!(doubts(&read, "middle"), (Some(middle.to_owned()), true));
        // Nothing right below it is off track; four fifths of its weight are, by a quarter.
        let first = "On track, but 20% of the weight below is off track.";
        assert_eq!(doubts(&read, "first"), (Some(first.to_owned()), true));
        assert_eq!(doubts(&read, "sound"), (None, false));
    });
}

#[test]
fn data_that_are_late_are_a_doubt_and_nothing_red() {
    block_on(async {
        let figures = "m0,a1,2013-11,110\nm0,a2,2013-11,110\nm0,b1,2013-11,110\n\
            m0,a1,2013-12,110\nm0,a2,2013-12,110\nm1,all,2013-12,110\nm2,all,2013-12,110\n";
        let ctx = with("late", figures).await;
        let ctx = bench::open(
            ctx.location().clone(),
            administrator(),
            "2014-03-01T12:00:00Z",
        )
        .await;
        let read = scorecard(&ctx, &at()).await.expect("a scorecard");
        let late = "On track, but its data are late.";
        assert_eq!(doubts(&read, "sound"), (Some(late.to_owned()), false));
    });
}

#[test]
fn units_two_levels_below_are_looked_at() {
    block_on(async {
        let figures = "m0,a1,2013-12,130\nm0,a2,2013-12,85\nm0,b1,2013-12,118\n";
        let ctx = with("units", figures).await;
        let read = insights(&ctx, Some("m0"), &at(), Depth::Forecasts).await;
        let read = read.expect("an answer");
        // North is on track, by one of its two units; South is, by its only one.
        assert_eq!(
            read.measures[0].second_look.as_deref(),
            Some("On track, but 25% of the weight below is off track.")
        );
    });
}
