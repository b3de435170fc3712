//! What a self-test found: every probe that was made, suite by suite, and the
//! verdict on the gate.
//!
//! A probe is a bad input with what the gate must do about it, or a control that
//! it must let through. Fields for machines have the names that teams use for the
//! records of their own probes. The word of a complete passing run is not written
//! here.

use std::io::{self, Write};

use super::human::{and_more, counted, cut};
use super::style::{Ink, Line, Look, Screen};

use crate::path::BytePath;

/// What a self-test found.
#[derive(Clone, Debug, Default)]
pub struct Selftest {
    /// The suites in their order.
    pub suites: Vec<Suite>,
    /// What was not tried, a clause each.
    pub left_out: Vec<String>,
    /// A verdict on a bad input held a word that only good ones may have.
    pub token_leaked: bool,
}

/// Probes of one kind.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// What it shows, a few words.
    pub about: &'static str,
    /// Inputs that must be refused.
    pub bad: u64,
    /// Those of them that were.
    pub closed: u64,
    /// Inputs that must be let through.
    pub controls: u64,
    /// Those of them that were.
    pub allowed: u64,
    /// Changed values that a check reads and that may be what they became.
    pub survived: u64,
    /// Changed values that no check reads.
    pub unread: u64,
    /// Each probe; of a suite of thousands only those that did not end as they must.
    pub probes: Vec<Probe>,
}

/// One input and what became of it.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Unique in the run.
    pub id: String,
    /// Its class: that of the profile's table, or the code of a drift.
    pub class: String,
    /// What was done to the good input.
    pub mutation: String,
    /// The document or file concerned.
    pub path: Option<BytePath>,
    /// The value concerned.
    pub pointer: Option<String>,
    /// It must be refused.
    pub is_bad: bool,
    /// The exit status that is due.
    pub expected_exit: u8,
    /// The exit status that the gate gave.
    pub actual_exit: u8,
    /// The code that is due, where one is, and the check that it is due from.
    pub due: Option<(String, String)>,
    /// The code that the gate gave: the one that is due, else the first that counts.
    pub code: Option<String>,
    /// The verdict held the word of a complete passing run.
    pub says_pass: bool,
    /// It ended as it must.
    pub held: bool,
}

/// A class of bad input, as the profile's table has it.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its suite.
    pub suite: String,
    /// Its name.
    pub name: String,
    /// The role of the document.
    pub document: String,
    /// The value, as a JSON pointer; `/` for the whole file.
    pub pointer: String,
    /// What is done.
    pub mutation: String,
    /// The check that must answer.
    pub check: String,
    /// Its code.
    pub code: String,
    /// There is such a check.
    pub is_judged: bool,
}

/// Writes the table of classes: two lines for each, under its suite.
pub fn listing(classes: &[Class], out: &mut dyn Write, look: &Look) -> io::Result<()> {
    let screen = &mut Screen::new(out, look);
    let column = classes.iter().map(|class| class.name.len()).max().unwrap_or(0).min(44);
    for (at, suite) in classes.chunk_by(|a, b| a.suite == b.suite).enumerate() {
        if at > 0 {
            screen.blank()?;
        }
        let name = suite.first().map_or("", |class| &class.suite);
        let count = counted(suite.len() as u64, "class", "classes");
        screen.line(&Line::default().ink(Ink::Strong, name).plain(format!("  {count}")))?;
        for class in suite {
            let head = Line::indent(2).plain(class.name.as_str()).pad(2 + column, 2, look);
            let missing = if class.is_judged { "" } else { " (no such check)" };
            screen.wrapped(&head, &format!("{} {}{missing}", class.check, class.code))?;
            let place = format!("{} {}", class.document, class.pointer);
            screen.wrapped(&Line::indent(4).ink(Ink::Dim, place).plain("  "), &class.mutation)?;
        }
    }
    if classes.is_empty() {
        screen.line(&Line::default().plain("the profile has no table of classes"))?;
    }
    Ok(())
}

impl Selftest {
    /// Inputs that must be refused.
    pub fn probe_count(&self) -> u64 {
        self.suites.iter().map(|suite| suite.bad).sum()
    }

    /// Those of them that were refused with the code that is due.
    pub fn fail_closed_count(&self) -> u64 {
        self.suites.iter().map(|suite| suite.closed).sum()
    }

    /// A bad input was let through.
    pub fn any_fail_open(&self) -> bool {
        self.fail_closed_count() != self.probe_count()
    }

    /// There are controls, and each was let through.
    pub fn control_allowed(&self) -> bool {
        let controls: u64 = self.suites.iter().map(|suite| suite.controls).sum();
        let allowed: u64 = self.suites.iter().map(|suite| suite.allowed).sum();
        controls > 0 && controls == allowed
    }

    /// Everything was tried and ended as it must.
    pub fn holds(&self) -> bool {
        self.verdict() == ALL_CLOSED
    }

    /// The verdict on the gate in one word.
    pub fn verdict(&self) -> &'static str {
        if self.any_fail_open() || self.token_leaked {
            "FAIL_OPEN"
        } else if !self.control_allowed() {
            "CONTROL_REFUSED"
        } else if !self.left_out.is_empty() || self.probe_count() == 0 {
            "INCOMPLETE"
        } else {
            ALL_CLOSED
        }
    }
}

const ALL_CLOSED: &str = "ALL_FAIL_CLOSED";

/// What is tried is told suite by suite.
const SHOWN: usize = 40;

