//! A link of the map: what is believed, how far it holds by the data of all units, and what that rests on.

use askama::Template;
use throughline_app::AppError;
use throughline_app::evidence::{
    Following, LinkEvidence, MapEvidence, PastGrade, Tested, grade_history, which_way,
    words::{self as told, Checked},
};
use throughline_app::{InitiativeState, Selected, initiatives_testing, words};
use throughline_charts::{Effect, EffectChart};
use throughline_insight::links::LinkEstimate;
use throughline_insight::sentences::LinkParts;
use throughline_model::records::{Grade, Link, NodeId};
use throughline_model::{Entry, Kind, Model};

use super::links;
use super::strategy::said_of;
use crate::address::Path;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::markdown;
use crate::parts::chart_figure::ChartFigure;
use crate::parts::initiatives::StateMark;
use crate::parts::ties::{EvidenceMark, drawn};
use crate::viewer::Viewer;

/// How many initiatives are named.
const INITIATIVES_MAX: usize = 20;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "link.html")]
pub struct LinkPage {
    /// What is around it.
    pub frame: Frame,
    /// Which figures these are.
    pub said: String,
    /// Its ends: what each is in the link, its name and its page.
    pub ends: Vec<End>,
    /// Its grade.
    pub evidence: Option<EvidenceMark>,
    /// What the data say in a plain sentence, or why there is nothing to say.
    pub seen: String,
    /// What that means, what speaks against it, what would tell more: name and sentences.
    pub parts: Vec<(&'static str, String)>,
    /// What the data say with its numbers, for analysts; empty where the plain sentence says all.
    pub sentence: String,
    /// The effect and its checks.
    pub chart: Option<ChartFigure>,
    /// Which way its numbers go.
    pub which_way: String,
    /// How soon it shows, in a sentence.
    pub bites: String,
    /// What follows a change of the cause.
    pub following: Option<ChartFigure>,
    /// The initiatives that test it: name, page and state.
    pub initiatives: Vec<(String, Option<String>, StateMark)>,
    /// What was looked at: name and value.
    pub facts: Vec<(&'static str, String)>,
    /// The checks that hold or fail.
    pub checks: Vec<Checked>,
    /// What else was looked at, for analysts.
    pub more_checks: Vec<Checked>,
    /// Why it is believed.
    pub why: String,
    /// The grades that were kept, the latest first.
    pub history: Vec<Kept>,
    /// The stretches of data whose evidence was multiplied, the oldest first.
    pub blocks: Vec<Stretch>,
}

/// A grade that was kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The last period of its data.
    pub until: String,
    /// The grade.
    pub grade: String,
    /// The effect, in standard deviations.
    pub effect: String,
    /// The evidence.
    pub evidence: String,
    /// When it was kept.
    pub on: String,
}

/// A stretch of data.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// Its periods.
    pub periods: String,
    /// How many pairs of values it has.
    pub pairs: String,
    /// The effect in it, in standard deviations.
    pub effect: String,
    /// Its evidence.
    pub evidence: String,
}

/// An end of a link.
#[derive(Debug, Clone)]
pub struct End {
    /// `Cause` or `Effect`.
    pub role: &'static str,
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// The measure that stands for it, where the link was tested, and its page.
    pub measure: Option<(String, Option<String>)>,
}

/// Shows a link, named `cause>effect`.
///
/// # Errors
/// If there is no such link, or as of the use case.
pub async fn get(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    let meant = viewer.selected().await?;
    let model = &meant.model;
    let link = model.links().by_key(&key).ok_or(WebError::NotThere)?;
    let evidence = viewer.evidence(&meant).await?;
    let name = format!(
        "{} → {}",
        told::node_name(model, link.from),
        told::node_name(model, link.to)
    );
    let frame = Frame::at(&viewer, Section::Map, name.clone(), &meant)
        .below("Performance map", Some(viewer.place.href("/map")))
        .below(name, None)
        .of_record(&viewer, Kind::Link, &key);
    let said = said_of(&meant);
    let history = grade_history(&viewer.ctx, link.id(), &meant).await?;
    page(&LinkPage {
        frame,
        said,
        history: history.iter().rev().map(|past| kept(model, past)).collect(),
        initiatives: initiatives(&viewer, &meant, link),
        ..LinkPage::of(&viewer, model, link, evidence.as_deref())?
    })
}

