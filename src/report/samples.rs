//! Reports built in code, for the tests of every renderer.

use super::*;
use crate::check::{Level, Status};
use crate::code::{Code, Severity};
use crate::drift::{Cause, FirstDifference, Grade, LineChange, Search, Sites};
use crate::finding::origin::{Place, Rule};
use crate::finding::{Fact, Finding, Location, Origin, Snippet};
use crate::path::Backslash;

pub(crate) fn path(name: &[u8]) -> BytePath {
    BytePath::parse(name, Backslash::Literal).unwrap()
}

fn digest(fill: char) -> String {
    fill.to_string().repeat(64)
}

fn check(id: &'static str, level: Level, status: Status, reason: &str, findings: &[usize]) -> CheckReport {
    CheckReport { id, level, status, reason: reason.into(), findings: findings.to_vec() }
}

pub(crate) fn packet(root: &[u8], total: u64) -> PacketReport {
    let root = if root == b"." { BytePath::root() } else { path(root) };
    PacketReport {
        manifest: root.child(b"HASH_MANIFEST.txt"),
        root,
        format: Some(Format::Sha256sum),
        tree: Some(format!("2fa3d54e{}46da", "0".repeat(52))),
        pinned: true,
        profile: None,
        layer: crate::source::Layer::WorkTree,
        outcome: Outcome::Pass,
        counts: Counts { total, intact: total, ..Counts::default() },
        entries: Entries::default(),
        excluded: 0,
        levels: [LevelState::Ok, LevelState::NotApplied, LevelState::Ok, LevelState::NotApplied],
        checks: vec![
            check("manifest", Level::L0, Status::Ok, &format!("{total} of {total} entries intact"), &[]),
            check("pin", Level::L0, Status::Ok, "the pin equals the manifest's digest", &[]),
            check("mirror", Level::L1, Status::NotApplied, "no mirror", &[]),
            check("rollback", Level::L2, Status::Ok, "3 entries proven", &[]),
            check("decision", Level::L3, Status::NotApplied, "no decision document", &[]),
        ],
    }
}

/// A run over `packets` with `findings`, its groups and verdict derived.
pub(crate) fn report(packets: Vec<PacketReport>, findings: Vec<Finding>) -> Report {
    let outcome = if findings.iter().any(|f| f.effect == crate::code::Effect::Fails) {
        Outcome::Fail
    } else if findings.iter().any(|f| f.effect == crate::code::Effect::CannotVerify) {
        Outcome::Error
    } else {
        Outcome::Pass
    };
    Report {
        shard: None,
        outcome,
        complete: true,
        partial_because: Vec::new(),
        exit_code: outcome as u8,
        base: None,
        selftest: None,
        stats: Stats {
            packets: packets.len() as u64,
            files: packets.iter().map(|packet| packet.counts.total).sum(),
            bytes: 210_000,
            ..Stats::default()
        },
        groups: group(&findings),
        packets,
        findings,
        passed_over: Vec::new(),
    }
}

pub(crate) fn passing() -> Report {
    report(vec![packet(b"packet", 21)], vec![])
}

pub(crate) fn cause(code: Code, direction: &str, scope: &str, changed: u64, total: u64) -> Cause {
    let sites = (total > 0).then_some(Sites { changed, total });
    Cause { code, direction: direction.into(), scope: scope.into(), sites }
}

/// A drifted file with a proven cause, and its length finding beside it.
pub(crate) fn drifted(name: &[u8], code: Code, cause: Cause, sizes: (u64, u64)) -> Vec<Finding> {
    let mut finding = Finding::new(code, format!("{} differs from its seal", crate::text::quote(name)));
    finding.packet = Some(0);
    finding.path = Some(path(name));
    finding.grade = Grade::ProvenByHash;
    finding.causes = vec![cause];
    finding.recoverable = true;
    finding.sealed = Some(Fact { digest: digest('a'), size: Some(sizes.0) });
    finding.found = Some(Fact { digest: digest('b'), size: Some(sizes.1) });
    finding.search = Some(Search { hypotheses: 30, bytes: 4_711, exhausted: false });
    let mut length = Finding::new(Code::ByteLengthMismatch, "the length differs from the sealed one");
    length.packet = Some(0);
    length.path = Some(path(name));
    if sizes.0 == sizes.1 { vec![finding] } else { vec![finding, length] }
}

