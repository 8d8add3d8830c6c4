//! Evidence for links from end to end: the planted map of `golden/insight`, a made panel with known truth, as a plan with
//! observations; and what `evidence` says of it.

use serde_json::Value as Json;

use crate::bench::{Bench, workspace};

/// The units of the planted map.
const UNITS: usize = 24;
/// Its months.
const MONTHS: usize = 36;

fn golden(file: &str) -> String {
    let path = workspace().join("golden/insight").join(file);
    std::fs::read_to_string(path).expect("a reference")
}

/// The links of the reference.
fn links() -> Vec<Json> {
    let reference: Json = serde_json::from_str(&golden("planted-map-seed1.json")).expect("json");
    reference["links"].as_array().expect("links").clone()
}

/// The names of the two ends of a link of the reference.
fn ends(link: &Json) -> (String, String) {
    let name = link["link"].as_str().expect("a name");
    let (driver, outcome) = name.split_once("->").expect("two ends");
    (driver.to_owned(), outcome.to_owned())
}

/// The planted map as a ledger.
fn planted(name: &str) -> Bench {
    let bench = Bench::new(name);
    let mut organisation =
        "organisation: { key: all, name: All branches, time_zone: Etc/UTC }\nunits:\n  - { key: all, name: All }\n"
            .to_owned();
    for unit in 0..UNITS {
        organisation += &format!("  - {{ key: u{unit:02}, name: Branch {unit}, parent: all }}\n");
    }
    organisation += "people:\n  - { key: ruth, name: Ruth, unit: all, level: executive }\n";
    let mut map = "outcomes:\n".to_owned();
    let (mut measures, mut told) = ("measures:\n".to_owned(), String::new());
    let mut seen = std::collections::BTreeSet::new();
    for link in links() {
        let (driver, outcome) = ends(&link);
        let is_lower = link["claimed_sign"] == -1;
        for (name, better) in [
            (&driver, "higher"),
            (&outcome, if is_lower { "lower" } else { "higher" }),
        ] {
            if seen.insert(name.clone()) {
                map += &format!(
                    "  - {{ key: {name}, name: {name} as such, owner: ruth, measures: [m-{name}] }}\n"
                );
                measures += &format!(
                    "  - {{ key: m-{name}, name: {name}, kind: mean, better: {better}, frequency: month, owner: ruth }}\n"
                );
            }
        }
        let lag = &link["lag"];
        told += &format!(
            "  - {{ from: {driver}, to: {outcome}, effect: raises, lag: {lag} months, strength: moderate, why: Because., review_by: 2030-01-01 }}\n"
        );
    }
    bench.write("plan/organisation.yaml", &organisation);
    bench.write(
        "plan/strategy.yaml",
        "strategy: { key: s, name: S, from: 2020, to: 2030 }\n",
    );
    bench.write("plan/map.yaml", &format!("{map}links:\n{told}"));
    bench.write("plan/measures.yaml", &measures);
    bench.write("observations.csv", &observations());
    bench.ok(&["apply", "plan"]);
    bench.ok(&["load", "observations.csv"]);
    bench
}

/// The panel of the reference as observations.
fn observations() -> String {
    let text = golden("planted-map-seed1.csv");
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let mut out = "measure,unit,period,value,weight\n".to_owned();
    for (at, line) in lines.enumerate() {
        let (unit, month) = (at / MONTHS, at % MONTHS);
        let period = format!("{}-{:02}", 2020 + month / 12, month % 12 + 1);
        for (column, cell) in columns.iter().zip(line.split(',')) {
            let is_measure = links().iter().any(|link| {
                let (driver, outcome) = ends(link);
                driver == **column || outcome == **column
            });
            if is_measure && !cell.is_empty() {
                out += &format!("m-{column},u{unit:02},{period},{cell},1\n");
            }
        }
    }
    out
}

#[test]
fn the_planted_map_gets_the_grades_of_the_reference() {
    let bench = planted("planted-map");
    let answer: Json =
        serde_json::from_str(&bench.ok(&["evidence", "--format", "json"])).expect("json");
    let found = answer["links"].as_array().expect("links");
    for link in links() {
        let (driver, outcome) = ends(&link);
        let key = format!("{driver}>{outcome}");
        let found = found.iter().find(|one| one["key"] == *key);
        let found = found.unwrap_or_else(|| panic!("{key} is in the answer"));
        let grade = link["grade"].as_str().expect("a grade").to_lowercase();
        assert_eq!(found["grade"], *grade, "{found}");
        let tested = &found["tested"];
        assert_eq!(tested["n"], link["n"], "{key}");
        assert_eq!(tested["units"], link["G"], "{key}");
        if let Some(effect) = link["b"].as_f64() {
            let size = tested["size"]["standard"].as_f64().expect("a size");
            assert!(
                (size - effect).abs() < 1e-8,
                "{key}: {size} is not {effect}"
            );
        }
    }
}