impl LinkPage {
    fn of(
        viewer: &Viewer,
        model: &Model,
        link: &Entry<Link>,
        evidence: Option<&MapEvidence>,
    ) -> Result<LinkPage, AppError> {
        let place = &viewer.place;
        let awaited = match viewer.ctx.waiting().has_failed() {
            true => "The evidence could not be worked out.",
            false => "The evidence is being worked out; it comes by itself.",
        };
        let found = evidence.and_then(|evidence| evidence.of_link(link.id()));
        let tested = found.and_then(|found| found.tested.as_ref().ok());
        let end = |role, node: NodeId, measure: Option<_>| End {
            role,
            name: told::node_name(model, node),
            href: model
                .key_of(node.kind(), node.uuid())
                .and_then(|key| links::record(place, node.kind(), &key)),
            measure: measure
                .and_then(|id| model.measures().get(id))
                .map(|measure| {
                    let href = links::measure(place, measure.key.as_str());
                    (measure.name.clone(), href)
                }),
        };
        let said = found.and_then(|found| told::parts(model, found));
        let chart = tested.map(|tested| chart(model, tested));
        let following = tested
            .filter(|tested| !tested.follows.is_empty())
            .map(|tested| following(model, tested));
        let checks = tested.map(told::checks).unwrap_or_default();
        let (checks, more_checks) = checks.into_iter().partition(|check| check.holds.is_some());
        Ok(LinkPage {
            ends: vec![
                end("Cause", link.from, tested.map(|tested| tested.pair.driver)),
                end("Effect", link.to, tested.map(|tested| tested.pair.outcome)),
            ],
            evidence: Some(found.map_or(EvidenceMark::Awaited, |found| {
                EvidenceMark::Graded(drawn(found.grade))
            })),
            seen: match (&said, found) {
                (Some(said), _) => said.seen.clone(),
                (None, Some(found)) => told::sentence(model, link, found),
                (None, None) => awaited.to_owned(),
            },
            sentence: match (&said, found) {
                (Some(_), Some(found)) => told::sentence(model, link, found),
                _ => String::new(),
            },
            parts: parts(
                tested.and_then(|tested| told::in_plain_units(model, tested)),
                said,
            ),
            chart: chart.as_ref().map(ChartFigure::of),
            which_way: tested.map_or_else(String::new, |tested| which_way(model, tested)),
            bites: tested.and_then(told::bites).unwrap_or_default(),
            following: following.as_ref().map(ChartFigure::of),
            facts: found
                .zip(tested)
                .map(|(found, tested)| facts(model, link, found, tested))
                .unwrap_or_default(),
            blocks: found
                .and_then(|found| found.kept.as_ref())
                .map(|kept| stretches(model, kept))
                .unwrap_or_default(),
            checks,
            more_checks,
            why: link.why.as_ref().map_or_else(String::new, markdown::line),
            ..LinkPage::default()
        })
    }
}

/// What there is to say beside what was seen, by name.
fn parts(plain: Option<String>, said: Option<LinkParts>) -> Vec<(&'static str, String)> {
    let (against, next) = said.map(|said| (said.against, said.next)).unzip();
    let parts = [
        ("In its own units", plain),
        ("What speaks against it", against),
        ("What would tell more", next),
    ];
    let parts = parts.into_iter();
    let said = parts.filter_map(|(name, said)| Some((name, said?)));
    said.filter(|(_, said)| !said.is_empty()).collect()
}

/// The initiatives that test a link, each with how it stands.
fn initiatives(
    viewer: &Viewer,
    meant: &Selected,
    link: &Link,
) -> Vec<(String, Option<String>, StateMark)> {
    let testing = initiatives_testing(&meant.model, link);
    let testing = testing.iter().take(INITIATIVES_MAX).map(|one| {
        let href = links::record(&viewer.place, Kind::Initiative, one.key.as_str());
        let state = InitiativeState::of(one, meant.day());
        (one.name.clone(), href, StateMark(state))
    });
    testing.collect()
}

