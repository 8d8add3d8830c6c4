//! The server: the live state, who is in, and the address on which it listens.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use throughline_app::access::{self, Door};
use throughline_app::entry::publish_due;
use throughline_app::mail::Mailer;
use throughline_app::pack::Printer;
use throughline_app::{AppError, Ctx, Limits, Live, Remembered};
use throughline_charts::{MapOrder, MapShape};
use throughline_core::{Actor, Origin, PersonId, Role, Scope};
use tokio::net::TcpListener;

use crate::ahead::Asked;
use crate::grading;
use crate::imports::Imports;
use crate::mailing::keep_sending;
use crate::public_url::PublicUrl;
use crate::routes::router;
use crate::session::{OneTimeToken, SECRET_BYTES, Session, Sessions, secret};

/// What the server is there for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// To be tried: a visitor chooses whom to look through.
    Demo {
        /// Where the data come from, in one line.
        attribution: String,
    },
    /// To be used: people sign in. Until somebody can who gives access, whoever has the link of the console does.
    Serve,
}

/// What every request is answered from. Clones are the same server.
#[derive(Clone)]
pub struct Server {
    inner: Arc<Inner>,
    printer: Option<Printer>,
    mailer: Option<Arc<Mailer>>,
}

/// How many orders of maps are remembered, in boxes and links.
const MAP_ORDERS: Limits = Limits {
    most: 256,
    heaviest: 100_000,
};

/// How often the clock publishes what has waited long enough.
const PUBLISHED_EVERY: Duration = Duration::from_secs(60);

struct Inner {
    map_orders: Remembered<MapShape, Arc<MapOrder>>,
    asked: Asked,
    ctx: Ctx,
    live: Arc<Live>,
    mode: Mode,
    sessions: Sessions,
    imports: Imports,
    token: OneTimeToken,
    address: SocketAddr,
    public_url: Option<PublicUrl>,
    door: Door,
    /// Counts links that open nothing, apart from passwords: anybody may send many of them.
    links: Door,
}

impl Server {
    /// A server on an address, and the secret of the link that opens it, once.
    ///
    /// # Errors
    /// If there is no ledger, or it cannot be read.
    pub async fn new(
        ctx: Ctx,
        mode: Mode,
        address: SocketAddr,
    ) -> Result<(Server, String), AppError> {
        Server::behind(ctx, mode, address, None).await
    }

    /// The same, behind a proxy that others reach by an address of its own.
    ///
    /// # Errors
    /// As [`Server::new`].
    pub async fn behind(
        ctx: Ctx,
        mode: Mode,
        address: SocketAddr,
        public_url: Option<PublicUrl>,
    ) -> Result<(Server, String), AppError> {
        let live = ctx.live().await?;
        let token = new_secret(&ctx);
        let inner = Inner {
            map_orders: Remembered::new(MAP_ORDERS),
            asked: Asked::default(),
            live,
            mode,
            sessions: Sessions::default(),
            imports: Imports::default(),
            token: OneTimeToken::of(&token),
            address,
            public_url,
            door: Door::default(),
            links: Door::default(),
            ctx,
        };
        let server = Server {
            inner: Arc::new(inner),
            printer: None,
            mailer: None,
        };
        Ok((server, token))
    }

    /// The server, with something that prints packs. Without it no page offers one.
    #[must_use]
    pub fn with_printer(self, printer: Printer) -> Server {
        Server {
            printer: Some(printer),
            ..self
        }
    }

    /// The server, with something that sends mails. Without it none are sent, and no page speaks of them.
    #[must_use]
    pub fn with_mailer(self, mailer: Mailer) -> Server {
        Server {
            mailer: Some(Arc::new(mailer)),
            ..self
        }
    }

    /// Whether mails are sent.
    #[must_use]
    pub fn sends_mails(&self) -> bool {
        self.mailer.is_some()
    }

    /// What prints packs.
    #[must_use]
    pub fn printer(&self) -> Option<Printer> {
        self.printer
    }

    /// Answers requests, follows the ledger and sends mails, until told to stop. What whoever runs it has to know, such as that the
    /// ledger does not answer, is said.
    ///
    /// # Errors
    /// If the system takes the address away.
    pub async fn run(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
        say: impl Fn(&str) + Send + Sync + 'static,
    ) -> io::Result<()> {
        let say: Arc<dyn Fn(&str) + Send + Sync> = Arc::new(say);
        let said = Arc::clone(&say);
        let following =
            tokio::spawn(Arc::clone(&self.inner.live).follow(move |line: &str| said(line)));
        let told = Arc::clone(&say);
        let ahead = self.clone();
        let ahead = tokio::spawn(ahead.keep_making_ahead(move |line: &str| told(line)));
        let told = Arc::clone(&say);
        let grading = tokio::spawn(grading::keep_hourly(self.clone(), Arc::clone(&say)));
        let mailing = self.mailer.clone().map(|mailer| {
            let sending = keep_sending(self.clone(), mailer, move |line: &str| told(line));
            tokio::spawn(sending)
        });
        let publishing = tokio::spawn(self.clone().publish_on_time(move |words: &str| say(words)));
        let served = axum::serve(listener, router(&self))
            .with_graceful_shutdown(stop)
            .await;
        following.abort();
        ahead.abort();
        grading.abort();
        if let Some(mailing) = mailing {
            mailing.abort();
        }
        publishing.abort();
        served
    }

