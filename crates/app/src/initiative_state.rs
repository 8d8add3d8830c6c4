//! How an initiative stands on a day, from its milestones alone: what is done, what is late, what comes next.

use jiff::civil::Date;
use throughline_model::records::{Initiative, Milestone};

/// How an initiative stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InitiativeState {
    /// A milestone is not done on the day by which it was due.
    Late,
    /// It has begun, and nothing is late.
    UnderWay,
    /// It begins later.
    ToCome,
    /// All of its milestones are done.
    Done,
    /// It has no milestones by which it could be judged.
    NoMilestones,
}

impl InitiativeState {
    /// All of them, the one that needs most attention first.
    pub const ALL: [InitiativeState; 5] = [
        InitiativeState::Late,
        InitiativeState::UnderWay,
        InitiativeState::ToCome,
        InitiativeState::Done,
        InitiativeState::NoMilestones,
    ];

    /// The words that are shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            InitiativeState::Late => "late",
            InitiativeState::UnderWay => "under way",
            InitiativeState::ToCome => "not begun",
            InitiativeState::Done => "done",
            InitiativeState::NoMilestones => "without milestones",
        }
    }

    /// How an initiative stands on a day; what was done later was not done yet.
    #[must_use]
    pub fn of(initiative: &Initiative, day: Date) -> InitiativeState {
        let milestones = &initiative.milestones;
        if milestones.is_empty() {
            InitiativeState::NoMilestones
        } else if milestones.iter().any(|step| is_late(step, day)) {
            InitiativeState::Late
        } else if milestones.iter().all(|step| done_by(step, day).is_some()) {
            InitiativeState::Done
        } else if initiative.from.is_some_and(|from| from > day) {
            InitiativeState::ToCome
        } else {
            InitiativeState::UnderWay
        }
    }
}

/// How many milestones of an initiative are done by a day.
#[must_use]
pub fn done_count(initiative: &Initiative, day: Date) -> usize {
    let milestones = initiative.milestones.iter();
    milestones
        .filter(|step| done_by(step, day).is_some())
        .count()
}

/// The milestone that is due first of those that are not done by a day.
#[must_use]
pub fn next_milestone(initiative: &Initiative, day: Date) -> Option<&Milestone> {
    let milestones = initiative.milestones.iter();
    milestones
        .filter(|step| done_by(step, day).is_none())
        .min_by_key(|step| step.due)
}

/// When a milestone was done, if it was by that day.
#[must_use]
pub fn done_by(milestone: &Milestone, day: Date) -> Option<Date> {
    milestone.done.filter(|done| *done <= day)
}

/// Whether a milestone was due before that day and is not done by then.
#[must_use]
pub fn is_late(milestone: &Milestone, day: Date) -> bool {
    milestone.due < day && done_by(milestone, day).is_none()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_initiative_stands_as_its_milestones_do() {
        let check = |milestones: &[(Date, Option<Date>)], day: Date, expected: InitiativeState| {
            let milestones = milestones.iter().map(|(due, done)| Milestone {
                name: "m".to_owned(),
                due: *due,
                done: *done,
            });
            let initiative = Initiative {
                key: throughline_model::fields::Key::new("i").unwrap(),
                name: "I".to_owned(),
                serves: vec![],
                owner: None,
                from: Some(date(2013, 3, 1)),
                to: None,
                budget: None,
                expects: None,
                milestones: milestones.collect(),
                silences: vec![],
            };
            assert_eq!(
                InitiativeState::of(&initiative, day),
                expected,
                "{initiative:?} {day}"
            );
        };
        let (april, june) = (date(2013, 4, 15), date(2013, 6, 1));
        let first = (april, Some(date(2013, 4, 12)));
        let second = (june, Some(date(2013, 6, 17)));
        check(&[], april, InitiativeState::NoMilestones);
        check(&[first], date(2013, 2, 1), InitiativeState::ToCome);
        check(&[first, second], april, InitiativeState::UnderWay);
        check(&[first, second], june, InitiativeState::UnderWay);
        check(&[first, second], date(2013, 6, 16), InitiativeState::Late);
        check(&[first, second], date(2013, 6, 17), InitiativeState::Done);
        check(
            &[first, (june, None)],
            date(2014, 1, 1),
            InitiativeState::Late,
        );
    }
}
