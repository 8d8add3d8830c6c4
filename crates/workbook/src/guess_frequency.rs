//! How often a measure is observed: by what its values are of, and else by what a column says or how far its days lie apart.
//! And by when its values are due, which follows from that until somebody says otherwise.

use throughline_core::Frequency;

use crate::guess_measures::Guess;
use crate::look::Look;
use crate::mapping::Sure;

impl Guess {
    pub(crate) fn frequency(&mut self, look: &Look, said: Option<&str>) -> Frequency {
        let by_headings: Vec<Frequency> = Frequency::ALL
            .into_iter()
            .filter(|one| look.frequencies.contains(&(*one as u8)))
            .collect();
        let named = said.and_then(frequency_named);
        // What the values are of counts more than what a column says of them.
        match by_headings.as_slice() {
            [only] => {
                if named.is_some_and(|named| named != *only) {
                    self.say(
                        Sure::ToCheck,
                        format!(
                            "{}: its periods are, though a column says otherwise",
                            only.word()
                        ),
                    );
                }
                *only
            }
            [finest, ..] => {
                self.say(
                    Sure::ToCheck,
                    format!("{}: the finest of several kinds of periods", finest.word()),
                );
                *finest
            }
            [] => named.unwrap_or_else(|| by_gaps(look)),
        }
    }
}

/// The frequency of days that lie as far apart as these.
fn by_gaps(look: &Look) -> Frequency {
    let days: Vec<_> = look.days.iter().copied().collect();
    let gaps = days
        .windows(2)
        .map(|pair| (pair[1].since(pair[0])).map_or(0, |span| span.get_days()));
    match gaps.min() {
        None => Frequency::Month,
        Some(gap) if gap < 5 => Frequency::Day,
        Some(gap) if gap < 14 => Frequency::Week,
        Some(gap) if gap < 80 => Frequency::Month,
        Some(gap) if gap < 300 => Frequency::Quarter,
        Some(_) => Frequency::Year,
    }
}

/// Days after the end of a period by which its values are due, where nobody said more: no workbook says it, and figures are
/// gathered after their period is over. A month is due by the 15th of the next one.
#[must_use]
pub const fn due_after(frequency: Frequency) -> u16 {
    match frequency {
        Frequency::Day => 2,
        Frequency::Week => 5,
        Frequency::Month => 15,
        Frequency::Quarter | Frequency::FiscalQuarter => 30,
        Frequency::HalfYear | Frequency::FiscalHalfYear => 45,
        Frequency::Year | Frequency::FiscalYear => 60,
    }
}

fn frequency_named(text: &str) -> Option<Frequency> {
    match text.trim().to_lowercase().as_str() {
        "d" | "daily" | "day" => Some(Frequency::Day),
        "w" | "weekly" | "week" => Some(Frequency::Week),
        "m" | "monthly" | "month" => Some(Frequency::Month),
        "q" | "quarterly" | "quarter" => Some(Frequency::Quarter),
        "h" | "half-yearly" | "half-year" | "biannual" => Some(Frequency::HalfYear),
        "y" | "a" | "yearly" | "annual" | "annually" | "year" => Some(Frequency::Year),
        _ => None,
    }
}
