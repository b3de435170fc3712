//! Escape policies: which characters of a string a serializer escapes, and how.

use super::units::{Spelling, Unit, Value, spell};

/// Which characters outside ASCII are escaped beyond the listed ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wide {
    None,
    /// Those that take a surrogate pair.
    Pairs,
    All,
}

/// What a serializer escapes beyond the quotation mark, the backslash and C0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "serializers turn them on one by one")]
pub(super) struct Policy {
    wide: Wide,
    /// Hex digits.
    upper: bool,
    /// Characters written as `\u` though JSON does not ask for it.
    listed: &'static str,
    /// Hex digits of the listed ones.
    listed_upper: bool,
    /// `\/`.
    slash: bool,
    /// Backspace and form feed in hex.
    long_controls: bool,
    /// The serializers that do so.
    pub(super) tools: &'static [&'static str],
}

/// Nothing beyond what JSON asks for.
const PLAIN: Policy = Policy {
    wide: Wide::None,
    upper: false,
    listed: "",
    listed_upper: false,
    slash: false,
    long_controls: false,
    tools: &[],
};
const ASCII: Policy = Policy { wide: Wide::All, ..PLAIN };

/// Every policy, the likely ones first.
pub(super) static POLICIES: &[Policy] = &[
    Policy {
        tools: &[
            "JavaScript",
            "Python ensure_ascii=False",
            "serde_json",
            "Ruby",
            "nlohmann",
            "RapidJSON",
            "prettier",
        ],
        ..PLAIN
    },
    Policy { listed: "\u{7f}", tools: &["Python"], ..ASCII },
    Policy { tools: &["Ruby ascii_only", "Perl ascii"], ..ASCII },
    Policy { listed: "\u{7f}", tools: &["jq"], ..PLAIN },
    Policy { slash: true, tools: &["PHP"], ..ASCII },
    Policy { tools: &["PHP JSON_UNESCAPED_SLASHES"], listed: "\u{2028}\u{2029}", ..ASCII },
    Policy {
        listed: "\u{2028}\u{2029}",
        tools: &["PHP JSON_UNESCAPED_UNICODE and _SLASHES", "Go without HTML escaping"],
        ..PLAIN
    },
    Policy { slash: true, listed: "\u{2028}\u{2029}", tools: &["PHP JSON_UNESCAPED_UNICODE"], ..PLAIN },
    Policy { listed: "<>&\u{2028}\u{2029}", tools: &["Go"], ..PLAIN },
    Policy { listed: "<>&\u{2028}\u{2029}", long_controls: true, tools: &["Go before 1.22"], ..PLAIN },
    Policy {
        listed: "\u{2028}\u{2029}",
        long_controls: true,
        tools: &["Go before 1.22 without HTML escaping"],
        ..PLAIN
    },
    Policy {
        upper: true,
        listed: "\"&'+<>`\u{7f}",
        listed_upper: true,
        tools: &["System.Text.Json"],
        ..ASCII
    },
    Policy { upper: true, tools: &["Jackson ESCAPE_NON_ASCII", "RapidJSON ASCII"], ..ASCII },
    Policy { upper: true, tools: &["Jackson"], ..PLAIN },
    Policy { listed: "<>&'=\u{2028}\u{2029}", tools: &["Gson"], ..PLAIN },
    Policy { listed: "\u{85}\u{2028}\u{2029}", tools: &["Newtonsoft.Json"], ..PLAIN },
    Policy { listed: "<>&'\u{85}\u{2028}\u{2029}", tools: &["PowerShell 5.1"], ..PLAIN },
    Policy { listed: "\"<>&'\u{85}\u{2028}\u{2029}", tools: &["Newtonsoft.Json EscapeHtml"], ..PLAIN },
    Policy {
        wide: Wide::Pairs,
        upper: true,
        listed: "\"&'+<>`\u{7f}\u{85}\u{a0}\u{2028}\u{2029}",
        listed_upper: true,
        tools: &["System.Text.Json for all Unicode"],
        ..PLAIN
    },
    Policy {
        slash: true,
        listed: "<>&'\"",
        listed_upper: true,
        tools: &["PHP JSON_HEX_TAG, _AMP, _APOS and _QUOT"],
        ..ASCII
    },
    Policy {
        listed: "<>&'\"\u{2028}\u{2029}",
        listed_upper: true,
        tools: &["PHP JSON_HEX_* and JSON_UNESCAPED_*"],
        ..PLAIN
    },
    Policy { slash: true, tools: &[], ..PLAIN },
    Policy { slash: true, upper: true, tools: &[], ..ASCII },
    Policy { listed: "<>&\u{7f}", tools: &[], ..ASCII },
    Policy { listed: "<>&\u{7f}", listed_upper: true, upper: true, tools: &[], ..ASCII },
    Policy { wide: Wide::Pairs, tools: &[], ..PLAIN },
    Policy { wide: Wide::Pairs, upper: true, tools: &[], ..PLAIN },
    Policy { listed: "\u{7f}", upper: true, listed_upper: true, tools: &[], ..ASCII },
    Policy { listed: "\u{7f}", slash: true, tools: &[], ..ASCII },
    Policy { long_controls: true, tools: &[], ..PLAIN },
    Policy { long_controls: true, tools: &[], ..ASCII },
];

