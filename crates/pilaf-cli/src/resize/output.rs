//! Where a result goes.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use pilaf::Error;

use super::plan::Job;
use crate::failure::{Failure, Usage};
use crate::input::Input;

/// Where one result goes.
#[derive(Debug, PartialEq)]
pub(super) enum Output {
    Stdout,
    File(PathBuf),
}

impl Output {
    /// Writes an encoded image, whole or not at all. `make_folders` makes those on the way to it.
    pub(super) fn write(&self, bytes: &[u8], make_folders: bool) -> Result<(), Failure> {
        match self {
            Self::Stdout => write_stdout(bytes),
            Self::File(path) => write_file(path, bytes, make_folders)
                .map_err(|error| Failure::new(path.display(), error)),
        }
    }
}

/// A reader that has gone has seen enough: no error.
fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new("<stdout>", error.into()))
        }
        _ => Ok(()),
    }
}

fn write_file(path: &Path, bytes: &[u8], make_folders: bool) -> pilaf::Result<()> {
    let folder = path.parent().filter(|folder| *folder != "");
    if let (true, Some(folder)) = (make_folders, folder) {
        fs::create_dir_all(folder)?;
    }
    pilaf::io::replace_file(path, bytes).map_err(|error| advise(error, folder))
}

/// A missing folder is the usual reason for "No such file or directory".
fn advise(error: Error, folder: Option<&Path>) -> Error {
    match folder {
        Some(folder) if !folder.exists() => {
            error.with_help(format!("make the folder first: mkdir -p {}", folder.display()))
        }
        _ => error,
    }
}

/// Refuses outputs that would take the place of one another, or of an input.
pub(super) fn check(jobs: &[Job], overwrite_inputs: bool) -> Result<(), Usage> {
    let inputs = jobs.iter().filter_map(|job| match &job.input {
        Input::File(path) => Some((identity(path), path)),
        Input::Stdin => None,
    });
    let inputs: HashMap<_, _> = inputs.collect();
    let mut taken = HashMap::new();
    for Job { input, output, .. } in jobs {
        let Output::File(path) = output else { continue };
        let name = identity(path);
        if let Some(over) = inputs.get(&name).filter(|_| !overwrite_inputs) {
            let message = format!("{} is an input and would be overwritten", over.display());
            return Err(Usage::new(message, "choose another OUT, or add --force"));
        }
        if let Some(other) = taken.insert(name, input) {
            let message = format!("{other} and {input} would both become {}", path.display());
            let help = "tell them apart with a template such as 'thumbs/{name}' or '{index}.jpg'";
            return Err(Usage::new(message, help));
        }
    }
    Ok(())
}

/// The same for all names of one file: links resolved in as much of the path as there is.
fn identity(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.ancestors()
        .find_map(|ancestor| {
            let real = fs::canonicalize(ancestor).ok()?;
            Some(real.join(path.strip_prefix(ancestor).ok()?))
        })
        .unwrap_or(path.clone())
}
