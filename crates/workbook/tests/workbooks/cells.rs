//! Cells as people write them: marks of footnotes, bounds, thousands as a letter, times, and colours in the place of words.

use rust_xlsxwriter::{Color, ExcelDateTime, Format, Workbook};
use throughline_workbook::{CellMeaning, Mapping, Meaning, Sure, Understood, read, understand};

use crate::small::{of_book, of_csv, periods};

fn values(understood: &Understood) -> Vec<f64> {
    let values = understood.draft.observations.iter();
    values.map(|one| one.value).collect()
}

fn targets(understood: &Understood) -> Vec<f64> {
    let values = understood.draft.targets.iter();
    values.map(|one| one.value).collect()
}

fn reason(understood: &Understood, cell: &str) -> String {
    let mut cells = understood.cells.iter();
    let found = cells.find(|one| one.cell.to_string() == cell);
    match &found.expect("a cell").meaning {
        Meaning::LeftOut { because, .. } => because.clone(),
        other => format!("{other:?}"),
    }
}

fn remark(understood: &Understood, words: &str) -> String {
    let mut remarks = understood.remarks.iter();
    let found = remarks.find(|remark| remark.contains(words));
    found.cloned().unwrap_or_default()
}

#[test]
fn marks_are_read_past_and_told() {
    let understood = of_csv(
        "KPI,Target,Jan-26*,Feb-26,Mar-26 (p),Apr-26\nCalls answered in 30s,>95%,93.2%*,~95%,96.1% (p),94%\n",
    );
    assert_eq!(values(&understood), [0.932, 0.95, 0.961, 0.94]);
    assert_eq!(targets(&understood), [0.95]);
    let measure = &understood.measures[0];
    assert_eq!(measure.better.as_deref(), Some("higher"));
    let told = remark(&understood, "read past");
    assert!(
        told.starts_with("marks or letters beside 3 numbers"),
        "{told}"
    );
    assert!(told.contains("numbers!C2 93.2%* as 0.932"), "{told}");
}

#[test]
fn what_nobody_sees_is_in_no_name_and_no_number() {
    let understood = of_csv(
        "KPI,Jan-26,Feb-26,Mar-26\n\u{feff}Visi\u{200b}tors of the ter\u{ad}minal,\u{200e}930,950\u{200b},\u{2060}\n",
    );
    let measure = &understood.measures[0];
    assert_eq!(measure.name, "Visitors of the terminal");
    assert_eq!(measure.found_as, "Visitors of the terminal");
    assert_eq!(values(&understood), [930.0, 950.0]);
}

#[test]
fn a_bound_is_a_target_and_no_value() {
    let text = "KPI,Target,Jan-26,Feb-26,Mar-26\nCases of the flu,<20,12,<5,9\n";
    let understood = of_csv(text);
    assert_eq!(
        (values(&understood), targets(&understood)),
        (vec![12.0, 9.0], vec![20.0])
    );
    assert_eq!(understood.measures[0].better.as_deref(), Some("lower"));
    assert!(reason(&understood, "D2").starts_with("a bound and no figure"));
    // Somebody may say that it is taken as the figure.
    let mut kept: Mapping = understood.mapping.clone();
    kept.put_taken_in("cases-of-the-flu/numbers/2026-02");
    let book = read("numbers.csv", text.as_bytes()).expect("a table");
    assert_eq!(values(&understand(&book, Some(&kept))), [12.0, 5.0, 9.0]);
}

#[test]
fn letters_stand_for_thousands_and_millions() {
    let understood = of_csv(
        "KPI,Unit,Target,Jan-26,Feb-26,Mar-26\nVisitors,,12k,10.5k,\"1,200\",\"12,100\"\nRevenue,£m,£1.3m,£1.2m,1.25,1.1m\n",
    );
    assert_eq!(
        values(&understood),
        [1.2, 1.25, 1.1, 10_500.0, 1200.0, 12_100.0]
    );
    assert_eq!(targets(&understood), [1.3, 12_000.0]);
    assert!(remark(&understood, "written out").contains("10.5k as 10500"));
}

