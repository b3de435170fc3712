//! The diagnosis when the sealed bytes themselves are in hand: exact, and cheap.
//!
//! A conversion of the whole file is still proven by undoing it. Otherwise the
//! two are compared: differences that families of drift make at their places
//! are called so when every one of them is; anything else is an edit, which no
//! family is ever stretched over.

use std::ops::Range;

use bstr::ByteSlice;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::family::FAMILIES;
use super::line_ends::{Conversion, Counts};
use super::recipe::{Edit, EditsBuilder, Recipe, Step};
use super::{Allowance, Cause, Diagnosis, Grade, LineChange, Question, Search, describe, mojibake, prove};
use crate::code::Code;

/// With the length known, more than this finds nothing that comparing does not, in bytes hashed.
const ENOUGH: u64 = 8 << 20;
/// Lines between the common beginning and end that are put side by side.
const LINES: usize = 200_000;
/// Pairs of lines that are compared character by character, and their length in bytes.
const PAIRS: usize = 20_000;
const LINE: usize = 4096;
/// Changed lines that are kept for the report, and named in a scope.
const SHOWN: usize = 3;
const NAMED: usize = 6;

/// Why the bytes found are not the sealed ones, which are `sealed`: the caller
/// has hashed them.
pub(crate) fn compare(question: &Question<'_>, sealed: &[u8], allowance: &Allowance) -> Diagnosis {
    let known = Question { sealed_size: Some(sealed.len() as u64), ..*question };
    let few = Allowance { bytes: allowance.bytes.min(ENOUGH), deep: false };
    let diagnosis = super::explain(&known, &few);
    if diagnosis.is_proven() {
        return diagnosis;
    }
    let search = Search { exhausted: true, ..diagnosis.search };
    let hunks = lines(question.found, sealed);
    // Of many lines that are alike a shortest difference pairs others than those that stand for each other.
    let drift = |hunks: &[Hunk]| drift(&known, sealed, hunks, search);
    if let Some(drift) =
        aligned(question.found, sealed).and_then(|hunks| drift(&hunks)).or_else(|| drift(&hunks))
    {
        return drift;
    }
    edited(question.found, sealed, &hunks, search)
}

/// A difference: a range of the bytes found, and the one that was sealed in its place.
type Hunk = (Range<usize>, Range<usize>);

/// Lines with their ends, and where each begins; one more for the end of the text.
fn split(text: &[u8]) -> (Vec<&[u8]>, Vec<usize>) {
    let lines: Vec<&[u8]> = text.lines_with_terminator().collect();
    let mut starts = Vec::with_capacity(lines.len() + 1);
    let mut at = 0;
    for line in &lines {
        starts.push(at);
        at += line.len();
    }
    starts.push(at);
    (lines, starts)
}

/// The differences in whole lines, as numbers of lines.
fn lines(found: &[u8], sealed: &[u8]) -> Vec<Hunk> {
    let (new, _) = split(found);
    let (old, _) = split(sealed);
    let front = new.iter().zip(&old).take_while(|(a, b)| a == b).count();
    let (new, old) = (new.get(front..).unwrap_or_default(), old.get(front..).unwrap_or_default());
    let back = new.iter().rev().zip(old.iter().rev()).take_while(|(a, b)| a == b).count();
    let new = new.get(..new.len() - back).unwrap_or_default();
    let old = old.get(..old.len() - back).unwrap_or_default();
    let moved = |range: Range<usize>| range.start + front..range.end + front;
    if new.len().max(old.len()) > LINES {
        return vec![(moved(0..new.len()), moved(0..old.len()))];
    }
    let ops = capture_diff_slices(Algorithm::Myers, new, old);
    let hunks = ops.into_iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    hunks.map(|op| (moved(op.old_range()), moved(op.new_range()))).collect()
}

/// The lines that differ from those at the same place; only for equally many lines.
fn aligned(found: &[u8], sealed: &[u8]) -> Option<Vec<Hunk>> {
    let ((new, _), (old, _)) = (split(found), split(sealed));
    let differ = |(_, (now, was)): &(usize, (&&[u8], &&[u8]))| now != was;
    let hunks = new.iter().zip(&old).enumerate().filter(differ).map(|(at, _)| (at..at + 1, at..at + 1));
    (new.len() == old.len()).then(|| hunks.collect())
}

