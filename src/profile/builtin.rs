//! The profiles that come with the program.

use std::sync::LazyLock;

use super::Profile;
use crate::config::{Known, parse_known};

/// Names and texts. A profile extends one that stands before it.
const TEXTS: [(&str, &str); 2] = [
    ("generic", include_str!("../../profiles/generic.toml")),
    ("fix7", include_str!("../../profiles/fix7.toml")),
];

/// The names of the built-in profiles.
pub const BUILT_IN: [&str; 2] = ["generic", "fix7"];

/// Each is read when it is first asked for: most runs need one at most.
static PROFILES: [LazyLock<Option<Profile>>; 2] = [LazyLock::new(|| read(0)), LazyLock::new(|| read(1))];

/// A test reads each of them: one that could not be read would judge nothing.
fn read(at: usize) -> Option<Profile> {
    let (name, text) = TEXTS.get(at)?;
    let config = parse_known(text.as_bytes(), name, &Known { profiles: &BUILT_IN, ..Known::default() });
    let config = config.ok()?;
    let table = config.profiles.first()?;
    let base = match &table.extends {
        Some(extends) => builtin(&extends.value)?.clone(),
        None => Profile::default(),
    };
    base.extended(table).ok()
}

/// The built-in profile of that name.
pub fn builtin(name: &str) -> Option<&'static Profile> {
    let at = BUILT_IN.iter().position(|known| *known == name)?;
    PROFILES.get(at)?.as_ref()
}
