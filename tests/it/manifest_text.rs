//! Manifests as they are found in the field: other encodings, line ends, headers,
//! separators. Read correctly, reported, and never with an entry lost.

use crate::packet::{Packet, sha256};

/// A list whose text was changed; nothing of it may be lost.
#[track_caller]
fn reads(change: impl FnOnce(String) -> Vec<u8>, warnings: &[&str]) {
    let place = Packet::new().list("SHA256SUMS").manifest_from(change).build();
    let wanted: Vec<String> = warnings.iter().map(|code| format!("{code} SHA256SUMS")).collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let report = place.verify(["packet"]).is(0, &wanted);
    assert_eq!(*report.at("/packets/0/entries/intact"), 4);
    for warning in warnings {
        assert_eq!(report.finding(warning)["severity"], "warning");
        assert_ne!(report.finding(warning)["help"], "", "{warning}");
    }
    // The first entry is judged too: GNU sha256sum loses it behind a byte-order mark.
    place.write("packet/README.md", "another\n");
    let report = place.verify(["packet"]);
    assert_eq!((report.exit, &report.finding("edited_content")["path"]), (1, &"README.md".into()));
}

fn utf16(text: &str, big: bool, bom: bool) -> Vec<u8> {
    let mark = bom.then_some(0xFEFF);
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn utf16_in_either_order_with_and_without_a_mark() {
    for (big, bom) in [(false, true), (true, true), (false, false), (true, false)] {
        let warnings: &[&str] =
            if bom { &["manifest_bom", "manifest_not_utf8"] } else { &["manifest_not_utf8"] };
        reads(|text| utf16(&text, big, bom), warnings);
    }
    reads(
        |text| utf16(&text.replace('\n', "\r\n"), false, true),
        &["manifest_bom", "manifest_crlf", "manifest_not_utf8"],
    );
}

#[test]
fn marks_line_ends_and_the_last_line() {
    reads(|text| format!("\u{feff}{text}").into_bytes(), &["manifest_bom"]);
    reads(|text| text.replace('\n', "\r\n").into_bytes(), &["manifest_crlf"]);
    reads(|text| text.trim_end().as_bytes().to_vec(), &["manifest_no_final_newline"]);
}

/// The step that helps with this very list, and not the one of the code.
#[test]
fn the_help_is_that_of_the_problem() {
    let crlf = |text: String| text.replace('\n', "\r\n").into_bytes();
    let report = Packet::new().list("SHA256SUMS").manifest_from(crlf).build().verify(["packet"]);
    let help = "write the manifest with LF line ends, and add `-text` for it to .gitattributes";
    assert_eq!(report.finding("manifest_crlf")["help"], help);
}

#[test]
fn digits_separators_and_prefixes() {
    let upper = |text: String| {
        let line = |line: &str| line[..64].to_uppercase() + &line[64..] + "\n";
        text.lines().map(line).collect::<String>()
    };
    reads(|text| upper(text).into_bytes(), &["manifest_uppercase"]);
    reads(|text| text.replace("  ", "\t").into_bytes(), &["manifest_separator"]);
    reads(|text| text.replace("  ", " ").into_bytes(), &["manifest_separator"]);
    reads(|text| text.replace("  ", "  ./").into_bytes(), &[]);
    reads(|text| text.replace("  ", " *").into_bytes(), &[]);
}

#[test]
fn comments_blank_lines_and_headers() {
    reads(|text| format!("# sealed in June \u{2014} reviewed\n\n{text}\n# end\n").into_bytes(), &[]);
    reads(|text| format!("SHA-256 checksums\n=================\n{text}").into_bytes(), &["manifest_header"]);
}

#[test]
fn other_formats_of_the_same_entries() {
    let rows = |text: &str, row: fn(&str, &str) -> String| {
        text.lines().map(|line| row(&line[..64], &line[66..])).collect::<String>()
    };
    reads(|text| rows(&text, |hex, name| format!("SHA256 ({name}) = {hex}\n")).into_bytes(), &[]);
    reads(|text| rows(&text, |hex, name| format!("SHA2-256({name})= {hex}\n")).into_bytes(), &[]);
    reads(|text| rows(&text, |hex, name| format!("{name}: {hex}\n")).into_bytes(), &[]);
    let csv = |text: String| format!("path,sha256\n{}", rows(&text, |hex, name| format!("{name},{hex}\n")));
    let place = Packet::new().list("SHA256SUMS.csv").manifest_from(|text| csv(text).into_bytes()).build();
    let report = place.verify(["packet"]);
    assert_eq!(
        (report.exit, report.at("/packets/0/entries/intact")),
        (0, &4.into()),
        "{:?}",
        report.findings()
    );
    let map = |text: String| {
        let rows: Vec<String> =
            text.lines().map(|l| format!("\"{}\": \"sha256:{}\"", &l[66..], &l[..64])).collect();
        format!("{{{}}}\n", rows.join(", "))
    };
    let place = Packet::new().list("checksums.json").manifest_from(|text| map(text).into_bytes()).build();
    let report = place.verify(["packet"]);
    assert_eq!(
        (report.exit, report.at("/packets/0/format")),
        (0, &"json-map".into()),
        "{:?}",
        report.findings()
    );
}

#[cfg(unix)]
#[test]
fn escaped_names_and_backslashes_without_a_marker() {
    let name = "new\nline\\and back.txt";
    let digest = sha256(b"odd\n");
    let place = Packet::new().list("SHA256SUMS").build();
    place.write(std::path::Path::new("packet").join(name), "odd\n");
    let text = Packet::new().text();
    place.write("packet/SHA256SUMS", format!("{text}\\{digest}  new\\nline\\\\and back.txt\n"));
    let report = place.verify(["packet"]).is(0, &[]);
    assert_eq!(*report.at("/packets/0/entries/intact"), 5);
    place.write("packet/SHA256SUMS", format!("{text}{digest}  new\\nline\\\\and back.txt\n"));
    place.verify(["packet"]).is(1, &["bad_path SHA256SUMS"]);
    place.write("packet/SHA256SUMS", format!("{text}\\{digest}  new\\tline\n"));
    place.verify(["packet"]).is(1, &["malformed_line SHA256SUMS"]);
}

#[test]
fn a_manifest_without_entries() {
    for nothing in ["", "\n\n", "# only a comment\n"] {
        let place = Packet::new().list("SHA256SUMS").manifest(nothing).build();
        let report = place.verify(["packet"]).is(2, &["manifest_empty SHA256SUMS"]);
        assert!(!report.complete());
        let place = Packet::new().manifest(nothing).build();
        let report = place.verify(["packet"]);
        assert_eq!(report.exit, 2, "{:?}", report.findings());
    }
}

#[test]
fn a_strong_name_without_a_manifest_never_vanishes() {
    let place = Packet::new().list("SHA256SUMS").build();
    place.write("packet/more/tool.sha256", "<html>not found</html>\n");
    place.verify(["packet"]).is(2, &["manifest_unreadable tool.sha256"]);
    // A weak one is passed over and listed.
    let place = Packet::new().list("SHA256SUMS").build();
    place.write("packet/more/manifest.json", "{\"name\": \"an app\"}\n");
    let report = place.verify(["packet"]).is(0, &[]);
    assert_eq!(*report.at("/passed_over/0/path"), "packet/more/manifest.json");
}

#[test]
fn every_line_that_is_no_entry_fails_with_its_number() {
    let place =
        Packet::new().manifest_from(|text| format!("{text}see the wiki\n\n# fine\n").into_bytes()).build();
    let report = place.verify(["packet"]).is(1, &["malformed_line HASH_MANIFEST.txt"]);
    let at = &report.finding("malformed_line")["location"];
    assert_eq!((at["line"].as_u64(), at["column"].as_u64()), (Some(5), Some(1)));
    report.tells("malformed_line", &["line 5 cannot be read", "see the wiki"]);
}

#[test]
fn a_list_that_lists_itself() {
    // `sha256sum * > SHA256SUMS` seals the half-written list.
    let itself = |text: String| format!("{}  SHA256SUMS\n{text}", sha256(b"")).into_bytes();
    let place = Packet::new().list("SHA256SUMS").manifest_from(itself).build();
    let report = place.verify(["packet"]).is(0, &["manifest_lists_itself SHA256SUMS"]);
    assert_eq!(report.finding("manifest_lists_itself")["severity"], "warning");
    assert_eq!((report.at("/packets/0/entries/total"), report.complete()), (&4.into(), true));
    place.seal(["verify", "packet"]).exits(0).says(&["PASS"]);
    let itself = |text: String| format!("{}  HASH_MANIFEST.txt\n{text}", sha256(b"")).into_bytes();
    let place = Packet::new().manifest_from(itself).build();
    place.verify(["packet"]).is(1, &["manifest_lists_itself HASH_MANIFEST.txt"]);
    let pin = |text: String| format!("{}  packet_tree.sha256\n{text}", sha256(b"")).into_bytes();
    let place = Packet::new().manifest_from(pin).build();
    place
        .verify(["packet"])
        .is(1, &["manifest_lists_itself packet_tree.sha256"])
        .tells("manifest_lists_itself", &["pin"]);
}
