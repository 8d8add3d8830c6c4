//! The language in tables: what a text means, and what is said about one that means nothing.

mod errors;
mod properties;

use super::*;

/// The measures and units of the tests, and names that differ from them in some way that matters.
const KEYS: [(NameKind, &str); 17] = [
    (NameKind::Measure, "profit"),
    (NameKind::Measure, "revenue"),
    (NameKind::Measure, "cost"),
    (NameKind::Measure, "x"),
    (NameKind::Measure, "y"),
    (NameKind::Measure, "late_2"),
    (NameKind::Measure, "on-time"),
    (NameKind::Measure, "on-time-arrival"),
    (NameKind::Measure, "2nd-wave"),
    (NameKind::Measure, "4hours"),
    (NameKind::Measure, "a.b"),
    (NameKind::Measure, "target"),
    (NameKind::Measure, "missing"),
    (NameKind::Unit, "north"),
    (NameKind::Unit, "north-east"),
    (NameKind::Unit, "x"),
    (NameKind::Unit, "if"),
];

fn id_of(position: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + position as u128)
}

fn resolve(kind: NameKind, key: &str) -> Result<Uuid, Option<String>> {
    match KEYS.iter().position(|known| *known == (kind, key)) {
        Some(position) => Ok(id_of(position)),
        None => Err(KEYS
            .iter()
            .find(|(known, name)| *known == kind && key.len() > 3 && name.get(..3) == key.get(..3))
            .map(|(_, name)| (*name).to_owned())),
    }
}

fn key_of(_: NameKind, id: Uuid) -> String {
    (0..KEYS.len())
        .find(|position| id_of(*position) == id)
        .map_or("?", |position| KEYS[position].1)
        .to_owned()
}

fn parse(text: &str) -> Result<Formula, Vec<FormulaError>> {
    Formula::parse(text, &mut resolve)
}

/// An expression in prefix notation, with the keys of the tests.
fn prefix(expression: &Expression) -> String {
    let reference = |of: &MeasureReference| {
        let measure = key_of(NameKind::Measure, of.measure.as_uuid());
        match of.unit {
            None => measure,
            Some(unit) => format!("(@ {measure} {})", key_of(NameKind::Unit, unit.as_uuid())),
        }
    };
    match expression {
        Expression::Number(number) => number.to_string(),
        Expression::Missing => "missing".to_owned(),
        Expression::Measure(of) => reference(of),
        Expression::Negate(part) => format!("(- {})", prefix(part)),
        Expression::Binary {
            operator,
            left,
            right,
        } => {
            format!("({} {} {})", operator.symbol(), prefix(left), prefix(right))
        }
        Expression::If {
            condition,
            then,
            otherwise,
        } => {
            format!(
                "(if {} {} {})",
                prefix(condition),
                prefix(then),
                prefix(otherwise)
            )
        }
        Expression::Coalesce(parts) => {
            format!(
                "(coalesce {})",
                parts.iter().map(prefix).collect::<Vec<_>>().join(" ")
            )
        }
        Expression::Prev { of, periods } => format!("(prev {} {periods})", reference(of)),
        Expression::Rolling { of, periods } => format!("(rolling {} {periods})", reference(of)),
        Expression::YearToDate(of) => format!("(ytd {})", reference(of)),
        Expression::YearOnYear(of) => format!("(yoy {})", reference(of)),
        Expression::ChildrenSum(of) => format!("(children_sum {})", reference(of)),
        Expression::Target(of) => format!("(target {})", reference(of)),
        Expression::Score(of) => format!("(score {})", reference(of)),
    }
}

#[test]
fn a_text_has_one_meaning() {
    let check = |text: &str, expected: &str| {
        let formula = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(prefix(formula.expression()), expected, "{text}");

        let written = formula.to_text(&key_of);
        assert_eq!(
            parse(&written).as_ref(),
            Ok(&formula),
            "{text}, written as {written}"
        );
        let stored = formula.stored();
        assert_eq!(
            Formula::from_stored(stored).as_ref(),
            Ok(&formula),
            "{text}, stored as {stored}"
        );
    };

    check("profit / revenue", "(/ profit revenue)");
    check("`profit` / `revenue`", "(/ profit revenue)");
    check("if(y > 0, x / y, missing)", "(if (> y 0) (/ x y) missing)");
    check(
        "coalesce(x, 0) + coalesce(y, 0)",
        "(+ (coalesce x 0) (coalesce y 0))",
    );
    check("2 * x - -1", "(- (* 2 x) (- 1))");
    check("(cost + x) / revenue", "(/ (+ cost x) revenue)");

    check("0.5", "0.5");
    check("1e3", "1000");
    check("1.5E-2", "0.015");
    check("007", "7");
    check("1.250", "1.25");
    check("\n  x\n+\ty ", "(+ x y)");
    check("x+y*2", "(+ x (* y 2))");
    check("x - y - 1", "(- (- x y) 1)");
    check("x / y / 2 * 3", "(* (/ (/ x y) 2) 3)");
    check("-x * y", "(* (- x) y)");
    check("--x", "(- (- x))");
    check("-(x + y)", "(- (+ x y))");
    check("x + 1 <= y * 2", "(<= (+ x 1) (* y 2))");
    check("(x < y) = (y != 1)", "(= (< x y) (!= y 1))");
    check("((((x))))", "x");

    check("coalesce(x, y, 0)", "(coalesce x y 0)");
    check("prev(x, 1)", "(prev x 1)");
    check("prev (x @ north, 120)", "(prev (@ x north) 120)");
    check("rolling(`on-time`, 12)", "(rolling on-time 12)");
    check("ytd(x) + yoy(x)", "(+ (ytd x) (yoy x))");
    check(
        "children_sum(x) - target(x)",
        "(- (children_sum x) (target x))",
    );
    check("score(x @ `north-east`)", "(score (@ x north-east))");
    check("x @ x * -y@north", "(* (@ x x) (- (@ y north)))");
    check("if(x>1, 100 ,2)", "(if (> x 1) 100 2)");

    check(
        "`on-time` + `2nd-wave` + `a.b` + late_2",
        "(+ (+ (+ on-time 2nd-wave) a.b) late_2)",
    );
    check("`target` * target(`target`)", "(* target (target target))");
    check("coalesce(`missing`, missing)", "(coalesce missing missing)");
    check("x @ `if`", "(@ x if)");
}

