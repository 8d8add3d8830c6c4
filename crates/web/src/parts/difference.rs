//! What made a value differ from its target, the period before or the year before: a sentence and a small table.

use askama::Template;
use throughline_app::Selected;
use throughline_app::drivers::{Bridge, Compared, Declined, PartOf, words as told};
use throughline_model::Model;
use throughline_model::records::Measure;

use crate::pages::links;
use crate::place::Place;

/// A difference, taken apart or not.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/difference.html")]
pub struct Difference {
    /// What the value is held against.
    pub against: String,
    /// Both values.
    pub values: String,
    /// Why it is not taken apart, or what is not known of it.
    pub remark: String,
    /// The parts, one table for each way to take it apart.
    pub bridges: Vec<BridgeTable>,
}

/// The parts of a difference.
#[derive(Debug, Clone)]
pub struct BridgeTable {
    /// What the parts are.
    pub across: &'static str,
    /// The parts in a sentence.
    pub sentence: String,
    /// What the table is about, for a screen reader.
    pub about: String,
    /// What the two columns of values hold.
    pub heads: (&'static str, &'static str),
    /// Whether parts have weights.
    pub has_weights: bool,
    /// The parts that brought most.
    pub rows: Vec<BridgeRow>,
    /// What all others brought.
    pub others: String,
}

/// A part of a difference.
#[derive(Debug, Clone)]
pub struct BridgeRow {
    /// Its name.
    pub name: String,
    /// The measure there.
    pub href: Option<String>,
    /// Its value then, or its target.
    pub other: String,
    /// Its value.
    pub value: String,
    /// What it brought.
    pub brought: String,
    /// How much of that is because its weight changed.
    pub by_weight: String,
}

impl Difference {
    /// The differences that there is something to say of; those that are routine are told together.
    #[must_use]
    pub fn of(
        place: &Place,
        meant: &Selected,
        measure: &Measure,
        compared: &[Compared],
    ) -> Vec<Difference> {
        let is_there = |one: &&Compared| one.value.is_some() && one.other.is_some();
        let of = |compared: &Compared| Difference {
            against: told::against(meant, compared),
            values: told::values(measure, compared),
            remark: told::remark(measure, compared).unwrap_or_default(),
            bridges: compared
                .made_of
                .iter()
                .flatten()
                .map(|bridge| BridgeTable {
                    about: format!(
                        "{}, {}",
                        told::against(meant, compared),
                        told::across(bridge).to_lowercase()
                    ),
                    heads: told::heads(compared),
                    ..BridgeTable::of(place, &meant.model, measure, bridge)
                })
                .collect(),
        };
        let is_routine = |one: &&Compared| matches!(one.made_of, Err(Declined::Routine));
        let there: Vec<&Compared> = compared.iter().filter(is_there).collect();
        let routine: Vec<&Compared> = there.iter().copied().filter(is_routine).collect();
        if routine.len() < 2 {
            return there.into_iter().map(of).collect();
        }
        let (against, values) = told::together(meant, measure, &routine);
        let together = Difference {
            against,
            values,
            remark: told::ROUTINE_TOGETHER.to_owned(),
            bridges: Vec::new(),
        };
        let others = there.into_iter().filter(|one| !is_routine(one));
        std::iter::once(together).chain(others.map(of)).collect()
    }
}

impl BridgeTable {
    fn of(place: &Place, model: &Model, measure: &Measure, bridge: &Bridge) -> BridgeTable {
        let row = |part: &throughline_app::drivers::DriverPart| {
            let shown = |value| told::part_value(model, measure, part.of, value);
            let by_weight = part.by_weight.map(|part| told::brought(measure, part));
            BridgeRow {
                name: told::part_name(model, part.of),
                href: match part.of {
                    PartOf::Unit(unit) => model.units().get(unit).and_then(|unit| {
                        let there = place.at_unit(unit.key.as_str());
                        links::measure(&there, measure.key.as_str())
                    }),
                    PartOf::Volume => None,
                    PartOf::Measure(id) | PartOf::Mix(id) => model
                        .measures()
                        .get(id)
                        .and_then(|part| links::measure(place, part.key.as_str())),
                },
                other: shown(part.other),
                value: shown(part.value),
                brought: told::brought(measure, part.brought),
                by_weight: by_weight.unwrap_or_default(),
            }
        };
        BridgeTable {
            across: told::across(bridge),
            sentence: told::sentence(model, measure, bridge),
            about: String::new(),
            heads: ("", ""),
            has_weights: bridge.parts.iter().any(|part| part.by_weight.is_some()),
            rows: bridge.parts.iter().map(row).collect(),
            others: bridge
                .others
                .map_or_else(String::new, |others| told::brought(measure, others.brought)),
        }
    }
}
