//! Evidence in words: the sentence of a link, what its effect is in the units of its measures, what was checked, and why it
//! cannot be tested.

use throughline_core::{Frequency, MeasureId};
use throughline_insight::links::{Design, Direction, Doubt, LinkEstimate};
use throughline_insight::sentences::{self, LinkNames, LinkParts};
use throughline_model::records::{Effect, Lag, LagUnit, Link, Measure, NodeId};
use throughline_model::{Kind, Model};

use super::{End, Following, LinkEvidence, Tested, Untestable};
use crate::words::{self, names, numbers};

/// What units are called in a sentence.
const UNITS: &str = "units";

/// What the data say of a link, in a few sentences.
#[must_use]
pub fn sentence(model: &Model, link: &Link, found: &LinkEvidence) -> String {
    match &found.tested {
        Ok(tested) => {
            let (grade, design) = (found.grade, tested.design);
            let [driver, outcome] = ends(model, tested);
            let names = link_names((&driver, &outcome), tested);
            let said = sentences::link(&names, &tested.estimate, grade, design, &tested.doubts);
            let rounded = rounded_lag(link, tested)
                .map(|(stated, taken)| format!("Stated {stated}; tested {taken}."));
            let more = [rounded, arithmetic(tested), held_fixed(model, tested)];
            let all = std::iter::once(said).chain(more.into_iter().flatten());
            all.collect::<Vec<_>>().join(" ")
        }
        Err(why) => {
            let [driver, outcome] =
                [link.from, link.to].map(|node| words::within(&node_name(model, node)));
            let names = LinkNames {
                driver: &driver,
                outcome: &outcome,
                units: UNITS,
                frequency: Frequency::Month,
            };
            sentences::untestable(&names, &reason(model, why))
        }
    }
}

/// The same for who reads it first, in parts and without numbers; nothing where the link cannot be tested.
#[must_use]
pub fn parts(model: &Model, found: &LinkEvidence) -> Option<LinkParts> {
    let tested = found.tested.as_ref().ok()?;
    let [driver, outcome] = ends(model, tested);
    let names = link_names((&driver, &outcome), tested);
    let (grade, design) = (found.grade, tested.design);
    let mut parts = sentences::link_parts(&names, &tested.estimate, grade, design, &tested.doubts);
    if !tested.pair.shared_columns.is_empty() {
        let shared =
            "Both measures are counted from the same facts, so that a part of it is arithmetic.";
        let said = [parts.against.as_str(), shared];
        parts.against = said.join(" ").trim_start().to_owned();
    }
    Some(parts)
}

/// What the measures of a link are called within a sentence.
fn ends(model: &Model, tested: &Tested) -> [String; 2] {
    [tested.pair.driver, tested.pair.outcome].map(|id| measure_within(model, id))
}

/// What a sentence of a link calls what it is about.
fn link_names<'a>((driver, outcome): (&'a str, &'a str), tested: &Tested) -> LinkNames<'a> {
    LinkNames {
        driver,
        outcome,
        units: UNITS,
        frequency: tested.pair.frequency,
    }
}

/// The name of an end of a link.
#[must_use]
pub fn node_name(model: &Model, node: NodeId) -> String {
    names::name(model, (node.kind(), node.uuid()))
}

fn measure_name(model: &Model, measure: MeasureId) -> String {
    names::name(model, (Kind::Measure, measure.as_uuid()))
}

pub(super) fn measure_within(model: &Model, measure: MeasureId) -> String {
    words::within(&measure_name(model, measure))
}

/// That a part of the effect is arithmetic, where both measures are counted from the same.
fn arithmetic(tested: &Tested) -> Option<String> {
    let columns = &tested.pair.shared_columns;
    (!columns.is_empty()).then(|| {
        format!(
            "Both are counted from {}, so that a part of it is arithmetic.",
            words::list(columns)
        )
    })
}

/// What is held fixed, and what the effect is without that.
fn held_fixed(model: &Model, tested: &Tested) -> Option<String> {
    let alone = tested.alone.as_ref()?;
    let names = tested.held_fixed.iter();
    let names: Vec<String> = names.map(|id| measure_within(model, *id)).collect();
    Some(format!(
        "The effect is adjusted for {}; without adjustment it is {} SD.",
        words::list(&names),
        standard(alone.effect)
    ))
}

