//! `seal explain`.

use clap::Parser;

use super::output;
use crate::report::Look;

/// Say what a code means, why it matters and how to fix it
#[derive(Debug, Parser)]
pub(super) struct Args {
    /// The code, as reports give it
    #[arg(value_name = "CODE", required_unless_present = "list", conflicts_with = "list")]
    code: Option<String>,

    /// List every code
    #[arg(long)]
    list: bool,
}

pub(super) fn run(args: &Args, look: &Look) -> u8 {
    let mut text = Vec::new();
    let known = match &args.code {
        Some(code) => crate::explain::page(code, &mut text, look),
        None => crate::explain::list(&mut text, look).map(|()| true),
    };
    let printed = output::print(&text);
    // Writing to memory does not fail; an unknown code is a usage error.
    if known.unwrap_or(false) { printed } else { 2 }
}
