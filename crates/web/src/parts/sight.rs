//! A step of a line of sight: what stands there, its figure, and in a sentence how it leads to the next.

use throughline_app::evidence::{MapEvidence, words as told};
use throughline_app::words::{self, names, numbers};
use throughline_app::{
    AppError, Part, PartRole, ReadLineOfSight, ReadScorecard, Step, Tie, node_reading,
    trends_so_far,
};
use throughline_engine::{MeasureReading, NodeReading};
use throughline_model::Model;
use throughline_model::records::NodeId;

use super::scorecard::drawings;
use super::status::{Glyph, StatusMark};
use super::ties::{EvidenceMark, kind_word};
use crate::markdown;
use crate::pages::links;
use crate::viewer::Viewer;

/// How many other ways on are named.
const ALSO_MAX: usize = 3;

/// A step of a line.
#[derive(Debug, Clone)]
pub struct SightStep {
    /// What it is, and where: `Outcome, United at Newark`.
    pub level: String,
    /// What the person is to it, where the line is theirs: `You do this`.
    pub part: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// How it stands.
    pub status: StatusMark,
    /// The figure that stands for it.
    pub value: String,
    /// The measure whose figure it is.
    pub measure: String,
    /// The page of that measure.
    pub measure_href: Option<String>,
    /// What was planned.
    pub plan: String,
    /// The figure over time.
    pub trend: String,
    /// What there is to say where there is no figure.
    pub silence: String,
    /// How it leads to the next step.
    pub next: Option<Next>,
    /// Where it leads nowhere further: what it means, or that the plan does not say.
    pub end: String,
    /// What else it leads to: each name with its page.
    pub also: Vec<(String, Option<String>)>,
}

/// How a step leads to the next.
#[derive(Debug, Clone)]
pub struct Next {
    /// What is known of it.
    pub evidence: EvidenceMark,
    /// Why, in a sentence.
    pub why: String,
}

impl SightStep {
    /// The glyph that stands on the line.
    #[must_use]
    pub fn glyph(&self) -> Glyph {
        Glyph(self.status.0)
    }

    /// A step of a line of sight; `part` is what the person is to it, on whose account the line passes here.
    ///
    /// # Errors
    /// If the trend cannot be evaluated.
    pub async fn read(
        viewer: &Viewer,
        sight: &ReadLineOfSight,
        step: &Step,
        part: Option<&Part>,
        evidence: Option<&MapEvidence>,
    ) -> Result<SightStep, AppError> {
        let read = sight.read_of(step.node);
        let model = &read.selected.model;
        // A link shows the figure from which it starts.
        let place = viewer.place.at_unit(read.selected.unit_key());
        let record = (step.node.kind(), step.node.uuid());
        let node = node_reading(read, step.node);
        let figure = sight.figure_of(step.node, part);
        let mut told = SightStep {
            level: format!("{}, {}", kind_word(step.node), read.selected.unit_name()),
            part: part.map_or_else(String::new, |part| {
                let is_own = viewer.ctx.actor().person == Some(sight.person.id());
                in_words(part.role, is_own).to_owned()
            }),
            name: names::name(model, record),
            href: links::record(&place, record.0, &names::key(model, record)),
            status: StatusMark(sight.status_of(step.node)),
            value: String::new(),
            measure: String::new(),
            measure_href: None,
            plan: String::new(),
            trend: String::new(),
            silence: silence(read, node, figure.map(|(reading, _)| reading)),
            next: step.next.as_ref().map(|next| Next {
                evidence: EvidenceMark::of(&next.tie, evidence),
                why: why(model, &next.tie, next.node),
            }),
            end: end_of(step, model),
            also: also(step, model, &place),
        };
        if let Some((reading, measure)) = figure {
            let trend = trends_so_far(&viewer.ctx, &read.selected, &[measure.id()]).await?;
            let trend = trend.first().and_then(Option::as_deref);
            let calendar = model.calendar();
            let [value, plan] = numbers::value_and_target(reading.value, reading.target, measure);
            told.value = reading.value.map_or_else(String::new, |_| value);
            told.measure = measure.name.clone();
            told.measure_href = links::measure(&place, measure.key.as_str());
            told.plan = plan;
            told.trend = trend
                .map(|trend| drawings::sparkline(trend, measure, calendar))
                .unwrap_or_default();
        }
        Ok(told)
    }
}

