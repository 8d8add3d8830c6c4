//! What `signals` and `forecast` have in common: of what they speak, and how many measures were left out.

use throughline_app::Selected;
use throughline_app::insight::ReadInsights;
use throughline_model::records::Measure;

use super::card::clocks;
use super::paint::{FAINT, STRONG, paint};
use super::table::Table;
use super::{harmless, width, words};

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

/// A table of measures, with of what it speaks and how many are not in it.
pub fn listed(read: &ReadInsights, table: &Table) -> String {
    let end = match read.left_out {
        0 => String::new(),
        many => format!("\n{many} more measures: name one of them\n"),
    };
    let head = head(&read.selected, None);
    format!("{head}{}{end}", table.render(width()))
}
