//! What is exported reads back to the same records, whatever stands in their texts.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod folders;

use proptest::prelude::*;
use throughline_core::id::SequentialIds;
use throughline_model::observation::CommitNumber;
use throughline_model::text::{Base, FILE_SIZE_LIMIT, LINE_LENGTH_LIMIT, export, read};
use throughline_model::value::KeyBook;
use throughline_model::{AnyRecord, Change, Kind, Model, Tree};
use uuid::Uuid;

fn exported_at(commit: u64) -> Base {
    Base::new(CommitNumber(commit), "0123456789abcdef")
}

/// Reads what is exported, with and without the base of the export.
fn check(model: &Model) {
    let files = export(model, &exported_at(7));
    let shown = || {
        let texts = files
            .iter()
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
        texts.collect::<Vec<_>>().join("\n")
    };
    let all: Vec<AnyRecord> = Kind::ALL
        .into_iter()
        .flat_map(|kind| model.records(kind))
        .collect();
    for base in [&Model::default(), model] {
        let reading = read(&files, base, model, &mut SequentialIds::new());
        assert_eq!(reading.diagnostics.to_string(), "", "{}", shown());
        let plan = reading.plan.unwrap();
        assert_eq!(plan.base, Some(exported_at(7)));
        assert_eq!(plan.records, all, "{}", shown());
    }
}

#[test]
fn the_examples_are_the_same_after_export() {
    for name in ["ny-flights", "nhs-ae"] {
        let model = folders::model(&folders::example(name));
        check(&model);
        let paths: Vec<String> = export(&model, &exported_at(1))
            .into_iter()
            .map(|file| file.path)
            .collect();
        let expected = [
            "organisation.yaml",
            "strategy.yaml",
            "map.yaml",
            "governance.yaml",
            "measures.yaml",
            "targets.csv",
        ];
        // Of the two, only the flights have a body that reviews them.
        let has_bodies = !model.bodies().is_empty();
        assert_eq!(has_bodies, name == "ny-flights");
        let expected = expected
            .iter()
            .filter(|path| has_bodies || **path != "governance.yaml");
        assert_eq!(
            paths.iter().collect::<Vec<_>>(),
            expected.collect::<Vec<_>>()
        );
    }
}

#[test]
fn an_export_looks_like_what_people_write() {
    let files = export(
        &folders::model(&folders::example("nhs-ae")),
        &exported_at(12),
    );
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path).unwrap();
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        text.lines().take(40).collect::<Vec<_>>().join("\n")
    };
    for path in [
        "organisation.yaml",
        "strategy.yaml",
        "map.yaml",
        "measures.yaml",
        "targets.csv",
    ] {
        insta::assert_snapshot!(format!("export {path}"), text(path));
    }
}

/// Texts that look like something else in YAML or CSV, and any others.
fn text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "~",
        "null",
        "Null",
        "true",
        "False",
        "no",
        "1e5",
        "-1",
        "0x1f",
        "1_000",
        ".5",
        "+1",
        "1.",
        "- x",
        "? x",
        ": x",
        "x: y",
        "x :y",
        "x:",
        "#",
        "x #y",
        "x# y",
        " x",
        "x ",
        "\tx",
        "x\ty",
        "'",
        "\"",
        "it's",
        "\"x\"",
        "\\",
        "\\n",
        "a\nb",
        "a\nb\n",
        "a\n\nb",
        "\na",
        "a\n\n",
        "a\n b\n  c",
        " a\nb",
        "a\n \nb",
        "a\r\nb",
        "a\rb",
        "{",
        "}",
        "[x]",
        "{x: y}",
        "a, b",
        "*x",
        "&x",
        "!x",
        "|",
        ">",
        "%",
        "@x",
        "`x`",
        "---",
        "...",
        "--- x",
        "a\n---\nb",
        "a\n...\nb",
        "2012-01-01",
        "2013-W01",
        "é",
        "日本",
        "\u{1f600}",
        "\u{0}",
        "\u{7}",
        "\u{85}x",
        "x\u{2028}y",
        "\u{feff}x",
        "x\u{a0}",
        "\u{202e}x",
        "=",
        "<<",
        "a\tb\nc",
        "x\n# y",
        "a\n\tb",
        "0.1.2",
        "inf",
        "nan",
        "y",
        "1,5",
        "a\"b,c",
        "50%",
        "-",
        "?",
        ":",
        "a: |",
        "\u{ffff}",
    ]);
    prop_oneof![
        nasty.clone().prop_map(str::to_string),
        (nasty.clone(), nasty).prop_map(|(a, b)| format!("{a}{b}")),
        ".{1,40}",
        "(?s).{1,40}",
        "[a-z ]{200}",
    ]
    .prop_filter("texts are not blank", |text| !text.trim().is_empty())
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e6..1e6f64,
        any::<f64>().prop_filter("numbers are finite and below 1e30", |x| x.is_finite()
            && x.abs() < 1e30),
        Just(0.0),
        Just(1e29),
        Just(5e-324),
    ]
    .prop_map(|x| if x == 0.0 { 0.0 } else { x })
}

