//! Recording what was typed: all of it, or nothing and what is wrong, cell by cell.

use std::collections::BTreeMap;
use std::sync::Arc;

use throughline_core::{Finding, Severity};
use throughline_engine::{Observations, View};
use throughline_model::Model;
use throughline_model::observation::{CommitNumber, Observation, Recorded};
use throughline_model::records::Measure;
use throughline_model::text::observations::{self, ObservationsText};

use super::TypedCell;
use super::held;
use super::known::{Known, stated};
use super::publish::publish_due;
use super::says::Says;
use super::slip::{Slip, slip};
use super::typed;
use crate::load_observations::{ByHand, Holding, LoadOptions, Loading, Seen, load_unless_moved};
use crate::policy::{Object, ReadPlan, ReadReadings};
use crate::words::numbers;
use crate::{AppError, Ctx};

/// The longest comment, in characters.
pub const COMMENT_LENGTH_MAX: usize = 500;

/// Why it is recorded, where nobody says more.
pub const REASON: &str = "Entered as due";
/// The same, where all that is recorded takes the place of figures that were there.
pub const CORRECTED: &str = "Corrected";
/// The name of the table that is recorded, in messages that nobody sees.
const NAME: &str = "entered";

/// A field of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The value.
    Value,
    /// Of how many it is.
    Weight,
    /// What changed.
    Comment,
}

/// What is wrong with a cell.
#[derive(Debug)]
pub struct Wrong {
    /// The place of the cell among those that were typed.
    pub place: usize,
    /// The field.
    pub field: Field,
    /// What is wrong with it.
    pub error: AppError,
    /// What stands in the cell by now, exactly, if it is something else than was known.
    pub now: Option<String>,
}

/// What came of what was typed.
#[derive(Debug)]
pub enum Entered {
    /// It was recorded, by that commit; `None` if all of it was there already.
    Saved {
        /// The commit.
        commit: Option<CommitNumber>,
        /// How many values were typed.
        cells: usize,
        /// How many of them wait for their owner.
        waiting: usize,
    },
    /// Nothing was recorded: cells are wrong.
    Wrong(Vec<Wrong>),
    /// Nothing was recorded: something is asked first, at these places.
    Asked(BTreeMap<usize, Asked>),
}

/// What is asked of a value before it is recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked {
    /// Whether it is right, as it is probably a slip.
    Slip(Slip),
    /// What changed, as others will ask.
    Change(Says),
}

/// When figures are for all whom whoever enters them answers for; those of others wait for their owner in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Publishing {
    /// At once.
    #[default]
    Now,
    /// Once they publish them, or their time has come.
    Later,
}

/// Records what was typed for some cells: those with a value, and what changed where that is asked for. Figures of measures
/// with an owner wait to be published.
///
/// # Errors
/// If nothing was typed; as of loading observations.
pub async fn enter(
    ctx: &Ctx,
    typed: &[TypedCell],
    publishing: Publishing,
) -> Result<Entered, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let (model, observations) = ctx.newest_known(ledger).await?;
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let filled: Vec<Filled<'_>> = typed
        .iter()
        .enumerate()
        .filter(|(_, typed)| !typed.value.trim().is_empty())
        .map(|(place, typed)| Filled { place, typed })
        .collect();
    if filled.is_empty() {
        return Err(AppError::bad_request("no figure was typed").with_help("type at least one"));
    }
    publish_due(ctx).await?;
    let known = Known::of(ctx, ledger, &observations).await?;
    let table = match table_of(&filled, &model, &known) {
        Ok(table) => table,
        Err(wrong) => return Ok(Entered::Wrong(wrong)),
    };
    let today = model.calendar().date_of(ctx.now());
    let read = observations::read(table.as_bytes(), NAME, &model, Some(today));
    let is_within = ctx.is_within();
    if !read.rows.iter().all(|row| is_within(&row.observation.cell)) {
        return Err(AppError::not_found("there is no such figure here"));
    }
    let mut wrong = refused(&filled, &read);
    let rows: Vec<Row<'_>> = read
        .rows
        .iter()
        .filter_map(|row| Some((filled.get(row.line.checked_sub(2)?)?, &row.observation)))
        .filter(|(_, observation)| may_read(observation.cell.unit))
        .collect();
    let moved = rows.iter();
    wrong.extend(moved.filter_map(|(filled, row)| filled.moved(&known, &model, row)));
    if !wrong.is_empty() || read.diagnostics.has_errors() {
        return Ok(Entered::Wrong(wrong));
    }
    let asked = asked(ctx, &model, &observations, &rows);
    if !asked.is_empty() {
        return Ok(Entered::Asked(asked));
    }
    let seen = rows.iter().map(|(_, row)| Seen {
        cell: row.cell,
        holds: known.holds(&row.cell),
    });
    let waits = rows.iter().filter(|(_, row)| {
        let measure = model.measures().get(row.cell.measure);
        let waits = measure.is_some_and(|measure| {
            let is_published = publishing == Publishing::Now && held::answers_for(ctx, measure);
            held::waits(&model, measure) && !is_published
        });
        waits && !known.says_already(row)
    });
    let by_hand = ByHand {
        held: waits.map(|(_, row)| row.cell).collect(),
        seen: seen.collect(),
        head: ctx.snapshot().map(|snapshot| snapshot.standing.head),
    };
    let options = LoadOptions::default();
    Ok(
        match load_unless_moved(ctx, NAME, table.as_bytes(), options, &by_hand).await? {
            Loading::Done(loaded) => Entered::Saved {
                commit: loaded.commits.last().map(|commit| commit.number),
                cells: filled.len(),
                waiting: by_hand.held.len(),
            },
            Loading::Moved(moved) => Entered::Wrong(told_as_moved(&model, &rows, &moved)),
        },
    )
}

