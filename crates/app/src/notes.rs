//! Notes on the chart of a measure: what happened, and why its natural limits begin anew.
//!
//! New limits hide what the old ones would signal. So a person has to say why, and the points have to carry it when it is
//! said; the commit keeps who said it, and the chart keeps the old limits.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use throughline_core::{Calendar, MeasureId, Period, UnitId};
use throughline_insight::signals::{NoBaseline, POINTS_MIN, RUN_LENGTH};
use throughline_ledger::{Commit, Ledger, LedgerError, RecordVersion, VersionChange};
use throughline_model::observation::CommitNumber;
use throughline_model::records::{AnyRecord, Note};
use throughline_model::{Change, Entry, Kind, Model};
use uuid::Uuid;

use crate::course::{AHEAD, Course, PERIODS_MAX};
use crate::explain::no_measure;
use crate::history::{Told, told};
use crate::insight::{is_that, no_baseline_in_words, place_of};
use crate::policy::{ConfirmValue, NoteOnCharts, Object, PublishFigure, ReadHistory, ReadPlan};
use crate::review::{UNDO_MINUTES, last_position, next_key, no_such, text};
use crate::selection::{Selected, Selection, select};
use crate::trend::{Trend, trends};
use crate::where_read::{AtUnit, NotRead};
use crate::words;
use crate::written::{Write, Written, written};
use crate::{AppError, Ctx};

/// What is to be noted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewNote {
    /// The key of the measure.
    pub measure: String,
    /// The name of the period at which it stands.
    pub period: String,
    /// What happened, or why the level is another.
    pub what: String,
    /// Whether limits begin anew with the period.
    pub baseline: bool,
    /// The value of the period, where it is to be checked and is said to be right.
    pub right: Option<f64>,
}

/// The most notes that are drawn on one chart.
pub const ON_CHART_MAX: usize = 26;

/// A note on a chart.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The note.
    pub note: Arc<Entry<Note>>,
    /// The period of the chart at which it stands.
    pub period: Period,
    /// Whether limits begin anew with it.
    pub begins_anew: bool,
    /// Whether it says that the value of its period is right, and that is the value that stands.
    pub is_right: bool,
    /// Whether its period is among those that limits are made of.
    pub is_read: bool,
    /// The commit that stated what it says, as far as the actor may know.
    pub by: Option<Told>,
}

