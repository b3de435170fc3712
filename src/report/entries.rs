//! Every entry of a packet and how it ended, for formats that name the intact
//! ones too. It is kept only where one of those was asked for: a list of a
//! million names is larger than everything else a report holds.

use crate::path::BytePath;

/// How one entry ended, in the words of the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Bytes equal the seal.
    Intact,
    /// Kept elsewhere and found there with the sealed digest.
    Referenced,
    /// It is not as sealed, and findings say how.
    Damaged,
    /// An earlier entry has the same name.
    Repeated,
}

impl EntryState {
    /// Every state.
    pub(crate) const ALL: [Self; 4] = [Self::Intact, Self::Referenced, Self::Damaged, Self::Repeated];

    /// The letter that stands for it where there are many.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Intact => 'i',
            Self::Referenced => 'r',
            Self::Damaged => 'd',
            Self::Repeated => 't',
        }
    }
}

/// Names in one buffer, in the order of the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    names: Vec<u8>,
    /// Where each name ends, and how the entry did.
    ends: Vec<(usize, EntryState)>,
}

impl Entries {
    /// Adds an entry.
    pub fn push(&mut self, name: &BytePath, state: EntryState) {
        self.names.extend_from_slice(name.as_bytes());
        self.ends.push((self.names.len(), state));
    }

    /// The entries in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], EntryState)> {
        let mut start = 0;
        self.ends.iter().map(move |(end, state)| {
            let name = self.names.get(start..*end).unwrap_or_default();
            start = *end;
            (name, *state)
        })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none, or none was asked for.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::path;

    #[test]
    fn names_come_back_as_they_went_in() {
        let mut entries = Entries::default();
        assert!(entries.is_empty());
        let all =
            [("a", EntryState::Intact), ("b/\u{e9}", EntryState::Damaged), ("c", EntryState::Referenced)];
        for (name, state) in all {
            entries.push(&path(name.as_bytes()), state);
        }
        let back: Vec<(&[u8], EntryState)> = entries.iter().collect();
        assert_eq!(back, all.map(|(name, state)| (name.as_bytes(), state)));
        assert_eq!(entries.len(), 3);
    }
}
