//! Lints of who does it: units without anybody, and initiatives that nobody drives or that serve nothing.

use std::collections::HashSet;

use jiff::civil::Date;
use throughline_core::id::UnitId;

use super::{Hit, Lint};

pub(super) const UNIT_WITHOUT_PEOPLE: Lint = Lint {
    code: "unit-without-people",
    title: "Unit without anybody",
    reason: "A unit whose numbers are red needs somebody who can act: in it, below it, or right above it.",
    find: |survey| {
        let model = survey.model;
        let tree = model.index().units_on(Date::MAX);
        let staffed: HashSet<UnitId> = model
            .people()
            .iter()
            .filter_map(|person| person.unit)
            .collect();
        let mut reached = staffed.clone();
        for unit in &staffed {
            for above in tree.ancestors(*unit) {
                // Whatever is above a unit that was reached has been reached with it.
                if !reached.insert(above) {
                    break;
                }
            }
        }
        let has_somebody = |unit: UnitId| {
            reached.contains(&unit)
                || tree
                    .parent(unit)
                    .is_some_and(|above| staffed.contains(&above))
        };
        let units = model.units().iter().filter(|unit| !has_somebody(unit.id()));
        units
            .map(|unit| {
                let help = "name somebody for it, with `unit` at the person";
                Hit::at(
                    unit,
                    "nobody is in this unit, below it, or right above it",
                    help,
                )
            })
            .collect()
    },
};

pub(super) const INITIATIVE_SERVES_NOTHING: Lint = Lint {
    code: "initiative-serves-nothing",
    title: "Initiative that serves no objective",
    reason: "Money and time that serve no objective are missing where the strategy needs them.",
    find: |survey| {
        let initiatives = survey.model.initiatives().iter();
        initiatives
            .filter(|initiative| initiative.serves.is_empty())
            .map(|initiative| {
                let help = "write `serves:` with the objectives that it brings nearer";
                Hit::at(initiative, "this initiative serves no objective", help)
            })
            .collect()
    },
};

pub(super) const INITIATIVE_WITHOUT_OWNER: Lint = Lint {
    code: "initiative-without-owner",
    title: "Initiative without an owner",
    reason: "Work that nobody answers for starts late and ends never.",
    find: |survey| {
        let initiatives = survey.model.initiatives().iter();
        initiatives
            .filter(|initiative| initiative.owner.is_none())
            .map(|initiative| {
                Hit::at(
                    initiative,
                    "nobody answers for this initiative",
                    "write `owner:`",
                )
            })
            .collect()
    },
};

pub(super) const INITIATIVE_WITHOUT_MILESTONES: Lint = Lint {
    code: "initiative-without-milestones",
    title: "Initiative without milestones",
    reason: "Between the first and the last day nobody can tell whether it is on its way. A few dated steps can.",
    find: |survey| {
        let initiatives = survey.model.initiatives().iter();
        initiatives
            .filter(|initiative| initiative.milestones.is_empty())
            .map(|initiative| {
                let help = "write `milestones:`, each with a name and a due date";
                Hit::at(initiative, "this initiative has no milestones", help)
            })
            .collect()
    },
};
