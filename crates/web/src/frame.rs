//! What is around every page: navigation, who looks, unit, period and clocks, theme.

use std::sync::Arc;

use askama::Template;
use throughline_app::edit::is_editable;
use throughline_app::{Selected, Waiting, words};
use throughline_core::Role;
use throughline_model::{Kind, Model};

use crate::assets;
use crate::pages::{links, record_form};
use crate::parts::place_bar::PlaceBar;
use crate::routes::path_of;
use crate::server::Mode;
use crate::viewer::Viewer;

/// A page of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// My line of sight.
    LineOfSight,
    /// The strategy.
    Strategy,
    /// The performance map.
    Map,
    /// The scorecard.
    Scorecard,
    /// All measures.
    Measures,
    /// What is due from whoever looks.
    Due,
    /// Initiatives.
    Initiatives,
    /// Reviews.
    Reviews,
    /// Actions.
    Actions,
    /// Units and people.
    People,
    /// The plan, kind by kind.
    Plan,
    /// What changed.
    History,
    /// Bringing in a workbook.
    Import,
    /// None of them.
    Elsewhere,
}

/// A line of the navigation: section, name of its route, words, icon, key after `g`.
type Line = (
    Section,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// The navigation, in groups. What has no route yet is left out.
const NAVIGATION: [(&str, &[Line]); 4] = [
    (
        "Understand",
        &[
            (
                Section::LineOfSight,
                "line_of_sight",
                "My line of sight",
                "route",
                "l",
            ),
            (Section::Strategy, "strategy", "Strategy", "waypoints", "s"),
            (Section::Map, "map", "Performance map", "network", "m"),
            (
                Section::Scorecard,
                "scorecard",
                "Scorecard",
                "table-properties",
                "c",
            ),
            (Section::Measures, "measures", "Measures", "chart-line", "e"),
        ],
    ),
    (
        "Act",
        &[
            (Section::Due, "due", "Due from me", "pencil", "d"),
            (
                Section::Initiatives,
                "initiatives",
                "Initiatives",
                "flag",
                "i",
            ),
            (
                Section::Reviews,
                "reviews",
                "Reviews",
                "calendar-clock",
                "v",
            ),
            (Section::Actions, "actions", "Actions", "check", "a"),
        ],
    ),
    (
        "Together",
        &[
            (Section::People, "people", "Units and people", "users", "p"),
            (Section::Plan, "plan", "Plan", "layers", "n"),
            (Section::History, "history", "History", "history", "h"),
        ],
    ),
    (
        "Run",
        &[(
            Section::Import,
            "import",
            "Import a workbook",
            "upload",
            "w",
        )],
    ),
];

/// A link of the navigation.
#[derive(Debug, Clone)]
pub struct NavLink {
    /// Its words.
    pub words: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its address, at the present place.
    pub href: String,
    /// The key that goes there, after `g`.
    pub key: &'static str,
    /// Whether it is the page that is shown.
    pub is_current: bool,
}

/// The frame of a page.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The title of the page.
    pub title: String,
    /// The unit and the period, where the address names one, unless the title or the organisation does.
    pub whereabouts: [Option<String>; 2],
    /// The name of the organisation.
    pub organisation: String,
    /// The navigation, by group.
    pub navigation: Vec<(&'static str, Vec<NavLink>)>,
    /// Where the page stands: words, and an address where it leads somewhere.
    pub crumbs: Vec<(String, Option<String>)>,
    /// Who looks.
    pub who: Who,
    /// `light` or `dark`; empty is the system's.
    pub theme: &'static str,
    /// The address of the page, for the form that changes the theme.
    pub here: String,
    /// The address where one finds things.
    pub find: String,
    /// The address where the interface for programs is described.
    pub api: String,
    /// Unit, period and clocks; pages that have none leave it out.
    pub place_bar: Option<PlaceBar>,
    /// Who changed the record that the page is about: words and address, for whoever may see it.
    pub history: Option<(String, String)>,
    /// How what is shown can be changed: words and address.
    pub changes: Vec<(String, String)>,
    /// Whether something was left out of the page.
    waiting: Arc<Waiting>,
    /// The address as it was asked for; none where something was sent.
    asked: Option<String>,
}

/// Who looks.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// The name.
    pub name: String,
    /// What they are.
    pub about: String,
    /// Where somebody else is chosen; in the demonstration alone.
    pub href: Option<String>,
    /// Whether they signed in, and can sign out.
    pub is_signed_in: bool,
}

impl Who {
    /// The initials of the name.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// The initials of a name: the first letters of its first and last word.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

impl Frame {
    /// The frame of a page about the organisation as it is now.
    #[must_use]
    pub fn new(viewer: &Viewer, section: Section, title: impl Into<String>) -> Frame {
        let model = viewer
            .ctx
            .snapshot()
            .map(|snapshot| snapshot.model.clone())
            .unwrap_or_default();
        let organisation = model
            .organisation()
            .map_or_else(String::new, |organisation| organisation.name.clone());
        Frame {
            title: title.into(),
            whereabouts: [None, None],
            navigation: navigation(viewer, section),
            crumbs: vec![(organisation.clone(), Some(viewer.place.href("/")))],
            organisation,
            who: who(viewer, &model),
            theme: viewer.theme.unwrap_or_default(),
            here: viewer.at(&viewer.place),
            find: viewer.place.href("/find"),
            api: viewer.place.href("/api"),
            place_bar: None,
            history: None,
            changes: Vec::new(),
            waiting: Arc::clone(viewer.ctx.waiting()),
            asked: viewer.asked.clone(),
        }
    }

