//! The command line as data: commands, their arguments and what `--help` says of them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use jiff::Timestamp;
use throughline_app::AppError;
use throughline_ledger::{DatabaseUrl, Location};
use throughline_model::records::PersonRole;
use throughline_web::PublicUrl;

mod examples;
mod reading;

pub use reading::{
    AgainstWhat, Drivers, Evidence, Explain, Forecast, History, OfMeasure, Scorecard, Where,
};

/// Strategy as text, numbers that can be explained.
///
/// Throughline runs the thread from what people do each day, through the outcomes that this produces, to the goals that
/// an organisation set itself. A plan is a folder of YAML files; what is observed comes as CSV; every change is a
/// commit in a ledger, and every number can be explained down to its observations.
#[derive(Debug, Parser)]
#[command(
    name = "throughline",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = examples::THROUGHLINE,
    max_term_width = 100
)]
pub struct Arguments {
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Every command")]
pub struct Common {
    /// The folder of the ledger, which the first `apply` makes [default: throughline-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The PostgreSQL database of the ledger, in place of a folder
    #[arg(long, global = true, value_name = "URL", conflicts_with = "data")]
    pub database: Option<String>,
    /// Why; recorded with what is changed
    #[arg(long, global = true, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The key of the person who acts; without it, the local administrator
    #[arg(long = "as", global = true, value_name = "PERSON")]
    pub acting_as: Option<String>,
    /// How results are printed
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
    /// The time that it is, in place of the machine's clock, for runs that can be repeated
    #[arg(long, global = true, value_name = "TIMESTAMP", value_parser = timestamp)]
    pub clock: Option<Timestamp>,
}

/// A timestamp; a date alone is none, since nothing says yet in which time zone it is meant.
fn timestamp(text: &str) -> Result<Timestamp, String> {
    let parsed = text.parse();
    parsed.map_err(|_| "write a timestamp such as 2013-07-08T12:00:00Z".to_owned())
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs; the shapes are in docs/COMMAND_LINE.md
    Json,
    /// For spreadsheets; of the scorecard alone
    Csv,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find errors and weaknesses in a plan
    #[command(after_help = examples::CHECK)]
    Check(Check),
    /// Show what applying a plan would change
    #[command(after_help = examples::DIFF)]
    Diff(Diff),
    /// Make a plan the one that holds
    #[command(after_help = examples::APPLY)]
    Apply(Apply),
    /// Write the plan that holds into a folder
    #[command(after_help = examples::EXPORT)]
    Export(Export),
    /// Bring in a KPI workbook: plan and observations
    #[command(after_help = examples::IMPORT)]
    Import(Import),
    /// Record observations
    #[command(after_help = examples::LOAD)]
    Load(Load),
    /// Read how a unit stands in a period
    #[command(after_help = examples::SCORECARD)]
    Scorecard(Scorecard),
    /// Show where a number came from
    #[command(after_help = examples::EXPLAIN)]
    Explain(Explain),
    /// Tell real changes from routine variation
    #[command(after_help = examples::SIGNALS)]
    Signals(OfMeasure),
    /// Show where measures go, and whether they reach their targets
    #[command(after_help = examples::FORECAST)]
    Forecast(Forecast),
    /// Say which links of the map hold, by the data of all units
    #[command(after_help = examples::EVIDENCE)]
    Evidence(Evidence),
    /// Say what made a value differ from its target, the period before or the year before
    #[command(after_help = examples::DRIVERS)]
    Drivers(Drivers),
    /// Show who changed what, when and why
    #[command(after_help = examples::HISTORY)]
    History(History),
    /// Write the pack of a review as a PDF
    #[command(after_help = examples::PACK)]
    Pack(Pack),
    /// Erase what identifies a person
    #[command(after_help = examples::ERASE)]
    Erase(Erase),
    /// Give a person a role, and make the link with which they choose a password
    #[command(after_help = examples::INVITE)]
    Invite(Invite),
    /// Check that nothing in the ledger was altered
    #[command(after_help = examples::VERIFY)]
    Verify(Verify),
    /// Copy the whole ledger into one file, while others write
    #[command(after_help = examples::BACKUP)]
    Backup(Backup),
    /// Put a backup in the place of the ledger, once it is verified
    #[command(after_help = examples::RESTORE)]
    Restore(Restore),
    /// Note where the ledger ends, signed, to be kept elsewhere
    #[command(after_help = examples::CHECKPOINT)]
    Checkpoint(Checkpoint),
    /// Try it on bundled real data
    #[command(after_help = examples::DEMO)]
    Demo(Demo),
    /// Show the plan and its numbers in a browser
    #[command(after_help = examples::SERVE)]
    Serve(Serve),
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The folder of the plan
    #[arg(required_unless_present = "explain")]
    pub plan_dir: Option<PathBuf>,
    /// Exit with status 1 for warnings, too
    #[arg(long)]
    pub strict: bool,
    /// Say what a code means, why it matters and how it is silenced
    #[arg(long, value_name = "CODE", conflicts_with = "plan_dir")]
    pub explain: Option<String>,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The folder of the plan
    pub plan_dir: PathBuf,
    /// Count records as retired that are missing from a section that is there
    #[arg(long)]
    pub retire: bool,
    /// Where the folder and the ledger changed the same field, let the folder win
    #[arg(long)]
    pub folder_wins: bool,
}

/// Arguments of `apply`.
#[derive(Debug, Args)]
pub struct Apply {
    /// The folder of the plan
    pub plan_dir: PathBuf,
    /// Retire records that are missing from a section that is there
    #[arg(long)]
    pub retire: bool,
    /// Where the folder and the ledger changed the same field, let the folder win
    #[arg(long)]
    pub folder_wins: bool,
    /// When the plan became known, for history that is brought in: a date or a timestamp
    #[arg(long, value_name = "WHEN")]
    pub recorded_at: Option<String>,
    #[command(flatten)]
    pub retry: Retry,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The folder to write to; made if there is none
    pub plan_dir: PathBuf,
    /// Replace the plan files that are in the folder
    #[arg(long)]
    pub replace: bool,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The workbook: .xlsx, .ods or .csv; several files are understood together
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How it is understood: what `--write-mapping` wrote, corrected or not
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Write how it was understood, to be corrected, and kept for the next file
    #[arg(long, value_name = "FILE")]
    pub write_mapping: Option<PathBuf>,
    /// The year of periods that name none, such as a row of months alone
    #[arg(long, value_name = "YEAR", value_parser = value_parser!(i16).range(1900..=2200))]
    pub year: Option<i16>,
    /// Write plan files and observations.csv into a folder, and record nothing
    #[arg(long, value_name = "PLAN_DIR", conflicts_with = "yes")]
    pub into: Option<PathBuf>,
    /// Record it; without this it is only shown
    #[arg(long)]
    pub yes: bool,
    /// Let its figures take the place of others that are recorded; without this those stay
    #[arg(long)]
    pub replace: bool,
    /// Let the owners of measures see new figures first, as they do those that are typed
    #[arg(long)]
    pub owners_first: bool,
    /// Show every cell that is left out
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub retry: Retry,
}

/// Arguments of `load`.
#[derive(Debug, Args)]
pub struct Load {
    /// The file of observations; `-` is standard input
    #[arg(allow_hyphen_values = true)]
    pub file: PathBuf,
    /// Record the good rows although others are rejected
    #[arg(long)]
    pub keep_good: bool,
    #[command(flatten)]
    pub retry: Retry,
}

/// Arguments of `erase`.
#[derive(Debug, Args)]
pub struct Erase {
    /// The key of the person
    pub person: String,
    #[command(flatten)]
    pub retry: Retry,
}

/// Arguments of `invite`.
#[derive(Debug, Args)]
pub struct Invite {
    /// The key of the person
    pub person: String,
    /// What they may do from now on; left out, they keep their role
    #[arg(long, value_parser = role)]
    pub role: Option<PersonRole>,
    /// The unit where the role holds, with all below it [default: the whole organisation]
    #[arg(long, value_name = "UNIT", requires = "role")]
    pub at: Option<String>,
    /// Where the server is reached, such as https://throughline.example.org
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,
}

/// The role of that word.
fn role(text: &str) -> Result<PersonRole, String> {
    let found = PersonRole::ALL.iter().find(|role| role.word() == text);
    let words: Vec<&str> = PersonRole::ALL.iter().map(|role| role.word()).collect();
    found
        .copied()
        .ok_or_else(|| format!("write one of {}", words.join(", ")))
}

/// A write that may be tried again.
#[derive(Debug, Args)]
pub struct Retry {
    /// Makes a repetition of the same request within 24 hours change nothing and get the first answer
    #[arg(long, value_name = "TEXT")]
    pub idempotency_key: Option<String>,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// A checkpoint that the ledger must contain
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// The public key of whoever must have signed the checkpoint
    #[arg(long, value_name = "FILE", requires = "against")]
    pub public_key: Option<PathBuf>,
}

/// Arguments of `pack`.
#[derive(Debug, Args)]
pub struct Pack {
    /// The key of the review
    pub review: String,
    /// A file that is not there yet
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// A folder, or a file that is not there yet
    #[arg(value_name = "DIR_OR_FILE", required_unless_present = "keys")]
    pub to: Option<PathBuf>,
    /// Write the data keys of persons, to a folder or a file of their own
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
}

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup
    #[arg(required_unless_present = "keys")]
    pub file: Option<PathBuf>,
    /// The data keys; alone, they are added to the ledger that is there
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Put it in the place of a ledger that is there, which is kept aside
    #[arg(long, requires = "file")]
    pub replace: bool,
}

