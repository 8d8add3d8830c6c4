//! Which nodes of the table are open.

use std::collections::{BTreeSet, HashSet};

use throughline_model::{Kind, Model};
use uuid::Uuid;

/// The open nodes.
pub(super) enum Open {
    All,
    These(OpenNodes),
}

/// Some open nodes: by their keys, as the address names them, and by their ids, by which each of thousands is asked.
#[derive(Default)]
pub(super) struct OpenNodes {
    pub keys: BTreeSet<String>,
    pub ids: HashSet<Uuid>,
}

impl OpenNodes {
    /// Those of some keys.
    pub fn of(model: &Model, keys: BTreeSet<String>) -> OpenNodes {
        let kinds = [Kind::Objective, Kind::Outcome, Kind::Behaviour];
        let of_key = |key: &String| kinds.map(|kind| model.id_of(kind, key));
        let ids = keys.iter().flat_map(of_key).flatten().collect();
        OpenNodes { keys, ids }
    }
}
