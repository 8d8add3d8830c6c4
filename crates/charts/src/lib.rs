//! Charts and the map as SVG text: plain numbers and labels in, drawings out.
//!
//! This room is pure and knows no records: whoever shows a page turns readings into the plain structs here. A drawing
//! has class names only, no `style=` and no colour, so that it follows the theme, prints, and meets a strict content
//! policy; `charts.css` ([`STYLES`]) has a rule for each class. Every label is measured before it is drawn: what does
//! not fit its box is shortened with `…`, and a number that does not fit is left out.

mod bullet;
mod chance_bar;
mod chart;
mod day;
mod effect_chart;
mod effect_mark;
mod glyph;
mod inter_widths;
mod map;
mod predicted_chart;
mod predicted_mark;
mod scale;
mod sparkline;
mod svg;
mod text;
mod time_chart;
mod timeline;
mod value_axis;
mod words;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod map_checks;
#[cfg(test)]
mod map_samples;
#[cfg(test)]
mod samples;

pub use bullet::{Better, Bullet};
pub use chance_bar::chance_bar;
pub use chart::{Chart, Width};
pub use day::Day;
pub use effect_chart::{Effect, EffectChart};
pub use effect_mark::effect_mark;
pub use glyph::{Evidence, Status};
pub use map::{
    LinkKind, ListedNode, MapLink, MapNode, MapOrder, MapRow, MapShape, Picked, PickedLinks,
    StrategyMap,
};
pub use predicted_chart::{Change, PredictedChart};
pub use predicted_mark::predicted_mark;
pub use sparkline::{Point, Says, Sparkline};
pub use time_chart::{Expected, NaturalLimits, Note, Signal, Step, TimeChart, TimePoint};
pub use timeline::{Milestone, Timeline, TimelineRow};

/// The rules for the classes that drawings use, as plain CSS in the layer `charts`. Colours are the variables of the
/// pages' tokens.
pub const STYLES: &str = include_str!("charts.css");
