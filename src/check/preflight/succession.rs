//! The order of packets: dates do not go back, and no machine report is
//! published a second time.

use crate::check::predecessor::{Verified, quietly};
use crate::check::{CheckError, Packet};
use crate::code::Code;
use crate::config::Date;
use crate::evidence::{Document, Limits, Object, Value};
use crate::finding::{Finding, Sink};
use crate::profile::Role;
use crate::text::quote;

/// Documents that carry the day they were made on.
const DATED: [Role; 3] = [Role::MachineReport, Role::ExitCodes, Role::CiUnknowns];

/// A day at the head of a text: `2026-06-11`, or with a time behind it.
fn day(text: &str) -> Option<Date> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let ends = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
    Date::parse(day).filter(|_| ends)
}

/// The date of a document; another text is reported.
fn date<'d>(document: &'d Document, out: &mut Sink) -> Option<(Value<'d>, Date)> {
    let value = document.root().as_object()?.get("date")?;
    let text = value.word(out)?;
    let date = day(&text);
    if date.is_none() {
        let message = format!("{} is no date: {}", value.shown(), quote(text.as_bytes()));
        out.push(
            value.finding(Code::EvidenceUnknownValue, message, "no date").help("write it as 2026-06-11"),
        );
    }
    Some((value, date?))
}

/// Compares dates and reports with the predecessor's; whether there was anything to compare.
pub(super) fn between(packet: &Packet, before: Verified<'_>, out: &mut Sink) -> Result<bool, CheckError> {
    let mut compared = dates(packet, before, out)?;
    let now = packet.document(Role::MachineReport, out)?;
    let then = before.document(Role::MachineReport)?;
    if let (Some(now), Some(then)) = (now, then) {
        let same = now.bytes() == then.bytes();
        let (one, other) = (identity(now), identity(then));
        compared |= same || (one.is_some() && other.is_some());
        if same || (one.is_some() && one == other) {
            let how = if same { "unchanged" } else { "with another content" };
            let message =
                format!("the predecessor published this machine report before, and here it is again {how}");
            out.push(now.root().finding(Code::ReportPublishedTwice, message, "again"));
        }
    }
    Ok(compared)
}

/// Compares the days of each kind of document, and where no kind has two, the last
/// day of each packet. What the predecessor dates, its successor dates.
fn dates(packet: &Packet, before: Verified<'_>, out: &mut Sink) -> Result<bool, CheckError> {
    let (mut compared, mut told) = (false, false);
    let mut last: Option<(Value<'_>, Date)> = None;
    let mut last_then: Option<Date> = None;
    for role in DATED {
        let document = packet.document(role, out)?;
        let then = match before.document(role)? {
            Some(then) => quietly(role, |out| date(then, out).map(|(_, date)| date))?,
            None => None,
        };
        let now = document.and_then(|document| date(document, out));
        last_then = last_then.max(then);
        last = now.filter(|(_, now)| last.is_none_or(|(_, last)| last < *now)).or(last);
        match (document, now, then) {
            (_, Some((value, now)), Some(then)) => {
                compared = true;
                in_order(value, now, then, out);
            }
            (Some(document), None, Some(then)) => {
                let root = document.root();
                // One that is there and is no date was told.
                if root.as_object().is_none_or(|root| !root.has("date")) {
                    let message = format!("the document lacks \"date\", and the predecessor's is of {then}");
                    out.push(root.finding(Code::EvidenceFieldMissing, message, "lacks a field"));
                }
                told = true;
            }
            _ => {}
        }
    }
    match (last, last_then.filter(|_| !compared && !told)) {
        (Some((value, now)), Some(then)) => {
            compared = true;
            in_order(value, now, then, out);
        }
        (None, Some(then)) => {
            let message =
                format!("nothing in this packet says when it was made, and the predecessor is of {then}");
            out.push(Finding::new(Code::EvidenceFieldMissing, message));
            told = true;
        }
        (_, None) => {}
    }
    Ok(compared || told)
}

fn in_order(value: Value<'_>, now: Date, then: Date, out: &mut Sink) {
    if now < then {
        let message = format!("the date is {now}, and the predecessor's is {then}");
        out.push(value.finding(Code::TimelineReversed, message, "before the predecessor"));
    }
}

/// Whose report it is: by its own identifier, else by lane, delegation and day.
fn identity(report: &Document) -> Option<Vec<String>> {
    let root = report.root().as_object()?;
    let text = |root: Object<'_>, field: &str| {
        root.get(field).and_then(Value::as_text).map(std::borrow::Cow::into_owned)
    };
    if let Some(id) = text(root, "report_id") {
        return Some(vec![id]);
    }
    ["lane", "delegation", "date"].into_iter().map(|field| text(root, field)).collect()
}

/// No other sealed file of the packet is the same report with another content.
pub(super) fn within(packet: &Packet, out: &mut Sink) -> Result<(), CheckError> {
    let Some(report) = packet.document(Role::MachineReport, out)? else { return Ok(()) };
    let Some(own) = identity(report) else { return Ok(()) };
    let spellings = packet.profile().spellings(Role::MachineReport);
    let name = report.path().file_name();
    let entries = packet.manifest.iter().flat_map(|manifest| &manifest.entries);
    for entry in entries.filter(|entry| entry.path != *report.path() && entry.path.file_name() == name) {
        let Ok(held) = packet.shelf.bytes_of(&entry.path) else { continue };
        let read = Document::read(entry.path.clone(), held, spellings.clone(), Limits::default());
        let Ok(other) = read else { continue };
        if identity(&other).as_ref() == Some(&own) && other.bytes() != report.bytes() {
            let message =
                format!("{} is the same machine report with another content", quote(entry.path.as_bytes()));
            let mut finding = Finding::new(Code::ReportPublishedTwice, message).path(entry.path.clone());
            finding.others.push(report.path().clone());
            out.push(finding);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn a_day_is_one_of_the_calendar_with_or_without_a_time() {
        for text in ["2026-06-11", "2026-06-11T10:00:00Z", "2026-06-11 10:00"] {
            assert_eq!(day(text).unwrap().to_string(), "2026-06-11", "{text}");
        }
        for text in
            ["2026-6-11", "2026-02-30", "2026-06-111", "11.06.2026", "", "2026-06-\u{661}1", "+026-06-11"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
