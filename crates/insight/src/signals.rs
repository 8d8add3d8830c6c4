//! Signal or noise: which points of a series say that something changed, and which are routine variation.
//!
//! An XmR chart (Wheeler, *Understanding Variation*, 1993) with natural limits that allow for carry-over from one period
//! to the next. A chart is split where a person confirmed a new baseline; old limits stay.

mod baseline;
mod limits;
mod rules;

pub use baseline::{NoBaseline, OUTSIDE_LEAST, carries};
pub use limits::{
    BASELINE_MAX, NaturalLimits, POINTS_MIN, PROVISIONAL_BELOW, STEPS_PER_SIGMA, Standing,
};
pub use rules::{RUN_LENGTH, Rule, Side, Signal};

use std::fmt;

use crate::better::{Better, Comparison};
use crate::points::{self, Present, Unreadable};

/// The most baselines that one series is split at.
pub const BASELINES_MAX: usize = 200;

/// What the points of a series say.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalReading {
    /// One for each baseline, oldest first; never empty.
    pub segments: Vec<Segment>,
    /// The points that signal, in order; a point stands once for each rule that it meets.
    pub signals: Vec<Signal>,
    /// The points whose step from the point before is larger than routine steps are. Advice only.
    pub large_steps: Vec<usize>,
    /// What the newest point says.
    pub state: State,
    /// The place of the newest point.
    pub newest: usize,
    /// Where the points on the newest point's side of the centre began; `None` if it lies on the centre.
    pub run_start: Option<usize>,
    /// Where the points that lie outside the limits as the newest does began; `None` if it lies inside.
    pub outside_start: Option<usize>,
}

/// A stretch of the series that has limits of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Its first place in the series.
    pub start: usize,
    /// The first place that no longer belongs to it.
    pub end: usize,
    /// Its limits, in the units of the series.
    pub limits: NaturalLimits,
}

/// What the newest point says, given which values are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It signals a change to the better.
    Improving,
    /// It signals a change to the worse.
    Worsening,
    /// It signals a change of which cannot be said whether it is for better or worse: within a range that is good.
    Moved,
    /// It signals nothing.
    Steady,
}

impl State {
    /// The word that is shown.
    pub fn word(self) -> &'static str {
        match self {
            State::Improving => "improving",
            State::Worsening => "worsening",
            State::Moved => "moved",
            State::Steady => "steady",
        }
    }
}

/// Why nothing is said of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSignal {
    /// Fewer points than limits can be made of, in the series or since the last baseline.
    TooFewPoints {
        /// The first place of the segment that is too short.
        start: usize,
        /// How many there are.
        have: usize,
    },
    /// More points than are read ([`points::POINTS_MAX`]).
    TooManyPoints {
        /// How many there are.
        have: usize,
    },
    /// A value is not a finite number.
    NotFinite {
        /// Its place.
        index: usize,
    },
    /// The baselines are not in ascending order within the series, or are more than [`BASELINES_MAX`].
    Baselines,
}

impl fmt::Display for NoSignal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoSignal::TooFewPoints { have, .. } => {
                write!(formatter, "too few points: {have} of {POINTS_MIN}")
            }
            NoSignal::TooManyPoints { have } => write!(
                formatter,
                "too many points: {have}; at most {} are read",
                points::POINTS_MAX
            ),
            NoSignal::NotFinite { index } => {
                write!(formatter, "the value at place {index} is not a number")
            }
            NoSignal::Baselines => write!(
                formatter,
                "baselines must ascend within the series, at most {BASELINES_MAX} of them"
            ),
        }
    }
}

impl std::error::Error for NoSignal {}

impl From<Unreadable> for NoSignal {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::TooMany { have } => NoSignal::TooManyPoints { have },
            Unreadable::NotFinite { index } => NoSignal::NotFinite { index },
        }
    }
}

/// Reads a series, oldest point first. `baselines` are the places at which a person confirmed that a new baseline begins,
/// ascending; usually there are none.
pub fn read(
    values: &[Option<f64>],
    better: Better,
    baselines: &[usize],
) -> Result<SignalReading, NoSignal> {
    let points = points::present(values)?;
    let mut reading = SignalReading {
        segments: Vec::with_capacity(baselines.len() + 1),
        signals: Vec::new(),
        large_steps: Vec::new(),
        state: State::Steady,
        newest: points.last().map_or(0, |point| point.index),
        run_start: None,
        outside_start: None,
    };
    for (start, end) in spans(values.len(), baselines)? {
        let of_span = within(&points, start, end);
        if of_span.len() < POINTS_MIN {
            let have = of_span.len();
            return Err(NoSignal::TooFewPoints { start, have });
        }
        let limits = NaturalLimits::of(of_span);
        reading.signals.extend(rules::signals(of_span, &limits));
        reading
            .large_steps
            .extend(rules::large_steps(of_span, &limits));
        let run = rules::run_at_end(of_span, &limits);
        reading.run_start = run.first().map(|point| point.index);
        let outside = rules::outside_at_end(of_span, &limits);
        reading.outside_start = outside.first().map(|point| point.index);
        reading.segments.push(Segment { start, end, limits });
    }
    reading.state = state(&reading, &points, better);
    Ok(reading)
}

