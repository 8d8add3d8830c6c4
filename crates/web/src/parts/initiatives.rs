//! Initiatives on a day: how each stands by its milestones, what comes next, and all of them on one line of time.

use askama::Template;
use jiff::civil::Date;
use throughline_app::evidence::{Grade, MapEvidence, words as told};
use throughline_app::words::{self, names};
use throughline_app::{
    InitiativeState, ReadScorecard, done_by, done_count, is_late, links_tested_by, next_milestone,
    node_reading,
};
use throughline_charts::{Chart, Day, Milestone, Timeline, TimelineRow};
use throughline_engine::Status;
use throughline_model::records::{Initiative, Link, NodeId};
use throughline_model::{Entry, Kind, Model};

use super::person_mark::PersonMark;
use super::status::{Glyph, StatusMark};
use super::ties::{self, EvidenceMark};
use crate::pages::links;
use crate::place::Place;

/// How many objectives are named beside an initiative, and how many links.
const SERVED_MAX: usize = 12;
const TESTED_MAX: usize = 12;

/// How an initiative stands: glyph and word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "parts/initiative_state.html")]
pub struct StateMark(pub InitiativeState);

impl StateMark {
    fn word(&self) -> String {
        words::sentence(self.0.word())
    }

    fn glyph(&self) -> Glyph {
        Glyph(match self.0 {
            InitiativeState::Late => Status::AtRisk,
            InitiativeState::UnderWay | InitiativeState::Done => Status::OnTrack,
            InitiativeState::ToCome | InitiativeState::NoMilestones => Status::NoData,
        })
    }

    fn class(&self) -> &'static str {
        super::status::class(self.glyph().0)
    }
}

/// An initiative in a list.
#[derive(Debug, Clone)]
pub struct InitiativeRow {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// How it stands.
    pub state: StateMark,
    /// What is late, or what comes next.
    pub next: String,
    /// From when to when.
    pub runs: String,
    /// How many milestones are done: `3 of 4`.
    pub done: String,
    /// Who answers for it.
    pub owner: Option<PersonMark>,
    /// The objectives that it serves.
    pub serves: Vec<Served>,
}

/// A link that an initiative tests.
#[derive(Debug, Clone)]
pub struct Tests {
    /// What it says: `Open the day on time drives Flights leave on time`.
    pub words: String,
    /// Its page.
    pub href: Option<String>,
    /// What is known of it.
    pub evidence: EvidenceMark,
}

impl Tests {
    /// The links that an initiative tests, with what is known of each; without evidence that is being worked out.
    #[must_use]
    pub fn of(
        model: &Model,
        place: &Place,
        initiative: &Initiative,
        evidence: Option<&MapEvidence>,
    ) -> Vec<Tests> {
        let links = links_tested_by(model, initiative);
        let links = links.iter().take(TESTED_MAX);
        links
            .map(|link| Tests {
                words: link_in_words(model, link),
                href: links::link(place, model, link.id()),
                evidence: evidence.map_or(EvidenceMark::Awaited, |evidence| {
                    let grade = evidence.grade(link.id());
                    EvidenceMark::Graded(ties::drawn(grade.unwrap_or(Grade::Untested)))
                }),
            })
            .collect()
    }
}

/// What a link says: `Open the day on time drives Flights leave on time`.
pub(crate) fn link_in_words(model: &Model, link: &Link) -> String {
    let name = |node| told::node_name(model, node);
    let acts = told::acts_on(link.effect, &name(link.to));
    format!("{} {acts}", name(link.from))
}

/// An objective that an initiative serves.
#[derive(Debug, Clone)]
pub struct Served {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// Its status.
    pub status: StatusMark,
}

impl Served {
    /// The glyph of its status.
    #[must_use]
    pub fn glyph(&self) -> Glyph {
        Glyph(self.status.0)
    }

    /// The word of its status.
    #[must_use]
    pub fn word(&self) -> String {
        super::status::word(self.status.0)
    }
}

impl InitiativeRow {
    /// An initiative as it stands.
    #[must_use]
    pub fn of(read: &ReadScorecard, place: &Place, initiative: &Entry<Initiative>) -> Self {
        let model = &read.selected.model;
        let day = read.selected.day();
        let served = initiative.serves.iter().take(SERVED_MAX);
        InitiativeRow {
            name: initiative.name.clone(),
            href: links::record(place, Kind::Initiative, initiative.key.as_str()),
            state: StateMark(InitiativeState::of(initiative, day)),
            next: next_in_words(initiative, day),
            runs: runs_in_words(initiative),
            done: done_in_words(initiative, day),
            owner: PersonMark::of(model, place, initiative.owner),
            serves: served
                .map(|id| {
                    let node = NodeId::Objective(*id);
                    let record = (node.kind(), node.uuid());
                    let reading = node_reading(read, node);
                    Served {
                        name: names::name(model, record),
                        href: links::objective(place, &names::key(model, record)),
                        status: StatusMark(reading.map_or(Status::NoData, |node| node.status)),
                    }
                })
                .collect(),
        }
    }
}

/// `Late since 31 Jul 2013: the sixty-minute call`
fn next_in_words(initiative: &Initiative, day: Date) -> String {
    match next_milestone(initiative, day) {
        Some(step) if is_late(step, day) => {
            format!("Late since {}: {}", words::date(step.due), step.name)
        }
        Some(step) => format!("Next {}: {}", words::date(step.due), step.name),
        None => String::new(),
    }
}

/// `1 Mar 2013 to 20 Dec 2013`
#[must_use]
pub fn runs_in_words(initiative: &Initiative) -> String {
    match (initiative.from, initiative.to) {
        (Some(from), Some(to)) => format!("{} to {}", words::date(from), words::date(to)),
        (Some(from), None) => format!("from {}", words::date(from)),
        (None, Some(to)) => format!("until {}", words::date(to)),
        (None, None) => String::new(),
    }
}

/// `3 of 4`
#[must_use]
pub fn done_in_words(initiative: &Initiative, day: Date) -> String {
    if initiative.milestones.is_empty() {
        return String::new();
    }
    let done = done_count(initiative, day);
    format!("{done} of {}", initiative.milestones.len())
}

/// Initiatives on one line of time, with the way to each where they are shown at a place; nothing where none of them has a
/// day.
#[must_use]
pub fn timeline<'a>(
    read: &ReadScorecard,
    place: Option<&Place>,
    initiatives: impl Iterator<Item = &'a Entry<Initiative>>,
) -> String {
    let day = read.selected.day();
    let row = |initiative: &Entry<Initiative>| {
        let dues = || initiative.milestones.iter().map(|step| step.due);
        Some(TimelineRow {
            name: initiative.name.clone(),
            href: place
                .and_then(|place| links::record(place, Kind::Initiative, initiative.key.as_str())),
            from: chart_day(initiative.from.or_else(|| dues().min())?),
            to: chart_day(initiative.to.or_else(|| dues().max())?),
            milestones: initiative
                .milestones
                .iter()
                .map(|step| Milestone {
                    name: step.name.clone(),
                    due: chart_day(step.due),
                    done: done_by(step, day).map(chart_day),
                })
                .collect(),
        })
    };
    let rows: Vec<TimelineRow> = initiatives.filter_map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let timeline = Timeline {
        name: "Initiatives".to_owned(),
        today: chart_day(day),
        rows,
    };
    timeline.svg()
}

fn chart_day(day: Date) -> Day {
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    Day::of(i32::from(day.year()), part(day.month()), part(day.day()))
}
