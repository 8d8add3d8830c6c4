//! Observations of the examples, and many of them.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod folders;

use std::fmt::Write;
use std::sync::LazyLock;

use proptest::prelude::*;
use throughline_model::Model;
use throughline_model::text::PlanFile;
use throughline_model::text::observations::{ObservationsText, read};

fn example(name: &str) -> (Model, Vec<u8>) {
    let files = folders::example(name);
    let observations = files.iter().find(|file| file.path == "observations.csv");
    (folders::model(&files), observations.unwrap().bytes.clone())
}

#[test]
fn the_observations_of_the_examples_read_without_a_word() {
    for name in ["ny-flights", "nhs-ae"] {
        let (model, bytes) = example(name);
        let text = read(&bytes, "observations.csv", &model, None);
        assert_eq!(text.diagnostics.to_string(), "", "{name}");
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(text.rows.len(), lines - 1, "{name}");
        assert_eq!(text.rejected, 0);
        let twice = read(
            &[
                &bytes[..],
                &bytes[bytes.iter().position(|b| *b == b'\n').unwrap()..],
            ]
            .concat(),
            "x",
            &model,
            None,
        );
        assert_eq!(twice.rows, text.rows, "the same twice counts once");
        let with_mark = [&b"\xef\xbb\xbf"[..], &bytes].concat();
        assert_eq!(read(&with_mark, "x", &model, None).rows, text.rows);
        let crlf = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        assert_eq!(read(crlf.as_bytes(), "x", &model, None).rows, text.rows);
    }
}

#[test]
fn bad_rows_are_counted_and_a_few_are_shown() {
    let (model, _) = example("nhs-ae");
    let mut text = String::from("measure,unit,period,value\n");
    for row in 0..1_000 {
        writeln!(text, "nothing,nobody-{row},2016-04,1").unwrap();
    }
    let ObservationsText {
        rows,
        rejected,
        diagnostics,
    } = read(text.as_bytes(), "x.csv", &model, None);
    assert!(rows.is_empty());
    assert_eq!(rejected, 1_000);
    assert_eq!(diagnostics.iter().count() + diagnostics.left_out(), 2_000);
    assert!(diagnostics.to_string().ends_with("... and 1800 more\n"));
}

/// A plan in which `m` is reported by `a`, which stands below `inner` until March 2020, and `west` is there for a year.
fn small_plan() -> Model {
    let file = |path: &str, text: &str| PlanFile {
        path: path.to_string(),
        bytes: text.into(),
    };
    let organisation = "organisation: { key: org, name: Org, time_zone: UTC }
units:
  - { key: top, name: Top }
  - { key: inner, name: Inner, parent: top }
  - { key: a, name: A, parents: [{ parent: inner }, { parent: top, from: 2020-03-01 }] }
  - { key: b, name: B, parent: inner }
  - { key: west, name: West, parent: top, from: 2020-01-15, to: 2020-12-31 }
";
    let measures = "measures:
  - { key: m, name: M, kind: sum, frequency: month, reported_by: [a] }
  - { key: apart, name: P, kind: last, frequency: month, reported_by: [a] }
  - { key: n, name: N, kind: sum, frequency: month }
";
    folders::model(&[
        file("organisation.yaml", organisation),
        file("measures.yaml", measures),
    ])
}

