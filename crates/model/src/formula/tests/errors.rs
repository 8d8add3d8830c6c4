//! What is said about a text that is no formula, and at which place.

use super::*;

/// Checks the errors, as message and help, of a text in which their places are marked: `⟦here⟧`.
fn check_all(marked: &str, expected: &[(&str, &str)]) {
    let (mut text, mut places) = (String::new(), Vec::new());
    for character in marked.chars() {
        match character {
            '⟦' => places.push((text.len(), 0)),
            '⟧' => places.last_mut().expect("an opened place").1 = text.len(),
            _ => text.push(character),
        }
    }
    assert_eq!(places.len(), expected.len(), "places in {marked}");
    let expected: Vec<_> = places
        .into_iter()
        .zip(expected)
        .map(|((start, end), (message, help))| FormulaError {
            start,
            end,
            message: (*message).to_owned(),
            help: (!help.is_empty()).then(|| (*help).to_owned()),
        })
        .collect();
    assert_eq!(parse(&text), Err(expected), "{text}");
}

fn check(marked: &str, message: &str, help: &str) {
    check_all(marked, &[(message, help)]);
}

#[test]
fn an_error_says_what_was_expected() {
    let open = |column: usize| format!("the `(` at character {column} is still open");

    check(
        "⟦⟧  ",
        "the formula is empty",
        "for instance `profit / revenue`",
    );
    check(
        "profit /⟦⟧ ",
        "the formula ends where a number, a measure or a function was expected",
        "",
    );
    check(
        "x * ⟦/⟧ y",
        "`/` stands where a number, a measure or a function was expected",
        "",
    );
    check(
        "x + ⟦+⟧ y",
        "`+` stands where a number, a measure or a function was expected",
        "leave out the `+`",
    );
    check(
        "(x + y⟦⟧",
        "the formula ends where an operator or `)` was expected",
        &open(1),
    );
    check(
        "x + coalesce(y, (1 + 2)⟦⟧",
        "the formula ends where an operator or `)` was expected",
        &open(13),
    );
    check(
        "(⟦)⟧",
        "`)` stands where a number, a measure or a function was expected",
        "",
    );
    check(
        "x⟦)⟧",
        "`)` stands where an operator or the end of the formula was expected",
        "no `(` is open here",
    );
    check(
        "x < y ⟦<⟧ 1",
        "comparisons cannot be chained",
        "where both must hold, multiply: `(a < b) * (b < c)`",
    );
    check(
        "x @ ⟦2⟧",
        "`2` stands where the key of a unit was expected",
        "",
    );
    check(
        "(x + y) ⟦@⟧ north",
        "`@` stands where an operator or the end of the formula was expected",
        "`@` stands right after a measure: `prev(measure @ unit, 1)`",
    );
    check(
        "x + ⟦``⟧",
        "the backticks are empty",
        "write a key between them, for instance `on-time`",
    );
    check(
        "x + ⟦`on-time⟧",
        "the backtick is not closed",
        "a key stands between two backticks, on one line",
    );
    check("x ⟦\u{0}⟧", "`\\0` has no meaning in a formula", "");
    check(
        "⟦1e30⟧",
        "the number is too large",
        "numbers stay below 1e30",
    );
    check(
        "⟦1.⟧ + x",
        "a digit was expected after the decimal point",
        "write `1` or `1.0`",
    );
    check(
        "⟦target⟧ / 2",
        "`target` is a function: `target(measure)`",
        "a measure of that name stands in backticks: `` `target` ``",
    );
}

