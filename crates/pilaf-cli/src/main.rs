//! The command `pilaf`: arguments of the process in, exit status out.

fn main() -> std::process::ExitCode {
    pilaf_cli::run(std::env::args_os().skip(1).collect()).into()
}
