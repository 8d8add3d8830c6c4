//! Targets beside actuals in every way that people write them: rows below a name, pairs of columns under a merged heading,
//! blocks below a title.

use rust_xlsxwriter::{Format, Workbook, Worksheet};
use throughline_workbook::{Sure, Understood, read, understand};

use crate::small::{observations, of_book, of_csv, targets};

fn units(understood: &Understood) -> Vec<&str> {
    let units = understood.mapping.units.iter();
    units.map(|unit| unit.key.as_str()).collect()
}

fn measures(understood: &Understood) -> Vec<&str> {
    let measures = understood.measures.iter();
    measures.map(|measure| measure.name.as_str()).collect()
}

fn write_row(sheet: &mut Worksheet, row: u32, first: u16, cells: &[&str]) {
    for (column, text) in (first..).zip(cells) {
        match text.parse::<f64>() {
            Ok(number) => sheet.write(row, column, number),
            Err(_) => sheet.write(row, column, *text),
        }
        .expect("a cell");
    }
}

#[test]
fn a_row_called_target_is_no_unit() {
    let mut book = Workbook::new();
    for name in ["On-time departures", "Lost bags per 1,000"] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        write_row(sheet, 0, 0, &[name]);
        write_row(sheet, 2, 0, &["Region", "Jan 2026", "Feb 2026"]);
        write_row(sheet, 3, 0, &["North", "3", "4"]);
        write_row(sheet, 4, 0, &["South", "5", "6"]);
        write_row(sheet, 5, 0, &["Total", "8", "10"]);
        write_row(sheet, 6, 0, &["Target", "9", "9"]);
        write_row(sheet, 7, 0, &["Variance", "-1", "1"]);
        write_row(sheet, 8, 0, &["Last year", "7", "7"]);
    }
    let understood = of_book(book);
    assert_eq!(units(&understood), ["north", "south"]);
    assert_eq!(
        observations(&understood).len(),
        8,
        "{:?}",
        observations(&understood)
    );
    assert_eq!(
        targets(&understood),
        [
            "lost-bags-per-1-000,kpis,2026-01,9",
            "lost-bags-per-1-000,kpis,2026-02,9",
            "on-time-departures,kpis,2026-01,9",
            "on-time-departures,kpis,2026-02,9",
        ]
    );
    // Of whom it is a target nobody said: that is asked.
    for measure in &understood.measures {
        assert_eq!(measure.sure, Sure::ToCheck, "{measure:?}");
        assert!(measure.because.iter().any(|one| one.contains("no unit")));
    }
    let left_out = serde_json::to_string(&understood.cells).expect("text");
    assert_eq!(left_out.matches("neither values nor targets").count(), 8);
}

#[test]
fn rows_of_series_below_a_unit_are_of_that_unit() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Complaints").expect("a name");
    write_row(sheet, 0, 0, &["Region", "Jan 2026", "Feb 2026"]);
    for (row, label) in [(1, "North"), (2, "Target"), (3, "South"), (4, "Target")] {
        write_row(sheet, row, 0, &[label, "3", "4"]);
    }
    let understood = of_book(book);
    assert_eq!(units(&understood), ["north", "south"]);
    let found = targets(&understood);
    let own = found.iter().filter(|one| !one.contains(",kpis,"));
    assert_eq!(own.count(), 4, "{found:?}");
    assert_eq!(observations(&understood).len(), 4);
}

#[test]
fn rows_of_series_below_a_measure_are_of_that_measure() {
    let understood = of_csv(
        "KPI,Jan-26,Feb-26\nSales,10,11\nTarget,12,12\nCalls,5,6\nTarget,7,7\nVariance,-2,-1\n",
    );
    assert_eq!(measures(&understood), ["Sales", "Calls"]);
    assert_eq!(targets(&understood).len(), 4);
    let asked = |understood: &Understood| {
        let measures = understood.measures.iter();
        let asked = measures.filter(|one| one.because.iter().any(|why| why.contains("below it")));
        asked.count()
    };
    assert_eq!(asked(&understood), 0);
    // One target below two measures is of the second, and that is asked.
    let understood = of_csv("KPI,Jan-26,Feb-26\nSales,10,11\nCalls,5,6\nBudget,7,7\n");
    assert_eq!(measures(&understood), ["Sales", "Calls"]);
    assert_eq!(asked(&understood), 1, "{:?}", understood.measures);
}

