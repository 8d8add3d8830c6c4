//! Due from me: what is due of whom, saved, asked about, refused, taken back.

use axum::http::StatusCode;

use crate::bench::{Answer, Bench};

const PLAN: &str = "\
organisation: { key: o, name: O, time_zone: UTC, owner_first: 0 hours }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }, { key: b, name: Birch, parent: top }]
people:
  - { key: olga, name: Olga, unit: top, level: executive }
  - { key: sam, name: Sam, unit: top, level: manager }
  - { key: bea, name: Bea, unit: a, level: frontline }
strategy: { key: s, name: S, from: 2013, to: 2017 }
";

const MEASURES: &str = "measures:
  - { key: leaks, name: Leakage, kind: last, frequency: month, better: lower, shown_as: Ml, decimals: 1, owner: olga, steward: sam, reported_by: [a], due: 10 days }
  - { key: shifts, name: Shifts filled, kind: ratio, frequency: month, better: higher, shown_as: \"%\", greatest: 1, owner: olga, steward: sam, reported_by: [a, b] }
  - { key: pushed, name: Pushed, kind: sum, frequency: month, owner: sam, steward: sam, reported_by: [a], source: push }
";

/// A site on 3 February 2014, where all of 2013 was reported.
async fn site() -> (Bench, String) {
    let (organisation, strategy) = PLAN.split_at(PLAN.find("strategy:").expect("a strategy"));
    let files = [
        ("organisation.yaml", organisation),
        ("strategy.yaml", strategy),
        ("measures.yaml", MEASURES),
    ];
    let site = Bench::of_plan(&files).await;
    let mut observations = "measure,unit,period,value,weight\n".to_owned();
    for month in 1..=12 {
        let leaks = 150.0 + f64::from(month % 3);
        observations.push_str(&format!("leaks,a,2013-{month:02},{leaks},\n"));
        for unit in ["a", "b"] {
            let shifts = 0.9 + f64::from(month % 2) / 100.0;
            observations.push_str(&format!("shifts,{unit},2013-{month:02},{shifts},40\n"));
        }
    }
    let session = site.enter_as("sam").await;
    let loaded = site.post_as(&session, &observations, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    (site, session)
}

/// The form of one cell.
pub fn form(cell: &str, value: &str, more: &str) -> String {
    let cell = cell.replace('/', "%2F");
    format!("position=3&cell0={cell}&value0={value}{more}")
}

/// What was recorded of a measure in January 2014.
async fn recorded(site: &Bench, session: &str, measure: &str) -> Vec<String> {
    recorded_in(site, session, measure, "2014-01").await
}

/// What was recorded of a measure in a period.
pub async fn recorded_in(site: &Bench, session: &str, measure: &str, period: &str) -> Vec<String> {
    let path = format!("/api/v1/measures/{measure}/observations?unit=top&limit=1000");
    let answer = site.get(&path, session).await;
    let lines = answer.body.split("{\"unit\"");
    let named = format!("\"{period}\"");
    let of_period = lines.filter(|line| line.contains(&named));
    of_period.map(str::to_owned).collect()
}

/// Where the words of a page stand.
fn place(page: &Answer, words: &str) -> usize {
    let found = page.body.find(words);
    found.unwrap_or_else(|| panic!("{words} is not in {}", page.body))
}

#[tokio::test]
async fn each_sees_what_they_collect_and_what_their_unit_reports() {
    let (site, session) = site().await;
    let page = site.get("/due", &session).await;
    assert_eq!(page.status, StatusCode::OK);
    place(&page, "3 figures, 2 of them late.");
    // What is late comes first, with who answers for it.
    let late = "Late, was due by 31 Jan 2014. Olga answers for it";
    assert!(place(&page, late) < place(&page, "Due by 10 Feb 2014"));
    for cell in ["shifts/a/2014-01", "shifts/b/2014-01", "leaks/a/2014-01"] {
        place(&page, &format!("value=\"{cell}\""));
    }
    assert!(!page.body.contains("Pushed"), "it comes from elsewhere");
    place(&page, "<dt>Dec 2013</dt>");
    place(&page, "href=\"/due\"");
    site.enter_as_another("bea", &session).await;
    let page = site.get("/due", &session).await;
    place(&page, "value=\"shifts/a/2014-01\"");
    assert!(!page.body.contains("shifts/b/"), "Birch is not hers");
    // Who answers for a figure sees with whom it is late, and enters nothing.
    site.enter_as_another("olga", &session).await;
    let page = site.get("/due", &session).await;
    place(&page, "Nothing is due from you.");
    place(&page, "<td data-label=\"Collected by\">Sam</td>");
    assert!(!page.body.contains("name=\"value0\""));
    let sent = form("leaks/a/2014-01", "151", "");
    let refused = site.post("/due", &session, &sent).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_late_is_shown_with_who_enters_it_where_one_may_read() {
    let (site, session) = site().await;
    let late = site.get("/due/late", &session).await;
    assert_eq!(late.status, StatusCode::OK);
    place(&late, "2 figures are late at Top and below");
    place(&late, "First due by\">31 Jan 2014");
    place(&late, "Periods\">Jan 2014<");
    place(&late, ">Sam</a>");
    place(&late, ">Olga</a>");
    assert!(!late.body.contains("Leakage"), "it is not late yet");
    let below = site.get("/due/late?unit=b", &session).await;
    place(&below, "1 figure is late at Birch and below");
    let sent = form("shifts/b/2014-01", "90", "&weight0=40&routine0=on");
    let saved = site.post("/due", &session, &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let there = site.get("/due/late?unit=b", &session).await;
    place(
        &there,
        "No figure that people enter is late at Birch and below.",
    );
    let none = site.get("/due/late?unit=c", &session).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_figure_is_saved_once_and_taken_back() {
    let (site, session) = site().await;
    let sent = form("leaks/a/2014-01", "151.5", "");
    let saved = site.post("/due", &session, &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(saved.header("location"), "/due?saved=3&figures=1");
    let again = site.post("/due", &session, &sent).await;
    assert_eq!(again.header("location"), saved.header("location"));
    let page = site.get(saved.header("location"), &session).await;
    place(&page, "1 figure saved.");
    assert!(!page.body.contains("leaks/a/2014-01"), "it is there now");
    assert_eq!(recorded(&site, &session, "leaks").await.len(), 1);
    // Nobody takes back what others entered.
    site.enter_as_another("bea", &session).await;
    let refused = site.post("/due/withdrawal", &session, "commit=3").await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    site.enter_as_another("sam", &session).await;
    let back = site.post("/due/withdrawal", &session, "commit=3").await;
    assert_eq!(
        back.header("location"),
        "/due?figures=1&kept=0",
        "{}",
        back.body
    );
    let page = site.get(back.header("location"), &session).await;
    place(&page, "1 figure taken back.");
    place(&page, "value=\"leaks/a/2014-01\"");
    assert!(recorded(&site, &session, "leaks").await.is_empty());
    let path = "/measures/leaks/observation?unit=a&period=2014-01";
    let history = site.get(path, &session).await;
    assert!(place(&history, "Takes back commit 3") < place(&history, "Entered as due"));
    place(&history, "Withdrawn");
    let twice = site.post("/due/withdrawal", &session, "commit=3").await;
    assert_eq!(
        twice.header("location"),
        "/due?figures=1&kept=0",
        "the same again"
    );
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_nothing_is_saved() {
    let (site, session) = site().await;
    let check = async |cell: &str, value: &str, words: &str| {
        let good = "&cell1=leaks%2Fa%2F2014-01&value1=151";
        let sent = form(cell, value, good);
        let refused = site.post("/due", &session, &sent).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent}");
        place(&refused, "id=\"value0-wrong\"");
        place(&refused, words);
        // What was typed is kept, also in the others.
        place(&refused, "name=\"value1\" value=\"151\"");
        assert!(refused.body.contains("<title>Error: "));
        assert!(recorded(&site, &session, "leaks").await.is_empty());
    };
    check("shifts/a/2014-01", "about+5", "This is not a number").await;
    check(
        "shifts/a/2014-01",
        "924",
        "924.0% cannot be: the figure is at most 100.0%",
    )
    .await;
    // Two that are wrong alike are told apart.
    let both = form(
        "shifts/a/2014-01",
        "about+5",
        "&cell1=leaks%2Fa%2F2014-01&value1=about+5",
    );
    let refused = site.post("/due", &session, &both).await;
    place(
        &refused,
        "href=\"#value0\">Shifts filled, %, Alder, Jan 2014: This is",
    );
    place(
        &refused,
        "href=\"#value1\">Leakage, Ml, Alder, Jan 2014: This is",
    );
    // A cell that there is not has no field; what is wrong stands above the others.
    let sent = form("shifts/a/2014-W05", "90", "");
    let refused = site.post("/due", &session, &sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    place(&refused, "“2014-W05” is a week");
    let nothing = site
        .post("/due", &session, &form("shifts/a/2014-01", "", ""))
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    place(&nothing, "No figure was typed");
    site.enter_as_another("bea", &session).await;
    let sent = form("shifts/b/2014-01", "90", "");
    let refused = site.post("/due", &session, &sent).await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER, "Birch is not hers");
    site.enter_as_another("sam", &session).await;
    assert!(recorded(&site, &session, "shifts").await.is_empty());
}

#[tokio::test]
async fn what_changed_is_asked_where_something_did() {
    let (site, session) = site().await;
    let check = async |more: &str, note: &str| {
        let sent = form("leaks/a/2014-01", "190", more);
        let saved = site.post("/due", &session, &sent).await;
        assert_eq!(
            saved.status,
            StatusCode::SEE_OTHER,
            "{more}: {}",
            saved.body
        );
        let lines = recorded(&site, &session, "leaks").await;
        assert!(
            lines[0].contains(&format!("\"note\":\"{note}\"")),
            "{lines:?}"
        );
        let to = saved.header("location");
        let commit: String = to
            .chars()
            .skip(11)
            .take_while(char::is_ascii_digit)
            .collect();
        let form = format!("commit={commit}");
        let back = site.post("/due/withdrawal", &session, &form).await;
        assert!(back.header("location").ends_with("kept=0"), "{}", back.body);
    };
    let asked = site
        .post("/due", &session, &form("leaks/a/2014-01", "190", ""))
        .await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    place(&asked, "Worsening: it usually lies between");
    place(&asked, "id=\"comment0-wrong\"");
    place(&asked, "value=\"190\"");
    assert!(recorded(&site, &session, "leaks").await.is_empty());
    check(
        "&comment0=The+storm+of%0D%0A12+January",
        "The storm of 12 January",
    )
    .await;
    check("&routine0=on", "Routine").await;
}

#[tokio::test]
async fn a_percentage_is_typed_in_percent_with_its_weight() {
    let (site, session) = site().await;
    let sent = form("shifts/a/2014-01", "90,5", "&weight0=1,204");
    let saved = site.post("/due", &session, &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let lines = recorded(&site, &session, "shifts").await;
    assert!(
        lines[0].contains("\"value\":0.905,\"weight\":1204"),
        "{lines:?}"
    );
    let none = site
        .post("/due", &session, &form("shifts/b/2014-01", "none", ""))
        .await;
    assert_eq!(none.status, StatusCode::SEE_OTHER, "{}", none.body);
    let page = site.get("/due", &session).await;
    assert!(!page.body.contains("shifts/"), "none is an answer");
}

#[tokio::test]
async fn what_somebody_else_recorded_meanwhile_is_not_lost_unseen() {
    let (site, session) = site().await;
    let other = "measure,unit,period,value\nleaks,a,2014-01,151\n";
    let loaded = site.post_as(&session, other, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK);
    let sent = form("leaks/a/2014-01", "152", "");
    let told = site.post("/due", &session, &sent).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    place(&told, "151.0 Ml was recorded here meanwhile");
    place(&told, "name=\"known0\" value=\"151\"");
    let sent = form("leaks/a/2014-01", "152", "&known0=151");
    let saved = site.post("/due", &session, &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    // Taking back puts the other value back.
    site.post("/due/withdrawal", &session, "commit=4").await;
    let lines = recorded(&site, &session, "leaks").await;
    assert!(lines[0].contains("\"value\":151"), "{lines:?}");
}

#[tokio::test]
async fn a_column_is_pasted_and_looked_at_before_it_is_saved() {
    let (site, session) = site().await;
    let more = "&cell1=leaks%2Fa%2F2014-01&value1=&act=paste&column=91%0D%0AX%09151.5";
    let sent = form("shifts/a/2014-01", "", more);
    let filled = site.post("/due", &session, &sent).await;
    assert_eq!(filled.status, StatusCode::OK, "{}", filled.body);
    place(&filled, "name=\"value0\" value=\"91\"");
    place(&filled, "name=\"value1\" value=\"151.5\"");
    assert!(recorded(&site, &session, "leaks").await.is_empty());
}
