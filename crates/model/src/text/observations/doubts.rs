//! Values that can be recorded and are most likely not what was meant. Each doubt is told once for each measure of a file, that of
//! history from before the strategy once for the file.

use std::collections::HashSet;

use jiff::civil::Date;
use throughline_core::finding::Finding;
use throughline_core::id::MeasureId;

use super::meaning::RowFlaw;
use crate::fields::{FRACTION_MAX, from_percent, in_percent};
use crate::model::Model;
use crate::observation::{NOTE_LENGTH_LIMIT, Observation};
use crate::records::{Measure, MeasureKind};

/// The columns in which something doubtful can stand.
#[derive(Clone, Copy)]
pub(super) struct DoubtfulColumns {
    pub period: usize,
    pub value: usize,
    pub note: usize,
}

/// What was told already, and by what it is told.
pub(super) struct Doubts<'a> {
    model: &'a Model,
    today: Option<Date>,
    told: HashSet<(MeasureId, &'static str)>,
    told_of_history: bool,
}

impl<'a> Doubts<'a> {
    /// Doubts about observations of the measures of a plan. Without a day nothing is told of periods to come.
    pub fn new(model: &'a Model, today: Option<Date>) -> Doubts<'a> {
        Doubts {
            model,
            today,
            told: HashSet::new(),
            told_of_history: false,
        }
    }

    /// What is doubtful in a row whose value was written like that.
    pub fn of(
        &mut self,
        observation: &Observation,
        written: &str,
        at: DoubtfulColumns,
    ) -> Vec<RowFlaw> {
        let period = observation.cell.period;
        let is_to_come = self.today.is_some_and(|today| period.first > today);
        let is_large = observation
            .value
            .is_some_and(|value| value.abs() > FRACTION_MAX);
        let is_grouped = looks_grouped(written);
        let is_history = !self.told_of_history
            && observation.value.is_some()
            && (self.model.strategy()).is_some_and(|strategy| !strategy.has_begun(&period));
        // Nearly all rows are none of these, and a file can have a million.
        if !(is_to_come || is_large || is_grouped || is_history) {
            return Vec::new();
        }
        let Some(measure) = self.model.measures().get(observation.cell.measure) else {
            return Vec::new();
        };
        let mut doubts = Vec::new();
        if is_to_come && self.tells(observation, "period-to-come") {
            let name = self.model.calendar().name(&period);
            let message = format!(
                "{name} has not begun, and `{}` is observed there",
                measure.key
            );
            let finding = Finding::warning("period-to-come", message)
                .with_help("load the cell with the state `withdrawn` and no value to take it back, if it was a slip");
            doubts.push(RowFlaw::new(at.period, finding));
        }
        if let Some(strategy) = self.model.strategy().filter(|_| is_history) {
            self.told_of_history = true;
            let name = self.model.calendar().name(&period);
            let message = format!(
                "{name} is before the strategy, which begins in {}",
                strategy.from.0
            );
            let finding = Finding::warning("before-the-strategy", message).with_help(
                "this is said of the first such row of a file: history is read, and nothing of it is late; if the year was a slip, load the cell with the state `withdrawn` and no value to take it back",
            );
            doubts.push(RowFlaw::new(at.period, finding));
        }
        if let Some(value) = observation.value
            && is_large
            && measure.is_share()
            && has_no_border(measure, value)
            && self.tells(observation, "percent-for-fraction")
        {
            doubts.push(RowFlaw::new(at.value, percent(measure, value)));
        }
        if is_grouped && is_whole(measure) && self.tells(observation, "perhaps-thousands") {
            let message =
                format!("`{written}` is read with a decimal point, as a number below 1,000");
            let finding = Finding::warning("perhaps-thousands", message).with_help(format!(
                "if thousands are meant, write `{}`",
                written.replace('.', "")
            ));
            doubts.push(RowFlaw::new(at.value, finding));
        }
        doubts
    }

    /// Whether it is the first time that this is told of the measure.
    fn tells(&mut self, observation: &Observation, code: &'static str) -> bool {
        self.told.insert((observation.cell.measure, code))
    }
}

/// A note that is longer than a ledger keeps.
pub(super) fn too_long(observation: &Observation, at: DoubtfulColumns) -> Option<RowFlaw> {
    let length = observation.note.as_ref().map_or(0, String::len);
    (length > NOTE_LENGTH_LIMIT).then(|| {
        let message =
            format!("this note has {length} bytes, and a note has at most {NOTE_LENGTH_LIMIT}");
        let finding = Finding::error("long-note", message)
            .with_help("say it in fewer words, or where it is written in full");
        RowFlaw::new(at.note, finding)
    })
}

/// Whether the plan has no border on the side on which a value is far: with one, what is beyond it is refused, and what is
/// not is meant.
fn has_no_border(measure: &Measure, value: f64) -> bool {
    match value < 0.0 {
        true => measure.least.is_none(),
        false => measure.greatest.is_none(),
    }
}

fn percent(measure: &Measure, value: f64) -> Finding {
    let message = format!("{value} will be shown as {}%", in_percent(value));
    Finding::warning("percent-for-fraction", message).with_help(format!(
        "values of a {} are fractions: write {}; with `greatest` at the measure, what is above it is refused",
        measure.kind,
        from_percent(value)
    ))
}

/// Whether the values of a measure are counted, and shown without decimals.
fn is_whole(measure: &Measure) -> bool {
    let is_counted = matches!(measure.kind, MeasureKind::Sum | MeasureKind::Level);
    is_counted && measure.decimals.is_none_or(|decimals| decimals.0 == 0)
}

/// Whether a number looks like one with a point between thousands: `5.000`, `-500.000`.
fn looks_grouped(written: &str) -> bool {
    let unsigned = written.strip_prefix('-').unwrap_or(written);
    let Some((before, after)) = unsigned.split_once('.') else {
        return false;
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&before.len())
        && !before.starts_with('0')
        && after.len() == 3
        && are_digits(before)
        && are_digits(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_between_thousands_are_told_from_decimal_ones() {
        let check = |written: &str, expected: bool| {
            assert_eq!(looks_grouped(written), expected, "{written}");
        };
        check("5.000", true);
        check("-500.125", true);
        check("5.00", false);
        check("5000.000", false);
        check("0.125", false);
        check("5.0e1", false);
        check("5000", false);
        check("", false);
    }
}
