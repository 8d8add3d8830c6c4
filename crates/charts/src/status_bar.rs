//! How many are on plan: one line per status with its sign, its word, a bar and the count.

use crate::chart::{Chart, Width};
use crate::glyph::Status;
use crate::svg::{Anchor, Frame, Rect, Svg, escape};
use crate::text::Style;
use crate::words::{count, listed};

const ROW: f64 = 28.0;
const BAR_HEIGHT: f64 = 8.0;
const BAR_LEFT: f64 = 104.0;
const COUNT_WIDTH: f64 = 40.0;
const WORD_LEFT: f64 = 26.0;
const GLYPH: f64 = 15.0;

/// How many have one status.
#[derive(Clone, Debug)]
pub struct StatusCount {
    /// The status.
    pub status: Status,
    /// How many have it.
    pub count: usize,
    /// Where a click leads, such as the list of these.
    pub link: Option<String>,
}

/// Counts by status, as bars that share one scale: the whole.
#[derive(Clone, Debug)]
pub struct StatusBar {
    /// What is counted, in the singular, such as "objective".
    pub what: String,
    /// The counts, in the order to be shown.
    pub counts: Vec<StatusCount>,
}

impl StatusBar {
    fn total(&self) -> usize {
        self.counts
            .iter()
            .fold(0, |sum, line| sum.saturating_add(line.count))
    }
}

impl Chart for StatusBar {
    fn title(&self) -> String {
        format!("{} by status", count(self.total(), &self.what))
    }

    fn description(&self) -> String {
        let words: Vec<String> = self
            .counts
            .iter()
            .filter(|line| line.count > 0)
            .map(|line| format!("{} {}", line.count, line.status.word().to_lowercase()))
            .collect();
        if words.is_empty() {
            "There are none.".to_owned()
        } else {
            format!("{}.", listed(&words))
        }
    }

    fn table(&self) -> Vec<Vec<String>> {
        let heads = vec!["Status".to_owned(), "Count".to_owned()];
        let rows = self
            .counts
            .iter()
            .map(|line| vec![line.status.word().to_owned(), line.count.to_string()]);
        std::iter::once(heads).chain(rows).collect()
    }

    fn differs_when_narrow(&self) -> bool {
        true
    }

    fn drawing(&self, width: Width) -> String {
        let full = if width == Width::Wide { 272.0 } else { 344.0 };
        let bar = full - BAR_LEFT - COUNT_WIDTH;
        let total = self.total().max(1) as f64;
        let mut svg = Svg::new();
        for (index, line) in self.counts.iter().enumerate() {
            let top = index as f64 * ROW;
            let (before, after) = match &line.link {
                Some(link) => (format!(r#"<a href="{}">"#, escape(link)), "</a>"),
                None => ("<g>".to_owned(), "</g>"),
            };
            svg.within(&before, after, |svg| {
                // The whole line can be pressed, not its ink alone.
                svg.rect(
                    "hit",
                    Rect {
                        x: 0.0,
                        y: top,
                        width: full,
                        height: ROW,
                    },
                    0.0,
                );
                line.status.draw(svg, 1.0, top + (ROW - GLYPH) / 2.0, GLYPH);
                let base = top + ROW / 2.0 + 4.0;
                let word_width = BAR_LEFT - WORD_LEFT - 8.0;
                svg.label(
                    Style::Figure,
                    Anchor::Start,
                    WORD_LEFT,
                    base,
                    word_width,
                    line.status.word(),
                );
                let strip = |width: f64| Rect {
                    x: BAR_LEFT,
                    y: top + (ROW - BAR_HEIGHT) / 2.0,
                    width,
                    height: BAR_HEIGHT,
                };
                svg.rect("bar-bg", strip(bar), 2.0);
                if line.count > 0 {
                    let class = format!("bar-{}", line.status.class());
                    svg.rect(&class, strip(line.count as f64 / total * bar), 2.0);
                }
                let shown = line.count.to_string();
                svg.label(
                    Style::Strong,
                    Anchor::End,
                    full - 1.0,
                    base,
                    COUNT_WIDTH - 8.0,
                    &shown,
                );
            });
        }
        svg.finish(&Frame {
            class: &format!("tally-chart {}", width.class()),
            width: full,
            height: self.counts.len() as f64 * ROW,
            title: &self.title(),
            description: &self.description(),
            parts: self.counts.iter().any(|line| line.link.is_some()),
        })
    }
}
