//! `crlf_drift`: line ends converted, of the whole file or of some lines.

use memchr::memchr2;

use super::family::{Family, Text};
use super::recipe::{Edit, Edits, EditsBuilder};
use super::sink::Sink;
use super::site::PairBuilder;
use crate::code::Code;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum End {
    Lf,
    CrLf,
    Cr,
    /// CR CR LF, left by writing CRLF through a text-mode stream.
    CrCrLf,
}

impl End {
    pub(super) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
            Self::Cr => b"\r",
            Self::CrCrLf => b"\r\r\n",
        }
    }

    /// The name used in reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::CrLf => "CRLF",
            Self::Cr => "CR",
            Self::CrCrLf => "CR CR LF",
        }
    }

    /// The end that is spelled like that.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        [Self::Lf, Self::CrLf, Self::Cr, Self::CrCrLf].into_iter().find(|end| end.bytes() == bytes)
    }
}

/// Every line end of `text` with its offset. CR CR LF is CR and CRLF unless `doubled`.
pub(super) fn ends(text: &[u8], doubled: bool) -> impl Iterator<Item = (usize, End)> + '_ {
    let mut pos = 0;
    std::iter::from_fn(move || {
        let rest = text.get(pos..)?;
        let at = pos + memchr2(b'\r', b'\n', rest)?;
        let end = match text.get(at..)? {
            [b'\r', b'\r', b'\n', ..] if doubled => End::CrCrLf,
            [b'\r', b'\n', ..] => End::CrLf,
            [b'\r', ..] => End::Cr,
            _ => End::Lf,
        };
        pos = at + end.bytes().len();
        Some((at, end))
    })
}

/// How many lines end in what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) lf: usize,
    pub(super) crlf: usize,
    pub(super) cr: usize,
    /// How many CRLF of `crlf` follow another CR.
    pub(super) doubled: usize,
}

impl Counts {
    pub(super) fn of(text: &[u8]) -> Self {
        let mut counts = Self::default();
        let mut last_cr = None;
        for (at, end) in ends(text, false) {
            match end {
                End::Lf => counts.lf += 1,
                End::Cr => {
                    counts.cr += 1;
                    last_cr = Some(at);
                }
                End::CrLf | End::CrCrLf => {
                    counts.crlf += 1;
                    counts.doubled += usize::from(last_cr.is_some_and(|cr| cr + 1 == at));
                }
            }
        }
        counts
    }

    /// The line ends of which there are most, LF when there are none.
    pub(super) fn main(&self) -> End {
        if self.crlf > self.lf && self.crlf >= self.cr {
            End::CrLf
        } else if self.cr > self.lf {
            End::Cr
        } else {
            End::Lf
        }
    }
}

/// A conversion from the line ends found to the sealed ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Conversion {
    /// CRLF to LF.
    CrLfToLf,
    /// LF to CRLF.
    LfToCrLf,
    /// Lone CR to LF.
    CrToLf,
    /// LF to lone CR.
    LfToCr,
    /// CRLF to lone CR.
    CrLfToCr,
    /// Lone CR to CRLF.
    CrToCrLf,
    /// Everything to LF.
    AllToLf,
    /// Everything to CRLF.
    AllToCrLf,
    /// CR CR LF to CRLF.
    DoubledToCrLf,
    /// CR CR LF to LF.
    DoubledToLf,
}

impl Conversion {
    /// Every conversion, the most frequent first.
    pub(super) const ALL: [Self; 10] = [
        Self::CrLfToLf,
        Self::LfToCrLf,
        Self::AllToLf,
        Self::AllToCrLf,
        Self::CrToLf,
        Self::LfToCr,
        Self::CrLfToCr,
        Self::CrToCrLf,
        Self::DoubledToCrLf,
        Self::DoubledToLf,
    ];

    /// Whether it changes a text with such line ends, and not in the same way
    /// as one named earlier.
    pub(super) fn applies(self, counts: Counts) -> bool {
        match self {
            Self::CrLfToLf | Self::CrLfToCr => counts.crlf > 0,
            Self::LfToCrLf | Self::LfToCr => counts.lf > 0,
            Self::CrToLf | Self::CrToCrLf => counts.cr > counts.doubled,
            Self::AllToLf => counts.cr > counts.doubled && counts.crlf > 0,
            Self::AllToCrLf => counts.cr > counts.doubled && counts.lf > 0,
            Self::DoubledToCrLf | Self::DoubledToLf => counts.doubled > 0,
        }
    }

