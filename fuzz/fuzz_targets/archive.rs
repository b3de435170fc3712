#![no_main]
//! Archives of any kind: whatever is listed can be opened, and stays inside.

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use seal::path::BytePath;
use seal::source::archive::Archive;
use seal::source::{Kind, Links, Source as _};

/// Archives are read from files; each process has its own.
static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("seal-fuzz-{}.zip", std::process::id())));

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("the temporary folder can be written to");
    let Ok(Some(archive)) = Archive::recognize(&FILE, Some(1 << 22)) else { return };
    let Ok(files) = archive.list() else { return };
    let root = BytePath::root();
    let listed = files.list(&root).expect("the root is there");
    assert!(listed.is_sorted());
    let folder = files.folder(&root).expect("the root is there");
    for listed in listed {
        assert!(listed.path.components().all(|part| !matches!(part, b"." | b"..")));
        let read = folder.read(&listed.path, Links::Refuse, 1 << 22);
        assert!(listed.kind == Kind::File || read.is_err());
        let _ = folder.read(&listed.path, Links::FollowInside, 1 << 22);
    }
});
