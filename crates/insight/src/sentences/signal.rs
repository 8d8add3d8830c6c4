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
    } else if reading.of_newest(Rule::Outside).is_some() {
        format!(
            "a real change{for_what} in {}: outside the routine range of {}",
            name(reading.newest),
            range()
        )
    } else {
        let side = match reading.of_newest(Rule::NearLimit).map(|signal| signal.side) {
            Some(Side::Below) => "lower",
            _ => "upper",
        };
        format!("probably a change{for_what}: 3 of the last 4 {period}s are near the {side} limit")
    };
    sentence(&format!("{text}{by_limits}"))
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

    proptest! {
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
