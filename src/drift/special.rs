//! Hypotheses about the file rather than its text: content in the place of a
//! pointer, something appended, keywords expanded, a damaged byte.

use bstr::ByteSlice;

use super::Question;
use super::family::{Family, Text};
use super::meter::{Meter, Spent};
use super::recipe::{Edit, EditsBuilder, Recipe, Step};
use super::sink::Sink;
use super::site::PairBuilder;
use crate::code::Code;
use crate::digest::{Digest, Sha256};

/// The first line of a Git LFS pointer (Git LFS specification, version 1).
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// The sealed bytes are looked for among so many lines at the start.
const MOST_LINES: usize = 1 << 18;
/// A pointer is never longer.
const LONGEST_POINTER: usize = 1024;

/// The digest that an LFS pointer names; `None` when the text is no pointer.
pub(crate) fn pointed_to(text: &[u8]) -> Option<Digest> {
    if text.len() > LONGEST_POINTER || !text.starts_with(LFS) {
        return None;
    }
    let oid = text.lines().find_map(|line| line.strip_prefix(b"oid sha256:"))?;
    Digest::from_hex(oid.trim_ascii())
}

/// Whether the bytes found are an LFS pointer to the sealed bytes.
pub(super) fn is_pointer_to(found: &[u8], sealed: &Digest, size: Option<u64>) -> bool {
    if found.len() > LONGEST_POINTER || !found.starts_with(LFS) {
        return false;
    }
    let field = |name: &[u8]| found.lines().find_map(|line| line.strip_prefix(name));
    let oid = field(b"oid sha256:").and_then(|hex| Digest::from_hex(hex.trim_ascii()));
    let length = field(b"size ").and_then(|digits| digits.to_str().ok()?.trim().parse::<u64>().ok());
    oid.as_ref() == Some(sealed) && size.is_none_or(|size| length == Some(size))
}

/// The pointer that stands for some content.
fn pointer(content: &[u8]) -> Vec<u8> {
    let oid = format!("oid sha256:{}\nsize {}\n", Sha256::of(content), content.len());
    [LFS, oid.as_bytes()].concat()
}

/// The family `git_lfs_pointer`, where the pointer was sealed.
pub(super) struct LfsPointer;

impl Family for LfsPointer {
    fn code(&self) -> Code {
        Code::GitLfsPointer
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        edit.found == found && edit.sealed == pointer(found)
    }
}

/// The family `appended`.
pub(super) struct Appended;

impl Family for Appended {
    fn code(&self) -> Code {
        Code::Appended
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        edit.sealed.is_empty() && edit.at + edit.found.len() == found.len()
    }
}

/// The family `bit_rot`.
pub(super) struct BitRot;

impl Family for BitRot {
    fn code(&self) -> Code {
        Code::BitRot
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        edit.found.len() == 1 && edit.sealed.len() == 1
    }
}

/// The family `git_ident`.
pub(super) struct Ident;

impl Family for Ident {
    fn code(&self) -> Code {
        Code::GitIdent
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        let mut expanded = PairBuilder::new(Code::GitIdent, 30);
        for at in text.bytes.find_iter("$Id: ") {
            let rest = text.bytes.get(at..text.bytes.len().min(at + 200)).unwrap_or_default();
            let end = rest.iter().skip(1).position(|b| matches!(b, b'$' | b'\n')).map(|end| end + 1);
            if let Some(found) = end.and_then(|end| rest.get(..=end)).filter(|found| found.ends_with(b"$")) {
                expanded.site(at, found, b"$Id$");
            }
        }
        out.extend(expanded.finish());
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        edit.sealed == b"$Id$" && edit.found.starts_with(b"$Id: ") && edit.found.ends_with(b"$")
    }
}

/// One replacement as a recipe.
fn one(code: Code, at: usize, found: &[u8], sealed: &[u8]) -> Option<Recipe> {
    let mut edits = EditsBuilder::new(code);
    edits.push(at, found, sealed);
    Some(Recipe::new(vec![Step::Edits(edits.finish()?)]))
}

/// What costs next to nothing: the content in the place of its pointer, and
/// the sealed bytes followed by others.
pub(super) fn cheap(question: &Question<'_>, meter: &mut Meter<'_>) -> Result<Option<Recipe>, Spent> {
    let found = question.found;
    if question.sealed_size.is_none_or(|size| size <= LONGEST_POINTER as u64) {
        meter.charge(found.len())?;
        let pointer = pointer(found);
        if meter.try_bytes(&pointer)? {
            return Ok(one(Code::GitLfsPointer, 0, found, &pointer));
        }
    }
    let cut = match question.sealed_size.map(usize::try_from) {
        Some(Ok(size)) => match found.get(..size).filter(|kept| kept.len() < found.len()) {
            Some(kept) => meter.try_bytes(kept)?.then_some(size),
            None => None,
        },
        Some(Err(_)) => None,
        None => line_prefix(found, meter)?,
    };
    Ok(cut.and_then(|at| one(Code::Appended, at, found.get(at..)?, b"")))
}

