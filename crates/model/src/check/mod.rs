//! What a plan cannot have: everything that would leave a number without meaning. All of it is said at once.
//!
//! Reading a record finds what is wrong with that record's text; here stands what only shows in the whole plan or
//! between fields. Errors must be mended before a plan is applied, warnings only ask for a second look. What a good
//! plan has beyond that is the subject of [`lint`](crate::lint).

mod circles;
mod depth;
mod governance;
mod measures;
mod names;
mod notes;
mod organisation;
mod plausible;
mod references;
mod targets;
#[cfg(test)]
mod tests;

use throughline_core::finding::{Finding, Place};

pub(crate) use circles::circles;
pub use names::is_unseen;

use crate::model::Model;
use crate::record::{Entry, Record};

/// What is wrong with a plan, in the order of its sections.
pub fn check(model: &Model) -> Vec<Finding> {
    check_after(&Model::default(), model)
}

/// What is wrong with a plan that takes the place of one before. A name that could not be given today and that plan has already
/// is a warning: else nothing could be changed before it is mended.
pub fn check_after(before: &Model, model: &Model) -> Vec<Finding> {
    let checks: [fn(&Model, &mut Vec<Finding>); 10] = [
        references::check,
        names::keys,
        organisation::check,
        circles::check,
        depth::check,
        measures::check,
        targets::check,
        plausible::check,
        governance::check,
        notes::check,
    ];
    let mut findings = Vec::new();
    for check in checks {
        check(model, &mut findings);
    }
    names::unseen(before, model, &mut findings);
    findings
}

/// What is wrong with a plan of which every name stood already, be it now or before: one that could not be given today is a
/// warning.
pub fn check_standing(model: &Model) -> Vec<Finding> {
    check_after(model, model)
}

/// What is wrong with how the records of a plan name each other: references that lead nowhere, and keys that lead to several
/// records.
pub fn keys_and_references(model: &Model) -> Vec<Finding> {
    let mut findings = Vec::new();
    references::check(model, &mut findings);
    names::keys(model, &mut findings);
    findings
}

/// The place of a record.
pub(crate) fn place<R: Record>(model: &Model, entry: &Entry<R>) -> Place {
    Place::record(R::KIND.word(), entry.record.key(model))
}
