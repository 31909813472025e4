//! What goes wrong, in words for the person at the keyboard.

use std::fmt;

use pilaf::{Error, ErrorKind};

/// Arguments that make no sense: nothing is done, exit status 2.
#[derive(Debug)]
pub(crate) struct Usage {
    message: String,
    help: String,
}

impl Usage {
    /// What is wrong, and what to type instead.
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

/// One input that failed; the others go on, exit status 1.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The file that the error is about: the input, or the output when writing failed.
    subject: String,
    pub(crate) error: Error,
}

impl Failure {
    pub(crate) fn new(subject: impl fmt::Display, error: Error) -> Self {
        Self { subject: subject.to_string(), error }
    }

    /// The file that the error is about.
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// What is wrong, without the subject: errors of the system name it too.
    pub(crate) fn message(&self) -> &str {
        let message = self.error.message();
        message
            .strip_prefix(&self.subject)
            .and_then(|rest| rest.strip_prefix(": "))
            .unwrap_or(message)
            // The number of an error of the system is for programs.
            .split(" (os error ")
            .next()
            .unwrap_or(message)
    }

    /// What to do about it. The engine speaks of fields of `Limits`; here they are options.
    pub(crate) fn help(&self) -> Option<String> {
        let help = self.error.help()?;
        if self.error.kind() != ErrorKind::Limit {
            return Some(help.to_owned());
        }
        let word = |word: &str| match word.strip_prefix("Limits::") {
            Some(field) => format!("--{}", field.replace('_', "-")),
            None => word.to_owned(),
        };
        Some(help.split(' ').map(word).collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.message())?;
        if let Some(offset) = self.error.offset() {
            write!(f, " (at byte {offset})")?;
        }
        match self.help() {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_named_as_options() {
        let error = pilaf::Limits::default().check_size(60_000, 60_000).unwrap_err();
        let text = Failure::new("a.png", error).to_string();
        assert!(text.ends_with("; raise --max-pixels if you trust where it came from"), "{text}");
    }

    #[test]
    fn the_subject_is_named_once() {
        let error = pilaf::open_path("no/such.jpg").unwrap_err();
        let text = Failure::new("no/such.jpg", error).to_string();
        assert_eq!(text, "no/such.jpg: No such file or directory");
    }
}
