//! Links to what records have pages: none where the page has no route yet.

use throughline_app::may_see_line_of;
use throughline_core::LinkId;
use throughline_model::observation::Cell;
use throughline_model::records::Person;
use throughline_model::{Entry, Kind, Model};

use crate::place::{Place, encoded};
use crate::routes::path_of;
use crate::viewer::Viewer;

/// The page of a record.
#[must_use]
pub fn record(place: &Place, kind: Kind, key: &str) -> Option<String> {
    match kind {
        // A unit is a place to look at and no page of its own.
        Kind::Unit => Some(place.at_unit(key).href("/strategy")),
        // A link is called by what it connects, `cause>effect`.
        _ => Some(place.href(&path_of_record(kind, key)?)),
    }
}

/// The path of the page of a record, without a place.
pub(super) fn path_of_record(kind: Kind, key: &str) -> Option<String> {
    Some(path_of(kind.word())?.replace("{key}", &encoded(key)))
}

/// The page of a measure.
#[must_use]
pub fn measure(place: &Place, key: &str) -> Option<String> {
    record(place, Kind::Measure, key)
}

/// The page of a link of the map: what its grade rests on.
#[must_use]
pub fn link(place: &Place, model: &Model, link: LinkId) -> Option<String> {
    let key = model.key_of(Kind::Link, link.as_uuid())?;
    record(place, Kind::Link, &key)
}

/// The page of an objective.
#[must_use]
pub fn objective(place: &Place, key: &str) -> Option<String> {
    record(place, Kind::Objective, key)
}

/// The line of sight of a person, for whoever may see it.
pub async fn line_of_sight(viewer: &Viewer, person: &Entry<Person>) -> Option<String> {
    let path = path_of("line_of_sight_of")?.replace("{key}", person.key.as_str());
    // It stands at the person's own unit, wherever one came from.
    let place = Place {
        unit: None,
        ..viewer.place.clone()
    };
    may_see_line_of(&viewer.ctx, person)
        .await
        .then(|| place.href(&path))
}

/// The page that says why a number is what it is.
#[must_use]
pub fn explanation(place: &Place, measure: &str) -> Option<String> {
    Some(place.href(&path_of("explanation")?.replace("{key}", measure)))
}

/// The page of the route of that name, at a place.
#[must_use]
pub fn page(place: &Place, name: &str) -> Option<String> {
    path_of(name).map(|path| place.href(path))
}

/// Who changed a record, for whoever may see it.
#[must_use]
pub fn history_of(viewer: &Viewer, kind: Kind, key: &str) -> Option<String> {
    let path = path_of("history").filter(|_| viewer.ctx.may_read_history())?;
    let record = format!("{}/{key}", kind.word());
    Some(viewer.place.href_with(path, &[("record", &record)]))
}

/// The page of a commit.
#[must_use]
pub fn commit(place: &Place, number: u64) -> Option<String> {
    Some(place.href(&path_of("commit")?.replace("{number}", &number.to_string())))
}

/// Every value that was recorded in a cell.
#[must_use]
pub fn observation(place: &Place, model: &Model, cell: &Cell) -> Option<String> {
    let measure = model.measures().get(cell.measure)?;
    let unit = model.units().get(cell.unit)?;
    let path = path_of("observation")?.replace("{key}", measure.key.as_str());
    let period = model.calendar().name(&cell.period);
    Some(
        place
            .at_unit(unit.key.as_str())
            .in_period(period)
            .href(&path),
    )
}

/// Where another figure is put in the place of that of a cell.
pub fn correction(place: &Place, model: &Model, cell: &Cell) -> Option<String> {
    let measure = model.measures().get(cell.measure)?;
    let unit = model.units().get(cell.unit)?;
    let period = model.calendar().name(&cell.period);
    let named = [measure.key.as_str(), unit.key.as_str(), &period].join("/");
    Some(place.href_with(path_of("due")?, &[("change", &named)]))
}
