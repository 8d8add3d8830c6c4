//! Numbers as people type them: with thousands separators, currencies, brackets for minus, percent signs, letters for
//! thousands, and marks of footnotes beside them.

/// A number that was read from a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Typed {
    /// The number as it stands, not yet divided by a hundred and not yet multiplied by what its letter says.
    pub number: f64,
    /// Whether a percent sign stands beside it.
    pub is_percent: bool,
    /// Decimal places that were typed.
    pub decimals: u8,
    /// What a letter behind it multiplies it by: `k` by a thousand, `m` by a million.
    pub times: f64,
    /// The letter, if it is an `m` and no currency stands beside the number: a small one may be minutes, metres or months, too.
    pub m: Option<char>,
    /// Whether it is a bound (`<5`, `≥95%`): a target may be one, and a value is none.
    pub is_bound: bool,
    /// Whether a mark beside it was passed over: a star, `(p)`, `~`.
    pub is_marked: bool,
}

impl Typed {
    /// The number of a measure that is counted in a unit: of `£k`, `10.5k` is 10.5.
    #[must_use]
    pub fn in_unit(&self, unit: Option<&str>) -> f64 {
        if self.times == 1.0 || (self.m.is_some() && is_short_m(unit)) {
            return self.number;
        }
        let counted_in = counted_in(&without_currency(unit).0).unwrap_or(1.0);
        crate::book::rounded(self.number * (self.times / counted_in))
    }

    /// Whether nobody can tell what its letter stands for: a small `m` is a million of money and of millions alone, and the unit
    /// itself where that is written so; a capital one is a million, unless the unit is.
    #[must_use]
    pub fn is_unclear(&self, unit: Option<&str>) -> bool {
        match self.m {
            Some('m') => !is_short_m(unit) && !is_of_millions(unit),
            Some(_) => is_short_m(unit),
            None => false,
        }
    }

    /// Decimal places of the number when it is written out.
    #[must_use]
    pub fn decimals_in(&self, unit: Option<&str>) -> u8 {
        let zeros = match self.in_unit(unit) / self.number {
            times if times > 0.9e9 => 9,
            times if times > 0.9e6 => 6,
            times if times > 0.9e3 => 3,
            _ => 0,
        };
        self.decimals.saturating_sub(zeros)
    }
}

/// Whether a unit is written as an `m` for short, and is no million: minutes, months, metres, and metres squared or cubed.
fn is_short_m(unit: Option<&str>) -> bool {
    #[rustfmt::skip]
    const UNITS: &[&str] = &[
        "min", "mins", "minute", "minutes", "month", "months", "mth", "mths", "metre", "metres", "meter", "meters", "m2", "m3",
        "m²", "m³",
    ];
    let unit = unit.unwrap_or_default().trim().to_lowercase();
    let word = unit.split([' ', '/', '(', '.']).next().unwrap_or_default();
    UNITS.contains(&word)
}

/// Whether a unit is of money, or of millions.
fn is_of_millions(unit: Option<&str>) -> bool {
    let (rest, is_money) = without_currency(unit);
    is_money || counted_in(&rest) == Some(1e6)
}

/// How many are counted as one, by a word for that.
fn counted_in(word: &str) -> Option<f64> {
    match word {
        "k" | "000" | "000s" | "'000" | "thousand" | "thousands" => Some(1e3),
        "m" | "mn" | "million" | "millions" => Some(1e6),
        "bn" | "billion" => Some(1e9),
        _ => None,
    }
}

/// What a unit says beside its currency, and whether it is one: whatever begins with a sign, and a code that stands alone, before a
/// word for how many are counted as one (`EUR m`), or before what it is paid for (`EUR per day`). `EUR pallets` are pallets.
fn without_currency(unit: Option<&str>) -> (String, bool) {
    const SIGNS: &[&str] = &["£", "$", "€"];
    const CODES: &[&str] = &["gbp", "usd", "eur", "euros", "euro"];
    let unit = unit.unwrap_or_default().trim().to_lowercase();
    let of_sign = SIGNS.iter().find_map(|sign| unit.strip_prefix(sign));
    let of_code = || {
        let rests = CODES.iter().filter_map(|code| unit.strip_prefix(code));
        let is_of_money = |rest: &&str| {
            rest.is_empty()
                || counted_in(rest).is_some()
                || rest.starts_with('/')
                || rest.starts_with("per ")
        };
        rests.map(str::trim).find(is_of_money)
    };
    let rest = of_sign.or_else(of_code);
    (rest.unwrap_or(&unit).trim().to_owned(), rest.is_some())
}

/// Signs of bounds, the longest first.
const BOUNDS: &[&str] = &[">=", "<=", "=>", "=<", "≥", "≤", ">", "<"];