impl SignalReading {
    /// The segment that holds the newest point.
    pub fn current(&self) -> &Segment {
        self.segments.last().expect("a reading has a segment")
    }

    /// The signal of the newest point by a rule, if it meets it.
    pub(crate) fn of_newest(&self, rule: Rule) -> Option<Signal> {
        let newest = self.newest;
        let mut signals = self.signals.iter().copied();
        signals.find(|signal| signal.index == newest && signal.rule == rule)
    }

    /// Where a new baseline could begin, once a person has confirmed a cause: at the start of the run that the newest
    /// point belongs to, if it is a signal. Nothing else lets limits be set anew.
    pub fn possible_baseline(&self) -> Option<usize> {
        self.of_newest(Rule::Run)?;
        // A run of the whole segment has nothing before it that it differs from.
        self.run_start.filter(|start| *start > self.current().start)
    }
}

/// The stretches between baselines.
fn spans(length: usize, baselines: &[usize]) -> Result<Vec<(usize, usize)>, NoSignal> {
    let ascending = baselines.windows(2).all(|pair| pair[0] < pair[1]);
    let inside = baselines.iter().all(|place| (1..length).contains(place));
    if !ascending || !inside || baselines.len() > BASELINES_MAX {
        return Err(NoSignal::Baselines);
    }
    let starts = std::iter::once(0).chain(baselines.iter().copied());
    let ends = baselines.iter().copied().chain(std::iter::once(length));
    Ok(starts.zip(ends).collect())
}

/// The points with places in a stretch.
fn within(points: &[Present], start: usize, end: usize) -> &[Present] {
    let from = points.partition_point(|point| point.index < start);
    let to = points.partition_point(|point| point.index < end);
    &points[from..to]
}

/// What the newest point says: the side on which it signals, against the centre.
fn state(reading: &SignalReading, points: &[Present], better: Better) -> State {
    let Some(newest) = points.last() else {
        return State::Steady;
    };
    let signals = reading
        .signals
        .iter()
        .any(|signal| signal.index == newest.index);
    if !signals {
        return State::Steady;
    }
    judged(better, newest.value, reading.current().limits.centre)
}

