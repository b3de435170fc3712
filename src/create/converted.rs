//! Files that git wrote with other line ends than it holds. A seal over them
//! fits this checkout and no other.

use bstr::ByteSlice;

use crate::code::Code;
use crate::finding::Finding;
use crate::git::{Attributes, Git, GitError, Paths};
use crate::manifest::write::Item;
use crate::path::BytePath;
use crate::source::{Folder, Links, Source, WorkTree};
use crate::text::quote;

use super::Plan;

/// Longer files are not compared with what git holds, in bytes.
const LARGEST: u64 = 64 << 20;
/// Files named in a command.
const NAMED: usize = 8;

/// Those of `items`, files below `root`, that are what the index holds with
/// CRLF in the place of LF. None where git cannot be asked.
pub(super) fn files(tree: &WorkTree, root: &BytePath, folder: &dyn Folder, items: &[Item]) -> Vec<BytePath> {
    if !tree.is_repository() {
        return Vec::new();
    }
    asked(tree, root, folder, items).unwrap_or_default()
}

fn asked(
    tree: &WorkTree,
    root: &BytePath,
    folder: &dyn Folder,
    items: &[Item],
) -> Result<Vec<BytePath>, GitError> {
    let git = Git::open(tree.base())?;
    let whole: Vec<BytePath> = items.iter().map(|item| root.join(&item.path)).collect();
    let paths: Vec<&BytePath> = whole.iter().collect();
    let indexed = git.indexed(&Paths::new(&paths))?;
    let blobs: Vec<_> = indexed.iter().map(|(_, indexed)| &indexed.blob).collect();
    let sizes = git.sizes(&blobs)?;
    let objects = git.objects();
    let mut converted = Vec::new();
    for ((number, indexed), size) in indexed.iter().zip(sizes) {
        let (Some(item), Some(size)) = (items.get(*number), size) else { continue };
        // A carriage return more on some line makes a file longer.
        if item.size <= size || item.size > LARGEST {
            continue;
        }
        let Ok(found) = folder.read(&item.path, Links::Refuse, LARGEST) else { continue };
        if objects.read(&indexed.blob, LARGEST)?.is_some_and(|held| found.replace("\r\n", "\n") == held) {
            converted.push(item.path.clone());
        }
    }
    converted.sort();
    let whole: Vec<BytePath> = converted.iter().map(|path| root.join(path)).collect();
    let attributes = git.attributes(&whole.iter().collect::<Vec<_>>())?;
    // Where an attribute asks for CRLF, every checkout has it.
    let asked = |attributes: &Attributes| attributes.state("eol").value() == Some(b"crlf".as_slice());
    let own = converted.into_iter().zip(attributes).filter(|(_, attributes)| !asked(attributes));
    Ok(own.map(|(path, _)| path).collect())
}

/// Refuses to seal what a checkout wrote, where that was not accepted. `shown`
/// is the folder as it stands in a command.
pub fn over_checkout(plan: &Plan, shown: &str, accepted: &[Code]) -> Result<(), Vec<Finding>> {
    let Some(first) = plan.converted.first().filter(|_| !accepted.contains(&Code::CrlfDrift)) else {
        return Ok(());
    };
    let what = match plan.converted.len() {
        1 => format!("{} is", quote(first.as_bytes())),
        n => format!("{n} files are"),
    };
    let protect = plan.attributes.as_ref().map_or_else(String::new, |line| {
        format!(
            "add the line `{}` at the end of {} at the top of the repository, ",
            line.line,
            quote(line.file.as_bytes())
        )
    });
    let named: Option<Vec<String>> = plan.converted.iter().map(|path| in_folder(shown, path)).collect();
    let remove = match named.filter(|named| named.len() <= NAMED) {
        Some(named) => format!("`rm -- {}`", named.join(" ")),
        None => "remove these files".to_owned(),
    };
    let mut finding = Finding::new(
        Code::ResealOverDrift,
        format!("{what} not as git holds it: this checkout has CRLF where git has LF, and no other need have that"),
    )
    .help(format!(
        "let git write what it holds: {protect}{remove}, `git checkout -- {shown}`, and seal again; or, if CRLF is \
         meant, `seal create {shown} --accept-drift {}`, and commit these bytes with that line",
        Code::CrlfDrift.id()
    ))
    .path(first.clone());
    finding.others = plan.converted.iter().skip(1).cloned().collect();
    Err(vec![finding])
}

/// A file of the folder as it stands in a command; `None` where it would need quoting.
fn in_folder(folder: &str, path: &BytePath) -> Option<String> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,".contains(byte);
    let path = path.as_bytes();
    if !path.iter().all(plain) {
        return None;
    }
    let path = String::from_utf8_lossy(path);
    Some(if folder == "." { path.into_owned() } else { format!("{}/{path}", folder.trim_end_matches('/')) })
}
