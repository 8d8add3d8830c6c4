//! The cells that are due of somebody: the late ones first, each with what is known beside it.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::{Period, UnitId};
use throughline_engine::{Edge, OwedCell, View};
use throughline_model::observation::{Cell, CommitNumber};
use throughline_model::records::{Measure, Person};
use throughline_model::{Entry, Model};

use super::held::{HeldFigure, WAITING_MAX, says, waits};
use super::known::{Known, stated};
use super::lately::{Lately, lately};
use super::says::{Says, before_and_at, usual};
use super::{TypedCell, collects, is_due_of, is_entered};
use crate::load_observations::Holding;
use crate::policy::{Object, ReadPlan, ReadReadings, RecordObservations};
use crate::trend::Trend;
use crate::{AppError, Ctx};

/// The most cells that are asked for at once; the others come once these are filled.
pub const CELLS_MAX: usize = 60;
/// The most cells of one form: those that were typed and are not due any more stand beside those that are.
pub const CELLS_SENT_MAX: usize = 2 * CELLS_MAX;
/// The most cells that are late with others and shown.
const LATE_MAX: usize = 50;
/// How many periods of a measure back a cell is asked for: what is older is a matter for whoever looks after the plan.
pub(super) const PERIODS_BACK: i32 = 12;

/// What is due of somebody.
pub struct Due {
    /// The plan, for names.
    pub model: Arc<Model>,
    /// The last commit that was seen.
    pub position: CommitNumber,
    /// The cells that were named and are not due, as those that are to be corrected; then those that are due: the late ones
    /// first, the longest overdue before the others.
    pub cells: Vec<DueCell>,
    /// How many more there are.
    pub more: usize,
    /// Cells of measures that the person answers for, which are late with others.
    pub late_with_others: Vec<LateCell>,
    /// How many more of these there are.
    pub more_late: usize,
    /// The figures that wait to be published and that the person may see, each with what it says, in the order of their time.
    pub waiting: Vec<(HeldFigure, Says)>,
    /// How many more of these there are.
    pub more_waiting: usize,
    /// What was entered lately of what the person enters, the newest first.
    pub lately: Vec<Lately>,
    /// Whether some of what is due is of a measure that the person answers for, so that they say when it is published.
    pub has_own: bool,
}

/// A cell that is due.
pub struct DueCell {
    /// The cell.
    pub cell: Cell,
    /// The last day on which it is in time.
    pub by: Date,
    /// Whether that day is over.
    pub is_late: bool,
    /// Whether it is asked for; else it was named.
    pub is_due: bool,
    /// What it holds, value and weight, where that is published or for whoever looks to see.
    pub holds: Option<(Option<f64>, Option<f64>)>,
    /// What was said of it; empty where nothing was, or where it holds nothing.
    pub comment: String,
    /// The last value before it, with its period.
    pub last: Option<(Period, f64)>,
    /// Between which values it usually lies.
    pub usual: Option<(f64, f64)>,
    /// The target of its period.
    pub target: Option<Edge>,
    /// The readings before it.
    pub trend: Trend,
}

/// A cell that is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateCell {
    /// The cell.
    pub cell: Cell,
    /// The last day on which it was in time.
    pub by: Date,
}

