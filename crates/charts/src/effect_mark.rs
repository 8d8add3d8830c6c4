//! An effect as a dot on its interval, beside no effect, for a row of a table, wide enough that a narrow interval is seen as
//! one. It says nothing that does not stand beside it in words.

use crate::glyph::Evidence;
use crate::scale::finite;
use crate::svg::{Path, Svg};

const WIDTH: f64 = 150.0;
const HEIGHT: f64 = 14.0;
const DOT: f64 = 3.0;
/// Half the height of the end of an interval.
const END: f64 = 4.0;

/// The mark of an effect with its interval, as an `<svg>` element that readers of the page's text are not told of. Its middle is no effect, its ends are effects of the size `most`, which rows that are compared have in
/// common; what lies further out stops there. Nothing where something is no number.
#[must_use]
pub fn effect_mark(effect: f64, interval: (f64, f64), most: f64, evidence: Evidence) -> String {
    let (low, high) = interval;
    let are_numbers = [effect, low, high, most]
        .iter()
        .all(|one| finite(Some(*one)).is_some());
    if !are_numbers || most <= 0.0 {
        return String::new();
    }
    let (middle, half, line) = (WIDTH / 2.0, WIDTH / 2.0 - DOT, HEIGHT / 2.0);
    let at = |size: f64| middle + half * (size / most).clamp(-1.0, 1.0);
    let mut svg = Svg::new();
    svg.path("c-axis", Path::new().move_to(middle, 0.0).down_to(HEIGHT));
    let mut interval = Path::new();
    interval.move_to(at(low), line).across_to(at(high));
    // An end that touches the dot would only make it shapeless.
    let ends = [at(low), at(high)].into_iter();
    for end in ends.filter(|end| (end - at(effect)).abs() > DOT + 1.0) {
        interval.move_to(end, line - END).down_to(line + END);
    }
    svg.path("m-l", &interval);
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
        assert_eq!(dot(0.0, 1.0), Some(75.0));
        assert_eq!(dot(1.0, 1.0), Some(147.0));
        assert_eq!(dot(-0.5, 1.0), Some(39.0));
        assert_eq!(dot(3.0, 1.0), Some(147.0));
        assert_eq!(dot(f64::NAN, 1.0), None);
        assert_eq!(dot(0.5, 0.0), None);
    }

    #[test]
    fn a_narrow_interval_is_wider_than_its_dot() {
        let mark = effect_mark(0.86, (0.8, 0.92), 0.96, Evidence::Supported);
        let tags = tags(&mark);
        let line = tags.iter().find(|tag| tag.get("class") == Some("m-l"));
        let path = line.unwrap().get("d").unwrap().strip_prefix('M').unwrap();
        let (from, rest) = path.split_once(' ').unwrap();
        let to = rest.split(['H', 'M']).nth(1).unwrap();
        let [from, to] = [from, to].map(|end| end.parse::<f64>().unwrap());
        assert!(to - from > 2.0 * DOT + 2.0, "{from} to {to}");
    }
}
