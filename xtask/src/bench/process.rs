//! One run of a program: how long it took, how much of that was work, and how much memory it had at most.
//!
//! Work and memory are read from Linux's `/proc` while the program runs, so that no library is needed; elsewhere they are
//! not told.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often memory and work are read.
const INTERVAL: Duration = Duration::from_millis(5);

/// Linux counts the work of a process in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

const KIB_PER_MIB: f64 = 1024.0;

/// A status above this one means that the program failed; 1 means that it found something.
const FINDINGS: i32 = 1;

/// What one run took.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// From start to end.
    pub seconds: f64,
    /// Of all cores together.
    pub cpu_seconds: f64,
    pub peak_mib: f64,
    /// What it printed.
    pub out: String,
}

/// Runs a program in a folder.
pub fn measure(program: &Path, arguments: &[&str], folder: &Path) -> Result<Sample, String> {
    let words = format!("{} {}", program.display(), arguments.join(" "));
    let failed = |error| format!("`{words}` cannot be run: {error}");
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = Instant::now();
    let child = command.spawn().map_err(failed)?;
    let process = child.id();
    let ended = AtomicBool::new(false);
    let (output, seconds, (cpu_seconds, peak_mib)) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| watch(process, &ended));
        let output = child.wait_with_output();
        let seconds = start.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (output, seconds, watch.join().unwrap_or_default())
    });
    let output = output.map_err(failed)?;
    if !(0..=FINDINGS).contains(&output.status.code().unwrap_or(i32::MAX)) {
        return Err(format!("`{words}` failed"));
    }
    Ok(Sample {
        seconds,
        cpu_seconds,
        peak_mib,
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
    })
}

/// The work and the most memory of a process until it ends, as far as they were seen.
fn watch(process: u32, ended: &AtomicBool) -> (f64, f64) {
    let (mut cpu_seconds, mut peak_mib) = (0.0, 0.0);
    while !ended.load(Ordering::Relaxed) {
        let read = |file: &str| fs::read_to_string(format!("/proc/{process}/{file}"));
        if let Some(seen) = read("stat").ok().and_then(|text| cpu_seconds_of(&text)) {
            cpu_seconds = seen;
        }
        if let Some(seen) = read("status").ok().and_then(|text| peak_mib_of(&text)) {
            peak_mib = seen;
        }
        std::thread::sleep(INTERVAL);
    }
    (cpu_seconds, peak_mib)
}

/// The work of a process, from the text of its `stat`: the 14th and 15th field, of which the second is in brackets.
fn cpu_seconds_of(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS_PER_SECOND)
}

/// The most memory that a process had, from the text of its `status`.
fn peak_mib_of(status: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / KIB_PER_MIB)
}

/// The middle of some runs, each figure by itself.
pub fn median(samples: Vec<Sample>) -> Sample {
    let middle = |figure: fn(&Sample) -> f64| {
        let mut figures: Vec<f64> = samples.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    };
    Sample {
        seconds: middle(|sample| sample.seconds),
        cpu_seconds: middle(|sample| sample.cpu_seconds),
        peak_mib: middle(|sample| sample.peak_mib),
        out: String::new(),
    }
}

/// What the machine is, in a few words.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let of = |file: &str, name: &str| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = of("/proc/cpuinfo", "model name").unwrap_or_else(|| "processor".to_owned());
    let memory = of("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    format!("{cores} cores of {processor}, memory {memory}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_in_the_text_of_the_system() {
        let stat = "17 (a b) c) R 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0";
        assert_eq!(cpu_seconds_of(stat), Some(3.0));
        assert_eq!(cpu_seconds_of("17 (a) R 1"), None);
        assert_eq!(peak_mib_of("Name: a\nVmHWM:\t    2048 kB\n"), Some(2.0));
        assert_eq!(peak_mib_of("Name: a\n"), None);
    }

    #[test]
    fn the_middle_of_each_figure_counts() {
        let sample = |seconds, peak_mib| Sample {
            seconds,
            peak_mib,
            ..Sample::default()
        };
        let middle = median(vec![sample(3.0, 1.0), sample(1.0, 2.0), sample(2.0, 9.0)]);
        assert_eq!((middle.seconds, middle.peak_mib), (2.0, 2.0));
    }
}
