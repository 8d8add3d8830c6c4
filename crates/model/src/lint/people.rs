//! Lints of who does it: units without anybody, and initiatives that nobody drives or that serve nothing.

use std::collections::HashSet;

use jiff::civil::Date;
use throughline_core::id::UnitId;

use super::{Hit, Lint};

pub(super) const SEVERAL_TOPMOST_UNITS: Lint = Lint {
    code: "several-topmost-units",
    title: "More than one unit at the top",
    reason: "What is reported below one topmost unit is in no number of another. A parent that was forgotten takes a whole \
             branch out of the organisation's numbers, and nothing else shows it.",
    find: |survey| {
        let model = survey.model;
        let tree = model.index().units_on(Date::MAX);
        let is_open = |unit: &UnitId| {
            let record = model.units().get(*unit);
            record.is_some_and(|record| record.to.is_none())
        };
        let tops: Vec<(UnitId, usize)> = tree
            .roots()
            .iter()
            .filter(|unit| is_open(unit))
            .map(|unit| (*unit, tree.with_descendants(*unit).len()))
            .collect();
        // The greatest is the top that is meant; of equals the first in the plan.
        let most = tops.iter().map(|(_, below)| *below).max().unwrap_or(0);
        let Some(top) = tops.iter().find(|(_, below)| *below == most) else {
            return Vec::new();
        };
        let others = tops.iter().filter(|other| other.0 != top.0);
        others
            .filter_map(|(unit, _)| {
                let unit = model.units().get(*unit)?;
                let above = model.units().get(top.0)?;
                let message = format!("this unit stands at the top, beside {}", above.key);
                let help = "give it a `parent`; silence this where it is meant to stand alone";
                Some(Hit::at(unit, message, help).field("parent"))
            })
            .collect()
    },
};

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
