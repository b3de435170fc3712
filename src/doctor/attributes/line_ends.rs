//! What git does to the line ends of a file: on a checkout, and when it takes
//! the file in. As gitattributes(5) and git-config(1) say it.

use crate::doctor::content::Content;
use crate::git::{AttributeState as State, Settings};

/// The settings of one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    auto: Auto,
    /// Line ends of text files in the working tree, where nothing else says.
    crlf: bool,
}

/// `core.autocrlf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Auto {
    Off,
    On,
    Input,
}

/// What would become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// LF becomes CRLF when git writes the file.
    Checkout,
    /// CRLF becomes LF when git takes the file in.
    Add,
}

/// What the attributes tell git to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Nothing,
    /// A text, with line ends in the working tree as said or as the machine has them.
    Text(Option<bool>),
    /// A text where git takes it for one.
    Auto(Option<bool>),
}

impl Machine {
    /// git as it is commonly installed on Windows.
    pub(super) const WINDOWS: Self = Self { auto: Auto::On, crlf: true };

    /// This one.
    pub(super) fn of(settings: &Settings) -> Self {
        let input = settings.get("core.autocrlf").is_some_and(|set| set.value.eq_ignore_ascii_case(b"input"));
        let auto = match settings.truth("core.autocrlf") {
            _ if input => Auto::Input,
            Some(true) => Auto::On,
            _ => Auto::Off,
        };
        let said = settings.get("core.eol").map(|set| set.value.to_ascii_lowercase());
        let crlf = match (auto, said.as_deref()) {
            (Auto::On, _) | (Auto::Off, Some(b"crlf")) => true,
            (Auto::Input, _) | (Auto::Off, Some(b"lf")) => false,
            (Auto::Off, _) => cfg!(windows),
        };
        Self { auto, crlf }
    }

    /// What would become of a file with these attributes and bytes. `tracked`
    /// says that git holds it as it is: what it would guess to be a text stays
    /// as it was taken in.
    pub(super) fn change(
        self,
        state: &dyn Fn(&str) -> State,
        content: &Content,
        tracked: bool,
    ) -> Option<Change> {
        let action = match action(state) {
            Action::Nothing if state_says_nothing(state) => match self.auto {
                Auto::Off => return None,
                Auto::On => Action::Auto(Some(true)),
                Auto::Input => Action::Auto(Some(false)),
            },
            other => other,
        };
        let (crlf, guess) = match action {
            Action::Nothing => return None,
            Action::Text(said) => (said.unwrap_or(self.crlf), false),
            Action::Auto(said) => (said.unwrap_or(self.crlf), true),
        };
        let writes = crlf && content.lone_lf && !(guess && (content.crlf || content.binary));
        let takes = content.crlf && !(guess && (content.binary || tracked));
        match (writes, takes) {
            (_, true) => Some(Change::Add),
            (true, false) => Some(Change::Checkout),
            (false, false) => None,
        }
    }
}

fn action(state: &dyn Fn(&str) -> State) -> Action {
    let of = |name: &str| match state(name) {
        State::Set => Some(Action::Text(None)),
        State::Unset => Some(Action::Nothing),
        State::Value(value) if value == b"auto" => Some(Action::Auto(None)),
        State::Value(value) if value == b"input" => Some(Action::Text(Some(false))),
        _ => None,
    };
    let text = of("text").or_else(|| of("crlf"));
    let eol = match state("eol") {
        State::Value(value) if value == b"lf" => Some(false),
        State::Value(value) if value == b"crlf" => Some(true),
        _ => None,
    };
    match (text, eol) {
        (Some(Action::Nothing), _) | (None, None) => Action::Nothing,
        (Some(Action::Auto(_)), Some(crlf)) => Action::Auto(Some(crlf)),
        (_, Some(crlf)) => Action::Text(Some(crlf)),
        (Some(other), None) => other,
    }
}

/// Whether the settings decide.
fn state_says_nothing(state: &dyn Fn(&str) -> State) -> bool {
    let none = |name: &str| match state(name) {
        State::Unspecified => true,
        State::Value(value) => name == "eol" && value != b"lf" && value != b"crlf",
        _ => false,
    };
    none("text") && none("crlf") && none("eol")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: Machine = Machine { auto: Auto::Off, crlf: false };
    const INPUT: Machine = Machine { auto: Auto::Input, crlf: false };

    fn change(machine: Machine, says: &[(&str, &str)], bytes: &[u8]) -> Option<Change> {
        let state = |name: &str| match says.iter().find(|(said, _)| *said == name) {
            Some((_, "set")) => State::Set,
            Some((_, "unset")) => State::Unset,
            Some((_, value)) => State::Value(value.as_bytes().to_vec()),
            None => State::Unspecified,
        };
        machine.change(&state, &Content::of(bytes).unwrap(), true)
    }

    #[test]
    fn line_ends_are_converted_as_git_documents_it() {
        let (lf, crlf, binary) = (b"a\n".as_slice(), b"a\r\n".as_slice(), b"\0\n\r\n".as_slice());
        assert_eq!(change(LINUX, &[], lf), None);
        assert_eq!(change(Machine::WINDOWS, &[], lf), Some(Change::Checkout));
        assert_eq!(change(Machine::WINDOWS, &[], crlf), None, "taken in as it is");
        assert_eq!(change(Machine::WINDOWS, &[], binary), None);
        assert_eq!(change(Machine::WINDOWS, &[("text", "unset"), ("eol", "crlf")], lf), None);
        assert_eq!(change(LINUX, &[("text", "set")], crlf), Some(Change::Add));
        assert_eq!(change(LINUX, &[("text", "set")], lf), None);
        assert_eq!(change(LINUX, &[("text", "auto")], crlf), None);
        assert_eq!(change(LINUX, &[("text", "auto"), ("eol", "crlf")], lf), Some(Change::Checkout));
        assert_eq!(change(LINUX, &[("eol", "crlf")], binary), Some(Change::Add), "a text by decree");
        assert_eq!(change(INPUT, &[("text", "set")], crlf), Some(Change::Add));
        assert_eq!(change(Machine::WINDOWS, &[("eol", "lf")], lf), None);
        assert_eq!(change(Machine::WINDOWS, &[("crlf", "unset")], lf), None);
        assert_eq!(change(Machine::WINDOWS, &[("text", "set")], lf), Some(Change::Checkout));
    }
}