#[test]
fn evidence_is_as_of_a_period_and_as_known() {
    let bench = planted("planted-map-clocks");
    let grade = |arguments: &[&str]| -> Json {
        let all = [
            &["evidence", "coaching>skill", "--format", "json"],
            arguments,
        ]
        .concat();
        serde_json::from_str(&bench.ok(&all)).expect("json")
    };
    let now = grade(&[]);
    assert_eq!(now["link"]["grade"], "supported");
    // One pair of months in each unit is too little to tell anything.
    let first = grade(&["--period", "2020-02"]);
    assert_eq!(first["link"]["grade"], "untested");
    assert_eq!(first["link"]["tested"], Json::Null);
    let early = grade(&["--period", "2021-06"]);
    assert_eq!(early["link"]["tested"]["last_period"], "2021-06");
    assert!(early["link"]["tested"]["n"].as_u64() < now["link"]["tested"]["n"].as_u64());
    // Somebody finds that all skill of 2022 was wrong; what was known before stays what it was.
    let lines = observations();
    let wrong = lines
        .lines()
        .filter(|line| line.starts_with("m-skill,") && line.contains(",2022-"))
        .map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",") + ",,\n");
    let correction: String = std::iter::once("measure,unit,period,value,weight\n".to_owned())
        .chain(wrong)
        .collect();
    bench.write("correction.csv", &correction);
    let later = "2026-12-01T10:00:00Z";
    assert_eq!(bench.run_at(later, &["load", "correction.csv"]).status, 0);
    let at = |known_at: &[&str]| -> Json {
        let all = [
            &[
                "evidence",
                "coaching>skill",
                "--period",
                "2022-12",
                "--format",
                "json",
            ],
            known_at,
        ]
        .concat();
        serde_json::from_str(&bench.run_at(later, &all).out).expect("json")
    };
    let before = at(&["--known-at", "2026-11-30"]);
    assert_eq!(before["link"], now["link"]);
    let after = at(&[]);
    assert!(after["link"]["tested"]["n"].as_u64() < now["link"]["tested"]["n"].as_u64());
}

#[test]
fn evidence_in_words() {
    let bench = planted("planted-map-words");
    insta::assert_snapshot!(bench.transcript(
        "evidence
        evidence coaching>skill
        evidence audit>errors
        evidence coaching>skil"
    ));
}

/// Ten branches whose cause and effect both follow the weather. A branch that is retired takes nothing that is held fixed with it.
#[test]
fn a_retired_unit_changes_no_grade() {
    let bench = Bench::new("evidence-retired");
    let units = |count: usize| -> String {
        (0..count)
            .map(|unit| format!("  - {{ key: u{unit}, name: U{unit}, parent: top }}\n"))
            .collect()
    };
    let organisation = "organisation: { key: top, name: Top, time_zone: UTC }\nunits:\n  - { key: top, name: Top }\n";
    bench.write(
        "plan/organisation.yaml",
        &format!("{organisation}{}", units(10)),
    );
    bench.write(
        "plan/measures.yaml",
        "measures:
  - { key: cause, name: Cause, kind: mean, better: higher, frequency: month }
  - { key: effect, name: Effect, kind: mean, better: higher, frequency: month }
  - { key: weather, name: Weather, kind: mean, frequency: month, indicator: leading }
",
    );
    bench.write(
        "plan/map.yaml",
        "outcomes: [{ key: out, name: Out, measures: [effect] }]
behaviours: [{ key: act, name: Act, level: frontline, who: all, how_often: daily, seen_by: all, measures: [cause] }]
links: [{ from: act, to: out, effect: raises, lag: 0 months, strength: strong, why: x }]
",
    );
    bench.write(
        "plan/strategy.yaml",
        "strategy: { key: s, name: S, from: 2018, to: 2026 }\n",
    );
    let mut chance = even(11);
    let mut rows = "measure,unit,period,value\n".to_owned();
    for unit in 0..10 {
        for month in 0..36 {
            let period = format!("{}-{:02}", 2021 + month / 12, month % 12 + 1);
            let weather = chance();
            let values = [
                ("weather", weather),
                ("cause", weather + 0.4 * chance()),
                ("effect", weather + 0.4 * chance()),
            ];
            for (measure, value) in values {
                rows += &format!("{measure},u{unit},{period},{value}\n");
            }
        }
    }
    bench.ok(&["apply", "plan", "--data", "data"]);
    bench.write("rows.csv", &rows);
    bench.ok(&["load", "rows.csv", "--data", "data"]);
    let grade = || {
        let asked = [
            "evidence", "--data", "data", "--period", "2023-12", "--format", "json",
        ];
        let answer: Json = serde_json::from_str(&bench.ok(&asked)).expect("json");
        answer["links"][0]["grade"]
            .as_str()
            .expect("a grade")
            .to_owned()
    };
    assert_eq!(grade(), "not shown");
    bench.write(
        "plan/organisation.yaml",
        &format!("{organisation}{}", units(9)),
    );
    bench.ok(&["apply", "plan", "--data", "data", "--retire"]);
    assert_eq!(grade(), "not shown", "the weather is still held fixed");
}

