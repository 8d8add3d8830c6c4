//! The head of a review: how far it is, who is there and whether they are enough to decide, and how much time is left.

use throughline_app::agenda::Item;
use throughline_app::review::{ReadReview, Step, minutes_of};
use throughline_app::words;
use throughline_core::PersonId;
use throughline_model::Model;
use throughline_model::records::{Review, ReviewState};

use crate::frame::initials;

/// The head of a review.
#[derive(Debug, Clone, Default)]
pub struct Meeting {
    /// The steps: words, what is known of it, `done`, `now` or `todo`.
    pub steps: Vec<(&'static str, String, &'static str)>,
    /// The next step: its word and what its button says.
    pub next: Option<(&'static str, &'static str)>,
    /// Who takes the next step, where whoever looks may not.
    pub waits: String,
    /// Whether it can be called off.
    pub can_be_off: bool,
    /// That it was called off, by whom, when and why.
    pub off: Option<String>,
    /// Who can be marked as present: key, name, and whether they are: all of the members until somebody says otherwise.
    pub members: Vec<(String, String, bool)>,
    /// Whether that can be changed now.
    pub marks: bool,
    /// Who was present, or who belongs to the body before it is opened: initials, name, and whether they are there.
    pub people: Vec<(String, String, bool)>,
    /// `Present, 5 of 6`
    pub present: String,
    /// Who decides, and whether a quorum is there.
    pub quorum: String,
    /// The clocks, while it is in session.
    pub clock: Option<Clock>,
    /// The time of the items, one stretch each.
    pub stretches: Vec<Stretch>,
}

/// The width on which the time of all items is drawn.
const WIDTH: f64 = 1000.0;
/// What lies between two stretches.
const BETWEEN: f64 = 4.0;

/// The time of an item as a part of the whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stretch {
    /// Where it begins, of 1000.
    pub from: String,
    /// How wide it is.
    pub width: String,
    /// `done`, `now` or `todo`.
    pub class: &'static str,
}

/// What the clocks of a meeting run by: instants of the server, so that another clock of the browser does no harm.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// When it was opened.
    pub opened: String,
    /// What time it is.
    pub now: String,
    /// How many minutes the meeting has.
    pub minutes: u16,
    /// How many minutes the item has that is shown.
    pub of_item: u16,
    /// How many minutes the items before it have.
    pub before: u16,
}

/// How many names stand on the wall; the others are counted.
const NAMES_MAX: usize = 12;

impl Meeting {
    /// The names of those who are there, as a sentence; empty where nobody is marked.
    #[must_use]
    pub fn names_of_present(&self) -> String {
        let there = self.people.iter().filter(|(_, _, is_there)| *is_there);
        let mut names: Vec<&str> = there.map(|(_, name, _)| name.as_str()).collect();
        let more = names.len().saturating_sub(NAMES_MAX);
        names.truncate(NAMES_MAX);
        match (names.is_empty(), more) {
            (true, _) => String::new(),
            (_, 0) => format!("{}. ", names.join(", ")),
            _ => format!("{} and {more} more. ", names.join(", ")),
        }
    }

    /// The head of a review, with the item of a number shown.
    #[must_use]
    pub fn of(read: &ReadReview, now: jiff::Timestamp, number: usize, wrote: String) -> Meeting {
        let state = read.review.state();
        Meeting {
            steps: steps(read, wrote),
            next: next(read).ok(),
            waits: next(read).err().unwrap_or_default(),
            can_be_off: read.may_hold
                && matches!(state, ReviewState::Prepared | ReviewState::Frozen),
            off: off_in_words(&read.model, &read.review),
            members: markable(read),
            marks: state == ReviewState::InSession && read.may_hold,
            people: people(read),
            present: present(read),
            quorum: quorum(read),
            clock: (state == ReviewState::InSession).then(|| Clock::of(read, now, number)),
            stretches: match state {
                ReviewState::InSession => stretches(&read.agenda.items, number),
                _ => Vec::new(),
            },
        }
    }
}

fn stretches(items: &[Item], shown: usize) -> Vec<Stretch> {
    let all: u16 = items.iter().map(|item| item.minutes).sum();
    let unit = WIDTH / f64::from(all.max(1));
    let mut from = 0.0;
    let mut stretches = Vec::with_capacity(items.len());
    for (number, item) in (1..).zip(items) {
        let width = f64::from(item.minutes) * unit;
        stretches.push(Stretch {
            from: format!("{from:.1}"),
            width: format!("{:.1}", (width - BETWEEN).max(1.0)),
            class: match number.cmp(&shown) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "todo",
            },
        });
        from += width;
    }
    stretches
}

impl Clock {
    fn of(read: &ReadReview, now: jiff::Timestamp, number: usize) -> Clock {
        let items = &read.agenda.items;
        let minutes = |items: &[Item]| items.iter().map(|item| item.minutes).sum();
        let before = number.saturating_sub(1).min(items.len());
        let opened = read.review.opened.map(|at| at.to_string());
        Clock {
            opened: opened.unwrap_or_default(),
            now: now.to_string(),
            minutes: minutes_of(&read.body, &read.review),
            of_item: items.get(before).map_or(0, |item| item.minutes),
            before: minutes(&items[..before]),
        }
    }
}