#[test]
fn names_that_stand_alone_are_of_the_rows_below() {
    let understood = of_csv(
        "KPI,Jan-26,Feb-26\nFINANCE,,\nSales,,\nActual,10,11\nTarget,12,12\nLast year,9,9\nCalls,,\nActual,5,6\nTarget,7,7\n",
    );
    assert_eq!(measures(&understood), ["Sales", "Calls"]);
    assert_eq!(units(&understood), [""; 0]);
    assert_eq!(
        observations(&understood),
        [
            "calls,numbers,2026-01,5",
            "calls,numbers,2026-02,6",
            "sales,numbers,2026-01,10",
            "sales,numbers,2026-02,11"
        ]
    );
    assert_eq!(targets(&understood).len(), 4);
}

#[test]
fn a_name_with_its_series_is_taken_apart() {
    let rows = of_csv(
        "KPI,Jan-26,Feb-26\nSales (actual),10,11\nSales (target),12,12\nCalls,5,6\nCalls – target,7,7\nOn target,1,2\n",
    );
    assert_eq!(measures(&rows), ["Sales", "Calls", "On target"]);
    assert_eq!((observations(&rows).len(), targets(&rows).len()), (6, 4));
    let columns = of_csv(
        "Month,Churn % Actual,Churn % Target,NPS,NPS target\n2026-01,2,1,30,40\n2026-02,3,1,31,40\n",
    );
    assert_eq!(measures(&columns), ["Churn", "NPS"]);
    assert_eq!(
        (observations(&columns).len(), targets(&columns).len()),
        (4, 4)
    );
}

#[test]
fn months_down_and_pairs_under_merged_measures() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    write_row(sheet, 0, 0, &["Month"]);
    let centre = Format::new();
    for (column, name) in [
        (1, "Churn %"),
        (3, "Average handling time"),
        (5, "Open vacancies"),
    ] {
        sheet
            .merge_range(0, column, 0, column + 1, name, &centre)
            .expect("an area");
        write_row(sheet, 1, column, &["Actual", "Target"]);
    }
    for (row, month) in (2..).zip(["2026-01", "2026-02", "2026-03"]) {
        write_row(sheet, row, 0, &[month, "2.1", "2", "30", "40", "12", "10"]);
    }
    write_row(sheet, 5, 0, &["Total", "", "", "", "", "36"]);
    let understood = of_book(book);
    assert_eq!(
        measures(&understood),
        ["Churn", "Average handling time", "Open vacancies"]
    );
    assert_eq!(
        (observations(&understood).len(), targets(&understood).len()),
        (9, 9)
    );
}

#[test]
fn one_sheet_a_measure_with_pairs_under_units() {
    for is_merged in [true, false] {
        let mut book = Workbook::new();
        for name in ["On-time departures", "Safety incidents"] {
            let sheet = book.add_worksheet().set_name(name).expect("a name");
            write_row(sheet, 0, 0, &[name]);
            write_row(sheet, 1, 0, &["Owner:", "Mei Tan"]);
            write_row(sheet, 3, 0, &["Month"]);
            for (column, unit) in [(1, "North"), (3, "South")] {
                match is_merged {
                    true => drop(sheet.merge_range(3, column, 3, column + 1, unit, &Format::new())),
                    false => write_row(sheet, 3, column, &[unit]),
                }
                write_row(sheet, 4, column, &["Actual", "Target"]);
            }
            for (row, month) in (5..).zip(["Jan-26", "Feb-26"]) {
                write_row(sheet, row, 0, &[month, "3", "4", "5", "6"]);
            }
        }
        let understood = of_book(book);
        assert_eq!(units(&understood), ["north", "south"], "{is_merged}");
        let own = observations(&understood);
        assert_eq!(own.len(), 8, "{own:?}");
        assert_eq!(own[0], "on-time-departures,north,2026-01,3");
        let found = targets(&understood);
        assert!(
            found.contains(&"safety-incidents,south,2026-02,6".to_owned()),
            "{found:?}"
        );
        for measure in &understood.measures {
            assert_eq!(measure.owner.as_deref(), Some("Mei Tan"), "{measure:?}");
        }
    }
}

