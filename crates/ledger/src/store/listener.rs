//! Waiting for what others write.

use std::time::Duration;

use super::Pool;
use crate::location::Location;
use crate::postgres;

/// How often a file is looked at: nobody tells when another process has written to it.
const BEAT_OF_A_FILE: Duration = Duration::from_millis(100);

/// How often a server is looked at that tells by itself, in case that a word was lost.
const BEAT_OF_A_SERVER: Duration = Duration::from_secs(5);

/// How soon a server is looked for again that cannot be reached.
const RETRY: Duration = Duration::from_millis(500);

/// Waits for what others write.
pub(crate) enum Listener {
    /// A file, which says nothing.
    File,
    /// A server that tells.
    Server {
        pool: postgres::Pool,
        /// `None` while it cannot be reached.
        listener: Option<postgres::Listener>,
    },
}

impl Pool {
    /// Somebody who waits for what others write, with a connection apart from those of the pool.
    pub(crate) fn listener(&self, location: &Location) -> Listener {
        match location {
            Location::Folder(_) => Listener::File,
            Location::Database(url) => Listener::Server {
                pool: postgres::pool(url, 1),
                listener: None,
            },
        }
    }
}

impl Listener {
    /// Begins to listen, if it does not yet.
    pub(crate) async fn begin(&mut self) {
        if let Listener::Server {
            pool,
            listener: listener @ None,
        } = self
        {
            *listener = postgres::listen(pool).await.ok();
        }
    }

    /// Waits until there may be news.
    pub(crate) async fn wait(&mut self) {
        match self {
            Listener::File => tokio::time::sleep(BEAT_OF_A_FILE).await,
            Listener::Server { listener, .. } => {
                let Some(listening) = listener else {
                    return tokio::time::sleep(RETRY).await;
                };
                // A beat without a word is as good as a word, since the head is looked at after each.
                let told = tokio::time::timeout(BEAT_OF_A_SERVER, listening.try_recv()).await;
                if matches!(told, Ok(Ok(None) | Err(_))) {
                    *listener = None;
                }
            }
        }
    }
}
