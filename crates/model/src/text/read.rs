//! From a plan folder to records: every file, then every key, then every field, with all errors at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use throughline_core::finding::Finding;
use throughline_core::id::IdSource;
use uuid::Uuid;

use super::PlanFile;
use super::base::Base;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::folder::{Draft, Folder};
use super::identity::{FolderNames, both, identify};
use super::left_out::LeftOut;
use super::places::{Places, is_about_key};
use crate::kind::Kind;
use crate::merge::order::positions;
use crate::model::Model;
use crate::records::{AnyRecord, NodeId};

/// What reading a folder gave.
#[derive(Debug)]
pub struct Reading {
    /// The plan, if there is no error.
    pub plan: Option<PlanText>,
    /// What there is to say, by file and line.
    pub diagnostics: Diagnostics,
}

/// The records of a folder.
#[derive(Debug)]
pub struct PlanText {
    /// The commit that the folder was exported from, where it says so.
    pub base: Option<Base>,
    /// The fields that the folder leaves out without meaning that they are empty.
    pub left_out: LeftOut,
    /// The kinds whose section is there, even if it is empty. All other kinds are left alone.
    pub sections: BTreeSet<Kind>,
    /// The records with their identities and positions, kind by kind and in the order of the folder.
    pub records: Vec<AnyRecord>,
    /// Where they stand.
    pub places: Places,
}

/// The commit that a folder says it was exported from. `None` where it says none, or nothing that can be read: what
/// is wrong then [`read`] says, together with everything else.
pub fn base_of(files: &[PlanFile]) -> Option<Base> {
    let file = files
        .iter()
        .find(|file| file.path == Kind::Organisation.file())?;
    let folder = Folder::read(std::slice::from_ref(file), &mut Diagnostics::default());
    folder.base.map(|(base, _, _)| base)
}

/// Reads a folder.
///
/// Keys name the records that they named in `base`, the plan that the folder was exported from, or else those of
/// `head`, the newest plan; without an export `base` is empty. New records take their ids from `ids`.
pub fn read(files: &[PlanFile], base: &Model, head: &Model, ids: &mut dyn IdSource) -> Reading {
    let mut diagnostics = Diagnostics::default();
    let folder = Folder::read(files, &mut diagnostics);
    let mut names = FolderNames::new(base, head, folder.unreadable);
    let identities = identify(&folder, &mut names, ids, &mut diagnostics);
    let known = Known::of(base, head);
    let mut reader = RecordReader {
        folder: &folder,
        identities: &identities,
        known: &known,
        connections: HashMap::new(),
        ids,
        diagnostics: &mut diagnostics,
    };
    let mut records = Vec::new();
    for kind in Kind::written() {
        let mut of_kind = reader.read_kind(kind, &names);
        if kind == Kind::Organisation
            && let Some(AnyRecord::Organisation(organisation)) = of_kind.first()
        {
            names.set_calendar(organisation.calendar());
        }
        let order: Vec<Uuid> = of_kind.iter().map(AnyRecord::id).collect();
        let placed = positions(&order, &known.positions_of(kind, &order));
        records.extend(of_kind.drain(..).map(|record| {
            let id = record.id();
            let position = placed.get(&id).copied().unwrap_or_default();
            record.with_identity(id, position)
        }));
    }
    drop(names);
    let diagnostics = diagnostics.sorted();
    let plan = (!diagnostics.has_errors()).then(|| PlanText {
        base: folder.base.as_ref().map(|(base, _, _)| base.clone()),
        left_out: folder.left_out.clone(),
        sections: Kind::ALL
            .into_iter()
            .filter(|kind| folder.sections[*kind as usize])
            .collect(),
        records,
        places: Places::of(folder),
    });
    Reading { plan, diagnostics }
}

/// What a link or a target connects: that is its identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Connection {
    Link(NodeId, NodeId),
    Target(Uuid, Uuid),
}