/// What a value that signals says, against the centre of its limits.
pub fn judged(better: Better, value: f64, centre: f64) -> State {
    match better.compare(value, centre) {
        Comparison::Better => State::Improving,
        Comparison::Worse => State::Worsening,
        Comparison::Neither => State::Moved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, column, full_column, places, reference};
    use crate::points::present;

    fn rule_places(signals: &[Signal], rule: Rule) -> Vec<usize> {
        let of_rule = signals.iter().filter(|signal| signal.rule == rule);
        of_rule.map(|signal| signal.index).collect()
    }

    /// The rules alone, on limits that do not allow for carry-over, as the reference has them.
    fn check_rules(values: &[f64], baseline: usize, expected: &serde_json::Value) {
        let mut limits = NaturalLimits::of_baseline(&values[..baseline]);
        let half = 2.66 * limits.mean_step;
        limits = NaturalLimits {
            lower: limits.centre - half,
            upper: limits.centre + half,
            carry_over: 0.0,
            ..limits
        };
        let of_limits = &expected["limits"];
        assert_near(limits.centre, of_limits["center"].as_f64().unwrap(), 1e-9);
        assert_near(limits.upper, of_limits["unpl"].as_f64().unwrap(), 1e-9);
        assert_near(limits.lower, of_limits["lnpl"].as_f64().unwrap(), 1e-9);
        assert_near(limits.step_limit, of_limits["url"].as_f64().unwrap(), 1e-9);
        let plain: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let points = present(&plain).unwrap();
        let signals = rules::signals(&points, &limits);
        let of_rules = &expected["signals_idx"];
        for (rule, name) in [
            (Rule::Outside, "rule1_outside"),
            (Rule::Run, "rule2_run8"),
            (Rule::NearLimit, "rule3_3of4"),
        ] {
            assert_eq!(
                rule_places(&signals, rule),
                places(&of_rules[name]),
                "{name}"
            );
        }
        let steps: Vec<usize> = rules::large_steps(&points, &limits).collect();
        assert_eq!(steps, places(&of_rules["mr_above_url"]));
    }

    #[test]
    fn rules_meet_the_points_of_the_nile_that_the_reference_lists() {
        let nile = full_column("data/nile.csv", "value");
        let expected = reference("signals.json");
        check_rules(&nile, 20, &expected["nile_xmr_baseline20"]);
        check_rules(&nile[28..], 72, &expected["nile_xmr_rebased_1899"]);
    }

    #[test]
    fn the_nile_as_it_is_read() {
        let values = column("data/nile.csv", "value");
        let reading = read(&values, Better::Higher, &[]).unwrap();
        let year = |rule| 1871 + rule_places(&reading.signals, rule)[0];
        assert_eq!((year(Rule::Run), year(Rule::Outside)), (1906, 1913));
        assert_eq!(reading.current().limits.standing, Standing::Locked);
        // Rebaselined where PELT finds the shift, the old limits stay and the new ones explain the rest.
        let split = read(&values, Better::Higher, &[28]).unwrap();
        assert_eq!(split.segments.len(), 2);
        assert_eq!((split.segments[0].start, split.segments[0].end), (0, 28));
        assert!(rule_places(&split.signals, Rule::Run).len() < 5);
    }

    fn series(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    /// A clean zigzag of twelve, then what is given.
    fn zigzag_and(more: &[f64]) -> Vec<Option<f64>> {
        let zigzag = [
            10.0, 12.0, 9.0, 11.0, 12.0, 10.0, 11.0, 9.0, 12.0, 10.0, 9.0, 11.0,
        ];
        series(&[&zigzag[..], &zigzag[..], more].concat())
    }

    #[test]
    fn the_newest_point_decides_and_the_direction_says_whether_it_is_good() {
        let state = |more: &[f64], better| read(&zigzag_and(more), better, &[]).unwrap().state;
        assert_eq!(state(&[30.0], Better::Higher), State::Improving);
        assert_eq!(state(&[30.0], Better::Lower), State::Worsening);
        assert_eq!(state(&[30.0, 11.0], Better::Higher), State::Steady);
        let range = |low, high| Better::Between { low, high };
        assert_eq!(state(&[30.0], range(5.0, 20.0)), State::Worsening);
        assert_eq!(state(&[30.0], range(25.0, 35.0)), State::Improving);
        assert_eq!(state(&[30.0], range(5.0, 35.0)), State::Moved);
    }

    #[test]
    fn gaps_keep_the_places_of_signals() {
        let mut values = zigzag_and(&[30.0]);
        values.insert(3, None);
        let reading = read(&values, Better::Higher, &[]).unwrap();
        assert_eq!(rule_places(&reading.signals, Rule::Outside), [25]);
    }

    #[test]
    fn a_run_offers_a_baseline_and_less_does_not() {
        let values = zigzag_and(&[12.0; 8]);
        let reading = read(&values, Better::Higher, &[]).unwrap();
        // The run begins with the last point of the zigzag, which happens to lie on the same side.
        assert_eq!(reading.possible_baseline(), Some(23));
        let values = zigzag_and(&[9.0, 12.0, 12.0]);
        let reading = read(&values, Better::Higher, &[]).unwrap();
        assert_eq!(reading.possible_baseline(), None);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let read = |values: &[Option<f64>], baselines: &[usize]| {
            read(values, Better::Higher, baselines).unwrap_err()
        };
        assert_eq!(
            read(&series(&[1.0; 5]), &[]),
            NoSignal::TooFewPoints { start: 0, have: 5 }
        );
        assert_eq!(
            read(&series(&[1.0; 10]), &[6]),
            NoSignal::TooFewPoints { start: 6, have: 4 }
        );
        assert_eq!(read(&series(&[1.0; 10]), &[12]), NoSignal::Baselines);
        assert_eq!(
            read(&series(&[1.0, f64::NAN]), &[]),
            NoSignal::NotFinite { index: 1 }
        );
    }

    #[test]
    fn the_same_value_again_and_again_is_steady() {
        let value = 0.1 + 0.2;
        let mut values = vec![Some(value); 30];
        values[29] = Some(0.3);
        let reading = read(&values, Better::Higher, &[]).unwrap();
        assert_eq!((reading.state, reading.signals.len()), (State::Steady, 0));
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn turning_the_series_over_turns_the_signals_over(
                values in proptest::collection::vec(-100.0..100.0_f64, 6..60)
            ) {
                let turned: Vec<f64> = values.iter().map(|value| -value).collect();
                let one = read(&series(&values), Better::Higher, &[]).unwrap();
                let other = read(&series(&turned), Better::Lower, &[]).unwrap();
                prop_assert_eq!(one.state, other.state);
                prop_assert_eq!(one.signals.len(), other.signals.len());
            }

            #[test]
            fn scale_does_not_matter(
                values in proptest::collection::vec(0.0..100.0_f64, 6..60)
            ) {
                let scaled: Vec<f64> = values.iter().map(|value| value * 1024.0).collect();
                let one = read(&series(&values), Better::Higher, &[]).unwrap();
                let other = read(&series(&scaled), Better::Higher, &[]).unwrap();
                prop_assert_eq!(one.signals, other.signals);
            }
        }
    }
}
