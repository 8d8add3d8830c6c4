//! The table of a measure by the units below, on the page of the measure: how it stands at each, and where that is asked for
//! what its points say there.

use throughline_app::words;
use throughline_app::{BELOW_MAX, Below, ReadMeasure, trends_at};
use throughline_core::UnitId;
use throughline_model::Entry;
use throughline_model::records::Measure;

use super::links;
use crate::error::WebError;
use crate::parts::pages::{Pages, Stretch};
use crate::parts::readings::{ReadingRow, Readings};
use crate::place::Place;
use crate::viewer::Viewer;

/// The units below that are shown.
pub(super) fn units(read: &ReadMeasure, measure: &Entry<Measure>, place: &Place) -> Readings {
    let model = &read.selected.model;
    let key = measure.key.as_str();
    let row = |(unit, reading): &(_, _)| {
        let unit = model.units().get(*unit)?;
        let there = place.at_unit(unit.key.as_str());
        Some(ReadingRow::of(
            reading,
            measure,
            unit.name.clone(),
            links::measure(&there, key)?,
            links::explanation(&there, key),
        ))
    };
    Readings {
        about: format!("{} by unit", measure.name),
        of: "Unit",
        rows: read.below.readings.iter().filter_map(row).collect(),
    }
}

/// The ways to the other units below.
pub(super) fn pages(viewer: &Viewer, below: &Below) -> Pages {
    let stretch = Stretch::of(Some(below.first), BELOW_MAX, below.all);
    stretch.pages("Units", |row| {
        let state = [("below", &*row.to_string())];
        format!("{}#below", viewer.place.href_with(&viewer.path, &state))
    })
}

/// The page with what the points of the units below say, of the same ones: that takes long to work out for many units, so
/// that whoever wants it asks.
pub(super) fn signals_link(viewer: &Viewer, first: Option<usize>) -> String {
    let first = first.map(|first| first.to_string());
    let below = first.as_deref().map(|first| ("below", first));
    let asked: Vec<(&str, &str)> = below.into_iter().chain([("signals", "units")]).collect();
    format!("{}#below", viewer.place.href_with(&viewer.path, &asked))
}

/// Says of each unit what its points say; while some of that is being worked out the page says so, and asks again.
pub(super) async fn tell_signals(
    viewer: &Viewer,
    read: &ReadMeasure,
    table: &mut Readings,
) -> Result<(), WebError> {
    let units: Vec<UnitId> = read.below.readings.iter().map(|(unit, _)| *unit).collect();
    let meant = &read.selected;
    let trends = trends_at(&viewer.ctx, meant, read.measure, &units).await?;
    for (row, trend) in table.rows.iter_mut().zip(trends) {
        row.signal = match trend {
            Some(trend) => {
                let verdict = trend.verdict(&meant.period);
                verdict.map_or_else(String::new, |one| words::sentence(one.words()))
            }
            None => "Not worked out yet".to_owned(),
        };
    }
    Ok(())
}