#[test]
fn blocks_below_each_other_with_a_title_each() {
    for sheet_name in ["Sheet1", "Operations"] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name(sheet_name).expect("a name");
        for (block, name) in (0..).zip(["On-time departures", "Bed days"]) {
            let row = block * 6;
            write_row(sheet, row, 0, &[name]);
            write_row(sheet, row + 1, 0, &["Owner: Mei Tan"]);
            write_row(sheet, row + 2, 1, &["Jan 2026", "Feb 2026"]);
            write_row(sheet, row + 3, 0, &["Actual", "3", "4"]);
            write_row(sheet, row + 4, 0, &["Target", "5", "5"]);
        }
        let understood = of_book(book);
        assert_eq!(measures(&understood), ["On-time departures", "Bed days"]);
        assert_eq!(units(&understood), [""; 0]);
        assert_eq!(observations(&understood).len(), 4, "{sheet_name}");
        assert_eq!(targets(&understood).len(), 4, "{sheet_name}");
        let owners = understood.measures.iter().map(|one| one.owner.as_deref());
        assert!(owners.into_iter().all(|owner| owner == Some("Mei Tan")));
    }
}

#[test]
fn blocks_with_the_name_in_the_heading_or_with_months_down() {
    let heading = of_csv(
        "Bed days,Jan 2026,Feb 2026\nActual,3,4\nTarget,5,5\n,,\nFalls,Jan 2026,Feb 2026\nActual,1,2\nTarget,0,0\n",
    );
    assert_eq!(measures(&heading), ["Bed days", "Falls"]);
    assert_eq!(observations(&heading).len(), 4);
    let down = of_csv(
        "Bed days,,\nMonth,Actual,Target\n2026-01,3,5\n2026-02,4,5\n,,\nFalls,,\nMonth,Actual,Target\n2026-01,1,0\n",
    );
    assert_eq!(measures(&down), ["Bed days", "Falls"]);
    assert_eq!((observations(&down).len(), targets(&down).len()), (3, 3));
}

#[test]
fn titles_of_tables_with_the_same_measures_are_units() {
    let understood = of_csv(
        "North,,\nKPI,Jan-26,Feb-26\nComplaints,3,4\nSales,10,11\n,,\nSouth,,\nKPI,Jan-26,Feb-26\nComplaints,5,6\nSales,12,13\n",
    );
    assert_eq!(units(&understood), ["north", "south"]);
    assert_eq!(observations(&understood).len(), 8);
    let said = understood.remarks.iter();
    assert!(
        said.into_iter()
            .any(|one| one.contains("taken as units: North, South"))
    );
}

#[test]
fn what_a_mapping_knows_as_a_name_stays_one() {
    let text = "KPI,Jan-26,Feb-26\nSales,10,11\nBudget,7,7\n";
    let mut kept = of_csv(text).mapping;
    let mut budget = kept.measures[0].clone();
    for field in [&mut budget.found_as, &mut budget.name] {
        "Budget".clone_into(field);
    }
    "budget".clone_into(&mut budget.key);
    kept.measures.push(budget);
    let book = read("numbers.csv", text.as_bytes()).expect("a table");
    let again = understand(&book, Some(&kept));
    assert_eq!(measures(&again), ["Sales", "Budget"]);
    assert_eq!(observations(&again).len(), 4);
}

#[test]
fn titles_that_are_years_are_the_years_of_their_tables() {
    for (first, second) in [("2024", "2025"), ("Scorecard 2024", "Scorecard 2025")] {
        let understood = of_csv(&format!(
            "{first},,\nKPI,Jan,Feb\nComplaints,3,4\n,,\n{second},,\nKPI,Jan,Feb\nComplaints,5,6\n"
        ));
        assert_eq!(units(&understood), [""; 0], "{first}");
        assert_eq!(
            observations(&understood),
            [
                "complaints,numbers,2024-01,3",
                "complaints,numbers,2024-02,4",
                "complaints,numbers,2025-01,5",
                "complaints,numbers,2025-02,6"
            ],
            "{first}"
        );
    }
}

