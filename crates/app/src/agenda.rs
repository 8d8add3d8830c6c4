//! The agenda of a review, which writes itself from plain facts: what is worth the time of a body, in which order, and
//! how many minutes each item gets.
//!
//! 1. Real changes come first: measures whose newest point is a signal, those for the worse before the others.
//! 2. Then measures whose status turned and of which too few points are known to tell a signal: from or to on track, at
//!    risk or off track.
//! 3. Actions that are overdue on the day of the review, the longest overdue first.
//! 4. Decisions whose effect is due: the review is the first that looks at the period of the effect.
//! 5. Links whose review date has come.
//! 6. What is off track or at risk as before and is no signal is folded into one line: it is routine, and a decision about
//!    the single month would be a decision about noise.
//! 7. So is what turned within its natural limits: the status changed, the process did not.
//!
//! Actions that are open and not late are listed, and take no time.
//!
//! What was corrected since the last review, and which targets moved, is noted and takes no time.

use jiff::civil::Date;
use throughline_core::{ActionId, DecisionId, LinkId, MeasureId};
use throughline_engine::Status;
use throughline_insight::signals::State;

/// The most items of an agenda; what comes after them is counted.
pub const ITEMS_MAX: usize = 60;

/// What is known of a measure in the period that is reviewed.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureFact {
    /// The measure.
    pub measure: MeasureId,
    /// Its status.
    pub status: Status,
    /// Its status in the period before, where it was read.
    pub before: Option<Status>,
    /// Whether its newest point is a signal; `None` where there are too few points.
    pub state: Option<State>,
}

/// An action that is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionFact {
    /// The action.
    pub action: ActionId,
    /// Until when it should be done.
    pub due: Date,
}

/// What an agenda is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The measures that are reviewed, in the order of the plan.
    pub measures: Vec<MeasureFact>,
    /// The actions that are not done.
    pub open_actions: Vec<ActionFact>,
    /// The decisions whose effect is due.
    pub effects_due: Vec<DecisionId>,
    /// The links with the day on which they are to be reviewed.
    pub links: Vec<(LinkId, Date)>,
}

/// What an item of an agenda is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A measure that changed.
    Change(MeasureId, State),
    /// A measure whose status turned, from what it was before.
    Turned(MeasureId, Status),
    /// An action that is overdue.
    Overdue(ActionId),
    /// A decision whose effect is due.
    Effect(DecisionId),
    /// A link whose review date has come.
    Link(LinkId),
}

impl Subject {
    /// The heading under which it stands.
    #[must_use]
    pub fn group(self) -> &'static str {
        match self {
            Subject::Change(..) => "Real changes",
            Subject::Turned(..) => "Status that turned",
            Subject::Overdue(_) => "Overdue actions",
            Subject::Effect(_) => "Decisions due for their effect",
            Subject::Link(_) => "Links to review",
        }
    }

    /// The minutes that it takes where there is time enough: changes for the worse need most.
    fn wanted(self) -> u16 {
        match self {
            Subject::Change(_, State::Worsening) => 12,
            Subject::Change(_, State::Moved) => 8,
            Subject::Effect(_) => 6,
            Subject::Change(..) | Subject::Turned(..) | Subject::Overdue(_) | Subject::Link(_) => 5,
        }
    }
}

/// An item of an agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What it is about.
    pub subject: Subject,
    /// How many minutes it has.
    pub minutes: u16,
}

/// An agenda.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    /// Its items, in the order in which they are discussed.
    pub items: Vec<Item>,
    /// How many more there would be.
    pub left_out: usize,
    /// The actions that are open and not overdue, the first due first: a list, without discussion.
    pub open: Vec<ActionId>,
    /// The measures that miss their target as they did before: one line, without discussion.
    pub routine: Vec<MeasureId>,
    /// The measures whose status turned within their natural limits, with what it was before: one line, without discussion.
    pub swings: Vec<(MeasureId, Status)>,
}

impl Agenda {
    /// The agenda of a review on a day, with so many minutes to share out.
    #[must_use]
    pub fn of(facts: &Facts, on: Date, minutes: u16) -> Agenda {
        let mut subjects = changes(facts);
        subjects.extend(turned(facts));
        subjects.extend(overdue(facts, on));
        subjects.extend(facts.effects_due.iter().map(|id| Subject::Effect(*id)));
        let links = facts.links.iter().filter(|(_, day)| *day <= on);
        subjects.extend(links.map(|(id, _)| Subject::Link(*id)));
        let left_out = subjects.len().saturating_sub(ITEMS_MAX);
        subjects.truncate(ITEMS_MAX);
        let shares = shared_out(minutes, &subjects);
        let items = subjects.into_iter().zip(shares);
        Agenda {
            items: items
                .map(|(subject, minutes)| Item { subject, minutes })
                .collect(),
            left_out,
            open: open(facts, on),
            routine: routine(facts),
            swings: swings(facts),
        }
    }
}

