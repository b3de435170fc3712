//! A packet in memory: its files, how a case changes them, and how it is written.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::packet::sha256;

/// A packet in memory.
#[derive(Clone, Default)]
pub(crate) struct Sample {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Kept elsewhere: sealed and not here.
    pub(super) elsewhere: Vec<String>,
    /// Here, and not sealed.
    unsealed: Vec<String>,
}

impl Sample {
    pub(crate) fn file(&mut self, name: &str, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.files.insert(name.to_owned(), bytes.as_ref().to_vec());
        self
    }

    pub(crate) fn json(&mut self, name: &str, document: &Value) -> &mut Self {
        self.file(name, serde_json::to_string_pretty(document).unwrap() + "\n")
    }

    /// A document as it is now.
    pub(crate) fn document(&self, name: &str) -> Value {
        serde_json::from_slice(&self.files[name]).unwrap()
    }

    /// Changes the value at a pointer of a document.
    pub(crate) fn set(&mut self, name: &str, pointer: &str, value: Value) -> &mut Self {
        let mut document = self.document(name);
        *document.pointer_mut(pointer).unwrap() = value;
        self.json(name, &document)
    }

    /// Takes the member or item at a pointer out of a document.
    pub(crate) fn take(&mut self, name: &str, pointer: &str) -> &mut Self {
        let mut document = self.document(name);
        let (holder, key) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(holder).unwrap() {
            Value::Object(map) => drop(map.remove(key).unwrap()),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            other => panic!("{other} holds nothing"),
        }
        self.json(name, &document)
    }

    /// Replaces a text of a file, which must be there.
    pub(crate) fn replace(&mut self, name: &str, from: &str, to: &str) -> &mut Self {
        let text = String::from_utf8(self.files[name].clone()).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}");
        self.file(name, text.replacen(from, to, 1))
    }

    /// Only these files of it.
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        let mut sample = self.clone();
        sample.files.retain(|name, _| names.contains(&name.as_str()));
        sample
    }

    /// Keeps a file out of the seal.
    pub(crate) fn unseal(&mut self, name: &str) -> &mut Self {
        self.unsealed.push(name.to_owned());
        self
    }

    /// The packet's own list of its files; the list itself is not in it.
    pub(crate) fn listed(&mut self, packet: &str, by_reference: &[&str]) -> &mut Self {
        let row = |(name, bytes): (&String, &Vec<u8>)| {
            json!({
                "path": name, "sha256": sha256(bytes),
                "role": if name.contains(".json") { "evidence" } else { "support" },
                "by_reference": by_reference.contains(&name.as_str()),
            })
        };
        let others = self.files.iter().filter(|(name, _)| *name != "manifest.json");
        let files: Vec<Value> = others.map(row).collect();
        let list = json!({
            "packet": packet, "authority": "none", "may_gate": false, "decision_effect": "NONE",
            "levels_targeted": ["L0", "L1", "L2"], "files": files, "raw_evidence": [],
        });
        self.json("manifest.json", &list)
    }

    /// The same packet in a place that lacks what is kept elsewhere.
    pub(super) fn mirror(&self, elsewhere: &[&str]) -> Self {
        let mut mirror = self.clone();
        mirror.elsewhere = elsewhere.iter().map(|&name| name.to_owned()).collect();
        mirror
    }

    /// Writes the packet with its manifest and pin.
    pub(crate) fn write(&self, folder: &Path) {
        let sealed = self.files.iter().filter(|(name, _)| !self.unsealed.contains(name));
        let lines: Vec<String> = sealed.map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes))).collect();
        let manifest = lines.concat();
        let seals = [
            ("HASH_MANIFEST.txt".to_owned(), manifest.clone().into_bytes()),
            ("packet_tree.sha256".to_owned(), format!("{}\n", sha256(manifest.as_bytes())).into_bytes()),
        ];
        let here = self.files.clone().into_iter().filter(|(name, _)| !self.elsewhere.contains(name));
        for (name, bytes) in here.chain(seals) {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}
