//! The minutes of a review as Markdown: made of what was recorded, and of nothing else.

use std::fmt::Write;

use throughline_core::{PersonId, ReviewId};
use throughline_model::{Kind, Model};

use super::ReadReview;
use crate::words;

/// The minutes of a review.
#[must_use]
pub fn minutes(read: &ReadReview) -> String {
    let (model, review) = (&read.model, &read.review);
    let calendar = model.calendar();
    let mut out = format!("# {}, {}\n\n", read.body.name, words::date(review.on));
    let period = words::period(&review.period, calendar);
    let _ = writeln!(
        out,
        "Figures for {}, {period}.",
        read.read.selected.unit_name()
    );
    if let Some(frozen) = review.frozen {
        let _ = writeln!(
            out,
            "They are those known on {}.",
            words::instant(frozen, calendar)
        );
    }
    let names: Vec<String> = review.present.iter().map(|one| name(model, *one)).collect();
    if !names.is_empty() {
        let _ = writeln!(out, "Present: {}.", words::list(&names));
    }
    if let Some((needed, is_met)) = read.quorum() {
        let met = if is_met { "met" } else { "not met" };
        let _ = writeln!(out, "Quorum of {needed}: {met}.");
    }
    let id = review.id();
    section(&mut out, "Decisions", decisions(model, id));
    section(&mut out, "Actions", actions(model, id));
    section(&mut out, "Root causes", causes(model, id));
    section(&mut out, "Lessons", lessons(model, id));
    section(&mut out, "Notes", notes(model, id));
    out
}

fn section(out: &mut String, title: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        let _ = write!(out, "\n## {title}\n\n{}", lines.concat());
    }
}

fn name(model: &Model, person: PersonId) -> String {
    let person = model.people().get(person);
    person.map_or_else(|| "somebody".to_owned(), |person| plain(&person.name))
}

/// A text on one line, with what Markdown would read taken literally.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for character in word.chars() {
            if "\\`*_[]<>#|".contains(character) {
                out.push('\\');
            }
            out.push(character);
        }
    }
    out
}

/// A sentence, with its full stop where it has no end.
fn ended(text: String) -> String {
    match text.ends_with(['.', '!', '?', ':', '…']) {
        true => text,
        false => text + ".",
    }
}

fn decisions(model: &Model, review: ReviewId) -> Vec<String> {
    let found = model.decisions().iter();
    let found = found.filter(|one| one.review == Some(review));
    found
        .map(|one| {
            let mut line = format!("- **{}** {}", one.key, ended(plain(&one.what)));
            if let Some(why) = &one.why {
                let _ = write!(line, " Why: {}", ended(plain(&why.0)));
            }
            let by = one.decided_by.map(|by| name(model, by));
            let by = by.unwrap_or_else(|| "the body together".to_owned());
            let _ = write!(line, " Decided by {by}.");
            if let Some(effect) = &one.effect
                && let Some(measure) = model.measures().get(effect.measure)
            {
                let _ = write!(
                    line,
                    " Predicted: {} {} by {}.",
                    plain(&measure.name),
                    words::numbers::predicted(effect, measure),
                    words::period(&effect.by, model.calendar()),
                );
            }
            line + "\n"
        })
        .collect()
}

fn actions(model: &Model, review: ReviewId) -> Vec<String> {
    let found = model.actions().iter();
    let found = found.filter(|one| one.review == Some(review));
    found
        .map(|one| {
            let (who, due) = (name(model, one.who), words::date(one.due));
            format!("- **{}** {}: {who}, by {due}\n", one.key, plain(&one.what))
        })
        .collect()
}

fn causes(model: &Model, review: ReviewId) -> Vec<String> {
    let found = model.causes().iter();
    let found = found.filter(|one| one.review == Some(review));
    found
        .map(|one| {
            let whys = one.whys.iter().enumerate();
            let whys = whys.map(|(depth, why)| {
                format!("{}- {}\n", "  ".repeat(depth + 1), plain(&why.because))
            });
            let whys: String = whys.collect();
            format!("- **{}** {}\n{whys}", one.key, plain(&one.what))
        })
        .collect()
}

fn lessons(model: &Model, review: ReviewId) -> Vec<String> {
    let found = model.lessons().iter();
    let found = found.filter(|one| one.review == Some(review));
    found
        .map(|one| format!("- **{}** {}\n", one.key, plain(&one.what)))
        .collect()
}

/// The name of what an item such as `measure/on-time-arrival` is about; its key where it has no other.
#[must_use]
pub fn item_name(model: &Model, item: &str) -> Option<String> {
    let (kind, key) = item.split_once('/')?;
    let kind = Kind::from_word(kind)?;
    Some(words::names::name(model, (kind, model.id_of(kind, key)?)))
}

fn notes(model: &Model, review: ReviewId) -> Vec<String> {
    let found = model.remarks().iter();
    let found = found.filter(|one| one.review == review);
    found
        .map(|one| {
            let about = one.item.as_deref().and_then(|item| item_name(model, item));
            let about = about.map_or_else(String::new, |about| format!("{}: ", plain(&about)));
            format!("- **{}** {about}{}\n", one.key, plain(&one.what))
        })
        .collect()
}
