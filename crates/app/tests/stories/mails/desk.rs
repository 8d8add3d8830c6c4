//! A ledger with people who have something to do, and a clock that is set.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use throughline_app::mail::Mailer;
use throughline_app::{Ctx, LoadOptions, load_observations};
use throughline_core::{Actor, Clock, Origin, Role, Scope};
use throughline_ledger::{DatabaseUrl, Location};
use throughline_testkit::chance::fill_anew;
use throughline_testkit::mail::MailCatcher;

use crate::bench::{self, acting, folder};

/// Monday, 3 February 2014, eight in the morning in New York.
pub const EIGHT_ON_MONDAY: &str = "2014-02-03T13:00:00Z";
/// Where mails come from.
pub const FROM: &str = "Throughline <no-reply@o.example>";
/// Where the pages are.
pub const ORIGIN: &str = "https://throughline.o.example";

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: America/New_York, owner_first: 0 hours }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }, { key: b, name: Birch, parent: top }]
people:
  - { key: olga, name: Olga, unit: top, level: executive, email: olga@o.example }
  - { key: sam, name: Sam, unit: top, level: manager, email: sam@o.example, role: steward }
  - { key: bea, name: Bea, unit: a, level: frontline, email: bea@o.example, role: contributor, role_at: a }
  - { key: tim, name: Tim, unit: a, level: frontline, role: contributor, role_at: a }
";

const MEASURES: &str = "measures:
  - { key: leaks, name: Leakage, kind: last, frequency: month, better: lower, shown_as: Ml, decimals: 1, owner: olga, steward: sam, reported_by: [a], due: 10 days }
  - { key: shifts, name: Shifts filled, kind: ratio, frequency: month, better: higher, shown_as: \"%\", greatest: 1, owner: olga, steward: sam, reported_by: [a, b] }
";

const GOVERNANCE: &str = "
bodies:
  - key: operations
    name: Operations
    unit: top
    decides: sam
    members: [{ person: sam, role: chair }, { person: tim }]
    cadence: { rule: FREQ=WEEKLY;BYDAY=TH, first: 2013-01-03, at: \"09:00\", minutes: 45 }
decisions:
  - key: d-1
    what: Close the old line
    decided_by: sam
    on: 2013-11-12
    measure: leaks
    effect: { measure: leaks, unit: a, change: -2, least: -3, most: -0.5, since: 2013-10, by: 2014-01 }
actions:
  - { key: a-1, what: Ask the crews, who: sam, due: 2014-02-05 }
  - { key: a-2, what: Mend the valve, who: bea, due: 2014-01-20 }
  - { key: a-3, what: Far away, who: bea, due: 2014-05-01 }
  - { key: a-4, what: Done already, who: bea, due: 2014-02-04, done: 2014-02-01 }
";

/// A clock that says what it was set to.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    pub fn set(&self, at: &str) {
        *self.0.lock().expect("a clock") = at.parse().expect("a timestamp");
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("a clock")
    }
}

/// A ledger, on Monday at eight.
pub struct Desk {
    location: Location,
    pub clock: Arc<SetClock>,
    /// What the server does by itself.
    pub ctx: Ctx,
}

impl Desk {
    pub async fn new(name: &str) -> Desk {
        let folder = folder(&format!("mails-{name}"));
        Desk::at(Location::from(folder.as_path())).await
    }

    pub async fn in_database(url: &str) -> Desk {
        let url = DatabaseUrl::parse(url).expect("an address");
        Desk::at(url.into()).await
    }

    async fn at(location: Location) -> Desk {
        let at = EIGHT_ON_MONDAY.parse().expect("a timestamp");
        let clock = Arc::new(SetClock(Mutex::new(at)));
        let files = bench::files([
            ("organisation.yaml", ORGANISATION),
            ("measures.yaml", MEASURES),
            ("governance.yaml", GOVERNANCE),
        ]);
        let ctx = open(&location, &clock, Role::Administrator).await;
        bench::apply(&ctx, &files).await;
        let ctx = open(&location, &clock, Role::Administrator).await;
        let mut rows = "measure,unit,period,value,weight\n".to_owned();
        for month in 1..=12 {
            rows.push_str(&format!("leaks,a,2013-{month:02},150.25,\n"));
            for unit in ["a", "b"] {
                rows.push_str(&format!("shifts,{unit},2013-{month:02},0.925,40\n"));
            }
        }
        let options = LoadOptions::default();
        let loaded = load_observations(&ctx, "o.csv", rows.as_bytes(), options).await;
        loaded.expect("good rows");
        Desk {
            location,
            clock,
            ctx,
        }
    }

    /// Another server on the ledger.
    pub async fn open(&self) -> Ctx {
        open(&self.location, &self.clock, Role::Administrator).await
    }

    /// Somebody who is not in.
    pub async fn nobody(&self) -> Ctx {
        open(&self.location, &self.clock, Role::Viewer).await
    }
}

async fn open(location: &Location, clock: &Arc<SetClock>, role: Role) -> Ctx {
    let actor = Actor {
        scope: match role {
            Role::Administrator => Scope::Organisation,
            _ => Scope::Nowhere,
        },
        ..acting(role, Origin::Job)
    };
    let clock: Arc<SetClock> = Arc::clone(clock);
    let ctx = Ctx::open(location, actor, clock, Arc::new(fill_anew));
    ctx.await.expect("a context")
}

/// What sends mails to a catcher.
pub fn mailer(catcher: &MailCatcher) -> Mailer {
    let server = catcher.url().parse().expect("an address");
    Mailer::new(server, FROM, None, ORIGIN.to_owned()).expect("a mailer")
}

/// The text with `TOKEN` in the place of what is random.
pub fn without_tokens(text: &str) -> String {
    let mut said = String::new();
    let mut run = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
            continue;
        }
        said.push_str(if run.len() == 64 { "TOKEN" } else { &run });
        run.clear();
        said.push(letter);
    }
    said
}
