//! Proof: a recipe counts only when it works both ways and only does what its
//! families do.

use std::borrow::Cow;

use super::Question;
use super::family::are_legal;
use super::recipe::{Recipe, Step};

/// Every text on the way from the bytes found to the sealed bytes, when the
/// recipe is a proof: the last has the sealed digest and length, redoing it
/// gives the bytes found, and every replacement is legal for its family.
pub(super) fn prove<'q>(question: &Question<'q>, recipe: &Recipe) -> Option<Vec<Cow<'q, [u8]>>> {
    let mut texts = vec![Cow::Borrowed(question.found)];
    for step in recipe.steps() {
        let text = texts.last()?;
        if let Step::Edits(edits) = step
            && !are_legal(text, edits)
        {
            return None;
        }
        let before = step.undo(text)?;
        // Each step back again is the whole way back, and holds no third copy.
        if !step.redoes(&before, text) {
            return None;
        }
        texts.push(Cow::Owned(before));
    }
    let sealed = texts.last()?;
    let size_fits = question.sealed_size.is_none_or(|size| size == sealed.len() as u64);
    let holds = size_fits && question.sealed.same_of(sealed) == *question.sealed;
    holds.then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::super::edges;
    use super::super::recipe::EditsBuilder;
    use super::*;
    use crate::code::Code;
    use crate::digest::{Digest, Sha256};

    fn question<'q>(sealed: &'q Digest, found: &'q [u8], size: Option<u64>) -> Question<'q> {
        Question { sealed, sealed_size: size, found, name: b"a.txt" }
    }

    fn recipe(code: Code, at: usize, found: &[u8], sealed: &[u8]) -> Recipe {
        let mut edits = EditsBuilder::new(code);
        edits.push(at, found, sealed);
        Recipe::new(vec![Step::Edits(edits.finish().unwrap())])
    }

    #[test]
    fn a_right_recipe_proves() {
        let digest = Digest::Sha256(Sha256::of(b"a\n"));
        let with = [edges::BOM, b"a\n"].concat();
        let texts =
            prove(&question(&digest, &with, Some(2)), &recipe(Code::BomPrefix, 0, edges::BOM, b"")).unwrap();
        assert_eq!(&**texts.last().unwrap(), b"a\n");
    }

    #[test]
    fn wrong_recipes_do_not() {
        let digest = Digest::Sha256(Sha256::of(b"a-b\n"));
        let found = b"a+b\n";
        // It gives the sealed bytes, but no family makes such a replacement.
        for code in [Code::EmdashUnicodeDrift, Code::BomPrefix, Code::CrlfDrift, Code::EditedContent] {
            assert!(prove(&question(&digest, found, None), &recipe(code, 1, b"+", b"-")).is_none(), "{code}");
        }
        let em = "a\u{2014}b\n".as_bytes();
        let right = recipe(Code::EmdashUnicodeDrift, 1, "\u{2014}".as_bytes(), b"-");
        assert!(prove(&question(&digest, em, None), &right).is_some());
        assert!(prove(&question(&digest, em, Some(5)), &right).is_none(), "another length");
        assert!(prove(&question(&digest, found, None), &right).is_none(), "other bytes");
        let other = Digest::Sha256(Sha256::of(b"a-b"));
        assert!(prove(&question(&other, em, None), &right).is_none(), "another digest");
        assert!(prove(&question(&digest, b"a-b", None), &Recipe::default()).is_none());
    }
}