pub(crate) fn change(line: u64, sealed: &[u8], found: &[u8]) -> LineChange {
    LineChange { line, sealed: Some(sealed.to_vec()), found: Some(found.to_vec()) }
}

pub(crate) fn crlf(name: &[u8], lines: u64) -> Vec<Finding> {
    let scope = format!("all {lines} line ends");
    let crlf = cause(Code::CrlfDrift, "sealed with LF, now CRLF", &scope, lines, lines);
    let mut findings = drifted(name, Code::CrlfDrift, crlf, (10_240, 10_240 + lines));
    findings[0].first_difference = Some(FirstDifference { byte: 8, line: 1, column: 9 });
    findings[0].changed_lines = vec![change(1, b"# Packet\n", b"# Packet\r\n")];
    findings
}

pub(crate) fn em_dash() -> Vec<Finding> {
    let scope = "3 of 20 em dashes: lines 12, 40, 41";
    let dash = cause(Code::EmdashUnicodeDrift, "em dash replaced by hyphen", scope, 3, 20);
    let mut findings = drifted(b"decision.json", Code::EmdashUnicodeDrift, dash, (2_412, 2_406));
    findings[0].first_difference = Some(FirstDifference { byte: 301, line: 12, column: 30 });
    findings[0].changed_lines = vec![
        change(
            12,
            "  \"default\": \"HOLD_PRODUCTION \u{2014} recommended\",\n".as_bytes(),
            b"  \"default\": \"HOLD_PRODUCTION - recommended\",\n",
        ),
        change(
            40,
            "  \"why\": \"nothing was proven \u{2014} PASS is not claimed\",\n".as_bytes(),
            b"  \"why\": \"nothing was proven - PASS is not claimed\",\n",
        ),
    ];
    findings
}

fn simple(code: Code, name: &[u8], message: &str) -> Finding {
    let mut finding = Finding::new(code, format!("{} {message}", crate::text::quote(name)));
    finding.packet = Some(0);
    finding.path = Some(path(name));
    finding
}

/// The packet of the specification's sketch.
pub(crate) fn failing() -> Report {
    let mut findings = [crlf(b"README.md", 214), em_dash()].concat();
    let mut missing = simple(Code::MissingFile, b"run_validator.py", "is listed and not there");
    missing.sealed = Some(Fact { digest: digest('c'), size: None });
    missing.origin = Some(Box::new(Origin::of(Place::Ignored(Rule {
        file: "\".gitignore\"".into(),
        line: 7,
        pattern: "\"*.py\"".into(),
    }))));
    findings.push(missing);
    let mut pin = simple(Code::TreePinMismatch, b"packet_tree.sha256", "is not the digest of the manifest");
    pin.sealed = Some(Fact { digest: digest('f'), size: None });
    let mut manifest = crlf(b"HASH_MANIFEST.txt", 21).swap_remove(0);
    manifest.sealed.clone_from(&pin.sealed);
    findings.extend([pin, manifest]);
    let mut packet = packet(b"packet", 21);
    packet.outcome = Outcome::Fail;
    packet.counts = Counts { total: 21, intact: 18, drifted: 2, missing: 1, ..Counts::default() };
    packet.levels = [LevelState::Failed, LevelState::NotJudged, LevelState::NotJudged, LevelState::NotJudged];
    packet.checks[0] =
        check("manifest", Level::L0, Status::Failed, "18 of 21 entries intact", &[0, 1, 2, 3, 4, 6]);
    packet.checks[1] = check("pin", Level::L0, Status::Failed, "the pin differs", &[5]);
    report(vec![packet], findings)
}

