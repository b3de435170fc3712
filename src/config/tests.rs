//! Whole configurations: what is read, what is refused and where it points.

mod inside;

use super::*;
use crate::path::Backslash;

const CHECKS: &[&str] = &["manifest", "pin", "rollback", "probes"];
const TREE: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const OTHER: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn read(text: &str) -> Config {
    parse(text.as_bytes(), "seal.toml", CHECKS).unwrap_or_else(|finding| panic!("{text}\n{finding:?}"))
}

fn refused(text: &[u8]) -> Finding {
    let finding = *parse(text, "seal.toml", CHECKS)
        .expect_err(&format!("accepted: {}", String::from_utf8_lossy(&text[..text.len().min(200)])));
    assert_eq!(finding.code, Code::ConfigInvalid);
    assert!(!finding.message.is_empty() && !finding.help.is_empty());
    assert!(!finding.message.contains('\n') && !finding.message.ends_with('.'), "{}", finding.message);
    finding
}

fn mark(finding: &Finding) -> &str {
    let snippet = finding.snippet.as_ref().unwrap();
    &snippet.text[snippet.mark.clone()]
}

fn path(name: &str) -> BytePath {
    BytePath::parse(name.as_bytes(), Backslash::Refuse).unwrap()
}

fn digest(hex: &str) -> Sha256 {
    Sha256::from_hex(hex.as_bytes()).unwrap()
}

fn everything() -> String {
    format!(
        r#"# The gate of this repository.
search_budget = "4GB"

[discover]
roots = ["packets", "./more/"]
ignore = ["vendor/**"]

[[packet]]
root = "packets/a"
manifest = "packets/a/HASH_MANIFEST.txt"
pin = "packets/a/packet_tree.sha256"
expect_tree = "{TREE}"
profile = "generic"
exclude = ["evidence/**", "*.log"]
unsealed = "deny"
require = ["rollback", "pin", "pin"]
predecessor = "packets/old"
references = [{{ path = "validator.py", sha256 = "{OTHER}", size = 18_172, found_in = ["packets/b", "."] }}]
accept_reseal = [{{ tree = "{OTHER}" }}, {{ root = "packets/a", tree = "{TREE}" }}]
evidence = {{ rollback = ["clone-rollback-evidence.json", "sub/proof.json"] }}
values = {{ blockers = ["B-1", 7, true, {{ a = "b" }}] }}

[[packet]]
manifest = "SHA256SUMS"
unsealed = "allow"
accept_reseal = [{{ root = ".", tree = "{OTHER}" }}]

[[known_broken]]
root = "packets/old"
tree = "{}"
reason = "sealed on a CRLF machine"
until = 2026-12-31
"#,
        TREE.to_uppercase()
    )
}

#[test]
fn every_key_is_read() {
    let text = everything();
    let known = Known { checks: CHECKS, profiles: &["fix7"], values: &["blockers"], ..Known::default() };
    let config = parse_known(text.as_bytes(), "seal.toml", &known).unwrap();
    assert_eq!(config.search_budget, Some(4_000_000_000));
    let roots: Vec<_> = config.discover.roots.iter().map(|root| root.value.clone()).collect();
    assert_eq!(roots, [path("packets"), path("more")]);
    assert!(config.discover.ignore.matches(&path("vendor/x/SHA256SUMS")));

    let [first, second] = &config.packets[..] else { panic!("{:?}", config.packets) };
    assert_eq!(first.root.as_ref().unwrap().value, path("packets/a"));
    assert_eq!(first.manifest.as_ref().unwrap().value, path("packets/a/HASH_MANIFEST.txt"));
    assert_eq!(first.pin.as_ref().unwrap().value, path("packets/a/packet_tree.sha256"));
    assert_eq!(first.expect_tree.as_ref().unwrap().value, digest(TREE));
    assert_eq!(first.profile.as_ref().unwrap().value, "generic");
    assert_eq!(first.exclude.patterns(), ["evidence/**", "*.log"]);
    assert_eq!(first.unsealed, Some(Unsealed::Deny));
    assert_eq!(first.require, ["pin", "rollback"]);
    assert_eq!(first.predecessor.as_ref().map(|before| &before.value), Some(&path("packets/old")));
    let reference = &first.references[0];
    assert_eq!((&reference.path, reference.size), (&path("validator.py"), Some(18_172)));
    assert_eq!(reference.sha256, digest(OTHER));
    assert_eq!(reference.found_in, [path("packets/b"), BytePath::root()]);
    assert_eq!(first.evidence["rollback"], [path("clone-rollback-evidence.json"), path("sub/proof.json")]);
    let map = BTreeMap::from([("a".to_owned(), ProfileValue::Text("b".to_owned()))]);
    assert_eq!(
        first.values["blockers"].value,
        ProfileValue::List(vec![
            ProfileValue::Text("B-1".to_owned()),
            ProfileValue::Integer(7),
            ProfileValue::Flag(true),
            ProfileValue::Table(map),
        ])
    );
    assert_eq!((second.root.as_ref(), second.unsealed), (None, Some(Unsealed::Allow)));

    let accepted: Vec<_> = config.accept_reseal.iter().map(|a| (a.root.clone(), a.tree)).collect();
    let a = path("packets/a");
    let want = [(a.clone(), digest(OTHER)), (a.clone(), digest(TREE)), (BytePath::root(), digest(OTHER))];
    assert_eq!(accepted, want);
    assert!(
        config.accepts_reseal(&a, &digest(TREE)) && !config.accepts_reseal(&path("packets"), &digest(TREE))
    );
    assert_eq!(config.packets_at(&a).count(), 1);
    assert_eq!(config.packets_at(&path("x")).count(), 0);
}

