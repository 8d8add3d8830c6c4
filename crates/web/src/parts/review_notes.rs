//! What stands on the agenda of a review without discussion: what misses its target as before, what turned within its
//! limits, what moved since the last review, which actions are open, and what was noted beforehand.

use throughline_app::history::Told;
use throughline_app::review::{MovedSince, ReadReview, item_name};
use throughline_app::words::{self, numbers};
use throughline_model::Model;

use super::review_chart::measure_of;
use super::review_item::figures;
use super::told_changes::by;

/// How many lines of a note are shown.
pub const LINES_MAX: usize = 40;

/// A line that unfolds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// What it says in short.
    pub line: String,
    /// Each measure, with what is known of it.
    pub rows: Vec<(String, String)>,
    /// How many more there are.
    pub more: usize,
    /// Whether it is unfolded from the start.
    pub is_open: bool,
}

impl Note {
    /// The notes of a review; none that say nothing.
    #[must_use]
    pub fn all(read: &ReadReview) -> Vec<Note> {
        let notes = [routine(read), swings(read), moved(read)];
        notes.into_iter().flatten().collect()
    }

    /// The actions that are open and not late, with who does each until when.
    #[must_use]
    pub fn open_actions(read: &ReadReview) -> Option<Note> {
        let plan = read.plan();
        let rows = read.agenda.open.iter().filter_map(|action| {
            let action = plan.actions().get(*action)?;
            let who = plan.people().get(action.who);
            let who = who.map_or("Somebody", |who| who.name.as_str());
            let until = format!("{who}, by {}", words::date(action.due));
            Some((action.what.clone(), until))
        });
        let line = |count| {
            let are = if count == 1 { "is" } else { "are" };
            let actions = words::count(count as u64, "action");
            format!("{actions} {are} not done and not late")
        };
        Note::of(line, rows.collect())
    }

    /// What was noted in a review by when its figures were frozen.
    #[must_use]
    pub fn noted_before(read: &ReadReview) -> Option<Note> {
        let noted = read.plan().remarks().iter();
        let noted = noted.filter(|one| one.review == read.review.id());
        let about = |item: Option<&str>| item.and_then(|item| item_name(read.plan(), item));
        let rows = noted.map(|one| {
            let about = about(one.item.as_deref()).unwrap_or_else(|| "The whole review".to_owned());
            (one.what.clone(), about)
        });
        let line = |count| format!("{} before the review", words::count(count as u64, "note"));
        Note::of(line, rows.collect())
    }

    fn of(line: impl FnOnce(usize) -> String, mut rows: Vec<(String, String)>) -> Option<Note> {
        let count = rows.len();
        rows.truncate(LINES_MAX);
        (count > 0).then(|| Note {
            line: line(count),
            more: count - rows.len(),
            rows,
            is_open: false,
        })
    }
}

/// `1 measure misses`, `2 measures miss`
fn counted(count: usize, one: &str, several: &str) -> String {
    let verb = if count == 1 { one } else { several };
    format!("{} {verb}", words::count(count as u64, "measure"))
}

fn routine(read: &ReadReview) -> Option<Note> {
    let rows = read.agenda.routine.iter().filter_map(|measure| {
        let record = measure_of(read, *measure)?;
        let figures = figures(read.reading(*measure)?, record);
        Some((record.name.clone(), figures))
    });
    let line = |count| {
        let misses = counted(count, "misses its target", "miss their target");
        format!("{misses} without a sign of change")
    };
    Note::of(line, rows.collect())
}

fn swings(read: &ReadReview) -> Option<Note> {
    let rows = read.agenda.swings.iter().filter_map(|(measure, before)| {
        let record = measure_of(read, *measure)?;
        let reading = read.reading(*measure)?;
        let turned = format!(
            "{}. {}, {} before",
            figures(reading, record),
            words::sentence(reading.status.word()),
            before.word(),
        );
        Some((record.name.clone(), turned))
    });
    let line = |count| {
        let turned = counted(count, "turned its status", "turned their status");
        format!("{turned} within routine variation")
    };
    Note::of(line, rows.collect())
}

/// Why something was recorded, by whom and when: `29 late job sheets. Petra Varga, 2 Nov 2026`.
fn told_in_words(told: &Told, model: &Model) -> String {
    let by = by(told, model);
    let day = model.calendar().date_of(told.commit.recorded_at);
    let who = format!("{by}, {}", words::date(day));
    match told.commit.reason.as_deref().unwrap_or_default().trim() {
        "" => who,
        why => format!("{}. {who}", words::sentence(why.trim_end_matches('.'))),
    }
}

fn moved(read: &ReadReview) -> Option<Note> {
    let since = read.since.as_ref()?;
    let values = since.values.iter();
    let values = values.filter_map(|one: &MovedSince<Option<f64>>| {
        let record = measure_of(read, one.measure)?;
        let said = |value| match value {
            None => "no value".to_owned(),
            value => numbers::value(value, record),
        };
        let moved = format!("{} → {} since the pack", said(one.before), said(one.after));
        let because = since.because.iter().find(|(of, _)| *of == one.measure);
        let because = because.map(|(_, told)| told_in_words(told, read.plan()));
        let said = [Some(moved), because];
        Some((
            record.name.clone(),
            said.into_iter().flatten().collect::<Vec<_>>().join(". "),
        ))
    });
    let targets = since.targets.iter().filter_map(|one| {
        let record = measure_of(read, one.measure)?;
        let said = |target| match target {
            None => "no target".to_owned(),
            Some(target) => numbers::target_in_words(target, record),
        };
        let moved = format!("target {} → {}", said(one.before), said(one.after));
        let set = since.set.iter().find(|(of, _)| *of == one.measure);
        let set = set.map(|(_, told)| told_in_words(told, read.plan()));
        let said: Vec<String> = [Some(moved), set].into_iter().flatten().collect();
        Some((record.name.clone(), said.join(". ")))
    });
    let on = words::date(since.review.on);
    let line = |count| {
        let figures = words::count(count as u64, "figure");
        let period = words::period(&since.review.period, read.plan().calendar());
        format!("{figures} moved since the review of {on}, of {period}")
    };
    let note = Note::of(line, values.chain(targets).collect())?;
    Some(Note {
        is_open: true,
        ..note
    })
}