/// Why a link cannot be tested, as a part of a sentence.
#[must_use]
pub fn reason(model: &Model, why: &Untestable) -> String {
    match why {
        Untestable::NothingMeasures(End::Cause) => "nothing measures the cause".to_owned(),
        Untestable::NothingMeasures(End::Effect) => "nothing measures the effect".to_owned(),
        Untestable::NoDirection(measure) => format!(
            "of {} more is neither better nor worse",
            measure_within(model, *measure)
        ),
        Untestable::SameMeasure(measure) => format!(
            "both ends are read by one measure, {}",
            measure_within(model, *measure)
        ),
        Untestable::Computed => {
            "one measure is computed from the other, or both from a third, so that it holds by definition"
                .to_owned()
        }
        Untestable::SameNumerator => {
            "both measures count the same, so that it holds by definition".to_owned()
        }
        Untestable::NotObserved(measure) => {
            format!("nothing was observed yet of {}", measure_within(model, *measure))
        }
        Untestable::NoUnits => "there is no unit at which both measures are read".to_owned(),
        Untestable::TooManyLinks => format!("only the first {} links are looked at", super::LINKS_MAX),
        Untestable::NoEvidence(why) => why.to_string(),
    }
}

/// What a link claims to do to where it leads, by its name or as `it`: `drives it`, `holds back Sales`. Whether it helps is for
/// the data to say.
#[must_use]
pub fn acts_on(effect: Effect, what: &str) -> String {
    match (effect, what) {
        (Effect::Raises, _) => format!("drives {what}"),
        (Effect::Lowers, "it") => "holds it back".to_owned(),
        (Effect::Lowers, _) => format!("holds back {what}"),
    }
}

/// A size in standard deviations, or a bound of it: `0.85`, `−0.20`.
#[must_use]
pub fn standard(size: f64) -> String {
    let shown = format!("{:.2}", size.abs());
    if size < 0.0 && shown != "0.00" {
        format!("−{shown}")
    } else {
        shown
    }
}

/// The 95 % interval of an effect, in standard deviations: `0.78 to 0.92`.
#[must_use]
pub fn interval(estimate: &LinkEstimate) -> String {
    reach(estimate.interval())
}

/// The ends of an interval, in standard deviations: `0.78 to 0.92`.
#[must_use]
pub fn reach((low, high): (f64, f64)) -> String {
    format!("{} to {}", standard(low), standard(high))
}

/// The effect in the units of the measures: what goes with one usual step of the driver.
#[must_use]
pub fn in_plain_units(model: &Model, tested: &Tested) -> Option<String> {
    let driver = model.measures().get(tested.pair.driver)?;
    let outcome = model.measures().get(tested.pair.outcome)?;
    let estimate = &tested.estimate;
    let (low, high) = estimate.interval();
    let step = |size: f64| change(size * estimate.outcome_sd, outcome);
    let when = match estimate.claim.lag {
        0 => later(0, tested.pair.frequency),
        1 => format!("the next {}", tested.pair.frequency.everyday_word()),
        lag => format!(
            "{} later",
            words::count(lag as u64, tested.pair.frequency.everyday_word())
        ),
    };
    Some(format!(
        "{} of {} went with {} of {} {when} ({} to {}).",
        change(estimate.driver_sd, driver),
        words::within(&driver.name),
        step(estimate.effect),
        words::within(&outcome.name),
        step(low),
        step(high),
    ))
}

/// A change of a measure with one decimal more than its values have: effects are smaller than values.
fn change(change: f64, measure: &Measure) -> String {
    let decimals = numbers::decimals_of(measure).saturating_add(1);
    throughline_core::format_short_variance(Some(change), &numbers::unit_of(measure), decimals)
}

