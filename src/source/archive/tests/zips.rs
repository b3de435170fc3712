//! Zips.

use super::make::Zip;
use super::*;

fn two() -> Zip {
    Zip::new().file("in/a", b"first").deflated("in/b", &b"second ".repeat(99))
}

#[test]
fn stored_and_deflated_entries_are_read_and_folders_are_none() {
    let zip = two().file("in/", b"").with(|e| e.mode = 0o040_755).file("in/none", b"").build();
    assert_eq!(listed(&zip), ["in/a file", "in/b file", "in/none file"]);
    let files = list(&zip).unwrap();
    assert_eq!(read(&files, "in/a").unwrap(), b"first");
    assert_eq!(read(&files, "in/b").unwrap(), b"second ".repeat(99));
    assert_eq!(read(&files, "in/none").unwrap(), b"");
    let mut comment = two();
    comment.comment = b"a comment".to_vec();
    assert_eq!(listed(&comment.build()).len(), 2);
    assert_eq!(listed(&Zip::new().build()), Vec::<String>::new());
    let mut large = two();
    large.large = true;
    assert_eq!(listed(&large.build()).len(), 2);
}

#[test]
fn lengths_behind_the_data_are_compared_too() {
    let streamed = two().with(|e| e.flags = 8).file("c", b"").with(|e| e.flags = 8);
    assert_eq!(listed(&streamed.build()).len(), 3);
    // As `zip -r -` writes it.
    let ahead = two().with(|e| (e.flags, e.sized_ahead) = (8, true)).build();
    assert_eq!(read(&list(&ahead).unwrap(), "in/b").unwrap(), b"second ".repeat(99));
    let mut wrong = streamed.build();
    let at = memchr::memmem::rfind(&wrong, b"PK\x07\x08").unwrap() + 4;
    wrong[at] ^= 1;
    assert!(refused(&wrong).contains("behind its data"));
}

#[test]
fn links_and_devices_are_what_their_mode_says() {
    let zip = Zip::new()
        .file("link", b"../secret")
        .with(|e| e.mode = 0o120_777)
        .file("pipe", b"")
        .with(|e| e.mode = 0o010_644)
        .file("tty", b"")
        .with(|e| e.mode = 0o020_644)
        .file("dos", b"x")
        .with(|e| e.mode = 0);
    assert_eq!(listed(&zip.build()), ["dos file", "link link", "pipe FIFO", "tty device"]);
    let files = list(&zip.build()).unwrap();
    assert_eq!(read(&files, "link"), Err(Refusal::Symlink { target: Some(b"../secret".to_vec()) }));
    assert_eq!(read(&files, "pipe"), Err(Refusal::NotRegular("FIFO")));
}

#[test]
fn names_that_leave_or_can_be_read_in_two_ways_are_refused() {
    for name in ["../a", "/a", "a/../b", "a\\b", "C:a", "C:\\a", "a//b", "a\0b", "", "./../a", "\\\\host\\a"]
    {
        let why = refused(&two().file(name, b"x").build());
        assert!(why.starts_with("the entry \""), "{name:?}: {why}");
    }
    assert!(refused(&two().file("in/a", b"x").build()).contains("is there twice"));
    assert!(refused(&two().file("./in/a", b"x").build()).contains("is there twice"));
    assert!(refused(&two().file("in", b"x").build()).contains("is a file and a folder"));
    assert!(refused(&two().file("in/a/b", b"x").build()).contains("is a file and a folder"));
    assert!(refused(&two().file("folder/", b"x").build()).contains("folder with content"));
    let other = two().with(|e| e.local_name = b"in/c".to_vec()).build();
    assert!(refused(&other).contains("another name in its local header"));
    let unicode = [&b"\x75\x70\x09\0\x01\0\0\0\0"[..], b"evil"].concat();
    assert!(refused(&two().with(|e| e.extra = unicode).build()).contains("two names"));
}

