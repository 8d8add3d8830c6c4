//! What `signals` and `forecast` have in common: of what they speak, and how many measures were left out.

use throughline_app::Selected;
use throughline_model::records::Measure;

use super::card::clocks;
use super::paint::{FAINT, STRONG, paint};
use super::{harmless, words};

/// Of which measure, unit and period something is said.
pub fn head(selected: &Selected, measure: Option<&Measure>) -> String {
    let measure = measure.map(|measure| format!("{}, ", harmless(&measure.name)));
    let title = format!(
        "{}{}, {}",
        measure.unwrap_or_default(),
        harmless(&selected.unit_name()),
        selected.period_name()
    );
    format!(
        "{} ({})\n{}\n\n",
        paint(STRONG, &title),
        words::days(&selected.period),
        paint(FAINT, &clocks(selected))
    )
}

/// How many measures are not in a list.
pub fn list_end(left_out: usize) -> String {
    match left_out {
        0 => String::new(),
        many => format!("\n{many} more measures: name one of them\n"),
    }
}