#[test]
fn rows_stand_where_and_when_a_measure_is_observed() {
    let model = small_plan();
    let check = |row: &str, expected: &str| {
        let text = read(
            format!("measure,unit,period,value\n{row}\n").as_bytes(),
            "x.csv",
            &model,
            None,
        );
        let said: Vec<String> = text
            .diagnostics
            .iter()
            .map(|one| format!("{}:{} {}", one.line, one.column, one.finding.message))
            .collect();
        assert_eq!(said.join("; "), expected, "{row}");
        assert_eq!(text.rows.is_empty(), !expected.is_empty(), "{row}");
    };
    check("m,a,2020-01,1", "");
    check("m,b,2020-01,1", "2:3 m is not reported by b");
    // Above the listed unit it is read, and may have a value of its own.
    check("m,inner,2020-01,1", "");
    check("m,inner,2020-03,1", "2:3 m is not reported by inner");
    check("m,top,2020-03,1", "");
    check(
        "apart,inner,2020-01,1",
        "2:7 apart is not reported by inner",
    );
    check("n,b,2020-01,1", "");
    // An empty value takes back what was loaded by mistake.
    check("m,b,2020-01,", "");
    check("n,west,2020-01,1", "");
    check("n,west,2019-12,1", "2:3 west begins on 2020-01-15");
    check("n,west,2021-01,1", "2:3 west ends on 2020-12-31");
    check("n,west,2021-01,", "");
}

#[test]
fn history_from_before_the_strategy_is_told_once_for_a_file() {
    let (model, _) = example("nhs-ae");
    let rows = "measure,unit,period,value\n\
                attendances,england,2016-01,5\n\
                attendances,england,2015-12,\n\
                attendances,england,2015-11,5\n\
                over-four-hours,england,2015-11,5\n";
    let text = read(rows.as_bytes(), "x.csv", &model, None);
    let said: Vec<String> = text
        .diagnostics
        .iter()
        .map(|one| format!("{}:{} {}", one.line, one.column, one.finding.message))
        .collect();
    assert_eq!(
        said,
        ["4:21 2015-11 is before the strategy, which begins in 2016"]
    );
    assert_eq!(text.rows.len(), 4);
}

static FLIGHTS: LazyLock<Model> = LazyLock::new(|| example("ny-flights").0);

proptest! {
    #[test]
    fn any_bytes_are_answered(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40),
    ) {
        let model = &*FLIGHTS;
        for bytes in [bytes.clone(), [pieces.concat().as_bytes(), &bytes].concat(), pieces.concat().into_bytes()] {
            let text = read(&bytes, "x.csv", model, None);
            prop_assert_eq!(text.rejected > 0 || text.rows.is_empty(), text.rows.is_empty() || text.diagnostics.has_errors());
        }
    }
}

const PIECES: [&str; 22] = [
    "measure,unit,period,value\n",
    "measure,unit,period,value,weight,state,note,recorded_at\n",
    "on-time-arrival,ewr-9e,2013-W01,0.5",
    "on-time-arrival",
    "harbour",
    "2013-W01",
    "2013",
    "0.5",
    ",",
    ",",
    ",",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "\"\"",
    "é",
    "\u{feff}",
    "1,000",
    "yes",
    "2013-01-01",
    "2013-01-01T00:00:00Z",
];

#[test]
fn a_border_settles_the_doubt_about_percents_on_its_own_side() {
    let check = |borders: &str, value: &str, doubts: bool| {
        let measures = format!(
            "measures: [{{ key: r, name: R, kind: ratio, shown_as: \"%\", frequency: month{borders} }}]\n"
        );
        let file = |path: &str, text: &str| PlanFile {
            path: path.to_string(),
            bytes: text.into(),
        };
        let organisation =
            "organisation: { key: o, name: O, time_zone: UTC }\nunits: [{ key: u, name: U }]\n";
        let files = [
            file("organisation.yaml", organisation),
            file("measures.yaml", &measures),
        ];
        let rows = format!("measure,unit,period,value,weight\nr,u,2020-01,{value},10\n");
        let text = read(rows.as_bytes(), "x.csv", &folders::model(&files), None);
        let told = text.diagnostics.to_string();
        assert_eq!(
            told.contains("will be shown as"),
            doubts,
            "{borders} {value}: {told}"
        );
        assert_eq!(text.rejected, 0, "{borders} {value}: {told}");
    };
    check("", "5.5", true);
    check("", "-5.5", true);
    check(", greatest: 10", "5.5", false);
    check(", greatest: 10", "-5.5", true);
    check(", least: -10", "-5.5", false);
    check(", least: -10", "5.5", true);
}
