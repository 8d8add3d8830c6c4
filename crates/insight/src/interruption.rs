//! What did it do: one series in which something began, against what it would have been without (interrupted series).
//!
//! A level that wanders, a season and what else is known of move the series before as after; from the first point on at which
//! something was there, a step comes on top (Harvey and Durbin 1986; Durbin and Koopman 2012, chapter 8). The variances are
//! those under which the series is most likely. A series alone cannot tell a cause from what happened at the same time, nor
//! chance from what it does every few years; so the same step is looked for at every date before, at which nothing began
//! (placebos), and an effect that stands out of them by no more than chance would is not told. What ranks it among them is the
//! structure of the past alone: one that is fitted to a step, too, would find that step clearer than all others.

#[cfg(test)]
mod seat_belts;
mod structure;

use std::fmt;

use crate::distribution::t_quantile;
use crate::points::{self, Unreadable};
use structure::{Brought, Columns, Structure};

/// The longest series that is read.
pub const POINTS_MAX: usize = 600;
/// The longest cycle, in periods.
pub const PERIOD_MAX: usize = 24;
/// The most series of what else moves it.
pub const CONTROLS_MAX: usize = 10;
/// Fewer points after the interruption tell nothing, nor after a placebo.
pub const AFTER_MIN: usize = 6;
/// The fewest placebos that can tell: one in twenty is as much as chance may give.
pub const PLACEBOS_MIN: usize = 19;
/// Fewer points before a placebo, or fewer than two cycles, tell nothing.
const BEFORE_MIN: usize = 12;
/// A larger share of dates, the interruption among them, with a step as clear, is a weak rank.
pub(crate) const WEAK: f64 = 0.05;
/// The share of points that may be missing.
const MISSING_MAX: f64 = 0.1;

/// In what an effect is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In units of the series.
    Amount,
    /// As a share of what would have been; all values are above 0.
    Share,
}

/// A series in which something began.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted<'a> {
    /// The values, oldest first, `None` where one is missing.
    pub values: &'a [Option<f64>],
    /// The place of the first one at which it was there.
    pub began: usize,
    /// The length of the season's cycle; 1 without.
    pub period: usize,
    /// What else moves the series, over the same places; where one is missing the value is as if it were.
    pub controls: &'a [&'a [Option<f64>]],
    /// In what the effect is told.
    pub form: Form,
}

/// What something did that began.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// In what it is told.
    pub form: Form,
    /// Where it began.
    pub began: usize,
    /// How many points there are before, and from then on.
    pub before: usize,
    /// See `before`.
    pub after: usize,
    /// The step, in units of the series; of shares its logarithm (see [`Effect::told`]).
    pub step: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The standard error if the level moves as much as it may; that of the interval.
    pub widened_error: f64,
    /// The degrees of freedom of the error.
    pub freedom: f64,
    /// How clear the step is, in standard errors, by the structure of the past: that of the placebos, among which it is ranked.
    pub clear: f64,
    /// The same step at dates before, at which nothing began.
    pub placebos: Vec<Placebo>,
}

/// The step at a date at which nothing began.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placebo {
    /// The date.
    pub began: usize,
    /// The step as if something had begun there.
    pub step: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The rank of an effect among placebos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// At so many dates a step is as clear or clearer, in standard errors.
    pub as_clear: usize,
    /// Of so many.
    pub of: usize,
}

impl Rank {
    /// How probable so high a rank is if the interruption is a date like all others. All are ranked by the one structure that the
    /// past has without any step; the interruption alone is looked at with what came after it, too.
    pub fn probability(self) -> f64 {
        (self.as_clear + 1) as f64 / (self.of + 1) as f64
    }
}

/// Why no effect is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEffect {
    /// A cycle of 0 or more than [`PERIOD_MAX`], or controls that are too many or not over the same places.
    Shape,
    /// More points than are read.
    TooManyPoints {
        /// How many there are.
        have: usize,
    },
    /// A value is not a finite number.
    NotFinite {
        /// Its place.
        index: usize,
    },
    /// A value is not above 0, so that nothing is a share of it.
    NotPositive {
        /// Its place.
        index: usize,
    },
    /// Too few points before the interruption.
    TooFewBefore {
        /// How many there are.
        have: usize,
        /// How many it needs.
        need: usize,
    },
    /// Too few points from the interruption on.
    TooFewAfter {
        /// How many there are.
        have: usize,
    },
    /// More than a tenth of the points is missing.
    Missing {
        /// How many are.
        missing: usize,
    },
    /// A time of the cycle that never has a value before the interruption, so that nobody knows how it differs from the others.
    NeverThere {
        /// Its place in the cycle, from 0.
        time: usize,
        /// The length of the cycle.
        period: usize,
    },
    /// The values do not vary, or what else moves them says all of them or when it began.
    Unfit,
    /// At other dates, at which nothing began, there are steps as clear.
    WeakRank(Rank),
}

