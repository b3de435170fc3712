//! Sizes in bytes as people write them: `512MB`, `4GB`, `1GiB`.

use thiserror::Error;

/// Units, largest first.
const UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("KB", 1_000),
    ("B", 1),
];

/// Why a size cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SizeError {
    /// It does not begin with a decimal integer.
    #[error("a size begins with a whole number, as in `4GB`")]
    NoNumber,
    /// The number stands alone.
    #[error("the size has no unit; write B, KB, MB, GB, KiB, MiB or GiB behind the number")]
    NoUnit,
    /// The unit is none of the known ones.
    #[error("the size's unit is none of B, KB, MB, GB, KiB, MiB, GiB")]
    UnknownUnit,
    /// It does not fit into 64 bits.
    #[error("the size is larger than 2^64 - 1 bytes")]
    TooLarge,
}

/// Reads a size: a whole number, an optional space and a unit of either case.
/// `KB` is 1,000 bytes, `KiB` 1,024.
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(SizeError::NoNumber);
    }
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    if unit.is_empty() {
        return Err(SizeError::NoUnit);
    }
    let (_, scale) = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit))
        .ok_or(if unit.starts_with('.') { SizeError::NoNumber } else { SizeError::UnknownUnit })?;
    let number: u64 = number.parse().map_err(|_| SizeError::TooLarge)?;
    number.checked_mul(*scale).ok_or(SizeError::TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_people_write() {
        let cases = [
            ("0B", 0),
            ("1B", 1),
            ("4GB", 4_000_000_000),
            ("4 GB", 4_000_000_000),
            ("4gb", 4_000_000_000),
            ("1KiB", 1024),
            ("1kib", 1024),
            ("512MiB", 512 << 20),
            ("18446744073709551615B", u64::MAX),
        ];
        for (text, want) in cases {
            assert_eq!(parse_size(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        use SizeError::{NoNumber, NoUnit, TooLarge, UnknownUnit};
        let cases = [
            ("", NoNumber),
            ("GB", NoNumber),
            ("-1GB", NoNumber),
            (" 1GB", NoNumber),
            ("1.5GB", NoNumber),
            ("٣GB", NoNumber),
            ("4", NoUnit),
            ("4 ", NoUnit),
            ("4G", UnknownUnit),
            ("4  GB", UnknownUnit),
            ("4GB ", UnknownUnit),
            ("4TB", UnknownUnit),
            ("4e9B", UnknownUnit),
            ("18446744073709551616B", TooLarge),
            ("18446744073709552KB", TooLarge),
            ("99999999999999999999999999GB", TooLarge),
        ];
        for (text, want) in cases {
            assert_eq!(parse_size(text), Err(want), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_number_in_every_unit_is_its_product(number in 0..u64::from(u32::MAX), unit in 0..UNITS.len()) {
            let (name, scale) = UNITS[unit];
            prop_assert_eq!(parse_size(&format!("{number}{name}")), Ok(number * scale));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = parse_size(&text);
        }
    }
}
