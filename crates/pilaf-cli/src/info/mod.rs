//! `pilaf info`: what the headers of images tell.

mod args;
mod report;

pub(crate) use args::InfoArgs;

use std::io::{self, Write};

use pilaf::{Limits, OpenOptions};

use crate::Status;
use crate::failure::{Failure, Usage};
use crate::input::{self, Input};
use crate::output::printed;
use crate::terminal::print_error;
use report::Report;

/// Prints a block or a JSON line for each input. Only headers are read.
pub(crate) fn run(args: InfoArgs) -> Result<Status, Usage> {
    let (inputs, failures) = input::expand(&args.inputs)?;
    let limits = args.limits.resolve();
    let results = failures.into_iter().map(Err);
    let results = results.chain(inputs.iter().map(|input| inspect(input, &limits)));
    Ok(printed(print_all(results, args.json)))
}

/// Prints as it goes, so that a reader sees the first before the last is opened.
fn print_all(
    results: impl Iterator<Item = Result<Report, Failure>>,
    json: bool,
) -> io::Result<Status> {
    let mut status = Status::Success;
    let mut separator = "";
    for result in results {
        if let Err(failure) = &result {
            print_error(failure);
            status = Status::Failed;
        }
        if json {
            print(&report::json(&result))?;
        } else if let Ok(report) = &result {
            print(&format!("{separator}{}", report.text()))?;
            separator = "\n";
        }
    }
    Ok(status)
}

fn inspect(input: &Input, limits: &Limits) -> Result<Report, Failure> {
    let opened = input.open(limits)?;
    let options = OpenOptions::new().limits(limits.clone());
    let file = options.open(opened.source).map_err(|error| Failure::new(input, error))?;
    Ok(Report::new(input, file.info(), opened.bytes))
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
