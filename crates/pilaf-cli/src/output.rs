//! Where results go.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use pilaf::Error;

use crate::Status;
use crate::failure::Failure;
use crate::terminal::print_error;

/// Where one result goes.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    Stdout,
    File(PathBuf),
}

impl Output {
    /// Writes an encoded image, whole or not at all. `make_folders` makes those on the way to it.
    pub(crate) fn write(&self, bytes: &[u8], make_folders: bool) -> Result<(), Failure> {
        match self {
            Self::Stdout => write_stdout(bytes),
            Self::File(path) => write_file(path, bytes, make_folders)
                .map_err(|error| Failure::new(path.display(), error)),
        }
    }
}

/// How a command ends that printed its results as they came.
pub(crate) fn printed(result: io::Result<Status>) -> Status {
    match result {
        Ok(status) => status,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Status::Success,
        Err(error) => {
            print_error(&Failure::new("<stdout>", error.into()));
            Status::Failed
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

/// The same for all names of one file: links resolved in as much of the path as there is.
pub(crate) fn identity(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.ancestors()
        .find_map(|ancestor| {
            let real = fs::canonicalize(ancestor).ok()?;
            Some(real.join(path.strip_prefix(ancestor).ok()?))
        })
        .unwrap_or(path.clone())
}
