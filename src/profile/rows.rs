//! One row of a profile value that is a table.

use std::collections::BTreeMap;

use super::shape;
use crate::config::ProfileValue;
use crate::digest::Sha256;

/// A row. Its columns were checked when the profile was read.
#[derive(Clone, Copy, Debug)]
pub struct Row<'p>(&'p BTreeMap<String, ProfileValue>);

impl<'p> Row<'p> {
    pub(super) fn of(value: &'p ProfileValue) -> Option<Self> {
        match value {
            ProfileValue::Table(table) => Some(Self(table)),
            _ => None,
        }
    }

    /// A string.
    pub fn word(self, column: &str) -> Option<&'p str> {
        match self.0.get(column) {
            Some(ProfileValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number.
    pub fn count(self, column: &str) -> Option<u64> {
        match self.0.get(column) {
            Some(ProfileValue::Integer(number)) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// A boolean; `false` where the row lacks it.
    pub fn flag(self, column: &str) -> bool {
        matches!(self.0.get(column), Some(ProfileValue::Flag(true)))
    }

    /// A digest.
    pub fn digest(self, column: &str) -> Option<Sha256> {
        Sha256::from_hex(self.word(column)?.as_bytes())
    }

    /// A list of strings; empty where the row lacks it.
    pub fn words(self, column: &str) -> Vec<String> {
        self.0.get(column).map(shape::words).unwrap_or_default()
    }
}