/// A map with one link that holds by far, over 72 months in 24 branches; what came of the driver shows a month later.
fn lasting(name: &str) -> Bench {
    let bench = planted(name);
    let mut told = "measure,unit,period,value,weight\n".to_owned();
    let mut chance: u64 = 7;
    let mut draw = || {
        // The sum of some draws is near enough to what errors look like.
        let mut sum = 0.0;
        for _ in 0..6 {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            sum += (chance >> 33) as f64 / (1u64 << 31) as f64 - 0.5;
        }
        sum
    };
    for unit in 0..UNITS {
        let mut before = 0.0;
        for month in 0..72 {
            let driver = draw();
            let outcome = 0.3 * before + draw();
            let period = format!("{}-{:02}", 2020 + month / 12, month % 12 + 1);
            told += &format!("m-coaching,u{unit:02},{period},{driver:.4},1\n");
            told += &format!("m-skill,u{unit:02},{period},{outcome:.4},1\n");
            before = driver;
        }
    }
    bench.write("lasting.csv", &told);
    bench.ok(&["load", "lasting.csv"]);
    bench
}

fn of_link(bench: &Bench, more: &[&str]) -> Json {
    let all = [&["evidence", "coaching>skill", "--format", "json"], more].concat();
    serde_json::from_str(&bench.ok(&all)).expect("json")
}

