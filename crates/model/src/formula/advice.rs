//! What people write who come from a spreadsheet or another language, and what to write in its place.

/// Symbols that other languages have and this one has not, the longer before those that they begin with.
const FOREIGN_SYMBOLS: &[(&str, &str)] = &[
    ("==", "write `=`"),
    ("=<", "write `<=`"),
    ("=>", "write `>=`"),
    ("<>", "write `!=`"),
    ("&&", "where both must hold, multiply: `(a > 0) * (b > 0)`"),
    ("||", "where one must hold, add: `(a > 0) + (b > 0) > 0`"),
    ("**", "there are no powers; write `a * a`"),
    ("//", "write `/`"),
    ("&", "where both must hold, multiply: `(a > 0) * (b > 0)`"),
    ("|", "where one must hold, add: `(a > 0) + (b > 0) > 0`"),
    ("!", "for not equal write `!=`; for not write `a = 0`"),
    ("^", "there are no powers; write `a * a`"),
    ("%", "write 5 % as `0.05`; a share is a fraction"),
    ("?", "write `if(condition, value, otherwise)`"),
    (":", "write `/` to divide, or name each measure"),
    (";", "write `,` between arguments"),
    (
        ".",
        "a number begins with a digit: `0.5`; a key with a dot stands in backticks",
    ),
    ("\"", "a key stands in backticks: `on-time`"),
    (
        "'",
        "a key stands in backticks: `on-time`; numbers have no thousands separator",
    ),
    ("\u{201c}", "a key stands in backticks: `on-time`"),
    ("\u{201e}", "a key stands in backticks: `on-time`"),
    ("\u{2018}", "a key stands in backticks: `on-time`"),
    ("\u{2019}", "a key stands in backticks: `on-time`"),
    ("\u{b4}", "a key stands in backticks: `on-time`"),
    (
        "[",
        "write the key alone; one with a dash stands in backticks: `on-time`",
    ),
    ("{", "write `(`"),
    ("}", "write `)`"),
    ("]", "write `)`"),
    ("$", "write the number alone, without a currency"),
    ("\u{20ac}", "write the number alone, without a currency"),
    ("\u{a3}", "write the number alone, without a currency"),
    ("#", "write the key of the measure"),
    ("\u{d7}", "write `*`"),
    ("\u{b7}", "write `*`"),
    ("\u{f7}", "write `/`"),
    ("\u{2212}", "write `-`"),
    ("\u{2013}", "write `-`"),
    ("\u{2014}", "write `-`"),
    ("\u{2264}", "write `<=`"),
    ("\u{2265}", "write `>=`"),
    ("\u{2260}", "write `!=`"),
    ("\u{2211}", SUM),
];

const SUM: &str = "write `a + b`; `children_sum(measure)` adds up the units below, `ytd(measure)` the year so far";

/// Words that other languages have, in lower case.
const FOREIGN_WORDS: &[(&[&str], &str)] = &[
    (&["sum", "sumif", "sumifs", "total", "\u{3c3}"], SUM),
    (
        &["average", "avg", "mean"],
        "write `(a + b) / 2`; `rolling(measure, 12)` reads the last 12 periods",
    ),
    (
        &["min", "max", "least", "greatest"],
        "write `if(a < b, a, b)`",
    ),
    (&["abs"], "write `if(a < 0, -a, a)`"),
    (
        &[
            "round",
            "roundup",
            "rounddown",
            "floor",
            "ceil",
            "ceiling",
            "int",
            "trunc",
        ],
        "values are never rounded; `decimals` of the measure says how many are shown",
    ),
    (
        &[
            "iferror", "ifna", "ifnull", "isnull", "isblank", "iserror", "isna", "nvl", "nullif",
            "zn", "divide",
        ],
        "a division by zero is missing, and `coalesce(a, 0)` gives 0 for missing",
    ),
    (
        &[
            "null",
            "none",
            "nil",
            "nan",
            "na",
            "n_a",
            "blank",
            "empty",
            "undefined",
        ],
        "write `missing`",
    ),
    (&["true", "yes"], "write `1`"),
    (&["false", "no"], "write `0`"),
    (
        &["and"],
        "where both must hold, multiply: `(a > 0) * (b > 0)`",
    ),
    (&["or"], "where one must hold, add: `(a > 0) + (b > 0) > 0`"),
    (&["not"], "write `a = 0`"),
    (
        &[
            "then", "else", "iff", "case", "when", "switch", "choose", "ifs",
        ],
        "write `if(condition, value, otherwise)`",
    ),
    (
        &["lag", "previous", "offset", "last"],
        "write `prev(measure, 1)`",
    ),
    (
        &["pow", "power", "sqrt", "exp", "log", "ln"],
        "there are no powers; write `a * a`",
    ),
    (
        &["count", "counta", "countif", "countifs"],
        "count in a measure of its own and name it here",
    ),
    (&["totalytd", "year_to_date"], "write `ytd(measure)`"),
];

/// The foreign symbol with which the text begins, and what to write in its place.
pub(super) fn foreign_symbol(text: &str) -> Option<(&'static str, &'static str)> {
    FOREIGN_SYMBOLS
        .iter()
        .copied()
        .find(|(symbol, _)| text.starts_with(symbol))
}

/// What to write in place of a word that another language has.
pub(super) fn foreign_word(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    FOREIGN_WORDS
        .iter()
        .find(|(words, _)| words.contains(&word.as_str()))
        .map(|(_, help)| *help)
}

/// The most characters of a text that are repeated in a message about it.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// A text as a message repeats it.
pub(super) fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS_MAX) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}
