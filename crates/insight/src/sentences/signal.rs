//! Whether a series signals, in words.

use super::{Measure, sentence};
use crate::signals::{RUN_LENGTH, Rule, Side, Signal, SignalReading, Standing, State};

/// What the newest point of a series says.
pub fn signal(measure: &Measure<'_>, reading: &SignalReading) -> String {
    let period = measure.frequency.everyday_word();
    if reading.state == State::Steady {
        return sentence(&format!(
            "routine variation: look at the system, not at the last {period}"
        ));
    }
    let limits = &reading.current().limits;
    let for_what = match reading.state {
        State::Improving => " for the better",
        State::Worsening => " for the worse",
        State::Moved | State::Steady => "",
    };
    let by_limits = match limits.standing {
        Standing::Provisional => ", by provisional limits",
        Standing::Settling | Standing::Locked => "",
    };
    let name = |index: usize| (measure.period_name)(index);
    let range = || {
        format!(
            "{} to {}",
            measure.value(limits.lower),
            measure.value(limits.upper)
        )
    };
    let text = if reading.of_newest(Rule::Run).is_some() {
        let since = reading.run_start.unwrap_or(reading.newest);
        format!("a real shift{for_what}, probably since {}", name(since))
    } else if let Some(start) = reading.outside_start {
        outside(for_what, (start, reading.newest), &name, &range())
    } else {
        let side = match reading.of_newest(Rule::NearLimit).map(|signal| signal.side) {
            Some(Side::Below) => "lower",
            _ => "upper",
        };
        format!("probably a change{for_what}: 3 of the last 4 {period}s are near the {side} limit")
    };
    sentence(&format!("{text}{by_limits}"))
}

/// That points lie outside the limits, up to the newest one. Of a single one its period is when it changed; of several it is
/// that of the first, and limits are those of the newest, as they may differ with the season.
fn outside(
    for_what: &str,
    (start, newest): (usize, usize),
    name: &dyn Fn(usize) -> String,
    range: &str,
) -> String {
    let (since, of_newest) = (name(start), name(newest));
    if start == newest {
        return format!("a real change{for_what} in {since}: outside the routine range of {range}");
    }
    format!(
        "a real change{for_what}: outside the routine range since {since}, which is {range} for {of_newest}"
    )
}

