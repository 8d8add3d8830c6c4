//! What needs a decision: up to three measures, chosen by a rule that the page says.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use throughline_app::insight::{Foresight, Verdict, likelihood, outlooks, signals_in_words};
use throughline_app::review::meeting_on;
use throughline_app::words::{self, numbers};
use throughline_app::{AppError, ReadScorecard, Trend, decisions_so_far, trends_so_far};
use throughline_core::MeasureId;
use throughline_engine::{MeasureReading, Status};
use throughline_insight::signals::State;
use throughline_model::Kind;
use throughline_model::records::{Measure, Objective};

use super::status::Glyph;
use crate::pages::links;
use crate::place::Place;
use crate::viewer::Viewer;

/// How many are shown: more than this nobody decides at once.
const SHOWN_MAX: usize = 3;

/// What needs a decision.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/decisions.html")]
pub struct Decisions {
    /// Each of them.
    pub shown: Vec<Decision>,
    /// What is asked of all of them alike, and of how many: `both`, `all three`.
    pub together: Option<(Ask, &'static str)>,
    /// How many more the rule finds.
    pub more: usize,
    /// Whether the period has begun: before that there is nothing to decide by.
    pub has_begun: bool,
    /// Whether it is not known yet which measures change for the worse.
    pub is_awaited: bool,
    /// Whether that could not be worked out.
    pub has_failed: bool,
}

/// One thing that needs a decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its status.
    pub status: Status,
    /// What is the case: `On-time arrivals are 74.2% against ≥ 80.0%`.
    pub title: String,
    /// Where to look closer.
    pub href: Option<String>,
    /// Why it is here.
    pub why: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What is asked of whom and by when, unless it is asked of all alike.
    pub ask: Option<Ask>,
}

/// What is asked: of a body, in its review of the period or at its next meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What to do: `Decide in the review`
    pub act: &'static str,
    /// Where.
    pub href: String,
    /// The body: `Monthly operations review`
    pub body: String,
    /// `Tobias Fennimore-Kite decides`
    pub who: String,
    /// `11 Feb 2014`; empty where the day is past.
    pub by: String,
}

impl Ask {
    /// What is asked about a measure at the unit that is looked at; nothing where no body looks at it, or the past is looked at.
    fn of(
        viewer: &Viewer,
        read: &ReadScorecard,
        decision: &throughline_app::Decision,
    ) -> Option<Ask> {
        let measure = decision.measure;
        let (selected, model) = (&read.selected, &read.selected.model);
        // What is decided now is not decided about what was known then.
        if selected.is_known_at_given || selected.plan_at.is_some() {
            return None;
        }
        let may_read = |unit| selected.may_read(unit);
        let (period, today) = (&selected.period, viewer.today());
        let (body, meeting) = meeting_on(model, measure, selected.unit, period, today, may_read)?;
        let decider = body.decider().and_then(|id| model.people().get(id));
        let decides = decider.map_or_else(
            || "Its members decide".to_owned(),
            |one| format!("{} decides", one.name),
        );
        let prepared = meeting
            .review
            .as_ref()
            .and_then(|review| links::record(&viewer.place, Kind::Review, review.key.as_str()));
        let (act, href) = match prepared {
            // An agenda takes up by itself what changed, and only notes what is as it was.
            Some(href) if decision.verdict == Some(Verdict::Of(State::Worsening)) => {
                ("Decide in the review", href)
            }
            Some(href) => ("Bring it up in the review", href),
            None => {
                let page = links::page(&viewer.place, "reviews")?;
                let may_hold = viewer.ctx.may_hold(body.id());
                let act = match may_hold {
                    true => "Prepare the review",
                    false => "See when it meets",
                };
                (act, format!("{page}#body-{}", body.key))
            }
        };
        Some(Ask {
            act,
            href,
            body: body.name.clone(),
            who: decides,
            by: match meeting.on >= today {
                true => words::date(meeting.on),
                false => String::new(),
            },
        })
    }
}

impl Decision {
    fn glyph(&self) -> Glyph {
        Glyph(self.status)
    }
}