/// What was claimed: `more of the one, more of the other`.
#[must_use]
pub fn claimed(link: &Link, tested: &Tested) -> String {
    let direction = match tested.pair.claim.direction {
        Direction::Same => "more brings more",
        Direction::Opposite => "more brings less",
    };
    let lag = match rounded_lag(link, tested) {
        Some((stated, taken)) => format!("{stated} (tested {taken})"),
        None => later(tested.pair.claim.lag, tested.pair.frequency),
    };
    let unstated = [
        (!tested.pair.is_lag_stated).then_some("lag"),
        (!tested.pair.is_strength_stated).then_some("strength"),
    ];
    let unstated: Vec<&str> = unstated.into_iter().flatten().collect();
    let taken = if unstated.is_empty() {
        String::new()
    } else {
        format!(" (the plan states no {})", unstated.join(" and no "))
    };
    format!(
        "{direction}, {lag}, by {} SD{taken}",
        standard(tested.pair.claim.strength.effect())
    )
}

/// So many periods after the driver: `in the same month`, `after 2 months`.
#[must_use]
pub fn later(lag: usize, frequency: Frequency) -> String {
    let period = frequency.everyday_word();
    match lag {
        0 => format!("in the same {period}"),
        lag => format!("after {}", words::count(lag as u64, period)),
    }
}

/// The lag as it was stated and as it was tested, where it is no whole number of the periods in which both are measured:
/// `after 1 month`, `in the same quarter`.
fn rounded_lag(link: &Link, tested: &Tested) -> Option<(String, String)> {
    let Lag { count, unit } = link.lag?;
    let (lag, frequency) = (tested.pair.claim.lag, tested.pair.frequency);
    let months = match unit {
        LagUnit::Days | LagUnit::Weeks => None,
        LagUnit::Months => Some(1),
        LagUnit::Quarters => Some(3),
        LagUnit::Years => Some(12),
    };
    let days = match unit {
        LagUnit::Days => Some(1),
        LagUnit::Weeks => Some(7),
        LagUnit::Months | LagUnit::Quarters | LagUnit::Years => None,
    };
    let of_period = match (frequency.months(), frequency) {
        (Some(of), _) => months.map(|months| (months, of as usize)),
        (None, Frequency::Week) => days.map(|days| (days, 7)),
        (None, _) => days.map(|days| (days, 1)),
    };
    let is_whole = of_period.is_some_and(|(one, of)| usize::from(count) * one == lag * of);
    if count == 0 || is_whole {
        return None;
    }
    let unit = unit.word().trim_end_matches('s');
    let stated = format!("after {}", words::count(u64::from(count), unit));
    Some((stated, later(lag, frequency)))
}

/// How soon it shows: in which periods after a change of the driver the outcome clearly differs, and where most.
#[must_use]
pub fn bites(tested: &Tested) -> Option<String> {
    let frequency = tested.pair.frequency;
    let last = tested.follows.last()?;
    let size = |one: &Following| one.effect.abs();
    let clear = tested.follows.iter().filter(|one| one.is_clear());
    let Some(most) = clear.max_by(|one, other| size(one).total_cmp(&size(other))) else {
        let until = match last.lag {
            0 => later(0, frequency),
            lag => format!(
                "in the same {} or up to {} later",
                frequency.everyday_word(),
                words::count(lag as u64, frequency.everyday_word())
            ),
        };
        return Some(format!("Nothing clear shows {until}."));
    };
    Some(format!(
        "Most shows {}: {} SD ({} to {}).",
        later(most.lag, frequency),
        standard(most.effect),
        standard(most.interval.0),
        standard(most.interval.1)
    ))
}

/// Since when the link holds so far, and what the kept grade rests on; or that none was kept.
#[must_use]
pub fn kept(model: &Model, found: &LinkEvidence) -> String {
    let Some(kept) = &found.kept else {
        return "worked out now; none was kept of this claim".to_owned();
    };
    let calendar = model.calendar();
    let period = |period| words::period(period, calendar);
    let mut said = format!(
        "{} since {}; kept from data up to {}",
        kept.grade,
        period(&kept.since),
        period(&kept.until)
    );
    if let Some(e) = kept.e {
        let blocks = match kept.blocks.len() {
            1 => "one stretch of data".to_owned(),
            several => format!("{several} stretches of data"),
        };
        said += &format!(", evidence {} from {blocks}", evidence(e));
    }
    if let Some(again) = kept.replication {
        said += &format!(", {} on later data alone", evidence(again));
    }
    said
}

