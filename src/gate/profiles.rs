//! The profiles of a configuration: put together, and refused where something in
//! them can be carried out by nothing. A misspelt name would otherwise be a rule
//! that never applies.

use std::collections::BTreeMap;

use crate::check;
use crate::code::Code;
use crate::config::{Config, Globs};
use crate::finding::Finding;
use crate::profile::{BUILT_IN, Injection, Key, Profile, Refused, Role, VERBS, builtin, nearest};
use crate::text::quote;

/// What is wrong with a value, and what to do.
type Unfit = (String, String);

/// Every profile that a configuration defines, or what of it cannot be carried out.
pub(super) fn profiles(config: &Config) -> Result<BTreeMap<String, Profile>, Vec<Finding>> {
    let invalid = |refused: Refused, label: &str| {
        vec![config.invalid(&refused.span, refused.message, refused.help, label)]
    };
    let mut known: BTreeMap<String, Profile> = BTreeMap::new();
    for table in &config.profiles {
        let refused = |span: &std::ops::Range<usize>, message: String, help: String| {
            invalid(Refused { span: span.clone(), message, help }, "in this profile")
        };
        if builtin(&table.name).is_some() {
            let message = format!("the profile `{}` comes with the program", table.name);
            let help = "choose another name, and `extends` for what it should begin with";
            return Err(refused(&table.span, message, help.to_owned()));
        }
        let name = table.extends.as_ref().map_or("generic", |base| base.value.as_str());
        let Some(base) = known.get(name).or_else(|| builtin(name)) else {
            let span = table.extends.as_ref().map_or(&table.span, |base| &base.span);
            let message = format!(
                "the profile `{}` extends {}, which does not stand before it",
                table.name,
                quote(name.as_bytes())
            );
            let names: Vec<&str> = BUILT_IN.into_iter().chain(known.keys().map(String::as_str)).collect();
            let help = format!(
                "{}; a profile extends a built-in one or one further up",
                nearest(name, names.iter().copied())
            );
            return Err(refused(span, message, help));
        };
        let profile = base.extended(table).map_err(|refused| invalid(refused, "in this profile"))?;
        for (name, value) in &table.values {
            if let Some((message, help)) = Key::from_id(name).and_then(|key| unfit(&profile, key)) {
                return Err(refused(&value.span, message, help));
            }
        }
        known.insert(table.name.clone(), profile);
    }
    for packet in config.packets.iter().filter(|packet| !packet.values.is_empty()) {
        let name = packet.profile.as_ref().map_or("generic", |profile| profile.value.as_str());
        let Some(base) = known.get(name).or_else(|| builtin(name)) else { continue };
        let profile = base.adapted(packet).map_err(|refused| invalid(refused, "this value"))?;
        for (name, value) in &packet.values {
            if let Some((message, help)) = Key::from_id(name).and_then(|key| unfit(&profile, key)) {
                let refused = Refused { span: value.span.clone(), message, help };
                return Err(invalid(refused, "this value"));
            }
        }
    }
    Ok(known)
}

/// Why a value that has its shape can be carried out by nothing.
fn unfit(profile: &Profile, key: Key) -> Option<Unfit> {
    match key {
        Key::ProbeClasses => impossible_class(profile),
        Key::ProbeInjections => injections(profile),
        Key::Spellings => spellings(profile),
        Key::Claims => claims(profile),
        Key::SelfChecks => self_checks(profile),
        Key::ValidatorPin => validator_pin(profile),
        Key::ValidatorRuns => validator_runs(profile),
        Key::RehearsalLegs => legs(profile),
        Key::Ranges => ranges(profile),
        _ => None,
    }
}

fn shown(text: &str) -> String {
    quote(text.as_bytes())
}

/// A check that there is not.
fn no_check(name: &str, what: &str) -> Option<Unfit> {
    if check::ids().any(|known| known == name) {
        return None;
    }
    Some((format!("{what} names the check {}, which is none", shown(name)), nearest(name, check::ids())))
}

/// A class of bad input that nothing could try, or nothing answer.
fn impossible_class(profile: &Profile) -> Option<Unfit> {
    let message = profile.rows(Key::ProbeClasses).into_iter().find_map(|row| {
        let word = |column: &str| row.word(column).unwrap_or_default();
        let (document, check, code) = (word("document"), word("check"), word("code"));
        let what = if Role::from_id(document).is_none() {
            format!("the document {}, which is none", shown(document))
        } else if !check::ids().any(|known| known == check) {
            format!("the check {}, which is none", shown(check))
        } else if Code::from_id(code).is_none() {
            format!("the code {}, which is none", shown(code))
        } else {
            return None;
        };
        Some(format!("the class {} of bad input names {what}", shown(word("name"))))
    })?;
    Some((message, "`seal selftest --list` shows classes that can be tried".to_owned()))
}

fn injections(profile: &Profile) -> Option<Unfit> {
    let rows = profile.rows(Key::ProbeClasses);
    let name = |column: &str, row: &crate::profile::Row<'_>| row.word(column).unwrap_or_default().to_owned();
    let classes: Vec<String> =
        rows.iter().map(|row| format!("{}.{}", name("suite", row), name("name", row))).collect();
    profile.texts(Key::ProbeInjections).into_iter().find_map(|(class, line)| {
        if !classes.contains(&class) {
            let message = format!("`probe_injections` names the class {}, which is none", shown(&class));
            return Some((message, nearest(&class, classes.iter().map(String::as_str))));
        }
        let why = Injection::parse(&line).err()?;
        let message = format!("the bad input of {} cannot be made: {why}", shown(&class));
        let help = format!("write one of: {}; each perhaps behind `unsealed`", VERBS.join(", "));
        Some((message, help))
    })
}

