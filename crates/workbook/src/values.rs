//! From cells to values: percent in all its styles, and values that are most likely slips.

use std::collections::BTreeMap;

use crate::book::{Cell, CellValue, rounded};
use crate::duration;
use crate::mapping::MeasureMapping;
use crate::number::{self, Typed};
use crate::words::is_missing;

/// How many times as large as all others of its series a value is that looks like a test entry.
const SLIP_TIMES: f64 = 20.0;

/// How many values a series has before one of them can look like a slip.
const SLIP_LEAST: usize = 6;

/// One in how many values of a series may repeat what looks like a slip.
const SLIP_SHARE: usize = 6;

/// More than a share can be, with some room for achievement above plan.
pub const SHARE_MAX: f64 = 1.5;

/// A number as it stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// It is the value.
    Exact(f64),
    /// It belongs to a measure shown as %, and may be a percentage or a fraction.
    Unclear(f64),
}

/// The number of a cell, or why it has none.
pub fn found(cell: &Cell, measure: &MeasureMapping) -> Result<Found, String> {
    let is_ratio = measure.shown_as.as_deref() == Some("%");
    let of = |number: f64, is_percent_sign: bool, is_fraction: bool| match (
        is_ratio,
        is_percent_sign,
        is_fraction,
    ) {
        (true, true, _) => Found::Exact(rounded(number / 100.0)),
        (true, _, true) => Found::Exact(rounded(number)),
        (true, false, false) => Found::Unclear(number),
        (false, ..) => Found::Exact(number),
    };
    match &cell.value {
        CellValue::Number(number) => Ok(of(rounded(*number), false, cell.is_percent)),
        CellValue::YesNo(yes) => Ok(Found::Exact(f64::from(u8::from(*yes)))),
        CellValue::Text(text) if is_missing(text) => Err(format!(
            "{} stands for a value that is not there; no zero",
            quoted(text)
        )),
        CellValue::Text(text) => {
            if measure.kind == "yes-no" {
                match text.trim().to_lowercase().as_str() {
                    "yes" | "y" => return Ok(Found::Exact(1.0)),
                    "no" | "n" => return Ok(Found::Exact(0.0)),
                    _ => {}
                }
            }
            let unit = measure.shown_as.as_deref();
            if let Some(typed) = number::read(text) {
                if typed.is_unclear(unit) {
                    let text = quoted(text);
                    return Err(format!(
                        "{text} may be millions, minutes or metres: write it out"
                    ));
                }
                return Ok(of(rounded(typed.in_unit(unit)), typed.is_percent, false));
            }
            let (_, in_minutes) = duration::without_clock(&measure.found_as);
            let seconds = duration::read(text, in_minutes);
            let time = seconds.map(|seconds| Found::Exact(duration::in_unit(seconds, unit)));
            time.ok_or_else(|| format!("{} is not a number", quoted(text)))
        }
        CellValue::Duration(seconds) => {
            let unit = measure.shown_as.as_deref();
            Ok(Found::Exact(duration::in_unit(*seconds, unit)))
        }
        CellValue::Date(day) => Err(format!("{day} is a day, and a number is needed")),
        CellValue::Error(error) => Err(format!("the formula gives the error {error}")),
    }
}

/// The number in a text that has more than digits.
fn typed(cell: &Cell) -> Option<Typed> {
    match &cell.value {
        CellValue::Text(text) if !number::is_bare(text) => number::read(text),
        _ => None,
    }
}

/// Whether a cell says a bound, such as `<5`, and no number.
pub fn is_bound(cell: &Cell) -> bool {
    typed(cell).is_some_and(|typed| typed.is_bound)
}

/// Whether a cell was read past a mark beside its number, or is written out: `93.2%*`, `10.5k`.
pub fn is_marked(cell: &Cell) -> bool {
    typed(cell).is_some_and(|typed| typed.is_marked || typed.times != 1.0)
}

fn quoted(text: &str) -> String {
    let short: String = text.trim().chars().take(40).collect();
    format!("\"{short}\"")
}

