//! The history for people: commits, versions of a record, values of a cell, restated readings, drift of targets.

use jiff::Timestamp;
use throughline_app::history::{CellHistory, DriftReport, RecordHistory, Restatements, Told};
use throughline_core::Calendar;
use throughline_engine::MeasureReading;
use throughline_model::records::Measure;
use throughline_model::{Kind, Model};

use super::paint::{FAINT, STRONG, paint, status_words};
use super::table::{Cell, Column, Table};
use super::{harmless, numbers, words};
use crate::command::change_line;
use crate::names;

/// The latest commits.
pub fn commits(commits: &[Told], model: &Model, width: Option<usize>) -> String {
    if commits.is_empty() {
        return "There are no commits yet.\n".to_owned();
    }
    let mut table = Table::new([
        Column::numbers("Commit"),
        Column::words("Recorded"),
        Column::words("By"),
        Column::words("Reason").giving_way(),
        Column::words("What"),
    ]);
    for told in commits {
        let commit = &told.commit;
        let reason = commit.reason.clone().unwrap_or_else(|| "–".to_owned());
        table.row([
            commit.number.to_string().into(),
            words::instant(commit.recorded_at, model.calendar()).into(),
            words::author(told, model).into(),
            reason.into(),
            Cell::styled(words::contents(told), FAINT),
        ]);
    }
    table.render(width)
}

/// `Commit 3, 23 Nov 2026, 10:00, by Ruth Okafor (r-okafor): Targets of 2014`
fn commit_line(told: &Told, model: &Model, calendar: &Calendar) -> String {
    let commit = &told.commit;
    let head = paint(STRONG, &format!("Commit {}", commit.number));
    let reason = commit
        .reason
        .as_ref()
        .map(|reason| format!(": {}", harmless(reason)))
        .unwrap_or_default();
    let by = harmless(&words::author(told, model));
    format!(
        "{head}, {}, by {by}{reason}\n",
        words::instant(commit.recorded_at, calendar)
    )
}

/// The versions of a record, the latest first.
pub fn record(history: &RecordHistory, model: &Model) -> String {
    let title = format!("{} {}", words::sentence(history.kind.word()), history.key);
    let mut out = format!("{}\n", paint(STRONG, &harmless(&title)));
    for version in history.versions.iter().rev() {
        out.push('\n');
        out.push_str(&commit_line(&version.told, model, model.calendar()));
        if version.is_erasure {
            out.push_str("  erased: key, name and address can be read by nobody\n");
        } else if version.differences.is_empty() {
            out.push_str("  nothing of it changed but its place among the others\n");
        }
        for difference in &version.differences {
            let line = change_line(difference);
            let indented: String = line.lines().map(|line| format!("  {line}\n")).collect();
            out.push_str(&indented);
        }
    }
    out
}

/// Each value that was recorded for a cell.
pub fn cell(history: &CellHistory, width: Option<usize>) -> String {
    let model = &history.model;
    let period = model.calendar().name(&history.period);
    let unit = names::name(model, (Kind::Unit, history.unit.as_uuid()));
    let Some(measure) = model.measures().by_key(&history.measure) else {
        return String::new();
    };
    let title = format!("{}, {unit}, {period}", numbers::name_with_unit(measure));
    let mut out = format!("{}\n\n", paint(STRONG, &harmless(&title)));
    if history.values.is_empty() {
        out.push_str(
            "Nothing was ever recorded here. A unit above it adds up what those below recorded.\n",
        );
        return out;
    }
    let mut table = Table::new([
        Column::numbers("Commit"),
        Column::words("Recorded"),
        Column::numbers("Value"),
        Column::numbers("Weight"),
        Column::words("By"),
        Column::words("Reason").giving_way(),
        Column::words("").optional(),
    ]);
    for value in &history.values {
        let observation = &value.recorded.observation;
        let told = value.told.as_ref();
        let reason = told
            .and_then(|told| told.commit.reason.clone())
            .unwrap_or_else(|| "–".to_owned());
        let shown = observation
            .value
            .map_or_else(|| "none".to_owned(), numbers::plain);
        let state = observation.state.map(|state| state.word().to_owned());
        let remark: Vec<String> = state.into_iter().chain(observation.note.clone()).collect();
        table.row([
            value.recorded.commit.to_string().into(),
            words::instant(value.recorded.at, model.calendar()).into(),
            shown.into(),
            observation
                .weight
                .map(numbers::plain)
                .unwrap_or_default()
                .into(),
            told.map(|told| words::author(told, model))
                .unwrap_or_default()
                .into(),
            reason.into(),
            Cell::styled(remark.join(": "), FAINT),
        ]);
    }
    out.push_str(&table.render(width));
    out
}

