//! Profiles: the names, numbers and pins that documents are judged by, as data.
//!
//! A profile says how the documents of each [`Role`] are called, and has a value
//! for each [`Key`]. The built-in ones are `profiles/*.toml`, written as the
//! `[profile.NAME]` table that anybody may put into `seal.toml`; both go through
//! the same reader. A profile extends another and takes the place of what it
//! names. No check knows a name, a number or a pin of a project by itself.

mod builtin;
mod injection;
mod key;
mod recognize;
mod role;
mod rows;
mod shape;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::config::{Globs, ProfileConfig, ProfileValue};
use crate::path::BytePath;

pub use builtin::{BUILT_IN, builtin};
pub(crate) use injection::{Injection, VERBS, Verb};
pub use key::Key;
pub use recognize::recognized;
pub use role::Role;
pub use rows::Row;
pub use shape::{Column, Shape};

/// What the documents of a packet are judged by. By default it says nothing.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    name: String,
    documents: BTreeMap<Role, Vec<BytePath>>,
    values: BTreeMap<Key, ProfileValue>,
    allows: Globs,
    spellings: BTreeMap<Role, Spellings>,
}

/// Other names of fields, for the documents of one role.
#[derive(Clone, Debug, Default)]
pub struct Spellings(Arc<BTreeMap<String, Vec<String>>>);

impl Spellings {
    /// The other names of a field; the name itself is none of them.
    pub fn of(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// From a table of names.
    pub fn from_table(table: BTreeMap<String, Vec<String>>) -> Self {
        Self(Arc::new(table))
    }
}

/// A part of a profile that cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The bytes of the configuration that it stands in.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Profile {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What documents of a role are called, the first being the usual name.
    pub fn documents(&self, role: Role) -> &[BytePath] {
        self.documents.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Files that may lie in the packet unsealed. They are counted and never evidence.
    pub fn allows(&self) -> &Globs {
        &self.allows
    }

    /// The other names of fields in documents of that role.
    pub fn spellings(&self, role: Role) -> Spellings {
        self.spellings.get(&role).cloned().unwrap_or_default()
    }

    /// The profile with what the table says in the place of its own.
    pub fn extended(&self, table: &ProfileConfig) -> Result<Self, Refused> {
        let mut profile = self.clone();
        profile.name.clone_from(&table.name);
        for (role, names) in &table.documents {
            let known = Role::from_id(role).ok_or_else(|| Refused {
                span: names.span.clone(),
                message: format!("unknown document {}", crate::text::quote(role.as_bytes())),
                help: nearest(role, Role::ALL.iter().map(|role| role.id())),
            })?;
            profile.documents.insert(known, names.value.clone());
        }
        if let Some(globs) = &table.allow_unsealed {
            profile.allows = globs.clone();
        }
        profile.set_values(
            table.values.iter().map(|(name, value)| (name.as_str(), &value.value, &value.span)),
        )?;
        Ok(profile)
    }

    /// The profile with single values and documents of a packet in the place of its own.
    pub fn adapted(&self, packet: &crate::config::PacketConfig) -> Result<Self, Refused> {
        let mut profile = self.clone();
        let values = packet.values.iter().map(|(name, value)| (name.as_str(), &value.value, &value.span));
        profile.set_values(values)?;
        Ok(profile)
    }

    /// Puts documents that are named for roles in the place of the profile's own.
    pub fn name_documents(&mut self, role: Role, names: Vec<BytePath>) {
        self.documents.insert(role, names);
    }

    fn set_values<'v>(
        &mut self,
        values: impl Iterator<Item = (&'v str, &'v ProfileValue, &'v Range<usize>)>,
    ) -> Result<(), Refused> {
        for (name, value, span) in values {
            let refused = |message: String, help: String| Refused { span: span.clone(), message, help };
            let Some(key) = Key::from_id(name) else {
                let message = format!("unknown profile value {}", crate::text::quote(name.as_bytes()));
                return Err(refused(message, nearest(name, Key::ALL.iter().map(|key| key.id()))));
            };
            key.shape().fits(value).map_err(|due| {
                refused(format!("the profile value `{name}` is not {due}"), format!("write {due}"))
            })?;
            self.values.insert(key, value.clone());
        }
        self.spell();
        Ok(())
    }

    /// Puts the spellings together for each role: those for every document, and
    /// those under `role.field`.
    fn spell(&mut self) {
        let table = self.groups(Key::Spellings);
        let mut spellings = BTreeMap::new();
        for role in Role::ALL {
            let prefix = format!("{}.", role.id());
            let mut own: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, others) in &table {
                let field = match (name.strip_prefix(&prefix), name.contains('.')) {
                    (Some(field), _) => field,
                    (None, false) => name,
                    (None, true) => continue,
                };
                own.entry(field.to_owned()).or_default().extend(others.iter().cloned());
            }
            spellings.insert(*role, Spellings::from_table(own));
        }
        self.spellings = spellings;
    }

