//! `rune`: finds what goes wrong in backend code, mends it, and proves the mend. One file a command.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod cache;
mod command;
mod config;
mod pack;
mod project;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// Exit code for usage, pack and internal errors.
const FAILED: u8 = 2;

/// Declarative rules for backend code: detect the anti-pattern, emit the fix, verify the result.
#[derive(Debug, Parser)]
#[command(name = "rune", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: command::Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command.run() {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_closed_pipe(&error) => ExitCode::from(141),
        Err(error) => {
            let _ = writeln!(anstream::stderr(), "error: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
