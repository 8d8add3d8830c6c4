//! The shapes that workbooks have, each small.

use std::io::{Cursor, Write};

use rust_xlsxwriter::Workbook;
use throughline_workbook::{Sure, Understood, read, understand};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::small::{observations, of_csv, targets};

#[test]
fn a_long_table() {
    let understood = of_csv(
        "Measure;Region;Period;Value\nComplaints;North;Jan 2025;3\nComplaints;South;Jan 2025;4\nComplaints;North;Feb 2025;-\n",
    );
    assert_eq!(
        observations(&understood),
        ["complaints,north,2025-01,3", "complaints,south,2025-01,4"]
    );
}

#[test]
fn a_long_table_with_a_series_column() {
    let understood = of_csv(
        "KPI,Month,Type,Amount\nSales,2025-01,Actual,\"1,200\"\nSales,2025-01,Target,\"1,000\"\n",
    );
    assert_eq!(observations(&understood), ["sales,numbers,2025-01,1200"]);
    assert_eq!(targets(&understood), ["sales,numbers,2025-01,1000"]);
}

#[test]
fn targets_beside_and_year_to_date() {
    let understood = of_csv(
        "KPI,Year,Month,Target,Actual,YTD Actual\nOn time %,2025,1,90,88.5,88.5\nOn time %,2025,2,90,91,89.7\n",
    );
    assert_eq!(
        observations(&understood),
        [
            "on-time-percent,numbers,2025-01,0.885",
            "on-time-percent,numbers,2025-02,0.91"
        ]
    );
    assert_eq!(targets(&understood).len(), 2);
}

#[test]
fn one_sheet_a_measure() {
    let mut book = Workbook::new();
    for (name, first) in [("Complaints", 3.0), ("Customer satisfaction", 4.0)] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (column, heading) in (0..).zip(["Month", "North", "South"]) {
            sheet.write(0, column, heading).expect("a cell");
        }
        for (row, month) in (1..).zip(["Jan-25", "Feb-25"]) {
            sheet.write(row, 0, month).expect("a cell");
            sheet.write(row, 1, first).expect("a cell");
            sheet.write(row, 2, first + 1.0).expect("a cell");
        }
    }
    let book = read("kpis.xlsx", &book.save_to_buffer().expect("a workbook")).expect("a workbook");
    let understood = understand(&book, None);
    let expected = [
        "complaints,north,2025-01,3",
        "complaints,north,2025-02,3",
        "complaints,south,2025-01,4",
        "complaints,south,2025-02,4",
        "customer-satisfaction,north,2025-01,4",
        "customer-satisfaction,north,2025-02,4",
        "customer-satisfaction,south,2025-01,5",
        "customer-satisfaction,south,2025-02,5",
    ];
    assert_eq!(observations(&understood), expected);
}

#[test]
fn months_down_and_measures_across() {
    let understood = of_csv("Month,Complaints,Sales £k\n2025-01,3,10.5\n2025-02,4,11\n");
    let expected = [
        "complaints,numbers,2025-01,3",
        "complaints,numbers,2025-02,4",
        "sales-k,numbers,2025-01,10.5",
        "sales-k,numbers,2025-02,11",
    ];
    assert_eq!(observations(&understood), expected);
}

#[test]
fn sections_are_units_where_measures_repeat() {
    let understood = of_csv(
        "KPI,Jan-25,Feb-25\nNorth,,\nComplaints,3,4\nSales,10,11\nSouth,,\nComplaints,5,6\nSales,12,13\n",
    );
    let found = observations(&understood);
    assert_eq!(found.len(), 8);
    assert!(
        found.contains(&"sales,south,2025-02,13".to_owned()),
        "{found:?}"
    );
}

#[test]
fn quarters_and_fiscal_years() {
    let understood = of_csv("KPI,Q1 2025,Q2 2025\nComplaints,3,4\n");
    assert_eq!(
        observations(&understood),
        [
            "complaints,numbers,2025-Q1,3",
            "complaints,numbers,2025-Q2,4"
        ]
    );
    let understood = of_csv("KPI,FY2024,FY2025\nComplaints,3,4\n");
    assert_eq!(
        observations(&understood),
        ["complaints,numbers,FY2024,3", "complaints,numbers,FY2025,4"]
    );
}

#[test]
fn months_without_a_year_get_that_of_the_title() {
    let understood = of_csv("Scorecard 2024,,,\nKPI,Nov,Dec,Jan\nComplaints,3,4,5\n");
    let expected = [
        "complaints,numbers,2024-11,3",
        "complaints,numbers,2024-12,4",
        "complaints,numbers,2025-01,5",
    ];
    assert_eq!(observations(&understood), expected);
}

#[test]
fn the_better_direction_owner_and_unit_of_measure_are_read() {
    let understood = of_csv(
        "KPI,Owner,Unit,Direction,Target,Jan-25,Feb-25\nBrightness,Ana Lima,points,down,5,6,7\n",
    );
    let measure = &understood.mapping.measures[0];
    assert_eq!(measure.better.as_deref(), Some("lower"));
    assert_eq!(measure.owner.as_deref(), Some("Ana Lima"));
    assert_eq!(measure.shown_as.as_deref(), Some("points"));
    assert_eq!(targets(&understood), ["brightness,numbers,2025-01,5"]);
}

#[test]
fn the_same_twice_and_two_values_for_one_are_told() {
    let understood = of_csv(
        "Measure,Period,Value\nComplaints,2025-01,3\nComplaints,2025-01,3\nComplaints,2025-01,4\n",
    );
    assert_eq!(observations(&understood), ["complaints,numbers,2025-01,3"]);
    let told: Vec<String> = understood
        .cells
        .iter()
        .map(|cell| serde_json::to_string(&cell.meaning).expect("text"))
        .collect();
    assert!(
        told.iter()
            .any(|text| text.contains("the same stands in numbers!C2")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|text| text.contains("numbers!C2 says 3 for the same")),
        "{told:?}"
    );
}

