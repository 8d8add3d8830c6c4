//! Where and when one looks, with the ways to look elsewhere: unit, period and its length, known-at and plan-at.

use askama::Template;
use throughline_app::{Selected, words};
use throughline_core::{Calendar, Frequency, Period, UnitId};
use throughline_model::Model;

use crate::place::Place;
use crate::routes::path_of;
use crate::viewer::Viewer;

/// How many units below, or beside, are offered; all others are found by name.
const UNITS_MAX: usize = 40;

/// The bar.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/place_bar.html")]
pub struct PlaceBar {
    /// The name of the unit; empty where a page says the same of every unit.
    pub unit: String,
    /// The units above it, the topmost first.
    pub above: Vec<Choice>,
    /// The units below it.
    pub below: Vec<Choice>,
    /// The units beside it.
    pub beside: Vec<Choice>,
    /// How many more there are below or beside.
    pub left_out: usize,
    /// Where all units are.
    pub all_units: Option<String>,
    /// The period, as people call it.
    pub period: String,
    /// The period before.
    pub previous: Option<String>,
    /// The period after.
    pub next: Option<String>,
    /// What was observed after the period, where that was chosen.
    pub newer: Option<Choice>,
    /// The lengths of periods.
    pub lengths: Vec<Choice>,
    /// The path of the page, for the form of the clocks.
    pub path: String,
    /// What else the form has to send: name and value.
    pub kept: Vec<(&'static str, String)>,
    /// When plan and observations were known, as it was asked for.
    pub known_at: String,
    /// When the plan was known, as it was asked for.
    pub plan_at: String,
    /// Whether the plan of another day changes nothing.
    pub is_of_one_clock: bool,
    /// The clocks in words, where they are not of now.
    pub clocks: Option<String>,
    /// The same as known now.
    pub now: String,
}

/// A place that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// The address there.
    pub href: String,
    /// Whether it is the present one.
    pub is_current: bool,
}

impl PlaceBar {
    /// The bar without what chooses a period.
    #[must_use]
    pub fn without_period(self) -> PlaceBar {
        PlaceBar {
            period: String::new(),
            previous: None,
            next: None,
            newer: None,
            lengths: Vec::new(),
            ..self
        }
    }

    /// The bar without what chooses a unit.
    #[must_use]
    pub fn without_unit(self) -> PlaceBar {
        PlaceBar {
            unit: String::new(),
            ..self
        }
    }

    /// The bar without the clock of the plan alone.
    #[must_use]
    pub fn of_one_clock(self) -> PlaceBar {
        PlaceBar {
            is_of_one_clock: true,
            ..self
        }
    }

    /// The bar of what is meant.
    #[must_use]
    pub fn of(viewer: &Viewer, meant: &Selected) -> PlaceBar {
        let (place, path) = (&viewer.place, viewer.path.as_str());
        let calendar = meant.model.calendar();
        let units = Units::around(meant);
        let choice = |unit: &UnitId| unit_choice(&meant.model, *unit, viewer);
        let today = calendar.date_of(viewer.ctx.now());
        let shown = units.below.iter().take(UNITS_MAX);
        let beside = units.beside.iter().take(UNITS_MAX);
        PlaceBar {
            unit: meant.unit_name(),
            above: units.above.iter().filter_map(choice).collect(),
            below: shown.filter_map(choice).collect(),
            beside: beside.filter_map(choice).collect(),
            left_out: units.below.len().saturating_sub(UNITS_MAX)
                + units.beside.len().saturating_sub(UNITS_MAX),
            all_units: path_of("people").map(|path| place.href(path)),
            period: words::period(&meant.period, calendar),
            previous: neighbour(calendar, &meant.period, -1)
                .map(|period| viewer.at(&place.in_period(calendar.name(&period)))),
            next: neighbour(calendar, &meant.period, 1)
                .filter(|period| period.first <= today)
                .map(|period| viewer.at(&place.in_period(calendar.name(&period)))),
            newer: meant.newer.as_ref().map(|newer| Choice {
                name: newer.in_words(calendar),
                href: viewer.at(&place.in_period(calendar.name(&newer.last))),
                is_current: false,
            }),
            lengths: lengths(meant, viewer),
            path: path.to_owned(),
            kept: place
                .pairs()
                .into_iter()
                .filter(|(name, _)| !["known-at", "plan-at"].contains(name))
                .map(|(name, value)| (name, value.to_owned()))
                .chain(viewer.state.iter().cloned())
                .collect(),
            known_at: place.known_at.clone().unwrap_or_default(),
            plan_at: place.plan_at.clone().unwrap_or_default(),
            is_of_one_clock: false,
            clocks: clocks(meant),
            now: viewer.at(&place.as_of_now()),
        }
    }
}