    /// Publishes each minute, and at the start, the figures whose time has come. That it does not succeed is said once, until it
    /// does again.
    async fn publish_on_time(self, say: impl Fn(&str)) {
        let mut minutes = tokio::time::interval(PUBLISHED_EVERY);
        let mut has_failed = false;
        loop {
            minutes.tick().await;
            let actor = Actor {
                origin: Origin::Job,
                ..nameless(Role::Administrator, Scope::Organisation)
            };
            let ctx = self.inner.ctx.of_request(&self.inner.live, actor);
            let published = publish_due(&ctx).await;
            if let (Err(error), false) = (&published, has_failed) {
                let why = throughline_app::words::sentence(&error.to_string());
                say(&format!(
                    "Figures whose time has come are not published yet. {why}."
                ));
            }
            has_failed = published.is_err();
        }
    }

    /// The link that opens the server, once.
    #[must_use]
    pub fn link(&self, token: &str) -> String {
        format!("{}/enter/{token}", self.origin())
    }

    /// Scheme and name by which it is reached: those of the proxy, if it stands behind one.
    #[must_use]
    pub fn origin(&self) -> String {
        match &self.inner.public_url {
            Some(url) => url.origin(),
            None => format!("http://{}", self.inner.address),
        }
    }

    /// The address of the proxy before it.
    pub(crate) fn public_url(&self) -> Option<&PublicUrl> {
        self.inner.public_url.as_ref()
    }

    pub(crate) fn link_door(&self) -> &Door {
        &self.inner.links
    }

    /// The door of passwords.
    pub(crate) fn door(&self) -> &Door {
        &self.inner.door
    }

    /// What it is there for.
    #[must_use]
    pub fn mode(&self) -> &Mode {
        &self.inner.mode
    }

    /// The address on which it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.inner.address
    }

    /// The order of maps of a shape, found once.
    pub(crate) fn map_order(&self, shape: &MapShape) -> Arc<MapOrder> {
        self.inner.map_orders.get(shape).unwrap_or_else(|| {
            let order = Arc::new(shape.order());
            let kept = Arc::clone(&order);
            self.inner.map_orders.put(shape.clone(), kept, shape.size());
            order
        })
    }

    pub(crate) fn live(&self) -> &Live {
        &self.inner.live
    }

    /// Where people looked lately.
    pub(crate) fn asked(&self) -> &Asked {
        &self.inner.asked
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    pub(crate) fn imports(&self) -> &Imports {
        &self.inner.imports
    }

    pub(crate) fn token(&self) -> &OneTimeToken {
        &self.inner.token
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.inner.ctx.now()
    }

    pub(crate) fn new_secret(&self) -> String {
        new_secret(&self.inner.ctx)
    }

    /// The name of the session's cookie. Cookies know no port, so servers beside each other would take each other's.
    /// Browsers take one that begins with `__Host-` over TLS alone, for this name and no other.
    pub(crate) fn cookie_name(&self) -> String {
        match &self.inner.public_url {
            Some(_) => "__Host-throughline".to_owned(),
            None => format!("throughline-{}", self.inner.address.port()),
        }
    }

    /// The cookie of a session's id, with what browsers may do with it.
    pub(crate) fn cookie(&self, id: &str) -> String {
        let secure = if self.inner.public_url.is_some() {
            "; Secure"
        } else {
            ""
        };
        let name = self.cookie_name();
        format!("{name}={id}; HttpOnly; SameSite=Lax; Path=/{secure}")
    }

    /// Who acts in a session: rights are looked up in the plan of now, each time. `None` for somebody who may no longer sign
    /// in.
    pub(crate) fn actor_of(&self, session: &Session) -> Option<Actor> {
        let snapshot = self.inner.live.snapshot();
        match (session.person, &self.inner.mode) {
            (None, _) => Some(nameless(Role::Administrator, Scope::Organisation)),
            (Some(person), Mode::Serve) => access::actor_of(&snapshot, person),
            (Some(person), Mode::Demo { .. }) => {
                let stand_in = throughline_app::stand_in(&snapshot.model, person);
                // Somebody who is no longer in the plan has no rights that would be left.
                Some(stand_in.unwrap_or_else(|| nameless(Role::Viewer, Scope::Nowhere)))
            }
        }
    }

    /// Whether a person who has signed in gives access, by the plan of now. In the demonstration nobody signs in.
    pub(crate) fn is_administrator(&self, person: PersonId) -> bool {
        let actor = match &self.inner.mode {
            Mode::Serve => access::actor_of(&self.inner.live.snapshot(), person),
            Mode::Demo { .. } => None,
        };
        actor.is_some_and(|actor| {
            actor.role == Role::Administrator && actor.scope == Scope::Organisation
        })
    }

    /// The context of a request in a session; `None` as of [`Server::actor_of`].
    pub(crate) fn ctx_of(&self, session: &Session) -> Option<Ctx> {
        let actor = self.actor_of(session)?;
        Some(self.inner.ctx.of_request(&self.inner.live, actor))
    }

    /// The context of what the server does by itself.
    pub(crate) fn ctx_of_job(&self) -> Ctx {
        let job = Actor {
            origin: Origin::Job,
            ..nameless(Role::Administrator, Scope::Organisation)
        };
        self.inner.ctx.of_request(&self.inner.live, job)
    }

    /// The context of somebody who is not in yet.
    pub(crate) fn ctx_of_nobody(&self) -> Ctx {
        let actor = nameless(Role::Viewer, Scope::Nowhere);
        self.inner.ctx.of_request(&self.inner.live, actor)
    }
}

fn nameless(role: Role, scope: Scope) -> Actor {
    Actor {
        person: None,
        role,
        scope,
        origin: Origin::Server,
    }
}

fn new_secret(ctx: &Ctx) -> String {
    let mut bytes = [0; SECRET_BYTES];
    ctx.fill_with_randomness(&mut bytes);
    secret(bytes)
}
