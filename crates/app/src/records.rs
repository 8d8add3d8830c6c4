//! The records of the plan, as somebody may see them.

use std::sync::Arc;

use throughline_core::{PersonId, UnitId};
use throughline_model::records::{AnyRecord, Review};
use throughline_model::{Kind, Model};

use crate::instant::{self, OfDay};
use crate::policy::{Object, ReadPlan};
use crate::selection::Selection;
use crate::{AppError, Ctx};

/// The plan at one instant, without what the actor may not see.
pub struct ReadPlanRecords {
    model: Arc<Model>,
    own: Option<PersonId>,
    may_read: Box<dyn Fn(UnitId) -> bool + Send + Sync>,
}

/// Reads the plan as it was known at the plan's instant, else at that of all, else now.
///
/// # Errors
/// If there is no such instant, or no ledger.
pub async fn plan_records(ctx: &Ctx, asked: &Selection) -> Result<ReadPlanRecords, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let newest = ctx.plan_known(ledger, None).await?;
    let calendar = newest.calendar();
    let at = asked.plan_at.as_deref().or(asked.known_at.as_deref());
    let at = at
        .map(|text| instant::parse(text, calendar, OfDay::Last))
        .transpose()?;
    Ok(ReadPlanRecords {
        model: ctx.plan_known(ledger, at).await?,
        own: ctx.actor().person,
        may_read: Box::new(ctx.may_read_at().await?),
    })
}

impl ReadPlanRecords {
    /// The plan.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Every record of a kind, in the order of the plan.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> Vec<AnyRecord> {
        let records = self.model.records(kind).into_iter();
        records.filter(|record| self.shows(record)).collect()
    }

    /// The record of a kind with that key.
    #[must_use]
    pub fn record(&self, kind: Kind, key: &str) -> Option<AnyRecord> {
        let id = self.model.id_of(kind, key)?;
        let record = self.model.record(kind, id);
        record.filter(|record| self.shows(record))
    }

    /// Whether a record is for the eyes of the actor: of bodies, their reviews and what comes of them, those of units that
    /// they may read, and their own actions, as on pages; of others, each.
    fn shows(&self, record: &AnyRecord) -> bool {
        let may_read = |unit: Option<UnitId>| unit.is_none_or(&self.may_read);
        let shows_review = |review: &Review| {
            let body = self.model.bodies().get(review.body);
            body.is_none_or(|body| may_read(body.unit))
        };
        match record {
            AnyRecord::Body(one) => may_read(one.unit),
            AnyRecord::Review(one) => shows_review(one),
            AnyRecord::Decision(one) => may_read(one.unit),
            AnyRecord::Action(one) => self.own == Some(one.who) || may_read(one.unit),
            AnyRecord::Cause(one) => may_read(one.unit),
            AnyRecord::Lesson(one) => may_read(one.unit),
            AnyRecord::Remark(one) => {
                let review = self.model.reviews().get(one.review);
                review.is_some_and(|review| shows_review(review)) && may_read(one.unit)
            }
            AnyRecord::Note(one) => may_read(Some(one.unit)),
            _ => true,
        }
    }
}
