//! What is wrong with a form, told at its fields.

use throughline_core::finding::Segment;
use throughline_core::{Finding, Severity};

use super::RecordForm;
use crate::{AppError, Remarks, words};

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field; `None` where it is about more than one.
    pub field: Option<String>,
    /// What is wrong, and what to do, in sentences.
    pub text: String,
}

impl FieldProblem {
    pub(super) fn at(field: &str, finding: &Finding) -> FieldProblem {
        FieldProblem {
            field: Some(field.to_owned()),
            text: said(finding, true),
        }
    }
}

/// What an error says about a form, at the fields where it is about one.
#[must_use]
pub fn problems_of(form: &RecordForm, error: &AppError) -> Vec<FieldProblem> {
    let of_record = |finding: &Finding, with_help: bool| {
        let field = field_of(form, finding);
        let text = match &field {
            // By the words that stand at the field.
            Some(name) if finding.code == "missing-field" => {
                format!("{} is missing.", words::sentence(&name.replace('_', " ")))
            }
            _ => said(finding, with_help),
        };
        FieldProblem { field, text }
    };
    match error {
        AppError::BadInput { remarks, .. } => {
            let placed = remarks.placed.iter().map(|diagnostic| &diagnostic.finding);
            let findings = placed.chain(&remarks.unplaced);
            let errors = findings.filter(|finding| finding.severity == Severity::Error);
            errors.map(|finding| of_record(finding, true)).collect()
        }
        AppError::Conflict { conflicts, .. } => {
            let conflicts = conflicts.iter();
            let told = conflicts.map(|conflict| {
                let mut problem = of_record(&conflict.finding, false);
                problem
                    .text
                    .push_str(" Save again to put yours in its place.");
                problem
            });
            told.collect()
        }
        other => {
            let help = other
                .help()
                .map(|help| format!(" {}.", words::sentence(help)));
            vec![FieldProblem {
                field: None,
                text: format!(
                    "{}.{}",
                    words::sentence(&other.to_string()),
                    help.unwrap_or_default()
                ),
            }]
        }
    }
}

/// Warnings that are most likely a slip of who fills in a form, and that nobody reads once it is saved.
pub(super) fn doubts_of(form: &RecordForm, remarks: &Remarks) -> Vec<FieldProblem> {
    let placed = remarks.placed.iter().map(|diagnostic| &diagnostic.finding);
    let findings = placed.chain(&remarks.unplaced);
    let slips = findings.filter(|finding| finding.code == "percent-for-fraction");
    let at = |finding: &Finding| Some(FieldProblem::at(&field_of(form, finding)?, finding));
    slips.filter_map(at).collect()
}

/// The field of the form that a finding is about.
fn field_of(form: &RecordForm, finding: &Finding) -> Option<String> {
    let place = finding.place.as_ref()?;
    let key = form.next_key();
    let is_here = place.kind == form.kind.word()
        && (form.kind.is_single()
            || [&form.key, &key]
                .into_iter()
                .flatten()
                .any(|key| *key == place.key));
    match place.path.segments().first() {
        Some(Segment::Field(name)) if is_here => Some(name.to_string()),
        // What is missing stands nowhere, so the record is the place.
        None if is_here && finding.code == "missing-field" => {
            let mut fields = form.fields.iter().map(|field| field.field.name);
            let named = fields.find(|name| finding.message.contains(&format!("`{name}`")));
            named.map(str::to_owned)
        }
        _ => None,
    }
}

fn said(finding: &Finding, with_help: bool) -> String {
    let help = finding.help.as_deref().filter(|_| with_help);
    let sentences = [Some(finding.message.as_str()), help];
    let sentences = sentences.into_iter().flatten();
    let sentences: Vec<String> = sentences
        .map(|text| format!("{}.", words::sentence(text)))
        .collect();
    sentences.join(" ")
}
