//! Where a measure goes if things go on as they do, how far off that may be, and the chance to reach the target by the end of
//! the planning year.

use std::fmt;
use std::sync::Arc;

use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{Edge, View};
use throughline_insight::forecast::{Chance, NoForecast, POINTS_MIN};
use throughline_insight::targets::Aim;

use super::calibration::Pool;
use super::foreseen::Foreseen;
use super::whole::{Continued, Whole};
use super::{aim, cycle_of, possible};
use crate::live::ScorecardKey;
use crate::read_values::ReadValues;
use crate::selection::Selected;
use crate::trend::{Trend, last_of};
use crate::{AppError, Ctx};

/// Nobody looks further ahead than so many periods.
pub const AHEAD_MAX: usize = 12;
/// A series of which so many of the newest values are missing has no outlook.
const STALE_AFTER: usize = 3;
/// The probabilities of the ranges around what is expected.
const LEVELS: [f64; 3] = [0.50, 0.80, 0.95];

/// What is to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The periods after the one that is shown, the next one first; never empty.
    pub expected: Vec<Expected>,
    /// Whether the end of the planning year is further away than forecasts of these series can be trusted.
    pub is_cut: bool,
    /// The target of the last of them, where there is one.
    pub aimed: Option<Aimed>,
    /// How the longer period ends that the target is for, where it is for one: then that is what is to be reached.
    pub whole: Option<Whole>,
    /// How many points it is made of.
    pub points: usize,
    /// From how many series it is known how far off forecasts are.
    pub series: usize,
}

impl Outlook {
    /// What is to be reached, and by the end of which period: what the target is for, or else its value in the last period.
    #[must_use]
    pub fn goal(&self) -> Option<(Period, Aimed)> {
        let whole = self.whole.map(|whole| (whole.period, whole.aimed));
        whole.or_else(|| Some((self.expected.last()?.period, self.aimed?)))
    }
}

/// From least to greatest.
pub type Range = (f64, f64);

/// What is expected of a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The period.
    pub period: Period,
    /// The value that is as likely too high as too low.
    pub mean: f64,
    /// The ranges that hold the value in 50, 80 and 95 of 100 cases, as far as they are known.
    pub ranges: [Option<Range>; 3],
}

/// A target that is still to be reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aimed {
    /// The target.
    pub target: Edge,
    /// What meets it.
    pub aim: Aim,
    /// How likely it is met.
    pub chance: Chance,
}

/// Why nothing can be said of what is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoOutlook {
    /// The values cannot be forecast.
    NoForecast(NoForecast),
    /// The newest complete value is too old.
    Stale,
    /// What the newest value says rests on one that may be wrong.
    Doubtful,
    /// No series at the unit is long enough to tell how far off forecasts are.
    Uncalibrated,
    /// The calendar ends.
    NoTime,
    /// The unit or the measure ended before.
    Ended,
}

impl fmt::Display for NoOutlook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoOutlook::NoForecast(why) => why.fmt(formatter),
            NoOutlook::Stale => write!(formatter, "the newest complete value is too old"),
            NoOutlook::Doubtful => write!(
                formatter,
                "one value lies far from all others; once it is checked there can be a forecast"
            ),
            NoOutlook::Uncalibrated => write!(
                formatter,
                "no series here is long enough to tell how far off forecasts are"
            ),
            NoOutlook::NoTime => write!(formatter, "the calendar ends"),
            NoOutlook::Ended => write!(formatter, "the unit or the measure has ended"),
        }
    }
}

/// An outlook, or why there is none.
pub type Foresight = Result<Outlook, NoOutlook>;

