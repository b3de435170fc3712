//! A page for a browser: one file, no script, nothing that is loaded from anywhere.
//!
//! The template escapes every text, and texts are printable before they reach it.
//! Behind that a content security policy forbids whatever could still get in: it
//! allows the one style sheet, by its digest, and nothing else.

use std::io::{self, Write};

use askama::Template;

use super::Report;
use super::page::{Cause, Check, Level, Limits, Mark, Packet, Page, State};
use super::prose::Piece;
use crate::check::Status;
use crate::code::Severity;
use crate::digest::Sha256;

/// The JSON report has everything; a page that nobody can scroll through helps nobody.
const LIMITS: Limits = Limits { packets: 200, causes: 400, files: 200, in_full: 5, passed_over: 200 };

/// The one style sheet.
const STYLE: &str = include_str!("../../templates/report.css");

/// Writes the page.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::of(report, LIMITS);
    let document = Document {
        heading: page.state.heading(),
        is_intact: page.state == State::Intact,
        style: STYLE,
        style_hash: format!("sha256-{}", data_encoding::BASE64.encode(&Sha256::of(STYLE.as_bytes()).0)),
        version: env!("CARGO_PKG_VERSION"),
        page,
    };
    let text = document.render().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

#[derive(Template)]
#[template(path = "report.html")]
struct Document {
    page: Page,
    heading: &'static str,
    is_intact: bool,
    style: &'static str,
    style_hash: String,
    version: &'static str,
}

impl State {
    fn heading(self) -> &'static str {
        match self {
            Self::Intact => "Everything sealed is intact",
            Self::Partial => "Good as far as judged",
            Self::Failed => "Not as sealed",
            Self::Error => "Could not verify",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Error => "not verified",
        }
    }

    fn is_failed(self) -> bool {
        self == Self::Failed
    }
}

impl Piece {
    fn is_words(&self) -> bool {
        matches!(self, Self::Words(_))
    }

    fn class(&self) -> &'static str {
        if matches!(self, Self::Command(_)) { "cmd" } else { "name" }
    }
}

impl Cause {
    fn class(&self) -> &'static str {
        match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Found => "found",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Sealed => "\u{2212}",
            Self::Found => "+",
        }
    }
}

impl Level {
    fn words(&self) -> String {
        self.state.replace('_', " ")
    }
}

impl Check {
    fn class(&self) -> &'static str {
        match self.status {
            Status::Ok => "ok",
            Status::Failed => "failed",
            Status::NotApplied => "not_applied",
            Status::Skipped => "skipped",
            Status::Error => "error",
        }
    }
}

impl Packet {
    fn count(&self, of: &str) -> u64 {
        self.counts.iter().find(|(_, word)| *word == of).map_or(0, |(count, _)| *count)
    }

    fn total(&self) -> u64 {
        self.count("sealed")
    }

    fn intact(&self) -> u64 {
        self.count("intact")
    }

    /// State, start and width in thousandths: what is there at all can be seen.
    fn bar(&self) -> Vec<(&'static str, u64, u64)> {
        let total = u128::from(self.total().max(1));
        let mut start = 0;
        let mut parts = Vec::new();
        for word in ["drifted", "missing", "unreadable", "referenced", "intact"] {
            let count = u128::from(self.count(word));
            if count > 0 {
                let share = u64::try_from(count * 1000 / total).unwrap_or(1000);
                let width = share.clamp(6, 1000 - start.min(994));
                parts.push((word, start, width));
                start += width;
            }
        }
        parts
    }
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
