//! What is no signal and worth a look: newest points that are leaving their level before a rule says so, and points that are
//! unusual for their season. Neither changes a verdict.

use throughline_insight::changes::{Leaving, leaving};
use throughline_insight::season::{Anomaly, anomalies};
use throughline_insight::signals::State;

use super::signals::Signals;

impl Signals {
    /// The newest points, if they are leaving their level: since its limits began anew, as nothing signals or shifted there.
    pub(super) fn leaving_now(&self, values: &[Option<f64>]) -> Option<Leaving> {
        let reading = self.reading.as_ref()?;
        let current = reading.current().start;
        let mut level = self.level(values);
        level.drain(..current);
        let found = leaving(&level)?;
        let start = current + found.start;
        let has_shifted = self.shifts.last().is_some_and(|shift| shift.index >= start);
        let is_steady = reading.state == State::Steady && !has_shifted;
        is_steady.then_some(Leaving { start, ..found })
    }

    /// The points that are unusual for their season, where one is taken off.
    pub(super) fn unusual_of(
        &self,
        values: &[Option<f64>],
        shown: usize,
        cycle: usize,
    ) -> Vec<Anomaly> {
        let first = values.iter().position(Option::is_some);
        let last = values.iter().rposition(Option::is_some);
        let (Some(first), Some(last), false) = (first, last, self.season.is_empty()) else {
            return Vec::new();
        };
        let before = values.len() - shown;
        let found = anomalies(&values[first..=last], cycle).unwrap_or_default();
        let placed = found.into_iter().filter_map(|one| {
            let index = (first + one.index).checked_sub(before)?;
            Some(Anomaly { index, ..one })
        });
        placed.collect()
    }

    /// The point of a period, where it is unusual for its season.
    #[must_use]
    pub fn unusual_at(&self, place: usize) -> Option<&Anomaly> {
        self.unusual.iter().find(|one| one.index == place)
    }
}

#[cfg(test)]
mod tests {
    use throughline_insight::Better;
    use throughline_insight::random::Random;
    use throughline_insight::signals::Side;

    use super::super::baselines::Stated;
    use super::*;

    fn of(values: &[Option<f64>], shown: usize) -> Signals {
        Signals::of(values, shown, 12, Better::Higher, &Stated::default())
    }

    /// A level of 50, and from a place on another one.
    fn stepped(length: usize, step: usize, level: f64) -> Vec<Option<f64>> {
        let mut random = Random::of_seed(9);
        let point = |place: usize| if place < step { 50.0 } else { level };
        (0..length)
            .map(|place| Some(point(place) + random.normal()))
            .collect()
    }

    #[test]
    fn a_level_that_is_being_left_is_a_hint_until_a_rule_or_a_shift_says_so() {
        let said = of(&stepped(22, 18, 53.5), 22);
        let found = said.leaving.expect("a hint");
        assert_eq!(
            (found.start, found.points, found.side),
            (18, 4, Side::Above)
        );
        let state = |signals: &Signals| signals.reading.as_ref().map(|reading| reading.state);
        assert_eq!(state(&said), Some(State::Steady));
        // Ten points later the level has shifted, and that is what is said.
        let later = of(&stepped(28, 18, 53.5), 28);
        assert!(!later.shifts.is_empty() && later.leaving.is_none());
        // Far enough away a rule says so at once.
        let values = [stepped(30, 30, 0.0), vec![Some(58.0)]].concat();
        let far = of(&values, 31);
        assert_eq!((state(&far), far.leaving), (Some(State::Improving), None));
        assert_eq!(of(&stepped(22, 22, 0.0), 22).leaving, None);
    }

    #[test]
    fn a_hint_stands_at_its_place_where_a_season_is_taken_off() {
        let wave = |place: usize| 20.0 * (place as f64 * std::f64::consts::TAU / 12.0).sin();
        let mut random = Random::of_seed(7);
        let mut values: Vec<Option<f64>> = (0..60)
            .map(|place| Some(100.0 + wave(place) + random.normal()))
            .collect();
        assert_eq!(of(&values, 36).unusual, []);
        // A summer without its summer.
        values[51] = Some(100.0);
        let said = of(&values, 36);
        let places: Vec<usize> = said.unusual.iter().map(|one| one.index).collect();
        assert_eq!(places, [27]);
        let found = said.unusual_at(27).expect("a point");
        assert!(found.z < 0.0 && (found.expected - 120.0).abs() < 4.0);
        assert!(said.unusual_at(26).is_none());
    }
}
