//! Configuration: values, and which file said so. No value is run.

use std::collections::HashMap;

use super::paths::Fields;
use super::{Git, GitError};

/// Where a value was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// For everybody on this machine.
    System,
    /// The user's own.
    Global,
    /// This repository's.
    Local,
    /// This working tree's.
    Worktree,
}

impl Scope {
    /// Where that is, in words.
    pub fn place(self) -> &'static str {
        match self {
            Self::System => "the configuration of this machine",
            Self::Global => "the user's configuration",
            Self::Local => ".git/config",
            Self::Worktree => ".git/config.worktree",
        }
    }

    /// The word of git's option that changes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Global => "global",
            Self::Local => "local",
            Self::Worktree => "worktree",
        }
    }
}

/// One setting: of several with one name, the last counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its value; `true` where only the name stands there.
    pub value: Vec<u8>,
    /// Where it was set.
    pub scope: Scope,
}

/// All settings by name: section and variable in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(HashMap<Vec<u8>, Setting>);

impl Settings {
    /// The setting of that name.
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<&Setting> {
        self.0.get(name.as_ref())
    }

    /// A truth value as git reads it; `None` for another value, or none.
    pub fn truth(&self, name: &str) -> Option<bool> {
        match self.get(name)?.value.to_ascii_lowercase().as_slice() {
            b"true" | b"yes" | b"on" | b"1" => Some(true),
            b"false" | b"no" | b"off" | b"0" | b"" => Some(false),
            _ => None,
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut all = HashMap::new();
        let mut record: Vec<Vec<u8>> = Vec::with_capacity(3);
        let mut fields = Fields::default();
        let fed = fields.feed(text, |field| {
            record.push(field.to_vec());
            if let [scope, _, pair] = record.as_slice() {
                let (name, value) = super::layers::split_at_byte(pair, b'\n').unwrap_or((pair, b"true"));
                let scope = match scope.as_slice() {
                    b"system" => Some(Scope::System),
                    b"global" => Some(Scope::Global),
                    b"local" => Some(Scope::Local),
                    b"worktree" => Some(Scope::Worktree),
                    // What is said on the command line here is not what checked the files out.
                    _ => None,
                };
                if let Some(scope) = scope {
                    all.insert(name.to_vec(), Setting { value: value.to_vec(), scope });
                }
                record.clear();
            }
        });
        (fed && fields.is_whole() && record.is_empty()).then_some(Self(all))
    }
}

impl Git {
    /// The settings in force for this repository.
    pub fn settings(&self) -> Result<Settings, GitError> {
        let text = self.output(&["config", "--list", "-z", "--show-origin", "--show-scope"], &[])?;
        Settings::parse(&text).ok_or_else(|| GitError::NotUnderstood("config".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_one_name_counts_and_the_command_line_does_not() {
        let text =
            b"global\0file:/home/a\0core.autocrlf\ntrue\0local\0file:.git/config\0core.autocrlf\ninput\0\
            command\0command line:\0core.autocrlf\nfalse\0local\0file:.git/config\0core.bare\0";
        let settings = Settings::parse(text).unwrap();
        let set = settings.get("core.autocrlf").unwrap();
        assert_eq!((set.value.as_slice(), set.scope), (b"input".as_slice(), Scope::Local));
        assert_eq!(settings.truth("core.bare"), Some(true), "a name without a value");
        assert_eq!(settings.truth("core.autocrlf"), None);
        assert_eq!(Settings::parse(b"local\0file\0"), None);
        assert_eq!(Settings::parse(b"local\0file:x\0a.b\nc"), None, "cut short");
    }
}
