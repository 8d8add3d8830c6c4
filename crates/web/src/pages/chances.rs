//! How often the chances came true that were said at a unit.

use askama::Template;
use throughline_app::insight::{
    MONTHS_BACK, ReadTrack, about_track, chances_come_true, said_in_words,
};
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
    /// What the table is of, or why there is none, in sentences.
    pub about: Vec<String>,
    /// Chances that are near each other.
    pub rows: Vec<Row>,
}

/// Chances that are near each other.
#[derive(Debug, Clone)]
pub struct Row {
    /// From which chance to which was said.
    pub said: String,
    /// How many times.
    pub count: String,
    /// Of how many targets.
    pub targets: String,
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
        about: about_track(&read),
        rows: rows(&read),
    })
}

fn rows(read: &ReadTrack) -> Vec<Row> {
    let bins = read.track.iter().flat_map(|track| &track.bins);
    bins.map(|bin| Row {
        said: words::sentence(&said_in_words(bin)),
        count: words::grouped(bin.count as u64),
        targets: words::grouped(bin.targets as u64),
        came_true: numbers::share(Some(bin.came_true)),
    })
    .collect()
}
