//! Tars, plain and compressed.

use super::make::{Tar, gzip, sealed, zstd};
use super::*;

fn two() -> Tar {
    Tar::new().file("in/a", b"first").file("in/b", &b"second ".repeat(99))
}

fn pax(records: &[&str]) -> Vec<u8> {
    let one = |record: &&str| {
        let body = record.len() + 2;
        let length = (body + 1..body + 9).find(|n| n.to_string().len() + body == *n).unwrap();
        format!("{length} {record}\n")
    };
    records.iter().map(one).collect::<String>().into_bytes()
}

#[test]
fn plain_and_compressed_tars_hold_the_same() {
    let tar = two().member("in/", b'5', b"", b"").member("./", b'5', b"", b"").build();
    for bytes in [tar.clone(), gzip(&tar), zstd(&tar)] {
        assert_eq!(listed(&bytes), ["in/a file", "in/b file"]);
        let files = list(&bytes).unwrap();
        assert_eq!(read(&files, "in/b").unwrap(), b"second ".repeat(99));
        assert_eq!(read(&files, "in/a").unwrap(), b"first");
    }
    // As `pigz` and `cat` write them.
    let (front, back) = tar.split_at(700);
    let skippable = [&b"\x50\x2a\x4d\x18\x03\0\0\0abc"[..], &zstd(front), &zstd(back)].concat();
    for bytes in [[gzip(front), gzip(back)].concat(), skippable] {
        assert_eq!(read(&list(&bytes).unwrap(), "in/b").unwrap(), b"second ".repeat(99));
    }
}

#[test]
fn long_names_come_from_extended_headers() {
    let long = "d/".repeat(150) + "file";
    let by_pax = Tar::new()
        .member("x", b'x', b"", &pax(&[&format!("path={long}"), "mtime=1.5", "comment=a=b"]))
        .file("short", b"bytes");
    let by_gnu =
        Tar::new().member("././@LongLink", b'L', b"", format!("{long}\0").as_bytes()).file("d/d", b"bytes");
    for tar in [by_pax, by_gnu] {
        assert_eq!(read(&list(&tar.build()).unwrap(), &long).unwrap(), b"bytes");
    }
    let global = Tar::new().member("g", b'g', b"", &pax(&["comment=4f2c1aa"])).file("a", b"x").build();
    assert_eq!(listed(&global), ["a file"]);
    let mut block = [0; 512];
    block[..4].copy_from_slice(b"name");
    block[124..136].copy_from_slice(b"00000000000\0");
    block[156] = b'0';
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[345..351].copy_from_slice(b"prefix");
    let prefixed = Tar(sealed(block).to_vec()).build();
    assert_eq!(listed(&prefixed), ["prefix/name file"]);
}

/// One reader took the length of the plain header and found entries in the data.
#[test]
fn a_length_in_an_extended_header_was_not_believed() {
    let hidden = Tar::new().file("hidden", b"evil").0;
    let tar = Tar::new()
        .member("x", b'x', b"", &pax(&[&format!("size={}", hidden.len())]))
        .raw(b"outer", b'0', b"", b"00000000000\0", &hidden)
        .build();
    assert_eq!(listed(&tar), ["outer file"]);
    assert_eq!(read(&list(&tar).unwrap(), "outer").unwrap(), hidden);
}

#[test]
fn kinds_are_told_and_hard_links_are_earlier_files() {
    let tar = two()
        .member("same", b'1', b"in/a", b"")
        .member("again", b'1', b"./same", b"")
        .member("link", b'2', b"../secret", b"")
        .member("tty", b'3', b"", b"")
        .member("disk", b'4', b"", b"")
        .member("pipe", b'6', b"", b"")
        .member("holes", b'S', b"", b"data")
        .member("x", b'x', b"", &pax(&["path=made/up", "GNU.sparse.name=gaps"]))
        .file("made/up", b"map")
        .member("label", b'V', b"", b"")
        .build();
    let want = [
        "again file",
        "disk device",
        "gaps sparse file",
        "holes sparse file",
        "in/a file",
        "in/b file",
        "link link",
        "pipe FIFO",
        "same file",
        "tty device",
    ];
    assert_eq!(listed(&tar), want);
    let files = list(&gzip(&tar)).unwrap();
    assert_eq!(read(&files, "again").unwrap(), b"first");
    assert_eq!(read(&files, "link"), Err(Refusal::Symlink { target: Some(b"../secret".to_vec()) }));
    for target in ["none", "link", "later", "/in/a", "../a"] {
        let tar = two().member("link", b'2', b"in/a", b"").member("hard", b'1', target.as_bytes(), b"");
        let why = refused(&tar.file("later", b"").build());
        assert!(why.contains("hard link") || why.contains("is refused"), "{target}: {why}");
    }
    assert!(refused(&two().member("odd", b'Z', b"", b"").build()).contains("not known here"));
}

