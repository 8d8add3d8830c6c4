//! The notes on a time chart: a flag with a letter above the plot, and a line from it down to the value.

use super::Line;
use super::draw::Plot;
use super::strokes::Stroke;
use crate::svg::{Anchor, Path, Rect, Svg};
use crate::text::{self, Style};

/// The height of a flag, and its least width.
const SIDE: f64 = 14.0;
/// The top of flags: below the word of a unit, above the plot.
const FLAG_TOP: f64 = 16.0;
/// Between a letter and the edge of its flag.
const PADDING: f64 = 3.0;
/// Between two flags.
const APART: f64 = 2.0;
/// From a flag's line to the value it leads to.
const ABOVE_VALUE: f64 = 7.0;

/// A flag, with the letters of all notes of its period.
struct Flag {
    place: usize,
    letters: String,
    left: f64,
}

impl Flag {
    fn width(&self) -> f64 {
        (text::width(&self.letters, Style::Flag) + 2.0 * PADDING).max(SIDE)
    }

    fn middle(&self) -> f64 {
        self.left + self.width() / 2.0
    }
}

impl Plot<'_> {
    /// The flags, apart from each other; where there are more than have room, the newest.
    pub(super) fn notes(&self, svg: &mut Svg) {
        for flag in self.flags() {
            let mut line = Path::new();
            for ((from_x, from_y), (x, y)) in self.lines_of_flag(&flag) {
                line.move_to(from_x, from_y).line_to(x, y);
            }
            svg.path("c-flag-l", &line);
            let place = Rect {
                x: flag.left,
                y: FLAG_TOP,
                width: flag.width(),
                height: SIDE,
            };
            svg.rect("c-flag", place, 3.5);
            let base_line = FLAG_TOP + SIDE - 3.2;
            svg.whole_label(
                Style::Flag,
                Anchor::Middle,
                flag.middle(),
                base_line,
                &flag.letters,
            );
        }
    }

    /// What leads from a flag to its value: first aside where it gave way to another, then straight down.
    fn lines_of_flag(&self, flag: &Flag) -> Vec<Stroke> {
        let x = self.bands.middle(flag.place);
        let aside = ((flag.middle(), FLAG_TOP + SIDE), (x, self.top));
        let value = Line::Actual.of(&self.chart.points[flag.place]);
        let end = value.map_or(self.bottom(), |value| self.value.at(value) - ABOVE_VALUE);
        let down = (end > self.top).then_some(((x, self.top), (x, end)));
        [Some(aside), down].into_iter().flatten().collect()
    }

    /// The lines of all flags.
    pub(super) fn lines_of_flags(&self) -> impl Iterator<Item = Stroke> + '_ {
        let flags = self.flags().into_iter();
        flags.flat_map(move |flag| self.lines_of_flag(&flag))
    }

    fn flags(&self) -> Vec<Flag> {
        let mut flags: Vec<Flag> = Vec::new();
        let notes = self.chart.notes.iter();
        for note in notes.filter(|note| note.place < self.chart.points.len()) {
            match flags.last_mut() {
                Some(flag) if flag.place == note.place => flag.letters.push(note.letter),
                _ => flags.push(Flag {
                    place: note.place,
                    letters: note.letter.to_string(),
                    left: 0.0,
                }),
            }
        }
        // From the right, so that it is the oldest that have no room.
        let mut most = self.right;
        for flag in flags.iter_mut().rev() {
            let width = flag.width();
            flag.left = (self.bands.middle(flag.place) - width / 2.0).min(most - width);
            most = flag.left - APART;
        }
        flags.retain(|flag| flag.left >= 0.0);
        flags
    }
}