/// The differences in bytes: of lines that stand for each other, the characters.
fn bytes(found: &[u8], sealed: &[u8], hunks: &[Hunk]) -> Vec<Hunk> {
    let (new, new_at) = split(found);
    let (old, old_at) = split(sealed);
    let mut pairs = 0;
    let mut out = Vec::new();
    let place = |starts: &[usize], at: usize| starts.get(at).copied().unwrap_or_default();
    for (a, b) in hunks {
        if a.len() != b.len() || pairs + a.len() > PAIRS {
            out.push((
                place(&new_at, a.start)..place(&new_at, a.end),
                place(&old_at, b.start)..place(&old_at, b.end),
            ));
            continue;
        }
        pairs += a.len();
        for (i, j) in a.clone().zip(b.clone()) {
            let (Some(line), Some(was)) = (new.get(i), old.get(j)) else { continue };
            characters(line, was, place(&new_at, i), place(&old_at, j), &mut out);
        }
    }
    out
}

/// The differences of two lines, character by character.
fn characters(found: &[u8], sealed: &[u8], at: usize, was_at: usize, out: &mut Vec<Hunk>) {
    let whole = (at..at + found.len(), was_at..was_at + sealed.len());
    if found.len().max(sealed.len()) > LINE {
        out.push(whole);
        return;
    }
    let units = |line: &[u8]| -> Vec<(usize, usize)> {
        line.char_indices().map(|(start, end, _)| (start, end)).collect()
    };
    let (a, b) = (units(found), units(sealed));
    let texts = |units: &[(usize, usize)], line: &[u8]| -> Vec<Vec<u8>> {
        units.iter().map(|(start, end)| line.get(*start..*end).unwrap_or_default().to_vec()).collect()
    };
    let ops = capture_diff_slices(Algorithm::Myers, &texts(&a, found), &texts(&b, sealed));
    let range = |units: &[(usize, usize)], range: Range<usize>, base: usize, length: usize| {
        let start = units.get(range.start).map_or(length, |unit| unit.0);
        let end = units.get(range.end).map_or(length, |unit| unit.0);
        base + start..base + end
    };
    for op in ops.into_iter().filter(|op| !matches!(op, DiffOp::Equal { .. })) {
        out.push((
            range(&a, op.old_range(), at, found.len()),
            range(&b, op.new_range(), was_at, sealed.len()),
        ));
    }
}

/// The answer when every difference is one that a family of drift makes: a
/// recipe, held to the same proof as one that was searched for.
fn drift(question: &Question<'_>, sealed: &[u8], hunks: &[Hunk], search: Search) -> Option<Diagnosis> {
    let found = question.found;
    let hunks = bytes(found, sealed, hunks);
    let mut of_code: Vec<(Code, Vec<&Hunk>)> = Vec::new();
    for hunk in &hunks {
        let edit =
            Edit { at: hunk.0.start, found: found.get(hunk.0.clone())?, sealed: sealed.get(hunk.1.clone())? };
        // One changed digit is an edit, whatever else it could be.
        let family = FAMILIES.iter().find(|family| {
            !matches!(family.code(), Code::BitRot | Code::GitLfsPointer) && family.is_legal(found, &edit)
        })?;
        match of_code.iter_mut().find(|(code, _)| *code == family.code()) {
            Some((_, all)) => all.push(hunk),
            None => of_code.push((family.code(), vec![hunk])),
        }
    }
    // Hunks whose step is undone already, in order, with how far they move what is behind them.
    let mut done: Vec<(usize, usize, usize)> = Vec::new();
    let mut steps = Vec::new();
    for (code, hunks) in of_code {
        let mut sums: Vec<(usize, usize, usize)> = Vec::with_capacity(done.len());
        for (end, grown, shrunk) in &done {
            let (_, g, s) = sums.last().copied().unwrap_or_default();
            sums.push((*end, g + grown, s + shrunk));
        }
        let mut edits = EditsBuilder::new(code);
        for hunk in &hunks {
            let before = sums.partition_point(|(end, ..)| *end <= hunk.0.start);
            let (_, grown, shrunk) =
                before.checked_sub(1).and_then(|at| sums.get(at)).copied().unwrap_or_default();
            let at = (hunk.0.start + grown).checked_sub(shrunk)?;
            edits.push(at, found.get(hunk.0.clone())?, sealed.get(hunk.1.clone())?);
        }
        done.extend(hunks.iter().map(|hunk| (hunk.0.end, hunk.1.len(), hunk.0.len())));
        done.sort_unstable();
        steps.push(Step::Edits(edits.finish()?));
    }
    let recipe = Recipe::new(steps);
    let texts = prove::prove(question, &recipe)?;
    let recipe = mojibake::named(recipe, &texts);
    Some(Diagnosis {
        causes: describe::causes(&recipe, &texts),
        grade: Grade::ProvenByOriginal,
        first_difference: describe::first_difference(found, sealed),
        changed_lines: describe::changed_lines(found, sealed),
        observations: Vec::new(),
        search,
        recipe: Some(recipe),
    })
}

