//! Find: pages and records by a part of their name.

use askama::Template;
use serde::Deserialize;
use throughline_app::{FoundRecord, QUERY_LENGTH_MAX, Words, find, words};
use throughline_model::Kind;

use super::links;
use crate::address::Query;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::viewer::Viewer;

/// How many records are shown.
const FOUND_MAX: usize = 20;

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
    let mut all = pages(&frame, &Words::of(place_of(&query)));
    let records = find(&viewer.ctx, &query, FOUND_MAX + 1).await?;
    all.extend(records.iter().filter_map(|record| found(&viewer, record)));
    let is_more = all.len() > FOUND_MAX;
    all.truncate(FOUND_MAX);
    page(&FindPage {
        frame,
        query,
        found: all,
        is_more,
    })
}

/// What a command to go somewhere names: `map` of `go to map`. All else stays as it is.
fn place_of(query: &str) -> &str {
    let commands = [
        "go to the ",
        "go to ",
        "open the ",
        "open ",
        "show the ",
        "show ",
    ];
    let rest = commands.into_iter().find_map(|command| {
        let (said, rest) = query.split_at_checked(command.len())?;
        said.eq_ignore_ascii_case(command).then_some(rest)
    });
    rest.unwrap_or(query)
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

fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::Objective => "waypoints",
        Kind::Outcome => "target",
        Kind::Behaviour => "footprints",
        Kind::Measure => "chart-line",
        Kind::Initiative => "flag",
        Kind::Unit => "building-2",
        Kind::Person => "user-round",
        _ => "file-text",
    }
}

fn found(viewer: &Viewer, record: &FoundRecord) -> Option<Found> {
    Some(Found {
        name: record.name.clone(),
        what: words::sentence(record.kind.word()),
        icon: icon(record.kind),
        href: links::record(&viewer.place, record.kind, &record.key)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_to_go_somewhere_names_a_page() {
        assert_eq!(place_of("go to map"), "map");
        assert_eq!(place_of("Open the scorecard"), "scorecard");
        assert_eq!(place_of("open"), "open");
        assert_eq!(place_of("späte Ankunft"), "späte Ankunft");
    }
}
