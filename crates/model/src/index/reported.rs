//! Which measures can be read where some units report, found from what these report, so that a small unit costs what is read
//! there and not what the plan has.

use throughline_core::hash::Map;
use throughline_core::id::{MeasureId, UnitId};

use crate::formula::Formula;
use crate::model::Tables;

/// Who reports which measures, each measure by its place in the order of the plan.
#[derive(Clone, Debug, Default)]
pub(super) struct Reported {
    /// Those that list a unit.
    by_unit: Map<UnitId, Vec<usize>>,
    /// Those that may be read anywhere: they list none, or are formulas that name nothing which would have to be read there.
    anywhere: Vec<usize>,
    /// By the first measure that a formula names at the unit where it is read itself: it is read where that is, or nowhere.
    by_first_named: Map<usize, Vec<usize>>,
}

impl Reported {
    /// `is_too_deep` says of which formulas nothing that they name is looked at.
    pub fn of(tables: &Tables, is_too_deep: impl Fn(MeasureId) -> bool) -> Reported {
        let mut reported = Reported::default();
        let measures = tables.measures.iter();
        let places: Map<MeasureId, usize> = measures.map(|one| one.id()).zip(0..).collect();
        for (place, measure) in tables.measures.iter().enumerate() {
            if let Some(formula) = &measure.formula {
                let named = first_named(formula).and_then(|named| places.get(&named));
                match named.filter(|_| !is_too_deep(measure.id())) {
                    Some(named) => reported
                        .by_first_named
                        .entry(*named)
                        .or_default()
                        .push(place),
                    None => reported.anywhere.push(place),
                }
                continue;
            }
            if measure.reported_by.is_empty() {
                reported.anywhere.push(place);
            }
            for unit in &measure.reported_by {
                reported.by_unit.entry(*unit).or_default().push(place);
            }
        }
        reported
    }

    /// The measures that can be read where some units report, by their places, in order and each once.
    pub fn among(&self, units: impl IntoIterator<Item = UnitId>) -> Vec<usize> {
        let listed = units.into_iter();
        let listed = listed.filter_map(|unit| self.by_unit.get(&unit));
        let mut places = self.anywhere.clone();
        places.extend(listed.flatten());
        in_order(&mut places);
        let mut next = 0;
        while let Some(place) = places.get(next) {
            let formulas = self.by_first_named.get(place);
            places.extend(formulas.into_iter().flatten());
            next += 1;
        }
        in_order(&mut places);
        places
    }
}

/// The first measure that a formula names at the unit where it is read itself.
fn first_named(formula: &Formula) -> Option<MeasureId> {
    let mut named = (formula.expression().nodes()).filter_map(|node| node.reference());
    named.find(|of| of.unit.is_none()).map(|of| of.measure)
}

/// Puts places in their order, each once.
fn in_order(places: &mut Vec<usize>) {
    places.sort_unstable();
    places.dedup();
}
