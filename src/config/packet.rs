//! Reading `[[packet]]`.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::keys::Section;
use super::read::{Keys, Reader, Refused, cut};
use super::{
    AcceptReseal, CHECKS_WITHOUT_DOCUMENTS, Located, PacketConfig, ProfileValue, Reference, Unsealed,
};
use crate::path::BytePath;
use crate::text::quote;

const TABLES: &str = "an array of tables, written [[packet]]";

/// Reads every packet table, and the reseals that they accept.
pub(super) fn packets(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<(Vec<PacketConfig>, Vec<AcceptReseal>), Refused> {
    let mut packets: Vec<PacketConfig> = Vec::new();
    let mut reseals = Vec::new();
    let mut seen = Seen::default();
    for item in reader.array(value, "packet", TABLES)? {
        let entries = reader.entries(item, "packet", TABLES)?;
        let keys = reader.table(Section::Packet, entries, reader.span(item))?;
        let packet = packet(reader, &keys, &mut reseals)?;
        seen.add(reader, &packet)?;
        packets.push(packet);
    }
    Ok((packets, reseals))
}

/// What earlier tables are about, so that no two speak of one seal.
#[derive(Default)]
struct Seen {
    manifests: BTreeMap<BytePath, usize>,
    /// By root: whether each of its tables names its manifest.
    roots: BTreeMap<BytePath, bool>,
}

impl Seen {
    fn add(&mut self, reader: &Reader<'_>, packet: &PacketConfig) -> Result<(), Refused> {
        if let Some(manifest) = &packet.manifest
            && self.manifests.insert(manifest.value.clone(), manifest.span.start).is_some()
        {
            let message = format!("two [[packet]] tables name the manifest {}", shown(&manifest.value));
            return Err(reader.refuse(&manifest.span, message, "join the two tables", "named before"));
        }
        if let Some(root) = &packet.root
            && let Some(named) = self.roots.insert(root.value.clone(), packet.manifest.is_some())
            && !(named && packet.manifest.is_some())
        {
            let message = format!("two [[packet]] tables have the root {}", shown(&root.value));
            let help = "join the two tables, or name the `manifest` in both";
            return Err(reader.refuse(&root.span, message, help, "named before"));
        }
        Ok(())
    }
}

fn packet(
    reader: &mut Reader<'_>,
    keys: &Keys<'_>,
    reseals: &mut Vec<AcceptReseal>,
) -> Result<PacketConfig, Refused> {
    let mut packet = PacketConfig { span: keys.span().clone(), ..PacketConfig::default() };
    if let Some(value) = keys.get("root") {
        packet.root = Some(reader.folder(&reader.string(value, "root")?, "root")?);
    }
    seals(reader, keys, &mut packet)?;
    if let Some(value) = keys.get("profile") {
        packet.profile = Some(reader.profile(value)?);
    }
    if let Some(value) = keys.get("exclude") {
        packet.exclude = reader.globs(value, "exclude")?;
    }
    if let Some(value) = keys.get("unsealed") {
        packet.unsealed = Some(unsealed(reader, value)?);
    }
    if let Some(value) = keys.get("require") {
        packet.require = require(reader, value)?;
    }
    if let Some(value) = keys.get("predecessor") {
        packet.predecessor = Some(reader.folder(&reader.string(value, "predecessor")?, "predecessor")?);
    }
    if let Some(value) = keys.get("references") {
        packet.references = references(reader, value)?;
    }
    if let Some(value) = keys.get("accept_reseal") {
        accept_reseal(reader, value, packet.root.as_ref(), reseals)?;
    }
    if let Some(value) = keys.get("evidence") {
        packet.evidence = evidence(reader, value)?;
    }
    if let Some(value) = keys.get("values") {
        packet.values = values(reader, value)?;
    }
    Ok(packet)
}

/// The keys that say which seal is meant.
fn seals(reader: &Reader<'_>, keys: &Keys<'_>, packet: &mut PacketConfig) -> Result<(), Refused> {
    if let Some(value) = keys.get("manifest") {
        packet.manifest = Some(reader.file(&reader.string(value, "manifest")?, "manifest")?);
    }
    if packet.root.is_none() && packet.manifest.is_none() {
        let help = "add `root = \"folder\"`, the folder that the packet's names are relative to";
        let message = "[[packet]] has neither `root` nor `manifest`: it is about no packet";
        return Err(reader.refuse(keys.span(), message, help, "which packet?"));
    }
    if let Some(value) = keys.get("pin") {
        let pin = reader.file(&reader.string(value, "pin")?, "pin")?;
        if packet.manifest.as_ref().is_some_and(|manifest| manifest.value == pin.value) {
            let help = "a pin is a file of its own that holds the digest of the manifest";
            return Err(reader.refuse(
                &pin.span,
                "`pin` and `manifest` are the same file",
                help,
                "the manifest",
            ));
        }
        packet.pin = Some(pin);
    }
    if let Some(value) = keys.get("expect_tree") {
        packet.expect_tree = Some(reader.sha256(value, "expect_tree")?);
    }
    Ok(())
}

fn unsealed(reader: &Reader<'_>, value: &Spanned<DeValue<'_>>) -> Result<Unsealed, Refused> {
    let word = reader.string(value, "unsealed")?;
    match word.value {
        "deny" => Ok(Unsealed::Deny),
        "allow" => Ok(Unsealed::Allow),
        other => {
            let message = format!("unknown value of unsealed {}", quote(cut(other).as_bytes()));
            let help = "`\"deny\"`: a file that the seal does not list fails the run; \
                `\"allow\"`: such files are left alone";
            Err(reader.refuse(&word.span, message, help, "neither deny nor allow"))
        }
    }
}

fn require(reader: &Reader<'_>, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Refused> {
    let mut checks = Vec::new();
    for name in reader.strings(value, "require")? {
        if !reader.known.checks.contains(&name.value) {
            return Err(reader.unknown_name(&name.span, "check", name.value, reader.known.checks));
        }
        checks.push(name.value.to_owned());
    }
    checks.sort();
    checks.dedup();
    Ok(checks)
}

fn references(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Result<Vec<Reference>, Refused> {
    let due = "an array of tables, as in [{ path = \"...\", sha256 = \"...\", found_in = [\"...\"] }]";
    let mut paths = std::collections::BTreeSet::new();
    let mut references = Vec::new();
    for item in reader.array(value, "references", due)? {
        let entries = reader.entries(item, "references", due)?;
        let keys = reader.table(Section::Reference, entries, reader.span(item))?;
        let path = reader.file(&reader.string(reader.required(&keys, "path")?, "path")?, "path")?;
        if !paths.insert(path.value.clone()) {
            let message = format!("`references` names {} twice", shown(&path.value));
            return Err(reader.refuse(&path.span, message, "join the two entries", "named before"));
        }
        let sha256 = reader.sha256(reader.required(&keys, "sha256")?, "sha256")?.value;
        let size = keys.get("size").map(|size| reader.count(size, "size")).transpose()?;
        let mut found_in = Vec::new();
        for text in reader.some_strings(reader.required(&keys, "found_in")?, "found_in")? {
            found_in.push(reader.folder(&text, "found_in")?.value);
        }
        let span = keys.span().clone();
        references.push(Reference { path: path.value, sha256, size, found_in, span });
    }
    Ok(references)
}

fn accept_reseal(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    packet_root: Option<&Located<BytePath>>,
    reseals: &mut Vec<AcceptReseal>,
) -> Result<(), Refused> {
    let due = "an array of tables, as in [{ tree = \"...\" }]";
    for item in reader.array(value, "accept_reseal", due)? {
        let entries = reader.entries(item, "accept_reseal", due)?;
        let keys = reader.table(Section::AcceptReseal, entries, reader.span(item))?;
        let root = match (keys.get("root"), packet_root) {
            (Some(value), about) => {
                let root = reader.folder(&reader.string(value, "root")?, "root")?;
                if about.is_some_and(|about| about.value != root.value) {
                    let help = "move it to the [[packet]] of that root, or leave `root` out";
                    let message = "`accept_reseal` names another root than its [[packet]]";
                    return Err(reader.refuse(&root.span, message, help, "another packet"));
                }
                root.value
            }
            (None, Some(about)) => about.value.clone(),
            (None, None) => {
                reader.required(&keys, "root")?;
                continue;
            }
        };
        let tree = reader.sha256(reader.required(&keys, "tree")?, "tree")?.value;
        reseals.push(AcceptReseal { root, tree, span: keys.span().clone() });
    }
    Ok(())
}

fn evidence(
    reader: &Reader<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<BTreeMap<String, Vec<BytePath>>, Refused> {
    let due = "a table from check to file names";
    let known: Vec<&str> = reader
        .known
        .checks
        .iter()
        .filter(|check| !CHECKS_WITHOUT_DOCUMENTS.contains(check))
        .chain(reader.known.documents)
        .copied()
        .collect();
    let mut evidence = BTreeMap::new();
    for (check, names) in reader.entries(value, "evidence", due)? {
        let name = check.get_ref().as_ref();
        if !known.contains(&name) {
            return Err(reader.unknown_name(&reader.span(check), "check that reads documents", name, &known));
        }
        let mut files = Vec::new();
        for text in reader.some_strings(names, name)? {
            files.push(reader.file(&text, name)?.value);
        }
        evidence.insert(name.to_owned(), files);
    }
    Ok(evidence)
}

fn values(
    reader: &Reader<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<BTreeMap<String, Located<ProfileValue>>, Refused> {
    let mut values = BTreeMap::new();
    for (name, value) in reader.entries(value, "values", "a table of the profile's values")? {
        let text = name.get_ref().as_ref();
        if !reader.known.values.contains(&text) {
            let span = reader.span(name);
            return Err(reader.unknown_name(&span, "profile value", text, reader.known.values));
        }
        let located = Located { value: profile_value(reader, value)?, span: reader.span(value) };
        values.insert(text.to_owned(), located);
    }
    Ok(values)
}

/// Recursion ends: the TOML parser limits how deeply values are nested.
pub(super) fn profile_value(
    reader: &Reader<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<ProfileValue, Refused> {
    Ok(match value.get_ref() {
        DeValue::String(text) => ProfileValue::Text(text.as_ref().to_owned()),
        DeValue::Boolean(flag) => ProfileValue::Flag(*flag),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            ProfileValue::Integer(parsed.map_err(|_| {
                let message = "the number does not fit into 64 bits";
                reader.refuse(&reader.span(value), message, "write a smaller one", "too large")
            })?)
        }
        DeValue::Array(items) => ProfileValue::List(
            items.iter().map(|item| profile_value(reader, item)).collect::<Result<_, _>>()?,
        ),
        DeValue::Table(entries) => {
            let read = |(name, value): (&Spanned<_>, _)| {
                let name: &std::borrow::Cow<'_, str> = name.get_ref();
                Ok::<_, Refused>((name.as_ref().to_owned(), profile_value(reader, value)?))
            };
            ProfileValue::Table(entries.iter().map(read).collect::<Result<_, _>>()?)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => {
            let message = "profile values are strings, integers, booleans, arrays and tables";
            let help = "write it as a string";
            return Err(reader.refuse(&reader.span(value), message, help, "a float, a date or a time"));
        }
    })
}

fn shown(path: &BytePath) -> String {
    if path.is_root() { quote(b".") } else { quote(path.as_bytes()) }
}
