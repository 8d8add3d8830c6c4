//! Find: pages and records by a part of their name.

use askama::Template;
use serde::Deserialize;
use throughline_app::words;
use throughline_core::UnitId;
use throughline_model::{Kind, Model};

use super::links;
use crate::address::Query;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::viewer::Viewer;

/// How many records are shown.
const FOUND_MAX: usize = 20;
/// The longest text that is looked for.
const QUERY_LENGTH_MAX: usize = 200;

/// The kinds that are found, with the icon of each.
const KINDS: [(Kind, &str); 7] = [
    (Kind::Objective, "waypoints"),
    (Kind::Outcome, "target"),
    (Kind::Behaviour, "footprints"),
    (Kind::Measure, "chart-line"),
    (Kind::Initiative, "flag"),
    (Kind::Unit, "building-2"),
    (Kind::Person, "user-round"),
];

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "find.html")]
pub struct FindPage {
    /// What is around it.
    pub frame: Frame,
    /// What is looked for.
    pub query: String,
    /// What was found.
    pub found: Vec<Found>,
    /// Whether there is more than is shown.
    pub is_more: bool,
}

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// What it is.
    pub what: String,
    /// Its icon.
    pub icon: &'static str,
    /// Its page.
    pub href: String,
}

/// What the address asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// Finds.
///
/// # Errors
/// If the page cannot be drawn.
pub async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> PageResult {
    let query: String = asked.q.trim().chars().take(QUERY_LENGTH_MAX).collect();
    let frame = Frame::new(&viewer, Section::Elsewhere, "Find");
    let words = Words::of(&query);
    let mut found = pages(&frame, &words);
    let may_read = viewer.ctx.may_read_at().await?;
    found.extend(records(&viewer, &query, &words, may_read));
    let is_more = found.len() > FOUND_MAX;
    found.truncate(FOUND_MAX);
    page(&FindPage {
        frame,
        query,
        found,
        is_more,
    })
}

/// What is looked for: words, each of which a name has to have. `on time` finds `On-time arrivals`.
pub(crate) struct Words(Vec<String>);

impl Words {
    /// The words of a text.
    pub fn of(query: &str) -> Words {
        let plain = query.to_lowercase().replace('-', " ");
        Words(plain.split_whitespace().map(str::to_owned).collect())
    }

    /// Whether a name has all of them.
    pub fn are_in(&self, name: &str) -> bool {
        if name.is_ascii() {
            // Tens of thousands of names are looked through for one answer, so none is copied.
            return self.0.iter().all(|word| has_word(name, word));
        }
        let name = name.to_lowercase().replace('-', " ");
        self.0.iter().all(|word| name.contains(word))
    }
}

/// Whether a name of ASCII letters has a word of small letters in it.
fn has_word(name: &str, word: &str) -> bool {
    let is_same = |(one, other): (&u8, &u8)| one.to_ascii_lowercase() == *other;
    let mut places = name.as_bytes().windows(word.len().max(1));
    word.is_empty() || places.any(|place| place.iter().zip(word.as_bytes()).all(is_same))
}

fn pages(frame: &Frame, words: &Words) -> Vec<Found> {
    let links = frame.navigation.iter().flat_map(|(_, links)| links);
    links
        .filter(|link| words.are_in(link.words))
        .map(|link| Found {
            name: link.words.to_owned(),
            what: "Page".to_owned(),
            icon: link.icon,
            href: link.href.clone(),
        })
        .collect()
}

fn records(
    viewer: &Viewer,
    query: &str,
    words: &Words,
    may_read: impl Fn(UnitId) -> bool,
) -> Vec<Found> {
    let Some(snapshot) = viewer.ctx.snapshot().filter(|_| !words.0.is_empty()) else {
        return Vec::new();
    };
    let model = &snapshot.model;
    let mut found = Vec::new();
    for (kind, icon) in KINDS {
        let mut left = FOUND_MAX + 1;
        each_named(model, kind, |key, name| {
            // The page of a unit is its readings.
            let is_hidden = || {
                let unit = model.units().by_key(key).filter(|_| kind == Kind::Unit);
                unit.is_some_and(|unit| !may_read(unit.id()))
            };
            if !words.are_in(name) && key != query || is_hidden() {
                return true;
            }
            found.extend(links::record(&viewer.place, kind, key).map(|href| Found {
                name: name.to_owned(),
                what: words::sentence(kind.word()),
                icon,
                href,
            }));
            left -= 1;
            left > 0
        });
    }
    found
}

/// Calls for key and name of each record of a kind, in the order of the plan, as long as the answer is yes.
fn each_named(model: &Model, kind: Kind, mut call: impl FnMut(&str, &str) -> bool) {
    macro_rules! each {
        ($records:expr) => {
            $records.iter().all(|one| call(one.key.as_str(), &one.name))
        };
    }
    let _ = match kind {
        Kind::Objective => each!(model.objectives()),
        Kind::Outcome => each!(model.outcomes()),
        Kind::Behaviour => each!(model.behaviours()),
        Kind::Measure => each!(model.measures()),
        Kind::Initiative => each!(model.initiatives()),
        Kind::Unit => each!(model.units()),
        Kind::Person => each!(model.people()),
        _ => true,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_to_be_in_a_name() {
        let check = |query: &str, name: &str, expected: bool| {
            assert_eq!(Words::of(query).are_in(name), expected, "{query} in {name}");
        };
        check("on time", "On-time arrivals", true);
        check("ON-TIME", "Arrivals on time", true);
        check("time on", "On-time arrivals", true);
        check("tame", "On-time arrivals", false);
        check("arrivals and more", "On-time arrivals", false);
        check("", "anything", true);
        check("überg", "Übergabe am Gate", true);
        check("é", "Cafe", false);
        check("a long word", "a", false);
    }
}
