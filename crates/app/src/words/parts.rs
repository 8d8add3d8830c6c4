//! A measure's own periods within a coarser one that they do not fill, such as the weeks of a month: which days they are, and
//! where an earlier period has more or fewer of them.

use throughline_core::{Calendar, Frequency, Period};
use throughline_engine::Comparison;

use super::derivation::Derivation;
use super::{count, days, period};

/// The periods of one frequency that belong to a coarser one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// How many there are.
    pub count: usize,
    /// Their days, from the first of the first to the last of the last.
    pub days: Period,
}

impl Parts {
    /// The periods of a frequency in a period; `None` where they are just its days, so that nothing is to be said.
    #[must_use]
    pub fn of(calendar: &Calendar, frequency: Frequency, whole: &Period) -> Option<Parts> {
        let parts = calendar.parts(whole, frequency);
        if parts.is_empty() {
            return None;
        }
        let days = Period {
            frequency: whole.frequency,
            first: calendar.period(frequency, *parts.start()).first,
            last: calendar.period(frequency, *parts.end()).last,
        };
        let is_filled = (days.first, days.last) == (whole.first, whole.last);
        (!is_filled).then(|| Parts {
            count: parts.count(),
            days,
        })
    }
}

impl Derivation<'_> {
    /// The days of the measure's own periods in the one that is shown, where they are not those of the period:
    /// `4 weeks: 3 to 30 Jun 2013`.
    #[must_use]
    pub fn covers(&self) -> Option<String> {
        let shown = self.explanation.reading.shown_period;
        let parts = self.parts_in(&shown)?;
        Some(format!(
            "{}: {}",
            self.counted(parts.count),
            days(&parts.days)
        ))
    }

    /// The same as a sentence of how the number is made.
    #[must_use]
    pub fn read_over(&self) -> Option<String> {
        self.covers().map(|covers| format!("Read over {covers}."))
    }

    /// That an earlier period with which this one is compared has another number of the measure's own periods.
    #[must_use]
    pub fn other_lengths(&self) -> Option<String> {
        let derived = &self.explanation.derived;
        let shown = self.explanation.reading.shown_period;
        let own = self.parts_in(&shown)?.count;
        // Of a running period as many parts are compared, and their days said.
        if derived.comparison != Comparison::Whole {
            return None;
        }
        let earlier = [
            ("the period before", derived.previous, Some(1)),
            (
                "the same period last year",
                derived.same_period_last_year,
                shown.frequency.months().map(|months| 12 / months),
            ),
        ];
        let others: Vec<String> = earlier
            .into_iter()
            .filter_map(|(name, value, back)| {
                value?;
                let other = self.parts_in(&self.earlier(&shown, back?))?.count;
                (other != own).then(|| format!("{name} had {other}"))
            })
            .collect();
        if others.is_empty() {
            return None;
        }
        let what = if self.measure.is_summed_over_time() {
            ", which is a part of the change"
        } else {
            ""
        };
        Some(format!(
            "{} has {}; {}{what}.",
            period(&shown, self.model.calendar()),
            self.counted(own),
            others.join(", ")
        ))
    }

    fn parts_in(&self, whole: &Period) -> Option<Parts> {
        Parts::of(self.model.calendar(), self.measure.frequency, whole)
    }

    fn earlier(&self, shown: &Period, periods: i32) -> Period {
        let calendar = self.model.calendar();
        calendar.period(shown.frequency, calendar.index(shown) - periods)
    }

    /// `4 weeks`
    fn counted(&self, parts: usize) -> String {
        count(parts as u64, self.measure.frequency.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_have_other_days_than_their_month_and_months_have_those_of_their_quarter() {
        let calendar = Calendar::default();
        let check = |frequency, whole: &str, expected: Option<(usize, &str)>| {
            let whole = calendar.parse_period(whole).expect("a period");
            let found = Parts::of(&calendar, frequency, &whole);
            let found = found.map(|parts| (parts.count, days(&parts.days)));
            let expected = expected.map(|(count, days)| (count, days.to_owned()));
            assert_eq!(found, expected, "{whole:?}");
        };
        check(
            Frequency::Week,
            "2013-05",
            Some((5, "29 Apr to 2 Jun 2013")),
        );
        check(Frequency::Week, "2013-06", Some((4, "3 to 30 Jun 2013")));
        check(
            Frequency::Week,
            "2020",
            Some((53, "30 Dec 2019 to 3 Jan 2021")),
        );
        check(Frequency::Week, "2013-W20", None);
        check(Frequency::Month, "2013-Q2", None);
        check(Frequency::Month, "2013-W20", None);
        // A month whose weeks are just its days.
        check(Frequency::Week, "2021-02", None);
    }
}
