//! A chance as a small bar: hatched, because it is of what is to come. It says nothing that does not stand beside it in words.

use crate::svg::{Path, Rect, Svg};

const WIDTH: f64 = 40.0;
const HEIGHT: f64 = 8.0;
/// From one stroke of the hatching to the next.
const STROKES: f64 = 3.5;

/// The bar of a chance in percent, as an `<svg>` element that readers of the page's text are not told of.
#[must_use]
pub fn chance_bar(percent: u8) -> String {
    let filled = WIDTH * f64::from(percent.min(100)) / 100.0;
    let mut hatching = Path::new();
    let mut x = 0.0;
    while x < filled {
        // Each stroke rises to the right by as much as there is room.
        let rise = (filled - x).min(HEIGHT);
        hatching.move_to(x, HEIGHT).line_to(x + rise, HEIGHT - rise);
        x += STROKES;
    }
    hatching.move_to(filled, 0.0).down_to(HEIGHT);
    let mut svg = Svg::new();
    let all = Rect {
        x: 0.0,
        y: 0.0,
        width: WIDTH,
        height: HEIGHT,
    };
    svg.rect("ch-bg", all, 0.0);
    svg.path("ch-hatch", &hatching);
    svg.finish_hidden("chance", WIDTH, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tags;

    #[test]
    fn the_bar_is_as_long_as_the_chance_is_large() {
        let end = |percent: u8| {
            let bar = chance_bar(percent);
            let tags = tags(&bar);
            let path = tags.iter().find_map(|tag| tag.get("d")).unwrap().to_owned();
            let last = path.rsplit('M').next().unwrap().to_owned();
            last.split([' ', 'V'])
                .next()
                .unwrap()
                .parse::<f64>()
                .unwrap()
        };
        assert_eq!(end(5), 2.0);
        assert_eq!(end(50), 20.0);
        assert_eq!(end(95), 38.0);
        assert_eq!(end(200), 40.0);
    }
}
