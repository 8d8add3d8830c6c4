//! What is known before a workbook is understood: the plan that holds says what its names stand for, and a kept mapping how
//! people corrected it.

use std::collections::BTreeSet;

use throughline_model::records::{Measure, MeasureKind};
use throughline_model::{Kind, Model};
use throughline_workbook::mapping::{MAPPING_VERSION, Named, OrganisationMapping};
use throughline_workbook::{Mapping, Meaning, MeasureMapping, Standing, Sure, Understood};

/// A kept mapping together with the plan that holds. What is kept says by which words things are found, the plan what they
/// are.
pub(super) fn mapping(kept: Option<&Mapping>, model: &Model) -> Option<Mapping> {
    let Some(organisation) = organisation(model) else {
        return kept.cloned();
    };
    let kept = kept.cloned().unwrap_or_default();
    let measures = kept.measures.into_iter().map(|kept| {
        let stands = model.measures().by_key(&kept.key);
        match stands.filter(|_| kept.read) {
            Some(stands) => MeasureMapping {
                found_as: kept.found_as,
                sundays: kept.sundays,
                weeks_doubted: kept.weeks_doubted,
                ..of_measure(stands, model)
            },
            None => kept,
        }
    });
    let mut measures: Vec<MeasureMapping> = measures.collect();
    let known: BTreeSet<String> = measures.iter().map(|one| one.key.clone()).collect();
    let others = model.measures().iter();
    let others = others.filter(|measure| !known.contains(measure.record.key.as_str()));
    measures.extend(others.map(|measure| of_measure(measure, model)));
    let units = model.units().iter();
    let units = units.map(|unit| (unit.record.key.as_str(), unit.record.name.as_str()));
    let people = model.people().iter();
    let people = people.map(|person| (person.record.key.as_str(), person.record.name.as_str()));
    Some(Mapping {
        version: MAPPING_VERSION,
        organisation,
        year: kept.year,
        sheets: kept.sheets,
        measures,
        units: with(kept.units, units),
        people: with(kept.people, people),
        take_in: kept.take_in,
    })
}

/// The organisation of a plan, with the key of its topmost unit: what no unit is named for is of that.
fn organisation(model: &Model) -> Option<OrganisationMapping> {
    let organisation = &model.organisation()?.record;
    let mut units = model.units().iter();
    let top = units.find(|unit| unit.record.parent.is_none() && unit.record.parents.is_empty());
    let key = top.map_or(&organisation.key, |unit| &unit.record.key);
    Some(OrganisationMapping {
        key: key.as_str().to_owned(),
        name: organisation.name.clone(),
        time_zone: organisation.time_zone.0.clone(),
        fiscal_year_starts: organisation.fiscal_year_starts as u8 + 1,
    })
}

/// A measure of the plan, found by its name.
fn of_measure(measure: &Measure, model: &Model) -> MeasureMapping {
    let owner = measure.owner.and_then(|owner| model.people().get(owner));
    let is_computed = measure.kind == MeasureKind::Formula;
    let because = if is_computed {
        "left out: the plan computes it"
    } else {
        "it stands in the plan"
    };
    MeasureMapping {
        found_as: measure.name.clone(),
        read: !is_computed,
        key: measure.key.as_str().to_owned(),
        name: measure.name.clone(),
        definition: None,
        kind: measure.kind.word().to_owned(),
        shown_as: measure.shown_as.clone(),
        decimals: measure.decimals.map_or(0, |decimals| decimals.0),
        better: measure.better.map(|better| better.word().to_owned()),
        frequency: measure.frequency.word().to_owned(),
        sundays: None,
        weeks_doubted: false,
        due: measure.due.map(|days| days.0),
        owner: owner.map(|owner| owner.name.clone()),
        sure: Sure::Certain,
        because: vec![because.to_owned()],
    }
}

/// What was kept, and what stands in the plan beside it.
fn with<'a>(mut kept: Vec<Named>, plan: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Named> {
    for (key, name) in plan {
        let named = |known: &Named| known.key == key && known.found_as == name;
        if !kept.iter().any(named) {
            kept.push(Named {
                found_as: name.to_owned(),
                key: key.to_owned(),
                name: name.to_owned(),
            });
        }
    }
    kept
}

/// Takes out of the mapping what is neither in this file nor was kept: the plan says it anew each time.
pub(super) fn without_others(understood: &mut Understood, kept: Option<&Mapping>) {
    let here: BTreeSet<&String> = understood.measures.iter().map(|one| &one.key).collect();
    let owners: BTreeSet<&String> = understood
        .measures
        .iter()
        .filter_map(|measure| measure.owner.as_ref())
        .collect();
    let units: BTreeSet<&String> = understood
        .cells
        .iter()
        .filter_map(|cell| match &cell.meaning {
            Meaning::Value(value) | Meaning::Target(value) => Some(&value.unit),
            _ => None,
        })
        .collect();
    let empty = Mapping::default();
    let kept = kept.unwrap_or(&empty);
    let mapping = &mut understood.mapping;
    mapping.measures.retain(|one| {
        here.contains(&one.key) || kept.measures.iter().any(|kept| kept.key == one.key)
    });
    mapping
        .units
        .retain(|one| units.contains(&one.key) || kept.units.contains(one));
    mapping
        .people
        .retain(|one| owners.contains(&one.found_as) || kept.people.contains(one));
}

/// What the workbook names and the plan had before: records that were taken back, and are the same again.
pub(super) fn returning(model: &Model, understood: &Understood) -> Standing {
    let was_here = |(kind, key): &(Kind, &str)| {
        let user = model.first_user_of(*kind, key);
        user.is_some_and(|id| model.key_of(*kind, id).is_none())
    };
    let keys = understood.draft.keys().filter(was_here);
    keys.map(|(kind, key)| (kind, key.to_owned())).collect()
}

/// The records of the plan that holds, by kind and key.
pub(super) fn standing(model: &Model) -> Standing {
    let kinds = [
        Kind::Organisation,
        Kind::Unit,
        Kind::Person,
        Kind::Measure,
        Kind::Target,
    ];
    let of_kind = |kind: Kind| {
        let records = model.records(kind).into_iter();
        records.map(move |record| (kind, record.key(model)))
    };
    kinds.into_iter().flat_map(of_kind).collect()
}