    /// Whether it is one of CR CR LF.
    pub(super) fn is_of_doubled(self) -> bool {
        matches!(self, Self::DoubledToCrLf | Self::DoubledToLf)
    }

    /// What a line end was.
    pub(super) fn sealed(self, found: End) -> End {
        match (self, found) {
            (Self::CrLfToLf, End::CrLf)
            | (Self::CrToLf, End::Cr)
            | (Self::AllToLf, End::Cr | End::CrLf)
            | (Self::DoubledToLf, End::CrCrLf) => End::Lf,
            (Self::LfToCrLf, End::Lf)
            | (Self::CrToCrLf, End::Cr)
            | (Self::AllToCrLf, End::Lf | End::Cr)
            | (Self::DoubledToCrLf, End::CrCrLf) => End::CrLf,
            (Self::LfToCr, End::Lf) | (Self::CrLfToCr, End::CrLf) => End::Cr,
            (_, found) => found,
        }
    }

    /// The replacements that undo it in `text`.
    pub(super) fn edits(self, text: &[u8]) -> Option<Edits> {
        let mut edits = EditsBuilder::new(Code::CrlfDrift);
        for (at, end) in ends(text, self.is_of_doubled()) {
            edits.push(at, end.bytes(), self.sealed(end).bytes());
        }
        edits.finish()
    }
}

/// The family `crlf_drift`.
pub(super) struct LineEnds;

impl Family for LineEnds {
    fn code(&self) -> Code {
        Code::CrlfDrift
    }

    fn pairs(&self, text: Text<'_>, out: &mut Sink<'_, '_>) {
        if text.has_many_lines() {
            return;
        }
        let counts = Counts::of(text.bytes);
        for conversion in [Conversion::CrLfToLf, Conversion::LfToCrLf] {
            if !conversion.applies(counts) {
                continue;
            }
            let mut pair = PairBuilder::new(Code::CrlfDrift, 20);
            for (at, end) in ends(text.bytes, false) {
                pair.site(at, end.bytes(), conversion.sealed(end).bytes());
            }
            out.extend(pair.finish());
        }
    }

    fn is_legal(&self, _: &[u8], edit: &Edit<'_>) -> bool {
        End::of(edit.found).is_some() && End::of(edit.sealed).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_conversion_that_applies_changes_the_text() {
        let samples: [&[u8]; 6] =
            [b"a\nb\n", b"a\r\nb\r\n", b"a\rb\r", b"a\nb\r\nc\rd", b"a\r\r\nb\r\r\n", b"none"];
        for text in samples {
            let counts = Counts::of(text);
            let sealed =
                |conversion: Conversion| conversion.edits(text).map(|edits| edits.undo(text).unwrap());
            let tried: Vec<_> =
                Conversion::ALL.into_iter().filter(|c| c.applies(counts)).map(sealed).collect();
            assert!(tried.iter().all(Option::is_some), "{text:?}");
            for conversion in Conversion::ALL {
                let result = sealed(conversion);
                assert!(
                    result.is_none() || counts.doubled > 0 || tried.contains(&result),
                    "{conversion:?} {text:?}"
                );
            }
        }
    }

    #[test]
    fn mixed_ends_become_one() {
        let text = b"a\nb\r\nc\rd";
        assert_eq!(Conversion::AllToLf.edits(text).unwrap().undo(text).unwrap(), b"a\nb\nc\nd");
        assert_eq!(Conversion::AllToCrLf.edits(text).unwrap().undo(text).unwrap(), b"a\r\nb\r\nc\r\nd");
        assert_eq!(Conversion::CrLfToLf.edits(text).unwrap().undo(text).unwrap(), b"a\nb\nc\rd");
        assert_eq!(Counts::of(text), Counts { lf: 1, crlf: 1, cr: 1, doubled: 0 });
    }
}
