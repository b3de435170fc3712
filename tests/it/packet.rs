//! Temporary packets and repositories.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::program::{self, Ran, Verified};

/// SHA-256 in hexadecimal, computed without the program.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A small evidence packet with em dashes: name and content.
pub(crate) const EVIDENCE: [(&str, &str); 4] = [
    (
        "README.md",
        "# Rehearsal 0057\n\nThe change \u{2014} a wider column \u{2014} was taken back exactly.\n\
         Nothing here touched production \u{2014} each run used a clone.\n",
    ),
    (
        "decision.json",
        "{\n  \"default_decision\": \"HOLD\",\n  \"note\": \"It proves the way back \u{2014} it grants nothing.\"\n}\n",
    ),
    (
        "reports/summary.md",
        "# Summary\n\n- rows before: 4 711\n- rows after: 4 711 + 12 \u{2014} the split\n",
    ),
    ("scripts/run.sh", "#!/bin/sh\n# Each gate is safe \u{2014} on a clone.\nset -eu\n"),
];

/// A folder of its own, outside of any repository, gone when dropped.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::Builder::new().prefix("seal-it-").tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    pub(crate) fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        std::fs::read(self.at(name)).unwrap()
    }

    pub(crate) fn remove(&self, name: impl AsRef<Path>) -> &Self {
        std::fs::remove_file(self.at(name)).unwrap();
        self
    }

    pub(crate) fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> &Self {
        let to = self.at(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(self.at(from), to).unwrap();
        self
    }

    /// Replaces a file's text by what `change` makes of it, which must be another.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, change: impl FnOnce(&str) -> String) -> &Self {
        let before = String::from_utf8(self.read(name)).unwrap();
        let after = change(&before);
        assert_ne!(before, after, "the edit changes nothing");
        self.write(name, after)
    }

    /// Runs `seal` here.
    #[track_caller]
    pub(crate) fn seal<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        program::run(self.path(), arguments)
    }

    /// Runs `seal verify --output json` here.
    #[track_caller]
    pub(crate) fn verify<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Verified {
        program::verify(self.path(), arguments)
    }

    /// Makes this folder a repository, without anything of the user's.
    pub(crate) fn init(&self) -> &Self {
        self.git(["init", "--quiet", "--initial-branch=main"])
    }

    #[track_caller]
    pub(crate) fn git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> &Self {
        self.git_says(arguments);
        self
    }

    /// Adds everything and commits it.
    #[track_caller]
    pub(crate) fn commit(&self, subject: &str) -> &Self {
        self.git(["add", "--all", "."]).git(["commit", "--quiet", "--allow-empty", "--message", subject])
    }

    /// A clone of this repository in a place of its own.
    #[track_caller]
    pub(crate) fn clone_with(&self, options: &[&str]) -> Self {
        let clone = Self::new();
        let source = format!("file://{}", self.path().display());
        clone.git([&["clone", "--quiet"], options, &[source.as_str(), "."]].concat());
        clone
    }

    /// Runs git here and gives what it says, without the line end.
    #[track_caller]
    pub(crate) fn git_says<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let mut command = Command::new("git");
        self.isolate(&mut command);
        let ran = program::finish(command.current_dir(self.path()).args(arguments)).exits(0);
        ran.out.trim_end().to_owned()
    }

    /// Leaves git nothing of the user's, and gives it an author and a time.
    pub(crate) fn isolate(&self, command: &mut Command) {
        program::scrub(command, self.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", self.at("no-such-file"));
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Ina Test")
                .env(format!("GIT_{who}_EMAIL"), "ina@example.org");
            command.env(format!("GIT_{who}_DATE"), "2026-06-14T12:00:00Z");
        }
    }
}

/// A packet to be made: files, and how they are sealed.
pub(crate) struct Packet {
    root: &'static str,
    files: BTreeMap<String, Vec<u8>>,
    manifest_name: &'static str,
    manifest: Option<Vec<u8>>,
    sized: bool,
    pin: Pin,
}

enum Pin {
    Of,
    None,
    Raw(Vec<u8>),
}

impl Packet {
    /// The evidence packet, in the folder `packet`.
    pub(crate) fn new() -> Self {
        let mut packet = Self::empty();
        for (name, content) in EVIDENCE {
            packet = packet.file(name, content);
        }
        packet
    }

    /// A packet without files.
    pub(crate) fn empty() -> Self {
        Self {
            root: "packet",
            files: BTreeMap::new(),
            manifest_name: "HASH_MANIFEST.txt",
            manifest: None,
            sized: false,
            pin: Pin::Of,
        }
    }

    /// A list of this name without a pin.
    pub(crate) fn list(mut self, name: &'static str) -> Self {
        self.manifest_name = name;
        self.pin = Pin::None;
        self
    }

    /// Somewhere else than in `packet`; empty for the place itself.
    pub(crate) fn root(mut self, root: &'static str) -> Self {
        self.root = root;
        self
    }

    pub(crate) fn file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.insert(name.to_owned(), content.as_ref().to_vec());
        self
    }

    /// Writes lengths into the manifest.
    pub(crate) fn sized(mut self) -> Self {
        self.sized = true;
        self
    }

    /// These very bytes as the manifest.
    pub(crate) fn manifest(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.manifest = Some(bytes.as_ref().to_vec());
        self
    }

    /// The manifest made anew from the text it would have.
    pub(crate) fn manifest_from(self, change: impl FnOnce(String) -> Vec<u8>) -> Self {
        let text = self.text();
        self.manifest(change(text))
    }

    /// These very bytes as the pin.
    pub(crate) fn pin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.pin = Pin::Raw(bytes.as_ref().to_vec());
        self
    }

    /// The manifest's text as a checksum tool would write it.
    pub(crate) fn text(&self) -> String {
        let line = |(name, content): (&String, &Vec<u8>)| {
            let digest = sha256(content);
            if self.sized {
                format!("{digest} {} {name}\n", content.len())
            } else {
                format!("{digest}  {name}\n")
            }
        };
        self.files.iter().map(line).collect()
    }

    /// The tree it will have.
    pub(crate) fn tree(&self) -> String {
        sha256(&self.bytes())
    }

    fn bytes(&self) -> Vec<u8> {
        self.manifest.clone().unwrap_or_else(|| self.text().into_bytes())
    }

    pub(crate) fn build(&self) -> Place {
        let place = Place::new();
        self.build_in(&place);
        place
    }

    pub(crate) fn build_in(&self, place: &Place) {
        let root = Path::new(self.root);
        for (name, content) in &self.files {
            place.write(root.join(name), content);
        }
        let manifest = self.bytes();
        place.write(root.join(self.manifest_name), &manifest);
        match &self.pin {
            Pin::Of => place.write(root.join("packet_tree.sha256"), format!("{}\n", sha256(&manifest))),
            Pin::Raw(bytes) => place.write(root.join("packet_tree.sha256"), bytes),
            Pin::None => place,
        };
    }
}