#[test]
fn titles_that_are_measures_have_units_in_their_rows() {
    let understood = of_csv(
        "Customer satisfaction,,\n,Jan-26,Feb-26\nNorth,91%,89%\nSouth,88%,90%\nAll,90%,89%\n,,\nComplaints,,\n,Jan-26,Feb-26\nNorth,9,8\nSouth,8,7\n",
    );
    assert_eq!(
        measures(&understood),
        ["Customer satisfaction", "Complaints"]
    );
    assert_eq!(units(&understood), ["north", "south"]);
    assert_eq!(observations(&understood).len(), 8);
    // Where no word tells measures from units, that is asked.
    let understood = of_csv(
        "Ash,,\nKPI,Jan-26,Feb-26\nElm,9,8\nOak,8,7\n,,\nYew,,\nKPI,Jan-26,Feb-26\nElm,9,8\nOak,8,7\n",
    );
    assert_eq!(units(&understood), ["ash", "yew"]);
    for measure in &understood.measures {
        assert!(
            measure.because[0].contains("may be the measures"),
            "{measure:?}"
        );
        assert_eq!(measure.sure, Sure::ToCheck);
    }
}

#[test]
fn tabs_and_titles_that_are_lengths_of_time_or_of_a_way_are_no_measures() {
    for name in [
        "Weeks", "Months", "Month", "Metres", "Hour", "Hours", "Day", "Hrs", "Min", "Minutes",
        "Seconds", "Sec", "Km", "Miles",
    ] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        write_row(sheet, 0, 1, &["Jan-26", "Feb-26"]);
        write_row(sheet, 1, 0, &["Complaints", "3", "4"]);
        write_row(sheet, 2, 0, &["Staff in post", "10", "11"]);
        let understood = of_book(book);
        assert_eq!(
            measures(&understood),
            ["Complaints", "Staff in post"],
            "{name}"
        );
    }
    let mut book = Workbook::new();
    for name in ["Weeks", "Months"] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        write_row(sheet, 0, 0, &["KPI", "Jan-26", "Feb-26"]);
        write_row(sheet, 1, 0, &["Complaints", "3", "4"]);
    }
    assert_eq!(units(&of_book(book)), [""; 0]);
    // Below them stand measures, and they are units, as other titles are.
    for [first, second] in [["Months", "Metres"], ["Hours", "Miles"]] {
        let text = format!(
            "{first},,\n,Jan-26,Feb-26\nElm,9,8\nOak,8,7\n,,\n{second},,\n,Jan-26,Feb-26\nElm,9,8\nOak,8,7\n"
        );
        let blocks = understand(&read("kpis.csv", text.as_bytes()).expect("a table"), None);
        assert_eq!(measures(&blocks), ["Elm", "Oak"]);
    }
}

#[test]
fn series_in_a_column_without_a_heading() {
    let understood = of_csv(
        "Measure,Owner,,Jan-26,Feb-26\nSales,Ann,Plan,10,11\n,,Actual,9,12\n,,Variance,-1,1\nCalls,Tom,Plan,5,5\n,,Actual,6,5\n,,Variance,1,0\n",
    );
    assert_eq!(measures(&understood), ["Sales", "Calls"]);
    assert_eq!(
        (observations(&understood).len(), targets(&understood).len()),
        (4, 4)
    );
    assert_eq!(observations(&understood)[0], "calls,numbers,2026-01,6");
}

#[test]
fn a_heading_that_says_that_series_stand_below_it_is_no_title() {
    let text = "Complaints\n\nType,Jan-25,Feb-25\nActual,3,4\nTarget,5,5\n";
    let book = read("kpis.csv", text.as_bytes()).expect("a table");
    let understood = understand(&book, None);
    assert_eq!(measures(&understood), ["Complaints"]);
    assert_eq!(
        observations(&understood),
        ["complaints,kpis,2025-01,3", "complaints,kpis,2025-02,4"]
    );
    // One that says what they are of is the title, whatever stands above it.
    let named = of_csv("Service desk\n\nComplaints,Jan-25,Feb-25\nActual,3,4\nTarget,5,5\n");
    assert_eq!(measures(&named), ["Complaints"]);
}
