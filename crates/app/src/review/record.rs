//! What is recorded in a review: decisions, actions, root causes, lessons and notes; and that it is taken back.

use jiff::civil::Date;
use throughline_core::{MeasureId, PersonId, ReviewId, UnitId};
use throughline_model::fields::{Key, Markdown};
use throughline_model::model::Table;
use throughline_model::records::{
    Action, AnyRecord, Because, Cause, Decision, Lesson, PredictedEffect, Remark, Review,
    ReviewState,
};
use throughline_model::value::Resolver;
use throughline_model::{Change, Kind, Model, Record};

use super::steps::period_of;
use super::to_record::{NewEffect, Recorded};
use super::undo::review_of;
use super::{ReadReview, readable, review};
use crate::policy::{HoldReviews, Object};
use crate::written::{Write, Written, written};
use crate::{AppError, Ctx};

/// The most answers of a root cause.
pub const WHYS_MAX: usize = 5;
/// The longest text of what is recorded, in characters.
pub const TEXT_MAX: usize = 2000;

/// Records something in a review, about an item of its agenda such as `measure/on-time-arrival`.
///
/// # Errors
/// If a text is missing or too long, a person, measure or period is none, the review is closed, a decision is made while it is
/// not in session, or the actor may not hold it.
pub async fn record(
    ctx: &Ctx,
    key: &str,
    item: Option<&str>,
    recorded: &Recorded,
) -> Result<Written, AppError> {
    let read = review(ctx, key).await?;
    let about = About::of(ctx, &read, item)?;
    let asked = format!("{item:?} {recorded:?}");
    let write = Write {
        object: Object::Body(read.body.id()),
        use_case: "record in a review",
        asked: &[key.as_bytes(), asked.as_bytes()],
        change: |model: &Model, id| {
            refuse_closed(model, Some(read.review.id()))?;
            if matches!(recorded, Recorded::Decision(_)) {
                refuse_before_session(model, read.review.id())?;
            }
            let (record, position) = recorded.record(model, &about)?;
            Ok(Change::Put(record.with_identity(id, position)))
        },
    };
    written::<HoldReviews, _>(ctx, write).await
}

/// What something is about that is recorded in a review.
struct About<'a> {
    read: &'a ReadReview,
    item: Option<String>,
    measure: Option<MeasureId>,
    unit: Option<UnitId>,
    today: Date,
}