#[test]
fn an_error_says_what_a_function_takes() {
    check(
        "if(x, y⟦)⟧",
        "`if` takes three arguments",
        "write `if(condition, value, otherwise)`",
    );
    check(
        "if(x, y, 1⟦,⟧ 2)",
        "`if` takes three arguments",
        "write `if(condition, value, otherwise)`",
    );
    check(
        "coalesce(x⟦)⟧",
        "`coalesce` takes two arguments or more",
        "write `coalesce(value, instead)`",
    );
    check(
        "prev(x⟦)⟧",
        "`prev` takes a measure and a number of periods",
        "write `prev(measure, 1)`",
    );
    check(
        "ytd(x⟦,⟧ 2)",
        "`ytd` takes one measure",
        "write `ytd(measure)`",
    );
    check("ytd(⟦)⟧", "`ytd` takes one measure", "write `ytd(measure)`");
    let check_calculation = |marked: &str, name: &str, usage: &str| {
        check(
            marked,
            &format!("`{name}` takes a measure, not a calculation"),
            &format!("give the calculation a measure of its own, then write `{usage}`"),
        );
    };
    check_calculation("score(x ⟦+⟧ y)", "score", "score(measure)");
    check_calculation("prev(⟦ytd⟧(x), 1)", "prev", "prev(measure, 1)");
    check_calculation("ytd(⟦missing⟧)", "ytd", "ytd(measure)");
    check_calculation("ytd(⟦(⟧x))", "ytd", "ytd(measure)");
    for periods in ["0", "121", "1.5"] {
        check(
            &format!("rolling(x, ⟦{periods}⟧)"),
            "the number of periods is a whole number from 1 to 120",
            "for instance `rolling(measure, 12)`",
        );
    }
    check(
        "prev(x, ⟦y⟧)",
        "`y` stands where a whole number from 1 to 120 was expected",
        "",
    );
}

#[test]
fn an_unknown_name_is_met_with_the_nearest_one() {
    check(
        "⟦proft⟧ / revenue",
        "there is no measure `proft`",
        "did you mean `profit`?",
    );
    check(
        "⟦`proft`⟧ / revenue",
        "there is no measure `proft`",
        "did you mean `profit`?",
    );
    check(
        "x @ ⟦nord⟧",
        "there is no unit `nord`",
        "did you mean `north`?",
    );
    check("⟦zzz⟧ + 1", "there is no measure `zzz`", "");
    check(
        "⟦coalesc⟧(x, 0)",
        "there is no function `coalesc`",
        "did you mean `coalesce(value, instead)`?",
    );
    check(
        "⟦x⟧(1 + y)",
        "there is no function `x`",
        "to multiply, write `x * (`",
    );
    check(
        "⟦zzz⟧(x)",
        "there is no function `zzz`",
        "the functions are if, coalesce, prev, ytd, rolling, yoy, children_sum, target, score",
    );
    check_all(
        "⟦proft⟧ / (⟦revenu⟧ @ ⟦nord⟧ -⟦⟧ ",
        &[
            ("there is no measure `proft`", "did you mean `profit`?"),
            ("there is no measure `revenu`", "did you mean `revenue`?"),
            ("there is no unit `nord`", "did you mean `north`?"),
            (
                "the formula ends where a number, a measure or a function was expected",
                "",
            ),
        ],
    );
}

#[test]
fn a_key_that_is_no_plain_word_is_recognised() {
    let check_key = |marked: &str, key: &str| {
        check(
            marked,
            &format!("the key `{key}` is no plain word"),
            &format!("write `` `{key}` ``, in backticks"),
        );
    };
    check_key("⟦on-time⟧ / x", "on-time");
    check_key("x + ⟦on-time-arrival⟧", "on-time-arrival");
    check_key("⟦2nd-wave⟧ * 2", "2nd-wave");
    check_key("(⟦4hours⟧)", "4hours");
    check_key("ytd(⟦a.b⟧)", "a.b");
    check_key("1-⟦on-time⟧", "on-time");
    check_key("⟦on-time⟧-1", "on-time");
    check_key("x-⟦on-time⟧/2", "on-time");
    check_key("⟦on-time-arrival⟧-x", "on-time-arrival");
    check_key("x @ ⟦north-east⟧", "north-east");

    check_all(
        "⟦off⟧-⟦time⟧",
        &[
            ("there is no measure `off`", ""),
            ("there is no measure `time`", ""),
        ],
    );
    check(
        "⟦3hours⟧",
        "`3hours` is neither a number nor a plain word",
        "a key that begins with a digit stands in backticks: `3hours`; to multiply write `*`",
    );
}

