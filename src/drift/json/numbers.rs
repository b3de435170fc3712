//! Numbers as serializers print them: the shortest digits that give the same
//! double, in a notation of the tool's own. Never by value alone.

use super::super::recipe::{Edits, EditsBuilder};
use super::document::Document;
use crate::code::Code;
use crate::json::Kind;

/// How a serializer prints doubles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notation {
    /// The serializers that do so.
    pub(super) tools: &'static str,
    /// Numbers whose first digit stands for a power of ten in this range are
    /// written without an exponent.
    plain: std::ops::Range<i32>,
    /// `.0` behind whole numbers.
    point: bool,
    /// The same before an exponent.
    mantissa_point: bool,
    /// Between mantissa and exponent.
    mark: &'static str,
    /// What stands before an exponent that is not negative.
    plus: &'static str,
    /// Digits of the exponent at least.
    width: usize,
}

const PYTHON: Notation = Notation {
    tools: "Python",
    plain: -4..16,
    point: true,
    mantissa_point: false,
    mark: "e",
    plus: "+",
    width: 2,
};

/// Every notation, the likely ones first.
pub(super) const NOTATIONS: [Notation; 9] = [
    PYTHON,
    Notation { tools: "JavaScript or Go", plain: -6..21, point: false, plus: "+", width: 1, ..PYTHON },
    Notation { tools: "serde_json", plain: -5..16, plus: "", width: 1, ..PYTHON },
    Notation { tools: "Java", plain: -3..7, mantissa_point: true, mark: "E", plus: "", width: 1, ..PYTHON },
    Notation { tools: "System.Text.Json", plain: -4..15, point: false, mark: "E", ..PYTHON },
    Notation { tools: "Newtonsoft.Json", plain: -4..15, mark: "E", ..PYTHON },
    Notation { tools: "PHP", plain: -4..17, mantissa_point: true, width: 1, ..PYTHON },
    Notation { tools: "Ruby", mantissa_point: true, ..PYTHON },
    Notation { tools: "nlohmann", plain: -4..15, ..PYTHON },
];

/// Which numbers are respelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which<'t> {
    /// Those with a fraction or an exponent.
    Fractions,
    /// Integers, too, as doubles.
    All,
    /// All that are values of members of that name, or elements of a list that is.
    Of(&'t [u8]),
}

impl Notation {
    /// A number as the tool prints its double; nothing for one that is not finite.
    pub(super) fn spell(&self, raw: &[u8]) -> Option<Vec<u8>> {
        let number: f64 = std::str::from_utf8(raw).ok()?.parse().ok()?;
        if !number.is_finite() {
            return None;
        }
        let shortest = format!("{number:e}");
        let (mantissa, exponent) = shortest.split_once('e')?;
        let exponent: i32 = exponent.parse().ok()?;
        let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let body = if self.plain.contains(&exponent) || number == 0.0 {
            self.plain(&digits, exponent)
        } else {
            let point = if self.mantissa_point && digits.len() == 1 { ".0" } else { "" };
            let sign = if exponent < 0 { "-" } else { self.plus };
            let (mark, width, power) = (self.mark, self.width, exponent.unsigned_abs());
            format!("{mantissa}{point}{mark}{sign}{power:0width$}")
        };
        Some(format!("{sign}{body}").into_bytes())
    }

    /// Digits without an exponent; the first stands for that power of ten.
    fn plain(&self, digits: &str, exponent: i32) -> String {
        let Ok(whole) = usize::try_from(exponent) else {
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            return format!("0.{}{digits}", "0".repeat(zeros));
        };
        match digits.split_at_checked(whole + 1) {
            Some((whole, "")) => format!("{whole}{}", if self.point { ".0" } else { "" }),
            Some((whole, fraction)) => format!("{whole}.{fraction}"),
            None => {
                let zeros = "0".repeat(whole + 1 - digits.len());
                format!("{digits}{zeros}{}", if self.point { ".0" } else { "" })
            }
        }
    }
}

/// Whether a number has a fraction or an exponent.
pub(super) fn is_fraction(raw: &[u8]) -> bool {
    raw.iter().any(|b| matches!(b, b'.' | b'e' | b'E'))
}

/// An integer that is a double to the last digit.
fn is_exact(raw: &[u8]) -> bool {
    raw != b"-0"
        && std::str::from_utf8(raw)
            .ok()
            .and_then(|raw| raw.parse::<i64>().ok())
            .is_some_and(|n| n.unsigned_abs() <= 1 << 53)
}

/// The replacements that print numbers in a notation.
pub(super) fn respelled(document: &Document<'_>, notation: &Notation, which: Which<'_>) -> Option<Edits> {
    let mut edits = EditsBuilder::new(Code::JsonReformatted);
    // Lists of the wanted member that are open, and how deep.
    let mut inside = 0usize;
    let mut key: &[u8] = b"";
    let mut behind = false;
    for token in &document.tokens {
        let wanted = inside > 0 || (behind && Which::Of(key) == which);
        let raw = document.of(token);
        match token.kind {
            Kind::Key => key = raw,
            Kind::ArrayStart if wanted => inside += 1,
            Kind::ArrayEnd => inside = inside.saturating_sub(1),
            Kind::Number => {
                let whole = match which {
                    Which::Fractions => false,
                    Which::All => is_exact(raw),
                    Which::Of(_) => wanted && is_exact(raw),
                };
                if is_fraction(raw) || whole {
                    edits.push(token.start(), raw, &notation.spell(raw)?);
                }
            }
            _ => {}
        }
        behind = token.kind == Kind::Key;
    }
    edits.finish()
}

/// The names of members that hold integers, or lists that begin with one; each once.
pub(super) fn integer_names<'t>(document: &Document<'t>, most: usize) -> Vec<&'t [u8]> {
    let mut out = Vec::new();
    for window in document.tokens.windows(3) {
        let [key, first, second] = window else { continue };
        let number = match first.kind {
            Kind::Number => first,
            Kind::ArrayStart => second,
            _ => continue,
        };
        if key.kind == Kind::Key && number.kind == Kind::Number && is_exact(document.of(number)) {
            out.push(document.of(key));
        }
    }
    out.sort_unstable();
    out.dedup();
    out.truncate(most);
    out
}

/// Whether two spellings are the same double, and one of them is what a
/// serializer prints for it.
pub(super) fn same_number(one: &[u8], other: &[u8]) -> bool {
    let double = |raw: &[u8]| {
        let digits = raw.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
        let known = digits && raw.iter().any(u8::is_ascii_digit) && (is_fraction(raw) || is_exact(raw));
        let number: f64 = known.then(|| std::str::from_utf8(raw).ok()?.parse().ok())??;
        number.is_finite().then_some(number.to_bits())
    };
    let printed =
        |raw: &[u8]| NOTATIONS.iter().any(|notation| notation.spell(raw).is_some_and(|own| own == raw));
    matches!((double(one), double(other)), (Some(a), Some(b)) if a == b) && (printed(one) || printed(other))
}