fn in_words(role: PartRole, is_own: bool) -> &'static str {
    match (role, is_own) {
        (PartRole::Does, true) => "You do this",
        (PartRole::Does, false) => "They do this",
        (PartRole::AnswersFor, true) => "You answer for this",
        (PartRole::AnswersFor, false) => "They answer for this",
        (PartRole::OwnsMeasure, true) => "Your measure",
        (PartRole::OwnsMeasure, false) => "Their measure",
        (PartRole::Collects, true) => "You collect its figures",
        (PartRole::Collects, false) => "They collect its figures",
        (PartRole::Checks, true) => "You check its figures",
        (PartRole::Checks, false) => "They check its figures",
    }
}

/// Why there is no figure, where there is none.
fn silence(
    read: &ReadScorecard,
    node: Option<&NodeReading>,
    reading: Option<&MeasureReading>,
) -> String {
    let calendar = read.selected.model.calendar();
    let period = words::period(&read.selected.period, calendar);
    match (node, reading) {
        (Some(node), _) if node.children.is_empty() => "Nothing measures it yet.".to_owned(),
        (_, None) => format!("It is not read at {}.", read.selected.unit_name()),
        (_, Some(reading)) if reading.value.is_none() => {
            format!("Nothing was observed in {period}.")
        }
        (_, Some(_)) => String::new(),
    }
}

/// What is said at the end of a line: what the objective means; of anything else, that the plan leaves it there.
fn end_of(step: &Step, model: &Model) -> String {
    match (&step.next, step.node) {
        (Some(_), _) => String::new(),
        (None, NodeId::Objective(id)) => model
            .objectives()
            .get(id)
            .and_then(|objective| objective.about.as_ref())
            .map_or_else(String::new, markdown::line),
        (None, _) => "The plan does not say where this leads.".to_owned(),
    }
}

/// How a step leads to the next, in a sentence.
fn why(model: &Model, tie: &Tie, to: NodeId) -> String {
    let name = names::name(model, (to.kind(), to.uuid()));
    match tie {
        Tie::Belief(link) => match &link.why {
            Some(why) => markdown::line(why),
            None => {
                let acts = told::acts_on(link.effect, &format!("“{name}”"));
                format!("We believe that it {acts}.")
            }
        },
        Tie::Cascade { critical: true, .. } => {
            format!("A critical part of “{name}”: where this is off track, so is that.")
        }
        Tie::Cascade { .. } => format!("A part of “{name}”."),
    }
}

fn also(step: &Step, model: &Model, place: &crate::place::Place) -> Vec<(String, Option<String>)> {
    let others = step.also.iter().take(ALSO_MAX);
    others
        .map(|tied| {
            let record = (tied.node.kind(), tied.node.uuid());
            let key = names::key(model, record);
            (
                names::name(model, record),
                links::record(place, record.0, &key),
            )
        })
        .collect()
}

/// Where all lines lead.
#[derive(Debug, Clone)]
pub struct Vision {
    /// `Vision for 2017`
    pub level: String,
    /// What will be true.
    pub text: String,
}

impl Vision {
    /// The vision of a strategy, or its name where it has none.
    #[must_use]
    pub fn of(model: &Model) -> Option<Vision> {
        let strategy = model.strategy()?;
        Some(match &strategy.vision {
            Some(vision) => Vision {
                level: format!("Vision for {}", strategy.to.0),
                text: markdown::line(vision),
            },
            None => Vision {
                level: format!("Strategy, {} to {}", strategy.from.0, strategy.to.0),
                text: strategy.name.clone(),
            },
        })
    }
}