/// The answer for an edit, and for one whose line ends were converted too.
fn edited(found: &[u8], sealed: &[u8], hunks: &[Hunk], search: Search) -> Diagnosis {
    let converted = converted(found, sealed);
    let (text, conversion) =
        converted.as_ref().map_or((found, None), |(text, cause)| (text.as_slice(), Some(cause)));
    let own;
    let hunks = if conversion.is_some() {
        own = lines(text, sealed);
        &own
    } else {
        hunks
    };
    let edit =
        Cause { code: Code::EditedContent, direction: String::new(), scope: scope(hunks), sites: None };
    Diagnosis {
        causes: std::iter::once(edit).chain(conversion.cloned()).collect(),
        grade: Grade::ProvenByOriginal,
        recipe: None,
        first_difference: describe::first_difference(found, sealed),
        changed_lines: changed(text, sealed, hunks),
        observations: Vec::new(),
        search,
    }
}

/// The text with the line ends that were sealed, when those found are others.
fn converted(found: &[u8], sealed: &[u8]) -> Option<(Vec<u8>, Cause)> {
    let (now, then) = (Counts::of(found), Counts::of(sealed));
    if now.main() == then.main() || now.lf + now.crlf + now.cr == 0 || then.lf + then.crlf + then.cr == 0 {
        return None;
    }
    let mut conversions = Conversion::ALL.into_iter().filter(|conversion| conversion.applies(now));
    conversions.find_map(|conversion| {
        let edits = conversion.edits(found)?;
        let text = edits.undo(found)?;
        let after = Counts::of(&text);
        let fits = after.main() == then.main() && (after.crlf > 0) == (then.crlf > 0);
        let recipe = Recipe::new(vec![Step::Edits(edits)]);
        let cause = describe::causes(&recipe, &[found.into(), text.as_slice().into()]).pop()?;
        fits.then_some((text, cause))
    })
}

/// `4 lines changed, 2 added: lines 12, 40 and 3 more places`.
fn scope(hunks: &[Hunk]) -> String {
    let (mut changed, mut added, mut removed) = (0, 0, 0);
    for (found, sealed) in hunks {
        let both = found.len().min(sealed.len());
        changed += both;
        added += found.len() - both;
        removed += sealed.len() - both;
    }
    let counts = [(changed, "changed"), (added, "added"), (removed, "removed")];
    let mut parts = Vec::new();
    for (count, word) in counts.into_iter().filter(|(count, _)| *count > 0) {
        let noun = match (parts.is_empty(), count) {
            (false, _) => "",
            (true, 1) => "line ",
            (true, _) => "lines ",
        };
        parts.push(format!("{count} {noun}{word}"));
    }
    let at: Vec<String> =
        hunks.iter().take(NAMED).map(|(_, sealed)| (sealed.start + 1).to_string()).collect();
    let word = if hunks.len() == 1 { "line" } else { "lines" };
    let more = match hunks.len().saturating_sub(NAMED) {
        0 => String::new(),
        1 => " and 1 more place".to_owned(),
        n => format!(" and {n} more places"),
    };
    format!("{}: {word} {}{more}", parts.join(", "), at.join(", "))
}

