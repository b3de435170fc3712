//! How recorded runs ended, under whatever name the record says so, and which packet
//! they are of.

use crate::check::Packet;
use crate::check::reference::suspected;
use crate::check::words::{DENIALS, any, is, last, says_failure, words};
use crate::code::Code;
use crate::config::Date;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile, Role};
use crate::text::quote;

/// Words of a name that gives a result.
const RESULT: &str = "result results status outcome verdict overall conclusion sh";
/// Words of a flag that says that something held.
const HELD: &str = "passed pass ok success succeeded successful green held";

/// Judges results that stand beside the ones that every record has.
pub(super) fn judge<'d>(
    root: Object<'d>,
    steps: impl Iterator<Item = Object<'d>>,
    profile: &Profile,
    out: &mut Sink,
) {
    let good = profile.words(Key::RunResults);
    for (name, value) in root.members().filter(|(name, _)| !["commands_sh", "rerun_sh"].contains(&&**name)) {
        let name = words(&name);
        // What is called the result of one of the two scripts is one of the good ones.
        let of_script = any(&name, "commands command rerun") && any(&name, RESULT);
        let bad = match value.as_text() {
            Some(text) if of_script => !good.iter().any(|word| *word == text),
            _ => failed(&name, value),
        };
        if bad {
            tell(value, out);
        }
    }
    for step in steps {
        let expected = step.get("expected_exit").and_then(|value| value.count(&mut Sink::default()));
        // A step that is expected to fail says so.
        if expected == Some(0) {
            for (_, value) in step.members().filter(|(name, value)| failed(&words(name), *value)) {
                tell(value, out);
            }
        }
    }
}

/// Whether a field says that something did not hold.
fn failed(name: &[String], value: Value<'_>) -> bool {
    let denied = any(name, DENIALS);
    let fails = any(name, "failed fail failure aborted skipped") && !any(name, "closed");
    match (value.raw(), value.as_text()) {
        (_, Some(text)) => any(name, RESULT) && says_failure(&text),
        (b"false", None) => any(name, HELD) && !denied,
        (b"true", None) => fails && !denied,
        _ => {
            let counts = fails || is(last(name), "failures errors");
            let exit = any(name, "exit") && any(name, "overall commands rerun");
            let number = value.integer(&mut Sink::default());
            (counts || exit) && !denied && number.is_some_and(|number| number != 0_u64)
        }
    }
}

fn tell(value: Value<'_>, out: &mut Sink) {
    let said = match value.as_text() {
        Some(text) => quote(text.as_bytes()),
        None => String::from_utf8_lossy(value.raw()).into_owned(),
    };
    let message = format!("the recorded {} is {said}", value.shown());
    out.push(value.finding(Code::RecordedRunFailed, message, "not a good result"));
}

/// The record is of the packet that it lies in, and was not made after its report.
pub(super) fn is_of_this_packet(packet: &Packet, root: Object<'_>, out: &mut Sink) {
    let other = |role: Role, field: &str| {
        let document = packet.document(role, &mut Sink::default()).ok().flatten()?;
        let value = document.root().as_object()?.get(field)?;
        Some(value.as_text()?.trim().to_owned())
    };
    if let Some(value) = root.get("packet")
        && let Some(said) = value.as_text()
    {
        for role in [Role::PacketManifest, Role::MachineReport] {
            if let Some(due) = other(role, "packet").filter(|due| *due != said.trim()) {
                let (said, due) = (quote(said.as_bytes()), quote(due.as_bytes()));
                let message = format!("the recorded runs are of the packet {said}, and this is {due}");
                out.push(value.finding(Code::RecordedPacketDiffers, message, "another packet"));
                break;
            }
        }
    }
    if let Some(value) = root.get("date")
        && let Some(said) = value.as_text()
        && let Some(due) = other(Role::MachineReport, "date").filter(|due| *due != said.trim())
    {
        let message = format!(
            "the runs are recorded on {}, and the machine report is of {}",
            quote(said.as_bytes()),
            quote(due.as_bytes())
        );
        let finding = value.finding(Code::RecordedPacketDiffers, message, "another date");
        // Runs may be older than the report on them. They are never younger.
        let days = (Date::parse(said.trim()), Date::parse(&due));
        let is_older = matches!(days, (Some(said), Some(due)) if said < due);
        out.push(if is_older { suspected(finding) } else { finding });
    }
}
