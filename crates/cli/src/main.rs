//! The command line of Throughline: reads what is asked for, wires clock, randomness and ledger, calls one use case,
//! and prints its answer. Results are on standard output, everything else on standard error.

mod arguments;
mod command;
mod terminal;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use throughline_app::json;
use throughline_app::words::names;

use crate::arguments::Arguments;
use crate::command::{Outcome, refuse};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let status = u8::try_from(error.exit_code()).unwrap_or(Outcome::WRONG_USAGE);
            // Help goes to standard output, errors to standard error; a reader that went away is no error.
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    let mut runtime = if arguments.command.is_server() {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = match runtime.enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal::say(&format!("error: the program could not start: {error}"));
            return ExitCode::from(Outcome::FAILED);
        }
    };
    let status = runtime.block_on(async {
        match command::run(&arguments).await {
            Ok(outcome) => outcome.status(),
            Err(error) => refuse(&error, &arguments),
        }
    });
    ExitCode::from(status)
}
