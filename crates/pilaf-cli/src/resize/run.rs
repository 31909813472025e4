//! Doing it: read, resize, write, on as many threads as wanted.

use std::io::{self, Write};

use super::plan::{Job, Plan};
use crate::Status;
use crate::failure::Failure;
use crate::terminal::{Progress, print_error};

/// Makes every image of the plan. One that fails does not stop the others.
pub(crate) fn run(plan: &Plan) -> Status {
    plan.failures.iter().for_each(print_error);
    let mut progress = Progress::new(plan.jobs.len(), !plan.quiet);
    let work = |job: &Job| resize(job, plan);
    pilaf::ops::for_each(&plan.jobs, plan.threads, work, |_, result| {
        progress.advance(result.as_ref().err());
    });
    progress.finish();
    let failed = progress.failed() + plan.failures.len();
    if !plan.quiet && plan.jobs.len() + plan.failures.len() > 1 {
        summarize(plan.jobs.len() - progress.failed(), failed);
    }
    if failed == 0 { Status::Success } else { Status::Failed }
}

fn resize(job: &Job, plan: &Plan) -> Result<(), Failure> {
    let source = job.input.source()?;
    let recipe = match job.format {
        Some(format) => plan.recipe.clone().format(format),
        None => plan.recipe.clone(),
    };
    let encoded =
        pilaf::thumbnail(source, &recipe).map_err(|error| Failure::new(&job.input, error))?;
    job.output.write(&encoded, plan.make_folders)
}

fn summarize(written: usize, failed: usize) {
    let images = if written == 1 { "image" } else { "images" };
    let failed = match failed {
        0 => String::new(),
        n => format!(", {n} failed"),
    };
    // As with all messages: when nobody listens, nothing is left to do.
    let _ = writeln!(io::stderr(), "pilaf: {written} {images} written{failed}");
}
