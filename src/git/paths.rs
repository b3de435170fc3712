//! The paths that a question to git is about.
//!
//! Few are named on git's command line, so that it looks at nothing else; of
//! many it is asked about everything, and what is not meant is passed over.

use std::collections::HashMap;
use std::ffi::OsString;

use crate::path::BytePath;

/// Longer lists of arguments are refused by some systems, in bytes.
const ARGUMENTS: usize = 24 << 10;

/// Paths from the root of the repository, each with its number.
#[derive(Debug)]
pub struct Paths<'p> {
    numbers: HashMap<&'p [u8], usize>,
    named: Option<Vec<OsString>>,
}

impl<'p> Paths<'p> {
    /// These, numbered in this order. Of two that are equal the first counts.
    pub fn new(paths: &[&'p BytePath]) -> Self {
        let mut numbers = HashMap::with_capacity(paths.len());
        for (number, path) in paths.iter().enumerate() {
            numbers.entry(path.as_bytes()).or_insert(number);
        }
        let length: usize = paths.iter().map(|path| path.as_bytes().len() + 1).sum();
        let typed = |path: &&BytePath| path.to_os().into_owned().into_os_string();
        let named = (length <= ARGUMENTS).then(|| paths.iter().map(typed).collect());
        Self { numbers, named }
    }

    /// The number of a path as git spells it; `None` when it is not meant.
    pub fn number(&self, path: &[u8]) -> Option<usize> {
        self.numbers.get(path).copied()
    }

    /// `args` with the paths behind them, where there is room for them.
    pub(super) fn after(&self, args: &[&str]) -> Vec<OsString> {
        let mut all: Vec<OsString> = args.iter().map(OsString::from).collect();
        if let Some(named) = &self.named {
            all.push("--".into());
            all.extend(named.iter().cloned());
        }
        all
    }
}

/// Cuts what git writes with `-z` into fields, across the pieces it comes in.
#[derive(Debug, Default)]
pub(super) struct Fields {
    rest: Vec<u8>,
    too_long: bool,
}

/// No field that is read is longer, in bytes: a path and what stands before it.
const FIELD: usize = 1 << 20;

impl Fields {
    /// Hands over every field that a piece completes; false once a field is
    /// longer than any that is understood.
    pub(super) fn feed(&mut self, mut piece: &[u8], mut take: impl FnMut(&[u8])) -> bool {
        while let Some(end) = memchr::memchr(0, piece) {
            let (field, after) = piece.split_at(end);
            if self.rest.is_empty() {
                take(field);
            } else {
                self.rest.extend_from_slice(field);
                take(&self.rest);
                self.rest.clear();
            }
            piece = after.get(1..).unwrap_or_default();
        }
        self.too_long |= self.rest.len() + piece.len() > FIELD;
        if !self.too_long {
            self.rest.extend_from_slice(piece);
        }
        !self.too_long
    }

    /// Whether everything was taken: nothing is left of a field without an end.
    pub(super) fn is_whole(&self) -> bool {
        self.rest.is_empty() && !self.too_long
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn many_paths_are_not_put_on_a_command_line() {
        let path = |name: String| BytePath::root().child(name.as_bytes());
        let few = [path("-a".into()), path("b\nc".into())];
        let few: Vec<&BytePath> = few.iter().collect();
        let paths = Paths::new(&few);
        assert_eq!(paths.after(&["ls-tree", "-z"]), ["ls-tree", "-z", "--", "-a", "b\nc"]);
        assert_eq!((paths.number(b"b\nc"), paths.number(b"b")), (Some(1), None));
        let many: Vec<BytePath> = (0..5000).map(|n| path(format!("file-{n}"))).collect();
        let many: Vec<&BytePath> = many.iter().collect();
        assert_eq!(Paths::new(&many).after(&["ls-tree"]), ["ls-tree"]);
    }

    #[test]
    fn a_field_that_never_ends_is_given_up() {
        let mut fields = Fields::default();
        assert!(fields.feed(&vec![b'x'; FIELD], |_| {}));
        assert!(!fields.feed(b"x", |_| {}));
        assert!(!fields.is_whole());
    }

    proptest! {
        #[test]
        fn fields_are_the_same_however_they_come(
            fields in proptest::collection::vec(proptest::collection::vec(1u8..=255, 0..20), 0..20),
            cut in 1usize..30,
        ) {
            let text: Vec<u8> = fields.iter().flat_map(|f| f.iter().copied().chain([0])).collect();
            let mut reader = Fields::default();
            let mut got = Vec::new();
            for piece in text.chunks(cut) {
                prop_assert!(reader.feed(piece, |field| got.push(field.to_vec())));
            }
            prop_assert!(reader.is_whole());
            prop_assert_eq!(got, fields);
        }
    }
}
