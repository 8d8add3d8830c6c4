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

/// A ledger of calls that are summed: units as `units` has them, and rows `unit,period,value`.
fn calls(name: &str, units: &str, more: &str, rows: &[(String, String, f64)]) -> Bench {
    let bench = Bench::new(name);
    let organisation = format!(
        "organisation: {{ key: top, name: Top, time_zone: UTC }}\nunits:\n  - {{ key: top, name: Top }}\n{units}"
    );
    bench.write("plan/organisation.yaml", &organisation);
    bench.write(
        "plan/measures.yaml",
        &format!(
            "measures:\n  - {{ key: calls, name: Calls, kind: sum, better: higher, {more} }}\n"
        ),
    );
    bench.ok(&["apply", "plan", "--data", "data"]);
    let rows: String = rows
        .iter()
        .map(|(unit, period, value)| format!("calls,{unit},{period},{value}\n"))
        .collect();
    bench.write("rows.csv", &format!("measure,unit,period,value\n{rows}"));
    bench.ok(&["load", "rows.csv", "--data", "data"]);
    bench
}

#[test]
fn a_week_is_held_against_the_week_of_the_same_number() {
    let mut rows = Vec::new();
    for year in [2019, 2020] {
        for week in 1..=20 {
            let value = f64::from(100 * (year - 2018) + week);
            rows.push(("a".to_owned(), format!("{year}-W{week:02}"), value));
        }
    }
    let units = "  - { key: a, name: A, parent: top }\n";
    let bench = calls("drivers-weeks", units, "frequency: week", &rows);
    let asked = ["--period", "2020-W10", "--against", "year-before"];
    let compared = drivers(&bench, "calls", &asked);
    assert_eq!(compared[0]["other_period"], "2019-W10", "{}", compared[0]);
    assert_eq!(compared[0]["other"], 110.0);
}

#[test]
fn a_unit_that_moved_is_a_part_of_what_it_moved() {
    let units = "  - { key: north, name: North, parent: top }
  - { key: south, name: South, parent: top }
  - { key: stays, name: Stays, parent: north }
  - { key: moves, name: Moves, parents: [{ parent: south }, { parent: north, from: 2026-07-01 }] }
";
    let rows: Vec<(String, String, f64)> = [("stays", 500.0), ("moves", 100.0)]
        .into_iter()
        .flat_map(|(unit, value)| {
            (6..=7).map(move |month| (unit.to_owned(), format!("2026-{month:02}"), value))
        })
        .collect();
    let bench = calls("drivers-moved", units, "frequency: month", &rows);
    let of = |unit: &str| {
        let asked = ["--period", "2026-07", "--against", "before", "--unit", unit];
        let compared = drivers(&bench, "calls", &asked);
        assert_eq!(add_up(&compared[0]), ["units"]);
        compared[0]["made_of"][0]["parts"]
            .as_array()
            .expect("parts")
            .clone()
    };
    let north = of("north");
    assert_eq!(north[0]["key"], "moves", "{north:?}");
    assert_eq!(number(&north[0]["brought"]), 100.0);
    let asked = [
        "--period",
        "2026-07",
        "--against",
        "before",
        "--unit",
        "south",
    ];
    let south = drivers(&bench, "calls", &asked);
    assert_eq!(south[0]["value"], Json::Null, "{}", south[0]);
}

#[test]
fn what_is_not_due_yet_makes_no_difference_and_no_point() {
    let mut rows = Vec::new();
    let mut day: jiff::civil::Date = "2026-01-01".parse().expect("a day");
    let end: jiff::civil::Date = "2026-10-15".parse().expect("a day");
    while day <= end {
        let value = 90.0 + f64::from(i16::from(day.day()) * 7 % 20);
        rows.push(("a".to_owned(), day.to_string(), value));
        day = day.tomorrow().expect("a day");
    }
    let units = "  - { key: a, name: A, parent: top }\n";
    let bench = calls("drivers-due", units, "frequency: day, due: 45 days", &rows);
    let asked = ["--period", "2026-10", "--against", "before"];
    let compared = drivers(&bench, "calls", &asked);
    let declined = compared[0]["declined"].as_str().unwrap_or_default();
    assert_eq!(
        declined, "The period is not over, or not all of it is due yet.",
        "{}",
        compared[0]
    );
    let signals: Json = serde_json::from_str(&bench.ok(&[
        "signals", "calls", "--data", "data", "--period", "2026-10", "--format", "json",
    ]))
    .expect("json");
    let said = signals.to_string();
    assert!(!said.contains("below the lower natural limit"), "{said}");
}

