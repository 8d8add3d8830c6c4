//! A KPI workbook is shown as it is understood, corrected by a kept mapping, recorded once, and brought in again next month.

use crate::bench::{Bench, workspace};

const JANUARY: &str = "KPI,Lead,Target,Jan-13,Feb-13,Mar-13\nBrightness,Ana Lima,5,6,7,n/a\nComplaints,Jo Tan,3,2,1,2\nTotal,,,8,8,2\nNB counted by hand\n";
const APRIL: &str =
    "KPI,Lead,Target,Mar-13,Apr-13\nBrightness,Ana Lima,5,8,9\nComplaints,Jo Tan,3,3,1\n";

#[test]
fn a_workbook_is_understood_corrected_recorded_and_brought_in_again() {
    let bench = Bench::new("import-story");
    bench.write("kpis.csv", JANUARY);
    bench.write("kpis-april.csv", APRIL);
    let mut told = bench.transcript(
        "import kpis.csv --write-mapping kpis.json
        import kpis.csv --write-mapping kpis.json
        scorecard",
    );
    bench.replace(
        "kpis.json",
        "\"name\": \"Brightness\"",
        "\"name\": \"Brightness of lamps\"",
    );
    bench.replace("kpis.json", "\"key\": \"kpis\"", "\"key\": \"harbour\"");
    bench.replace("kpis.json", "\"name\": \"kpis\"", "\"name\": \"Harbour\"");
    told.push_str(&bench.transcript(
        "import kpis.csv --mapping kpis.json --yes --reason 'First import' --idempotency-key one
        import kpis.csv --mapping kpis.json --yes --reason 'First import' --idempotency-key one
        import kpis.csv --mapping kpis.json --yes
        import kpis-april.csv --mapping kpis.json --write-mapping kpis.json --all
        import kpis-april.csv --mapping kpis.json --yes --format json
        import kpis-april.csv --mapping kpis.json --replace --yes
        history
        scorecard --period 2013-04",
    ));
    insta::assert_snapshot!(told);
}

#[test]
fn a_workbook_becomes_a_plan_folder_that_is_checked_applied_and_loaded() {
    let bench = Bench::new("import-into");
    let awkward = workspace().join("examples/kpi-workbook/ops-kpis-v7.xlsx");
    std::fs::copy(awkward, bench.path("ops-kpis-v7.xlsx")).expect("the example");
    insta::assert_snapshot!(bench.transcript(
        "import ops-kpis-v7.xlsx --into plan
        import ops-kpis-v7.xlsx --into plan
        apply plan
        load plan/observations.csv
        import ops-kpis-v7.xlsx --yes"
    ));
}

#[test]
fn what_cannot_be_brought_in_is_said() {
    let bench = Bench::new("import-refused");
    bench.write("kpis.csv", JANUARY);
    bench.write("empty.csv", "");
    bench.write("letter.csv", "Dear Jo,\nall is well.\n");
    bench.write("months.csv", "KPI,Jan,Feb\nTickets,3,4\n");
    bench.write("wrong.json", "{ \"version\": 9 }");
    bench.write("mapping.json", "not json");
    std::fs::write(bench.path("half.xlsx"), b"PK\x03\x04 and no more").expect("a file");
    insta::assert_snapshot!(bench.transcript(
        "import
        import nowhere.xlsx
        import empty.csv
        import letter.csv
        import months.csv --write-mapping months.json
        import months.csv --year 26
        import months.csv --year 2026
        import half.xlsx
        import half.xlsx --format json
        import kpis.csv --mapping wrong.json
        import kpis.csv --mapping mapping.json
        import kpis.csv --into plan --yes
        history"
    ));
}
