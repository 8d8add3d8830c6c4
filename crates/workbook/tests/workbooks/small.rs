//! Small workbooks, and what was found in them.

use rust_xlsxwriter::Workbook;
use throughline_workbook::{Understood, read, understand};

/// What a table of text is understood as.
pub fn of_csv(text: &str) -> Understood {
    let book = read("numbers.csv", text.as_bytes()).expect("a table");
    understand(&book, None)
}

/// What a workbook is understood as.
pub fn of_book(mut book: Workbook) -> Understood {
    let bytes = book.save_to_buffer().expect("a workbook");
    understand(&read("kpis.xlsx", &bytes).expect("a workbook"), None)
}

/// The values, `measure,unit,period,value` each, in order.
pub fn observations(understood: &Understood) -> Vec<String> {
    let rows = understood.draft.observations_text();
    rows.lines().skip(1).map(str::to_owned).collect()
}

/// The targets, written like the values.
pub fn targets(understood: &Understood) -> Vec<String> {
    let told = understood.draft.targets.iter();
    told.map(|one| format!("{},{},{},{}", one.measure, one.unit, one.period, one.value))
        .collect()
}

/// The periods of the values, in order.
pub fn periods(understood: &Understood) -> Vec<&str> {
    let values = understood.draft.observations.iter();
    values.map(|one| one.period.as_str()).collect()
}
