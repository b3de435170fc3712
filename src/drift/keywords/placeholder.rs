//! Placeholders of git's pretty formats (git-log(1), "PRETTY FORMATS") and what
//! they are filled in with: where in a text one may have been.

/// Places looked at in one text.
const MOST_PLACES: usize = 12;

/// A place that a placeholder may have been filled in at.
pub(super) struct Place {
    /// Where.
    pub(super) at: usize,
    /// Its length in bytes; may be none.
    len: usize,
    /// Formats that give it, the likely ones first.
    pub(super) choices: &'static [&'static str],
}

impl Place {
    /// What stands there.
    pub(super) fn text<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        text.get(self.at..self.at.checked_add(self.len)?)
    }
}

/// What placeholders are filled in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// The name of a commit or tree, all 40 or 64 digits.
    Name,
    /// The same, abbreviated.
    Abbreviated,
    /// `2026-06-14T12:00:00+00:00`.
    Strict,
    /// `2026-06-14 12:00:00 +0000`.
    Iso,
    /// `Sun Jun 14 12:00:00 2026 +0000`.
    Plain,
    /// `Sun, 14 Jun 2026 12:00:00 +0000`.
    Rfc,
    /// `2026-06-14`.
    Day,
    /// Seconds since 1970.
    Unix,
    /// `v1.2-3-g0123456`, or a tag.
    Described,
    /// ` (HEAD -> main, tag: v1.2)`.
    Decorated,
    /// `HEAD -> main, tag: v1.2`.
    Refs,
}

const CHOICES: [(Shape, &[&str]); 11] = [
    (Shape::Name, &["%H", "%T"]),
    (Shape::Abbreviated, &["%h", "%t"]),
    (Shape::Strict, &["%cI", "%aI"]),
    (Shape::Iso, &["%ci", "%ai"]),
    (Shape::Plain, &["%cd", "%ad"]),
    (Shape::Rfc, &["%cD", "%aD"]),
    (Shape::Day, &["%cs", "%as"]),
    (Shape::Unix, &["%ct", "%at"]),
    (
        Shape::Described,
        &["%(describe:tags=true,match=*[0-9]*)", "%(describe:tags=true)", "%(describe)", "%(describe:tags)"],
    ),
    (Shape::Decorated, &["%d"]),
    (Shape::Refs, &["%D"]),
];

impl Shape {
    fn choices(self) -> &'static [&'static str] {
        CHOICES.iter().find(|(shape, _)| *shape == self).map_or(&[], |(_, choices)| choices)
    }

    /// Whether a whole text is what such a placeholder is filled in with.
    fn matches(self, text: &[u8]) -> bool {
        match self {
            Self::Name => is_hex(text) && matches!(text.len(), 40 | 64),
            Self::Abbreviated => is_hex(text) && (7..=16).contains(&text.len()),
            Self::Strict => like(text, b"0000-00-00T00:00:00+00:00") || like(text, b"0000-00-00T00:00:00Z"),
            Self::Iso => like(text, b"0000-00-00 00:00:00 +0000"),
            Self::Plain => {
                like(text, b"Aaa Aaa 00 00:00:00 0000 +0000") || like(text, b"Aaa Aaa 0 00:00:00 0000 +0000")
            }
            Self::Rfc => {
                like(text, b"Aaa, 00 Aaa 0000 00:00:00 +0000")
                    || like(text, b"Aaa, 0 Aaa 0000 00:00:00 +0000")
            }
            Self::Day => like(text, b"0000-00-00"),
            Self::Unix => like(text, b"0000000000"),
            Self::Described => is_described(text),
            Self::Decorated => {
                text.is_empty()
                    || text.strip_prefix(b" (").and_then(|t| t.strip_suffix(b")")).is_some_and(is_refs)
            }
            Self::Refs => text.is_empty() || is_refs(text),
        }
    }
}

/// Whether `format` is one of the placeholders known here, and may give `text`.
pub(super) fn fits(format: &[u8], text: &[u8]) -> bool {
    CHOICES.iter().any(|(shape, choices)| {
        choices.iter().any(|choice| choice.as_bytes() == format) && shape.matches(text)
    })
}

