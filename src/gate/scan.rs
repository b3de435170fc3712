//! From paths to seals: which tree each path belongs to, which configuration
//! holds there, and which seals it means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{ConfigFrom, Options};
use crate::check;
use crate::code::Code;
use crate::config::{self, Config};
use crate::finding::Finding;
use crate::manifest::Limits;
use crate::packet::discover::{Named, PassedOver, Request, discover};
use crate::packet::names::{Promise, promise};
use crate::packet::{Kind, Seal};
use crate::path::BytePath;
use crate::report::listing::{ListedSeal, Listing};
use crate::source::worktree::relative;
use crate::source::{Links, ListError, Listed, Refusal, Source, WorkTree};
use crate::text::quote;

/// The name that a configuration is read under.
const CONFIG_NAME: &str = "seal.toml";

/// How many folders above a path are looked at for its seal outside a repository.
const LEVELS_ABOVE: usize = 4;

/// One tree with the seals that one path means.
pub(super) struct Scan {
    /// The tree.
    pub(super) tree: WorkTree,
    /// Its configuration.
    pub(super) config: Config,
    /// The folder that was listed.
    pub(super) under: BytePath,
    /// Everything below it.
    pub(super) listing: Vec<Listed>,
    /// The seals meant, by manifest path.
    pub(super) seals: Vec<Seal>,
    /// What looked like a seal and is not verified.
    pub(super) passed_over: Vec<PassedOver>,
    /// The one file whose entries are meant, when the path is a plain file.
    pub(super) only: Option<BytePath>,
}

impl Scan {
    /// What would be verified here, and what is passed over.
    pub(super) fn listings(&self, options: &Options) -> Vec<Listing> {
        let seals = self.seals.iter().map(|seal| Listing {
            path: self.shown(&seal.manifest_path, options),
            seal: Ok(ListedSeal {
                kind: seal.kind,
                read: match &seal.manifest {
                    Ok(read) => Ok((read.format, read.entries.len())),
                    Err(reason) => Err(reason.to_string()),
                },
                root: self.shown(&seal.root, options),
            }),
        });
        let passed_over = self.passed_over.iter().map(|passed| Listing {
            path: self.shown(&passed.path, options),
            seal: Err(passed.reason.clone()),
        });
        seals.chain(passed_over).collect()
    }

    /// A path of the tree as the user would write it: relative to the current
    /// folder when it lies below it, else with the tree's own name before it.
    pub(super) fn shown(&self, path: &BytePath, options: &Options) -> BytePath {
        let absolute = self.tree.absolute(path);
        let above = self.tree.base().parent();
        relative(&options.current_dir, &absolute)
            .or_else(|| above.and_then(|above| relative(above, &absolute)))
            .unwrap_or_else(|| path.clone())
    }
}

/// Resolves every path of the options. Any path that cannot be resolved, and
/// any configuration that cannot be carried out, refuses the whole run.
pub(super) fn scan(options: &Options) -> Result<Vec<Scan>, Vec<Finding>> {
    let mut scans: Vec<Scan> = Vec::new();
    let mut refused = Vec::new();
    if let Some(manifest) = &options.manifest {
        match manifest_scan(manifest, options) {
            Ok(scan) => scans.push(scan),
            Err(findings) => refused.extend(findings),
        }
    }
    for path in &options.paths {
        match path_scan(path, options) {
            Ok(scan) => scans.push(scan),
            Err(findings) => refused.extend(findings),
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    // A seal under two of the paths is verified once.
    let mut seen = std::collections::HashSet::new();
    for scan in &mut scans {
        let Scan { tree, only, seals, .. } = scan;
        seals.retain(|seal| seen.insert((tree.absolute(&seal.manifest_path), only.clone())));
    }
    let count: usize = scans.iter().map(|scan| scan.seals.len()).sum();
    if options.root.is_some() && count > 1 {
        return Err(vec![
            Finding::new(Code::UsageError, format!("--root is for one manifest, and {count} were found"))
                .help("name the manifest too: --manifest FILE --root FOLDER"),
        ]);
    }
    Ok(scans)
}

fn path_scan(path: &Path, options: &Options) -> Result<Scan, Vec<Finding>> {
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        // A sealed file that is gone is missing, not a misspelling.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return file_scan(path, options).map_err(|_| vec![unreadable(path, &error)]);
        }
        Err(error) => return Err(vec![unreadable(path, &error)]),
    };
    if meta.is_dir() {
        let (tree, at) = tree_of(path, options).map_err(|error| vec![unreadable(path, &error)])?;
        return folder_scan(tree, at, options);
    }
    if !meta.is_file() {
        let finding = Finding::new(
            Code::PathUnreadable,
            format!("{} is neither a folder nor a regular file", shown_path(path)),
        );
        return Err(vec![finding.help("give a folder, a manifest, or a file that a manifest lists")]);
    }
    let name = path.file_name().map(|name| name.as_encoded_bytes().to_vec()).unwrap_or_default();
    match promise(&name) {
        Some(Promise::Strong | Promise::WeakDigests) => manifest_scan(path, options),
        Some(Promise::Weak) => {
            let scan = manifest_scan(path, options)?;
            let readable = scan.seals.first().is_some_and(|seal| seal.manifest.is_ok());
            if readable { Ok(scan) } else { file_scan(path, options) }
        }
        // A manifest may have any name; a file that a seal lists comes first.
        _ => file_scan(path, options).or_else(|unlisted| {
            let scan = manifest_scan(path, options)?;
            let readable = scan.seals.first().is_some_and(|seal| seal.manifest.is_ok());
            if readable { Ok(scan) } else { Err(unlisted) }
        }),
    }
}

