//! Any text gives an answer, and what is written is what is read.

use proptest::prelude::*;

use super::*;

/// Texts that are nearly formulas: tokens, foreign ones among them, in any order.
fn tokens() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "x",
        "y",
        "profit",
        "`on-time`",
        "on-time",
        "north",
        "@",
        "@ north",
        "(",
        "(",
        ")",
        ")",
        ",",
        "+",
        "-",
        "-",
        "*",
        "/",
        "<",
        "<=",
        "=",
        "!=",
        "0",
        "1",
        "0.5",
        "1e3",
        "1,000",
        "missing",
        "if(",
        "coalesce(",
        "prev(",
        "ytd(",
        "rolling(",
        "target",
        "score(",
        "IF(",
        "==",
        "`",
        "é",
        "2nd",
        ".",
        "\n",
        "\u{0}",
    ]);
    (
        prop::collection::vec(token, 0..40),
        prop::sample::select(vec!["", " "]),
    )
        .prop_map(|(tokens, space)| tokens.join(space))
}

/// An expression as text, with parentheses around each part.
fn expressions() -> impl Strategy<Value = String> {
    let measure = prop::sample::select(vec![
        "x",
        "y",
        "`on-time`",
        "`target`",
        "x @ north",
        "profit@`north-east`",
    ]);
    let leaf = prop_oneof![
        measure.clone().prop_map(str::to_owned),
        (0.0..1e6).prop_map(|number: f64| number.to_string()),
        Just("missing".to_owned()),
        (
            prop::sample::select(vec!["prev", "rolling"]),
            measure.clone(),
            1..=PERIODS_MAX
        )
            .prop_map(|(function, measure, periods)| format!("{function}({measure}, {periods})")),
        (
            prop::sample::select(vec!["ytd", "yoy", "children_sum", "target", "score"]),
            measure
        )
            .prop_map(|(function, measure)| format!("{function}({measure})")),
    ];
    leaf.prop_recursive(6, 60, 4, |part| {
        let operator = prop::sample::select(Operator::ALL.to_vec());
        prop_oneof![
            part.clone().prop_map(|part| format!("-({part})")),
            (part.clone(), operator, part.clone()).prop_map(|(left, operator, right)| format!(
                "({left}) {} ({right})",
                operator.symbol()
            )),
            prop::collection::vec(part.clone(), 3)
                .prop_map(|parts| format!("if({})", parts.join(", "))),
            // Each in parentheses: of two bare numbers the parser asks whether they are one with a decimal comma.
            prop::collection::vec(part, 2..5)
                .prop_map(|parts| format!("coalesce(({}))", parts.join("), ("))),
        ]
    })
}

/// An expression as text with only the parentheses that it needs.
fn lean(expression: &Expression) -> String {
    let reference = |of: &MeasureReference| {
        let measure = written(&key_of(NameKind::Measure, of.measure.as_uuid()));
        match of.unit {
            None => measure,
            Some(unit) => format!(
                "{measure}@{}",
                written(&key_of(NameKind::Unit, unit.as_uuid()))
            ),
        }
    };
    let list = |parts: &[&Expression]| {
        parts
            .iter()
            .map(|part| lean(part))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match expression {
        Expression::Number(number) => number.to_string(),
        Expression::Missing => "missing".to_owned(),
        Expression::Measure(of) => reference(of),
        Expression::Negate(part) => format!("-{}", within(part, 4)),
        Expression::Binary {
            operator,
            left,
            right,
        } => {
            let binds = tightness(expression);
            // Comparisons do not chain; everything else does to the left.
            let left_least = if operator.is_comparison() {
                binds + 1
            } else {
                binds
            };
            format!(
                "{}{}{}",
                within(left, left_least),
                operator.symbol(),
                within(right, binds + 1)
            )
        }
        Expression::If {
            condition,
            then,
            otherwise,
        } => format!("if({})", list(&[condition, then, otherwise])),
        Expression::Coalesce(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| within(part, u8::MAX)).collect();
            format!("coalesce({})", parts.join(", "))
        }
        Expression::Prev { of, periods } => format!("prev({}, {periods})", reference(of)),
        Expression::Rolling { of, periods } => format!("rolling({}, {periods})", reference(of)),
        Expression::YearToDate(of) => format!("ytd({})", reference(of)),
        Expression::YearOnYear(of) => format!("yoy({})", reference(of)),
        Expression::ChildrenSum(of) => format!("children_sum({})", reference(of)),
        Expression::Target(of) => format!("target({})", reference(of)),
        Expression::Score(of) => format!("score({})", reference(of)),
    }
}

fn within(expression: &Expression, least: u8) -> String {
    if tightness(expression) < least {
        format!("({})", lean(expression))
    } else {
        lean(expression)
    }
}

fn tightness(expression: &Expression) -> u8 {
    match expression {
        Expression::Binary { operator, .. } if operator.is_comparison() => 1,
        Expression::Binary {
            operator: Operator::Add | Operator::Subtract,
            ..
        } => 2,
        Expression::Binary { .. } => 3,
        Expression::Negate(_) => 4,
        _ => 5,
    }
}

/// A text parses, or each of its errors stands at a place within it and has something to say.
fn check_answer(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(formula) => {
            prop_assert_eq!(parse(&formula.to_text(&key_of)), Ok(formula.clone()));
            prop_assert_eq!(Formula::from_stored(formula.stored()), Ok(formula));
        }
        Err(errors) => {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.is_sorted_by_key(|error| error.start), "{:?}", errors);
            for error in errors {
                prop_assert!(text.get(error.start..error.end).is_some(), "{:?}", error);
                prop_assert!(!error.message.is_empty());
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in any::<String>()) {
        check_answer(&text)?;
    }

    #[test]
    fn any_tokens_have_an_answer(text in tokens()) {
        check_answer(&text)?;
    }

    #[test]
    fn any_text_has_an_answer_as_a_stored_one(text in any::<String>()) {
        if let Ok(formula) = Formula::from_stored(&text) {
            prop_assert_eq!(Formula::from_stored(formula.stored()), Ok(formula));
        }
    }

    #[test]
    fn parentheses_that_are_not_needed_change_nothing(text in expressions()) {
        let formula = parse(&text).map_err(|errors| TestCaseError::fail(format!("{text}: {errors:?}")))?;
        let lean = lean(formula.expression());
        let again = parse(&lean).map_err(|errors| TestCaseError::fail(format!("{lean}: {errors:?}")))?;
        prop_assert_eq!(again.expression(), formula.expression(), "{} and {}", text, lean);
        check_answer(&text)?;
    }
}
