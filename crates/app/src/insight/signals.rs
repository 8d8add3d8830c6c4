//! Signal or routine: which points of a trend say that something changed, within which limits the others move, and when the
//! level shifted.
//!
//! A trend has 36 periods at most, of months three years: limits are made of its first 24 points, so that the last year is
//! compared with the two before it. A season that is strong enough to be told from chance is taken off before points are
//! compared, and put back onto the limits. Where a person confirmed a cause and the points carry it, limits begin anew.

use std::collections::BTreeSet;

use throughline_insight::Better;
use throughline_insight::changes::{Leaving, Shift};
use throughline_insight::season::{Anomaly, recurring};
use throughline_insight::signals::{
    self, NaturalLimits, NoBaseline, POINTS_MIN, Side, Signal, SignalReading, State,
};

use super::baselines::{Baselines, Stated, read_from};
use super::doubt;
use super::outlook::Range;
use super::shifts::shifts_of;

/// What the points of a trend say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signals {
    /// What was found; none where the points are too few.
    pub reading: Option<SignalReading>,
    /// What comes back each year, one for each period of the trend; empty where nothing was taken off.
    pub season: Vec<f64>,
    /// When the level shifted, oldest first; places are those of the trend.
    pub shifts: Vec<Shift>,
    /// How many points there are.
    pub have: usize,
    /// Where limits begin anew, oldest first.
    pub baselines: Vec<usize>,
    /// The same among all values that they were made of, those before the trend included.
    pub(crate) in_effect: Vec<usize>,
    /// Where somebody says that they do and the points do not carry it, and why.
    pub without_effect: Vec<(usize, NoBaseline)>,
    /// Where they could begin anew, once a person has confirmed a cause.
    pub offered: Option<usize>,
    /// The newest points, where they are probably leaving their level and none signals yet: a hint, and nothing that changed.
    pub leaving: Option<Leaving>,
    /// The points that are unusual for their season, oldest first.
    pub unusual: Vec<Anomaly>,
    /// The place of the one value without which the newest point were routine, and which lies outside of the limits of all
    /// others: a wrong reading does that. Nothing is said to have changed before it is checked.
    pub doubt: Option<usize>,
    /// How far each point moved from the one before, without its sign; nothing where limits begin anew.
    steps: Vec<Option<f64>>,
    /// What each period says for better or worse, where it signals.
    states: Vec<Option<State>>,
    /// From where to where values can lie; limits do not lie outside.
    possible: Option<Range>,
}

/// What is said of a measure in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// There are too few points to tell a change from routine variation.
    TooFew,
    /// One value alone makes the newest point signal: it is to be checked first.
    Doubtful,
    /// What the newest point says.
    Of(State),
}

impl Verdict {
    /// The words that are shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Verdict::TooFew => "too few points",
            Verdict::Doubtful => "one value to check",
            Verdict::Of(state) => state.word(),
        }
    }
}

/// The natural limits of one period, in the unit of the measure, with its season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Points below signal.
    pub lower: f64,
    /// The average.
    pub centre: f64,
    /// Points above signal.
    pub upper: f64,
}

/// A period that signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// For better or worse.
    pub state: State,
    /// The rules that it meets.
    pub signals: Vec<Signal>,
}

impl Signals {
    /// What the values of a trend say. `values` may begin with periods before it, by which the season is known; the trend is
    /// the last `shown` of them. `cycle` is how many periods a year has; `stated` are the places among all values where
    /// somebody says that limits begin anew, ascending, and of which values that they are right.
    pub(crate) fn of(
        values: &[Option<f64>],
        shown: usize,
        cycle: usize,
        better: Better,
        stated: &Stated,
    ) -> Signals {
        let found = Signals::at_face_value(values, shown, cycle, better, &stated.baselines);
        let doubt = doubt::of(&found, values, shown, cycle);
        match doubt.filter(|place| !stated.right.contains(place)) {
            // Neither levels nor new limits are told of what one reading may have made.
            doubt @ Some(_) => Signals {
                doubt,
                offered: None,
                shifts: Vec::new(),
                ..found
            },
            None => Signals {
                leaving: found.leaving_now(&values[values.len() - shown..]),
                unusual: found.unusual_of(values, shown, cycle),
                ..found
            },
        }
    }

