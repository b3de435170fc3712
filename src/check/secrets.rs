//! `secrets`: the packet holds no key material, no file that credentials are kept
//! in and no dump of a database. What is found is never shown, not even in part.

mod entropy;
mod mask;
mod names;
mod rules;
mod search;

use super::{Applied, Check, CheckError, Level, Meta, Packet, Sink, files};
use crate::code::{Code, Severity};
use crate::drift::Grade;
use crate::finding::{Finding, Location};
use crate::path::BytePath;
use crate::text::quote;
pub(crate) use mask::{mask, masked};
use search::{Found, Search};

pub(super) struct SecretsCheck;

static META: Meta = Meta {
    id: "secrets",
    level: Level::L3,
    summary: "no key material, credential file or dump is in the packet",
    documents: &[],
    codes: &[Code::SecretMaterial, Code::CredentialFile, Code::DumpFile, Code::ArchiveUnsearched],
};

impl Check for SecretsCheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, packet: &Packet, out: &mut Sink) -> Result<Applied, CheckError> {
        let rules = rules::Rules::new().ok_or_else(|| CheckError("the rules could not be read".into()))?;
        let (mut read, mut unread) = (0usize, 0);
        for file in files::all(packet) {
            if let Some(what) = names::credentials(file.path) {
                let message = format!("{} is {what}", quote(file.path.as_bytes()));
                out.push(Finding::new(Code::CredentialFile, message).path(file.path.clone()));
            }
            if let Some(what) = names::dump(file.path) {
                let message = format!("{} is {what} by its name", quote(file.path.as_bytes()));
                out.push(Finding::new(Code::DumpFile, message).path(file.path.clone()));
            }
            let mut search = Search::new(&rules);
            match packet.shelf.visit(file.path, &mut |piece| search.push(piece)) {
                Ok(()) => read += 1,
                Err(_) => unread += 1,
            }
            tell(file.path, &search.finish(), out);
        }
        Ok(files::searched(packet, format!("{read} files"), unread))
    }
}

fn tell(path: &BytePath, found: &[Found], out: &mut Sink) {
    for one in found {
        let name = quote(path.as_bytes());
        let message = match one.code {
            Code::DumpFile => format!("{name} is or holds {}", one.what),
            Code::ArchiveUnsearched => format!("{name} is {}, and what it holds was not searched", one.what),
            _ => format!("{name} holds {}", one.what),
        };
        let mut finding = Finding::new(one.code, message).path(path.clone());
        // Only where it begins: the text itself is what must not be repeated.
        finding.location =
            Some(Location { line: one.line, column: one.column, byte: one.at, end_byte: None });
        if one.suspected {
            finding = finding.downgraded(Severity::Warning);
            finding.grade = Grade::Suspected;
        }
        out.push(finding);
    }
}

#[cfg(test)]
mod tests;
