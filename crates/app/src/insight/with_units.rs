//! What is to come of a measure at a unit together with the units right below it, so that the forecasts add up.

use std::fmt;
use std::sync::Arc;

use throughline_core::{Frequency, Period, UnitId};
use throughline_engine::View;
use throughline_insight::forecast::{NotTogether, Together, Way, together};
use throughline_model::records::{Measure, OverUnits};
use throughline_model::{Entry, Model};

use super::cycle_of;
use super::foreseen::Foreseen;
use super::outlook::Outlook;
use super::read::Insight;
use crate::policy::ReadReadings;
use crate::selection::Selected;
use crate::trend::{last_of, values_of};
use crate::{AppError, Ctx};

/// The most units below that are brought together with the one above: each is forecast three times.
pub const UNITS_MAX: usize = 60;

/// What is to come of a unit and of those below, brought together.
#[derive(Debug, Clone, PartialEq)]
pub struct WithUnits {
    /// The units below, in the order of the plan.
    pub units: Vec<UnitId>,
    /// The forecasts of the unit and then of each of those, over the periods of its outlook.
    pub forecasts: Together,
}

/// Why forecasts are not brought together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoUnits {
    /// There is no forecast of the unit itself.
    NoOutlook,
    /// The measure does not add up over units.
    DoesNotAdd,
    /// It is read at no unit right below.
    NoneBelow,
    /// It is read at more units right below than are brought together.
    TooMany(usize),
    /// Not all units below may be read.
    Hidden,
    /// A unit below has no value in the newest period, so that nothing says what it weighs.
    Weightless,
    /// Forecasts or values do not fit; of which unit, where it is one below.
    NotTogether(Option<String>, NotTogether),
}

impl fmt::Display for NoUnits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoUnits::NoOutlook => write!(formatter, "there is no forecast of the unit itself"),
            NoUnits::DoesNotAdd => write!(
                formatter,
                "the measure is neither summed over units nor has a weighed mean over them"
            ),
            NoUnits::NoneBelow => write!(formatter, "the measure is read at no unit right below"),
            NoUnits::TooMany(units) => write!(
                formatter,
                "it is read at {units} units right below; at most {UNITS_MAX} are brought together"
            ),
            NoUnits::Hidden => write!(formatter, "not all of the units right below may be read"),
            NoUnits::Weightless => write!(
                formatter,
                "a unit below has no value in the newest period, so that nothing says what it weighs"
            ),
            NoUnits::NotTogether(Some(unit), why) => write!(formatter, "{unit}: {why}"),
            NoUnits::NotTogether(None, why) => why.fmt(formatter),
        }
    }
}

/// Brings the forecast of a measure together with those of the units right below.
///
/// # Errors
/// If the actor may not read there, or it fails; why forecasts are not brought together is an answer.
pub(super) async fn with_units(
    ctx: &Ctx,
    selected: &Selected,
    one: &Insight,
) -> Result<Result<WithUnits, NoUnits>, AppError> {
    let outlook = one.foresight.as_deref().and_then(|one| one.as_ref().ok());
    let Some(outlook) = outlook.cloned() else {
        return Ok(Err(NoUnits::NoOutlook));
    };
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let view = selected.view();
    let index = selected.model.index().units_on(selected.period.middle());
    let children = index.children(selected.unit).iter().copied();
    let units = view.where_read(one.measure, children, selected.period);
    if !units.iter().all(|unit| may_read(*unit)) {
        return Ok(Err(NoUnits::Hidden));
    }
    let foreseen = match ctx.snapshot() {
        Some(snapshot) => Arc::clone(snapshot.foreseen()),
        None => Foreseen::new(),
    };
    let place = Place {
        view,
        unit: selected.unit,
        shown: selected.period,
    };
    let measure = one.measure;
    let work = tokio::task::spawn_blocking(move || {
        let record = place.view.plan.measures().get(measure).cloned();
        record.map_or(Err(NoUnits::NoOutlook), |record| {
            place.together(&record, &outlook, units, &foreseen)
        })
    });
    work.await
        .map_err(|error| AppError::failed("the forecasts could not be brought together", error))
}

