//! The hospital group is a plan without errors, and every row of its observations can be recorded.

use throughline_core::id::SequentialIds;
use throughline_model::text::{observations, read};
use throughline_model::{Change, Model};
use throughline_testkit::{MEASURES_PER_UNIT, Organisation};

#[test]
fn a_group_of_any_size_can_be_read() {
    let check = |units: usize, expected: usize| {
        let organisation = Organisation::of_units(units);
        let nothing = Model::default();
        let files = organisation.plan_files();
        let reading = read(&files, &nothing, &nothing, &mut SequentialIds::new());
        let plan = reading.plan.expect("a plan without errors");
        let model = Model::of(plan.records.into_iter().map(Change::Put));
        assert_eq!(model.units().len(), units);
        assert_eq!(model.measures().len(), units * MEASURES_PER_UNIT);

        let text = organisation.observations();
        let rows = observations::read(text.as_bytes(), "observations.csv", &model, None);
        let findings: Vec<_> = rows.diagnostics.iter().map(|one| &one.finding).collect();
        assert!(findings.is_empty(), "{units} units: {findings:?}");
        assert_eq!(rows.rows.len(), expected, "{units} units");
        assert_eq!(Organisation::of_units(units).observations(), text);
    };
    check(1, 225);
    // Two units cannot report more: 15 series of the second, 9 measures of the first at both.
    check(2, 825);
    check(40, 20_000);
    check(200, 100_000);
}
