//! The job that sends mails: it looks once a minute what is to be sent.

use std::sync::Arc;
use std::time::Duration;

use throughline_app::mail::{Mailer, deliver};
use throughline_app::words::sentence;

use crate::server::Server;

/// How often is looked.
const EACH: Duration = Duration::from_secs(60);

/// Sends what is to be sent, until the server ends. What whoever runs it has to know is said, the same at most once in a row.
pub(crate) async fn keep_sending(server: Server, mailer: Arc<Mailer>, say: impl Fn(&str)) {
    let mut said = Vec::new();
    loop {
        let told = match deliver(&server.ctx_of_job(), &mailer).await {
            Ok(done) => done.told,
            Err(error) => vec![format!("Mails wait: {}.", sentence(&error.to_string()))],
        };
        for line in told.iter().filter(|line| !said.contains(*line)) {
            say(line);
        }
        if !told.is_empty() {
            said = told;
        }
        tokio::time::sleep(EACH).await;
    }
}
