//! Evidence: the documents of a packet, read strictly.
//!
//! The one way to a document for every check. [`Document`] is strict JSON with
//! the place of every value; [`Value`], [`Object`] and [`Field`] are typed views
//! of it that report what is not as it should be, so that a check says what it
//! expects and goes on with what is there. [`Shelf`] hands out the documents of
//! one packet by their [role](crate::profile::Role). This room believes nothing
//! and decides nothing: what a value means is the check's business.
//!
//! Unknown *fields* are allowed everywhere; unknown *values* in a field that
//! decides something are refused. Other spellings of a field's name are data of
//! the [profile](crate::profile).

mod digest;
mod field;
mod integer;
mod marks;
pub(crate) mod place;
mod read;
mod shelf;
#[cfg(test)]
mod tests;
mod value;

pub use digest::{State, hex64};
pub use field::{Field, Object};
pub use integer::Integer;
pub(crate) use marks::Marks;
pub use read::{Broken, Document, Limits};
pub use shelf::{Held, Shelf, Store, Unjudged, Withheld};
pub use value::Value;
