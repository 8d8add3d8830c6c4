//! The shapes of `signals` and `forecast`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use throughline_core::{Calendar, Period, UnitId};
use throughline_insight::sentences;
use throughline_insight::signals::Standing;
use throughline_model::records::{Measure, Note};
use throughline_model::{Entry, Kind, Model};

use super::scorecard::EdgeValue;
use crate::insight::{
    Aimed, Brought, Expected, Foresight, Insight, ReadInsights, Whole, outlook_in_words,
    signals_in_words, unusual_in_words, with_units_in_words,
};
use crate::trend::Trend;
use crate::words::names;

/// The answer of `signals`.
#[derive(Serialize, JsonSchema)]
pub struct SignalsAnswer {
    unit: String,
    period: String,
    known_at: String,
    measures: Vec<SignalLine>,
    left_out: usize,
}

/// The answer of `forecast`.
#[derive(Serialize, JsonSchema)]
pub struct ForecastAnswer {
    unit: String,
    period: String,
    known_at: String,
    measures: Vec<ForecastLine>,
    left_out: usize,
}

/// What the points of a measure say.
#[derive(Serialize, JsonSchema)]
pub struct SignalLine {
    key: String,
    /// `improving`, `worsening`, `moved`, `steady`, `too few points` or `one value to check`; nothing where the period has no value.
    signal: Option<&'static str>,
    /// The same in sentences, with the reason.
    says: Vec<String>,
    /// Whether what comes back each year was taken off.
    in_season: bool,
    /// How firm the limits are: `provisional`, `settling` or `locked`.
    limits: Option<&'static str>,
    points: Vec<PointLine>,
    shifts: Vec<ShiftLine>,
    /// What is noted on its chart, the oldest period first.
    notes: Vec<NoteLine>,
    /// The period since which the newest points probably are leaving their level, though none signals yet; nothing where they
    /// are not.
    changing_since: Option<String>,
    /// The first period of new limits, once a person has said why there are some; nothing where the points carry none.
    may_begin_anew: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct NoteLine {
    key: String,
    period: String,
    what: String,
    /// Whether it says that limits begin anew with the period.
    baseline: bool,
    /// Whether they do: the points carry it.
    in_effect: bool,
    /// The value of the period, where the note says that it is right although it lies far from all others.
    right: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
struct PointLine {
    period: String,
    value: Option<f64>,
    /// The natural limits of the period: the lower, the average, the upper.
    limits: Option<[f64; 3]>,
    signal: Option<&'static str>,
    /// The rules that the point meets.
    why: Vec<String>,
    /// `high for a July`, where the point is unusual for its season.
    unusual: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ShiftLine {
    /// The first period of the new level.
    period: String,
    before: f64,
    after: f64,
}

/// What is to come of a measure.
#[derive(Serialize, JsonSchema)]
pub struct ForecastLine {
    key: String,
    /// The same in sentences, or why there is no forecast.
    says: Vec<String>,
    expected: Vec<ExpectedLine>,
    /// The target of the last of them.
    target: Option<AimLine>,
    /// How the longer period ends that the target is for, as a year of which months are read; nothing where it is for none.
    whole: Option<WholeLine>,
    /// Why it deserves a second look although it is on track, in a sentence; told of one measure that is named.
    second_look: Option<String>,
    /// What is expected here and at the units right below, brought together so that it adds up; told where that was asked for.
    with_units: Option<WithUnitsLine>,
    /// How many points it is made of.
    points: usize,
    /// From how many series it is known how far off forecasts are.
    series: usize,
}

#[derive(Serialize, JsonSchema)]
struct ExpectedLine {
    period: String,
    value: f64,
    /// The ranges that hold the value in 50, 80 and 95 of 100 cases.
    in_50: Option<[f64; 2]>,
    in_80: Option<[f64; 2]>,
    in_95: Option<[f64; 2]>,
}

/// Forecasts of a unit and of those right below it.
#[derive(Serialize, JsonSchema)]
struct WithUnitsLine {
    /// How they were brought together, or why not, in a sentence.
    says: String,
    /// The unit itself and then those below; empty where they are not brought together.
    units: Vec<UnitAheadLine>,
}

/// What is expected of a unit, of each of the periods in `expected`.
#[derive(Serialize, JsonSchema)]
struct UnitAheadLine {
    unit: String,
    /// By itself.
    alone: Vec<f64>,
    /// So that all add up.
    together: Vec<f64>,
}

/// A longer period that a target is for.
#[derive(Serialize, JsonSchema)]
struct WholeLine {
    /// `sum` or `mean`: how its value comes from its parts.
    by: &'static str,
    /// That of the parts that are there; nothing before the first one is.
    so_far: Option<f64>,
    /// What is expected of all of it.
    expected: f64,
    /// The range that holds it in 80 of 100 cases.
    in_80: Option<[f64; 2]>,
    /// Its target.
    target: AimLine,
}

#[derive(Serialize, JsonSchema)]
struct AimLine {
    /// The period by which it is to be reached.
    period: String,
    value: EdgeValue,
    /// The chance in percent, rounded to 5; nothing where it is known from too few series for a number.
    percent: Option<u8>,
    /// `unlikely`, `even` or `likely`.
    chance: &'static str,
}

impl SignalsAnswer {
    /// The answer.
    #[must_use]
    pub fn of(read: &ReadInsights) -> SignalsAnswer {
        let model = &read.selected.model;
        let line = |one: &Insight| SignalLine::of(one, model, &read.selected.period);
        SignalsAnswer {
            unit: read.selected.unit_key(),
            period: read.selected.period_name(),
            known_at: read.selected.known_at.to_string(),
            measures: read.measures.iter().map(line).collect(),
            left_out: read.left_out,
        }
    }
}

impl ForecastAnswer {
    /// The answer.
    #[must_use]
    pub fn of(read: &ReadInsights) -> ForecastAnswer {
        let model = &read.selected.model;
        let line = |one: &Insight| ForecastLine {
            with_units: (one.with_units.as_deref())
                .map(|found| WithUnitsLine::of(found, model, read.selected.unit)),
            ..ForecastLine::of(one, model)
        };
        ForecastAnswer {
            unit: read.selected.unit_key(),
            period: read.selected.period_name(),
            known_at: read.selected.known_at.to_string(),
            measures: read.measures.iter().map(line).collect(),
            left_out: read.left_out,
        }
    }
}

fn key_of(one: &Insight, model: &Model) -> String {
    names::key(model, (Kind::Measure, one.measure.as_uuid()))
}

impl SignalLine {
    fn of(one: &Insight, model: &Model, shown: &Period) -> SignalLine {
        let (trend, calendar) = (&*one.trend, model.calendar());
        let measure = model.measures().get(one.measure);
        let says = measure.map(|measure| signals_in_words(trend, measure, calendar));
        let reading = trend.signals.reading.as_ref();
        let standing = reading.map(|reading| reading.current().limits.standing);
        let shifts = trend.signals.shifts.iter().filter_map(|shift| {
            let (period, _) = trend.readings.get(shift.index)?;
            Some(ShiftLine {
                period: calendar.name(period),
                before: shift.before,
                after: shift.after,
            })
        });
        SignalLine {
            key: key_of(one, model),
            signal: trend.verdict(shown).map(|verdict| verdict.words()),
            says: says.unwrap_or_default(),
            in_season: !trend.signals.season.is_empty(),
            limits: standing.map(|standing| match standing {
                Standing::Provisional => "provisional",
                Standing::Settling => "settling",
                Standing::Locked => "locked",
            }),
            points: points(trend, calendar),
            shifts: shifts.collect(),
            notes: notes(trend, calendar),
            changing_since: (trend.signals.leaving)
                .and_then(|found| trend.readings.get(found.start))
                .map(|(period, _)| calendar.name(period)),
            may_begin_anew: (trend.signals.offered)
                .and_then(|place| trend.readings.get(place))
                .map(|(period, _)| calendar.name(period)),
        }
    }
}

/// What is noted on the chart of a trend.
fn notes(trend: &Trend, calendar: &Calendar) -> Vec<NoteLine> {
    let line = |note: &Arc<Entry<Note>>| NoteLine {
        key: note.key.to_string(),
        period: calendar.name(&note.period),
        what: note.what.clone(),
        baseline: note.baseline,
        in_effect: trend.begins_anew_at(note),
        right: note.right,
    };
    trend.notes.iter().map(line).collect()
}

/// The points of a trend from its first value on.
fn points(trend: &Trend, calendar: &Calendar) -> Vec<PointLine> {
    let readings = trend.readings.iter().enumerate();
    let known = readings.skip_while(|(_, (_, reading))| reading.value.is_none());
    known
        .map(|(place, (period, reading))| {
            let mark = trend.signals.mark(place);
            let limits = trend.signals.limits(place);
            PointLine {
                period: calendar.name(period),
                value: reading.value,
                limits: limits.map(|limits| [limits.lower, limits.centre, limits.upper]),
                signal: mark.as_ref().map(|mark| mark.state.word()),
                why: mark.map_or_else(Vec::new, |mark| {
                    mark.signals.iter().map(sentences::why).collect()
                }),
                unusual: unusual_in_words(trend, place),
            }
        })
        .collect()
}

impl ForecastLine {
    fn of(one: &Insight, model: &Model) -> ForecastLine {
        let calendar = model.calendar();
        let measure = model.measures().get(one.measure);
        let foresight: Option<&Foresight> = one.foresight.as_deref();
        let outlook = foresight.and_then(|foresight| foresight.as_ref().ok());
        let says = |measure: &Measure| {
            foresight.map(|foresight| outlook_in_words(foresight, &one.trend, measure, calendar))
        };
        let says = measure.and_then(|measure| says(measure));
        let expected = outlook.map_or(&[][..], |outlook| &outlook.expected);
        ForecastLine {
            key: key_of(one, model),
            says: says.unwrap_or_default(),
            expected: expected
                .iter()
                .map(|expected| ExpectedLine::of(expected, calendar))
                .collect(),
            target: outlook.and_then(|outlook| {
                let (aimed, last) = (outlook.aimed?, outlook.expected.last()?);
                Some(AimLine::of(&aimed, &last.period, calendar))
            }),
            whole: (outlook.and_then(|outlook| outlook.whole.as_ref()))
                .map(|whole| WholeLine::of(whole, calendar)),
            second_look: one.second_look.clone(),
            with_units: None,
            points: outlook.map_or(0, |outlook| outlook.points),
            series: outlook.map_or(0, |outlook| outlook.series),
        }
    }
}

impl ExpectedLine {
    fn of(expected: &Expected, calendar: &Calendar) -> ExpectedLine {
        let range = |level: usize| expected.ranges[level].map(|(low, high)| [low, high]);
        ExpectedLine {
            period: calendar.name(&expected.period),
            value: expected.mean,
            in_50: range(0),
            in_80: range(1),
            in_95: range(2),
        }
    }
}

impl WithUnitsLine {
    fn of(found: &Brought, model: &Model, unit: UnitId) -> WithUnitsLine {
        let says = with_units_in_words(found, model, unit);
        let Ok(found) = found else {
            return WithUnitsLine {
                says,
                units: Vec::new(),
            };
        };
        let forecasts = &found.forecasts;
        let ahead = forecasts.alone.iter().zip(&forecasts.together);
        let units = std::iter::once(unit).chain(found.units.iter().copied());
        let line = |(unit, (alone, together)): (UnitId, (&Vec<f64>, &Vec<f64>))| UnitAheadLine {
            unit: names::key(model, (Kind::Unit, unit.as_uuid())),
            alone: alone.clone(),
            together: together.clone(),
        };
        WithUnitsLine {
            says,
            units: units.zip(ahead).map(line).collect(),
        }
    }
}

impl WholeLine {
    fn of(whole: &Whole, calendar: &Calendar) -> WholeLine {
        WholeLine {
            by: if whole.is_sum { "sum" } else { "mean" },
            so_far: whole.so_far,
            expected: whole.expected,
            in_80: whole.range.map(|(low, high)| [low, high]),
            target: AimLine::of(&whole.aimed, &whole.period, calendar),
        }
    }
}

impl AimLine {
    fn of(aimed: &Aimed, period: &Period, calendar: &Calendar) -> AimLine {
        AimLine {
            period: calendar.name(period),
            value: aimed.target.into(),
            percent: aimed.chance.percent(),
            chance: aimed.chance.word().word(),
        }
    }
}
