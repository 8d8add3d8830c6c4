//! The site, without a network between, and how its answers are timed.

use std::io::Write as _;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use throughline_app::{Ctx, PATIENCE};
use throughline_model::Model;
use throughline_web::{Mode, Server, router};
use tower::ServiceExt;

use crate::addresses::Observed;
use crate::failed;
use crate::taken::Taken;

/// How often each address is asked for, after the cold answer and those that warm it up.
const REQUESTS: usize = 200;
/// An address that takes longer than this altogether is asked for less often.
const LONGEST: Duration = Duration::from_secs(20);
const WARM_UP: usize = 5;

/// At how many units a page is asked for.
const UNITS: usize = 40;

/// Where observations are recorded, and how often that is done.
pub const RECORDING: &str = "/api/v1/observations";
const COMMITS: usize = 41;

/// How often and how soon a page is asked for until nothing is left out of it.
const COMPLETED_WITHIN: usize = 200;
const SOON: Duration = Duration::from_millis(20);
/// So long pages are made ahead before one is asked for.
pub const SECOND: Duration = Duration::from_secs(1);

/// The name by which the server is called.
const HOST: &str = "127.0.0.1:8080";

/// The site, with somebody in it who may see all.
pub struct Site {
    router: Router,
    session: String,
}

impl Site {
    /// Goes in, to a server that answers as `serve` does; pages are made ahead or not.
    pub async fn open(ctx: Ctx, makes_ahead: bool) -> Result<Site> {
        let ctx = ctx.with_patience(PATIENCE);
        let address: SocketAddr = HOST.parse().map_err(Error::other)?;
        let (server, token) = Server::new(ctx, Mode::Serve, address)
            .await
            .map_err(failed)?;
        if makes_ahead {
            tokio::spawn(
                server
                    .clone()
                    .keep_making_ahead(|line| drop(writeln!(std::io::stderr(), "{line}"))),
            );
        }
        let mut site = Site {
            router: router(&server),
            session: String::new(),
        };
        let entered = site.ask(&format!("/enter/{token}"), "identity").await?;
        site.session = entered.cookie;
        Ok(site)
    }

    async fn ask(&self, path: &str, encoding: &str) -> Result<Answer> {
        let request = Request::get(path)
            .header(header::HOST, HOST)
            .header(header::COOKIE, &self.session)
            .header(header::ACCEPT_ENCODING, encoding)
            .body(Body::empty())
            .map_err(Error::other)?;
        self.answer(request).await
    }

    async fn answer(&self, request: Request<Body>) -> Result<Answer> {
        let answer = self.router.clone().oneshot(request).await;
        let Ok(answer) = answer;
        let cookie = answer.headers().get(header::SET_COOKIE);
        let cookie = cookie
            .and_then(|value| value.to_str().ok()?.split(';').next())
            .unwrap_or_default()
            .to_owned();
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
        Ok(Answer {
            status,
            cookie,
            body: body.map_err(Error::other)?.into(),
        })
    }

    /// What an address takes.
    pub async fn measured(&self, path: &str) -> Result<Taken> {
        let (first, answer) = self.timed(path).await?;
        let requests = match first.as_secs_f64() {
            seconds if seconds > 0.0 => (LONGEST.as_secs_f64() / seconds) as usize,
            _ => REQUESTS,
        };
        let requests = requests.clamp(1, REQUESTS);
        for _ in 0..WARM_UP.min(requests) {
            self.ask(path, "gzip").await?;
        }
        // What was left out of the first answers comes by itself.
        for _ in 0..COMPLETED_WITHIN {
            if !self.ask(path, "identity").await?.asks_again() {
                break;
            }
            tokio::time::sleep(SOON).await;
        }
        let mut taken = Taken::of(path, first, &answer);
        for _ in 0..requests {
            taken.add(self.timed(path)).await?;
        }
        taken.plain(&self.ask(path, "identity").await?);
        Ok(taken)
    }

