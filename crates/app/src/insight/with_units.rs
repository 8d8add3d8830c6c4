//! What is to come of a measure at a unit together with the units right below it, so that the forecasts add up.

use std::fmt;
use std::sync::Arc;

use throughline_core::{Frequency, MeasureId, Period, UnitId};
use throughline_engine::View;
use throughline_insight::forecast::{NotTogether, Series, Together, Way, together};
use throughline_model::records::{Measure, OverUnits};
use throughline_model::{Entry, Model};

use super::foreseen::Foreseen;
use super::outlook::{Foresight, NoOutlook, is_stale};
use super::{cycle_of, possible};
use crate::live::{ScorecardKey, Snapshot};
use crate::measure::ReadMeasure;
use crate::policy::{Object, ReadReadings};
use crate::selection::Selected;
use crate::trend::{Trend, last_of, trends_at};
use crate::{AppError, Ctx};

/// The most units below that are brought together with the one above: each is forecast a few times.
pub const UNITS_MAX: usize = 60;
/// The most units below that are asked whether they ever had a value.
const LOOKED_AT_MAX: usize = 4 * UNITS_MAX;

/// What is to come of a unit and of those below, brought together.
#[derive(Debug, Clone, PartialEq)]
pub struct WithUnits {
    /// The units below that have a value, in the order of the plan.
    pub units: Vec<UnitId>,
    /// The forecasts of the unit and then of each of those, over the periods of its outlook.
    pub forecasts: Together,
}

/// Forecasts brought together, or why they are not.
pub type Brought = Result<WithUnits, NoUnits>;

/// Why forecasts are not brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoUnits {
    /// There is no forecast of the unit itself.
    NoOutlook,
    /// The measure does not add up over units.
    DoesNotAdd,
    /// No unit right below has a value of it.
    NoneBelow,
    /// It has a value at more units right below than are brought together.
    TooMany(usize),
    /// It is read at more units right below than are asked whether they have one.
    TooManyRead(usize),
    /// Not all units below may be read.
    Hidden,
    /// A unit below has no value in the newest period, so that nothing says what it weighs.
    Weightless,
    /// A unit below ends before the last of the periods that are forecast.
    Ends(UnitId),
    /// A unit below has no forecast.
    NoneOf(UnitId, NoOutlook),
    /// Forecasts or values do not fit.
    NotTogether(NotTogether),
}

impl NoUnits {
    /// The unit below that is the cause.
    fn unit(&self) -> Option<UnitId> {
        match self {
            NoUnits::Ends(unit) | NoUnits::NoneOf(unit, _) => Some(*unit),
            _ => None,
        }
    }
}

impl fmt::Display for NoUnits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoUnits::NoOutlook => write!(formatter, "there is no forecast of the unit itself"),
            NoUnits::DoesNotAdd => write!(
                formatter,
                "the measure is neither summed over units nor has a weighed mean over them"
            ),
            NoUnits::NoneBelow => {
                write!(formatter, "no unit right below has a value of the measure")
            }
            NoUnits::TooMany(units) => write!(
                formatter,
                "{units} units right below have a value of the measure; at most {UNITS_MAX} are brought together"
            ),
            NoUnits::TooManyRead(units) => write!(
                formatter,
                "it is read at {units} units right below; of more than {LOOKED_AT_MAX} it is not asked which of them have a value, and at most {UNITS_MAX} are brought together"
            ),
            NoUnits::Hidden => write!(formatter, "not all of the units right below may be read"),
            NoUnits::Weightless => write!(
                formatter,
                "a unit below has no value in the newest period, so that nothing says what it weighs"
            ),
            NoUnits::Ends(_) => write!(
                formatter,
                "it ends before the last of the periods that are forecast"
            ),
            NoUnits::NoneOf(_, why) => why.fmt(formatter),
            NoUnits::NotTogether(why) => why.fmt(formatter),
        }
    }
}

/// Whether the values of units come to that of the unit above as a sum or a mean, so that their forecasts can.
#[must_use]
pub fn adds_over_units(measure: &Measure) -> bool {
    let ways = measure.over_units.unwrap_or(measure.kind.over_units());
    let adds = measure.is_summed_over_units() || ways == OverUnits::Mean;
    measure.formula.is_none() && adds
}

