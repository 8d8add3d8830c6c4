//! Initiatives: all of them on one line of time, with what is late first; and one of them with its milestones.

use askama::Template;
use jiff::civil::Date;
use throughline_app::{
    InitiativeState, ReadInitiatives, ReadScorecard, done_by, done_count, initiatives, is_late,
    words,
};
use throughline_core::UnitOfMeasure;
use throughline_core::number::currency_prefix;
use throughline_model::records::{Initiative, Milestone, Money};
use throughline_model::{Entry, Kind};

use super::strategy::said;
use crate::address::{Path, Query};
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::markdown;
use crate::parts::empty::Empty;
use crate::parts::initiatives::{InitiativeRow, Tests, done_in_words, runs_in_words, timeline};
use crate::parts::pages::{ListState, Pages, Stretch, at_row};
use crate::parts::sorting::{Column, Head, Sort, SortKey};
use crate::viewer::Viewer;

/// The columns of their table.
const COLUMNS: [Column; 6] = [
    Column::by("name", "Initiative"),
    Column::by("status", "Status"),
    Column::by("milestones", "Milestones").of_class("right"),
    Column::by("runs", "Runs"),
    Column::plain("Serves"),
    Column::by("owner", "Owner"),
];
/// How many initiatives a page shows.
const ROWS_MAX: usize = 40;
/// How many milestones of one initiative are shown.
const MILESTONES_MAX: usize = 100;

/// The page of all initiatives.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "initiatives.html")]
pub struct InitiativesPage {
    /// What is around it.
    pub frame: Frame,
    /// How many there are, by how they stand.
    pub tally: String,
    /// As of which day.
    pub said: String,
    /// Them on a line of time.
    pub timeline: String,
    /// The heads of their table.
    pub heads: Vec<Head>,
    /// Each of them, with the links that it tests.
    pub rows: Vec<(InitiativeRow, Vec<Tests>)>,
    /// Whether the evidence for those is being worked out.
    pub is_awaited: bool,
    /// What stands in their place where there are none.
    pub empty: Empty,
    /// The ways to the others.
    pub pages: Pages,
}

/// Shows all initiatives.
///
/// # Errors
/// As of the scorecard's use case.
pub async fn all(viewer: Viewer, Query(state): Query<ListState>) -> PageResult {
    let all = initiatives(&viewer.ctx, &viewer.place.selection()).await?;
    let read = &all.read;
    let evidence = viewer.evidence(&read.selected).await?;
    let sort = Sort::asked(&viewer, &COLUMNS);
    let ordered = all.initiatives.iter().map(|(one, _)| &**one).collect();
    let ordered = sort.order(ordered, |one, column| key(read, one, column));
    let stretch = Stretch::of(state.row, ROWS_MAX, ordered.len());
    let shown = stretch.rows(&ordered).iter().copied();
    page(&InitiativesPage {
        frame: Frame::at(&viewer, Section::Initiatives, "Initiatives", &read.selected),
        tally: tally(&all),
        said: said_as_of(read, all.day),
        timeline: timeline(read, Some(&viewer.place), shown.clone()),
        empty: Empty::of_kind(
            &viewer,
            Kind::Initiative,
            (
                "There are no initiatives yet",
                "An initiative is a funded piece of work that serves objectives, with milestones and days. It appears here as soon as the plan has one.",
                "Add the first initiative",
            ),
        ),
        heads: sort.heads(&viewer, &COLUMNS, ""),
        is_awaited: evidence.is_none() && !viewer.ctx.waiting().has_failed(),
        rows: shown
            .map(|one| {
                let (model, place) = (&read.selected.model, &viewer.place);
                let row = InitiativeRow::of(read, place, one);
                (row, Tests::of(model, place, one, evidence.as_deref()))
            })
            .collect(),
        pages: stretch.pages("Initiatives", |row| at_row(&viewer, row)),
    })
}

/// What an initiative has in a column: of its state the late first.
fn key(read: &ReadScorecard, initiative: &Initiative, column: &str) -> SortKey {
    let day = read.selected.day();
    match column {
        "name" => SortKey::words(&initiative.name),
        "status" => {
            let state = InitiativeState::of(initiative, day);
            let place = InitiativeState::ALL.iter().position(|one| *one == state);
            SortKey::number(place.map(|place| place as f64))
        }
        "milestones" => {
            let all = initiative.milestones.len();
            let done = done_count(initiative, day);
            SortKey::number((all > 0).then(|| done as f64 / all as f64))
        }
        "runs" => initiative
            .from
            .map_or(SortKey::Nothing, |from| SortKey::words(&from.to_string())),
        "owner" => {
            let people = read.selected.model.people();
            let owner = initiative.owner.and_then(|id| people.get(id));
            owner.map_or(SortKey::Nothing, |owner| SortKey::words(&owner.name))
        }
        _ => SortKey::Nothing,
    }
}

/// As of which day initiatives are shown, and which figures the objectives that they serve have.
fn said_as_of(read: &ReadScorecard, day: Date) -> String {
    let objectives = lower_first(&said(read));
    format!("As of {}. Objectives: {objectives}", words::date(day))
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(characters).collect()
}

/// `4 initiatives: 2 late, 1 under way and 1 done.`
fn tally(all: &ReadInitiatives) -> String {
    let counts = all.counts();
    let counts: Vec<String> = counts
        .map(|(state, count)| format!("{count} {}", state.word()))
        .collect();
    let counted = words::count(all.initiatives.len() as u64, "initiative");
    format!("{counted}: {}.", words::list(&counts))
}

