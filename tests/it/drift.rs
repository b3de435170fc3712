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
