//! The demonstration of the bundled example on a free port of this machine, with a clock that stands still.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::thread::JoinHandle;

use throughline_app::{Ctx, Example, demo};
use throughline_core::{Actor, FrozenClock, Origin, Role, Scope};
use throughline_web::{Mode, Server};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The moment at which all pages are looked at.
const NOW: &str = "2014-02-03T10:00:00Z";

/// A server that ends with this value.
pub struct Site {
    /// Scheme, name and port.
    pub origin: String,
    /// The link that opens it, once.
    pub link: String,
    /// The session that tabs share, once the first of them has opened it.
    pub session: OnceLock<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// The server that tests share while any of them runs.
    pub fn shared() -> Arc<Site> {
        static SHARED: Mutex<Weak<Site>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let site = Arc::new(Site::start());
            *shared = Arc::downgrade(&site);
            site
        })
    }

    /// Starts a server of its own: a session in it is nobody else's.
    pub fn start() -> Site {
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("the machine gives threads");
            runtime.block_on(serve(&ready, stopped));
            runtime.shutdown_background();
        });
        let (origin, link) = started.recv().expect("the example works");
        Site {
            origin,
            link,
            session: OnceLock::new(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

async fn serve(ready: &Sender<(String, String)>, stopped: oneshot::Receiver<()>) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("throughline-browser-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let example = Example::NyFlights;
    let ctx = open(&folder).await;
    demo(&ctx, example).await.expect("the example works");
    ctx.close().await;
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("the machine has a free port");
    let address = listener.local_addr().expect("it was just bound");
    let mode = Mode::Demo {
        attribution: example.attribution().to_owned(),
    };
    let server = Server::new(open(&folder).await, mode, address).await;
    let (server, token) = server.expect("the example works");
    let told = ready.send((format!("http://{address}"), server.link(&token)));
    if told.is_ok() {
        tokio::select! {
            served = server.run(listener, std::future::pending(), |_: &str| {}) => served.expect("the address stays ours"),
            // The value was dropped, which is all that it says.
            _ = stopped => {}
        }
    }
    drop(std::fs::remove_dir_all(folder));
}

async fn open(folder: &PathBuf) -> Ctx {
    let actor = Actor {
        person: None,
        role: Role::Administrator,
        scope: Scope::Organisation,
        origin: Origin::CommandLine,
    };
    let clock = Arc::new(FrozenClock(NOW.parse().expect("a literal")));
    let next = AtomicU8::new(0);
    let randomness =
        move |bytes: &mut [u8]| bytes.fill_with(|| next.fetch_add(1, Ordering::Relaxed));
    let ctx = Ctx::open(folder, actor, clock, Arc::new(randomness)).await;
    ctx.expect("the example works")
}
