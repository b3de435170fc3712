//! The shapes that profile values have, checked before a check sees one.

use crate::config::{Globs, ProfileValue};
use crate::digest::Sha256;

/// What a value of a profile looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One string.
    Word,
    /// A number that is not negative.
    Count,
    /// `true` or `false`.
    Flag,
    /// A SHA-256.
    Digest,
    /// Distinct strings.
    Words,
    /// Globs over paths.
    Globs,
    /// Lists of strings by name.
    Groups,
    /// Strings by name.
    Texts,
    /// Tables with these columns. No two rows share a `name`, within one `suite`
    /// where there are suites.
    Rows(&'static [Column]),
}

/// One column of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What stands in it: any shape but rows.
    pub shape: &'static Shape,
    /// A row may lack it.
    pub optional: bool,
}

impl Column {
    /// A column that every row has.
    pub const fn due(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, shape, optional: false }
    }

    /// A column that rows may lack.
    pub const fn optional(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, shape, optional: true }
    }
}

/// The strings of a list; one string is a list of one.
pub(super) fn words(value: &ProfileValue) -> Vec<String> {
    match value {
        ProfileValue::Text(word) => vec![word.clone()],
        ProfileValue::List(items) => items.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

impl Shape {
    /// What is due, in words, when the value does not have the shape.
    pub fn fits(&self, value: &ProfileValue) -> Result<(), String> {
        let good = match (self, value) {
            (Self::Word, ProfileValue::Text(word)) => !word.trim().is_empty(),
            (Self::Count, ProfileValue::Integer(number)) => *number >= 0,
            (Self::Flag, ProfileValue::Flag(_)) => true,
            (Self::Digest, ProfileValue::Text(text)) => {
                Sha256::from_hex(text.as_bytes()).is_some() && !text.bytes().any(|b| b.is_ascii_uppercase())
            }
            (Self::Words, ProfileValue::List(items)) => are_distinct_words(items),
            (Self::Globs, ProfileValue::List(items)) => {
                are_distinct_words(items) && Globs::of(words(value)).is_some()
            }
            (Self::Groups, ProfileValue::Table(table)) => table
                .values()
                .all(|list| matches!(list, ProfileValue::List(items) if are_distinct_words(items))),
            (Self::Texts, ProfileValue::Table(table)) => {
                table.values().all(|text| Self::Word.fits(text).is_ok())
            }
            (Self::Rows(columns), ProfileValue::List(items)) => return rows(columns, items),
            _ => false,
        };
        if good { Ok(()) } else { Err(self.due()) }
    }

    fn due(&self) -> String {
        match self {
            Self::Word => "a string".to_owned(),
            Self::Count => "a number that is not negative".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Digest => "a SHA-256 with 64 lower-case hexadecimal digits".to_owned(),
            Self::Words => "a list of strings, each once".to_owned(),
            Self::Globs => "a list of globs, each once, as in [\"staging/**\"]".to_owned(),
            Self::Groups => "a table of lists of strings".to_owned(),
            Self::Texts => "a table of strings".to_owned(),
            Self::Rows(columns) => {
                let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
                format!("a list of tables with the keys {}", names.join(", "))
            }
        }
    }
}

fn are_distinct_words(items: &[ProfileValue]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    items
        .iter()
        .all(|item| matches!(item, ProfileValue::Text(word) if !word.trim().is_empty() && seen.insert(word)))
}

fn rows(columns: &[Column], items: &[ProfileValue]) -> Result<(), String> {
    let mut names = std::collections::BTreeSet::new();
    for (number, item) in items.iter().enumerate() {
        let row = number + 1;
        let ProfileValue::Table(table) = item else {
            return Err(format!("{}; item {row} is no table", Shape::Rows(&[]).due()));
        };
        let known = |name: &String| columns.iter().any(|column| column.name == name);
        if let Some(other) = table.keys().find(|name| !known(name)) {
            let name = crate::text::quote(other.as_bytes());
            let due: Vec<&str> = columns.iter().map(|column| column.name).collect();
            return Err(format!("a list of tables with the keys {}; row {row} has {name}", due.join(", ")));
        }
        for column in columns {
            match table.get(column.name) {
                None if column.optional => {}
                None => return Err(format!("whole: row {row} lacks `{}`", column.name)),
                Some(value) => column
                    .shape
                    .fits(value)
                    .map_err(|due| format!("whole: in row {row} `{}` is due to be {due}", column.name))?,
            }
        }
        if let Some(ProfileValue::Text(name)) = table.get("name")
            && !names.insert((table.get("suite").map(words), name))
        {
            return Err(format!("a list of tables with different names; row {row} has one again"));
        }
    }
    Ok(())
}
