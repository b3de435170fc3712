//! Making the hints of a folder that is sealed.

use std::collections::BTreeMap;

use crate::code::Code;
use crate::digest::Digest;
use crate::finding::Finding;
use crate::hints::{self, FileHints, Hints};
use crate::manifest::write::Item;
use crate::observe::queue::{self, Alone};
use crate::path::BytePath;
use crate::source::{Folder, Links};
use crate::text::quote;

/// The bytes of `seal-hints.json` for the files hashed. Files that are too
/// large, and files whose names are no UTF-8, have no hints.
pub(super) fn document(folder: &dyn Folder, items: &[Item], threads: usize) -> Result<Vec<u8>, Vec<Finding>> {
    let made = queue::each(items.len(), threads, |at, _, alone| {
        let item = items.get(at)?;
        let name = std::str::from_utf8(item.path.as_bytes()).ok();
        let Some(name) = name.filter(|_| item.size <= hints::MAX_FILE) else { return Some(Ok(None)) };
        if alone == Alone::Yes && item.size > 1 << 20 {
            return None;
        }
        Some(about(folder, item).map(|hints| Some((name.to_owned(), hints))))
    });
    let (mut files, mut refused) = (BTreeMap::new(), Vec::new());
    for made in made.into_iter().flatten() {
        match made {
            Ok(hints) => files.extend(hints),
            Err(finding) => refused.push(*finding),
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    Hints::write(files).map_err(|error| {
        let path = BytePath::root().child(hints::NAME);
        let message = format!("{} would be of no use: {error}", quote(hints::NAME));
        vec![Finding::new(Code::NotWritten, message).help("seal the folder without `--hints`").path(path)]
    })
}

fn about(folder: &dyn Folder, item: &Item) -> Result<FileHints, Box<Finding>> {
    let name = quote(item.path.as_bytes());
    let bytes = folder.read(&item.path, Links::Refuse, hints::MAX_FILE).map_err(|refusal| {
        Finding::new(Code::UnreadableFile, format!("{name} cannot be read: {refusal}"))
            .path(item.path.clone())
    })?;
    let hints = FileHints::of(&bytes);
    if Digest::Sha256(hints.sha256()) == item.digest {
        return Ok(hints);
    }
    let message = format!("{name} was written to while the folder was read");
    Err(Box::new(Finding::new(Code::ChangedWhileRead, message).path(item.path.clone())))
}
