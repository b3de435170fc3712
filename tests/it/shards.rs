//! Seals judged in parts, and the parts joined: the same report as of one run, and
//! never a good one where a part is missing or is not what a run wrote.

use serde_json::Value;

use crate::packet::{EVIDENCE, Packet, Place, sha256};
use crate::program::{Ran, Verified};
use crate::scenes::Scene;

const FORMATS: [&str; 10] =
    ["human", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown", "html", "summary"];

/// Four packets and a list that has a file in common with one of them; two are not as sealed.
fn several() -> Place {
    let place = Place::new();
    for root in ["packets/a", "packets/b", "packets/c", "packets/d"] {
        Packet::new().root(root).file("name.txt", root).build_in(&place);
    }
    let line = format!("{}  a/README.md\n", sha256(EVIDENCE[0].1.as_bytes()));
    place.write("packets/SHA256SUMS", line);
    place.edit("packets/a/README.md", |text| text.replace('\n', "\r\n"));
    place.edit("packets/c/decision.json", |text| text.replace('\u{2014}', "-"));
    place.remove("packets/c/name.txt");
    place
}

fn intact() -> Place {
    let place = Place::new();
    for root in ["packets/a", "packets/b", "packets/c"] {
        Packet::new().root(root).build_in(&place);
    }
    place
}

/// Lets every shard write `K.json`; gives the exit statuses.
#[track_caller]
fn judge(place: &Place, of: usize, more: &[&str]) -> Vec<i32> {
    let one = |number: usize| {
        let (shard, output) = (format!("--shard={number}/{of}"), format!("--output=json={number}.json"));
        place.seal([&["verify", "packets", &shard, &output], more].concat()).never_says(&["PASS"]).exit
    };
    (1..=of).map(one).collect()
}

fn merge(place: &Place, reports: &[&str]) -> Verified {
    Verified::of(&place.seal([&["merge", "--output", "json"], reports].concat()))
}

fn json(place: &Place, name: &str) -> Value {
    serde_json::from_slice(&place.read(name)).unwrap()
}

#[track_caller]
fn all_formats(place: &Place, command: &[&str], to: &str) -> Ran {
    let outputs: Vec<String> =
        FORMATS.iter().map(|format| format!("--output={format}={to}.{format}")).collect();
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    place.seal([command, &outputs].concat())
}

#[test]
fn joined_parts_are_the_report_of_one_run_in_every_format() {
    for (place, exit) in [(several(), 1), (intact(), 0)] {
        all_formats(&place, &["verify", "packets"], "whole").exits(exit);
        for of in [1, 2, 3, 7] {
            judge(&place, of, &[]);
            let mut names: Vec<String> = (1..=of).rev().map(|number| format!("{number}.json")).collect();
            names.insert(0, "merge".to_owned());
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            all_formats(&place, &names, "joined").exits(exit);
            for format in FORMATS {
                let text = |name: &str| String::from_utf8(place.read(format!("{name}.{format}"))).unwrap();
                assert_eq!(text("joined"), text("whole"), "{format} of {of} shards");
            }
        }
    }
}

#[test]
fn a_part_is_partial_and_says_which() {
    let place = intact();
    place
        .seal(["verify", "packets", "--shard", "2/3"])
        .exits(0)
        .says(&["partial", "only shard 2 of 3 was judged"]);
    judge(&place, 5, &[]);
    let seals = |number: usize| json(&place, &format!("{number}.json"))["packets"].as_array().unwrap().len();
    assert_eq!((1..=5).map(seals).collect::<Vec<_>>(), [1, 1, 1, 0, 0]);
    let empty = json(&place, "5.json");
    assert_eq!((&empty["complete"], &empty["result"]), (&false.into(), &"pass".into()));
    assert_eq!((&empty["shard"]["number"], &empty["shard"]["seals"]), (&5.into(), &3.into()));
}

#[test]
fn reports_of_shards_fit_the_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../schema/seal.report.v1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let place = several();
    judge(&place, 2, &[]);
    for name in ["1.json", "2.json"] {
        let report = json(&place, name);
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn the_split_does_not_depend_on_the_order_of_the_paths() {
    let place = several();
    let paths = ["packets/a", "packets/b", "packets/c", "packets/d"];
    let shard = |paths: &[&str], name: &str| {
        let output = format!("--output=json={name}");
        place.seal([&["verify", "--shard=1/2", &output], paths].concat());
        json(&place, name)["shard"].clone()
    };
    let backward: Vec<&str> = paths.iter().rev().copied().collect();
    let (one, other) = (shard(&paths, "1.json"), shard(&backward, "2.json"));
    let positions = |shard: &Value| {
        let mut all: Vec<u64> =
            shard["packets"].as_array().unwrap().iter().map(|p| p["position"].as_u64().unwrap()).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(positions(&one), positions(&other));
}

#[test]
fn a_missing_part_is_never_good() {
    let place = intact();
    assert_eq!(judge(&place, 3, &[]), [0, 0, 0]);
    let joined = merge(&place, &["3.json", "1.json"]).is(2, &["shard_missing"]);
    assert!(!joined.complete());
    joined.tells("shard_missing", &["no report of shard 2 of 3 is there", "--shard 2/3"]);
    merge(&place, &["1.json"]).tells("shard_missing", &["shards 2, 3 of 3 are there"]);
    place.seal(["merge", "1.json", "2.json"]).exits(2).never_says(&["PASS"]).says(&["shard 3 of 3"]);
    place.seal(["merge", "1.json", "2.json", "3.json"]).exits(0).says(&["PASS", "3 packets"]);
}

#[test]
fn what_fails_in_one_part_fails_the_whole_also_where_another_is_missing() {
    let place = intact();
    place.edit("packets/b/README.md", |text| text.replace('\n', "\r\n"));
    let exits = judge(&place, 3, &[]);
    let bad = exits.iter().position(|&exit| exit == 1).unwrap() + 1;
    let alone = merge(&place, &[&format!("{bad}.json")]);
    assert_eq!(alone.exit, 1);
    assert_eq!(alone.finding("shard_missing")["severity"], "error");
}

#[test]
fn a_part_is_wanted_once() {
    let place = intact();
    judge(&place, 2, &[]);
    place.write("again.json", place.read("1.json"));
    let joined = merge(&place, &["1.json", "2.json", "again.json"]).is(2, &["shard_repeated again.json"]);
    joined.tells("shard_repeated", &["shard 1 of 2 is reported by \"1.json\" already"]);
    merge(&place, &["1.json", "1.json"]).is(2, &["shard_missing", "shard_repeated 1.json"]);
}

#[test]
fn what_no_run_wrote_is_not_joined() {
    let place = intact();
    judge(&place, 2, &[]);
    let text = String::from_utf8(place.read("2.json")).unwrap();
    let cases = [
        ("edited", text.replacen("\"intact\": 4", "\"intact\": 5", 1), "changed after it was written"),
        ("crlf", text.replace('\n', "\r\n"), "changed after it was written"),
        ("cut", text[..text.len() / 2].to_owned(), "not whole JSON, at line"),
        ("empty", String::new(), "not whole JSON"),
        ("other", "{\"runs\": []}".to_owned(), "no report of `seal verify --output json`"),
        (
            "version",
            text.replacen(env!("CARGO_PKG_VERSION"), "0.0.1", 1),
            "seal \"0.0.1\" wrote it and this is seal",
        ),
    ];
    for (name, changed, why) in cases {
        place.write("2.json", changed);
        let joined =
            merge(&place, &["1.json", "2.json"]).is(2, &["shard_missing", "shard_unreadable 2.json"]);
        assert!(!joined.complete(), "{name}");
        joined.tells("shard_unreadable", &[why]);
    }
    place.seal(["verify", "packets", "--output", "json=2.json"]);
    merge(&place, &["1.json", "2.json"]).tells("shard_unreadable", &["no shard"]);
    merge(&place, &["1.json", "nowhere.json"]).is(2, &["shard_missing", "shard_unreadable nowhere.json"]);
    merge(&place, &["packets"]).is(2, &["shard_unreadable packets"]);
    place.seal(["merge"]).exits(2);
}

#[test]
fn parts_of_two_sets_are_not_joined() {
    let place = intact();
    place.init().commit("Packets");
    let first = || {
        judge(&place, 2, &[]);
        place.write("first.json", place.read("1.json"));
    };
    let mixed = |why: &str| {
        let joined = merge(&place, &["first.json", "2.json"]).is(2, &["shard_mismatch 2.json"]);
        assert_eq!(joined.at("/packets").as_array().unwrap().len(), 0, "{why}");
        joined.tells("shard_mismatch", &[why]);
    };
    first();
    judge(&place, 3, &[]);
    mixed("one of 3 shards");
    for option in
        ["--deep", "--no-explain", "--skip=mirror", "--require=mirror", "--from=HEAD", "--base=HEAD"]
    {
        judge(&place, 2, &[option]);
        mixed("asked for in another way");
    }
    place.commit("Another commit of the same seals");
    judge(&place, 2, &[]);
    mixed("another set of seals");
    first();
    place.write("seal.toml", "search_budget = \"1MB\"\n");
    judge(&place, 2, &[]);
    mixed("another set of seals");
    first();
    Packet::new().root("packets/z").build_in(&place);
    judge(&place, 2, &[]);
    mixed("another set of seals");
}

#[test]
fn nothing_sealed_is_as_bad_in_parts_as_in_one() {
    let place = Place::new();
    place.write("packets/notes.txt", "x");
    assert_eq!(judge(&place, 2, &[]), [2, 2]);
    merge(&place, &["1.json", "2.json"]).is(2, &["no_seal_found"]);
    assert_eq!(judge(&place, 2, &["--allow-empty"]), [0, 0]);
    let joined = merge(&place, &["1.json", "2.json"]).is(0, &[]);
    assert!(!joined.complete());
}

#[test]
fn excuses_hold_for_the_whole_as_for_one_run() {
    let place = intact();
    place.init().edit("packets/b/README.md", |text| text.replace('\n', "\r\n"));
    let tree = sha256(&place.read("packets/b/HASH_MANIFEST.txt"));
    place.write(
        "seal.toml",
        format!(
            "known_broken = [{{ root = \"packets/b\", tree = \"{tree}\", reason = \"known\", until = 2999-01-01 }}]\n"
        ),
    );
    let whole = place.seal(["verify", "packets", "--output", "json"]).exits(0);
    assert_eq!(judge(&place, 2, &[]), [0, 0]);
    let joined = place.seal(["merge", "1.json", "2.json", "--output", "json"]).exits(0);
    assert_eq!(joined.out, whole.out);
}

/// One case for each code of a merge.
pub(crate) fn scenes() -> Vec<Scene> {
    let judged = || {
        let place = intact();
        judge(&place, 2, &[]);
        place
    };
    let twice = judged();
    let changed = judged();
    changed.edit("2.json", |text| text.replace("intact", "in tact"));
    let mixed = judged();
    mixed.write("first.json", mixed.read("1.json"));
    judge(&mixed, 2, &["--deep"]);
    vec![
        Scene::new("shard_missing", judged(), &["merge", "1.json"]),
        Scene::new("shard_repeated", twice, &["merge", "1.json", "2.json", "1.json"]),
        Scene::new("shard_unreadable", changed, &["merge", "1.json", "2.json"]),
        Scene::new("shard_mismatch", mixed, &["merge", "first.json", "2.json"]),
    ]
}
