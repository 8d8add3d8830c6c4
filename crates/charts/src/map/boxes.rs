//! The boxes of the map: name on up to two lines, status as sign and word, figures.

use super::MapNode;
use super::place::NODE_WIDTH_MAX;
use crate::svg::{Anchor, Rect, Svg, escape};
use crate::text::{Style, width, wrap, wrap_evenly};

/// From the top of a box to its first base line, and the heights of lines.
const FIRST_LINE: f64 = 18.0;
const NAME_LINE: f64 = 15.0;
const AFTER_NAME: f64 = 15.0;
const DETAIL_LINE: f64 = 14.0;
const BELOW_TEXT: f64 = 7.0;
/// Boxes narrower than this have their sign beside the word, which leaves the name its full width.
const ROOMY: f64 = 220.0;
const GLYPH: f64 = 14.0;
const SMALL_GLYPH: f64 = 12.0;

/// The height of a box with one line of name and no more than a status.
pub(super) const HEIGHT_MIN: f64 = FIRST_LINE + AFTER_NAME + BELOW_TEXT;

const _: () = assert!(ROOMY < NODE_WIDTH_MAX, "the widest boxes are roomy");

/// The words in a box, broken into lines.
pub(super) struct BoxText {
    names: Vec<String>,
    /// Whether the name goes on after what is shown.
    is_shortened: bool,
    /// What stands behind the status word on its line.
    beside_word: Option<String>,
    more: Vec<String>,
}

impl BoxText {
    pub(super) fn of(node: &MapNode, box_width: f64) -> Self {
        let room = box_width - text_left(box_width) - 10.0;
        let name_room = box_width - name_left(box_width) - 10.0;
        let after_word = room - width(node.status.word(), Style::StatusWord) - 6.0;
        let fits = !node.figure.is_empty() && width(&node.figure, Style::Figure) <= after_word;
        let below = (!fits).then_some(&node.figure);
        let lines = |text: &String| whole_lines(text, name_room);
        let names = wrap_evenly(&node.name, Style::NodeName, name_room, 2);
        Self {
            is_shortened: !is_whole(&names, &node.name),
            names,
            beside_word: fits.then(|| node.figure.clone()),
            more: below
                .into_iter()
                .chain([&node.note])
                .flat_map(lines)
                .collect(),
        }
    }

    pub(super) fn height(&self) -> f64 {
        let names = self.names.len().max(1) as f64 - 1.0;
        FIRST_LINE
            + names * NAME_LINE
            + AFTER_NAME
            + self.more.len() as f64 * DETAIL_LINE
            + BELOW_TEXT
    }
}

/// Figures on up to two lines, or not at all: a shortened number would be another number.
fn whole_lines(text: &str, room: f64) -> Vec<String> {
    let lines = wrap(text, Style::Figure, room, 2);
    if is_whole(&lines, text) {
        lines
    } else {
        Vec::new()
    }
}

fn is_whole(lines: &[String], text: &str) -> bool {
    text.split_whitespace()
        .eq(lines.iter().flat_map(|line| line.split_whitespace()))
}

fn is_roomy(box_width: f64) -> bool {
    box_width >= ROOMY
}

fn name_left(box_width: f64) -> f64 {
    if is_roomy(box_width) { 34.0 } else { 12.0 }
}

/// Where the status word begins: behind the sign, which stands before the name or before the word.
fn text_left(box_width: f64) -> f64 {
    if is_roomy(box_width) {
        34.0
    } else {
        12.0 + SMALL_GLYPH + 6.0
    }
}

/// How a node stands on a map of which something was picked.
#[derive(Clone, Copy)]
pub(super) enum Stand {
    /// As all do where nothing was, or back.
    Plain,
    /// Out.
    Out,
    /// Out, as what was picked.
    Picked,
}

impl Stand {
    fn class(self) -> &'static str {
        match self {
            Stand::Plain => "m-node",
            Stand::Out | Stand::Picked => "m-node hot",
        }
    }

    fn current(self) -> &'static str {
        match self {
            Stand::Picked => r#" aria-current="true""#,
            Stand::Plain | Stand::Out => "",
        }
    }
}

/// Draws a node into its frame; with a link, the box is one.
pub(super) fn draw(svg: &mut Svg, node: &MapNode, text: &BoxText, (frame, stand): (Rect, Stand)) {
    let key = escape(&node.key);
    let (class, current) = (stand.class(), stand.current());
    let (before, after) = match &node.href {
        Some(href) => (
            format!(
                r#"<a class="{class}" href="{}" data-id="{key}"{current}>"#,
                escape(href)
            ),
            "</a>",
        ),
        None => (format!(r#"<g class="{class}" data-id="{key}">"#), "</g>"),
    };
    svg.within(&before, after, |svg| {
        if text.is_shortened {
            svg.raw(&format!(
                "<title>{}, {}</title>",
                escape(&node.name),
                node.status.word()
            ));
        }
        svg.rect("m-box", frame, 9.0);
        let Rect {
            x,
            y,
            width,
            height,
        } = frame;
        let ring = Rect {
            x: x - 3.0,
            y: y - 3.0,
            width: width + 6.0,
            height: height + 6.0,
        };
        svg.rect("m-focus", ring, 11.0);
        draw_text(svg, node, text, frame);
    });
}

fn draw_text(svg: &mut Svg, node: &MapNode, text: &BoxText, frame: Rect) {
    let x = frame.x + name_left(frame.width);
    let mut y = frame.y + FIRST_LINE;
    for (index, name) in text.names.iter().enumerate() {
        if index > 0 {
            y += NAME_LINE;
        }
        svg.whole_label(Style::NodeName, Anchor::Start, x, y, name);
    }
    y += AFTER_NAME;
    let word_left = frame.x + text_left(frame.width);
    if is_roomy(frame.width) {
        node.status.draw(svg, frame.x + 12.0, frame.y + 6.5, GLYPH);
    } else {
        node.status.draw(svg, x, y - SMALL_GLYPH + 2.0, SMALL_GLYPH);
    }
    svg.status_word(node.status, word_left, y);
    if let Some(figure) = &text.beside_word {
        let after = word_left + width(node.status.word(), Style::StatusWord) + 6.0;
        svg.whole_label(Style::Figure, Anchor::Start, after, y, figure);
    }
    for line in &text.more {
        y += DETAIL_LINE;
        svg.whole_label(Style::Figure, Anchor::Start, x, y, line);
    }
}