/// Reads a text as a number; `None` if it is none for certain.
#[must_use]
pub fn read(text: &str) -> Option<Typed> {
    let bare = without_marks(text);
    let is_marked = bare.len() < text.trim().len();
    let mut rest: String = bare
        .chars()
        .filter(|character| {
            !character.is_whitespace() && *character != '\u{a0}' && *character != '\''
        })
        .map(|character| match character {
            '−' | '–' => '-',
            other => other,
        })
        .collect();
    let (mut is_bound, mut is_money) = (false, false);
    if !is_bare(&rest) {
        let bound = BOUNDS.iter().find_map(|sign| rest.strip_prefix(sign));
        is_bound = bound.is_some();
        rest = bound.map(str::to_owned).unwrap_or(rest);
        let bare = ["USD", "EUR", "GBP"]
            .iter()
            .find_map(|mark| rest.strip_prefix(mark));
        is_money = bare.is_some();
        rest = bare.map(str::to_owned).unwrap_or(rest);
    }
    let in_brackets = rest
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    let is_negative = in_brackets.is_some();
    rest = in_brackets.unwrap_or(&rest).to_owned();
    let is_percent = rest.ends_with('%') || rest.starts_with('%');
    rest = rest.trim_matches('%').to_owned();
    let (sign, digits) = match rest.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, rest.strip_prefix('+').unwrap_or(&rest)),
    };
    is_money |= digits.contains(['£', '$', '€']);
    let digits = digits
        .trim_start_matches(['£', '$', '€'])
        .trim_end_matches(['£', '$', '€']);
    let (digits, sign) = match digits.strip_prefix('-') {
        Some(digits) => (digits, -sign),
        None => (digits, sign),
    };
    let m = digits
        .chars()
        .last()
        .filter(|last| "mM".contains(*last) && !is_money);
    let (digits, times) = if is_percent {
        (digits, 1.0)
    } else {
        scaled(digits)
    };
    let (whole, fraction) = parts(digits)?;
    let number: f64 = format!("{whole}.{fraction}0").parse().ok()?;
    let sign = if is_negative { -sign } else { sign };
    Some(Typed {
        number: sign * number,
        is_percent,
        decimals: u8::try_from(fraction.len()).unwrap_or(u8::MAX),
        times,
        m,
        is_bound,
        is_marked,
    })
}

/// Digits without the letter behind them, and what that multiplies them by.
fn scaled(digits: &str) -> (&str, f64) {
    const LETTERS: &[(&str, f64)] = &[("bn", 1e9), ("mn", 1e6), ("k", 1e3), ("m", 1e6)];
    let found = LETTERS.iter().find_map(|(letters, times)| {
        let capitals = letters.to_uppercase();
        let short = digits.strip_suffix(letters);
        let short = short.or_else(|| digits.strip_suffix(capitals.as_str()));
        short.map(|digits| (digits, *times))
    });
    found.unwrap_or((digits, 1.0))
}

/// Whether a text has nothing but digits, their marks and a percent sign: most numbers, which need no second look.
pub fn is_bare(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.all(|byte| byte.is_ascii_digit() || b".,-+%".contains(&byte))
}

/// A text without what people put beside a number to say something of it: stars and raised numbers of footnotes, `(p)` for
/// provisional, `~` for about.
fn without_marks(text: &str) -> &str {
    const BEHIND: &[char] = &['*', '†', '‡', '^', '¹', '²', '³', '⁴', '⁵'];
    const ABOUT: &[&str] = &[
        "~", "≈", "c.", "ca.", "approx.", "approx ", "circa ", "about ",
    ];
    let mut text = text.trim();
    loop {
        let before = text.len();
        text = text.trim_end_matches(BEHIND).trim_end();
        text = without_note(text);
        text = ABOUT
            .iter()
            .find_map(|word| text.strip_prefix(word))
            .unwrap_or(text)
            .trim_start();
        if text.len() == before {
            return text;
        }
    }
}

/// A text without a short note in brackets behind it: `(p)`, `[1]`, `(est)`. What is in brackets as a whole stays.
fn without_note(text: &str) -> &str {
    /// The longest note, in bytes.
    const NOTE_MAX: usize = 4;
    let pairs = [('(', ')'), ('[', ']')];
    let note = pairs.into_iter().find_map(|(open, close)| {
        let (rest, note) = text.strip_suffix(close)?.rsplit_once(open)?;
        let is_note = note.len() <= NOTE_MAX && note.chars().all(char::is_alphanumeric);
        let is_behind = rest.chars().any(|character| character.is_ascii_digit());
        (is_note && is_behind).then(|| rest.trim_end())
    });
    note.unwrap_or(text)
}

