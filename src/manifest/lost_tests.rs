//! Text manifests that lost an entry without a word: each ends in an entry, or
//! in a problem that fails.

use super::*;
use crate::code::Effect;

fn read(template: &str) -> Manifest {
    let text = template.replace("H2", &"cd".repeat(32)).replace("H1", &"ab".repeat(32));
    parse(text.as_bytes(), &Options::new(b"SHA256SUMS")).unwrap_or_else(|e| panic!("{template}: {e}"))
}

fn failing(manifest: &Manifest) -> Vec<(Code, u32)> {
    let failing =
        manifest.problems.iter().filter(|p| p.code.row().effect == Effect::Fails && !p.warning_only);
    failing.map(|p| (p.code, p.place.line)).collect()
}

#[track_caller]
fn names(manifest: &Manifest) -> Vec<&[u8]> {
    manifest.entries.iter().map(|e| e.path.as_bytes()).collect()
}

#[test]
fn a_cut_last_line_is_no_decoration() {
    let line = "SHA256 (LICENSE) = 0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";
    for cut in 1..line.len() {
        for end in ["", "\n"] {
            let manifest = read(&format!("SHA256 (a.txt) = H1\n{}{end}", &line[..cut]));
            assert_eq!(
                (names(&manifest), failing(&manifest).len()),
                (vec![&b"a.txt"[..]], 1),
                "{cut} {end:?}"
            );
        }
    }
    for (text, code) in [
        ("SHA256 (a.txt) = H1\nSHA256 (readm", Code::MalformedLine),
        ("Algorithm Hash Path\nSHA256 H1 a.txt\nSHA256 0263829989b6fd9", Code::MalformedLine),
        ("Algorithm Hash Path\nSHA256 H1 a.txt\nSHA256 02\n", Code::MalformedLine),
        ("H1  a.txt\nVERSION deadbeef", Code::MalformedLine),
        ("H1  a.txt\nVERSION deadbeef\n", Code::MalformedLine),
        ("a.txt: H1\nVERSION: deadbee", Code::MalformedDigest),
        ("a.txt: H1\nVERSION: pending", Code::MalformedLine),
        ("a.txt: H1\nVERSION: pending\n", Code::MalformedLine),
        ("H1  a.txt\nH1SH", Code::MalformedLine),
    ] {
        let manifest = read(text);
        let last = u32::try_from(text.lines().count()).unwrap();
        assert_eq!(
            (names(&manifest), failing(&manifest)),
            (vec![&b"a.txt"[..]], vec![(code, last)]),
            "{text:?}"
        );
    }
    assert_eq!(failing(&read("abc12  VERSION\nH1  a.txt\n")), [(Code::MalformedLine, 1)]);
    assert_eq!(failing(&read("abcdef1  VERSION\nH1  a.txt\n")), [(Code::MalformedDigest, 1)]);
}

#[test]
fn error_messages_of_the_tool_say_which_file_has_no_digest() {
    for text in [
        "H1  a.txt\nsha256sum: data.bin: Permission denied\n",
        "sha256sum: data.bin: Permission denied\nH1  a.txt\n",
    ] {
        let manifest = read(text);
        let problem = &manifest.problems[0];
        assert_eq!((failing(&manifest).len(), problem.code), (1, Code::MalformedLine));
        assert!(problem.message.contains("\"sha256sum\" failed on \"data.bin\""), "{}", problem.message);
    }
}

#[test]
fn a_carriage_return_in_a_comment_hides_nothing() {
    let manifest = read("# Mac\rH1  a\rH2  b\nH2  c\n");
    assert_eq!((names(&manifest), failing(&manifest)), (vec![&b"c"[..]], vec![(Code::MalformedLine, 1)]));
    let sidecar = format!("# x\r{}  b\n{}\n", "cd".repeat(32), "ab".repeat(32));
    let manifest = parse(sidecar.as_bytes(), &Options::new(b"a.sha256")).unwrap();
    assert_eq!(failing(&manifest), [(Code::MalformedLine, 1)]);
    assert_eq!(names(&read("# Mac\rH1  a\rH2  b\r")), [b"a", b"b"]);
}

#[test]
fn a_name_that_looks_tagged_is_read_as_sha256sum_reads_it() {
    let manifest = read("H1  (x) = H2\n");
    assert_eq!((manifest.format, names(&manifest).len()), (Format::Sha256sum, 1));
    assert_eq!(names(&manifest)[0], format!("(x) = {}", "cd".repeat(32)).as_bytes());
    let manifest = read("H1  (x) = H2\nnoise!\n");
    assert_eq!((manifest.format, failing(&manifest)), (Format::Sha256sum, vec![(Code::MalformedLine, 2)]));
}

