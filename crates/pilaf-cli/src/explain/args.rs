//! The arguments of `pilaf explain`.

use std::path::PathBuf;

use crate::limits::LimitArgs;

/// Say why files are not images, or that they are readable
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExplainArgs {
    /// Files, quoted patterns such as 'uploads/*', or - for standard input
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,

    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

const EXAMPLES: &str = "\
Every file is read and decoded to its end. The exit status is 0 if all are readable images.

Examples:
  pilaf explain upload.bin
  curl -s https://example.org/photo | pilaf explain -
  pilaf explain --json 'uploads/*' | jq -r 'select(.code != \"ok\") | [.path, .code] | @tsv'";