/// The tree that a path belongs to, and where it stands there: the enclosing
/// repository; outside one the folder of the configuration that was given, when
/// it encloses the path, since its paths are relative to that; else the path's own.
fn tree_of(path: &Path, options: &Options) -> std::io::Result<(WorkTree, BytePath)> {
    let (tree, at) = WorkTree::around(path)?;
    let ConfigFrom::File(config) = &options.config else { return Ok((tree, at)) };
    let folder = config.canonicalize().ok().and_then(|file| Some(file.parent()?.to_owned()));
    let Some(folder) = folder.filter(|_| !tree.is_repository()) else { return Ok((tree, at)) };
    let absolute = tree.absolute(&at);
    let wider = WorkTree::at(&folder)?;
    Ok(match wider.relative(&absolute) {
        Some(at) => (wider, at),
        None => (tree, at),
    })
}

fn folder_scan(tree: WorkTree, under: BytePath, options: &Options) -> Result<Scan, Vec<Finding>> {
    let config = configuration(&tree, options)?;
    let listing = list(&tree, &under, options)?;
    let named = configured(&config, &under);
    let scan = find(tree, config, under, listing, &named, options);
    let seals: Vec<_> = scan.seals.iter().map(|seal| (&seal.root, &seal.manifest_path)).collect();
    let unmet = scan.config.without_seal(&scan.under, &seals);
    if unmet.is_empty() { Ok(scan) } else { Err(unmet) }
}

/// A manifest that the user named: its folder is looked through, so that its
/// pin and its neighbours are known, and only that seal is kept.
fn manifest_scan(path: &Path, options: &Options) -> Result<Scan, Vec<Finding>> {
    let (tree, manifest, root) = if let Some(root) = &options.root {
        let (tree, manifest, root) = rooted_tree(path, root)?;
        (tree, manifest, Some(root))
    } else {
        let (tree, at) = tree_of(path, options).map_err(|error| vec![unreadable(path, &error)])?;
        (tree, at, None)
    };
    let config = configuration(&tree, options)?;
    let under = manifest.parent();
    let listing = list(&tree, &under, options)?;
    let mut named = configured(&config, &under);
    let pin = named.iter().find(|n| n.manifest == manifest).and_then(|n| n.pin.clone());
    let configured_root = named.iter().find(|n| n.manifest == manifest).and_then(|n| n.root.clone());
    named.insert(0, Named { manifest: manifest.clone(), root: root.or(configured_root), pin });
    let mut scan = find(tree, config, under, listing, &named, options);
    scan.seals.retain(|seal| seal.manifest_path == manifest);
    scan.passed_over.clear();
    Ok(scan)
}