impl<'a> About<'a> {
    fn of(ctx: &Ctx, read: &'a ReadReview, item: Option<&str>) -> Result<About<'a>, AppError> {
        let (model, item) = (&read.model, item.filter(|item| !item.is_empty()));
        let none = || AppError::bad_request("what this is recorded on is not there");
        let measure = match item.and_then(|item| item.split_once('/')) {
            Some(("measure", key)) => Some(model.measures().by_key(key).ok_or_else(none)?.id()),
            Some(("action", key)) => model.actions().by_key(key).ok_or_else(none)?.measure,
            Some(("decision", key)) => model.decisions().by_key(key).ok_or_else(none)?.measure,
            Some(("link", key)) => model.links().by_key(key).map(|_| None).ok_or_else(none)?,
            Some(_) => return Err(none()),
            None if item.is_some() => return Err(none()),
            None => None,
        };
        Ok(About {
            read,
            item: item.map(str::to_owned),
            measure,
            unit: read.body.unit,
            today: model.calendar().date_of(ctx.now()),
        })
    }
}

impl Recorded {
    /// The record that it makes of a plan, with its place.
    fn record(&self, model: &Model, about: &About<'_>) -> Result<(AnyRecord, f64), AppError> {
        let review = Some(about.read.review.id());
        let (item, measure, unit) = (about.item.clone(), about.measure, about.unit);
        Ok(match self {
            Recorded::Decision(new) => {
                let record = Decision {
                    key: next_key(model, Kind::Decision, 'd')?,
                    what: text(&new.what, "what was decided")?,
                    why: optional(&new.why)?.map(Markdown),
                    decided_by: decided_by(model, &new.decided_by, about.read)?,
                    on: about.today,
                    review,
                    item,
                    measure,
                    unit,
                    effect: match &new.effect {
                        Some(effect) => Some(effect.predicted(model, about)?),
                        None => None,
                    },
                    silences: Vec::new(),
                };
                (record.into(), last_position(model.decisions()) + 1.0)
            }
            Recorded::Action(new) => {
                due_after(new.due, &about.read.review)?;
                let record = Action {
                    key: next_key(model, Kind::Action, 'a')?,
                    what: text(&new.what, "what is to be done")?,
                    who: person(model, &new.who)?,
                    due: new.due,
                    done: None,
                    review,
                    item,
                    measure,
                    unit,
                    silences: Vec::new(),
                };
                (record.into(), last_position(model.actions()) + 1.0)
            }
            Recorded::Cause(new) => {
                let record = Cause {
                    key: next_key(model, Kind::Cause, 'c')?,
                    what: text(&new.what, "what is asked about")?,
                    whys: answers(&new.whys)?,
                    review,
                    item,
                    measure,
                    unit,
                    silences: Vec::new(),
                };
                (record.into(), last_position(model.causes()) + 1.0)
            }
            Recorded::Lesson(new) => {
                let record = Lesson {
                    key: next_key(model, Kind::Lesson, 'l')?,
                    what: text(&new.what, "what was learned")?,
                    review,
                    item,
                    measure,
                    unit,
                    silences: Vec::new(),
                };
                (record.into(), last_position(model.lessons()) + 1.0)
            }
            Recorded::Remark(new) => {
                let record = Remark {
                    key: next_key(model, Kind::Remark, 'r')?,
                    what: text(&new.what, "what is noted")?,
                    review: about.read.review.id(),
                    item,
                    measure,
                    unit,
                    silences: Vec::new(),
                };
                (record.into(), last_position(model.remarks()) + 1.0)
            }
        })
    }
}

/// Who decided something: somebody who is there, as who is not there decides nothing; nobody alone where no key is given.
fn decided_by(model: &Model, key: &str, read: &ReadReview) -> Result<Option<PersonId>, AppError> {
    if key.is_empty() {
        return Ok(None);
    }
    let decider = person(model, key)?;
    if deciders(read).contains(&decider) {
        return Ok(Some(decider));
    }
    let error = AppError::bad_request("who decides is a member of the body and here, or a guest");
    Err(error.with_help("mark who is here, or choose somebody else"))
}

/// Who can have decided something in a review: who is marked as present, the decider of the body first.
#[must_use]
pub fn deciders(read: &ReadReview) -> Vec<PersonId> {
    let mut there = read.review.present.clone();
    there.sort_by_key(|person| Some(*person) != read.body.decider());
    there
}

/// An action is due on the day of the review in which it is agreed, or later.
///
/// # Errors
/// If it would be late when it is agreed.
pub fn due_after(due: Date, review: &Review) -> Result<(), AppError> {
    if due < review.on {
        let message = format!("this is before the review, which is held on {}", review.on);
        return Err(AppError::bad_request(message).with_help("choose a later day"));
    }
    Ok(())
}

impl NewEffect {
    fn predicted(&self, model: &Model, about: &About<'_>) -> Result<PredictedEffect, AppError> {
        let measure = model.measures().by_key(&self.measure).ok_or_else(|| {
            AppError::unknown_name(format!("there is no measure `{}`", self.measure))
        })?;
        Ok(PredictedEffect {
            measure: measure.id(),
            unit: about.unit,
            change: self.change,
            least: self.least,
            most: self.most,
            since: about.read.review.period,
            by: period_of(model, &self.by)?,
        })
    }
}

fn person(model: &Model, key: &str) -> Result<PersonId, AppError> {
    if let Some(person) = model.people().by_key(key) {
        return Ok(person.id());
    }
    let error = AppError::unknown_name(format!("there is no person `{key}`"));
    Err(match model.nearest(&[Kind::Person], key) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None => error,
    })
}

