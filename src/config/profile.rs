//! Reading `[profile.NAME]`.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::keys::Section;
use super::packet::profile_value;
use super::read::{Reader, Refused, cut};
use super::{Located, ProfileConfig};
use crate::text::quote;

const TABLES: &str = "a table of profiles, written [profile.NAME]";

/// Reads every profile. What its values mean, and whether there is what it
/// extends, is the business of whoever carries it out.
pub(super) fn profiles(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<ProfileConfig>, Refused> {
    let mut profiles = Vec::new();
    for (name, table) in reader.entries(value, "profile", TABLES)? {
        let span = reader.span(name);
        let shown = name.get_ref().as_ref();
        if shown.is_empty() || !shown.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
            let message = format!("{} is no name for a profile", quote(cut(shown).as_bytes()));
            let help = "use letters, digits, `-`, `_` and `.`";
            return Err(reader.refuse(&span, message, help, "not a name"));
        }
        profiles.push(profile(reader, shown, span, table)?);
    }
    // In the order of the text: a profile may extend one that stands before it.
    profiles.sort_by_key(|profile| profile.span.start);
    Ok(profiles)
}

fn profile(
    reader: &mut Reader<'_>,
    name: &str,
    span: std::ops::Range<usize>,
    table: &Spanned<DeValue<'_>>,
) -> Result<ProfileConfig, Refused> {
    let entries = reader.entries(table, name, TABLES)?;
    let keys = reader.table(Section::Profile, entries, reader.span(table))?;
    let mut profile = ProfileConfig { name: name.to_owned(), span, ..ProfileConfig::default() };
    if let Some(value) = keys.get("extends") {
        let base = reader.string(value, "extends")?;
        profile.extends = Some(Located { value: base.value.to_owned(), span: base.span });
    }
    if let Some(value) = keys.get("allow_unsealed") {
        profile.allow_unsealed = Some(reader.globs(value, "allow_unsealed")?);
    }
    if let Some(value) = keys.get("documents") {
        for (role, names) in reader.entries(value, "documents", "a table from document to file names")? {
            let mut files = Vec::new();
            for text in reader.some_strings(names, role.get_ref())? {
                files.push(reader.file(&text, role.get_ref())?.value);
            }
            let span = reader.span(role);
            profile.documents.insert(role.get_ref().as_ref().to_owned(), Located { value: files, span });
        }
    }
    if let Some(value) = keys.get("values") {
        profile.values = values(reader, value)?;
    }
    Ok(profile)
}

fn values(
    reader: &Reader<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<BTreeMap<String, Located<super::ProfileValue>>, Refused> {
    let mut values = BTreeMap::new();
    for (name, value) in reader.entries(value, "values", "a table of the profile's values")? {
        let located = Located { value: profile_value(reader, value)?, span: reader.span(name) };
        values.insert(name.get_ref().as_ref().to_owned(), located);
    }
    Ok(values)
}