/// The lines at the start that are the sealed bytes, in one pass.
fn line_prefix(found: &[u8], meter: &mut Meter<'_>) -> Result<Option<usize>, Spent> {
    meter.charge(found.len())?;
    let mut state = meter.hasher();
    let mut pos = 0;
    let ends = memchr::memchr_iter(b'\n', found).map(|at| at + 1).filter(|end| *end < found.len());
    for (lines, end) in ends.enumerate() {
        if lines == MOST_LINES {
            meter.cut();
            break;
        }
        meter.work(0)?;
        state.update(found.get(pos..end).unwrap_or_default());
        pos = end;
        if meter.hits(state.clone()) {
            return Ok(Some(pos));
        }
    }
    Ok(None)
}

/// One damaged byte. Only where the byte found does not belong: in text that
/// is otherwise sound a changed character is an edit, and is never called rot.
pub(super) fn bit_rot(question: &Question<'_>, meter: &mut Meter<'_>) -> Result<Option<Recipe>, Spent> {
    let found = question.found;
    if question.sealed_size.is_some_and(|size| size != found.len() as u64) {
        return Ok(None);
    }
    let binary = found.contains(&0) && found.utf8_chunks().any(|chunk| !chunk.invalid().is_empty());
    let mut state = meter.hasher();
    let mut hashed = 0;
    for at in if binary { (0..found.len()).collect() } else { misplaced(found) } {
        let (Some(before), Some(byte), Some(after)) =
            (found.get(hashed..at), found.get(at), found.get(at + 1..))
        else {
            continue;
        };
        meter.charge(before.len())?;
        state.update(before);
        hashed = at;
        let values: Vec<u8> = if binary {
            (0..8).map(|bit| byte ^ 1 << bit).collect()
        } else {
            (0..=255).filter(|v| v != byte).collect()
        };
        for value in values {
            meter.charge(after.len() + 1)?;
            let mut state = state.clone();
            state.update(&[value]);
            state.update(after);
            if meter.hits(state) {
                return Ok(one(Code::BitRot, at, &[*byte], &[value]));
            }
        }
    }
    Ok(None)
}

/// Bytes that do not belong in text, when they are few: control characters and
/// what is not UTF-8.
fn misplaced(found: &[u8]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut start = 0;
    for chunk in found.utf8_chunks() {
        let controls = chunk
            .valid()
            .bytes()
            .enumerate()
            .filter(|(_, b)| b.is_ascii_control() && !b.is_ascii_whitespace());
        out.extend(controls.map(|(at, _)| start + at));
        start += chunk.valid().len();
        out.extend(start..start + chunk.invalid().len());
        start += chunk.invalid().len();
        if out.len() > 8 {
            return Vec::new();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(
        sealed: &[u8],
        found: &[u8],
        sized: bool,
        f: fn(&Question<'_>, &mut Meter<'_>) -> Result<Option<Recipe>, Spent>,
    ) -> Option<Vec<u8>> {
        let digest = Digest::Sha256(Sha256::of(sealed));
        let size = sized.then_some(sealed.len() as u64);
        let question = Question { sealed: &digest, sealed_size: size, found, name: b"a" };
        let recipe = f(&question, &mut Meter::new(&digest)).unwrap()?;
        recipe.undo(found)
    }

    #[test]
    fn pointers_are_recognised_both_ways() {
        let content = b"large content";
        let made = pointer(content);
        let digest = Digest::Sha256(Sha256::of(content));
        assert!(is_pointer_to(&made, &digest, None) && is_pointer_to(&made, &digest, Some(13)));
        assert!(!is_pointer_to(&made, &digest, Some(14)));
        assert!(!is_pointer_to(&made, &Digest::Sha256(Sha256::of(b"other")), None));
        assert!(!is_pointer_to(content, &digest, None));
        assert_eq!(ask(&made, content, false, cheap).unwrap(), made);
    }

    #[test]
    fn what_was_appended_is_cut_off() {
        assert_eq!(ask(b"a\nb\n", b"a\nb\nc\n", false, cheap).unwrap(), b"a\nb\n");
        assert_eq!(ask(b"a\nb", b"a\nbcd", true, cheap).unwrap(), b"a\nb");
        assert_eq!(ask(b"a\nb", b"a\nbcd", false, cheap), None);
        assert_eq!(ask(b"a\nc\n", b"a\nb\n", false, cheap), None);
    }

    #[test]
    fn a_damaged_byte_is_repaired_and_an_edit_is_not() {
        assert_eq!(ask(b"hello", b"he\xecl\x07o", true, bit_rot), None, "two are damaged");
        assert_eq!(ask(b"hello", b"he\xeclo", true, bit_rot).unwrap(), b"hello");
        assert_eq!(ask(b"hello", b"hel\x07o", false, bit_rot).unwrap(), b"hello");
        assert_eq!(ask(b"total 41", b"total 42", true, bit_rot), None);
        assert_eq!(ask(b"\0\xff\x01abc", b"\0\xff\x01abk", true, bit_rot).unwrap(), b"\0\xff\x01abc");
    }

    #[test]
    fn expanded_keywords_collapse() {
        let text = b"# $Id: 0123abcd $\n$Id$ $Id: open\n$";
        let pairs = super::super::sink::collect(&Ident, text, b"");
        let sealed = pairs.first().unwrap().edits(|_| true).unwrap().undo(text).unwrap();
        assert_eq!(sealed, b"# $Id$\n$Id$ $Id: open\n$");
    }
}