/// The outlooks of measures with their trends, at what is meant. On a server each is made once, after the others who asked
/// before; `None` stands for one that is still being made when whoever asks waits no longer.
///
/// # Errors
/// If they cannot be evaluated, and that is known while whoever asks waits.
pub async fn outlooks(
    ctx: &Ctx,
    meant: &Selected,
    measures: &[(MeasureId, Arc<Trend>)],
) -> Result<Vec<Option<Arc<Foresight>>>, AppError> {
    let Some(snapshot) = ctx.snapshot() else {
        let maker = Maker::of(meant, Foreseen::new());
        let mut pools: Vec<(Frequency, Arc<Pool>)> = Vec::new();
        let mut made = Vec::with_capacity(measures.len());
        for (measure, trend) in measures {
            let frequency = maker.frequency(*measure);
            let known = pools.iter().find(|(of, _)| *of == frequency);
            let pool = match known {
                Some((_, pool)) => Arc::clone(pool),
                None => {
                    let pool = Arc::new(maker.pool(frequency, &mut ReadValues::default()));
                    pools.push((frequency, Arc::clone(&pool)));
                    pool
                }
            };
            made.push(Some(Arc::new(maker.outlook(*measure, trend, &pool))));
        }
        return Ok(made);
    };
    let snapshot = Arc::clone(snapshot);
    let remembered = |measure: &MeasureId| snapshot.outlook(meant, *measure);
    let missing: Vec<(MeasureId, Arc<Trend>)> = measures
        .iter()
        .filter(|(measure, _)| remembered(measure).is_none())
        .cloned()
        .collect();
    if !missing.is_empty() {
        let of_measures: Vec<MeasureId> = missing.iter().map(|(measure, _)| *measure).collect();
        let of = (ScorecardKey::of(meant), of_measures);
        let work = snapshot.make_outlooks(meant, missing);
        let beside = &snapshot.foreseen().beside;
        ctx.waiting().for_work(beside, of, work).await?;
    }
    let found = measures.iter().map(|(measure, _)| remembered(measure));
    let found: Vec<Option<Arc<Foresight>>> = found.collect();
    if found.iter().any(Option::is_none) {
        ctx.waiting().go_without();
    }
    Ok(found)
}

/// Makes outlooks of one place: a unit in a period, as it was known.
pub(crate) struct Maker {
    pub(super) view: View,
    pub(super) unit: UnitId,
    shown: Period,
    foreseen: Arc<Foreseen>,
}

impl Maker {
    pub(crate) fn of(meant: &Selected, foreseen: Arc<Foreseen>) -> Maker {
        Maker {
            view: meant.view(),
            unit: meant.unit,
            shown: meant.period,
            foreseen,
        }
    }

    /// The length of the periods in which a measure is forecast.
    pub(crate) fn frequency(&self, measure: MeasureId) -> Frequency {
        let own = self.view.plan.measures().get(measure);
        let own = own.map_or(Frequency::Month, |measure| measure.frequency);
        last_of(self.view.plan.calendar(), own, &self.shown).0
    }

    /// The place in time of the last period up to which is read, of one length: the one with which ends what is shown, or the
    /// last that is over while a longer one is shown and runs.
    fn last(&self, frequency: Frequency) -> i32 {
        let calendar = self.view.plan.calendar();
        let (_, last) = last_of(calendar, frequency, &self.shown);
        let first = calendar.index_of(frequency, self.shown.first);
        match first < last {
            true => last.min((self.running(frequency) - 1).max(first - 1)),
            false => last,
        }
    }

    /// The place in time of the period that runs.
    fn running(&self, frequency: Frequency) -> i32 {
        let calendar = self.view.plan.calendar();
        calendar.index_of(frequency, calendar.date_of(self.view.now))
    }

    /// What forecasts miss by, from what was read and what is read for it now.
    pub(crate) fn pool(&self, frequency: Frequency, read: &mut ReadValues) -> Pool {
        let (calendar, shown) = (self.view.plan.calendar(), self.shown);
        let last = self.last(frequency);
        // A last period that runs is forecast, too, before what is to come.
        let runs = usize::from(self.running(frequency) <= last);
        let wanted = match ahead(calendar, frequency, last) {
            0 => 0,
            wanted => wanted + runs,
        };
        Pool::of(
            &self.view,
            (self.unit, shown),
            frequency,
            wanted,
            (&self.foreseen, read),
        )
    }

