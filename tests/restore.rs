//! `seal restore`, the refusal of `seal create` to seal over drift, and hints,
//! through the program itself.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers are tests"
)]

#[path = "restore/seal_again.rs"]
mod seal_again;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const DASHES: &str = "# Title\n\none \u{2014} two\nthree \u{2014} four\nfive - six\n";
const JSON: &str = "{\n  \"title\": \"a \u{2014} b\",\n  \"n\": 1.0\n}\n";

/// A sealed packet in a folder of its own.
struct Packet {
    dir: tempfile::TempDir,
}

impl Packet {
    fn new() -> Self {
        Self::with(&[
            ("README.md", DASHES.as_bytes()),
            ("data.json", JSON.as_bytes()),
            ("reports/summary.md", b"summary\n\nall is said here\n"),
            ("blob.bin", b"\x00\x01\x02\xff"),
        ])
    }

    fn with(files: &[(&str, &[u8])]) -> Self {
        let packet = Self { dir: tempfile::tempdir().unwrap() };
        for (name, bytes) in files {
            packet.write(name, bytes);
        }
        let made = packet.seal(&["create", "packet"]);
        assert_eq!(status(&made), 0, "{}", text(&made));
        packet
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("packet").join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Runs the program beside the packet, with nothing of the environment.
    fn seal(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seal"));
        command.args(arguments).current_dir(self.dir.path()).env_clear();
        command
    }

    /// The JSON form of a restore run, and its exit status.
    fn restore(&self, more: &[&str]) -> (Value, i32) {
        let base = ["restore", "packet", "--search-budget", "20MB", "--output", "json"];
        let out = self.seal(&[&base[..], more].concat());
        let value: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", text(&out)));
        fits_the_schema(&value);
        assert_eq!(value["exit_code"], status(&out));
        (value, status(&out))
    }

    fn verifies(&self) -> bool {
        status(&self.seal(&["verify", "packet", "--search-budget", "1MB"])) == 0
    }

    /// Every file with its bytes.
    fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(self.dir.path())
    }

    /// Plans, which must change nothing, and writes, which must bring `want` back.
    fn comes_back(&self, want: &BTreeMap<PathBuf, Vec<u8>>) {
        let before = self.snapshot();
        let (plan, code) = self.restore(&[]);
        assert_eq!(code, 0, "{plan:#}");
        assert_eq!(self.snapshot(), before, "a plan writes nothing");
        let (done, code) = self.restore(&["--write"]);
        assert_eq!(code, 0, "{done:#}");
        assert!(statuses(&done).iter().all(|status| status == "written"), "{done:#}");
        assert_eq!(self.snapshot(), *want);
        assert!(self.verifies());
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            all.extend(files(&path));
        } else if meta.is_file() {
            all.insert(path.clone(), fs::read(path).unwrap());
        } else {
            all.insert(path.clone(), fs::read_link(path).unwrap().into_os_string().into_encoded_bytes());
        }
    }
    all
}

fn status(out: &Output) -> i32 {
    out.status.code().unwrap()
}

fn text(out: &Output) -> String {
    String::from_utf8_lossy(&[&out.stdout[..], &out.stderr].concat()).into_owned()
}

fn statuses(value: &Value) -> Vec<String> {
    let items = value["items"].as_array().unwrap();
    items.iter().map(|item| item["status"].as_str().unwrap().to_owned()).collect()
}

/// The item about one file.
fn item<'v>(value: &'v Value, path: &str) -> &'v Value {
    value["items"].as_array().unwrap().iter().find(|item| item["path"] == path).unwrap()
}

fn fits_the_schema(value: &Value) {
    let schema: Value = serde_json::from_str(include_str!("../schema/seal.restore.v1.json")).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8(bytes.to_vec()).unwrap().replace('\n', "\r\n").into_bytes()
}

