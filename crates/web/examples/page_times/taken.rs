//! What the answers of an address took, as a line of the table.

use std::fs;
use std::io::{Error, Result};
use std::time::Duration;

use crate::site::Answer;

/// Linux counts the work of a process in hundredths of a second.
const MILLISECONDS_PER_TICK: f64 = 10.0;

/// A line of the table: what the answers of an address took.
pub struct Taken {
    name: String,
    first: Duration,
    times: Vec<Duration>,
    /// Of all cores together, in milliseconds.
    work: f64,
    sent: usize,
    read: usize,
    elements: Option<usize>,
}

impl Taken {
    /// A line that begins with a first answer.
    pub fn of(name: &str, first: Duration, answer: &Answer) -> Taken {
        Taken {
            name: name.to_owned(),
            first,
            times: Vec::new(),
            work: 0.0,
            sent: answer.body.len(),
            read: 0,
            elements: None,
        }
    }

    /// Asks once more.
    pub async fn add(
        &mut self,
        timed: impl Future<Output = Result<(Duration, Answer)>>,
    ) -> Result<()> {
        let before = work()?;
        let (time, _) = timed.await?;
        self.work += work()? - before;
        self.times.push(time);
        Ok(())
    }

    /// The same answer, not compressed.
    pub fn plain(&mut self, answer: &Answer) {
        self.read = answer.body.len();
        self.elements = answer.elements();
    }

    /// The line.
    pub fn line(mut self) -> String {
        self.times.sort();
        let requests = self.times.len() as f64;
        let at = |share: f64| {
            let time = self.times.get((share * requests) as usize);
            milliseconds(time.copied().unwrap_or_default())
        };
        let kib = |bytes: usize| bytes as f64 / 1024.0;
        let elements = self.elements.map(|count| count.to_string());
        format!(
            "| {} | {:.1} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} | {} |\n",
            self.name,
            milliseconds(self.first),
            at(0.5),
            at(0.95),
            self.work / requests,
            kib(self.sent),
            kib(self.read),
            elements.unwrap_or_default()
        )
    }
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
