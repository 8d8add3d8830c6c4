//! How often the chances came true that were said at a unit.

use askama::Template;
use throughline_app::insight::{MONTHS_BACK, ReadTrack, chances_come_true, track_in_words};
use throughline_app::words::{self, numbers};

use super::links;
use super::strategy::said_of;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "chances.html")]
pub struct ChancesPage {
    /// What is around it.
    pub frame: Frame,
    /// Which figures these are.
    pub said: String,
    /// The ends of how many months are looked at.
    pub months: i32,
    /// What came of it, in sentences.
    pub says: Vec<String>,
    /// Each range of chances.
    pub rows: Vec<Row>,
}

/// A range of chances.
#[derive(Debug, Clone)]
pub struct Row {
    /// From which chance to which.
    pub range: String,
    /// Their mean.
    pub said: String,
    /// How many were said.
    pub count: String,
    /// The share that came true.
    pub came_true: String,
}

/// Shows how often chances came true.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer) -> PageResult {
    let read = chances_come_true(&viewer.ctx, &viewer.place.selection()).await?;
    let title = "How often chances came true";
    page(&ChancesPage {
        frame: Frame::at(&viewer, Section::Measures, title.to_owned(), &read.selected)
            .below("Measures", links::page(&viewer.place, "measures"))
            .below(title, None),
        said: said_of(&read.selected),
        months: MONTHS_BACK,
        says: track_in_words(&read),
        rows: rows(&read),
    })
}

fn rows(read: &ReadTrack) -> Vec<Row> {
    let bins = read.track.iter().flat_map(|track| &track.bins);
    bins.map(|bin| Row {
        range: format!(
            "{} to {}",
            numbers::share(Some(bin.from)),
            numbers::share(Some(bin.from + 0.2))
        ),
        said: numbers::share(Some(bin.said)),
        count: words::grouped(bin.count as u64),
        came_true: numbers::share(Some(bin.came_true)),
    })
    .collect()
}
