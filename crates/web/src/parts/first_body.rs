//! The form of the first body: who meets, who leads and when, with most of it filled in.

use askama::Template;
use jiff::civil::{Date, Weekday};
use throughline_app::access::access_of;
use throughline_app::review::{Every, NewBody};
use throughline_core::PersonId;
use throughline_model::Model;

use super::problems::Problems;
use crate::viewer::Viewer;

/// How many people are offered.
const PEOPLE_MAX: usize = 60;
/// What the body is called until somebody says otherwise.
const NAME: &str = "Monthly review";
/// When it begins until somebody says otherwise.
const AT: &str = "09:00";
/// The same as an hour.
const AT_HOUR: i8 = 9;

/// The form.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/first_body.html")]
pub struct FirstBody {
    /// The name.
    pub name: String,
    /// The key of who leads it.
    pub chair: String,
    /// Who can belong to it: key, name, whether they are chosen.
    pub people: Vec<(String, String, bool)>,
    /// How many others are not offered.
    pub more: usize,
    /// How often it meets: word of the form, words, whether it is chosen.
    pub every: Vec<(&'static str, &'static str, bool)>,
    /// The day on which it meets first.
    pub first: String,
    /// The time of day.
    pub at: String,
    /// What is wrong.
    pub problems: Problems,
}

impl FirstBody {
    /// The form as it stands before anybody wrote into it: whoever answers for something or may sign in is a member.
    #[must_use]
    pub fn of(viewer: &Viewer, model: &Model, today: Date) -> FirstBody {
        let own = viewer.ctx.actor().person;
        let owns = |id: PersonId| {
            model
                .measures()
                .iter()
                .any(|measure| measure.owner == Some(id))
        };
        let people = model.people().iter().take(PEOPLE_MAX).map(|person| {
            let is_chosen = owns(person.id()) || access_of(person).is_some();
            (person.key.to_string(), person.name.clone(), is_chosen)
        });
        let own = own.and_then(|own| model.people().get(own));
        FirstBody {
            name: NAME.to_owned(),
            chair: own.map(|own| own.key.to_string()).unwrap_or_default(),
            people: people.collect(),
            more: model.people().iter().count().saturating_sub(PEOPLE_MAX),
            every: every(Every::default()),
            first: next_morning(viewer, model, today).to_string(),
            at: AT.to_owned(),
            problems: Problems::default(),
        }
    }

    /// Fills in what was written, where it was not accepted.
    pub fn fill(&mut self, new: &NewBody, at: String) {
        self.name.clone_from(&new.name);
        self.chair.clone_from(&new.chair);
        for (key, _, is_chosen) in &mut self.people {
            *is_chosen = new.members.contains(key);
        }
        self.every = every(new.every);
        if new.first != Date::MIN {
            self.first = new.first.to_string();
        }
        self.at = at;
    }
}

/// How often a body can meet, with one chosen.
fn every(chosen: Every) -> Vec<(&'static str, &'static str, bool)> {
    let words = |every| match every {
        Every::Month => "Every month",
        Every::Quarter => "Every quarter",
        Every::Year => "Every year",
    };
    let all = Every::ALL.into_iter();
    all.map(|one| (one.word(), words(one), one == chosen))
        .collect()
}

/// The next working day on which the proposed time has not passed: today early in the morning, else one after it.
fn next_morning(viewer: &Viewer, model: &Model, today: Date) -> Date {
    let now = model.calendar().time_zone().to_datetime(viewer.ctx.now());
    let is_weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let is_early = now.hour() < AT_HOUR;
    let mut days = std::iter::successors(Some(today), |day| day.tomorrow().ok());
    let next = days.find(|day| !is_weekend(*day) && (*day > today || is_early));
    next.unwrap_or(today)
}