fn answers(whys: &[String]) -> Result<Vec<Because>, AppError> {
    let said = whys.iter().filter(|why| !why.trim().is_empty());
    let said = said.map(|why| {
        Ok(Because {
            because: text(why, "an answer")?,
        })
    });
    let said: Vec<Because> = said.collect::<Result<_, AppError>>()?;
    match said.len() {
        0 => Err(AppError::bad_request("a root cause needs an answer to why")),
        1..=WHYS_MAX => Ok(said),
        _ => Err(AppError::bad_request(format!(
            "a root cause has up to {WHYS_MAX} answers"
        ))),
    }
}

/// A text that must be there.
pub(crate) fn text(said: &str, what: &str) -> Result<String, AppError> {
    optional(said)?.ok_or_else(|| AppError::bad_request(format!("{what} is missing")))
}

/// A text that may be missing.
fn optional(said: &str) -> Result<Option<String>, AppError> {
    let said = said.trim().replace("\r\n", "\n");
    if said.chars().count() > TEXT_MAX {
        return Err(AppError::bad_request(format!(
            "a text has up to {TEXT_MAX} characters"
        )));
    }
    Ok(Some(said).filter(|said| !said.is_empty()))
}

/// The first key `d-1`, `d-2`, ... that no record of the kind ever had.
pub(crate) fn next_key(model: &Model, kind: Kind, letter: char) -> Result<Key, AppError> {
    let mut number = model.records(kind).len() + 1;
    loop {
        let key = format!("{letter}-{number}");
        if model.first_user_of(kind, &key).is_none() {
            return Key::new(key).ok_or_else(|| AppError::bad_request("there is no key left"));
        }
        number += 1;
    }
}

/// The place of the last record of a kind.
pub(crate) fn last_position<R: Record>(table: &Table<R>) -> f64 {
    table.iter().next_back().map_or(0.0, |last| last.position)
}

/// Takes back what was recorded in a review: it is retired, and its history stays.
///
/// # Errors
/// If there is no such review, or no such record of it; if it is closed; if the actor may not hold it.
pub async fn withdraw(ctx: &Ctx, key: &str, kind: Kind, record: &str) -> Result<Written, AppError> {
    let (body, held) = readable(ctx, key).await?;
    let write = Write {
        object: Object::Body(body.id()),
        use_case: "withdraw",
        asked: &[key.as_bytes(), kind.word().as_bytes(), record.as_bytes()],
        change: |model: &Model, _| {
            let id = model.id_of(kind, record);
            let of = id.and_then(|id| review_of(&model.record(kind, id)?));
            let id = id.filter(|_| of == Some(held.id()));
            let id = id.ok_or_else(|| no_such(kind, record))?;
            refuse_closed(model, of)?;
            Ok(Change::Retire(kind, id))
        },
    };
    written::<HoldReviews, _>(ctx, write).await
}

/// Refuses to change what a review has that is over. Asked by the plan that is written to: somebody may have
/// closed it since it was read.
pub(super) fn refuse_closed(model: &Model, review: Option<ReviewId>) -> Result<(), AppError> {
    let review = review.and_then(|review| model.reviews().get(review));
    let state = review.map(|review| review.state());
    let message = match state {
        Some(ReviewState::Closed) => "the review is closed, and its minutes are written",
        Some(ReviewState::CalledOff) => "the review is called off",
        _ => return Ok(()),
    };
    Err(AppError::bad_request(message).with_help("record in the next review what holds now"))
}

/// Refuses a decision while a review is not in session: nobody is there yet to decide. What else is recorded may be prepared.
fn refuse_before_session(model: &Model, review: ReviewId) -> Result<(), AppError> {
    let review = model.reviews().get(review);
    if review.is_some_and(|review| review.state() == ReviewState::InSession) {
        return Ok(());
    }
    let error = AppError::bad_request("a decision is made while the review is in session");
    Err(error.with_help("open the review and say who is here first"))
}

pub(crate) fn no_such(kind: Kind, key: &str) -> AppError {
    AppError::unknown_name(format!("there is no {kind} `{key}`"))
}
