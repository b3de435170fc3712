//! What happens to packets, one cause at a time: the code, the exit status, and
//! what people are told.

use crate::packet::{Packet, Place};

fn drifted(name: &str, change: impl FnOnce(&str) -> String) -> Place {
    let place = Packet::new().build();
    place.edit(&format!("packet/{name}"), change);
    place
}

#[test]
fn line_ends_of_one_file() {
    let place = drifted("README.md", |text| text.replace('\n', "\r\n"));
    let report =
        place.verify(["packet"]).is(1, &["crlf_drift README.md"]).because("crlf_drift", "crlf_drift");
    let cause = &report.finding("crlf_drift")["cause"][0];
    assert!(cause["direction"].as_str().unwrap().contains("now CRLF"), "{cause}");
    assert_eq!((cause["sites"]["changed"].as_u64(), cause["sites"]["total"].as_u64()), (Some(4), Some(4)));
    assert_eq!(report.finding("crlf_drift")["recoverable"], true);
    place.seal(["verify", "packet"]).exits(1).says(&[
        "all 4 line ends",
        ".gitattributes",
        "FAIL 1 of 4 files, 1 cause",
    ]);
}

#[test]
fn line_ends_the_other_way_and_in_part() {
    let text = "one\r\ntwo\r\nthree\r\nfour\r\n";
    for (found, changed) in [(text.replace("\r\n", "\n"), 4), (text.replacen("\r\n", "\n", 2), 2)] {
        let place = Packet::new().file("notes.txt", text).build();
        place.write("packet/notes.txt", found);
        let report =
            place.verify(["packet"]).is(1, &["crlf_drift notes.txt"]).because("crlf_drift", "crlf_drift");
        let cause = &report.finding("crlf_drift")["cause"][0];
        assert!(cause["direction"].as_str().unwrap().contains("sealed with CRLF"), "{cause}");
        assert_eq!(cause["sites"]["changed"], changed, "{cause}");
    }
}

#[test]
fn a_byte_order_mark_comes_and_goes() {
    let place = drifted("README.md", |text| format!("\u{feff}{text}"));
    place.verify(["packet"]).is(1, &["bom_prefix README.md"]).because("bom_prefix", "bom_prefix");
    // Only where line ends changed too is it about git, whichever cause is told first.
    let help =
        |place: &Place| place.verify(["packet"]).finding("bom_prefix")["help"].as_str().unwrap().to_owned();
    assert!(!help(&place).contains(".gitattributes"), "{}", help(&place));
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    assert!(help(&place).contains(".gitattributes"), "{}", help(&place));
    let sealed = Packet::new().file("notes.txt", "\u{feff}A note \u{2014} short.\n").build();
    sealed.write("packet/notes.txt", "A note \u{2014} short.\n");
    sealed.verify(["packet"]).is(1, &["bom_prefix notes.txt"]).because("bom_prefix", "bom_prefix");
}

#[test]
fn dashes_become_hyphens_everywhere_or_in_part() {
    let place = drifted("README.md", |text| text.replace('\u{2014}', "-"));
    let code = "emdash_unicode_drift";
    let report = place.verify(["packet"]).is(1, &["emdash_unicode_drift README.md"]).because(code, code);
    assert_eq!(report.finding(code)["cause"][0]["sites"]["changed"], 3);
    let help = report.finding(code)["help"].as_str().unwrap().to_owned();
    assert!(
        help.contains("typographic") || help.contains("smart punctuation") || help.contains("restore"),
        "{help}"
    );
    let place = drifted("README.md", |text| text.replacen('\u{2014}', "-", 1));
    let report = place.verify(["packet"]).is(1, &["emdash_unicode_drift README.md"]).because(code, code);
    assert_eq!(report.finding(code)["cause"][0]["sites"]["changed"], 1);
    place.seal(["verify", "packet"]).exits(1).says(&["<U+2014 EM DASH>", "<U+002D HYPHEN-MINUS>", "line 3"]);
}

