//! The values that links are weighed by: measures over units and periods. What was read is remembered for the next map of the
//! same periods, and after a commit of observations for the next snapshot, too, but for the measures and units that it changed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::{Frequency, MeasureId, Period, UnitId};
use throughline_engine::View;

use super::survey::Survey;
use crate::live::{Limits, Remembered, Since};
use crate::read_values::ReadValues;

/// Values that are remembered: of how many lengths of period, and how many values together. One takes 16 bytes, so that this
/// is 96 MB; a map reads fewer.
const READ: Limits = Limits {
    most: 64,
    heaviest: 6_000_000,
};

/// The two clocks, as they were asked for, and the day.
pub(super) type Clocks = (Option<Timestamp>, Option<Timestamp>, Date);

/// Values are of a pair of clocks and of the periods of a length, from the first to the last.
type Key = (Clocks, Frequency, (Date, Date));

/// The values of measures that were read.
pub(super) struct PanelMemory(Remembered<Key, Arc<ReadValues>>);

impl PanelMemory {
    /// Nothing yet.
    pub fn new() -> PanelMemory {
        PanelMemory(Remembered::new(READ))
    }

    /// What holds of it after a commit of observations.
    pub fn carried(&self, since: &Since) -> PanelMemory {
        let carried = PanelMemory::new();
        for (key, values, _) in self.0.entries() {
            let ((known_at, plan_at, _), frequency, (first, _)) = key;
            if since.keeps(known_at, plan_at, false) {
                let left = match known_at {
                    Some(_) => values,
                    None => values.left(|of| since.leaves(of, (frequency, first))),
                };
                let weight = left.weight();
                carried.0.put(key, left, weight);
            }
        }
        carried
    }
}

/// The values of measures over units and periods.
pub(super) struct Panels(HashMap<Frequency, Arc<ReadValues>>);

impl Panels {
    /// Reads what a survey asks for, as far as it was not read before.
    pub fn read(view: &View, survey: &Survey, (memory, clocks): (&PanelMemory, Clocks)) -> Panels {
        let mut panels = HashMap::new();
        for (frequency, periods) in &survey.periods {
            let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
                continue;
            };
            let key = (clocks, *frequency, (first.first, last.last));
            let known = memory.0.get(&key).unwrap_or_default();
            let read = with_missing(view, survey, (*frequency, periods), &known);
            let read = match read {
                None => known,
                Some(read) => {
                    let read = Arc::new(read);
                    memory.0.renew(key, Arc::clone(&read), read.weight());
                    read
                }
            };
            panels.insert(*frequency, read);
        }
        Panels(panels)
    }

    /// The values of a measure in periods of a length, at each of some units.
    pub fn at(
        &self,
        (measure, frequency): (MeasureId, Frequency),
        units: impl Iterator<Item = Option<UnitId>>,
    ) -> Vec<Vec<Option<f64>>> {
        let read = self.0.get(&frequency);
        let of_unit = |unit: Option<UnitId>| Some(read?.get(measure, unit?).to_vec());
        units
            .map(|unit| of_unit(unit).unwrap_or_default())
            .collect()
    }
}

/// What is known, with all that a survey asks for beside it; none where it is known already.
fn with_missing(
    view: &View,
    survey: &Survey,
    (frequency, periods): (Frequency, &[Period]),
    known: &ReadValues,
) -> Option<ReadValues> {
    let mut with: Option<ReadValues> = None;
    let of_frequency = survey.units.iter().filter(|((_, of), _)| *of == frequency);
    for ((measure, _), units) in of_frequency {
        // Of units of which as much is known as much is read.
        let mut missing: BTreeMap<usize, Vec<UnitId>> = BTreeMap::new();
        for unit in units {
            let from = known.get(*measure, *unit).len();
            if from < periods.len() {
                missing.entry(from).or_default().push(*unit);
            }
        }
        for (from, units) in missing {
            let with = with.get_or_insert_with(|| known.clone());
            let read = view.panel(*measure, &units, &periods[from..]);
            for (unit, values) in units.into_iter().zip(read) {
                with.put(*measure, unit, values);
            }
        }
    }
    with
}
