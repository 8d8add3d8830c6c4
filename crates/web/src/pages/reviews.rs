//! Reviews: the bodies, when they meet next, what they held, and a new one.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use jiff::civil::{Date, Time};
use serde::Deserialize;
use throughline_app::review::{
    BodyReviews, Every, MeetingAhead, NewBody, NewReview, ReadReviews, first_meeting, found_body,
    reviews, schedule,
};
use throughline_app::{AppError, words};
use throughline_core::{Frequency, Period};
use throughline_model::fields::Key;
use throughline_model::records::{Review, ReviewState};
use throughline_model::{Entry, Kind};

use super::links;
use super::review::address;
use super::sign_in::refuse_demo;
use crate::address::Form;
use crate::error::{PageResult, form_page};
use crate::frame::{Frame, Section};
use crate::parts::first_body::FirstBody;
use crate::parts::meeting::off_in_words;
use crate::parts::period_choice::{PeriodGroup, periods_until};
use crate::parts::problems::Problems;
use crate::viewer::Viewer;

/// How many reviews of a body are shown.
const HELD_MAX: usize = 24;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "reviews.html")]
pub struct ReviewsPage {
    /// What is around it.
    pub frame: Frame,
    /// Each body.
    pub bodies: Vec<BodyRow>,
    /// The address of the calendar.
    pub calendar: &'static str,
    /// What is wrong with a form.
    pub problems: Problems,
    /// The form of the first body, where there is none and one may be founded.
    pub first: Option<FirstBody>,
}

/// A body.
#[derive(Debug, Clone)]
pub struct BodyRow {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is there for.
    pub about: String,
    /// Who belongs to it.
    pub members: String,
    /// When it meets next.
    pub next: String,
    /// The form that prepares a review, where that may be done.
    pub prepare: Option<Prepare>,
    /// Its reviews.
    pub reviews: Vec<ReviewRow>,
}

/// The form that prepares a review of a body, filled with what its cadence says.
#[derive(Debug, Clone, Default)]
pub struct Prepare {
    /// What stands in it.
    pub filled: ScheduleForm,
    /// The periods that can be looked at.
    pub periods: Vec<PeriodGroup>,
    /// The latest period with figures, where the one that is proposed comes after it.
    pub latest: Option<String>,
}