/// Many files with one cause, files without a seal, an edit that is not explained.
pub(crate) fn many() -> Report {
    let mut findings: Vec<Finding> =
        (0..23).flat_map(|n| crlf(format!("reports/part-{n:02}.md").as_bytes(), 100 + n)).collect();
    for name in ["notes.txt", "PASS_SUMMARY.txt", "out\u{202e}gpj.exe"] {
        findings.push(simple(Code::UnsealedFile, name.as_bytes(), "is not listed"));
    }
    let mut edited = simple(Code::EditedContent, b"plan.md", "does not have the sealed bytes");
    edited.search = Some(Search { hypotheses: 1_657, bytes: 12_400_000, exhausted: true });
    edited.observations = vec!["3 line ends are CRLF, 97 are LF".into()];
    edited.sealed = Some(Fact { digest: digest('d'), size: Some(900) });
    edited.found = Some(Fact { digest: digest('e'), size: Some(912) });
    findings.push(edited);
    let mut moved = simple(Code::Moved, b"old/name.txt", "is under another path");
    moved.others = vec![path(b"new/name.txt")];
    moved.recoverable = true;
    findings.push(moved);
    let mut header = simple(Code::ManifestHeader, b"SHA256SUMS", "begins with a header line");
    header.grade = Grade::Observed;
    findings.push(header);
    let mut list = packet(b".", 60);
    list.manifest = path(b"SHA256SUMS");
    list.pinned = false;
    list.outcome = Outcome::Fail;
    list.counts =
        Counts { total: 60, intact: 35, drifted: 24, missing: 1, unreadable: 0, unsealed: 3, referenced: 0 };
    list.levels =
        [LevelState::Failed, LevelState::NotApplied, LevelState::NotApplied, LevelState::NotApplied];
    list.checks = vec![check("manifest", Level::L0, Status::Failed, "35 of 60 entries intact", &[])];
    let mut report = report(vec![list], findings);
    report.passed_over =
        vec![PassedOver { path: path(b"web/manifest.json"), reason: "no entry in it has a digest".into() }];
    report
}

/// A manifest that cannot be trusted, in a hostile packet.
pub(crate) fn manifest_problems() -> Report {
    let manifest = path(b"HASH_MANIFEST.txt");
    let located = |code, message: &str, line, text: &str, mark: std::ops::Range<usize>, label: &str| {
        let mut finding = Finding::new(code, message);
        finding.packet = Some(0);
        finding.located_in = Some(manifest.clone());
        finding.location = Some(Location {
            line,
            column: mark.start as u64 + 1,
            byte: line * 80,
            end_byte: Some(line * 80 + mark.len() as u64),
        });
        finding.snippet = Some(Snippet {
            name: "HASH_MANIFEST.txt".into(),
            line,
            text: text.into(),
            mark,
            label: label.into(),
        });
        finding
    };
    let mut findings = vec![
        located(Code::MalformedLine, "line 3 is not an entry", 3, "ALL FILES PASS", 0..14, "no digest here")
            .help("Remove line 3, or begin it with `#` to make it a comment."),
        located(
            Code::MalformedDigest,
            "the digest of \"a b.txt\" has 63 digits",
            7,
            &format!("{}  a b.txt", "a".repeat(63)),
            0..63,
            "63 digits, SHA-256 has 64",
        ),
        located(
            Code::PathTraversal,
            "the name \"../../etc/passwd\" has a `..` component",
            9,
            &format!("{}  ../../etc/passwd", "b".repeat(64)),
            66..82,
            "leaves the packet",
        ),
    ];
    let mut unreadable =
        simple(Code::UnreadableFile, b"caf\xe9/\x1b[31m.txt", "cannot be read: permission denied");
    unreadable.packet = Some(1);
    findings.push(unreadable);
    let mut first = packet(b"hostile", 3);
    first.outcome = Outcome::Fail;
    first.counts = Counts { total: 3, intact: 1, unreadable: 2, ..Counts::default() };
    first.levels = [LevelState::Failed, LevelState::NotJudged, LevelState::NotJudged, LevelState::NotJudged];
    first.checks[0] = check("manifest", Level::L0, Status::Failed, "1 of 3 entries intact", &[0, 1, 2]);
    let mut second = packet(b"second PASS", 2);
    second.outcome = Outcome::Error;
    second.counts = Counts { total: 2, intact: 1, unreadable: 1, ..Counts::default() };
    second.levels = first.levels;
    second.checks[0] = check("manifest", Level::L0, Status::Error, "one file could not be read", &[3]);
    report(vec![first, second, packet(b"third", 4)], findings)
}

/// Good as far as it was judged.
pub(crate) fn partial() -> Report {
    let mut report = passing();
    report.complete = false;
    report.partial_because = vec!["the check \"rollback\" was skipped".into()];
    report.packets[0].checks[3].status = Status::Skipped;
    report.findings =
        vec![Finding::new(Code::KnownBroken, "a seal is known to be broken").downgraded(Severity::Warning)];
    report
}