/// The page of one initiative.
#[derive(Debug, Clone, Template)]
#[template(path = "initiative.html")]
pub struct InitiativePage {
    /// What is around it.
    pub frame: Frame,
    /// What it must bring, as HTML of its own.
    pub expects: String,
    /// As of which day.
    pub said: String,
    /// As in the list.
    pub row: InitiativeRow,
    /// The links that it tests.
    pub tests: Vec<Tests>,
    /// From when to when.
    pub runs: String,
    /// How many milestones are done.
    pub done: String,
    /// What may be spent on it.
    pub budget: String,
    /// Its milestones on a line of time.
    pub timeline: String,
    /// Each milestone.
    pub milestones: Vec<MilestoneRow>,
    /// How many more milestones there are.
    pub more: usize,
}

/// A milestone.
#[derive(Debug, Clone)]
pub struct MilestoneRow {
    /// What is reached.
    pub name: String,
    /// By when.
    pub due: String,
    /// When it was reached.
    pub done: String,
    /// What that means: `16 days late`.
    pub said: String,
}

/// Shows one initiative.
///
/// # Errors
/// If there is none with that key, or as of the scorecard's use case.
pub async fn one(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    let read = viewer.scorecard().await?;
    let model = &read.selected.model;
    let found = model.initiatives().by_key(&key);
    let found = found.ok_or(WebError::NotThere)?;
    let evidence = viewer.evidence(&read.selected).await?;
    let tests = Tests::of(model, &viewer.place, found, evidence.as_deref());
    page(&InitiativePage::of(&viewer, &read, found, tests))
}

impl InitiativePage {
    fn of(
        viewer: &Viewer,
        read: &ReadScorecard,
        initiative: &Entry<Initiative>,
        tests: Vec<Tests>,
    ) -> Self {
        let day = read.selected.day();
        let name = &initiative.name;
        let shown = initiative.milestones.iter().take(MILESTONES_MAX);
        InitiativePage {
            frame: Frame::at(viewer, Section::Initiatives, name.clone(), &read.selected)
                .below("Initiatives", Some(viewer.place.href("/initiatives")))
                .below(name.clone(), None)
                .of_record(viewer, Kind::Initiative, initiative.key.as_str()),
            expects: initiative
                .expects
                .as_ref()
                .map(markdown::blocks)
                .unwrap_or_default(),
            said: said_as_of(read, day),
            row: InitiativeRow::of(read, &viewer.place, initiative),
            tests,
            runs: runs_in_words(initiative),
            done: done_in_words(initiative, day),
            budget: initiative.budget.as_ref().map(money).unwrap_or_default(),
            timeline: timeline(read, None, std::iter::once(initiative)),
            milestones: shown.map(|step| MilestoneRow::of(step, day)).collect(),
            more: initiative.milestones.len().saturating_sub(MILESTONES_MAX),
        }
    }
}

impl MilestoneRow {
    fn of(step: &Milestone, day: Date) -> Self {
        let done = done_by(step, day);
        MilestoneRow {
            name: step.name.clone(),
            due: words::date(step.due),
            done: done.map(words::date).unwrap_or_default(),
            said: match done {
                Some(done) => distance(step.due, done, "late", "early", "On the day"),
                None if is_late(step, day) => distance(step.due, day, "late, and not done", "", ""),
                None => distance(step.due, day, "", "to go", "Due today"),
            },
        }
    }
}

/// How far a day is from another, in words: `16 days late`.
fn distance(due: Date, day: Date, after: &str, before: &str, same: &str) -> String {
    let days = (day - due).get_days();
    let counted = words::how_long(days.unsigned_abs());
    match days {
        0 => same.to_owned(),
        1.. => format!("{counted} {after}"),
        _ => format!("{counted} {before}"),
    }
}

/// An amount with its currency: `$1,250,000`.
fn money(money: &Money) -> String {
    let text = money.amount.normalize().to_string();
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => ("−", size),
        None => ("", text.as_str()),
    };
    let (whole, rest) = size.split_once('.').unwrap_or((size, ""));
    let whole = whole
        .parse::<u64>()
        .map_or(whole.to_owned(), words::grouped);
    let rest = match rest {
        "" => String::new(),
        rest => format!(".{rest:0<2}"),
    };
    match UnitOfMeasure::parse(&money.currency.0) {
        UnitOfMeasure::Currency(code) => format!("{sign}{}{whole}{rest}", currency_prefix(code)),
        _ => format!("{sign}{whole}{rest} {}", money.currency.0),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use throughline_model::fields::Currency;

    use super::*;

    #[test]
    fn milestones_say_how_late_they_were() {
        let check = |done: Option<Date>, day: Date, expected: &str| {
            let step = Milestone {
                name: "m".to_owned(),
                due: date(2013, 6, 1),
                done,
            };
            assert_eq!(MilestoneRow::of(&step, day).said, expected);
        };
        let (may, june, july) = (date(2013, 5, 31), date(2013, 6, 1), date(2013, 7, 1));
        check(Some(july), date(2014, 1, 1), "30 days late");
        check(Some(may), july, "1 day early");
        check(Some(june), july, "On the day");
        check(Some(july), june, "Due today");
        check(None, july, "30 days late, and not done");
        check(None, may, "1 day to go");
    }

    #[test]
    fn amounts_keep_their_currency() {
        let check = |amount: &str, expected: &str| {
            let amount = Money {
                amount: amount.parse().unwrap(),
                currency: Currency("USD".to_owned()),
            };
            assert_eq!(money(&amount), expected);
        };
        check("1250000", "$1,250,000");
        check("0.50", "$0.50");
        check("-3", "−$3");
    }
}
