//! `pilaf repair`: taking an image out of what it was wrapped in.

mod args;

pub(crate) use args::RepairArgs;

use std::io::{self, Write};
use std::path::PathBuf;

use pilaf::repair::{Repair, Repaired, repair};

use crate::Status;
use crate::failure::{Failure, Usage};
use crate::input::{self, Input};
use crate::output::{Output, identity};
use crate::terminal::print_error;

/// Writes the image, and says on standard error what was done to get at it.
pub(crate) fn run(args: &RepairArgs) -> Result<Status, Usage> {
    let (inputs, failures) = input::expand(std::slice::from_ref(&args.input))?;
    failures.iter().for_each(print_error);
    let [input] = &inputs[..] else {
        return match inputs.len() {
            0 => Ok(Status::Failed),
            count => Err(Usage::new(
                format!("{} stands for {count} files", args.input.display()),
                "repair one at a time",
            )),
        };
    };
    let output = output(args, input)?;
    Ok(match mend(args, input, &output) {
        Ok(()) => Status::Success,
        Err(failure) => {
            print_error(&failure);
            Status::Failed
        }
    })
}

/// Where the image goes: not in the place of what it is taken from, unless that is wanted.
fn output(args: &RepairArgs, input: &Input) -> Result<Output, Usage> {
    if args.output == "-" {
        return Ok(Output::Stdout);
    }
    let path = PathBuf::from(&args.output);
    match input {
        Input::File(from) if identity(from) == identity(&path) && !args.force => {
            let message = format!("{} is the input and would be overwritten", path.display());
            Err(Usage::new(message, "choose another OUT, or add --force"))
        }
        _ => Ok(Output::File(path)),
    }
}

fn mend(args: &RepairArgs, input: &Input, output: &Output) -> Result<(), Failure> {
    let limits = args.limits.resolve();
    let data = input.read(&limits)?;
    let allowed = args.allow.as_deref().unwrap_or(Repair::ALL);
    let repaired = repair(&data, allowed, &limits).map_err(|error| Failure::new(input, error))?;
    output.write(&repaired.data, false)?;
    if !args.quiet {
        tell(input, &repaired);
    }
    Ok(())
}

fn tell(input: &Input, repaired: &Repaired) {
    // As with all messages: when nobody listens, nothing is left to do.
    for step in &repaired.steps {
        let _ = writeln!(io::stderr(), "pilaf: {input}: {step}");
    }
    if repaired.steps.is_empty() {
        let _ = writeln!(io::stderr(), "pilaf: {input}: nothing to repair, copied as it is");
    }
}
