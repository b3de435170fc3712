//! One open container of a JSON document, and what it has said so far.

use std::ops::Range;

use super::loose::Seen;
use crate::json::Token;
use crate::manifest::token::Named;

/// A token's range. Documents have less than 4 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Slice {
    pub(super) fn of(token: Token) -> Self {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: number(token.start), end: number(token.end) }
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A member of an object.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) key: Slice,
    pub(super) value: Slice,
}

/// A member whose name says that it is a digest.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    pub(super) member: Member,
    pub(super) named: Option<Named>,
    /// It looks like a digest, too.
    pub(super) evident: bool,
}

/// A member that may turn out to be `path: digest` or `path: {…digest…}`.
pub(super) struct Candidate {
    pub(super) key: Slice,
    /// The digest, or the object that holds it.
    pub(super) value: Slice,
    /// What the object says. Boxed: plain maps have a million members without one.
    pub(super) inner: Option<Box<Inner>>,
}

/// What an object in a map says about its file.
pub(super) struct Inner {
    pub(super) digits: Vec<Digits>,
    pub(super) sizes: Vec<Member>,
    pub(super) algorithm: Option<Member>,
    pub(super) by_reference: bool,
}

impl Candidate {
    pub(super) fn plain(member: Member) -> Self {
        Self { key: member.key, value: member.value, inner: None }
    }
}

/// How many left-out values are remembered for the report; all are counted.
const REMEMBERED: usize = 1001;

/// An open object or list.
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one container")]
pub(super) struct Frame {
    pub(super) object: bool,
    /// The name under which it stands in its parent.
    pub(super) key: Option<Slice>,
    pub(super) span: Slice,
    /// The name of the member being read.
    pub(super) pending: Option<Slice>,
    /// Every member's name, with a hash of it.
    pub(super) keys: Vec<(u64, Slice)>,
    /// The best path so far and its rank.
    pub(super) path: Option<(u8, Member)>,
    pub(super) digests: Vec<Digits>,
    pub(super) sizes: Vec<Member>,
    pub(super) by_reference: bool,
    pub(super) algorithm: Option<Member>,
    pub(super) candidates: Vec<Candidate>,
    /// Members that are none of these.
    pub(super) others: Vec<Member>,
    /// Elements and members that give no entry, though some beside them do.
    pub(super) bare: Vec<Slice>,
    pub(super) bare_count: u64,
    /// Members that name a digest or a length and hold neither.
    pub(super) misfits: Vec<Member>,
    /// Strings with a digest in them.
    pub(super) seen: Vec<Seen>,
    /// It holds other values, too.
    pub(super) texts: bool,
    /// Some member is named like a digest, whatever it holds.
    pub(super) digest_key: bool,
    /// Some element or member of it is an entry.
    pub(super) entries: bool,
    /// There is an entry somewhere inside.
    pub(super) inside: bool,
}

impl Frame {
    pub(super) fn new(object: bool, key: Option<Slice>, start: u32) -> Self {
        Self {
            object,
            key,
            span: Slice { start, end: start },
            pending: None,
            keys: Vec::new(),
            path: None,
            digests: Vec::new(),
            sizes: Vec::new(),
            by_reference: false,
            algorithm: None,
            candidates: Vec::new(),
            others: Vec::new(),
            bare: Vec::new(),
            bare_count: 0,
            misfits: Vec::new(),
            seen: Vec::new(),
            texts: false,
            digest_key: false,
            entries: false,
            inside: false,
        }
    }

    /// Remembers a path; the better rank wins, then the first.
    pub(super) fn offer_path(&mut self, rank: u8, member: Member) {
        if self.path.is_none_or(|(best, _)| rank < best) {
            if let Some((_, worse)) = self.path.replace((rank, member)) {
                self.others.push(worse);
            }
        } else {
            self.others.push(member);
        }
    }

    /// Remembers an element that gives no entry.
    pub(super) fn leave(&mut self, value: Slice) {
        self.bare_count += 1;
        if self.bare.len() < REMEMBERED {
            self.bare.push(value);
        }
    }
}
