//! Lints of measures: who answers for each, and how many there are.

use std::collections::BTreeMap;

use throughline_core::id::{PersonId, UnitId};

use super::survey::Survey;
use super::{Hit, Lint};
use crate::record::Entry;
use crate::records::{Level, Measure};

/// The most measures that one level of one unit can keep in mind.
const MEASURES_MAX: usize = 7;

pub(super) const MEASURE_WITHOUT_OWNER: Lint = Lint {
    code: "measure-without-owner",
    title: "Measure without an owner",
    reason: "The owner answers for the result. What belongs to everybody is nobody's, and a red number without an owner \
             stays red.",
    find: |survey| {
        without(
            survey,
            "nobody answers for the result: this measure has no owner",
            |measure| measure.owner,
            "write `owner:`",
        )
    },
};

pub(super) const MEASURE_WITHOUT_STEWARD: Lint = Lint {
    code: "measure-without-steward",
    title: "Measure without a steward",
    reason: "The steward collects the data. Without one, nobody is asked when a value is late.",
    find: |survey| {
        without(
            survey,
            "nobody collects the data: this measure has no steward",
            |measure| measure.steward,
            "write `steward:`",
        )
    },
};

pub(super) const MEASURE_WITHOUT_VALIDATOR: Lint = Lint {
    code: "measure-without-validator",
    title: "Measure without a validator",
    reason: "The validator checks what was collected. A number that nobody has checked is doubted in the very meeting that \
             was to decide by it.",
    find: |survey| {
        without(
            survey,
            "nobody checks the data: this measure has no validator",
            |measure| measure.validator,
            "write `validator:`",
        )
    },
};

pub(super) const OWNER_VALIDATES: Lint = Lint {
    code: "owner-validates",
    title: "Owner who is the validator",
    reason: "Who answers for a result should not be the one who checks the number that shows it. That protects the owner, too.",
    find: |survey| {
        let measures = survey.model.measures().iter();
        measures
            .filter(|measure| measure.owner.is_some() && measure.owner == measure.validator)
            .map(|measure| {
                let message = "the owner of this measure is its validator, too";
                Hit::at(measure, message, "let somebody else check it").field("validator")
            })
            .collect()
    },
};

pub(super) const SHARE_WITHOUT_GREATEST: Lint = Lint {
    code: "share-without-greatest",
    title: "Share that may be above 100%",
    reason: "A slip of typing, 7.34 for 0.734, would be taken, and judged as better than any target. With `greatest` at the \
             measure it is refused when it is loaded.",
    find: |survey| {
        let measures = survey.model.measures().iter();
        measures
            .filter(|measure| {
                measure.is_share() && measure.better.is_some() && measure.greatest.is_none()
            })
            .map(|measure| {
                let message = "nothing says how great a share can be, so a slip of typing would be taken";
                let help = "write `greatest: 1`, or more where it can be above 100%, such as the use of a budget";
                Hit::at(measure, message, help)
            })
            .collect()
    },
};

pub(super) const MEASURE_USED_NOWHERE: Lint = Lint {
    code: "measure-used-nowhere",
    title: "Measure that is used nowhere",
    reason: "Every measure costs somebody time in every period. One that no objective, outcome, behaviour or formula reads \
             is collected for nothing.",
    find: |survey| {
        let measures = survey.model.measures().iter();
        measures
            .filter(|measure| {
                !survey.uses.contains_key(&measure.id())
                    && !survey.in_formulas.contains(&measure.id())
            })
            .map(|measure| {
                let message = "no objective, outcome, behaviour or formula uses this measure";
                Hit::at(measure, message, "use it where it belongs, or take it out")
            })
            .collect()
    },
};

pub(super) const TOO_MANY_MEASURES: Lint = Lint {
    code: "too-many-measures",
    title: "More than seven measures for one level of one unit",
    reason: "People steer by what they keep in mind, and that is a handful. With more measures each counts less, and some \
             can always be found that look good.",
    find: |survey| {
        let mut by_audience: BTreeMap<(UnitId, Level), Vec<&Entry<Measure>>> = BTreeMap::new();
        for measure in survey.model.measures() {
            for audience in audience(survey, measure) {
                by_audience.entry(audience).or_default().push(measure);
            }
        }
        let too_many = by_audience
            .into_iter()
            .filter(|(_, measures)| measures.len() > MEASURES_MAX);
        too_many
            .filter_map(|((unit, level), measures)| {
                let keys: Vec<&str> = measures.iter().map(|measure| measure.key.as_str()).collect();
                let message = format!(
                    "{} measures are for the level {level} of this unit, more than {MEASURES_MAX}: {}",
                    keys.len(),
                    keys.join(", ")
                );
                let help = "keep the few that people decide by; `levels` says for whom a measure is";
                Some(Hit::at(survey.model.units().get(unit)?, message, help))
            })
            .collect()
    },
};

/// For which level of which units a measure is.
fn audience(survey: &Survey<'_>, measure: &Entry<Measure>) -> Vec<(UnitId, Level)> {
    let mut levels = measure.levels.clone();
    if levels.is_empty() {
        let users = survey.users(measure.id());
        levels.extend(users.filter_map(|node| {
            let level_of_owner = || survey.person(node.owner)?.level;
            node.level.or_else(level_of_owner)
        }));
        levels.sort();
        levels.dedup();
    }
    let units = if measure.reported_by.is_empty() {
        survey.unit_of(measure.owner).into_iter().collect()
    } else {
        measure.reported_by.clone()
    };
    let of_unit = |unit: UnitId| levels.iter().map(move |level| (unit, *level));
    units.into_iter().flat_map(of_unit).collect()
}

/// The measures that lack somebody.
fn without(
    survey: &Survey<'_>,
    message: &str,
    person: fn(&Measure) -> Option<PersonId>,
    help: &'static str,
) -> Vec<Hit> {
    let measures = survey.model.measures().iter();
    measures
        .filter(|measure| person(measure).is_none())
        .map(|measure| Hit::at(measure, message, help))
        .collect()
}
