//! The arguments of `pilaf repair`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use pilaf::repair::Repair;

use crate::limits::LimitArgs;

/// Take an image out of what it was wrapped in: base64, gzip, a message, junk around it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RepairArgs {
    /// A file, or - for standard input
    #[arg(value_name = "IN")]
    pub(super) input: PathBuf,

    /// Where to write the image: a file, or - for standard output
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: OsString,

    /// The only repairs that may be made, separated by commas [default: all]
    #[arg(long, value_name = "REPAIR", value_delimiter = ',', value_parser = repair_parser())]
    pub(super) allow: Option<Vec<Repair>>,

    /// Do not tell on standard error what was done
    #[arg(short, long)]
    pub(super) quiet: bool,

    /// Allow OUT to be IN
    #[arg(long)]
    pub(super) force: bool,

    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

fn repair_parser() -> impl TypedValueParser<Value = Repair> {
    let names = Repair::ALL.iter().map(|repair| repair.as_str());
    PossibleValuesParser::new(names)
        .map(|name| name.parse().expect("one of the names that were given"))
}

const EXAMPLES: &str = "\
Each step is the one that 'pilaf explain' names, and is told on standard error. The exit status is 0
if the result begins as an image; otherwise nothing is written.

Examples:
  pilaf repair upload.txt -o photo.jpg
  curl -si https://example.org/photo | pilaf repair - -o photo.jpg --allow from_multipart,gunzip";