/// The digits before and after the decimal mark, without separators. A mark that could be either is a separator of thousands
/// if it is a comma with three digits behind, and else the decimal mark.
fn parts(digits: &str) -> Option<(String, String)> {
    /// More digits than any number of a workbook has.
    const DIGITS_MAX: usize = 40;
    let is_number = |character: char| character.is_ascii_digit() || ".,".contains(character);
    let has_digit = digits.chars().any(|character| character.is_ascii_digit());
    if !has_digit || digits.len() > DIGITS_MAX || !digits.chars().all(is_number) {
        return None;
    }
    let last = |mark: char| digits.rfind(mark);
    let count = |mark: char| digits.matches(mark).count();
    let decimal = match (last('.'), last(',')) {
        (None, None) => None,
        (Some(point), Some(comma)) => Some(if point > comma { '.' } else { ',' }),
        (Some(_), None) => (count('.') == 1).then_some('.'),
        (None, Some(comma)) => {
            let behind = digits.len() - comma - 1;
            (count(',') == 1 && behind != 3).then_some(',')
        }
    };
    let (whole, fraction) = match decimal.and_then(|mark| digits.rsplit_once(mark)) {
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    if decimal.is_some_and(|mark| whole.contains(mark)) {
        return None;
    }
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let fits = |(index, group): (usize, &&str)| match index {
        0 => groups.len() == 1 || (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    };
    groups
        .iter()
        .enumerate()
        .all(fits)
        .then(|| (format!("0{}", groups.concat()), fraction.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<f64> {
        read(text).map(|typed| typed.number)
    }

    #[test]
    fn numbers_are_read_as_they_are_meant() {
        assert_eq!(number("2,200.00"), Some(2200.0));
        assert_eq!(number("55,555"), Some(55555.0));
        assert_eq!(number("1.234,5"), Some(1234.5));
        assert_eq!(number("3,5"), Some(3.5));
        assert_eq!(number("(0.2)"), Some(-0.2));
        assert_eq!(number("−0.4"), Some(-0.4));
        assert_eq!(number("£1,200"), Some(1200.0));
        assert_eq!(number("-£3"), Some(-3.0));
        assert_eq!(number("1 234"), Some(1234.0));
        assert_eq!(number(".5"), Some(0.5));
        let percent = read("82.5 %").expect("a number");
        assert_eq!(
            (percent.number, percent.is_percent, percent.decimals),
            (82.5, true, 1)
        );
    }

    #[test]
    fn marks_beside_a_number_are_passed_over_and_told() {
        for (text, expected) in [
            ("93.2%*", 93.2),
            ("96.1% (p)", 96.1),
            ("~95%", 95.0),
            ("c. 40", 40.0),
            ("12³", 12.0),
            ("12.5 [1]", 12.5),
            ("(0.2)*", -0.2),
        ] {
            let typed = read(text).expect("a number");
            assert_eq!((typed.number, typed.is_marked), (expected, true), "{text}");
        }
        assert!(!read("(0.2)").expect("a number").is_marked);
    }

    #[test]
    fn bounds_are_told_from_numbers() {
        for text in [">95%", "<5", "<=20", "≥ 6.0"] {
            assert!(read(text).is_some_and(|typed| typed.is_bound), "{text}");
        }
        assert!(!read("20").expect("a number").is_bound);
    }

    #[test]
    fn letters_multiply_unless_the_unit_has_them() {
        let of = |text: &str, unit: Option<&str>| read(text).map(|typed| typed.in_unit(unit));
        assert_eq!(of("10.5k", None), Some(10_500.0));
        assert_eq!(of("£1.2m", Some("£")), Some(1_200_000.0));
        assert_eq!(of("£1.2m", Some("£m")), Some(1.2));
        assert_eq!(of("£1.2m", Some("£k")), Some(1200.0));
        assert_eq!(of("12m", Some("mins")), Some(12.0));
        assert_eq!(of("3bn", None), Some(3e9));
        let is_unclear = |text: &str, unit| read(text).expect("a number").is_unclear(unit);
        for unit in [
            None,
            Some("hours"),
            Some("%"),
            Some("members"),
            Some("miles"),
        ] {
            assert!(is_unclear("12m", unit));
            assert!(!is_unclear("£12m", unit) && !is_unclear("12M", unit));
        }
        for unit in [
            "£",
            "USD",
            "m",
            "million",
            "EUR m",
            "GBPm",
            "EUR per day",
            "usd/kg",
            "Euros",
        ] {
            assert!(!is_unclear("12m", Some(unit)), "{unit}");
        }
        // What begins like a currency is none.
        for unit in [
            "EUR pallets",
            "europallets",
            "European visitors",
            "USDA checks",
        ] {
            assert!(is_unclear("12m", Some(unit)), "{unit}");
            assert_eq!(of("12k", Some(unit)), Some(12_000.0), "{unit}");
        }
        // A small m is the unit, and a capital one may be either.
        for unit in ["min", "months", "metres", "m3", "m³/day", "mins per call"] {
            assert_eq!(of("12m", Some(unit)), Some(12.0), "{unit}");
            assert!(
                !is_unclear("12m", Some(unit)) && is_unclear("12M", Some(unit)),
                "{unit}"
            );
        }
        assert_eq!(of("12M", Some("miles")), Some(12e6));
        assert_eq!(of("USD 12m", Some("metrics")), Some(12e6));
        assert_eq!(of("USD 12m", Some("USD m")), Some(12.0));
        let typed = read("10.55k").expect("a number");
        assert_eq!(
            (typed.decimals_in(None), typed.decimals_in(Some("k"))),
            (0, 2)
        );
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "-",
            "n/a",
            "12 days",
            "1,2,3",
            "1.2.3",
            "red",
            "%",
            ",",
            "1,23,4",
            "<",
            "*",
            "k",
            "(p)",
            "12 (of 30)",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