/// Where placeholders may have been, at most one per field of a line. Empty for a
/// text that names no commit.
pub(super) fn places(text: &[u8]) -> Vec<Place> {
    let mut places = Vec::new();
    let mut names = false;
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        for field in fields(line) {
            let Some(inner) = line.get(field.clone()) else { continue };
            let wanted = !inner.is_empty() || expects_refs(line);
            let shape = CHOICES.iter().map(|(shape, _)| *shape).find(|shape| wanted && shape.matches(inner));
            if let Some(shape) = shape.filter(|shape| *shape != Shape::Described || expects_description(line))
            {
                names |= matches!(shape, Shape::Name | Shape::Abbreviated);
                let choices = if inner.is_empty() && field.end < line.trim_ascii_end().len() {
                    Shape::Decorated.choices()
                } else if inner.is_empty() {
                    Shape::Refs.choices()
                } else {
                    shape.choices()
                };
                places.push(Place { at: start + field.start, len: inner.len(), choices });
                break;
            }
        }
        if places.len() == MOST_PLACES {
            break;
        }
        start += line.len();
    }
    if names { places } else { Vec::new() }
}

/// The parts of a line that may be a whole value: between quotation marks, behind
/// the colon, the whole line, each word.
fn fields(line: &[u8]) -> Vec<std::ops::Range<usize>> {
    let end = line.trim_ascii_end().len();
    let body = line.get(..end).unwrap_or_default();
    let mut fields = Vec::new();
    for quote in [b'"', b'\''] {
        if let (Some(open), Some(close)) = (memchr::memchr(quote, body), memchr::memrchr(quote, body))
            && open < close
        {
            fields.push(open + 1..close);
        }
    }
    if let Some(colon) = memchr::memchr(b':', body) {
        fields.push((colon + 2).min(end)..end);
        fields.push(colon + 1..end);
    }
    fields.push(0..end);
    let mut at = 0;
    for word in body.split(|byte| !(byte.is_ascii_alphanumeric() || b"-+:.".contains(byte))) {
        fields.push(at..at + word.len());
        at += word.len() + 1;
    }
    fields
}

fn holds(line: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(&line.to_ascii_lowercase(), word).is_some()
}

fn expects_refs(line: &[u8]) -> bool {
    holds(line, b"ref-names") || holds(line, b"refnames")
}

fn expects_description(line: &[u8]) -> bool {
    holds(line, b"describe") || holds(line, b"version")
}

fn is_hex(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_described(text: &[u8]) -> bool {
    let named = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/+".contains(byte);
    !text.is_empty() && text.len() <= 100 && text.iter().all(named) && text.iter().any(u8::is_ascii_digit)
}

fn is_refs(text: &[u8]) -> bool {
    let named = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    let starts = [&b"HEAD"[..], b"tag: ", b"origin/", b"main", b"master"];
    text.len() <= 300 && text.iter().all(named) && starts.iter().any(|start| text.starts_with(start))
}

/// Whether digits stand for `0`, a letter for `A` or `a` in its case, a sign for `+`, and all else for itself.
fn like(text: &[u8], pattern: &[u8]) -> bool {
    text.len() == pattern.len()
        && text.iter().zip(pattern).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'a' => byte.is_ascii_lowercase(),
            b'+' => matches!(byte, b'+' | b'-'),
            wanted => byte == wanted,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_git_writes_fits_a_placeholder() {
        let name = b"0123456789abcdef0123456789abcdef01234567";
        for (format, text) in [
            ("%H", &name[..]),
            ("%h", b"0123456"),
            ("%cI", b"2026-06-14T12:00:00+02:00"),
            ("%ci", b"2026-06-14 12:00:00 +0200"),
            ("%ad", b"Sun Jun 14 12:00:00 2026 +0000"),
            ("%d", b" (HEAD -> main, tag: v1)"),
            ("%d", b""),
            ("%D", b"HEAD -> main"),
        ] {
            assert!(fits(format.as_bytes(), text), "{format} {text:?}");
        }
        for (format, text) in
            [("%H", &b"0123456"[..]), ("%h", b"approve"), ("%cI", b"yesterday"), ("%B", b"x"), ("", b"")]
        {
            assert!(!fits(format.as_bytes(), text), "{format} {text:?}");
        }
    }
}
