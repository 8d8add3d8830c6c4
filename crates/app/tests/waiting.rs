//! Whoever waits for the pen is asked again by what the others wrote meanwhile, observations among it.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use throughline_app::{
    AppError, ApplyOptions, Ctx, LoadOptions, Progress, apply_plan, load_observations,
};
use throughline_core::{Actor, FrozenClock, Origin, Role, Scope};
use throughline_model::text::PlanFile;
use throughline_testkit::chance::fill_anew;

/// A plan with a measure that is reported that often.
fn plan(frequency: &str) -> Vec<PlanFile> {
    let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: o, name: O }]
";
    let measures = format!(
        "measures: [{{ key: m, name: M, kind: sum, frequency: {frequency}, better: higher }}]\n"
    );
    let file = |path: &str, text: &str| PlanFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    vec![
        file("organisation.yaml", organisation),
        file("measures.yaml", &measures),
    ]
}

async fn open(folder: &Path) -> Ctx {
    let actor = Actor {
        person: None,
        role: Role::Administrator,
        scope: Scope::Organisation,
        origin: Origin::CommandLine,
    };
    let clock = FrozenClock("2013-07-01T12:00:00Z".parse().expect("a timestamp"));
    let opened = Ctx::open(folder, actor, Arc::new(clock), Arc::new(fill_anew));
    opened.await.expect("a context")
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(future)
}

/// Loads an observation once the plan is prepared, and before it is written.
struct LoadsMeanwhile {
    folder: PathBuf,
    has_loaded: AtomicBool,
}

impl Progress for LoadsMeanwhile {
    fn step(&self, what: &str) {
        if what != "Writing the plan" || self.has_loaded.swap(true, Ordering::Relaxed) {
            return;
        }
        let folder = self.folder.clone();
        let load = move || {
            block_on(async {
                let rows = b"measure,unit,period,value\nm,o,2013-01,1\n";
                let ctx = open(&folder).await;
                let loaded = load_observations(&ctx, "o.csv", rows, LoadOptions::default());
                assert_eq!(loaded.await.expect("observations").written, 1);
            });
        };
        std::thread::spawn(load).join().expect("a loaded row");
    }
}

#[test]
fn observations_that_come_before_the_pen_does_are_seen() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("waiting");
    let _ = std::fs::remove_dir_all(&folder);
    block_on(async {
        let options = ApplyOptions::default();
        let applied = apply_plan(&open(&folder).await, &plan("month"), &options).await;
        applied.expect("a plan");
        let meanwhile = Arc::new(LoadsMeanwhile {
            folder: folder.clone(),
            has_loaded: AtomicBool::new(false),
        });
        let ctx = open(&folder).await.with_progress(meanwhile.clone());
        let refused = apply_plan(&ctx, &plan("week"), &options).await;
        assert!(meanwhile.has_loaded.load(Ordering::Relaxed));
        let Err(AppError::BadInput { remarks, .. }) = refused else {
            panic!("{refused:?}");
        };
        let said = format!("{remarks:?}");
        assert!(said.contains("frequency-fixed"), "{said}");
    });
}