#[test]
fn grades_are_kept_once_per_period_and_later_data_make_a_link_strong() {
    let bench = lasting("kept-grades");
    let commits = |bench: &Bench| {
        bench
            .ok(&["history", "--format", "json"])
            .matches("\"hash\"")
            .count()
    };
    assert_eq!(
        of_link(&bench, &["--period", "2021-12"])["link"]["kept"],
        Json::Null
    );
    let first = of_link(&bench, &["--period", "2021-12", "--record"]);
    let kept = &first["link"]["kept"];
    assert_eq!(first["link"]["grade"], "supported", "{first}");
    assert_eq!(kept["until"], "2021-12");
    assert_eq!(kept["since"], "2021-12");
    assert_eq!(kept["replication"], Json::Null);
    // All that there is weighs as much as one block.
    let e = kept["evidence"].as_f64().expect("evidence");
    assert_eq!(
        e,
        first["link"]["tested"]["evidence"]
            .as_f64()
            .expect("evidence")
            .min(1e9)
    );
    let (links, before) = (first["link"].clone(), commits(&bench));
    let again = of_link(&bench, &["--period", "2021-12", "--record"]);
    assert_eq!(commits(&bench), before, "nothing is kept twice");
    assert_eq!(again["link"], links);
    for period in ["2022-06", "2022-12", "2023-12", "2024-12", "2025-12"] {
        of_link(&bench, &["--period", period, "--record"]);
    }
    let last = of_link(&bench, &["--period", "2025-12"]);
    let kept = &last["link"]["kept"];
    assert_eq!(last["link"]["grade"], "strong", "{last}");
    assert!(kept["replication"].as_f64() >= Some(10.0), "{kept}");
    let blocks = kept["blocks"].as_array().expect("blocks");
    let product: f64 = blocks
        .iter()
        .map(|block| block["evidence"].as_f64().unwrap())
        .product();
    let evidence = kept["evidence"].as_f64().unwrap();
    assert!(
        blocks.len() > 1 && (product.min(1e9) - evidence).abs() < 1e-6 * evidence,
        "{kept}"
    );
    let grades: Vec<&str> = last["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|past| past["grade"].as_str().unwrap())
        .collect();
    assert_eq!(grades.first(), Some(&"supported"));
    assert_eq!(grades.last(), Some(&"strong"));
    // An earlier period has the grade that was kept last of data until then, with those data; one before all of them has none.
    for (period, kept) in [
        ("2022-03", "2021-12"),
        ("2025-11", "2024-12"),
        ("2022-06", "2022-06"),
    ] {
        let earlier = of_link(&bench, &["--period", period]);
        assert_eq!(earlier["link"]["kept"]["until"], kept, "{period}");
        let newest = earlier["history"].as_array().unwrap().last().unwrap();
        for field in ["grade", "until", "evidence"] {
            assert_eq!(earlier["link"]["kept"][field], newest[field], "{period}");
        }
    }
    let before_all = of_link(&bench, &["--period", "2021-06"]);
    assert_eq!(before_all["link"]["kept"], Json::Null);
    // Nothing earlier is kept after it.
    let before = commits(&bench);
    of_link(&bench, &["--period", "2023-06", "--record"]);
    assert_eq!(commits(&bench), before);
}

/// Figures of the newest period may still come, and a grade is kept once.
#[test]
fn grades_are_kept_of_the_newest_period_that_is_over() {
    let bench = planted("kept-when-over");
    let record = || {
        let told = bench.run(&["evidence", "--record", "--format", "json"]);
        let told: Json = serde_json::from_str(&told.out).expect("json");
        let opened = told["period"].clone();
        let kept = |link: &Json| link["kept"]["until"].as_str().map(str::to_owned);
        let found = bench.ok(&["evidence", "--period", "2023-12", "--format", "json"]);
        let found: Json = serde_json::from_str(&found).expect("json");
        let links = found["links"].as_array().expect("links");
        (opened, links.iter().filter_map(kept).max())
    };
    let (opened, kept) = record();
    assert_eq!(
        (opened, kept.as_deref()),
        ("2022-12".into(), Some("2022-11"))
    );
    // Once a figure of the next one is there, December is over.
    bench.write(
        "next.csv",
        "measure,unit,period,value,weight\nm-coaching,u01,2023-01,0.5,1\n",
    );
    bench.ok(&["load", "next.csv"]);
    let (opened, kept) = record();
    assert_eq!(
        (opened, kept.as_deref()),
        ("2022-12".into(), Some("2022-12"))
    );
}

#[test]
fn kept_grades_stand_in_no_file_and_follow_the_plan() {
    let bench = lasting("kept-grades-in-no-file");
    of_link(&bench, &["--period", "2021-12", "--record"]);
    bench.ok(&["export", "out"]);
    let map = std::fs::read_to_string(bench.path("out/map.yaml")).expect("a map");
    assert!(!map.contains("grades"), "{map}");
    assert!(bench.ok(&["apply", "out"]).contains("Nothing to change"));
    bench.write("wrong/map.yaml", "grades:\n  - { link: coaching>skill }\n");
    let refused = bench.run(&["check", "wrong"]);
    let said = refused.out + &refused.err;
    assert!(said.contains("not a section"), "{said}");
    // Where more is claimed since, what was kept is of another claim.
    bench.write(
        "out/map.yaml",
        &map.replace("strength: moderate", "strength: strong"),
    );
    bench.ok(&["apply", "out"]);
    assert_eq!(
        of_link(&bench, &["--period", "2021-12"])["link"]["kept"],
        Json::Null
    );
    // A link goes without asking its grade, which goes with the next period.
    let gone = map.split("  - from: coaching").next().unwrap().to_owned();
    bench.write("out/map.yaml", &gone);
    bench.ok(&["apply", "out", "--retire"]);
    bench.ok(&["evidence", "--period", "2021-12", "--record"]);
    bench.ok(&["verify"]);
}

/// Even from -1 to 1, by the generator of Park and Miller.
pub(crate) fn even(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state * 48_271 % 2_147_483_647;
        state as f64 / 1_073_741_823.5 - 1.0
    }
}
