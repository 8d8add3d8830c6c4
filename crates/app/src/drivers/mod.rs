//! Drivers: why a value differs from its target, from the period before or from the year before. The parts of a difference
//! are arithmetic and no causes; where a difference is routine variation there is nothing to explain, and it says so.

mod compare;
mod inputs;
mod units;
pub mod words;

use std::sync::Arc;

use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{Edge, MeasureReading, View, year_earlier};
use throughline_model::Entry;
use throughline_model::records::Measure;

use self::compare::{Noise, noise};
use crate::explain::no_measure;
use crate::policy::{Object, ReadReadings};
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// How many parts of a difference are named; the others are put together.
pub const PARTS_MAX: usize = 8;
/// The most units below that a difference is taken apart by.
pub const UNITS_MAX: usize = 2_000;

/// What a value is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Against {
    /// Its target.
    Target,
    /// The value of the period before.
    Before,
    /// The value of the same period one year before.
    YearBefore,
}

impl Against {
    /// Each of them.
    pub const ALL: [Against; 3] = [Against::Target, Against::Before, Against::YearBefore];

    /// The word in addresses and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Against::Target => "target",
            Against::Before => "before",
            Against::YearBefore => "year-before",
        }
    }
}

/// The differences of a measure, taken apart.
pub struct ReadDrivers {
    /// What was meant.
    pub selected: Selected,
    /// The measure.
    pub measure: Arc<Entry<Measure>>,
    /// One for each thing that it was held against.
    pub compared: Arc<Vec<Compared>>,
}

/// A value against another.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What it is held against.
    pub against: Against,
    /// The period of the other value, where it is one of another period.
    pub period: Option<Period>,
    /// The value.
    pub value: Option<f64>,
    /// What it is held against.
    pub other: Option<f64>,
    /// What made the difference, or why that is not said.
    pub made_of: Result<Vec<Bridge>, Declined>,
    /// Whether it is known that the difference is more than routine variation; too few points do not say.
    pub is_signal: Option<bool>,
    /// The mean of the process, where the value is routine and the process as a whole is not where its target is.
    pub of_process: Option<f64>,
}

/// Why a difference is not taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declined {
    /// There is no value.
    NoValue,
    /// There is nothing to hold it against.
    NoOther,
    /// The target is a range.
    Range,
    /// The period is not over.
    NotOver,
    /// Both are of one period of the measure.
    SamePeriod,
    /// There is no difference.
    NoDifference,
    /// It varies as it always does.
    Routine,
    /// Nothing below it and no formula makes it up.
    NoParts,
}

/// A difference and the parts that make it up.
#[derive(Debug, Clone, PartialEq)]
pub struct Bridge {
    /// What the parts are.
    pub across: Across,
    /// The parts that brought most, the greatest first.
    pub parts: Vec<DriverPart>,
    /// What all others brought, and how many they are; what cannot be shown is among them.
    pub others: Option<Others>,
}

/// What a difference is taken apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// The units below.
    Units,
    /// The measures of its formula.
    Inputs,
    /// Volume, mix and price, of money.
    Money,
}

/// A part of a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DriverPart {
    /// What it is.
    pub of: PartOf,
    /// Its own value in the other period, or its target.
    pub other: Option<f64>,
    /// Its own value.
    pub value: Option<f64>,
    /// What it added to the difference, in units of the measure.
    pub brought: f64,
    /// How much of that is because its weight changed, where parts have weights.
    pub by_weight: Option<f64>,
}

/// What a part is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartOf {
    /// A unit below.
    Unit(UnitId),
    /// A measure of the formula.
    Measure(MeasureId),
    /// More or less of everything, at the mean price of before.
    Volume,
    /// More or less of a quantity than of everything, by how much dearer than the mean it was.
    Mix(MeasureId),
}

/// What is put together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Others {
    /// How many parts.
    pub count: usize,
    /// What they brought.
    pub brought: f64,
}

