//! How a measure came to where it is: its readings in the periods up to the one that is shown, and what they say.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{MeasureReading, ReadingFinding, View};
use throughline_insight::Better;
use throughline_insight::signals::NoBaseline;
use throughline_model::Entry;
use throughline_model::records::{Measure, Note};

use crate::insight::{
    Limits, Signals, Stated, Verdict, better, cycle_of, is_that, place_of, possible,
    said_to_be_right, stated,
};
use crate::live::ScorecardKey;
use crate::policy::{Object, ReadReadings};
use crate::selection::Selected;
use crate::{AppError, Ctx};

/// How many periods a trend has.
pub const TREND_PERIODS: i32 = 36;
/// How many periods before these are looked at for what comes back each year, and for where it goes: with them there are
/// five years of months.
const EARLIER_PERIODS: i32 = 24;
/// Of how much that is owed a period has to have, where values are added up, to say whether they changed.
const COMPLETE_ENOUGH: f64 = 0.8;

/// The readings of a measure at a unit, the oldest first; the last is of the period that is shown, or its last part.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trend {
    /// All values up to the period that is shown, the oldest first, with those from before the readings; without what a
    /// period has so far that is not over.
    pub values: Vec<Option<f64>>,
    /// Each period, as it was asked for, with its reading.
    pub readings: Vec<(Period, MeasureReading)>,
    /// What its points say.
    pub signals: Signals,
    /// What somebody noted, the oldest period first; also of periods before and after the readings.
    pub notes: Vec<Arc<Entry<Note>>>,
    /// What notes say of its points.
    stated: Stated,
    /// The periods of the notes with which they do.
    in_effect: Vec<Period>,
    /// The first and the last day of all values.
    days: Option<(Date, Date)>,
}

/// A trend that was made before, and the day before which a period has to end for what it says of it to hold still.
pub(crate) type Before = (Arc<Trend>, Date);

/// The periods of a trend and those before it, and what is known of the first of them.
struct Asked {
    periods: Vec<Period>,
    /// How many of them are before the trend.
    earlier: usize,
    /// Of how many of the first it is known what is said.
    known: usize,
    before: Arc<Trend>,
}

impl Asked {
    fn of(periods: Vec<Period>, before: Option<Before>) -> Asked {
        let earlier = periods.len() - periods.len().min(TREND_PERIODS as usize);
        let same = before.filter(|(trend, _)| trend.values.len() == periods.len());
        let known = same.as_ref().map_or(0, |(_, day)| {
            let before = periods.iter().take_while(|period| period.last < *day);
            before.count()
        });
        Asked {
            periods,
            earlier,
            known,
            before: same.map(|(trend, _)| trend).unwrap_or_default(),
        }
    }

    /// The periods before the trend of which the value is to be read.
    fn values(&self) -> Vec<Period> {
        self.periods[self.known.min(self.earlier)..self.earlier].to_vec()
    }

    /// The periods of the trend that are to be read.
    fn readings(&self) -> Vec<Period> {
        self.periods[self.known.max(self.earlier)..].to_vec()
    }

    /// The trend, with the values and readings that were read.
    fn trend(
        self,
        measure: &Measure,
        (values, readings): (Vec<Option<f64>>, Vec<MeasureReading>),
        notes: &[Arc<Entry<Note>>],
    ) -> Trend {
        let known = &self.before.values[..self.known.min(self.earlier)];
        let values = known.iter().copied().chain(values).collect();
        let known = &self.before.readings[..self.known.saturating_sub(self.earlier)];
        let known = known.iter().map(|(_, reading)| reading.clone());
        let readings = known.chain(readings).collect();
        Trend::made(measure, self.periods, values, readings, notes)
    }
}

/// The trends of measures at what is meant.
///
/// # Errors
/// If the actor may not read there, or they cannot be evaluated.
pub async fn trends(
    ctx: &Ctx,
    meant: &Selected,
    measures: &[MeasureId],
) -> Result<Vec<Arc<Trend>>, AppError> {
    ctx.authorize::<ReadReadings>(Object::Unit(meant.unit))
        .await?;
    match ctx.snapshot() {
        Some(snapshot) => snapshot.trends(meant, measures).await,
        None => Ok(Trend::of(&meant.view(), measures, meant.unit, meant.period)),
    }
}

/// The trends of measures at what is meant that are known already; `None` where one of them is not, which is then not
/// evaluated either.
///
/// # Errors
/// If the actor may not read there.
pub async fn trends_known(
    ctx: &Ctx,
    meant: &Selected,
    measures: impl Iterator<Item = MeasureId>,
) -> Result<Option<Vec<Arc<Trend>>>, AppError> {
    ctx.authorize::<ReadReadings>(Object::Unit(meant.unit))
        .await?;
    let Some(snapshot) = ctx.snapshot() else {
        return Ok(None);
    };
    Ok(measures
        .map(|measure| snapshot.trend(meant, measure))
        .collect())
}

