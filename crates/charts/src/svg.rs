//! SVG text, written in one place: escaping, numbers with at most two decimals, and the frame around each drawing.

use std::fmt::{self, Display, Write};

use crate::glyph::Status;
use crate::text::{Style, fit, width};

/// A number in a drawing: at most two decimals, no trailing zeros; what is not finite is 0.
#[derive(Clone, Copy)]
pub(crate) struct Coordinate(pub f64);

impl Display for Coordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100.0).round();
        // Adding zero turns negative zero into zero. What is not finite cannot be drawn; callers leave it out before.
        let value = if hundredths.is_finite() {
            hundredths / 100.0 + 0.0
        } else {
            0.0
        };
        write!(f, "{value}")
    }
}

/// The text with what XML reserves written as entities, and what XML forbids as spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            _ if character.is_control() => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

/// A rectangle: left, top, width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    fn right(&self) -> f64 {
        self.x + self.width
    }

    fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(crate) fn touches(&self, other: &Rect) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    fn is_inside(&self, other: &Rect) -> bool {
        self.x >= other.x
            && self.right() <= other.right()
            && self.y >= other.y
            && self.bottom() <= other.bottom()
    }
}

/// Where a label lies: from the height of its capitals to a little below its base line.
pub(crate) fn label_box(style: Style, anchor: Anchor, x: f64, y: f64, text: &str) -> Rect {
    let width = width(text, style);
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    Rect {
        x: left,
        y: y - style.size() * 0.8,
        width,
        height: style.size(),
    }
}

/// Which point of a label its x means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The commands of a path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path(String);

impl Path {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(&mut self, command: char, numbers: &[f64]) -> &mut Self {
        self.0.push(command);
        for (index, number) in numbers.iter().enumerate() {
            if index > 0 {
                self.0.push(' ');
            }
            // Writing to a string cannot fail.
            let _ = write!(self.0, "{}", Coordinate(*number));
        }
        self
    }

    pub(crate) fn move_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.push('M', &[x, y])
    }

    pub(crate) fn line_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.push('L', &[x, y])
    }

    pub(crate) fn curve_to(&mut self, a: (f64, f64), b: (f64, f64), end: (f64, f64)) -> &mut Self {
        self.push('C', &[a.0, a.1, b.0, b.1, end.0, end.1])
    }

    pub(crate) fn across_to(&mut self, x: f64) -> &mut Self {
        self.push('H', &[x])
    }

    pub(crate) fn down_to(&mut self, y: f64) -> &mut Self {
        self.push('V', &[y])
    }

    pub(crate) fn close(&mut self) -> &mut Self {
        self.0.push('Z');
        self
    }
}

/// A drawing as it is being made.
pub(crate) struct Svg {
    body: String,
    /// Where labels are already.
    labels: Vec<Rect>,
}

impl Svg {
    pub(crate) fn new() -> Self {
        Self {
            body: String::new(),
            labels: Vec::new(),
        }
    }