/// A plain file: the nearest folder at or above it with a seal that lists it.
fn file_scan(path: &Path, options: &Options) -> Result<Scan, Vec<Finding>> {
    let failed = |error: std::io::Error| vec![unreadable(path, &error)];
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // The folder is resolved and the file is not: a link is judged as a link.
    let folder = parent.canonicalize().map_err(failed)?;
    let file = folder.join(path.file_name().unwrap_or_default());
    let (enclosing, _) = WorkTree::around(&folder).map_err(failed)?;
    for (level, ancestor) in folder.ancestors().enumerate() {
        let left = enclosing.is_repository() && enclosing.relative(ancestor).is_none();
        // Outside a repository nothing says where the file's packet ends, and a
        // list far above is a stranger's.
        let far = !enclosing.is_repository() && level > LEVELS_ABOVE;
        if left || far {
            break;
        }
        let (tree, under) = tree_of(ancestor, options).map_err(failed)?;
        let Some(target) = tree.relative(&file) else { break };
        let config = configuration(&tree, options)?;
        let Ok(listing) = tree.list_folder(&under) else { break };
        let named = configured(&config, &under);
        let mut scan = find(tree, config, under, listing, &named, options);
        scan.seals.retain(|seal| {
            let name = target.strip_prefix(&seal.root);
            let read = seal.manifest.as_ref().ok();
            name.is_some_and(|name| read.is_some_and(|read| read.entries.iter().any(|e| e.path == name)))
        });
        if !scan.seals.is_empty() {
            scan.only = Some(target);
            return Ok(scan);
        }
    }
    Err(vec![
        Finding::new(
            Code::NoEntryForPath,
            format!("no seal beside {} or in a folder above it lists that file", shown_path(path)),
        )
        .help(
            "name the manifest that should list it: seal verify --manifest FILE, or give the packet's folder",
        ),
    ])
}

fn find(
    tree: WorkTree,
    config: Config,
    under: BytePath,
    listing: Vec<Listed>,
    named: &[Named],
    options: &Options,
) -> Scan {
    let request = Request {
        source: &tree,
        under: &under,
        listing: &listing,
        named,
        ignore: &config.discover.ignore,
        format: options.format,
        limits: Limits::default(),
    };
    let mut found = discover(&request);
    let roots = &config.discover.roots;
    if !roots.is_empty() {
        let (inside, outside): (Vec<_>, Vec<_>) = found.seals.into_iter().partition(|seal| {
            roots.iter().any(|root| seal.manifest_path.strip_prefix(&root.value).is_some())
        });
        found.seals = inside;
        found.passed_over.extend(outside.into_iter().map(|seal| PassedOver {
            path: seal.manifest_path,
            reason: "outside the folders that the configuration looks in".into(),
        }));
        found.passed_over.sort();
    }
    Scan { seals: found.seals, passed_over: found.passed_over, only: None, tree, config, under, listing }
}

/// Seals that the configuration names, at or below the folder looked through.
fn configured(config: &Config, under: &BytePath) -> Vec<Named> {
    let mut named = Vec::new();
    for packet in &config.packets {
        let root = packet.root.as_ref().map(|root| root.value.clone());
        let manifest = match (&packet.manifest, &root) {
            (Some(manifest), _) => manifest.value.clone(),
            (None, Some(root)) if packet.pin.is_some() => root.child(crate::packet::MANIFEST_NAME),
            _ => continue,
        };
        if manifest.strip_prefix(under).is_some() {
            named.push(Named { manifest, root, pin: packet.pin.as_ref().map(|pin| pin.value.clone()) });
        }
    }
    named
}

fn configuration(tree: &WorkTree, options: &Options) -> Result<Config, Vec<Finding>> {
    read_configuration(tree, &options.config, &options.current_dir)
}

/// Reads the configuration in force for a tree.
pub(super) fn read_configuration(
    tree: &WorkTree,
    from: &ConfigFrom,
    current_dir: &Path,
) -> Result<Config, Vec<Finding>> {
    let path = match from {
        ConfigFrom::File(path) => path.clone(),
        ConfigFrom::Repository if tree.is_repository() => {
            let path = tree.base().join(CONFIG_NAME);
            if path.symlink_metadata().is_err() {
                return Ok(Config::default());
            }
            path
        }
        ConfigFrom::Repository | ConfigFrom::Nowhere => return Ok(Config::default()),
    };
    let shown = path.strip_prefix(current_dir).unwrap_or(&path);
    let shown = if shown.is_absolute() { Path::new(CONFIG_NAME) } else { shown };
    let text = bounded(&path).map_err(|reason| {
        vec![
            Finding::new(Code::ConfigInvalid, format!("{} cannot be read: {reason}", shown_path(shown)))
                .help("give a readable file to --config, or use --isolated to run without any"),
        ]
    })?;
    let checks: Vec<&str> = check::ids().collect();
    config::parse(&text, &shown.to_string_lossy(), &checks).map_err(|finding| vec![*finding])
}

