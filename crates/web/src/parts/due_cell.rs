//! A figure that is due, with what is known beside it and what was typed.

use throughline_app::entry::{DueCell, Says, TypedCell};
use throughline_app::words::{self, names, numbers};
use throughline_core::UnitOfMeasure;
use throughline_insight::signals::State;
use throughline_model::records::{Measure, MeasureKind};
use throughline_model::{Kind, Model};

use crate::pages::links;
use crate::parts::problems::Problems;
use crate::parts::scorecard::drawings;
use crate::viewer::Viewer;

/// A figure.
#[derive(Debug, Clone, Default)]
pub struct DueRow {
    /// Its place in the form.
    pub place: usize,
    /// What it is of: `measure/unit/period`.
    pub cell: String,
    /// The measure.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// The unit of measure, the unit and the period.
    pub about: String,
    /// Until when it is due, or was, and who answers for it.
    pub when: String,
    /// Whether it is late.
    pub is_late: bool,
    /// Whether the answer is yes or no.
    pub is_yes_no: bool,
    /// What a figure is written in: `%`, or nothing.
    pub shown_as: String,
    /// Whether it is asked of how many it is.
    pub is_weighted: bool,
    /// What stands beside the field: word and figure.
    pub beside: Vec<(String, String)>,
    /// The figures before it, as a small line.
    pub trend: String,
    /// What was typed.
    pub typed: TypedCell,
    /// What the figure says, where is asked what changed.
    pub said: String,
    /// What is wrong with the value, the weight, the comment.
    pub wrong: [Option<String>; 3],
}

impl DueRow {
    /// The row of a cell, at a place of the form.
    #[must_use]
    pub fn of(viewer: &Viewer, model: &Model, due: &DueCell, place: usize) -> DueRow {
        let Some(measure) = model.measures().get(due.cell.measure) else {
            return DueRow::default();
        };
        let calendar = model.calendar();
        let name = due.name(model);
        let unit = names::name(model, (Kind::Unit, due.cell.unit.as_uuid()));
        let period = words::period(&due.cell.period, calendar);
        let about = match numbers::unit_of(measure) {
            UnitOfMeasure::None => format!("{unit}, {period}"),
            shown_as => format!("{shown_as}, {unit}, {period}"),
        };
        DueRow {
            place,
            cell: [name.measure.as_str(), &name.unit, &name.period].join("/"),
            name: measure.name.clone(),
            href: links::measure(&viewer.place, measure.key.as_str()),
            about,
            when: when(viewer, model, due, measure),
            is_late: due.is_late,
            is_yes_no: measure.kind == MeasureKind::YesNo,
            shown_as: match numbers::unit_of(measure) {
                UnitOfMeasure::None => String::new(),
                shown_as => shown_as.to_string(),
            },
            is_weighted: measure.kind.is_weighted(),
            beside: beside(model, due, measure),
            trend: drawings::sparkline(&due.trend, measure, calendar),
            typed: TypedCell::default(),
            ..DueRow::default()
        }
    }

    /// Puts into the fields what was typed.
    pub fn fill(&mut self, typed: &TypedCell) {
        self.typed = typed.clone();
    }

    /// Whether what changed is asked for, or was told already.
    #[must_use]
    pub fn asks(&self) -> bool {
        !self.said.is_empty() || !self.typed.comment.is_empty() || self.typed.is_routine
    }
}

/// What is asked beside a share or a mean.
pub const WEIGHS: &str = "“Of how many” is the number of things, such as calls or people, that a share or a mean was counted from: where units are taken together, one with more of them weighs more.";

/// Whether one of some figures is asked of how many it is.
pub fn weighs<'a>(mut rows: impl Iterator<Item = &'a DueRow>) -> bool {
    rows.any(|row| row.is_weighted)
}

/// What is wrong, for the summary: it says which figure each is of, since several may be wrong alike.
pub fn named<'a>(rows: impl Iterator<Item = &'a DueRow> + Clone, problems: Problems) -> Problems {
    let named = problems.of_fields.into_iter().map(|(field, text)| {
        let digits = field.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let place: Option<usize> = digits.parse().ok();
        let row = place.and_then(|place| rows.clone().find(|row| row.place == place));
        let named = row.map(|row| format!("{}, {}: {text}", row.name, row.about));
        (field, named.unwrap_or(text))
    });
    Problems {
        of_fields: named.collect(),
    }
}

fn when(viewer: &Viewer, model: &Model, due: &DueCell, measure: &Measure) -> String {
    let by = words::date(due.by);
    if !due.is_late {
        return format!("Due by {by}");
    }
    let others = measure
        .owner
        .filter(|owner| viewer.ctx.actor().person != Some(*owner));
    match others {
        Some(owner) => {
            let owner = names::name(model, (Kind::Person, owner.as_uuid()));
            format!("Late, was due by {by}. {owner} answers for it")
        }
        None => format!("Late, was due by {by}"),
    }
}

fn beside(model: &Model, due: &DueCell, measure: &Measure) -> Vec<(String, String)> {
    let bare = |value| numbers::bare(Some(value), measure);
    let last = due.last.map(|(period, value)| {
        let period = words::period(&period, model.calendar());
        (period, bare(value))
    });
    let usual = due.usual.map(|(low, high)| {
        (
            "Usually".to_owned(),
            format!("{} to {}", bare(low), bare(high)),
        )
    });
    let target = numbers::target(due.target, measure);
    let target = (!target.is_empty()).then(|| ("Plan".to_owned(), target));
    last.into_iter().chain(usual).chain(target).collect()
}

/// What a figure says, in a sentence.
#[must_use]
pub fn says_in_words(says: &Says, measure: &Measure) -> String {
    let state = says.state.filter(|state| *state != State::Steady);
    if let Some(state) = state {
        let word = words::sentence(state.word());
        return match says.usual {
            Some((low, high)) => format!(
                "{word}: it usually lies between {} and {}, so this is a real change.",
                numbers::value(Some(low), measure),
                numbers::value(Some(high), measure)
            ),
            None => format!("{word}: this is a real change."),
        };
    }
    let before = says.before.map_or("", |before| before.word());
    format!(
        "{}, and {before} the time before.",
        words::sentence(says.status.word())
    )
}
