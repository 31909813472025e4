//! The command `pilaf`.

/// Runs the command.
pub fn run() -> u8 {
    0
}
