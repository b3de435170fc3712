//! `seal verify --list`: what would be verified, and what is passed over.

use std::io::{self, Write};

use super::Look;
use super::name;
use super::style::{Ink, Line, Screen};
use crate::manifest::Format;
use crate::packet::Kind;
use crate::path::BytePath;

/// One candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The manifest or candidate, as shown.
    pub path: BytePath,
    /// What it is, or why it is passed over.
    pub seal: Result<ListedSeal, String>,
}

/// A seal that would be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSeal {
    /// Packet or plain list.
    pub kind: Kind,
    /// Its format and number of entries, or why it cannot be used.
    pub read: Result<(Format, usize), String>,
    /// Its root, as shown.
    pub root: BytePath,
}

/// Writes one line per candidate.
pub fn render(listing: &[Listing], out: &mut dyn Write, look: &Look) -> io::Result<()> {
    let mut screen = Screen::new(out, look);
    let names: Vec<String> = listing.iter().map(|line| name::shown(&line.path, look)).collect();
    let widest = names.iter().map(|name| super::style::width(name)).max().unwrap_or(0).min(60);
    for (line, name) in listing.iter().zip(&names) {
        let (ink, word, what) = match &line.seal {
            Ok(seal) => {
                let word = if seal.kind == Kind::Packet { "packet" } else { "list" };
                let what = match &seal.read {
                    Ok((format, entries)) => {
                        format!(
                            "{}, {}, root {}",
                            format.name(),
                            if *entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") },
                            name::shown(&seal.root, look)
                        )
                    }
                    Err(reason) => format!("cannot be used: {reason}"),
                };
                (Ink::Strong, word, what)
            }
            Err(reason) => (Ink::Dim, "passed over", reason.clone()),
        };
        let line = Line::indent(0).ink(ink, format!("{word:<12}")).plain(name.clone());
        screen.line(&line.pad(12 + widest, 2, look).plain(what))?;
    }
    if listing.is_empty() {
        screen.line(&Line::indent(0).plain("no seal and no candidate was found"))?;
    }
    Ok(())
}