#[test]
fn the_readme_shows_a_valid_configuration_and_every_key() {
    let readme = include_str!("../../README.md");
    let (_, sample) = readme.split_once("```toml\n").unwrap();
    let config = read(sample.split_once("```").unwrap().0);
    assert_eq!((config.packets.len(), config.known_broken.len()), (2, 1));
    for key in keys::KEYS.iter().filter(|key| !matches!(key.name, "discover" | "packet")) {
        let row = format!("| `{}` |", key.full_name());
        let documented = match key.section {
            keys::Section::Top | keys::Section::Discover | keys::Section::Packet => readme.contains(&row),
            keys::Section::Profile => {
                readme.lines().any(|line| line.contains("[profile.NAME]") && line.contains(key.name))
            }
            _ => readme
                .lines()
                .any(|line| line.starts_with("| `") && line.contains("[{") && line.contains(key.name)),
        };
        assert!(documented, "{} is not in the reference", key.full_name());
    }
}

#[test]
fn a_known_broken_seal_is_excused_until_its_day_and_at_its_tree_only() {
    let config = parse_known(
        everything().as_bytes(),
        "seal.toml",
        &Known { checks: CHECKS, profiles: &[], values: &["blockers"], ..Known::default() },
    )
    .unwrap();
    let old = path("packets/old");
    let day = |y, m, d| Date::new(y, m, d).unwrap();
    let excused = |root: &BytePath, tree, today| config.known_broken_at(root, &digest(tree), today).is_some();
    assert!(excused(&old, TREE, day(2026, 12, 30)));
    assert!(!excused(&old, TREE, day(2026, 12, 31)));
    assert!(!excused(&old, TREE, day(2027, 1, 1)));
    assert!(!excused(&old, OTHER, day(2026, 1, 1)));
    assert!(!excused(&path("packets"), TREE, day(2026, 1, 1)));
}

#[test]
fn nothing_is_a_valid_configuration() {
    for text in ["", "\n", "# only a comment", "\u{feff}", "\u{feff}# x\r\n", "packet = []", "[discover]"] {
        let config = read(text);
        assert!(config.packets.is_empty() && config.weakening().is_empty(), "{text:?}");
    }
}

#[test]
fn a_mark_and_crlf_move_no_place() {
    let text = "[[packet]]\r\nroot = \"a\"\r\nunsealed = \"maybe\"\r\n";
    for (prefix, offset) in [("", 0), ("\u{feff}", 3)] {
        let finding = refused(format!("{prefix}{text}").as_bytes());
        let location = finding.location.unwrap();
        assert_eq!((location.line, location.column), (3, 12));
        assert_eq!((location.byte, location.end_byte), (35 + offset, Some(42 + offset)));
        assert_eq!(mark(&finding), "\"maybe\"");
        assert_eq!(finding.snippet.unwrap().text, "unsealed = \"maybe\"");
    }
    let finding = refused("\u{feff}exclud = 1".as_bytes());
    assert_eq!((finding.location.unwrap().line, finding.location.unwrap().column), (1, 1));
    assert_eq!(mark(&finding), "exclud");
}