impl fmt::Display for NoEffect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoEffect::Shape => write!(
                formatter,
                "cycles are of 1 to {PERIOD_MAX} periods, and at most {CONTROLS_MAX} controls have the periods of the series"
            ),
            NoEffect::TooManyPoints { have } => write!(
                formatter,
                "too many points: {have}; at most {POINTS_MAX} are read"
            ),
            NoEffect::NotFinite { index } => {
                write!(formatter, "the value at place {index} is not a number")
            }
            NoEffect::NotPositive { index } => {
                write!(formatter, "the value at place {index} is not above 0")
            }
            NoEffect::TooFewBefore { have, need } => {
                write!(
                    formatter,
                    "too few points before it began: {have} of {need}"
                )
            }
            NoEffect::TooFewAfter { have } => {
                write!(
                    formatter,
                    "too few points since it began: {have} of {AFTER_MIN}"
                )
            }
            NoEffect::Missing { missing } => {
                write!(formatter, "too many points are missing: {missing}")
            }
            NoEffect::NeverThere { time, period } => write!(
                formatter,
                "no value is known at place {time} of the cycle of {period} before the change, so that its season is not known"
            ),
            NoEffect::Unfit => write!(
                formatter,
                "the values hardly vary, or what else is known tells all of them"
            ),
            NoEffect::WeakRank(rank) => write!(
                formatter,
                "at {} of {} dates before, when nothing began, a change was as clear",
                rank.as_clear, rank.of
            ),
        }
    }
}

impl std::error::Error for NoEffect {}

impl Effect {
    /// The effect as it is told: in units of the series, or as a share of what would have been (-0.21 is 21 % less).
    pub fn told(&self) -> f64 {
        self.form.told(self.step)
    }

    /// The 95 % interval of it.
    pub fn interval(&self) -> (f64, f64) {
        let reach = t_quantile(0.975, self.freedom) * self.widened_error;
        let (low, high) = (self.step - reach, self.step + reach);
        (self.form.told(low), self.form.told(high))
    }

    /// Whether the interval leaves no doubt of the direction.
    pub fn is_shown(&self) -> bool {
        let (low, high) = self.interval();
        low > 0.0 || high < 0.0
    }

    /// Its rank among placebos.
    pub fn rank(&self) -> Rank {
        let clear = |placebo: &&Placebo| (placebo.step / placebo.standard_error).abs();
        let placebos = self.placebos.iter();
        let as_clear = placebos.filter(|placebo| clear(placebo) >= self.clear);
        Rank {
            as_clear: as_clear.count(),
            of: self.placebos.len(),
        }
    }
}

impl Form {
    fn told(self, step: f64) -> f64 {
        match self {
            Form::Amount => step,
            Form::Share => step.exp_m1(),
        }
    }
}

/// What something did that began. Where the interval is clear of 0 and the rank among placebos is weak, there is no effect but that
/// reason; where the interval is not clear, the effect is there and [not shown](Effect::is_shown).
pub fn effect(series: &Interrupted<'_>) -> Result<Effect, NoEffect> {
    let found = estimate(series)?;
    let rank = found.rank();
    if found.is_shown() && rank.probability() > WEAK {
        return Err(NoEffect::WeakRank(rank));
    }
    Ok(found)
}

/// The fewest points before an interruption, by the length of the cycle: with these there are [`PLACEBOS_MIN`] placebos.
pub fn before_min(period: usize) -> usize {
    BEFORE_MIN.max(2 * period) + AFTER_MIN + PLACEBOS_MIN - 1
}

/// The effect, whatever its rank.
fn estimate(series: &Interrupted<'_>) -> Result<Effect, NoEffect> {
    let values = readable(series)?;
    let count = |values: &[Option<f64>]| values.iter().flatten().count();
    let (before, after) = (
        count(&values[..series.began]),
        count(&values[series.began..]),
    );
    let controls = |end: usize| -> Vec<Vec<f64>> {
        let known = series.controls.iter().map(|control| &control[..end]);
        known
            .map(|control| control.iter().map(|cell| cell.unwrap_or(0.0)).collect())
            .collect()
    };
    let mut whole = Columns {
        known: controls(values.len()),
        values,
    };
    whole.known.push(step(series.began, whole.values.len()));
    let structure = Structure::fitted(series.period, &whole).ok_or(NoEffect::Unfit)?;
    let found = structure.each(&whole, 1).pop().flatten();
    let restless = structure
        .restless(&whole)
        .and_then(|structure| structure.each(&whole, 1).pop())
        .flatten();
    let widened_error = restless.ok_or(NoEffect::Unfit)?.standard_error;
    let Brought {
        effect,
        standard_error,
        freedom,
    } = found.ok_or(NoEffect::Unfit)?;
    let past = Columns {
        known: controls(series.began),
        values: whole.values[..series.began].to_vec(),
    };
    let of_past = Structure::fitted(series.period, &past).ok_or(NoEffect::Unfit)?;
    let by_past = of_past.each(&whole, 1).pop().flatten();
    let by_past = by_past.ok_or(NoEffect::Unfit)?;
    Ok(Effect {
        form: series.form,
        began: series.began,
        before,
        after,
        step: effect,
        standard_error,
        widened_error: widened_error.max(standard_error),
        freedom,
        clear: (by_past.effect / by_past.standard_error).abs(),
        placebos: placebos(past, of_past)?,
    })
}