/// What is due of who acts; and the cells that were typed, be they due any more or not.
///
/// # Errors
/// If there is no ledger. Nothing is due of nobody in person.
pub async fn due(ctx: &Ctx, typed: &[TypedCell]) -> Result<Due, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let (model, observations) = ctx.newest_known(ledger).await?;
    let person = ctx.actor().person.and_then(|one| model.people().get(one));
    let person = person.cloned();
    let may_record = ctx.allows_at::<RecordObservations>().await?;
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let is_within = ctx.is_within();
    let named = typed.iter().filter_map(|one| one.cell(&model));
    let known = Known::of(ctx, ledger, &observations).await?;
    let named = named.filter(|cell| is_within(cell) && may_read(cell.unit));
    let named: Vec<Named> = named
        .map(|cell| Named {
            cell,
            holds: known.holds(&cell),
            comment: known.comment(&cell).to_owned(),
        })
        .collect();
    let mut waiting = known.into_waiting();
    waiting.sort_by_key(|one| one.until);
    let more_waiting = waiting.len().saturating_sub(WAITING_MAX);
    waiting.truncate(WAITING_MAX);
    let view = View::new(Arc::clone(&model), observations, ctx.now());
    let (own, now) = (ctx.actor().person, ctx.now());
    let look = move || {
        let Some(person) = person else {
            return (Found::default(), Vec::new(), Vec::new(), Vec::new());
        };
        let mut of_all = Found::of(&view, &person, &may_record, &may_read);
        let may_both = |unit| may_record(unit) && may_read(unit);
        let mut lately = lately(&view, &person, now, may_both);
        lately.retain(|one| is_within(&one.cell));
        of_all.own.retain(|one| is_within(&one.cell));
        of_all.of_others.retain(|one| is_within(&one.cell));
        of_all.limit();
        let not_due = of_all.not_due(&view, &named, &may_record).into_iter();
        let not_due = not_due.map(|(owed, named)| DueCell {
            holds: named.holds,
            comment: named.comment.clone(),
            ..DueCell::of(&view, &owed, false)
        });
        let due = of_all.own.iter();
        let due = due.map(|owed| DueCell::of(&view, owed, true));
        let cells: Vec<DueCell> = not_due.chain(due).take(CELLS_SENT_MAX).collect();
        let says = says(&view, &waiting, now);
        (
            of_all,
            cells,
            waiting.into_iter().zip(says).collect(),
            lately,
        )
    };
    let found = tokio::task::spawn_blocking(look).await;
    let (found, cells, waiting, lately) =
        found.map_err(|error| AppError::failed("what is due could not be evaluated", error))?;
    let is_own = |one: &DueCell| {
        let measure = model.measures().get(one.cell.measure);
        measure.is_some_and(|measure| waits(&model, measure) && measure.owner == own)
    };
    Ok(Due {
        has_own: cells.iter().any(is_own),
        waiting,
        more_waiting,
        lately,
        model,
        position: ctx.snapshot().map_or(CommitNumber(0), |one| one.position),
        more: found.more,
        cells,
        more_late: found.of_others.len().saturating_sub(LATE_MAX),
        late_with_others: found.of_others.into_iter().take(LATE_MAX).collect(),
    })
}

/// A cell that is due, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnCell {
    /// The cell.
    pub(crate) cell: Cell,
    /// The last day on which it is in time.
    pub(crate) by: Date,
    /// Whether that day is over.
    pub(crate) is_late: bool,
}

/// All cells that are due of a person, the late ones first; `may_record` says where they may record.
pub(crate) fn own_cells(
    view: &View,
    person: &Entry<Person>,
    may_record: impl Fn(UnitId) -> bool,
) -> Vec<OwnCell> {
    Found::of(view, person, may_record, |_| false).own
}

/// A cell that was named, with what is known of it.
struct Named {
    cell: Cell,
    holds: Holding,
    comment: String,
}

/// All cells that concern a person.
#[derive(Default)]
struct Found {
    own: Vec<OwnCell>,
    /// How many of the person's own are left for later.
    more: usize,
    of_others: Vec<LateCell>,
}

