//! What is to be done: files found, outputs named, everything checked, nothing written.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf, is_separator};

use pilaf::{Filter, Format, Profile, Thumbnail};

use super::args::{ResizeArgs, SizeArgs};
use super::collisions;
use super::template::{Context, Template};
use crate::failure::{Failure, Usage};
use crate::input::{self, Input};
use crate::output::Output;

/// Everything that [`run`](super::run()) needs to know.
pub(crate) struct Plan {
    /// All but the format, which depends on the job.
    pub(super) recipe: Thumbnail,
    pub(super) jobs: Vec<Job>,
    /// Arguments that stand for no image.
    pub(super) failures: Vec<Failure>,
    pub(super) threads: NonZeroUsize,
    pub(super) make_folders: bool,
    pub(super) quiet: bool,
}

/// One image to make.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) input: Input,
    pub(super) output: Output,
    /// `None` is that of the source.
    pub(super) format: Option<Format>,
}

/// Resolves the arguments, or says why they make no sense.
pub(crate) fn plan(args: ResizeArgs) -> Result<Plan, Usage> {
    let (inputs, failures) = input::expand(&args.inputs)?;
    let (jobs, make_folders) = if args.output == "-" {
        (stdout_job(inputs, args.format)?, false)
    } else {
        let template = folder_template(Template::parse(&args.output)?, &args.output);
        let make_folders = template.literal().is_none();
        (file_jobs(inputs, &template, args.format)?, make_folders)
    };
    collisions::check(&jobs, args.force)?;
    let one = NonZeroUsize::MIN;
    Ok(Plan {
        recipe: recipe(&args)?,
        jobs,
        failures,
        threads: args.jobs.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(one)),
        make_folders,
        quiet: args.quiet,
    })
}

/// A folder stands for a file in it for every input.
fn folder_template(template: Template, out: &OsStr) -> Template {
    let ends_as_folder = out.to_str().is_some_and(|out| out.ends_with(is_separator));
    if ends_as_folder || template.literal().is_some_and(|out| Path::new(out).is_dir()) {
        return template.in_folder();
    }
    template
}

fn stdout_job(inputs: Vec<Input>, format: Option<Format>) -> Result<Vec<Job>, Usage> {
    if inputs.len() > 1 {
        let message = format!("{} images cannot share one standard output", inputs.len());
        return Err(Usage::new(message, "use a template such as -o 'thumbs/{stem}.jpg'"));
    }
    if io::stdout().is_terminal() {
        let message = "standard output is a terminal, which cannot show an image";
        return Err(Usage::new(message, "send it to a file or a pipe, or use -o FILE"));
    }
    Ok(inputs.into_iter().map(|input| Job { input, output: Output::Stdout, format }).collect())
}

fn file_jobs(
    inputs: Vec<Input>,
    template: &Template,
    format: Option<Format>,
) -> Result<Vec<Job>, Usage> {
    let total = inputs.len();
    let job = |(index, input): (usize, Input)| {
        let context = Context { input: &input, format, index, total };
        let path = PathBuf::from(template.expand(context)?);
        let format = match format {
            Some(format) => Some(format),
            None => format_of(&path)?,
        };
        Ok(Job { input, output: Output::File(path), format })
    };
    inputs.into_iter().enumerate().map(job).collect()
}

/// The format that the name of an output stands for; `None` for a name without an extension.
fn format_of(path: &Path) -> Result<Option<Format>, Usage> {
    let Some(extension) = path.extension() else { return Ok(None) };
    match Format::from_path(path) {
        Some(format) => Ok(Some(format)),
        None => {
            let known: Vec<_> = Format::ALL.iter().map(|format| format.extensions()[0]).collect();
            Err(Usage::new(
                format!("{} is no image format to write", extension.display()),
                format!("name {} otherwise, or say --format {}", path.display(), known.join("|")),
            ))
        }
    }
}

fn recipe(args: &ResizeArgs) -> Result<Thumbnail, Usage> {
    let has_own_filter = matches!(args.profile, Profile::OpencvArea | Profile::OpencvLinear);
    if args.filter.is_some() && has_own_filter {
        let message = format!("profile {} has a filter of its own", args.profile);
        return Err(Usage::new(message, "leave --filter out"));
    }
    let [red, green, blue] = args.background;
    let recipe = framed(&args.size)
        .filter(args.filter.unwrap_or(Filter::Lanczos))
        .profile(args.profile)
        .linear_light(args.linear_light)
        .threads(args.threads)
        .enlarge(args.enlarge)
        .upright(!args.no_orient)
        .quality(args.quality)
        .background(red, green, blue)
        .limits(args.limits.resolve());
    Ok(recipe)
}

/// The box; the parser made sure that there is one.
fn framed(size: &SizeArgs) -> Thumbnail {
    let SizeArgs { width, height, fit, fill, cover } = *size;
    if let Some((width, height)) = fill {
        return Thumbnail::fill(width, height);
    }
    if let Some((width, height)) = cover {
        return Thumbnail::cover(width, height);
    }
    // A side that is 0 follows from the other one.
    let (width, height) = fit.unwrap_or((width.unwrap_or(0), height.unwrap_or(0)));
    Thumbnail::fit(width, height)
}
