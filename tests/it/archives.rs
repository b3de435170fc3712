//! Archives as PATH: the same findings as for the folder that was packed, and one
//! rule for an archive that a list beside it names.

use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::packet::{Packet, Place, sha256};
use crate::program::Verified;

/// Every file below `folder`, by its path from `top`.
fn files(top: &Path, folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(top, &path));
        } else {
            let name = path.strip_prefix(top).unwrap().to_str().unwrap().replace('\\', "/");
            all.push((name, std::fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

/// A zip of stored files.
pub(crate) fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let long = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    for (name, bytes) in files {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let lengths = [crc.sum().to_le_bytes(), long(bytes.len()), long(bytes.len())].concat();
        let common = [&[0; 8][..], &lengths, &name_length, &[0; 2]].concat();
        directory.extend([&b"PK\x01\x02\x14\x03\x14\0"[..], &common, &[0; 6]].concat());
        directory.extend((0o100_644_u32 << 16).to_le_bytes());
        directory.extend(long(out.len()));
        directory.extend(name.as_bytes());
        out.extend([&b"PK\x03\x04\x14\0"[..], &common, name.as_bytes(), bytes].concat());
    }
    let (at, count) = (out.len(), u16::try_from(files.len()).unwrap().to_le_bytes());
    out.extend(&directory);
    out.extend(
        [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &long(directory.len()), &long(at), &[0; 2]].concat(),
    );
    out
}

/// A tar of files and, with a target, links.
fn tar(files: &[(String, Vec<u8>)], links: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut member = |name: &str, kind: u8, link: &str, bytes: &[u8]| {
        let mut block = [0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        block[148..156].fill(b' ');
        block[156] = kind;
        block[157..157 + link.len()].copy_from_slice(link.as_bytes());
        block[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend(block);
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    };
    for (name, bytes) in files {
        member(name, b'0', "", bytes);
    }
    for (name, target) in links {
        member(name, b'2', target, b"");
    }
    out.extend([0; 1024]);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Packs `packet` in every way that is read, and returns the names.
fn pack(place: &Place) -> [&'static str; 5] {
    let all = files(place.path(), &place.at("packet"));
    let plain = tar(&all, &[]);
    place.write("p.zip", zip(&all)).write("p.tar", &plain).write("p.tar.gz", gzip(&plain));
    place.write("p.tgz", gzip(&plain)).write("p.tar.zst", zstd(&plain));
    ["p.zip", "p.tar", "p.tar.gz", "p.tgz", "p.tar.zst"]
}

/// The findings without what names the folder or the archive.
fn findings(report: &Verified) -> Value {
    let mut findings = report.json["findings"].clone();
    for finding in findings.as_array_mut().unwrap() {
        for key in ["help", "packet"] {
            finding.as_object_mut().unwrap().remove(key);
        }
    }
    findings
}

#[test]
fn an_archive_has_the_findings_of_the_folder_that_was_packed() {
    let damaged = Packet::new().sized().build();
    damaged.edit("packet/README.md", |text| text.replace('\u{2014}', "-"));
    damaged.edit("packet/scripts/run.sh", |text| text.replace('\n', "\r\n"));
    damaged.rename("packet/decision.json", "packet/moved.json").write("packet/extra", "x");
    let list = Packet::new().list("SHA256SUMS").file("empty", "").build();
    list.edit("packet/SHA256SUMS", |text| text.to_uppercase().replace("README.MD", "README.md"));
    for place in [damaged, list, Packet::new().build()] {
        let folder = place.verify(["packet"]);
        for name in pack(&place) {
            let archive = place.verify([name]);
            assert_eq!(archive.exit, folder.exit, "{name}: {:?}", archive.findings());
            assert_eq!(findings(&archive), findings(&folder), "{name}");
            assert_eq!(archive.json["packets"][0]["entries"], folder.json["packets"][0]["entries"]);
            assert_eq!(archive.json["packets"][0]["from"]["layer"], "archive");
            assert_eq!(archive.json["packets"][0]["root"], format!("{name}/packet"));
        }
    }
}

#[test]
fn a_passing_run_names_the_archive_and_threads_do_not_matter() {
    let place = Packet::new().build();
    for name in pack(&place) {
        place.seal(["verify", name]).exits(0).says(&["level L0, from the archive", name]);
        let with = |threads: &str| place.seal(["verify", name, "--threads", threads, "--output", "json"]).out;
        assert_eq!(with("1"), with("8"));
        place.seal(["verify", "--list", name]).exits(0).says(&[&format!("{name}/packet/HASH_MANIFEST.txt")]);
    }
    let tree = Packet::new().tree();
    place.verify(["p.zip", "--expect-tree", &tree]).is(0, &[]);
    place.verify(["p.zip", "--expect-tree", &format!("p.zip/packet={tree}")]).is(0, &[]);
    let other = sha256(b"another");
    place.verify(["p.zip", "--expect-tree", &other]).is(1, &["expected_tree_mismatch HASH_MANIFEST.txt"]);
}

/// The list beside an archive is about its bytes, the seals inside about its files.
#[test]
fn an_archive_that_a_list_names_is_judged_by_both() {
    let place = Packet::new().build();
    pack(&place);
    let seal_outside = |place: &Place| {
        let line = format!("{}  p.zip\n", sha256(&place.read("p.zip")));
        place.write("SHA256SUMS", line);
    };
    seal_outside(&place);
    let both = place.verify(["p.zip"]).is(0, &[]);
    assert_eq!(both.json["packets"].as_array().unwrap().len(), 2);
    assert!(!both.complete(), "only one file of the list was judged");
    place.edit("packet/README.md", |text| text.replace("wider", "wide"));
    pack(&place);
    let outside = place.verify(["p.zip"]);
    assert_eq!(outside.exit, 1);
    assert!(outside.findings().contains(&"edited_content p.zip".to_owned()), "{:?}", outside.findings());
    seal_outside(&place);
    place.verify(["p.zip"]).is(1, &["edited_content README.md"]);
    // Without a seal inside, the list is all there is.
    place.write("p.zip", zip(&[("a".into(), b"x".to_vec())]));
    place.verify(["p.zip"]).finding("edited_content");
    seal_outside(&place);
    let only = place.verify(["p.zip"]).is(0, &[]);
    assert_eq!(only.json["packets"].as_array().unwrap().len(), 1);
    place.remove("SHA256SUMS");
    place.verify(["p.zip"]).is(2, &["no_seal_found"]).tells("no_seal_found", &["no list beside the archive"]);
}

#[test]
fn an_archive_that_cannot_be_looked_into_is_still_what_the_list_says() {
    let place = Packet::new().build();
    pack(&place);
    let whole = place.read("p.zip");
    place.write("SHA256SUMS", format!("{}  p.zip\n", sha256(&whole)));
    place.write("p.zip", &whole[..whole.len() - 30]);
    let cut = place.verify(["p.zip"]);
    assert_eq!(cut.exit, 1);
    let reason = cut.json["passed_over"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("breaks off"), "{reason}");
    place.remove("SHA256SUMS");
    place.verify(["p.zip"]).is(2, &["archive_unreadable"]);
}

#[test]
fn links_in_an_archive_never_lead_out_of_it() {
    let place = Packet::new().build();
    let all = files(place.path(), &place.at("packet"));
    let (readme, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(name, _)| name.ends_with("README.md"));
    place.write("secret", &readme[0].1);
    for (target, code) in [
        ("kept", "unsealed_file kept"),
        ("../secret", "symlink_entry README.md"),
        ("../../../../../../../../etc/passwd", "symlink_entry README.md"),
    ] {
        let mut with = others.clone();
        with.push(("packet/kept".into(), readme[0].1.clone()));
        place.write("p.tar", tar(&with, &[("packet/README.md", target)]));
        place.verify(["p.tar"]).is(1, &["symlink_entry README.md", "unsealed_file kept"]);
        let followed = place.verify(["p.tar", "--symlinks", "follow-inside"]);
        let wanted: std::collections::BTreeSet<&str> = ["unsealed_file kept", code].into();
        followed.is(1, &wanted.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_configuration_in_an_archive_or_around_it_is_not_read() {
    let place = Packet::new().build();
    place.write("packet/extra", "x").write("packet/seal.toml", "nonsense = 1\n");
    pack(&place);
    let all = &["config_ignored seal.toml", "unsealed_file extra", "unsealed_file seal.toml"];
    assert_eq!(place.verify(["p.zip"]).findings().len(), all.len());
    place.init().write("seal.toml", "[[packet]]\nroot = \"packet\"\nexclude = [\"**\"]\n");
    for name in ["p.zip", "p.tar.gz"] {
        assert_eq!(place.verify([name]).exit, 1);
    }
    // A file that is named is meant.
    place.verify(["p.zip", "--config", "seal.toml"]).is(0, &["config_ignored packet/seal.toml"]);
}

#[test]
fn nothing_is_restored_into_an_archive() {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    for name in pack(&place) {
        place.seal(["restore", name]).exits(2).says(&["is an archive, and nothing is written into one"]);
    }
    let help = place.verify(["p.zip"]);
    let help = help.finding("crlf_drift")["help"].as_str().unwrap();
    assert!(help.contains("Nothing is written into an archive"), "{help}");
}

#[test]
fn hostile_archives_are_refused_whole() {
    let place = Packet::new().build();
    let all = files(place.path(), &place.at("packet"));
    let with = |name: &str| [&all[..], &[(name.to_owned(), b"x".to_vec())]].concat();
    for name in ["../out", "/abs", "packet/README.md", "packet", "a\\..\\b", "C:x"] {
        for (file, bytes) in [("p.zip", zip(&with(name))), ("p.tgz", gzip(&tar(&with(name), &[])))] {
            place.write(file, bytes);
            place.verify([file]).is(2, &["archive_entry_refused"]);
        }
    }
    let zeros = [("packet/zeros".to_owned(), vec![0; 3_000_000])];
    place.write("p.tgz", gzip(&tar(&[&all[..], &zeros].concat(), &[])));
    place.verify(["p.tgz", "--archive-limit", "2MB"]).is(2, &["archive_too_large"]);
    place.verify(["p.tgz", "--archive-limit", "4MB"]).is(1, &["unsealed_file zeros"]);
    place.write("p.tar.xz", b"\xfd7zXZ\0rest");
    place.verify(["p.tar.xz"]).is(2, &["archive_unreadable"]).tells("archive_unreadable", &["xz"]);
}