/// The steps at all dates of a past in which nothing began, by the one structure of that past. A date without a value is none: the
/// step at it and that at the next one are the same.
fn placebos(mut past: Columns, structure: Structure) -> Result<Vec<Placebo>, NoEffect> {
    let end = past.values.len();
    let before_min = BEFORE_MIN.max(2 * structure.period);
    let places = past.values.iter().enumerate();
    let known: Vec<usize> = places
        .filter_map(|(place, value)| value.map(|_| place))
        .collect();
    let last = (known.len() + 1).saturating_sub(AFTER_MIN);
    let dates = known.get(before_min..last).unwrap_or_default().to_vec();
    past.known.extend(dates.iter().map(|date| step(*date, end)));
    let found = structure.each(&past, dates.len());
    let placebos: Vec<Placebo> = dates
        .into_iter()
        .zip(found)
        .filter_map(|(began, found)| {
            let Brought {
                effect,
                standard_error,
                ..
            } = found?;
            Some(Placebo {
                began,
                step: effect,
                standard_error,
            })
        })
        .collect();
    if placebos.len() < PLACEBOS_MIN {
        return Err(NoEffect::Unfit);
    }
    Ok(placebos)
}

/// Nothing before a date, and one from then on.
fn step(date: usize, end: usize) -> Vec<f64> {
    (0..end)
        .map(|place| f64::from(u8::from(place >= date)))
        .collect()
}

/// The values in the form in which steps add up, without those that lack a control; if they are enough.
fn readable(series: &Interrupted<'_>) -> Result<Vec<Option<f64>>, NoEffect> {
    let have = series.values.len();
    let is_even = series.controls.iter().all(|control| control.len() == have);
    if !(1..=PERIOD_MAX).contains(&series.period)
        || series.controls.len() > CONTROLS_MAX
        || !is_even
    {
        return Err(NoEffect::Shape);
    }
    if have > POINTS_MAX {
        return Err(NoEffect::TooManyPoints { have });
    }
    for values in [series.values].iter().chain(series.controls) {
        points::present(values).map_err(|unreadable| match unreadable {
            Unreadable::TooMany { have } => NoEffect::TooManyPoints { have },
            Unreadable::NotFinite { index } => NoEffect::NotFinite { index },
        })?;
    }
    let is_known = |index: usize| {
        series
            .controls
            .iter()
            .all(|control| control[index].is_some())
    };
    let mut values = Vec::with_capacity(have);
    for (index, value) in series.values.iter().enumerate() {
        let value = value.filter(|_| is_known(index));
        values.push(match series.form {
            Form::Share if value.is_some_and(|value| value <= 0.0) => {
                return Err(NoEffect::NotPositive { index });
            }
            Form::Share => value.map(f64::ln),
            Form::Amount => value,
        });
    }
    let (before, after) = values.split_at(series.began.min(have));
    let count = |values: &[Option<f64>]| values.iter().flatten().count();
    let need = before_min(series.period);
    if count(before) < need {
        let have = count(before);
        return Err(NoEffect::TooFewBefore { have, need });
    }
    if count(after) < AFTER_MIN {
        let have = count(after);
        return Err(NoEffect::TooFewAfter { have });
    }
    let first = values.iter().position(Option::is_some).unwrap_or(0);
    let last = values.iter().rposition(Option::is_some).unwrap_or(0);
    let missing = values[first..=last]
        .iter()
        .filter(|value| value.is_none())
        .count();
    if missing as f64 > MISSING_MAX * (last + 1 - first) as f64 {
        return Err(NoEffect::Missing { missing });
    }
    let period = series.period;
    let is_there = |time: &usize| {
        let mut of_time = values[..series.began].iter().skip(*time).step_by(period);
        of_time.any(Option::is_some)
    };
    match (0..period).find(|time| !is_there(time)) {
        Some(time) => Err(NoEffect::NeverThere { time, period }),
        None => Ok(values),
    }
}
