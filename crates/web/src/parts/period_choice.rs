//! Periods to choose by name: those that a review can look at, and those in which a predicted effect can be there.

use throughline_app::words;
use throughline_core::{Calendar, Frequency, Period};

/// Periods of one length under their heading: name, words, whether it is chosen.
pub type PeriodGroup = (&'static str, Vec<(String, String, bool)>);

/// The lengths that are offered beside the usual one, and how many periods of each; those of a fiscal year where it is another
/// than that of the calendar.
const LENGTHS: [(Frequency, &str, i32); 7] = [
    (Frequency::Month, "Months", 12),
    (Frequency::FiscalQuarter, "Quarters of the fiscal year", 8),
    (Frequency::FiscalHalfYear, "Halves of the fiscal year", 4),
    (Frequency::FiscalYear, "Fiscal years", 5),
    (Frequency::Quarter, "Quarters", 8),
    (Frequency::HalfYear, "Halves of a year", 4),
    (Frequency::Year, "Years", 5),
];

/// The periods after one, the next first, those of its own length before others; with one chosen by its name.
#[must_use]
pub fn periods_after(calendar: &Calendar, period: &Period, chosen: &str) -> Vec<PeriodGroup> {
    groups(calendar, period.frequency, |frequency, count| {
        let last = calendar.index_of(frequency, period.last);
        named(calendar, frequency, (1..=count).map(|by| last + by), chosen)
    })
}

/// The periods that have begun by a day, the newest first, those of one length before others; with one chosen by its name, and
/// those before it where it is older than all of them.
#[must_use]
pub fn periods_until(
    calendar: &Calendar,
    day: jiff::civil::Date,
    usual: Frequency,
    chosen: &str,
) -> Vec<PeriodGroup> {
    let mut all = groups(calendar, usual, |frequency, count| {
        let last = calendar.index_of(frequency, day);
        named(calendar, frequency, (0..=count).map(|by| last - by), chosen)
    });
    let is_there = all
        .iter()
        .any(|(_, periods)| periods.iter().any(|one| one.2));
    if !is_there && let Ok(period) = calendar.parse_period(chosen) {
        let (frequency, last) = (period.frequency, calendar.index(&period));
        let earlier = (0..LENGTHS[0].2).map(|by| last - by);
        all.insert(0, ("Earlier", named(calendar, frequency, earlier, chosen)));
    }
    all
}

/// The groups of all lengths, the usual one first.
fn groups(
    calendar: &Calendar,
    usual: Frequency,
    of: impl Fn(Frequency, i32) -> Vec<(String, String, bool)>,
) -> Vec<PeriodGroup> {
    let words = LENGTHS.iter().find(|(frequency, ..)| *frequency == usual);
    let first = match words {
        Some((frequency, words, count)) => (*words, of(*frequency, *count)),
        None => ("Usual periods", of(usual, LENGTHS[0].2)),
    };
    let has_fiscal = calendar.fiscal_year_starts() != 1;
    let others = LENGTHS
        .iter()
        .filter(|(frequency, ..)| *frequency != usual && (has_fiscal || !frequency.is_fiscal()));
    let others = others.map(|(frequency, words, count)| (*words, of(*frequency, *count)));
    std::iter::once(first).chain(others).collect()
}

fn named(
    calendar: &Calendar,
    frequency: Frequency,
    places: impl Iterator<Item = i32>,
    chosen: &str,
) -> Vec<(String, String, bool)> {
    let known = calendar.index_range(frequency);
    places
        .filter(|place| known.contains(place))
        .map(|place| {
            let period = calendar.period(frequency, place);
            let name = calendar.name(&period);
            let is_chosen = name == chosen;
            (name, words::period(&period, calendar), is_chosen)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_stand_by_name_with_the_usual_length_first() {
        let calendar = Calendar::default();
        let december = calendar.parse_period("2013-12").expect("a month");
        let after = periods_after(&calendar, &december, "2014-03");
        let headings: Vec<&str> = after.iter().map(|(words, _)| *words).collect();
        assert_eq!(
            headings,
            ["Months", "Quarters", "Halves of a year", "Years"]
        );
        assert_eq!(after[0].1[0].1, "Jan 2014");
        let chosen: Vec<_> = after[0]
            .1
            .iter()
            .filter(|(.., is_chosen)| *is_chosen)
            .collect();
        assert_eq!(chosen.len(), 1);
        assert_eq!(chosen[0].1, "Mar 2014");
        assert_eq!(after[1].1[0].1, "Q1 2014");
        let quarter = calendar.parse_period("2013-Q4").expect("a quarter");
        assert_eq!(periods_after(&calendar, &quarter, "")[0].0, "Quarters");
        let day = jiff::civil::date(2014, 1, 14);
        let until = periods_until(&calendar, day, Frequency::Week, "2013-12");
        let headings: Vec<&str> = until.iter().map(|(words, _)| *words).collect();
        let usual = ["Usual periods", "Months", "Quarters"];
        assert_eq!(headings[..3], usual);
        assert_eq!(until[2].1[4].1, "Q1 2013");
        // One that is older than all that are offered is offered with those before it.
        let older = periods_until(&calendar, day, Frequency::Month, "2011-05");
        assert_eq!(
            (older[0].0, older[0].1[0].1.as_str()),
            ("Earlier", "May 2011")
        );
        assert!(older[0].1[0].2);
        assert_eq!(
            until[1].1[..2]
                .iter()
                .map(|one| one.1.as_str())
                .collect::<Vec<_>>(),
            ["Jan 2014", "Dec 2013"]
        );
    }

    #[test]
    fn the_periods_of_a_fiscal_year_are_offered_where_it_is_another() {
        let calendar = Calendar::new(
            4,
            Calendar::default().week_starts(),
            jiff::tz::TimeZone::UTC,
        );
        let calendar = calendar.expect("a calendar");
        let day = jiff::civil::date(2014, 1, 14);
        let until = periods_until(&calendar, day, Frequency::Month, "FY2013");
        let headings: Vec<&str> = until.iter().map(|(words, _)| *words).collect();
        assert_eq!(
            headings[1..4],
            [
                "Quarters of the fiscal year",
                "Halves of the fiscal year",
                "Fiscal years"
            ]
        );
        let names = |at: usize| until[at].1.iter().map(|one| one.0.as_str());
        assert_eq!(
            names(1).take(2).collect::<Vec<_>>(),
            ["FY2014-Q4", "FY2014-Q3"]
        );
        assert_eq!(names(3).next(), Some("FY2014"));
        assert!(until[3].1[1].2);
    }
}