    /// Adds markup that is already SVG.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    pub(crate) fn path(&mut self, class: &str, path: &Path) {
        if !path.is_empty() {
            self.raw(&format!(r#"<path class="{class}" d="{}"/>"#, path.0));
        }
    }

    pub(crate) fn rect(&mut self, class: &str, rect: Rect, radius: f64) {
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        let [x, y, width, height, radius] = [x, y, width.max(0.0), height, radius].map(Coordinate);
        let rounding = if radius.0 > 0.0 {
            format!(r#" rx="{radius}""#)
        } else {
            String::new()
        };
        self.raw(&format!(
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"{rounding}/>"#
        ));
    }

    pub(crate) fn circle(&mut self, class: &str, x: f64, y: f64, radius: f64) {
        let [x, y, radius] = [x, y, radius].map(Coordinate);
        self.raw(&format!(
            r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}"/>"#
        ));
    }

    /// A line of text, shortened to the width given, or left out if nothing of it fits. `y` is its base line.
    pub(crate) fn label(
        &mut self,
        style: Style,
        anchor: Anchor,
        x: f64,
        y: f64,
        width: f64,
        text: &str,
    ) {
        if let Some(shown) = fit(text, style, width) {
            self.whole_label(style, anchor, x, y, &shown);
        }
    }

    /// A line of text that is known to fit.
    pub(crate) fn whole_label(&mut self, style: Style, anchor: Anchor, x: f64, y: f64, text: &str) {
        self.labels.push(label_box(style, anchor, x, y, text));
        self.write_label(style.class(), anchor, x, y, text);
    }

    /// A status in words, in its colour.
    pub(crate) fn status_word(&mut self, status: Status, x: f64, y: f64) {
        let class = format!("{} w-{}", Style::StatusWord.class(), status.class());
        self.write_label(&class, Anchor::Start, x, y, status.word());
    }

    /// A line of text among lines, if it touches no label drawn before and stays within the box; whether it did.
    pub(crate) fn free_label(
        &mut self,
        style: Style,
        anchor: Anchor,
        (x, y): (f64, f64),
        within: Rect,
        text: &str,
    ) -> bool {
        let place = label_box(style, anchor, x, y, text);
        let is_free = self.is_free(&place, &within);
        if is_free {
            self.labels.push(place);
            self.write_label(&format!("{} c-halo", style.class()), anchor, x, y, text);
        }
        is_free
    }

    /// Whether a label here would touch none drawn before, and stay within the box.
    pub(crate) fn is_free(&self, place: &Rect, within: &Rect) -> bool {
        place.is_inside(within) && !self.labels.iter().any(|label| place.touches(label))
    }

    fn write_label(&mut self, class: &str, anchor: Anchor, x: f64, y: f64, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let (x, y, text) = (Coordinate(x), Coordinate(y), escape(text));
        self.raw(&format!(
            r#"<text class="{class}" x="{x}" y="{y}"{anchor}>{text}</text>"#
        ));
    }

    /// Everything between `before` and `after`, such as a group or a link.
    pub(crate) fn within(&mut self, before: &str, after: &str, draw: impl FnOnce(&mut Self)) {
        self.raw(before);
        draw(self);
        self.raw(after);
    }

    /// The finished drawing of something that stands beside it in words: nothing for a screen reader.
    pub(crate) fn finish_hidden(self, class: &str, width: f64, height: f64) -> String {
        let (width, height) = (Coordinate(width), Coordinate(height));
        let body = self.body;
        format!(
            r#"<svg class="{class}" viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false">{body}</svg>"#
        )
    }

    /// The finished drawing. An image is one thing to a screen reader; a group (`parts`) has parts of its own.
    pub(crate) fn finish(self, frame: &Frame<'_>) -> String {
        let Frame {
            class,
            width,
            height,
            title,
            description,
            parts,
        } = *frame;
        let (width, height) = (Coordinate(width), Coordinate(height));
        let (title, description) = (escape(title), escape(description));
        let role = if parts { "group" } else { "img" };
        let body = self.body;
        format!(
            r#"<svg class="{class}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="{role}"><title>{title}</title><desc>{description}</desc>{body}</svg>"#
        )
    }
}

/// What stands around a drawing.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub class: &'a str,
    /// In pixels; also the view box.
    pub width: f64,
    pub height: f64,
    pub title: &'a str,
    pub description: &'a str,
    /// Whether its parts are links of their own.
    pub parts: bool,
}

#[cfg(test)]
mod tests {
    use super::{Coordinate, escape};

    #[test]
    fn numbers_have_at_most_two_decimals() {
        let check =
            |number: f64, expected: &str| assert_eq!(Coordinate(number).to_string(), expected);
        check(1.0, "1");
        check(-0.001, "0");
        check(12.345, "12.35");
        check(-3.5, "-3.5");
        check(f64::NAN, "0");
        check(f64::INFINITY, "0");
    }

    #[test]
    fn text_is_escaped() {
        let check = |text: &str, expected: &str| assert_eq!(escape(text), expected);
        check("Fix & <find>", "Fix &amp; &lt;find&gt;");
        check("\"it's\"", "&quot;it&#39;s&quot;");
        check("a\u{0}b\nc", "a b c");
    }
}
