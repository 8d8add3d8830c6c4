//! The table of a measure by period, on the page of the measure.

use throughline_app::ReadMeasure;
use throughline_app::insight::{marks_in_words, unusual_in_words};
use throughline_app::words;
use throughline_core::Period;
use throughline_model::Entry;
use throughline_model::observation::Cell;
use throughline_model::records::Measure;

use super::links;
use super::measure::PageState;
use crate::parts::readings::{ReadingRow, Readings};
use crate::viewer::Viewer;

/// How many periods the table has from the start.
const PERIODS_SHOWN: usize = 12;

/// The periods up to the one that is shown, the latest first, and the way to more of them; `may_correct` says whether figures
/// of the unit are corrected by whoever looks.
pub(super) fn periods(
    viewer: &Viewer,
    read: &ReadMeasure,
    measure: &Entry<Measure>,
    state: &PageState,
    may_correct: bool,
) -> (Readings, Option<(&'static str, String)>) {
    let (place, calendar) = (&viewer.place, read.selected.model.calendar());
    let key = measure.key.as_str();
    let is_long = state.periods.as_deref() == Some("all");
    let shown = if is_long { usize::MAX } else { PERIODS_SHOWN };
    let latest_first = read.course.so_far.iter().rev();
    let row = |point: &throughline_app::CoursePoint| {
        let there = place.in_period(calendar.name(&point.period));
        let row = ReadingRow::of(
            &point.reading,
            measure,
            words::period(&point.period, calendar),
            links::measure(&there, key)?,
            links::explanation(&there, key),
        );
        let trend = &read.trend;
        let mut of_trend = trend.readings.iter();
        let place = of_trend.position(|(period, _)| *period == point.period);
        let mark = place.and_then(|place| trend.signals.mark(place));
        Some(ReadingRow {
            correct: may_correct
                .then(|| correction(viewer, read, point.period))
                .flatten(),
            is_current: point.period == read.selected.period,
            signal: {
                let unusual = place.and_then(|place| unusual_in_words(trend, place));
                let said = mark.iter().map(marks_in_words).chain(unusual);
                words::sentence(&said.collect::<Vec<_>>().join("; "))
            },
            ..row
        })
    };
    let rows = latest_first.clone().take(shown).filter_map(row).collect();
    let mut kept: Vec<(&'static str, &str)> = Vec::new();
    kept.extend(
        state
            .reach()
            .and(state.reach.as_deref())
            .map(|reach| ("reach", reach)),
    );
    let more = if is_long {
        let oldest = read.course.so_far.first().filter(|_| read.course.is_cut);
        oldest.map(|point| {
            let before = place.in_period(calendar.name(&point.period));
            (
                "Go to earlier periods",
                before.href_with(&viewer.path, &kept),
            )
        })
    } else {
        (read.course.so_far.len() > PERIODS_SHOWN).then(|| {
            kept.push(("periods", "all"));
            let all = place.href_with(&viewer.path, &kept);
            ("More periods", format!("{all}#periods"))
        })
    };
    let table = Readings {
        about: format!("{} by period", measure.name),
        of: "Period",
        rows,
        expected_for: String::new(),
    };
    (table, more)
}

/// Where the figure of a period is corrected, if one was recorded at the unit itself.
fn correction(viewer: &Viewer, read: &ReadMeasure, period: Period) -> Option<String> {
    let unit = read.selected.unit;
    let view = read.selected.view();
    view.observations.series(read.measure, unit)?.at(&period)?;
    let cell = Cell {
        measure: read.measure,
        unit,
        period,
    };
    links::correction(&viewer.place, &read.selected.model, &cell)
}