/// Whether a fact is a signal.
fn is_change(fact: &MeasureFact) -> bool {
    fact.state.is_some_and(|state| state != State::Steady)
}

/// Whether a fact is a status that turned, from one judgement to another.
fn has_turned(fact: &MeasureFact) -> bool {
    let judged = fact.before.filter(|before| before.is_judgement());
    !is_change(fact)
        && fact.status.is_judgement()
        && judged.is_some_and(|before| before != fact.status)
}

fn changes(facts: &Facts) -> Vec<Subject> {
    let rank = |state: State| match state {
        State::Worsening => 0,
        State::Moved => 1,
        State::Improving | State::Steady => 2,
    };
    let found = facts.measures.iter().filter(|fact| is_change(fact));
    let mut found: Vec<(MeasureId, State)> = found
        .filter_map(|fact| Some((fact.measure, fact.state?)))
        .collect();
    found.sort_by_key(|(_, state)| rank(*state));
    let subject = |(measure, state)| Subject::Change(measure, state);
    found.into_iter().map(subject).collect()
}

/// Whether a fact is a status that turned while nothing else did: its newest point lies within natural limits.
fn is_swing(fact: &MeasureFact) -> bool {
    has_turned(fact) && fact.state == Some(State::Steady)
}

fn swings(facts: &Facts) -> Vec<(MeasureId, Status)> {
    let found = facts.measures.iter().filter(|fact| is_swing(fact));
    found
        .filter_map(|fact| Some((fact.measure, fact.before?)))
        .collect()
}

fn turned(facts: &Facts) -> impl Iterator<Item = Subject> + '_ {
    let found = facts.measures.iter();
    let found = found.filter(|fact| has_turned(fact) && !is_swing(fact));
    found.filter_map(|fact| Some(Subject::Turned(fact.measure, fact.before?)))
}

fn overdue(facts: &Facts, on: Date) -> Vec<Subject> {
    let late = facts.open_actions.iter().filter(|fact| fact.due < on);
    let mut late: Vec<ActionFact> = late.copied().collect();
    late.sort_by_key(|fact| fact.due);
    late.iter()
        .map(|fact| Subject::Overdue(fact.action))
        .collect()
}

fn open(facts: &Facts, on: Date) -> Vec<ActionId> {
    let open = facts.open_actions.iter().filter(|fact| fact.due >= on);
    let mut open: Vec<ActionFact> = open.copied().collect();
    open.sort_by_key(|fact| fact.due);
    open.iter().map(|fact| fact.action).collect()
}

fn routine(facts: &Facts) -> Vec<MeasureId> {
    let misses = |fact: &&MeasureFact| {
        matches!(fact.status, Status::OffTrack | Status::AtRisk)
            && !is_change(fact)
            && !has_turned(fact)
    };
    let found = facts.measures.iter().filter(misses);
    found.map(|fact| fact.measure).collect()
}

