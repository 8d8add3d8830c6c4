//! Effects with their intervals, one a line, against no effect and against what is too small to be useful.

use throughline_core::{UnitOfMeasure, format_value};

use crate::chart::{Chart, Width};
use crate::scale::{Linear, finite};
use crate::svg::{Anchor, Frame, Path, Rect, Svg};
use crate::text::{Style, fit_whole};
use crate::value_axis::{AXIS, value_axis};

const ROW_WIDE: f64 = 30.0;
/// A narrow row has its name and its numbers above its line.
const ROW_NARROW: f64 = 60.0;
const NAME_WIDE: f64 = 220.0;
const NUMBERS: f64 = 148.0;
const MARGIN: f64 = 12.0;
const DOT: f64 = 4.0;
/// Half the height of the end of an interval.
const END: f64 = 4.0;
const DECIMALS: u8 = 2;

/// An effect.
#[derive(Clone, Debug)]
pub struct Effect {
    /// What it is the effect of, in a few words.
    pub name: String,
    /// Its size.
    pub size: f64,
    /// The 95 % interval.
    pub interval: (f64, f64),
    /// Whether it is the one that counts.
    pub is_main: bool,
}

/// Effects in standard deviations.
#[derive(Clone, Debug)]
pub struct EffectChart {
    /// What they are effects on.
    pub name: String,
    /// An effect smaller than this is not useful.
    pub useful: f64,
    /// The effects, in the order to be shown.
    pub effects: Vec<Effect>,
}

fn number(value: f64) -> String {
    format_value(Some(value), &UnitOfMeasure::None, DECIMALS)
}

fn numbers(effect: &Effect) -> String {
    let (low, high) = effect.interval;
    format!(
        "{} ({} to {})",
        number(effect.size),
        number(low),
        number(high)
    )
}

impl EffectChart {
    /// What can be drawn.
    fn shown(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().filter(|effect| {
            let (low, high) = effect.interval;
            [effect.size, low, high]
                .iter()
                .all(|one| finite(Some(*one)).is_some())
        })
    }

    fn axis(&self, from: f64, to: f64) -> Linear {
        let ends = self
            .shown()
            .flat_map(|effect| [effect.interval.0, effect.interval.1]);
        let ends = ends.chain([0.0, self.useful, -self.useful]);
        Linear::nice(ends, 5, from, to)
    }

    fn background(&self, svg: &mut Svg, line: &Linear, (full, bottom): (f64, f64)) {
        let useful = finite(Some(self.useful)).unwrap_or(0.0).abs();
        let (left, right) = (line.at(-useful), line.at(useful));
        let band = Rect {
            x: left,
            y: 0.0,
            width: right - left,
            height: bottom,
        };
        svg.rect("c-band", band, 0.0);
        value_axis(svg, (line, &UnitOfMeasure::None), (full, bottom));
    }

    fn effect(&self, svg: &mut Svg, line: &Linear, effect: &Effect, middle: f64) {
        let (low, high) = (line.at(effect.interval.0), line.at(effect.interval.1));
        let mut path = Path::new();
        path.move_to(low, middle).across_to(high);
        for end in [low, high] {
            path.move_to(end, middle - END).down_to(middle + END);
        }
        svg.path("c-ac", &path);
        let class = if effect.is_main { "c-dot s" } else { "c-dot" };
        svg.circle(class, line.at(effect.size), middle, DOT);
    }
}

impl Chart for EffectChart {
    fn title(&self) -> String {
        format!("{}, in standard deviations", self.name)
    }

    fn description(&self) -> String {
        let said: Vec<String> = self
            .shown()
            .map(|effect| format!("{}: {}", effect.name, numbers(effect)))
            .collect();
        if said.is_empty() {
            return "There is nothing to show.".to_owned();
        }
        format!(
            "{}. Less than {} either way is not useful.",
            said.join("; "),
            number(self.useful)
        )
    }

    fn table(&self) -> Vec<Vec<String>> {
        let heads = ["Effect", "Size", "From", "To"].map(str::to_owned).to_vec();
        let rows = self.shown().map(|effect| {
            let (low, high) = effect.interval;
            vec![
                effect.name.clone(),
                number(effect.size),
                number(low),
                number(high),
            ]
        });
        std::iter::once(heads).chain(rows).collect()
    }

    fn widths(&self) -> &'static [Width] {
        &[Width::Middle, Width::Narrow]
    }

    fn drawing(&self, width: Width) -> String {
        let is_narrow = width == Width::Narrow;
        let (full, row, left) = match is_narrow {
            true => (Width::Narrow.pixels(), ROW_NARROW, MARGIN),
            false => (Width::Middle.pixels(), ROW_WIDE, NAME_WIDE),
        };
        let right = match is_narrow {
            true => full - MARGIN,
            false => full - NUMBERS - MARGIN,
        };
        let line = self.axis(left + MARGIN, right - MARGIN);
        let bottom = self.shown().count() as f64 * row;
        let mut svg = Svg::new();
        self.background(&mut svg, &line, (full, bottom));
        for (at, effect) in self.shown().enumerate() {
            let top = at as f64 * row;
            let style = if effect.is_main {
                Style::Strong
            } else {
                Style::Label
            };
            let figures = numbers(effect);
            // On a phone the numbers stand below the name, which has all of the line.
            let (base, below, middle, name) = match is_narrow {
                true => (top + 15.0, top + 31.0, top + 45.0, full - 4.0),
                false => {
                    let base = top + row / 2.0 + 4.0;
                    (base, base, top + row / 2.0, left - MARGIN)
                }
            };
            svg.label(style, Anchor::Start, 2.0, base, name, &effect.name);
            // A shortened number would be another number.
            if let Some(figures) = fit_whole(&figures, style, NUMBERS) {
                let (anchor, x) = match is_narrow {
                    true => (Anchor::Start, 2.0),
                    false => (Anchor::End, full - 2.0),
                };
                svg.whole_label(style, anchor, x, below, figures);
            }
            self.effect(&mut svg, &line, effect, middle);
        }
        svg.finish(&Frame {
            class: &format!("x effects {}", width.class()),
            width: full,
            height: bottom + AXIS,
            title: &self.title(),
            description: &self.description(),
            parts: false,
        })
    }
}
