//! Times that are no period, such as a year to date, and what a period that is not over is compared with.

use jiff::civil::Date;
use throughline_core::{Calendar, Period};
use throughline_engine::Comparison;

use super::{days, month, period};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Whether the days are those of a period of its frequency, which goes by its name.
pub fn is_period(span: &Period, calendar: &Calendar) -> bool {
    calendar.containing(span.frequency, span.first) == *span
}

/// A period as people call it, or the days of a span that is none.
pub fn named(span: &Period, calendar: &Calendar) -> String {
    if is_period(span, calendar) {
        period(span, calendar)
    } else {
        in_short(span)
    }
}

/// `Jan to Oct 2026` where the span has whole months, else its days: `1 Jan to 4 Oct 2026`.
pub fn in_short(span: &Period) -> String {
    if !has_whole_months(span) {
        return days(span);
    }
    let (first, last) = (span.first, span.last);
    match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => format!("{} {}", month(first), first.year()),
        (true, false) => format!("{} to {} {}", month(first), month(last), last.year()),
        (false, _) => format!(
            "{} {} to {} {}",
            month(first),
            first.year(),
            month(last),
            last.year()
        ),
    }
}

/// What a period that is not over was compared with; `None` where whole periods were.
pub fn comparison(comparison: &Comparison) -> Option<String> {
    match comparison {
        Comparison::Whole => None,
        Comparison::None => Some(
            "The period is not over, and what counts of it is no part that an earlier one has, too: it is compared with none."
                .to_owned(),
        ),
        Comparison::SoFar(so_far) => {
            let last_year = match months_of_both(&so_far.counts, &so_far.last_year) {
                Some(months) => format!("{months} of both years"),
                None => format!(
                    "{} with {}",
                    in_short(&so_far.counts),
                    in_short(&so_far.last_year)
                ),
            };
            let mut text = format!("The period is not over. Compared with last year: {last_year}");
            if so_far.previous != so_far.last_year {
                text.push_str(&format!(
                    "; with the period before: {}",
                    in_short(&so_far.previous)
                ));
            }
            text.push('.');
            Some(text)
        }
    }
}

/// `January to October`, where that is what two spans of different years have.
fn months_of_both(a: &Period, b: &Period) -> Option<String> {
    let months = |span: &Period| (span.first.month(), span.last.month());
    let is_of_one_year = |span: &Period| span.first.year() == span.last.year();
    let spans = [a, b];
    let is_alike = months(a) == months(b)
        && spans
            .iter()
            .all(|span| has_whole_months(span) && is_of_one_year(span));
    let name = |day: Date| MONTHS[usize::try_from(day.month() - 1).unwrap_or(0)];
    is_alike.then(|| {
        if a.first.month() == a.last.month() {
            name(a.first).to_owned()
        } else {
            format!("{} to {}", name(a.first), name(a.last))
        }
    })
}

fn has_whole_months(span: &Period) -> bool {
    span.first == span.first.first_of_month() && span.last == span.last.last_of_month()
}

#[cfg(test)]
mod tests {
    use throughline_core::Frequency;
    use throughline_engine::SoFar;

    use super::*;

    fn span(first: &str, last: &str) -> Period {
        Period {
            frequency: Frequency::Year,
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        }
    }

    #[test]
    fn spans_have_their_months_where_they_are_whole() {
        let check =
            |first, last, expected: &str| assert_eq!(in_short(&span(first, last)), expected);
        check("2026-01-01", "2026-10-31", "Jan to Oct 2026");
        check("2026-10-01", "2026-10-31", "Oct 2026");
        check("2025-11-01", "2026-10-31", "Nov 2025 to Oct 2026");
        check("2026-01-01", "2026-10-04", "1 Jan to 4 Oct 2026");
    }

    #[test]
    fn a_comparison_says_what_was_compared() {
        let check = |[counts, last_year, previous]: [Period; 3], expected: &str| {
            let so_far = SoFar {
                counts,
                last_year,
                previous,
            };
            assert_eq!(
                comparison(&Comparison::SoFar(so_far)).as_deref(),
                Some(expected)
            );
        };
        let year = [
            span("2026-01-01", "2026-10-31"),
            span("2025-01-01", "2025-10-31"),
            span("2025-01-01", "2025-10-31"),
        ];
        check(
            year,
            "The period is not over. Compared with last year: January to October of both years.",
        );
        let quarter = [
            span("2026-10-01", "2026-10-31"),
            span("2025-10-01", "2025-10-31"),
            span("2026-07-01", "2026-07-31"),
        ];
        check(
            quarter,
            "The period is not over. Compared with last year: October of both years; with the period before: Jul 2026.",
        );
        let weeks = [
            span("2026-01-01", "2026-10-04"),
            span("2024-12-30", "2025-10-05"),
            span("2024-12-30", "2025-10-05"),
        ];
        check(
            weeks,
            "The period is not over. Compared with last year: 1 Jan to 4 Oct 2026 with 30 Dec 2024 to 5 Oct 2025.",
        );
        assert_eq!(comparison(&Comparison::Whole), None);
    }
}