fn steps(read: &ReadReview, wrote: String) -> Vec<(&'static str, String, &'static str)> {
    let (review, calendar) = (&read.review, read.model.calendar());
    let at = |at: Option<jiff::Timestamp>| {
        at.map_or_else(String::new, |at| words::instant(at, calendar))
    };
    let mut all = vec![
        (ReviewState::Prepared, "Prepared", wrote),
        (ReviewState::Frozen, "Frozen", at(review.frozen)),
        (ReviewState::InSession, "In session", at(review.opened)),
        (ReviewState::Closed, "Closed", at(review.closed)),
    ];
    if let Some(off) = &review.called_off {
        all.truncate(if review.frozen.is_some() { 2 } else { 1 });
        all.push((ReviewState::CalledOff, "Called off", at(Some(off.at))));
    }
    let state = review.state();
    let line = |(step, words, about): (ReviewState, &'static str, String)| {
        let class = match step.cmp(&state) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "todo",
        };
        (words, about, class)
    };
    all.into_iter().map(line).collect()
}

/// The next step, or who takes it where whoever looks may not; nothing where there is none.
fn next(read: &ReadReview) -> Result<(&'static str, &'static str), String> {
    let step = Step::after(read.review.state()).ok_or_else(String::new)?;
    let (words, does) = match step {
        Step::Freeze => ("Freeze the figures", "freezes the figures"),
        Step::Open => ("Open the review", "opens the review"),
        Step::Close => ("Close the review", "closes the review"),
    };
    if read.may_hold && (read.may_lead || !step.is_led()) {
        return Ok((step.word(), words));
    }
    if !step.is_led() {
        return Err(format!("A member of the body {does}."));
    }
    let chair = read.body.chair();
    let chair = chair.and_then(|id| read.model.people().get(id));
    Err(match chair {
        Some(chair) => format!(
            "{} leads the body and {does}, or a strategist or administrator does.",
            chair.name
        ),
        None => format!("Nobody leads the body: a strategist or administrator {does}."),
    })
}

/// `Called off by Tobias Fennimore-Kite on 3 Feb 2014, 05:00: the airport is closed`
pub(crate) fn off_in_words(model: &Model, review: &Review) -> Option<String> {
    let off = review.called_off.as_ref()?;
    let at = words::instant(off.at, model.calendar());
    let by = off.by.and_then(|person| model.people().get(person));
    let by = by.map_or_else(String::new, |person| format!(" by {}", person.name));
    Some(format!("Called off{by} on {at}: {}", off.why))
}

/// Who can be marked as present, in the order of the body, guests after its members.
fn markable(read: &ReadReview) -> Vec<(String, String, bool)> {
    let present = &read.review.present;
    let members = read.body.members.iter().map(|member| member.person);
    let guests = present.iter().filter(|one| !read.body.has(**one)).copied();
    let all = members.chain(guests).filter_map(|id: PersonId| {
        let person = read.model.people().get(id)?;
        let is_there = read.review.opened.is_none() || present.contains(&id);
        Some((person.key.to_string(), person.name.clone(), is_there))
    });
    all.collect()
}

/// The same with their initials, those who are there before the others.
fn people(read: &ReadReview) -> Vec<(String, String, bool)> {
    let all = markable(read).into_iter();
    let mut all: Vec<_> = all
        .map(|(_, name, is_there)| (initials(&name), name, is_there))
        .collect();
    all.sort_by_key(|(_, _, is_there)| !is_there);
    all
}

fn present(read: &ReadReview) -> String {
    let members = read.body.members.len();
    match read.review.opened {
        Some(_) => format!("Present, {} of {members}", read.members_there()),
        None => words::count(members as u64, "member"),
    }
}

fn quorum(read: &ReadReview) -> String {
    let decider = read.body.decider();
    let decider = decider.and_then(|id| read.model.people().get(id));
    let decider = decider.map(|person| format!("{} decides.", person.name));
    let quorum = read
        .quorum()
        .map(|(needed, is_met)| match (read.review.opened, is_met) {
            (None, _) => format!("{needed} make a quorum."),
            (Some(_), true) => format!("Quorum of {needed} met."),
            (Some(_), false) => {
                format!("Quorum of {needed} not met: what is decided needs a confirmation.")
            }
        });
    let all: Vec<String> = [decider, quorum].into_iter().flatten().collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use throughline_app::agenda::Subject;
    use throughline_core::{ActionId, Uuid};

    use super::*;

    #[test]
    fn the_time_of_all_items_fills_the_width() {
        let item = |minutes| Item {
            subject: Subject::Overdue(ActionId::from_uuid(Uuid::nil())),
            minutes,
        };
        let drawn = stretches(&[item(12), item(8), item(5)], 2);
        let told: Vec<(&str, &str, &str)> = drawn
            .iter()
            .map(|one| (one.from.as_str(), one.width.as_str(), one.class))
            .collect();
        assert_eq!(
            told,
            [
                ("0.0", "476.0", "done"),
                ("480.0", "316.0", "now"),
                ("800.0", "196.0", "todo"),
            ]
        );
        assert_eq!(stretches(&[], 1), []);
    }
}
