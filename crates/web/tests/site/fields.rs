//! Addresses of people, which few may see, looked for in every page and in every answer for programs.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use throughline_app::Example;
use throughline_web::api::ENDPOINTS;

use crate::bench::Bench;
use crate::pages::SAMPLES;

/// What every address of the example ends in.
const DOMAIN: &str = "@harbour.example";

/// Who looks, and whose addresses they may see: their own, those of whom they lead, and those of their branch.
const SEEN: [(&str, &[&str]); 4] = [
    (
        "o-brightwater",
        &[
            "abel", "camille", "dashiell", "efua", "jun", "marisol", "nils", "odalys", "priya",
            "sade", "tobias", "wendell",
        ],
    ),
    ("d-marrowby", &["dashiell", "efua", "jun"]),
    ("w-tamarind", &["camille", "wendell"]),
    ("c-saltmarsh", &["camille"]),
];

#[tokio::test]
async fn addresses_are_in_no_answer_to_others() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let pages = SAMPLES.iter().map(|(_, _, _, path)| (*path).to_owned());
    let answers = ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.route().0 == "GET")
        .map(|endpoint| endpoint.example.to_owned());
    let people = SEEN
        .iter()
        .flat_map(|(key, _)| [format!("/people/{key}"), format!("/line-of-sight/{key}")]);
    let histories = SEEN
        .iter()
        .map(|(key, _)| format!("/api/v1/records/person/{key}/history"));
    let plan = [
        "/api/v1/plan?limit=1000",
        "/api/v1/records/person?limit=1000",
    ];
    let paths: Vec<String> = pages
        .chain(answers)
        .chain(people)
        .chain(histories)
        .chain(plan.map(str::to_owned))
        .collect();
    for (who, expected) in SEEN {
        site.enter_as_another(who, &session).await;
        let mut seen = BTreeSet::new();
        let mut shown = 0;
        for path in &paths {
            let answer = site.get(path, &session).await;
            shown += usize::from(answer.status == StatusCode::OK);
            // Who may see everything finds every address there: one that leads nowhere would look for nothing.
            let is_seen = who != "o-brightwater" || answer.status == StatusCode::OK;
            assert!(is_seen, "{path}: {}", answer.status);
            seen.extend(addresses(&answer.body));
        }
        let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(seen, expected, "{who}");
        assert!(shown > paths.len() / 3, "{who}: {shown} of {}", paths.len());
    }
}

/// The names before `@harbour.example` in a text.
fn addresses(text: &str) -> impl Iterator<Item = String> {
    let before = text.split(DOMAIN);
    let count = before.clone().count();
    before.take(count - 1).map(|text| {
        let end = text
            .trim_end_matches(|letter: char| letter.is_ascii_lowercase())
            .len();
        text.get(end..).unwrap_or_default().to_owned()
    })
}