    /// The same, whatever single values make of it.
    pub(crate) fn at_face_value(
        values: &[Option<f64>],
        shown: usize,
        cycle: usize,
        better: Better,
        stated: &[usize],
    ) -> Signals {
        let start = values.len() - shown;
        let have = values[start..].iter().flatten().count();
        if have < POINTS_MIN {
            return Signals {
                have,
                ..Signals::default()
            };
        }
        let season = season(values, cycle).unwrap_or_default();
        let all = without(values, &season);
        let baselines = Baselines::of(&all, start, stated);
        let level = &all[start..];
        let reading = read_from(level, better, &baselines.shown);
        let states = (reading.as_ref()).map(|reading| states(reading, level, better));
        let shifts = shifts_of(level);
        Signals {
            offered: (reading.as_ref())
                .and_then(|reading| baselines.offered(&all, start, (reading, &shifts))),
            states: states.unwrap_or_default(),
            steps: steps(level, &baselines.shown),
            reading,
            season: season.get(start..).unwrap_or_default().to_vec(),
            shifts,
            have,
            baselines: baselines.shown,
            in_effect: baselines.all,
            without_effect: baselines.without_effect,
            leaving: None,
            unusual: Vec::new(),
            doubt: None,
            possible: None,
        }
    }

    /// Why limits would not begin anew at a place among the values of a trend, beside those places where they do.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn bear(
        values: &[Option<f64>],
        cycle: usize,
        stated: &[usize],
        place: usize,
    ) -> Result<(), NoBaseline> {
        let season = season(values, cycle).unwrap_or_default();
        let level = without(values, &season);
        let earlier: Vec<usize> = (stated.iter().copied())
            .filter(|one| *one < place)
            .collect();
        let from = Baselines::of(&level, 0, &earlier).from();
        signals::carries(&level, from, place)?;
        // Those that follow rest on what is before them, which would be of another level.
        let with_it: BTreeSet<usize> = stated.iter().copied().chain([place]).collect();
        let with_it: Vec<usize> = with_it.into_iter().collect();
        let in_effect = |stated: &[usize]| Baselines::of(&level, 0, stated).all;
        let (before, after) = (in_effect(stated), in_effect(&with_it));
        match before.iter().all(|one| after.contains(one)) {
            true => Ok(()),
            false => Err(NoBaseline::AnotherFollows),
        }
    }

    /// The same, of values that can lie from one to another.
    pub(crate) fn within(self, possible: Range) -> Signals {
        Signals {
            possible: Some(possible),
            ..self
        }
    }

    /// From where to where values can lie.
    pub(crate) fn possible(&self) -> Range {
        self.possible.unwrap_or((f64::NEG_INFINITY, f64::INFINITY))
    }

    /// A limit that is no value that can be had stands at the last that can.
    pub(super) fn possible_limit(&self, limit: f64) -> f64 {
        let (least, greatest) = self.possible();
        limit.clamp(least, greatest)
    }

    /// How far the point of a period moved from the one before, without its sign and its season; and above which size steps
    /// are larger than routine ones.
    #[must_use]
    pub fn step(&self, place: usize) -> Option<(f64, Option<f64>)> {
        let size = self.steps.get(place).copied().flatten()?;
        let limit = self.segment(place).map(|limits| limits.step_limit);
        Some((size, limit))
    }

    /// The limits of the level that a place belongs to, without the season.
    fn segment(&self, place: usize) -> Option<NaturalLimits> {
        let segments = self.reading.iter().flat_map(|reading| &reading.segments);
        let mut of_place = segments.filter(|segment| (segment.start..segment.end).contains(&place));
        Some(of_place.next()?.limits)
    }

    /// The natural limits of a period of the trend.
    #[must_use]
    pub fn limits(&self, place: usize) -> Option<Limits> {
        let NaturalLimits {
            lower,
            centre,
            upper,
            ..
        } = self.segment(place)?;
        let season = self.season.get(place).copied().unwrap_or(0.0);
        Some(Limits {
            lower: self.possible_limit(lower + season),
            centre: centre + season,
            upper: self.possible_limit(upper + season),
        })
    }

    /// The values of the trend without what comes back each year.
    pub(super) fn level(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        without(values, &self.season)
    }

    /// What comes back in each period of the latest year, which has so many; one that is 0 where nothing does.
    pub(super) fn year(&self, cycle: usize) -> &[f64] {
        let start = self.season.len().saturating_sub(cycle);
        match &self.season[start..] {
            [] => &[0.0],
            year => year,
        }
    }

    /// Whether the newest point signals on the upper side.
    #[must_use]
    pub fn is_up(&self) -> bool {
        let Some(reading) = &self.reading else {
            return false;
        };
        let mut of_newest = reading.signals.iter();
        of_newest.any(|signal| signal.index == reading.newest && signal.side == Side::Above)
    }

    /// Whether and why a period of the trend signals; where a value is in doubt, that one alone.
    #[must_use]
    pub fn mark(&self, place: usize) -> Option<Mark> {
        if self.doubt.is_some_and(|doubt| doubt != place) {
            return None;
        }
        let state = self.states.get(place).copied().flatten()?;
        let signals = self.reading.iter().flat_map(|reading| &reading.signals);
        let signals = signals.filter(|signal| signal.index == place).copied();
        Some(Mark {
            state,
            signals: signals.collect(),
        })
    }
}

