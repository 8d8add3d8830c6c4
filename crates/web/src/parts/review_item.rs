//! An item of the agenda of a review in words: what it is about, what is known of it, and what the figures say.

use std::collections::HashMap;

use throughline_app::Trend;
use throughline_app::agenda::{Item, Subject};
use throughline_app::insight::signals_in_words;
use throughline_app::review::{OutcomeOf, ReadReview, outcome_of};
use throughline_app::words::{self, numbers};
use throughline_charts::predicted_mark;
use throughline_core::MeasureId;
use throughline_engine::MeasureReading;
use throughline_model::Kind;
use throughline_model::records::Measure;

use crate::pages::links;
use crate::parts::initiatives::link_in_words;
use crate::parts::status::StatusMark;
use crate::place::Place;

/// An item in words.
#[derive(Debug, Clone, Default)]
pub struct ItemWords {
    /// The heading under which it stands.
    pub group: &'static str,
    /// What it is about, as a record: `measure/on-time-arrival`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What is known of it, in short.
    pub short: String,
    /// The same in full, one sentence each.
    pub said: Vec<String>,
    /// The page of the record.
    pub href: Option<String>,
    /// Of a decision, what was predicted against what is there, as a small drawing; empty where that cannot be read.
    pub mark: String,
    /// The status of a measure.
    pub status: Option<StatusMark>,
    /// Who answers for it.
    pub owner: String,
    /// How many minutes it has.
    pub minutes: u16,
}

impl ItemWords {
    /// The words of an item.
    #[must_use]
    pub fn of(read: &ReadReview, item: &Item, place: &Place) -> ItemWords {
        let words = match item.subject {
            Subject::Change(measure, state) => of_measure(read, measure, place, |over_time| {
                let model = &read.read.selected.model;
                let said = over_time.zip(model.measures().get(measure));
                let said = said.map(|(trend, measure)| {
                    signals_in_words(trend, measure, model.calendar()).join(" ")
                });
                (words::sentence(state.word()), said)
            }),
            Subject::Turned(measure, before) => of_measure(read, measure, place, |_| {
                let short = format!("{} before", words::sentence(before.word()));
                let has_limits = read
                    .over_time(measure)
                    .is_some_and(|trend| trend.signals.reading.is_some());
                let said = match has_limits {
                    true => "It turned without a signal: the figure lies within routine variation.",
                    false => {
                        "There are too few figures yet to tell a change from routine variation."
                    }
                };
                (short, Some(said.to_owned()))
            }),
            Subject::Overdue(action) => of_action(read, action, place),
            Subject::Effect(decision) => of_decision(read, decision),
            Subject::Link(link) => of_link(read, link, place),
        };
        ItemWords {
            group: item.subject.group(),
            minutes: item.minutes,
            ..words
        }
    }
}

fn of_measure(
    read: &ReadReview,
    measure: MeasureId,
    place: &Place,
    more: impl FnOnce(Option<&Trend>) -> (String, Option<String>),
) -> ItemWords {
    let model = &read.read.selected.model;
    let (Some(record), Some(reading)) = (model.measures().get(measure), read.reading(measure))
    else {
        return ItemWords::default();
    };
    let (short, said) = more(read.over_time(measure));
    let figures = figures(reading, record);
    ItemWords {
        key: format!("{}/{}", Kind::Measure, record.key),
        title: record.name.clone(),
        short: format!("{figures}. {short}"),
        said: [Some(format!("{figures}.")), said]
            .into_iter()
            .flatten()
            .collect(),
        href: links::measure(place, record.key.as_str()),
        status: Some(StatusMark(reading.status)),
        owner: name(read, record.owner),
        ..ItemWords::default()
    }
}

/// `9.8 min, plan ≤ 6.0 min`
pub(crate) fn figures(reading: &MeasureReading, measure: &Measure) -> String {
    let [value, target] = numbers::value_and_target(reading.value, reading.target, measure);
    let value = match reading.value {
        None => "No value".to_owned(),
        Some(_) => value,
    };
    match reading.target {
        None => value,
        Some(_) => format!("{value}, plan {target}"),
    }
}

