//! Every cell of the table answers as declared, and nothing reaches the ledger past it.

use super::*;
use throughline_core::{IdSource, Origin, Scope, SequentialIds};
use throughline_model::Change;
use throughline_model::records::{AnyRecord, DatedParent, Person, Unit};
use uuid::Uuid;

/// A tree `top > middle > low`, with `other` beside `middle`.
fn units() -> (Model, [UnitId; 4]) {
    let mut ids = SequentialIds::new();
    let uuids = [ids.next(), ids.next(), ids.next(), ids.next()];
    let [top, middle, low, other] = uuids.map(UnitId::from_uuid);
    let unit = |position: usize, parent: Option<UnitId>| {
        let key = ["top", "middle", "low", "other"][position];
        let record = Unit {
            key: throughline_model::fields::Key::new(key).unwrap(),
            name: key.to_owned(),
            parent,
            parents: Vec::<DatedParent>::new(),
            from: None,
            to: None,
            silences: vec![],
        };
        let record = AnyRecord::from(record).with_identity(uuids[position], position as f64);
        Change::Put(record)
    };
    let model = Model::of([
        unit(0, None),
        unit(1, Some(top)),
        unit(2, Some(middle)),
        unit(3, Some(top)),
    ]);
    (model, [top, middle, low, other])
}

fn actor(role: Role, scope: Scope) -> Actor {
    Actor {
        person: None,
        role,
        scope,
        origin: Origin::Server,
    }
}

#[test]
fn every_cell_answers_as_declared() {
    let declared: String = TABLE
        .iter()
        .flat_map(|rule| {
            Role::ALL.into_iter().map(move |role| {
                let relations = Relation::ALL.into_iter();
                let allowed: Vec<String> = relations
                    .filter(|relation| rule.allows(role, *relation))
                    .map(|relation| format!("{relation:?}"))
                    .collect();
                format!("{}: {role}: {}\n", rule.action, allowed.join(" "))
            })
        })
        .collect();
    insta::assert_snapshot!(declared);
}

#[test]
fn relations_follow_the_tree_of_units() {
    let (model, [top, middle, low, other]) = units();
    let today = jiff::civil::date(2026, 1, 1);
    let check = |scope: Scope, object: Object, expected: Relation| {
        let actor = actor(Role::Viewer, scope);
        assert_eq!(Relation::of(object, &actor, &model, today), expected);
    };
    check(Scope::Unit(middle), Object::Unit(middle), Relation::Own);
    check(Scope::Unit(middle), Object::Unit(low), Relation::Below);
    check(Scope::Unit(top), Object::Unit(low), Relation::Below);
    check(Scope::Unit(middle), Object::Unit(top), Relation::Above);
    check(Scope::Unit(middle), Object::Unit(other), Relation::Beside);
    check(Scope::Unit(middle), Object::Organisation, Relation::Whole);
    check(Scope::Organisation, Object::Organisation, Relation::Own);
    check(Scope::Organisation, Object::Unit(other), Relation::Own);
    check(Scope::Nowhere, Object::Organisation, Relation::Whole);
    check(Scope::Nowhere, Object::Unit(top), Relation::Beside);
}

#[test]
fn proofs_are_made_by_the_table_alone() {
    let (model, [_, middle, low, other]) = units();
    let today = jiff::civil::date(2026, 1, 1);
    let proves = |role: Role, unit: UnitId| {
        let actor = actor(role, Scope::Unit(middle));
        Authorized::<RecordObservations>::prove(&actor, Object::Unit(unit), &model, today).is_some()
    };
    assert!(proves(Role::Contributor, middle));
    assert!(proves(Role::Contributor, low));
    assert!(!proves(Role::Contributor, other));
    assert!(!proves(Role::Viewer, middle));
    assert!(proves(Role::Administrator, low));
    assert!(!proves(Role::Administrator, other));
}