/// Writes a line for each suite.
pub(super) fn render(screen: &mut Screen<'_>, selftest: &Selftest) -> io::Result<()> {
    let look = screen.look;
    let column = selftest.suites.iter().map(|suite| suite.name.len()).max().unwrap_or(0).min(30);
    let (shown, left_out) = cut(&selftest.suites, SHOWN, &look);
    for suite in shown {
        let holds = suite.bad == suite.closed && suite.controls == suite.allowed;
        let (ink, mark) = match (holds, suite.bad) {
            (false, _) => (Ink::Bad, look.pick("\u{2717} ", "x ")),
            // Where nothing bad was tried nothing is shown to hold.
            (true, 0) => (Ink::Dim, look.pick("\u{b7} ", "- ")),
            (true, _) => (Ink::Good, look.pick("\u{2713} ", "+ ")),
        };
        let head = Line::default().ink(ink, mark).ink(Ink::Strong, suite.name.as_str());
        let head = head.pad(column + 2, 2, &look);
        screen.wrapped(&head, &told(suite))?;
        if look.verbose() {
            probes(screen, suite)?;
        }
    }
    and_more(screen, 2, left_out)?;
    for reason in &selftest.left_out {
        screen.wrapped(&Line::default().ink(Ink::Warn, "not tried").plain("  "), reason)?;
    }
    Ok(())
}

fn probes(screen: &mut Screen<'_>, suite: &Suite) -> io::Result<()> {
    let look = screen.look;
    for probe in &suite.probes {
        let (ink, word) = match (probe.held, probe.is_bad) {
            (true, true) => (Ink::Good, "closed"),
            (true, false) => (Ink::Good, "allowed"),
            (false, true) => (Ink::Bad, "open"),
            (false, false) => (Ink::Bad, "refused"),
        };
        let head = Line::indent(4).ink(ink, word).pad(14, 2, &look).plain(probe.id.as_str());
        let code = probe.code.as_deref().unwrap_or("nothing");
        let answer = if probe.is_bad { format!("  {code}") } else { String::new() };
        screen.wrapped(&head.plain("  "), &format!("{}{answer}", probe.class))?;
    }
    Ok(())
}

/// `14 of 15 refused, 1 of 1 let through`.
fn told(suite: &Suite) -> String {
    let mut parts = Vec::new();
    if suite.bad > 0 {
        let inputs = counted(suite.bad, "bad input", "bad inputs");
        parts.push(match suite.bad - suite.closed.min(suite.bad) {
            0 => format!("{inputs} refused"),
            open => format!("{open} of {inputs} not refused as due"),
        });
    } else if suite.controls > 0 {
        parts.push("no bad input applies".to_owned());
    }
    if suite.controls > 0 {
        let controls = counted(suite.controls, "control", "controls");
        parts.push(match suite.controls - suite.allowed.min(suite.controls) {
            0 => format!("{controls} let through"),
            refused => format!("{refused} of {controls} refused"),
        });
    }
    if suite.survived > 0 {
        parts.push(format!("{} may be another one", counted(suite.survived, "value", "values")));
    }
    if suite.unread > 0 {
        parts.push(format!(
            "{} of fields that nothing decides on",
            counted(suite.unread, "change", "changes")
        ));
    }
    if parts.is_empty() {
        parts.push("nothing tried".to_owned());
    }
    let counts = parts.join(", ");
    if suite.about.is_empty() { counts } else { format!("{counts}: {}", suite.about) }
}

/// What the last line rests on.
pub(super) fn last_words(selftest: &Selftest) -> String {
    let (bad, closed) = (selftest.probe_count(), selftest.fail_closed_count());
    let controls: u64 = selftest.suites.iter().map(|suite| suite.controls).sum();
    let controls = match (selftest.control_allowed(), controls) {
        (true, n) => format!("{} let through", counted(n, "control", "controls")),
        (false, 0) => "no control".to_owned(),
        (false, _) => "a control was refused".to_owned(),
    };
    format!("{closed} of {} refused, {controls}", counted(bad, "bad input", "bad inputs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suite(bad: u64, closed: u64, controls: u64, allowed: u64) -> Selftest {
        let suite = Suite { name: "drift".into(), bad, closed, controls, allowed, ..Suite::default() };
        Selftest { suites: vec![suite], ..Selftest::default() }
    }

    #[test]
    fn a_suite_without_a_bad_input_says_so() {
        let said = |bad, controls| told(&suite(bad, bad, controls, controls).suites[0]);
        assert_eq!(said(0, 1), "no bad input applies, 1 control let through");
        assert_eq!(said(2, 1), "2 bad inputs refused, 1 control let through");
        assert_eq!(said(0, 0), "nothing tried");
    }

    #[test]
    fn the_verdict_needs_everything() {
        assert_eq!(suite(3, 3, 1, 1).verdict(), "ALL_FAIL_CLOSED");
        assert_eq!(suite(3, 2, 1, 1).verdict(), "FAIL_OPEN");
        assert_eq!(suite(3, 3, 1, 0).verdict(), "CONTROL_REFUSED");
        assert_eq!(suite(3, 3, 0, 0).verdict(), "CONTROL_REFUSED", "without a control nothing is shown");
        assert_eq!(suite(0, 0, 1, 1).verdict(), "INCOMPLETE");
        let partial = Selftest { left_out: vec!["x".into()], ..suite(3, 3, 1, 1) };
        assert_eq!(partial.verdict(), "INCOMPLETE");
        let leaked = Selftest { token_leaked: true, ..suite(3, 3, 1, 1) };
        assert!(!leaked.holds());
    }
}
