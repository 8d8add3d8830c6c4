//! Weeks that are named by Sundays. What the workbook says of these counts; where it says nothing a kept mapping does, so that the
//! next file lands where the one before did; and where that says nothing either, weeks begin on them and it is asked. Of measures
//! that are known it is also asked here where weeks are said to end on days on which they begin.

use throughline_core::{Calendar, Frequency};

use super::told::list;
use super::work::Work;
use crate::facts::{About, Fact, WEEKS_DOUBTED};
use crate::mapping::{MeasureMapping, Sure};
use crate::period::Said;
use crate::week::{Edge, Sundays, is_sunday, sundays};

/// What is told of such weeks and asked.
pub(super) const TAKEN: &str = "named by Sundays, taken as the days on which they begin: write \"week ending\" above them where they are the last ones";

/// Puts down which day of its weeks the Sundays are by which a measure names them. Tells whether nobody said that: weeks begin on
/// them, then, as those that end on a Sunday are named by their end in words.
pub(super) fn settle(measure: &mut MeasureMapping, facts: &[&Fact], calendar: &Calendar) -> bool {
    match sundays(facts, calendar).filter(|_| is_weekly(measure)) {
        Some(Sundays::Said(edge)) => measure.sundays = Some(edge),
        Some(Sundays::Unsaid) if measure.sundays.is_none() => {
            measure.sundays = Some(Edge::First);
            // Whatever was confirmed of the measure, this was not.
            measure.sure = Sure::ToCheck;
            measure.because.push(format!("its weeks are {TAKEN}"));
            return true;
        }
        _ => {}
    }
    false
}

/// Asks about a known measure whose weeks are said to end on days on which weeks begin, once. Tells whether it did.
pub(super) fn doubt(measure: &mut MeasureMapping, about: &About) -> bool {
    let is_asked = about.weeks_doubted && !measure.weeks_doubted && is_weekly(measure);
    if is_asked {
        measure.weeks_doubted = true;
        measure.sure = Sure::ToCheck;
        measure
            .because
            .push(format!("its weeks are {WEEKS_DOUBTED}"));
    }
    is_asked
}

/// Whether a measure has weekly values that are taken in.
fn is_weekly(measure: &MeasureMapping) -> bool {
    measure.read && measure.frequency() == Frequency::Week
}

/// A period; if it is a Sunday of which it says nothing, with which day of its week that is.
pub(super) fn with_sundays(said: Said, edge: Option<Edge>, calendar: &Calendar) -> Said {
    let is_sunday = said.day.is_some_and(|day| is_sunday(day, calendar));
    said.named_by(edge.filter(|_| is_sunday))
}

impl Work<'_> {
    /// Says of which measures it is asked that are known already: they are looked at less than new ones.
    pub(super) fn say_weeks(&mut self, measures: &[String], what: &str) {
        if !measures.is_empty() {
            let named = list(measures.iter().map(String::as_str));
            self.remarks
                .push(format!("the weeks of {named} are {what}"));
        }
    }
}