/// Where forecasts are brought together.
struct Place {
    view: View,
    unit: UnitId,
    shown: Period,
}

impl Place {
    fn together(
        &self,
        measure: &Entry<Measure>,
        outlook: &Outlook,
        units: Vec<UnitId>,
        foreseen: &Foreseen,
    ) -> Result<WithUnits, NoUnits> {
        let is_sum = measure.is_summed_over_units();
        let ways = measure.over_units.unwrap_or(measure.kind.over_units());
        if measure.formula.is_some() || !(is_sum || ways == OverUnits::Mean) {
            return Err(NoUnits::DoesNotAdd);
        }
        match units.len() {
            0 => return Err(NoUnits::NoneBelow),
            many if many > UNITS_MAX => return Err(NoUnits::TooMany(many)),
            _ => {}
        }
        let calendar = self.view.plan.calendar();
        let (frequency, end) = last_of(calendar, measure.frequency, &self.shown);
        let Some(first) = outlook.expected.first() else {
            return Err(NoUnits::NoOutlook);
        };
        // The periods of a longer one that is shown and runs are to come, and not missing.
        let last = calendar.index(&first.period) - 1;
        let to_come = usize::try_from(end - last).unwrap_or(0);
        let all = std::iter::once(&self.unit).chain(&units);
        let values: Vec<Vec<Option<f64>>> = all
            .map(|unit| {
                let mut values = values_of(&self.view, &[measure.id()], *unit, self.shown);
                let mut values = values.pop().unwrap_or_default();
                values.truncate(values.len().saturating_sub(to_come));
                values
            })
            .collect();
        let shares = match is_sum {
            true => vec![1.0; units.len()],
            false => self.shares(measure, &units, (frequency, last))?,
        };
        let series: Vec<&[Option<f64>]> = values.iter().map(Vec::as_slice).collect();
        let horizon = outlook.expected.len();
        let forecasts = together(&series, &shares, horizon, &|values, horizon| {
            foreseen.forecast(values, cycle_of(frequency), horizon)
        });
        let forecasts = forecasts.map_err(|why| {
            let unit = match why {
                NotTogether::NoForecast { series, .. } => series.checked_sub(1),
                _ => None,
            };
            let unit = unit.and_then(|place| self.view.plan.units().get(units[place]));
            NoUnits::NotTogether(unit.map(|unit| unit.name.clone()), why)
        })?;
        Ok(WithUnits { units, forecasts })
    }

    /// What each unit weighs in the mean of the newest period.
    fn shares(
        &self,
        measure: &Entry<Measure>,
        units: &[UnitId],
        (frequency, last): (Frequency, i32),
    ) -> Result<Vec<f64>, NoUnits> {
        let period = self.view.plan.calendar().period(frequency, last);
        let found = self.view.weighed(measure.id(), units, period);
        let found: Option<Vec<_>> = found.into_iter().collect();
        let found = found.ok_or(NoUnits::Weightless)?;
        let weights = found.iter().map(|one| match measure.kind.is_weighted() {
            true => one.weight,
            false => Some(1.0),
        });
        let weights: Vec<f64> = weights
            .collect::<Option<_>>()
            .unwrap_or_else(|| vec![1.0; units.len()]);
        let all: f64 = weights.iter().sum();
        match all > 0.0 {
            true => Ok(weights.iter().map(|weight| weight / all).collect()),
            false => Err(NoUnits::Weightless),
        }
    }
}

/// How forecasts were brought together, or why not, in a sentence.
#[must_use]
pub fn with_units_in_words(
    found: &Result<WithUnits, NoUnits>,
    model: &Model,
    unit: UnitId,
) -> String {
    let name = model
        .units()
        .get(unit)
        .map_or("", |unit| unit.name.as_str());
    match found {
        Err(why) => format!("Not brought together with the units below: {why}."),
        Ok(found) => match found.forecasts.way {
            Way::FromParts => format!(
                "Brought together with those of its units: {name} is what these come to, as one of them is too short to say how far off its forecasts are."
            ),
            Way::ByMisses => {
                "Brought together with those of its units, so that they add up: each moved as little as its usual miss allows."
                    .to_owned()
            }
        },
    }
}
