//! Every risk that can be found, with what is known of it beforehand. Long,
//! because it is the documentation of all of them in one place.
//!
//! Risks are no codes: no verdict carries one, and no seal is broken by one yet.

use crate::code::Severity;

/// What is known of a risk before it is found.
#[derive(Debug)]
pub struct Row {
    /// The kind itself.
    pub kind: Kind,
    /// Its stable spelling in `lower_snake_case`.
    pub id: &'static str,
    /// How it is shown.
    pub severity: Severity,
    /// Whether a job that has it is refused.
    pub refuses: bool,
    /// A heading of a few words, without a full stop.
    pub title: &'static str,
    /// What it means.
    pub means: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to prevent it.
    pub fix: &'static str,
}

macro_rules! risks {
    ($($variant:ident $id:literal $severity:ident $refuses:literal {
        title: $title:literal, means: $means:literal, why: $why:literal, fix: $fix:literal $(,)?
    })*) => {
        /// A kind of risk. See `seal explain --list`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $title] $variant,)*
        }

        /// Every row, in the order of the documentation.
        pub static TABLE: &[Row] = &[$(Row {
            kind: Kind::$variant,
            id: $id,
            severity: Severity::$severity,
            refuses: $refuses,
            title: $title,
            means: $means,
            why: $why,
            fix: $fix,
        },)*];
    };
}

