//! The notes on the chart of a measure, and the forms that add one or begin its limits anew.

use askama::Template;
use throughline_app::words::{self, numbers};
use throughline_app::{CoursePoint, Noted, ReadMeasure};
use throughline_core::Period;
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
    /// The commit that just took one off, where it can be put back.
    pub put_back: Option<u64>,
    /// Where that is sent to.
    pub return_to: String,
    /// The commit that the forms were made after: the same form sent twice notes once.
    pub position: u64,
    /// The period with which limits could begin anew: its name, and its name in words.
    pub offered: Option<(String, String)>,
    /// The value that is to be checked, where the viewer may say that it is right.
    pub doubted: Option<Doubted>,
    /// How many older notes are not shown, in words.
    pub older: String,
    /// The periods of the chart with which limits may begin anew, the newest first: name, words, whether it is chosen.
    pub periods: Vec<PeriodChoice>,
    /// Those from before natural limits are worked out.
    pub earlier: Vec<PeriodChoice>,
    /// What was typed.
    pub what: String,
    /// Whether limits were to begin anew.
    pub baseline: bool,
    /// Whether the form is open.
    pub is_open: bool,
    /// What is wrong with what was typed.
    pub problems: Problems,
}

/// A value that is to be checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubted {
    /// The name of its period.
    pub period: String,
    /// The value as it is sent.
    pub value: String,
    /// Both in words: `152.0 in Mar 2013`.
    pub words: String,
}

/// A period to choose: its name, its name in words, whether it is chosen.
type PeriodChoice = (String, String, bool);

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
    /// The commit that just took one off.
    pub taken_off: Option<u64>,
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
        (may_note, may_confirm): (bool, bool),
        state: NoteState,
    ) -> ChartNotes {
        let (meant, calendar) = (&read.selected, read.selected.model.calendar());
        let named = |period: &Period| (calendar.name(period), words::period(period, calendar));
        let chosen = state
            .period
            .clone()
            .unwrap_or_else(|| calendar.name(&meant.period));
        let offered = read.trend.signals.offered;
        let offered = offered.and_then(|place| read.trend.readings.get(place));
        let doubted = read.trend.rests_on().filter(|_| may_confirm);
        let measure = meant.model.measures().get(read.measure);
        let doubted = doubted
            .zip(measure)
            .map(|((period, value), measure)| Doubted {
                period: calendar.name(&period),
                value: value.to_string(),
                words: format!(
                    "{} in {}",
                    numbers::value(Some(value), measure),
                    words::period(&period, calendar)
                ),
            });
        let action = format!("/measures/{key}/notes");
        // The page that a form leads to goes as far back as the one that it was on.
        let reach: Vec<(&str, &str)> = viewer.said("reach").into_iter().collect();
        let withdraw = format!("{action}/withdrawal");
        let added = state.added.as_ref();
        let added = added.and_then(|key| {
            let mut notes = read.trend.notes.iter();
            notes.find(|one| one.key.as_str() == key)
        });
        let (periods, earlier) = choices(read, &chosen);
        ChartNotes {
            notes: lettered(&read.noted)
                .map(|(letter, noted)| ShownNote::of(letter, noted, &meant.model))
                .collect(),
            may_note,
            older: older_in_words(read),
            put_back: state.taken_off.filter(|_| may_note),
            return_to: viewer.place.href_with(&format!("{action}/return"), &reach),
            withdraw: viewer.place.href_with(&withdraw, &reach),
            action: viewer.place.href_with(&action, &reach),
            told: match (added, state.taken_off) {
                (Some(note), _) if read.trend.begins_anew_at(note) => {
                    format!("Limits begin anew with {}.", named(&note.period).1)
                }
                (Some(note), _) if read.trend.is_right_by(note) => {
                    format!("The value of {} counts as right.", named(&note.period).1)
                }
                (Some(note), _) => format!("Noted at {}.", named(&note.period).1),
                (None, Some(_)) => "The note is off the chart. The history keeps it.".to_owned(),
                (None, None) => String::new(),
            },
            undo: added.filter(|_| may_note).map(|note| note.key.to_string()),
            position: (viewer.ctx.snapshot()).map_or(0, |snapshot| snapshot.position.0),
            offered: offered.map(|(period, _)| named(period)),
            doubted,
            periods,
            earlier,
            what: state.what,
            baseline: state.baseline,
            is_open: !state.problems.is_empty(),
            problems: state.problems,
        }
    }
}

/// The periods of the chart, the newest first, and those of them that are too early for new limits: each with its name and
/// words, and whether it is chosen.
fn choices(read: &ReadMeasure, chosen: &str) -> (Vec<PeriodChoice>, Vec<PeriodChoice>) {
    let calendar = read.selected.model.calendar();
    let limits = read.trend.readings.first().map(|(period, _)| period.first);
    let choice = |period: &Period| {
        let name = calendar.name(period);
        let is_chosen = name == chosen;
        (name, words::period(period, calendar), is_chosen)
    };
    let points = read.course.so_far.iter().rev();
    let (with_limits, earlier): (Vec<_>, Vec<_>) =
        points.partition(|point| limits.is_some_and(|from| point.period.first >= from));
    let all = |points: Vec<&CoursePoint>| points.iter().map(|one| choice(&one.period)).collect();
    (all(with_limits), all(earlier))
}

/// How many notes up to the period that is shown are not: of periods before the chart, or more than it holds.
fn older_in_words(read: &ReadMeasure) -> String {
    let is_shown = |id| read.noted.iter().any(|noted| noted.note.id == id);
    let last = read.selected.period.last;
    let notes = read.trend.notes.iter();
    let older = notes.filter(|note| note.period.first <= last && !is_shown(note.id));
    match older.count() {
        0 => String::new(),
        1 => "1 older note is not shown.".to_owned(),
        count => format!("{count} older notes are not shown."),
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
                _ if noted.is_right => "the value is right",
                _ if note.right.is_some() && noted.is_read => "the value is another by now",
                _ => "",
            },
            who: who.unwrap_or_default(),
        }
    }
}
