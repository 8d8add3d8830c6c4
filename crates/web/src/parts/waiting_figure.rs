//! A figure that waits to be published: what it says, who entered it, from when others see it, and the button that publishes it.

use askama::Template;
use throughline_app::entry::{HeldFigure, Says};
use throughline_app::words::{self, names, numbers};
use throughline_core::PersonId;
use throughline_model::{Kind, Model};

use crate::pages::links;
use crate::parts::due_cell::says_in_words;
use crate::parts::status::StatusMark;
use crate::place::Place;
use crate::viewer::Viewer;

/// A figure that waits.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/waiting_figure.html")]
pub struct WaitingFigure {
    /// The measure; empty on its own page.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// The figure, the unit and the period.
    pub figure: String,
    /// Its status once it is published.
    pub status: Option<StatusMark>,
    /// What it says beside those before it, and what whoever entered it says.
    pub said: Vec<String>,
    /// Who entered it, and when others see it.
    pub when: String,
    /// What it is of: `measure/unit/period`.
    pub cell: String,
    /// The commit that recorded it.
    pub commit: u64,
    /// Where it is published; none for who may not.
    pub publish: Option<String>,
    /// Where another figure is put in its place.
    pub change: Option<String>,
    /// Whether it stands on the page of its measure.
    pub on_measure: bool,
}

impl WaitingFigure {
    /// A figure of a list; `None` where its measure is in the plan no more.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        model: &Model,
        held: &HeldFigure,
        says: Option<&Says>,
    ) -> Option<WaitingFigure> {
        let cell = held.observation.cell;
        let measure = model.measures().get(cell.measure)?;
        let name = held.name(model);
        let named = [name.measure.as_str(), &name.unit, &name.period].join("/");
        let unit = names::name(model, (Kind::Unit, cell.unit.as_uuid()));
        let value = |value: Option<f64>| match value {
            Some(_) => numbers::exact(value, measure),
            None => "None".to_owned(),
        };
        let period = words::period(&cell.period, model.calendar());
        let replaced = held.replaced.iter().map(|one| value(one.value));
        let replaced: Vec<String> = replaced.collect();
        let replaced =
            (!replaced.is_empty()).then(|| format!("In place of {}.", replaced.join(", ")));
        let asks = says.filter(|says| says.asks());
        let said = asks.map(|says| says_in_words(says, measure)).into_iter();
        let place = &viewer.place;
        let there = Place {
            unit: Some(name.unit.clone()),
            period: Some(name.period.clone()),
            ..place.clone()
        };
        Some(WaitingFigure {
            name: measure.name.clone(),
            // Where the figure stands, and not the whole organisation, where it would not be seen.
            href: links::measure(&there, measure.key.as_str()),
            figure: format!("{}, {unit}, {period}", value(held.observation.value)),
            status: says.map(|says| StatusMark(says.status)),
            said: said
                .chain(held.observation.note.clone())
                .chain(replaced)
                .collect(),
            when: when(viewer, model, held, measure.owner),
            change: held
                .may_change
                .then(|| place.href_with("/due", &[("change", &named)])),
            cell: named,
            commit: held.commit.0,
            publish: held.may_publish.then(|| place.href("/due/publication")),
            on_measure: false,
        })
    }

    /// The same on the page of its measure.
    #[must_use]
    pub fn on_measure(self) -> WaitingFigure {
        WaitingFigure {
            name: String::new(),
            on_measure: true,
            ..self
        }
    }
}

fn when(viewer: &Viewer, model: &Model, held: &HeldFigure, owner: Option<PersonId>) -> String {
    let name = |person: PersonId| names::name(model, (Kind::Person, person.as_uuid()));
    let by = match held.by {
        _ if held.is_own => "You entered it. ".to_owned(),
        Some(by) => format!("Entered by {}. ", name(by)),
        None => String::new(),
    };
    let from = words::instant(held.until, model.calendar());
    let first = match owner {
        Some(owner) if viewer.ctx.actor().person == Some(owner) => "you publish".to_owned(),
        Some(owner) => format!("{} publishes", name(owner)),
        None => return format!("{by}Others see it from {from}."),
    };
    format!("{by}Others see it from {from}, or once {first} it.")
}

/// That so many figures were published.
#[must_use]
pub const fn published_in_words(published: u64) -> &'static str {
    match published {
        0 => "It was published already.",
        _ => "Published. All see it now.",
    }
}