/// Takes the differences of a measure apart, named by its key; against one thing, or against each.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn drivers(
    ctx: &Ctx,
    key: &str,
    asked: &Selection,
    against: Option<Against>,
) -> Result<ReadDrivers, AppError> {
    let (selected, _) = select(ctx, asked).await?;
    let measure = selected.model.measures().by_key(key).map(Arc::clone);
    let measure = measure.ok_or_else(|| no_measure(&selected.model, key))?;
    ctx.step("Taking the difference apart");
    let against = match &against {
        Some(one) => std::slice::from_ref(one),
        None => &Against::ALL,
    };
    let compared = drivers_at(ctx, &selected, measure.id(), against).await?;
    Ok(ReadDrivers {
        selected,
        measure,
        compared,
    })
}

/// The differences of a measure at what is meant.
///
/// # Errors
/// If the actor may not read there, or they cannot be worked out.
pub async fn drivers_at(
    ctx: &Ctx,
    meant: &Selected,
    measure: MeasureId,
    against: &[Against],
) -> Result<Arc<Vec<Compared>>, AppError> {
    let unit = Object::Unit(meant.unit);
    ctx.authorize::<ReadReadings>(unit).await?;
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let below = units_below(meant, against)
        .into_iter()
        .filter(|unit| may_read(*unit))
        .take(UNITS_MAX)
        .collect::<Vec<UnitId>>();
    let today = ctx.newest_model().await?.calendar().date_of(ctx.now());
    let of_whom = ((*ctx.actor(), today), against.to_vec());
    let (view, unit, period) = (meant.view(), meant.unit, meant.period);
    let against = against.to_vec();
    let work = async move {
        let worked = tokio::task::spawn_blocking(move || {
            Place::of(&view, measure, unit, period, &below).map_or_else(Vec::new, |place| {
                let compared = against.iter().map(|against| place.compared(*against));
                compared.collect()
            })
        });
        let worked = worked.await;
        worked.map_err(|error| AppError::failed("the difference could not be taken apart", error))
    };
    match ctx.snapshot() {
        Some(snapshot) => snapshot.drivers(meant, measure, of_whom, work).await,
        None => Ok(Arc::new(work.await?)),
    }
}

/// The units right below in the period that is shown or in one that it is held against, in the order of the plan: a unit that
/// came or went between them made a part of the difference.
fn units_below(meant: &Selected, against: &[Against]) -> Vec<UnitId> {
    let (index, calendar) = (meant.model.index(), meant.model.calendar());
    let others = against
        .iter()
        .filter_map(|against| other_period(calendar, &meant.period, *against));
    let mut found: Vec<UnitId> = Vec::new();
    for period in std::iter::once(meant.period).chain(others) {
        for unit in index.units_on(period.middle()).children(meant.unit) {
            if !found.contains(unit) {
                found.push(*unit);
            }
        }
    }
    found
}

/// The period of the value that one of another period is held against.
fn other_period(calendar: &Calendar, period: &Period, against: Against) -> Option<Period> {
    let frequency = period.frequency;
    let index = calendar.index(period);
    let known = calendar.index_range(frequency);
    match against {
        Against::Target => None,
        Against::Before => known
            .contains(&(index - 1))
            .then(|| calendar.period(frequency, index - 1)),
        // Of a year that is the period before.
        Against::YearBefore if matches!(frequency, Frequency::Year | Frequency::FiscalYear) => None,
        Against::YearBefore => {
            let before = year_earlier(calendar, period, frequency);
            (known.contains(&calendar.index(&before)) && before != *period).then_some(before)
        }
    }
}

/// Where a difference is taken apart.
struct Place<'v> {
    view: &'v View,
    measure: &'v Entry<Measure>,
    unit: UnitId,
    period: Period,
    /// The units that may be read and are below in one of the periods.
    below: &'v [UnitId],
    reading: MeasureReading,
}

