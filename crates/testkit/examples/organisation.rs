//! Writes the plan and the observations of a hospital group of a size into a folder:
//! `cargo run -p throughline-testkit --example organisation -- UNITS FOLDER`.

use std::io::{Error, Result};
use std::path::Path;

use throughline_testkit::Organisation;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [units, folder] = arguments.as_slice() else {
        return Err(Error::other("give the number of units, and a folder"));
    };
    let units = units.parse().map_err(Error::other)?;
    let organisation = Organisation::of_units(units);
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder.join("plan/measures"))?;
    for file in organisation.plan_files() {
        std::fs::write(folder.join("plan").join(file.path), file.bytes)?;
    }
    std::fs::write(folder.join("observations.csv"), organisation.observations())
}
