//! Colours that stand for a status, as on a traffic light.

use crate::book::At;
use crate::columns::Column;
use crate::facts::Reading;

/// A colour that stands for a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// It is as it should be.
    Green,
    /// It is nearly so.
    Amber,
    /// It is not.
    Red,
}

impl Light {
    /// The light that a fill is by its hue, also a pale one; nothing if it is blue, grey or another that says no status.
    pub fn of((red, green, blue): (u8, u8, u8)) -> Option<Light> {
        /// How far apart the parts of a colour are at least that is no grey.
        const CHROMA_LEAST: f64 = 35.0;
        let [red, green, blue] = [red, green, blue].map(f64::from);
        let most = red.max(green).max(blue);
        let chroma = most - red.min(green).min(blue);
        if chroma < CHROMA_LEAST {
            return None;
        }
        // The hue in degrees: https://www.w3.org/TR/css-color-4/#rgb-to-hsl
        let hue = if most == red {
            (green - blue) / chroma * 60.0
        } else if most == green {
            (blue - red) / chroma * 60.0 + 120.0
        } else {
            (red - green) / chroma * 60.0 + 240.0
        };
        match hue.rem_euclid(360.0) {
            hue if !(17.0..340.0).contains(&hue) => Some(Light::Red),
            hue if (17.0..72.0).contains(&hue) => Some(Light::Amber),
            hue if (72.0..175.0).contains(&hue) => Some(Light::Green),
            _ => None,
        }
    }

    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Light::Green => "green",
            Light::Amber => "amber",
            Light::Red => "red",
        }
    }
}

/// The empty cells of a row, below a heading, with the colour of a status. A row that has one colour from its label on is a
/// band that groups the rows below.
pub fn colours(reading: &Reading<'_>, row: u32, columns: &[Column]) -> Vec<At> {
    let sheet = reading.sheet.1;
    let label = sheet.row(row).next().and_then(|(_, cell)| cell.fill);
    let cells = columns.iter().map(|column| At {
        row,
        column: column.column,
    });
    let filled: Vec<(At, (u8, u8, u8))> = cells
        .filter_map(|at| Some((at, *sheet.coloured.get(&at)?)))
        .collect();
    let is_band = filled.iter().all(|(_, fill)| Some(*fill) == label);
    let lights = filled
        .into_iter()
        .filter(|(_, fill)| Light::of(*fill).is_some());
    match is_band {
        true => Vec::new(),
        false => lights.map(|(at, _)| at).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_of_spreadsheets_are_lights() {
        let of = |rgb: u32| {
            let [_, red, green, blue] = rgb.to_be_bytes();
            Light::of((red, green, blue))
        };
        for green in [0x00B050, 0x92D050, 0xC6EFCE, 0x00FF00] {
            assert_eq!(of(green), Some(Light::Green), "{green:x}");
        }
        for amber in [0xFFC000, 0xFFFF00, 0xFFEB9C, 0xFFA500] {
            assert_eq!(of(amber), Some(Light::Amber), "{amber:x}");
        }
        for red in [0xFF0000, 0xC00000, 0xFFC7CE] {
            assert_eq!(of(red), Some(Light::Red), "{red:x}");
        }
        for other in [0x4472C4, 0xD9D9D9, 0xDDEBF7, 0x7030A0] {
            assert_eq!(of(other), None, "{other:x}");
        }
    }
}
