//! What each measure is: its unit, kind, better direction, frequency and owner, each guess with its reason.

use throughline_core::Calendar;
use throughline_model::records::Better;

use crate::book::Workbook;
use crate::duration;
use crate::facts::{About, Fact};
use crate::guess_frequency::due_after;
use crate::keys::Keys;
use crate::look::{Look, as_number};
use crate::mapping::{MeasureMapping, Sure};
use crate::words::{better_named, better_of_name, has_any, is_missing};

/// The most decimal places that are guessed.
const DECIMALS_MAX: u8 = 2;

/// Guesses what a measure is.
pub fn guess(
    book: &Workbook,
    calendar: &Calendar,
    found_as: &str,
    about: &About,
    facts: &[&Fact],
    keys: &mut Keys,
) -> MeasureMapping {
    let text = |role: &str| about.texts.get(role).map(String::as_str);
    let own_unit = text("shown_as")
        .map(str::to_owned)
        .or_else(|| unit_in(&about.name));
    let look = Look::of(book, calendar, facts, own_unit.as_deref());
    let mut guess = Guess::default();
    for (sure, because) in &about.said {
        guess.say(*sure, because);
    }
    let are_durations = look.durations * 2 > look.numbers;
    let name = match are_durations {
        true => tidy_name(&duration::without_clock(&about.name).0),
        false => tidy_name(&about.name),
    };
    let is_percent = guess.percent(&look, &about.name, text("shown_as"));
    let shown_as = match is_percent {
        true => Some("%".to_owned()),
        false => text("shown_as")
            .filter(|text| !is_missing(text))
            .map(str::to_owned)
            .or_else(|| unit_in(&about.name)),
    };
    let shown_as = match are_durations {
        true => Some(guess.unit_of_time(shown_as)),
        false => shown_as,
    };
    let kind = guess.kind(&look, &about.name, shown_as.as_deref());
    let better = guess.better(&look, &about.name, text("better"), text("baseline"));
    let frequency = guess.frequency(&look, text("frequency"));
    let decimals = text("decimals")
        .and_then(|text| text.parse().ok())
        .unwrap_or(if is_percent {
            look.percent_decimals
        } else {
            look.decimals
        })
        .min(DECIMALS_MAX);
    MeasureMapping {
        found_as: found_as.to_owned(),
        read: true,
        key: keys.of(&name),
        name: without_unit(&name, shown_as.as_deref()),
        definition: text("definition").map(str::to_owned),
        kind: kind.to_owned(),
        shown_as,
        decimals,
        better: better.map(|better| better.word().to_owned()),
        frequency: frequency.word().to_owned(),
        sundays: None,
        weeks_doubted: about.weeks_doubted,
        due: Some(due_after(frequency)),
        owner: text("owner").map(str::to_owned),
        sure: guess.sure,
        because: guess.because,
    }
}

/// Names without stray marks.
fn tidy_name(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_matches(['*', ':', ' '])
        .to_owned()
}

/// The unit of measure in a name: in brackets, or its last word, unless that is what it is counted per.
fn unit_in(name: &str) -> Option<String> {
    /// Words that say that it is a number, and not of what.
    const OF_NOTHING: &[&str] = &[
        "score", "index", "ratio", "rate", "number", "count", "no", "units",
    ];
    let in_brackets = name
        .rsplit_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    let words: Vec<&str> = name.split_whitespace().collect();
    let last = match words.as_slice() {
        // The only word of a name is what it is, and no unit.
        [] | [_] => None,
        [.., before, _] if before.eq_ignore_ascii_case("per") => None,
        words => words.last().copied(),
    };
    let is_unit = |text: &&str| {
        let lower = text.to_lowercase();
        crate::columns::is_unit_of_measure(text)
            && text.len() <= 20
            && !OF_NOTHING.contains(&lower.as_str())
    };
    let candidates = [in_brackets, last];
    candidates
        .into_iter()
        .flatten()
        .find(is_unit)
        .map(str::to_owned)
}

/// A name without the sign of its unit at the end, which stands beside it wherever it is shown.
fn without_unit(name: &str, unit: Option<&str>) -> String {
    let Some(unit) = unit else {
        return name.to_owned();
    };
    let is_sign = !unit.chars().all(char::is_alphanumeric);
    let in_brackets = format!("({unit})");
    let rest = match name.strip_suffix(&in_brackets) {
        Some(rest) => Some(rest),
        None if is_sign => name.strip_suffix(unit),
        None => None,
    };
    let rest = rest.map(|rest| rest.trim_end_matches([' ', ',', '-', '–', ':']));
    rest.filter(|rest| !rest.is_empty())
        .unwrap_or(name)
        .to_owned()
}

/// What is guessed, and how sure it is.
#[derive(Debug, Default)]
pub(crate) struct Guess {
    sure: Sure,
    because: Vec<String>,
}

impl Guess {
    pub(crate) fn say(&mut self, sure: Sure, because: impl Into<String>) {
        self.sure = self.sure.min(sure);
        self.because.push(because.into());
    }