#[test]
fn text_is_laid_out_as_written_and_names_follow_renames() {
    let formula =
        parse("\n if( `profit`>0,\n   `on-time` @ north , missing )\n").expect("a formula");
    assert_eq!(
        formula.to_text(&key_of),
        "if( profit>0,\n   `on-time` @ north , missing )"
    );
    let [profit, on_time, north] = [0, 6, 13].map(id_of);
    assert_eq!(
        formula.stored(),
        format!("if( `{profit}`>0,\n   `{on_time}` @ `{north}` , missing )")
    );

    let check = |key: &str, expected: &str| {
        let formula = parse("x * 2").expect("a formula");
        assert_eq!(formula.to_text(&|_, _| key.to_owned()), expected);
    };
    check("late_2", "late_2 * 2");
    check("late-2", "`late-2` * 2");
    check("2-late", "`2-late` * 2");
    check("prev", "`prev` * 2");
    check("missing", "`missing` * 2");
    check("größe", "`größe` * 2");
}

#[test]
fn a_formula_says_what_it_reads() {
    let check =
        |text: &str, measures: &[&str], units: &[&str], uses_coalesce: bool, uses_history: bool| {
            let formula = parse(text).expect(text);
            let named_measures: Vec<_> = formula
                .measures()
                .map(|id| key_of(NameKind::Measure, id.as_uuid()))
                .collect();
            let named_units: Vec<_> = formula
                .units()
                .map(|id| key_of(NameKind::Unit, id.as_uuid()))
                .collect();
            assert_eq!(named_measures, measures, "{text}");
            assert_eq!(named_units, units, "{text}");
            assert_eq!(formula.uses_coalesce(), uses_coalesce, "{text}");
            assert_eq!(formula.uses_history(), uses_history, "{text}");
        };
    check("1 + 2", &[], &[], false, false);
    check("y - x / y", &["y", "x"], &[], false, false);
    check(
        "x @ north - x @ `north-east` + y @ north",
        &["x", "y"],
        &["north", "north-east"],
        false,
        false,
    );
    check("-if(1, 2, coalesce(x, 0))", &["x"], &[], true, false);
    check("1 - prev(x @ north, 1)", &["x"], &["north"], false, true);
    check("if(ytd(x), 1, 0)", &["x"], &[], false, true);
    check("coalesce(yoy(x), target(y))", &["x", "y"], &[], true, true);
    check("rolling(x, 2)", &["x"], &[], false, true);
    check("score(x) + children_sum(y)", &["x", "y"], &[], false, false);
}

#[test]
fn limits_hold() {
    let check = |text: &str, expected: Option<&str>| {
        let message = parse(text).err().map(|errors| errors[0].message.clone());
        assert_eq!(message.as_deref(), expected, "{} bytes", text.len());
    };
    let nested = |depth: usize| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    let too_deep = Some("the formula is nested more than 64 deep");
    check(&nested(DEPTH_MAX), None);
    check(&nested(DEPTH_MAX + 1), too_deep);
    check(&"(".repeat(TEXT_BYTES_MAX), too_deep);
    check(&"-".repeat(TEXT_BYTES_MAX), too_deep);
    check(&format!("{}x", "-".repeat(DEPTH_MAX)), None);
    check(&"coalesce(".repeat(TEXT_BYTES_MAX / 9), too_deep);

    // A sum of n parts has n - 1 operators.
    let sum = |parts: usize| vec!["x"; parts].join("+");
    check(&sum(NODES_MAX / 2), None);
    check(
        &sum(NODES_MAX / 2 + 1),
        Some("the formula has more than 2000 parts"),
    );

    let too_long = Some("the formula is longer than 8192 bytes");
    check(&format!("x{}", " ".repeat(TEXT_BYTES_MAX - 1)), None);
    check(&format!("x{}", " ".repeat(TEXT_BYTES_MAX)), too_long);
    check(&"é".repeat(TEXT_BYTES_MAX), too_long);

    let longest = parse(&sum(NODES_MAX / 2)).expect("within the limits");
    assert_eq!(Formula::from_stored(longest.stored()), Ok(longest.clone()));
    assert_eq!(longest.measures().count(), 1);
}
