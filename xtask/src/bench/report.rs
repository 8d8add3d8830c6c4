//! The figures of a run as the table that stands in docs/BENCHMARKS.md.

use std::fs;
use std::path::Path;

use super::Size;

/// The end of every text that is written.
const END: &str = "<!-- end of what is written -->";

/// What was measured.
pub struct Report {
    pub names: Vec<&'static str>,
    pub small: Size,
    pub full: Size,
    pub runs: usize,
    pub machine: String,
}

impl Report {
    /// The table, and a line about what is in it.
    pub fn in_words(&self) -> String {
        let (small, full) = (&self.small, &self.full);
        let mut text = format!(
            "{} measures and {} observations, median of {} runs after one that is not counted.\nMachine: {}.\n\n",
            full.units * 10,
            full.observations(),
            self.runs,
            self.machine
        );
        text.push_str("| what | seconds | of that work, all cores | peak memory | of the plain insert | growth |\n");
        text.push_str("|---|---:|---:|---:|---:|---:|\n");
        for ((name, small_step), step) in self.names.iter().zip(&small.steps).zip(&full.steps) {
            text.push_str(&format!(
                "| {name} | {:.2} | {:.2} | {:.0} MiB | {:.1} | {:.2} |\n",
                step.seconds,
                step.cpu_seconds,
                step.peak_mib,
                step.seconds / full.raw[0],
                self.growth(small_step.seconds, step.seconds)
            ));
        }
        for (kind, name) in ["plain insert of as many rows", "the same inside SQLite"]
            .iter()
            .enumerate()
        {
            text.push_str(&format!(
                "| {name} | {:.2} | | | {:.1} | {:.2} |\n",
                full.raw[kind],
                full.raw[kind] / full.raw[0],
                self.growth(small.raw[kind], full.raw[kind])
            ));
        }
        text.push_str(&format!(
            "\nThe ledger takes {} on disk, plan and observations together; the plain table {}.\n",
            in_mib(full.ledger_bytes),
            in_mib(full.raw_bytes)
        ));
        text
    }

    /// How the time grew with the size: 1 is linear, 2 is twice as long for each row of the larger one.
    fn growth(&self, small: f64, full: f64) -> f64 {
        (full / small) / (self.full.units as f64 / self.small.units as f64)
    }
}

fn in_mib(bytes: u64) -> String {
    let bytes_per_mib = 1024.0 * 1024.0;
    format!("{:.1} MiB", bytes as f64 / bytes_per_mib)
}

/// Writes a text into a file, from the mark of the task that writes it to the end of what it wrote before.
pub fn write_between_marks(file: &Path, task: &str, text: &str) -> Result<(), String> {
    let cannot = |error| format!("{} cannot be used: {error}", file.display());
    let old = fs::read_to_string(file).map_err(cannot)?;
    let begin = mark(task);
    let new = replaced(&old, &begin, text)
        .ok_or_else(|| format!("{} lacks the marks {begin} and {END}", file.display()))?;
    fs::write(file, new).map_err(cannot)
}

fn mark(task: &str) -> String {
    format!("<!-- written by `cargo xtask {task}` -->")
}

fn replaced(old: &str, begin: &str, text: &str) -> Option<String> {
    let (before, rest) = old.split_once(begin)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!(
        "{before}{begin}\n{}\n{END}{after}",
        text.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_of_a_task_is_replaced() {
        let (first, second) = (mark("bench --write"), mark("bench --pages --write"));
        let old = format!("above\n{first}\none\n{END}\n{second}\ntwo\n{END}\nbelow\n");
        let new = format!("above\n{first}\none\n{END}\n{second}\nnew\n{END}\nbelow\n");
        assert_eq!(replaced(&old, &second, "new\n"), Some(new));
        assert_eq!(replaced("no marks", &second, "new"), None);
    }
}