impl<'v> Place<'v> {
    fn of(
        view: &'v View,
        measure: MeasureId,
        unit: UnitId,
        period: Period,
        below: &'v [UnitId],
    ) -> Option<Place<'v>> {
        Some(Place {
            measure: view.plan.measures().get(measure)?,
            reading: view.reading(measure, unit, period)?,
            view,
            unit,
            period,
            below,
        })
    }

    fn compared(&self, against: Against) -> Compared {
        let period = other_period(self.view.plan.calendar(), &self.period, against);
        let other = match (against, period) {
            (Against::Target, _) => match self.reading.target {
                Some(Edge::Number(target)) => Some(target),
                _ => None,
            },
            (_, Some(period)) => {
                let reading = self.view.reading(self.measure.id(), self.unit, period);
                reading.and_then(|reading| reading.value)
            }
            (_, None) => None,
        };
        let mut compared = Compared {
            against,
            period,
            value: self.reading.value,
            other,
            made_of: Err(Declined::NoValue),
            is_signal: None,
            of_process: None,
        };
        let (Some(value), Some(other)) = (compared.value, compared.other) else {
            let has_range = matches!(self.reading.target, Some(Edge::Range(..)));
            compared.made_of = Err(match compared.value {
                None => Declined::NoValue,
                Some(_) if against == Against::Target && has_range => Declined::Range,
                Some(_) => Declined::NoOther,
            });
            return compared;
        };
        let noise = noise(
            self.view,
            self.measure,
            self.unit,
            self.period,
            against,
            (value, other),
        );
        compared.is_signal = noise.map(|noise| noise != Noise::Routine);
        compared.of_process = match noise {
            Some(Noise::Process(mean)) => Some(mean),
            _ => None,
        };
        compared.made_of = if against != Against::Target && !self.reading.is_over {
            Err(Declined::NotOver)
        } else if period.is_some_and(|period| self.is_one_with(period)) {
            Err(Declined::SamePeriod)
        } else if value == other {
            Err(Declined::NoDifference)
        } else if noise == Some(Noise::Routine) {
            Err(Declined::Routine)
        } else {
            self.bridges(period, value, other)
        };
        compared
    }

    /// Whether another period is read by the same period of the measure.
    fn is_one_with(&self, period: Period) -> bool {
        let other = self.view.reading(self.measure.id(), self.unit, period);
        other.is_some_and(|other| other.shown_period == self.reading.shown_period)
    }

    fn bridges(
        &self,
        period: Option<Period>,
        value: f64,
        other: f64,
    ) -> Result<Vec<Bridge>, Declined> {
        let difference = value - other;
        let units = match period {
            Some(period) => units::between(self, period, difference),
            None => units::from_target(self, other, difference),
        };
        let inputs = period.and_then(|period| inputs::between(self, period, difference));
        let money = period.and_then(|period| inputs::money(self, period, difference));
        let found: Vec<Bridge> = [money, inputs, units].into_iter().flatten().collect();
        if found.is_empty() {
            return Err(Declined::NoParts);
        }
        Ok(found)
    }
}

impl Bridge {
    /// A bridge with the parts that brought most; what they do not bring together, others did.
    fn of(across: Across, mut parts: Vec<DriverPart>, difference: f64) -> Option<Bridge> {
        parts.sort_by(|one, other| {
            let by_size = other.brought.abs().total_cmp(&one.brought.abs());
            by_size.then(one.of.cmp(&other.of))
        });
        if parts.is_empty() {
            return None;
        }
        let count = parts.len().saturating_sub(PARTS_MAX);
        parts.truncate(PARTS_MAX);
        let named: f64 = parts.iter().map(|part| part.brought).sum();
        let brought = difference - named;
        // What is left over by rounding was brought by nobody.
        let is_rounding = brought.abs() <= 1e-9 * difference.abs();
        let others = (count > 0 || !is_rounding).then_some(Others { count, brought });
        Some(Bridge {
            across,
            parts,
            others,
        })
    }
}
