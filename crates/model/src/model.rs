//! The plan as one immutable value: every record, found by id, by key and in the order of the plan.
//!
//! A model is cheap to clone and to keep: its maps share what did not change with the model that they came from.

use std::collections::HashSet;
use std::sync::Arc;

use imbl::OrdMap;
use throughline_core::calendar::Calendar;
use throughline_core::hash::Map;
use uuid::Uuid;

use crate::index::Index;
use crate::kind::Kind;
use crate::record::{Entry, Record};
use crate::records::{
    Action, AnyRecord, Behaviour, Body, Cause, Decision, Grade, Initiative, Lesson, Link, Measure,
    Note, Objective, Organisation, Outcome, Person, Perspective, Remark, Review, Strategy, Target,
    Theme, Unit,
};
use crate::value::{Names, Resolver};

/// The records of one kind.
#[derive(Clone, Debug)]
pub struct Table<R> {
    /// Looked up much more often than anything is changed, so it is hashed, and copied where a record of the kind changes.
    by_id: Arc<Map<Uuid, Arc<Entry<R>>>>,
    by_key: OrdMap<String, Uuid>,
    in_order: Arc<[Arc<Entry<R>>]>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Table {
            by_id: Arc::default(),
            by_key: OrdMap::new(),
            in_order: Arc::from(Vec::new()),
        }
    }
}

impl<R: Record> Table<R> {
    /// The record with that id.
    pub fn get(&self, id: R::Id) -> Option<&Arc<Entry<R>>> {
        self.by_id.get(&R::uuid(id))
    }

    /// The record with that key.
    pub fn by_key(&self, key: &str) -> Option<&Arc<Entry<R>>> {
        self.by_key.get(key).and_then(|id| self.by_id.get(id))
    }

    /// Every record, in the order of the plan.
    pub fn iter(&self) -> std::slice::Iter<'_, Arc<Entry<R>>> {
        self.in_order.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.in_order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.in_order.is_empty()
    }

    /// Whether it has the very entries of another table, in the same order.
    fn is_same(&self, other: &Table<R>) -> bool {
        let pairs = || self.iter().zip(other.iter());
        Arc::ptr_eq(&self.in_order, &other.in_order)
            || self.len() == other.len() && pairs().all(|(one, other)| Arc::ptr_eq(one, other))
    }

    fn put(&mut self, entry: Arc<Entry<R>>) {
        Arc::make_mut(&mut self.by_id).insert(entry.id, entry);
    }

    fn retire(&mut self, id: Uuid) {
        Arc::make_mut(&mut self.by_id).remove(&id);
    }

    fn sort(&mut self) {
        let mut entries: Vec<_> = self.by_id.values().cloned().collect();
        entries.sort_by(|a, b| a.position.total_cmp(&b.position).then(a.id.cmp(&b.id)));
        self.in_order = entries.into();
    }

    fn name_all(&mut self, names: &dyn Names) {
        let named = self.iter();
        self.by_key = named
            .map(|entry| (entry.record.key(names), entry.id))
            .collect();
    }
}

impl<'a, R> IntoIterator for &'a Table<R> {
    type Item = &'a Arc<Entry<R>>;
    type IntoIter = std::slice::Iter<'a, Arc<Entry<R>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.in_order.iter()
    }
}

/// What a commit does to one record.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The record is as given from here on: a new one, or a new version.
    Put(AnyRecord),
    /// The record is no longer part of the plan.
    Retire(Kind, Uuid),
}

impl Change {
    /// The kind and id of the record.
    pub fn identity(&self) -> (Kind, Uuid) {
        match self {
            Change::Put(record) => (record.kind(), record.id()),
            Change::Retire(kind, id) => (*kind, *id),
        }
    }
}

