//! What is said of targets: whether those of children add up, and whether a line comes to its points.

use super::super::lint;
use super::{check_lints, edited, said};
use crate::testing::model;

#[test]
fn targets_of_children_add_up() {
    let found = lint(&model(&edited(&[(r#""value":50"#, r#""value":55"#)])));
    assert_eq!(
        said(&found),
        ["children-do-not-add-up target cost@all, points"]
    );
    assert_eq!(
        found[0].message,
        "for 2014-01 this target is 90, and those of the units below come to 95"
    );
    // A unit that is not there yet has nothing to bring.
    check_lints(
        &[
            (r#""value":40"#, r#""value":"none""#),
            (
                r#""jfk","name":"Kennedy","#,
                r#""jfk","name":"Kennedy","from":"2020-01-01","#,
            ),
            (r#""value":60"#, r#""value":100"#),
            (r#""value":50"#, r#""value":90"#),
        ],
        &[],
    );
    // Where one of the children has no target there is nothing to compare.
    check_lints(
        &[(
            r#"target {"measure":"cost","unit":"jfk","points":[{"period":"2013-01","value":40},{"period":"2014-01","value":40}]}"#,
            "",
        )],
        &[],
    );
    check_lints(
        &[
            (
                r#""kind":"sum","better":"lower""#,
                r#""kind":"sum","over_units":"max","better":"lower""#,
            ),
            (r#""value":50"#, r#""value":55"#),
        ],
        &[],
    );
    check_lints(
        &[
            (
                r#"{"period":"2013-01","value":100},{"period":"2014-01","value":90}]"#,
                r#"{"period":"2013-01","value":100},{"period":"2014-01","value":90}],"joined":"line""#,
            ),
            (
                r#"{"period":"2013-01","value":60},{"period":"2014-01","value":50}]"#,
                r#"{"period":"2013-01","value":60},{"period":"2014-01","value":50}],"joined":"line""#,
            ),
        ],
        &[],
    );
}

#[test]
fn the_target_of_the_evaluation_is_compared() {
    // A line has a value from the end of its first point on; then the children's steps are ahead of it.
    let line = (
        r#"{"period":"2013-01","value":100},{"period":"2014-01","value":90}]"#,
        r#"{"period":"2013-Q1","value":300},{"period":"2013-Q4","value":330}],"joined":"line""#,
    );
    let children = [
        (
            r#"{"period":"2013-01","value":60},{"period":"2014-01","value":50}"#,
            r#"{"period":"2013-Q1","value":180},{"period":"2013-Q2","value":200}"#,
        ),
        (
            r#"{"period":"2013-01","value":40},{"period":"2014-01","value":40}"#,
            r#"{"period":"2013-Q1","value":120},{"period":"2013-Q2","value":"none"}"#,
        ),
    ];
    check_lints(
        &[line, children[0], children[1]],
        &["line-misses-its-points target cost@all, joined"],
    );
    let both = (
        r#"{"period":"2013-01","value":40},{"period":"2014-01","value":40}"#,
        r#"{"period":"2013-Q1","value":120},{"period":"2013-Q2","value":120}"#,
    );
    let found = lint(&model(&edited(&[line, children[0], both])));
    assert_eq!(
        found[0].message,
        "for 2013-Q2 this target is 303.333333, and those of the units below come to 320"
    );
}

#[test]
fn a_line_over_a_sum_does_not_come_to_its_points() {
    let joined = |points: &str| {
        let edits = [(
            r#"{"measure":"cost","unit":"all","points":[{"period":"2013-01","value":100},{"period":"2014-01","value":90}]}"#,
            &*format!(r#"{{"measure":"cost","unit":"all","joined":"line",{points}}}"#),
        )];
        let found = lint(&model(&edited(&edits)));
        let meant = found
            .iter()
            .filter(|one| one.code == "line-misses-its-points");
        meant.map(|one| one.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        joined(
            r#""baseline":{"period":2024,"value":480000},"points":[{"period":2025,"value":500000},{"period":2028,"value":600000}]"#
        ),
        ["for 2025 the line comes to 490833.333333 over its periods, and its point says 500000"]
    );
    // Points of the measure's own periods, and a line that stays level, come to what they say.
    assert_eq!(
        joined(r#""points":[{"period":"2013-01","value":100},{"period":"2014-01","value":90}]"#),
        Vec::<String>::new()
    );
    assert_eq!(
        joined(
            r#""baseline":{"period":2012,"value":100},"points":[{"period":2013,"value":100},{"period":2014,"value":100}]"#
        ),
        Vec::<String>::new()
    );
}

#[test]
fn a_baseline_after_all_points_leaves_no_line() {
    let found = |target: &str| {
        let edits = [(
            r#"{"measure":"cost","unit":"all","points":[{"period":"2013-01","value":100},{"period":"2014-01","value":90}]}"#,
            &*format!(r#"{{"measure":"cost","unit":"all",{target}}}"#),
        )];
        let found = lint(&model(&edited(&edits)));
        found
            .iter()
            .filter(|one| one.code == "baseline-after-points")
            .count()
    };
    let points = r#""points":[{"period":"2013-01","value":100},{"period":"2014-01","value":90}]"#;
    let line = |baseline: &str| {
        let baseline = format!(r#""baseline":{{"period":"{baseline}","value":110}}"#);
        found(&format!(r#""joined":"line",{baseline},{points}"#))
    };
    assert_eq!(line("2014-02"), 1);
    assert_eq!(line("2014-01"), 1);
    assert_eq!(line("2013-06"), 0, "the second point comes after it");
    assert_eq!(line("2012-12"), 0);
    let steps = format!(r#""baseline":{{"period":"2014-02","value":110}},{points}"#);
    assert_eq!(found(&steps), 0, "steps hold without it");
}
