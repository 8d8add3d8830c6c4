//! How long the server takes for each page and each answer for programs, without a network between:
//! `cargo run --release -p throughline-web --example page_times -- example`, or with a number of units in place of
//! `example`, for a generated organisation with ten measures for each of them. A word after it measures those addresses
//! alone that have it in them.
//!
//! Each address is asked for once cold, some times more until what can be remembered is, and then 200 times. Told are the
//! first answer, the median, the time under which 19 of 20 answers stayed, the work of all cores for one answer, and its
//! size as it travels and as it is read. On a machine that others use the work is what to trust.

use std::fs;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use throughline_app::history::commits;
use throughline_app::{
    ApplyOptions, Ctx, Example, LoadOptions, Selected, Selection, apply_plan, demo,
    load_observations, selected,
};
use throughline_core::{Actor, FrozenClock, Origin, Role, Scope};
use throughline_model::Model;
use throughline_testkit::{NOW, Organisation};
use throughline_web::{Mode, ROUTES, Server, router};
use tower::ServiceExt;

/// How often each address is asked for, after the cold answer and those that warm it up.
const REQUESTS: usize = 200;
/// An address that takes longer than this altogether is asked for less often.
const LONGEST: Duration = Duration::from_secs(20);
const WARM_UP: usize = 5;

/// The name by which the server is called.
const HOST: &str = "127.0.0.1:8080";

/// The moment at which the example is looked at.
const NOW_OF_EXAMPLE: &str = "2014-02-03T10:00:00Z";

/// Linux counts the work of a process in hundredths of a second.
const MILLISECONDS_PER_TICK: f64 = 10.0;

/// Routes that answer with no page of their own, or in a demonstration alone.
const NO_PAGES: [&str; 4] = ["home", "enter", "assets", "look_through"];

/// Pages that are about more than one record; [`of_history`] asks for them.
const OF_HISTORY: [&str; 4] = ["commit", "comparison", "observation", "api_values"];

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (of_what, only) = match arguments.as_slice() {
        [of_what] => (of_what, ""),
        [of_what, only] => (of_what, only.as_str()),
        _ => return Err(Error::other("say `example`, or a number of units")),
    };
    let folder =
        std::env::temp_dir().join(format!("throughline-page-times-{}", std::process::id()));
    let measured = measured(&folder, of_what, only).await;
    fs::remove_dir_all(folder)?;
    print(&measured?)
}

/// The table of the answers of which the address has a word in it, with a ledger in a folder.
async fn measured(folder: &Path, of_what: &str, only: &str) -> Result<String> {
    let now = match of_what {
        "example" => NOW_OF_EXAMPLE,
        _ => NOW,
    };
    fill(folder, of_what, now).await?;
    let ctx = open(folder, now).await?;
    let meant = selected(&ctx, &Selection::default())
        .await
        .map_err(failed)?;
    let mut addresses = addresses(&meant.model);
    let newest = commits(&ctx, 0..1).await.map_err(failed)?.all;
    addresses.extend(of_history(&meant, newest)?);
    let site = Site::open(ctx).await?;
    let mut out = String::from(
        "| address | first ms | p50 ms | p95 ms | work ms | sent KiB | read KiB |\n|---|---:|---:|---:|---:|---:|---:|\n",
    );
    for address in addresses.iter().filter(|address| address.contains(only)) {
        out.push_str(&site.measured(address).await?);
    }
    Ok(out)
}

/// Puts the example, or an organisation of so many units, into a ledger.
async fn fill(folder: &Path, of_what: &str, now: &str) -> Result<()> {
    let ctx = open(folder, now).await?;
    if of_what == "example" {
        demo(&ctx, Example::NyFlights).await.map_err(failed)?;
        ctx.close().await;
        return Ok(());
    }
    let units = of_what.parse().map_err(Error::other)?;
    let organisation = Organisation::of_units(units);
    let applied = apply_plan(&ctx, &organisation.plan_files(), &ApplyOptions::default()).await;
    applied.map_err(failed)?;
    ctx.close().await;
    let ctx = open(folder, now).await?;
    let observations = organisation.observations();
    let loaded = load_observations(
        &ctx,
        "observations.csv",
        observations.as_bytes(),
        LoadOptions::default(),
    );
    loaded.await.map_err(failed)?;
    ctx.close().await;
    Ok(())
}

fn print(text: &str) -> Result<()> {
    use std::io::Write;
    std::io::stdout().write_all(text.as_bytes())
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::other(error.to_string())
}

async fn open(folder: &Path, now: &str) -> Result<Ctx> {
    let actor = Actor {
        person: None,
        role: Role::Administrator,
        scope: Scope::Organisation,
        origin: Origin::CommandLine,
    };
    let clock = Arc::new(FrozenClock(now.parse().map_err(Error::other)?));
    let next = AtomicU8::new(0);
    let randomness =
        move |bytes: &mut [u8]| bytes.fill_with(|| next.fetch_add(1, Ordering::Relaxed));
    let opened = Ctx::open(folder, actor, clock, Arc::new(randomness)).await;
    opened.map_err(failed)
}