risks! {
    // What git does between its objects and a file.
    LineEndsConverted "line_ends_converted" Error false {
        title: "git converts line ends here",
        means: "The attributes of a sealed file and the settings of this machine make git convert its line \
            ends when it writes or takes in the file.",
        why: "The next checkout, merge or `git add` puts other bytes there than those that were sealed. It \
            is the most common way for a seal to break.",
        fix: "Add the line that doctor prints to .gitattributes, or let `seal doctor --fix --write` do it.",
    }
    LineEndsMayConvert "line_ends_may_convert" Warning false {
        title: "git converts line ends elsewhere",
        means: "Nothing takes the line ends of a sealed file out of git's hands. On this machine they stay \
            as they are; a machine with `core.autocrlf=true`, as git is commonly installed on Windows, \
            converts them.",
        why: "The seal holds here and fails for somebody else, who did nothing but clone.",
        fix: "Add the line that doctor prints to .gitattributes, or let `seal doctor --fix --write` do it.",
    }
    FilterAttribute "filter_attribute" Error false {
        title: "A filter rewrites the file",
        means: "A `filter` attribute sends a sealed file through a program when git writes it or takes it in.",
        why: "What lies in the working tree depends on which programs a machine has and how they are set up.",
        fix: "Add `-filter` for the sealed files to .gitattributes as doctor prints it.",
    }
    GitLfs "git_lfs" Error false {
        title: "Sealed file kept in LFS",
        means: "A sealed file has `filter=lfs`: git holds a pointer of three lines, and the bytes lie on a \
            server.",
        why: "A clone without LFS, or with `GIT_LFS_SKIP_SMUDGE`, has the pointer in place of the sealed \
            bytes, and so has every tool that reads git's objects.",
        fix: "Take the sealed files out of LFS: add the line that doctor prints to .gitattributes, then \
            `git add --renormalize` the files and commit.",
    }
    IdentExpansion "ident_expansion" Error false {
        title: "git fills in $Id$",
        means: "The `ident` attribute makes git write the name of the blob into every `$Id$` of a sealed file \
            on checkout.",
        why: "A file with that mark has other bytes after a checkout than were sealed.",
        fix: "Add `-ident` for the sealed files to .gitattributes as doctor prints it.",
    }
    EncodingConversion "encoding_conversion" Error false {
        title: "git converts the encoding",
        means: "The `working-tree-encoding` attribute makes git store a sealed file in UTF-8 and write it in \
            another encoding.",
        why: "The bytes in git and those in the working tree differ, and not every conversion goes back \
            exactly.",
        fix: "Add `!working-tree-encoding` for the sealed files to .gitattributes as doctor prints it (with `-` git refuses to read the file).",
    }
    ExportSubst "export_subst" Warning false {
        title: "git archive fills in marks",
        means: "The `export-subst` attribute makes `git archive`, and so the downloads of a forge, fill in \
            every `$Format:...$` of a sealed file.",
        why: "A downloaded archive holds other bytes than the repository.",
        fix: "Add `-export-subst` for the sealed files to .gitattributes as doctor prints it.",
    }
    ExportIgnore "export_ignore" Warning false {
        title: "git archive leaves files out",
        means: "The `export-ignore` attribute makes `git archive`, and so the downloads of a forge, leave out \
            a sealed file.",
        why: "Whoever verifies a downloaded archive finds a sealed file missing.",
        fix: "Add `-export-ignore` for the sealed files to .gitattributes as doctor prints it; a folder that \
            is left out as a whole must be taken out of its own line.",
    }
    MergeUnion "merge_union" Warning false {
        title: "Merges mix lines without asking",
        means: "The `merge=union` attribute makes git take the lines of both sides of a merge into a sealed \
            file instead of reporting a conflict.",
        why: "A merge then makes bytes that nobody wrote and nobody reviewed.",
        fix: "Add `-merge` for the sealed files to .gitattributes as doctor prints it.",
    }
    AttributesNotShared "attributes_not_shared" Warning false {
        title: "Protection on this machine only",
        means: "What keeps git from converting a sealed file stands in .git/info/attributes or in the user's \
            own attributes file, and those are not part of the repository.",
        why: "Every other clone converts the file.",
        fix: "Add the line that doctor prints to .gitattributes, which is committed.",
    }
    AttributesUnreadable "attributes_unreadable" Error false {
        title: "An attributes file is not read",
        means: "A .gitattributes file on the way to a sealed file is a link, no regular file, or larger than \
            git reads, or a line of it is longer than git reads.",
        why: "git passes over it, or over that line, so that what it says holds for nobody, or not for all.",
        fix: "Put a regular .gitattributes file of ordinary size in its place.",
    }
    // Whether a clone has the file at all.
    UntrackedFile "untracked_file" Error false {
        title: "Sealed file not in git",
        means: "A sealed file lies in the working tree and is not tracked.",
        why: "It is not in any clone: there the seal reports it as missing.",
        fix: "`git add` the file, and commit it together with its seal.",
    }
    IgnoredFile "ignored_file" Error false {
        title: "Sealed file is ignored",
        means: "A sealed file is not tracked, and a rule of .gitignore matches it, so that `git add` passes \
            over it.",
        why: "It is not in any clone: there the seal reports it as missing.",
        fix: "Add it with `git add --force`, or add the line that doctor prints behind the rule.",
    }
    SubmoduleFile "submodule_file" Warning false {
        title: "Sealed file in a submodule",
        means: "A sealed file lies in another repository that is a submodule of this one.",
        why: "A clone without `--recurse-submodules` has an empty folder in its place, and a checkout of \
            another commit of the submodule has other bytes.",
        fix: "Seal the folder in its own repository, or clone with `--recurse-submodules` wherever the seal \
            is verified.",
    }
    SparseCheckout "sparse_checkout" Warning false {
        title: "Left out by sparse checkout",
        means: "git tracks a sealed file, and the sparse checkout of this working tree leaves it out.",
        why: "The seal reports it as missing here, and intact elsewhere.",
        fix: "Add its folder to the sparse checkout.",
    }
    LinkedFile "linked_file" Warning false {
        title: "Sealed name is a link",
        means: "A sealed name is a symbolic link.",
        why: "On systems without links, or with `core.symlinks=false`, git writes a file with the link's text \
            in its place; and whoever changes the target changes the sealed bytes.",
        fix: "Put the file itself in the place of the link and seal it again.",
    }
    // Names that not every system can hold.
    CaseCollision "case_collision" Error false {
        title: "Names differ in case only",
        means: "Two names differ only in capital and small letters.",
        why: "macOS and Windows commonly hold one of them: a checkout there leaves one file with the other's \
            bytes, or without its own.",
        fix: "Rename one of the files and seal again.",
    }
    WindowsName "windows_name" Warning false {
        title: "Name impossible on Windows",
        means: "A sealed name holds a character or a word that Windows does not allow in a name, or ends in a \
            period or a blank.",
        why: "A checkout on Windows fails or leaves the file out.",
        fix: "Rename the file and seal again.",
    }
    LongPath "long_path" Warning false {
        title: "Path too long for Windows",
        means: "A sealed path is so long that little or nothing is left of the 260 characters that Windows \
            allows for a whole path by default.",
        why: "A checkout on Windows without `core.longpaths` fails.",
        fix: "Shorten the names and seal again.",
    }
    NameForm "name_form" Warning false {
        title: "Name in decomposed Unicode",
        means: "A sealed name writes an accented letter as a letter and a mark (NFD), or differs from another \
            name in nothing but that.",
        why: "Some systems compose such names (`core.precomposeunicode` on macOS does): the manifest then \
            names a file that is spelled another way.",
        fix: "Rename the file to the composed form (NFC) and seal again.",
    }
    // Programs that rewrite files.
    EditorconfigRewrites "editorconfig_rewrites" Warning false {
        title: "Editors rewrite sealed files",
        means: "A section of .editorconfig matches a sealed file and tells editors to change line ends, the \
            final newline, blanks at line ends, indentation or the encoding when they save.",
        why: "Opening and saving such a file changes its bytes without an edit.",
        fix: "Add the section that doctor prints at the end of .editorconfig.",
    }
    HookRewrites "hook_rewrites" Warning false {
        title: "A hook rewrites sealed files",
        means: "A hook in .pre-commit-config.yaml that rewrites files matches a sealed one.",
        why: "The next commit that touches the file, or `pre-commit run --all-files`, changes its bytes.",
        fix: "Add the `exclude:` line that doctor prints to the hook, or to the top of the file for all hooks.",
    }
    FormatterRewrites "formatter_rewrites" Warning false {
        title: "A formatter rewrites sealed files",
        means: "The repository is set up for a formatter, and nothing keeps it from sealed files of the kinds \
            that it rewrites.",
        why: "The next run over the repository changes their bytes.",
        fix: "Add the line that doctor prints to the formatter's ignore list.",
    }
    ToolFileUnreadable "tool_file_unreadable" Warning false {
        title: "Settings of a tool not understood",
        means: "A file that tells a tool which files to rewrite could not be read.",
        why: "Whether that tool rewrites sealed files is not known.",
        fix: "Mend the file, then run doctor again.",
    }
    // Workflows that run the gate.
    WorkflowEvent "workflow_event" Error false {
        title: "Workflow starts on a refused event",
        means: "A workflow that runs the gate starts on an event other than `pull_request`, `push`, \
            `merge_group`, `workflow_dispatch`, `schedule` or `workflow_call`.",
        why: "Events such as `pull_request_target`, `workflow_run`, `release` or `deployment` run with the \
            rights of the repository. The gate reads what strangers wrote, and refuses to run there.",
        fix: "Run the gate in a workflow of its own with `on: pull_request`.",
    }
    WorkflowEnvironment "workflow_environment" Error true {
        title: "Job has an environment",
        means: "A job that runs the gate names an `environment`.",
        why: "An environment gives a job deployment secrets. The gate reads hostile files and is wired away \
            from production.",
        fix: "Remove `environment:` from the job, or run the gate in a job of its own.",
    }
    WorkflowSecret "workflow_secret" Error true {
        title: "Job uses a secret",
        means: "A job that runs the gate uses a secret other than a read-only `GITHUB_TOKEN`, or inherits all.",
        why: "The gate needs none, and a job that reads hostile files should have nothing to lose.",
        fix: "Run the gate in a job of its own without secrets.",
    }
    WorkflowWrite "workflow_write" Error true {
        title: "Job may write",
        means: "The token of a job that runs the gate may write, by the job's `permissions` or by those of \
            the workflow.",
        why: "The gate reads only; a job that reads hostile files should be able to change nothing.",
        fix: "Give the job `permissions: { contents: read }`.",
    }
    WorkflowPermissions "workflow_permissions" Warning false {
        title: "Permissions left to a default",
        means: "Neither the job nor its workflow says what its token may do.",
        why: "The default is a setting of the repository or of its owner, and may be to write.",
        fix: "Give the job `permissions: { contents: read }`.",
    }
    WorkflowUnpinned "workflow_unpinned" Warning false {
        title: "Action not pinned",
        means: "A job that runs the gate uses an action or an image by a tag or a branch.",
        why: "Whoever moves the tag decides what runs beside the gate, and what it says.",
        fix: "Name the commit by its full SHA (an image by its digest) with the version in a comment.",
    }
    WorkflowCredentials "workflow_credentials" Warning false {
        title: "Checkout keeps its token",
        means: "`actions/checkout` in a job that runs the gate leaves its token in the configuration of the \
            repository, since `persist-credentials` is not `false`.",
        why: "Every later step can read it.",
        fix: "Add `persist-credentials: false` to the `with` of the checkout.",
    }
    WorkflowBase "workflow_base" Warning false {
        title: "Base commit not fetched",
        means: "A workflow for pull requests checks out one commit only, so that the base commit is missing.",
        why: "The gate compares the seals with those of the base, and cannot without it: exit status 2.",
        fix: "Add `fetch-depth: 0` to the `with` of the checkout.",
    }
    WorkflowUnreadable "workflow_unreadable" Error false {
        title: "Workflow not understood",
        means: "A file in .github/workflows is no YAML that can be read, or no workflow.",
        why: "What its jobs may do is not known.",
        fix: "Mend the file, then run doctor again.",
    }
}

