//! What a block can speak of: the least and the greatest measure, unit and day in it. It stands beside the block, so that
//! whoever asks for a few cells unpacks those blocks alone that may have them.

use throughline_core::period::Period;
use throughline_model::observation::Cell;
use uuid::Uuid;

use crate::block::day_number;

/// The least and the greatest measure, unit and day of some cells, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The 16 bytes of the ids, as they are stored.
    pub(crate) measures: [Vec<u8>; 2],
    pub(crate) units: [Vec<u8>; 2],
    /// The first day of the earliest period and the last one of the latest, as days from 1970-01-01.
    pub(crate) days: [i64; 2],
}

impl Extent {
    /// Every cell that there can be.
    pub(crate) fn everything() -> Extent {
        let every_id = || [Uuid::nil(), Uuid::max()].map(|id| id.as_bytes().to_vec());
        Extent {
            measures: every_id(),
            units: every_id(),
            days: [i64::MIN, i64::MAX],
        }
    }

    /// That of some cells; `None` if there are none.
    pub(crate) fn of<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> Option<Extent> {
        let mut cells = cells.into_iter();
        let first = cells.next()?;
        let [first_day, last_day] = days_of(&first.period);
        let mut measures = [first.measure; 2];
        let mut units = [first.unit; 2];
        let mut days = [first_day, last_day];
        for cell in cells {
            measures = [measures[0].min(cell.measure), measures[1].max(cell.measure)];
            units = [units[0].min(cell.unit), units[1].max(cell.unit)];
            let [first_day, last_day] = days_of(&cell.period);
            days = [days[0].min(first_day), days[1].max(last_day)];
        }
        Some(Extent {
            measures: measures.map(|id| id.as_bytes().to_vec()),
            units: units.map(|id| id.as_bytes().to_vec()),
            days,
        })
    }

    /// Whether a measure lies in it.
    pub(crate) fn has_measure(&self, measure: Uuid) -> bool {
        let [first, last] = &self.measures;
        (first.as_slice()..=last.as_slice()).contains(&measure.as_bytes().as_slice())
    }

    /// Whether a unit lies in it.
    pub(crate) fn has_unit(&self, unit: Uuid) -> bool {
        let [first, last] = &self.units;
        (first.as_slice()..=last.as_slice()).contains(&unit.as_bytes().as_slice())
    }

    /// Whether a period from one day to another touches its days.
    pub(crate) fn has_days(&self, first: i64, last: i64) -> bool {
        first <= self.days[1] && last >= self.days[0]
    }
}

fn days_of(period: &Period) -> [i64; 2] {
    [period.first, period.last].map(|day| i64::from(day_number(day)))
}

/// Where a block stands in the order in which blocks became known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) recorded_at: i64,
    pub(crate) number: i64,
    pub(crate) ordinal: i64,
}

impl Place {
    /// Right after all that was known at a time.
    pub(crate) fn after(recorded_at: i64) -> Place {
        Place {
            recorded_at: recorded_at.saturating_add(1),
            number: i64::MIN,
            ordinal: i64::MIN,
        }
    }
}