/// Declares the tables of the model, and what is done with each of them alike.
macro_rules! tables {
    ($($table:ident: $kind:ident),* $(,)?) => {
        /// The records of a plan, without what is derived from them.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Tables {
            $(pub(crate) $table: Table<$kind>,)*
        }

        impl Tables {
            fn change(&mut self, change: &Change) {
                match change {
                    $(Change::Put(AnyRecord::$kind(entry)) => self.$table.put(Arc::clone(entry)),)*
                    $(Change::Retire(Kind::$kind, id) => self.$table.retire(*id),)*
                }
            }

            fn sort(&mut self, kind: Kind) {
                match kind {
                    $(Kind::$kind => self.$table.sort(),)*
                }
            }

            fn name_all(&mut self, kind: Kind, names: &dyn Names) {
                match kind {
                    $(Kind::$kind => self.$table.name_all(names),)*
                }
            }

            fn key(&self, kind: Kind, id: Uuid, names: &dyn Names) -> Option<String> {
                match kind {
                    $(Kind::$kind => self.$table.by_id.get(&id).map(|entry| entry.record.key(names)),)*
                }
            }

            fn id(&self, kind: Kind, key: &str) -> Option<Uuid> {
                match kind {
                    $(Kind::$kind => self.$table.by_key.get(key).copied(),)*
                }
            }

            fn get(&self, kind: Kind, id: Uuid) -> Option<AnyRecord> {
                match kind {
                    $(Kind::$kind => self.$table.by_id.get(&id).map(|entry| AnyRecord::$kind(Arc::clone(entry))),)*
                }
            }

            fn has(&self, kind: Kind, id: Uuid) -> bool {
                match kind {
                    $(Kind::$kind => self.$table.by_id.contains_key(&id),)*
                }
            }

            fn keys(&self, kind: Kind) -> Vec<&str> {
                match kind {
                    $(Kind::$kind => self.$table.by_key.keys().map(String::as_str).collect(),)*
                }
            }

            fn is_same(&self, kind: Kind, other: &Tables) -> bool {
                match kind {
                    $(Kind::$kind => self.$table.is_same(&other.$table),)*
                }
            }

            fn records(&self, kind: Kind) -> Vec<AnyRecord> {
                match kind {
                    $(Kind::$kind => self.$table.iter().map(|entry| AnyRecord::$kind(Arc::clone(entry))).collect(),)*
                }
            }
        }

        impl Model {
            $(
                #[doc = concat!("The records of the kind ", stringify!($kind), ".")]
                pub fn $table(&self) -> &Table<$kind> {
                    &self.tables.$table
                }
            )*
        }
    };
}

tables! {
    organisations: Organisation,
    units: Unit,
    people: Person,
    strategies: Strategy,
    perspectives: Perspective,
    themes: Theme,
    objectives: Objective,
    initiatives: Initiative,
    outcomes: Outcome,
    behaviours: Behaviour,
    links: Link,
    measures: Measure,
    targets: Target,
    bodies: Body,
    reviews: Review,
    decisions: Decision,
    actions: Action,
    causes: Cause,
    lessons: Lesson,
    notes: Note,
    remarks: Remark,
    grades: Grade,
}

/// The plan.
#[derive(Clone, Debug, Default)]
pub struct Model {
    tables: Arc<Tables>,
    used_keys: OrdMap<(Kind, String), Uuid>,
    calendar: Calendar,
    index: Arc<Index>,
}

impl Model {
    /// The plan that those changes make of nothing.
    pub fn of(changes: impl IntoIterator<Item = Change>) -> Model {
        Model::default().with(changes)
    }

    /// The plan after those changes.
    pub fn with(&self, changes: impl IntoIterator<Item = Change>) -> Model {
        let mut tables = (*self.tables).clone();
        let mut touched = [false; Kind::ALL.len()];
        for change in changes {
            touched[change.identity().0 as usize] = true;
            tables.change(&change);
        }
        for kind in Kind::ALL.into_iter().filter(|kind| touched[*kind as usize]) {
            tables.sort(kind);
        }
        let calendar = tables
            .organisations
            .iter()
            .next()
            .map(|organisation| organisation.calendar())
            .unwrap_or_default();
        let mut used_keys = self.used_keys.clone();
        // Links and targets are named after other records, which stand before them in the order of kinds.
        for kind in Kind::ALL {
            let named = Naming {
                tables: &tables.clone(),
                calendar: &calendar,
            };
            tables.name_all(kind, &named);
            if kind.has_key() && touched[kind as usize] {
                for key in tables.keys(kind) {
                    if let Some(id) = tables.id(kind, key) {
                        used_keys.insert((kind, key.to_string()), id);
                    }
                }
            }
        }
        let index = Arc::new(Index::of(&tables));
        Model {
            tables: Arc::new(tables),
            used_keys,
            calendar,
            index,
        }
    }