/// The effect as it was claimed, at the lags beside it, and without what is held fixed.
fn chart(model: &Model, tested: &Tested) -> EffectChart {
    let estimate = &tested.estimate;
    let at_lag = |lag: usize| words::sentence(&told::later(lag, tested.pair.frequency));
    let of = |name: String, estimate: &LinkEstimate, is_main| Effect {
        name,
        size: estimate.effect,
        interval: estimate.interval(),
        is_main,
    };
    let claimed = format!("{}, as claimed", at_lag(estimate.claim.lag));
    let mut effects = vec![of(claimed, estimate, true)];
    // The interval of other lags is widened for few units as much as that of the claimed one.
    let wide = estimate.widened_error / estimate.standard_error * 1.96;
    let lags = tested.checks.iter().flat_map(|checks| &checks.lags);
    effects.extend(
        lags.filter(|lag| lag.lag != estimate.claim.lag)
            .map(|lag| Effect {
                name: at_lag(lag.lag),
                size: lag.effect,
                interval: (
                    lag.effect - wide * lag.standard_error,
                    lag.effect + wide * lag.standard_error,
                ),
                is_main: false,
            }),
    );
    if let Some(alone) = &tested.alone {
        effects.push(of("Without adjustment".to_owned(), alone, false));
    }
    EffectChart {
        name: ends_in_words(model, tested),
        useful: estimate.claim.useful,
        effects,
    }
}

/// What follows a change of the cause, period for period.
fn following(model: &Model, tested: &Tested) -> EffectChart {
    let effect = |one: &Following| Effect {
        name: words::sentence(&told::later(one.lag, tested.pair.frequency)),
        size: one.effect,
        interval: one.interval,
        is_main: one.lag == tested.pair.claim.lag,
    };
    EffectChart {
        name: format!("What follows: {}", ends_in_words(model, tested)),
        useful: tested.estimate.claim.useful,
        effects: tested.follows.iter().map(effect).collect(),
    }
}

/// `Coaching on skill`
fn ends_in_words(model: &Model, tested: &Tested) -> String {
    let name = |id| {
        let measure = model.measures().get(id);
        measure.map_or_else(String::new, |one| one.name.clone())
    };
    format!(
        "{} on {}",
        name(tested.pair.driver),
        words::within(&name(tested.pair.outcome))
    )
}

fn kept(model: &Model, past: &PastGrade) -> Kept {
    let (grade, calendar) = (&past.grade, model.calendar());
    let none = || "–".to_owned();
    let effect = grade.effect.zip(grade.error);
    Kept {
        until: words::period(&grade.until, calendar),
        grade: words::sentence(grade.grade.word()),
        effect: effect.map_or_else(none, |(effect, error)| told::effect(effect, error)),
        evidence: grade.e.map_or_else(none, told::evidence),
        on: words::instant(past.known_at, calendar),
    }
}

fn stretches(model: &Model, kept: &Grade) -> Vec<Stretch> {
    let calendar = model.calendar();
    let blocks = kept.blocks.iter().map(|block| Stretch {
        periods: format!(
            "{} to {}",
            words::period(&block.from, calendar),
            words::period(&block.until, calendar)
        ),
        pairs: words::grouped(block.n as u64),
        effect: told::effect(block.effect, block.error),
        evidence: told::evidence(block.e),
    });
    blocks.collect()
}

fn facts(
    model: &Model,
    link: &Link,
    found: &LinkEvidence,
    tested: &Tested,
) -> Vec<(&'static str, String)> {
    let estimate = &tested.estimate;
    let calendar = model.calendar();
    let mut facts = vec![
        ("Claimed", told::claimed(link, tested)),
        (
            "Effect",
            format!(
                "{} SD ({})",
                told::standard(estimate.effect),
                told::interval(estimate)
            ),
        ),
        (
            "Data",
            format!(
                "{} of values in {}, {} to {}",
                words::count(estimate.rows as u64, "pair"),
                words::count(estimate.units as u64, "unit"),
                words::period(&tested.periods.0, calendar),
                words::period(&tested.periods.1, calendar)
            ),
        ),
        ("Design", told::design(tested.design).to_owned()),
        ("Grade", words::sentence(&told::kept(model, found))),
    ];
    facts.extend(
        link.review_by
            .map(|day| ("Look again by", words::date(day))),
    );
    facts
}
