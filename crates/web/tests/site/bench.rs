//! A site in a ledger of its own, with a clock that stands still and randomness that repeats.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use throughline_app::access::begin_ledger;
use throughline_app::{ApplyOptions, Ctx, Example, apply_plan, demo};
use throughline_core::{Actor, FrozenClock, Origin, Role, Scope};
use throughline_ledger::{DatabaseUrl, Location};
use throughline_model::text::PlanFile;
use throughline_web::{Mode, Server, router};
use tower::ServiceExt;

/// The name by which the site is called.
pub const HOST: &str = "127.0.0.1:8080";

/// A site.
pub struct Bench {
    folder: PathBuf,
    router: Router,
    /// What its requests are answered from.
    pub server: Server,
    /// The path of the link that opens it, once.
    pub way_in: String,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What was answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header as text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The session that the answer opens, as the browser sends it back.
    pub fn session(&self) -> String {
        self.header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

/// A folder of its own, and the ledger in it.
fn place() -> (PathBuf, Location) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("throughline-site-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let location = Location::Folder(folder.clone());
    (folder, location)
}

impl Bench {
    /// The demonstration with an example.
    pub async fn demo(example: Example) -> Bench {
        Bench::new(
            example,
            Mode::Demo {
                attribution: example.attribution().to_owned(),
            },
        )
        .await
    }

    /// The demonstration with an example, of which no page waits for what is being worked out.
    pub async fn hurried(example: Example) -> Bench {
        let mode = Mode::Demo {
            attribution: example.attribution().to_owned(),
        };
        let filled = async |ctx: &Ctx| {
            demo(ctx, example).await.expect("the example works");
        };
        let (folder, location) = place();
        let served = |ctx: Ctx| ctx.with_patience(Duration::ZERO);
        Bench::served(folder, location, mode, (filled, served)).await
    }

    /// A site with the ledger of an example.
    pub async fn new(example: Example, mode: Mode) -> Bench {
        let filled = async |ctx: &Ctx| {
            demo(ctx, example).await.expect("the example works");
        };
        Bench::filled(mode, filled).await
    }

    /// A site with a ledger in which nothing stands yet.
    pub async fn empty(mode: Mode) -> Bench {
        Bench::filled(mode, async |_: &Ctx| {}).await
    }

    /// A demonstration with a plan of its own and nothing observed, from its files: path and text.
    pub async fn of_plan(files: &[(&str, &str)]) -> Bench {
        let files: Vec<PlanFile> = files
            .iter()
            .map(|(path, text)| PlanFile {
                path: (*path).to_owned(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect();
        let mode = Mode::Demo {
            attribution: String::new(),
        };
        let filled = async |ctx: &Ctx| {
            let applied = apply_plan(ctx, &files, &ApplyOptions::default()).await;
            applied.expect("the plan is sound");
        };
        Bench::filled(mode, filled).await
    }

    /// The demonstration with an example, in a database.
    pub async fn in_database(example: Example, url: &str) -> Bench {
        let location = Location::Database(DatabaseUrl::parse(url).expect("an address"));
        let mode = Mode::Demo {
            attribution: String::new(),
        };
        let filled = async |ctx: &Ctx| {
            demo(ctx, example).await.expect("the example works");
        };
        Bench::at(PathBuf::new(), location, mode, filled).await
    }

    /// Another server on the database of a site.
    pub async fn beside(site: &Bench, url: &str) -> Bench {
        let location = Location::Database(DatabaseUrl::parse(url).expect("an address"));
        let mode = site.server.mode().clone();
        Bench::at(PathBuf::new(), location, mode, async |_: &Ctx| {}).await
    }

    /// A site with a ledger that is filled first.
    pub async fn filled(mode: Mode, fill: impl AsyncFnOnce(&Ctx)) -> Bench {
        let (folder, location) = place();
        Bench::at(folder, location, mode, fill).await
    }

    async fn at(
        folder: PathBuf,
        location: Location,
        mode: Mode,
        fill: impl AsyncFnOnce(&Ctx),
    ) -> Bench {
        Bench::served(folder, location, mode, (fill, |ctx| ctx)).await
    }

    /// A site with a ledger that is filled first, served by a context made of the one that is opened then.
    async fn served(
        folder: PathBuf,
        location: Location,
        mode: Mode,
        (fill, served): (impl AsyncFnOnce(&Ctx), impl FnOnce(Ctx) -> Ctx),
    ) -> Bench {
        let open = || async {
            let actor = Actor {
                person: None,
                role: Role::Administrator,
                scope: Scope::Organisation,
                origin: Origin::CommandLine,
            };
            let clock = Arc::new(FrozenClock(
                "2014-02-03T10:00:00Z".parse().expect("a literal"),
            ));
            let next = AtomicU8::new(0);
            let randomness = move |bytes: &mut [u8]| {
                bytes.fill_with(|| next.fetch_add(1, Ordering::Relaxed));
            };
            Ctx::open(&location, actor, clock, Arc::new(randomness))
                .await
                .expect("the example works")
        };
        let ctx = open().await;
        fill(&ctx).await;
        ctx.close().await;
        let address: SocketAddr = HOST.parse().expect("a literal");
        let (ctx, _) = begin_ledger(open().await).await.expect("a new folder");
        let (server, token) = Server::new(served(ctx), mode, address)
            .await
            .expect("the example works");
        Bench {
            folder,
            router: router(&server),
            server,
            way_in: format!("/enter/{token}"),
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the example works");
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .expect("the example works");
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Gets a page in a session, given as the cookie.
    pub async fn get(&self, path: &str, session: &str) -> Answer {
        let request = Request::get(path)
            .header(header::HOST, HOST)
            .header(header::COOKIE, session);
        self.send(request.body(Body::empty()).expect("the example works"))
            .await
    }

    /// Sends a form from a page of the site.
    pub async fn post(&self, path: &str, session: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::COOKIE, session)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(
            request
                .body(Body::from(form.to_owned()))
                .expect("the example works"),
        )
        .await
    }

    /// Goes in, as nobody yet.
    pub async fn enter(&self) -> String {
        self.get(&self.way_in, "").await.session()
    }

    /// Goes in and looks through somebody's eyes.
    pub async fn enter_as(&self, person: &str) -> String {
        let session = self.enter().await;
        let form = format!("person={person}");
        let chosen = self.post("/look-through", &session, &form).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{person}");
        session
    }

    /// Invites somebody, as an administrator, and joins as they do.
    pub async fn join(&self, person: &str, administrator: &str) -> Answer {
        let path = format!("/people/{person}/invitation");
        let made = self.post(&path, administrator, "").await;
        let (_, after) = made.body.split_once("/join/").expect("a link");
        let token = after.chars().take_while(char::is_ascii_alphanumeric);
        let token: String = token.collect();
        let form = "password=kettle%20window%20granite%20lamp";
        self.post(&format!("/join/{token}"), "", form).await
    }

    /// Looks through somebody else's eyes in a session that is open.
    pub async fn enter_as_another(&self, person: &str, session: &str) -> String {
        let form = format!("person={person}");
        let chosen = self.post("/look-through", session, &form).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{person}");
        session.to_owned()
    }

    /// Sends observations as a program does.
    pub async fn post_as(&self, session: &str, body: &str, media: &str) -> Answer {
        let request = Request::post("/api/v1/observations")
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::COOKIE, session)
            .header(header::CONTENT_TYPE, media);
        let body = Body::from(body.to_owned());
        self.send(request.body(body).expect("the example works"))
            .await
    }
}
