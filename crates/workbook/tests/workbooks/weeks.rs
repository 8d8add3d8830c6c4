//! Weeks that are named by their days: which words say which day of its week one is, and what is asked.

use rust_xlsxwriter::{Format, Workbook};
use throughline_workbook::mapping::Edge;
use throughline_workbook::{Mapping, Sure, Understood, read, understand};

use crate::small::{of_book, of_csv, periods};

/// What is asked of Sundays, and of last days on which weeks begin.
const SUNDAYS: &str = "named by Sundays";
const DOUBTED: &str = "said to end on the days on which weeks begin";

fn is_asked(understood: &Understood, words: &str) -> bool {
    let mut measures = understood.measures.iter();
    measures.any(|one| {
        one.sure == Sure::ToCheck && one.because.iter().any(|because| because.contains(words))
    })
}

#[test]
fn words_about_weeks_that_head_no_days_say_nothing_of_them() {
    for (text, expected) in [
        // Of another column, whatever its days are.
        (
            "Week,Orders,Week end stock\n2026-03-02,40,7\n2026-03-09,42,8\n",
            ["2026-W10", "2026-W11"],
        ),
        (
            "Week,W/C days\n2026-03-06,3\n2026-03-13,4\n",
            ["2026-W10", "2026-W11"],
        ),
        (
            "KPI,W/C days,2026-03-06,2026-03-13\nTickets closed,5,40,42\n",
            ["2026-W10", "2026-W11"],
        ),
        // Of what the rows are about.
        (
            "Week end stock,2026-03-02,2026-03-09\nActual,3,4\nTarget,5,5\n",
            ["2026-W10", "2026-W11"],
        ),
        // Of the report.
        (
            "Week ending 8 March 2026,,\nMetric,2026-03-02,2026-03-09\nTickets closed,40,42\n",
            ["2026-W10", "2026-W11"],
        ),
        (
            "Sales by week ending,,\nMetric,2026-03-02,2026-03-09\nTickets closed,40,42\n",
            ["2026-W10", "2026-W11"],
        ),
        (
            "Week ending:,8 March 2026,\n,,\nMetric,2026-03-02,2026-03-09\nTickets closed,40,42\n",
            ["2026-W10", "2026-W11"],
        ),
        (
            "w/c 6 March 2026,,\nMetric,2026-03-06,2026-03-13\nTickets closed,40,42\n",
            ["2026-W10", "2026-W11"],
        ),
    ] {
        let understood = of_csv(text);
        let mut found = periods(&understood);
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expected, "{text}");
        assert!(!is_asked(&understood, DOUBTED), "{text}");
    }
    // Sundays are asked about below such a title, too.
    let understood =
        of_csv("Week ending 8 March 2026,,\nMetric,2026-03-01,2026-03-08\nTickets closed,40,42\n");
    assert_eq!(periods(&understood), ["2026-W10", "2026-W11"]);
    assert!(is_asked(&understood, SUNDAYS));
}

#[test]
fn words_above_days_say_which_ones_they_are() {
    for text in [
        "Week ending,Tickets closed\n2026-03-08,40\n2026-03-15,42\n",
        "Date (w/e),Tickets closed\n2026-03-08,40\n2026-03-15,42\n",
        "Week ending,,\nMetric,2026-03-08,2026-03-15\nTickets closed,40,42\n",
        ",Week ending,\nMetric,2026-03-08,2026-03-15\nTickets closed,40,42\n",
        "Metric,Week ending:,\n,2026-03-08,2026-03-15\nTickets closed,40,42\n",
        "Week ending Sunday,2026-03-08,2026-03-15\nTickets closed,40,42\n",
        "Team - w/e,2026-03-08,2026-03-15\nTickets closed,40,42\n",
    ] {
        let understood = of_csv(text);
        assert_eq!(periods(&understood), ["2026-W10", "2026-W11"], "{text}");
        assert!(!is_asked(&understood, SUNDAYS), "{text}");
        assert_eq!(understood.measures[0].sundays, Some(Edge::Last), "{text}");
    }
    // Below a title they take nothing from it.
    let text = "Complaints,,\nWeek ending,,\n,2026-03-08,2026-03-15\nActual,40,42\nTarget,50,50\n";
    let titled = understand(&read("kpis.csv", text.as_bytes()).expect("a table"), None);
    assert_eq!(titled.measures[0].name, "Complaints");
    assert_eq!(periods(&titled), ["2026-W10", "2026-W11"]);
}

#[test]
fn the_nearest_words_above_a_table_say_which_days_they_are() {
    // Of Fridays: the weeks that end on them, and those that begin there.
    for (above, expected) in [
        ("Week commencing,,\nWeek ending,,", ["2026-W10", "2026-W11"]),
        ("Week ending,,\nWeek commencing,,", ["2026-W11", "2026-W12"]),
    ] {
        let text = format!("{above}\nMetric,2026-03-06,2026-03-13\nTickets closed,40,42\n");
        assert_eq!(periods(&of_csv(&text)), expected, "{text}");
    }
}

#[test]
fn words_that_stand_over_all_days_are_no_unit() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("KPIs").expect("a name");
    sheet
        .merge_range(0, 1, 0, 2, "Week ending", &Format::new())
        .expect("an area");
    for (row, cells) in (1..).zip([
        ["Metric", "2026-03-08", "2026-03-15"],
        ["Tickets closed", "40", "42"],
    ]) {
        for (column, text) in (0..).zip(cells) {
            sheet.write(row, column, text).expect("a cell");
        }
    }
    let understood = of_book(book);
    assert_eq!(periods(&understood), ["2026-W10", "2026-W11"]);
    assert!(
        understood.mapping.units.is_empty(),
        "{:?}",
        understood.mapping.units
    );
}