/// Arguments of `checkpoint`.
#[derive(Debug, Args)]
pub struct Checkpoint {
    /// The file to write to; printed where left out
    pub file: Option<PathBuf>,
    /// The key that signs it
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Make a key for signing, and beside it FILE.pub with the public key
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "key"])]
    pub new_key: Option<PathBuf>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Which example
    #[arg(long, value_name = "NAME", default_value = "ny-flights")]
    pub example: ExampleName,
    /// Print the scorecard here, and end, in place of opening it in a browser
    #[arg(long)]
    pub print: bool,
    #[command(flatten)]
    pub listen: Listen,
    #[command(flatten)]
    pub place: Where,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub listen: Listen,
    /// The address by which others reach it, where it stands behind a proxy that does TLS
    #[arg(long, value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// The mail server, such as smtps://USER@HOST:465; without one no mail is sent
    #[arg(long, value_name = "URL", requires = "mail_from")]
    pub mail_server: Option<String>,
    /// The address that mails come from
    #[arg(long, value_name = "ADDRESS", requires = "mail_server")]
    pub mail_from: Option<String>,
    /// A file with the password for the mail server, in place of THROUGHLINE_MAIL_PASSWORD
    #[arg(long, value_name = "FILE", requires = "mail_server")]
    pub mail_password_file: Option<PathBuf>,
}