/// The part before a dot is a document; a field that is nearly one with other names
/// is a slip of the keyboard.
fn spellings(profile: &Profile) -> Option<Unfit> {
    let usual: Vec<String> = builtin("generic")
        .map(|generic| generic.groups(Key::Spellings).into_keys().collect())
        .unwrap_or_default();
    profile.groups(Key::Spellings).into_keys().find_map(|name| {
        if let Some((document, field)) = name.split_once('.') {
            let roles = Role::ALL.iter().map(|role| role.id());
            if Role::from_id(document).is_none() {
                let message = format!("`spellings` names the document {}, which is none", shown(document));
                return Some((message, nearest(document, roles)));
            }
            if field.is_empty() {
                let help = "write `document.field`".to_owned();
                return Some((format!("`spellings` has {} without a field", shown(&name)), help));
            }
        }
        let near = |known: &&String| *known != &name && crate::config::is_close(&name, known);
        let close = usual.iter().find(near).filter(|_| !usual.contains(&name))?;
        let message = format!("`spellings` names the field {}, which no check reads", shown(&name));
        Some((message, format!("did you mean `{close}`?")))
    })
}

fn claims(profile: &Profile) -> Option<Unfit> {
    profile.groups(Key::Claims).into_iter().find_map(|(ending, checks)| {
        let what = format!("the ending {} of `claims`", shown(&ending));
        checks.iter().find_map(|name| no_check(name, &what))
    })
}

fn self_checks(profile: &Profile) -> Option<Unfit> {
    profile.rows(Key::SelfChecks).into_iter().find_map(|row| {
        let what = format!("the item {} of `self_checks`", shown(row.word("name").unwrap_or_default()));
        no_check(row.word("check").unwrap_or_default(), &what)
    })
}

fn validator_pin(profile: &Profile) -> Option<Unfit> {
    let name = profile.word(Key::ValidatorPin)?;
    if profile.row(Key::Pins, name).is_some() {
        return None;
    }
    let pins = profile.rows(Key::Pins);
    let message = format!("`validator_pin` is {}, which is the name of none of `pins`", shown(name));
    Some((message, nearest(name, pins.iter().filter_map(|row| row.word("name")))))
}

fn validator_runs(profile: &Profile) -> Option<Unfit> {
    let good = |ends: &Vec<String>| matches!(ends.as_slice(), [end] if end == "pass" || end == "fail");
    let (run, _) = profile.groups(Key::ValidatorRuns).into_iter().find(|(_, ends)| !good(ends))?;
    let message = format!("the run {} of `validator_runs` has no end that is known", shown(&run));
    Some((message, "write `[\"pass\"]` or `[\"fail\"]`".to_owned()))
}

fn legs(profile: &Profile) -> Option<Unfit> {
    const KINDS: [&str; 3] = ["invariant", "entry", "executor"];
    profile.rows(Key::RehearsalLegs).into_iter().find_map(|row| {
        let kind = row.word("kind").unwrap_or_default();
        let name = shown(row.word("name").unwrap_or_default());
        if !KINDS.contains(&kind) {
            let message = format!("the leg {name} has the kind {}, which is none", shown(kind));
            return Some((message, nearest(kind, KINDS.into_iter())));
        }
        let due = if kind == "entry" { "entry" } else { "fields" };
        let has = if kind == "entry" { row.word(due).is_some() } else { !row.words(due).is_empty() };
        let lacks = || (format!("the leg {name} lacks `{due}`"), format!("add `{due}` to the row"));
        (!has).then(lacks)
    })
}

fn ranges(profile: &Profile) -> Option<Unfit> {
    let row = profile.rows(Key::Ranges).into_iter().find(|row| row.count("first") > row.count("last"))?;
    let name = shown(row.word("name").unwrap_or_default());
    Some((format!("the range {name} ends before it begins"), "exchange `first` and `last`".to_owned()))
}

/// Whether there is a profile of that name.
pub(super) fn is_profile(name: &str, config: &Config) -> bool {
    builtin(name).is_some() || config.profiles.iter().any(|table| table.name == name)
}

/// There is no profile of that name.
pub(super) fn unknown(name: &str, config: &Config) -> Finding {
    let own = config.profiles.iter().map(|table| table.name.as_str());
    let known: Vec<&str> = BUILT_IN.into_iter().chain(own).collect();
    let message = format!("there is no profile {}", shown(name));
    let help = format!("known profiles: {}; more can be defined in seal.toml", known.join(", "));
    Finding::new(Code::UsageError, message).help(help)
}

/// What the policy's profile lets lie unsealed: only when somebody chose it.
pub(super) fn allowed_by(name: &str, config: &Config) -> Globs {
    named(name, config).map(|profile| profile.allows().clone()).unwrap_or_default()
}

/// The profile of that name.
pub(super) fn named(name: &str, config: &Config) -> Option<Profile> {
    if let Some(profile) = builtin(name) {
        return Some(profile.clone());
    }
    profiles(config).ok()?.remove(name)
}
