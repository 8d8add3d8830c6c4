//! The real program on a folder that is empty, with a clock that stands still.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// When all of it happens: the month after the last one of the workbook is over, and its figures are due.
const NOW: &str = "2026-12-03T09:00:00Z";

/// A server that ends with this value.
pub struct Site {
    /// Scheme, name and port.
    pub origin: String,
    /// The link that opens it, once.
    pub link: String,
    /// The session that tabs share; here each has its own.
    pub session: OnceLock<String>,
    folder: PathBuf,
    server: Child,
}

impl Site {
    /// Starts the program as somebody does who has just got it.
    pub fn start() -> Site {
        let name = format!("throughline-first-afternoon-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        drop(std::fs::remove_dir_all(&folder));
        let mut server = Command::new(env!("CARGO_BIN_EXE_throughline"))
            .args(["serve", "--listen", "127.0.0.1:0", "--clock", NOW, "--data"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let said = server.stdout.take().expect("it was asked for");
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let link = lines.find_map(|line| {
            let start = line.find("http://")?;
            line.get(start..).map(|link| link.trim().to_owned())
        });
        let link = link.expect("the program prints a link");
        let origin = link.split("/enter/").next().unwrap_or_default().to_owned();
        Site {
            origin,
            link,
            session: OnceLock::new(),
            folder,
            server,
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
