//! Single values: strings, arrays, numbers, digests, paths, globs and dates.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::read::{Reader, Refused};
use super::{Date, Globs, Located, parse_size};
use crate::digest::Sha256;
use crate::path::{Backslash, BytePath, PathError};

impl Reader<'_> {
    fn wrong_type(&self, value: &Spanned<DeValue<'_>>, key: &str, due: &str) -> Refused {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        let label = format!("this is {found}");
        self.refuse(
            &self.span(value),
            format!("`{key}` takes {due}, not {found}"),
            format!("write {due}"),
            &label,
        )
    }

    /// A string.
    pub(super) fn string<'t>(
        &self,
        value: &'t Spanned<DeValue<'t>>,
        key: &str,
    ) -> Result<Located<&'t str>, Refused> {
        match value.get_ref() {
            DeValue::String(text) => Ok(Located { value: text.as_ref(), span: self.span(value) }),
            _ => Err(self.wrong_type(value, key, "a string")),
        }
    }

    /// An array of anything.
    pub(super) fn array<'t>(
        &self,
        value: &'t Spanned<DeValue<'t>>,
        key: &str,
        of: &str,
    ) -> Result<&'t DeArray<'t>, Refused> {
        match value.get_ref() {
            DeValue::Array(items) => Ok(items),
            _ => Err(self.wrong_type(value, key, of)),
        }
    }

    /// A table.
    pub(super) fn entries<'t>(
        &self,
        value: &'t Spanned<DeValue<'t>>,
        key: &str,
        due: &str,
    ) -> Result<&'t DeTable<'t>, Refused> {
        match value.get_ref() {
            DeValue::Table(entries) => Ok(entries),
            _ => Err(self.wrong_type(value, key, due)),
        }
    }

    /// An array of strings, each with its place.
    pub(super) fn strings<'t>(
        &self,
        value: &'t Spanned<DeValue<'t>>,
        key: &str,
    ) -> Result<Vec<Located<&'t str>>, Refused> {
        let items = self.array(value, key, "an array of strings")?;
        items.iter().map(|item| self.string(item, key)).collect()
    }

    /// An array of strings that names at least one thing.
    pub(super) fn some_strings<'t>(
        &self,
        value: &'t Spanned<DeValue<'t>>,
        key: &str,
    ) -> Result<Vec<Located<&'t str>>, Refused> {
        let strings = self.strings(value, key)?;
        if strings.is_empty() {
            let message = format!("`{key}` is empty and names nothing");
            return Err(self.refuse(&self.span(value), message, "name something or remove the key", "empty"));
        }
        Ok(strings)
    }

    /// A length in bytes or another number that is not negative.
    pub(super) fn count(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<u64, Refused> {
        let DeValue::Integer(number) = value.get_ref() else {
            return Err(self.wrong_type(value, key, "a number of bytes"));
        };
        u64::from_str_radix(number.as_str(), number.radix()).map_err(|_| {
            let message = format!("`{key}` is negative or does not fit into 64 bits");
            self.refuse(&self.span(value), message, "write the length of the file in bytes", "out of range")
        })
    }

    /// A size with its unit.
    pub(super) fn size(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<u64, Refused> {
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong_type(value, key, "a size as a string, as in \"4GB\""));
        };
        parse_size(text).map_err(|error| {
            let message = format!("`{key}` cannot be read: {error}");
            self.refuse(&self.span(value), message, format!("write {key} = \"4GB\""), "not a size")
        })
    }

    /// 64 hexadecimal digits.
    pub(super) fn sha256(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Located<Sha256>, Refused> {
        let text = self.string(value, key)?;
        let digest = Sha256::from_hex(text.value.as_bytes()).ok_or_else(|| {
            let digits = text.value.chars().count();
            let other = text.value.chars().position(|c| !c.is_ascii_hexdigit());
            let message = match other {
                Some(at) => format!("`{key}` is no SHA-256: character {} is no hexadecimal digit", at + 1),
                None => format!("`{key}` is no SHA-256: it has {digits} hexadecimal digits, not 64"),
            };
            let help = match key {
                "sha256" => "write all 64 digits; `sha256sum` prints them for the file that you trust",
                _ => {
                    "write all 64 digits; `sha256sum HASH_MANIFEST.txt` prints them, in the packet that you trust"
                }
            };
            self.refuse(&text.span, message, help, "not 64 digits")
        })?;
        Ok(Located { value: digest, span: text.span })
    }

    /// The path of a file under some root.
    pub(super) fn file(&self, text: &Located<&str>, key: &str) -> Result<Located<BytePath>, Refused> {
        let path = BytePath::parse(text.value.as_bytes(), Backslash::Refuse);
        self.located(path, text, key, "write the path of a file with `/`, relative to its root")
    }

    /// The path of a folder in the tree; `.` is the tree itself.
    pub(super) fn folder(&self, text: &Located<&str>, key: &str) -> Result<Located<BytePath>, Refused> {
        let path = match text.value {
            "." | "./" => Ok(BytePath::root()),
            name => {
                let name = name.strip_suffix('/').filter(|name| !name.is_empty()).unwrap_or(name);
                BytePath::parse(name.as_bytes(), Backslash::Refuse)
            }
        };
        self.located(
            path,
            text,
            key,
            "write a folder's path with `/`, relative to the folder of this file; `.` is that folder itself",
        )
    }

    fn located(
        &self,
        path: Result<BytePath, PathError>,
        text: &Located<&str>,
        key: &str,
        help: &str,
    ) -> Result<Located<BytePath>, Refused> {
        let value = path.map_err(|error| {
            let leaves = if error.escapes() { ": it would leave the tree" } else { "" };
            let message = format!("`{key}` is no usable path: {error}{leaves}");
            self.refuse(&text.span, message, help, "not a usable path")
        })?;
        Ok(Located { value, span: text.span.clone() })
    }

    /// An array of globs.
    pub(super) fn globs(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Globs, Refused> {
        let mut patterns = Vec::new();
        for text in self.strings(value, key)? {
            Globs::check(text.value).map_err(|error| {
                self.refuse(&text.span, format!("`{key}` cannot be used: {error}"), error.help(), "this glob")
            })?;
            patterns.push(text.value.to_owned());
        }
        Globs::compile(patterns).map_err(|error| {
            let message = format!("`{key}` cannot be used as a whole: {error}");
            self.refuse(&self.span(value), message, "write fewer or simpler globs", "these globs")
        })
    }

    /// A day, without a time.
    pub(super) fn date(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Date, Refused> {
        let due = "a date without quotes, as in 2026-12-31";
        let DeValue::Datetime(written) = value.get_ref() else {
            return Err(self.wrong_type(value, key, due));
        };
        let (Some(date), None, None) = (written.date, written.time, written.offset) else {
            let message = format!("`{key}` takes {due}, not a time");
            return Err(self.refuse(&self.span(value), message, format!("write {due}"), "has a time"));
        };
        Date::new(date.year, date.month, date.day).ok_or_else(|| {
            let message = format!("`{key}` names a day that the calendar does not have");
            self.refuse(&self.span(value), message, format!("write {due}"), "no such day")
        })
    }
}