    /// The outlook of a measure.
    pub(crate) fn outlook(&self, measure: MeasureId, trend: &Trend, pool: &Pool) -> Foresight {
        let Some(record) = self.view.plan.measures().get(measure) else {
            return Err(NoOutlook::NoForecast(NoForecast::TooFewPoints { have: 0 }));
        };
        let calendar = self.view.plan.calendar();
        let (frequency, end) = last_of(calendar, record.frequency, &self.shown);
        let last = self.last(frequency);
        let to_come = usize::try_from(end - last).unwrap_or(0);
        let values = &trend.values[..trend.values.len().saturating_sub(to_come)];
        // What is missing at the end is forecast, too, before what is to come.
        let behind = behind(values);
        let wanted = ahead(calendar, frequency, last);
        let unit = self.view.plan.units().get(self.unit);
        let ends = [unit.and_then(|unit| unit.to), record.to];
        let ends = ends.into_iter().flatten().min();
        let is_there =
            |by: &i32| ends.is_none_or(|end| calendar.period(frequency, last + by).first <= end);
        let there = (1..=wanted as i32).take_while(is_there).count();
        if wanted > 0 && there == 0 {
            return Err(NoOutlook::Ended);
        }
        if trend.rests_on().is_some() {
            return Err(NoOutlook::Doubtful);
        }
        let wanted = there;
        let steps = wanted.min(pool.horizon.saturating_sub(behind));
        let have = values.iter().flatten().count();
        if have < POINTS_MIN {
            return Err(NoOutlook::NoForecast(NoForecast::TooFewPoints { have }));
        }
        if is_stale(values) {
            return Err(NoOutlook::Stale);
        }
        let cycle = cycle_of(frequency);
        let forecast = self
            .foreseen
            .forecast(values, cycle, behind + steps.max(1))
            .map_err(NoOutlook::NoForecast)?;
        if steps == 0 {
            return Err(match wanted {
                0 => NoOutlook::NoTime,
                _ => NoOutlook::Uncalibrated,
            });
        }
        let (least, greatest) = possible(record, values);
        let ranges = LEVELS.map(|level| pool.calibration.intervals(&forecast, level));
        let expected = (0..steps).map(|step| Expected {
            period: calendar.period(frequency, last + 1 + step as i32),
            mean: forecast.mean[behind + step].clamp(least, greatest),
            ranges: [0, 1, 2].map(|level: usize| {
                let (low, high) = ranges[level][behind + step]?;
                Some((low.clamp(least, greatest), high.clamp(least, greatest)))
            }),
        });
        let expected: Vec<Expected> = expected.collect();
        let at = expected[steps - 1].period;
        let target = self.view.reading(measure, self.unit, at);
        let target = target.and_then(|reading| reading.target);
        let aimed = target.and_then(|target| {
            let aim = aim(record.better, target)?;
            let step = behind + steps - 1;
            let chance = pool.calibration.chance(&forecast, step, aim)?;
            Some(Aimed {
                target,
                aim,
                chance,
            })
        });
        let continued = Continued {
            frequency,
            values: &values[..values.len() - behind],
            last: last - behind as i32,
            forecast: &forecast,
            steps: behind + steps,
            possible: (least, greatest),
        };
        Ok(Outlook {
            expected,
            is_cut: steps < wanted,
            aimed,
            whole: self.whole(record, &continued, pool),
            points: forecast.points,
            series: pool.calibration.series(),
        })
    }
}

/// How many of the newest values are missing.
fn behind(values: &[Option<f64>]) -> usize {
    values.iter().rev().take_while(|one| one.is_none()).count()
}

/// Whether the newest complete value is too old for an outlook.
pub(super) fn is_stale(values: &[Option<f64>]) -> bool {
    behind(values) >= STALE_AFTER
}

/// How many periods there are to the end of the planning year: of the next one, where what is shown ends one.
fn ahead(calendar: &Calendar, frequency: Frequency, last: i32) -> usize {
    let known = calendar.index_range(frequency);
    if !known.contains(&(last + 1)) {
        return 0;
    }
    let next = calendar.period(frequency, last + 1);
    let year = calendar.containing(Frequency::FiscalYear, next.middle());
    let end = calendar.latest_ended_by(frequency, year.last);
    let ahead = usize::try_from(end - last).unwrap_or(1).max(1);
    ahead.min(AHEAD_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_looked_ahead_to_its_end() {
        let check = |starts: u8, frequency: Frequency, shown: &str, expected: usize| {
            let calendar = Calendar::new(
                starts,
                jiff::civil::Weekday::Monday,
                throughline_core::calendar::time_zone("UTC").unwrap(),
            )
            .unwrap();
            let shown = calendar.parse_period(shown).unwrap();
            let (_, last) = last_of(&calendar, frequency, &shown);
            assert_eq!(ahead(&calendar, frequency, last), expected, "{shown:?}");
        };
        check(1, Frequency::Month, "2013-06", 6);
        check(1, Frequency::Month, "2013-12", 12);
        check(4, Frequency::Month, "2013-12", 3);
        check(4, Frequency::Month, "2014-03", 12);
        check(1, Frequency::Quarter, "2013-Q1", 3);
        check(1, Frequency::Year, "2013", 1);
    }
}
