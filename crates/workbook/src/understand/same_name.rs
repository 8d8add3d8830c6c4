//! Measures that may be one or two: several that would be called the same, and one whose rows say different figures for the same.

use std::collections::BTreeMap;

use super::work::Work;
use crate::facts::Spot;
use crate::mapping::Sure;
use crate::words::plain;

impl Work<'_> {
    /// Asks about measures that would be called the same, unless somebody confirmed them.
    pub(super) fn ask_about_names(&mut self) {
        let mut of_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, measure) in self.measures.iter().enumerate() {
            if measure.read {
                of_name.entry(plain(&measure.name)).or_default().push(place);
            }
        }
        for places in of_name.values().filter(|places| places.len() > 1) {
            let count = places.len();
            for place in places {
                let because = format!(
                    "{count} measures here would be called {}: give each a name of its own, or leave out what is none",
                    self.measures[*place].name
                );
                self.ask(*place, because);
            }
        }
    }

    /// Asks about measures whose rows say different figures for the same cell: the first of them counts. Each is given with the
    /// two places of its first such figure.
    pub(super) fn ask_about_rows(&mut self, differing: &BTreeMap<String, [Spot; 2]>) {
        for place in 0..self.measures.len() {
            let measure = &self.measures[place];
            let Some([first, other]) = differing.get(&measure.key).filter(|_| measure.read) else {
                continue;
            };
            let [first, other] = [first, other].map(|spot| self.place(*spot));
            let because = format!(
                "{first} and {other} say different figures for the same, and the first counts: if they are two measures, give them two names in the workbook and choose it again"
            );
            self.ask(place, because);
        }
    }

    /// Where a cell is: `North!B7`.
    pub(super) fn place(&self, spot: Spot) -> String {
        format!("{}!{}", self.book.sheets[spot.0].name, spot.1)
    }

    pub(super) fn ask(&mut self, place: usize, because: String) {
        let is_said = |found_as: &str| {
            let kept = self.kept.and_then(|kept| kept.measure(found_as));
            kept.is_some_and(|kept| kept.sure == Sure::Certain)
        };
        let said = is_said(&self.measures[place].found_as);
        let measure = &mut self.measures[place];
        if !said && !measure.because.contains(&because) {
            measure.sure = Sure::ToCheck;
            measure.because.insert(0, because);
        }
    }
}