#[test]
fn an_unknown_key_names_the_nearest_known_one() {
    let cases = [
        ("serch_budget = \"1GB\"", "serch_budget", "`search_budget`", "the top level"),
        ("SEARCH_BUDGET = \"1GB\"", "SEARCH_BUDGET", "`search_budget`", "the top level"),
        ("exclude = []", "exclude", "`exclude` belongs in [[packet]]", "the top level"),
        ("[discover]\nroot = \".\"", "root", "belongs in [[packet]]", "[discover]"),
        ("[discover]\nignored = []", "ignored", "`ignore`", "[discover]"),
        ("[[packet]]\nroot = \".\"\nexclud = []", "exclud", "`exclude`", "[[packet]]"),
        ("[[packet]]\nroot = \".\"\nun-sealed = \"deny\"", "un-sealed", "`unsealed`", "[[packet]]"),
        ("[[packet]]\nroot = \".\"\nreferences = [{ sha265 = \"\" }]", "sha265", "`sha256`", "references"),
        ("[[known_broken]]\nuntill = 2026-01-01", "untill", "`until`", "known_broken"),
        ("[[packets]]\nroot = \".\"", "packets", "`packet`", "the top level"),
        ("\"\" = 1", "\"\"", "known here: discover, packet", "the top level"),
    ];
    for (text, marked, near, table) in cases {
        let finding = refused(text.as_bytes());
        assert!(finding.message.contains("unknown key") && finding.message.contains(table), "{finding:?}");
        assert!(finding.help.contains(near), "{text}: {}", finding.help);
        assert_eq!(mark(&finding), marked, "{text}");
    }
    let first = refused(b"zz = 1\naa = 2\n");
    assert_eq!((first.location.unwrap().line, mark(&first)), (1, "zz"));
}

#[test]
fn a_key_of_another_table_is_first_taken_for_a_slip_in_this_one() {
    let finding = refused(b"[discover]\nroot = \".\"");
    assert!(
        finding.help.starts_with("did you mean `roots`? `root` belongs in [[packet]]; "),
        "{}",
        finding.help
    );
    let finding = refused(b"exclude = []");
    assert!(finding.help.starts_with("`exclude` belongs in [[packet]]; "), "{}", finding.help);
}

#[test]
fn forbid_for_deny_is_told_what_both_values_mean() {
    let finding = refused(b"[[packet]]\nroot = \".\"\nunsealed = \"forbid\"");
    assert!(!finding.help.contains("nearest"), "{}", finding.help);
    assert!(finding.help.contains("`\"deny\"`: a file") && finding.help.contains("`\"allow\"`: such files"));
}

#[test]
fn a_tree_that_is_no_digest_is_told_which_command_prints_it() {
    let finding = refused(b"[[packet]]\nroot = \".\"\nexpect_tree = \"abc\"");
    assert!(finding.help.contains("`sha256sum HASH_MANIFEST.txt` prints them, in the packet that you trust"));
}