/// The trends of measures at what is meant; `None` stands for one that is still being evaluated when whoever asks waits no
/// longer.
///
/// # Errors
/// As of [`trends`], where that is known while whoever asks waits.
pub async fn trends_so_far(
    ctx: &Ctx,
    meant: &Selected,
    measures: &[MeasureId],
) -> Result<Vec<Option<Arc<Trend>>>, AppError> {
    let Some(snapshot) = ctx.snapshot() else {
        let trends = trends(ctx, meant, measures).await?;
        return Ok(trends.into_iter().map(Some).collect());
    };
    ctx.authorize::<ReadReadings>(Object::Unit(meant.unit))
        .await?;
    let known = |measure: &MeasureId| snapshot.trend(meant, *measure);
    let missing = measures.iter().filter(|measure| known(measure).is_none());
    let missing: Vec<MeasureId> = missing.copied().collect();
    if !missing.is_empty() {
        let of = (ScorecardKey::of(meant), missing.clone());
        let work = snapshot.make_trends(meant, missing);
        let beside = &snapshot.foreseen().trends;
        ctx.waiting().for_work(beside, of, work).await?;
    }
    let found: Vec<Option<Arc<Trend>>> = measures.iter().map(known).collect();
    if found.iter().any(Option::is_none) {
        ctx.waiting().go_without();
    }
    Ok(found)
}

/// The trends of a measure at other units in the period that is meant, in their order; `None` as of [`trends_so_far`], and
/// where the actor may not read.
///
/// # Errors
/// If they cannot be evaluated, and that is known while whoever asks waits.
pub async fn trends_at(
    ctx: &Ctx,
    meant: &Selected,
    measure: MeasureId,
    units: &[UnitId],
) -> Result<Vec<Option<Arc<Trend>>>, AppError> {
    ctx.authorize::<ReadReadings>(Object::Unit(meant.unit))
        .await?;
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let Some(snapshot) = ctx.snapshot() else {
        let view = meant.view();
        let at = |unit: UnitId| Trend::of(&view, &[measure], unit, meant.period).pop();
        let read = units.iter().map(|unit| may_read(*unit).then(|| at(*unit)));
        return Ok(read.map(Option::flatten).collect());
    };
    let known = |unit: &UnitId| snapshot.trend_at(meant, measure, *unit);
    let readable = || units.iter().filter(|unit| may_read(**unit));
    let missing = readable().filter(|unit| known(unit).is_none());
    let missing: Vec<UnitId> = missing.copied().collect();
    if !missing.is_empty() {
        let of = (ScorecardKey::of(meant), measure, missing.clone());
        let work = snapshot.make_trends_at(meant, measure, missing);
        let beside = &snapshot.foreseen().trends;
        ctx.waiting().for_work(beside, of, work).await?;
    }
    if readable().any(|unit| known(unit).is_none()) {
        ctx.waiting().go_without();
    }
    let found = units
        .iter()
        .map(|unit| known(unit).filter(|_| may_read(*unit)));
    Ok(found.collect())
}

impl Trend {
    pub(crate) fn of(
        view: &View,
        measures: &[MeasureId],
        unit: UnitId,
        shown: Period,
    ) -> Vec<Arc<Trend>> {
        Trend::after(view, measures, (unit, shown), |_| None)
    }

    /// The trends of measures, each from one that was made before where there is one: what it says of periods that end before a day
    /// is what it was, and is not read again.
    pub(crate) fn after(
        view: &View,
        measures: &[MeasureId],
        (unit, shown): (UnitId, Period),
        before: impl Fn(MeasureId) -> Option<Before>,
    ) -> Vec<Arc<Trend>> {
        let calendar = view.plan.calendar();
        let asked = |measure: &Entry<Measure>| {
            let periods = periods(calendar, measure.frequency, &shown);
            Asked::of(periods, before(measure.id()))
        };
        let values = view.values(measures, unit, |measure| asked(measure).values());
        let readings = view.trends(measures, unit, |measure| asked(measure).readings());
        let read = values.into_iter().zip(readings);
        let trend = |(id, read): (&MeasureId, _)| match view.plan.measures().get(*id) {
            Some(measure) => {
                let notes = view.plan.index().notes(*id, unit);
                Arc::new(asked(measure).trend(measure, read, notes))
            }
            None => Arc::default(),
        };
        measures.iter().zip(read).map(trend).collect()
    }

