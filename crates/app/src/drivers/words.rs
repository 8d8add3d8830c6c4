//! Drivers in words: what is held against what, the sentence of a bridge, and why a difference is not taken apart.

use throughline_core::UnitOfMeasure;
use throughline_engine::Edge;
use throughline_insight::sentences::{self, Measure as Spoken};
use throughline_model::records::Measure;
use throughline_model::{Kind, Model};

use super::{Across, Against, Bridge, Compared, Declined, PartOf};
use crate::insight::aim;
use crate::selection::Selected;
use crate::words::{self, names, numbers};

/// What a value is held against: `against its target`, `against May 2013`.
#[must_use]
pub fn against(selected: &Selected, compared: &Compared) -> String {
    let calendar = selected.model.calendar();
    match (compared.against, compared.period) {
        (Against::Target, _) => "Against its target".to_owned(),
        (_, Some(period)) => format!("Against {}", words::period(&period, calendar)),
        (Against::Before, None) => "Against the period before".to_owned(),
        (Against::YearBefore, None) => "Against one year before".to_owned(),
    }
}

/// The two values: `62.6% against 75.9%`.
#[must_use]
pub fn values(measure: &Measure, compared: &Compared) -> String {
    let say = numbers::apart(&[compared.value, compared.other], measure);
    let [value, other] = [compared.value, compared.other].map(|one| say(one, measure));
    format!("{value} against {other}")
}

/// What the two columns of a table of parts hold: what they are held against, and what they are.
#[must_use]
pub fn heads(compared: &Compared) -> (&'static str, &'static str) {
    match compared.against {
        Against::Target => ("Target", "Actual"),
        Against::Before | Against::YearBefore => ("Then", "Now"),
    }
}

/// What the parts of a bridge are.
#[must_use]
pub fn across(bridge: &Bridge) -> &'static str {
    match bridge.across {
        Across::Units => "By unit",
        Across::Inputs => "By what it is computed from",
        Across::Money => "By volume, mix and price",
    }
}

/// The name of a part.
#[must_use]
pub fn part_name(model: &Model, of: PartOf) -> String {
    match of {
        PartOf::Unit(id) => names::name(model, (Kind::Unit, id.as_uuid())),
        PartOf::Measure(id) => names::name(model, (Kind::Measure, id.as_uuid())),
        PartOf::Volume => "Volume".to_owned(),
        PartOf::Mix(id) => {
            let quantity = names::name(model, (Kind::Measure, id.as_uuid()));
            format!("Mix of {}", words::within(&quantity))
        }
    }
}

/// A value of a part, in the unit of its measure.
#[must_use]
pub fn part_value(model: &Model, measure: &Measure, of: PartOf, value: Option<f64>) -> String {
    match of {
        PartOf::Unit(_) => numbers::value(value, measure),
        PartOf::Volume => String::new(),
        PartOf::Measure(id) | PartOf::Mix(id) => match model.measures().get(id) {
            Some(measure) => numbers::value(value, measure),
            None => String::new(),
        },
    }
}

/// What a part brought, with its sign; with one decimal more than values have where they
/// have any, as parts are smaller.
#[must_use]
pub fn brought(measure: &Measure, brought: f64) -> String {
    let (unit, decimals) = shown_in(measure);
    throughline_core::format_variance(Some(brought), &unit, decimals)
}

fn shown_in(measure: &Measure) -> (UnitOfMeasure, u8) {
    let decimals = match numbers::decimals_of(measure) {
        0 => 0,
        decimals => decimals.saturating_add(1),
    };
    (numbers::unit_of(measure), decimals)
}

