//! Which `seal.toml` holds for a tree, and which are there and do not.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Scan, Tree, Trees, shown_path};
use crate::check;
use crate::code::Code;
use crate::config::{self, Config, Known, PacketConfig};
use crate::finding::Finding;
use crate::gate::{ConfigFrom, Options, profiles};
use crate::packet::Kind;
use crate::packet::names::{Promise, promise};
use crate::path::BytePath;
use crate::profile::{BUILT_IN, Key, Role};
use crate::source::{Links, Refusal, Source as _, WorkTree};
use crate::text::quote;

/// The name that a configuration is read under.
pub(in crate::gate) const CONFIG_NAME: &str = "seal.toml";

/// The configuration in force for a tree: the one of the base, where there is a
/// base and no other was named.
pub(super) fn configuration(tree: &Tree, trees: &Trees) -> Result<Config, Vec<Finding>> {
    let options = trees.options;
    if let Some(base) = trees.base {
        base.is_of(tree)?;
        if options.config == ConfigFrom::Repository {
            return Ok(base.config().clone());
        }
    }
    read_configuration(tree, &options.config, &options.current_dir)
}

/// Reads the configuration in force for a tree, in the layer that is verified
/// unless a file was named.
pub(in crate::gate) fn read_configuration(
    tree: &Tree,
    from: &ConfigFrom,
    current_dir: &Path,
) -> Result<Config, Vec<Finding>> {
    let (path, at, text) = match from {
        ConfigFrom::File(path) => {
            let at = path.canonicalize().ok().and_then(|file| tree.relative(&file));
            (path.clone(), at, bounded(path))
        }
        ConfigFrom::Repository if tree.is_repository() => {
            let at = BytePath::root().child(CONFIG_NAME.as_bytes());
            let root = tree.folder(&BytePath::root());
            let text = root.and_then(|root| root.read(&at, Links::Refuse, config::MAX_BYTES as u64));
            if text == Err(Refusal::Missing) {
                return Ok(Config::default());
            }
            (tree.base().join(CONFIG_NAME), Some(at), text)
        }
        ConfigFrom::Repository | ConfigFrom::Nowhere => return Ok(Config::default()),
    };
    let shown = path.strip_prefix(current_dir).unwrap_or(&path);
    let shown = if shown.is_absolute() { Path::new(CONFIG_NAME) } else { shown };
    let text = text.map_err(|reason| {
        vec![
            Finding::new(Code::ConfigInvalid, format!("{} cannot be read: {reason}", shown_path(shown)))
                .help("give a readable file to --config, or use --isolated to run without any"),
        ]
    })?;
    let config = read_text(&text, &shown.to_string_lossy()).map_err(|finding| vec![*finding])?;
    profiles::profiles(&config)?;
    let weakening = config.weakening_findings();
    let inside = at.is_some_and(|at| inside_packet(tree, at));
    if !weakening.is_empty() && inside { Err(weakening) } else { Ok(config) }
}

/// A configuration by its text.
fn read_text(text: &[u8], shown: &str) -> Result<Config, Box<Finding>> {
    let checks: Vec<&str> = check::ids().collect();
    let documents: Vec<&str> = Role::ALL.iter().map(|role| role.id()).collect();
    let known = Known { checks: &checks, documents: &documents, profiles: &BUILT_IN, values: &Key::ids() };
    config::parse_known(text, shown, &known)
}

/// Configurations that stand where none is read: a person who wrote one there
/// would otherwise believe that it holds.
pub(in crate::gate) fn ignored_configs(scan: &Scan, options: &Options) -> Vec<Finding> {
    let in_force = match &options.config {
        ConfigFrom::Nowhere => return Vec::new(),
        ConfigFrom::File(path) => path.canonicalize().ok().and_then(|path| scan.tree.relative(&path)),
        ConfigFrom::Repository if scan.tree.is_repository() => Some(BytePath::root()),
        ConfigFrom::Repository => None,
    };
    let folders: BTreeSet<&BytePath> =
        scan.wanted_seals().map(|seal| &seal.root).chain([&scan.under]).collect();
    let mut paths: BTreeSet<BytePath> =
        folders.into_iter().map(|folder| folder.child(CONFIG_NAME.as_bytes())).collect();
    paths.retain(|path| scan.listing.binary_search_by(|listed| listed.path.cmp(path)).is_ok());
    paths.extend(inside_packets(scan));
    paths.extend(beside(scan, options));
    paths.retain(|path| {
        !in_force.as_ref().is_some_and(|at| at == path || at.child(CONFIG_NAME.as_bytes()) == *path)
    });
    let told = |shown: &BytePath| {
        let name = quote(shown.as_bytes());
        let message = format!("{name} was not read: it is not at the root of an enclosing repository");
        Finding::new(Code::ConfigIgnored, message)
    };
    let within = paths.into_iter().map(|path| told(&scan.shown(&path, options)).path(path));
    let above = above(scan, options).map(|shown| told(&shown));
    within.chain(above).collect()
}