#[test]
fn a_value_that_cannot_be_carried_out_is_marked() {
    let packet = |rest: &str| format!("[[packet]]\nroot = \".\"\n{rest}\n");
    let long = "0".repeat(65);
    let cases = [
        ("search_budget = 4000".to_owned(), "4000", "not an integer"),
        ("search_budget = \"4\"".to_owned(), "\"4\"", "no unit"),
        ("search_budget = \"lots\"".to_owned(), "\"lots\"", "whole number"),
        ("[discover]\nroots = []".to_owned(), "[]", "empty"),
        ("[discover]\nroots = [\"a\", \"../b\"]".to_owned(), "\"../b\"", "leave the tree"),
        ("[discover]\nroots = [\"a\", \"./a/\"]".to_owned(), "\"./a/\"", "twice"),
        ("[discover]\nroots = \"a\"".to_owned(), "\"a\"", "an array of strings, not a string"),
        ("[discover]\nignore = [\"\"]".to_owned(), "\"\"", "empty"),
        ("[discover]\nignore = [\"a/\"]".to_owned(), "\"a/\"", "ends in `/`"),
        ("discover = 1".to_owned(), "1", "not an integer"),
        ("[packet]\nroot = \".\"".to_owned(), "[packet]", "[[packet]], not a table"),
        ("packet = [1]".to_owned(), "1", "not an integer"),
        ("[[packet]]\nunsealed = \"deny\"".to_owned(), "[[packet]]", "neither `root` nor `manifest`"),
        ("[[packet]]\nroot = \"\"".to_owned(), "\"\"", "empty"),
        ("[[packet]]\nroot = \"/\"".to_owned(), "\"/\"", "absolute"),
        ("[[packet]]\nroot = \"/srv\"".to_owned(), "\"/srv\"", "absolute"),
        ("[[packet]]\nroot = \"..\"".to_owned(), "\"..\"", "leave the tree"),
        ("[[packet]]\nroot = \"a/../../b\"".to_owned(), "\"a/../../b\"", "leave the tree"),
        ("[[packet]]\nroot = 'C:\\x'".to_owned(), "'C:\\\\x'", "drive"),
        ("[[packet]]\nroot = 'a\\b'".to_owned(), "'a\\\\b'", "backslash"),
        ("[[packet]]\nroot = \"a//b\"".to_owned(), "\"a//b\"", "empty component"),
        ("[[packet]]\nroot = true".to_owned(), "true", "a string, not a boolean"),
        (packet("manifest = \".\""), "\".\"", "`manifest` is no usable path"),
        (packet("manifest = \"x\"\npin = \"./x\""), "\"./x\"", "the same file"),
        (packet("expect_tree = \"abc\""), "\"abc\"", "3 hexadecimal digits"),
        (packet(&format!("expect_tree = \"{long}\"")), &format!("\"{long}\""), "65 hexadecimal digits"),
        (
            packet(&format!("expect_tree = \"{}x\"", &TREE[1..])),
            &format!("\"{}x\"", &TREE[1..]),
            "character 64",
        ),
        (packet("profile = \"fix7\""), "\"fix7\"", "unknown profile"),
        (packet("profile = \"Generic\""), "\"Generic\"", "unknown profile"),
        (packet("exclude = [\"ok\", \"[\"]"), "\"[\"", "not valid"),
        (packet("exclude = [\"/abs\"]"), "\"/abs\"", "absolute"),
        (packet("unsealed = \"Deny\""), "\"Deny\"", "unknown value"),
        (packet("unsealed = false"), "false", "not a boolean"),
        (packet("require = [\"pin\", \"rolback\"]"), "\"rolback\"", "unknown check"),
        (packet("references = [{ path = \"a\" }]"), "{ path = \"a\" }", "lacks `sha256`"),
        (packet("evidence = { manifest = [\"x\"] }"), "manifest", "unknown check that reads documents"),
        (packet("evidence = { rollback = [] }"), "[]", "empty"),
        (packet("evidence = { rollback = [\"../x\"] }"), "\"../x\"", "`..`"),
        (packet("values = { x = 1 }"), "x", "unknown profile value"),
        (packet("accept_reseal = [{}]"), "{}", "lacks `tree`"),
    ];
    for (text, marked, reason) in cases {
        let finding = refused(text.as_bytes());
        assert!(finding.message.contains(reason), "{text}\n{}", finding.message);
        assert_eq!(mark(&finding), marked, "{text}");
    }
}

