//! The built-in profiles, and profiles of others.

use std::collections::BTreeSet;

use super::*;
use crate::config::{Known, parse_known};

fn fix7() -> &'static Profile {
    builtin("fix7").unwrap()
}

/// A profile as somebody may write it, on top of the generic one.
fn written(text: &str) -> Result<Profile, Refused> {
    let text = format!("[profile.own]\n{text}");
    let config = parse_known(text.as_bytes(), "seal.toml", &Known::default()).unwrap();
    builtin("generic").unwrap().extended(&config.profiles[0])
}

#[test]
fn every_built_in_profile_is_read_whole() {
    for name in BUILT_IN {
        assert_eq!(builtin(name).map(Profile::name), Some(name));
    }
    let generic = builtin("generic").unwrap();
    for role in Role::ALL {
        assert!(!generic.documents(*role).is_empty(), "{}", role.id());
        assert_eq!(fix7().documents(*role), generic.documents(*role), "recognition removes nothing");
    }
    for key in [Key::Pins, Key::Trees, Key::Blockers, Key::ProbeClasses, Key::Entities, Key::Statuses] {
        assert!(!generic.has(key), "{} belongs to a project", key.id());
        assert!(fix7().has(key), "{}", key.id());
    }
}

#[test]
fn a_profile_that_extends_another_keeps_its_values() {
    let generic = builtin("generic").unwrap();
    for key in Key::ALL.iter().filter(|key| generic.has(**key)) {
        assert!(fix7().has(*key), "{}", key.id());
    }
    let own = written("values = { blockers = [\"A\"] }\ndocuments = { blockers = [\"open.json\"] }").unwrap();
    assert_eq!(own.words(Key::Blockers), ["A"]);
    assert_eq!(own.words(Key::ProbeVerdict), ["ALL_FAIL_CLOSED"]);
    assert_eq!(own.documents(Role::Blockers).len(), 1);
    assert_eq!(own.documents(Role::Probes), generic.documents(Role::Probes));
}

#[test]
fn names_of_roles_and_keys_are_unique() {
    let roles: BTreeSet<_> = Role::ALL.iter().map(|role| role.id()).collect();
    let keys: BTreeSet<_> = Key::ids().into_iter().collect();
    assert_eq!((roles.len(), keys.len()), (Role::ALL.len(), Key::ALL.len()));
    assert!(Key::ALL.iter().all(|key| Key::from_id(key.id()) == Some(*key) && !key.summary().is_empty()));
}

#[test]
fn a_value_of_another_shape_is_refused_with_what_is_due() {
    for (text, due) in [
        ("values = { blockers = \"A\" }", "a list of strings"),
        ("values = { blockers = [\"A\", \"A\"] }", "each once"),
        ("values = { blockers = [\" \"] }", "each once"),
        ("values = { fold_maximum = -1 }", "not negative"),
        ("values = { fold_maximum = \"1\" }", "not negative"),
        ("values = { pins = [{ name = \"x\", sha256 = \"E6\" }] }", "64 lower-case"),
        ("values = { pins = [{ name = \"x\" }] }", "lacks `sha256`"),
        ("values = { entities = [{ name = \"x\" }, { name = \"x\" }] }", "again"),
        ("values = { entities = [{ name = \"x\", other = 1 }] }", "\"other\""),
        ("values = { entities = [1] }", "no table"),
        ("values = { claims = { READY = \"probes\" } }", "table of lists"),
        ("values = { blocker = [] }", "`blockers`"),
        ("documents = { probe = [\"a.json\"] }", "`probes`"),
    ] {
        let refused = written(text).unwrap_err();
        assert!(format!("{} {}", refused.message, refused.help).contains(due), "{text}: {refused:?}");
    }
}

#[test]
fn probes_come_in_three_suites_of_ten_ten_and_fifteen() {
    let rows = fix7().rows(Key::ProbeClasses);
    let count = |suite| rows.iter().filter(|row| row.word("suite") == Some(suite)).count();
    assert_eq!([count("rehearsal"), count("clone_and_ci"), count("execution")], [10, 10, 15]);
    for row in rows {
        assert!(Role::from_id(row.word("document").unwrap()).is_some(), "{row:?}");
    }
}