    /// The same plan, which also knows that those records once had those keys.
    pub fn with_former_keys(
        mut self,
        keys: impl IntoIterator<Item = (Kind, String, Uuid)>,
    ) -> Model {
        for (kind, key, id) in keys {
            self.used_keys.entry((kind, key)).or_insert(id);
        }
        self
    }

    /// The kinds of which a plan that came from this one has other records, in the order of kinds. A record that was read anew
    /// counts as another one.
    pub fn kinds_changed_in(&self, later: &Model) -> Vec<Kind> {
        let kinds = Kind::ALL.into_iter();
        let changed = kinds.filter(|kind| !self.tables.is_same(*kind, &later.tables));
        changed.collect()
    }

    /// The organisation, once there is one.
    pub fn organisation(&self) -> Option<&Arc<Entry<Organisation>>> {
        self.organisations().iter().next()
    }

    /// The strategy, once there is one.
    pub fn strategy(&self) -> Option<&Arc<Entry<Strategy>>> {
        self.strategies().iter().next()
    }

    /// The organisation's calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// What is derived from the records.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The record of that kind and id.
    pub fn record(&self, kind: Kind, id: Uuid) -> Option<AnyRecord> {
        self.tables.get(kind, id)
    }

    /// The records of a kind, in the order of the plan.
    pub fn records(&self, kind: Kind) -> Vec<AnyRecord> {
        self.tables.records(kind)
    }

    /// The id of the record of that kind and key.
    pub fn id_of(&self, kind: Kind, key: &str) -> Option<Uuid> {
        self.tables.id(kind, key)
    }

    /// The key of the record of that kind and id.
    pub fn key_of(&self, kind: Kind, id: Uuid) -> Option<String> {
        self.tables.key(kind, id, self)
    }

    /// The record that has, or once had, a key: keys are not used again.
    pub fn first_user_of(&self, kind: Kind, key: &str) -> Option<Uuid> {
        self.used_keys.get(&(kind, key.to_string())).copied()
    }

    /// Whether there is a record of that kind and id.
    pub fn has(&self, kind: Kind, id: Uuid) -> bool {
        self.tables.has(kind, id)
    }

    /// The key that a record has or last had; it may have been retired.
    pub fn last_key_of(&self, kind: Kind, id: Uuid) -> Option<String> {
        let former = || {
            let mut used = self.used_keys.iter();
            used.find(|((of, _), user)| *of == kind && **user == id)
                .map(|((_, key), _)| key.clone())
        };
        self.key_of(kind, id).or_else(former)
    }

    /// Every record that has, or once had, a key.
    pub fn ever_known(&self) -> HashSet<(Kind, Uuid)> {
        let used = self.used_keys.iter();
        used.map(|((kind, _), id)| (*kind, *id)).collect()
    }

    /// Whether there is no record at all.
    pub fn is_empty(&self) -> bool {
        Kind::ALL
            .into_iter()
            .all(|kind| self.tables.keys(kind).is_empty())
    }
}

impl Names for Model {
    fn name(&self, _: &[Kind], kind: Kind, id: Uuid) -> String {
        // What was retired is still called by its key: ids say nothing to anybody.
        self.last_key_of(kind, id).unwrap_or_else(|| id.to_string())
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

impl Resolver for Model {
    fn resolve(&self, kinds: &[Kind], name: &str) -> Option<(Kind, Uuid)> {
        kinds
            .iter()
            .find_map(|kind| self.id_of(*kind, name).map(|id| (*kind, id)))
    }

    fn nearest(&self, kinds: &[Kind], name: &str) -> Option<String> {
        let keys = kinds.iter().flat_map(|kind| self.tables.keys(*kind));
        throughline_core::finding::nearest(name, keys).map(str::to_string)
    }
}

/// Names records by their keys while the model is being made.
struct Naming<'a> {
    tables: &'a Tables,
    calendar: &'a Calendar,
}

impl Names for Naming<'_> {
    fn name(&self, _: &[Kind], kind: Kind, id: Uuid) -> String {
        self.tables
            .key(kind, id, self)
            .unwrap_or_else(|| id.to_string())
    }

    fn calendar(&self) -> &Calendar {
        self.calendar
    }
}