    /// The trend of readings, with the values from before it.
    fn made(
        measure: &Measure,
        periods: Vec<Period>,
        mut values: Vec<Option<f64>>,
        readings: Vec<MeasureReading>,
        notes: &[Arc<Entry<Note>>],
    ) -> Trend {
        values.extend(readings.iter().map(value_of));
        let shown = readings.len();
        let cycle = periods.first().map_or(1, |one| cycle_of(one.frequency));
        let better = better(measure.better, readings.last());
        let noted = || notes.iter().map(|note| &**note);
        let before = values.len() - shown;
        let stated = Stated {
            baselines: stated(noted(), &periods),
            right: said_to_be_right(noted(), &periods[before..], &values[before..]),
        };
        let signals = Signals::of(&values, shown, cycle, better, &stated);
        let signals = signals.within(possible(measure, &values));
        let in_effect = notes.iter().filter(|note| {
            let place = place_of(&note.period, &periods);
            note.baseline && place.is_some_and(|place| signals.in_effect.contains(&place))
        });
        let in_effect = in_effect.map(|note| note.period).collect();
        let days = periods.first().zip(periods.last());
        let days = days.map(|(first, last)| (first.first, last.last));
        let readings = periods.into_iter().skip(before).zip(readings);
        Trend {
            in_effect,
            days,
            readings: readings.collect(),
            values,
            signals,
            notes: notes.to_vec(),
            stated,
        }
    }

    /// The trend of a measure at a unit in periods of any length, up to one of them.
    pub(crate) fn until(
        view: &View,
        measure: MeasureId,
        unit: UnitId,
        (frequency, last): (Frequency, i32),
    ) -> Trend {
        let Some(record) = view.plan.measures().get(measure) else {
            return Trend::default();
        };
        let asked = Asked::of(until(view.plan.calendar(), frequency, last), None);
        let values = view.values(&[measure], unit, |_| asked.values());
        let readings = view.trends(&[measure], unit, |_| asked.readings());
        let read = (values.concat(), readings.concat());
        let notes = view.plan.index().notes(measure, unit);
        asked.trend(record, read, notes)
    }

    /// Within which limits the last point would be routine, told by those before it; none where they are too few.
    pub(crate) fn limits_before_last(&self) -> Option<Limits> {
        let (_, earlier) = self.values.split_last()?;
        let (last, _) = self.readings.last()?;
        let (shown, cycle) = (
            earlier.len().min(TREND_PERIODS as usize),
            cycle_of(last.frequency),
        );
        let stated = self.stated.baselines.iter().copied();
        let stated: Vec<usize> = stated.filter(|place| *place < earlier.len()).collect();
        let signals = Signals::at_face_value(earlier, shown, cycle, Better::Higher, &stated);
        let signals = signals.within(self.signals.possible());
        // The same time of the year before has the season of the last point.
        let back = if signals.season.is_empty() { 1 } else { cycle };
        signals.limits(shown.checked_sub(back)?)
    }

    /// The period and the value that is to be checked before anything is said to have changed: see [`Signals::doubt`].
    #[must_use]
    pub fn rests_on(&self) -> Option<(Period, f64)> {
        let (period, reading) = self.readings.get(self.signals.doubt?)?;
        Some((*period, reading.value?))
    }

    /// Where a note stands among the readings.
    #[must_use]
    pub fn place_of(&self, note: &Note) -> Option<usize> {
        let periods: Vec<Period> = self.readings.iter().map(|(period, _)| *period).collect();
        place_of(&note.period, &periods)
    }

    /// Whether limits begin anew with a note.
    #[must_use]
    pub fn begins_anew_at(&self, note: &Note) -> bool {
        note.baseline && self.in_effect.contains(&note.period)
    }

    /// Whether the values of the period of a note are among those that limits are made of.
    #[must_use]
    pub fn reads(&self, note: &Note) -> bool {
        let middle = note.period.middle();
        self.days
            .is_some_and(|(first, last)| (first..=last).contains(&middle))
    }

    /// Whether limits may begin anew with a period of the readings.
    ///
    /// # Errors
    /// Why not; nothing where the trend does not have the period.
    pub(crate) fn bears(&self, period: &Period) -> Result<(), Option<NoBaseline>> {
        let periods: Vec<Period> = self.readings.iter().map(|(period, _)| *period).collect();
        let place = place_of(period, &periods).ok_or(None)?;
        let cycle = periods.first().map_or(1, |one| cycle_of(one.frequency));
        let place = self.values.len() - periods.len() + place;
        Signals::bear(&self.values, cycle, &self.stated.baselines, place).map_err(Some)
    }

    /// The period nearest to one with which limits may begin anew, where there is any.
    pub(crate) fn nearest_that_bears(&self, period: &Period) -> Option<Period> {
        let periods = self.readings.iter().map(|(period, _)| *period);
        let mut periods: Vec<Period> = periods.collect();
        let away = |one: &Period| (one.middle() - period.middle()).get_days().abs();
        periods.sort_by_key(away);
        periods.into_iter().find(|one| self.bears(one).is_ok())
    }