/// How far each point moved from the one before, over gaps and not from one level to the next.
fn steps(level: &[Option<f64>], baselines: &[usize]) -> Vec<Option<f64>> {
    let mut before = None;
    let step = |(place, value): (usize, &Option<f64>)| {
        if baselines.contains(&place) {
            before = None;
        }
        let value = (*value)?;
        let step = before.map(|before: f64| (value - before).abs());
        before = Some(value);
        step
    };
    level.iter().enumerate().map(step).collect()
}

/// Values without their season, which may be none.
fn without(values: &[Option<f64>], season: &[f64]) -> Vec<Option<f64>> {
    let values = values.iter().enumerate();
    values
        .map(|(at, value)| Some((*value)? - season.get(at).unwrap_or(&0.0)))
        .collect()
}

/// What comes back each year, one for each value; none where it is not known or not strong.
fn season(values: &[Option<f64>], cycle: usize) -> Option<Vec<f64>> {
    let first = values.iter().position(Option::is_some)?;
    let last = values.iter().rposition(Option::is_some)?;
    let known = recurring(&values[first..=last], cycle).ok()??;
    // What is missing at the ends has the season of the year beside it.
    let at = |place: usize| {
        let place = match place {
            before if before < first => before + (first - before).div_ceil(cycle) * cycle,
            after if after > last => after - (after - last).div_ceil(cycle) * cycle,
            within => within,
        };
        known[place - first]
    };
    Some((0..values.len()).map(at).collect())
}

