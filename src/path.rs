//! Byte paths that cannot escape their root.
//!
//! A [`BytePath`] is relative, `/`-separated and free of `.` and `..`; every
//! path that reaches the file system went through [`BytePath::parse`]. This
//! room knows rules for names, never the file system.

use std::fmt;

use bstr::ByteSlice;
use thiserror::Error;

/// A relative path as raw bytes: components joined by `/`, none of them empty,
/// `.` or `..`. The empty path is the root itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BytePath(Box<[u8]>);

/// Why a name in a manifest is refused. Nothing is opened for such a name
/// (rule 4 of the manifest rules in the documentation).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PathError {
    /// The name is empty.
    #[error("the name is empty")]
    Empty,
    /// The name holds a NUL byte, which no file name can.
    #[error("the name holds a NUL byte")]
    Nul,
    /// The name begins at the root of the file system.
    #[error("the name is absolute")]
    Absolute,
    /// The name has a drive letter or a UNC prefix.
    #[error("the name has a drive letter or a UNC prefix")]
    Drive,
    /// A `..` component.
    #[error("the name has a `..` component")]
    ParentComponent,
    /// A `.` component other than one leading `./`.
    #[error("the name has a `.` component")]
    DotComponent,
    /// Two slashes in a row, or one at the end.
    #[error("the name has an empty component")]
    EmptyComponent,
    /// A backslash where the line does not say that it is a literal one.
    #[error("the name has a backslash; sealed names use `/`")]
    Backslash,
    /// Longer than any file system takes.
    #[error("the name is longer than 4096 bytes")]
    TooLong,
}

impl PathError {
    /// Whether the name tries to leave its root, rather than merely being ill-formed.
    pub fn escapes(self) -> bool {
        matches!(self, Self::Absolute | Self::Drive | Self::ParentComponent)
    }
}

/// How a backslash in a name is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backslash {
    /// Refuse it: the source gives no way to tell a separator from a literal.
    Refuse,
    /// It is a byte of the name: the GNU escape said so.
    Literal,
}

/// The longest name that any supported file system takes, in bytes.
pub const MAX_LEN: usize = 4096;

impl BytePath {
    /// The root itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads a name as a manifest spells it; one leading `./` is dropped.
    pub fn parse(raw: &[u8], backslash: Backslash) -> Result<Self, PathError> {
        if raw.is_empty() {
            return Err(PathError::Empty);
        }
        if raw.contains(&0) {
            return Err(PathError::Nul);
        }
        if raw.starts_with(b"\\\\") && backslash == Backslash::Refuse {
            return Err(PathError::Drive);
        }
        if let [letter, b':', ..] = raw
            && letter.is_ascii_alphabetic()
        {
            return Err(PathError::Drive);
        }
        if raw.starts_with(b"/") {
            return Err(PathError::Absolute);
        }
        if raw.contains(&b'\\') && (backslash == Backslash::Refuse || cfg!(windows)) {
            let escapes = raw.split(|&b| b == b'\\' || b == b'/').any(|part| part == b"..");
            return Err(if escapes { PathError::ParentComponent } else { PathError::Backslash });
        }
        let name = raw.strip_prefix(b"./").unwrap_or(raw);
        if name.len() > MAX_LEN {
            return Err(PathError::TooLong);
        }
        for component in name.split(|&b| b == b'/') {
            match component {
                b"" => return Err(PathError::EmptyComponent),
                b"." => return Err(PathError::DotComponent),
                b".." => return Err(PathError::ParentComponent),
                _ => {}
            }
        }
        Ok(Self(name.into()))
    }

    /// A path as a source lists it, where any byte may stand in a name; `None`
    /// for one that is absolute, ill-formed or could leave the root.
    pub fn listed(raw: &[u8]) -> Option<Self> {
        let sound = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
        // There a backslash separates, and a colon names a drive.
        let foreign = cfg!(windows) && raw.iter().any(|byte| matches!(byte, b'\\' | b':'));
        let known = raw.len() <= MAX_LEN && !raw.contains(&0) && !foreign;
        (known && raw.split(|&b| b == b'/').all(sound)).then(|| Self(raw.into()))
    }

    /// A relative path of the operating system, which has no `.` or `..` in it.
    pub fn from_os(path: &std::path::Path) -> Self {
        let mut bytes = Vec::with_capacity(path.as_os_str().len());
        for component in path.components() {
            if !bytes.is_empty() {
                bytes.push(b'/');
            }
            bytes.extend_from_slice(&os_bytes(component.as_os_str()));
        }
        Self(bytes.into())
    }

    /// Joins a component or path that was checked before.
    #[must_use]
    pub fn join(&self, tail: &Self) -> Self {
        match (self.is_root(), tail.is_root()) {
            (true, _) => tail.clone(),
            (_, true) => self.clone(),
            _ => Self([&*self.0, b"/", &*tail.0].concat().into()),
        }
    }

    /// Joins one directory entry's name.
    #[must_use]
    pub fn child(&self, name: &[u8]) -> Self {
        self.join(&Self(name.into()))
    }

    /// The path relative to `base`, when it lies at or below it.
    pub fn strip_prefix(&self, base: &Self) -> Option<Self> {
        if base.is_root() {
            return Some(self.clone());
        }
        match self.0.strip_prefix(&*base.0)? {
            [] => Some(Self::root()),
            [b'/', tail @ ..] => Some(Self(tail.into())),
            _ => None,
        }
    }