/// Every page and every answer for programs, each about the first record of its kind, and some that have much to do.
fn addresses(model: &Model) -> Vec<String> {
    let kinds = [
        (
            "objective",
            model
                .objectives()
                .iter()
                .next()
                .map(|one| one.key.to_string()),
        ),
        (
            "outcome",
            model
                .outcomes()
                .iter()
                .next()
                .map(|one| one.key.to_string()),
        ),
        (
            "behaviour",
            model
                .behaviours()
                .iter()
                .next()
                .map(|one| one.key.to_string()),
        ),
        (
            "initiative",
            model
                .initiatives()
                .iter()
                .next()
                .map(|one| one.key.to_string()),
        ),
        (
            "person",
            model.people().iter().next().map(|one| one.key.to_string()),
        ),
        (
            "measure",
            model
                .measures()
                .iter()
                .next()
                .map(|one| one.key.to_string()),
        ),
    ];
    let key_of = |route: &str| {
        let word = match route {
            "line_of_sight_of" => "person",
            "explanation" | "api_readings" | "api_explanation" | "api_observations"
            | "api_record" | "api_record_history" | "api_records" => "measure",
            other => other,
        };
        kinds
            .iter()
            .find(|(kind, _)| *kind == word)
            .and_then(|(_, key)| key.clone())
    };
    let pages = ROUTES
        .iter()
        .filter(|route| route.method == "GET")
        .filter(|route| !NO_PAGES.contains(&route.name) && !OF_HISTORY.contains(&route.name));
    let mut all: Vec<String> = pages
        .filter_map(|route| {
            let mut path = route.path.replace("{kind}", "measure");
            if path.contains("{key}") {
                path = path.replace("{key}", &key_of(route.name)?);
            }
            let query = match route.name {
                "find" => "?q=in%20time".to_owned(),
                "api_diff" | "api_restatements" => "?from=2013-01-01&to=2026-11-01".to_owned(),
                _ => String::new(),
            };
            Some(path + &query)
        })
        .collect();
    let much = [
        "/scorecard?open=all",
        "/strategy?open=all",
        "/people?open=all",
        "/measures?q=a",
        "/find?q=a",
        "/api/v1/scorecard?limit=1000",
        "/api/v1/map?limit=1000",
        "/api/v1/records/measure?limit=1000",
    ];
    all.extend(much.map(str::to_owned));
    all.extend(key_of("measure").map(|key| format!("/measures/{key}?reach=all&periods=all")));
    all
}

/// What has much to look up in the history: the first and the newest commit, what differs between two days, all versions of a
/// measure and its targets, all values of one observation.
fn of_history(meant: &Selected, newest: usize) -> Result<Vec<String>> {
    let model = &meant.model;
    let observed = model.measures().iter().find_map(|measure| {
        let series = meant.observations.of_measure(measure.id())?;
        series.iter().find_map(|(unit, series)| {
            let point = series.points().last()?;
            let unit = model.units().get(*unit)?;
            let period = model.calendar().name(&point.period);
            Some((measure.key.clone(), unit.key.clone(), period))
        })
    });
    let Some((measure, unit, period)) = observed else {
        return Err(Error::other("nothing was observed"));
    };
    Ok(vec![
        "/history/1".to_owned(),
        format!("/history/{newest}"),
        "/history/between?from=2013-01-01&to=2026-11-01".to_owned(),
        format!("/history?record=measure/{measure}"),
        format!("/measures/{measure}/observation?unit={unit}&period={period}"),
        format!("/api/v1/measures/{measure}/values?unit={unit}&period={period}"),
    ])
}

/// The site, with somebody in it who may see all.
struct Site {
    router: Router,
    session: String,
}

impl Site {
    async fn open(ctx: Ctx) -> Result<Site> {
        let address: SocketAddr = HOST.parse().map_err(Error::other)?;
        let (server, token) = Server::new(ctx, Mode::Serve, address)
            .await
            .map_err(failed)?;
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
            bytes: body.map_err(Error::other)?.len(),
        })
    }

    /// A line of the table.
    async fn measured(&self, path: &str) -> Result<String> {
        let (first, answer) = self.timed(path).await?;
        if answer.status != StatusCode::OK {
            let message = format!("{path} is answered with {}", answer.status);
            return Err(Error::other(message));
        }
        let requests = match first.as_secs_f64() {
            seconds if seconds > 0.0 => (LONGEST.as_secs_f64() / seconds) as usize,
            _ => REQUESTS,
        };
        let requests = requests.clamp(1, REQUESTS);
        for _ in 0..WARM_UP.min(requests) {
            self.ask(path, "gzip").await?;
        }
        let before = work()?;
        let mut times = Vec::with_capacity(requests);
        for _ in 0..requests {
            times.push(self.timed(path).await?.0);
        }
        let work = (work()? - before) / requests as f64;
        let plain = self.ask(path, "identity").await?.bytes;
        times.sort();
        let at = |share: f64| milliseconds(times[(share * requests as f64) as usize]);
        let kib = |bytes: usize| bytes as f64 / 1024.0;
        Ok(format!(
            "| {path} | {:.1} | {:.2} | {:.2} | {work:.2} | {:.1} | {:.1} |\n",
            milliseconds(first),
            at(0.5),
            at(0.95),
            kib(answer.bytes),
            kib(plain)
        ))
    }

    async fn timed(&self, path: &str) -> Result<(Duration, Answer)> {
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
        let start = std::time::Instant::now();
        let answer = self.ask(path, "gzip").await?;
        Ok((start.elapsed(), answer))
    }
}

/// What was answered.
struct Answer {
    status: StatusCode,
    cookie: String,
    bytes: usize,
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The work of this process so far, of all cores, in milliseconds; 0 where the system has no `/proc`.
fn work() -> Result<f64> {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
        return Ok(0.0);
    };
    let (_, after_name) = stat
        .rsplit_once(')')
        .ok_or_else(|| Error::other("a line of /proc has another form"))?;
    let ticks = after_name.split_whitespace().skip(11).take(2);
    let ticks: f64 = ticks.filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks * MILLISECONDS_PER_TICK)
}
