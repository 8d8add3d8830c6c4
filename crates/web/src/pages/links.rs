//! Links to what records have pages: none where the page has no route yet.

use throughline_model::Kind;

use crate::place::Place;
use crate::routes::path_of;

/// The page of a record.
#[must_use]
pub fn record(place: &Place, kind: Kind, key: &str) -> Option<String> {
    match kind {
        // A unit is a place to look at and no page of its own.
        Kind::Unit => Some(place.at_unit(key).href("/strategy")),
        _ => Some(place.href(&path_of(kind.word())?.replace("{key}", key))),
    }
}

/// The page of a measure.
#[must_use]
pub fn measure(place: &Place, key: &str) -> Option<String> {
    record(place, Kind::Measure, key)
}

/// The page of an objective.
#[must_use]
pub fn objective(place: &Place, key: &str) -> Option<String> {
    record(place, Kind::Objective, key)
}
