//! What is recorded in a review: the form, what it sends, what came of it, and taking it back.

use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::AppError;
use throughline_app::review::{
    NewAction, NewCause, NewDecision, NewEffect, NewLesson, NewRemark, ReadReview, Recorded,
    Written, deciders, due_after, record, review, undo, withdraw,
};
use throughline_app::words::numbers;
use throughline_core::{MeasureId, UnitOfMeasure};
use throughline_model::Kind;
use throughline_model::fields::{from_percent, parse_number};
use throughline_model::observation::CommitNumber;

use super::review::{Refused, ReviewQuery, address, shown};
use super::reviews::day;
use crate::address::{Form, Path};
use crate::error::{PageResult, WebError};
use crate::parts::problems::Problems;
use crate::parts::review_item::ItemWords;
use crate::place::Place;
use crate::viewer::Viewer;

/// The form of what is recorded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RecordForm {
    /// What is recorded.
    pub kind: String,
    /// The number of the item.
    pub number: String,
    /// The item, as a record.
    pub item: String,
    /// `yes` where it is on the whole review instead.
    pub whole: String,
    /// The commit that the form was made after: the same form sent twice records once.
    pub position: String,
    /// What is decided, to be done, asked about or learned.
    pub what: String,
    /// Why.
    pub why: String,
    /// Who decided; the body together where it is empty.
    pub decided_by: String,
    /// The measure of the predicted effect.
    pub measure: String,
    /// The change.
    pub change: String,
    /// The least change.
    pub least: String,
    /// The greatest change.
    pub most: String,
    /// The period of the effect.
    pub by: String,
    /// Who does it.
    pub who: String,
    /// Until when.
    pub due: String,
    /// The answers to why.
    pub why1: String,
    /// The second.
    pub why2: String,
    /// The third.
    pub why3: String,
    /// The fourth.
    pub why4: String,
    /// The fifth.
    pub why5: String,
}

/// How many days an action has where nobody says otherwise.
const DAYS_FOR_AN_ACTION: i32 = 14;

impl RecordForm {
    /// The form for an item, with what can be told without asking.
    pub(super) fn new(
        viewer: &Viewer,
        read: &ReadReview,
        kind: &str,
        item: Option<&ItemWords>,
        measure: Option<MeasureId>,
    ) -> RecordForm {
        let model = &read.model;
        let key_of = |kind, id| model.key_of(kind, id).unwrap_or_default();
        let measure_record = measure.and_then(|measure| model.measures().get(measure));
        // Who does it: the owner of the measure, who had it to do before, else who decides.
        let had_it = item.and_then(|item| {
            let key = item.key.strip_prefix("action/")?;
            Some(model.actions().by_key(key)?.who)
        });
        let owner = measure_record.and_then(|measure| measure.owner);
        let owner = owner.or(had_it).or_else(|| read.body.decider());
        // Who is not there decides nothing.
        let decider = read.body.decider();
        let decider = decider.filter(|person| deciders(read).contains(person));
        let due = read
            .review
            .on
            .checked_add(jiff::Span::new().days(DAYS_FOR_AN_ACTION));
        let calendar = model.calendar();
        let index = calendar.index(&read.review.period);
        let by = calendar.period(read.review.period.frequency, index + 3);
        let number = item.map_or(0, |item| {
            let mut items = read.agenda.items.iter();
            let place = viewer.place.clone();
            let found = items.position(|one| ItemWords::of(read, one, &place).key == item.key);
            found.map_or(0, |place| place + 1)
        });
        RecordForm {
            kind: kind.to_owned(),
            number: number.to_string(),
            item: item.map(|item| item.key.clone()).unwrap_or_default(),
            position: viewer.position().to_string(),
            measure: measure
                .map(|measure| key_of(Kind::Measure, measure.as_uuid()))
                .unwrap_or_default(),
            decided_by: decider
                .map(|one| key_of(Kind::Person, one.as_uuid()))
                .unwrap_or_default(),
            by: calendar.name(&by),
            who: owner
                .map(|owner| key_of(Kind::Person, owner.as_uuid()))
                .unwrap_or_default(),
            due: due.map(|due| due.to_string()).unwrap_or_default(),
            ..RecordForm::default()
        }
    }

    /// Whether it is on the whole review, and on no item.
    #[must_use]
    pub fn is_on_whole(&self) -> bool {
        self.whole == "yes"
    }

