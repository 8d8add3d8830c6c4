//! Answers that could be as long as the ledger come in pages: commits, and what a number is made of.

use axum::http::StatusCode;
use serde_json::Value;
use throughline_app::Example;

use crate::api::json;
use crate::bench::{Answer, Bench};

const EXPLANATION: &str =
    "/api/v1/measures/on-time-arrival/explanation?unit=harbour&period=2013-06";
/// A measure with a formula, so that there are parts.
const OF_A_FORMULA: &str =
    "/api/v1/measures/delay-cost-per-flight/explanation?unit=ewr&period=2013-06";

/// The address of the page after this one.
fn next(answer: &Answer) -> Option<String> {
    let mut links = answer.header("link").split(", ");
    let link = links.find_map(|link| link.strip_suffix("; rel=\"next\""))?;
    Some(link.trim_matches(['<', '>']).to_owned())
}

/// The lines of an explanation, in the order in which they are counted; of each part of a formula its observations.
fn lines(explanation: &Value) -> Vec<Value> {
    let of = |list: &str, names: &[&str]| {
        let owners = explanation[list].as_array().cloned().unwrap_or_default();
        let lines = owners.iter().flat_map(|owner| {
            let lists = names.iter().filter_map(|name| owner[*name].as_array());
            lists.flatten().cloned().collect::<Vec<Value>>()
        });
        lines.collect::<Vec<Value>>()
    };
    let mut lines = of("periods", &["inputs", "missing", "differing"]);
    lines.extend(of("parts", &["inputs"]));
    lines
}

#[tokio::test]
async fn an_explanation_comes_in_pages() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    for (address, limit) in [(EXPLANATION, 5), (OF_A_FORMULA, 3)] {
        let whole = site.get(&format!("{address}&limit=1000"), &session).await;
        assert_eq!(
            (whole.status, next(&whole)),
            (StatusCode::OK, None),
            "{address}"
        );
        let whole = json(&whole);
        let mut collected = Vec::new();
        let mut following = Some(format!("{address}&limit={limit}"));
        let mut pages = 0;
        while let Some(address) = following {
            let page = site.get(&address, &session).await;
            let shown = json(&page);
            assert!(lines(&shown).len() <= limit, "{address}");
            for same in ["reading", "rule", "target", "derived", "left_out"] {
                assert_eq!(shown[same], whole[same], "{address}: {same}");
            }
            let made: Vec<&Value> = shown["commits"].as_array().into_iter().flatten().collect();
            for line in lines(&shown).iter().filter(|line| line["commit"].is_u64()) {
                assert!(
                    made.iter().any(|one| one["commit"] == line["commit"]),
                    "{address}"
                );
            }
            collected.extend(lines(&shown));
            following = next(&page);
            pages += 1;
        }
        assert_eq!(collected, lines(&whole), "{address}");
        assert!(pages > 3, "{address}: {pages}");
    }
}

#[tokio::test]
async fn commits_are_read_from_a_place_on() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let numbers = async |query: &str| {
        let answer = site
            .get(&format!("/api/v1/commits?{query}"), &session)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
        let read = json(&answer);
        let commits = read["commits"].as_array().cloned().unwrap_or_default();
        let numbers: Vec<u64> = commits
            .iter()
            .filter_map(|one| one["commit"].as_u64())
            .collect();
        (numbers, next(&answer).is_some())
    };
    let (all, has_more) = numbers("limit=1000").await;
    assert!(all.len() >= 2 && !has_more, "{all:?}");
    let last = all.len() - 1;
    assert_eq!(numbers("limit=1").await, (all[..1].to_vec(), true));
    assert_eq!(
        numbers("limit=1&offset=1").await,
        (all[1..2].to_vec(), last > 1)
    );
    assert_eq!(
        numbers(&format!("offset={last}")).await,
        (all[last..].to_vec(), false)
    );
    assert_eq!(numbers("offset=10000000").await, (Vec::new(), false));
}

#[tokio::test]
async fn people_are_chosen_from_a_list_that_ends() {
    const STRATEGY: &str = "strategy: { key: s, name: S, from: 2013, to: 2017 }\n";
    let check = async |people: usize, has_list: bool| {
        let mut organisation = String::from(
            "organisation: { key: o, name: O, time_zone: UTC }\nunits: [{ key: top, name: Top }]\npeople:\n",
        );
        for number in 0..people {
            organisation.push_str(&format!(
                "  - {{ key: p{number}, name: P {number}, unit: top, level: executive }}\n"
            ));
        }
        let files = [
            ("organisation.yaml", organisation.as_str()),
            ("strategy.yaml", STRATEGY),
        ];
        let site = Bench::of_plan(&files).await;
        let session = site.enter_as("p7").await;
        let page = site.get("/history?by=p7", &session).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(
            page.body.contains("<select id=\"by\" name=\"by\">"),
            has_list,
            "{people}"
        );
        let is_typed = page
            .body
            .contains("<input type=\"search\" id=\"by\" name=\"by\" value=\"p7\">");
        assert_eq!(is_typed, !has_list, "{people}");
        assert!(page.body.matches("<option").count() < 120, "{people}");
    };
    check(100, true).await;
    check(101, false).await;
}