#[test]
fn the_longest_ending_of_a_status_says_what_it_claims() {
    let claimed = |status| fix7().checks_claimed_by(status);
    assert_eq!(
        claimed("FIX7_P0_PRODUCTION_REHEARSAL_ONLY_ROLLBACK_READY"),
        ["rehearsal", "rollback", "validator", "probes", "isolation"]
    );
    assert!(claimed("FIX7_P0_PRODUCTION_SHAPED_CLONE_REHEARSAL_READY_NOT_APPLIED").is_empty());
    assert_eq!(claimed("X_APPLIED"), ["rollback"]);
    assert_eq!(
        claimed("X_EXECUTION_AND_REVIEW_APPLIED"),
        ["rollback", "probes", "surfaces", "plan", "scope", "review"]
    );
    assert!(claimed("ALREADY").is_empty(), "an ending is whole words");
}

#[test]
fn spellings_are_for_every_document_or_for_one() {
    let own =
        written("values = { spellings = { id = [\"name\"], \"probes.code\" = [\"reject\"] } }").unwrap();
    assert_eq!(own.spellings(Role::Blockers).of("id"), ["name"]);
    assert_eq!(own.spellings(Role::Probes).of("code"), ["reject"]);
    assert!(own.spellings(Role::Blockers).of("code").is_empty());
}

/// How the documentation calls a shape.
fn told(shape: &Shape) -> String {
    match shape {
        Shape::Word => "a string".into(),
        Shape::Count => "a number".into(),
        Shape::Flag => "true or false".into(),
        Shape::Digest => "64 hexadecimal digits".into(),
        Shape::Words => "strings".into(),
        Shape::Globs => "globs".into(),
        Shape::Groups => "a table of lists of strings".into(),
        Shape::Texts => "a table of strings".into(),
        Shape::Rows(columns) => {
            let name = |column: &Column| {
                format!("`{}`{}", column.name, if column.optional { " (may be left out)" } else { "" })
            };
            format!("tables: {}", columns.iter().map(name).collect::<Vec<_>>().join(", "))
        }
    }
}

#[test]
fn the_documentation_has_every_document_and_every_value() {
    let page = include_str!("../../docs/profiles.md");
    let rows: BTreeSet<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let generic = builtin("generic").unwrap();
    for role in Role::ALL {
        let names = generic
            .documents(*role)
            .iter()
            .map(|name| format!("`{}`", String::from_utf8(name.as_bytes().to_vec()).unwrap()));
        let names = names.collect::<Vec<_>>().join(", ");
        let row = format!("| `{}` | {names} | {} |", role.id(), role.summary());
        assert!(rows.contains(&*row), "docs/profiles.md lacks the row\n{row}");
    }
    for key in Key::ALL {
        let row = format!("| `{}` | {} | {} |", key.id(), told(&key.shape()), key.summary());
        assert!(rows.contains(&*row), "docs/profiles.md lacks the row\n{row}");
    }
    for verb in VERBS {
        assert!(page.contains(&format!("`{verb}`")), "{verb}");
    }
    // Nothing more: what is not known any more is not promised.
    let own = crate::config::profile_keys();
    assert!(own.iter().all(|key| rows.iter().any(|row| row.starts_with(&format!("| `{key}` | ")))));
    assert_eq!(rows.len(), Role::ALL.len() + Key::ALL.len() + own.len());
}

#[test]
fn pins_of_the_family_are_these() {
    let pin = fix7().row(Key::Pins, fix7().word(Key::ValidatorPin).unwrap()).unwrap();
    assert_eq!(pin.count("size"), Some(18_172));
    assert!(pin.digest("sha256").unwrap().to_string().starts_with("e6547e69"));
    assert_eq!(fix7().rows(Key::Trees).len(), 7);
    assert_eq!(fix7().rows(Key::Pins).len(), 7);
}