#[test]
fn times_are_durations() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["KPI", "Target", "Jan 2026", "Feb 2026", "Mar 2026"]) {
        sheet.write(0, column, heading).expect("a cell");
    }
    let clock = Format::new().set_num_format("hh:mm");
    let long = Format::new().set_num_format("[h]:mm:ss");
    sheet.write(1, 0, "Mean wait (hh:mm)").expect("a cell");
    sheet.write(1, 1, "00:15").expect("a cell");
    let time = |hours, minutes, seconds| {
        ExcelDateTime::from_hms(hours, minutes, f64::from(seconds)).expect("a time")
    };
    sheet
        .write_with_format(1, 2, time(0, 12, 0), &clock)
        .expect("a cell");
    sheet
        .write_with_format(1, 3, time(1, 5, 30), &long)
        .expect("a cell");
    sheet
        .write_number_with_format(1, 4, 1.25, &long)
        .expect("a cell");
    let understood = of_book(book);
    assert_eq!(values(&understood), [12.0, 65.5, 1800.0]);
    assert_eq!(targets(&understood), [15.0]);
    let measure = &understood.measures[0];
    assert_eq!(
        (measure.name.as_str(), measure.shown_as.as_deref()),
        ("Mean wait", Some("min"))
    );
    assert_eq!((measure.kind.as_str(), measure.decimals), ("mean", 1));
    assert!(
        measure
            .because
            .iter()
            .any(|why| why.contains("times such as 0:15"))
    );
    let hours = of_csv("KPI,Unit,Jan-26,Feb-26\nTime to fix,hours,1:30,2:00\n");
    assert_eq!(values(&hours), [1.5, 2.0]);
    let first = hours.measures.first();
    assert_eq!(first.map(|one| one.decimals), Some(1));
    let minutes = of_csv("KPI,Jan-26,Feb-26\nCall length (mm:ss),05:30,06:00\n");
    assert_eq!(values(&minutes), [5.5, 6.0]);
}

#[test]
fn a_measure_without_a_value_is_to_check() {
    let understood =
        of_csv("KPI,Target,Jan-26,Feb-26\nCalls answered %,95,fine,good\nSales,,3,4\n");
    let measure = &understood.measures[0];
    assert_eq!(measure.sure, Sure::ToCheck, "{measure:?}");
    assert!(
        measure.because[0].contains("it has no value"),
        "{measure:?}"
    );
    assert_ne!(understood.measures[1].because[0], measure.because[0]);
}

/// The coloured cells that have nothing in them, with what they are.
fn coloured(understood: &Understood) -> Vec<&CellMeaning> {
    let cells = understood.cells.iter();
    cells
        .filter(|cell| {
            matches!(&cell.meaning, Meaning::LeftOut { because, .. } if because.starts_with("a colour without"))
        })
        .collect()
}

#[test]
fn colours_in_the_place_of_figures_have_their_own_reason() {
    let fill = |color: u32| Format::new().set_background_color(Color::RGB(color));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["Initiative KPI", "Jan-26", "Feb-26", "Mar-26", "RAG"]) {
        sheet.write(0, column, heading).expect("a cell");
    }
    for (row, name) in (1..).zip(["Programme delivery", "Data quality"]) {
        sheet.write(row, 0, name).expect("a cell");
        for (column, color) in (1..).zip([0xFF_0000, 0x00_B050, 0xFF_C000]) {
            sheet
                .write_blank(row, column, &fill(color))
                .expect("a cell");
        }
    }
    // A band of one colour groups what is below it, and says no status.
    sheet
        .write_with_format(3, 0, "PEOPLE", &fill(0x92_D050))
        .expect("a cell");
    for column in 1..4 {
        sheet
            .write_blank(3, column, &fill(0x92_D050))
            .expect("a cell");
    }
    sheet.write(4, 0, "Uptime").expect("a cell");
    for column in 1..4_u16 {
        sheet.write(4, column, 98 + column).expect("a cell");
    }
    sheet.write_blank(4, 4, &fill(0x00_B050)).expect("a cell");
    let understood = of_book(book);
    let found = coloured(&understood);
    let words: Vec<&str> = found.iter().map(|cell| cell.found.as_str()).collect();
    assert_eq!(
        words,
        ["red", "green", "amber", "red", "green", "amber", "green"]
    );
    assert_eq!(
        reason(&understood, "A2"),
        "its row has colours and no figures"
    );
    assert_eq!(reason(&understood, "A4"), "the heading of a group of rows");
    assert_eq!(values(&understood).len(), 3);
}

#[test]
fn colours_that_disagree_with_the_target_are_listed() {
    let fill = |color: u32| Format::new().set_background_color(Color::RGB(color));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip([
        "KPI", "Target", "Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026",
    ]) {
        sheet.write(0, column, heading).expect("a cell");
    }
    sheet.write(1, 0, "Complaints").expect("a cell");
    sheet.write(1, 1, 20).expect("a cell");
    // Fewer are better: a miss is green, one that is met is red; amber says neither, and blue nothing.
    for (column, (value, color)) in (2..).zip([
        (25, 0x00_B050),
        (15, 0xFF_0000),
        (22, 0xFF_C000),
        (30, 0x44_72C4),
    ]) {
        sheet
            .write_with_format(1, column, value, &fill(color))
            .expect("a cell");
    }
    let understood = of_book(book);
    assert_eq!(
        remark(&understood, "disagree"),
        "2 of 3 colours disagree with the target: Sheet1!C2 is green and 25 misses 20, Sheet1!D2 is red and 15 meets 20"
    );
}