fn of_action(read: &ReadReview, action: throughline_core::ActionId, place: &Place) -> ItemWords {
    let Some(action) = read.plan().actions().get(action) else {
        return ItemWords::default();
    };
    let days = (read.review.on - action.due).get_days();
    let late = format!("{} late", words::how_long(days.unsigned_abs()));
    let due = words::date(action.due);
    let who = name(read, Some(action.who));
    ItemWords {
        key: format!("{}/{}", Kind::Action, action.key),
        title: action.what.clone(),
        short: format!("{who}, due {due}, {late}"),
        said: vec![format!(
            "{who} wanted to have it done by {due}: it is {late}."
        )],
        href: links::page(place, "actions"),
        owner: who,
        ..ItemWords::default()
    }
}

fn of_decision(read: &ReadReview, decision: throughline_core::DecisionId) -> ItemWords {
    let Some(decision) = read.plan().decisions().get(decision) else {
        return ItemWords::default();
    };
    let outcome = outcome_of(read, decision);
    let short = outcome.as_ref().map_or_else(
        || "Its effect cannot be read here".to_owned(),
        outcome_in_words,
    );
    let mut said = vec![format!("{short}.")];
    if let Some(outcome) = &outcome {
        let calendar = read.plan().calendar();
        let say = numbers::apart(&[outcome.from, outcome.to], &outcome.measure);
        let value = |value| match value {
            None => "no value".to_owned(),
            value => say(value, &outcome.measure),
        };
        said.push(format!(
            "{}: {} in {}, {} in {}.",
            outcome.measure.name,
            value(outcome.from),
            words::period(&outcome.effect.since, calendar),
            value(outcome.to),
            words::period(&outcome.effect.by, calendar),
        ));
    }
    let by = decision.decided_by.map(|by| name(read, Some(by)));
    let of = by
        .as_ref()
        .map_or_else(String::new, |by| format!(" by {by}"));
    said.push(format!("Decided{of} on {}.", words::date(decision.on)));
    ItemWords {
        key: format!("{}/{}", Kind::Decision, decision.key),
        title: decision.what.clone(),
        short,
        said,
        mark: outcome.as_ref().map(mark_of).unwrap_or_default(),
        owner: by.unwrap_or_default(),
        ..ItemWords::default()
    }
}

fn mark_of(outcome: &OutcomeOf) -> String {
    let effect = &outcome.effect;
    predicted_mark(effect.change, (effect.least, effect.most), outcome.actual)
}

/// `Predicted +2.0 points (+0.5 points to +3.0 points), actual +0.1 points: less than predicted`
fn outcome_in_words(outcome: &OutcomeOf) -> String {
    let (effect, measure) = (&outcome.effect, &outcome.measure);
    let actual = outcome.actual.map_or_else(String::new, |actual| {
        format!(", actual {}", numbers::change_like(actual, effect, measure))
    });
    format!(
        "Predicted {}{actual}: {}",
        numbers::predicted(effect, measure),
        outcome.outcome.words(),
    )
}

fn of_link(read: &ReadReview, link: throughline_core::LinkId, place: &Place) -> ItemWords {
    let Some(link) = read.plan().links().get(link) else {
        return ItemWords::default();
    };
    let by = link.review_by.map(words::date).unwrap_or_default();
    let why = link
        .why
        .as_ref()
        .map(|why| format!("It is believed because: {}", why.0));
    ItemWords {
        key: {
            let key = read.plan().key_of(Kind::Link, link.id);
            format!("{}/{}", Kind::Link, key.unwrap_or_default())
        },
        title: link_in_words(read.plan(), link),
        short: format!("To be looked at again by {by}"),
        said: [Some(format!("It was to be looked at again by {by}.")), why]
            .into_iter()
            .flatten()
            .collect(),
        href: links::page(place, "map"),
        ..ItemWords::default()
    }
}

fn name(read: &ReadReview, person: Option<throughline_core::PersonId>) -> String {
    let person = person.and_then(|person| read.plan().people().get(person));
    person.map_or_else(|| "Nobody".to_owned(), |person| person.name.clone())
}

/// The items in groups, as an agenda shows them, each with its number.
#[must_use]
pub fn grouped(items: &[ItemWords]) -> Vec<(&'static str, Vec<(usize, ItemWords)>)> {
    let mut groups: Vec<(&'static str, Vec<(usize, ItemWords)>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (number, item) in items.iter().enumerate() {
        let place = *places.entry(item.group).or_insert(groups.len());
        if place == groups.len() {
            groups.push((item.group, Vec::new()));
        }
        groups[place].1.push((number + 1, item.clone()));
    }
    groups
}
