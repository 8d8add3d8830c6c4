//! The drawing of a timeline. Wide: names at the left, time at the right. In less room: each name above its bar.

use super::{Milestone, Timeline, TimelineRow};
use crate::chart::{Chart, Width};
use crate::day::Day;
use crate::svg::{Anchor, Frame, Path, Rect, Svg, escape};
use crate::text::{self, Style};

const TOP: f64 = 40.0;
const BAR: f64 = 14.0;
/// The solid part inside the outline.
const DONE: f64 = 6.0;
/// Half the height of a milestone.
const DIAMOND: f64 = 5.5;
/// Between two names on the axis.
const TICK_GAP: f64 = 10.0;
const RIGHT: f64 = 14.0;
/// Below the names of a row that stand above its bar.
const NAMES_BOTTOM: f64 = 38.0;

/// Where the names of rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// At the left of the bars.
    Beside,
    /// Above each bar, where there is less room.
    Above,
    /// Nowhere: a single row is named by its page.
    Nowhere,
}

struct Plan<'a> {
    timeline: &'a Timeline,
    names: Names,
    width: f64,
    /// Where time begins.
    left: f64,
    row: f64,
    from: Day,
    to: Day,
}

pub(super) fn draw(timeline: &Timeline, width: Width) -> String {
    let days = || {
        timeline
            .rows
            .iter()
            .flat_map(days_of)
            .chain([timeline.today])
    };
    let (from, to) = (
        days().min().unwrap_or(timeline.today),
        days().max().unwrap_or(timeline.today),
    );
    let names = match width {
        _ if timeline.is_alone() => Names::Nowhere,
        Width::Page | Width::Full => Names::Beside,
        Width::Wide | Width::Middle | Width::Narrow | Width::Wall => Names::Above,
    };
    let plan = Plan {
        timeline,
        names,
        width: width.pixels(),
        left: if names == Names::Beside { 300.0 } else { 8.0 },
        row: match names {
            Names::Beside => 46.0,
            Names::Above => 66.0,
            Names::Nowhere => 36.0,
        },
        from,
        to,
    };
    let mut svg = Svg::new();
    plan.axis(&mut svg);
    for (index, row) in timeline.rows.iter().enumerate() {
        plan.row(&mut svg, row, TOP + index as f64 * plan.row);
    }
    plan.today(&mut svg);
    svg.finish(&Frame {
        class: &format!("x {}", width.class()),
        width: plan.width,
        height: plan.bottom() + 4.0,
        title: &timeline.title(),
        description: &timeline.description(),
        parts: timeline.rows.iter().any(|row| row.href.is_some()),
    })
}

fn days_of(row: &TimelineRow) -> impl Iterator<Item = Day> + '_ {
    let steps = row
        .milestones
        .iter()
        .flat_map(|step| [Some(step.due), step.done]);
    [Some(row.from), Some(row.to)]
        .into_iter()
        .chain(steps)
        .flatten()
}