/// A bridge in a sentence.
#[must_use]
pub fn sentence(model: &Model, measure: &Measure, bridge: &Bridge) -> String {
    let (unit, decimals) = shown_in(measure);
    let spoken = Spoken {
        unit: &unit,
        decimals,
        frequency: measure.frequency,
        period_name: &|_| String::new(),
    };
    let named: Vec<(String, f64)> = bridge
        .parts
        .iter()
        .map(|part| {
            let name = part_name(model, part.of);
            let name = match part.of {
                PartOf::Unit(_) => name,
                PartOf::Measure(_) | PartOf::Volume | PartOf::Mix(_) => words::within(&name),
            };
            (name, part.brought)
        })
        .collect();
    let mut parts: Vec<(&str, f64)> = named
        .iter()
        .map(|(name, one)| (name.as_str(), *one))
        .collect();
    if let Some(others) = bridge.others {
        parts.push(("others", others.brought));
    }
    sentences::bridge(&spoken, &parts)
}

/// That differences are routine, and what to do about that.
macro_rules! routine {
    ($differences:literal) => {
        concat!(
            $differences,
            " routine variation, with no cause of its own: look for what would change the process, not for what happened in one \
             period."
        )
    };
}

/// Why a difference is not taken apart.
#[must_use]
pub fn declined(why: Declined) -> &'static str {
    match why {
        Declined::NoValue => "There is no value to explain.",
        Declined::NoOther => "There is nothing to hold it against.",
        Declined::Range => "A range is no single number to hold it against.",
        Declined::NotOver => "The period is not over, or not all of it is due yet.",
        Declined::SamePeriod => "Both are of one period of the measure.",
        Declined::NoDifference => "There is no difference.",
        Declined::Routine => routine!("The difference is"),
        Declined::NoParts => "Nothing below it, and no formula that is read here, makes it up.",
    }
}

/// What is said once of several differences that are [`Declined::Routine`].
pub const ROUTINE_TOGETHER: &str = routine!("These differences are");

/// What several differences of one value are against, and the values: `Against its target and against May 2013`,
/// `62.6% against 75.9% and 65.2%`.
#[must_use]
pub fn together(meant: &Selected, measure: &Measure, compared: &[&Compared]) -> (String, String) {
    let mut said: Vec<String> = compared.iter().map(|one| against(meant, one)).collect();
    for said in said.iter_mut().skip(1) {
        *said = words::within(said);
    }
    let value = compared.first().and_then(|one| one.value);
    let others = compared.iter().map(|one| one.other);
    let all: Vec<Option<f64>> = std::iter::once(value).chain(others).collect();
    let say = numbers::apart(&all, measure);
    let all: Vec<String> = all.into_iter().map(|one| say(one, measure)).collect();
    let values = format!("{} against {}", all[0], words::list(&all[1..]));
    (words::list(&said), values)
}

/// What is not known of a difference that is taken apart, if that is so.
fn doubt(compared: &Compared) -> Option<&'static str> {
    (compared.made_of.is_ok() && compared.is_signal.is_none()).then_some(
        "Whether it is more than routine variation cannot be told: there are too few points.",
    )
}

/// What is to be known of a difference beside its parts: that the process as a whole is not where its target is, why there are no
/// parts, what is not known.
#[must_use]
pub fn remark(measure: &Measure, compared: &Compared) -> Option<String> {
    let of_process = compared.of_process.zip(compared.other);
    let of_process = of_process.map(|(mean, target)| process(measure, mean, target));
    let of_parts = compared.made_of.as_ref().err().map(|why| declined(*why));
    let of_parts = of_parts.or_else(|| doubt(compared)).map(str::to_owned);
    let said: Vec<String> = [of_process, of_parts].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// That the process as a whole is not where its target is: its mean, which lies further away than noise moves it.
fn process(measure: &Measure, mean: f64, target: f64) -> String {
    let (stands, so) = match aim(measure.better, Edge::Number(target)) {
        Some(aim) if aim.is_met_by(mean) => ("is better than its target", ""),
        Some(_) => (
            "misses its target",
            ", so look for what would change the process",
        ),
        None => ("is not where its target is", ""),
    };
    format!(
        "The process as a whole {stands}: {} on average. No single value stands out{so}.",
        numbers::short(Some(mean), measure)
    )
}