/// A cell for which a value was typed, with what that means.
type Row<'a> = (&'a Filled<'a>, &'a Observation);

/// That a figure waits in a cell which is not for everybody's eyes.
fn waits_here() -> AppError {
    let error = AppError::bad_request("a figure was entered here that waits for its owner");
    error.with_help("clear the field; once it is published it can be corrected")
}

/// The rows whose cells hold something else by now than was looked at.
fn told_as_moved(
    model: &Model,
    rows: &[Row<'_>],
    moved: &[(usize, Option<Observation>)],
) -> Vec<Wrong> {
    let told = moved.iter().filter_map(|(place, now)| {
        let (filled, row) = rows.get(*place)?;
        let measure = model.measures().get(row.cell.measure)?;
        if now.as_ref().is_some_and(Observation::is_held) {
            return Some(filled.wrong(Field::Value, waits_here()));
        }
        let holds = now.as_ref().map(|now| (now.value, now.weight));
        Some(filled.told_as_moved(holds, measure))
    });
    told.collect()
}

/// The table that is recorded, one row a cell; or everything that is wrong with what was typed.
fn table_of(filled: &[Filled<'_>], model: &Model, known: &Known<'_>) -> Result<String, Vec<Wrong>> {
    let mut table = String::from("measure,unit,period,value,weight,note\n");
    let mut wrong = Vec::new();
    for one in filled {
        match one.row(model, known) {
            Ok(row) => table.push_str(&row),
            Err(found) => wrong.extend(found),
        }
    }
    if wrong.is_empty() {
        Ok(table)
    } else {
        Err(wrong)
    }
}

/// The rows of the table that cannot be recorded, by the cells that they are of.
fn refused(filled: &[Filled<'_>], read: &ObservationsText) -> Vec<Wrong> {
    let errors = read.diagnostics.iter();
    let errors = errors.filter(|one| one.finding.severity == Severity::Error);
    errors
        .filter_map(|one| {
            let filled = filled.get(one.line.checked_sub(2)?)?;
            Some(filled.wrong(field_of(&one.finding), in_words(&one.finding)))
        })
        .collect()
}

/// A cell for which a value was typed.
struct Filled<'a> {
    place: usize,
    typed: &'a TypedCell,
}

impl Filled<'_> {
    /// The row of the table that is recorded, or everything that is wrong with it.
    fn row(&self, model: &Model, known: &Known<'_>) -> Result<String, Vec<Wrong>> {
        let typed = self.typed;
        let Some(measure) = model.measures().by_key(&typed.measure) else {
            let error = AppError::unknown_name(format!("there is no measure `{}`", typed.measure));
            return Err(vec![self.wrong(Field::Value, error)]);
        };
        let mut wrong = Vec::new();
        let mut keep = |field, error| wrong.push(self.wrong(field, error));
        let value = typed::value(&typed.value, measure);
        let value = value.unwrap_or_else(|error| {
            keep(Field::Value, error);
            None
        });
        if let Some(error) = value.and_then(|value| out_of_range(value, measure)) {
            keep(Field::Value, error);
        }
        let weight = Some(typed.weight.trim()).filter(|weight| !weight.is_empty());
        let weight = weight.map(typed::number).transpose();
        let weight = weight.unwrap_or_else(|error| {
            keep(Field::Weight, error);
            None
        });
        let mut comment = typed.comment();
        if let Some(cell) = typed.cell(model).filter(|_| comment.is_empty()) {
            // What was said of it stays where nothing else is.
            known.comment(&cell).clone_into(&mut comment);
        }
        if comment.chars().count() > COMMENT_LENGTH_MAX {
            let message = format!("a comment has up to {COMMENT_LENGTH_MAX} characters");
            keep(Field::Comment, AppError::bad_request(message));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let number = |number: Option<f64>| number.map_or_else(String::new, |one| one.to_string());
        let cells = [
            typed.measure.as_str(),
            &typed.unit,
            &typed.period,
            &number(value),
            &number(weight),
            &comment,
        ];
        let cells = cells.map(quoted).join(",");
        Ok(format!("{cells}\n"))
    }

    fn wrong(&self, field: Field, error: AppError) -> Wrong {
        Wrong {
            place: self.place,
            field,
            error,
            now: None,
        }
    }

    /// That somebody else recorded something there meanwhile.
    fn moved(&self, known: &Known<'_>, model: &Model, observation: &Observation) -> Option<Wrong> {
        let cell = &observation.cell;
        if known.is_hidden(cell) {
            return Some(self.wrong(Field::Value, waits_here()));
        }
        let holds = known.holds(cell);
        let says_the_same = holds == Some((observation.value, observation.weight));
        if says_the_same || stated(holds) == self.typed.known {
            return None;
        }
        Some(self.told_as_moved(holds, model.measures().get(cell.measure)?))
    }

    fn told_as_moved(&self, holds: Holding, measure: &Measure) -> Wrong {
        let error = AppError::bad_request(match holds {
            None => "what was recorded here was taken back meanwhile".to_owned(),
            Some((value, None)) => {
                let now = numbers::value(value, measure);
                format!("{now} was recorded here meanwhile")
            }
            Some((value, Some(weight))) => {
                let [now, weight] = [numbers::value(value, measure), numbers::plain(weight)];
                format!("{now} from {weight} was recorded here meanwhile")
            }
        });
        Wrong {
            now: Some(stated(holds)),
            ..self.wrong(
                Field::Value,
                error.with_help("clear the field to keep it, or save again to replace it"),
            )
        }
    }
}

/// The cells of which something is asked: whether a value is right that looks like a slip, and what happened where a value says
/// something and nothing is said of it.
fn asked(
    ctx: &Ctx,
    model: &Arc<Model>,
    observations: &Arc<Observations>,
    rows: &[Row<'_>],
) -> BTreeMap<usize, Asked> {
    let recorded = rows.iter().map(|(_, observation)| Recorded {
        observation: (*observation).clone(),
        commit: CommitNumber(u64::MAX),
        at: ctx.now(),
    });
    // A slip is one by what is recorded: two of one form would stand up for each other.
    let before = View::new(Arc::clone(model), Arc::clone(observations), ctx.now());
    let after = observations.with(recorded.collect());
    let view = View::new(Arc::clone(model), Arc::new(after), ctx.now());
    let asked = rows.iter().filter_map(|(filled, observation)| {
        let (cell, value) = (observation.cell, observation.value?);
        let measure = model.measures().get(cell.measure)?;
        let slip = slip(&before, measure, cell, value).filter(|_| !filled.typed.is_right());
        let change = || {
            let is_unsaid = filled.typed.comment().is_empty();
            let says = is_unsaid.then(|| Says::of(&view, cell));
            says.filter(Says::asks).map(Asked::Change)
        };
        let asked = slip.map(Asked::Slip).or_else(change)?;
        Some((filled.place, asked))
    });
    asked.collect()
}

/// That a value is none that the measure can have, in the unit in which it was typed.
fn out_of_range(value: f64, measure: &Measure) -> Option<AppError> {
    if measure.is_plausible(value) {
        return None;
    }
    let in_words = |value: &f64| numbers::value(Some(*value), measure);
    let range = measure.range_in_words(in_words)?;
    let message = format!("{} cannot be: the figure is {range}", in_words(&value));
    Some(AppError::bad_request(message).with_help("look at the figure again"))
}

/// The cell of a table as text with separators wants it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The field that a finding is about.
fn field_of(finding: &Finding) -> Field {
    match finding.code {
        "bad-weight" => Field::Weight,
        "long-note" => Field::Comment,
        _ => Field::Value,
    }
}

fn in_words(finding: &Finding) -> AppError {
    let error = AppError::bad_request(finding.message.clone());
    match &finding.help {
        Some(help) => error.with_help(help.clone()),
        None => error,
    }
}
