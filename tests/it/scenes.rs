//! Cases that cannot be stored: links, devices, repositories, names that some
//! file system refuses, races.

use crate::packet::{Packet, Place, sha256};
use crate::program::Verified;

/// A place, and what is run in it.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) args: Vec<String>,
    pub(crate) place: Place,
}

impl Scene {
    pub(crate) fn new(name: &'static str, place: Place, args: &[&str]) -> Self {
        Self { name, place, args: args.iter().map(|&arg| arg.to_owned()).collect() }
    }

    /// Runs it for its JSON report.
    pub(crate) fn verify(&self) -> Verified {
        Verified::of(&self.place.seal(self.args.iter().map(String::as_str).chain(["--output", "json"])))
    }
}

/// Every scene, made anew.
pub(crate) fn all() -> Vec<Scene> {
    let nowhere = format!("no-such-folder={}", sha256(b""));
    let mut all = vec![
        Scene::new("path_unreadable", Place::new(), &["verify", "no-such-folder"]),
        Scene::new("usage_error", Packet::new().build(), &["verify", "packet", "--expect-tree", &nowhere]),
        inferred_root(),
        ambiguous_root(),
        collision(),
        Scene::new("partial file", Packet::new().build(), &["verify", "packet/README.md"]),
        Scene::new("allow empty", Place::new(), &["verify", ".", "--allow-empty"]),
    ];
    all.push(secret_material());
    all.extend(crate::layers::scenes());
    all.extend(crate::base::scenes());
    all.extend(crate::shards::scenes());
    all.extend(crate::selftest::scenes());
    #[cfg(unix)]
    all.extend(unix::all());
    all
}

/// Put together here: no scanner shall stop at a key in this repository.
pub(crate) fn secret_material() -> Scene {
    let key = ["-----BEGIN ", "OPENSSH PRIVATE", " KEY-----\nb3BlbnNzaC1rZXktdjEA\n"].concat();
    let place = Packet::new().file("notes/access.md", format!("# Access\n\n{key}")).build();
    Scene::new("secret_material", place, &["verify", "packet"])
}

fn inferred_root() -> Scene {
    let place = Packet::new().list("SHA256SUMS").root("").build();
    place.init().rename("SHA256SUMS", "release/SHA256SUMS");
    Scene::new("root_inferred", place, &["verify", "."])
}

fn ambiguous_root() -> Scene {
    let place = inferred_root().place;
    place.rename("README.md", "release/README.md");
    Scene::new("root_ambiguous", place, &["verify", "."])
}

fn collision() -> Scene {
    // Only the list holds both names: a file system may hold one file for them.
    let text = Packet::new().text();
    let twin = format!("{}  readme.md\n", sha256(b"another"));
    let place = Packet::new().list("SHA256SUMS").manifest(text + &twin).build();
    Scene::new("portability_collision", place, &["verify", "packet"])
}

/// A folder stands where the manifest is to be written.
pub(crate) fn not_written() -> Scene {
    let place = Packet::new().build();
    place.remove("packet/HASH_MANIFEST.txt").write("packet/HASH_MANIFEST.txt/in the way", "");
    Scene::new("not_written", place, &["create", "packet"])
}

/// A folder whose files went through a checkout with CRLF is sealed again.
pub(crate) fn reseal_over_drift() -> Scene {
    let place = Packet::new().build();
    place.edit("packet/README.md", |text| text.replace('\n', "\r\n"));
    Scene::new("reseal_over_drift", place, &["create", "packet"])
}

#[cfg(unix)]
pub(crate) use unix::{changed_while_read, fifo};

#[cfg(unix)]
mod unix {
    use std::io::{Seek as _, Write as _};
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::{Packet, Scene, Verified, sha256};
    use crate::packet::EVIDENCE;

    pub(super) fn all() -> Vec<Scene> {
        vec![link(), sealed_link(), unreadable(), pipe()]
    }

    fn link() -> Scene {
        let place = Packet::new().build();
        place.rename("packet/README.md", "outside.md");
        symlink("../outside.md", place.at("packet/README.md")).unwrap();
        Scene::new("symlink_entry", place, &["verify", "packet"])
    }

    /// Sealed from a checkout without links, which holds their texts as files.
    fn sealed_link() -> Scene {
        let place = Packet::new().file("latest.md", "reports/summary.md").build();
        place.remove("packet/latest.md");
        symlink("reports/summary.md", place.at("packet/latest.md")).unwrap();
        Scene::new("symlink_as_file", place, &["verify", "packet"])
    }

    /// What the system lists as a file and nobody can read at its beginning.
    #[cfg(target_os = "linux")]
    fn unreadable() -> Scene {
        let place = Packet::empty().list("SHA256SUMS").manifest(format!("{}  mem\n", sha256(b""))).build();
        let args = ["verify", "--manifest", "packet/SHA256SUMS", "--root", "/proc/self"];
        Scene::new("unreadable_file", place, &args)
    }

    #[cfg(not(target_os = "linux"))]
    fn unreadable() -> Scene {
        use std::os::unix::fs::PermissionsExt;
        let place = Packet::new().build();
        let nobody = std::fs::Permissions::from_mode(0);
        std::fs::set_permissions(place.at("packet/README.md"), nobody).unwrap();
        Scene::new("unreadable_file", place, &["verify", "packet"])
    }

    fn pipe() -> Scene {
        let place = Packet::new().build();
        place.remove("packet/README.md");
        fifo(&place.at("packet/README.md"));
        Scene::new("not_a_regular_file", place, &["verify", "packet"])
    }

    /// Makes a named pipe.
    pub(crate) fn fifo(at: &Path) {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        mknodat(CWD, at, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    }

    /// A large file that is written to without pause while it is read. The race is
    /// run until the reader sees it, which it does at once unless it is never scheduled.
    pub(crate) fn changed_while_read() -> Verified {
        let (name, content) = EVIDENCE[0];
        let place = Packet::empty().file(name, content).build();
        let path = place.at("packet").join(name);
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(32 << 20).unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let _stop = Stop(&done);
            scope.spawn(|| {
                let mut file = file;
                while !done.load(Ordering::Relaxed) {
                    file.rewind().unwrap();
                    file.write_all(b"x").unwrap();
                    std::thread::yield_now();
                }
            });
            let seen = (0..20).find_map(|_| {
                let report = place.verify(["packet"]);
                report.findings().iter().any(|f| f.starts_with("changed_while_read")).then_some(report)
            });
            seen.unwrap_or_else(|| panic!("twenty readers saw no change"))
        })
    }

    /// Says that it is over, also when a test fails.
    struct Stop<'a>(&'a AtomicBool);

    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}
