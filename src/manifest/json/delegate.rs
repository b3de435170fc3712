//! `per_file_hashes`: the text manifests that list the files.

use super::Reader;
use super::frame::Slice;
use crate::code::Code;
use crate::json::Kind;
use crate::manifest::sink::shown;
use crate::path::{Backslash, BytePath};

impl Reader<'_> {
    /// Takes a value in that names a manifest; false when it is no such value.
    pub(super) fn delegates(&mut self, key: Option<Slice>, kind: Kind, value: Slice) -> bool {
        let under = match key {
            Some(key) => Some(key),
            None => self.frames.last().filter(|frame| !frame.object).and_then(|frame| frame.key),
        };
        let named = under.and_then(|key| self.string(key));
        if named.as_deref() != Some(b"per_file_hashes") || kind == Kind::Null {
            return false;
        }
        if kind == Kind::String {
            self.delegate(value);
        } else {
            self.sink.problem(
                Code::MalformedLine,
                value.range(),
                || "this value names no manifest, though \"per_file_hashes\" stands before it".to_owned(),
                || "write the name of the manifest that lists the files, or leave the member out".to_owned(),
            );
        }
        true
    }

    fn delegate(&mut self, value: Slice) {
        let name = self.string(value).unwrap_or_else(|| self.inner(value).into());
        match BytePath::parse(&name, Backslash::Refuse) {
            Ok(path) => self.sink.delegates_to.push(path),
            Err(error) => {
                let code = if error.escapes() { Code::PathTraversal } else { Code::BadPath };
                self.sink.refuse(
                    code,
                    value.range(),
                    &name,
                    None,
                    || format!("the manifest {} that the document names is refused: {error}", shown(&name)),
                    || "name a manifest in the document's own folder or below it".to_owned(),
                );
            }
        }
    }
}
