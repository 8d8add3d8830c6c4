//! What colours say beside figures: nothing that is taken in, and where they say another thing than the target, that is told.

use std::collections::BTreeMap;

use jiff::civil::Date;
use throughline_model::records::Better;

use super::told::list;
use super::work::Work;
use super::{CellMeaning, Meaning};
use crate::draft::{Draft, DraftValue};
use crate::status::Light;

/// Why a cell is left out that has a colour and nothing else.
const COLOUR_ALONE: &str = "a colour without a figure: status is computed from values and targets";

impl Work<'_> {
    /// The cells that have nothing but the colour of a status.
    pub(super) fn coloured(&self) -> Vec<CellMeaning> {
        let cells = self.facts.coloured.iter().filter_map(|(sheet, at)| {
            let sheet = &self.book.sheets[*sheet];
            let light = Light::of(*sheet.coloured.get(at)?)?;
            Some(CellMeaning {
                sheet: sheet.name.clone(),
                cell: *at,
                found: light.word().to_owned(),
                meaning: Meaning::LeftOut {
                    because: COLOUR_ALONE.to_owned(),
                    doubted: None,
                },
            })
        });
        cells.collect()
    }

    /// Says where the colour of a value disagrees with its target: green and missed, or red and met.
    pub(super) fn say_disagreement(&mut self, draft: &Draft, cells: &[CellMeaning]) {
        let first = |value: &DraftValue| self.calendar.parse_period(&value.period).ok();
        let mut targets: BTreeMap<(&str, &str), Vec<(Date, f64)>> = BTreeMap::new();
        for target in &draft.targets {
            if let Some(period) = first(target) {
                let of = (target.measure.as_str(), target.unit.as_str());
                targets
                    .entry(of)
                    .or_default()
                    .push((period.first, target.value));
            }
        }
        let sheets = self.book.sheets.iter();
        let filled = sheets.flat_map(|sheet| sheet.cells.values().map(|cell| cell.fill));
        let measures = self.measures.iter();
        let better: BTreeMap<&str, &str> = measures
            .filter_map(|measure| Some((measure.key.as_str(), measure.better.as_deref()?)))
            .collect();
        let (mut compared, mut disagree) = (0, Vec::new());
        // Cells and their meanings stand in the same order.
        for (cell, fill) in cells.iter().zip(filled) {
            let (Meaning::Value(value), Some(light)) = (&cell.meaning, fill.and_then(Light::of))
            else {
                continue;
            };
            let points = targets.get(&(value.measure.as_str(), value.unit.as_str()));
            let day = first(value).map(|period| period.first);
            let point =
                points.and_then(|points| points.iter().rfind(|(from, _)| Some(*from) <= day));
            let Some((_, target)) = point.copied() else {
                continue;
            };
            let is_met = match better.get(value.measure.as_str()) {
                Some(word) if *word == Better::Higher.word() => value.value >= target,
                Some(word) if *word == Better::Lower.word() => value.value <= target,
                _ => continue,
            };
            compared += 1;
            if is_met != (light == Light::Green) && light != Light::Amber {
                disagree.push(format!(
                    "{}!{} is {} and {} {} {target}",
                    cell.sheet,
                    cell.cell,
                    light.word(),
                    value.value,
                    if is_met { "meets" } else { "misses" },
                ));
            }
        }
        if !disagree.is_empty() {
            let told = list(disagree.iter().map(String::as_str));
            let count = disagree.len();
            self.remarks.push(format!(
                "{count} of {compared} colours disagree with the target: {told}"
            ));
        }
    }
}