/// Where a server listens.
#[derive(Debug, Clone, Args)]
pub struct Listen {
    /// The address, on this machine; a port of 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
}

/// The bundled examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExampleName {
    /// All flights from New York in 2013
    NyFlights,
    /// England's accident and emergency departments, 2016 to 2019
    NhsAe,
}

/// The folder of the ledger where none is named.
pub const DATA_FOLDER: &str = "throughline-data";

impl Common {
    /// Where the ledger stands.
    ///
    /// # Errors
    /// If the address of the database is none.
    pub fn location(&self) -> Result<Location, AppError> {
        match (&self.database, &self.data) {
            (Some(url), _) => Ok(DatabaseUrl::parse(url)?.into()),
            (None, Some(folder)) => Ok(folder.into()),
            (None, None) => Ok(Path::new(DATA_FOLDER).into()),
        }
    }
}

impl Command {
    /// Whether it answers requests until it is told to stop.
    pub fn is_server(&self) -> bool {
        match self {
            Command::Serve(_) => true,
            Command::Demo(asked) => !asked.print,
            _ => false,
        }
    }

    /// What makes a repetition of the command the same request.
    pub fn idempotency_key(&self) -> Option<String> {
        let retry = match self {
            Command::Apply(asked) => &asked.retry,
            Command::Import(asked) => &asked.retry,
            Command::Load(asked) => &asked.retry,
            Command::Erase(asked) => &asked.retry,
            _ => return None,
        };
        retry.idempotency_key.clone()
    }

    /// Whether the command needs the ledger closed: it puts another one in its place, or touches none.
    pub fn leaves_ledger_closed(&self) -> bool {
        match self {
            Command::Restore(asked) => asked.file.is_some(),
            Command::Checkpoint(asked) => asked.new_key.is_some(),
            _ => false,
        }
    }

    /// The plan folder that the command is about.
    pub fn plan_folder(&self) -> Option<String> {
        let folder = match self {
            Command::Check(asked) => asked.plan_dir.as_ref(),
            Command::Diff(asked) => Some(&asked.plan_dir),
            Command::Apply(asked) => Some(&asked.plan_dir),
            _ => None,
        };
        folder.map(|folder| folder.to_string_lossy().into_owned())
    }
}
