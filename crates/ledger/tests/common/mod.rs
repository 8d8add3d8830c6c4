//! A small organisation to write into a ledger, a clock that moves by itself, and a folder that goes away.

#![expect(dead_code, reason = "each file of tests uses a part of it")]
#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use throughline_core::Origin;
use throughline_core::calendar::Calendar;
use throughline_core::clock::Clock;
use throughline_core::id::{MeasureId, PersonId, UnitId};
use throughline_ledger::{DatabaseUrl, Ledger, Location, NewCommit, PlanClock, Randomness};
use throughline_model::observation::{Cell, Observation};
use throughline_model::value::ById;
use throughline_model::{AnyRecord, Change, Kind, Model, Tree};
use throughline_testkit::postgres::{Database, Server};
use uuid::Uuid;

/// A place for the ledger of a test: the story knows nothing else of the engine.
pub struct Store {
    place: Place,
    pub clock: Arc<SteppingClock>,
}

enum Place {
    Sqlite(Folder),
    Postgres(Database),
}

impl Store {
    /// On SQLite, in a folder of its own.
    pub fn sqlite() -> Store {
        Store::at(Place::Sqlite(Folder::new()))
    }

    /// On PostgreSQL, in a database of its own; `None` if there is no PostgreSQL here.
    pub fn postgres() -> Option<Store> {
        Database::new().map(|database| Store::at(Place::Postgres(database)))
    }

    /// On PostgreSQL, in a database of a server that the test has for itself.
    pub fn of(server: &Server) -> Store {
        Store::at(Place::Postgres(Database::of(server)))
    }

    fn at(place: Place) -> Store {
        let clock = Arc::new(SteppingClock::from("2026-01-01T00:00:00Z"));
        Store { place, clock }
    }

    /// One for each engine that is here.
    pub fn each() -> Vec<Store> {
        std::iter::once(Store::sqlite())
            .chain(Store::postgres())
            .collect()
    }

    /// The same contents in another database, on PostgreSQL; nobody may have it open.
    pub fn copied(&self) -> Store {
        match &self.place {
            Place::Sqlite(_) => panic!("a file is copied as a file"),
            Place::Postgres(database) => Store::at(Place::Postgres(database.copied())),
        }
    }

    pub fn location(&self) -> Location {
        match &self.place {
            Place::Sqlite(_) => Location::Folder(self.path()),
            Place::Postgres(database) => DatabaseUrl::parse(&database.url()).unwrap().into(),
        }
    }

    /// The address of the database, if it is one.
    pub fn url(&self) -> Option<String> {
        match &self.place {
            Place::Sqlite(_) => None,
            Place::Postgres(database) => Some(database.url()),
        }
    }

    /// A new ledger.
    pub async fn create(&self) -> Ledger {
        let created = Ledger::create(self.location(), self.clock.clone(), randomness());
        created.await.unwrap()
    }

    /// Another handle of the same ledger.
    pub async fn open(&self) -> Ledger {
        let opened = Ledger::open(self.location(), self.clock.clone(), randomness());
        opened.await.unwrap()
    }

    /// The data folder, on SQLite.
    pub fn path(&self) -> PathBuf {
        match &self.place {
            Place::Sqlite(folder) => folder.path().join("data"),
            Place::Postgres(_) => panic!("a database has no folder"),
        }
    }

    /// The file, on SQLite.
    pub fn file(&self) -> PathBuf {
        self.path().join(throughline_ledger::FILE_NAME)
    }
}

/// Makes of each function that takes a [`Store`] a test on each engine. Where there is no PostgreSQL its test is skipped,
/// which is said once.
#[macro_export]
macro_rules! on_each_engine {
    ($($name:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(super::Store::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(store) = super::Store::postgres() {
                    super::$name(store).await;
                }
            })*
        }
    };
}

/// A folder that goes away with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("throughline-ledger-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A clock that is a second later each time it is looked at.
pub struct SteppingClock(AtomicI64);

impl From<&str> for SteppingClock {
    fn from(start: &str) -> Self {
        SteppingClock(AtomicI64::new(time(start).as_microsecond()))
    }
}

