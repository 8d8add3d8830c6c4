//! What is expected of the units below a measure's unit, on its page where that is asked for: brought together, so that it adds up.

use axum::http::StatusCode;

use crate::bench::Bench;

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units:
  - { key: top, name: Top }
  - { key: a, name: Alder, parent: top }
  - { key: b, name: Birch, parent: top }
  - { key: c, name: Cedar, parent: top }
people: [{ key: sam, name: Sam, unit: top, level: manager }]
";
const MEASURES: &str = "\
measures:
  - { key: m, name: Repairs, kind: sum, better: higher, frequency: month, owner: sam, steward: sam }
  - { key: g, name: Longest, kind: max, better: lower, frequency: month, owner: sam, steward: sam }
";

/// A site in February 2014 with five years of values at two units; the third never had one.
async fn site() -> (Bench, String) {
    let site = Bench::of_plan(&[
        ("organisation.yaml", ORGANISATION),
        ("measures.yaml", MEASURES),
    ])
    .await;
    let mut observations = "measure,unit,period,value\n".to_owned();
    for month in 0..57 {
        for (place, unit) in ["a", "b"].iter().enumerate() {
            let value = 50 + 20 * place + (month * (5 + place * 8)) % 11;
            let (year, month) = (2009 + month / 12, month % 12 + 1);
            observations.push_str(&format!("m,{unit},{year}-{month:02},{value}\n"));
            observations.push_str(&format!("g,{unit},{year}-{month:02},{value}\n"));
        }
    }
    let session = site.enter_as("sam").await;
    let loaded = site.post_as(&session, &observations, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    (site, session)
}

/// The section "By unit" of a page.
async fn below(site: &Bench, session: &str, path: &str) -> String {
    let page = site.get(path, session).await.body;
    let (_, below) = page.split_once("id=\"below\"").expect("a table by unit");
    let (below, _) = below.split_once("</section>").expect("its end");
    below.to_owned()
}

/// The cells with a label, as numbers; nothing where there is none.
fn cells(section: &str, label: &str) -> Vec<Option<f64>> {
    let mark = format!("data-label=\"{label}\">");
    let cells = section.split(&mark).skip(1);
    let cells = cells.map(|rest| rest.split('<').next().unwrap_or_default());
    cells.map(|cell| cell.parse().ok()).collect()
}

#[tokio::test]
async fn forecasts_of_the_units_add_up_where_they_are_asked_for() {
    let (site, session) = site().await;
    let path = "/measures/m?unit=top&period=2013-09";
    let without = below(&site, &session, path).await;
    assert!(
        without.contains("forecasts=units#below\">Forecasts of the units</a>"),
        "{without}"
    );
    assert!(!without.contains("So that all add up"), "{without}");

    let with = below(&site, &session, &format!("{path}&forecasts=units")).await;
    assert!(
        with.contains("Brought together with those of its units, so that they add up"),
        "{with}"
    );
    assert!(!with.contains("Forecasts of the units"), "{with}");
    let alone = cells(&with, "Expected for Dec 2013");
    let together = cells(&with, "So that all add up");
    let [Some(a), Some(b), None] = together[..] else {
        panic!("{with}");
    };
    assert!(
        alone[0].is_some() && alone[1].is_some() && alone[2].is_none(),
        "{with}"
    );
    // What is said of the whole is the sum of what is shown, but for rounding.
    let (_, said) = with
        .split_once("For Dec 2013, ")
        .expect("what is expected of the whole");
    let (whole, _) = said
        .split_once(" is expected of Top with its units, and ")
        .expect("a sentence");
    let whole: f64 = whole.parse().expect("a number");
    assert!((whole - a - b).abs() <= 1.0, "{whole}: {a} and {b}");
    // The two things that can be asked for are kept beside each other.
    let both = below(
        &site,
        &session,
        &format!("{path}&forecasts=units&signals=units"),
    )
    .await;
    assert!(
        both.contains("data-label=\"Signal\"") && both.contains("So that all add up"),
        "{both}"
    );
    assert!(
        with.contains("signals=units&#38;forecasts=units#below"),
        "{with}"
    );
}

#[tokio::test]
async fn what_does_not_add_up_over_units_has_no_forecasts_brought_together() {
    let (site, session) = site().await;
    let path = "/measures/g?unit=top&period=2013-09";
    let without = below(&site, &session, path).await;
    assert!(!without.contains("Forecasts of the units"), "{without}");
    let with = below(&site, &session, &format!("{path}&forecasts=units")).await;
    assert!(
        with.contains("Not brought together with the units below"),
        "{with}"
    );
    assert!(!with.contains("So that all add up"), "{with}");
}