/// Whether the actor may note something on charts of what is shown.
///
/// # Errors
/// If the plan cannot be read.
pub async fn may_note(ctx: &Ctx, unit: UnitId) -> Result<bool, AppError> {
    match ctx.authorize::<NoteOnCharts>(Object::Unit(unit)).await {
        Ok(_) => Ok(true),
        Err(AppError::Forbidden { .. } | AppError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Notes something on the chart of a measure at the unit that is shown.
///
/// # Errors
/// If the measure is not read there, the period is none of its chart, the text is missing or too long, the points do not
/// carry new limits, or the actor may not note there.
pub async fn add_note(ctx: &Ctx, asked: &Selection, new: &NewNote) -> Result<Written, AppError> {
    // What is written is of today, whatever day is looked at.
    let today = Selection {
        known_at: None,
        plan_at: None,
        ..asked.clone()
    };
    let (selected, _) = select(ctx, &today).await?;
    ctx.authorize::<NoteOnCharts>(Object::Unit(selected.unit))
        .await?;
    let model = &selected.model;
    let found = model.measures().by_key(&new.measure);
    let measure = found.ok_or_else(|| no_measure(model, &new.measure))?.id();
    let unit = std::iter::once(selected.unit);
    let view = selected.view();
    if view.where_read(measure, unit, selected.period).is_empty() {
        let not_read = NotRead::of(ctx, selected, measure).await?;
        return AtUnit::NotRead(not_read).or_error();
    }
    let what = text(&new.what, "what happened")?;
    let period = model.calendar().parse_period(&new.period);
    let period = period.map_err(|error| AppError::bad_request(error.to_string()))?;
    refuse_out_of_sight(model.calendar(), &period, selected.period)?;
    if new.right.is_some() {
        refuse_to_confirm(ctx, measure, selected.unit).await?;
    }
    if new.baseline || new.right.is_some() {
        let trend = trends(ctx, &selected, &[measure]).await?.pop();
        refuse_unfounded(&trend.unwrap_or_default(), new, &period, model)?;
    }
    // New limits hide what the old ones would signal: history says why they are there.
    let reason = new.baseline.then(|| what.clone());
    let ctx = &ctx.clone().with_reason(reason);
    let asked = format!("{new:?}");
    let write = Write {
        object: Object::Unit(selected.unit),
        use_case: "note on a chart",
        asked: &[selected.unit.as_bytes(), asked.as_bytes()],
        change: |model: &Model, id| {
            let note = Note {
                key: next_key(model, Kind::Note, 'n')?,
                what,
                measure,
                unit: selected.unit,
                period,
                baseline: new.baseline,
                right: new.right,
                silences: Vec::new(),
            };
            let position = last_position(model.notes()) + 1.0;
            let record = AnyRecord::from(note).with_identity(id, position);
            Ok(Change::Put(record))
        },
    };
    written::<NoteOnCharts, _>(ctx, write).await
}

/// Whether the actor may say of a value of a measure at a unit that it is right.
///
/// # Errors
/// If the plan cannot be read.
pub async fn may_confirm(ctx: &Ctx, measure: MeasureId, unit: UnitId) -> Result<bool, AppError> {
    let is_allowed = |answer: Result<(), AppError>| match answer {
        Ok(()) => Ok(true),
        Err(AppError::Forbidden { .. } | AppError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    };
    let in_branch = ctx.authorize::<ConfirmValue>(Object::Unit(unit)).await;
    if is_allowed(in_branch.map(drop))? {
        return Ok(true);
    }
    let answered_for = Object::Figure { measure, by: None };
    let of_owner = ctx.authorize::<PublishFigure>(answered_for).await;
    is_allowed(of_owner.map(drop))
}

/// Refuses to say that a value is right, or that it is not, to whoever may not.
async fn refuse_to_confirm(ctx: &Ctx, measure: MeasureId, unit: UnitId) -> Result<(), AppError> {
    if may_confirm(ctx, measure, unit).await? {
        return Ok(());
    }
    let error = AppError::bad_request("you may not say whether a value here is right");
    Err(error.with_help("a steward of the unit may, or who answers for the measure"))
}

/// Refuses new limits that the points do not carry, and to call a value right that is in no doubt.
fn refuse_unfounded(
    trend: &Trend,
    new: &NewNote,
    period: &Period,
    model: &Model,
) -> Result<(), AppError> {
    if new.baseline {
        let borne = trend.bears(period);
        borne.map_err(|why| refused(trend, why, period, model))?;
    }
    let Some(right) = new.right else {
        return Ok(());
    };
    let doubt = trend.rests_on();
    let is_meant =
        |(of, value): (Period, f64)| place_of(period, &[of]).is_some() && is_that(value, right);
    if doubt.is_some_and(is_meant) {
        return Ok(());
    }
    let error = AppError::bad_request("no such value is to be checked at this period");
    Err(error.with_help("look at the page again: it may have been corrected, or new values came"))
}

/// Refuses a period that no chart reaches: a note there could be seen and taken off by nobody.
fn refuse_out_of_sight(
    calendar: &Calendar,
    period: &Period,
    shown: Period,
) -> Result<(), AppError> {
    let at = |day| calendar.index_of(period.frequency, day);
    let ahead = calendar.index(period) - at(shown.last);
    if (-PERIODS_MAX..=AHEAD).contains(&ahead) {
        return Ok(());
    }
    let error = AppError::bad_request("the chart does not reach this period");
    Err(error.with_help("choose one that it shows"))
}

/// That new limits cannot begin with a period, why, and where they could.
fn refused(trend: &Trend, why: Option<NoBaseline>, period: &Period, model: &Model) -> AppError {
    let why = why.map_or_else(
        || "natural limits are not worked out for that period".to_owned(),
        |why| no_baseline_in_words(&why),
    );
    let error = AppError::bad_request(format!("limits do not begin anew there: {why}"));
    let offered = trend.signals.offered;
    let offered = offered.and_then(|place| trend.readings.get(place));
    let offered = offered.map(|(period, _)| *period);
    error.with_help(match offered.or_else(|| trend.nearest_that_bears(period)) {
        Some(period) => {
            let name = words::period(&period, model.calendar());
            format!("they could begin anew with {name}; or note it without new limits")
        }
        None => format!(
            "they begin anew after {RUN_LENGTH} points on one side of the average, {POINTS_MIN} of them since; note it without new limits"
        ),
    })
}

/// Takes a note off its chart: it is retired, and its history stays.
///
/// # Errors
/// If there is no such note, or the actor may not note there.
pub async fn withdraw_note(ctx: &Ctx, key: &str) -> Result<Written, AppError> {
    ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let note = note_of(ctx, key).await?;
    ctx.authorize::<NoteOnCharts>(Object::Unit(note.unit))
        .await?;
    if note.right.is_some() {
        refuse_to_confirm(ctx, note.measure, note.unit).await?;
    }
    let write = Write {
        object: Object::Unit(note.unit),
        use_case: "take a note off a chart",
        asked: &[key.as_bytes()],
        change: |model: &Model, _| {
            let id = model.id_of(Kind::Note, key);
            let id = id.ok_or_else(|| no_such(Kind::Note, key))?;
            Ok(Change::Retire(Kind::Note, id))
        },
    };
    written::<NoteOnCharts, _>(ctx, write).await
}

/// Puts a note back that a commit took off its chart, as it was, for as long as acts are undone.
///
/// # Errors
/// If the commit took none off, that is too long ago, or the actor may not note there.
pub async fn put_note_back(ctx: &Ctx, commit: CommitNumber) -> Result<Written, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let over = || {
        AppError::bad_request("this note cannot be put back any more")
            .with_help("more than an hour has passed: note it again")
    };
    let limit = SignedDuration::from_mins(UNDO_MINUTES);
    let made = match ledger.commit(commit).await {
        Err(LedgerError::NotFound { .. }) => return Err(over()),
        made => made?,
    };
    let changes = ledger.changes(commit).await?;
    let [Change::Retire(Kind::Note, id)] = changes.as_slice() else {
        return Err(over());
    };
    if ctx.now().duration_since(made.at) > limit {
        return Err(over());
    }
    let note = last_of(ledger, *id).await?.ok_or_else(over)?;
    if note.right.is_some() {
        refuse_to_confirm(ctx, note.measure, note.unit).await?;
    }
    let number = commit.0.to_string();
    let write = Write {
        object: Object::Unit(note.unit),
        use_case: "put a note back on a chart",
        asked: &[number.as_bytes()],
        change: move |_: &Model, _| Ok(Change::Put(AnyRecord::Note(note))),
    };
    written::<NoteOnCharts, _>(ctx, write).await
}

/// A note; one that was taken off already as it was last, so that who asks again is answered as before.
async fn note_of(ctx: &Ctx, key: &str) -> Result<Arc<Entry<Note>>, AppError> {
    let plan = ctx.newest_model().await?;
    if let Some(note) = plan.notes().by_key(key) {
        return Ok(Arc::clone(note));
    }
    let none = || no_such(Kind::Note, key);
    let id = plan.first_user_of(Kind::Note, key).ok_or_else(none)?;
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let note = last_of(ctx.ledger(&proof)?, id).await?;
    note.ok_or_else(none)
}

/// A note as it was last on its chart.
async fn last_of(ledger: &Ledger, id: Uuid) -> Result<Option<Arc<Entry<Note>>>, AppError> {
    let versions = ledger.record_history(Kind::Note, id).await?;
    let mut newest_first = versions.into_iter().rev();
    Ok(newest_first.find_map(|version| match version.change {
        VersionChange::Put(AnyRecord::Note(note)) => Some(note),
        _ => None,
    }))
}

/// The notes on a chart, the oldest period first: of more than [`ON_CHART_MAX`] the newest. Who made them is told to whoever
/// may read the history.
pub(crate) async fn noted(
    ctx: &Ctx,
    ledger: &Ledger,
    (selected, trend, course): (&Selected, &Trend, &Course),
) -> Result<Vec<Noted>, AppError> {
    let points = course.so_far.iter().chain(&course.to_come);
    let periods: Vec<Period> = points.map(|point| point.period).collect();
    let notes = trend.notes.iter();
    let placed = notes.filter_map(|note| Some((note, place_of(&note.period, &periods)?)));
    let placed: Vec<(&Arc<Entry<Note>>, usize)> = placed.collect();
    let newest = placed.len().saturating_sub(ON_CHART_MAX);
    let unit = Object::Unit(selected.unit);
    let may_know = ctx.authorize::<ReadHistory>(unit).await.is_ok();
    let mut noted = Vec::new();
    for (note, place) in &placed[newest..] {
        let stated = match may_know {
            true => {
                let versions = ctx.versions(ledger, Kind::Note, note.id).await?;
                stated_by(&versions, selected.plan_known_at())
            }
            false => None,
        };
        noted.push(Noted {
            note: Arc::clone(note),
            period: periods[*place],
            begins_anew: trend.begins_anew_at(note),
            is_right: trend.is_right_by(note),
            is_read: trend.reads(note),
            by: stated.map(|commit| told(commit, &selected.model)),
        });
    }
    Ok(noted)
}

/// The commit that stated what a note says, of those known at an instant if one is given. A later one that put the same
/// words at the same period stated nothing.
fn stated_by(versions: &[RecordVersion], known_at: Option<Timestamp>) -> Option<Commit> {
    let mut stated: Option<(&Commit, &Entry<Note>)> = None;
    for RecordVersion { commit, change } in versions {
        let VersionChange::Put(AnyRecord::Note(note)) = change else {
            continue;
        };
        if known_at.is_some_and(|at| commit.recorded_at > at) {
            break;
        }
        let says_it = |(_, before): &(&Commit, &Entry<Note>)| {
            (&before.what, before.period, before.baseline, before.right)
                == (&note.what, note.period, note.baseline, note.right)
        };
        if !stated.as_ref().is_some_and(says_it) {
            stated = Some((commit, note));
        }
    }
    stated.map(|(commit, _)| commit.clone())
}
