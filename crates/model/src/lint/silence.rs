//! Lints that people have silenced, and whether their silences still do something.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::finding::{Finding, Place, nearest};
use uuid::Uuid;

use super::LINTS;
use crate::kind::Kind;
use crate::model::Model;

/// A record and the code of a lint that it silences.
type Silenced = (Kind, Uuid, String);

pub(super) struct Silences {
    /// Where each silence stands in the list of its record, in the order of the plan.
    places: Vec<(Silenced, usize)>,
    known: BTreeMap<Silenced, bool>,
    organisation: Option<Uuid>,
}

impl Silences {
    pub(super) fn of(model: &Model) -> Silences {
        let mut places = Vec::new();
        for record in Kind::ALL.into_iter().flat_map(|kind| model.records(kind)) {
            for (index, silence) in record.silences().iter().enumerate() {
                places.push(((record.kind(), record.id(), silence.lint.clone()), index));
            }
        }
        Silences {
            known: places
                .iter()
                .map(|(silenced, _)| (silenced.clone(), false))
                .collect(),
            organisation: model.organisation().map(|organisation| organisation.id),
            places,
        }
    }

    /// Whether a lint is silenced at a record or for the whole plan; notes which silences were needed.
    pub(super) fn silence(&mut self, code: &str, record: Option<(Kind, Uuid)>) -> bool {
        if self.known.is_empty() {
            return false;
        }
        let of_plan = self.organisation.map(|id| (Kind::Organisation, id));
        let mut is_silenced = false;
        for (kind, id) in [record, of_plan].into_iter().flatten() {
            if let Some(is_needed) = self.known.get_mut(&(kind, id, code.to_string())) {
                *is_needed = true;
                is_silenced = true;
            }
        }
        is_silenced
    }

    /// What there is to say of the silences themselves.
    pub(super) fn findings(self, model: &Model) -> Vec<Finding> {
        let codes: BTreeSet<&str> = LINTS.iter().map(|lint| lint.code).collect();
        let mut findings = Vec::new();
        for (silenced, index) in &self.places {
            let (kind, id, code) = silenced;
            let key = model.last_key_of(*kind, *id).unwrap_or_default();
            let place = Place::record(kind.word(), key)
                .field("silences")
                .index(*index);
            if !codes.contains(code.as_str()) {
                let message = format!("there is no lint `{code}`");
                let finding = Finding::warning("unknown-lint", message)
                    .at(place.field("lint"))
                    .with_nearest(nearest(code, codes.iter().copied()));
                findings.push(finding);
            } else if self.known.get(silenced) == Some(&false) {
                let message =
                    format!("`{code}` finds nothing here, so there is nothing to silence");
                let finding = Finding::note("silence-without-effect", message)
                    .at(place)
                    .with_help("take the silence out");
                findings.push(finding);
            }
        }
        findings
    }
}