    /// The answers to why, for the template.
    #[must_use]
    pub fn whys(&self) -> [(&'static str, &str); 5] {
        [
            ("why1", &self.why1),
            ("why2", &self.why2),
            ("why3", &self.why3),
            ("why4", &self.why4),
            ("why5", &self.why5),
        ]
    }

    /// What it means, or what is wrong with it, field by field.
    fn meant(&self, read: &ReadReview) -> Result<Recorded, Problems> {
        let mut problems = Problems::default();
        let asked = self.asked(read);
        if self.what.trim().is_empty() && asked.is_none() {
            let missing = AppError::bad_request("this is empty");
            problems.add("what", &missing.with_help("write it in one sentence"));
        }
        let recorded = match self.kind.as_str() {
            "action" => Recorded::Action(NewAction {
                what: self.what.clone(),
                who: self.person(read, &mut problems),
                due: day(&self.due)
                    .and_then(|due| due_after(due, &read.review).map(|()| due))
                    .unwrap_or_else(|error| {
                        problems.add("due", &error);
                        jiff::civil::Date::MIN
                    }),
            }),
            "cause" => {
                let whys = self.whys().map(|(_, why)| why.to_owned()).to_vec();
                if whys.iter().all(|why| why.trim().is_empty()) {
                    let missing = AppError::bad_request("there is no answer to why yet");
                    problems.add("why1", &missing);
                }
                Recorded::Cause(NewCause {
                    what: asked.unwrap_or_else(|| self.what.clone()),
                    whys,
                })
            }
            "lesson" => Recorded::Lesson(NewLesson {
                what: self.what.clone(),
            }),
            "remark" => Recorded::Remark(NewRemark {
                what: self.what.clone(),
            }),
            "decision" => Recorded::Decision(NewDecision {
                what: self.what.clone(),
                why: self.why.clone(),
                decided_by: self.decider(read, &mut problems),
                effect: self.effect(read, &mut problems),
            }),
            _ => {
                let unknown = AppError::bad_request("nothing of that kind is recorded here");
                problems.add("what", &unknown);
                return Err(problems);
            }
        };
        match problems.is_empty() {
            true => Ok(recorded),
            false => Err(problems),
        }
    }

    /// What a root cause asks about where nothing is written: why its item happened.
    fn asked(&self, read: &ReadReview) -> Option<String> {
        if self.kind != "cause" || !self.what.trim().is_empty() {
            return None;
        }
        let items = read.agenda.items.iter();
        let mut items = items.map(|item| ItemWords::of(read, item, &Place::default()));
        items
            .find(|item| item.key == self.item)
            .map(|item| why_of(&item))
    }

    fn person(&self, read: &ReadReview, problems: &mut Problems) -> String {
        if read.model.people().by_key(&self.who).is_none() {
            let nobody = AppError::bad_request("nobody is chosen");
            problems.add("who", &nobody.with_help("choose who does it"));
        }
        self.who.clone()
    }

    /// Who decided, who has to be there; nobody alone where none is chosen.
    fn decider(&self, read: &ReadReview, problems: &mut Problems) -> String {
        let people = read.model.people();
        let is_there = |key: &str| {
            let person = people.by_key(key);
            person.is_some_and(|person| deciders(read).contains(&person.id()))
        };
        if !self.decided_by.is_empty() && !is_there(&self.decided_by) {
            let away = AppError::bad_request("who decides is not marked as here");
            problems.add("decided_by", &away.with_help("choose somebody who is here"));
        }
        self.decided_by.clone()
    }

    /// The predicted effect; none where no change is written.
    fn effect(&self, read: &ReadReview, problems: &mut Problems) -> Option<NewEffect> {
        if self.change.trim().is_empty() {
            return None;
        }
        let Some(measure) = read.model.measures().by_key(&self.measure) else {
            let none = AppError::bad_request("no measure is chosen for the effect");
            problems.add("measure", &none);
            return None;
        };
        // A percentage is written in points, and kept as the fraction that it is.
        let is_percent = numbers::unit_of(measure) == UnitOfMeasure::Percent;
        let mut number = |field: &'static str, text: &str, otherwise: f64| {
            let text = text.trim().replace('−', "-");
            if text.is_empty() {
                return otherwise;
            }
            let text = text.strip_prefix('+').unwrap_or(&text);
            // Of a percentage in points the sign says nothing more.
            let plain = text.strip_suffix('%').filter(|_| is_percent);
            let text = plain.map_or(text, str::trim);
            match parse_number(text) {
                Ok(number) if is_percent => from_percent(number),
                Ok(number) => number,
                Err((message, help)) => {
                    let error = AppError::bad_request(message);
                    problems.add(
                        field,
                        &match help {
                            Some(help) => error.with_help(help),
                            None => error,
                        },
                    );
                    0.0
                }
            }
        };
        let change = number("change", &self.change, 0.0);
        // From -0.5 to -2 is said of what is to fall as naturally as the other way round.
        let [one, other] = [("least", &self.least), ("most", &self.most)]
            .map(|(field, text)| number(field, text, change));
        let effect = NewEffect {
            measure: self.measure.clone(),
            change,
            least: one.min(other),
            most: one.max(other),
            by: self.by.trim().to_owned(),
        };
        if !(effect.least..=effect.most).contains(&effect.change) {
            let outside = AppError::bad_request("the change lies outside of its range");
            problems.add("change", &outside);
        }
        match read.model.calendar().parse_period(&effect.by) {
            Err(error) => problems.add("by", &AppError::bad_request(error.to_string())),
            Ok(by) if by.first <= read.review.period.first => {
                let error =
                    AppError::bad_request("the effect would be there before it was decided");
                problems.add("by", &error.with_help("write a later period"));
            }
            Ok(_) => {}
        }
        Some(effect)
    }
}

