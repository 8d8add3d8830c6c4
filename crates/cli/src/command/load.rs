//! `load`: records observations.

use std::path::Path;

use throughline_app::{AppError, LoadOptions, LoadedObservations, files, load_observations};

use super::{Outcome, Session, remarks_in_words};
use crate::arguments::Load;
use crate::json::plan::Loaded;
use crate::terminal::words;

/// Records the observations of a file.
///
/// # Errors
/// If rows are wrong and the good ones are not to be kept, or the ledger cannot be written.
pub async fn run(session: &Session<'_>, asked: &Load) -> Result<Outcome, AppError> {
    let bytes = files::read_observations(&asked.file)?;
    let name = if asked.file == Path::new("-") {
        "standard input".into()
    } else {
        asked.file.to_string_lossy()
    };
    let options = LoadOptions {
        keep_good: asked.keep_good,
    };
    let loaded = load_observations(&session.ctx, &name, &bytes, options).await?;
    session.recorded(loaded.commits.last(), tell(session, &loaded))
}

fn tell(session: &Session<'_>, loaded: &LoadedObservations) -> Result<Outcome, AppError> {
    let outcome = Outcome::findings_if(loaded.rejected > 0);
    if session.is_json() {
        session.print_json(&Loaded::of(loaded, session.common.acting_as.as_deref()))?;
        return Ok(outcome);
    }
    let remarks = remarks_in_words(&loaded.remarks, "");
    if !remarks.is_empty() {
        session.say(remarks.trim_end());
    }
    session.print(&in_words(loaded))?;
    Ok(outcome)
}

fn in_words(loaded: &LoadedObservations) -> String {
    let mut parts = vec![format!("{} written", words::grouped(loaded.written))];
    if loaded.corrections > 0 {
        let corrections = words::count(loaded.corrections, "correction");
        parts.push(format!("of them {corrections}"));
    }
    if loaded.unchanged > 0 {
        parts.push(format!("{} unchanged", words::grouped(loaded.unchanged)));
    }
    if loaded.rejected > 0 {
        parts.push(format!("{} rejected", words::grouped(loaded.rejected)));
    }
    let commits = match loaded.commits.as_slice() {
        [] => "no commit".to_owned(),
        [only] => format!("commit {}", only.number),
        [first, .., last] => format!("commits {} to {}", first.number, last.number),
    };
    format!(
        "Read {}: {} ({commits})\n",
        words::count(loaded.read, "row"),
        parts.join(", ")
    )
}
