//! A target of a sum is held against the sum of the planning year: what there is so far and what is to come.

use throughline_app::Selection;
use throughline_app::insight::{Depth, insights, outlook_in_words};
use throughline_engine::Edge;

use crate::bench::{self, administrator, block_on, folder};

/// So many measures: enough to tell how far off forecasts are.
const MEASURES: usize = 8;
/// Until June 2014, from January 2010.
const MONTHS: usize = 54;

/// About 105, up and down without a pattern that anybody would see.
fn value(measure: usize, month: usize) -> f64 {
    let mixed = (measure * 7919 + month * 104_729).wrapping_mul(2_654_435_761) % 1000;
    100.0 + mixed as f64 / 100.0
}

#[test]
fn the_sum_of_a_year_has_a_chance_of_its_own() {
    block_on(async {
        let folder = folder("year-sums");
        let open = || bench::open(folder.as_path(), administrator(), "2014-07-10T12:00:00Z");
        let mut plan = "measures:\n".to_owned();
        let mut targets = "targets:\n".to_owned();
        for measure in 0..MEASURES {
            let kind = if measure == 1 { "mean" } else { "sum" };
            plan += &format!(
                "  - {{ key: m{measure}, name: Measure {measure}, kind: {kind}, better: higher, frequency: month, indicator: lagging }}\n"
            );
            // Every month is to be 104, and all years 1,248: the last month may miss what the year reaches.
            targets += &format!(
                "  - {{ measure: m{measure}, unit: top, points: [{{ period: 2010-01, value: 104 }}], joined: steps }}\n"
            );
        }
        let files = [
            (
                "organisation.yaml",
                "organisation: { key: o, name: O, time_zone: UTC }\nunits: [{ key: top, name: Top }]\n".to_owned(),
            ),
            ("measures.yaml", plan + &targets),
        ];
        bench::apply(&open().await, &bench::files(files)).await;
        let ctx = open().await;
        let cells =
            (0..MEASURES).flat_map(|measure| (0..MONTHS).map(move |month| (measure, month)));
        let rows = cells.map(|(measure, month)| {
            let (year, of_year) = (2010 + month / 12, month % 12 + 1);
            format!(
                "m{measure},top,{year}-{of_year:02},{}\n",
                value(measure, month)
            )
        });
        bench::load(&ctx, &rows.collect::<String>()).await;
        let asked = Selection {
            unit: None,
            period: Some("2014-06".to_owned()),
            known_at: None,
            plan_at: None,
        };
        let read = insights(&ctx, None, &asked, Depth::Forecasts)
            .await
            .expect("an answer");
        let calendar = read.selected.model.calendar();
        let outlook = |at: usize| {
            let foresight = read.measures[at].foresight.as_deref().expect("made");
            foresight.as_ref().expect("an outlook")
        };
        let of_year = outlook(0).of_year.expect("a sum of the year");
        assert_eq!(calendar.name(&of_year.year), "2014");
        let so_far: f64 = (MONTHS - 6..MONTHS).map(|month| value(0, month)).sum();
        assert!((of_year.so_far - so_far).abs() < 1e-9, "{of_year:?}");
        assert_eq!(of_year.aimed.target, Edge::Number(12.0 * 104.0));
        let to_come: f64 = outlook(0).expected.iter().map(|one| one.mean).sum();
        assert!(
            (of_year.expected - so_far - to_come).abs() < 1e-9,
            "{of_year:?}"
        );
        // Six months of misses partly undo each other.
        let [sum, last] =
            [of_year.aimed, outlook(0).aimed.expect("a target")].map(|aimed| aimed.chance.share);
        assert!(
            (sum > 0.5) == (of_year.expected > 1248.0),
            "{sum} {last} {of_year:?}"
        );
        assert_eq!(outlook(1).of_year, None, "a mean adds nothing up");
        let measure = read.selected.model.measures().by_key("m0").expect("it");
        let one = &read.measures[0];
        let foresight = one.foresight.as_deref().expect("made");
        let said = outlook_in_words(foresight, &one.trend, measure, calendar).join(" ");
        assert!(
            said.contains("is expected for the sum of 2014, and at least 1,248"),
            "{said}"
        );
    });
}