#[test]
fn references_reseals_and_excuses_are_strict() {
    let reference = |rest: &str| {
        format!("[[packet]]\nroot = \".\"\nreferences = [{{ path = \"a\", sha256 = \"{TREE}\", {rest} }}]\n")
    };
    read(&reference("found_in = [\"b/\"]"));
    let broken = |rest: &str| format!("[[known_broken]]\nroot = \".\"\ntree = \"{TREE}\"\n{rest}\n");
    read(&broken("reason = \"r\"\nuntil = 2028-02-29"));
    let two = |a: &str, b: &str| {
        format!(
            "[[packet]]\nroot = \".\"\nreferences = [{{ path = \"{a}\", sha256 = \"{TREE}\", found_in = [\".\"] }}, \
             {{ path = \"{b}\", sha256 = \"{TREE}\", found_in = [\".\"] }}]\n"
        )
    };
    read(&two("a", "b"));
    let reseal = |root: &str| {
        format!("[[packet]]\nroot = \"p\"\naccept_reseal = [{{ root = \"{root}\", tree = \"{TREE}\" }}]\n")
    };
    read(&reseal("p/"));
    let excuse = broken("reason = \"r\"\nuntil = 2026-01-01");
    let cases = [
        (reference("size = 1"), "lacks `found_in`"),
        (reference("found_in = []"), "empty"),
        (reference("found_in = [\"/tmp\"]"), "absolute"),
        (reference("found_in = [\".\"], size = -1"), "negative"),
        (reference("found_in = [\".\"], size = 18446744073709551616"), "64 bits"),
        (reference("found_in = [\".\"], size = 1.0"), "not a float"),
        (reference("found_in = [\".\"], size = \"1KB\""), "not a string"),
        (two("a", "./a"), "twice"),
        (reseal("q"), "another root"),
        (
            format!("[[packet]]\nmanifest = \"m\"\naccept_reseal = [{{ tree = \"{TREE}\" }}]\n"),
            "lacks `root`",
        ),
        (broken("until = 2026-01-01"), "lacks `reason`"),
        (broken("reason = \" \"\nuntil = 2026-01-01"), "`reason` is empty"),
        (broken("reason = \"r\""), "lacks `until`"),
        (broken("reason = \"r\"\nuntil = \"2026-01-01\""), "not a string"),
        (broken("reason = \"r\"\nuntil = 2026-01-01T00:00:00Z"), "not a time"),
        (broken("reason = \"r\"\nuntil = 07:32:00"), "not a time"),
        (broken("reason = \"r\"\nuntil = 2026-02-29"), "expected day between 01 and 28"),
        (broken("reason = \"r\"\nuntil = 2026-13-01"), "expected month"),
        (broken("reason = \"r\"\nuntil = 0000-01-01"), "calendar"),
        (format!("{excuse}{excuse}"), "twice"),
    ];
    for (text, reason) in cases {
        let finding = refused(text.as_bytes());
        assert!(finding.message.contains(reason), "{text}\n{}", finding.message);
        assert!(finding.location.is_some(), "{text}");
    }
}

#[test]
fn no_two_tables_speak_of_one_seal() {
    let table = |root: &str, manifest: &str| {
        let manifest =
            if manifest.is_empty() { String::new() } else { format!("manifest = \"{manifest}\"\n") };
        format!("[[packet]]\nroot = \"{root}\"\n{manifest}")
    };
    read(&(table("a", "") + &table("b", "")));
    read(&(table("a", "x") + &table("a", "y") + &table("a", "z")));
    let cases = [
        (table("a", "") + &table("a", ""), "root \"a\""),
        (table("a", "") + &table("./a/", ""), "root \"a\""),
        (table(".", "") + &table("./", ""), "root \".\""),
        (table("a", "x") + &table("a", ""), "root \"a\""),
        (table("a", "") + &table("a", "x"), "root \"a\""),
        (table("a", "x") + &table("b", "x"), "manifest \"x\""),
    ];
    for (text, reason) in cases {
        let finding = refused(text.as_bytes());
        assert!(finding.message.contains("two [[packet]]") && finding.message.contains(reason), "{text}");
        let second_table = 1 + text[1..].find("[[packet]]").unwrap();
        assert!(finding.location.unwrap().byte > second_table as u64, "{text}");
    }
}

#[test]
fn a_table_about_no_seal_is_not_left_unheard() {
    let config = read(
        "[[packet]]\nroot = \"p/a\"\n[[packet]]\nroot = \"p/typo\"\n\
         [[packet]]\nmanifest = \"lists/x\"\n[[packet]]\nroot = \".\"\n",
    );
    let (a, manifest) = (path("p/a"), path("p/a/HASH_MANIFEST.txt"));
    let marks = |under: &BytePath, seals: &[(&BytePath, &BytePath)]| -> Vec<String> {
        config.without_seal(under, seals).iter().map(|finding| mark(finding).to_owned()).collect()
    };
    assert_eq!(marks(&BytePath::root(), &[(&a, &manifest)]), ["\"p/typo\"", "\"lists/x\"", "\".\""]);
    assert_eq!(marks(&path("p"), &[(&a, &manifest)]), ["\"p/typo\""]);
    assert_eq!(marks(&path("p/a"), &[]), ["\"p/a\""]);
    let (x, root) = (path("lists/x"), BytePath::root());
    assert_eq!(marks(&root, &[(&a, &manifest), (&root, &x)]), ["\"p/typo\""]);
}

