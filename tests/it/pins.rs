//! Tree pins, and trees demanded from outside.

use crate::packet::{Packet, Place, sha256};

#[test]
fn a_pin_is_64_digits_and_at_most_one_newline() {
    let tree = Packet::new().tree();
    for good in [tree.clone(), format!("{tree}\n")] {
        Packet::new().pin(good).build().verify(["packet"]).is(0, &[]);
    }
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(tree.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let bad: [(&str, Vec<u8>); 12] = [
        ("upper case", tree.to_uppercase().into_bytes()),
        ("CRLF", format!("{tree}\r\n").into_bytes()),
        ("byte-order mark", format!("\u{feff}{tree}\n").into_bytes()),
        ("more than the digest", format!("{tree}  HASH_MANIFEST.txt\n").into_bytes()),
        ("more than the digest", format!("{tree} *HASH_MANIFEST.txt\n").into_bytes()),
        ("final newline", format!("{tree}\n\n").into_bytes()),
        ("blanks", format!(" {tree}\n").into_bytes()),
        ("blanks", format!("{tree} \n").into_bytes()),
        ("UTF-16", utf16),
        ("0 hexadecimal digits", Vec::new()),
        ("63 hexadecimal digits", tree.as_bytes()[1..].to_vec()),
        ("more than the digest", format!("{tree}\n{tree}\n").into_bytes()),
    ];
    for (why, bytes) in bad {
        let place = Packet::new().pin(bytes.clone()).build();
        // What digest it holds is read and compared all the same, and nobody is
        // told to make a pin from the manifest that it should judge.
        let report = place.verify(["packet"]).is(1, &["pin_malformed packet_tree.sha256"]);
        let readable = !why.ends_with("hexadecimal digits") && bytes.split(|b| *b == b'\n').count() < 3
            || why == "final newline";
        let says = if readable { &*tree } else { "do not make it from the manifest" };
        report.tells("pin_malformed", &[why, says]);
    }
}

#[test]
fn a_malformed_pin_of_another_tree_is_two_findings() {
    let place = Packet::new().pin(format!("{}\r\n", sha256(b"another"))).build();
    let report = place.verify(["packet"]);
    assert_eq!(report.exit, 1);
    for code in ["pin_malformed", "tree_pin_mismatch"] {
        report.finding(code);
    }
}

#[test]
fn a_manifest_that_drifted_is_blamed_instead_of_every_file() {
    let place = Packet::new().build();
    place.edit("packet/HASH_MANIFEST.txt", |text| text.replace('\n', "\r\n"));
    let both = ["crlf_drift HASH_MANIFEST.txt", "tree_pin_mismatch packet_tree.sha256"];
    let report = place.verify(["packet"]).is(1, &both).because("crlf_drift", "crlf_drift");
    assert_eq!(*report.at("/packets/0/entries/intact"), 4);
    report.tells("crlf_drift", &["files were compared with its sealed bytes, which are proven"]);
    // A file that drifted too is judged by the sealed manifest.
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    let all = [both[0], "crlf_drift README.md", both[1]];
    place.verify(["packet"]).is(1, &all);
}

#[test]
fn an_edited_manifest_beside_an_honest_pin() {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace("0057", "0058"));
    let digest = sha256(&place.read("packet/README.md"));
    let old = sha256(crate::packet::EVIDENCE[0].1.as_bytes());
    place.edit("packet/HASH_MANIFEST.txt", |text| text.replace(&old, &digest));
    place.verify(["packet"]).is(1, &["tree_pin_mismatch packet_tree.sha256"]);
}

#[test]
fn a_pin_without_its_manifest() {
    let place = Packet::new().build();
    place.remove("packet/HASH_MANIFEST.txt");
    place.verify(["packet"]).is(1, &["manifest_missing HASH_MANIFEST.txt"]);
}

/// The pin is right where the manifest's sealed bytes are proven, and only there.
#[test]
fn which_of_manifest_and_pin_is_wrong_is_said_where_it_is_proven() {
    let told = |change: fn(&str) -> String| {
        let place = Packet::new().build();
        place.edit("packet/HASH_MANIFEST.txt", change);
        let report = place.verify(["packet"]);
        let finding = report.finding("tree_pin_mismatch");
        (finding["message"].as_str().unwrap().to_owned(), finding["help"].as_str().unwrap().to_owned())
    };
    let (message, help) = told(|text| text.replace('\n', "\r\n"));
    assert!(message.ends_with("; the manifest drifted, and its sealed bytes are proven"), "{message}");
    assert_eq!(help, "undo the drift of the manifest; the pin is right");
    let (message, help) = told(|text| text.split_inclusive('\n').take(2).collect());
    assert!(message.ends_with("pins another tree than the digest of \"HASH_MANIFEST.txt\""), "{message}");
    assert!(!help.contains("the pin is right"), "{help}");
}

/// Two packets of different trees.
fn two() -> (Place, String, String) {
    let (a, b) = (Packet::new().root("a"), Packet::new().file("more.txt", "more\n").root("b"));
    let place = a.build();
    b.build_in(&place);
    (place, a.tree(), b.tree())
}

#[test]
fn a_tree_demanded_from_outside() {
    let place = Packet::new().build();
    let tree = Packet::new().tree();
    place.verify(["packet", "--expect-tree", &tree]).is(0, &[]);
    place.verify(["packet", "--expect-tree", &tree.to_uppercase()]).is(0, &[]);
    place.verify(["packet", "--expect-tree", &format!("packet={tree}")]).is(0, &[]);
    let other = sha256(b"other");
    let report = place.verify(["packet", "--expect-tree", &other]);
    let report = report.is(1, &["expected_tree_mismatch HASH_MANIFEST.txt"]);
    report.tells("expected_tree_mismatch", &[&tree, &other, "was demanded"]);
    // Everything edited and sealed again: only the demand from outside shows it.
    place.edit("packet/README.md", |text| text.replace("0057", "0058"));
    place.seal(["create", "packet"]).exits(0);
    place.verify(["packet"]).is(0, &[]);
    let report = place.verify(["packet", "--expect-tree", &tree]);
    assert_eq!(report.exit, 1);
    report.finding("expected_tree_mismatch");
}

#[test]
fn a_demanded_tree_names_its_packet_where_there_are_several() {
    let (place, a, b) = two();
    place
        .verify([".", "--expect-tree", &a])
        .is(2, &["usage_error"])
        .tells("usage_error", &["2 seals", "FOLDER=HEX"]);
    let (for_a, for_b) = (format!("a={a}"), format!("b={b}"));
    place.verify([".", "--expect-tree", &for_a, "--expect-tree", &for_b]).is(0, &[]);
    let crossed = format!("b={a}");
    place.verify([".", "--expect-tree", &crossed]).is(1, &["expected_tree_mismatch HASH_MANIFEST.txt"]);
    let nowhere = format!("c={a}");
    place.verify([".", "--expect-tree", &nowhere]).is(2, &["usage_error"]);
    place.seal(["verify", ".", "--expect-tree", &a[1..]]).exits(2);
}

#[test]
fn a_demanded_tree_of_a_plain_list() {
    let place = Packet::new().list("SHA256SUMS").build();
    let tree = Packet::new().tree();
    place.verify(["packet", "--expect-tree", &tree]).is(0, &[]);
    place.verify(["packet", "--expect-tree", &sha256(b"x")]).finding("expected_tree_mismatch");
}