#[test]
fn json_escapes_flip_in_both_directions() {
    let plain = "{\n  \"note\": \"the way back \u{2014} nothing else\"\n}\n";
    let escaped = plain.replace('\u{2014}', "\\u2014");
    for (sealed, found) in [(plain, &*escaped), (&*escaped, plain)] {
        let place = Packet::new().file("note.json", sealed).build();
        place.write("packet/note.json", found);
        place.verify(["packet"]).is(1, &["json_ensure_ascii_drift note.json"]);
    }
}

#[test]
fn a_file_is_gone_or_one_too_many() {
    let place = Packet::new().build();
    place.remove("packet/scripts/run.sh");
    let help = "is sealed and not there";
    place.verify(["packet"]).is(1, &["missing_file scripts/run.sh"]).tells("missing_file", &[help]);
    let place = Packet::new().build();
    place.write("packet/notes.txt", "left behind\n");
    place.verify(["packet"]).is(1, &["unsealed_file notes.txt"]).tells("unsealed_file", &["not in the seal"]);
    // A plain list rarely names everything.
    let place = Packet::new().list("SHA256SUMS").build();
    place.write("packet/notes.txt", "left behind\n");
    place.verify(["packet"]).is(0, &[]);
}

#[test]
fn one_byte_of_equal_length() {
    let place = drifted("decision.json", |text| text.replace("HOLD", "HOLE"));
    place
        .verify(["packet"])
        .is(1, &["edited_content decision.json"])
        .tells("edited_content", &["no known drift explains it"]);
    // A manifest with lengths says more.
    let place = Packet::new().sized().build();
    place.edit("packet/decision.json", |text| text.replace("HOLD", "HOLE"));
    let both = ["edited_content decision.json", "same_length_hash_mismatch decision.json"];
    place.verify(["packet"]).is(1, &both);
    place.edit("packet/decision.json", |text| text.replace("HOLE", "HOLES"));
    let both = ["byte_length_mismatch decision.json", "edited_content decision.json"];
    let report = place.verify(["packet"]).is(1, &both);
    let (sealed, found) = (report.finding("byte_length_mismatch"), report.finding("edited_content"));
    assert_eq!(sealed["sealed"]["size"].as_u64().unwrap() + 1, found["found"]["size"].as_u64().unwrap());
}

#[test]
fn two_causes_in_one_file_are_listed_in_order() {
    let place = drifted("README.md", |text| format!("\u{feff}{}", text.replace('\n', "\r\n")));
    let report = place.verify(["packet"]);
    let code = report.json["findings"][0]["code"].as_str().unwrap().to_owned();
    report.because(&code, "bom_prefix + crlf_drift");
}

#[test]
fn an_unexplained_run_ends_as_an_explained_one() {
    let place = drifted("README.md", |text| text.replace('\n', "\r\n"));
    let report = place.verify(["--no-explain", "packet"]).is(1, &["edited_content README.md"]);
    assert_eq!(report.finding("edited_content")["grade"], "observed");
    report.tells("edited_content", &["no cause was looked for"]);
    let place = drifted("README.md", |text| text.replace("0057", "0058"));
    let report = place.verify(["--search-budget", "1KB", "packet"]).is(1, &["edited_content README.md"]);
    assert_eq!(report.finding("edited_content")["search"]["exhausted"], false);
}

#[test]
fn many_files_with_one_cause_are_one_group() {
    let mut packet = Packet::empty();
    for n in 0..23 {
        packet = packet.file(&format!("part-{n:02}.txt"), format!("first {n}\nsecond\n"));
    }
    let place = packet.file("pixel.bin", [0, 1, 2, 255]).build();
    for n in 0..23 {
        place.edit(&format!("packet/part-{n:02}.txt"), |text| text.replace('\n', "\r\n"));
    }
    let report = place.verify(["packet"]);
    assert_eq!(report.at("/groups").as_array().unwrap().len(), 1);
    assert_eq!(*report.at("/groups/0/count"), 23);
    assert_eq!(*report.at("/packets/0/entries/intact"), 1);
    place.seal(["verify", "packet"]).exits(1).says(&["23 files", "FAIL 23 of 24 files, 1 cause"]);
}

