//! What contains what in a document: its containers and the members of its
//! objects, by token.

use super::document::Document;
use crate::json::Kind;

/// A list or an object.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) object: bool,
    /// The index of the opening bracket.
    pub(super) open: usize,
    /// The index of the closing bracket.
    pub(super) close: usize,
    /// The container it stands in, by its index.
    pub(super) parent: Option<usize>,
    /// The index of the name that it is the value of.
    pub(super) key: Option<usize>,
    /// How many containers it stands in.
    pub(super) depth: usize,
    pub(super) elements: usize,
    /// Elements that are lists.
    pub(super) lists: usize,
    /// Elements that are objects.
    pub(super) objects: usize,
    /// Elements that hold containers themselves.
    pub(super) nested: usize,
    /// The members of an object.
    pub(super) members: Vec<Member>,
}

impl Container {
    /// Whether nothing in it holds anything.
    pub(super) fn is_leaf(&self) -> bool {
        self.lists == 0 && self.objects == 0
    }
}

/// A member of an object: the index of its name and that of its last token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) key: usize,
    pub(super) last: usize,
}

/// Every container of a document, by its opening bracket.
pub(super) fn containers(document: &Document<'_>) -> Vec<Container> {
    let mut out: Vec<Container> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (i, token) in document.tokens.iter().enumerate() {
        let parent = open.last().copied();
        if token.closes() {
            open.pop();
            close(&mut out, parent, i);
            continue;
        }
        if let Some(parent) = parent.and_then(|parent| out.get_mut(parent)) {
            if token.kind == Kind::Key {
                parent.members.push(Member { key: i, last: i });
                continue;
            }
            parent.elements += 1;
            parent.lists += usize::from(token.kind == Kind::ArrayStart);
            parent.objects += usize::from(token.kind == Kind::ObjectStart);
            if let Some(member) = parent.members.last_mut() {
                member.last = i;
            }
        }
        if token.opens() {
            let before = i.checked_sub(1).filter(|i| is_key(document, *i));
            out.push(Container {
                object: token.kind == Kind::ObjectStart,
                open: i,
                close: i,
                parent,
                key: before,
                depth: open.len(),
                elements: 0,
                lists: 0,
                objects: 0,
                nested: 0,
                members: Vec::new(),
            });
            open.push(out.len() - 1);
        }
    }
    out
}

fn is_key(document: &Document<'_>, i: usize) -> bool {
    document.tokens.get(i).is_some_and(|token| token.kind == Kind::Key)
}

/// A container ends at a token.
fn close(all: &mut [Container], container: Option<usize>, at: usize) {
    let Some(container) = container.and_then(|i| all.get_mut(i)) else { return };
    container.close = at;
    let (holds, outer) = (!container.is_leaf(), container.parent);
    if let Some(outer) = outer.and_then(|i| all.get_mut(i)) {
        outer.nested += usize::from(holds);
        if let Some(member) = outer.members.last_mut() {
            member.last = at;
        }
    }
}