/// The three products of the reference, as a formula of quantities and prices over two months.
fn products(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench.write(
        "plan/organisation.yaml",
        "organisation: { key: o, name: O, time_zone: UTC }\nunits: [{ key: shop, name: Shop }]\n",
    );
    let mut measures = "measures:
  - { key: money, name: Money, kind: formula, formula: \"q0 * p0 + p1 * q1 + q2 * p2\", shown_as: USD, better: higher, frequency: month }
  - { key: first, name: First, kind: formula, formula: \"q0 * p0\", shown_as: USD, better: higher, frequency: month }
"
    .to_owned();
    let mut rows = "measure,unit,period,value\n".to_owned();
    let products = [
        ([100, 120], ["10", "9.5"]),
        ([80, 70], ["20", "21"]),
        ([50, 55], ["40", "41"]),
    ];
    for (at, (quantity, price)) in products.into_iter().enumerate() {
        measures += &format!(
            "  - {{ key: q{at}, name: Quantity {at}, kind: sum, shown_as: pieces, frequency: month }}
  - {{ key: p{at}, name: Price {at}, kind: mean, shown_as: USD, decimals: 2, frequency: month }}\n"
        );
        for month in 0..2 {
            let period = format!("2013-0{}", month + 1);
            rows += &format!(
                "q{at},shop,{period},{}\np{at},shop,{period},{}\n",
                quantity[month], price[month]
            );
        }
    }
    bench.write("plan/measures.yaml", &measures);
    bench.write("rows.csv", &rows);
    bench.ok(&["apply", "plan", "--data", "data"]);
    bench.ok(&["load", "rows.csv", "--data", "data"]);
    bench
}

/// What each part of a bridge brought, by its kind and key.
fn brought(bridge: &Json) -> Vec<(String, f64)> {
    let parts = bridge["parts"].as_array().expect("a list");
    let part = |part: &Json| {
        let [kind, key] = ["kind", "key"].map(|name| part[name].as_str().expect("a word"));
        (format!("{kind} {key}"), number(&part["brought"]))
    };
    parts.iter().map(part).collect()
}

#[test]
fn money_is_taken_apart_by_volume_mix_and_price() {
    let bench = products("drivers-money");
    let asked = ["--period", "2013-02", "--against", "before"];
    let compared = drivers(&bench, "money", &asked);
    assert_eq!(add_up(&compared[0]), ["money", "inputs"]);
    let bridge = &compared[0]["made_of"][0];
    let mix = 134.782_608_695_652_2;
    let expected = [
        ("volume money", 300.0),
        ("mix q0", -mix),
        ("measure p1", 70.0),
        ("measure p0", -60.0),
        ("measure p2", 55.0),
        ("mix q2", mix - 100.0),
        ("mix q1", 0.0),
    ];
    let found = brought(bridge);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((part, brought), (expected_part, expected)) in found.iter().zip(expected) {
        assert_eq!(part, expected_part, "{found:?}");
        assert!((brought - expected).abs() < 1e-9, "{found:?}");
    }
    let told = bench.ok(&["drivers", "money", "--data", "data", asked[0], asked[1]]);
    assert!(
        told.contains("made up of volume +$300.00, mix of quantity 0"),
        "{told}"
    );
    // A product is taken apart by logarithms: (1140 - 1000) / ln 1.14 times ln 1.2 and ln 0.95.
    let compared = drivers(&bench, "first", &asked);
    assert_eq!(add_up(&compared[0]), ["inputs"]);
    let mean = 140.0 / 1.14_f64.ln();
    let found = brought(&compared[0]["made_of"][0]);
    let expected = [("measure q0", 1.2_f64), ("measure p0", 0.95)];
    for ((part, brought), (expected_part, ratio)) in found.iter().zip(expected) {
        assert_eq!(part, expected_part, "{found:?}");
        assert!((brought - mean * ratio.ln()).abs() < 1e-9, "{found:?}");
    }
}
