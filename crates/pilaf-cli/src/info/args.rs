//! The arguments of `pilaf info`.

use std::path::PathBuf;

use crate::limits::LimitArgs;

/// Say what images are, from their headers alone
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct InfoArgs {
    /// Images: files, quoted patterns such as 'photos/*.jpg', or - for standard input
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,

    /// One JSON object a line, for every input one; a failed one has the member "error"
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

const EXAMPLES: &str = "\
An input may be the beginning of a file: if its header is not complete, the message and the member
\"missing_bytes\" of the JSON error say how many more bytes it takes at least.

Examples:
  pilaf info photo.jpg
  curl -s https://example.org/photo | pilaf info -
  curl -s -r 0-65535 https://example.org/photo | pilaf info -
  pilaf info --json 'photos/**/*.jpg' | jq -r 'select(.width > 4000) | .path'";
