//! Integers as they are written: of any length, never a float.

use std::fmt;

/// A number without fraction and exponent, as its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integer<'d>(&'d str);

impl<'d> Integer<'d> {
    /// Takes the text of a JSON number when it is an integer.
    pub(super) fn of(text: &'d str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // Zero has no sign.
        plain.then_some(Self(if digits == "0" { digits } else { text }))
    }

    /// Its value, when it is not negative and fits.
    pub fn to_u64(self) -> Option<u64> {
        self.0.parse().ok()
    }
}

impl PartialEq<u64> for Integer<'_> {
    fn eq(&self, other: &u64) -> bool {
        self.to_u64() == Some(*other)
    }
}

impl fmt::Display for Integer<'_> {
    /// The digits; a very long number is cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.get(..40) {
            Some(head) if self.0.len() > 40 => write!(f, "{head}... ({} digits)", self.0.len()),
            _ => f.write_str(self.0),
        }
    }
}
