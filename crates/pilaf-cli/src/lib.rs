//! The command `pilaf`, for the Rust binary and for the Python wheel alike.
//!
//! ```text
//! arguments -> args (parsed, pure) -> plan (resolved: globs, templates, checks) -> run (effects)
//! ```
//!
//! One folder a subcommand. A new one is a folder beside [`info`], a variant of
//! [`args::Command`] and an arm in [`run`].
//!
//! # Exit status
//!
//! | status | meaning |
//! |---|---|
//! | 0 | all went well, or the reader of our output has gone (a closed pipe) |
//! | 1 | an input failed; the others were done |
//! | 2 | the arguments make no sense; nothing was done |

#![deny(unsafe_code)]

mod args;
mod explain;
mod failure;
mod info;
mod input;
mod limits;
mod output;
mod repair;
mod resize;
mod terminal;

use std::ffi::OsString;

use clap::Parser;

use args::{Cli, Command};
use failure::Usage;

/// How the command ended; the number is the exit status of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Success = 0,
    Failed = 1,
    Usage = 2,
}

/// Runs the command with `args`, the program's name left out, and returns its exit status.
///
/// Reads standard input and writes to standard output and standard error where the arguments
/// say so. It never ends the process and installs no handlers, so that it can be called from a
/// program that has its own.
///
/// ```
/// assert_eq!(pilaf_cli::run(vec!["--version".into()]), 0);
/// assert_eq!(pilaf_cli::run(vec!["resize".into(), "--no-such-option".into()]), 2);
/// ```
pub fn run(args: Vec<OsString>) -> u8 {
    let program = std::iter::once(OsString::from("pilaf"));
    let done = match Cli::try_parse_from(program.chain(args)) {
        Ok(cli) => dispatch(cli.command),
        Err(answer) => Ok(print_answer(&answer)),
    };
    done.unwrap_or_else(|usage| {
        terminal::print_error(&usage);
        Status::Usage
    }) as u8
}

fn dispatch(command: Command) -> Result<Status, Usage> {
    match command {
        Command::Resize(args) => Ok(resize::run(&resize::plan(args)?)),
        Command::Info(args) => info::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Repair(args) => repair::run(&args),
    }
}

/// Help and version go to standard output, errors of the parser to standard error.
fn print_answer(answer: &clap::Error) -> Status {
    // Whoever closed the pipe does not want to hear of it.
    let _ = answer.print();
    if answer.use_stderr() { Status::Usage } else { Status::Success }
}
