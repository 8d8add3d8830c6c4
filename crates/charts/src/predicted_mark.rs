//! A predicted change as a box from its least to its greatest, with the actual one as a dot, for a line of an agenda. It says
//! nothing that does not stand beside it in words.

use crate::scale::{Linear, finite};
use crate::svg::{Path, Svg};

const WIDTH: f64 = 110.0;
const HEIGHT: f64 = 14.0;
const DOT: f64 = 3.5;
/// Half the height of the box.
const HALF: f64 = 4.0;

/// The mark of a predicted change between its least and its greatest, as an `<svg>` element that readers of the page's text are
/// not told of; no change is a line across it. Without a dot as long as the actual change is not known; nothing where the
/// prediction is no number.
#[must_use]
pub fn predicted_mark(change: f64, (least, most): (f64, f64), actual: Option<f64>) -> String {
    let drawn = [change, least, most].map(|one| finite(Some(one)));
    let [Some(change), Some(least), Some(most)] = drawn else {
        return String::new();
    };
    let actual = finite(actual);
    let ends = [change, least, most, 0.0].into_iter().chain(actual);
    let line = Linear::nice(ends, 4, DOT, WIDTH - DOT);
    let middle = HEIGHT / 2.0;
    let mut svg = Svg::new();
    let none = line.at(0.0);
    svg.path("c-axis", Path::new().move_to(none, 0.0).down_to(HEIGHT));
    let (left, right) = (line.at(least), line.at(most));
    let mut range = Path::new();
    range.move_to(left, middle - HALF).across_to(right);
    range.down_to(middle + HALF).across_to(left);
    range.down_to(middle - HALF);
    let predicted = line.at(change);
    range
        .move_to(predicted, middle - HALF)
        .down_to(middle + HALF);
    svg.path("c-ac", &range);
    if let Some(actual) = actual {
        svg.circle("c-dot s", line.at(actual), middle, DOT);
    }
    svg.finish_hidden("predicted", WIDTH, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tags;

    #[test]
    fn the_dot_stands_where_the_actual_change_is() {
        let dot = |actual: Option<f64>| {
            let mark = predicted_mark(2.0, (1.0, 4.0), actual);
            let tags = tags(&mark);
            let at = tags.iter().find_map(|tag| tag.get("cx"));
            at.map(|at| at.parse::<f64>().unwrap())
        };
        // The line goes from 0 to 4 on 3.5 to 106.5.
        assert_eq!(dot(Some(0.0)), Some(3.5));
        assert_eq!(dot(Some(2.0)), Some(55.0));
        assert_eq!(dot(None), None);
        assert_eq!(dot(Some(f64::NAN)), None);
        assert_eq!(predicted_mark(f64::NAN, (0.0, 1.0), None), "");
    }
}