    /// Where the page is asked for again by itself, because something of it is still being worked out.
    #[must_use]
    pub fn again(&self) -> Option<&str> {
        let asked = self.asked.as_deref();
        asked.filter(|_| self.waiting.went_without() && !self.has_failed())
    }

    /// Whether something of the page could not be worked out.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.waiting.has_failed()
    }

    /// The frame of a page about a unit and a period.
    #[must_use]
    pub fn at(
        viewer: &Viewer,
        section: Section,
        title: impl Into<String>,
        meant: &Selected,
    ) -> Frame {
        let place = &viewer.place;
        let unit = place.unit.as_ref().map(|_| meant.unit_name());
        let period = place.period.as_ref();
        let period = period.map(|_| words::period(&meant.period, meant.model.calendar()));
        let frame = Frame::new(viewer, section, title);
        let is_said = |name: &String| frame.title.contains(name) || frame.organisation == *name;
        let whereabouts = [unit, period].map(|name| name.filter(|name| !is_said(name)));
        Frame {
            place_bar: Some(PlaceBar::of(viewer, meant)),
            whereabouts,
            ..frame
        }
    }

    /// The frame of a page that says the same whatever period is chosen.
    #[must_use]
    pub fn of_no_period(mut self) -> Frame {
        self.place_bar = self.place_bar.map(PlaceBar::without_period);
        let [_, period] = &mut self.whereabouts;
        *period = None;
        self
    }

    /// The frame of a page that says the same of whatever unit and period.
    #[must_use]
    pub fn of_no_place(mut self) -> Frame {
        let bar = self.place_bar.map(PlaceBar::without_period);
        self.place_bar = bar.map(PlaceBar::without_unit);
        self.whereabouts = [None, None];
        self
    }

    /// The frame of a page that shows the same whatever plan the figures are held against.
    #[must_use]
    pub fn of_one_clock(mut self) -> Frame {
        self.place_bar = self.place_bar.map(PlaceBar::of_one_clock);
        self
    }

    /// The frame, with a further step of where the page stands.
    #[must_use]
    pub fn below(mut self, words: impl Into<String>, href: Option<String>) -> Frame {
        self.crumbs.push((words.into(), href));
        self
    }

    /// The frame of a page about a record, which leads to who changed it.
    #[must_use]
    pub fn of_record(mut self, viewer: &Viewer, kind: Kind, key: &str) -> Frame {
        let href = links::history_of(viewer, kind, key);
        self.history = href.map(|href| (format!("History of this {kind}"), href));
        let change = is_editable(kind).then(|| record_form::edit_link(viewer, kind, key));
        self.with_change(format!("Change this {kind}"), change.flatten())
    }

    /// The frame with a way to change something that is shown, where the viewer may.
    #[must_use]
    pub fn with_change(mut self, words: impl Into<String>, href: Option<String>) -> Frame {
        self.changes.extend(href.map(|href| (words.into(), href)));
        self
    }

    /// The address of a style, script, icon or font.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        assets::href(path)
    }
}

fn navigation(viewer: &Viewer, section: Section) -> Vec<(&'static str, Vec<NavLink>)> {
    let groups = NAVIGATION.iter().map(|(group, lines)| {
        let links = lines.iter().filter_map(|(of, route, words, icon, key)| {
            let is_there = match of {
                Section::History => viewer.ctx.may_read_history(),
                Section::Import => viewer.ctx.may_import(),
                Section::Due => viewer.ctx.has_figures(),
                _ => true,
            };
            if !is_there {
                return None;
            }
            Some(NavLink {
                words,
                icon,
                href: viewer.place.href(path_of(route)?),
                key,
                is_current: *of == section,
            })
        });
        (*group, links.collect::<Vec<_>>())
    });
    groups.filter(|(_, links)| !links.is_empty()).collect()
}

fn who(viewer: &Viewer, model: &Model) -> Who {
    let actor = viewer.ctx.actor();
    let person = actor.person.and_then(|person| model.people().get(person));
    let unit = person.and_then(|person| model.units().get(person.unit?));
    let is_demo = matches!(viewer.server.mode(), Mode::Demo { .. });
    let role = throughline_app::words::sentence(&actor.role.to_string());
    Who {
        name: person.map_or_else(
            || {
                if actor.role == Role::Administrator {
                    "Local administrator".to_owned()
                } else {
                    "Nobody".to_owned()
                }
            },
            |person| person.name.clone(),
        ),
        about: match unit {
            Some(unit) => format!("{role}, {}", unit.name),
            None => role,
        },
        is_signed_in: !is_demo && actor.person.is_some(),
        href: is_demo
            .then(|| path_of("look_through"))
            .flatten()
            .map(|path| viewer.place.href(path)),
    }
}

/// An icon of the sprite, beside words that say the same.
#[derive(Debug, Clone, Copy, Template)]
#[template(
    source = r##"<svg class="icon" aria-hidden="true" focusable="false"><use href="{{ href }}#{{ name }}"/></svg>"##,
    ext = "html"
)]
struct IconMark<'a> {
    href: &'a str,
    name: &'a str,
}

/// The address of a style, script, icon or font, for templates.
#[must_use]
pub fn asset(path: &str) -> String {
    assets::href(path)
}

/// An icon of the sprite, for templates: `{{ icon("flag")|safe }}`.
#[must_use]
pub fn icon(name: &str) -> String {
    let href = assets::href("icons/sprite.svg");
    IconMark { href: &href, name }.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_and_the_last() {
        let check = |name: &str, expected: &str| assert_eq!(initials(name), expected, "{name}");
        check("Ruth Okafor", "RO");
        check("Jean Luc van der Berg", "JB");
        check("élan", "É");
        check("", "");
    }
}