impl Kind {
    /// Its row.
    pub fn row(self) -> &'static Row {
        // The table is made by the same macro as the enum, in the same order.
        #[expect(clippy::indexing_slicing, reason = "the macro makes one row per variant, in order")]
        &TABLE[self as usize]
    }

    /// Its stable spelling.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The spelling that `id` is most likely a misspelling of.
    pub(crate) fn nearest(id: &str) -> Option<&'static str> {
        let scored = TABLE.iter().map(|row| (strsim::jaro_winkler(row.id, id), row.id));
        scored.filter(|(score, _)| *score > 0.75).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
    }

    /// The kind with that spelling.
    pub fn from_id(id: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.id == id).map(|row| row.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;

    #[test]
    fn ids_are_unique_and_no_codes() {
        let mut seen = std::collections::HashSet::new();
        for row in TABLE {
            assert!(seen.insert(row.id), "{} twice", row.id);
            assert!(row.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            assert_eq!(Kind::from_id(row.id), Some(row.kind));
            assert_eq!((row.kind.row().id, Code::from_id(row.id)), (row.id, None));
            assert!(!row.refuses || row.severity == Severity::Error, "{}", row.id);
        }
    }

    #[test]
    fn every_row_is_documented() {
        for row in TABLE {
            for text in [row.title, row.means, row.why, row.fix] {
                assert!(!text.trim().is_empty() && !text.contains("PASS"), "{}", row.id);
            }
            assert!(row.title.split(' ').count() <= 6, "{}: {}", row.id, row.title);
        }
    }
}
