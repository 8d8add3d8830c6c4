//! What a link states, in terms of the two measures that stand for its ends, or why it cannot be put to a test.

use std::collections::BTreeSet;

use throughline_core::{Frequency, MeasureId};
use throughline_insight::links::{self, Direction, NoEvidence, USEFUL};
use throughline_model::records::{
    Better, Effect, FactSource, Lag, LagUnit, Link, Measure, MeasureUse, NodeId, Source, Strength,
};
use throughline_model::{Entry, Model};

/// The mean length of a month, in days.
const MONTH: f64 = 365.25 / 12.0;

/// A link as two measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The measure that stands for the cause.
    pub driver: MeasureId,
    /// The measure that stands for the effect.
    pub outcome: MeasureId,
    /// The length of the periods in which both are read: that of the one that is measured less often.
    pub frequency: Frequency,
    /// What is claimed, of the values as they are measured.
    pub claim: links::Claim,
    /// Whether the plan says how long the effect takes; the same period is taken where it does not.
    pub is_lag_stated: bool,
    /// Whether the plan says how strong it is; moderate is taken where it does not.
    pub is_strength_stated: bool,
    /// Columns of facts from which both are counted: a part of the effect is arithmetic then.
    pub shared_columns: Vec<String>,
}

/// An end of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The cause.
    Cause,
    /// The effect.
    Effect,
}

/// Why a link cannot be put to a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untestable {
    /// Nothing measures one of its ends.
    NothingMeasures(End),
    /// Of a measure more is neither better nor worse.
    NoDirection(MeasureId),
    /// One measure stands for both ends.
    SameMeasure(MeasureId),
    /// One measure is computed from the other, or both from a third.
    Computed,
    /// Both count the same.
    SameNumerator,
    /// A measure was not observed yet.
    NotObserved(MeasureId),
    /// There is no unit at which both are read.
    NoUnits,
    /// The plan has more links than are looked at.
    TooManyLinks,
    /// The data give no estimate.
    NoEvidence(NoEvidence),
}

impl Pair {
    /// The measures of a link, with what it claims of them.
    pub(super) fn of(model: &Model, link: &Link) -> Result<Pair, Untestable> {
        let stands_for = |node, end| {
            let measure = main_measure(model, node).and_then(|id| model.measures().get(id));
            measure.ok_or(Untestable::NothingMeasures(end))
        };
        let driver = stands_for(link.from, End::Cause)?;
        let outcome = stands_for(link.to, End::Effect)?;
        if driver.id() == outcome.id() {
            return Err(Untestable::SameMeasure(driver.id()));
        }
        let sign = match link.effect {
            Effect::Raises => 1,
            Effect::Lowers => -1,
        };
        let sign = sign * sense(driver)? * sense(outcome)?;
        let inputs = [driver, outcome].map(|measure| inputs_of(model, measure.id()));
        if !inputs[0].is_disjoint(&inputs[1]) {
            return Err(Untestable::Computed);
        }
        let shared_columns = shared_columns(driver, outcome)?;
        let frequency = if outcome.frequency.is_finer_than(driver.frequency) {
            driver.frequency
        } else {
            outcome.frequency
        };
        Ok(Pair {
            driver: driver.id(),
            outcome: outcome.id(),
            frequency,
            claim: links::Claim {
                direction: if sign > 0 {
                    Direction::Same
                } else {
                    Direction::Opposite
                },
                lag: link.lag.map_or(0, |lag| lag_in(lag, frequency)),
                strength: strength(link.strength),
                useful: USEFUL,
            },
            is_lag_stated: link.lag.is_some(),
            is_strength_stated: link.strength.is_some(),
            shared_columns,
        })
    }
}

/// The measure that stands for a node: the one with the greatest weight, of equals the first.
fn main_measure(model: &Model, node: NodeId) -> Option<MeasureId> {
    let used: &[MeasureUse] = match node {
        NodeId::Objective(id) => &model.objectives().get(id)?.measures,
        NodeId::Outcome(id) => &model.outcomes().get(id)?.measures,
        NodeId::Behaviour(id) => &model.behaviours().get(id)?.measures,
    };
    let heaviest = used.iter().reduce(|best, next| {
        if next.weight.0 > best.weight.0 {
            next
        } else {
            best
        }
    });
    heaviest.map(|used| used.measure)
}

/// 1 where more is better, -1 where less is.
fn sense(measure: &Entry<Measure>) -> Result<i32, Untestable> {
    match measure.better {
        Some(Better::Higher) => Ok(1),
        Some(Better::Lower) => Ok(-1),
        Some(Better::Between) | None => Err(Untestable::NoDirection(measure.id())),
    }
}

fn strength(stated: Option<Strength>) -> links::Strength {
    match stated {
        Some(Strength::Weak) => links::Strength::Weak,
        Some(Strength::Moderate) | None => links::Strength::Moderate,
        Some(Strength::Strong) => links::Strength::Strong,
        Some(Strength::Stated(effect)) => links::Strength::Stated(effect),
    }
}

/// A lag in whole periods, to the nearest.
fn lag_in(lag: Lag, frequency: Frequency) -> usize {
    let unit = match lag.unit {
        LagUnit::Days => 1.0,
        LagUnit::Weeks => 7.0,
        LagUnit::Months => MONTH,
        LagUnit::Quarters => 3.0 * MONTH,
        LagUnit::Years => 12.0 * MONTH,
    };
    let period = match (frequency, frequency.months()) {
        (_, Some(months)) => f64::from(months) * MONTH,
        (Frequency::Week, None) => 7.0,
        (_, None) => 1.0,
    };
    (f64::from(lag.count) * unit / period).round() as usize
}

