//! The measure that an item of a review is about, over time: the same chart on the page, on the wall and in the pack.

use throughline_app::agenda::Subject;
use throughline_app::review::ReadReview;
use throughline_app::words::{self, numbers};
use throughline_app::{Course, CoursePoint, Reach};
use throughline_core::{MeasureId, Period};
use throughline_engine::MeasureReading;
use throughline_model::Entry;
use throughline_model::records::Measure;

use super::course_chart::{CourseChart, Drawn};

/// The measure of which an item shows the figures.
pub(crate) fn measure_of_item(read: &ReadReview, number: usize) -> Option<MeasureId> {
    match read.agenda.items.get(number.checked_sub(1)?)?.subject {
        Subject::Change(measure, _) | Subject::Turned(measure, _) => Some(measure),
        Subject::Effect(decision) => {
            let decision = read.plan().decisions().get(decision)?;
            decision.effect.as_ref().map(|effect| effect.measure)
        }
        Subject::Overdue(_) | Subject::Link(_) => None,
    }
}

/// The measure of an item over time.
pub(crate) fn chart(read: &ReadReview, measure: MeasureId) -> Option<CourseChart> {
    let readings = &read.over_time(measure)?.readings;
    let first = readings
        .iter()
        .position(|(_, reading)| reading.value.is_some())?;
    let point = |(period, reading): &(Period, MeasureReading)| CoursePoint {
        period: *period,
        reading: reading.clone(),
        year_before: None,
    };
    let course = Course {
        reach: Reach::All,
        reaches: Vec::new(),
        so_far: readings[first..].iter().map(point).collect(),
        to_come: Vec::new(),
        is_latest: false,
        is_cut: false,
    };
    let drawn = Drawn {
        course: &course,
        measure: measure_of(read, measure)?,
        calendar: read.model.calendar(),
        trend: read.over_time(measure)?,
        outlook: None,
        noted: &[],
        with_steps: false,
    };
    CourseChart::of(&drawn, None).map(CourseChart::beside_its_table)
}

/// The same as a table: period, value, target.
pub(crate) fn periods(read: &ReadReview, measure: MeasureId) -> Vec<(String, String, String)> {
    let (Some(record), Some(over_time)) = (measure_of(read, measure), read.over_time(measure))
    else {
        return Vec::new();
    };
    let rows = over_time.readings.iter();
    let rows = rows.skip_while(|(_, reading)| reading.value.is_none());
    rows.map(|(period, reading)| {
        (
            words::period(period, read.model.calendar()),
            numbers::bare(reading.value, record),
            numbers::target(reading.target, record),
        )
    })
    .collect()
}

/// The record of a measure in the plan of the review.
pub(crate) fn measure_of(read: &ReadReview, measure: MeasureId) -> Option<&Entry<Measure>> {
    read.plan().measures().get(measure).map(AsRef::as_ref)
}
