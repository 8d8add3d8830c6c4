//! What the cells of a measure look like: numbers, percentages, times, signs of bounds, and the periods that they are of.

use std::collections::BTreeSet;

use throughline_core::{Calendar, Frequency};

use crate::book::{CellValue, Workbook};
use crate::duration;
use crate::facts::Fact;
use crate::number;
use crate::values::SHARE_MAX;

/// What the cells of a measure look like.
#[derive(Debug, Default)]
pub(crate) struct Look {
    pub(crate) numbers: usize,
    pub(crate) percents: usize,
    pub(crate) whole: usize,
    pub(crate) fractions: usize,
    pub(crate) decimals: u8,
    /// The same where it is shown as %, of which some are written as fractions.
    pub(crate) percent_decimals: u8,
    pub(crate) yes_no: usize,
    pub(crate) has_targets: bool,
    pub(crate) days: BTreeSet<jiff::civil::Date>,
    pub(crate) frequencies: BTreeSet<u8>,
    pub(crate) at_least: bool,
    pub(crate) at_most: bool,
    /// Cells that are times of a clock.
    pub(crate) durations: usize,
    /// The first target that holds in numbers.
    pub(crate) target: Option<f64>,
}

impl Look {
    pub(crate) fn of(
        book: &Workbook,
        calendar: &Calendar,
        facts: &[&Fact],
        unit: Option<&str>,
    ) -> Look {
        let mut look = Look::default();
        for fact in facts {
            let Some(cell) = book
                .sheets
                .get(fact.spot.0)
                .and_then(|sheet| sheet.cells.get(&fact.spot.1))
            else {
                continue;
            };
            let is_target = fact.series == crate::heading::Series::Target;
            look.has_targets |= is_target;
            if is_target && look.target.is_none() {
                look.target = as_number(&cell.shown());
            }
            if let Some(said) = fact.said {
                match said.day {
                    Some(day) => drop(look.days.insert(day)),
                    None => {
                        if let Some(period) = said.period(calendar, Frequency::Month)
                            && fact.series == crate::heading::Series::Actual
                        {
                            look.frequencies.insert(period.frequency as u8);
                        }
                    }
                }
            }
            match &cell.value {
                CellValue::Number(value) => {
                    look.number(*value, cell.is_percent, decimals(*value, cell.is_percent))
                }
                CellValue::YesNo(_) => look.yes_no += 1,
                CellValue::Duration(seconds) => look.duration(*seconds, unit),
                CellValue::Text(text) => {
                    // "<5" among the values is one that is not shown, and says nothing of what is better.
                    look.at_least |= is_target && text.contains(['≥', '>']);
                    look.at_most |= is_target && text.contains(['≤', '<']);
                    let typed = number::read(text).filter(|typed| !typed.is_unclear(unit));
                    if let Some(typed) = typed {
                        let decimals = typed.decimals_in(unit);
                        look.number(typed.in_unit(unit), typed.is_percent, decimals);
                    } else if let Some(seconds) = duration::read(text, false) {
                        look.duration(seconds, unit);
                    } else if ["yes", "no"].contains(&text.trim().to_lowercase().as_str()) {
                        look.yes_no += 1;
                    }
                }
                _ => {}
            }
        }
        look
    }

    /// A time of a clock, in the unit of its measure.
    fn duration(&mut self, seconds: f64, unit: Option<&str>) {
        self.durations += 1;
        let value = duration::in_unit(seconds, unit);
        self.number(value, false, decimals(value, false));
    }

    fn number(&mut self, value: f64, is_percent: bool, decimals: u8) {
        self.numbers += 1;
        self.percents += usize::from(is_percent);
        self.whole += usize::from(value.fract() == 0.0);
        self.fractions += usize::from((0.0..=1.0).contains(&value));
        self.decimals = self.decimals.max(decimals);
        let is_fraction = !is_percent && value.abs() <= SHARE_MAX;
        let shown = decimals.saturating_sub(if is_fraction { 2 } else { 0 });
        self.percent_decimals = self.percent_decimals.max(shown);
    }
}

/// A number as it is shown; of one with a percent sign, the one before it.
pub(crate) fn as_number(text: &str) -> Option<f64> {
    number::read(text).map(|typed| typed.in_unit(None))
}

/// Decimal places of a number as it is shown.
fn decimals(value: f64, is_percent: bool) -> u8 {
    let shown = crate::book::rounded(if is_percent { value * 100.0 } else { value }).to_string();
    let places = shown
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    u8::try_from(places).unwrap_or(u8::MAX)
}
