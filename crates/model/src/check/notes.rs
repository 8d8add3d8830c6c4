//! A note stands at a period that its chart has, on a measure and at a unit that are there then, and no chart is buried under
//! notes.

use std::collections::BTreeMap;

use throughline_core::finding::{Finding, Place};
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::{Frequency, Period};

use super::place;
use crate::model::Model;
use crate::record::Entry;
use crate::records::{Measure, NOTES_MAX, Note};

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    let mut charts: BTreeMap<(MeasureId, UnitId), usize> = BTreeMap::new();
    let mut baselines: BTreeMap<(MeasureId, UnitId, Period), String> = BTreeMap::new();
    for note in model.notes() {
        // A measure or unit that is not there is a broken reference, and said as one.
        if let Some(measure) = model.measures().get(note.measure) {
            length(model, note, measure, findings);
            dates(model, note, measure, findings);
        }
        let at = || place(model, note);
        let of_chart = charts.entry((note.measure, note.unit)).or_default();
        *of_chart += 1;
        if *of_chart == NOTES_MAX + 1 {
            let message = format!("a chart has at most {NOTES_MAX} notes");
            let finding = Finding::error("too-many-notes", message).at(at());
            findings.push(finding.with_help("take notes out that nobody needs any more"));
        }
        let of_baseline = (note.measure, note.unit, drawn(model, note));
        if note.baseline
            && let Some(first) = baselines.insert(of_baseline, note.key.to_string())
        {
            let message = format!("limits begin anew with this period already: note `{first}`");
            let finding = Finding::error("duplicate-baseline", message).at(at().field("baseline"));
            findings.push(finding.with_help("give the cause in one note"));
        }
    }
}

/// The period of the chart at which a note stands: charts of what is finer than a month are drawn by month.
fn drawn(model: &Model, note: &Note) -> Period {
    match note.period.frequency.is_finer_than(Frequency::Month) {
        true => model
            .calendar()
            .containing(Frequency::Month, note.period.middle()),
        false => note.period,
    }
}

/// The period is one of the measure's, or a month where its chart is drawn by month.
fn length(
    model: &Model,
    note: &Entry<Note>,
    measure: &Entry<Measure>,
    findings: &mut Vec<Finding>,
) {
    let (own, given) = (measure.frequency, note.period.frequency);
    let is_drawn_by_month = own.is_finer_than(Frequency::Month) && given == Frequency::Month;
    if given == own || is_drawn_by_month {
        return;
    }
    let message = format!("the measure is observed by {own}, and this is a {given}");
    let whole = model.calendar().containing(own, note.period.middle());
    let finding = Finding::error("wrong-period", message).at(at_period(model, note));
    findings.push(finding.with_help(format!("write {}", model.calendar().name(&whole))));
}

/// Measure and unit are there in the period.
fn dates(model: &Model, note: &Entry<Note>, measure: &Entry<Measure>, findings: &mut Vec<Finding>) {
    let Period { first, last, .. } = note.period;
    let is_kept =
        measure.from.is_none_or(|from| from <= last) && measure.to.is_none_or(|to| first <= to);
    if !is_kept {
        let message = format!("the measure `{}` is not kept in this period", measure.key);
        let finding = Finding::warning("outside-dates", message).at(at_period(model, note));
        findings.push(finding.with_help("write a period within its `from` and `to`"));
    }
    let unit = model.units().get(note.unit);
    if let Some(unit) = unit.filter(|unit| !unit.is_valid_within(first, last)) {
        let message = format!("the unit `{}` is not there in this period", unit.key);
        let finding = Finding::warning("outside-dates", message).at(at_period(model, note));
        findings.push(finding.with_help("write a period within its `from` and `to`"));
    }
}

fn at_period(model: &Model, note: &Entry<Note>) -> Place {
    place(model, note).field("period")
}

#[cfg(test)]
mod tests {
    use super::super::check as check_all;
    use super::NOTES_MAX;
    use crate::testing::model;

    fn check(notes: &str, expected: &[&str]) {
        let plan = format!(
            r#"organisation {{"key":"o","name":"O","time_zone":"UTC"}}
            unit {{"key":"u","name":"U","from":"2013-01-01"}}
            measure {{"key":"m","name":"M","kind":"level","frequency":"month","better":"higher","to":"2014-06-30"}}
            measure {{"key":"w","name":"W","kind":"level","frequency":"week","better":"higher"}}
            {notes}"#
        );
        let found = check_all(&model(&plan));
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected, "{found:#?}");
    }

    fn note(key: &str, measure: &str, period: &str, rest: &str) -> String {
        format!(
            r#"note {{"key":"{key}","what":"A","measure":"{measure}","unit":"u","period":"{period}"{rest}}}"#
        )
    }

    #[test]
    fn a_note_stands_at_a_period_of_its_chart() {
        check(&note("n", "m", "2013-06", ""), &[]);
        check(&note("n", "w", "2013-W23", ""), &[]);
        // The chart of weeks is drawn by month.
        check(&note("n", "w", "2013-06", ""), &[]);
        check(&note("n", "w", "2013-Q2", ""), &["wrong-period"]);
        check(&note("n", "m", "2013-W23", ""), &["wrong-period"]);
        check(&note("n", "m", "2013", ""), &["wrong-period"]);
    }

    #[test]
    fn measure_and_unit_are_there_then() {
        check(&note("n", "m", "2012-12", ""), &["outside-dates"]);
        check(&note("n", "m", "2014-07", ""), &["outside-dates"]);
    }

    #[test]
    fn limits_begin_anew_once_in_a_period() {
        let baseline = |key: &str, period: &str| note(key, "m", period, r#","baseline":true"#);
        let two = |one: &str, other: &str| format!("{one}\n{other}");
        check(
            &two(&baseline("n", "2013-06"), &baseline("k", "2013-07")),
            &[],
        );
        check(
            &two(&baseline("n", "2013-06"), &note("k", "m", "2013-06", "")),
            &[],
        );
        check(
            &two(&baseline("n", "2013-06"), &baseline("k", "2013-06")),
            &["duplicate-baseline"],
        );
        // The chart of weeks is drawn by month.
        let week = |key: &str, period: &str| note(key, "w", period, r#","baseline":true"#);
        check(
            &two(&week("n", "2013-W23"), &week("k", "2013-06")),
            &["duplicate-baseline"],
        );
        check(&two(&week("n", "2013-W23"), &week("k", "2013-07")), &[]);
    }

    #[test]
    fn a_chart_has_a_limited_number_of_notes() {
        let notes = |count: usize| {
            let notes = (0..count).map(|number| note(&format!("n-{number}"), "m", "2013-06", ""));
            notes.collect::<Vec<_>>().join("\n")
        };
        check(&notes(NOTES_MAX), &[]);
        check(&notes(NOTES_MAX + 2), &["too-many-notes"]);
    }
}
