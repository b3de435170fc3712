//! Whole text manifests: what is read, what is refused, and where.

use super::*;
use crate::path::Backslash;

fn hex(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

/// `H1` to `H9` stand for digests.
fn text(template: &str) -> String {
    (1..=9).fold(template.to_owned(), |text, n| text.replace(&format!("H{n}"), &hex(n)))
}

fn try_read(template: &str) -> Result<Manifest, NotAManifest> {
    parse(text(template).as_bytes(), &Options::new(b"SHA256SUMS"))
}

fn read(template: &str) -> Manifest {
    try_read(template).unwrap_or_else(|error| panic!("{template}: {error}"))
}

fn names(manifest: &Manifest) -> Vec<String> {
    manifest.entries.iter().map(|e| String::from_utf8_lossy(e.path.as_bytes()).into_owned()).collect()
}

fn codes(manifest: &Manifest) -> Vec<Code> {
    manifest.problems.iter().map(|p| p.code).collect()
}

fn bad(manifest: &Manifest) -> Vec<(Code, u32)> {
    let failing = manifest.problems.iter().filter(|p| p.code.row().effect != crate::code::Effect::None);
    failing.map(|p| (p.code, p.place.line)).collect()
}

#[test]
fn a_clean_manifest_has_nothing_to_report() {
    let manifest = read("# remark\n\nH1  a\nH2 *b c\n\\H3  d\\ne\n");
    assert_eq!((manifest.format, manifest.problems.len()), (Format::Sha256sum, 0));
    assert_eq!(names(&manifest), ["a", "b c", "d\ne"]);
    assert_eq!(manifest.entries[1].place, Place { line: 4, column: 1, span: Span { start: 78, end: 147 } });
    let manifest = read("# remark\nH1 12 a b\nH2 0 2024 c\n");
    assert_eq!((manifest.format, manifest.problems.len()), (Format::Sized, 0));
    assert_eq!(manifest.entries[1].size, Some(0));
    assert_eq!(names(&manifest), ["a b", "2024 c"]);
}

#[test]
fn every_format_reads_the_same_two_entries() {
    for (format, template) in [
        (Format::Sha256sum, "H1  a.txt\nH2  d/b\n"),
        (Format::Sha256sum, "sha256:H1  a.txt\nsha256:H2  ./d/b\n"),
        (Format::Sized, "H1 1 a.txt\nH2 2 d/b\n"),
        (Format::Bsd, "SHA256 (a.txt) = H1\nSHA2-256(d/b)= H2\n"),
        (Format::NameFirst, "a.txt: H1\nd/b: sha256:H2\n"),
        (Format::NameFirst, "- `a.txt`: `H1`\n- `d/b`: `H2`\n"),
        (Format::NameFirst, "a.txt=H1\nd/b = \"H2\"\n"),
        (Format::Table, "a.txt   H1\nd/b     H2\n"),
        (
            Format::Table,
            "| File | Size | SHA-256 |\n|---|--:|---|\n| `a.txt` | 1 | `H1` |\n| d/b | 2 | H2 |\n",
        ),
        (
            Format::Table,
            "Algorithm Hash Path\n--------- ---- ----\nSHA256    H1   a.txt\nSHA256    H2   d/b\n",
        ),
        (
            Format::Table,
            "Algorithm : SHA256\nHash : H1\nPath : a.txt\n\nAlgorithm : SHA256\nHash : H2\nPath : d/b\n",
        ),
        (Format::Csv, "path,sha256,size\na.txt,H1,1\n\"d/b\",H2,2\n"),
        (Format::Csv, "SHA256\tFile\nH1\ta.txt\nH2\td/b\n"),
    ] {
        let manifest = read(template);
        assert_eq!(
            (manifest.format, names(&manifest)),
            (format, vec!["a.txt".into(), "d/b".into()]),
            "{template}"
        );
        assert_eq!(bad(&manifest), [], "{template}");
        let digests: Vec<String> = manifest.entries.iter().map(|e| e.digest.to_string()).collect();
        assert_eq!(digests, [hex(1), hex(2)]);
        let forced = Options { format: Some(format), ..Options::new(b"x") };
        assert_eq!(parse(text(template).as_bytes(), &forced).unwrap(), manifest, "{template}");
    }
}

#[test]
fn sloppy_texts_are_read_and_remarked_upon_once() {
    let upper = text("H1  a\nH2  b\n").replace("01", "AB");
    for (template, code, count) in [
        ("\u{feff}H1  a\nH2  b\n".to_owned(), Code::ManifestBom, "begins"),
        ("H1  a\r\nH2  b\r\n".to_owned(), Code::ManifestCrlf, "2 lines"),
        ("H1  a\rH2  b\r".to_owned(), Code::ManifestCrlf, "2 lines end in CR,"),
        ("H1\ta\nH2 b\n".to_owned(), Code::ManifestSeparator, "2 lines"),
        ("H1  a\nH2  b".to_owned(), Code::ManifestNoFinalNewline, "last line"),
        ("SHA-256 manifest\n=====\nH1  a\nH2  b\n2 files\n".to_owned(), Code::ManifestHeader, "3 lines"),
        (upper, Code::ManifestUppercase, "1 digest"),
    ] {
        let manifest = read(&template);
        assert_eq!(names(&manifest), ["a", "b"], "{template:?}");
        assert_eq!(codes(&manifest), [code], "{template:?}");
        assert!(manifest.problems[0].message.contains(count), "{}", manifest.problems[0].message);
    }
}

#[test]
fn utf16_is_read_and_spans_name_bytes_on_disk() {
    let body = text("H1  a\nH2  \u{e9}\n");
    for (mark, swap) in [(true, false), (false, false), (true, true), (false, true)] {
        let head = if mark { "\u{feff}" } else { "" };
        let units = format!("{head}{body}").encode_utf16().collect::<Vec<_>>();
        let file: Vec<u8> =
            units.iter().flat_map(|u| if swap { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        let manifest = parse(&file, &Options::new(b"SHA256SUMS")).unwrap();
        assert_eq!(names(&manifest), ["a", "\u{e9}"]);
        let skip = if mark { 2 } else { 0 };
        assert_eq!(manifest.entries[1].place.span, Span { start: skip + 136, end: skip + 270 });
        let mut want = vec![Code::ManifestNotUtf8];
        want.splice(0..0, mark.then_some(Code::ManifestBom));
        assert_eq!(codes(&manifest), want);
    }
}

#[test]
fn no_line_is_lost() {
    let manifest = read("H1  a\nREADME\n=====\nSHA-256 manifest\nH2  b\ndocs/x.md\n");
    assert_eq!(names(&manifest), ["a", "b"]);
    assert_eq!(bad(&manifest), [2, 3, 4, 6].map(|line| (Code::MalformedLine, line)));
    let manifest = read("H1  a\nH2\nH3  \nx\rH4  c\nH5  d\n");
    assert_eq!(bad(&manifest), [2, 3, 4].map(|line| (Code::MalformedLine, line)));
    let manifest = read("\u{feff}\u{feff}H1  a\nH2  b\n");
    assert_eq!(bad(&manifest), [(Code::MalformedDigest, 1)]);
}

#[test]
fn digests_of_the_wrong_length_name_their_file() {
    let manifest = read("H10  a\nH2  b\n");
    assert_eq!(bad(&manifest), [(Code::MalformedDigest, 1)]);
    let problem = &manifest.problems[0];
    assert_eq!((problem.name.as_deref(), problem.place.span.end), (Some(&b"a"[..]), 65));
    assert!(problem.message.contains("65 hexadecimal digits"), "{}", problem.message);
    for line in [hex(1)[..63].to_owned(), hex(1)[..63].to_owned() + "g", hex(1)[..10].to_owned()] {
        let manifest = read(&format!("H2  b\n{line}  a\nH3  c\n"));
        assert_eq!(bad(&manifest), [(Code::MalformedDigest, 2)], "{line}");
    }
}

#[test]
fn names_that_leave_the_root_or_are_no_paths() {
    for (name, code) in [
        ("../x", Code::PathTraversal),
        ("/x", Code::PathTraversal),
        ("C:\\x", Code::PathTraversal),
        ("a//b", Code::BadPath),
        ("a\\b", Code::BadPath),
        ("./", Code::BadPath),
    ] {
        let manifest = read(&format!("H1  ok\nH2  {name}\n"));
        assert_eq!(bad(&manifest), [(code, 2)], "{name}");
        assert_eq!(manifest.problems[0].name.as_deref(), Some(name.as_bytes()));
        assert_eq!(manifest.problems[0].place.column, 67);
    }
    let manifest = read("H1  a\\b\n");
    assert!(manifest.problems[0].help.contains("write \"a/b\";"), "{}", manifest.problems[0].help);
    assert!(manifest.problems[0].help.contains("\"a\\\\b\""), "{}", manifest.problems[0].help);
    assert_eq!(bad(&read("\\H1  a\\tb\nH2  c\n")), [(Code::MalformedLine, 1)]);
    let manifest = parse(&[hex(1).as_bytes(), b"  \xff\xfe\n"].concat(), &Options::new(b"x")).unwrap();
    assert_eq!(manifest.entries[0].path.as_bytes(), b"\xff\xfe");
}

#[test]
fn duplicates_are_found_whatever_their_digest() {
    let manifest = read("H1  a\nH2  b\nH1  ./a\nH3  b\nH4  c\n");
    assert_eq!(manifest.entries.len(), 5);
    assert_eq!(bad(&manifest), [(Code::DuplicatePath, 3), (Code::DuplicatePath, 4)]);
    assert!(manifest.problems[0].message.contains("line 1 and again on line 3"));
    assert!(manifest.problems[1].message.contains("another digest"));
    let two_algorithms = format!("H1  a\n{}  a\n", "ab".repeat(64));
    assert_eq!(read(&two_algorithms).problems, []);
}

#[test]
fn names_that_collide_elsewhere_are_a_warning() {
    let manifest = read("H1  Read.me\nH2  read.ME\nH3  \u{e9}\nH4  e\u{301}\nH5  other\n");
    assert_eq!(bad(&manifest), []);
    assert_eq!(codes(&manifest), [Code::PortabilityCollision; 2]);
    assert_eq!(manifest.problems[1].place.line, 4);
}

#[test]
fn weak_digests_fail_alone_and_warn_beside_a_strong_one() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    let manifest = read(&format!("{md5}  a\nH1  a\n{md5}  b\n"));
    let weak: Vec<_> = manifest.problems.iter().map(|p| (p.code, p.warning_only, p.place.line)).collect();
    assert_eq!(weak, [(Code::WeakDigest, true, 1), (Code::WeakDigest, false, 3)]);
    assert_eq!(names(&manifest), ["a"]);
    let manifest = read(&format!("SHA256 (a) = H1\nMD5 (a) = {md5}\nBLAKE2b (c) = {}\n", "ab".repeat(64)));
    let got: Vec<_> = manifest.problems.iter().map(|p| (p.code, p.warning_only, p.place.line)).collect();
    assert_eq!(got, [(Code::WeakDigest, true, 2), (Code::UnsupportedDigest, false, 3)]);
    let only_weak = read(&format!("{md5}  a\n{md5}  b\n"));
    assert_eq!((only_weak.entries.len(), only_weak.problems.len()), (0, 2));
}

#[test]
fn problems_are_bounded_and_keep_their_weight() {
    let line = text("H1  a\n");
    let manifest = read(&line.repeat(5000));
    assert_eq!(manifest.entries.len(), 5000);
    assert_eq!(manifest.problems.len(), 1001);
    let last = manifest.problems.last().unwrap();
    assert_eq!(
        (last.code, last.count, last.warning_only, last.place.line),
        (Code::DuplicatePath, 3999, false, 1002)
    );
    assert_eq!(manifest.problems.iter().map(|p| p.count).sum::<u64>(), 4999);
}

#[test]
fn sidecars_belong_to_the_file_they_are_named_after() {
    let sidecar = |name: &str, body: &str| parse(text(body).as_bytes(), &Options::new(name.as_bytes()));
    for (name, body) in [
        ("a.tar.gz.sha256", "H1\n"),
        ("a.tar.gz.SHA256SUM", "sha256:H1\n"),
        ("a.tar.gz.sha256.txt", "# remark\nH1\n"),
    ] {
        let manifest = sidecar(name, body).unwrap();
        assert_eq!((manifest.format, names(&manifest)), (Format::Sidecar, vec!["a.tar.gz".to_owned()]));
        assert_eq!(manifest.problems, []);
    }
    assert_eq!(bad(&sidecar("a.sha256", "H10\n").unwrap()), [(Code::MalformedDigest, 1)]);
    assert_eq!(bad(&sidecar("a.sha512", "H1\n").unwrap()), [(Code::MalformedDigest, 1)]);
    assert!(matches!(sidecar("SHA256SUMS", "H1\n"), Err(NotAManifest::NoEntries(_))));
    assert_eq!(sidecar("a.sha256", "H1  b\n").unwrap().format, Format::Sha256sum);
}

#[test]
fn tables_that_lose_something_say_so() {
    let cut = read("Algorithm Hash Path\nSHA256 H1 C:\\long\\na...\nSHA256 H2 b\n");
    assert_eq!(bad(&cut), [(Code::MalformedLine, 2)]);
    let absolute = read("Algorithm Hash Path\nSHA256 H1 C:\\x\\a.txt\n");
    assert_eq!(bad(&absolute), [(Code::PathTraversal, 2)]);
    let records =
        read("Hash : H1\nPath : a\n\nHash : H2\n\nPath : c\n\nHash : H3\nPath : d\n        wrapped\n");
    assert_eq!(names(&records), ["a"]);
    assert_eq!(bad(&records), [4, 6, 8, 10].map(|line| (Code::MalformedLine, line)));
    let csv = read("path,sha256,note\na,H1,\"open\nb,H2,x\nc,H3\nd,H40,\n");
    assert_eq!(names(&csv), ["b"]);
    assert_eq!(bad(&csv), [(Code::MalformedLine, 2), (Code::MalformedLine, 4), (Code::MalformedDigest, 5)]);
    let markdown =
        read("| File | SHA-256 |\n|---|---|\n| a | H1 |\n| b | pending |\n| c | H3 |\n| d | todo |\n");
    assert_eq!(names(&markdown), ["a", "c"]);
    assert_eq!(bad(&markdown), [(Code::MalformedDigest, 4), (Code::MalformedLine, 6)]);
}

#[test]
fn what_is_no_manifest() {
    for empty in ["", "\n\n", "# only remarks\n", "path,sha256\n", "[]", "\u{feff}"] {
        assert_eq!(try_read(empty), Err(NotAManifest::Empty), "{empty:?}");
    }
    for other in ["hello\n", "H1\n", "sha256: H1\n"] {
        assert!(matches!(try_read(other), Err(NotAManifest::NoEntries(_))), "{other:?}");
    }
    assert!(matches!(try_read("H1  a\nb\0c\n"), Err(NotAManifest::Broken { .. })));
    let forced = Options { format: Some(Format::Bsd), ..Options::new(b"x") };
    assert!(matches!(parse(text("H1  a\n").as_bytes(), &forced), Err(NotAManifest::NoEntries(_))));
}

#[test]
fn limits_hold() {
    let body = text("H1  a\nH2  b\n");
    let limit = |limits: Limits| parse(body.as_bytes(), &Options { limits, ..Options::new(b"x") });
    let usual = Limits::default();
    assert!(limit(usual).is_ok());
    for limits in
        [Limits { bytes: 100, ..usual }, Limits { line: 66, ..usual }, Limits { entries: 1, ..usual }]
    {
        assert!(matches!(limit(limits), Err(NotAManifest::TooLarge(_))), "{limits:?}");
    }
}

#[test]
fn a_forced_format_settles_what_is_ambiguous() {
    let body = text("H1\t2024\treport.pdf\nH2\t2025\treport.pdf\n");
    let with = |format| parse(body.as_bytes(), &Options { format, ..Options::new(b"x") });
    assert_eq!(with(None), Err(NotAManifest::Ambiguous(Format::Sha256sum, Format::Sized)));
    assert_eq!(names(&with(Some(Format::Sized)).unwrap()), ["report.pdf", "report.pdf"]);
    assert_eq!(names(&with(Some(Format::Sha256sum)).unwrap())[0], "2024\treport.pdf");
    let path = BytePath::parse(b"report.pdf", Backslash::Refuse).unwrap();
    assert_eq!(with(Some(Format::Sized)).unwrap().entries[0].path, path);
}