/// Decides what unclear numbers of one measure are: percentages where they are above 1.5, and else whichever is nearer to
/// what is typical for the others.
pub fn decided(found: &[Found]) -> Vec<f64> {
    let certain = found.iter().filter_map(|found| match found {
        Found::Exact(value) => Some(*value),
        Found::Unclear(number) if number.abs() > SHARE_MAX => Some(number / 100.0),
        Found::Unclear(_) => None,
    });
    let mut certain: Vec<f64> = certain.map(f64::abs).filter(|value| *value > 0.0).collect();
    certain.sort_by(f64::total_cmp);
    let typical = certain.get(certain.len() / 2).copied();
    let decide = |found: &Found| match *found {
        Found::Exact(value) => value,
        Found::Unclear(number) if number.abs() > SHARE_MAX => rounded(number / 100.0),
        Found::Unclear(0.0) => 0.0,
        Found::Unclear(number) => match typical {
            Some(typical) => {
                let far = |value: f64| (value.abs() / typical).ln().abs();
                if far(number) <= far(number / 100.0) {
                    rounded(number)
                } else {
                    rounded(number / 100.0)
                }
            }
            None => rounded(number),
        },
    };
    found.iter().map(decide).collect()
}

/// Which values of a series are most likely slips: one far larger than all others, also where it stands there a few times, as
/// what somebody put in everywhere for a trial does. The number says how many times as large.
pub fn slips(values: &[f64]) -> BTreeMap<usize, f64> {
    let sizes = || values.iter().map(|value| value.abs());
    let Some(largest) = sizes().max_by(f64::total_cmp) else {
        return BTreeMap::new();
    };
    let others: Vec<f64> = sizes().filter(|size| *size < largest).collect();
    let second = others.iter().copied().max_by(f64::total_cmp);
    let is_series = others.len() + 1 >= SLIP_LEAST;
    let are_few = values.len() - others.len() <= values.len() / SLIP_SHARE;
    let times = second
        .filter(|second| is_series && are_few && *second > 0.0)
        .map(|second| largest / second)
        .filter(|times| *times >= SLIP_TIMES);
    let Some(times) = times else {
        return BTreeMap::new();
    };
    let far = sizes().enumerate().filter(|(_, size)| *size >= largest);
    far.map(|(index, _)| (index, times.round())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_read_in_all_its_styles() {
        let found = [
            Found::Exact(0.93),
            Found::Unclear(94.1),
            Found::Unclear(0.96),
            Found::Unclear(1.0),
        ];
        assert_eq!(decided(&found), [0.93, 0.941, 0.96, 1.0]);
        let small = [
            Found::Unclear(3.1),
            Found::Unclear(2.9),
            Found::Unclear(0.9),
        ];
        assert_eq!(decided(&small), [0.031, 0.029, 0.009]);
    }

    #[test]
    fn zero_has_no_sign_and_no_noise_stays() {
        let measure = MeasureMapping::default();
        for (value, expected) in [
            (CellValue::Number(-0.0), "0"),
            (CellValue::Text("-0".to_owned()), "0"),
            (CellValue::Number(0.1 + 0.2), "0.3"),
        ] {
            match found(&Cell::plain(value), &measure) {
                Ok(Found::Exact(number)) => assert_eq!(number.to_string(), expected),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_value_far_above_all_others_is_a_slip() {
        let values = [218.0, 221.0, 236.0, 55_555.0, 218.0, 209.0];
        assert_eq!(slips(&values), BTreeMap::from([(3, 235.0)]));
        assert!(slips(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).is_empty());
        assert!(slips(&[1.0, 100.0]).is_empty());
        // Put in twice for a trial.
        let mut twice = vec![
            218.0, 221.0, 236.0, 218.0, 209.0, 205.0, 199.0, 240.0, 212.0, 230.0,
        ];
        twice.extend([55_555.0, 55_555.0]);
        assert_eq!(slips(&twice), BTreeMap::from([(10, 231.0), (11, 231.0)]));
        // As often as that, it is a level of its own.
        twice.extend([55_555.0; 4]);
        assert!(slips(&twice).is_empty());
    }
}
