//! The command `pilaf`.
fn main() -> std::process::ExitCode {
    pilaf_cli::run().into()
}
