//! The vocabulary of the plan: every kind of record.

mod follow_up;
mod governance;
mod grade;
mod map;
mod measure;
mod note;
mod organisation;
mod strategy;
mod target;

use std::sync::Arc;

use throughline_core::finding::Finding;
use uuid::Uuid;

pub use follow_up::{Action, Because, Cause, Decision, Lesson, PredictedEffect, Remark};
pub use governance::{Body, Cadence, CalledOff, Member, MemberRole, Review, ReviewState};
pub use grade::{Block, Design, Grade, Held};
pub use map::{Behaviour, Effect, Lag, LagUnit, Link, NodeId, Outcome, Strength};
pub use measure::{
    Better, FactSource, Indicator, Measure, MeasureKind, OverTime, OverUnits, Source,
};
pub use note::{NOTES_MAX, Note};
pub use organisation::{
    DatedParent, Level, Month, Organisation, Person, PersonRole, Unit, Weekday, ZoneName,
};
pub use strategy::{
    Initiative, MeasureUse, Milestone, Money, Objective, Perspective, Strategy, Support, Theme,
};
pub use target::{Baseline, Below, Floor, Joined, Point, PointValue, Target};

use crate::fields::Element;
use crate::kind::Kind;
use crate::record::{Entry, Record, group};
use crate::tree::Tree;
use crate::value::{Field, Names, Reader, Resolver, Sensitivity, Value};

group! {
    /// Says that a lint does not hold for a record, and why.
    Silence {
        /// The code of the lint, such as `measure-without-validator`.
        public lint: String,
        /// Why it does not hold here.
        public reason: String,
    }
}

impl Element for Silence {
    const KEY: &'static [&'static str] = &["lint"];
}

/// Declares the sum of all kinds, and what is done for each of them alike.
macro_rules! any_record {
    ($($kind:ident),* $(,)?) => {
        /// A record of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum AnyRecord {
            $(#[doc = concat!("A record of the kind ", stringify!($kind), ".")] $kind(Arc<Entry<$kind>>)),*
        }

        $(impl From<$kind> for AnyRecord {
            fn from(record: $kind) -> AnyRecord {
                AnyRecord::$kind(Arc::new(Entry { id: Uuid::nil(), position: 0.0, record }))
            }
        })*

        impl AnyRecord {
            /// Its kind.
            pub fn kind(&self) -> Kind {
                match self {
                    $(AnyRecord::$kind(_) => Kind::$kind),*
                }
            }

            /// Its id.
            pub fn id(&self) -> Uuid {
                match self {
                    $(AnyRecord::$kind(entry) => entry.id),*
                }
            }

            /// Its place among the records of its kind.
            pub fn position(&self) -> f64 {
                match self {
                    $(AnyRecord::$kind(entry) => entry.position),*
                }
            }

            /// The same record with that identity and place.
            pub fn with_identity(self, id: Uuid, position: f64) -> AnyRecord {
                match self {
                    $(AnyRecord::$kind(entry) => {
                        AnyRecord::$kind(Arc::new(Entry { id, position, record: entry.record.clone() }))
                    }),*
                }
            }

            /// Its readable key.
            pub fn key(&self, names: &dyn Names) -> String {
                match self {
                    $(AnyRecord::$kind(entry) => entry.record.key(names)),*
                }
            }

            /// Its fields as a tree, in canonical form.
            pub fn write(&self, names: &dyn Names) -> Tree {
                match self {
                    $(AnyRecord::$kind(entry) => entry.record.write(names)),*
                }
            }

            /// The record without the fields of a sensitivity that is hidden.
            #[must_use]
            pub fn without(&self, is_hidden: &dyn Fn(Sensitivity) -> bool) -> AnyRecord {
                match self {
                    $(AnyRecord::$kind(entry) => AnyRecord::$kind(Arc::new(Entry {
                        record: entry.record.without(is_hidden),
                        ..Entry::clone(entry)
                    }))),*
                }
            }

            /// The record with those of its fields that are named and hold nothing taken from another version of it.
            #[must_use]
            pub fn completed(&self, other: &AnyRecord, is_named: &dyn Fn(&str) -> bool) -> AnyRecord {
                match (self, other) {
                    $((AnyRecord::$kind(entry), AnyRecord::$kind(other)) => AnyRecord::$kind(Arc::new(Entry {
                        record: entry.record.completed(&other.record, is_named),
                        ..Entry::clone(entry)
                    })),)*
                    _ => self.clone(),
                }
            }

            /// The lints that are silenced for it.
            pub fn silences(&self) -> &[Silence] {
                match self {
                    $(AnyRecord::$kind(entry) => &entry.record.silences),*
                }
            }

            /// Reads a record of that kind from its fields. What is wrong is added to `findings`, under that key.
            pub fn read(kind: Kind, key: &str, tree: &Tree, resolver: &dyn Resolver, findings: &mut Vec<Finding>) -> Option<AnyRecord> {
                let mut reader = Reader::new(kind, key, resolver, findings);
                match kind {
                    $(Kind::$kind => $kind::read(tree, &mut reader).map(AnyRecord::from)),*
                }
            }
        }

        impl Kind {
            /// The fields of records of this kind, in the order in which they are written.
            pub fn fields(self) -> Vec<Field> {
                match self {
                    $(Kind::$kind => <$kind as Record>::fields()),*
                }
            }
        }
    };
}