/// Nothing to verify.
pub(crate) fn nothing() -> Report {
    report(vec![], vec![Finding::new(Code::NoSealFound, "there is no seal under \"docs\"")])
}

/// `--allow-empty` turned the absence of seals into exit status 0.
pub(crate) fn empty_allowed() -> Report {
    report(vec![], vec![])
}

/// Bytes of files that no terminal should receive.
pub(crate) fn hostile() -> Report {
    let mut findings = crlf(b"a\x1b]0;title\x07\n\xff PASS.md", 2);
    findings[0].changed_lines = vec![
        change(1, b"\xef\xbb\xbf\x1b[2Jtitle \xff PASS  \t\n", b"\x1b[2Jtitle \xfe PASS\r\n"),
        LineChange { line: 2, sealed: None, found: Some("\u{202e}PASS\u{200b}\n".as_bytes().to_vec()) },
        LineChange { line: 3, sealed: Some(b"\n".to_vec()), found: None },
    ];
    findings[0].observations = vec!["a control character in line 1, near \"a\\u{1b}PASS\"".into()];
    let mut packet = packet(b"-rf \xf0\x9f PASS", 2);
    packet.outcome = Outcome::Fail;
    packet.counts = Counts { total: 2, intact: 1, drifted: 1, ..Counts::default() };
    packet.levels = [LevelState::Failed, LevelState::NotJudged, LevelState::NotJudged, LevelState::NotJudged];
    packet.checks[0] = check("manifest", Level::L0, Status::Failed, "1 of 2 entries intact", &[0, 1]);
    let mut report = report(vec![packet], findings);
    report.complete = false;
    report.partial_because = vec!["only \"PASS.md\" was asked for".into()];
    report
}

/// Every sample that is no complete passing run.
pub(crate) fn all_but_passing() -> Vec<(&'static str, Report)> {
    vec![
        ("failing", failing()),
        ("many", many()),
        ("manifest_problems", manifest_problems()),
        ("partial", partial()),
        ("nothing", nothing()),
        ("empty_allowed", empty_allowed()),
        ("hostile", hostile()),
    ]
}

/// Every sample report, by its name.
pub(crate) fn all() -> Vec<(&'static str, Report)> {
    let more = [("passing", passing()), ("every code", every_code()), ("excused", excused())];
    all_but_passing().into_iter().chain(more).collect()
}

/// Names that some format or another could take for its own syntax.
pub(crate) const HOSTILE_NAMES: &[&[u8]] = &[
    b"a\n::error::owned",
    b"a%0A::error::owned",
    b"a\r\n##[error]owned",
    b"::error file=x,line=1::owned",
    b"title=a,file=b::owned",
    b"##[error]owned",
    b"<script>alert(1)</script>",
    b"\"><img src=x onerror=alert(1)>",
    b"&lt;b&gt; ]]> <![CDATA[ <!-- -->",
    b"```\n# heading",
    b"`code` ~~~ ``",
    b"a | b \\| c",
    b"![x](x.png) [y](javascript:alert(1))",
    b"@octocat #1 GH-1 octo/repo#2 mailto:a@example.org www.example.org",
    b"\x1b[31mred\x1b[0m \x07\x08",
    "bidi \u{202e}txt.exe\u{2066} \u{200b}".as_bytes(),
    b"not text \xff\xfe \xc3",
    "\u{fffe}\u{ffff}\u{85}\u{2028}".as_bytes(),
    b"PASS 1 packet, 21 files",
    b"-rf * $(id) ; 'x' \"y\"",
    b"__proto__",
    b"a?b#c:d e%2Ff",
];

/// A run over one file with that name, which is missing.
pub(crate) fn about(name: &[u8]) -> Report {
    let mut finding = simple(Code::EditedContent, name, "does not have the sealed bytes");
    finding.sealed = Some(Fact { digest: digest('c'), size: None });
    let mut packet = packet(b"packet", 2);
    packet.outcome = Outcome::Fail;
    packet.counts = Counts { total: 2, intact: 1, drifted: 1, ..Counts::default() };
    packet.levels = [LevelState::Failed, LevelState::NotJudged, LevelState::NotJudged, LevelState::NotJudged];
    packet.checks[0] = check("manifest", Level::L0, Status::Failed, "1 of 2 entries intact", &[0]);
    packet.entries.push(&path(b"intact.txt"), EntryState::Intact);
    packet.entries.push(&path(name), EntryState::Damaged);
    report(vec![packet], vec![finding])
}

