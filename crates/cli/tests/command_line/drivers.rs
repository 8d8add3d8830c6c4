//! What made a value differ: the parts add up, and routine variation is not explained.

use serde_json::Value as Json;

use crate::bench::Bench;

/// The bundled flights as a ledger.
fn flights(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench.ok(&["demo", "--print", "--data", "data"]);
    bench
}

fn drivers(bench: &Bench, measure: &str, arguments: &[&str]) -> Vec<Json> {
    let all = [
        &["drivers", measure, "--data", "data", "--format", "json"],
        arguments,
    ]
    .concat();
    let answer: Json = serde_json::from_str(&bench.ok(&all)).expect("json");
    answer["compared"].as_array().expect("a list").clone()
}

fn number(value: &Json) -> f64 {
    value.as_f64().expect("a number")
}

/// Asserts that the parts of each bridge are the difference, and returns what the bridges are across.
fn add_up(compared: &Json) -> Vec<String> {
    let difference = number(&compared["value"]) - number(&compared["other"]);
    let bridges = compared["made_of"].as_array().expect("a list");
    bridges
        .iter()
        .map(|bridge| {
            let parts = bridge["parts"].as_array().expect("a list");
            assert!(parts.len() <= 8, "{bridge}");
            let named: f64 = parts.iter().map(|part| number(&part["brought"])).sum();
            let others = bridge["others"]["brought"].as_f64().unwrap_or(0.0);
            let rest = (named + others - difference).abs();
            assert!(rest <= 1e-9 * difference.abs(), "{bridge}");
            bridge["across"].as_str().expect("a word").to_owned()
        })
        .collect()
}

#[test]
fn the_parts_of_a_difference_add_up() {
    let bench = flights("drivers");
    let check = |measure: &str, arguments: &[&str], across: &[&str], leaves: bool| {
        let compared = drivers(&bench, measure, arguments);
        assert_eq!(compared.len(), 1);
        assert_eq!(add_up(&compared[0]), across, "{measure}");
        for bridge in compared[0]["made_of"].as_array().expect("a list") {
            // Everybody may see all units here, so that only what is beyond the eight named ones is left.
            assert_eq!(!bridge["others"].is_null(), leaves, "{measure}: {bridge}");
        }
    };
    let year = ["--period", "2013", "--against", "target"];
    check("on-time-arrival", &year, &["units"], false);
    let quarter = ["--period", "2013-Q2", "--against", "before"];
    check("on-time-arrival", &quarter, &["units"], false);
    check("delay-cost", &quarter, &["units"], false);
    check("delay-cost-per-flight", &quarter, &["inputs"], false);
    let of_newark = [&quarter[..], &["--unit", "ewr"]].concat();
    check("on-time-arrival", &of_newark, &["units"], true);
}

#[test]
fn routine_variation_is_not_explained() {
    let bench = flights("drivers-routine");
    let compared = drivers(&bench, "on-time-arrival", &["--period", "2013-07"]);
    let of = |against: &str| {
        let found = compared.iter().find(|one| one["against"] == against);
        found.expect("one for each").clone()
    };
    assert_eq!(of("before")["signal"], false);
    let declined = of("before")["declined"]
        .as_str()
        .expect("a reason")
        .to_owned();
    assert!(declined.contains("routine variation"), "{declined}");
    assert_eq!(of("before")["made_of"], Json::Array(Vec::new()));
    let year_before = of("year-before");
    assert_eq!(
        year_before["declined"],
        "There is nothing to hold it against."
    );
    // Four quarters are too few to tell, and that is said.
    let quarter = drivers(
        &bench,
        "on-time-arrival",
        &["--period", "2013-Q4", "--against", "before"],
    );
    assert_eq!(quarter[0]["signal"], Json::Null);
    assert!(!quarter[0]["made_of"].as_array().expect("a list").is_empty());
}

#[test]
fn drivers_in_words() {
    let bench = flights("drivers-words");
    insta::assert_snapshot!(bench.transcript(
        "drivers on-time-arrival --data data --period 2013 --against target
        drivers delay-cost-per-flight --data data --unit ewr --period 2013-Q2
        drivers on-time-arrivl --data data"
    ));
}
