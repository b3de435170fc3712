//! The outcome in a few lines for a script: one `key=value` a line, nothing to
//! quote and nothing to escape.
//!
//! Keys: `result`, `exit_code`, `complete`, `findings` (those that count),
//! `checked` (distinct sealed files), `tree` (that of the only packet or list; empty
//! when there are several or none) and `packets`. After a self-test also
//! `probe_count`, `fail_closed_count`, `any_fail_open`, `control_allowed` and
//! `forbidden_token_leaked`. More keys may come at the end.
//! Values are made of lower-case letters and digits, whatever a packet holds.

use std::io::{self, Write};

use super::Report;
use super::human::verdict::sealed;
use crate::code::Effect;

/// Writes the lines.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.findings.iter().filter(|finding| finding.effect != Effect::None).count();
    let lines = [
        ("result", report.outcome.name().to_owned()),
        ("exit_code", report.exit_code.to_string()),
        ("complete", report.complete.to_string()),
        ("findings", findings.to_string()),
        ("checked", sealed(report).to_string()),
        ("tree", only_tree(report).unwrap_or_default().to_owned()),
        ("packets", report.packets.len().to_string()),
    ];
    lines.iter().try_for_each(|(key, value)| writeln!(out, "{key}={value}"))?;
    let Some(selftest) = &report.selftest else { return Ok(()) };
    writeln!(out, "probe_count={}", selftest.probe_count())?;
    writeln!(out, "fail_closed_count={}", selftest.fail_closed_count())?;
    writeln!(out, "any_fail_open={}", selftest.any_fail_open())?;
    writeln!(out, "control_allowed={}", selftest.control_allowed())?;
    writeln!(out, "forbidden_token_leaked={}", selftest.token_leaked)
}

/// The tree of the only packet: 64 hexadecimal digits.
fn only_tree(report: &Report) -> Option<&str> {
    let [packet] = report.packets.as_slice() else { return None };
    let tree = packet.tree.as_deref()?;
    tree.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)).then_some(tree)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        render(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_failing_run_says_so_and_names_its_tree() {
        let tree = format!("2fa3d54e{}46da", "0".repeat(52));
        assert_eq!(
            rendered(&samples::failing()),
            format!(
                "result=fail\nexit_code=1\ncomplete=true\nfindings=7\nchecked=21\ntree={tree}\npackets=1\n"
            )
        );
    }

    #[test]
    fn of_several_packets_there_is_no_one_tree() {
        let report = samples::manifest_problems();
        assert!(rendered(&report).ends_with("checked=9\ntree=\npackets=3\n"));
        assert!(rendered(&samples::nothing()).contains("result=error\nexit_code=2\n"));
    }

    #[test]
    fn no_value_leaves_its_alphabet() {
        for (name, mut report) in samples::all_but_passing() {
            if let Some(packet) = report.packets.first_mut() {
                packet.tree = Some("x\nresult=pass".into());
            }
            let text = rendered(&report);
            assert_eq!(text.lines().count(), 7, "{name}: {text}");
            for line in text.lines() {
                let (_, value) = line.split_once('=').unwrap();
                assert!(
                    value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
                    "{name}: {text}"
                );
            }
        }
    }
}
