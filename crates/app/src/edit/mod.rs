//! Changing one record of the plan by a form: the same plan text, errors and merging as a folder that is applied.
//!
//! A form is made of the fields that the kind declares, so a new field of a record needs nothing here. What is sent back
//! becomes a plan file of that one record, read against the commit at which the form was opened: what somebody else
//! changed meanwhile stays, and what both changed is told.

mod problems;
mod take_back;
mod withdraw;

use std::sync::Arc;

use throughline_ledger::PlanClock;
use throughline_model::fields::{Key, LIST_LENGTH_LIMIT};
use throughline_model::text::form::{Filled, Input};
use throughline_model::text::{self, Base};
use throughline_model::tree::Tree;
use throughline_model::value::Field;
use throughline_model::{AnyRecord, Kind, Model};

use self::problems::doubts_of;
pub use self::problems::{FieldProblem, problems_of};
pub use self::take_back::{TakenBack, take_back};
use crate::apply_plan::{AppliedPlan, ApplyOptions, apply_plan};
use crate::diff_plan::diff_plan;
use crate::plan_folder::FolderOptions;
use crate::policy::{ChangePlan, Object, ReadPlan};
use crate::{AppError, Ctx, words};

/// The most rows of a table in a form; a longer one is changed by a file.
pub const ROWS_MAX: usize = 500;

/// What comes about in reviews, and is changed there.
const OF_REVIEWS: [Kind; 6] = [
    Kind::Review,
    Kind::Decision,
    Kind::Action,
    Kind::Cause,
    Kind::Lesson,
    Kind::Remark,
];

/// The fields of a record, to be filled in.
#[derive(Debug, Clone)]
pub struct RecordForm {
    /// The kind of the record.
    pub kind: Kind,
    /// Its key; `None` for a new one.
    pub key: Option<String>,
    /// The commit that the form was opened at.
    pub base: String,
    /// Whether it wins where somebody else changed the same field meanwhile, which its writer has seen.
    pub wins: bool,
    /// The fields that the actor may see.
    pub fields: Vec<FormField>,
    /// The plan, for the names of what fields refer to.
    pub model: Arc<Model>,
}

/// The name by which a form has the reason of its change.
pub const REASON: &str = "reason";

/// A field, and what stands in it.
#[derive(Debug, Clone)]
pub struct FormField {
    /// The field.
    pub field: Field,
    /// How it is filled in.
    pub input: Input,
    /// What stands in it.
    pub filled: Filled,
    /// Whether it says which record this is, so that it stays: the ends of a link.
    pub is_fixed: bool,
}

/// Whether records of a kind are changed by a form.
#[must_use]
pub fn is_editable(kind: Kind) -> bool {
    // A note is made on the chart of its measure, whose points have to carry new limits.
    !is_of_reviews(kind) && !kind.is_worked_out() && kind != Kind::Note
}

fn is_of_reviews(kind: Kind) -> bool {
    OF_REVIEWS.contains(&kind)
}

/// The form of a record as the plan has it now; of no record an empty one.
///
/// # Errors
/// If there is no such record, or the actor may not change the plan.
pub async fn record_form(ctx: &Ctx, kind: Kind, key: Option<&str>) -> Result<RecordForm, AppError> {
    ctx.authorize::<ChangePlan>(Object::Organisation).await?;
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    if !is_editable(kind) || (kind.is_single() && key.is_none()) {
        return Err(AppError::not_found("this is not changed by a form"));
    }
    let ledger = ctx.ledger(&proof)?;
    let head = ledger.head().await?;
    let model = ctx.plan(ledger, PlanClock::Commit(head.number)).await?;
    let record = key.map(|key| found(&model, kind, key)).transpose()?;
    let tree = record.as_ref().map(|record| record.write(&*model));
    Ok(RecordForm {
        kind,
        key: key.map(str::to_owned),
        base: Base::new(head.number, &head.hash.to_string()).to_string(),
        wins: false,
        fields: form_fields(kind, tree.as_ref()),
        model,
    })
}

