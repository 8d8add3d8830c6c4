//! Why nothing of a workbook is understood, and that a year can be said.

use throughline_workbook::{Mapping, Understood, Workbook, read, understand};

use crate::small::periods;

fn book(text: &str) -> Workbook {
    read("numbers.csv", text.as_bytes()).expect("a table")
}

fn why(understood: &Understood) -> (String, String) {
    let nothing = understood.nothing.as_ref().expect("nothing to import");
    let text = nothing.to_string();
    let why = text.split_once("in a period: ").expect("a reason").1;
    (why.to_owned(), nothing.help())
}

#[test]
fn months_and_weeks_without_a_year_ask_for_it_and_get_it() {
    for (text, count, expected) in [
        (
            "KPI,Nov,Dec,Jan\nTickets,3,4,5\n",
            3,
            ["2026-11", "2026-12", "2027-01"],
        ),
        (
            "KPI,Wk 1,Wk 2,Wk 3\nTickets,3,4,5\n",
            3,
            ["2026-W01", "2026-W02", "2026-W03"],
        ),
    ] {
        let book = book(text);
        let understood = understand(&book, None);
        let (why, help) = why(&understood);
        assert_eq!(
            why,
            format!("no year is named, and {count} cells have a period without one")
        );
        assert!(help.contains("say the year"), "{help}");
        assert_eq!(understood.without_year(), count);
        assert_eq!(understood.cells.len(), 8);
        let said = Mapping::of_year(&book, 2026);
        let again = understand(&book, Some(&said));
        assert!(again.nothing.is_none());
        assert_eq!(periods(&again), expected);
        assert_eq!((again.without_year(), again.mapping.year), (0, Some(2026)));
        let kept = Mapping::read(again.mapping.to_text().as_bytes()).expect("a mapping");
        assert_eq!(kept.year, Some(2026));
    }
}

#[test]
fn a_year_that_is_said_holds_where_the_sheet_names_none() {
    // A title may speak of another year than its months are of.
    let book = book("Strategy 2030,,\nKPI,Jan,Feb\nTickets,3,4\n");
    assert_eq!(periods(&understand(&book, None)), ["2030-01", "2030-02"]);
    let said = Mapping::of_year(&book, 2026);
    assert_eq!(
        periods(&understand(&book, Some(&said))),
        ["2026-01", "2026-02"]
    );
    let text = said.to_text().replace("2026", "26");
    let error = Mapping::read(text.as_bytes()).expect_err("no year");
    assert!(error.to_string().contains("`year` is a year"), "{error}");
}

#[test]
fn what_is_missing_is_said() {
    let of = |text: &str| why(&understand(&book(text), None)).0;
    assert_eq!(
        of("KPI,Jan-26,Feb-26\nSales,red,green\n"),
        "no number stands where a measure and a period meet"
    );
    assert_eq!(
        of("KPI,Actual\nSales,3\nCalls,4\n"),
        "no period is named for 2 cells"
    );
}

#[test]
fn a_year_in_the_name_of_a_measure_is_none_of_its_periods() {
    let understood = understand(&book("KPI,Jan,Feb\nTickets 2026,3,4\n"), None);
    assert_eq!(understood.without_year(), 2);
}