#[test]
fn the_text_of_a_link_is_replaced_by_what_the_link_leads_to_and_never_from_outside() {
    let place = Packet::new().file("latest.md", "the same\n").file("data/run.md", "the same\n").build();
    place.write("packet/latest.md", "data/run.md");
    let report = place.verify(["packet"]).is(1, &["symlink_as_file latest.md"]);
    report.graded("symlink_as_file", "symlink_as_file", "proven_by_original");
    place.seal(["restore", "packet", "--write"]).exits(0).says(&["copy of \"packet/data/run.md\""]);
    place.verify(["packet"]).is(0, &[]);
    // The same bytes outside of the packet are nobody's business.
    place.write("outside.md", "the same\n").write("packet/latest.md", "../outside.md");
    place.verify(["packet"]).is(1, &["edited_content latest.md"]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_its_sealed_text_is_told_and_never_followed_or_replaced() {
    let place = Packet::new().file("latest.md", "reports/summary.md").build();
    place.remove("packet/latest.md");
    std::os::unix::fs::symlink("reports/summary.md", place.at("packet/latest.md")).unwrap();
    let report = place.verify(["packet"]).is(1, &["symlink_as_file latest.md"]);
    report.because("symlink_as_file", "symlink_as_file");
    place.seal(["restore", "packet", "--write"]).exits(1).says(&["core.symlinks false"]);
    assert!(place.at("packet/latest.md").symlink_metadata().unwrap().is_symlink());
    // Another text than the sealed one is a link like any other.
    std::fs::remove_file(place.at("packet/latest.md")).unwrap();
    std::os::unix::fs::symlink("README.md", place.at("packet/latest.md")).unwrap();
    place.verify(["packet"]).is(1, &["symlink_entry latest.md"]);
}

#[test]
fn a_file_that_was_cut_off_is_told_by_its_sealed_hints() {
    let place = Place::new();
    let log: Vec<String> =
        (0..900u32).map(|n| format!("step {n}: {}\n", crate::packet::sha256(&n.to_le_bytes()))).collect();
    let log = log.concat();
    place.write("packet/run.log", &log).seal(["create", "--hints", "packet"]).exits(0);
    place.write("packet/run.log", &log.as_bytes()[..40_000]);
    let report = place.verify(["packet"]).is(1, &["truncated run.log"]);
    report.graded("truncated", "truncated", "observed");
    place
        .seal(["verify", "packet"])
        .exits(1)
        .says(&["its 40000 bytes are the first of", "by the sealed hints"]);
    // What is lost cannot be put back, and a reseal is the user's decision.
    place.seal(["restore", "packet"]).exits(1).says(&["the sealed bytes are not all there any more"]);
}

#[test]
fn a_digest_that_lost_its_last_digit_said_nothing_of_the_file_there() {
    let place = Packet::new()
        .list("SHA256SUMS")
        .manifest_from(|text| text.replacen("  README", "x  README", 1).into())
        .build();
    place.edit("packet/SHA256SUMS", |text| {
        let at = text.find("x  README").unwrap();
        format!("{}{}", &text[..at - 1], &text[at + 1..])
    });
    place
        .seal(["verify", "packet"])
        .exits(1)
        .says(&["the digest lost its last digit", &crate::packet::sha256(&place.read("packet/README.md"))]);
}

#[test]
fn intact_files_were_only_counted_under_v() {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    let told = place.seal(["verify", "-v", "packet"]).exits(1);
    assert!(told.out.lines().any(|line| line.trim() == "\u{2713} reports/summary.md"), "{}", told.out);
    assert!(!told.out.lines().any(|line| line.trim() == "\u{2713} README.md"), "{}", told.out);
    place.seal(["verify", "packet"]).exits(1).never_says(&["\u{2713} reports/summary.md"]);
}
