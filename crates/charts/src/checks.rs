//! What holds for every chart, whatever the numbers: well-formed SVG, classes that have a rule and nothing else for
//! looks, labels inside the drawing and apart from each other.

use std::collections::BTreeSet;

use crate::chart::{Chart, Width};
use crate::text::{Style, width};

/// Classes that the pages define.
const CLASSES_OF_PAGES: [&str; 7] = [
    "effects",
    "from-270",
    "from-600",
    "from-800",
    "from-940",
    "from-1080",
    "on-wall",
];

/// Half a rounding step of what is written, on each side.
const ROUNDING: f64 = 0.02;

/// An opening, closing or empty tag.
pub(crate) struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    /// The text up to the next tag.
    text: &'a str,
}

impl<'a> Tag<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.get(name).map_or(0.0, |value| value.parse().unwrap())
    }
}

/// The opening tags of the markup. Panics if it is not well formed.
pub(crate) fn tags(markup: &str) -> Vec<Tag<'_>> {
    let mut open = Vec::new();
    let mut tags = Vec::new();
    for piece in markup
        .strip_prefix('<')
        .expect("starts with a tag")
        .split('<')
    {
        let (tag, text) = piece.split_once('>').expect("each tag is closed");
        assert!(
            !text.contains('>') && entities_are_known(text),
            "text is escaped: {text}"
        );
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags are nested");
            continue;
        }
        let (inner, empty) = tag
            .strip_suffix('/')
            .map_or((tag, false), |inner| (inner, true));
        let (name, rest) = inner.split_once(' ').unwrap_or((inner, ""));
        let mut attributes = Vec::new();
        let mut rest = rest.trim();
        while !rest.is_empty() {
            let (key, after) = rest.split_once("=\"").expect("attributes are quoted");
            let (value, after) = after.split_once('"').expect("quotes are closed");
            assert!(entities_are_known(value), "attributes are escaped: {value}");
            attributes.push((key, value));
            rest = after.trim_start();
        }
        if !empty {
            open.push(name);
        }
        tags.push(Tag {
            name,
            attributes,
            text,
        });
    }
    assert!(open.is_empty(), "all tags are closed");
    tags
}

fn entities_are_known(text: &str) -> bool {
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    text.split('&')
        .skip(1)
        .all(|rest| known.iter().any(|entity| rest.starts_with(entity)))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Where a label lies: left, right, top and bottom.
#[derive(Debug)]
pub(crate) struct LabelBox {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub text: String,
}

pub(crate) fn label_boxes<'a>(tags: impl IntoIterator<Item = &'a Tag<'a>>) -> Vec<LabelBox> {
    let of = |tag: &Tag<'_>| {
        let class = tag.get("class").unwrap();
        let first = class.split(' ').next().unwrap();
        let style = Style::ALL
            .into_iter()
            .find(|style| style.class() == first)
            .expect("a text has a style");
        let text = unescape(tag.text);
        let (x, y, wide) = (tag.number("x"), tag.number("y"), width(&text, style));
        let left = match tag.get("text-anchor") {
            None => x,
            Some("middle") => x - wide / 2.0,
            Some(_) => x - wide,
        };
        // From the height of capitals to the base line: what must not touch.
        LabelBox {
            left,
            right: left + wide,
            top: y - style.size() * 0.75,
            bottom: y,
            text,
        }
    };
    let texts = tags.into_iter().filter(|tag| tag.name == "text");
    texts.map(of).collect()
}

/// Lines that a quiet label among them does not lie upon.
const LINES: [&str; 11] = [
    "c-ac", "c-edge", "c-fc", "c-flag-l", "c-floor", "c-lim", "c-mean", "c-now", "c-py", "c-step",
    "c-tgt",
];

/// The places from which and to which the straight strokes of a path go.
fn strokes(path: &str) -> Vec<[f64; 4]> {
    let starts = path.match_indices(|c: char| c.is_ascii_uppercase());
    let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([path.len()]);
    let (mut strokes, mut x, mut y) = (Vec::new(), 0.0, 0.0);
    for (start, end) in starts.iter().copied().zip(ends) {
        let (command, numbers) = path.get(start..end).unwrap().split_at(1);
        let numbers = numbers.split_whitespace();
        let numbers: Vec<f64> = numbers.map(|number| number.parse().unwrap()).collect();
        let (from_x, from_y) = (x, y);
        match (command, &numbers[..]) {
            ("M" | "L", [to_x, to_y]) => (x, y) = (*to_x, *to_y),
            ("H", [to]) => x = *to,
            ("V", [to]) => y = *to,
            other => panic!("unknown command {other:?}"),
        }
        if command != "M" {
            strokes.push([from_x, from_y, x, y]);
        }
    }
    strokes
}

