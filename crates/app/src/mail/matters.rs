//! What concerns a person on a day: figures, actions, meetings, and decisions whose effect can be looked at. Made of plan,
//! observations and instant alone, and of nothing that was measured: names, units, periods and days.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use throughline_core::UnitId;
use throughline_engine::View;
use throughline_model::records::{Action, Decision, Person};
use throughline_model::{Entry, Model};

use super::days::{later, working_before, working_from};
use crate::entry::{OwnCell, own_cells};
use crate::review::meetings_ahead;

/// How many days a weekly mail looks ahead, and how many it looks back for effects.
const WEEK: i64 = 7;
/// A figure that is late on the first day on which it could be entered is called late so many days after that.
const LATE_AFTER: i64 = 3;

/// The sorts of mail, each of which can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MailKind {
    /// Once a week: all that is due, and what the week brings.
    Digest,
    /// On the day on which something falls due or is late.
    Reminder,
}

impl MailKind {
    /// Both.
    pub const ALL: [MailKind; 2] = [MailKind::Digest, MailKind::Reminder];

    /// The word for it in addresses and in the ledger.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            MailKind::Digest => "digest",
            MailKind::Reminder => "reminder",
        }
    }

    /// The sort of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<MailKind> {
        MailKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What people call it: `the weekly mail`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            MailKind::Digest => "the weekly mail",
            MailKind::Reminder => "reminders",
        }
    }
}

/// A meeting of a body that the person belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The name of the body.
    pub body: String,
    /// The day.
    pub on: Date,
    /// The time of day, where one is set.
    pub at: Option<Time>,
}

/// What concerns a person on a day.
#[derive(Debug, Default)]
pub struct Matters {
    /// Figures that are due of them, the late ones first.
    pub(crate) figures: Vec<OwnCell>,
    /// Actions that they do.
    pub actions: Vec<Arc<Entry<Action>>>,
    /// Meetings of the coming week.
    pub meetings: Vec<Meeting>,
    /// Decisions of theirs whose period of effect has just ended.
    pub effects: Vec<Arc<Entry<Decision>>>,
}

impl Matters {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
            && self.actions.is_empty()
            && self.meetings.is_empty()
            && self.effects.is_empty()
    }

    /// What a mail of a sort is about, that is sent to a person on a day; `may_record` says where they may record.
    #[must_use]
    pub fn of(
        kind: MailKind,
        day: Date,
        view: &View,
        person: &Entry<Person>,
        may_record: impl Fn(UnitId) -> bool,
    ) -> Matters {
        let mut figures = own_cells(view, person, may_record);
        let model = &view.plan;
        let own = model.actions().iter();
        let own = own.filter(|one| one.who == person.id() && one.done.is_none());
        let mut actions: Vec<_> = match kind {
            MailKind::Digest => own
                .filter(|one| one.due < later(day, WEEK))
                .cloned()
                .collect(),
            MailKind::Reminder => {
                figures.retain(|figure| figure_days(figure).contains(&day));
                own.filter(|one| action_days(one.due).contains(&day))
                    .cloned()
                    .collect()
            }
        };
        actions.sort_by_key(|one| one.due);
        let is_weekly = kind == MailKind::Digest;
        Matters {
            figures,
            actions,
            meetings: match is_weekly {
                true => meetings(model, person, day),
                false => Vec::new(),
            },
            effects: match is_weekly {
                true => effects(model, person, day),
                false => Vec::new(),
            },
        }
    }
}

/// The days on which somebody is reminded of a figure: when it can be entered, and once when it is late.
fn figure_days(figure: &OwnCell) -> [Date; 2] {
    let first = later(figure.cell.period.last, 1);
    let late = match later(figure.by, 1) {
        late if late > first => late,
        _ => later(first, LATE_AFTER),
    };
    [working_from(first), working_from(late)]
}

/// The days on which somebody is reminded of an action: the day before, and once when it is overdue.
fn action_days(due: Date) -> [Date; 2] {
    [working_before(due), working_from(later(due, 1))]
}

/// The meetings of the coming week.
fn meetings(model: &Model, person: &Entry<Person>, day: Date) -> Vec<Meeting> {
    let mut found = Vec::new();
    for body in model.bodies().iter().filter(|body| body.has(person.id())) {
        let ahead = meetings_ahead(model, body, day).into_iter();
        let near = ahead.take_while(|one| one.on < later(day, WEEK));
        found.extend(near.map(|one| Meeting {
            body: body.name.clone(),
            on: one.on,
            at: one.at,
        }));
    }
    found.sort_by(|one, other| (one.on, one.at, &one.body).cmp(&(other.on, other.at, &other.body)));
    found
}

/// The decisions of a person whose period of effect ended in the last week.
fn effects(model: &Model, person: &Entry<Person>, day: Date) -> Vec<Arc<Entry<Decision>>> {
    let is_theirs = |decision: &Decision| {
        let Some(effect) = &decision.effect else {
            return false;
        };
        let measure = model.measures().get(effect.measure);
        let owner = measure.and_then(|measure| measure.owner);
        let is_due = (later(day, -WEEK)..day).contains(&effect.by.last);
        is_due && [decision.decided_by, owner].contains(&Some(person.id()))
    };
    let decisions = model.decisions().iter();
    decisions.filter(|one| is_theirs(one)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_remembered_the_day_before_and_once_after() {
        let check = |due: &str, expected: [&str; 2]| {
            let days = action_days(due.parse().unwrap());
            assert_eq!(days.map(|day| day.to_string()), expected, "{due}");
        };
        check("2014-02-05", ["2014-02-04", "2014-02-06"]);
        // Over a weekend: on the Friday before, on the Monday after.
        check("2014-02-10", ["2014-02-07", "2014-02-11"]);
        check("2014-02-07", ["2014-02-06", "2014-02-10"]);
    }
}
