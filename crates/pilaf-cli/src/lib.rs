//! The command `pilaf`.

/// Runs the command.
pub fn run(_args: Vec<std::ffi::OsString>) -> u8 {
    0
}