impl Decisions {
    /// What needs a decision at a unit in a period, the most urgent of it.
    ///
    /// # Errors
    /// If the trends cannot be evaluated.
    pub async fn read(viewer: &Viewer, read: &ReadScorecard) -> Result<Decisions, AppError> {
        let (found, is_whole) = decisions_so_far(&viewer.ctx, read).await?;
        let shown = &found[..found.len().min(SHOWN_MAX)];
        let measures: Vec<MeasureId> = shown.iter().map(|one| one.measure).collect();
        let trends = trends_so_far(&viewer.ctx, &read.selected, &measures).await?;
        let known = measures.into_iter().zip(trends);
        let with_trends: Vec<(MeasureId, Arc<Trend>)> = known
            .filter_map(|(measure, trend)| Some((measure, trend?)))
            .collect();
        let outlooks = outlooks(&viewer.ctx, &read.selected, &with_trends).await?;
        let known = with_trends.into_iter().zip(outlooks);
        let known: HashMap<MeasureId, Said> = known
            .map(|((measure, trend), foresight)| (measure, Said { trend, foresight }))
            .collect();
        let mut shown: Vec<Decision> = shown
            .iter()
            .filter_map(|decision| {
                let said = known.get(&decision.measure);
                let candidate = Candidate::of(read, decision, said)?;
                let ask = Ask::of(viewer, read, decision);
                Some(Decision {
                    ask,
                    ..candidate.decision(read, &viewer.place)
                })
            })
            .collect();
        let together = take_together(&mut shown);
        Ok(Decisions {
            shown,
            together,
            more: found.len().saturating_sub(SHOWN_MAX),
            has_begun: read.selected.has_begun(),
            is_awaited: !is_whole && !viewer.ctx.waiting().has_failed(),
            has_failed: !is_whole && viewer.ctx.waiting().has_failed(),
        })
    }
}

/// Takes what is asked of several decisions alike from each of them, to be said once.
fn take_together(shown: &mut [Decision]) -> Option<(Ask, &'static str)> {
    let [first, others @ ..] = &*shown else {
        return None;
    };
    if others.is_empty() || others.iter().any(|one| one.ask != first.ask) {
        return None;
    }
    let on = match others.len() {
        1 => "both",
        2 => "all three",
        _ => "all of them",
    };
    let mut asks = shown.iter_mut().map(|one| one.ask.take());
    let ask = asks.next()?;
    asks.for_each(drop);
    Some((ask?, on))
}

/// A measure that needs a decision, with what is said of it.
struct Candidate<'a> {
    reading: &'a MeasureReading,
    measure: &'a Measure,
    objective: &'a Objective,
    is_critical: bool,
    /// Nothing while it is being evaluated.
    said: Option<&'a Said>,
}

/// What points say of a measure.
struct Said {
    trend: Arc<Trend>,
    foresight: Option<Arc<Foresight>>,
}

impl<'a> Candidate<'a> {
    fn of(
        read: &'a ReadScorecard,
        decision: &throughline_app::Decision,
        said: Option<&'a Said>,
    ) -> Option<Candidate<'a>> {
        let model = &read.selected.model;
        Some(Candidate {
            reading: read.scorecard.measure(decision.measure)?,
            measure: model.measures().get(decision.measure)?,
            objective: model.objectives().get(decision.objective)?,
            is_critical: decision.is_critical,
            said,
        })
    }
}

impl Candidate<'_> {
    fn decision(&self, read: &ReadScorecard, place: &Place) -> Decision {
        let model = &read.selected.model;
        let (value, target) = (self.reading.value, self.reading.target);
        let [said, against] = numbers::value_and_target(value, target, self.measure);
        let name = &self.measure.name;
        let title = match (value, target) {
            (None, _) => format!("{name}: nothing was observed"),
            (_, None) => format!("{name}: {said}"),
            (_, Some(_)) => format!("{name}: {said} against {against}"),
        };
        let owner = self.objective.owner.or(self.measure.owner);
        Decision {
            status: self.reading.status,
            title,
            href: links::measure(place, self.measure.key.as_str()),
            why: self.why(read),
            owner: owner.and_then(|owner| Some(model.people().get(owner)?.name.clone())),
            ask: None,
        }
    }

    /// Why it is here: the gap, whether it is a change or routine, how likely the target is, and for what it is critical.
    fn why(&self, read: &ReadScorecard) -> String {
        let gap = self.reading.gap.map(|gap| {
            let gap = numbers::short_against_plan(Some(gap), self.measure);
            format!("{}.", words::sentence(&gap))
        });
        let part = format!("Critical for “{}”.", self.objective.name);
        let part = self.is_critical.then_some(part);
        let said = [gap, self.signal(read), self.chance(read), part];
        let said: Vec<String> = said.into_iter().flatten().collect();
        said.join(" ")
    }

    /// Whether it changed, or varies as it always does.
    fn signal(&self, read: &ReadScorecard) -> Option<String> {
        let trend = &self.said?.trend;
        if trend.verdict(&read.selected.period)? == Verdict::TooFew {
            return None;
        }
        let calendar = read.selected.model.calendar();
        let mut said = signals_in_words(trend, self.measure, calendar).into_iter();
        said.next()
    }

    /// `30% likely to reach ≥ 82.0% by Dec 2014.`
    fn chance(&self, read: &ReadScorecard) -> Option<String> {
        let foresight = self.said?.foresight.as_ref()?;
        let outlook = foresight.as_ref().as_ref().ok()?;
        let (period, aimed) = outlook.goal()?;
        let likely = words::sentence(&likelihood(&aimed.chance));
        let target = numbers::short_target(aimed.target, self.measure);
        let by = words::period(&period, read.selected.model.calendar());
        Some(format!("{likely} to reach {target} by {by}."))
    }
}
