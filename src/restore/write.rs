//! Writing one planned file: whole or not at all, over the bytes that were
//! judged or over nothing, and read back.

use std::io;

use super::Item;
use super::prove::{current, pump, sealed};
use crate::atomic::{self, Expect};
use crate::path::BytePath;
use crate::source::{Links, Source, WorkTree};

/// Puts the sealed bytes in place. The error says in one sentence why not.
pub(super) fn write(item: &Item) -> Result<(), String> {
    let damage = &item.damage;
    // Another seal's item, or somebody else, may have put them back already.
    if holds(item).is_ok() {
        return Ok(());
    }
    let remedy = damage.remedy.as_ref().map_err(Clone::clone)?;
    let expect = {
        let tree = WorkTree::at(&damage.base).map_err(|error| error.to_string())?;
        let folder = tree.folder(&BytePath::root()).map_err(|refusal| refusal.to_string())?;
        current(&*folder, damage)?.map_or(Expect::Absent, Expect::Sha256)
    };
    let mut sealed = sealed(damage, remedy)?;
    atomic::write_beneath(&damage.base, &damage.target, expect, |file| {
        pump(&mut sealed.reader(), file, &damage.claims).map(|_| ())
    })
    .map_err(|error| format!("{error}; {}", error.next_step()))?;
    holds(item).map_err(|error| format!("what was written could not be read back: {error}"))
}

/// Whether the sealed bytes stand in their place.
fn holds(item: &Item) -> io::Result<()> {
    let damage = &item.damage;
    let tree = WorkTree::at(&damage.base)?;
    let opened = tree.folder(&BytePath::root()).and_then(|folder| folder.open(&damage.target, Links::Refuse));
    let mut blob = opened.map_err(|refusal| io::Error::other(refusal.to_string()))?;
    pump(&mut blob, &mut io::sink(), &damage.claims).map(|_| ())
}