    /// The unit of times of a clock: the one that is named, or minutes.
    fn unit_of_time(&mut self, named: Option<String>) -> String {
        match named.filter(|unit| duration::seconds_of(unit).is_some()) {
            Some(unit) => unit,
            None => {
                self.say(Sure::Likely, "in minutes: its cells are times such as 0:15");
                "min".to_owned()
            }
        }
    }

    fn percent(&mut self, look: &Look, name: &str, unit: Option<&str>) -> bool {
        let by_unit =
            unit.is_some_and(|unit| has_any(unit, &["%", "percent*"]) || unit.trim() == "%");
        if by_unit || name.contains('%') || has_any(name, &["percent*", "pct"]) {
            self.say(Sure::Certain, "shown as %: its name or unit says so");
            return true;
        }
        if unit.is_some_and(|unit| !is_missing(unit)) || look.percents == 0 {
            return false;
        }
        let sure = if look.percents * 2 >= look.numbers {
            Sure::Likely
        } else {
            Sure::ToCheck
        };
        self.say(
            sure,
            format!(
                "shown as %: {} of {} cells are",
                look.percents, look.numbers
            ),
        );
        look.percents * 10 >= look.numbers
    }

    fn kind(&mut self, look: &Look, name: &str, unit: Option<&str>) -> &'static str {
        if look.yes_no > look.numbers {
            self.say(Sure::Certain, "yes or no: its cells are");
            return "yes-no";
        }
        if unit == Some("%") {
            self.say(
                Sure::Certain,
                "a ratio: shown as %; no weights are known, so that units count alike",
            );
            return "ratio";
        }
        const MEANS: &[&str] = &[
            "average",
            "avg",
            "mean",
            "median",
            "per",
            "rate",
            "index",
            "score",
            "mins/*",
            "time",
            "duration",
            "speed",
            "nps",
            "satisfaction",
            "ratio",
        ];
        const STOCKS: &[&str] = &[
            "headcount",
            "backlog",
            "open",
            "stock",
            "balance",
            "fte",
            "staff in post",
            "customers",
            "members",
            "inventory",
            "vacanc*",
            "outstanding",
            "waiting list",
            "properties",
        ];
        const SUMS: &[&str] = &[
            "total",
            "number of",
            "count",
            "sales",
            "revenue",
            "income",
            "cost*",
            "opex",
            "spend",
            "profit",
            "£*",
            "$*",
            "complaint*",
            "incident*",
            "accident*",
            "ridership",
            "calls",
            "orders",
            "variance",
        ];
        let of_unit = unit.unwrap_or_default();
        if has_any(name, MEANS)
            || has_any(
                of_unit,
                &[
                    "per", "days", "mins*", "min", "minutes", "hours", "score", "index",
                ],
            )
            || name.contains('/')
            || of_unit.contains('/')
        {
            self.say(
                Sure::Likely,
                "a mean over time and units: by the words of its name or unit",
            );
            return "mean";
        }
        if has_any(name, STOCKS) {
            self.say(
                Sure::Likely,
                "a level: the last one over time, summed over units, by the words of its name",
            );
            return "level";
        }
        if has_any(name, SUMS) || look.whole == look.numbers || of_unit.starts_with(['£', '$', '€'])
        {
            let sure = if has_any(name, SUMS) {
                Sure::Likely
            } else {
                Sure::ToCheck
            };
            self.say(
                sure,
                "a sum over time and units: by its name or its whole numbers",
            );
            return "sum";
        }
        self.say(
            Sure::ToCheck,
            "a mean over time and units: nothing says otherwise",
        );
        "mean"
    }

    fn better(
        &mut self,
        look: &Look,
        name: &str,
        said: Option<&str>,
        baseline: Option<&str>,
    ) -> Option<Better> {
        if let Some(better) = said.and_then(better_named) {
            let word = better.map_or("for information", Better::word);
            self.say(
                Sure::Certain,
                format!("better {word}: the workbook says so"),
            );
            return better;
        }
        let by_target = match (look.at_least, look.at_most) {
            (true, false) => Some(Better::Higher),
            (false, true) => Some(Better::Lower),
            _ => None,
        };
        if let Some(better) = by_target {
            self.say(
                Sure::Certain,
                format!("better {}: the sign of its target says so", better.word()),
            );
            return Some(better);
        }
        if let Some(better) = better_of_name(name) {
            self.say(
                Sure::Likely,
                format!("better {}: by the words of its name", better.word()),
            );
            return Some(better);
        }
        if let (Some(baseline), Some(target)) = (baseline.and_then(as_number), look.target)
            && baseline != target
        {
            let better = match target > baseline {
                true => Better::Higher,
                false => Better::Lower,
            };
            let because = format!(
                "better {}: its target {target} lies that way from its baseline {baseline}",
                better.word()
            );
            self.say(Sure::Likely, because);
            return Some(better);
        }
        if look.has_targets {
            self.say(
                Sure::ToCheck,
                "better higher: it has targets, and nothing says which way",
            );
            return Some(Better::Higher);
        }
        self.say(
            Sure::ToCheck,
            "for information: nothing says which way is better",
        );
        None
    }
}
