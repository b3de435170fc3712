//! `git_ident` and `git_export_subst`: keywords that git fills in or takes out
//! (gitattributes(5), `ident` and `export-subst`).
//!
//! What `$Id$` expands to follows from the file itself. What a `$Format:…$`
//! stood for follows from a commit that is not at hand, so of those only the
//! expanded form is taken back, to placeholders that are in common use.

mod placeholder;

use std::ops::ControlFlow;

use data_encoding::HEXLOWER;
use memchr::memmem;
use sha1::Digest as _;

use super::family::{Family, Text};
use super::meter::Spent;
use super::recipe::{Edit, Edits, EditsBuilder};
use super::sink::Sink;
use super::site::PairBuilder;
use super::trial::Trial;
use crate::code::Code;
use crate::digest::Hasher;

/// The keyword as it is committed.
const ID: &[u8] = b"$Id$";
/// The longest expanded keyword looked at, in bytes.
const LONGEST: usize = 200;

/// Every `$Id$` and expanded `$Id: …$` of a text, by offset.
fn keywords(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    memmem::find_iter(text, b"$Id").filter_map(|at| {
        let rest = text.get(at..text.len().min(at + LONGEST))?;
        if rest.starts_with(ID) {
            return Some((at, ID));
        }
        let body = rest.strip_prefix(b"$Id:")?;
        let end = body.iter().position(|b| matches!(b, b'$' | b'\n'))?;
        (body.get(end) == Some(&b'$')).then(|| Some((at, rest.get(..end + 5)?)))?
    })
}

/// The text as it is committed: every keyword collapsed.
fn collapsed(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut done = 0;
    for (at, keyword) in keywords(text) {
        let Some(kept) = text.get(done..at) else { continue };
        out.extend_from_slice(kept);
        out.extend_from_slice(ID);
        done = at + keyword.len();
    }
    out.extend_from_slice(text.get(done..).unwrap_or_default());
    out
}

/// What git writes for the keyword in this text: the name of its blob, in
/// repositories of both kinds.
fn expansions(text: &[u8]) -> [Vec<u8>; 2] {
    let blob = collapsed(text);
    let head = format!("blob {}\0", blob.len());
    let sha1 = sha1::Sha1::new().chain_update(&head).chain_update(&blob).finalize();
    let mut sha256 = Hasher::new(crate::digest::Algorithm::Sha256);
    sha256.update(head.as_bytes());
    sha256.update(&blob);
    let write = |id: &str| format!("$Id: {id} $").into_bytes();
    [write(&HEXLOWER.encode(&sha1)), write(&sha256.finish().to_string())]
}

/// The family `git_ident`.
pub(super) struct Ident;

impl Family for Ident {
    fn code(&self) -> Code {
        Code::GitIdent
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        let mut expanded = PairBuilder::new(Code::GitIdent, 30);
        for (at, keyword) in keywords(text.bytes) {
            expanded.site(at, keyword, ID);
        }
        out.extend(expanded.finish());
        if keywords(text.bytes).next().is_some() {
            for sealed in expansions(text.bytes) {
                let mut pair = PairBuilder::new(Code::GitIdent, 30);
                for (at, keyword) in keywords(text.bytes) {
                    pair.site(at, keyword, &sealed);
                }
                out.extend(pair.finish());
            }
        }
    }

    fn is_legal(&self, found: &[u8], edit: &Edit<'_>) -> bool {
        is_keyword(edit.found) && (edit.sealed == ID || expansions(found).iter().any(|id| id == edit.sealed))
    }

    fn are_legal(&self, found: &[u8], edits: &Edits) -> bool {
        let expansions = expansions(found);
        edits.rules().iter().all(|rule| {
            is_keyword(&rule.found)
                && (*rule.sealed == *ID || expansions.iter().any(|id| **id == *rule.sealed))
        })
    }
}

fn is_keyword(text: &[u8]) -> bool {
    keywords(text).next() == Some((0, text))
}

/// The family `git_export_subst`.
pub(super) struct ExportSubst;

/// Texts longer than this are no version files.
const LONGEST_TEXT: usize = 256 << 10;
/// Combinations of placeholders tried.
const MOST_TRIES: usize = 4096;

