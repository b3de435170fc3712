//! Hypotheses about the file rather than its text: content in the place of a
//! pointer, something appended.

use bstr::ByteSlice;

use super::Question;
use super::family::Family;
use super::meter::{Meter, Spent};
use super::recipe::{Edit, EditsBuilder, Recipe, Step};
use crate::code::Code;
use crate::digest::{Digest, Sha256};

/// The first line of a Git LFS pointer (Git LFS specification, version 1).
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// The sealed bytes are looked for among so many lines at the start.
const MOST_LINES: usize = 1 << 18;
/// Ends of the sealed bytes are looked for at each of so many last bytes.
const BYTE_BY_BYTE: usize = 1 << 14;
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
    if let Some(recipe) = super::damage::at_the_end(question, meter)? {
        return Ok(Some(recipe));
    }
    let cut = match question.sealed_size.map(usize::try_from) {
        Some(Ok(size)) => match found.get(..size).filter(|kept| kept.len() < found.len()) {
            Some(kept) => meter.try_bytes(kept)?.then_some(size),
            None => None,
        },
        Some(Err(_)) => None,
        None => prefix(found, meter)?,
    };
    Ok(cut.and_then(|at| one(Code::Appended, at, found.get(at..)?, b"")))
}

/// What at the start is the sealed bytes, in one pass: whole lines, and near the
/// end any number of bytes.
fn prefix(found: &[u8], meter: &mut Meter<'_>) -> Result<Option<usize>, Spent> {
    meter.charge(found.len())?;
    let near = found.len().saturating_sub(BYTE_BY_BYTE);
    let mut state = meter.hasher();
    let mut pos = 0;
    let lines = memchr::memchr_iter(b'\n', found).map(|at| at + 1).take_while(|end| *end < near);
    for (number, end) in lines.chain(near.max(1)..found.len()).enumerate() {
        if number == MOST_LINES + BYTE_BY_BYTE {
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
        assert_eq!(ask(b"a\nb", b"a\nbcd", false, cheap).unwrap(), b"a\nb");
        // Behind a program without lines nothing was found.
        let program: Vec<u8> = (0..60_000u32).map(|i| ((i * i) >> 7).to_le_bytes()[0] | 0x80).collect();
        let found = [&program[..], b"Q"].concat();
        assert_eq!(ask(&program, &found, false, cheap).unwrap(), program);
        assert_eq!(ask(b"a\nc\n", b"a\nb\n", false, cheap), None);
    }
}