    /// Whether a note says of the value of its period that it is right, and that value stands.
    #[must_use]
    pub fn is_right_by(&self, note: &Note) -> bool {
        let value = |place: usize| self.readings.get(place)?.1.value;
        let place = self.place_of(note);
        let place = place.filter(|place| self.stated.right.contains(place));
        match (note.right, place.and_then(value)) {
            (Some(right), Some(value)) => is_that(value, right),
            _ => false,
        }
    }

    /// What is said of a period that is shown. Nothing where an earlier point would speak for it: neither where the newest
    /// is missing, nor where it is of a period of the measure that ended before.
    #[must_use]
    pub fn verdict(&self, shown: &Period) -> Option<Verdict> {
        let (last, reading) = self.readings.last()?;
        reading.value?;
        if last.last < shown.first {
            return None;
        }
        let Some(said) = &self.signals.reading else {
            return Some(Verdict::TooFew);
        };
        let verdict = match self.signals.doubt {
            Some(_) => Verdict::Doubtful,
            None => Verdict::Of(said.state),
        };
        (said.newest + 1 == self.readings.len()).then_some(verdict)
    }
}

/// The values of measures at a unit in the periods of a trend and before it, the oldest first, but for so many of the first of
/// each as are known.
pub(crate) fn values_of(
    view: &View,
    (measures, known): (&[MeasureId], &dyn Fn(MeasureId) -> usize),
    unit: UnitId,
    shown: Period,
) -> Vec<Vec<Option<f64>>> {
    let calendar = view.plan.calendar();
    let asked = |measure: &Entry<Measure>| {
        let mut asked = periods(calendar, measure.frequency, &shown);
        asked.drain(..known(measure.id()).min(asked.len()));
        asked
    };
    view.values(measures, unit, asked)
}

/// The first day of the periods of a trend and those before it, by the length of those that it has.
pub(crate) fn first_day(calendar: &Calendar, frequency: Frequency, shown: &Period) -> Date {
    let first = periods(calendar, frequency, shown).into_iter().next();
    first.map_or(shown.first, |first| first.first)
}

/// The value of a period for comparisons: what it has so far says nothing before it is over and all of it counts, and what was
/// added up says nothing of which too much is missing.
fn value_of(reading: &MeasureReading) -> Option<f64> {
    let is_added_up = reading.findings.contains(&ReadingFinding::Partial);
    let is_short = |there: f64| is_added_up && there < COMPLETE_ENOUGH;
    let is_whole = reading.is_over && !reading.completeness.is_some_and(is_short);
    reading.value.filter(|_| is_whole)
}

/// The periods of a trend and those before it; the last ends with what is shown.
fn periods(calendar: &Calendar, own: Frequency, shown: &Period) -> Vec<Period> {
    let (frequency, last) = last_of(calendar, own, shown);
    until(calendar, frequency, last)
}

/// The periods of a trend up to one of them; those before it only where a year has several, and so may have a season.
fn until(calendar: &Calendar, frequency: Frequency, last: i32) -> Vec<Period> {
    let known = calendar.index_range(frequency);
    let earlier = if cycle_of(frequency) > 1 {
        EARLIER_PERIODS
    } else {
        0
    };
    ((last - TREND_PERIODS - earlier + 1)..=last)
        .filter(|index| known.contains(index))
        .map(|index| calendar.period(frequency, index))
        .collect()
}

/// The length of the periods of a trend, months or the measure's own where they are longer, and the place of the last,
/// which ends with what is shown.
pub(crate) fn last_of(calendar: &Calendar, own: Frequency, shown: &Period) -> (Frequency, i32) {
    let frequency = if own.is_finer_than(Frequency::Month) {
        Frequency::Month
    } else {
        own
    };
    (frequency, calendar.latest_ended_by(frequency, shown.last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_ends_with_what_is_shown() {
        let calendar = Calendar::default();
        let check = |own: Frequency, shown: &str, first: &str, last: &str| {
            let periods = periods(&calendar, own, &calendar.parse_period(shown).unwrap());
            assert_eq!(periods.len(), 60, "{shown}");
            assert_eq!(calendar.name(&periods[0]), first, "{shown}");
            assert_eq!(calendar.name(periods.last().unwrap()), last, "{shown}");
        };
        check(Frequency::Week, "2013-06", "2008-07", "2013-06");
        check(Frequency::Month, "2013-Q2", "2008-07", "2013-06");
        check(Frequency::Quarter, "2013", "1999-Q1", "2013-Q4");
    }
}