fn found(model: &Model, kind: Kind, key: &str) -> Result<AnyRecord, AppError> {
    let record = model.id_of(kind, key).and_then(|id| model.record(kind, id));
    record.ok_or_else(|| AppError::unknown_name(format!("there is no {kind} `{key}`")))
}

fn form_fields(kind: Kind, record: Option<&Tree>) -> Vec<FormField> {
    let fields = kind.fields().into_iter();
    let form = |field: Field| {
        let input = Input::of(&(field.shape)());
        let value = record.and_then(|record| record.get(field.name));
        FormField {
            filled: Filled::of(&input, value),
            is_fixed: is_long(value) || record.is_some() && names_the_record(kind, field.name),
            field,
            input,
        }
    };
    fields.map(form).collect()
}

/// Whether a list has more elements than a form has rows.
fn is_long(value: Option<&Tree>) -> bool {
    value.is_some_and(|value| value.elements().len() > ROWS_MAX)
}

/// Whether a record without a key of its own is named by that field.
fn names_the_record(kind: Kind, field: &str) -> bool {
    match kind {
        Kind::Link => matches!(field, "from" | "to"),
        Kind::Target => matches!(field, "measure" | "unit"),
        _ => false,
    }
}

impl RecordForm {
    /// The form with what was sent: names of fields with texts, those of a table as `points.0.period`. A field that was
    /// not sent stays as it is.
    #[must_use]
    pub fn filled_with(mut self, sent: &[(String, String)]) -> RecordForm {
        for field in self.fields.iter_mut().filter(|field| !field.is_fixed) {
            let name = field.field.name;
            field.filled = match &field.input {
                Input::Rows(columns) | Input::Group(columns) => {
                    match rows_of(name, columns, sent) {
                        Some(rows) => Filled::Rows(rows),
                        None => continue,
                    }
                }
                input => match (sent.iter().find(|(sent, _)| sent == name), input) {
                    (Some((_, text)), Input::Reference(kinds)) => {
                        Filled::Text(key_meant(&self.model, kinds, text))
                    }
                    (Some((_, text)), _) => Filled::Text(text.clone()),
                    (None, _) => continue,
                },
            };
        }
        if self.key.is_none() && self.kind.has_key() {
            self.name_by_itself();
        }
        self
    }

    /// Gives a new record without a key the one that its name makes.
    fn name_by_itself(&mut self) {
        let name = self.text("name").and_then(|name| Key::of_name(&name));
        let key = self
            .fields
            .iter_mut()
            .find(|field| field.field.name == "key");
        if let (Some(key), Some(made)) = (key, name)
            && key.filled == Filled::Text(String::new())
        {
            key.filled = Filled::Text(made.to_string());
        }
    }

    /// Whether it is saved with a reason alone: a target that there is already moves.
    #[must_use]
    pub fn asks_why(&self) -> bool {
        self.kind == Kind::Target && self.key.is_some()
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let field = self.fields.iter().find(|field| field.field.name == name)?;
        match &field.filled {
            Filled::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Filled::Rows(_) => None,
        }
    }

    /// The key that the record has once the form is saved.
    #[must_use]
    pub fn next_key(&self) -> Option<String> {
        let ends = match self.kind {
            Kind::Link => ("from", ">", "to"),
            Kind::Target => ("measure", "@", "unit"),
            _ => return self.text("key"),
        };
        let (one, between, other) = ends;
        Some(format!("{}{between}{}", self.text(one)?, self.text(other)?))
    }