/// A measure with all from which it is computed.
pub(super) fn inputs_of(model: &Model, measure: MeasureId) -> BTreeSet<MeasureId> {
    let mut found = BTreeSet::new();
    let mut to_see = vec![measure];
    while let Some(measure) = to_see.pop() {
        if found.insert(measure) {
            let formula = model.measures().get(measure);
            let formula = formula.and_then(|measure| measure.formula.as_ref());
            to_see.extend(formula.into_iter().flat_map(|formula| formula.measures()));
        }
    }
    found
}

/// The columns of facts from which both measures are counted. Two that count the same are no test of each other.
fn shared_columns(driver: &Measure, outcome: &Measure) -> Result<Vec<String>, Untestable> {
    let (Some(Source::Facts(one)), Some(Source::Facts(other))) = (&driver.source, &outcome.source)
    else {
        return Ok(Vec::new());
    };
    if one.facts != other.facts {
        return Ok(Vec::new());
    }
    if shares_its_numerator(one, other) {
        return Err(Untestable::SameNumerator);
    }
    let columns = |source: &FactSource| -> BTreeSet<String> {
        let which = source.r#where.as_deref().map(columns).unwrap_or_default();
        columns(&source.value).into_iter().chain(which).collect()
    };
    let (one, other) = (columns(one), columns(other));
    Ok(one.intersection(&other).cloned().collect())
}

/// Whether one of two sources of a table counts all that the other counts: the same of the same rows, or of all rows.
fn shares_its_numerator(one: &FactSource, other: &FactSource) -> bool {
    let rows = |source: &FactSource| source.r#where.as_deref().map(plain);
    let (of_one, of_other) = (rows(one), rows(other));
    let is_of_all = of_one.is_none() || of_other.is_none();
    plain(&one.value) == plain(&other.value) && (is_of_all || of_one == of_other)
}

fn plain(expression: &str) -> String {
    let letters = expression.chars().filter(|one| !one.is_whitespace());
    letters.flat_map(char::to_lowercase).collect()
}

/// Words of SQL that name no column.
const WORDS: [&str; 17] = [
    "and", "as", "between", "case", "cast", "else", "end", "false", "in", "is", "like", "not",
    "null", "or", "then", "true", "when",
];

/// The columns that an expression names: its words that are neither SQL, nor a function, nor text.
fn columns(expression: &str) -> BTreeSet<String> {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = BTreeSet::new();
    // Every second part stands between quotes.
    for part in expression.split('\'').step_by(2) {
        let mut word = String::new();
        for letter in part.to_lowercase().chars().chain([' ', '.']) {
            if is_letter(letter) && !word.ends_with(' ') {
                word.push(letter);
            } else if letter.is_whitespace() {
                // It may be the name of a function, whose parenthesis stands apart.
                word.push(' ');
            } else {
                let name = std::mem::take(&mut word);
                let is_name =
                    name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
                let name = name.trim_end();
                if is_name && letter != '(' && !WORDS.contains(&name) {
                    found.insert(name.to_owned());
                }
                if is_letter(letter) {
                    word.push(letter);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_are_counted_in_the_periods_of_the_measures() {
        let check = |count, unit, frequency, expected| {
            assert_eq!(lag_in(Lag { count, unit }, frequency), expected);
        };
        check(2, LagUnit::Weeks, Frequency::Week, 2);
        check(13, LagUnit::Weeks, Frequency::Month, 3);
        check(1, LagUnit::Months, Frequency::Week, 4);
        check(1, LagUnit::Months, Frequency::Quarter, 0);
        check(2, LagUnit::Quarters, Frequency::Month, 6);
        check(1, LagUnit::Years, Frequency::FiscalQuarter, 4);
        check(10, LagUnit::Days, Frequency::Week, 1);
    }

    #[test]
    fn a_count_of_other_rows_is_another_count() {
        let source = |value: &str, rows: Option<&str>| FactSource {
            facts: "flights".to_owned(),
            time: "day".to_owned(),
            unit: "origin".to_owned(),
            value: value.to_owned(),
            weight: None,
            r#where: rows.map(str::to_owned),
            no_rows: None,
        };
        let check = |one: (&str, Option<&str>), other: (&str, Option<&str>), expected| {
            let shares = shares_its_numerator(&source(one.0, one.1), &source(other.0, other.1));
            assert_eq!(shares, expected, "{one:?} {other:?}");
        };
        check(("1", Some("cancelled")), ("1", Some("delay > 60")), false);
        check(("1", Some("cancelled")), ("1", Some("CANCELLED ")), true);
        check(("delay < 15", None), ("delay<15", Some("late")), true);
        check(("delay < 15", None), ("delay < 30", None), false);
    }

    #[test]
    fn columns_of_an_expression() {
        let check = |expression: &str, expected: &[&str]| {
            let found = columns(expression);
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{expression}");
        };
        check("coalesce(dep_delay < 15, false)", &["dep_delay"]);
        check("arr_delay - dep_delay", &["arr_delay", "dep_delay"]);
        check(
            "case when arr_delay > 0 then arr_delay * 76 else 0 end",
            &["arr_delay"],
        );
        check("kind = 'arr_delay' AND Cost", &["cost", "kind"]);
        check("1", &[]);
    }
}