/// Those in the folders of packets.
fn inside_packets(scan: &Scan) -> impl Iterator<Item = BytePath> + '_ {
    let packets: Vec<&BytePath> =
        scan.wanted_seals().filter(|seal| seal.kind == Kind::Packet).map(|seal| &seal.root).collect();
    let named = scan.listing.iter().map(|listed| &listed.path);
    let named = named.filter(|path| path.file_name() == CONFIG_NAME.as_bytes());
    named.filter(move |path| packets.iter().any(|root| path.strip_prefix(root).is_some())).cloned()
}

/// The one beside the folder that was looked through, where nobody named another.
fn beside(scan: &Scan, options: &Options) -> Option<BytePath> {
    if scan.under.is_root() || scan.only.is_some() || options.config != ConfigFrom::Repository {
        return None;
    }
    let path = scan.under.parent().child(CONFIG_NAME.as_bytes());
    let root = scan.tree.folder(&BytePath::root()).ok()?;
    let text = root.read(&path, Links::Refuse, config::MAX_BYTES as u64).ok()?;
    may_be_about(&text, scan.under.file_name()).then_some(path)
}

/// The one beside a tree that is no repository, as the user would write its path.
fn above(scan: &Scan, options: &Options) -> Option<BytePath> {
    let root = scan.under.is_root() && !scan.tree.is_repository();
    if !root || scan.only.is_some() || options.config != ConfigFrom::Repository {
        return None;
    }
    let folder = scan.tree.base();
    let path = folder.parent()?.join(CONFIG_NAME);
    let text = bounded(&path).ok()?;
    let name = folder.file_name().unwrap_or_default().as_encoded_bytes();
    may_be_about(&text, name).then(|| super::shown_from(&path, &options.current_dir))
}

/// Whether a configuration beside a folder may have something to say of it: a table
/// about what is in it, or more than tables about other places.
fn may_be_about(text: &[u8], folder: &[u8]) -> bool {
    let Ok(config) = read_text(text, CONFIG_NAME) else { return true };
    let folder = BytePath::root().child(folder);
    let is_about = |table: &PacketConfig| {
        let named = table.manifest.as_ref().or(table.root.as_ref());
        named.is_some_and(|named| named.value.is_root() || named.value.strip_prefix(&folder).is_some())
    };
    config.packets.is_empty() || config.packets.iter().any(is_about)
}

/// A configuration's bytes: a regular file, not through a link in its place, of a sane length.
fn bounded(path: &Path) -> Result<Vec<u8>, Refusal> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let tree = WorkTree::at(parent).map_err(|error| Refusal::Io(error.to_string()))?;
    let name = path.file_name().map(std::ffi::OsStr::as_encoded_bytes).unwrap_or_default();
    tree.folder(&BytePath::root())?.read(
        &BytePath::root().child(name),
        Links::Refuse,
        config::MAX_BYTES as u64,
    )
}

/// Whether the file lies in a folder with a tree pin, or below one: inside a
/// packet. The folders themselves are looked at, since a configuration could
/// otherwise ignore the very seal that it stands in.
fn inside_packet(tree: &Tree, file: BytePath) -> bool {
    let mut folder = file;
    while !folder.is_root() {
        folder = folder.parent();
        let listed = tree.list_folder(&folder).unwrap_or_default();
        if listed.iter().any(|listed| promise(listed.path.file_name()) == Some(Promise::Pin)) {
            return true;
        }
    }
    false
}