/// Why one point signals, in a few words.
pub fn why(signal: &Signal) -> String {
    let (limit, side) = match signal.side {
        Side::Above => ("upper", "above"),
        Side::Below => ("lower", "below"),
    };
    match signal.rule {
        Rule::Outside => format!("{side} the {limit} natural limit"),
        Rule::Run => format!("{RUN_LENGTH} or more in a row {side} the average"),
        Rule::NearLimit => format!("3 of 4 near the {limit} natural limit"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{assert_sentence, plain};
    use super::*;
    use crate::better::Better;
    use crate::golden::column;
    use crate::signals::read;

    fn said(values: &[Option<f64>], better: Better) -> String {
        let name = |index: usize| (1871 + index).to_string();
        signal(&plain(&name), &read(values, better, &[]).unwrap())
    }

    #[test]
    fn the_nile_year_by_year() {
        let nile = column("data/nile.csv", "value");
        assert_eq!(
            said(&nile[..24], Better::Higher),
            "Routine variation: look at the system, not at the last month."
        );
        assert_eq!(
            said(&nile[..43], Better::Lower),
            "A real shift for the better, probably since 1899."
        );
        assert_eq!(
            said(
                &nile[..43],
                Better::Between {
                    low: f64::NEG_INFINITY,
                    high: f64::INFINITY
                }
            ),
            "A real shift, probably since 1899."
        );
    }

    #[test]
    fn one_point_outside_names_its_period_and_the_range() {
        let mut values: Vec<Option<f64>> = [10.0, 12.0, 9.0, 11.0, 12.0, 10.0, 11.0, 9.0]
            .map(Some)
            .to_vec();
        values.push(Some(40.0));
        let text = said(&values, Better::Lower);
        assert!(
            text.starts_with("A real change for the worse in 1879: outside the routine range of "),
            "{text}"
        );
        assert!(text.ends_with(", by provisional limits."), "{text}");
    }

    /// Points that carry each other along, so that runs do not count, which have been higher for some time.
    #[test]
    fn points_outside_since_long_name_the_first_of_them() {
        let mut values: Vec<f64> = (0..24).map(|at| 50.0 + f64::from(at / 6 % 2)).collect();
        values.extend([58.0, 61.0, 64.0, 60.0]);
        let series: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let text = said(&series, Better::Higher);
        assert!(
            text.starts_with(
                "A real change for the better: outside the routine range since 1895, which is "
            ) && text.ends_with(" for 1898."),
            "{text}"
        );
    }

    /// The place that a sentence names, as periods are called by their places.
    fn named(text: &str, before: &str) -> Option<usize> {
        let rest = text.split_once(before)?.1;
        let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
        digits.parse::<usize>().ok()?.checked_sub(1871)
    }

    proptest! {
        /// What is said to have been so since a period began with it: all points since lie outside the limits on one side, and
        /// the one before does not; and what changed in a period was not so before.
        #[test]
        fn the_period_that_is_named_is_where_it_began(
            steps in proptest::collection::vec(-10.0..10.0_f64, 26..40),
            shift in 20.0..200.0_f64,
            since in 1..6_usize,
            upwards in proptest::bool::ANY,
            back in proptest::bool::ANY,
        ) {
            // Each point carries over to the next.
            let mut level = 0.0;
            let mut values: Vec<f64> = steps.iter().map(|step| { level = 0.7 * level + step; level }).collect();
            let count = values.len();
            let shift = if upwards { shift } else { -shift };
            values[count - since..].iter_mut().for_each(|value| *value += shift);
            if back && since > 2 {
                values[count - 2] -= shift;
            }
            let series: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
            for better in [Better::Higher, Better::Lower] {
                let reading = read(&series, better, &[]).unwrap();
                let text = said(&series, better);
                assert_sentence(&text);
                let Some(start) = named(&text, "outside the routine range since ").or(named(&text, " in ")) else {
                    continue;
                };
                let limits = reading.current().limits;
                let is_outside = |at: usize| match values[count - 1] > limits.centre {
                    true => values[at] > limits.upper,
                    false => values[at] < limits.lower,
                };
                prop_assert!((start..count).all(is_outside), "{}", text);
                prop_assert!(start == 0 || !is_outside(start - 1), "{}", text);
                prop_assert_eq!(text.contains(" in "), start == count - 1);
                // The level since is better or worse, whatever the newest step was.
                let mean = values[start..].iter().sum::<f64>() / (count - start) as f64;
                let is_better = (mean > limits.centre) == (better == Better::Higher);
                prop_assert_eq!(text.contains("for the better"), is_better, "{}", text);
            }
        }

        #[test]
        fn words_agree_with_the_state(
            values in proptest::collection::vec(-100.0..100.0_f64, 6..60),
            shift in -200.0..200.0_f64
        ) {
            let half = values.len() / 2;
            let shifted = values.iter().enumerate();
            let series: Vec<Option<f64>> = shifted.map(|(at, value)| Some(if at < half { *value } else { value + shift })).collect();
            for better in [Better::Higher, Better::Lower] {
                let reading = read(&series, better, &[]).unwrap();
                let text = said(&series, better);
                assert_sentence(&text);
                prop_assert_eq!(text.contains("better"), reading.state == State::Improving);
                prop_assert_eq!(text.contains("worse"), reading.state == State::Worsening);
                prop_assert_eq!(text.contains("Routine"), reading.state == State::Steady);
                // "Better" stands where the newest point lies on the better side of the centre.
                let newest = series[series.len() - 1].unwrap();
                let is_above = newest > reading.current().limits.centre;
                if text.contains("better") {
                    prop_assert_eq!(is_above, better == Better::Higher);
                }
                if text.contains("upper") || text.contains("lower") {
                    prop_assert_eq!(is_above, text.contains("upper"));
                }
            }
        }
    }
}
