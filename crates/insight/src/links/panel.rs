//! A panel as a regression sees it: rows of units and periods, and what is left of a column after the habits of each unit and
//! the events of each period are taken off (two-way fixed effects).

use super::NoEvidence;
use crate::linear::dot;

/// A measure over units and periods: for each unit its values, oldest first, `None` where one is missing.
pub type Panel<'a> = &'a [Vec<Option<f64>>];

/// The most units of a panel.
pub const UNITS_MAX: usize = 20_000;
/// The most periods of a panel.
pub const PERIODS_MAX: usize = 4_000;
/// A column is free of both effects when a round takes off less than this part of its spread.
const CONVERGED: f64 = 1e-13;
/// Rounds of taking off both effects; few are needed unless almost everything is missing.
const ROUNDS_MAX: usize = 5_000;
/// A column varies within units and periods if more than this part of its squares is left.
const VARIES: f64 = 1e-18;

/// A column of a regression: a measure at a lag; a negative lag looks ahead.
#[derive(Clone, Copy)]
pub(crate) struct Column<'a> {
    pub(crate) panel: Panel<'a>,
    pub(crate) lag: isize,
}

impl Column<'_> {
    fn at(&self, unit: usize, period: usize) -> Option<f64> {
        let period = usize::try_from(isize::try_from(period).ok()? - self.lag).ok()?;
        *self.panel.get(unit)?.get(period)?
    }
}

/// The rows for which every column is there.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// Of each row its unit, numbered from 0 over those that are left.
    pub(crate) unit: Vec<usize>,
    /// Of each row its place in time.
    pub(crate) period: Vec<usize>,
    /// The columns.
    pub(crate) columns: Vec<Vec<f64>>,
    /// How many units there are.
    pub(crate) units: usize,
    /// How many periods have a row.
    pub(crate) periods: usize,
    /// The number after the last place in time.
    pub(crate) end: usize,
    /// Of each unit that is left its place in the panel.
    pub(crate) unit_places: Vec<usize>,
}

/// Whether panels have one shape, are not too large and hold numbers.
pub(crate) fn check(panels: &[Panel<'_>]) -> Result<(), NoEvidence> {
    let shape = |panel: Panel<'_>| (panel.len(), panel.first().map_or(0, Vec::len));
    let (units, periods) = panels.first().map_or((0, 0), |panel| shape(panel));
    let is_even = |panel: &Panel<'_>| {
        panel.len() == units && panel.iter().all(|values| values.len() == periods)
    };
    if units > UNITS_MAX || periods > PERIODS_MAX || !panels.iter().all(is_even) {
        return Err(NoEvidence::Shape);
    }
    let cells = panels.iter().flat_map(|panel| panel.iter().flatten());
    if cells.flatten().any(|value| !value.is_finite()) {
        return Err(NoEvidence::NotFinite);
    }
    Ok(())
}

impl Rows {
    /// The rows of columns that passed [`check`]. A unit with one row says nothing and is left out.
    pub(crate) fn of(columns: &[Column<'_>], leave_out: Option<usize>) -> Rows {
        let panel = columns.first().map_or(&[][..], |column| column.panel);
        let end = panel.first().map_or(0, Vec::len);
        let mut rows = Rows {
            unit: Vec::new(),
            period: Vec::new(),
            columns: vec![Vec::new(); columns.len()],
            units: 0,
            periods: 0,
            end,
            unit_places: Vec::new(),
        };
        let mut cells = vec![0.0; columns.len()];
        for place in (0..panel.len()).filter(|place| Some(*place) != leave_out) {
            let first = rows.unit.len();
            for period in 0..end {
                let is_whole = columns.iter().zip(&mut cells).all(|(column, cell)| {
                    let value = column.at(place, period);
                    *cell = value.unwrap_or(0.0);
                    value.is_some()
                });
                if is_whole {
                    rows.unit.push(rows.units);
                    rows.period.push(period);
                    for (column, cell) in rows.columns.iter_mut().zip(&cells) {
                        column.push(*cell);
                    }
                }
            }
            if rows.unit.len() < first + 2 {
                rows.unit.truncate(first);
                rows.period.truncate(first);
                rows.columns
                    .iter_mut()
                    .for_each(|column| column.truncate(first));
            } else {
                rows.units += 1;
                rows.unit_places.push(place);
            }
        }
        let mut seen = vec![false; end];
        rows.period.iter().for_each(|period| seen[*period] = true);
        rows.periods = seen.iter().filter(|seen| **seen).count();
        rows
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.unit.len()
    }

    /// Takes the means of units and of periods off a column, in turn, until none is left (von Neumann's alternating
    /// projections; exact at once where nothing is missing). Says whether it still varies.
    pub(crate) fn demean(&self, column: &mut [f64]) -> bool {
        let before = dot(column, column);
        let scale = (before / self.len().max(1) as f64).sqrt();
        let of_units = Counts::of(&self.unit, self.units);
        let of_periods = Counts::of(&self.period, self.end);
        let mut work = (vec![0.0; self.units], vec![0.0; self.end]);
        for _ in 0..ROUNDS_MAX {
            let by_unit = of_units.take_off(&self.unit, column, &mut work.0);
            let by_period = of_periods.take_off(&self.period, column, &mut work.1);
            if by_unit.max(by_period) <= CONVERGED * scale {
                break;
            }
        }
        dot(column, column) > VARIES * before
    }

    /// Sums of numbers, one a row, over the rows of each unit.
    pub(crate) fn sum_by_unit(&self, numbers: &[f64]) -> Vec<f64> {
        sum_by(&self.unit, self.units, numbers)
    }

    /// Sums of numbers, one a row, over the rows of each place in time.
    pub(crate) fn sum_by_period(&self, numbers: &[f64]) -> Vec<f64> {
        sum_by(&self.period, self.end, numbers)
    }
}

fn sum_by(group: &[usize], groups: usize, numbers: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; groups];
    for (group, number) in group.iter().zip(numbers) {
        sums[*group] += number;
    }
    sums
}

/// One over the number of rows of each group.
struct Counts(Vec<f64>);

impl Counts {
    fn of(group: &[usize], groups: usize) -> Counts {
        let counts = sum_by(group, groups, &vec![1.0; group.len()]);
        Counts(counts.iter().map(|count| 1.0 / count.max(1.0)).collect())
    }

    /// Takes off each group's mean and says how large the largest was.
    fn take_off(&self, group: &[usize], column: &mut [f64], means: &mut [f64]) -> f64 {
        means.fill(0.0);
        for (group, cell) in group.iter().zip(column.iter()) {
            means[*group] += cell;
        }
        let mut largest: f64 = 0.0;
        for (mean, share) in means.iter_mut().zip(&self.0) {
            *mean *= share;
            largest = largest.max(mean.abs());
        }
        for (group, cell) in group.iter().zip(column.iter_mut()) {
            *cell -= means[*group];
        }
        largest
    }
}