any_record! {
    Organisation, Unit, Person, Strategy, Perspective, Theme, Objective, Initiative, Outcome, Behaviour, Link, Measure, Target, Body, Review, Decision, Action, Cause, Lesson, Note, Remark, Grade,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ById, KeyBook};

    /// Reads a record from JSON, writes it with ids, reads it back.
    fn check(kind: Kind, book: &KeyBook, json: &str) -> AnyRecord {
        let mut findings = Vec::new();
        let tree = Tree::from_json(json).unwrap();
        let record = AnyRecord::read(kind, "k", &tree, book, &mut findings);
        assert_eq!(findings, []);
        let record = record.unwrap();
        let by_id = ById(book.calendar());
        let stored = record.write(&by_id);
        let again = AnyRecord::read(
            kind,
            "k",
            &Tree::from_json(&stored.to_json()).unwrap(),
            &by_id,
            &mut findings,
        );
        assert_eq!(findings, []);
        assert_eq!(again.as_ref(), Some(&record));
        record
    }

    #[test]
    fn records_read_back_from_what_is_stored() {
        let mut book = KeyBook::default();
        for (number, kind, key) in [
            (1, Kind::Measure, "a-b"),
            (2, Kind::Objective, "o"),
            (3, Kind::Behaviour, "b"),
            (4, Kind::Unit, "u"),
        ] {
            book.enter(kind, key, Uuid::from_u128(number));
        }
        check(
            Kind::Objective,
            &book,
            r#"{"key":"x","name":"X","supports":["o"],"measures":[{"measure":"a-b","weight":2,"critical":true}],"due":2017}"#,
        );
        check(
            Kind::Link,
            &book,
            r#"{"from":"b","to":"o","effect":"raises","lag":"2 weeks","strength":0.3}"#,
        );
        check(
            Kind::Target,
            &book,
            r#"{"measure":"a-b","unit":"u","points":[{"period":"2013-W01","value":0.5},{"period":"2014-W01","value":"none"}],"floor":[1,2]}"#,
        );
        let measure = check(
            Kind::Measure,
            &book,
            r#"{"key":"f","name":"F","kind":"formula","frequency":"week","formula":"`a-b` / 2"}"#,
        );
        assert!(measure.write(&book).to_json().contains("`a-b` / 2"));
    }

    #[test]
    fn what_is_wrong_is_said_all_at_once() {
        let mut findings = Vec::new();
        let tree =
            Tree::from_json(r#"{"key":"X y","nam":"n","measures":["on-tme"],"weight":0}"#).unwrap();
        let mut book = KeyBook::default();
        book.enter(Kind::Measure, "on-time", Uuid::from_u128(1));
        assert_eq!(
            AnyRecord::read(Kind::Objective, "X y", &tree, &book, &mut findings),
            None
        );
        let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 5, "{said:#?}");
        assert!(
            said.iter()
                .any(|finding| finding.contains("did you mean `on-time`?")),
            "{said:#?}"
        );
        assert!(
            said.iter().any(|finding| finding.contains("write `x-y`")),
            "{said:#?}"
        );
    }
}
