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

use crate::model::Model;
use crate::record::{Entry, Record};

/// What is wrong with a plan, in the order of its sections.
pub fn check(model: &Model) -> Vec<Finding> {
    let checks: [fn(&Model, &mut Vec<Finding>); 10] = [
        references::check,
        names::check,
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
    findings
}

/// What is wrong with the names in a plan: references that lead nowhere, and keys that lead to several records.
pub fn names_and_references(model: &Model) -> Vec<Finding> {
    let mut findings = Vec::new();
    references::check(model, &mut findings);
    names::check(model, &mut findings);
    findings
}

/// The place of a record.
pub(crate) fn place<R: Record>(model: &Model, entry: &Entry<R>) -> Place {
    Place::record(R::KIND.word(), entry.record.key(model))
}
