//! A hospital group of any size, as the files of a plan and a file of observations, always the same for the same size.
//!
//! Benchmarks and tests of scale need an organisation that looks like one: a tree of units, people who own, collect and
//! check, a cascade of objectives, a performance map, measures of every kind, targets, two years of months. Everything
//! grows with the number of units, so that a run of twice the size should take twice the time.

mod plan;
mod values;

use throughline_model::text::PlanFile;

use self::values::Chance;

/// How many units stand below one unit.
const UNITS_BELOW: usize = 12;

/// Each unit brings so many measures, one of them a formula.
pub const MEASURES_PER_UNIT: usize = 10;

/// Of the measures of a unit so many are observed: all but the formula.
const OBSERVED_PER_UNIT: usize = 9;

/// Of these the first ones are reported by the next unit too.
const SHARED_WITH_NEXT: usize = 6;

/// On average so many series of observations belong to a unit.
const SERIES_PER_UNIT: usize = 20;

/// Of so many units the measures of one are reported all over the organisation.
const UNITS_PER_ORGANISATION_WIDE: usize = 100;

/// The months of a series end with October 2026.
const MONTHS: usize = 25;
const FIRST_MONTH: (usize, usize) = (2024, 10);

/// The first year of the strategy.
pub const FIRST_YEAR: usize = 2024;

/// The last period that is observed.
pub const LAST_PERIOD: &str = "2026-10";

/// An instant at which everything of the last period is due.
pub const NOW: &str = "2026-11-23T10:00:00Z";

/// A hospital group.
#[derive(Clone, Copy, Debug)]
pub struct Organisation {
    units: usize,
}

impl Organisation {
    /// A hospital group of so many units, one at least. It has [`MEASURES_PER_UNIT`] measures and 500 observations for
    /// each of them, so that 2,000 units have 20,000 measures and 1,000,000 observations.
    ///
    /// A very small one has fewer observations, because its few units cannot report more. A file of a plan takes about
    /// 8,000 units.
    pub fn of_units(units: usize) -> Organisation {
        Organisation {
            units: units.max(1),
        }
    }

    /// How many measures it has.
    pub fn measures(&self) -> usize {
        self.units * MEASURES_PER_UNIT
    }

    /// The files of its plan.
    pub fn plan_files(&self) -> Vec<PlanFile> {
        plan::files(self)
    }

    /// Its observations as comma separated values, month by month, as a monthly export brings them.
    pub fn observations(&self) -> String {
        let series = self.series();
        let mut text = String::from("measure,unit,period,value,weight\n");
        for month in 0..MONTHS {
            let period = month_name(month);
            for (measure, unit) in &series {
                values::add_row(&mut text, *measure, *unit, month, &period);
            }
        }
        text
    }

    /// The key of a unit, by its number from 0, which is the topmost.
    pub fn unit_key(&self, unit: usize) -> String {
        plan::unit_key(unit)
    }

    /// The key of a measure, by the number of its unit and its own number in it.
    pub fn measure_key(&self, unit: usize, measure: usize) -> String {
        plan::measure_key(MeasureNumber {
            unit,
            in_unit: measure,
        })
    }

    /// Whether the measures of a unit are reported all over the organisation.
    fn is_organisation_wide(&self, unit: usize) -> bool {
        unit < self.organisation_wide()
    }

    /// How many units bring measures that are reported all over the organisation: the topmost ones.
    fn organisation_wide(&self) -> usize {
        (self.units / UNITS_PER_ORGANISATION_WIDE).max(1)
    }

    /// The units that report a measure which is not reported all over the organisation.
    fn reporters(&self, measure: MeasureNumber) -> Vec<usize> {
        let next = (measure.unit + 1) % self.units;
        if measure.in_unit < SHARED_WITH_NEXT && next != measure.unit {
            vec![measure.unit, next]
        } else {
            vec![measure.unit]
        }
    }

    /// Every measure and unit of which there are observations.
    fn series(&self) -> Vec<(MeasureNumber, usize)> {
        let observed =
            |unit| (0..OBSERVED_PER_UNIT).map(move |in_unit| MeasureNumber { unit, in_unit });
        let own = (self.organisation_wide()..self.units).flat_map(observed);
        let own: Vec<_> = own
            .flat_map(|measure| {
                let reporters = self.reporters(measure).into_iter();
                reporters.map(move |unit| (measure, unit))
            })
            .collect();
        let wide: Vec<_> = (0..self.organisation_wide()).flat_map(observed).collect();
        // What the others leave belongs to the measures of everybody, whose reporters stand evenly in the tree.
        let left = (self.units * SERIES_PER_UNIT).saturating_sub(own.len());
        let rounds = left.div_ceil(wide.len()).min(self.units);
        let stride = self.units / rounds.max(1);
        let everywhere = (0..rounds).flat_map(|round| {
            let unit = self.units - 1 - round * stride;
            wide.iter().map(move |measure| (*measure, unit))
        });
        everywhere.take(left).chain(own).collect()
    }
}

/// A measure, by its unit and its number there.
#[derive(Clone, Copy, Debug)]
struct MeasureNumber {
    unit: usize,
    in_unit: usize,
}

impl MeasureNumber {
    /// What chance decides of this measure.
    fn chance(self) -> Chance {
        Chance::of(&[self.unit, self.in_unit])
    }
}

/// The unit above; none above the topmost.
fn parent(unit: usize) -> Option<usize> {
    unit.checked_sub(1).map(|below| below / UNITS_BELOW)
}

/// The name of a month, by its number from 0.
fn month_name(month: usize) -> String {
    let (year, first) = FIRST_MONTH;
    let months = first - 1 + month;
    format!("{}-{:02}", year + months / 12, months % 12 + 1)
}
