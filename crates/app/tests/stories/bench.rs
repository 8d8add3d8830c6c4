//! What the stories begin with: an empty folder, a plan as text, and somebody who acts at an instant.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use throughline_app::{ApplyOptions, Ctx, LoadOptions, apply_plan, load_observations};
use throughline_core::{Actor, FrozenClock, Origin, Role, Scope};
use throughline_ledger::Location;
use throughline_model::text::PlanFile;
use throughline_testkit::chance::fill_anew;

/// An empty folder of that name, which no other story has.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Files of a plan, each with its path and its text.
pub fn files<T: AsRef<str>>(files: impl IntoIterator<Item = (&'static str, T)>) -> Vec<PlanFile> {
    let file = |(path, text): (&str, T)| PlanFile {
        path: path.to_owned(),
        bytes: text.as_ref().as_bytes().to_vec(),
    };
    files.into_iter().map(file).collect()
}

/// Nobody in the plan, with that role in the whole organisation.
pub fn acting(role: Role, origin: Origin) -> Actor {
    Actor {
        person: None,
        role,
        scope: Scope::Organisation,
        origin,
    }
}

/// The administrator at the command line.
pub fn administrator() -> Actor {
    acting(Role::Administrator, Origin::CommandLine)
}

/// What somebody has before them at an instant, whose ids and keys are never the same twice.
pub async fn open(location: impl Into<Location>, actor: Actor, instant: &str) -> Ctx {
    let clock = FrozenClock(instant.parse().expect("a timestamp"));
    let opened = Ctx::open(location, actor, Arc::new(clock), Arc::new(fill_anew));
    opened.await.expect("a context")
}

/// Applies a plan that is good.
pub async fn apply(ctx: &Ctx, files: &[PlanFile]) {
    let applied = apply_plan(ctx, files, &ApplyOptions::default()).await;
    applied.expect("a good plan");
}

/// Loads observations that are good: lines of a measure, a unit, a period and a value.
pub async fn load(ctx: &Ctx, lines: &str) {
    let text = format!("measure,unit,period,value\n{lines}");
    let loaded = load_observations(ctx, "o.csv", text.as_bytes(), LoadOptions::default()).await;
    loaded.expect("good observations");
}

/// Waits where a story has threads of its own.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(future)
}