#[test]
fn the_habits_of_other_languages_are_met_with_what_to_write() {
    let check_symbol = |marked: &str, symbol: &str, help: &str| {
        check(
            marked,
            &format!("`{symbol}` has no meaning in a formula"),
            help,
        );
    };
    let sum = "write `a + b`; `children_sum(measure)` adds up the units below, `ytd(measure)` the year so far";
    check_symbol("x ⟦==⟧ 1", "==", "write `=`");
    check_symbol("x ⟦<>⟧ 1", "<>", "write `!=`");
    check_symbol("x ⟦=>⟧ 1", "=>", "write `>=`");
    check_symbol(
        "x > 0 ⟦&&⟧ y > 0",
        "&&",
        "where both must hold, multiply: `(a > 0) * (b > 0)`",
    );
    check_symbol("5 ⟦%⟧", "%", "write 5 % as `0.05`; a share is a fraction");
    check_symbol("x ⟦×⟧ y", "×", "write `*`");
    check_symbol("⟦∑⟧ x", "∑", sum);
    check_symbol("x ⟦;⟧ y", ";", "write `,` between arguments");
    check_symbol(
        "⟦.⟧5",
        ".",
        "a number begins with a digit: `0.5`; a key with a dot stands in backticks",
    );
    check_symbol(
        "⟦\"⟧on-time\"",
        "\"",
        "a key stands in backticks: `on-time`",
    );

    let end = |found: &str| {
        format!("`{found}` stands where an operator or the end of the formula was expected")
    };
    check(
        "⟦=⟧profit / revenue",
        "a formula begins without `=`",
        "leave out the `=`",
    );
    check(
        "⟦IF⟧(x > 0, 1, 0)",
        "there is no function `IF`",
        "functions are written in lower case: `if`",
    );
    check("⟦SUM⟧(x, y)", "there is no function `SUM`", sum);
    check("⟦Σ⟧(x)", "there is no function `Σ`", sum);
    check(
        "⟦min⟧(x, y)",
        "there is no function `min`",
        "write `if(a < b, a, b)`",
    );
    check(
        "x + ⟦null⟧",
        "there is no measure `null`",
        "write `missing`",
    );
    check(
        "x ⟦and⟧ y",
        &end("and"),
        "where both must hold, multiply: `(a > 0) * (b > 0)`",
    );
    check(
        "0⟦,⟧5 * x",
        &end(","),
        "numbers have a decimal point: `0.5`",
    );
    check(
        "1 ⟦000⟧ * x",
        &end("000"),
        "numbers have no thousands separator: `1000`",
    );
    check("2 ⟦x⟧", &end("x"), "to multiply, write `*`");
    check("2 ⟦(⟧x)", &end("("), "to multiply, write `*`");
    check(
        "x ⟦y⟧",
        &end("y"),
        "a measure is written by its key, not by its name; to calculate, write an operator between two",
    );
}

#[test]
fn a_thousands_separator_is_never_read_as_something_else() {
    let check_number = |marked: &str, separated: &str, help: &str| {
        check(
            marked,
            &format!("`{separated}` has a thousands separator"),
            help,
        );
    };
    check_number("x * ⟦1_000⟧", "1_000", "write `1000`");
    check_number("x * ⟦12'500⟧", "12'500", "write `12500`");
    check_number("x * ⟦1.000.000⟧", "1.000.000", "write `1000000`");
    check_number(
        "if(x > 0, ⟦1,000⟧, 0)",
        "1,000",
        "write `1000`, or a space after the comma between two arguments",
    );
    check_number(
        "⟦1,000,000⟧.5",
        "1,000,000",
        "write `1000000`, or a space after the comma between two arguments",
    );
}

#[test]
fn errors_end_somewhere() {
    let name = "z".repeat(TEXT_BYTES_MAX);
    let shown = format!("there is no measure `{}…`", "z".repeat(60));
    check(&format!("⟦{name}⟧"), &shown, "");

    let count = |text: &str| parse(text).map_err(|errors| errors.len());
    assert_eq!(
        count(&vec!["zzz"; ERRORS_MAX - 1].join(" + ")),
        Err(ERRORS_MAX - 1)
    );
    assert_eq!(
        count(&vec!["zzz"; ERRORS_MAX + 1].join(" + ")),
        Err(ERRORS_MAX)
    );
}