/// The first changed lines.
fn changed(found: &[u8], sealed: &[u8], hunks: &[Hunk]) -> Vec<LineChange> {
    let (new, _) = split(found);
    let (old, _) = split(sealed);
    let mut out = Vec::new();
    for (a, b) in hunks {
        for offset in 0..a.len().max(b.len()) {
            if out.len() == SHOWN {
                return out;
            }
            let now = a.clone().nth(offset).and_then(|at| new.get(at)).copied();
            let then = b.clone().nth(offset).and_then(|at| old.get(at)).copied();
            let clip = |line: Option<&[u8]>, other: Option<&[u8]>| {
                line.map(|line| describe::clip(line, other.unwrap_or_default()))
            };
            let line = (b.start + offset.min(b.len()) + 1) as u64;
            out.push(LineChange { line, sealed: clip(then, now), found: clip(now, then) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{Digest, Sha256};

    fn of(found: &str, sealed: &str) -> Diagnosis {
        let digest = Digest::Sha256(Sha256::of(sealed.as_bytes()));
        let question =
            Question { sealed: &digest, sealed_size: None, found: found.as_bytes(), name: b"a.md" };
        compare(&question, sealed.as_bytes(), &Allowance { bytes: 1 << 20, deep: false })
    }

    fn codes(diagnosis: &Diagnosis) -> Vec<&'static str> {
        diagnosis.causes.iter().map(|cause| cause.code.id()).collect()
    }

    #[test]
    fn a_conversion_of_the_whole_file_is_still_proven_by_undoing_it() {
        let diagnosis = of("one\r\ntwo\r\n", "one\ntwo\n");
        assert_eq!((codes(&diagnosis), diagnosis.grade), (vec!["crlf_drift"], Grade::ProvenByHash));
    }

    #[test]
    fn an_edit_is_one_with_its_lines_and_no_recipe() {
        let diagnosis = of("one\ntwo 4712\nthree\nnew\n", "one\ntwo 4711\nthree\n");
        assert_eq!((codes(&diagnosis), diagnosis.grade), (vec!["edited_content"], Grade::ProvenByOriginal));
        assert_eq!(diagnosis.causes[0].scope, "1 line changed, 1 added: lines 2, 4");
        assert_eq!(diagnosis.changed_lines.len(), 2);
        assert_eq!(diagnosis.first_difference.map(|at| (at.line, at.column)), Some((2, 8)));
        assert!(diagnosis.recipe.is_none() && diagnosis.search.exhausted);
    }

    #[test]
    fn an_edit_in_converted_line_ends_is_both() {
        let sealed: String = (0..40).flat_map(|n| ["line ".to_owned(), format!("{n}\n")]).collect();
        let found = sealed.replace("line 7", "other words").replace('\n', "\r\n");
        let diagnosis = of(&found, &sealed);
        assert_eq!(codes(&diagnosis), ["edited_content", "crlf_drift"]);
        assert_eq!(diagnosis.causes[0].scope, "1 line changed: line 8");
    }

    #[test]
    fn scattered_replacements_of_one_family_are_drift_whatever_their_pattern() {
        let mut found = String::new();
        let mut sealed = String::new();
        for n in 0..400u32 {
            let then = if n.wrapping_mul(2_654_435_761) >> 30 == 1 { "\u{2014}" } else { "-" };
            found += "word - word\n";
            sealed += &["word ", then, " word\n"].concat();
        }
        let diagnosis = of(&found, &sealed);
        assert_eq!(codes(&diagnosis), ["emdash_unicode_drift"]);
        assert_eq!(diagnosis.recipe.unwrap().undo(found.as_bytes()).unwrap(), sealed.as_bytes());
    }

    #[test]
    fn drift_beside_an_edit_is_never_called_drift_alone() {
        let diagnosis = of("a - b\nprice 12\nc - d\n", "a \u{2014} b\nprice 11\nc - d\n");
        assert_eq!(codes(&diagnosis), ["edited_content"]);
    }

    #[test]
    fn very_many_changed_lines_are_one_place() {
        let found = "x\n".repeat(LINES + 10);
        let sealed = "y\n".repeat(LINES + 5);
        let diagnosis = of(&found, &sealed);
        let scope = format!("{} lines changed, 5 added: line 1", LINES + 5);
        assert_eq!(diagnosis.causes[0].scope, scope);
    }
}