#[test]
fn unknown_digests_are_told_in_whole_sentences() {
    let manifest = read("SHA256 (a) = H1\nSHA3-256 (b) = H1\nFOO9 (c) = H1\n");
    assert_eq!(failing(&manifest), [(Code::UnsupportedDigest, 2), (Code::MalformedLine, 3)]);
    assert_eq!(manifest.problems[0].message, "the only digest of \"b\" is SHA3-256, which is not verified");
}

#[test]
fn names_that_begin_with_a_number_sign_are_not_lost_as_comments() {
    for text in ["path,sha256\na,H1\n#x,H2\n", "a: H1\nb: H1\n#x: H2\n", "a.txt   H1\nb.txt   H1\n#x   H2\n"]
    {
        let manifest = read(text);
        assert_eq!(failing(&manifest), [(Code::MalformedLine, 3)], "{text}");
        let told = manifest.problems.iter().find(|p| p.code == Code::MalformedLine).unwrap();
        assert!(told.help.contains("`./`"), "{}", told.help);
    }
    for text in ["path,sha256\na,H1\n./#x,H2\n", "a: H1\n./#x: H2\n"] {
        let manifest = read(text);
        assert_eq!((names(&manifest)[1], failing(&manifest)), (&b"#x"[..], vec![]), "{text}");
    }
}

#[test]
fn entries_behind_a_number_sign_are_told() {
    for text in [
        "H1  a\n# H2  b\n",
        "H1  a\n#H2  b\n",
        "SHA256 (a) = H1\n# SHA256 (b) = H2\n",
        "a: H1\n# b: H2\n",
        "sha256,path\nH1,a\n#H2,b\n",
        "path,sha256\na,H1\n# b,H2\n",
        "H1 1 a\n# H2 2 b\n",
    ] {
        let manifest = read(text);
        let codes = manifest.problems.iter().map(|p| p.code).filter(|code| *code != Code::ManifestHeader);
        let codes: Vec<_> = codes.collect();
        assert_eq!(
            (names(&manifest), codes),
            (vec![&b"a"[..]], vec![Code::ManifestCommentedEntry]),
            "{text}"
        );
    }
    for comment in ["# tree digest: H2", "# H2", "# abcdef  note", "## sealed"] {
        assert_eq!(read(&format!("H1  a\n{comment}\n")).problems, [], "{comment}");
    }
}

#[test]
fn clear_signed_lists_are_read_inside_of_their_frame() {
    let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nH1  a\nH2  -b\n-----BEGIN PGP SIGNATURE-----\n\n\
                  iQEzBAEBCAAdFiEE\n=aBcD\n-----END PGP SIGNATURE-----\n";
    let manifest = read(signed);
    assert_eq!((manifest.format, names(&manifest)), (Format::Sha256sum, vec![&b"a"[..], b"-b"]));
    let codes: Vec<_> = manifest.problems.iter().map(|p| p.code).collect();
    assert_eq!(codes, [Code::ManifestHeader, Code::SignatureNotChecked]);
    let escaped = signed.replace("H1  a\nH2  -b", "a: H1\n- -b: H2\n- - c: H2");
    let manifest = read(&escaped);
    assert_eq!(names(&manifest), [&b"a"[..], b"-b", b"c"]);
    assert_eq!((manifest.entries[1].place.line, manifest.entries[1].place.column), (5, 3));
    assert_eq!(failing(&manifest), []);
}

#[test]
fn a_signed_frame_hides_no_entry() {
    let begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    let signature = "-----BEGIN PGP SIGNATURE-----\n\niQEz\n";
    let end = "-----END PGP SIGNATURE-----\n";
    for text in [
        format!("{begin}Hash: H2\n\nH1  a\n{signature}{end}"),
        format!("{begin}Comment: H2\n\nH1  a\n{signature}{end}"),
        format!("{begin}\nH1  a\n{signature}Comment: H2\n{end}"),
        format!("{begin}\nH1  a\n{signature}b: H2\n{end}"),
        format!("{begin}\nH1  a\n{signature}"),
        format!("{begin}\nH1  a\n"),
        format!("{begin}\nH1  a\n{signature}{end}Z: pending\n"),
    ] {
        let manifest = read(&text.replace("H1  a\n", "H1  a\nH1  c\nH1  d\n"));
        assert_eq!((names(&manifest), failing(&manifest).len()), (vec![&b"a"[..], b"c", b"d"], 1), "{text}");
    }
    let manifest = read(&format!("H2  x\n{begin}\nH1  a\n{signature}H2  y\n{end}H2  z\n"));
    assert_eq!(names(&manifest), [b"x", b"a", b"y", b"z"]);
}