/// The readings that differ between two instants.
pub fn restatements(restatements: &Restatements, width: Option<usize>) -> String {
    let selected = &restatements.selected;
    let model = &selected.model;
    let calendar = model.calendar();
    let title = format!(
        "{}, {}",
        harmless(&selected.unit_name()),
        selected.period_name()
    );
    let [from, to] = instants_apart([restatements.from, restatements.to], calendar);
    let mut out = format!(
        "{}\n{}\n\n",
        paint(STRONG, &title),
        paint(FAINT, &format!("Known at {from}, and at {to}"))
    );
    let compared = words::count(restatements.compared as u64, "reading");
    if restatements.restated.is_empty() {
        out.push_str(&format!("Nothing was restated: compared {compared}.\n"));
        return out;
    }
    let mut table = Table::new([
        Column::words(""),
        Column::numbers("Value then"),
        Column::numbers("later"),
        Column::numbers("Target then"),
        Column::numbers("later"),
        Column::words("Status then"),
        Column::words("later"),
    ]);
    for restated in &restatements.restated {
        let Some(measure) = restated.plan.measures().get(restated.measure) else {
            continue;
        };
        let (before, after) = (restated.before.as_ref(), restated.after.as_ref());
        table.row([
            numbers::name_with_unit(measure).into(),
            value(before, measure).into(),
            value(after, measure).into(),
            before
                .map(|reading| numbers::target(reading.target, measure))
                .unwrap_or_default()
                .into(),
            after
                .map(|reading| numbers::target(reading.target, measure))
                .unwrap_or_default()
                .into(),
            status(before),
            status(after),
        ]);
        if restated.because.is_empty() {
            table.across(Cell::styled("  no commit: more was due by then", FAINT));
        }
        for told in &restated.because {
            let commit = &told.commit;
            let reason = commit
                .reason
                .as_ref()
                .map(|reason| format!(": {reason}"))
                .unwrap_or_default();
            let line = format!(
                "  commit {}, {}, {}{reason}",
                commit.number,
                words::instant(commit.recorded_at, calendar),
                words::author(told, model)
            );
            table.across(Cell::styled(line, FAINT));
        }
    }
    out.push_str(&table.render(width));
    out.push_str(&match restatements.counts() {
        (restated, 0) => format!("\n{restated} of {compared} restated\n"),
        (restated, first) => {
            format!("\n{restated} of {compared} restated, {first} with a first value\n")
        }
    });
    out
}

/// Two instants, to the second where the minute is the same.
fn instants_apart(instants: [Timestamp; 2], calendar: &Calendar) -> [String; 2] {
    let [from, to] = instants.map(|at| words::instant(at, calendar));
    if from == to {
        return instants.map(|at| words::instant_to_the_second(at, calendar));
    }
    [from, to]
}

fn value(reading: Option<&MeasureReading>, measure: &Measure) -> String {
    reading.map_or_else(
        || "not read".to_owned(),
        |reading| numbers::bare(reading.value, measure),
    )
}

fn status(reading: Option<&MeasureReading>) -> Cell {
    match reading {
        Some(reading) => Cell::styled(
            status_words(reading.status),
            super::paint::of_status(reading.status),
        ),
        None => "".into(),
    }
}

/// The points of targets that are not what was first agreed.
pub fn drift(report: &DriftReport, width: Option<usize>) -> String {
    let looked_at = words::count(report.targets as u64, "target");
    if report.drifts.is_empty() {
        return format!("No drift: {looked_at} as first agreed.\n");
    }
    let model = &report.model;
    let mut table = Table::new([
        Column::words("Target"),
        Column::words("Period"),
        Column::numbers("First agreed"),
        Column::numbers("Today"),
        Column::numbers("Drift"),
        Column::numbers("Changes"),
        Column::words("Last changed").optional(),
    ]);
    for drift in &report.drifts {
        let Some(measure) = model.measures().get(drift.measure) else {
            continue;
        };
        let unit = names::key(model, (Kind::Unit, drift.unit.as_uuid()));
        let shown = |value: Option<f64>| {
            value.map_or_else(
                || "none".to_owned(),
                |value| numbers::value(Some(value), measure),
            )
        };
        let moved = drift
            .agreed
            .zip(drift.today)
            .map(|(agreed, today)| today - agreed);
        let changed = &drift.changed_in;
        let reason = changed
            .commit
            .reason
            .as_ref()
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        table.row([
            format!("{} for {unit}", measure.key).into(),
            model.calendar().name(&drift.period).into(),
            shown(drift.agreed).into(),
            shown(drift.today).into(),
            moved
                .map(|moved| numbers::change(Some(moved), measure))
                .unwrap_or_default()
                .into(),
            drift.changes.to_string().into(),
            Cell::styled(
                format!(
                    "{}, {}{reason}",
                    words::instant(changed.commit.recorded_at, model.calendar()),
                    words::author(changed, model)
                ),
                FAINT,
            ),
        ]);
    }
    let points = words::count(report.drifts.len() as u64, "point");
    format!("{}\n{points} of {looked_at} moved\n", table.render(width))
}
