//! Where natural limits begin anew: a person says so with a note, and the points must carry it. One that they do not carry, or
//! not yet, has no effect and says why, as data can change later.

use throughline_core::Period;
use throughline_insight::Better;
use throughline_insight::changes::{self, Shift};
use throughline_insight::signals::{self, NoBaseline, POINTS_MIN, SignalReading};
use throughline_model::Entry;
use throughline_model::records::Note;

/// What people say of the points of a series.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Stated {
    /// Where limits begin anew, by the place among all values, ascending.
    pub(crate) baselines: Vec<usize>,
    /// Of which values there is no doubt, by the place among those that are shown.
    pub(crate) right: Vec<usize>,
}

/// The places where limits begin anew, among all values of a series of which the last are shown.
#[derive(Debug, Default)]
pub(super) struct Baselines {
    /// Those with effect, among all values.
    pub(super) all: Vec<usize>,
    /// Those with effect after the first that is shown, among what is shown.
    pub(super) shown: Vec<usize>,
    /// Those of what is shown that the points do not carry, and why.
    pub(super) without_effect: Vec<(usize, NoBaseline)>,
}

impl Baselines {
    /// What comes of the places that are stated, ascending, in a series of which the values from `start` on are shown.
    pub(super) fn of(level: &[Option<f64>], start: usize, stated: &[usize]) -> Baselines {
        let mut baselines = Baselines::default();
        for place in stated.iter().copied() {
            match signals::carries(level, baselines.from(), place) {
                Ok(()) => {
                    baselines.all.push(place);
                    baselines
                        .shown
                        .extend(place.checked_sub(start).filter(|place| *place > 0));
                }
                Err(why) => {
                    let place = place.checked_sub(start);
                    let shown = place.map(|place| (place, why));
                    baselines.without_effect.extend(shown);
                }
            }
        }
        baselines
    }

    /// Where the newest limits begin, among all values.
    pub(super) fn from(&self) -> usize {
        self.all.last().copied().unwrap_or(0)
    }

    /// Where new limits could begin, among what is shown: where the run of the newest point begins, or the level last shifted.
    /// Where points carry each other along neither says anything, and it is where the level last seems to have shifted.
    pub(super) fn offered(
        &self,
        level: &[Option<f64>],
        start: usize,
        (reading, shifts): (&SignalReading, &[Shift]),
    ) -> Option<usize> {
        let shifted = shifts.last().map(|shift| shift.index);
        let seems = match reading.current().limits.runs_count() {
            true => None,
            false => changes::shifts(&level[start..]).ok(),
        };
        let seems = seems.and_then(|shifts| Some(shifts.last()?.index));
        let places = [shifted, reading.possible_baseline(), seems];
        let mut places = places.into_iter().flatten();
        places.find(|place| signals::carries(level, self.from(), start + place).is_ok())
    }
}

/// Reads a series with the places where its limits begin anew. What is left of an old level with too few points for limits has
/// none, and no signals.
pub(super) fn read_from(
    level: &[Option<f64>],
    better: Better,
    baselines: &[usize],
) -> Option<SignalReading> {
    let Some((first, others)) = baselines.split_first() else {
        return signals::read(level, better, &[]).ok();
    };
    if level[..*first].iter().flatten().count() >= POINTS_MIN {
        return signals::read(level, better, baselines).ok();
    }
    let since: Vec<Option<f64>> = (level.iter().enumerate())
        .map(|(place, value)| value.filter(|_| place >= *first))
        .collect();
    let mut reading = signals::read(&since, better, others).ok()?;
    reading.segments[0].start = *first;
    Some(reading)
}

/// The places among periods where notes say that limits begin anew, ascending: a shorter period has the place of the one that
/// holds its middle.
pub(crate) fn stated<'a>(
    notes: impl Iterator<Item = &'a Entry<Note>>,
    periods: &[Period],
) -> Vec<usize> {
    let stated = notes.filter(|note| note.baseline);
    let mut places: Vec<usize> = stated
        .filter_map(|note| place_of(&note.period, periods))
        .collect();
    places.dedup();
    places
}

/// The places among the values of periods of which a note says that they are right: as long as they are those that it means.
pub(crate) fn said_to_be_right<'a>(
    notes: impl Iterator<Item = &'a Entry<Note>>,
    periods: &[Period],
    values: &[Option<f64>],
) -> Vec<usize> {
    let place = |note: &Entry<Note>| {
        let (right, place) = (note.right?, place_of(&note.period, periods)?);
        let value = (*values.get(place)?)?;
        is_that(value, right).then_some(place)
    };
    notes.filter_map(place).collect()
}

/// Whether a value is the one that was meant, but for rounding. Nothing is what is infinite or no number.
pub(crate) fn is_that(value: f64, meant: f64) -> bool {
    (value - meant).abs() <= 1e-9 * value.abs()
}

/// The place of a period among those of a chart.
#[must_use]
pub fn place_of(period: &Period, periods: &[Period]) -> Option<usize> {
    let middle = period.middle();
    let at = periods.partition_point(|one| one.last < middle);
    periods
        .get(at)
        .filter(|one| one.contains(middle))
        .map(|_| at)
}

#[cfg(test)]
mod tests {
    use throughline_insight::random::Random;

    use super::super::Signals;
    use super::*;

    /// A level that steps up by ten at a place, of points that spread a little.
    fn stepped(length: usize, step: usize) -> Vec<Option<f64>> {
        let point = |place: usize| {
            let level = if place < step { 50.0 } else { 60.0 };
            Some(level + ((place * 5 % 7) as f64 - 3.0) / 2.0)
        };
        (0..length).map(point).collect()
    }

