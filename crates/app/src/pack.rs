//! The pack of a review in plain words: what is printed before the meeting. Who prints it needs to know no records.
//!
//! It is made of what was known when the figures were frozen, and of nothing else, so that the same pack comes of it
//! whenever it is made again.

use jiff::Timestamp;
use serde::Serialize;

use crate::AppError;

/// A pack in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pack {
    /// The name of the organisation.
    pub organisation: String,
    /// The key of the review.
    pub key: String,
    /// The body and the day.
    pub title: String,
    /// Which figures these are, and when they were fixed.
    pub said: String,
    /// How the agenda came to be, and how long it takes.
    pub about: String,
    /// Who belongs to the body, who decides, how many make a quorum.
    pub people: String,
    /// Each item of the agenda, in its order.
    pub items: Vec<PackItem>,
    /// What is noted without discussion.
    pub notes: Vec<PackNote>,
    /// How many items the agenda had no place for.
    pub left_out: usize,
}

/// An item of the agenda.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PackItem {
    /// The heading under which it stands.
    pub group: String,
    /// What it is about.
    pub title: String,
    /// What is known of it in a line.
    pub short: String,
    /// The same in full, one sentence each.
    pub said: Vec<String>,
    /// Who answers for it.
    pub owner: String,
    /// Its status in words; empty where it has none.
    pub status: String,
    /// How many minutes it has.
    pub minutes: u16,
    /// Of a decision what was predicted against what is there, and its measure over time.
    pub charts: Vec<PackChart>,
    /// Its latest periods: name, value, target.
    pub periods: Vec<(String, String, String)>,
}

/// A drawing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PackChart {
    /// As SVG, with the classes of the charts.
    pub drawing: String,
    /// What it shows, for those who do not see it.
    pub description: String,
}

/// Something that is noted without discussion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PackNote {
    /// What it says in short.
    pub line: String,
    /// Each measure, with what is known of it.
    pub rows: Vec<(String, String)>,
    /// How many more there are.
    pub more: usize,
}

/// What prints a pack, dated by the instant at which its figures were frozen, with drawings by the rules of a style sheet
/// whose colours are written out. The same pack gives the same bytes.
pub type Printer = fn(pack: &Pack, styles: &str, frozen: Timestamp) -> Result<Vec<u8>, AppError>;