impl Policy {
    /// How the policy spells a unit.
    pub(super) fn spelling(&self, value: Value) -> Spelling {
        let hex = |upper| if upper { Spelling::Upper } else { Spelling::Lower };
        let Value::Char(c) = value else { return hex(self.upper) };
        match c {
            _ if self.listed.contains(c) => hex(if c.is_ascii() { self.listed_upper } else { self.upper }),
            '"' | '\\' | '\n' | '\r' | '\t' => Spelling::Short,
            '\u{8}' | '\u{c}' if !self.long_controls => Spelling::Short,
            '\0'..='\u{1f}' => hex(self.upper),
            '/' if self.slash => Spelling::Short,
            _ if c.is_ascii() => Spelling::Raw,
            _ => match self.wide {
                Wide::All => hex(self.upper),
                Wide::Pairs if c.len_utf16() == 2 => hex(self.upper),
                _ => Spelling::Raw,
            },
        }
    }

    /// Writes a unit.
    pub(super) fn spell(&self, value: Value, out: &mut Vec<u8>) {
        spell(value, self.spelling(value), out);
    }

    /// Whether the units of a text are spelled like that already.
    pub(super) fn spells(&self, text: &[u8], units: &[Unit]) -> bool {
        let mut own = Vec::new();
        units.iter().all(|unit| {
            own.clear();
            self.spell(unit.value, &mut own);
            own == unit.of(text)
        })
    }
}

/// The policies that spell the units of a text in different ways, each way
/// once, and the text's own way not at all.
pub(super) fn distinct(text: &[u8], units: &[Unit]) -> Vec<&'static Policy> {
    // Few values make up most texts: policies are compared on those.
    let mut values: Vec<Value> = units.iter().map(|unit| unit.value).collect();
    values.sort_unstable();
    values.dedup();
    let mut seen: Vec<Vec<Spelling>> = Vec::new();
    let mut out = Vec::new();
    for policy in POLICIES {
        let ways: Vec<Spelling> =
            values.iter().map(|value| canonical(*value, policy.spelling(*value))).collect();
        if seen.contains(&ways) {
            continue;
        }
        seen.push(ways);
        if !policy.spells(text, units) {
            out.push(policy);
        }
    }
    out
}

/// Upper and lower case are one where the hex has no letters.
fn canonical(value: Value, spelling: Spelling) -> Spelling {
    if spelling != Spelling::Upper {
        return spelling;
    }
    let mut hex = Vec::new();
    spell(value, spelling, &mut hex);
    super::units::spelling(&hex)
}
