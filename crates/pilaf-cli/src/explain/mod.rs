//! `pilaf explain`: what inputs are, and why they are no images.

mod args;

pub(crate) use args::ExplainArgs;

use std::io::{self, Write};

use pilaf::Limits;
use pilaf::explain::{Context, Diagnosis, explain};
use pilaf::repair::Repair;
use serde::Serialize;

use crate::Status;
use crate::failure::{Failure, Usage};
use crate::input::{self, Input};
use crate::output::printed;
use crate::terminal::print_error;

/// Prints a line, and one for each warning, or a JSON line for each input.
pub(crate) fn run(args: ExplainArgs) -> Result<Status, Usage> {
    let (inputs, failures) = input::expand(&args.inputs)?;
    let limits = args.limits.resolve();
    let results = failures.into_iter().map(Err);
    let results = results.chain(inputs.iter().map(|input| inspect(input, &limits)));
    Ok(printed(print_all(results, args.json)))
}

fn inspect(input: &Input, limits: &Limits) -> Result<(String, Diagnosis), Failure> {
    let name = match input {
        Input::File(path) => Some(path.to_string_lossy().into_owned()),
        Input::Stdin => None,
    };
    let context = Context { limits: limits.clone(), name, media_type: None };
    let source = input.open(limits)?.source;
    let diagnosis = explain(source, &context).map_err(|error| Failure::new(input, error))?;
    Ok((input.to_string(), diagnosis))
}

fn print_all(
    results: impl Iterator<Item = Result<(String, Diagnosis), Failure>>,
    json: bool,
) -> io::Result<Status> {
    let mut status = Status::Success;
    let mut stdout = io::stdout().lock();
    for result in results {
        match &result {
            Err(failure) => {
                print_error(failure);
                status = Status::Failed;
            }
            Ok((_, diagnosis)) if !diagnosis.is_ok() => status = Status::Failed,
            Ok(_) => {}
        }
        match result {
            Ok((path, diagnosis)) if json => print_json(&mut stdout, &path, &diagnosis)?,
            Ok((path, diagnosis)) => print_text(&mut stdout, &path, &diagnosis)?,
            Err(_) => {}
        }
        stdout.flush()?;
    }
    Ok(status)
}

fn print_text(out: &mut impl Write, path: &str, diagnosis: &Diagnosis) -> io::Result<()> {
    writeln!(out, "{path}: {}: {diagnosis}", diagnosis.code)?;
    for warning in &diagnosis.warnings {
        writeln!(out, "{path}: warning: {}: {warning}", warning.code)?;
    }
    Ok(())
}

/// The fields of the JSON object.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    code: &'a str,
    message: &'a str,
    offset: Option<u64>,
    help: Option<&'a str>,
    format: Option<&'a str>,
    width: Option<u32>,
    height: Option<u32>,
    salvage: Option<f64>,
    repair: Option<&'a str>,
    warnings: Vec<Report<'a>>,
}

impl<'a> Report<'a> {
    fn new(path: Option<&'a str>, diagnosis: &'a Diagnosis) -> Self {
        let size = diagnosis.image.and_then(|image| image.size);
        Self {
            path,
            code: diagnosis.code.as_str(),
            message: &diagnosis.message,
            offset: diagnosis.offset,
            help: diagnosis.help.as_deref(),
            format: diagnosis.image.map(|image| image.format.name()),
            width: size.map(|(width, _)| width),
            height: size.map(|(_, height)| height),
            salvage: diagnosis.salvage,
            repair: diagnosis.repair.map(Repair::as_str),
            warnings: diagnosis.warnings.iter().map(|warning| Self::new(None, warning)).collect(),
        }
    }
}

fn print_json(out: &mut impl Write, path: &str, diagnosis: &Diagnosis) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Report::new(Some(path), diagnosis))?;
    writeln!(out)
}