    /// The folder that holds this path; the root's is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        match self.0.rfind_byte(b'/') {
            Some(at) => Self(self.0.get(..at).unwrap_or_default().into()),
            None => Self::root(),
        }
    }

    /// The last component; empty for the root.
    pub fn file_name(&self) -> &[u8] {
        self.0.rsplit(|&b| b == b'/').next().unwrap_or_default()
    }

    /// Whether this is the root itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path's components, none for the root.
    pub fn components(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|&b| b == b'/').filter(|part| !part.is_empty())
    }

    /// The path for the operating system. On Unix these are the same bytes.
    #[cfg(unix)]
    pub fn to_os(&self) -> std::borrow::Cow<'_, std::path::Path> {
        use std::os::unix::ffi::OsStrExt;
        std::borrow::Cow::Borrowed(std::path::Path::new(std::ffi::OsStr::from_bytes(&self.0)))
    }

    /// The path for the operating system; bytes that are no UTF-8 cannot name a file there.
    #[cfg(not(unix))]
    pub fn to_os(&self) -> std::borrow::Cow<'_, std::path::Path> {
        std::borrow::Cow::Owned(self.0.to_str_lossy().into_owned().into())
    }
}

/// The bytes of a name. Where names are not bytes, as UTF-8.
#[cfg(unix)]
pub(crate) fn os_bytes(name: &std::ffi::OsStr) -> std::borrow::Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    std::borrow::Cow::Borrowed(name.as_bytes())
}

/// The bytes of a name. Where names are not bytes, as UTF-8.
#[cfg(not(unix))]
pub(crate) fn os_bytes(name: &std::ffi::OsStr) -> std::borrow::Cow<'_, [u8]> {
    std::borrow::Cow::Owned(name.to_string_lossy().into_owned().into_bytes())
}

impl fmt::Debug for BytePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BytePath({:?})", self.0.as_bstr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(raw: &[u8]) -> Result<BytePath, PathError> {
        BytePath::parse(raw, Backslash::Refuse)
    }

    #[test]
    fn accepts_ordinary_names() {
        for name in ["a", "a/b", "~", "~/x", ".hidden", "a..b", "...", "a b", " lead", "é"] {
            assert_eq!(parse(name.as_bytes()).unwrap().as_bytes(), name.as_bytes());
        }
        assert_eq!(parse(b"./a/b").unwrap(), parse(b"a/b").unwrap());
        assert_eq!(parse(b"\xff\xfe").unwrap().as_bytes(), b"\xff\xfe");
    }

    #[test]
    fn refuses_every_way_out() {
        let cases: &[(&[u8], PathError)] = &[
            (b"", PathError::Empty),
            (b"a\0b", PathError::Nul),
            (b"/etc/passwd", PathError::Absolute),
            (b"//server/share", PathError::Absolute),
            (b"\\\\server\\share", PathError::Drive),
            (b"C:\\x", PathError::Drive),
            (b"c:x", PathError::Drive),
            (b"..", PathError::ParentComponent),
            (b"../x", PathError::ParentComponent),
            (b"a/../../x", PathError::ParentComponent),
            (b"a\\..\\x", PathError::ParentComponent),
            (b"a\\b", PathError::Backslash),
            (b"a//b", PathError::EmptyComponent),
            (b"a/", PathError::EmptyComponent),
            (b"./", PathError::EmptyComponent),
            (b".//a", PathError::EmptyComponent),
            (b".", PathError::DotComponent),
            (b"././a", PathError::DotComponent),
            (b"a/./b", PathError::DotComponent),
        ];
        for (raw, want) in cases {
            assert_eq!(parse(raw), Err(*want), "{:?}", raw.as_bstr());
        }
        assert_eq!(parse(&[b'a'; MAX_LEN + 1]), Err(PathError::TooLong));
    }

    #[test]
    fn a_listed_name_may_hold_any_byte_and_never_leaves() {
        for raw in [&b""[..], b"/a", b"a//b", b"a/", b"./a", b"a/../b", b"..", b"a\0b", &[b'a'; MAX_LEN + 1]]
        {
            assert_eq!(BytePath::listed(raw), None, "{:?}", raw.as_bstr());
        }
        assert_eq!(BytePath::listed(b"a/\xff\n").unwrap().as_bytes(), b"a/\xff\n");
        assert_eq!(BytePath::listed(b"c:\\x").is_some(), cfg!(unix));
    }

    #[test]
    #[cfg(unix)]
    fn a_literal_backslash_is_a_byte_of_the_name() {
        let path = BytePath::parse(b"a\\b", Backslash::Literal).unwrap();
        assert_eq!(path.as_bytes(), b"a\\b");
        assert_eq!(path.file_name(), b"a\\b");
    }

    #[test]
    fn joins_strips_and_climbs() {
        let base = parse(b"a/b").unwrap();
        let path = base.child(b"c");
        assert_eq!(path.as_bytes(), b"a/b/c");
        assert_eq!(path.strip_prefix(&base).unwrap().as_bytes(), b"c");
        assert_eq!(parse(b"a/bc").unwrap().strip_prefix(&base), None);
        assert_eq!(base.strip_prefix(&base), Some(BytePath::root()));
        assert_eq!(path.parent(), base);
        assert_eq!(parse(b"a").unwrap().parent(), BytePath::root());
        assert_eq!(BytePath::root().join(&base), base);
        assert_eq!(path.components().count(), 3);
        assert_eq!(BytePath::root().components().count(), 0);
    }
}
