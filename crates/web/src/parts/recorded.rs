//! What was recorded on an item of a review, in words: decisions, actions, root causes, lessons, notes.

use throughline_app::review::ReadReview;
use throughline_app::words::{self, numbers};
use throughline_core::PersonId;
use throughline_model::records::{Action, Cause, Decision, Lesson, Remark};
use throughline_model::{Entry, Kind, Model};

/// Something that was recorded.
#[derive(Debug, Clone)]
pub struct RecordedRow {
    /// Its kind.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// `Decision`
    pub label: &'static str,
    /// What it says.
    pub what: String,
    /// What else it says.
    pub about: String,
    /// The answers to why.
    pub whys: Vec<String>,
}

impl RecordedRow {
    /// What was recorded in a review, on items that are meant; `None` is no item.
    pub fn on(read: &ReadReview, is_meant: impl Fn(Option<&str>) -> bool) -> Vec<RecordedRow> {
        let (model, id) = (&read.model, Some(read.review.id()));
        let is_here = |review, of: &Option<String>| review == id && is_meant(of.as_deref());
        let decisions = model.decisions().iter();
        let actions = model.actions().iter();
        let causes = model.causes().iter();
        let lessons = model.lessons().iter();
        let remarks = model.remarks().iter();
        decisions
            .filter(|one| is_here(one.review, &one.item))
            .map(|one| RecordedRow::of_decision(model, one))
            .chain(
                actions
                    .filter(|one| is_here(one.review, &one.item))
                    .map(|one| RecordedRow::of_action(model, one)),
            )
            .chain(
                causes
                    .filter(|one| is_here(one.review, &one.item))
                    .map(|one| RecordedRow::of_cause(one)),
            )
            .chain(
                lessons
                    .filter(|one| is_here(one.review, &one.item))
                    .map(|one| RecordedRow::of_lesson(one)),
            )
            .chain(
                remarks
                    .filter(|one| is_here(Some(one.review), &one.item))
                    .map(|one| RecordedRow::of_remark(one)),
            )
            .collect()
    }

    fn of_decision(model: &Model, one: &Entry<Decision>) -> RecordedRow {
        let by = one.decided_by.map(|by| name(model, by));
        let by = by.unwrap_or_else(|| "The body together".to_owned());
        let effect = one.effect.as_ref().and_then(|effect| {
            let measure = model.measures().get(effect.measure)?;
            Some(format!(
                "Predicted: {} {} by {}. ",
                measure.name,
                numbers::predicted(effect, measure),
                words::period(&effect.by, model.calendar())
            ))
        });
        let why = one.why.as_ref();
        let why = why.map_or_else(String::new, |why| format!("Why: {}", why.0));
        RecordedRow {
            kind: Kind::Decision.word(),
            key: one.key.to_string(),
            label: "Decision",
            what: one.what.clone(),
            about: format!("{by} decided. {}{why}", effect.unwrap_or_default())
                .trim_end()
                .to_owned(),
            whys: Vec::new(),
        }
    }

    fn of_action(model: &Model, one: &Entry<Action>) -> RecordedRow {
        RecordedRow {
            kind: Kind::Action.word(),
            key: one.key.to_string(),
            label: "Action",
            what: one.what.clone(),
            about: format!("{}, by {}", name(model, one.who), words::date(one.due)),
            whys: Vec::new(),
        }
    }

    fn of_cause(one: &Entry<Cause>) -> RecordedRow {
        RecordedRow {
            kind: Kind::Cause.word(),
            key: one.key.to_string(),
            label: "Root cause",
            what: one.what.clone(),
            about: String::new(),
            whys: one.whys.iter().map(|why| why.because.clone()).collect(),
        }
    }

    fn of_lesson(one: &Entry<Lesson>) -> RecordedRow {
        RecordedRow {
            kind: Kind::Lesson.word(),
            key: one.key.to_string(),
            label: "Lesson",
            what: one.what.clone(),
            about: String::new(),
            whys: Vec::new(),
        }
    }

    fn of_remark(one: &Entry<Remark>) -> RecordedRow {
        RecordedRow {
            kind: Kind::Remark.word(),
            key: one.key.to_string(),
            label: "Note",
            what: one.what.clone(),
            about: String::new(),
            whys: Vec::new(),
        }
    }
}

fn name(model: &Model, person: PersonId) -> String {
    let person = model.people().get(person);
    person.map_or_else(|| "somebody".to_owned(), |person| person.name.clone())
}