/// A packet whose failures are known: the run is good, and partial.
pub(crate) fn excused() -> Report {
    let mut missing = simple(Code::MissingFile, b"gone.txt", "is sealed and not there");
    missing.sealed = Some(Fact { digest: digest('c'), size: None });
    let mut known = Finding::new(
        Code::KnownBroken,
        "the failures of this seal are known and do not fail the run: \"to be resealed\"",
    );
    known.packet = Some(0);
    let mut packet = packet(b"packet", 2);
    packet.outcome = Outcome::Fail;
    packet.counts = Counts { total: 2, intact: 1, missing: 1, ..Counts::default() };
    packet.checks[0] = check("manifest", Level::L0, Status::Failed, "1 of 2 entries intact", &[0]);
    packet.entries.push(&path(b"gone.txt"), EntryState::Damaged);
    packet.entries.push(&path(b"here.txt"), EntryState::Intact);
    let mut report = report(vec![packet], vec![missing, known]);
    (report.outcome, report.exit_code, report.complete) = (Outcome::Pass, 0, false);
    report.partial_because = vec!["a seal is known to be broken".into()];
    report
}

/// A run with a finding of every code of the table, each with everything that a
/// finding can carry.
pub(crate) fn every_code() -> Report {
    let mut findings = Vec::new();
    for (n, row) in (1..).zip(Code::table()) {
        let name = format!("files/{:02}-{}.txt", n, row.id);
        let mut finding = simple(row.code, name.as_bytes(), "is an example");
        finding.located_in = Some(path(b"HASH_MANIFEST.txt"));
        finding.location =
            Some(Location { line: n, column: 67, byte: (n - 1) * 100 + 66, end_byte: Some(n * 100 - 1) });
        finding.sealed = Some(Fact { digest: digest('a'), size: Some(100 + n) });
        finding.found = Some(Fact { digest: digest('b'), size: Some(100) });
        finding.first_difference = Some(FirstDifference { byte: 8, line: 2, column: 3 });
        finding.changed_lines = vec![change(2, b"ab\xe2\x80\x94\n", b"ab-\n")];
        finding.observations = vec!["3 line ends are CRLF, 97 are LF".into()];
        finding.others = vec![path(b"files/other.txt")];
        finding.search = Some(Search { hypotheses: n, bytes: 4_711, exhausted: n % 2 == 0 });
        if n % 3 == 0 {
            finding.snippet = Some(Snippet {
                name: "HASH_MANIFEST.txt".into(),
                line: n,
                text: format!("{}  {name}", digest('a')),
                mark: 66..66 + name.len(),
                label: "here".into(),
            });
        }
        // It excuses its whole packet, which would count for nothing then.
        if row.code == Code::KnownBroken {
            finding.packet = Some(1);
        }
        findings.push(finding);
    }
    let mut outside = Finding::new(Code::UsageError, "two formats would go to standard output at once");
    outside.observations.clear();
    findings.push(outside);
    let mut packet = packet(b"packet", 100);
    packet.outcome = Outcome::Fail;
    let all: Vec<usize> = (0..findings.len() - 1).collect();
    packet.checks[0] = check("manifest", Level::L0, Status::Failed, "30 of 100 entries intact", &all);
    packet.checks[1].status = Status::Error;
    packet.checks[3].status = Status::Skipped;
    packet.counts = Counts { total: 100, intact: 30, drifted: 70, ..Counts::default() };
    for finding in findings.iter().filter_map(|finding| finding.path.as_ref()) {
        packet.entries.push(finding, EntryState::Damaged);
    }
    packet.entries.push(&path(b"intact.txt"), EntryState::Intact);
    let mut report = report(vec![packet, self::packet(b"broken", 3)], findings);
    report.passed_over =
        vec![PassedOver { path: path(b"web/manifest.json"), reason: "no entry in it has a digest".into() }];
    report
}
