//! How a measure came to where it is: its readings in the periods up to the one that is shown.

use std::sync::Arc;

use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{MeasureReading, View};
use throughline_model::records::Measure;

use crate::policy::{Object, ReadReadings};
use crate::selection::Selected;
use crate::{AppError, Ctx};

/// How many periods a trend has.
pub const TREND_PERIODS: i32 = 24;

/// The readings of a measure at a unit, the oldest first; the last is of the period that is shown, or its last part.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trend {
    /// Each period, as it was asked for, with its reading.
    pub readings: Vec<(Period, MeasureReading)>,
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

impl Trend {
    pub(crate) fn of(
        view: &View,
        measures: &[MeasureId],
        unit: UnitId,
        shown: Period,
    ) -> Vec<Arc<Trend>> {
        let calendar = view.plan.calendar();
        let asked = |measure: &Measure| periods(calendar, measure.frequency, &shown);
        let readings = view.trends(measures, unit, asked);
        measures
            .iter()
            .zip(readings)
            .map(|(id, readings)| {
                let measure = view.plan.measures().get(*id);
                let periods = measure.map(|measure| asked(measure)).unwrap_or_default();
                Arc::new(Trend {
                    readings: periods.into_iter().zip(readings).collect(),
                })
            })
            .collect()
    }
}

/// The periods of a trend; the last ends with what is shown.
fn periods(calendar: &Calendar, own: Frequency, shown: &Period) -> Vec<Period> {
    let (frequency, last) = last_of(calendar, own, shown);
    let known = calendar.index_range(frequency);
    ((last - TREND_PERIODS + 1)..=last)
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
            assert_eq!(periods.len(), TREND_PERIODS as usize, "{shown}");
            assert_eq!(calendar.name(&periods[0]), first, "{shown}");
            assert_eq!(calendar.name(periods.last().unwrap()), last, "{shown}");
        };
        check(Frequency::Week, "2013-06", "2011-07", "2013-06");
        check(Frequency::Month, "2013-Q2", "2011-07", "2013-06");
        check(Frequency::Quarter, "2013", "2008-Q1", "2013-Q4");
    }
}
