//! A mapping that was corrected and kept holds for next month's file, whose rows and columns have moved.

use throughline_workbook::{Mapping, read, understand};

const FIRST: &str = "KPI,Lead,Target,Jan-25,Feb-25\nBrightness,Ana,5,6,7\nComplaints,Jo,3,2,1\n";
const NEXT: &str = "Scorecard,,,,,\nNo,Lead,KPI,Target,Feb-25,Mar-25\n1,Jo,Complaints,3,1,4\n2,Ana,Brightness,5,7,8\n3,Jo,Sales,9,8,7\n";

#[test]
fn corrections_hold_for_the_next_file() {
    let first = understand(&read("a.csv", FIRST.as_bytes()).expect("a table"), None);
    let mut mapping = Mapping::read(first.mapping.to_text().as_bytes()).expect("the same mapping");
    assert_eq!(mapping, first.mapping);
    mapping.organisation.name = "Harbour".to_owned();
    mapping.organisation.key = "harbour".to_owned();
    mapping.measures[0].name = "Brightness of lamps".to_owned();
    mapping.measures[0].key = "lamps".to_owned();
    mapping.measures[0].better = Some("lower".to_owned());
    let next = understand(
        &read("a.csv", NEXT.as_bytes()).expect("a table"),
        Some(&mapping),
    );
    let rows = next.draft.observations_text();
    let expected = "measure,unit,period,value\ncomplaints,harbour,2025-02,1\ncomplaints,harbour,2025-03,4\nlamps,harbour,2025-02,7\nlamps,harbour,2025-03,8\nsales,harbour,2025-02,8\nsales,harbour,2025-03,7\n";
    assert_eq!(rows, expected);
}

#[test]
fn a_value_that_looks_like_a_slip_can_be_taken_in() {
    let text = "KPI,Jan-25,Feb-25,Mar-25,Apr-25,May-25,Jun-25\nLow pressure,218,221,\"55,555\",230,218,209\n";
    let book = read("a.csv", text.as_bytes()).expect("a table");
    let guessed = understand(&book, None);
    assert_eq!(guessed.draft.observations.len(), 5);
    let mut mapping = guessed.mapping;
    mapping.take_in.push("low-pressure/a/2025-03".to_owned());
    assert_eq!(
        understand(&book, Some(&mapping)).draft.observations.len(),
        6
    );
}

#[test]
fn a_mapping_that_says_what_cannot_be_is_refused() {
    let first = understand(&read("a.csv", FIRST.as_bytes()).expect("a table"), None);
    let told = |change: &dyn Fn(&mut Mapping)| {
        let mut mapping = first.mapping.clone();
        change(&mut mapping);
        Mapping::read(mapping.to_text().as_bytes())
            .expect_err("refused")
            .to_string()
    };
    assert!(
        told(&|mapping| mapping.measures[0].key = "Not A Key".to_owned())
            .contains("`Not A Key` cannot be the key of a measure")
    );
    assert!(
        told(&|mapping| mapping.measures[0].kind = "average".to_owned())
            .contains("the kind `average`, which is none")
    );
    assert!(told(&|mapping| mapping.version = 9).contains("it is of version 9, and 1 is known"));
    assert!(Mapping::read(b"{").is_err());
}