impl Connection {
    fn of(record: &AnyRecord) -> Option<Connection> {
        match record {
            AnyRecord::Link(link) => Some(Connection::Link(link.from, link.to)),
            AnyRecord::Target(target) => Some(Connection::Target(
                target.measure.as_uuid(),
                target.unit.as_uuid(),
            )),
            _ => None,
        }
    }
}

/// What there was before the folder.
struct Known {
    positions: HashMap<(Kind, Uuid), f64>,
    connections: HashMap<Connection, Uuid>,
}

impl Known {
    /// What `base` says goes before what `head` says: that a record is where it was exported from is no change.
    fn of(base: &Model, head: &Model) -> Known {
        let mut known = Known {
            positions: HashMap::new(),
            connections: HashMap::new(),
        };
        for model in [head, base] {
            for kind in Kind::ALL {
                for record in model.records(kind) {
                    known
                        .positions
                        .insert((kind, record.id()), record.position());
                    if let Some(connection) = Connection::of(&record) {
                        known.connections.insert(connection, record.id());
                    }
                }
            }
        }
        known
    }

    fn positions_of(&self, kind: Kind, ids: &[Uuid]) -> BTreeMap<Uuid, f64> {
        let known = |id: &Uuid| Some((*id, *self.positions.get(&(kind, *id))?));
        ids.iter().filter_map(known).collect()
    }
}

/// Reads the fields of records, once all keys are known.
struct RecordReader<'a> {
    folder: &'a Folder,
    identities: &'a [Option<Uuid>],
    known: &'a Known,
    /// Which record of the folder was the first with a connection.
    connections: HashMap<Connection, usize>,
    ids: &'a mut dyn IdSource,
    diagnostics: &'a mut Diagnostics,
}

impl RecordReader<'_> {
    fn read_kind(&mut self, kind: Kind, names: &FolderNames<'_>) -> Vec<AnyRecord> {
        let folder = self.folder;
        let drafts = folder
            .drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| draft.kind == kind);
        drafts
            .filter_map(|(index, draft)| {
                let record = self.read_fields(draft, names)?;
                let id = match self.identities[index] {
                    Some(id) => id,
                    None => self.identify_connection(index, draft, &record),
                };
                Some(record.with_identity(id, 0.0))
            })
            .collect()
    }

    fn read_fields(&mut self, draft: &Draft, names: &FolderNames<'_>) -> Option<AnyRecord> {
        let mut findings = Vec::new();
        let record = AnyRecord::read(
            draft.kind,
            &draft.key,
            &draft.node.tree(),
            names,
            &mut findings,
        );
        for finding in findings {
            let span = match &finding.place {
                Some(place) => draft
                    .node
                    .locate(draft.kind, &place.path, is_about_key(&finding)),
                None => draft.node.record_head(),
            };
            let source = &self.folder.sources[draft.file];
            self.diagnostics.add(Diagnostic::new(source, span, finding));
        }
        record
    }

    /// The id of a link or target, by what it connects.
    fn identify_connection(&mut self, index: usize, draft: &Draft, record: &AnyRecord) -> Uuid {
        let Some(connection) = Connection::of(record) else {
            return self.ids.next();
        };
        if let Some(first) = self.connections.get(&connection) {
            let other = &self.folder.drafts[*first];
            let finding = match connection {
                Connection::Link(..) => {
                    Finding::error("duplicate-record", "this link is given twice")
                        .with_help("keep one of the two")
                }
                Connection::Target(..) => Finding::error(
                    "duplicate-record",
                    format!("the target {} is given twice", draft.key),
                )
                .with_help("keep one of the two; a target has one list of points"),
            };
            let at = draft.node.record_head();
            self.diagnostics
                .add(both(self.folder, draft, at, finding, other));
            return self.ids.next();
        }
        self.connections.insert(connection, index);
        match self.known.connections.get(&connection) {
            Some(id) => *id,
            None => self.ids.next(),
        }
    }
}