#[test]
fn proven_drift_comes_back() {
    let bom = |bytes: &[u8]| [b"\xef\xbb\xbf", bytes].concat();
    let dashes = DASHES.as_bytes();
    let one_dash = DASHES.replacen('\u{2014}', "-", 1).into_bytes();
    let drifts: [(&str, Vec<u8>); 7] = [
        ("crlf_drift", crlf(dashes)),
        ("bom_prefix", bom(dashes)),
        ("final_newline", dashes.strip_suffix(b"\n").unwrap().to_vec()),
        ("emdash_unicode_drift", DASHES.replace('\u{2014}', "-").into_bytes()),
        ("emdash_unicode_drift", one_dash),
        ("crlf_drift", bom(&crlf(dashes))),
        ("emdash_unicode_drift", crlf(&DASHES.replace('\u{2014}', "--").into_bytes())),
    ];
    for (code, bytes) in drifts {
        let packet = Packet::new();
        let sealed = packet.snapshot();
        packet.write("README.md", &bytes);
        let (plan, _) = packet.restore(&[]);
        let readme = item(&plan, "README.md");
        let recipe: Vec<&str> =
            readme["recipe"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        assert!(recipe.iter().any(|step| step.starts_with(code)), "{code}: {recipe:?}");
        assert_eq!((&readme["action"], &readme["status"]), (&"undo".into(), &"planned".into()));
        assert_eq!(readme["found"]["size"], bytes.len());
        assert_eq!(readme["sealed"]["size"], dashes.len());
        packet.comes_back(&sealed);
    }
}

/// JSON escapes come back where the engine proves them, and stay as they are where not.
#[test]
fn json_escapes_come_back_or_nothing_is_touched() {
    let packet = Packet::new();
    let sealed = packet.snapshot();
    packet.write("data.json", JSON.replace('\u{2014}', "\\u2014").as_bytes());
    let drifted = packet.snapshot();
    let (plan, code) = packet.restore(&[]);
    if code == 0 {
        packet.comes_back(&sealed);
    } else {
        assert_eq!(item(&plan, "data.json")["status"], "not_recoverable");
        packet.restore(&["--write"]);
        assert_eq!(packet.snapshot(), drifted);
    }
}

#[test]
fn a_whole_crlf_checkout_comes_back_manifest_first() {
    let packet = Packet::new();
    let sealed = packet.snapshot();
    for name in ["README.md", "data.json", "reports/summary.md", "HASH_MANIFEST.txt", "packet_tree.sha256"] {
        packet.write(name, &crlf(&packet.read(name)));
    }
    let (plan, _) = packet.restore(&[]);
    let paths: Vec<&str> =
        plan["items"].as_array().unwrap().iter().map(|i| i["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        ["HASH_MANIFEST.txt", "packet_tree.sha256", "README.md", "data.json", "reports/summary.md"]
    );
    assert_eq!(item(&plan, "packet_tree.sha256")["action"], "respell");
    packet.comes_back(&sealed);
}

#[test]
fn a_manifest_that_is_not_the_pinned_one_restores_nothing() {
    let packet = Packet::new();
    packet.write("README.md", &crlf(DASHES.as_bytes()));
    let manifest = String::from_utf8(packet.read("HASH_MANIFEST.txt")).unwrap();
    packet.write("HASH_MANIFEST.txt", manifest.replace("blob.bin", "blub.bin").as_bytes());
    let before = packet.snapshot();
    let (done, code) = packet.restore(&["--write"]);
    assert_eq!(code, 1, "{done:#}");
    assert!(item(&done, "README.md")["reason"].as_str().unwrap().contains("manifest is not the one"));
    assert!(statuses(&done).iter().all(|status| status == "not_recoverable"));
    assert_eq!(packet.snapshot(), before);
    // Nor does one that is not demanded from outside.
    let packet = Packet::new();
    packet.write("README.md", &crlf(DASHES.as_bytes()));
    let (done, code) = packet.restore(&["--write", "--expect-tree", &"a".repeat(64)]);
    assert_eq!(code, 1);
    assert_eq!(item(&done, "README.md")["status"], "not_recoverable");
}

#[test]
fn moved_and_renamed_files_are_copied_back_and_the_other_file_stays() {
    for (other, code) in [("elsewhere/s.md", "moved"), ("reports/SUMMARY.md", "renamed")] {
        let packet = Packet::new();
        let sealed = packet.read("reports/summary.md");
        fs::create_dir_all(packet.path("elsewhere")).unwrap();
        fs::rename(packet.path("reports/summary.md"), packet.path(other)).unwrap();
        if code == "moved" {
            fs::remove_dir(packet.path("reports")).unwrap();
        }
        let (plan, exit) = packet.restore(&[]);
        let summary = item(&plan, "reports/summary.md");
        assert_eq!((exit, &summary["action"], &summary["found"]), (0, &"copy".into(), &Value::Null));
        assert_eq!(summary["leaves"], format!("packet/{other}"));
        assert_eq!(summary["sealed"]["size"], sealed.len());
        assert_eq!(plan["remaining"], serde_json::json!([]), "the other file is told of as what it leaves");
        assert_eq!(packet.restore(&["--write"]).1, 0);
        assert_eq!(packet.read("reports/summary.md"), sealed);
        assert_eq!(packet.read(other), sealed, "nothing is deleted");
        fs::remove_file(packet.path(other)).unwrap();
        assert!(packet.verifies());
    }
}

#[test]
fn an_edited_file_is_left_alone_while_another_comes_back() {
    let packet = Packet::new();
    packet.write("README.md", b"something else altogether");
    packet.write("reports/summary.md", &crlf(&packet.read("reports/summary.md")));
    packet.write("extra.txt", b"never sealed");
    let (done, code) = packet.restore(&["--write"]);
    assert_eq!(code, 1);
    assert_eq!(item(&done, "README.md")["status"], "not_recoverable");
    assert_eq!(item(&done, "reports/summary.md")["status"], "written");
    assert_eq!(packet.read("README.md"), b"something else altogether");
    assert_eq!(packet.read("extra.txt"), b"never sealed");
}

#[test]
fn an_equal_sealed_file_gives_its_bytes() {
    let packet = Packet::with(&[("a.txt", b"the same\n"), ("b.txt", b"the same\n")]);
    let sealed = packet.snapshot();
    packet.write("b.txt", b"rewritten by hand");
    packet.comes_back(&sealed);
    fs::remove_file(packet.path("a.txt")).unwrap();
    packet.comes_back(&sealed);
}

#[test]
fn one_file_is_restored_and_no_other() {
    let packet = Packet::new();
    packet.write("README.md", &crlf(DASHES.as_bytes()));
    packet.write("data.json", &crlf(JSON.as_bytes()));
    assert_eq!(status(&packet.seal(&["restore", "packet/README.md", "--write"])), 0);
    assert_eq!(packet.read("README.md"), DASHES.as_bytes());
    assert_eq!(packet.read("data.json"), crlf(JSON.as_bytes()));
}

#[test]
fn a_referenced_copy_is_taken_only_with_the_sealed_digest() {
    let packet = Packet::new();
    let sealed = packet.snapshot();
    let archive = packet.dir.path().join("archive");
    fs::create_dir(&archive).unwrap();
    for folder in ["objects", "refs"] {
        fs::create_dir_all(packet.dir.path().join(".git").join(folder)).unwrap();
    }
    fs::write(packet.dir.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    let digest = item_digest(&packet, "README.md");
    let config = format!(
        "[[packet]]\nroot = \"packet\"\nreferences = [{{ path = \"README.md\", sha256 = \"{digest}\", found_in = [\"archive\"] }}]\n"
    );
    fs::write(packet.dir.path().join("seal.toml"), config).unwrap();
    packet.write("README.md", b"edited");
    fs::write(archive.join("README.md"), b"also edited").unwrap();
    assert_eq!(packet.restore(&["--write"]).1, 1);
    fs::write(archive.join("README.md"), DASHES).unwrap();
    let (plan, code) = packet.restore(&["--write"]);
    assert_eq!(code, 0, "{plan:#}");
    assert_eq!(packet.read("README.md"), sealed[&packet.path("README.md")]);
}

fn item_digest(packet: &Packet, name: &str) -> String {
    let manifest = String::from_utf8(packet.read("HASH_MANIFEST.txt")).unwrap();
    let line = manifest.lines().find(|line| line.ends_with(name)).unwrap();
    line.split(' ').next().unwrap().to_owned()
}

#[test]
fn nothing_to_do_and_nothing_found() {
    let packet = Packet::new();
    let (plan, code) = packet.restore(&["--write"]);
    assert_eq!((code, statuses(&plan).len()), (0, 0));
    let empty = tempfile::tempdir().unwrap();
    let out = packet.seal(&["restore", empty.path().to_str().unwrap()]);
    assert_eq!(status(&out), 2);
    assert_eq!(status(&packet.seal(&["restore", "nowhere"])), 2);
    assert_eq!(status(&packet.seal(&["restore", "packet", "--output", "yaml"])), 2);
}

#[test]
fn the_text_says_what_is_done_and_never_the_word() {
    let packet = Packet::new();
    packet.write("README.md", &crlf(DASHES.as_bytes()));
    packet.write("data.json", b"edited");
    packet.write("extra", b"");
    for arguments in
        [&["restore", "packet"][..], &["restore", "packet", "--write", "-v"], &["restore", "packet", "-q"]]
    {
        let arguments = [arguments, &["--search-budget", "1MB"]].concat();
        let text = text(&packet.seal(&arguments));
        assert!(!text.contains("PASS"), "{text}");
        assert!(text.contains("data.json   cannot be restored"), "{text}");
    }
    let packet = Packet::new();
    let text_of = |arguments: &[&str]| text(&packet.seal(arguments));
    assert_eq!(text_of(&["restore", "packet"]), "plan  nothing to restore\n");
    packet.write("README.md", &crlf(DASHES.as_bytes()));
    let plan = text_of(&["restore", "packet"]);
    for part in ["README.md   can be restored", "crlf_drift: 5 x", "52 bytes", "47 bytes", "--write"] {
        let plan = plan.replace("\\u{d7}", "x");
        assert!(plan.contains(part), "{part}: {plan}");
    }
    assert!(text_of(&["restore", "packet", "--write"]).contains("restore  1 file restored\n"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permission_bits_are_kept() {
        let packet = Packet::new();
        packet.write("README.md", &crlf(DASHES.as_bytes()));
        for mode in [0o600, 0o755, 0o644] {
            packet.write("README.md", &crlf(DASHES.as_bytes()));
            fs::set_permissions(packet.path("README.md"), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(packet.restore(&["--write"]).1, 0);
            let now = fs::metadata(packet.path("README.md")).unwrap().permissions().mode();
            assert_eq!(now & 0o7777, mode);
        }
    }

    #[test]
    fn a_folder_that_takes_no_files_keeps_what_it_has() {
        let packet = Packet::new();
        let drifted = crlf(DASHES.as_bytes());
        packet.write("README.md", &drifted);
        let folder = packet.path("");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        let (done, code) = packet.restore(&["--write"]);
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        // Permissions do not bind the superuser, who gets a whole write.
        match item(&done, "README.md")["status"].as_str().unwrap() {
            "written" => assert_eq!((code, packet.read("README.md")), (0, DASHES.as_bytes().to_vec())),
            other => assert_eq!((other, code, packet.read("README.md")), ("refused", 2, drifted)),
        }
        assert_eq!(packet.snapshot().len(), 6, "no temporary file is left");
    }

    #[test]
    fn a_link_in_place_of_the_file_is_neither_followed_nor_replaced() {
        let packet = Packet::new();
        let target = packet.dir.path().join("outside");
        let drifted = crlf(DASHES.as_bytes());
        fs::write(&target, &drifted).unwrap();
        fs::remove_file(packet.path("README.md")).unwrap();
        symlink(&target, packet.path("README.md")).unwrap();
        let before = packet.snapshot();
        let (done, code) = packet.restore(&["--write"]);
        assert_eq!((code, &item(&done, "README.md")["status"]), (1, &"not_recoverable".into()));
        // Not even where verifying follows links.
        symlink("copy", packet.path("link")).unwrap();
        fs::remove_file(packet.path("link")).unwrap();
        fs::remove_file(packet.path("README.md")).unwrap();
        packet.write("kept.md", &drifted);
        symlink("kept.md", packet.path("README.md")).unwrap();
        let (done, code) = packet.restore(&["--write", "--symlinks", "follow-inside"]);
        assert_eq!(code, 1, "{done:#}");
        assert_eq!(item(&done, "README.md")["status"], "not_recoverable");
        assert_eq!(packet.read("kept.md"), drifted);
        assert_eq!(fs::read(&target).unwrap(), before[&target]);
    }

    #[test]
    fn a_folder_replaced_by_a_link_leads_nowhere() {
        let packet = Packet::new();
        let outside = packet.dir.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::rename(packet.path("reports/summary.md"), packet.path("moved.md")).unwrap();
        fs::remove_dir(packet.path("reports")).unwrap();
        symlink(&outside, packet.path("reports")).unwrap();
        let before = packet.snapshot();
        let (done, code) = packet.restore(&["--write"]);
        assert_ne!(code, 0, "{done:#}");
        assert_ne!(item(&done, "reports/summary.md")["status"], "written");
        assert_eq!(packet.snapshot(), before);
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    }

    #[test]
    fn a_killed_run_leaves_old_or_new_bytes() {
        let sealed = "a line of a long file\n".repeat(100_000).into_bytes();
        let packet = Packet::with(&[("long.txt", &sealed)]);
        let drifted = crlf(&sealed);
        for step in 0..24u64 {
            packet.write("long.txt", &drifted);
            let mut running = packet.command(&["restore", "packet", "--write", "-q"]).spawn().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(step * 8));
            running.kill().unwrap();
            running.wait().unwrap();
            let now = packet.read("long.txt");
            assert!(now == drifted || now == sealed, "neither the old nor the new bytes");
            for name in packet.snapshot().into_keys() {
                let name = name.file_name().unwrap().to_str().unwrap().to_owned();
                if Path::new(&name).extension().is_some_and(|extension| extension == "tmp") {
                    assert!(name.starts_with(".seal-"), "{name}");
                    fs::remove_file(packet.path(&name)).unwrap();
                }
            }
        }
        packet.write("long.txt", &drifted);
        assert_eq!(packet.restore(&["--write"]).1, 0);
        assert!(packet.verifies());
    }
}
