//! Which record of the plan a record of a folder is: after renames and retirements, here and there.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use throughline_core::id::{IdSource, SequentialIds, Uuid};
use throughline_model::text::{PlanFile, Reading, read};
use throughline_model::{Change, Kind, Model};

/// New ids begin here, so that they can be told from those of the plan.
struct NewIds(u128);

impl IdSource for NewIds {
    fn next(&mut self) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

const NEW: u128 = 1 << 100;

fn read_units(units: &str, base: &Model, head: &Model, ids: &mut dyn IdSource) -> Reading {
    let lines: String = units
        .lines()
        .map(|line| format!("  - {{ {}, name: X }}\n", line.trim()))
        .collect();
    let text = format!("units:\n{lines}");
    read(
        &[PlanFile {
            path: "organisation.yaml".to_string(),
            bytes: text.into_bytes(),
        }],
        base,
        head,
        ids,
    )
}

fn change(model: &Model, units: &str) -> Model {
    let plan = read_units(units, model, model, &mut SequentialIds::new())
        .plan
        .unwrap();
    model.with(plan.records.into_iter().map(Change::Put))
}

fn unit(model: &Model, key: &str) -> Uuid {
    model.id_of(Kind::Unit, key).unwrap()
}

/// The plan when the folder was exported, with the units a, b, c and d; and what became of it: a is called a2, b is retired, e is new.
fn plans() -> (Model, Model) {
    let base = change(&Model::default(), "key: a\nkey: b\nkey: c\nkey: d");
    let head = base.with([Change::Retire(Kind::Unit, unit(&base, "b"))]);
    let mut ids = NewIds(5000);
    let plan = read_units("key: a2, was: a\nkey: e", &base, &head, &mut ids)
        .plan
        .unwrap();
    let head = head.with(plan.records.into_iter().map(Change::Put));
    (base, head)
}

/// Each unit of a folder is answered with the key that its record had in the base or has in the head, or "new".
fn check(units: &str, with_base: bool, expected: &str) {
    let (exported, head) = plans();
    let none = Model::default();
    let base = if with_base { &exported } else { &none };
    let Reading { plan, diagnostics } = read_units(units, base, &head, &mut NewIds(NEW));
    let Some(plan) = plan else {
        assert_eq!(diagnostics.to_string().trim(), expected, "{units}");
        return;
    };
    let known = |id: Uuid| {
        let key = exported
            .key_of(Kind::Unit, id)
            .or_else(|| head.key_of(Kind::Unit, id));
        key.unwrap_or_else(|| {
            assert!(id > Uuid::from_u128(NEW), "{units}");
            "new".to_string()
        })
    };
    let found: Vec<String> = plan
        .records
        .iter()
        .map(|record| known(record.id()))
        .collect();
    assert_eq!(found.join(" "), expected, "{units}");
}

#[test]
fn keys_find_their_records() {
    // The folder's own time, with and without the base that says so.
    check("key: a\nkey: c\nkey: d", true, "a c d");
    check("key: a2\nkey: c\nkey: e\nkey: f", true, "a c e new");
    check("key: a2\nkey: c\nkey: e\nkey: f", false, "a c e new");
    // Renamed here.
    check("key: c2, was: c\nkey: d", true, "c d");
    check("key: c2, was: c\nkey: d", false, "c d");
    // Renamed here and there, differently.
    check("key: a3, was: a", true, "a");
    check("key: a3, was: a", false, "a");
    // Renamed already.
    check("key: a2, was: a", true, "a");
    check("key: a2, was: a", false, "a");
    check("key: a2, was: nothing", true, "a");
    // Retired there, still in the folder: the merge decides.
    check("key: b", true, "b");
    // Retired by mistake, and brought back, under its key or another one.
    check("key: b, was: b", false, "b");
    check("key: b2, was: b", false, "b");
}

#[test]
fn keys_that_cannot_be_are_answered() {
    let line = "organisation.yaml:";
    let not_again = "choose another key; keys are not used again";
    check(
        "key: b",
        false,
        &format!(
            "{line}2:12: error: `b` was the key of a unit that has been retired (to bring that unit back, with its history, write `was: b` beside the key; a new unit takes another key)"
        ),
    );
    check(
        "key: a",
        false,
        &format!(
            "{line}2:12: error: `a` was the key of the unit that is called `a2` now (write `a2`, or choose another key for a new unit)"
        ),
    );
    check(
        "key: x, was: y",
        true,
        &format!("{line}2:20: error: there is no unit `y` (leave `was` out for a new record)"),
    );
    check(
        "key: x, was: a22",
        true,
        &format!("{line}2:20: error: there is no unit `a22` (did you mean `a2`?)"),
    );
    check(
        "key: c, was: d",
        true,
        &format!(
            "{line}2:20: error: `d` cannot be renamed to `c`: that is another unit (choose a key that was never used, or leave `was` out)"
        ),
    );
    check(
        "key: b, was: c",
        false,
        &format!(
            "{line}2:12: error: `b` was the key of a unit that has been retired ({not_again})"
        ),
    );
    check(
        "key: a\nkey: a2",
        true,
        &format!(
            "{line}3:12: error: `a` and `a2` are the same unit; {line}2:12: first given here (keep one of the two; a new record has a key that was never used)"
        ),
    );
    check(
        "key: c\nkey: c2, was: c",
        true,
        &format!(
            "{line}3:12: error: `c` and `c2` are the same unit; {line}2:12: first given here (keep one of the two; a new record has a key that was never used)"
        ),
    );
}

#[test]
fn references_find_what_is_not_in_the_folder() {
    let (base, head) = plans();
    let read_people = |unit: &str| {
        let organisation = format!(
            "units:\n  - {{ key: c2, was: c, name: X }}\npeople:\n  - {{ key: p, name: P, unit: {unit} }}\n"
        );
        let files = [PlanFile {
            path: "organisation.yaml".to_string(),
            bytes: organisation.into_bytes(),
        }];
        let reading = read(&files, &base, &head, &mut NewIds(NEW));
        match reading.plan {
            Some(plan) => {
                let person = plan
                    .records
                    .iter()
                    .find(|record| record.kind() == Kind::Person)
                    .unwrap();
                person
                    .write(&head)
                    .get("unit")
                    .and_then(|unit| unit.scalar())
                    .unwrap()
                    .to_string()
            }
            None => reading.diagnostics.to_string(),
        }
    };
    assert_eq!(
        read_people("c2"),
        "c",
        "the folder's own key for what the plan calls c"
    );
    assert_eq!(
        read_people("d"),
        "d",
        "missing from the section, still in the plan"
    );
    assert_eq!(read_people("a2"), "a2");
    assert_eq!(read_people("a"), "a2", "renamed since the export");
    assert_eq!(
        read_people("c"),
        "organisation.yaml:4:30: error: there is no unit `c` (did you mean `c2`?)\n"
    );
    assert_eq!(
        read_people("b"),
        "organisation.yaml:4:30: error: there is no unit `b`\n"
    );
}

#[test]
fn another_organisation_is_refused() {
    let organisation = |key: &str| {
        let text = format!("organisation:\n  key: {key}\n  name: O\n  time_zone: Europe/London\n");
        [PlanFile {
            path: "organisation.yaml".to_string(),
            bytes: text.into_bytes(),
        }]
    };
    let none = Model::default();
    let plan = read(
        &organisation("old"),
        &none,
        &none,
        &mut SequentialIds::new(),
    )
    .plan
    .unwrap();
    let head = Model::of(plan.records.into_iter().map(Change::Put));
    let answer = |key: &str| {
        read(&organisation(key), &none, &head, &mut SequentialIds::new())
            .diagnostics
            .to_string()
    };
    assert_eq!(answer("old"), "");
    assert_eq!(answer("new\n  was: old"), "");
    assert!(answer("new").contains("to rename it, write `was: old`"));
}

#[test]
fn a_record_that_is_added_or_moved_touches_no_other() {
    let (base, head) = plans();
    let check = |units: &str, expected: &[f64]| {
        let plan = read_units(units, &base, &head, &mut NewIds(NEW))
            .plan
            .unwrap();
        let positions: Vec<f64> = plan
            .records
            .iter()
            .map(|record| record.position())
            .collect();
        assert_eq!(positions, expected, "{units}");
    };
    check("key: a\nkey: c\nkey: d", &[1.0, 3.0, 4.0]);
    check("key: a\nkey: x\nkey: c\nkey: d", &[1.0, 2.0, 3.0, 4.0]);
    check("key: x\nkey: c\nkey: d\nkey: a", &[2.0, 3.0, 4.0, 5.0]);
}