#[test]
fn last_days_on_which_weeks_begin_are_asked_about() {
    for text in [
        "Week ending,Tickets closed\n2026-03-02,40\n2026-03-09,42\n2026-03-16,41\n",
        "Week ending,,,\nMetric,2026-03-02,2026-03-09,2026-03-16\nTickets closed,40,42,41\n",
        "Metric (w/e),2026-03-02,2026-03-09,2026-03-16\nTickets closed,40,42,41\n",
        "Stock at week end,2026-03-02,2026-03-09,2026-03-16\nActual,40,42,41\nTarget,9,9,9\n",
    ] {
        let understood = of_csv(text);
        let expected = ["2026-W10", "2026-W11", "2026-W12"];
        assert_eq!(periods(&understood), expected, "{text}");
        assert!(is_asked(&understood, DOUBTED), "{text}");
    }
    // One slip among days that are the last ones changes nothing.
    let understood =
        of_csv("Week ending,Tickets closed\n2026-03-08,40\n2026-03-16,42\n2026-03-22,41\n");
    assert_eq!(periods(&understood), ["2026-W10", "2026-W11", "2026-W12"]);
    assert!(!is_asked(&understood, DOUBTED));
}

#[test]
fn last_days_on_which_weeks_begin_are_asked_about_once_of_measures_that_are_known() {
    let mut kept = of_csv("Metric,2026-02-25,2026-03-04\nTickets closed,38,40\n").mapping;
    assert_eq!(kept.measures[0].frequency, "week");
    kept.measures[0].sure = Sure::Certain;
    kept.measures[0].because.clear();
    let text = "Week ending,,,\nMetric,2026-03-02,2026-03-09,2026-03-16\nTickets closed,40,42,41\n";
    let book = read("numbers.csv", text.as_bytes()).expect("a table");
    let understood = understand(&book, Some(&kept));
    let expected = ["2026-W10", "2026-W11", "2026-W12"];
    assert_eq!(periods(&understood), expected);
    assert!(is_asked(&understood, DOUBTED));
    let is_told = |understood: &Understood| {
        let mut remarks = understood.remarks.iter();
        remarks.any(|one| one.contains("the weeks of Tickets closed are said to end"))
    };
    assert!(is_told(&understood), "{:?}", understood.remarks);
    // Once somebody saw that, nothing more is said.
    let mut seen = understood.mapping;
    assert!(seen.to_text().contains("\"weeks_doubted\": true"));
    seen.measures[0].sure = Sure::Certain;
    seen.measures[0].because.clear();
    let again = understand(&book, Some(&seen));
    assert_eq!(periods(&again), expected);
    assert!(!is_asked(&again, DOUBTED));
    assert!(!is_told(&again));
    // Of what is left out, or is no weekly measure, nothing is asked.
    kept.measures[0].read = false;
    assert!(!is_asked(&understand(&book, Some(&kept)), DOUBTED));
}

/// Figures of three Sundays below a heading, as a kept mapping says.
fn of_sundays(heading: &str, kept: &Mapping) -> Understood {
    let text = format!("{heading},01/03/2026,08/03/2026,15/03/2026\nTickets closed,40,42,39\n");
    let book = read("numbers.csv", text.as_bytes()).expect("a table");
    understand(&book, Some(kept))
}

#[test]
fn sundays_land_where_those_of_the_file_before_did() {
    let first = of_csv("Metric,22/02/2026,01/03/2026\nTickets closed,38,40\n");
    assert_eq!(periods(&first), ["2026-W09", "2026-W10"]);
    assert!(is_asked(&first, SUNDAYS));
    let mut kept = Mapping::read(first.mapping.to_text().as_bytes()).expect("the same mapping");
    assert_eq!(kept, first.mapping);
    kept.measures[0].sure = Sure::Certain;
    kept.measures[0].because.clear();
    let begin = ["2026-W10", "2026-W11", "2026-W12"];
    let end = ["2026-W09", "2026-W10", "2026-W11"];
    let next = of_sundays("Metric", &kept);
    assert_eq!(periods(&next), begin);
    assert!(!is_asked(&next, SUNDAYS));
    // What the file says counts more, and is kept in its turn.
    let said = of_sundays("Week ending", &next.mapping);
    assert_eq!(periods(&said), end);
    let after = of_sundays("Metric", &said.mapping);
    assert_eq!(periods(&after), end);
    assert!(!is_asked(&after, SUNDAYS));
    assert!(said.mapping.to_text().contains("\"sundays\": \"last\""));
}

#[test]
fn sundays_of_which_a_kept_mapping_says_nothing_are_asked_about() {
    let mut kept = of_csv("Metric,2026-02-25,2026-03-04\nTickets closed,38,40\n").mapping;
    assert_eq!(kept.measures[0].sundays, None);
    assert_eq!(kept.measures[0].frequency, "week");
    kept.measures[0].sure = Sure::Certain;
    kept.measures[0].because.clear();
    let understood = of_sundays("Metric", &kept);
    assert_eq!(periods(&understood), ["2026-W10", "2026-W11", "2026-W12"]);
    assert!(is_asked(&understood, SUNDAYS));
    let told = understood
        .remarks
        .iter()
        .find(|remark| remark.contains("the weeks of Tickets closed are named by Sundays"));
    assert!(told.is_some(), "{:?}", understood.remarks);
    // Of what is left out, or is no weekly measure, nothing is asked.
    let changes: [fn(&mut Mapping); 2] = [
        |kept| kept.measures[0].read = false,
        |kept| "month".clone_into(&mut kept.measures[0].frequency),
    ];
    for change in changes {
        let mut kept = kept.clone();
        change(&mut kept);
        assert!(!is_asked(&of_sundays("Metric", &kept), SUNDAYS));
    }
}
