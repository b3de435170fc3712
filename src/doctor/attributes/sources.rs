//! The attributes files that count for a tree: those in its folders, which
//! everybody has, and those that only this machine has.

use super::rules::{Rules, Said};
use crate::doctor::Unseen;
use crate::doctor::risk::{Place, Risk};
use crate::doctor::table::Kind;
use crate::doctor::tree::Tree;
use crate::git::Git;
use crate::path::BytePath;
use crate::source::Refusal;

/// The name of the files that are everybody's.
pub(in crate::doctor) const NAME: &[u8] = b".gitattributes";

/// git passes over a larger file, in bytes.
const LONGEST: u64 = 100 << 20;

/// How much a file counts; less is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// `.git/info/attributes`
    Info,
    /// In a folder below the root; deeper ones before the others.
    Nested(std::cmp::Reverse<usize>),
    /// At the root.
    Root,
    /// The user's.
    Global,
    /// This machine's.
    System,
}

/// One file, and how it is shown.
struct Source {
    rank: Rank,
    rules: Rules,
    shown: BytePath,
}

/// All of them, those that count most first.
pub(super) struct Sources {
    files: Vec<Source>,
    /// The bytes of the file at the root, when there is one that can be read.
    pub(super) root: Result<Option<Vec<u8>>, String>,
}

impl Sources {
    pub(super) fn read(tree: &Tree<'_>, risks: &mut Vec<Risk>, unseen: &mut Vec<Unseen>) -> Self {
        let mut root = Ok(None);
        let mut files = own(tree, unseen);
        for folder in tree.folders() {
            let path = folder.child(NAME);
            let shown = tree.shown(&path);
            let read = tree.read(&path);
            if folder.is_root() {
                root = read.clone().map_err(|refusal| refusal.to_string());
            }
            match read {
                Ok(None) => {}
                Ok(Some(bytes)) => match Rules::parse(&folder, &bytes) {
                    Some(rules) => {
                        risks.extend(too_long(&rules, &shown));
                        let depth = folder.components().count();
                        let rank =
                            if depth == 0 { Rank::Root } else { Rank::Nested(std::cmp::Reverse(depth)) };
                        files.push(Source { rank, rules, shown });
                    }
                    None => unseen.push(not_followed(&shown, "it has more rules than are followed")),
                },
                Err(Refusal::Io(_)) if is_too_large(tree, &path) => {
                    let risk = Risk::new(Kind::AttributesUnreadable, "git reads no file of this size");
                    risks.push(risk.at(&shown, None).fix("put a file of ordinary size in its place"));
                }
                Err(Refusal::Io(reason)) => unseen.push(not_followed(&shown, &reason)),
                Err(refusal) => {
                    let risk =
                        Risk::new(Kind::AttributesUnreadable, format!("git does not read it: {refusal}"));
                    risks.push(risk.at(&shown, None).fix("put a regular file in its place"));
                }
            }
        }
        files.sort_by_key(|source| source.rank);
        Self { files, root }
    }

    /// Every file, for [`super::rules::said`].
    pub(super) fn all(&self) -> Vec<&Rules> {
        self.files.iter().map(|source| &source.rules).collect()
    }

    /// Those that everybody has.
    pub(super) fn shared(&self) -> Vec<&Rules> {
        let shared = self.files.iter().filter(|source| matches!(source.rank, Rank::Nested(_) | Rank::Root));
        shared.map(|source| &source.rules).collect()
    }

    /// All of them, with these rules in the place of the root's. Those before it
    /// keep their numbers.
    pub(super) fn with_root<'s>(&'s self, root: &'s Rules) -> Vec<&'s Rules> {
        let ranked = |wanted: fn(&Rank) -> bool| {
            self.files.iter().filter(move |source| wanted(&source.rank)).map(|source| &source.rules)
        };
        let before = ranked(|rank| *rank < Rank::Root);
        before.chain([root]).chain(ranked(|rank| *rank > Rank::Root)).collect()
    }

    /// Where the first of these attributes that is said stands, and the words
    /// for the line, with a blank behind them.
    pub(super) fn place(&self, said: &Said<'_>, names: &[&str]) -> (Option<Place>, String) {
        let spoken = names.iter().find_map(|name| said.get(*name));
        let source = spoken.and_then(|(_, number, rule)| Some((self.files.get(*number)?, rule)));
        let Some((source, rule)) = source else { return (None, String::new()) };
        let place = Place { file: source.shown.clone(), line: Some(rule.line) };
        let cut = rule.text.char_indices().nth(60).map_or(rule.text.len(), |(at, _)| at);
        let more = if cut < rule.text.len() { "..." } else { "" };
        (
            Some(place),
            format!("\"{}{more}\" ", rule.text.get(..cut).unwrap_or_default().trim_end_matches('\\')),
        )
    }

    /// How the file of that number is shown.
    pub(super) fn shown(&self, number: usize) -> Option<&BytePath> {
        self.files.get(number).map(|source| &source.shown)
    }
}

/// Longer than git reads.
fn is_too_large(tree: &Tree<'_>, path: &BytePath) -> bool {
    let meta = std::fs::symlink_metadata(tree.sealed.base().join(path.to_os()));
    meta.is_ok_and(|meta| meta.len() > LONGEST)
}

fn not_followed(shown: &BytePath, reason: &str) -> Unseen {
    let what = format!("the lines of {}", crate::text::quote(shown.as_bytes()));
    Unseen { what, reason: reason.to_owned(), counts: false }
}

fn too_long(rules: &Rules, shown: &BytePath) -> Option<Risk> {
    let line = *rules.too_long.first()?;
    let risk =
        Risk::new(Kind::AttributesUnreadable, "git passes over this line, which is longer than it reads");
    Some(risk.at(shown, line).fix("cut the line into several"))
}

/// The files that only this machine has.
fn own(tree: &Tree<'_>, unseen: &mut Vec<Unseen>) -> Vec<Source> {
    let base = tree.sealed.base();
    let Ok(git) = Git::open(base) else { return Vec::new() };
    let asked: [(Rank, &[&str]); 3] = [
        (Rank::Info, &["rev-parse", "--git-path", "info/attributes"]),
        (Rank::Global, &["var", "GIT_ATTR_GLOBAL"]),
        (Rank::System, &["var", "GIT_ATTR_SYSTEM"]),
    ];
    let mut found = Vec::new();
    for (rank, args) in asked {
        // Older ones do not know the question, and there is no such file then or now.
        let Ok(answer) = git.output(args, &[]) else { continue };
        let path = base.join(BytePath::root().child(answer.trim_ascii_end()).to_os());
        if answer.trim_ascii().is_empty() || path.symlink_metadata().is_err() {
            continue;
        }
        let shown = BytePath::root().child(match rank {
            Rank::Info => b".git/info/attributes".as_slice(),
            _ => answer.trim_ascii_end(),
        });
        match crate::doctor::read(&path).map(|bytes| Rules::parse(&BytePath::root(), &bytes)) {
            Ok(Some(rules)) => found.push(Source { rank, rules, shown }),
            Ok(None) => unseen.push(not_followed(&shown, "it has more rules than are followed")),
            Err(reason) => unseen.push(not_followed(&shown, &reason)),
        }
    }
    found
}
