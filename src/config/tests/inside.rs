//! Configurations inside a sealed root: what weakens, and what joins.

use super::*;

#[test]
fn the_documented_table_is_the_table_of_keys() {
    let documentation = include_str!("../../config.rs");
    let rows: Vec<Vec<&str>> = documentation
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"))
        .map(|line| line.trim_end_matches(" |").split(" | ").collect())
        .collect();
    let mut documented = Vec::new();
    for key in keys::KEYS {
        let (may_stay, weakens) = (["may stay"], ["weakens"]);
        let (spelt, words): (Vec<String>, &[&str]) = match key.weakens {
            keys::Weakens::ByItsKeys => continue,
            keys::Weakens::Never => (vec![key.full_name()], &may_stay),
            keys::Weakens::Always => (vec![key.full_name()], &weakens),
            keys::Weakens::WhenAllowed => {
                let values = ["deny", "allow"].map(|value| format!("{} = \"{value}\"", key.full_name()));
                (values.to_vec(), &["may stay", "weakens"])
            }
        };
        for (spelling, word) in spelt.into_iter().zip(words) {
            let row = rows.iter().find(|row| row[0].trim_end_matches('`') == spelling);
            let row = row.unwrap_or_else(|| panic!("{spelling} is not documented"));
            assert_eq!(row[1], *word, "{spelling}");
            assert!(*word == "may stay" || row[2] == key.why, "{spelling}: {}", key.why);
            documented.push(spelling);
        }
    }
    assert_eq!(documented.len(), rows.len(), "{rows:?}");
}

#[test]
fn every_key_that_weakens_is_found_in_the_order_of_the_file() {
    let text = everything();
    let known = Known { checks: CHECKS, profiles: &[], values: &["blockers"], ..Known::default() };
    let config = parse_known(text.as_bytes(), "seal.toml", &known).unwrap();
    let found: Vec<String> = config.weakening().into_iter().map(|weakening| weakening.key).collect();
    let want = [
        "search_budget",
        "discover.roots",
        "discover.ignore",
        "packet.manifest",
        "packet.pin",
        "packet.profile",
        "packet.exclude",
        "packet.predecessor",
        "packet.references",
        "packet.accept_reseal",
        "packet.evidence",
        "packet.values",
        "packet.manifest",
        "packet.unsealed",
        "packet.accept_reseal",
        "known_broken",
    ];
    assert_eq!(found, want);
    for (weakening, finding) in config.weakening().iter().zip(config.weakening_findings()) {
        assert_eq!(finding.code, Code::ConfigInsidePacket);
        assert_eq!(&text[weakening.span.clone()], weakening.key.rsplit('.').next().unwrap());
        assert_eq!(mark(&finding), weakening.key.rsplit('.').next().unwrap());
    }
}

#[test]
fn demands_join_and_nothing_is_relaxed() {
    let base =
        read("[[packet]]\nroot = \"p\"\nunsealed = \"allow\"\nexclude = [\"*.log\"]\nrequire = [\"pin\"]\n");
    let inside = read(&format!(
        "[[packet]]\nroot = \".\"\nunsealed = \"deny\"\nrequire = [\"probes\", \"pin\"]\nexpect_tree = \"{TREE}\"\n\
         [[packet]]\nroot = \"inner\"\nrequire = [\"rollback\"]\n"
    ));
    let joined = tighten(&base, &inside, &path("p")).unwrap();
    let [outer, inner] = &joined.packets[..] else { panic!("{joined:?}") };
    assert_eq!(outer.unsealed, Some(Unsealed::Deny));
    assert_eq!(outer.require, ["pin", "probes"]);
    assert_eq!(outer.exclude, base.packets[0].exclude);
    assert_eq!(outer.expect_tree.as_ref().unwrap().value, digest(TREE));
    assert_eq!(inner.root.as_ref().unwrap().value, path("p/inner"));
    assert_eq!(inner.require, ["rollback"]);

    // A demand that came from inside points into the text inside.
    let tree = joined.invalid(&outer.expect_tree.as_ref().unwrap().span, "m", "h", "l");
    assert_eq!((tree.location.unwrap().line, mark(&tree)), (5, &*format!("\"{TREE}\"")));
    let root = joined.invalid(&inner.root.as_ref().unwrap().span, "m", "h", "l");
    assert_eq!((root.location.unwrap().line, mark(&root)), (7, "\"inner\""));
    let outer = joined.invalid(&outer.root.as_ref().unwrap().span, "m", "h", "l");
    assert_eq!((outer.location.unwrap().line, mark(&outer)), (2, "\"p\""));
}

#[test]
fn an_expected_tree_from_outside_cannot_be_replaced() {
    let expects = |tree: &str| read(&format!("[[packet]]\nroot = \".\"\nexpect_tree = \"{tree}\"\n"));
    let same = tighten(&expects(TREE), &expects(&TREE.to_uppercase()), &BytePath::root()).unwrap();
    assert_eq!(same.packets[0].expect_tree, expects(TREE).packets[0].expect_tree);
    let findings = tighten(&expects(TREE), &expects(OTHER), &BytePath::root()).unwrap_err();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, Code::ConfigInsidePacket);
    assert_eq!(mark(&findings[0]), format!("\"{OTHER}\""));
}

#[test]
fn what_weakens_is_refused_whole() {
    let inside =
        read("[[packet]]\nroot = \".\"\nrequire = [\"pin\"]\nexclude = [\"x\"]\nunsealed = \"allow\"\n");
    let findings = tighten(&Config::default(), &inside, &BytePath::root()).unwrap_err();
    let keys: Vec<&str> = findings.iter().map(mark).collect();
    assert_eq!(keys, ["exclude", "unsealed"]);
    let defaults = tighten(&Config::default(), &read(""), &BytePath::root()).unwrap();
    assert!(defaults.packets.is_empty());
    assert!(Config::default().invalid(&(0..1), "m", "h", "l").snippet.is_none());
}