/// Configurations that stand where none is read: a person who wrote one there
/// would otherwise believe that it holds.
pub(super) fn ignored_configs(scan: &Scan, options: &Options) -> Vec<Finding> {
    let in_force = match &options.config {
        ConfigFrom::Nowhere => return Vec::new(),
        ConfigFrom::File(path) => path.canonicalize().ok().and_then(|path| scan.tree.relative(&path)),
        ConfigFrom::Repository if scan.tree.is_repository() => Some(BytePath::root()),
        ConfigFrom::Repository => None,
    };
    let folders: BTreeSet<&BytePath> =
        scan.seals.iter().map(|seal| &seal.root).chain([&scan.under]).collect();
    let paths = folders.into_iter().map(|folder| folder.child(CONFIG_NAME.as_bytes()));
    let unread = paths.filter(|path| {
        let listed = scan.listing.binary_search_by(|l| l.path.cmp(path)).is_ok();
        let read =
            in_force.as_ref().is_some_and(|at| at == path || at.child(CONFIG_NAME.as_bytes()) == *path);
        listed && !read
    });
    let finding = |path: BytePath| {
        let name = quote(scan.shown(&path, options).as_bytes());
        let message = format!("{name} was not read: it is not at the root of an enclosing repository");
        Finding::new(Code::ConfigIgnored, message).path(path)
    };
    unread.map(finding).collect()
}

/// Seals in the folders above the one looked through, as a hint.
pub(super) fn seals_above(scan: &Scan) -> Vec<String> {
    let start = scan.tree.absolute(&scan.under);
    let mut found = Vec::new();
    for (level, folder) in start.ancestors().skip(1).take(LEVELS_ABOVE).enumerate() {
        let Ok(entries) = std::fs::read_dir(folder) else { break };
        let mut names: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.file_name()).collect();
        names.sort();
        let seals =
            names.into_iter().filter(|name| promise(name.as_encoded_bytes()) == Some(Promise::Strong));
        found.extend(seals.map(|name| {
            let path = [&b"../".repeat(level + 1), name.as_encoded_bytes()].concat();
            quote(&path)
        }));
        if !found.is_empty() {
            break;
        }
    }
    found
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

/// The configuration file in force lies inside the root of this packet.
pub(super) fn config_inside(scan: &Scan, seal: &Seal, options: &Options) -> bool {
    let file = match &options.config {
        ConfigFrom::Nowhere => return false,
        ConfigFrom::File(path) => path.canonicalize().ok(),
        ConfigFrom::Repository => Some(scan.tree.base().join(CONFIG_NAME)),
    };
    seal.kind == Kind::Packet
        && file
            .and_then(|file| scan.tree.relative(&file))
            .is_some_and(|f| f.strip_prefix(&seal.root).is_some())
}

fn list(tree: &WorkTree, under: &BytePath, options: &Options) -> Result<Vec<Listed>, Vec<Finding>> {
    tree.list(under).map_err(|error| {
        let absolute = tree.absolute(&error.path);
        let path = relative(&options.current_dir, &absolute).unwrap_or_else(|| error.path.clone());
        let error = ListError { path, ..error };
        let message = format!("the folder could not be listed whole: {error}");
        vec![
            Finding::new(Code::PathUnreadable, message)
                .help("make every folder below readable, or give a path that is"),
        ]
    })
}

/// The tree that holds both the manifest and the root given for it, and where they stand in it.
fn rooted_tree(path: &Path, root: &Path) -> Result<(WorkTree, BytePath, BytePath), Vec<Finding>> {
    let (tree, manifest) = WorkTree::around(path).map_err(|error| vec![unreadable(path, &error)])?;
    let real = root.canonicalize().map_err(|error| vec![unreadable(root, &error)])?;
    if !real.is_dir() {
        return Err(vec![Finding::new(
            Code::UsageError,
            format!("the root {} is not a folder", shown_path(root)),
        )]);
    }
    if let Some(root) = tree.relative(&real) {
        return Ok((tree, manifest, root));
    }
    let absolute = tree.absolute(&manifest);
    let common: PathBuf =
        absolute.components().zip(real.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let tree = WorkTree::at(&common).map_err(|error| vec![unreadable(root, &error)])?;
    match (tree.relative(&absolute), tree.relative(&real)) {
        (Some(manifest), Some(root)) => Ok((tree, manifest, root)),
        _ => Err(vec![Finding::new(
            Code::UsageError,
            format!("the root {} and the manifest share no folder", shown_path(root)),
        )]),
    }
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Finding {
    Finding::new(Code::PathUnreadable, format!("{} cannot be read: {error}", shown_path(path)))
}

/// A path as the user gave it, quoted.
pub(super) fn shown_path(path: &Path) -> String {
    quote(path.as_os_str().as_encoded_bytes())
}
