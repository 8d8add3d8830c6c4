//! A figure that is due, with what is known beside it and what was typed.

use throughline_app::entry::{Asked, DueCell, Says, Slip, SlipReason, TypedCell};
use throughline_app::words::{self, names, numbers};
use throughline_core::UnitOfMeasure;
use throughline_insight::signals::State;
use throughline_model::fields::in_percent;
use throughline_model::records::{Measure, MeasureKind};
use throughline_model::{Kind, Model};

use crate::pages::links;
use crate::parts::scorecard::drawings;
use crate::viewer::Viewer;

/// What people call a cell, in small letters: measure, unit and period, each by its name and its key.
#[must_use]
pub fn called(cell: &TypedCell, model: &Model) -> Vec<String> {
    let measure = model.measures().by_key(&cell.measure);
    let unit = model.units().by_key(&cell.unit);
    let period = model.calendar().parse_period(&cell.period).ok();
    let names = [
        measure.map(|measure| measure.name.clone()),
        unit.map(|unit| unit.name.clone()),
        period.map(|period| words::period(&period, model.calendar())),
    ];
    let keys = [&cell.measure, &cell.unit, &cell.period].map(Clone::clone);
    let all = names.into_iter().flatten().chain(keys);
    all.map(|name| name.to_lowercase()).collect()
}

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
    /// The unit of measure and the unit.
    pub of: String,
    /// The unit of measure, the unit and the period.
    pub about: String,
    /// The period.
    pub period: String,
    /// What people call it in a column that they paste, one a line.
    pub called: String,
    /// Until when it is due, or was; what it is now, where it is corrected.
    pub when: String,
    /// Who answers for it, where it is late and that is somebody else.
    pub answers: String,
    /// Whether a figure is there that is corrected.
    pub corrects: bool,
    /// What names its field on the page.
    pub labelled_by: String,
    /// What describes its field.
    pub described_by: String,
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
    /// What was said of what is there; it stays where nothing else is said.
    pub comment: String,
    /// What the figure says, where is asked what changed.
    pub said: String,
    /// What is asked where it is probably a slip.
    pub slip: Option<SlipQuestion>,
    /// What is wrong with the value, the weight, the comment.
    pub wrong: [Option<String>; 3],
}

/// Whether a figure is right that is probably a slip.
#[derive(Debug, Clone)]
pub struct SlipQuestion {
    /// What was typed, with its unit.
    pub typed: String,
    /// What was probably meant: as it is typed, and with its unit.
    pub meant: Option<(String, String)>,
}

impl DueRow {
    /// The row of a cell, at a place of the form; `None` where its measure is in the plan no more.
    #[must_use]
    pub fn of(viewer: &Viewer, model: &Model, due: &DueCell, place: usize) -> Option<DueRow> {
        let measure = model.measures().get(due.cell.measure)?;
        let calendar = model.calendar();
        let name = due.name(model);
        let unit = names::name(model, (Kind::Unit, due.cell.unit.as_uuid()));
        let period = words::period(&due.cell.period, calendar);
        let shown_as = match numbers::unit_of(measure) {
            UnitOfMeasure::None => String::new(),
            shown_as => shown_as.to_string(),
        };
        let of = match shown_as.as_str() {
            "" => unit,
            shown_as => format!("{shown_as}, {unit}"),
        };
        Some(DueRow {
            place,
            cell: [name.measure.as_str(), &name.unit, &name.period].join("/"),
            called: called(&name, model).join("\n"),
            name: measure.name.clone(),
            href: links::measure(&viewer.place, measure.key.as_str()),
            about: format!("{of}, {period}"),
            of,
            period,
            when: when(due, measure),
            answers: answers(viewer, model, due, measure),
            corrects: due.holds.is_some(),
            comment: due.comment.clone(),
            is_late: due.is_late,
            is_yes_no: measure.kind == MeasureKind::YesNo,
            shown_as,
            is_weighted: measure.kind.is_weighted(),
            beside: beside(model, due, measure),
            trend: drawings::sparkline(&due.trend, measure, calendar),
            ..DueRow::default()
        })
    }

    /// Puts into the fields what was typed.
    pub fn fill(&mut self, typed: &TypedCell) {
        self.typed = typed.clone();
    }

    /// Puts what is asked of the figure.
    pub fn ask(&mut self, asked: &Asked, measure: &Measure) {
        match asked {
            Asked::Change(says) => self.said = says_in_words(says, measure),
            Asked::Slip(slip) => {
                let words = |value| numbers::exact(Some(value), measure);
                self.slip = Some(SlipQuestion {
                    typed: words(slip.value),
                    meant: slip
                        .meant
                        .map(|meant| (as_typed(meant, measure), words(meant))),
                });
            }
        }
    }

    /// Whether a comment is asked for, or was given already.
    #[must_use]
    pub fn asks(&self) -> bool {
        let was_given = !self.typed.comment.is_empty() || self.typed.is_routine;
        self.corrects || !self.said.is_empty() || was_given
    }

    /// What comment is asked for.
    #[must_use]
    pub const fn asks_for(&self) -> &'static str {
        match self.corrects {
            true => "Why is it corrected?",
            false => "What changed?",
        }
    }
}

/// What is asked beside a share or a mean.
pub const WEIGHS: &str = "“Of how many” is the number of things, such as calls or people, that a share or a mean was counted from: where units are taken together, one with more of them weighs more.";

/// A value as it is typed into the field of its measure, without its unit.
#[must_use]
pub fn as_typed(value: f64, measure: &Measure) -> String {
    match measure.kind {
        MeasureKind::YesNo => if value > 0.0 { "yes" } else { "no" }.to_owned(),
        _ if measure.is_shown_as_percent() => in_percent(value).to_string(),
        _ => value.to_string(),
    }
}

/// Why a figure is probably a slip, as the field says it.
#[must_use]
pub fn slip_in_words(slip: &Slip, measure: &Measure) -> String {
    let typed = numbers::exact(Some(slip.value), measure);
    let why = match slip.why {
        SlipReason::BeyondAll => "no figure of it was ever above 100%",
        SlipReason::FarAbove => "it is many times all others here",
        SlipReason::FarBelow => "it is a small part of all others here",
    };
    let meant = slip.meant.map(|meant| numbers::exact(Some(meant), measure));
    let meant = meant.map_or_else(String::new, |meant| format!(". Is {meant} meant?"));
    format!("{typed} may be a slip: {why}{meant}")
}

/// Until when a figure is due, or what it says now.
fn when(due: &DueCell, measure: &Measure) -> String {
    if let Some((value, _)) = due.holds {
        let now = match value {
            Some(_) => numbers::exact(value, measure),
            None => "none".to_owned(),
        };
        return format!("Now {now}");
    }
    let by = words::date(due.by);
    match due.is_late {
        true => format!("Late, was due by {by}"),
        false => format!("Due by {by}"),
    }
}

/// Who answers for a figure that is late, where that is somebody else.
fn answers(viewer: &Viewer, model: &Model, due: &DueCell, measure: &Measure) -> String {
    let actor = viewer.ctx.actor().person;
    let others = measure.owner.filter(|owner| actor != Some(*owner));
    match others.filter(|_| due.is_late) {
        Some(owner) => {
            let owner = names::name(model, (Kind::Person, owner.as_uuid()));
            format!("{owner} answers for it")
        }
        None => String::new(),
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
