//! The command `pilaf`.
fn main() -> std::process::ExitCode {
    pilaf_cli::run(std::env::args_os().skip(1).collect()).into()
}