    fn of(values: &[Option<f64>], shown: usize, stated: &[usize]) -> Signals {
        let stated = Stated {
            baselines: stated.to_vec(),
            right: Vec::new(),
        };
        Signals::of(values, shown, 1, Better::Higher, &stated)
    }

    #[test]
    fn new_limits_follow_the_new_level_and_old_ones_stay() {
        let values = stepped(36, 20);
        let before = of(&values, 36, &[]);
        assert_eq!(before.offered, Some(20));
        let said = of(&values, 36, &[20]);
        assert_eq!((said.baselines.as_slice(), said.offered), (&[20][..], None));
        let [old, new] = [19, 20].map(|place| said.limits(place).unwrap().centre);
        assert!((old - 50.0).abs() < 0.5 && (new - 60.0).abs() < 0.5);
        assert!(said.mark(30).is_none() && said.mark(35).is_none());
    }

    /// A slow wave, which carries points along, and a level that steps far above its limits.
    #[test]
    fn new_limits_are_offered_where_points_carry_each_other_along_and_half_lie_outside() {
        let waves = |by: f64| -> Vec<Option<f64>> {
            let wave = |place: usize| 10.0 + (place as f64 * std::f64::consts::TAU / 6.0).sin();
            let level = |place| if place < 26 { 0.0 } else { by };
            (0..36)
                .map(|place| Some(wave(place) + level(place)))
                .collect()
        };
        let [unchanged, near, far] = [0.0, 1.0, 5.0].map(|by| of(&waves(by), 36, &[]));
        for said in [&unchanged, &near, &far] {
            let reading = said.reading.as_ref().unwrap();
            assert!(!reading.current().limits.runs_count() && said.shifts.is_empty());
        }
        assert_eq!((unchanged.offered, near.offered), (None, None));
        assert_eq!(far.offered, Some(26));
        let anew = of(&waves(5.0), 36, &[26]);
        assert_eq!((anew.baselines.as_slice(), anew.offered), (&[26][..], None));
        assert!((anew.limits(35).unwrap().centre - 15.0).abs() < 0.5);
    }

    #[test]
    fn what_the_points_do_not_carry_changes_nothing_and_says_why() {
        let values = stepped(36, 20);
        let none = of(&values, 36, &[]);
        for (place, why) in [
            (10, NoBaseline::NoRun),
            (3, NoBaseline::TooFewBefore { have: 3 }),
            (32, NoBaseline::TooFewSince { have: 4 }),
        ] {
            let said = of(&values, 36, &[place]);
            assert_eq!(said.without_effect, [(place, why)]);
            assert_eq!(said.reading, none.reading);
        }
    }

    #[test]
    fn nobody_takes_the_effect_of_what_another_has_confirmed() {
        let values = stepped(36, 20);
        let bear = |stated: &[usize], place| Signals::bear(&values, 1, stated, place);
        assert_eq!(bear(&[], 19), Ok(()));
        assert_eq!(bear(&[20], 19), Err(NoBaseline::AnotherFollows));
    }

    #[test]
    fn what_has_effect_before_the_trend_is_known() {
        let values = stepped(60, 24);
        let said = of(&values, 36, &[24]);
        assert_eq!(
            (said.baselines.as_slice(), said.in_effect.as_slice()),
            (&[][..], &[24][..])
        );
    }

    #[test]
    fn limits_stay_new_while_the_old_level_leaves_the_chart() {
        let values = stepped(80, 30);
        for last in 38..80_usize {
            let known = &values[last.saturating_sub(60)..last];
            let place = 30 - last.saturating_sub(60).min(30);
            let shown = known.len().min(36);
            let said = of(known, shown, &[place]);
            let newest = said.limits(shown - 1).unwrap();
            assert!((newest.centre - 60.0).abs() < 0.5, "{last}");
            assert!(said.mark(shown - 1).is_none(), "{last}");
        }
    }

    #[test]
    fn a_rest_of_the_old_level_has_no_limits() {
        let values = stepped(60, 27);
        let said = of(&values, 36, &[27]);
        assert_eq!(said.baselines, [3]);
        assert_eq!((said.limits(2), said.mark(2)), (None, None));
        assert!((said.limits(3).unwrap().centre - 60.0).abs() < 0.5);
    }

    #[test]
    fn without_a_baseline_all_is_as_read_alone() {
        let mut random = Random::of_seed(11);
        for length in (0..300).map(|round| 6 + round % 54) {
            let values: Vec<Option<f64>> = (0..length)
                .map(|place| Some(random.normal()).filter(|_| place % 11 != 5))
                .collect();
            let alone = signals::read(&values, Better::Higher, &[]).ok();
            let said = of(&values, values.len(), &[]);
            assert_eq!(said.reading, alone);
            assert!(said.baselines.is_empty() && said.without_effect.is_empty());
        }
    }

    #[test]
    fn whatever_is_stated_the_newest_period_has_limits() {
        let mut random = Random::of_seed(13);
        let mut effects = 0;
        for round in 0..2000 {
            let length = 12 + round % 49;
            let mut level = 0.0;
            let values: Vec<Option<f64>> = (0..length)
                .map(|place| {
                    level += if place % 17 == 9 { 4.0 } else { 0.0 };
                    Some(level + random.normal())
                })
                .collect();
            let stated: Vec<usize> = (0..length)
                .filter(|place| place % 17 >= 9 + round % 3)
                .collect();
            let shown = (6 + round % 37).min(length);
            let said = of(&values, shown, &stated);
            assert!(said.limits(shown - 1).is_some(), "{round}");
            effects += said.baselines.len();
        }
        assert!(effects > 200, "{effects}");
    }
}
