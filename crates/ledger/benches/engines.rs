//! What a commit and a load cost on each engine, as multiples of what the engine itself takes for as many rows, and of
//! the disk's own sync.
//!
//! `cargo bench -p throughline-ledger --bench engines -- ROUNDS` prints a table. All that is compared is measured in turns,
//! round by round, so that what else the machine does falls on everything alike; the ratios are of one round each, and
//! medians and ranges are of the ratios.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that fails has nothing else to say"
)]
#![expect(clippy::print_stdout, reason = "its output is its result")]

#[path = "../tests/common/mod.rs"]
mod common;

#[path = "plain/mod.rs"]
mod plain;

use common::*;
use plain::{Page, Plain, timed};
use throughline_model::observation::Observation;

/// How many rounds there are where nothing else is asked for.
const ROUNDS: usize = 7;

/// A load: of each measure one unit, fifty weeks.
const MEASURES: u128 = 20_000;
const WEEKS: usize = 50;

/// How many single rows, syncs and commits are timed in a round.
const SINGLE: u32 = 100;

/// What was measured on an engine in a round, in seconds.
struct Round {
    sync: f64,
    plain_row: f64,
    commit: f64,
    plain_rows: f64,
    load: f64,
}

/// Seconds of one of many.
async fn each(work: impl Future<Output = ()>) -> f64 {
    timed(work).await.0 / f64::from(SINGLE)
}

/// A million observations, in the order of a file by week.
fn observations() -> Vec<Observation> {
    let weeks = 1..=WEEKS;
    let periods = weeks.map(|week| cell(MEASURE, UNIT, &format!("2025-W{week:02}")).period);
    let rows = periods.flat_map(|period| {
        (0..MEASURES).map(move |measure| {
            let value = (measure * 31 % 977) as f64 / 977.0;
            let mut observation = observation(100_000 + measure, UNIT, "2025-W01", value);
            observation.cell.period = period;
            observation
        })
    });
    rows.collect()
}

/// Measures everything once on an engine.
async fn round(store: Store, mut plain: Plain, rows: &[Observation]) -> Round {
    let ledger = store.create().await;
    let mut plan = first_plan();
    plan.extend((0..MEASURES).map(|number| {
        let key = format!("measure-{number}");
        measure(100_000 + number, &key, "A measure")
    }));
    write(&ledger, commit(plan)).await;
    let mut page = Page::new();
    let sync = each(async {
        for _ in 0..SINGLE {
            page.sync();
        }
    })
    .await;
    let some = &rows[..SINGLE as usize];
    let mut single_rows = async || {
        for row in some {
            plain.single_row(row).await;
        }
    };
    single_rows().await;
    let plain_row = each(single_rows()).await;
    let commit = each(async {
        for number in 0..SINGLE {
            let value = f64::from(number);
            let one = observation(MEASURE, UNIT, "2026-W01", value);
            write(&ledger, observed(vec![one])).await;
        }
    })
    .await;
    let (plain_rows, ()) = timed(plain.all_rows(rows)).await;
    let all = observed(rows.to_vec());
    let (load, _) = timed(write(&ledger, all)).await;
    ledger.close().await;
    Round {
        sync,
        plain_row,
        commit,
        plain_rows,
        load,
    }
}

/// The median of some numbers, and how far they range.
fn spread(mut numbers: Vec<f64>, digits: usize) -> String {
    numbers.sort_by(f64::total_cmp);
    let median = numbers[numbers.len() / 2];
    let (least, most) = (numbers[0], numbers[numbers.len() - 1]);
    format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
}

fn main() {
    // Cargo adds an argument of its own.
    let asked = std::env::args().skip(1).find_map(|text| text.parse().ok());
    let rounds: usize = asked.unwrap_or(ROUNDS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let rows = observations();
        let (mut of_file, mut of_database) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            of_file.push(round(Store::sqlite(), Plain::sqlite().await, &rows).await);
            if let Some(store) = Store::postgres() {
                of_database.push(round(store, Plain::postgres().await, &rows).await);
            }
        }
        println!("medians and ranges of {rounds} rounds\n");
        println!("| | SQLite | PostgreSQL |\n|---|---:|---:|");
        let line = |what: &str, digits: usize, of: &dyn Fn(&Round) -> f64| {
            let column = |rounds: &[Round]| match rounds {
                [] => "not here".to_owned(),
                rounds => spread(rounds.iter().map(of).collect(), digits),
            };
            println!(
                "| {what} | {} | {} |",
                column(&of_file),
                column(&of_database)
            );
        };
        let count = rows.len();
        line("sync of a page, ms", 2, &|round| 1e3 * round.sync);
        line("plain insert of one row, ms", 2, &|round| {
            1e3 * round.plain_row
        });
        line("commit of one observation, ms", 2, &|round| {
            1e3 * round.commit
        });
        line("that commit, in plain inserts", 1, &|round| {
            round.commit / round.plain_row
        });
        line("that commit, in syncs", 1, &|round| {
            round.commit / round.sync
        });
        line(&format!("plain insert of {count} rows, s"), 2, &|round| {
            round.plain_rows
        });
        line(&format!("commit of {count} observations, s"), 2, &|round| {
            round.load
        });
        line("that load, in plain inserts", 2, &|round| {
            round.load / round.plain_rows
        });
    });
}