/// The minutes of each item: by what each wants, at least one, and together no more than there are where that is possible.
fn shared_out(minutes: u16, subjects: &[Subject]) -> Vec<u16> {
    let wanted: Vec<u32> = subjects
        .iter()
        .map(|subject| u32::from(subject.wanted()))
        .collect();
    let all: u32 = wanted.iter().sum();
    let minutes = u32::from(minutes);
    if all <= minutes {
        return subjects.iter().map(|subject| subject.wanted()).collect();
    }
    // The largest remainder: whole minutes first, and those that are left to the items that lost most by rounding.
    let mut shares: Vec<u32> = wanted.iter().map(|want| want * minutes / all).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(wanted[*place] * minutes % all));
    let left = minutes - shares.iter().sum::<u32>();
    for place in order.into_iter().take(left as usize) {
        shares[place] += 1;
    }
    shares
        .into_iter()
        .map(|share| share.clamp(1, u32::from(u16::MAX)) as u16)
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use throughline_core::Uuid;

    use super::*;

    const ON: Date = date(2014, 1, 14);

    fn measure(number: u128, status: Status, state: Option<State>) -> MeasureFact {
        MeasureFact {
            measure: MeasureId::from_uuid(Uuid::from_u128(number)),
            status,
            before: Some(status),
            state,
        }
    }

    fn action(number: u128, due: Date) -> ActionFact {
        ActionFact {
            action: ActionId::from_uuid(Uuid::from_u128(number)),
            due,
        }
    }

    /// Eighteen measures of which three changed, four miss their target as before and the others are on track.
    fn eighteen() -> Facts {
        let mut measures: Vec<MeasureFact> = (0..18)
            .map(|number| measure(number, Status::OnTrack, Some(State::Steady)))
            .collect();
        measures[3].state = Some(State::Improving);
        measures[7].state = Some(State::Worsening);
        measures[9].state = Some(State::Moved);
        for (place, status) in [
            (1, Status::OffTrack),
            (2, Status::AtRisk),
            (11, Status::OffTrack),
        ] {
            measures[place] = measure(place as u128, status, Some(State::Steady));
        }
        measures[12] = measure(12, Status::AtRisk, None);
        Facts {
            measures,
            open_actions: vec![action(1, date(2013, 11, 29)), action(2, ON)],
            effects_due: [1, 2]
                .map(|number| DecisionId::from_uuid(Uuid::from_u128(number)))
                .to_vec(),
            links: vec![(LinkId::from_uuid(Uuid::from_u128(1)), date(2014, 12, 31))],
        }
    }

    #[test]
    fn three_signals_one_overdue_action_and_two_effects_make_six_items_and_one_line() {
        let agenda = Agenda::of(&eighteen(), ON, 45);
        let groups: Vec<&str> = agenda
            .items
            .iter()
            .map(|item| item.subject.group())
            .collect();
        assert_eq!(
            groups,
            [
                "Real changes",
                "Real changes",
                "Real changes",
                "Overdue actions",
                "Decisions due for their effect",
                "Decisions due for their effect",
            ]
        );
        let states = agenda.items.iter().filter_map(|item| match item.subject {
            Subject::Change(_, state) => Some(state),
            _ => None,
        });
        let states: Vec<State> = states.collect();
        assert_eq!(states, [State::Worsening, State::Moved, State::Improving]);
        assert_eq!(agenda.routine.len(), 4);
        assert_eq!(agenda.open, [action(2, ON).action]);
        assert_eq!(agenda.left_out, 0);
    }

    #[test]
    fn minutes_are_shared_out_to_the_last() {
        let check = |minutes: u16, expected: &[u16]| {
            let agenda = Agenda::of(&eighteen(), ON, minutes);
            let shares: Vec<u16> = agenda.items.iter().map(|item| item.minutes).collect();
            assert_eq!(shares, expected, "{minutes}");
        };
        check(45, &[12, 8, 5, 5, 6, 6]);
        check(42, &[12, 8, 5, 5, 6, 6]);
        check(21, &[6, 4, 3, 2, 3, 3]);
        // Everybody gets a word in, even where there is no time for it.
        check(2, &[1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn a_status_that_turned_is_an_item_and_no_routine() {
        let mut facts = eighteen();
        facts.measures[1].before = Some(Status::OnTrack);
        facts.measures[1].state = None;
        // Within its natural limits it is one line.
        facts.measures[11].before = Some(Status::OnTrack);
        // A first judgement has turned from nothing, and a signal is told as what it is.
        facts.measures[2].before = Some(Status::NoData);
        facts.measures[7].before = Some(Status::OffTrack);
        let agenda = Agenda::of(&facts, ON, 60);
        let turned: Vec<Subject> = agenda
            .items
            .iter()
            .map(|item| item.subject)
            .filter(|subject| matches!(subject, Subject::Turned(..)))
            .collect();
        let measure = facts.measures[1].measure;
        assert_eq!(turned, [Subject::Turned(measure, Status::OnTrack)]);
        let swung = facts.measures[11].measure;
        assert_eq!(agenda.swings, [(swung, Status::OnTrack)]);
        assert!(!agenda.routine.contains(&measure) && !agenda.routine.contains(&swung));
        assert_eq!(agenda.routine.len(), 2);
    }

    #[test]
    fn actions_are_overdue_after_their_day_and_links_are_due_on_theirs() {
        let facts = Facts {
            open_actions: vec![
                action(1, date(2014, 1, 13)),
                action(2, date(2013, 1, 1)),
                action(3, ON),
            ],
            links: vec![
                (LinkId::from_uuid(Uuid::from_u128(1)), ON),
                (LinkId::from_uuid(Uuid::from_u128(2)), date(2014, 1, 15)),
            ],
            ..Facts::default()
        };
        let agenda = Agenda::of(&facts, ON, 60);
        let subjects: Vec<Subject> = agenda.items.iter().map(|item| item.subject).collect();
        assert_eq!(
            subjects,
            [
                Subject::Overdue(action(2, ON).action),
                Subject::Overdue(action(1, ON).action),
                Subject::Link(facts.links[0].0),
            ]
        );
    }

    #[test]
    fn an_agenda_has_an_end() {
        let measures =
            (0..100).map(|number| measure(number, Status::OnTrack, Some(State::Worsening)));
        let facts = Facts {
            measures: measures.collect(),
            ..Facts::default()
        };
        let agenda = Agenda::of(&facts, ON, 45);
        assert_eq!((agenda.items.len(), agenda.left_out), (ITEMS_MAX, 40));
    }
}
