//! The `seal` program: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(seal::cli::run(std::env::args_os()))
}