#[test]
fn people_stand_to_an_actor_as_themselves_as_led_or_by_their_unit() {
    let (model, [top, middle, low, other]) = units();
    let person = |number: u128| PersonId::from_uuid(Uuid::from_u128(number));
    let put = |number: u128, unit: Option<UnitId>, superior: Option<u128>| {
        let record = Person {
            key: throughline_model::fields::Key::new(format!("p{number}")).unwrap(),
            name: format!("P {number}"),
            email: None,
            unit,
            level: None,
            reports_to: superior.map(person),
            role: None,
            role_at: None,
            silences: vec![],
        };
        Change::Put(AnyRecord::from(record).with_identity(person(number).as_uuid(), number as f64))
    };
    let model = model.with([
        put(1, Some(middle), None),
        put(2, Some(other), Some(1)),
        put(3, Some(low), Some(2)),
        put(4, Some(low), None),
        put(5, None, None),
        put(6, Some(top), None),
        // Two who report to each other are an error of the plan, and no endless walk.
        put(7, Some(other), Some(8)),
        put(8, Some(other), Some(7)),
    ]);
    let today = jiff::civil::date(2026, 1, 1);
    let check = |scope: Scope, number: u128, expected: Relation| {
        let actor = Actor {
            person: Some(person(1)),
            ..actor(Role::Viewer, scope)
        };
        let relation = Relation::of(Object::Person(person(number)), &actor, &model, today);
        assert_eq!(relation, expected, "{number}");
    };
    check(Scope::Unit(middle), 1, Relation::Oneself);
    check(Scope::Organisation, 1, Relation::Oneself);
    check(Scope::Unit(middle), 2, Relation::Led);
    check(Scope::Unit(middle), 3, Relation::Led);
    check(Scope::Unit(middle), 4, Relation::Below);
    check(Scope::Unit(middle), 5, Relation::Whole);
    check(Scope::Unit(middle), 6, Relation::Above);
    check(Scope::Unit(middle), 7, Relation::Beside);
    check(Scope::Organisation, 7, Relation::Own);
    check(Scope::Nowhere, 4, Relation::Beside);
    check(Scope::Nowhere, 5, Relation::Whole);
}

/// What everybody may see is decided by this one function, and it knows nobody yet for what is secret.
#[test]
fn each_sensitivity_has_its_line() {
    let declared: String = Sensitivity::ALL
        .into_iter()
        .map(|sensitivity| format!("{sensitivity:?}: {}\n", seeing(sensitivity).action))
        .collect();
    insta::assert_snapshot!(declared, @r"
    Public: read the plan
    Internal: see what is internal
    Identity: read the plan
    Personal: see what is personal
    Secret: see what is secret
    ");
}

/// The relations of a person, whatever the unit.
const BY_PERSON: [Relation; 7] = [
    Relation::Oneself,
    Relation::Led,
    Relation::Member,
    Relation::Chair,
    Relation::Answering,
    Relation::Collecting,
    Relation::Entered,
];

#[test]
fn a_figure_is_its_owners_before_it_is_published() {
    let person = |number: u128| PersonId::from_uuid(Uuid::from_u128(number));
    let mut findings = Vec::new();
    let mut book = throughline_model::value::KeyBook::default();
    for (number, key) in [(1, "owner"), (2, "steward")] {
        book.enter(
            throughline_model::Kind::Person,
            key,
            Uuid::from_u128(number),
        );
    }
    let json = r#"{"key":"m","name":"M","kind":"last","frequency":"month","owner":"owner","steward":"steward"}"#;
    let tree = throughline_model::tree::Tree::from_json(json).unwrap();
    let kind = throughline_model::Kind::Measure;
    let record = AnyRecord::read(kind, "m", &tree, &book, &mut findings).unwrap();
    let measure = throughline_core::MeasureId::from_uuid(Uuid::from_u128(9));
    let plan = Model::of([Change::Put(record.with_identity(measure.as_uuid(), 1.0))]);
    let today = jiff::civil::date(2026, 1, 1);
    let check = |of: Option<PersonId>, role, by, sees: bool, publishes: bool| {
        let actor = Actor {
            person: of,
            ..actor(role, Scope::Organisation)
        };
        let object = Object::Figure { measure, by };
        let seen = Authorized::<SeeHeldFigure>::prove(&actor, object, &plan, today);
        let published = Authorized::<PublishFigure>::prove(&actor, object, &plan, today);
        let answers = (seen.is_some(), published.is_some());
        assert_eq!(answers, (sees, publishes), "{of:?} {role} {by:?}");
    };
    let enterer = Some(person(3));
    for role in Role::ALL {
        check(Some(person(1)), role, enterer, true, role != Role::Viewer);
        check(Some(person(2)), role, enterer, true, false);
        check(enterer, role, enterer, true, false);
        check(Some(person(4)), role, enterer, false, false);
        check(Some(person(4)), role, None, false, false);
        check(None, role, None, false, false);
    }
}

/// A role never loses a right by being confined to less, and an administrator may everything somebody else may.
#[test]
fn the_table_is_sound() {
    for rule in TABLE {
        for relation in Relation::ALL {
            for role in Role::ALL {
                if rule.allows(role, relation) {
                    let is_by_unit = !BY_PERSON.contains(&relation);
                    let anywhere = !is_by_unit || rule.allows(role, Relation::Own);
                    assert!(anywhere, "{}: {role}", rule.action);
                    assert!(
                        rule.allows(Role::Administrator, relation),
                        "{}: {role}",
                        rule.action
                    );
                }
            }
        }
        if rule.writes {
            let viewer = Relation::ALL
                .into_iter()
                .any(|relation| rule.allows(Role::Viewer, relation));
            assert!(!viewer, "a viewer changes nothing: {}", rule.action);
        }
    }
}