/// That a page tells of today, where the address has another clock.
#[must_use]
pub fn of_today(place: &Place) -> &'static str {
    match (&place.known_at, &place.plan_at) {
        (None, None) => "",
        _ => " Told as it is known today, whatever day is looked at elsewhere.",
    }
}

/// That a page is about the plan of today, where the address has another clock.
#[must_use]
pub fn plan_of_today(place: &Place) -> &'static str {
    match (&place.known_at, &place.plan_at) {
        (None, None) => "",
        _ => " This is the plan of today, whatever day is looked at elsewhere.",
    }
}

/// At which two clocks something is read, where they are not of now: `As known on 8 Jul 2013, under the plan of then`.
#[must_use]
pub fn clocks(meant: &Selected) -> Option<String> {
    let at = |at| words::instant(at, meant.model.calendar());
    match (meant.is_known_at_given, meant.plan_at) {
        (false, None) => None,
        (false, Some(plan_at)) => Some(format!("As of today, under the plan of {}", at(plan_at))),
        (true, None) => Some(format!("As known on {}", at(meant.known_at))),
        (true, Some(plan_at)) => Some(format!(
            "As known on {}, under the plan of {}",
            at(meant.known_at),
            at(plan_at)
        )),
    }
}

/// The units around one.
struct Units {
    above: Vec<UnitId>,
    beside: Vec<UnitId>,
    below: Vec<UnitId>,
}

impl Units {
    /// Those that the viewer may read: what is hidden is nowhere to go.
    fn around(meant: &Selected) -> Units {
        let unit = meant.unit;
        let tree = meant.model.index().units_on(meant.period.middle());
        let may_read = |unit: &UnitId| meant.may_read(*unit);
        let mut above: Vec<UnitId> = tree.ancestors(unit).filter(may_read).collect();
        above.reverse();
        let siblings = match tree.parent(unit) {
            Some(parent) => tree.children(parent),
            None => tree.roots(),
        };
        Units {
            above,
            beside: siblings
                .iter()
                .copied()
                .filter(|other| *other != unit && may_read(other))
                .collect(),
            below: tree
                .children(unit)
                .iter()
                .copied()
                .filter(may_read)
                .collect(),
        }
    }
}

fn unit_choice(model: &Model, unit: UnitId, viewer: &Viewer) -> Option<Choice> {
    let unit = model.units().get(unit)?;
    Some(Choice {
        name: unit.name.clone(),
        href: viewer.at(&viewer.place.at_unit(unit.key.as_str())),
        is_current: false,
    })
}

fn neighbour(calendar: &Calendar, period: &Period, by: i32) -> Option<Period> {
    let index = calendar.index(period) + by;
    let known = calendar.index_range(period.frequency);
    known
        .contains(&index)
        .then(|| calendar.period(period.frequency, index))
}

/// The lengths that are offered: month, quarter and year, fiscal ones where the fiscal year is another.
fn lengths(meant: &Selected, viewer: &Viewer) -> Vec<Choice> {
    let place = &viewer.place;
    let calendar = meant.model.calendar();
    let is_fiscal = calendar.fiscal_year_starts() != 1;
    let offered = if is_fiscal {
        [
            ("Month", Frequency::Month),
            ("Quarter", Frequency::FiscalQuarter),
            ("Year", Frequency::FiscalYear),
        ]
    } else {
        [
            ("Month", Frequency::Month),
            ("Quarter", Frequency::Quarter),
            ("Year", Frequency::Year),
        ]
    };
    let mut choices: Vec<Choice> = offered
        .into_iter()
        .map(|(name, frequency)| {
            let period = calendar.containing(frequency, meant.period.last);
            Choice {
                name: name.to_owned(),
                href: viewer.at(&place.in_period(calendar.name(&period))),
                is_current: frequency == meant.period.frequency,
            }
        })
        .collect();
    if !choices.iter().any(|choice| choice.is_current) {
        choices.insert(
            0,
            Choice {
                name: words::sentence(meant.period.frequency.word()),
                href: viewer.at(place),
                is_current: true,
            },
        );
    }
    choices
}