/// A review.
#[derive(Debug, Clone)]
pub struct ReviewRow {
    /// Its day.
    pub on: String,
    /// Its page.
    pub href: Option<String>,
    /// The period that it looks at.
    pub period: String,
    /// How far it is.
    pub state: String,
    /// By whom, when and why it was called off; empty where it was not.
    pub off: String,
    /// How much was recorded in it.
    pub recorded: String,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ScheduleForm {
    /// The key of the body.
    pub body: String,
    /// The period that is looked at.
    pub period: String,
    /// The day.
    pub on: String,
    /// The time of day.
    pub at: String,
    /// The commit that the page was made after: the same page sent twice schedules once.
    pub position: String,
}

/// Shows the bodies with their reviews.
///
/// # Errors
/// As of the use case.
pub async fn all(viewer: Viewer) -> PageResult {
    shown(&viewer, None, Problems::default(), None).await
}

/// Founds the first body, and goes back to where its first review is prepared.
///
/// # Errors
/// As of the use case, where it is not about what was written.
pub async fn found(viewer: Viewer, Form(sent): Form<Vec<(String, String)>>) -> PageResult {
    let text = |name: &str| {
        let mut found = sent.iter().filter(|(field, _)| field == name);
        found
            .next()
            .map(|(_, text)| text.clone())
            .unwrap_or_default()
    };
    let members = sent.iter().filter(|(field, _)| field == "member");
    let members: Vec<String> = members.map(|(_, key)| key.clone()).collect();
    let mut problems = Problems::default();
    let first = day(&text("first")).unwrap_or_else(|error| {
        problems.add("first", &error);
        Date::MIN
    });
    let today = viewer.today();
    if first != Date::MIN
        && let Err(error) = first_meeting(first, today)
    {
        problems.add("first", &error);
    }
    let at = time(&text("at")).unwrap_or_else(|error| {
        problems.add("at", &error);
        None
    });
    let new = NewBody {
        name: text("name"),
        chair: text("chair"),
        members,
        every: Every::of_word(&text("every")),
        first,
        at: at.unwrap_or_default(),
    };
    if problems.is_empty() {
        match found_body(&viewer.ctx, &new).await {
            Ok(commit) => {
                if let Some(commit) = commit {
                    let _ = viewer.server.live().reached(commit.number).await;
                }
                let key = Key::of_name(new.name.trim()).map(|key| key.to_string());
                let href = viewer.place.href("/reviews");
                let href = format!("{href}#prepare-{}", key.unwrap_or_default());
                return Ok(Redirect::to(&href).into_response());
            }
            Err(error @ AppError::BadRequest { .. }) => problems.add("name", &error),
            Err(error @ AppError::NotFound { .. }) => problems.add("chair", &error),
            Err(error) => return Err(error.into()),
        }
    }
    shown(&viewer, None, problems, Some((new, text("at")))).await
}

/// Schedules a review, and goes to it.
///
/// # Errors
/// As of the use case, where it is not about what was written.
pub async fn schedule_one(viewer: Viewer, Form(form): Form<ScheduleForm>) -> PageResult {
    let mut problems = Problems::default();
    let field = |name: &str| format!("{name}-{}", form.body);
    let on = day(&form.on).unwrap_or_else(|error| {
        problems.add(field("on"), &error);
        Date::MIN
    });
    let at = time(&form.at).unwrap_or_else(|error| {
        problems.add(field("at"), &error);
        None
    });
    if !problems.is_empty() {
        return shown(&viewer, Some(form), problems, None).await;
    }
    let new = NewReview {
        body: form.body.clone(),
        period: form.period.trim().to_owned(),
        on,
        at,
    };
    let viewer = viewer.once(&form);
    match schedule(&viewer.ctx, &new).await {
        Ok(written) => {
            let _ = viewer.server.live().reached(written.commit).await;
            let done = written.commit.0.to_string();
            let href = address(&viewer.place, &written.key, &[("done", done.as_str())]);
            Ok(Redirect::to(&href).into_response())
        }
        Err(error @ AppError::BadRequest { .. }) => {
            let is_of_day = error.to_string().contains("already");
            problems.add(field(if is_of_day { "on" } else { "period" }), &error);
            shown(&viewer, Some(form), problems, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the calendar is: the page of one's own address, for whoever can have one; else the calendar itself.
pub(super) fn calendar_address(viewer: &Viewer) -> &'static str {
    let is_somebody = viewer.ctx.actor().person.is_some();
    match is_somebody && refuse_demo(&viewer.server).is_ok() {
        true => "/calendar",
        false => "/reviews/calendar.ics",
    }
}

/// A day as a form sends it.
pub(crate) fn day(text: &str) -> Result<Date, AppError> {
    let day = text.trim().parse::<Date>().ok();
    let day = day.filter(|day| (1900..=2200).contains(&day.year()));
    day.ok_or_else(|| {
        AppError::bad_request("this is not a day").with_help("write it like 2026-11-23")
    })
}

fn time(text: &str) -> Result<Option<Time>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => Time::strptime("%H:%M", text).map(Some).map_err(|_| {
            AppError::bad_request("this is not a time of day").with_help("write it like 09:30")
        }),
    }
}

/// The page; with the form of a body that was not accepted, where there is one.
async fn shown(
    viewer: &Viewer,
    refused: Option<ScheduleForm>,
    problems: Problems,
    refused_body: Option<(NewBody, String)>,
) -> PageResult {
    let read = reviews(&viewer.ctx).await?;
    let latest = viewer.selected().await?.period;
    let bodies: Vec<BodyRow> = read
        .bodies
        .iter()
        .map(|body| BodyRow::of(viewer, &read, body, (latest, refused.as_ref())))
        .collect();
    let may_found = bodies.is_empty() && viewer.ctx.may_change_plan();
    let first = may_found.then(|| {
        let mut form = FirstBody::of(viewer, &read.model, read.today);
        if let Some((new, at)) = refused_body {
            form.fill(&new, at);
            form.problems = problems.clone();
        }
        form
    });
    let page = ReviewsPage {
        first,
        frame: Frame::new(viewer, Section::Reviews, problems.title("Reviews")),
        bodies,
        calendar: calendar_address(viewer),
        problems,
    };
    form_page(&page, &page.problems)
}

impl BodyRow {
    fn of(
        viewer: &Viewer,
        read: &ReadReviews,
        of: &BodyReviews,
        offer: (Period, Option<&ScheduleForm>),
    ) -> BodyRow {
        let (model, body) = (&read.model, &of.body);
        let members = body.members.iter().filter_map(|member| {
            let person = model.people().get(member.person)?;
            Some(format!("{} ({})", person.name, member.role))
        });
        let members: Vec<String> = members.collect();
        BodyRow {
            key: body.key.to_string(),
            name: body.name.clone(),
            about: body
                .about
                .as_ref()
                .map_or_else(String::new, crate::markdown::line),
            members: words::list(&members),
            next: of.next.first().map_or_else(
                || "Meets when somebody calls for it".to_owned(),
                |next| format!("Meets next on {}", day_and_time(next)),
            ),
            prepare: of.may_hold.then(|| Prepare::of(viewer, read, of, offer)),
            reviews: of
                .reviews
                .iter()
                .take(HELD_MAX)
                .map(|review| ReviewRow::of(viewer, read, review))
                .collect(),
        }
    }
}

impl BodyRow {
    /// The name of a field of its form, which no other body has.
    fn field(&self, name: &str) -> String {
        format!("{name}-{}", self.key)
    }
}

impl Prepare {
    /// The form of a body: what was sent and refused, else the next day of its cadence for which none is prepared, and the period
    /// after that of its latest review, or the latest with figures where it held none; one that is over by then in any case.
    fn of(
        viewer: &Viewer,
        read: &ReadReviews,
        of: &BodyReviews,
        (latest, refused): (Period, Option<&ScheduleForm>),
    ) -> Prepare {
        let calendar = read.model.calendar();
        let next = of.next.iter().find(|next| next.review.is_none());
        let on = next.map_or(read.today, |next| next.on);
        let usual = usual_length(of);
        let over = calendar.index_of(usual, on) - 1;
        let last = match latest_held(of) {
            Some(review) => calendar.index_of(usual, review.period.last) + 1,
            None => calendar.index_of(usual, latest.last),
        };
        let last = last.min(over);
        let filled = refused.filter(|form| form.body == of.body.key.as_str());
        let filled = filled.cloned().unwrap_or_else(|| ScheduleForm {
            body: of.body.key.to_string(),
            period: calendar.name(&calendar.period(usual, last)),
            on: on.to_string(),
            at: next
                .and_then(|next| next.at)
                .map_or_else(String::new, |at| at.strftime("%H:%M").to_string()),
            position: viewer.position().to_string(),
        });
        let looks_at = calendar.parse_period(&filled.period).ok();
        let is_ahead = looks_at.is_some_and(|period| period.first > latest.last);
        Prepare {
            periods: periods_until(calendar, on, usual, &filled.period),
            latest: is_ahead.then(|| words::period(&latest, calendar)),
            filled,
        }
    }
}

/// The latest review that was not called off.
fn latest_held(of: &BodyReviews) -> Option<&Entry<Review>> {
    let mut reviews = of.reviews.iter().map(AsRef::as_ref);
    reviews.find(|review| review.state() != ReviewState::CalledOff)
}

/// The length of the periods that a body looks at: as in its latest review, else as it meets; months where it does neither.
fn usual_length(of: &BodyReviews) -> Frequency {
    let days = |earlier: Date, later: Date| (later - earlier).get_days();
    let latest = latest_held(of).map(|review| review.period.frequency);
    latest.unwrap_or_else(|| match of.next.as_slice() {
        [first, second, ..] => match days(first.on, second.on) {
            ..=13 => Frequency::Week,
            14..=75 => Frequency::Month,
            76..=300 => Frequency::Quarter,
            _ => Frequency::Year,
        },
        _ => Frequency::Month,
    })
}

impl ReviewRow {
    fn of(viewer: &Viewer, read: &ReadReviews, review: &Entry<Review>) -> ReviewRow {
        let id = Some(review.id());
        let model = &read.model;
        let decisions = model
            .decisions()
            .iter()
            .filter(|one| one.review == id)
            .count();
        let actions = model
            .actions()
            .iter()
            .filter(|one| one.review == id)
            .count();
        ReviewRow {
            on: words::date(review.on),
            href: links::record(&viewer.place, Kind::Review, review.key.as_str()),
            period: words::period(&review.period, model.calendar()),
            state: words::sentence(review.state().words()),
            off: off_in_words(model, review).unwrap_or_default(),
            recorded: format!(
                "{}, {}",
                words::count(decisions as u64, "decision"),
                words::count(actions as u64, "action")
            ),
        }
    }
}

/// `11 Feb 2014, 09:00`
fn day_and_time(next: &MeetingAhead) -> String {
    let day = words::date(next.on);
    match next.at {
        Some(at) => format!("{day}, {}", at.strftime("%H:%M")),
        None => day,
    }
}