    /// The record as a plan file would have it.
    fn tree(&self) -> Result<Tree, Vec<FieldProblem>> {
        let mut entries = Vec::new();
        let mut problems = Vec::new();
        for field in &self.fields {
            match field.filled.tree(&field.input) {
                Ok(Some(value)) => entries.push((field.field.name.to_owned(), value)),
                Ok(None) => {}
                Err(finding) => problems.push(FieldProblem::at(field.field.name, &finding)),
            }
        }
        // A record that gets another key is still the same one.
        if self.kind.has_key()
            && let (Some(before), Some(after)) = (&self.key, self.text("key"))
            && *before != after
        {
            entries.push(("was".to_owned(), Tree::text(before.clone())));
        }
        match problems.is_empty() {
            true => Ok(Tree::Map(entries)),
            false => Err(problems),
        }
    }
}

/// The key of the record that a text means: by its key, or by its name where one record alone has it; the text as it is where that is
/// none, to be told.
fn key_meant(model: &Model, kinds: &[Kind], text: &str) -> String {
    let said = text.trim().to_lowercase();
    if said.is_empty()
        || kinds
            .iter()
            .any(|kind| model.id_of(*kind, text.trim()).is_some())
    {
        return text.to_owned();
    }
    let records = kinds.iter().flat_map(|kind| model.records(*kind));
    let mut named = records.filter_map(|record| {
        let id = (record.kind(), record.id());
        (words::names::name(model, id).to_lowercase() == said).then(|| words::names::key(model, id))
    });
    match (named.next(), named.next()) {
        (Some(key), None) => key,
        _ => text.to_owned(),
    }
}

/// The rows of a table that were sent, in their order; `None` where none was.
fn rows_of(name: &str, columns: &[Field], sent: &[(String, String)]) -> Option<Vec<Vec<String>>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut is_there = false;
    for (sent, text) in sent {
        let Some((row, column)) = sent
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.split_once('.'))
        else {
            continue;
        };
        is_there = true;
        let column = columns.iter().position(|field| field.name == column);
        let (Ok(row), Some(column)) = (row.parse::<usize>(), column) else {
            continue;
        };
        if row >= LIST_LENGTH_LIMIT {
            continue;
        }
        if rows.len() <= row {
            rows.resize(row + 1, vec![String::new(); columns.len()]);
        }
        if let Some(cell) = rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            cell.clone_from(text);
        }
    }
    is_there.then_some(rows)
}

/// Why a form was not saved.
#[derive(Debug)]
pub enum NotSaved {
    /// What was filled in cannot be read.
    Problems(Vec<FieldProblem>),
    /// What the plan says against it.
    Refused(AppError),
}

/// Saves a form: one commit, or nothing.
///
/// # Errors
/// If a field cannot be read, it asks why and there is no reason, the plan with it has errors, somebody else changed the same field, or the actor may not.
pub async fn save_record(ctx: &Ctx, form: &RecordForm) -> Result<AppliedPlan, NotSaved> {
    if !is_editable(form.kind) {
        let none = AppError::not_found("this is not changed by a form");
        return Err(NotSaved::Refused(none));
    }
    let record = form.tree().map_err(NotSaved::Problems)?;
    if form.asks_why() && ctx.reason().is_none() {
        let asked = FieldProblem {
            field: Some(REASON.to_owned()),
            text: "Say why it is changed: nobody trusts a target that moves without a reason."
                .to_owned(),
        };
        return Err(NotSaved::Problems(vec![asked]));
    }
    let Some(base) = Base::parse(&form.base) else {
        let error = AppError::bad_request("the form does not say when it was opened");
        return Err(NotSaved::Refused(error.with_help("open it again")));
    };
    let files = text::one_record(form.kind, &record, &base);
    let options = ApplyOptions {
        folder: FolderOptions {
            folder_wins: form.wins,
            ..FolderOptions::default()
        },
        ..ApplyOptions::default()
    };
    if form.kind == Kind::Target {
        let shown = diff_plan(ctx, &files, options.folder).await;
        let doubts = doubts_of(form, &shown.map_err(NotSaved::Refused)?.remarks);
        if !doubts.is_empty() {
            return Err(NotSaved::Problems(doubts));
        }
    }
    apply_plan(ctx, &files, &options)
        .await
        .map_err(NotSaved::Refused)
}