#[test]
fn open_documents_are_read_with_percent_and_days() {
    let cell = |kind: &str, value: &str, text: &str| {
        format!(
            "<table:table-cell office:value-type=\"{kind}\" {value}><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let day = |day: &str| cell("date", &format!("office:date-value=\"{day}\""), day);
    let percent = |number: &str| cell("percentage", &format!("office:value=\"{number}\""), number);
    let rows = [
        row(&[
            cell("string", "", "KPI"),
            day("2025-01-01"),
            day("2025-02-01"),
        ]),
        row(&[
            cell("string", "", "R&amp;D on time"),
            percent("0.9"),
            percent("0.8"),
        ]),
    ];
    let content = format!(
        "<office:document-content><table:table table:name=\"KPIs\">{}</table:table></office:document-content>",
        rows.concat()
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("content.xml", content.as_str()),
        (
            "META-INF/manifest.xml",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("a part");
        zip.write_all(text.as_bytes()).expect("a part");
    }
    let bytes = zip.finish().expect("an archive").into_inner();
    let understood = understand(&read("numbers.ods", &bytes).expect("a workbook"), None);
    assert_eq!(
        observations(&understood),
        [
            "r-d-on-time,numbers,2025-01,0.9",
            "r-d-on-time,numbers,2025-02,0.8"
        ]
    );
    assert_eq!(
        understood.mapping.measures[0].shown_as.as_deref(),
        Some("%")
    );
}

#[test]
fn what_the_workbook_says_there_is_not_is_asked_of_nobody() {
    let understood = of_csv(
        "KPI,Unit,Jan-25,Feb-25,Mar-25,Apr-25\n\
         Complaints,North,3,n/a,5,n/a\n\
         Complaints,South,2,tbc,-,\n\
         Complaints,West,n/a,n/a,n/a,\n\
         Sales,North,1,2,n.a.,n/a\n",
    );
    // West never reports; what is still to come, or only missing, is no word that there is none; nor is April, of which nobody
    // knows anything.
    let none = understood.draft.none.iter();
    let none: Vec<String> = none
        .map(|cell| format!("{},{},{}", cell.measure, cell.unit, cell.period))
        .collect();
    assert_eq!(
        none,
        ["complaints,north,2025-02", "sales,north,2025-03"],
        "{:?}",
        understood.draft.none
    );
    let table = understood.draft.observations_text();
    assert!(table.contains("complaints,north,2025-02,\n"), "{table}");
    // A unit that has no figure at all is none of the plan.
    let units = understood.mapping.units.iter();
    let units: Vec<&str> = units.map(|unit| unit.key.as_str()).collect();
    assert_eq!(units, ["north", "south"]);
    // South has no February and no March that count as empty places: it says something there.
    assert!(
        understood
            .remarks
            .iter()
            .all(|remark| !remark.contains("empty")),
        "{:?}",
        understood.remarks
    );
}

#[test]
fn places_without_a_value_are_counted() {
    let empty = |understood: &Understood| {
        let mut remarks = understood.remarks.iter();
        let found = remarks.find(|remark| remark.contains("empty"));
        found.cloned().unwrap_or_default()
    };
    // Between the periods that a row has; not before its first one, nor what is still to come.
    let wide = of_csv("KPI,Jan-25,Feb-25,Mar-25,Apr-25,May-25\nSales,,1,,3,\nCalls,1,2,3,4,5\n");
    assert_eq!(
        empty(&wide),
        "1 place for a value is empty, at numbers!D2: nothing is recorded there"
    );
    let long = of_csv(
        "KPI,Period,Actual,Target\nSales,2025-01,1,2\nSales,2025-02,,2\nSales,2025-03,,\nSales,2025-04,4,2\n",
    );
    assert_eq!(
        empty(&long),
        "2 places for a value are empty, the first at numbers!C3: nothing is recorded there"
    );
}

#[test]
fn measures_that_would_be_called_the_same_are_asked_about() {
    let text = "KPI,Jan-25,Feb-25\nCost (%),3%,4%\nCost (GBP),10,11\nSales,1,2\n";
    let understood = of_csv(text);
    let asked = |understood: &Understood| {
        let measures = understood.measures.iter();
        let asked = measures.filter(|one| one.sure == Sure::ToCheck);
        let asked = asked.filter(|one| one.because[0].contains("would be called Cost"));
        asked.count()
    };
    assert_eq!(asked(&understood), 2, "{:?}", understood.measures);
    // Whoever gave one another name, or confirmed both, is not asked again.
    let mut kept = understood.mapping.clone();
    for measure in &mut kept.measures {
        measure.sure = Sure::Certain;
        measure.because.clear();
    }
    let book = read("numbers.csv", text.as_bytes()).expect("a table");
    let again = understand(&book, Some(&kept));
    assert_eq!(asked(&again), 0, "{:?}", again.measures);
}

#[test]
fn two_rows_of_one_name_with_different_figures_are_asked_about() {
    let understood = of_csv("KPI,Jan-25,Feb-25\nCalls,3,4\nSales,1,2\nCalls,5,4\n");
    let measure = &understood.measures[0];
    assert_eq!(measure.sure, Sure::ToCheck);
    let because = &measure.because[0];
    assert!(
        because.contains("numbers!B2 and numbers!B4 say different figures"),
        "{because}"
    );
    let other = &understood.measures[1];
    assert!(!other.because.iter().any(|one| one.contains("different")));
}