/// What each point says that signals.
fn states(reading: &SignalReading, level: &[Option<f64>], better: Better) -> Vec<Option<State>> {
    let mut states = vec![None; level.len()];
    for signal in &reading.signals {
        let segments = reading.segments.iter();
        let mut of_point = segments.filter(|one| (one.start..one.end).contains(&signal.index));
        if let (Some(segment), Some(value)) = (of_point.next(), level[signal.index]) {
            states[signal.index] = Some(signals::judged(better, value, segment.limits.centre));
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use throughline_insight::random::Random;

    use super::*;

    fn of(values: &[Option<f64>], shown: usize) -> Signals {
        Signals::of(values, shown, 12, Better::Higher, &Stated::default())
    }

    fn wave(place: usize) -> f64 {
        20.0 * (place as f64 * std::f64::consts::TAU / 12.0).sin()
    }

    #[test]
    fn few_points_say_nothing() {
        let values = [None, Some(1.0), Some(2.0), Some(1.0), Some(2.0), Some(1.0)];
        let said = of(&values, 6);
        assert_eq!((said.have, said.reading.is_none()), (5, true));
        assert_eq!((said.limits(3), said.mark(3)), (None, None));
    }

    #[test]
    fn a_season_is_taken_off_and_limits_follow_it() {
        let mut random = Random::of_seed(7);
        let mut values: Vec<Option<f64>> = (0..60)
            .map(|place| Some(100.0 + wave(place) + random.normal()))
            .collect();
        let said = of(&values, 36);
        assert_eq!(said.season.len(), 36);
        let [high, low] = [3, 9].map(|place| said.limits(12 + place).unwrap().centre);
        assert!((high - 120.0).abs() < 3.0 && (low - 80.0).abs() < 3.0);
        assert_eq!(said.reading.unwrap().state, State::Steady);
        // What would be an ordinary value in summer is none in winter.
        values[59] = Some(112.0);
        let said = of(&values, 36);
        let mark = said.mark(35).unwrap();
        assert_eq!(mark.state, State::Improving);
        assert!(!mark.signals.is_empty());
    }

    #[test]
    fn newest_points_of_unchanged_seasonal_series_rarely_signal() {
        let mut random = Random::of_seed(3);
        let signals = (0..400).filter(|_| {
            let values: Vec<Option<f64>> = (0..60)
                .map(|place| Some(100.0 + wave(place) + 5.0 * random.normal()))
                .collect();
            of(&values, 36).mark(35).is_some()
        });
        let signals = signals.count();
        assert!(signals <= 24, "{signals} of 400");
    }

    #[test]
    fn a_missing_newest_point_keeps_the_season() {
        let mut values: Vec<Option<f64>> = (0..60).map(|place| Some(wave(place))).collect();
        for (place, value) in values.iter_mut().enumerate() {
            *value = value.map(|value| value + 0.3 * ((place * 7 % 5) as f64 - 2.0));
        }
        values[59] = None;
        let said = of(&values, 36);
        let centre = said.limits(35).unwrap().centre;
        assert!((centre - wave(59)).abs() < 1.0, "{centre}");
        assert_eq!(said.reading.unwrap().newest, 34);
    }

    #[test]
    fn a_shift_is_found_and_marked_for_the_worse() {
        let values: Vec<Option<f64>> = (0..36)
            .map(|place| {
                let level = if place < 27 { 50.0 } else { 40.0 };
                Some(level + ((place * 5 % 7) as f64 - 3.0) / 2.0)
            })
            .collect();
        let said = of(&values, 36);
        let places: Vec<usize> = said.shifts.iter().map(|shift| shift.index).collect();
        assert_eq!(places, [27]);
        assert_eq!(said.mark(20), None);
        assert_eq!(said.mark(35).unwrap().state, State::Worsening);
        assert_eq!(said.reading.unwrap().state, State::Worsening);
    }

    #[test]
    fn a_level_that_moves_all_the_time_has_no_shifts() {
        let mut random = Random::of_seed(5);
        let found = (0..100).filter(|_| {
            let mut level = 0.0;
            let values: Vec<Option<f64>> = (0..36)
                .map(|_| {
                    level = 0.9 * level + random.normal();
                    Some(level)
                })
                .collect();
            !of(&values, 36).shifts.is_empty()
        });
        let found = found.count();
        assert!(found <= 30, "{found} of 100");
    }

    #[test]
    fn newest_points_of_unchanged_series_rarely_signal() {
        let mut random = Random::of_seed(9);
        for carry_over in [0.0_f64, 0.6] {
            let signals = (0..1000).filter(|_| {
                let mut at = random.normal();
                let values: Vec<Option<f64>> = (0..36)
                    .map(|_| {
                        at = carry_over * at
                            + (1.0 - carry_over * carry_over).sqrt() * random.normal();
                        Some(at)
                    })
                    .collect();
                of(&values, 36).mark(35).is_some()
            });
            let signals = signals.count();
            assert!(signals <= 60, "{carry_over}: {signals} of 1000");
        }
    }
}
