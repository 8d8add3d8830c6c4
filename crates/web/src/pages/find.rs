//! Find: pages and records by a part of their name.

use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_app::words;
use throughline_model::{AnyRecord, Kind};

use super::links;
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
    let mut found = pages(&frame, &query);
    found.extend(records(&viewer, &query));
    let is_more = found.len() > FOUND_MAX;
    found.truncate(FOUND_MAX);
    page(&FindPage {
        frame,
        query,
        found,
        is_more,
    })
}

/// Whether a name has every word that is looked for.
pub(crate) fn matches(name: &str, query: &str) -> bool {
    // `on time` finds `On-time arrivals`.
    let plain = |text: &str| text.to_lowercase().replace('-', " ");
    let (name, query) = (plain(name), plain(query));
    query.split_whitespace().all(|word| name.contains(word))
}

fn pages(frame: &Frame, query: &str) -> Vec<Found> {
    let links = frame.navigation.iter().flat_map(|(_, links)| links);
    links
        .filter(|link| matches(link.words, query))
        .map(|link| Found {
            name: link.words.to_owned(),
            what: "Page".to_owned(),
            icon: link.icon,
            href: link.href.clone(),
        })
        .collect()
}

fn records(viewer: &Viewer, query: &str) -> Vec<Found> {
    let Some(snapshot) = viewer.ctx.snapshot().filter(|_| !query.is_empty()) else {
        return Vec::new();
    };
    let of_kind = |(kind, icon): (Kind, &'static str)| {
        let records = snapshot.model.records(kind).into_iter();
        records
            .filter_map(move |record| {
                let (key, name) = named(&record)?;
                (matches(&name, query) || key == query).then_some((kind, icon, key, name))
            })
            .take(FOUND_MAX + 1)
            .collect::<Vec<_>>()
    };
    let found = KINDS.into_iter().flat_map(of_kind);
    found
        .filter_map(|(kind, icon, key, name)| {
            Some(Found {
                name,
                what: words::sentence(kind.word()),
                icon,
                href: links::record(&viewer.place, kind, &key)?,
            })
        })
        .collect()
}

fn named(record: &AnyRecord) -> Option<(String, String)> {
    Some(match record {
        AnyRecord::Objective(record) => (record.key.to_string(), record.name.clone()),
        AnyRecord::Outcome(record) => (record.key.to_string(), record.name.clone()),
        AnyRecord::Behaviour(record) => (record.key.to_string(), record.name.clone()),
        AnyRecord::Measure(record) => (record.key.to_string(), record.name.clone()),
        AnyRecord::Initiative(record) => (record.key.to_string(), record.name.clone()),
        AnyRecord::Unit(record) => (record.key.to_string(), record.name.clone()),
        AnyRecord::Person(record) => (record.key.to_string(), record.name.clone()),
        _ => return None,
    })
}
