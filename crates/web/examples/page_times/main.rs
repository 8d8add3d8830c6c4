//! How long the server takes for each page and each answer for programs, without a network between:
//! `cargo run --release -p throughline-web --example page_times -- example`, or with a number of units in place of
//! `example`, for a generated organisation with ten measures for each of them. A word after it measures those addresses
//! alone that have it in them.
//!
//! Each address is asked for once cold, some times more until what can be remembered is, and then 200 times. Told are the
//! first answer, the median, the time under which 19 of 20 answers stayed, the work of all cores for one answer, its size
//! as it travels and as it is read, and the elements of a page. On a machine that others use the work is what to trust.
//!
//! The server answers as `serve` does: it waits for nothing longer than the patience of a page, and what is left out of a page
//! comes by itself. Where it says `at another unit each time` nobody asked for anything before: right after the start nothing is
//! there yet, and a second after it pages were made ahead for a second. In the end observations are recorded one by one, and it
//! is told how long recording took, how long the first page right after it, after a second of rest and in a row of commits, and how
//! long one that is asked for a second later.

mod addresses;
mod site;
mod taken;

use std::fs;
use std::io::{Error, Result};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use throughline_app::history::commits;
use throughline_app::{
    ApplyOptions, Ctx, Example, LoadOptions, Selection, apply_plan, demo, load_observations,
    selected,
};
use throughline_core::{Actor, FrozenClock, Origin, Role, Scope};
use throughline_testkit::{NOW, Organisation};

use crate::addresses::{Observed, addresses, of_history};
use crate::site::{RECORDING, SECOND, Site};
use crate::taken::Taken;

/// Pages that are also asked for at units at which nothing was asked before.
const ELSEWHERE: [&str; 4] = ["/strategy", "/scorecard", "/map", "/measures"];

/// When they are: as soon as the server has started, and after it has made pages ahead for a second.
const WHEN: [(&str, Option<Duration>); 2] = [
    ("right after the start", None),
    ("a second after it", Some(SECOND)),
];

/// The moment at which the example is looked at.
const NOW_OF_EXAMPLE: &str = "2014-02-03T10:00:00Z";

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
    let observed = Observed::first(&meant)?;
    addresses.extend(of_history(&observed, newest));
    let site = Site::open(ctx, false).await?;
    let mut out = String::from(
        "| address | first ms | p50 ms | p95 ms | work ms | sent KiB | read KiB | elements |\n|---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for address in addresses.iter().filter(|address| address.contains(only)) {
        // One address that has no such answer here must not take all others along.
        out.push_str(&match site.measured(address).await {
            Ok(taken) => taken.line(),
            Err(error) => without(&error),
        });
    }
    drop(site);
    for path in ELSEWHERE.iter().filter(|path| path.contains(only)) {
        for (when, wait) in WHEN {
            // A server of its own, which nobody asked for anything.
            let site = Site::open(open(folder, now).await?, wait.is_some()).await?;
            if let Some(wait) = wait {
                tokio::time::sleep(wait).await;
            }
            let taken = site.measured_elsewhere(path, when, &meant.model).await?;
            out.push_str(&taken.line());
        }
    }
    if RECORDING.contains(only) {
        let site = Site::open(open(folder, now).await?, true).await?;
        tokio::time::sleep(SECOND).await;
        match site.measured_commits(&observed).await {
            Ok(taken) => out.extend(taken.into_iter().map(Taken::line)),
            Err(error) => out.push_str(&without(&error)),
        }
    }
    Ok(out)
}

/// A line that says why there is none.
fn without(error: &Error) -> String {
    format!("| {error} | | | | | | | |\n")
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
