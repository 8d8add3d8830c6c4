//! Findings of later checks find their line: by record, field, element and key of an element.

use throughline_core::finding::{FieldPath, Finding, Place};
use throughline_core::id::SequentialIds;
use throughline_model::Model;
use throughline_model::text::{Places, PlanFile, read};

const ORGANISATION: &str = "\
base: 12
organisation:
  key: o
  name: O
  time_zone: Europe/London
units:
  - { key: all, name: All }
  - key: north
    name: North
    parents:
      - { parent: all }
      - { parent: ~, from: 2014-07-01 }
";

const MEASURES: &str = "\
measures:
  - { key: late, name: Late, kind: sum, frequency: month }
targets:
  - measure: late
    unit: all
    points: [{ period: 2013-01, value: 3 }, { period: 2014-01, value: 2 }]
";

const MAP: &str = "\
outcomes:
  - { key: calm, name: Calm, owner: , measures: [late] }
  - key: quick
    name: Quick
    measures: [{ measure: late, weight: 2 }]
links:
  - { from: calm, to: quick, effect: raises }
";

const TARGETS: &str = "\
measure,unit,period,value,baseline_period,baseline_value
late,north,2013-01,5,2012,7
late,north,2014-01,4,,
";

fn places() -> Places {
    let files = [
        ("organisation.yaml", ORGANISATION),
        ("map.yaml", MAP),
        ("measures.yaml", MEASURES),
        ("targets.csv", TARGETS),
    ];
    let files = files.map(|(path, text)| PlanFile {
        path: path.to_string(),
        bytes: text.into(),
    });
    let none = Model::default();
    let reading = read(&files, &none, &none, &mut SequentialIds::new());
    assert_eq!(reading.diagnostics.to_string(), "");
    reading.plan.expect("a plan").places
}

#[test]
fn places_are_found_in_the_files() {
    let places = places();
    let path = FieldPath::new;
    let check = |kind: &'static str, key: &str, path: FieldPath, expected: &str| {
        let found = places.locate(&Place::record(kind, key).path(path));
        let shown = found.map(|at| format!("{}:{}:{}+{}", at.file, at.line, at.column, at.length));
        assert_eq!(shown.as_deref().unwrap_or("nowhere"), expected);
    };
    check("organisation", "o", path(), "organisation.yaml:3:8+1");
    check(
        "organisation",
        "o",
        path().field("base"),
        "organisation.yaml:1:7+2",
    );
    check("unit", "north", path(), "organisation.yaml:8:10+5");
    check(
        "unit",
        "north",
        path().field("name"),
        "organisation.yaml:9:11+5",
    );
    check(
        "unit",
        "north",
        path().field("parents"),
        "organisation.yaml:10:5+7",
    );
    check(
        "unit",
        "north",
        path().field("parents").index(1),
        "organisation.yaml:12:11+6",
    );
    check(
        "unit",
        "north",
        path().field("parents").index(1).field("from"),
        "organisation.yaml:12:28+10",
    );
    check(
        "unit",
        "north",
        path().field("parents").key("2014-07-01").field("from"),
        "organisation.yaml:12:28+10",
    );
    check("outcome", "calm", path().field("owner"), "map.yaml:2:30+5");
    check("outcome", "calm", path().field("about"), "map.yaml:2:12+4");
    check(
        "outcome",
        "calm",
        path().field("measures").key("late"),
        "map.yaml:2:50+4",
    );
    check(
        "outcome",
        "quick",
        path().field("measures").key("late").field("weight"),
        "map.yaml:5:41+1",
    );
    check(
        "link",
        "calm>quick",
        path().field("effect"),
        "map.yaml:7:38+6",
    );
    check("link", "calm>quick", path(), "map.yaml:7:7+4");
    check(
        "target",
        "late@all",
        path().field("points").key("2014-01").field("value"),
        "measures.yaml:6:71+1",
    );
    check(
        "target",
        "late@north",
        path().field("points").key("2014-01").field("value"),
        "targets.csv:3:20+1",
    );
    check(
        "target",
        "late@north",
        path().field("baseline").field("value"),
        "targets.csv:2:27+1",
    );
    check(
        "target",
        "late@north",
        path().field("floor"),
        "targets.csv:2:1+4",
    );
    check("unit", "south", path(), "nowhere");
    let finding = Finding::warning("x", "y").at(Place::record("unit", "north").field("name"));
    let diagnostic = places.diagnose(&finding).expect("a place");
    assert_eq!(diagnostic.to_string(), "organisation.yaml:9:11: warning: y");
    assert_eq!(diagnostic.source, "    name: North");
    assert_eq!(places.diagnose(&Finding::warning("x", "y")), None);
}