impl SteppingClock {
    pub fn set(&self, at: &str) {
        self.0.store(time(at).as_microsecond(), Ordering::Relaxed);
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> Timestamp {
        let second = SignedDuration::from_secs(1).as_micros() as i64;
        Timestamp::from_microsecond(self.0.fetch_add(second, Ordering::Relaxed)).unwrap()
    }
}

/// Bytes that do not repeat, the same in every run.
pub fn randomness() -> Arc<Randomness> {
    static STATE: AtomicU64 = AtomicU64::new(1);
    Arc::new(|bytes: &mut [u8]| {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64.
            let mut z = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    })
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A record from JSON, with references by id.
pub fn record(kind: Kind, number: u128, json: &str) -> AnyRecord {
    let mut findings = Vec::new();
    let calendar = Calendar::default();
    let tree = Tree::from_json(json).unwrap();
    let record = AnyRecord::read(kind, "test", &tree, &ById(&calendar), &mut findings);
    assert_eq!(findings, [], "{json}");
    record.unwrap().with_identity(id(number), number as f64)
}

pub fn put(kind: Kind, number: u128, json: &str) -> Change {
    Change::Put(record(kind, number, json))
}

pub const UNIT: u128 = 10;
pub const PERSON: u128 = 20;
pub const MEASURE: u128 = 30;
pub const OBJECTIVE: u128 = 40;
pub const OTHER_MEASURE: u128 = 31;
pub const CANARY: [&str; 3] = [
    "ruth-okafor",
    "Ruth Canary Okafor",
    "ruth.canary@example.org",
];

pub fn organisation(fiscal_year_starts: &str) -> Change {
    let json = format!(
        r#"{{"key":"harbour","name":"Harbour","time_zone":"America/New_York","fiscal_year_starts":"{fiscal_year_starts}","week_starts":"monday"}}"#
    );
    put(Kind::Organisation, 1, &json)
}

pub fn unit(number: u128, key: &str) -> Change {
    put(
        Kind::Unit,
        number,
        &format!(r#"{{"key":"{key}","name":"Unit {key}"}}"#),
    )
}

pub fn person(number: u128, [key, name, email]: [&str; 3]) -> Change {
    let unit = id(UNIT);
    put(
        Kind::Person,
        number,
        &format!(r#"{{"key":"{key}","name":"{name}","email":"{email}","unit":"{unit}"}}"#),
    )
}

pub fn measure(number: u128, key: &str, name: &str) -> Change {
    put(
        Kind::Measure,
        number,
        &format!(
            r#"{{"key":"{key}","name":"{name}","kind":"ratio","frequency":"week","better":"higher"}}"#
        ),
    )
}

pub fn objective(number: u128, key: &str, name: &str) -> Change {
    put(
        Kind::Objective,
        number,
        &format!(r#"{{"key":"{key}","name":"{name}"}}"#),
    )
}

/// The plan with which stories begin.
pub fn first_plan() -> Vec<Change> {
    vec![
        organisation("january"),
        unit(UNIT, "harbour"),
        unit(UNIT + 1, "ewr"),
        person(PERSON, CANARY),
        measure(MEASURE, "on-time", "On time"),
        measure(OTHER_MEASURE, "delay", "Delay"),
        objective(OBJECTIVE, "arrive", "Arrive on time"),
    ]
}

pub fn commit(changes: Vec<Change>) -> NewCommit {
    let author = Some(PersonId::from_uuid(id(PERSON)));
    let reason = Some("as agreed".to_owned());
    NewCommit::new(author, throughline_core::Origin::CommandLine, reason).with_changes(changes)
}

pub fn observed(observations: Vec<Observation>) -> NewCommit {
    NewCommit::new(None, throughline_core::Origin::Job, None).with_observations(observations)
}

pub fn cell(measure: u128, unit: u128, period: &str) -> Cell {
    Cell {
        measure: MeasureId::from_uuid(id(measure)),
        unit: UnitId::from_uuid(id(unit)),
        period: Calendar::default().parse_period(period).unwrap(),
    }
}

pub fn observation(measure: u128, unit: u128, period: &str, value: f64) -> Observation {
    Observation {
        cell: cell(measure, unit, period),
        value: Some(value),
        weight: Some(10.0),
        state: None,
        note: None,
    }
}

/// Commits as a group of their own.
pub async fn write(ledger: &Ledger, new: NewCommit) -> throughline_ledger::Appended {
    let mut writer = ledger.write().await.unwrap();
    let appended = writer.append(new).await.unwrap();
    writer.finish().await.unwrap();
    appended
}

/// Every record of a model, for comparisons.
pub fn records(model: &Model) -> Vec<AnyRecord> {
    Kind::ALL
        .into_iter()
        .flat_map(|kind| model.records(kind))
        .collect()
}

/// Writes everything that a ledger can contain; Ana stays, Bo is erased.
pub async fn fill(ledger: &Ledger) {
    let first = commit(first_plan()).brought_in_at(time("2025-01-01T00:00:00Z"));
    write(ledger, first).await;
    let others = vec![
        person(PERSON + 1, ["a-lima", "Ana Lima", "ana@example.org"]),
        person(PERSON + 2, ["b-lima", "Bo Lima", "bo@example.org"]),
        objective(OBJECTIVE + 1, "second", "Second"),
    ];
    write(ledger, commit(others)).await;
    let observations = vec![
        observation(MEASURE, UNIT, "2026-W01", 0.6),
        observation(MEASURE, UNIT + 1, "2026-W01", 0.7),
    ];
    write(ledger, observed(observations)).await;
    let mut writer = ledger.write().await.unwrap();
    let open = writer.open_draft("open", None, Origin::Server, None);
    let open = open.await.unwrap();
    let of_draft = commit(vec![unit(UNIT + 2, "lga")]).on_draft(open.id);
    writer.append(of_draft).await.unwrap();
    let closed = writer.open_draft("closed", None, Origin::Server, None);
    let closed = closed.await.unwrap();
    let closing = writer.close_draft(closed.id, None, Origin::Server, None);
    closing.await.unwrap();
    writer.finish().await.unwrap();
    erase(ledger, PERSON + 2).await;
}

pub async fn erase(ledger: &Ledger, number: u128) {
    let person = PersonId::from_uuid(id(number));
    let erased = ledger.erase_person(person, None, Origin::Server, None);
    erased.await.unwrap();
}

/// The name of a person in the newest plan.
pub async fn name_of(ledger: &Ledger, number: u128) -> String {
    let model = ledger.model(PlanClock::Newest).await.unwrap();
    match model.record(Kind::Person, id(number)).unwrap() {
        AnyRecord::Person(person) => person.name.clone(),
        other => panic!("{other:?}"),
    }
}