impl Plan<'_> {
    fn bottom(&self) -> f64 {
        TOP + self.timeline.rows.len() as f64 * self.row
    }

    fn at(&self, day: Day) -> f64 {
        let days = (self.to.number() - self.from.number()).max(1.0);
        self.left + (day.number() - self.from.number()) / days * (self.width - RIGHT - self.left)
    }

    /// Months above the rows, as many as have room; the year stands at the first of it.
    fn axis(&self, svg: &mut Svg) {
        let room = text::width("Mmm 0000", Style::Label) + TICK_GAP;
        let days = (self.to.number() - self.from.number()).max(1.0);
        let month = (self.width - RIGHT - self.left) / days * 30.4;
        let every = [1, 2, 3, 4, 6, 12, 24, 60, 120, 600, 1200, 6000, 12_000]
            .into_iter()
            .find(|every| month * *every as f64 >= room)
            .unwrap_or(12_000);
        let (mut end, mut year_said) = (0.0, None);
        for day in self.from.months_to(self.to, every) {
            let (x, (year, month, _)) = (self.at(day), day.parts());
            self.upright(svg, "c-grid", x);
            let (style, label) = match month {
                1 => (Style::Strong, year.to_string()),
                // The first name of a year says it, where no January does.
                _ if year_said != Some(year) => {
                    (Style::Label, format!("{} {year}", day.month_name()))
                }
                _ => (Style::Label, day.month_name().to_owned()),
            };
            let wide = text::width(&label, style);
            // What stands close to the line of the day would run into it.
            let is_crossed = (x - 6.0..=x + wide + 6.0).contains(&self.at(self.timeline.today));
            if x >= end && x + wide <= self.width && !is_crossed {
                svg.whole_label(style, Anchor::Start, x, TOP - 14.0, &label);
                end = x + wide + TICK_GAP;
                year_said = Some(year);
            }
        }
        svg.path(
            "c-axis",
            Path::new().move_to(0.0, TOP - 8.0).across_to(self.width),
        );
    }

    /// A line through all rows; where names stand above bars only along these, so that it crosses no name.
    fn upright(&self, svg: &mut Svg, class: &str, x: f64) {
        let mut path = Path::new();
        if self.names == Names::Above {
            for index in 0..self.timeline.rows.len() {
                let top = TOP + index as f64 * self.row;
                path.move_to(x, top + NAMES_BOTTOM).down_to(top + self.row);
            }
        } else {
            path.move_to(x, TOP - 8.0).down_to(self.bottom());
        }
        svg.path(class, &path);
    }

    fn row(&self, svg: &mut Svg, row: &TimelineRow, top: f64) {
        let (before, after) = match &row.href {
            Some(href) => (format!(r#"<a href="{}">"#, escape(href)), "</a>"),
            None => ("<g>".to_owned(), "</g>"),
        };
        if self.names != Names::Nowhere {
            svg.within(&before, after, |svg| self.names(svg, row, top));
        }
        let middle = match self.names {
            Names::Above => top + NAMES_BOTTOM + 10.0,
            Names::Beside | Names::Nowhere => top + self.row / 2.0,
        };
        let (from, to) = (self.at(row.from.min(row.to)), self.at(row.to.max(row.from)));
        let strip = |to: f64, height: f64| Rect {
            x: from,
            y: middle - height / 2.0,
            width: to - from,
            height,
        };
        svg.rect("t-plan", strip(to, BAR), 4.0);
        if let Some(done) = row.done_to() {
            let end = self.at(done).clamp(from, to);
            svg.rect(
                "t-done",
                Rect {
                    x: from + 4.0,
                    ..strip((end - 4.0).max(from), DONE)
                },
                3.0,
            );
        }
        for step in &row.milestones {
            self.milestone(svg, step, middle);
        }
        let below = top + self.row;
        svg.path(
            "m-sep",
            Path::new().move_to(0.0, below).across_to(self.width),
        );
    }

    fn names(&self, svg: &mut Svg, row: &TimelineRow, top: f64) {
        let (room, first, height) = match self.names {
            Names::Beside => (self.left - 24.0, 20.0, self.row),
            _ => (self.width - 8.0, 18.0, NAMES_BOTTOM - 2.0),
        };
        svg.rect(
            "hit",
            Rect {
                x: 0.0,
                y: top,
                width: room + 4.0,
                height,
            },
            0.0,
        );
        svg.label(
            Style::NodeName,
            Anchor::Start,
            2.0,
            top + first,
            room,
            &row.name,
        );
        let next = row.next_words(self.timeline.today);
        svg.label(
            Style::Label,
            Anchor::Start,
            2.0,
            top + first + 15.0,
            room,
            &next,
        );
    }

    /// Planned outlined, done solid; both, where it came at another time than planned.
    fn milestone(&self, svg: &mut Svg, step: &Milestone, middle: f64) {
        let state = match step.done {
            Some(done) => format!("due {}, done {done}", step.due),
            None if step.is_late(self.timeline.today) => format!("late since {}", step.due),
            None => format!("due {}", step.due),
        };
        let title = format!("<g><title>{}, {state}</title>", escape(&step.name));
        svg.within(&title, "</g>", |svg| {
            if step.done != Some(step.due) {
                let class = if step.is_late(self.timeline.today) {
                    "t-late"
                } else {
                    "t-due"
                };
                svg.path(class, &diamond(self.at(step.due), middle));
            }
            if let Some(done) = step.done {
                svg.path("t-met", &diamond(self.at(done), middle));
            }
        });
    }

    fn today(&self, svg: &mut Svg) {
        let x = self.at(self.timeline.today);
        svg.path(
            "t-today",
            Path::new().move_to(x, TOP - 26.0).down_to(TOP - 8.0),
        );
        self.upright(svg, "t-today", x);
        // The day by its date: a page can show a day of the past.
        let name = self.timeline.today.to_string();
        let half = text::width(&name, Style::Strong) / 2.0;
        let middle = x.clamp(half, self.width - half);
        svg.whole_label(Style::Strong, Anchor::Middle, middle, 11.0, &name);
    }
}

fn diamond(x: f64, y: f64) -> Path {
    let mut path = Path::new();
    path.move_to(x, y - DIAMOND)
        .line_to(x + DIAMOND, y)
        .line_to(x, y + DIAMOND)
        .line_to(x - DIAMOND, y)
        .close();
    path
}