/// Brings the forecast of a measure that was read together with those of the units right below; nothing while that, or the forecast
/// itself, is being worked out.
///
/// # Errors
/// If the actor may not read there, or it fails; why forecasts are not brought together is an answer.
pub async fn forecasts_with_units(
    ctx: &Ctx,
    read: &ReadMeasure,
) -> Result<Option<Arc<Brought>>, AppError> {
    let unit = Object::Unit(read.selected.unit);
    ctx.authorize::<ReadReadings>(unit).await?;
    let one = (read.measure, &read.trend, read.foresight.as_ref());
    with_units(ctx, &read.selected, one).await
}

/// Brings the forecast of a measure together with those of the units right below. On a server that is done once, after the others
/// who asked before; nothing is told where it is still being done when whoever asks waits no longer.
///
/// # Errors
/// If the actor may not read there, or it fails; why forecasts are not brought together is an answer.
pub(super) async fn with_units(
    ctx: &Ctx,
    selected: &Selected,
    (id, trend, foresight): (MeasureId, &Arc<Trend>, Option<&Arc<Foresight>>),
) -> Result<Option<Arc<Brought>>, AppError> {
    let Some(foresight) = foresight else {
        return Ok(None);
    };
    let measure = selected.model.measures().get(id);
    let (Ok(outlook), Some(measure)) = (&**foresight, measure) else {
        return Ok(Some(Arc::new(Err(NoUnits::NoOutlook))));
    };
    let units = match units_below(ctx, selected, measure).await? {
        Ok(units) => units,
        Err(why) => return Ok(Some(Arc::new(Err(why)))),
    };
    let trends = trends_at(ctx, selected, id, &units).await?;
    let below = units.into_iter().zip(trends);
    let below: Option<Vec<_>> = below.map(|(unit, trend)| Some((unit, trend?))).collect();
    let Some(mut below) = below else {
        return Ok(None);
    };
    // A unit that never had a value is no part of the whole.
    below.retain(|(_, trend)| trend.values.iter().any(Option::is_some));
    if below.len() > UNITS_MAX {
        return Ok(Some(Arc::new(Err(NoUnits::TooMany(below.len())))));
    }
    let family = Family {
        view: selected.view(),
        shown: selected.period,
        measure: Arc::clone(measure),
        expected: outlook.expected.iter().map(|one| one.period).collect(),
        whole: Arc::clone(trend),
        below,
    };
    let Some(snapshot) = ctx.snapshot() else {
        return Ok(Some(Arc::new(family.together(&Foreseen::new()))));
    };
    let key = (ScorecardKey::of(selected), id);
    let known = || snapshot.with_units().get(&key);
    if known().is_none() {
        let work = family.remembered(Arc::clone(snapshot), key);
        let beside = &snapshot.foreseen().families;
        ctx.waiting().for_work(beside, key, work).await?;
    }
    let found = known();
    if found.is_none() {
        ctx.waiting().go_without();
    }
    Ok(found)
}

/// The units right below at which a measure is read, where it adds up over them and all may be read.
async fn units_below(
    ctx: &Ctx,
    selected: &Selected,
    measure: &Entry<Measure>,
) -> Result<Result<Vec<UnitId>, NoUnits>, AppError> {
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let index = selected.model.index().units_on(selected.period.middle());
    let children = index.children(selected.unit).iter().copied();
    let view = selected.view();
    let units = view.where_read(measure.id(), children, selected.period);
    if !units.iter().all(|unit| may_read(*unit)) {
        return Ok(Err(NoUnits::Hidden));
    }
    if !adds_over_units(measure) {
        return Ok(Err(NoUnits::DoesNotAdd));
    }
    Ok(match units.len() {
        many if many > LOOKED_AT_MAX => Err(NoUnits::TooManyRead(many)),
        _ => Ok(units),
    })
}

/// A unit and those right below it, with what was read of a measure there.
struct Family {
    view: View,
    shown: Period,
    measure: Arc<Entry<Measure>>,
    /// The periods that are forecast.
    expected: Vec<Period>,
    whole: Arc<Trend>,
    below: Vec<(UnitId, Arc<Trend>)>,
}

impl Family {
    /// Brings the forecasts together, unless that is remembered when its turn has come.
    async fn remembered(
        self,
        snapshot: Arc<Snapshot>,
        key: (ScorecardKey, MeasureId),
    ) -> Result<(), AppError> {
        let foreseen = Arc::clone(snapshot.foreseen());
        let make = async {
            let made = tokio::task::spawn_blocking(move || Arc::new(self.together(&foreseen)));
            let made = made.await.map_err(|error| {
                AppError::failed("the forecasts could not be brought together", error)
            })?;
            Ok((made, 1))
        };
        let made: Result<_, AppError> = snapshot.with_units().get_or_make(key, make).await;
        made.map(drop)
    }