    /// What a page takes at one unit after the other, first at the topmost, and how many came with something left out that comes
    /// by itself.
    pub async fn measured_elsewhere(&self, path: &str, when: &str, model: &Model) -> Result<Taken> {
        let units = model.units();
        let step = (units.len() / UNITS).max(1);
        let mut taken = None;
        for unit in units.iter().step_by(step) {
            let address = format!("{path}?unit={}", unit.key);
            match &mut taken {
                None => {
                    let (first, answer) = self.timed(&address).await?;
                    let name = format!("{path} at another unit each time, {when}");
                    taken = Some(Taken::of(&name, first, &answer));
                }
                Some(taken) => taken.add(self.timed(&address)).await?,
            }
        }
        let mut taken = taken.ok_or_else(|| Error::other("there are no units"))?;
        taken.plain(&self.ask(path, "identity").await?);
        Ok(taken)
    }

    /// What it takes to record an observation, and to show the first page right after that, where one commit follows the other,
    /// and a second later.
    pub async fn measured_commits(&self, observed: &Observed) -> Result<Vec<Taken>> {
        let path = "/strategy";
        let (first, answer) = self.recorded(observed, 0).await?;
        let mut record = Taken::of(&format!("POST {RECORDING}, one row"), first, &answer);
        record.plain(&answer);
        let mut shown = Vec::new();
        for (place, (when, before, after)) in [
            ("right after that", SECOND, Duration::ZERO),
            (
                "right after that, the next commit following",
                Duration::ZERO,
                Duration::ZERO,
            ),
            ("a second after that", Duration::ZERO, SECOND),
        ]
        .into_iter()
        .enumerate()
        {
            let mut show = None;
            for number in 1..=COMMITS {
                tokio::time::sleep(before).await;
                record
                    .add(self.recorded(observed, place * COMMITS + number))
                    .await?;
                tokio::time::sleep(after).await;
                match &mut show {
                    None => {
                        let (first, answer) = self.timed(path).await?;
                        let name = format!("{path} as the first page {when}");
                        show = Some(Taken::of(&name, first, &answer));
                    }
                    Some(show) => Taken::add(show, self.timed(path)).await?,
                }
            }
            let mut show = show.ok_or_else(|| Error::other("nothing was recorded"))?;
            show.plain(&self.ask(path, "identity").await?);
            shown.push(show);
        }
        shown.insert(0, record);
        Ok(shown)
    }

    /// Records an observation with another value each time.
    async fn recorded(&self, observed: &Observed, number: usize) -> Result<(Duration, Answer)> {
        let Observed {
            measure,
            unit,
            period,
            value,
        } = observed;
        // A little less each time: within whatever range the measure has.
        let value = value * (1.0 - (number + 1) as f64 / 1000.0);
        let rows = format!("measure,unit,period,value\n{measure},{unit},{period},{value}\n");
        let request = Request::post(RECORDING)
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::COOKIE, &self.session)
            .header(header::CONTENT_TYPE, "text/csv")
            .body(Body::from(rows))
            .map_err(Error::other)?;
        timed("recording", self.answer(request)).await
    }

    async fn timed(&self, path: &str) -> Result<(Duration, Answer)> {
        timed(path, self.ask(path, "gzip")).await
    }
}

/// How long an answer takes, which must be a good one.
async fn timed(
    what: &str,
    answer: impl Future<Output = Result<Answer>>,
) -> Result<(Duration, Answer)> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = std::time::Instant::now();
    let answer = answer.await?;
    let taken = start.elapsed();
    if answer.status.is_success() {
        return Ok((taken, answer));
    }
    let message = format!("{what} is answered with {}", answer.status);
    Err(Error::other(message))
}

/// What was answered.
pub struct Answer {
    status: StatusCode,
    cookie: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether something was left out of a page, which asks for itself again.
    fn asks_again(&self) -> bool {
        let mark = b"id=\"again\"";
        self.body.windows(mark.len()).any(|part| part == mark)
    }

    /// The elements of a page, as its text opens them.
    pub fn elements(&self) -> Option<usize> {
        let pairs = self.body.windows(2);
        let opened = pairs.filter(|pair| pair[0] == b'<' && pair[1].is_ascii_lowercase());
        self.body.starts_with(b"<!").then(|| opened.count())
    }
}
