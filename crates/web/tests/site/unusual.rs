//! A value that is unusual for its season has a mark of its own on the chart of its measure, which the legend names.

use axum::http::StatusCode;

use crate::bench::Bench;

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: sam, name: Sam, unit: top, level: manager }]
";
const MEASURES: &str = "\
measures: [{ key: m, name: Ice cream, kind: mean, better: higher, frequency: month, owner: sam, steward: sam }]
";

/// Five years of months that are high in summer, but for one.
async fn page(odd: Option<i32>) -> String {
    let site = Bench::of_plan(&[
        ("organisation.yaml", ORGANISATION),
        ("measures.yaml", MEASURES),
    ])
    .await;
    let mut observations = "measure,unit,period,value\n".to_owned();
    for month in 0..60 {
        let (year, of_year) = (2009 + month / 12, month % 12 + 1);
        let summer = if (5..=8).contains(&of_year) { 40 } else { 0 };
        let noise = f64::from(month * 5 % 7) / 4.0;
        let value = if Some(month) == odd {
            100.0
        } else {
            100.0 + f64::from(summer) + noise
        };
        observations.push_str(&format!("m,top,{year}-{of_year:02},{value}\n"));
    }
    let session = site.enter_as("sam").await;
    let loaded = site.post_as(&session, &observations, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    let path = "/measures/m?unit=top&period=2013-12";
    site.get(path, &session).await.body
}

#[tokio::test]
async fn a_month_that_is_unusual_has_a_square_and_a_line_in_the_legend() {
    let squares = |page: &str| page.matches("class=\"c-odd\"").count();
    let legend = "Unusual for its season</li>";
    let usual = page(None).await;
    assert_eq!((squares(&usual), usual.contains(legend)), (0, false));
    // July 2012.
    let unusual = page(Some(42)).await;
    assert!(unusual.contains(legend));
    // In each of the three drawings and in the legend.
    assert_eq!(squares(&unusual), 4);
    assert!(unusual.contains("Unusual for its season is Jul 2012 (low for a July)."));
}