    fn together(&self, foreseen: &Foreseen) -> Brought {
        let calendar = self.view.plan.calendar();
        let (frequency, end) = last_of(calendar, self.measure.frequency, &self.shown);
        let [first, ..] = self.expected[..] else {
            return Err(NoUnits::NoOutlook);
        };
        // The periods of a longer one that is shown and runs are to come, and not missing.
        let last = calendar.index(&first) - 1;
        let to_come = usize::try_from(end - last).unwrap_or(0);
        let known = |trend: &Arc<Trend>| {
            let values = &trend.values;
            values[..values.len().saturating_sub(to_come)].to_vec()
        };
        let (mut units, mut values) = (Vec::new(), vec![known(&self.whole)]);
        for (unit, trend) in &self.below {
            let of_unit = known(trend);
            // One whose only value is of a period that is not over is none either.
            if of_unit.iter().any(Option::is_some) {
                self.check(*unit, trend, &of_unit)?;
                units.push(*unit);
                values.push(of_unit);
            }
        }
        if units.is_empty() {
            return Err(NoUnits::NoneBelow);
        }
        let shares = self.shares(&units, (frequency, last))?;
        let series = values.iter().map(|values| Series {
            values,
            possible: possible(&self.measure, values),
        });
        let series: Vec<Series<'_>> = series.collect();
        let horizon = self.expected.len();
        let forecasts = together(&series, &shares, horizon, &|values, horizon| {
            foreseen.forecast(values, cycle_of(frequency), horizon)
        });
        let forecasts = forecasts.map_err(|why| match why {
            NotTogether::NoForecast { series, why } if series > 0 => {
                NoUnits::NoneOf(units[series - 1], NoOutlook::NoForecast(why))
            }
            why => NoUnits::NotTogether(why),
        })?;
        Ok(WithUnits { units, forecasts })
    }

    /// What keeps a unit from an outlook keeps it from being brought together, too.
    fn check(&self, unit: UnitId, trend: &Trend, values: &[Option<f64>]) -> Result<(), NoUnits> {
        let ends = self.view.plan.units().get(unit).and_then(|unit| unit.to);
        let last = self.expected.last();
        if ends.is_some_and(|end| last.is_some_and(|last| last.first > end)) {
            Err(NoUnits::Ends(unit))
        } else if trend.rests_on().is_some() {
            Err(NoUnits::NoneOf(unit, NoOutlook::Doubtful))
        } else if is_stale(values) {
            Err(NoUnits::NoneOf(unit, NoOutlook::Stale))
        } else {
            Ok(())
        }
    }

    /// What one of each unit adds to the whole: all of a sum, and of a mean what it weighs in the newest period.
    fn shares(
        &self,
        units: &[UnitId],
        (frequency, last): (Frequency, i32),
    ) -> Result<Vec<f64>, NoUnits> {
        if self.measure.is_summed_over_units() {
            return Ok(vec![1.0; units.len()]);
        }
        let period = self.view.plan.calendar().period(frequency, last);
        let found = self.view.weighed(self.measure.id(), units, period);
        let found: Option<Vec<_>> = found.into_iter().collect();
        let found = found.ok_or(NoUnits::Weightless)?;
        let weights = found
            .iter()
            .map(|one| match self.measure.kind.is_weighted() {
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
pub fn with_units_in_words(found: &Brought, model: &Model, unit: UnitId) -> String {
    let name = |unit: UnitId| {
        let unit = model.units().get(unit);
        unit.map_or("", |unit| unit.name.as_str())
    };
    match found {
        Err(why) => {
            let of = why.unit().map(|unit| format!("{}: ", name(unit)));
            let of = of.unwrap_or_default();
            format!("Not brought together with the units below: {of}{why}.")
        }
        Ok(found) => match found.forecasts.way {
            Way::FromParts(cause) => format!(
                "Brought together with those of its units: {} is what these come to, as {cause}.",
                name(unit)
            ),
            Way::ByMisses => {
                "Brought together with those of its units, so that they add up: each moved as little as its usual miss allows."
                    .to_owned()
            }
        },
    }
}
