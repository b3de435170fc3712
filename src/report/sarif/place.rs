//! Places as SARIF names them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::model::{Artifact, Location, Message, Physical, Region};
use crate::path::BytePath;
use crate::report::place::{self, Place};

/// What a path keeps of RFC 3986: unreserved characters, and its slashes.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A path relative to the folder that seal was run in.
fn uri(path: &BytePath) -> String {
    if path.is_root() { ".".to_owned() } else { percent_encode(path.as_bytes(), KEPT).to_string() }
}

/// Where a result stands. One about a file as a whole stands at its beginning, since
/// readers refuse a result without a line.
pub(super) fn of_result(place: &Place) -> Location {
    let mut location = of(place);
    location.physical_location.region.get_or_insert(Region {
        start_line: 1,
        start_column: 1,
        end_line: Some(1),
        end_column: Some(1),
        byte_offset: None,
        byte_length: None,
        snippet: None,
    });
    location
}

/// A place of its own.
fn of(place: &Place) -> Location {
    Location {
        id: None,
        physical_location: Physical {
            artifact_location: Artifact { uri: uri(&place.path), uri_base_id: "SRCROOT" },
            region: place.region.as_ref().map(region),
        },
        message: None,
    }
}

/// A file as a whole.
pub(super) fn of_file(path: &BytePath) -> Location {
    of(&Place { path: path.clone(), region: None })
}

/// Places that a result is related to, numbered.
pub(super) fn related(places: Vec<(Place, &'static str)>) -> Vec<Location> {
    let numbered = (1..).zip(places);
    numbered
        .map(|(id, (place, what))| Location {
            id: Some(id),
            message: Some(Message::text(what)),
            ..of(&place)
        })
        .collect()
}

fn region(region: &place::Region) -> Region {
    Region {
        start_line: region.line,
        start_column: region.column,
        end_line: region.end_column.map(|_| region.line),
        end_column: region.end_column,
        byte_offset: region.bytes.map(|(offset, _)| offset),
        byte_length: region.bytes.and_then(|(_, length)| length),
        snippet: region.text.clone().filter(|text| !text.is_empty()).map(Message::text),
    }
}