/// Evidence for a claim over no effect: `0.3`, `12`, `over 1,000`.
#[must_use]
pub fn evidence(e: f64) -> String {
    match e {
        e if e >= 1000.0 => "over 1,000".to_owned(),
        e if e >= 9.95 => format!("{e:.0}"),
        e => format!("{e:.1}"),
    }
}

/// The effect that a kept grade or stretch rests on, with its 95 % interval.
#[must_use]
pub fn effect(effect: f64, error: f64) -> String {
    let reach = 1.96 * error;
    format!(
        "{} ({} to {})",
        standard(effect),
        standard(effect - reach),
        standard(effect + reach)
    )
}

/// How the data came to be.
#[must_use]
pub fn design(design: Design) -> &'static str {
    match design {
        Design::LaggedPanel => "L1: units compared with themselves and each other over time",
        Design::CheckedPanel => {
            "L2: units compared with themselves and each other over time, and the checks hold"
        }
        Design::QuasiExperiment => "L3: a change that came to some before others, with placebos",
        Design::Randomised => "L4: chance decided who did more",
    }
}

/// Each check with what it found and whether it holds.
#[must_use]
pub fn checks(tested: &Tested) -> Vec<Checked> {
    let Some(found) = &tested.checks else {
        return Vec::new();
    };
    let doubted = |doubt: Doubt| tested.doubts.contains(&doubt);
    let period = tested.pair.frequency.everyday_word();
    let sign = match tested.pair.claim.direction {
        Direction::Same => 1.0,
        Direction::Opposite => -1.0,
    };
    let mut said = Vec::new();
    if let Some(t) = found.lead_t {
        said.push(Checked {
            name: "Placebo",
            found: format!(
                "the driver of the {period} after, which can bring nothing: t {} (chance stays within {})",
                standard(t),
                standard(found.lead_t_limit)
            ),
            holds: Some(!doubted(Doubt::Lead)),
        });
    }
    if let Some((least, greatest)) = found.left_out {
        let (one, other) = (sign * least, sign * greatest);
        said.push(Checked {
            name: "Without any one unit",
            found: format!(
                "{} to {} SD",
                standard(one.min(other)),
                standard(one.max(other))
            ),
            holds: Some(!doubted(Doubt::OneUnit)),
        });
    }
    if let Some(wild) = found.wild {
        said.push(Checked {
            name: "Few units",
            found: format!(
                "as large by chance in {} of cases",
                numbers::share(Some(wild))
            ),
            holds: Some(!doubted(Doubt::Chance)),
        });
    }
    let other_lags = found
        .lags
        .iter()
        .filter(|lag| lag.lag != tested.pair.claim.lag);
    let lags: Vec<String> = other_lags
        .map(|lag| {
            let when = later(lag.lag, tested.pair.frequency);
            format!("{when} {} SD", standard(lag.effect))
        })
        .collect();
    if !lags.is_empty() {
        said.push(Checked {
            name: "Other lags",
            found: lags.join(", "),
            holds: None,
        });
    }
    if let Some(foretells) = &found.foretells {
        said.push(Checked {
            name: "Which comes first",
            found: format!(
                "the driver’s past foretells the outcome: z {} in {}",
                standard(foretells.z),
                words::count(foretells.units as u64, "unit")
            ),
            holds: None,
        });
    }
    said.push(Checked {
        name: "An unmeasured cause",
        found: format!(
            "would have to explain {} of what is left of both to bring it to nothing, {} to let it be chance (robustness \
             value), or go with both by a ratio of {:.1} (E-value)",
            numbers::share(Some(found.robustness)),
            numbers::share(Some(found.robustness_of_signal)),
            found.e_value
        ),
        holds: None,
    });
    said
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What is looked at.
    pub name: &'static str,
    /// What was found.
    pub found: String,
    /// Whether it holds; some only say how strong a link is.
    pub holds: Option<bool>,
}
