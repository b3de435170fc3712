//! The command line: arguments to validated options, and nothing else.
//!
//! Commands are declared here; each has a file below that turns its arguments
//! into options, runs, and shows the result. No command decides a verdict.

mod create;
mod doctor;
mod explain;
mod merge;
mod output;
mod progress;
mod restore;
mod seals;
mod selftest;
mod verify;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use clap::{ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::report::{Look, Verbosity};

/// Is every sealed byte intact? If not: why, with proof, and how to get it back.
#[derive(Debug, Parser)]
#[command(
    name = "seal",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[arg(
        long,
        help = "When to use color [default: auto, which asks NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR]",
        value_name = "WHEN",
        global = true,
        hide_default_value = true,
        default_value = "auto"
    )]
    color: When,

    /// Say only the verdict and what fails
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Say everything: all files, all checks, what was passed over
    #[arg(short, long, global = true)]
    verbose: bool,
}

const AFTER_HELP: &str = "\
Exit status:
  0  everything sealed is intact and every check that applies holds
  1  drift, or a check failed
  2  could not verify: usage, configuration, unreadable input, no seal found

Examples:
  seal verify                          every seal under the current folder
  seal verify packet/                  one packet
  seal verify SHA256SUMS               one list
  seal verify release.tar.gz           one file, by the list beside it
  seal create packet/                  write HASH_MANIFEST.txt and packet_tree.sha256
  seal restore packet/ --write         put back the sealed bytes that are proven
  seal doctor                          what would break these seals later
  seal merge 1.json 2.json             join what two runs judged in parts
  seal selftest                        bad inputs, each of which seal must refuse
  seal explain crlf_drift              what a code means and how to fix it";

#[derive(Debug, Subcommand)]
enum Command {
    /// Verify every sealed byte; explain what drifted
    Verify(Box<verify::Args>),
    /// Seal a folder: write the manifest and the tree pin
    Create(create::Args),
    /// Put back sealed bytes that are proven
    Restore(Box<restore::Args>),
    /// Say what would break these seals later, and the line that prevents it
    Doctor(Box<doctor::Args>),
    /// Join the reports of shards into one verdict; a missing shard is a failure
    Merge(merge::Args),
    /// Give the gate bad inputs: it must refuse every one
    Selftest(Box<selftest::Args>),
    /// Say what a code means, why it matters and how to fix it
    Explain(explain::Args),
    /// Print shell completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Runs the program with its arguments, the first being its own name, and
/// returns the exit status.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        // Help and version are no errors; clap knows where each text goes.
        Err(error) => {
            let status = u8::try_from(error.exit_code()).unwrap_or(2);
            return if error.print().is_ok() { status } else { status.max(u8::from(status != 0)) };
        }
    };
    let look = cli.look(&io::stdout());
    let status = match &cli.command {
        Command::Verify(args) => verify::run(args, &look),
        Command::Create(args) => create::run(args, &look),
        Command::Restore(args) => restore::run(args, &look),
        Command::Doctor(args) => doctor::run(args, &look),
        Command::Merge(args) => merge::run(args, &look),
        Command::Selftest(args) => selftest::run(args, &look),
        Command::Explain(args) => explain::run(args, &look),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "seal", &mut text);
            output::print(&text)
        }
        Command::Man => output::print(&manual()),
    };
    // What was written but not yet flushed may still fail; the status stands.
    let _ = io::stdout().flush();
    status
}

/// The manual pages of all commands, one after the other.
fn manual() -> Vec<u8> {
    let mut command = Cli::command().color(ColorChoice::Never);
    command.build();
    let mut text = Vec::new();
    let mut render = |command: clap::Command| clap_mangen::Man::new(command).render(&mut text);
    let mut done = render(command.clone());
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        done = done.and_then(|()| render(sub.clone()));
    }
    // Writing to memory does not fail.
    let _ = done;
    text
}

impl Cli {
    /// What the stream can show.
    fn look(&self, stream: &(impl IsTerminal + ?Sized)) -> Look {
        let terminal = stream.is_terminal();
        let verbosity = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Look { color: color(self.color, terminal), unicode: unicode(), width: width(terminal), verbosity }
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The conventions of no-color.org and bixense.com/clicolors; the flag decides first.
fn color(when: When, terminal: bool) -> bool {
    let forced = |name: &str| is_set(name) && std::env::var_os(name).is_some_and(|value| value != "0");
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if is_set("NO_COLOR") => false,
        When::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
        When::Auto => terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// Whether the locale says that text is UTF-8; on Windows the console takes it.
fn unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(|name| is_set(name));
    let utf8 = |name| {
        let value = std::env::var(name).unwrap_or_default().to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    };
    cfg!(windows) || locale.is_some_and(utf8)
}

/// The terminal's; else what `COLUMNS` says, as shells and pagers set it.
fn width(terminal: bool) -> usize {
    let said = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| (20..=1000).contains(columns));
    match terminal_size::terminal_size() {
        Some((terminal_size::Width(width), _)) if terminal => usize::from(width),
        _ => said().unwrap_or(Look::PLAIN.width),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn static_texts_never_hold_the_word_of_a_good_run() {
        let mut command = Cli::command();
        command.build();
        let mut texts = vec![String::from_utf8_lossy(&manual()).into_owned()];
        for sub in command.get_subcommands_mut() {
            texts.push(sub.render_long_help().to_string());
        }
        for text in texts {
            assert!(!text.contains("PASS"), "{text}");
        }
    }
}
