//! An effect as a dot on its interval, beside no effect, for a row of a table. It says nothing that does not stand beside it
//! in words.

use crate::glyph::Evidence;
use crate::scale::finite;
use crate::svg::{Path, Svg};

const WIDTH: f64 = 72.0;
const HEIGHT: f64 = 14.0;
const DOT: f64 = 3.5;

/// The mark of an effect with its interval, as an `<svg>` element that readers of the page's text are not told of. Its middle
/// is no effect, its ends are effects of the size `most`, which rows that are compared have in common; what lies further
/// out stops there. Nothing where something is no number.
#[must_use]
pub fn effect_mark(effect: f64, interval: (f64, f64), most: f64, evidence: Evidence) -> String {
    let (low, high) = interval;
    let are_numbers = [effect, low, high, most]
        .iter()
        .all(|one| finite(Some(*one)).is_some());
    if !are_numbers || most <= 0.0 {
        return String::new();
    }
    let (middle, half) = (WIDTH / 2.0, WIDTH / 2.0 - DOT);
    let at = |size: f64| middle + half * (size / most).clamp(-1.0, 1.0);
    let mut svg = Svg::new();
    svg.path("c-axis", Path::new().move_to(middle, 0.0).down_to(HEIGHT));
    let line = HEIGHT / 2.0;
    svg.path(
        "m-l",
        Path::new().move_to(at(low), line).across_to(at(high)),
    );
    svg.circle("hd", at(effect), line, DOT);
    svg.finish_hidden(&format!("effect {}", evidence.class()), WIDTH, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tags;

    #[test]
    fn the_dot_stands_where_the_effect_is() {
        let dot = |effect: f64, most: f64| {
            let mark = effect_mark(
                effect,
                (effect - 0.1, effect + 0.1),
                most,
                Evidence::Supported,
            );
            if mark.is_empty() {
                return None;
            }
            let tags = tags(&mark);
            let at = tags.iter().find_map(|tag| tag.get("cx"));
            at.map(|at| at.parse::<f64>().unwrap())
        };
        assert_eq!(dot(0.0, 1.0), Some(36.0));
        assert_eq!(dot(1.0, 1.0), Some(68.5));
        assert_eq!(dot(-0.5, 1.0), Some(19.75));
        assert_eq!(dot(3.0, 1.0), Some(68.5));
        assert_eq!(dot(f64::NAN, 1.0), None);
        assert_eq!(dot(0.5, 0.0), None);
    }
}
