//! Prints the address of a new, empty PostgreSQL database for each line of its input. All of them go away when the input
//! ends: `cargo run -p throughline-testkit --example databases`.

use std::io::{BufRead, Error, Result, Write};

use throughline_testkit::postgres::Database;

fn main() -> Result<()> {
    let mut last = None;
    for line in std::io::stdin().lock().lines() {
        line?;
        // The one before makes room.
        drop(last.take());
        let database =
            Database::new().ok_or_else(|| Error::other("there is no PostgreSQL here"))?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", database.url())?;
        out.flush()?;
        last = Some(database);
    }
    Ok(())
}