#[test]
fn a_baseline_says_which_way_is_better() {
    let understood = of_csv(
        "Measure,Baseline 24/25,Q1 25/26,Q2 25/26,Target 26/27\nHouseholds in fuel poverty,8.1%,8.0%,7.9%,7.0%\nNew homes,410,98,120,450\nMystery,,3,4,5\n",
    );
    let better: Vec<Option<&str>> = understood
        .measures
        .iter()
        .map(|measure| measure.better.as_deref())
        .collect();
    assert_eq!(better, [Some("lower"), Some("higher"), Some("higher")]);
    let first = &understood.measures[0];
    assert!(
        first
            .because
            .iter()
            .any(|why| why.contains("from its baseline 8.1")),
        "{first:?}"
    );
    assert_eq!(understood.measures[2].sure, Sure::ToCheck);
}

#[test]
fn rows_of_all_units_together_are_totals() {
    let understood = of_csv(
        "Period,Site,KPI,Actual\n2026-01,Leeds,Falls,3\n2026-01,York,Falls,4\n2026-01,All sites,Falls,7\n2026-01,Total,Falls,7\n",
    );
    assert_eq!(values(&understood), [3.0, 4.0]);
    assert!(reason(&understood, "D4").starts_with("a total"));
}

#[test]
fn weeks_are_named_by_their_days() {
    let understood =
        of_csv("Metric,W/E 06/03/2026,W/E 13/03/2026,W/E 20/03/2026\nTickets closed,40,42,39\n");
    assert_eq!(periods(&understood), ["2026-W10", "2026-W11", "2026-W12"]);
}

#[test]
fn weeks_named_by_a_sunday_are_those_that_have_most_of_their_days() {
    for (heading, sundays) in [
        // What is said counts: by its first day, and by its last one.
        (
            "Metric",
            ["w/c 01/03/2026", "w/c 08/03/2026", "w/c 15/03/2026"],
        ),
        ("Metric (w/c)", ["01/03/2026", "08/03/2026", "15/03/2026"]),
        (
            "Metric",
            ["w/e 08/03/2026", "w/e 15/03/2026", "w/e 22/03/2026"],
        ),
        ("Week ending", ["08/03/2026", "15/03/2026", "22/03/2026"]),
        // Where nothing is said, weeks begin on Sundays.
        ("Metric", ["01/03/2026", "08/03/2026", "15/03/2026"]),
    ] {
        let days = sundays.join(",");
        let understood = of_csv(&format!("{heading},{days}\nTickets closed,40,42,39\n"));
        let expected = ["2026-W10", "2026-W11", "2026-W12"];
        assert_eq!(periods(&understood), expected, "{heading} {days}");
        let because = &understood.measures[0].because;
        let is_asked = because.iter().any(|one| one.contains("Sundays"));
        let is_said = heading != "Metric" || days.contains("w/");
        assert_eq!(is_asked, !is_said, "{because:?}");
    }
    // In rows below each other as well, and not where each day has its figure.
    let rows = of_csv("Week,Tickets closed\n2026-03-01,40\n2026-03-08,42\n2026-03-15,39\n");
    assert_eq!(periods(&rows), ["2026-W10", "2026-W11", "2026-W12"]);
    let days = of_csv("Metric,2026-02-28,2026-03-01,2026-03-02\nTickets closed,40,42,39\n");
    assert_eq!(periods(&days), ["2026-02-28", "2026-03-01", "2026-03-02"]);
}

#[test]
fn times_are_in_the_unit_that_is_named() {
    for (unit, expected, decimals) in [
        ("hours", [0.25, 1.5], 2),
        ("Hours (h:mm)", [0.25, 1.5], 2),
        ("hr", [0.25, 1.5], 2),
        ("mins/call", [15.0, 90.0], 0),
        ("days", [0.010_416_666_666_7, 0.0625], 2),
    ] {
        let row = format!("KPI,Unit of measure,Jan-26,Feb-26\nTime to fix,{unit},0:15,1:30:00\n");
        let understood = of_csv(&row);
        let found = values(&understood);
        for (value, expected) in found.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-9, "{unit}: {found:?}");
        }
        let measure = &understood.measures[0];
        let shown_as = measure.shown_as.as_deref();
        assert_eq!(
            (found.len(), shown_as, measure.decimals),
            (2, Some(unit), decimals)
        );
    }
    let named = of_csv("KPI,Jan-26,Feb-26\nTime to fix (hr),0:15,1:30:00\n");
    assert_eq!(values(&named), [0.25, 1.5]);
}

#[test]
fn an_m_is_no_million_of_what_is_written_as_one() {
    let understood =
        of_csv("KPI,Unit,Jan-26,Feb-26\nWater lost,m3,12m,15\nLength of stay,months,3m,4m\n");
    assert_eq!(values(&understood), [3.0, 4.0, 12.0, 15.0]);
    let unclear = of_csv("KPI,Unit,Jan-26,Feb-26\nReach,members,12m,15\n");
    assert!(reason(&unclear, "C2").contains("may be millions"));
    // Pallets of the size that is called so, and no money.
    let pallets = of_csv("KPI,Unit of measure,Jan-26,Feb-26\nSent out,EUR pallets,12m,15\n");
    assert!(reason(&pallets, "C2").contains("may be millions"));
}
