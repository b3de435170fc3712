//! What a packet claims of itself: its final status, and whether it says that
//! nothing was applied.

use super::Packet;
use crate::finding::Sink;
use crate::profile::Role;

/// The packet's final status as its machine report gives it. What cannot be
/// read here is reported by the check that judges the status.
pub(super) fn status(packet: &Packet) -> Option<String> {
    let report = packet.document(Role::MachineReport, &mut Sink::default()).ok()??;
    let status = report.root().as_object()?.get("final_status")?.as_text()?;
    report.is_sealed().then(|| status.into_owned())
}

/// Whether the packet says in a sealed place that nothing was applied.
pub(super) fn nothing_was_applied(packet: &Packet) -> bool {
    status(packet).is_some_and(|status| status.ends_with("NOT_APPLIED"))
}