/// `Why did this happen: On-time departures?`
pub(super) fn why_of(item: &ItemWords) -> String {
    format!("Why did this happen: {}?", item.title)
}

/// Records something in a review.
///
/// # Errors
/// As of the use case, where it is not about what was written.
pub async fn post(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<RecordForm>,
) -> PageResult {
    let read = review(&viewer.ctx, &key).await?;
    let state = ReviewQuery {
        closing: None,
        item: form.number.parse().ok(),
        record: form.kind.clone(),
        done: None,
    };
    let meant = match form.meant(&read) {
        Ok(meant) => meant,
        Err(problems) => return again(&viewer, &read, &state, (form, problems)).await,
    };
    let item = Some(form.item.as_str()).filter(|_| !form.is_on_whole());
    let viewer = viewer.once(&form);
    match record(&viewer.ctx, &key, item, &meant).await {
        Ok(written) => went(&viewer, &key, &form.number, &written).await,
        Err(error @ AppError::BadRequest { .. }) => {
            let mut problems = Problems::default();
            problems.add("what", &error);
            again(&viewer, &read, &state, (form, problems)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The form once more, with what is wrong with it.
async fn again(
    viewer: &Viewer,
    read: &ReadReview,
    state: &ReviewQuery,
    (form, problems): (RecordForm, Problems),
) -> PageResult {
    let refused = Refused {
        form: Some(form),
        problems,
        ..Refused::default()
    };
    shown(viewer, read, state, refused).await
}

/// Goes back to the item, where what was done is told and can be undone.
pub(super) async fn went(
    viewer: &Viewer,
    key: &str,
    number: &str,
    written: &Written,
) -> PageResult {
    // Whoever reads next finds what was written.
    let _ = viewer.server.live().reached(written.commit).await;
    let done = written.commit.0.to_string();
    let item = Some(("item", number)).filter(|_| !number.is_empty());
    let state: Vec<_> = item.into_iter().chain([("done", done.as_str())]).collect();
    Ok(Redirect::to(&address(&viewer.place, key, &state)).into_response())
}

/// What the form of a withdrawal sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WithdrawalForm {
    kind: String,
    key: String,
    number: String,
    /// The commit that the page was made after.
    position: String,
}

/// Takes back what was recorded.
///
/// # Errors
/// As of the use case.
pub async fn post_withdrawal(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<WithdrawalForm>,
) -> PageResult {
    let kind = Kind::from_word(&form.kind).ok_or(WebError::NotThere)?;
    let viewer = viewer.once(&form);
    let written = withdraw(&viewer.ctx, &key, kind, &form.key).await?;
    went(&viewer, &key, &form.number, &written).await
}

/// What the form of an undo sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct UndoForm {
    /// The commit that is taken back.
    #[serde(deserialize_with = "crate::address::number")]
    commit: Option<u64>,
    number: String,
}

/// Takes back what was done last.
///
/// # Errors
/// As of the use case.
pub async fn post_undo(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<UndoForm>,
) -> PageResult {
    let commit = form.commit.ok_or(WebError::NotThere)?;
    let viewer = viewer.once(&form);
    let written = undo(&viewer.ctx, &key, CommitNumber(commit)).await?;
    let _ = viewer.server.live().reached(written.commit).await;
    let state = [("item", form.number.as_str())];
    let is_gone = written.kind == Kind::Review && written.is_retired;
    let to = match is_gone {
        true => viewer.place.href("/reviews"),
        false => address(&viewer.place, &key, &state),
    };
    Ok(Redirect::to(&to).into_response())
}