#[test]
fn names_that_leave_or_are_there_twice_are_refused() {
    for name in ["../a", "/a", "a/../b", "a\\b", "C:a", "a//b", "x/.."] {
        let why = refused(&two().file(name, b"x").build());
        assert!(why.starts_with("the entry \"") && why.contains("is refused"), "{name:?}: {why}");
        let folder = refused(&two().member(name, b'5', b"", b"").build());
        assert!(folder.contains("is refused"), "{folder}");
    }
    assert!(refused(&two().file("./in/a", b"x").build()).contains("is there twice"));
    assert!(refused(&two().file("in", b"x").build()).contains("is a file and a folder"));
    assert!(refused(&two().file("f/", b"x").build()).contains("folder with content"));
}

#[test]
fn what_goes_on_or_breaks_off_is_refused() {
    let tar = two().build();
    for cut in (1..tar.len()).step_by(64).chain([tar.len() - 1, tar.len() - 512, tar.len() - 1024]) {
        assert!(list_as("a.tar", &tar[..cut], None).is_err(), "{cut}");
    }
    for packed in [gzip(&tar), zstd(&tar)] {
        for cut in (1..packed.len()).chain([packed.len() - 1]) {
            let cut = list_as("a.tgz", &packed[..cut], None);
            assert!(cut.is_err());
        }
        assert!(list(&[&packed[..], b"\nmore"].concat()).is_err());
        let more = [&packed[..], &gzip(b"more")].concat();
        assert!(list(&more).is_err(), "another member behind the end");
    }
    // Tape drives write whole records.
    assert!(list(&[&tar[..], &[0; 10_000]].concat()).is_ok());
    assert!(refused(&[&tar[..], &[0; 9], b"x"].concat()).contains("goes on behind its end"));
    let mut changed = tar.clone();
    changed[513 + 512] ^= 1;
    assert!(refused(&changed).contains("header in it is broken"));
}

#[test]
fn extended_headers_are_bounded_and_sound() {
    let huge = Tar::new().member("x", b'x', b"", &vec![b'x'; (1 << 20) + 1]).file("a", b"");
    assert!(refused(&huge.build()).contains("too long"));
    let broken = Tar::new().member("x", b'x', b"", b"99 path=a\n").file("a", b"");
    assert!(refused(&broken.build()).contains("broken"));
    let global = Tar::new().member("g", b'g', b"", &pax(&["path=evil"])).file("a", b"");
    assert!(refused(&global.build()).contains("every following entry"));
    let last = two().member("x", b'x', b"", &pax(&["path=evil"]));
    assert!(refused(&last.build()).contains("at its end"));
    // A length that is said and not there reserves nothing.
    let liar = Tar::new().raw(b"x", b'L', b"", b"00003777777\0", b"").build();
    assert!(list(&liar).is_err());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
    #[test]
    fn no_bytes_break_it(at in 0usize..3000, byte in proptest::num::u8::ANY, packed in 0usize..3) {
        let tar = two().member("x", b'x', b"", &pax(&["path=abc"])).file("c", b"x").build();
        let mut bytes = [tar.clone(), gzip(&tar), zstd(&tar)][packed].clone();
        let length = bytes.len();
        bytes[at % length] = byte;
        if let Ok(Some(files)) = list_as("a", &bytes, Some(1 << 20)) {
            for listed in files.list(&BytePath::root()).unwrap() {
                let _ = files.folder(&BytePath::root()).unwrap().read(&listed.path, Links::Refuse, 1 << 20);
            }
        }
    }
}
