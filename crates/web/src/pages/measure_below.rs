//! The table of a measure by the units below, on the page of the measure: how it stands at each, and where that is asked for
//! what its points say there, and what is expected of it so that all add up.

use throughline_app::insight::{adds_over_units, forecasts_with_units, with_units_in_words};
use throughline_app::words::{self, numbers};
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
        expected_for: String::new(),
    }
}

/// What the address asks of the table.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// The place of the first unit; none from the beginning.
    pub first: Option<usize>,
    /// Whether what the points of each unit say is asked for.
    pub signals: bool,
    /// Whether what is expected of each unit is asked for.
    pub forecasts: bool,
}

impl Asked {
    fn href(self, viewer: &Viewer) -> String {
        let first = self.first.map(|first| first.to_string());
        let first = first.as_deref().map(|first| ("below", first));
        let signals = self.signals.then_some(("signals", "units"));
        let forecasts = self.forecasts.then_some(("forecasts", "units"));
        let asked: Vec<(&str, &str)> = [first, signals, forecasts].into_iter().flatten().collect();
        format!("{}#below", viewer.place.href_with(&viewer.path, &asked))
    }

    /// The ways to the other units below.
    pub(super) fn pages(self, viewer: &Viewer, below: &Below) -> Pages {
        let stretch = Stretch::of(Some(below.first), BELOW_MAX, below.all);
        stretch.pages("Units", |row| {
            let first = Some(row);
            Asked { first, ..self }.href(viewer)
        })
    }

    /// The page with more of the same units: what takes long to work out for many units is for whoever asks.
    pub(super) fn more(
        self,
        viewer: &Viewer,
        read: &ReadMeasure,
        measure: &Measure,
    ) -> Vec<(&'static str, String)> {
        let signals = Asked {
            signals: true,
            ..self
        };
        let forecasts = Asked {
            forecasts: true,
            ..self
        };
        // While the forecast is being worked out it is not known that there is none.
        let is_ahead = read.foresight.as_deref().is_none_or(Result::is_ok);
        [
            (!self.signals, "Which of them changed", signals),
            (
                !self.forecasts && is_ahead && adds_over_units(measure),
                "Forecasts of the units",
                forecasts,
            ),
        ]
        .into_iter()
        .filter(|(is_more, ..)| *is_more)
        .map(|(_, words, asked)| (words, asked.href(viewer)))
        .collect()
    }
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

/// Says of each unit what is expected of it by itself and brought together with the others, and in sentences how they were brought
/// together; while that is being worked out the page says so, and asks again.
pub(super) async fn tell_forecasts(
    viewer: &Viewer,
    read: &ReadMeasure,
    measure: &Measure,
    table: &mut Readings,
) -> Result<Vec<String>, WebError> {
    let (model, unit) = (&read.selected.model, read.selected.unit);
    let Some(brought) = forecasts_with_units(&viewer.ctx, read).await? else {
        let words = match viewer.ctx.waiting().has_failed() {
            true => "Forecasts of the units could not be worked out.",
            false => "Forecasts of the units are being worked out. They come by themselves.",
        };
        return Ok(vec![words.to_owned()]);
    };
    let how = with_units_in_words(&brought, model, unit);
    let outlook = read.foresight.as_deref().and_then(|one| one.as_ref().ok());
    let last = outlook.and_then(|outlook| outlook.expected.last());
    let (Ok(found), Some(last)) = (&*brought, last) else {
        return Ok(vec![how]);
    };
    let value = |of: &[f64]| numbers::short(of.last().copied(), measure);
    let by = words::period(&last.period, model.calendar());
    let forecasts = &found.forecasts;
    let of_series =
        |at: usize| Some([&forecasts.alone, &forecasts.together].map(|all| value(&all[at])));
    let rows = table.rows.iter_mut().zip(&read.below.readings);
    for (row, (unit, _)) in rows {
        let place = found.units.iter().position(|one| one == unit);
        row.expected = place.and_then(|place| of_series(place + 1));
    }
    table.expected_for = by.clone();
    let name = model.units().get(unit);
    let name = name.map_or("", |unit| unit.name.as_str());
    let whole = of_series(0).map(|[alone, together]| {
        format!("For {by}, {together} is expected of {name} with its units, and {alone} by itself.")
    });
    Ok(std::iter::once(how).chain(whole).collect())
}
