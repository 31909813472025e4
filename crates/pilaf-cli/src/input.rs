//! The images that were named: files, patterns, standard input.

use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use pilaf::io::Source;
use pilaf::{Error, ErrorKind, Limits};

use crate::failure::{Failure, Usage};

/// Where one image comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl Input {
    /// The image's bytes, which are read when they are needed.
    pub(crate) fn source(&self) -> Result<Source<'static>, Failure> {
        let source = match self {
            Self::Stdin => Ok(Source::stream(io::stdin())),
            Self::File(path) => check_is_file(path).and_then(|is_file| match is_file {
                // A pipe such as `<(curl ...)` cannot seek.
                false => Ok(Source::stream(File::open(path)?)),
                true => Source::path(path),
            }),
        };
        source.map_err(|error| Failure::new(self, error))
    }

    /// Opens the image file: regular files are read as far as needed, everything else to the end.
    pub(crate) fn open(&self, limits: &Limits) -> Result<Opened, Failure> {
        let opened = match self {
            Self::Stdin => read_all(io::stdin().lock(), limits),
            Self::File(path) => open_file(path, limits),
        };
        opened.map_err(|error| Failure::new(self, error))
    }

    /// All of its bytes.
    pub(crate) fn read(&self, limits: &Limits) -> Result<Vec<u8>, Failure> {
        let read = match self {
            Self::Stdin => read_bytes(io::stdin().lock(), limits),
            Self::File(path) => {
                File::open(path).map_err(Error::from).and_then(|file| read_bytes(file, limits))
            }
        };
        read.map_err(|error| Failure::new(self, error))
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("<stdin>"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// The encoded bytes of an input, and how many there are.
pub(crate) struct Opened {
    pub(crate) source: Source<'static>,
    pub(crate) bytes: u64,
}

fn open_file(path: &Path, limits: &Limits) -> pilaf::Result<Opened> {
    if !check_is_file(path)? {
        return read_all(File::open(path)?, limits);
    }
    let bytes = std::fs::metadata(path).map_or(0, |meta| meta.len());
    Ok(Opened { source: Source::path(path)?, bytes })
}

/// Whether `path` is a regular file, or nothing that could be asked: opening it will say why.
fn check_is_file(path: &Path) -> pilaf::Result<bool> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Err(Error::new(ErrorKind::Io, "is a directory")
            .with_help("name its files, such as 'photos/*.jpg'")),
        meta => Ok(meta.map_or(true, |meta| meta.is_file())),
    }
}

fn read_all(reader: impl Read, limits: &Limits) -> pilaf::Result<Opened> {
    let bytes = read_bytes(reader, limits)?;
    Ok(Opened { bytes: bytes.len() as u64, source: bytes.into() })
}

fn read_bytes(reader: impl Read, limits: &Limits) -> pilaf::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limits.max_input_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    limits.check_input(bytes.len() as u64)?;
    Ok(bytes)
}

/// What the arguments stand for: patterns expanded, `-` taken for standard input. A pattern
/// without a match is a failure like a file that is missing.
pub(crate) fn expand(args: &[PathBuf]) -> Result<(Vec<Input>, Vec<Failure>), Usage> {
    let (mut inputs, mut failures) = (Vec::new(), Vec::new());
    for arg in args {
        match pattern(arg) {
            _ if arg.as_os_str() == "-" => inputs.push(Input::Stdin),
            None => inputs.push(Input::File(arg.clone())),
            Some(pattern) => match matches(pattern)? {
                paths if paths.is_empty() => failures.push(no_match(arg)),
                paths => inputs.extend(paths.into_iter().map(Input::File)),
            },
        }
    }
    check_stdin(&inputs)?;
    Ok((inputs, failures))
}

/// The argument as a pattern, unless it is the name of a file.
fn pattern(arg: &Path) -> Option<&str> {
    arg.to_str().filter(|text| text.contains(['*', '?', '[']) && !arg.exists())
}

/// The files that match, in alphabetical order. As in a shell, `*` leaves hidden files out.
fn matches(pattern: &str) -> Result<Vec<PathBuf>, Usage> {
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
    let paths = glob::glob_with(pattern, options).map_err(|error| {
        let message = format!("{pattern}: {} at character {}", error.msg, error.pos + 1);
        Usage::new(message, "a pattern is made of *, ?, [abc] and **/")
    })?;
    // Folders that cannot be read have no files for us.
    Ok(paths.filter_map(Result::ok).filter(|path| !path.is_dir()).collect())
}

fn no_match(pattern: &Path) -> Failure {
    let error = Error::new(ErrorKind::Io, "no file matches this pattern");
    Failure::new(pattern.display(), error)
}

fn check_stdin(inputs: &[Input]) -> Result<(), Usage> {
    match inputs.iter().filter(|&input| *input == Input::Stdin).count() {
        0 => Ok(()),
        1 if io::stdin().is_terminal() => Err(Usage::new(
            "standard input is a terminal, not an image",
            "pipe an image into it, as in: pilaf info - < photo.jpg",
        )),
        1 => Ok(()),
        _ => Err(Usage::new("standard input can be read once", "give - one time only")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_patterns_are_usage_errors() {
        let usage = expand(&["no-such-folder/[a".into()]).unwrap_err().to_string();
        assert!(usage.starts_with("no-such-folder/[a: "), "{usage}");
    }

    #[test]
    fn a_pattern_without_a_match_is_a_failure() {
        let (inputs, failures) = expand(&["no-such-folder/*.jpg".into(), "a.jpg".into()]).unwrap();
        assert_eq!(inputs, [Input::File("a.jpg".into())]);
        assert_eq!(failures[0].to_string(), "no-such-folder/*.jpg: no file matches this pattern");
    }
}