impl ExportSubst {
    /// What may have been sealed, the likely first, until `take` breaks.
    fn candidates(text: Text<'_>, take: &mut dyn FnMut(Edits) -> ControlFlow<()>) -> ControlFlow<()> {
        // Filled in at once by one program: the bytes as they are and their simplest variants.
        if text.bytes.len() > LONGEST_TEXT || text.least > 4 {
            return ControlFlow::Continue(());
        }
        let places = placeholder::places(text.bytes);
        let tries = if text.least == 0 { MOST_TRIES } else { MOST_TRIES / 16 };
        // Counts through the choices like an odometer, the last place fastest; the
        // likeliest choice of each place comes first.
        let mut digits = vec![0usize; places.len()];
        for _ in 0..tries {
            let mut edits = EditsBuilder::new(Code::GitExportSubst);
            for (place, digit) in places.iter().zip(&digits) {
                if let (Some(found), Some(sealed)) = (place.text(text.bytes), place.choices.get(*digit)) {
                    edits.push(place.at, found, format!("$Format:{sealed}$").as_bytes());
                }
            }
            if let Some(edits) = edits.finish() {
                take(edits)?;
            }
            let turned = digits.iter_mut().zip(&places).rev().any(|(digit, place)| {
                // One past the last choice means that nothing was filled in there.
                *digit = if *digit == place.choices.len() { 0 } else { *digit + 1 };
                *digit != 0
            });
            if !turned {
                break;
            }
        }
        ControlFlow::Continue(())
    }
}

impl Family for ExportSubst {
    fn code(&self) -> Code {
        Code::GitExportSubst
    }

    fn rewrites(&self, text: Text<'_>, trial: &mut Trial<'_, '_>) -> Result<Option<Vec<Edits>>, Spent> {
        trial.first(text.bytes, |take| Self::candidates(text, take))
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        let inner = edit.sealed.strip_prefix(b"$Format:").and_then(|rest| rest.strip_suffix(b"$"));
        inner.is_some_and(|format| placeholder::fits(format, edit.found))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::collect;
    use super::*;

    #[test]
    fn expanded_keywords_collapse() {
        let text = b"# $Id: 0123abcd $\n$Id$ $Id: open\n$";
        let pairs = collect(&Ident, text, b"");
        let sealed = pairs.first().unwrap().edits(|_| true).unwrap().undo(text).unwrap();
        assert_eq!(sealed, b"# $Id$\n$Id$ $Id: open\n$");
    }

    /// The names are those that `git hash-object` prints for `a $Id$ b` and a newline.
    #[test]
    fn collapsed_keywords_expand_as_git_expands_them() {
        let [sha1, sha256] = expansions(b"a $Id: of another version $ b\n");
        assert_eq!(sha1, b"$Id: e605f93a1b7db1e05951d38a8f3ea04263a2c1a4 $");
        assert_eq!(sha256, b"$Id: f219107ac312baf49bef190e27c26d56510686918127cb94df5577f26887668e $");
        let text = b"a $Id$ b\n";
        let sealed: Vec<Vec<u8>> = collect(&Ident, text, b"")
            .iter()
            .map(|pair| pair.edits(|_| true).unwrap().undo(text).unwrap())
            .collect();
        assert!(sealed.contains(&[b"a ", &*sha1, b" b\n"].concat()));
        let legal = |sealed: &[u8]| Ident.is_legal(text, &Edit { at: 2, found: b"$Id$", sealed });
        assert!(legal(&sha1) && legal(&sha256) && !legal(b"$Id: 1234 $"));
        assert!(!Ident.is_legal(text, &Edit { at: 0, found: b"a", sealed: b"$Id$" }));
    }

    fn sealed(found: &str) -> Vec<String> {
        let text = Text { bytes: found.as_bytes(), name: b"v.txt", want: None, least: 0 };
        let mut out = Vec::new();
        let _ = ExportSubst::candidates(text, &mut |edits| {
            assert!(ExportSubst.are_legal(text.bytes, &edits));
            out.push(String::from_utf8(edits.undo(text.bytes).unwrap()).unwrap());
            ControlFlow::Continue(())
        });
        out
    }

    #[test]
    fn filled_in_placeholders_are_put_back() {
        let found = "node: 0123456789abcdef0123456789abcdef01234567\n\
                     node-date: 2026-06-14T12:00:00+00:00\n\
                     describe-name: v1.2-3-g0123456\n\
                     ref-names: HEAD -> main, tag: v1.2\n";
        let want = "node: $Format:%H$\nnode-date: $Format:%cI$\n\
                    describe-name: $Format:%(describe:tags=true,match=*[0-9]*)$\nref-names: $Format:%D$\n";
        assert!(sealed(found).iter().any(|text| text == want));
        let found = "git_refnames = \" (HEAD -> main)\"\ngit_full = \"0123456789abcdef0123456789abcdef01234567\"\n\
                     git_date = \"2026-06-14 12:00:00 +0000\"\n";
        let want =
            "git_refnames = \"$Format:%d$\"\ngit_full = \"$Format:%H$\"\ngit_date = \"$Format:%ci$\"\n";
        assert!(sealed(found).iter().any(|text| text == want));
    }

    #[test]
    fn a_text_without_a_commit_has_no_placeholders() {
        assert!(sealed("version 1.2\ndate: 2026-06-14\n").is_empty());
        let many = "0123456789abcdef0123456789abcdef01234567\n".repeat(500);
        assert!(sealed(&many).len() <= MOST_TRIES);
    }
}