/// A plan whose texts and numbers are these, in turn.
fn plan(texts: &[String], numbers: &[f64], shape: u64) -> Model {
    let mut turn = 0;
    let mut text = || {
        turn += 1;
        serde_json::Value::from(texts[turn % texts.len()].as_str()).to_string()
    };
    let mut turn = 0;
    let mut number = || {
        turn += 1;
        numbers[turn % numbers.len()]
    };
    let mut json: Vec<(Kind, &str, String)> = vec![
        (
            Kind::Organisation,
            "o",
            format!(
                r#"{{"key":"o","name":{},"time_zone":"Europe/London","on_track_from":{}}}"#,
                text(),
                number()
            ),
        ),
        (
            Kind::Unit,
            "1e5",
            format!(r#"{{"key":"1e5","name":{}}}"#, text()),
        ),
        (
            Kind::Unit,
            "u",
            format!(
                r#"{{"key":"u","name":{},"parents":[{{"parent":"1e5"}},{{"parent":null,"from":"2014-07-01"}}]}}"#,
                text()
            ),
        ),
        (
            Kind::Person,
            "p",
            format!(
                r#"{{"key":"p","name":{},"email":{},"unit":"1e5"}}"#,
                text(),
                text()
            ),
        ),
        (
            Kind::Strategy,
            "s",
            format!(
                r#"{{"key":"s","name":{},"from":2013,"to":2017,"why":{}}}"#,
                text(),
                text()
            ),
        ),
        (
            Kind::Objective,
            "null",
            format!(
                r#"{{"key":"null","name":{},"measures":["m"],"silences":[{{"lint":{},"reason":{}}}]}}"#,
                text(),
                text(),
                text()
            ),
        ),
        (
            Kind::Objective,
            "b",
            format!(
                r#"{{"key":"b","name":{},"about":{},"supports":[{{"objective":"null","weight":2}}],"due":2017}}"#,
                text(),
                text()
            ),
        ),
        (
            Kind::Initiative,
            "i",
            format!(
                r#"{{"key":"i","name":{},"budget":{{"amount":12345678901234567890123.45,"currency":"USD"}},"milestones":[{{"name":{},"due":"2013-04-15"}}]}}"#,
                text(),
                text()
            ),
        ),
        (
            Kind::Behaviour,
            "x",
            format!(
                r#"{{"key":"x","name":{},"who":{},"how_often":{}}}"#,
                text(),
                text(),
                text()
            ),
        ),
        (
            Kind::Link,
            "",
            format!(
                r#"{{"from":"x","to":"b","effect":"raises","lag":"2 weeks","strength":0.25,"why":{}}}"#,
                text()
            ),
        ),
        (
            Kind::Measure,
            "m",
            format!(
                r#"{{"key":"m","name":{},"definition":{},"kind":"ratio","frequency":"week","least_weight":{},"least":-1e29,"greatest":{},"source":{{"facts":{},"time":{},"unit":{},"value":{}}}}}"#,
                text(),
                text(),
                number(),
                number(),
                text(),
                text(),
                text(),
                text()
            ),
        ),
        (
            Kind::Measure,
            "1.5",
            format!(
                r#"{{"key":"1.5","name":{},"kind":"formula","frequency":"week","formula":"`m` / 2","shown_as":{}}}"#,
                text(),
                text()
            ),
        ),
    ];
    let silences = if shape.is_multiple_of(2) {
        format!(r#","silences":[{{"lint":"x","reason":{}}}]"#, text())
    } else {
        String::new()
    };
    json.push((Kind::Target, "", format!(r#"{{"measure":"m","unit":"u","baseline":{{"period":2012,"value":{}}},"points":[{{"period":"2013-W01","value":{}}},{{"period":"2014","value":"none"}}],"floor":[1,2]{silences}}}"#, number(), number())));
    json.push((Kind::Target, "", format!(r#"{{"measure":"1.5","unit":"1e5","points":[{{"period":"2013-W05","value":{}}}],"floor":{},"seasonal":true,"below":"none","joined":"line"}}"#, number(), number())));
    json.push((
        Kind::Target,
        "",
        r#"{"measure":"m","unit":"1e5","stretch":0.25}"#.to_string(),
    ));
    let is_baseline = shape.is_multiple_of(3);
    json.push((
        Kind::Note,
        "n",
        format!(
            r#"{{"key":"n","what":{},"measure":"m","unit":"u","period":"2013-W01","baseline":{is_baseline}{silences}}}"#,
            text()
        ),
    ));
    let mut book = KeyBook::default();
    for (index, (kind, key, _)) in json.iter().enumerate() {
        book.enter(*kind, *key, Uuid::from_u128(index as u128 + 1));
    }
    let mut findings = Vec::new();
    let changes: Vec<Change> = json
        .iter()
        .enumerate()
        .map(|(index, (kind, key, json))| {
            let record = AnyRecord::read(
                *kind,
                key,
                &Tree::from_json(json).unwrap(),
                &book,
                &mut findings,
            );
            assert_eq!(findings, [], "{json}");
            Change::Put(
                record
                    .unwrap()
                    .with_identity(Uuid::from_u128(index as u128 + 1), index as f64),
            )
        })
        .collect();
    Model::of(changes)
}

proptest! {
    #[test]
    fn export_then_read_is_the_same(
        texts in prop::collection::vec(text(), 1..30),
        numbers in prop::collection::vec(number(), 1..10),
        shape in any::<u64>(),
    ) {
        check(&plan(&texts, &numbers, shape));
    }
}

#[test]
fn long_texts_stay_below_the_limits_of_a_file() {
    let long = [
        " x".repeat(32_000),
        "é\n".repeat(20_000),
        "\u{0}".repeat(60_000),
        "x".repeat(64 * 1024),
    ];
    let model = plan(&long, &[1.0], 0);
    check(&model);
    for file in export(&model, &exported_at(1)) {
        let lines = file.bytes.split(|byte| *byte == b'\n');
        assert!(
            lines.map(<[u8]>::len).max().unwrap() <= LINE_LENGTH_LIMIT,
            "{}",
            file.path
        );
        assert!(file.bytes.len() <= FILE_SIZE_LIMIT);
    }
}

#[test]
fn measures_that_do_not_fit_into_one_file_stand_in_several() {
    let long = "x ".repeat(30_000);
    let mut book = KeyBook::default();
    let measures = (1..=200).map(|number| {
        let id = Uuid::from_u128(number);
        let key = format!("m-{number}");
        book.enter(Kind::Measure, key.as_str(), id);
        let json = format!(
            r#"{{"key":"{key}","name":"M","kind":"sum","frequency":"week","definition":"{long}{number}"}}"#
        );
        let tree = Tree::from_json(&json).unwrap();
        let record = AnyRecord::read(Kind::Measure, &key, &tree, &book, &mut Vec::new());
        Change::Put(record.unwrap().with_identity(id, number as f64))
    });
    let model = Model::of(measures.collect::<Vec<_>>());
    check(&model);
    let files = export(&model, &exported_at(1));
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "organisation.yaml",
            "measures/measures-0001.yaml",
            "measures/measures-0002.yaml"
        ]
    );
    assert!(files.iter().all(|file| file.bytes.len() <= FILE_SIZE_LIMIT));
}