#[test]
fn methods_that_are_not_read_are_named() {
    for (method, name) in
        [(9, "Deflate64"), (12, "bzip2"), (14, "LZMA"), (93, "Zstandard"), (77, "method 77")]
    {
        let why = refused(&two().with(|e| e.method = method).build());
        assert!(why.contains(name), "{why}");
    }
    assert!(refused(&two().with(|e| e.flags = 1).build()).contains("is encrypted"));
    assert!(refused(&two().with(|e| e.flags = 1 << 5).build()).contains("patch"));
    assert!(refused(&two().file("c", b"xyz").with(|e| e.size = 4).build()).contains("two lengths"));
}

#[test]
fn entries_follow_one_another_without_gap_and_overlap() {
    let gap = two().with(|e| e.behind = b"hidden".to_vec());
    assert!(refused(&gap.build()).contains("belong to no entry"));
    let gap = gap.file("c", b"");
    assert!(refused(&gap.build()).contains("comes after bytes of no entry"));
    assert!(refused(&[b"prefix", &two().build()[..]].concat()).contains("no such archive"));
    let same = two().file("c", b"").with(|e| e.shift = -30 - 1);
    assert!(refused(&same.build()).contains("overlaps"));
    let mut count = two();
    count.count = Some(1);
    assert!(refused(&count.build()).contains("another number of entries"));
}

/// All entries of such an archive share one kernel of compressed bytes.
#[test]
fn entries_over_the_same_bytes_were_a_bomb() {
    let zip = two().build();
    let central = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    let end = memchr::memmem::find(&zip, b"PK\x05\x06").unwrap();
    let record = &zip[central..end];
    let first = &record[..46 + 4];
    let mut twice = first.to_vec();
    twice[46..50].copy_from_slice(b"in/c");
    let directory = [first, &twice, &record[first.len()..]].concat();
    let mut tail = zip[end..].to_vec();
    tail[8] = 3;
    tail[10] = 3;
    tail[12..16].copy_from_slice(&u32::try_from(directory.len()).unwrap().to_le_bytes());
    assert!(refused(&[&zip[..central], &directory, &tail].concat()).contains("overlaps"));
}

#[test]
fn what_goes_on_breaks_off_or_has_two_ends_is_refused() {
    let zip = two().build();
    for cut in 1..zip.len() {
        assert!(list_as("a.zip", &zip[..cut], None).is_err(), "{cut}");
    }
    assert!(refused(&[&zip[..], b"\n"].concat()).contains("goes on behind its end"));
    let mut nested = two();
    nested.comment = Zip::new().build();
    assert!(refused(&nested.build()).contains("two ends"));
    let mut large = two();
    large.large = true;
    let large = large.build();
    let at = memchr::memmem::find(&large, b"PK\x06\x06").unwrap();
    for byte in at..large.len() {
        let mut changed = large.clone();
        changed[byte] ^= 1;
        // Versions, and the total number of disks, have no meaning here.
        let meaningless = (at + 12..at + 16).contains(&byte) || byte == at + 56 + 16;
        assert_eq!(list_as("a.zip", &changed, None).is_err(), !meaningless, "{}", byte - at);
    }
}

#[test]
fn bytes_other_than_the_archive_says_are_an_error_of_reading() {
    let why = |zip: &Zip| match read(&list(&zip.build()).unwrap(), "in/b") {
        Err(Refusal::Io(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(why(&two().with(|e| e.crc ^= 1)).contains("checksum"));
    assert!(why(&two().with(|e| e.size += 1)).contains("end of file"));
    assert!(why(&two().with(|e| e.size -= 1)).contains("longer"));
    assert!(why(&two().with(|e| e.data.push(0))).contains("longer"));
    assert!(!why(&two().with(|e| e.data[5] ^= 0xff)).is_empty());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
    #[test]
    fn no_bytes_break_it(at in 0usize..400, byte in proptest::num::u8::ANY, cut in 0usize..500, large in proptest::bool::ANY) {
        let mut zip = two();
        zip.large = large;
        let mut bytes = zip.build();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length.saturating_sub(cut / 20).max(1));
        if let Ok(Some(files)) = list_as("a", &bytes, Some(1 << 20)) {
            for listed in files.list(&BytePath::root()).unwrap() {
                let _ = files.folder(&BytePath::root()).unwrap().read(&listed.path, Links::Refuse, 1 << 20);
            }
        }
    }
}
