//! What `.gitattributes` and `.gitignore` say of paths: as git itself reads
//! them, asked once for all paths.

use std::collections::HashMap;

use super::{Git, GitError};
use crate::path::BytePath;

/// The attributes that change bytes between the object database and a file, an
/// archive or a merge.
const ASKED: [&str; 9] = [
    "text",
    "crlf",
    "eol",
    "ident",
    "filter",
    "working-tree-encoding",
    "export-subst",
    "export-ignore",
    "merge",
];

/// The state of one attribute at one path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// No line gives it one.
    #[default]
    Unspecified,
    /// `name`
    Set,
    /// `-name`
    Unset,
    /// `name=value`
    Value(Vec<u8>),
}

impl State {
    fn parse(value: &[u8]) -> Self {
        match value {
            b"unspecified" => Self::Unspecified,
            b"set" => Self::Set,
            b"unset" => Self::Unset,
            other => Self::Value(other.to_vec()),
        }
    }

    /// The value, when it has one.
    pub fn value(&self) -> Option<&[u8]> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// The attributes of one path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(HashMap<&'static str, State>);

impl Attributes {
    /// The state of one of the attributes that are asked for.
    pub fn state(&self, name: &str) -> &State {
        const NONE: &State = &State::Unspecified;
        self.0.get(name).unwrap_or(NONE)
    }
}

/// The rule that ignores a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreRule {
    /// The file it stands in, as git names it: relative to the repository, or
    /// absolute for the user's own.
    pub file: Vec<u8>,
    /// Its line, from 1.
    pub line: u64,
    /// The pattern.
    pub pattern: Vec<u8>,
}

impl Git {
    /// The attributes of paths, in their order.
    pub fn attributes(&self, paths: &[&BytePath]) -> Result<Vec<Attributes>, GitError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = vec![Attributes::default(); paths.len()];
        let args = [&["check-attr", "-z", "--stdin"], ASKED.as_slice()].concat();
        let mut at = 0;
        let mut record: Vec<Vec<u8>> = Vec::with_capacity(3);
        self.fields(&args, &lines(paths), |field| {
            record.push(field.to_vec());
            if let [path, name, value] = record.as_slice() {
                let name = ASKED.into_iter().find(|asked| asked.as_bytes() == name)?;
                let number = at / ASKED.len();
                if paths.get(number)?.as_bytes() != path {
                    return None;
                }
                all.get_mut(number)?.0.insert(name, State::parse(value));
                at += 1;
                record.clear();
            }
            Some(())
        })?;
        if at == ASKED.len() * paths.len() {
            Ok(all)
        } else {
            Err(GitError::NotUnderstood("check-attr".into()))
        }
    }

    /// The rules that ignore paths, whether the index lists them or not, in the paths' order.
    pub fn ignored_by(&self, paths: &[&BytePath]) -> Result<Vec<Option<IgnoreRule>>, GitError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = Vec::with_capacity(paths.len());
        let mut record: Vec<Vec<u8>> = Vec::with_capacity(4);
        let args = ["check-ignore", "--verbose", "--non-matching", "-z", "--stdin", "--no-index"];
        // It knows nothing of literal paths; behind these two characters all are.
        let input: Vec<u8> = paths.iter().flat_map(|path| [b"./", path.as_bytes(), b"\0"].concat()).collect();
        let ended = self.fields(&args, &input, |field| {
            record.push(field.to_vec());
            if let [file, line, pattern, path] = record.as_mut_slice() {
                if path.strip_prefix(b"./") != Some(paths.get(all.len())?.as_bytes()) {
                    return None;
                }
                let line = std::str::from_utf8(line).ok().and_then(|line| line.parse().ok());
                let rule = line.map(|line| IgnoreRule {
                    file: std::mem::take(file),
                    line,
                    pattern: std::mem::take(pattern),
                });
                // A pattern that takes back what another ignores.
                all.push(rule.filter(|rule| !rule.pattern.starts_with(b"!")));
                record.clear();
            }
            Some(())
        });
        // Its status is 1 when it has answered that nothing is ignored.
        match ended {
            Ok(()) | Err(GitError::Failed { .. }) if all.len() == paths.len() => Ok(all),
            Ok(()) => Err(GitError::NotUnderstood("check-ignore".into())),
            Err(error) => Err(error),
        }
    }
}

fn lines(paths: &[&BytePath]) -> Vec<u8> {
    paths.iter().flat_map(|path| path.as_bytes().iter().copied().chain([0])).collect()
}
