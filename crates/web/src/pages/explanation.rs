//! Why a number is what it is: the rule that made it, what it was made of, step by step down to single observations
//! with who recorded them and when, what it is held against, and how that gave its status.

use askama::Template;
use throughline_app::entry::may_correct;
use throughline_app::words::derivation::{Derivation, counts};
use throughline_app::words::{self, meaning, names, numbers};
use throughline_app::{AtUnit, Below, ExplainedReading, explain_at, readings_below};
use throughline_model::records::Measure;
use throughline_model::{Entry, Kind};

use super::strategy::said_of;
use super::{links, measure_not_read};
use crate::address::{Path, Query};
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::parts::observations::Observations;
use crate::parts::pages::ListState;
use crate::parts::status::StatusMark;
use crate::parts::steps::{self, MissingLine, Step, StepTable};
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "explanation.html")]
pub struct ExplanationPage {
    /// What is around it.
    pub frame: Frame,
    /// The number with what it is of, as a question.
    pub question: String,
    /// Which figures these are.
    pub said: String,
    /// Where the measure is shown.
    pub measure: Option<String>,
    /// Its status.
    pub status: Option<StatusMark>,
    /// The value with its unit.
    pub value: String,
    /// The period of the value.
    pub period: String,
    /// The target with its sense and unit.
    pub target: String,
    /// The score.
    pub score: String,
    /// That it is read in another period than the one that was asked for.
    pub carried: String,
    /// How it is made, line by line.
    pub how: Vec<String>,
    /// What its formula is made of.
    pub parts: Vec<Step>,
    /// The units below that it is made of.
    pub units: Vec<Step>,
    /// The periods that it is made of.
    pub periods: StepTable,
    /// The observations.
    pub observations: Observations,
    /// What is owed and not there.
    pub missing: Vec<MissingLine>,
    /// How many more units something is missing of.
    pub more_missing: usize,
    /// What it could be with what is missing.
    pub bounds: Option<String>,
    /// What it is held against, line by line.
    pub held_against: Vec<String>,
    /// How that gave its status and score, line by line.
    pub judgement: Vec<String>,
    /// What else there is to say.
    pub findings: Vec<String>,
    /// What stands beside it.
    pub beside: Vec<(String, String)>,
    /// The change on the period before.
    pub change: Option<String>,
    /// What a period that is not over is compared with, and earlier ones of other lengths.
    pub compared: Vec<String>,
}

/// Shows why a number is what it is.
///
/// # Errors
/// As of the explanation's use case.
pub async fn get(
    viewer: Viewer,
    Path(key): Path<String>,
    Query(state): Query<ListState>,
) -> PageResult {
    let explained = explain_at(&viewer.ctx, &key, &viewer.place.selection()).await?;
    let explained = match explained {
        AtUnit::Read(explained) => explained,
        AtUnit::NotRead(not_read) => return measure_not_read::show(&viewer, &not_read).await,
    };
    let id = explained.explanation.reading.measure;
    let measure = explained.selected.model.measures().get(id);
    let measure = measure.ok_or(WebError::NotThere)?;
    let may_correct = may_correct(&viewer.ctx).await?;
    let is_now = !explained.selected.is_known_at_given;
    let reading = &explained.explanation.reading;
    let below = readings_below(&viewer.ctx, &explained.selected, reading).await?;
    page(&ExplanationPage {
        observations: Observations::of(&viewer, &explained, measure, state.row, |measure, unit| {
            is_now && may_correct(measure, unit)
        }),
        ..ExplanationPage::of(&viewer, &explained, &below, measure)
    })
}

impl ExplanationPage {
    fn of(
        viewer: &Viewer,
        explained: &ExplainedReading,
        below: &Below,
        measure: &Entry<Measure>,
    ) -> ExplanationPage {
        let (place, meant) = (&viewer.place, &explained.selected);
        let model = &meant.model;
        let reading = &explained.explanation.reading;
        let derivation = Derivation {
            model,
            measure,
            explanation: &explained.explanation,
            hidden: explained.hidden,
        };
        let key = measure.key.as_str();
        let href = links::measure(place, key);
        let frame = Frame::at(viewer, Section::Measures, "Why this number", meant);
        let (missing, more_missing) = steps::missing(explained);
        ExplanationPage {
            frame: frame
                .below("Measures", links::page(place, "measures"))
                .below(measure.name.clone(), href.clone())
                .below("Why this number", None),
            question: question(explained, measure),
            said: said_of(meant),
            measure: href,
            status: Some(StatusMark(reading.status)),
            value: numbers::value(reading.value, measure),
            period: words::period(&reading.shown_period, model.calendar()),
            target: reading
                .target
                .map(|target| numbers::target_in_words(target, measure))
                .unwrap_or_default(),
            score: numbers::score(reading.score),
            carried: carried(explained),
            how: how(&derivation),
            parts: steps::parts(explained, place),
            units: steps::units(explained, below, measure, place),
            periods: steps::periods(explained, measure, place),
            observations: Observations::default(),
            missing,
            more_missing,
            bounds: derivation.bounds(),
            held_against: derivation.target(),
            judgement: derivation.judgement(),
            findings: findings(explained),
            beside: derivation.beside(),
            change: derivation.change(),
            compared: [derivation.compared(), derivation.other_lengths()]
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}

/// `Why is it 74.2%?`
fn question(explained: &ExplainedReading, measure: &Measure) -> String {
    match explained.explanation.reading.value {
        Some(value) => format!(
            "{}: why is it {}?",
            measure.name,
            numbers::value(Some(value), measure)
        ),
        None => format!("{}: why is there no value?", measure.name),
    }
}

fn carried(explained: &ExplainedReading) -> String {
    let shown = &explained.explanation.reading.shown_period;
    if *shown == explained.selected.period {
        return String::new();
    }
    let calendar = explained.selected.model.calendar();
    format!(
        "It is read in {}, the latest period of this measure that counts.",
        words::period(shown, calendar)
    )
}

/// How it is made.
fn how(derivation: &Derivation<'_>) -> Vec<String> {
    let lines = [
        derivation.sum(),
        Some(derivation.how()),
        derivation.read_over(),
        derivation.completeness(),
    ];
    lines.into_iter().flatten().collect()
}

fn findings(explained: &ExplainedReading) -> Vec<String> {
    let (explanation, model) = (&explained.explanation, &explained.selected.model);
    let said = explanation.reading.findings.iter();
    let mut findings: Vec<String> = said
        .map(|finding| format!("{}.", meaning::finding_in_words(*finding)))
        .collect();
    if explanation.reading.late {
        findings.push("Late: something that is due has not come.".to_owned());
    }
    let counting = explanation.periods.iter().filter(|period| counts(period));
    let differing = counting.flat_map(|period| {
        let units = period.differing.iter();
        units.map(move |unit| (period.period, *unit))
    });
    let named: Vec<String> = differing
        .take(steps::SHOWN_MAX)
        .map(|(period, unit)| {
            format!(
                "{} in {}",
                names::name(model, (Kind::Unit, unit.as_uuid())),
                words::period(&period, model.calendar())
            )
        })
        .collect();
    if !named.is_empty() {
        let named = words::list(&named);
        findings.push(format!("Own value and those below differ: {named}."));
    }
    findings
}
