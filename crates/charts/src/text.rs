//! How wide a text is, and what of it fits into a box.
//!
//! Widths are those of the font that the pages bring along. Kerning is left out, which makes texts a little narrower
//! than measured, never wider; a character that the font lacks counts as wide as the widest of other fonts.

use crate::inter_widths::WIDTHS;

/// The width of a character that our font lacks, in thousandths of the font size.
const UNKNOWN_WIDTH: u16 = 1400;

/// What stands for the rest of a shortened text.
const ELLIPSIS: char = '…';

/// The kinds of text in drawings. Class, size and weight belong together: what `charts.css` says is repeated here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Ticks and quiet labels.
    Label,
    /// The label that counts.
    Strong,
    /// The name of a row.
    RowName,
    /// What a row is about.
    RowAbout,
    /// The name in a node of the map.
    NodeName,
    /// A figure in a node, or a word in a list.
    Figure,
    /// A status in words.
    StatusWord,
    /// The letter of a note, on its flag.
    Flag,
}

impl Style {
    #[cfg(test)]
    pub(crate) const ALL: [Style; 8] = [
        Style::Label,
        Style::Strong,
        Style::RowName,
        Style::RowAbout,
        Style::NodeName,
        Style::Figure,
        Style::StatusWord,
        Style::Flag,
    ];

    pub(crate) fn class(self) -> &'static str {
        match self {
            Style::Label => "c-lab",
            Style::Strong => "c-strong",
            Style::RowName => "m-p",
            Style::RowAbout => "m-ps",
            Style::NodeName => "m-t",
            Style::Figure => "m-s",
            Style::StatusWord => "m-w",
            Style::Flag => "c-flag-t",
        }
    }

    /// Font size in pixels.
    pub(crate) fn size(self) -> f64 {
        match self {
            Style::NodeName => 13.0,
            _ => 12.0,
        }
    }

    fn is_bold(self) -> bool {
        matches!(
            self,
            Style::Strong | Style::RowName | Style::NodeName | Style::StatusWord | Style::Flag
        )
    }
}

/// The width of the text in pixels.
pub(crate) fn width(text: &str, style: Style) -> f64 {
    let thousandths: f64 = text
        .chars()
        .map(|character| f64::from(character_width(character, style.is_bold())))
        .sum();
    thousandths * style.size() / 1000.0
}

fn character_width(character: char, bold: bool) -> u16 {
    WIDTHS
        .binary_search_by_key(&character, |(known, _, _)| *known)
        .ok()
        .and_then(|index| WIDTHS.get(index))
        .map_or(
            UNKNOWN_WIDTH,
            |(_, regular, heavy)| if bold { *heavy } else { *regular },
        )
}

/// The text if it fits, else as much of it as fits with `…`; nothing if not even one character does.
pub(crate) fn fit(text: &str, style: Style, box_width: f64) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if width(text, style) <= box_width {
        return Some(text.to_owned());
    }
    let mut kept = String::new();
    let mut used = width(&ELLIPSIS.to_string(), style);
    for character in text.chars() {
        used += f64::from(character_width(character, style.is_bold())) * style.size() / 1000.0;
        if used > box_width {
            break;
        }
        kept.push(character);
    }
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| format!("{kept}{ELLIPSIS}"))
}

/// The text if it fits whole. For numbers: a shortened number would be another number.
pub(crate) fn fit_whole(text: &str, style: Style, box_width: f64) -> Option<&str> {
    (!text.is_empty() && width(text, style) <= box_width).then_some(text)
}

/// The words of a text; those that a no-break space holds together are one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|character: char| character.is_whitespace() && character != '\u{a0}');
    parts.filter(|word| !word.is_empty())
}

/// The text broken between words into at most so many lines; the last one is shortened if there is more.
pub(crate) fn wrap(text: &str, style: Style, box_width: f64, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut words = words(text).peekable();
    while words.peek().is_some() && lines.len() < lines_max {
        let mut line = String::new();
        let is_last = lines.len() + 1 == lines_max;
        while let Some(word) = words.peek() {
            let longer = if line.is_empty() {
                (*word).to_owned()
            } else {
                format!("{line} {word}")
            };
            // The last line takes all that is left, and is shortened below.
            if !line.is_empty() && !is_last && width(&longer, style) > box_width {
                break;
            }
            line = longer;
            words.next();
        }
        lines.extend(fit(&line, style, box_width));
    }
    lines
}

/// As [`wrap`], with lines about equally long, as far as that needs no line more.
pub(crate) fn wrap_evenly(
    text: &str,
    style: Style,
    box_width: f64,
    lines_max: usize,
) -> Vec<String> {
    /// How finely a smaller box is tried.
    const STEP: f64 = 6.0;
    let mut best = wrap(text, style, box_width, lines_max);
    let count = words(text).count();
    let mut smaller = box_width - STEP;
    while best.len() > 1 && smaller > box_width / 2.0 {
        let lines = wrap(text, style, smaller, lines_max);
        let kept: usize = lines.iter().map(|line| words(line).count()).sum();
        if lines.len() != best.len()
            || kept != count
            || lines.iter().any(|line| line.ends_with(ELLIPSIS))
        {
            break;
        }
        best = lines;
        smaller -= STEP;
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Style, fit, fit_whole, width, wrap};
    use crate::inter_widths::WIDTHS;

    #[test]
    fn the_table_is_sorted() {
        assert!(WIDTHS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn figures_are_equally_wide() {
        assert_eq!(width("1111", Style::Label), width("8080", Style::Label));
    }

    #[test]
    fn what_does_not_fit_is_shortened_or_left_out() {
        let check = |text: &str, box_width: f64, expected: Option<&str>| {
            assert_eq!(fit(text, Style::Label, box_width).as_deref(), expected);
        };
        check("Target 85.0", 100.0, Some("Target 85.0"));
        check("Target 85.0", 40.0, Some("Targ…"));
        check("Target", 3.0, None);
        check("  ", 100.0, None);
        assert_eq!(fit_whole("1,234,567", Style::Label, 40.0), None);
    }

    #[test]
    fn lines_are_about_equally_long() {
        let lines = super::wrap_evenly(
            "People can set their watch by us",
            Style::NodeName,
            196.0,
            2,
        );
        assert_eq!(lines, ["People can set", "their watch by us"]);
    }

    #[test]
    fn names_take_two_lines() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(wrap(text, Style::NodeName, 120.0, 2), expected)
        };
        check("Push back", &["Push back"]);
        check("Push back on the minute", &["Push back on the", "minute"]);
        check("", &[]);
        check(
            "Plan the catch-up while it taxies to the runway",
            &["Plan the catch-up", "while it taxies to…"],
        );
    }

    proptest! {
        #[test]
        fn nothing_exceeds_its_box(text in any::<String>(), box_width in 0.0..400.0_f64, lines in 0_usize..4) {
            for style in Style::ALL {
                for line in fit(&text, style, box_width).into_iter().chain(wrap(&text, style, box_width, lines)) {
                    prop_assert!(width(&line, style) <= box_width);
                }
            }
        }
    }
}