impl Found {
    /// Those of some cells that are not due, or no longer, with what they hold.
    fn not_due<'a>(
        &self,
        view: &View,
        named: &'a [Named],
        may_record: impl Fn(UnitId) -> bool,
    ) -> Vec<(OwnCell, &'a Named)> {
        let is_due = |cell: &Cell| self.own.iter().any(|one| one.cell == *cell);
        let others = named.iter().filter(|one| !is_due(&one.cell));
        let of = |named: &'a Named| {
            let cell = named.cell;
            let measure = view.plan.measures().get(cell.measure)?;
            let is_asked = is_entered(measure) && may_record(cell.unit);
            let by = measure.due.map_or(0, |due| i64::from(due.0));
            let by = cell.period.last.checked_add(jiff::Span::new().days(by));
            let owed = OwnCell {
                cell,
                by: by.unwrap_or(cell.period.last),
                is_late: false,
            };
            is_asked.then_some((owed, named))
        };
        others.filter_map(of).take(CELLS_MAX).collect()
    }

    fn of(
        view: &View,
        person: &Entry<Person>,
        may_record: impl Fn(UnitId) -> bool,
        may_read: impl Fn(UnitId) -> bool,
    ) -> Found {
        let mut found = Found::default();
        for measure in view.plan.measures() {
            if !is_entered(measure) || !concerns(person, measure) {
                continue;
            }
            let is_own = |unit| is_due_of(person, measure, unit) && may_record(unit);
            let is_asked =
                |unit| is_own(unit) || (measure.owner == Some(person.id()) && may_read(unit));
            let unit = unit_of(&view.plan, person);
            for owed in view.owed(measure.id(), is_asked, unit, PERIODS_BACK) {
                found.add(view, measure, owed, is_own(owed.unit));
            }
        }
        // Those of one day stay in the order of the plan.
        found.own.sort_by_key(|one| (!one.is_late, one.by));
        found.of_others.sort_by_key(|one| one.by);
        found
    }

    /// Leaves what is too much at once for later.
    fn limit(&mut self) {
        self.more = self.own.len().saturating_sub(CELLS_MAX);
        self.own.truncate(CELLS_MAX);
    }

    fn add(&mut self, view: &View, measure: &Entry<Measure>, owed: OwedCell, is_own: bool) {
        let OwedCell {
            unit,
            period,
            by,
            is_late,
        } = owed;
        let cell = Cell {
            measure: measure.id(),
            unit,
            period,
        };
        // What was entered and waits for its owner is not asked for again.
        if view.observations.held().contains_key(&cell) {
            return;
        }
        if is_own {
            self.own.push(OwnCell { cell, by, is_late });
        } else if is_late {
            self.of_others.push(LateCell { cell, by });
        }
    }
}

/// Whether cells of a measure can concern a person at all, so that those of others need not be looked for.
fn concerns(person: &Entry<Person>, measure: &Measure) -> bool {
    collects(person, measure) || measure.owner == Some(person.id()) || person.unit.is_some()
}

/// Where a measure begins that nobody reported yet: where the person works, else at the top.
fn unit_of(plan: &Model, person: &Person) -> Option<UnitId> {
    let day = plan.calendar().date_of(jiff::Timestamp::MAX);
    let top = plan.index().units_on(day).roots().first().copied();
    person.unit.or(top)
}

impl DueCell {
    /// The names of the cell, with nothing typed.
    #[must_use]
    pub fn name(&self, model: &Model) -> TypedCell {
        TypedCell::of(&self.cell, model)
    }

    /// What it holds, exactly, as its form carries it.
    #[must_use]
    pub fn known(&self) -> String {
        stated(self.holds)
    }

    fn of(view: &View, owed: &OwnCell, is_due: bool) -> DueCell {
        let OwnCell { cell, by, is_late } = *owed;
        let trend = before_and_at(view, cell);
        let target = trend
            .readings
            .last()
            .and_then(|(_, reading)| reading.target);
        let mut trend_before = trend.clone();
        trend_before.readings.pop();
        let earlier = trend_before.readings.iter().rev();
        let last = earlier
            .filter_map(|(period, reading)| Some((*period, reading.value?)))
            .next();
        DueCell {
            cell,
            by,
            is_late,
            is_due,
            holds: None,
            comment: String::new(),
            last,
            usual: usual(&trend),
            target,
            trend: trend_before,
        }
    }
}
