//! Values that people enter: which cells are due of whom, what a typed number means, whether it is probably a slip, what it
//! says beside those before it, recording, correcting, waiting for their owner, publishing, and taking back.

mod due;
mod enter;
mod held;
mod known;
mod late;
mod lately;
mod publish;
mod says;
mod slip;
mod take_back;
mod typed;
mod typed_cell;

use throughline_core::UnitId;
use throughline_model::Entry;
use throughline_model::records::{Measure, Person, Source};

use crate::policy::{Object, ReadPlan, RecordObservations};
use crate::{AppError, Ctx};

pub(crate) use self::take_back::nothing_in;
pub use due::{CELLS_MAX, CELLS_SENT_MAX, Due, DueCell, LateCell, due};
pub(crate) use due::{OwnCell, own_cells};
pub use enter::{
    Asked, COMMENT_LENGTH_MAX, CORRECTED, Entered, Field, Publishing, REASON, Wrong, enter,
};
pub(crate) use held::{Eyes, waits_for_owner};
pub use held::{HeldFigure, WAITING_MAX, held_at};
pub use late::{LateFigures, LateSeries, late};
pub use lately::{LATELY_MAX, Lately};
pub use publish::{PUBLISHED_AT_ONCE_MAX, publish, publish_due};
pub use says::Says;
pub use slip::{Slip, SlipReason};
pub use take_back::{TakenBack, take_back};
pub use typed_cell::TypedCell;

/// Whether the values of a measure are entered by people: a formula has none of its own, and others come from elsewhere.
pub(crate) fn is_entered(measure: &Measure) -> bool {
    measure.formula.is_none() && matches!(measure.source, None | Some(Source::Manual))
}

/// Says of cells whether who acts may enter another figure there: for links to where that is done.
///
/// # Errors
/// If the plan of today cannot be read.
pub async fn may_correct(ctx: &Ctx) -> Result<impl Fn(&Measure, UnitId) -> bool + use<>, AppError> {
    ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let may_record = ctx.allows_at::<RecordObservations>().await?;
    Ok(move |measure: &Measure, unit| is_entered(measure) && may_record(unit))
}

/// Whether a person collects a measure: its steward does, and without one its owner.
pub(crate) fn collects(person: &Entry<Person>, measure: &Measure) -> bool {
    measure.steward.or(measure.owner) == Some(person.id())
}

/// Whether the cells of a measure at a unit are due of a person: of who collects it, and of those who work in the unit.
/// Whether they may record there is the policy's to say.
fn is_due_of(person: &Entry<Person>, measure: &Measure, unit: UnitId) -> bool {
    is_entered(measure) && (collects(person, measure) || person.unit == Some(unit))
}