/// Asserts that no line runs through a quiet label that stands among them. One that counts may have no other place.
fn labels_lie_upon_no_line(tags: &[Tag<'_>]) {
    let quiet = tags
        .iter()
        .filter(|tag| tag.get("class") == Some("c-lab c-halo"));
    let labels: Vec<LabelBox> = quiet.flat_map(|tag| label_boxes([tag])).collect();
    let lines = tags
        .iter()
        .filter(|tag| LINES.contains(&tag.get("class").unwrap_or_default()));
    for [from_x, from_y, to_x, to_y] in lines.flat_map(|line| strokes(line.get("d").unwrap())) {
        let is_far = |label: &&LabelBox| {
            from_x.max(to_x) <= label.left
                || from_x.min(to_x) >= label.right
                || from_y.max(to_y) <= label.top
                || from_y.min(to_y) >= label.bottom
        };
        for label in labels.iter().filter(|label| !is_far(label)) {
            // At so many places that none between them is as wide as a letter is high.
            let long = (to_x - from_x).hypot(to_y - from_y);
            let steps = (long / 4.0).ceil().clamp(1.0, 500.0);
            let is_crossed = (0..=steps as usize).any(|step| {
                let share = step as f64 / steps;
                let (x, y) = (
                    from_x + (to_x - from_x) * share,
                    from_y + (to_y - from_y) * share,
                );
                x > label.left && x < label.right && y > label.top && y < label.bottom
            });
            assert!(!is_crossed, "a line runs through {label:?}");
        }
    }
}

/// Numbers of an attribute that has numbers in it.
fn numbers_are_short(value: &str) -> bool {
    value
        .split(|character: char| !character.is_ascii_digit() && character != '.')
        // Compact paths write "1.2.7" for 1.2 and 0.7.
        .all(|number| {
            number
                .split('.')
                .skip(1)
                .all(|decimals| decimals.len() <= 2)
        })
}

fn classes_with_a_rule() -> BTreeSet<&'static str> {
    let starts = |piece: &'static str| {
        let end = piece
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(piece.len());
        piece.get(..end).unwrap()
    };
    crate::STYLES
        .split('.')
        .skip(1)
        .map(starts)
        .chain(CLASSES_OF_PAGES)
        .collect()
}

/// Asserts everything that each chart promises.
pub(crate) fn holds(chart: &dyn Chart) {
    let rules = classes_with_a_rule();
    // The pack has the wide one of charts that pages have in others.
    let widths = chart.widths().iter().chain(&[Width::Wide, Width::Wall]);
    for drawing in widths.map(|width| chart.drawing(*width)) {
        let tags = tags(&drawing);
        let view: Vec<f64> = tags[0]
            .get("viewBox")
            .unwrap()
            .split(' ')
            .map(|number| number.parse().unwrap())
            .collect();
        for tag in &tags {
            for (key, value) in &tag.attributes {
                assert!(
                    !["style", "fill", "stroke", "font-size"].contains(key),
                    "looks are classes: {key}={value}"
                );
                let is_numbers = [
                    "d",
                    "x",
                    "y",
                    "cx",
                    "cy",
                    "r",
                    "width",
                    "height",
                    "transform",
                ]
                .contains(key);
                assert!(
                    !is_numbers
                        || numbers_are_short(value)
                            && !value.contains("NaN")
                            && !value.contains("inf")
                );
            }
            for class in tag
                .get("class")
                .unwrap_or_default()
                .split(' ')
                .filter(|class| !class.is_empty())
            {
                assert!(rules.contains(class), "no rule for the class {class}");
            }
        }
        labels_lie_upon_no_line(&tags);
        labels_are_inside_and_apart(&label_boxes(&tags), view[2], view[3]);
    }
    assert!(!chart.title().is_empty() && !chart.description().is_empty());
    assert!(!chart.description().contains("NaN") && !chart.description().contains("inf "));
    let table = chart.table();
    assert!(table.iter().all(|row| row.len() == table[0].len()));
}

fn labels_are_inside_and_apart(labels: &[LabelBox], width: f64, height: f64) {
    for (index, a) in labels.iter().enumerate() {
        let inside = a.left >= -ROUNDING
            && a.right <= width + ROUNDING
            && a.top >= 0.0
            && a.bottom <= height;
        assert!(
            inside,
            "a label leaves the drawing of {width} x {height}: {a:?}"
        );
        for b in &labels[index + 1..] {
            let across = a.left < b.right - ROUNDING && b.left < a.right - ROUNDING;
            let down = a.top < b.bottom && b.top < a.bottom;
            assert!(!(across && down), "labels cover each other: {a:?} {b:?}");
        }
    }
}