#[test]
fn text_that_is_no_configuration_is_refused_with_its_place() {
    let cases: &[(&[u8], u64, &str)] = &[
        (b"a b\n", 1, "not valid TOML"),
        (b"[discover]\nroots = [\"a\"\n", 2, "not valid TOML"),
        (b"search_budget = \"1GB\"\nsearch_budget = \"2GB\"\n", 2, "duplicate key"),
        (b"[discover]\n[discover]\n", 2, "duplicate key"),
        (b"[discover]\nroots = [\"a\"]\nroots = [\"b\"]\n", 3, "duplicate key"),
        (b"[[packet]]\nroot = \"a\"\n\"ro\\u006ft\" = \"b\"\n", 3, "duplicate key"),
        (b"# ok\n# \xff\n", 2, "not UTF-8"),
        (b"\xff\xfes\0e\0", 1, "UTF-16"),
        (b"\xfe\xff\0s\0e", 1, "UTF-16"),
        (b"s = 1\0", 1, "not valid TOML"),
        (b"# \x1b[31m\n", 1, "not valid TOML"),
    ];
    for (text, line, reason) in cases {
        let finding = refused(text);
        assert!(finding.message.contains(reason), "{}", finding.message);
        let location = finding.location.unwrap();
        assert!(
            location.line == *line || (location.line == line + 1 && *line == 2),
            "{reason}: {location:?}"
        );
        assert!(!finding.snippet.unwrap().text.contains('\x1b'));
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let comment = vec![b'#'; 10 << 20];
    let finding = refused(&comment);
    assert!(finding.message.contains("10485760 bytes") && finding.location.is_none(), "{}", finding.message);
    assert!(parse(&vec![b'\n'; MAX_BYTES], "seal.toml", CHECKS).is_ok());
    refused(&vec![b'\n'; MAX_BYTES + 1]);
    for deep in [
        format!("values = {}", "[".repeat(200_000)),
        format!("values = {}1", "{a=".repeat(200_000)),
        format!("{}a = 1", "a.".repeat(200_000)),
        format!("[{}a]", "a.".repeat(200_000)),
        format!("{} = 1", "k".repeat(500_000)),
    ] {
        let finding = refused(deep.as_bytes());
        assert!(finding.message.len() < 300 && finding.help.len() < 300, "{finding:?}");
    }
}

#[test]
fn a_long_or_hostile_key_stays_one_short_line() {
    let finding = refused(format!("\"{}\" = 1", "\\u001b[31m\\u202e".repeat(5000)).as_bytes());
    for text in [finding.message.as_str(), &finding.help] {
        assert!(text.len() < 2000 && !text.contains(['\u{1b}', '\u{202e}', '\n']), "{text}");
    }
}

#[test]
fn names_that_no_report_can_carry_are_quoted() {
    let finding = *parse(b"x = 1", "/etc/seal\n.toml", CHECKS).unwrap_err();
    assert_eq!(finding.path, None);
    assert_eq!(finding.snippet.unwrap().name, "/etc/seal\\n.toml");
    let finding = *parse(b"x = 1", "conf/seal.toml", CHECKS).unwrap_err();
    assert_eq!(finding.path, Some(path("conf/seal.toml")));
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = parse(&bytes, "seal.toml", CHECKS);
    }

    #[test]
    fn no_mutation_of_a_real_file_panics(at in 0usize..1200, with in ".{0,3}") {
        let mut text = everything();
        let at = (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap();
        text.insert_str(at, &with);
        if let Err(finding) = parse(text.as_bytes(), "seal.toml", CHECKS) {
            let location = finding.location.unwrap();
            proptest::prop_assert!(location.line >= 1 && location.column >= 1);
            proptest::prop_assert!(location.byte <= location.end_byte.unwrap());
        }
    }
}
