//! What was typed: parsed, nothing looked up, nothing done.

use clap::{Parser, Subcommand};

use crate::explain::ExplainArgs;
use crate::info::InfoArgs;
use crate::repair::RepairArgs;
use crate::resize::ResizeArgs;

/// Resizes and inspects images: JPEG and PNG, with the pixels of Pillow.
#[derive(Debug, Parser)]
#[command(name = "pilaf", version, arg_required_else_help = true, after_help = EXIT_STATUS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Resize(ResizeArgs),
    #[command(visible_alias = "probe")]
    Info(InfoArgs),
    Explain(ExplainArgs),
    Repair(RepairArgs),
}

const EXIT_STATUS: &str = "\
Exit status: 0 when all went well, 1 when an input failed (the others are done), 2 when the
arguments make no sense (nothing is done).";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn options_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }
}
