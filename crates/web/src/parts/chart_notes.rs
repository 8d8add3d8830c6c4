//! The notes on the chart of a measure, and the forms that add one or begin its limits anew.

use askama::Template;
use throughline_app::words;
use throughline_app::{Noted, ReadMeasure};
use throughline_model::Model;

use super::course_chart::lettered;
use super::problems::Problems;
use super::told_changes::by;
use crate::viewer::Viewer;

/// The notes.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/chart_notes.html")]
pub struct ChartNotes {
    /// Each note, the oldest period first.
    pub notes: Vec<ShownNote>,
    /// Whether the viewer may note here: not in the past, as it was.
    pub may_note: bool,
    /// Where notes are sent to.
    pub action: String,
    /// Where they are taken off.
    pub withdraw: String,
    /// What was just done.
    pub told: String,
    /// The key of the note that was just added.
    pub undo: Option<String>,
    /// The commit that the forms were made after: the same form sent twice notes once.
    pub position: u64,
    /// The period with which limits could begin anew: its name, and its name in words.
    pub offered: Option<(String, String)>,
    /// The periods of the chart, the newest first: name, words, whether it is chosen.
    pub periods: Vec<(String, String, bool)>,
    /// What was typed.
    pub what: String,
    /// Whether limits were to begin anew.
    pub baseline: bool,
    /// Whether the form is open.
    pub is_open: bool,
    /// What is wrong with what was typed.
    pub problems: Problems,
}

/// A note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShownNote {
    /// Its key.
    pub key: String,
    /// Its letter on the chart.
    pub letter: char,
    /// What it says.
    pub what: String,
    /// Its period in words.
    pub period: String,
    /// Whether limits begin anew.
    pub about: &'static str,
    /// Who noted it, and when.
    pub who: String,
}

/// What was typed into the form of a note, or done with one.
#[derive(Debug, Clone, Default)]
pub struct NoteState {
    /// The period.
    pub period: Option<String>,
    /// What happened.
    pub what: String,
    /// Whether limits were to begin anew.
    pub baseline: bool,
    /// The key of the note that was just added.
    pub added: Option<String>,
    /// Whether one was just taken off.
    pub is_taken_off: bool,
    /// What is wrong.
    pub problems: Problems,
}

impl ChartNotes {
    /// The notes of a measure that is read, with their forms for who may note there.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        read: &ReadMeasure,
        key: &str,
        may_note: bool,
        state: NoteState,
    ) -> ChartNotes {
        let (meant, calendar) = (&read.selected, read.selected.model.calendar());
        let named = |period: &throughline_core::Period| {
            (calendar.name(period), words::period(period, calendar))
        };
        let chosen = state
            .period
            .clone()
            .unwrap_or_else(|| calendar.name(&meant.period));
        let offered = read.trend.signals.offered;
        let offered = offered.and_then(|place| read.trend.readings.get(place));
        let action = format!("/measures/{key}/notes");
        let added = state.added.as_ref();
        let added =
            added.and_then(|key| read.noted.iter().find(|one| one.note.key.as_str() == key));
        ChartNotes {
            notes: lettered(&read.noted)
                .map(|(letter, noted)| ShownNote::of(letter, noted, &meant.model))
                .collect(),
            may_note,
            withdraw: viewer.place.href(&format!("{action}/withdrawal")),
            action: viewer.place.href(&action),
            told: match (added, state.is_taken_off) {
                (Some(note), _) if note.begins_anew => {
                    format!("Limits begin anew with {}.", named(&note.period).1)
                }
                (Some(note), _) => format!("Noted at {}.", named(&note.period).1),
                (None, true) => "The note is off the chart. The history keeps it.".to_owned(),
                (None, false) => String::new(),
            },
            undo: added
                .filter(|_| may_note)
                .map(|note| note.note.key.to_string()),
            position: (viewer.ctx.snapshot()).map_or(0, |snapshot| snapshot.position.0),
            offered: offered.map(|(period, _)| named(period)),
            periods: (read.course.so_far.iter().rev())
                .map(|point| {
                    let (name, words) = named(&point.period);
                    let is_chosen = name == chosen;
                    (name, words, is_chosen)
                })
                .collect(),
            what: state.what,
            baseline: state.baseline,
            is_open: !state.problems.is_empty(),
            problems: state.problems,
        }
    }
}

impl ShownNote {
    fn of(letter: char, noted: &Noted, model: &Model) -> ShownNote {
        let note = &noted.note;
        let who = noted.by.as_ref().map(|told| {
            let day = model.calendar().date_of(told.commit.recorded_at);
            format!("{}, {}", by(told, model), words::date(day))
        });
        ShownNote {
            key: note.key.to_string(),
            letter,
            what: note.what.clone(),
            period: words::period(&note.period, model.calendar()),
            about: match (note.baseline, noted.begins_anew) {
                (true, true) => "limits begin anew",
                (true, false) if noted.is_read => "new limits are not in effect",
                _ => "",
            },
            who: who.unwrap_or_default(),
        }
    }
}
