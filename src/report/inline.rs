//! What differs inside a changed line.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A character, or a byte that is part of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    /// A character of valid UTF-8.
    Char(char),
    /// A byte that is not UTF-8.
    Byte(u8),
}

/// More words than this between the first and the last difference are marked
/// as a whole: the search is quadratic in the worst case.
const WORDS: usize = 1500;

/// The characters and stray bytes of a line.
pub(crate) fn atoms(bytes: &[u8]) -> Vec<Atom> {
    let mut atoms = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        atoms.extend(chunk.valid().chars().map(Atom::Char));
        atoms.extend(chunk.invalid().iter().copied().map(Atom::Byte));
    }
    atoms
}

/// Which atoms of `sealed` are not in `found`, and the other way around.
pub(crate) fn marks(sealed: &[Atom], found: &[Atom]) -> (Vec<bool>, Vec<bool>) {
    let mut left = Side::new(sealed);
    let mut right = Side::new(found);
    let (left_words, right_words) = (words(sealed), words(found));
    if left_words.len().max(right_words.len()) > WORDS {
        mark(&mut left, 0..sealed.len(), &mut right, 0..found.len());
        return (left.marks, right.marks);
    }
    let range = |words: &[&[Atom]], starts: &[usize], at: usize, count: usize| {
        let start = starts.get(at).copied().unwrap_or_default();
        let length: usize = words.iter().skip(at).take(count).map(|word| word.len()).sum();
        start..start + length
    };
    let (left_starts, right_starts) = (starts(&left_words), starts(&right_words));
    for op in capture_diff_slices(Algorithm::Myers, &left_words, &right_words) {
        let (old, new) = match op {
            DiffOp::Equal { .. } => continue,
            op => (op.old_range(), op.new_range()),
        };
        let sealed_range = range(&left_words, &left_starts, old.start, old.len());
        let found_range = range(&right_words, &right_starts, new.start, new.len());
        mark(&mut left, sealed_range, &mut right, found_range);
    }
    (left.marks, right.marks)
}

struct Side<'a> {
    atoms: &'a [Atom],
    marks: Vec<bool>,
}

impl<'a> Side<'a> {
    fn new(atoms: &'a [Atom]) -> Self {
        Self { atoms, marks: vec![false; atoms.len()] }
    }

    fn slice(&self, range: &std::ops::Range<usize>) -> &'a [Atom] {
        self.atoms.get(range.clone()).unwrap_or_default()
    }

    fn set(&mut self, range: std::ops::Range<usize>) {
        self.marks.get_mut(range).unwrap_or_default().fill(true);
    }
}

/// Marks two ranges that stand for each other, without what they begin and end with in common.
fn mark(
    left: &mut Side<'_>,
    left_range: std::ops::Range<usize>,
    right: &mut Side<'_>,
    right_range: std::ops::Range<usize>,
) {
    let (old, new) = (left.slice(&left_range), right.slice(&right_range));
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    left.set(left_range.start + head..left_range.end - tail);
    right.set(right_range.start + head..right_range.end - tail);
}

/// Runs of letters and digits, and every other atom by itself.
fn words(atoms: &[Atom]) -> Vec<&[Atom]> {
    let in_word = |atom: &Atom| matches!(atom, Atom::Char(c) if c.is_alphanumeric());
    atoms.chunk_by(|a, b| in_word(a) && in_word(b)).collect()
}

/// Where each word begins.
fn starts(words: &[&[Atom]]) -> Vec<usize> {
    words
        .iter()
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len();
            Some(start)
        })
        .chain(std::iter::once(words.iter().map(|word| word.len()).sum()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(sealed: &str, found: &str) -> (String, String) {
        let (left, right) = (atoms(sealed.as_bytes()), atoms(found.as_bytes()));
        let (a, b) = marks(&left, &right);
        let draw = |marks: Vec<bool>| marks.iter().map(|m| if *m { '^' } else { '.' }).collect();
        (draw(a), draw(b))
    }

    #[test]
    fn marks_what_differs_and_nothing_else() {
        let cases = [
            ("a \u{2014} b", "a - b", "..^..", "..^.."),
            ("same", "same", "....", "...."),
            ("end  ", "end", "...^^", "..."),
            ("x \\u2014 y", "x \u{2014} y", "..^^^^^^..", "..^.."),
            ("te\u{445}t", "text", "..^.", "..^."),
            ("", "new", "", "^^^"),
        ];
        for (sealed, found, left, right) in cases {
            assert_eq!(picture(sealed, found), (left.to_owned(), right.to_owned()), "{sealed} {found}");
        }
    }

    #[test]
    fn a_line_of_very_many_words_is_marked_as_a_whole() {
        let sealed = "a ".repeat(WORDS);
        let found = sealed.replacen('a', "b", 1).replace("a a", "a c");
        let (left, _) = picture(&sealed, &found);
        assert!(left.starts_with('^') && left.matches('^').count() > WORDS);
    }

    #[test]
    fn stray_bytes_are_atoms() {
        assert_eq!(atoms(b"a\xff"), [Atom::Char('a'), Atom::Byte(0xff)]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_not_marked_is_common(sealed in "[ab \u{2014}]{0,30}", found in "[ab \u{2014}]{0,30}") {
            let (left, right) = (atoms(sealed.as_bytes()), atoms(found.as_bytes()));
            let (a, b) = marks(&left, &right);
            let rest = |atoms: &[Atom], marks: &[bool]| -> Vec<Atom> {
                atoms.iter().zip(marks).filter(|(_, m)| !**m).map(|(atom, _)| *atom).collect()
            };
            proptest::prop_assert_eq!(rest(&left, &a), rest(&right, &b));
        }
    }
}
