//! What a single commit costs on each engine: one that corrects a cell again and again, one of a cell that has no value
//! yet, a plain row and a sync of the disk by turns, each timed by itself.
//!
//! `cargo bench -p throughline-ledger --bench commits -- TURNS` prints a table. What else the machine does falls on all of a
//! turn alike; ratios are of one turn each, and told are the median and the range in which nine of ten lie.

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
use throughline_ledger::Ledger;
use throughline_model::observation::Observation;

/// How many turns there are where nothing else is asked for.
const TURNS: usize = 1_000;

/// Turns that are not counted: files grow to their size, connections are made.
const WARM_UP: usize = 20;

/// How many measures the plan has.
const MEASURES: u128 = 20_000;

/// What is measured on one engine.
struct Engine {
    name: &'static str,
    /// It stands as long as the ledger.
    #[expect(dead_code, reason = "it goes away with the ledger")]
    store: Store,
    ledger: Ledger,
    plain: Plain,
    turns: Vec<Turn>,
}

/// Seconds of one turn.
struct Turn {
    sync: f64,
    plain_row: f64,
    correction: f64,
    new_cell: f64,
}

impl Engine {
    async fn new(name: &'static str, store: Store, plain: Plain) -> Engine {
        let ledger = store.create().await;
        let mut plan = first_plan();
        plan.extend((0..MEASURES).map(|number| {
            let key = format!("measure-{number}");
            measure(100_000 + number, &key, "A measure")
        }));
        write(&ledger, commit(plan)).await;
        Engine {
            name,
            store,
            ledger,
            plain,
            turns: Vec::new(),
        }
    }

    async fn turn(&mut self, page: &mut Page, one: &Observation, new: &Observation) {
        let (sync, ()) = timed(async { page.sync() }).await;
        let (plain_row, ()) = timed(self.plain.single_row(one)).await;
        let (correction, _) = timed(write(&self.ledger, observed(vec![one.clone()]))).await;
        let (new_cell, _) = timed(write(&self.ledger, observed(vec![new.clone()]))).await;
        self.turns.push(Turn {
            sync,
            plain_row,
            correction,
            new_cell,
        });
    }
}

/// A month that no turn had before, of the same measure.
fn new_cell(turn: usize) -> Observation {
    let (year, month) = (1900 + turn / 12, 1 + turn % 12);
    observation(MEASURE, UNIT, &format!("{year}-{month:02}"), turn as f64)
}

/// The median of some numbers, and the range in which nine of ten lie.
fn spread(mut numbers: Vec<f64>) -> String {
    numbers.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (numbers.len() - 1) as f64 * share;
        numbers[place.round() as usize]
    };
    format!("{:.2} ({:.2} to {:.2})", at(0.5), at(0.05), at(0.95))
}

fn main() {
    // Cargo adds an argument of its own.
    let asked = std::env::args().skip(1).find_map(|text| text.parse().ok());
    let turns: usize = asked.unwrap_or(TURNS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut engines = vec![Engine::new("SQLite", Store::sqlite(), Plain::sqlite().await).await];
        if let Some(store) = Store::postgres() {
            engines.push(Engine::new("PostgreSQL", store, Plain::postgres().await).await);
        }
        let mut page = Page::new();
        for turn in 0..WARM_UP + turns {
            let one = observation(MEASURE, UNIT, "2026-W01", turn as f64);
            for engine in &mut engines {
                engine.turn(&mut page, &one, &new_cell(turn)).await;
            }
        }
        println!("{turns} turns; medians, and the range of nine of ten\n");
        let names: Vec<&str> = engines.iter().map(|engine| engine.name).collect();
        println!("| | {} |", names.join(" | "));
        println!("|---|{}", "---:|".repeat(names.len()));
        let line = |what: &str, of: &dyn Fn(&Turn) -> f64| {
            let column = |engine: &Engine| spread(engine.turns[WARM_UP..].iter().map(of).collect());
            let columns: Vec<String> = engines.iter().map(column).collect();
            println!("| {what} | {} |", columns.join(" | "));
        };
        line("sync of a page, ms", &|turn| 1e3 * turn.sync);
        line("plain insert of one row, ms", &|turn| 1e3 * turn.plain_row);
        line("commit of one correction, ms", &|turn| {
            1e3 * turn.correction
        });
        line("that commit, in plain inserts", &|turn| {
            turn.correction / turn.plain_row
        });
        line("that commit, in syncs", &|turn| turn.correction / turn.sync);
        line("commit of one new cell, ms", &|turn| 1e3 * turn.new_cell);
        // Whether a commit grows with those before it.
        for engine in &engines {
            let turns = &engine.turns[WARM_UP..];
            let tenth = turns.len().div_ceil(10);
            let of = |turns: &[Turn], of: fn(&Turn) -> f64| {
                spread(turns.iter().map(|turn| 1e3 * of(turn)).collect())
            };
            for (what, which) in [
                ("correction", (|turn| turn.correction) as fn(&Turn) -> f64),
                ("new cell", |turn| turn.new_cell),
            ] {
                println!(
                    "\n{}, {what}: {} ms in the first tenth of the turns, {} ms in the last",
                    engine.name,
                    of(&turns[..tenth], which),
                    of(&turns[turns.len() - tenth..], which)
                );
            }
        }
        for engine in engines {
            engine.ledger.close().await;
        }
    });
}
