//! What a value of a document was taken for by whoever read it.
//!
//! A self-test changes values and must know which of them decide something:
//! those that a check asked for, and as what.

/// What a value was taken for; several at once are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Marks(u8);

impl Marks {
    /// Its absence is reported.
    pub(crate) const DUE: Self = Self(1);
    /// It is of one type, and another one is reported.
    pub(crate) const TYPED: Self = Self(2);
    /// A boolean.
    pub(crate) const FLAG: Self = Self(4);
    /// A digest, whose digits are in lower case.
    pub(crate) const DIGEST: Self = Self(8);
    /// A count.
    pub(crate) const COUNT: Self = Self(16);
    /// One of words that are known.
    pub(crate) const WORD: Self = Self(32);

    /// Both.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` hold.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether anybody looked at it.
    pub(crate) const fn any(self) -> bool {
        self.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_add_up_and_none_is_taken_off() {
        let both = Marks::DUE.with(Marks::TYPED);
        assert_eq!(both.with(Marks::DUE), both);
        assert!(both.has(Marks::DUE) && both.has(Marks::TYPED) && both.has(both));
        assert!(!both.has(Marks::FLAG) && !both.has(Marks::DUE.with(Marks::FLAG)) && !Marks::DUE.has(both));
        assert!(both.any() && !Marks::default().any());
    }
}