    /// Whether the profile says anything for the key.
    pub fn has(&self, key: Key) -> bool {
        match self.values.get(&key) {
            None => false,
            Some(ProfileValue::List(items)) => !items.is_empty(),
            Some(ProfileValue::Table(items)) => !items.is_empty(),
            Some(_) => true,
        }
    }

    /// A single word.
    pub fn word(&self, key: Key) -> Option<&str> {
        match self.values.get(&key) {
            Some(ProfileValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number.
    pub fn count(&self, key: Key) -> Option<u64> {
        match self.values.get(&key) {
            Some(ProfileValue::Integer(number)) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// A list of words; empty when the profile says nothing.
    pub fn words(&self, key: Key) -> Vec<String> {
        self.values.get(&key).map(shape::words).unwrap_or_default()
    }

    /// Globs; they match nothing when the profile says nothing.
    pub fn globs(&self, key: Key) -> Globs {
        Globs::of(self.words(key)).unwrap_or_default()
    }

    /// Lists of words by name; empty when the profile says nothing.
    pub fn groups(&self, key: Key) -> BTreeMap<String, Vec<String>> {
        match self.values.get(&key) {
            Some(ProfileValue::Table(table)) => {
                table.iter().map(|(name, value)| (name.clone(), shape::words(value))).collect()
            }
            _ => BTreeMap::new(),
        }
    }

    /// Words by name; empty when the profile says nothing.
    pub fn texts(&self, key: Key) -> BTreeMap<String, String> {
        self.groups(key)
            .into_iter()
            .filter_map(|(name, words)| Some((name, words.into_iter().next()?)))
            .collect()
    }

    /// Rows with the columns of the key's shape; empty when the profile says nothing.
    pub fn rows(&self, key: Key) -> Vec<Row<'_>> {
        match self.values.get(&key) {
            Some(ProfileValue::List(items)) => items.iter().filter_map(Row::of).collect(),
            _ => Vec::new(),
        }
    }

    /// The row whose column `name` has that name.
    pub fn row(&self, key: Key, name: &str) -> Option<Row<'_>> {
        self.rows(key).into_iter().find(|row| row.word("name") == Some(name))
    }

    /// The checks that a status makes required: those of the longest ending that
    /// it has, so that `…_READY_NOT_APPLIED` is not `…_APPLIED`.
    pub fn checks_claimed_by(&self, status: &str) -> Vec<String> {
        self.by_ending(Key::Claims, status)
    }

    /// The suites of bad input that a packet of that status has tried; none when any will do.
    pub fn suites_of(&self, status: &str) -> Vec<String> {
        self.by_ending(Key::ProbeSuites, status)
    }

    fn by_ending(&self, key: Key, status: &str) -> Vec<String> {
        let groups = self.groups(key);
        let ending = groups.iter().filter(|(ending, _)| ends_with(status, ending));
        ending.max_by_key(|(ending, _)| ending.len()).map(|(_, words)| words.clone()).unwrap_or_default()
    }
}

/// Whether a status has that ending as whole words.
fn ends_with(status: &str, ending: &str) -> bool {
    status
        .strip_suffix(ending)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('_') || ending.starts_with('_'))
}

/// What a misspelt name is likely to mean.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let head: String = name.chars().take(64).collect();
    let all: Vec<&str> = known.collect();
    let best =
        all.iter().max_by(|a, b| strsim::jaro_winkler(a, &head).total_cmp(&strsim::jaro_winkler(b, &head)));
    match best {
        Some(best) => format!("the nearest known name is `{best}`; known: {}", all.join(", ")),
        None => "none is known here".to_owned(),
    }
}

#[cfg(test)]
mod tests;
