//! Whoever waits for the pen is asked again by what the others wrote meanwhile, observations among it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use throughline_app::{
    AppError, ApplyOptions, Ctx, LoadOptions, Progress, apply_plan, load_observations,
};
use throughline_model::text::PlanFile;

use crate::bench::{self, administrator, block_on, folder};

/// A plan with a measure that is reported that often.
fn plan(frequency: &str) -> Vec<PlanFile> {
    let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: o, name: O }]
";
    let measures = format!(
        "measures: [{{ key: m, name: M, kind: sum, frequency: {frequency}, better: higher }}]\n"
    );
    bench::files([
        ("organisation.yaml", organisation),
        ("measures.yaml", &measures),
    ])
}

async fn open(folder: &Path) -> Ctx {
    bench::open(folder, administrator(), "2013-07-01T12:00:00Z").await
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
    let folder = folder("waiting");
    block_on(async {
        bench::apply(&open(&folder).await, &plan("month")).await;
        let meanwhile = Arc::new(LoadsMeanwhile {
            folder: folder.clone(),
            has_loaded: AtomicBool::new(false),
        });
        let ctx = open(&folder).await.with_progress(meanwhile.clone());
        let refused = apply_plan(&ctx, &plan("week"), &ApplyOptions::default()).await;
        assert!(meanwhile.has_loaded.load(Ordering::Relaxed));
        let Err(AppError::BadInput { remarks, .. }) = refused else {
            panic!("{refused:?}");
        };
        let said = format!("{remarks:?}");
        assert!(said.contains("frequency-fixed"), "{said}");
    });
}
