//! The job that keeps the grades of links: looked at from time to time, done once per period.

use std::sync::Arc;
use std::time::Duration;

use throughline_app::evidence::keep_grades;
use throughline_app::words;

use crate::server::{Mode, Server};

/// How long after the start the first look is taken: those who open pages go first.
const FIRST_LOOK: Duration = Duration::from_secs(60);
/// How long it takes until the next look. A period that ended is graded within it.
const NEXT_LOOK: Duration = Duration::from_secs(3600);

/// Keeps the grades of each period that ends, as long as the server answers. What is tried without success is said once, and
/// tried again. A demonstration writes nothing by itself.
pub(crate) async fn keep_hourly(server: Server, say: Arc<dyn Fn(&str) + Send + Sync>) {
    if *server.mode() != Mode::Serve {
        return;
    }
    let mut has_failed = false;
    let mut wait = FIRST_LOOK;
    loop {
        tokio::time::sleep(wait).await;
        wait = NEXT_LOOK;
        match keep_grades(&server.ctx_of_job(), &Default::default()).await {
            Ok(_) => has_failed = false,
            Err(error) if !has_failed => {
                has_failed = true;
                let why = words::sentence(&error.to_string());
                say(&format!("The grades of links could not be kept. {why}."));
            }
            Err(_) => {}
        }
    }
}
