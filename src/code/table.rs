//! The rows of the code table. Long, because it is the whole documentation of every
//! code in one place, and nothing else.

use super::{Concerns, Effect, Row, Severity};

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $effect:ident $concerns:ident {
        title: $title:literal, means: $means:literal, why: $why:literal, fix: $fix:literal $(,)?
    })*) => {
        /// A stable code. See `seal explain --list`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every row, in the order of the documentation.
            pub fn table() -> &'static [Row] {
                static TABLE: &[Row] = &[$(Row {
                    code: Code::$variant,
                    id: $id,
                    severity: Severity::$severity,
                    effect: Effect::$effect,
                    concerns: Concerns::$concerns,
                    title: $title,
                    means: $means,
                    why: $why,
                    fix: $fix,
                },)*];
                TABLE
            }
        }
    };
}

codes! {
    // The bytes of an entry.
    EditedContent "edited_content" Error Fails Drifted {
        title: "Content edited",
        means: "The file does not have the sealed bytes, and no cause that seal knows turns the one into \
            the other. Somebody or something changed the content, or the cause is one that cannot be \
            proven from the file alone.",
        why: "An unexplained change may alter what the evidence says. It is never called drift and never \
            excused.",
        fix: "Compare with the version that was sealed. In a git repository: `git diff HEAD -- \
            FILE` shows what is not committed, and `git log -p -- FILE` what commits changed. \
            Otherwise compare with a copy from where the folder came from. Put that version \
            back, or review the change and seal again: a packet with `seal create DIR`, a plain \
            list with the digest that `sha256sum FILE` prints.",
    }
    EmdashUnicodeDrift "emdash_unicode_drift" Error Fails Drifted {
        title: "Typographic characters replaced",
        means: "Characters that look alike were exchanged: dashes and hyphens, curly and straight \
            quotation marks, an ellipsis and three periods, no-break and ordinary spaces, zero-width \
            characters, or letters of another alphabet. The report names each of them.",
        why: "Editors, chat windows and language models retype such characters without being asked. A \
            reader sees the same text; the bytes, and so the seal, are different.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and turn off the replacing of punctuation \
            in the tool that saved the file.",
    }
    JsonEnsureAsciiDrift "json_ensure_ascii_drift" Error Fails Drifted {
        title: "JSON escapes rewritten",
        means: "The JSON holds the same values, but characters in its strings are escaped in another way: \
            `\\u2014` in place of the character itself or the reverse, upper-case for lower-case hex \
            digits, or a slash escaped.",
        why: "A tool that loads JSON and writes it again chooses its own escapes. The values are equal and \
            the bytes are not, so a digest of the file no longer matches.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`. Let tools copy the file instead \
            of writing it again, or set their escape option (Python: `ensure_ascii`) as it was when the \
            file was sealed.",
    }
    BomPrefix "bom_prefix" Error Fails Drifted {
        title: "Byte-order mark added or removed",
        means: "The three bytes EF BB BF, a UTF-8 byte-order mark, were put before the text or taken away.",
        why: "Some editors and shells on Windows add this mark when they save and others remove it. It \
            cannot be seen, and it changes the digest.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and save the file as UTF-8 the \
            way it was sealed (with or without the mark).",
    }
    CrlfDrift "crlf_drift" Error Fails Drifted {
        title: "Line endings changed",
        means: "Line endings were converted between LF (Unix) and CRLF (Windows), in the whole file or in \
            a part of it. The report says which way and how many.",
        why: "This is the most common way for a seal to break: git converts line endings on checkout when \
            `core.autocrlf` or a text attribute tells it to. The text reads the same; every line has \
            another byte.",
        fix: "In a git repository: add the line `PACKET/** -text` to .gitattributes in the \
            current folder, so that git never converts these files. Otherwise find the tool that \
            converted them: an editor, an archive program or a transfer in text mode. Then put \
            the sealed bytes back with `seal restore DIR --write`.",
    }
    MissingFile "missing_file" Error Fails Missing {
        title: "Sealed file is missing",
        means: "The manifest lists this file, and no file with that name is there.",
        why: "Evidence that was reviewed is gone, and nothing can be said about its bytes.",
        fix: "Put the file back. In a git repository: `git checkout -- FILE` when the deletion \
            is not committed; else `git log --diff-filter=D -- FILE` shows the commit that \
            deleted it, and `git checkout $(git rev-list -n 1 HEAD -- FILE)^ -- FILE` brings \
            it back from before that commit. Otherwise get it from where the folder came from.",
    }
    ByteLengthMismatch "byte_length_mismatch" Error Fails Drifted {
        title: "Length differs from the seal",
        means: "The manifest says how many bytes the file had when it was sealed, and it has another \
            number now.",
        why: "Bytes were added or removed. The difference is often the first hint at the cause: one byte \
            for each line means line endings.",
        fix: "See the other findings for the same file: they name the cause where one could be proven.",
    }
    SameLengthHashMismatch "same_length_hash_mismatch" Error Fails Drifted {
        title: "Same length, other bytes",
        means: "The file is exactly as long as the sealed one, and its digest is different.",
        why: "Something of equal width was exchanged: a character retyped, a digit changed, or bytes \
            damaged on a disk or on the way.",
        fix: "See the other findings for the same file. If no cause is proven, compare with the \
            sealed version. In a git repository: `git diff HEAD -- FILE` and `git log -p -- \
            FILE`. Otherwise: a copy from where the folder came from.",
    }
    FinalNewline "final_newline" Error Fails Drifted {
        title: "Final newline added or removed",
        means: "The file differs from the sealed one only in the newlines at its very end.",
        why: "Editors and formatters make every text file end in exactly one newline. That is harmless to \
            a reader and breaks the seal.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`. Keep formatters away from sealed \
            files: `insert_final_newline = unset` in .editorconfig, and an `exclude` for the folder in the \
            end-of-file hook.",
    }
    TrailingWhitespace "trailing_whitespace" Error Fails Drifted {
        title: "Trailing blanks changed",
        means: "Spaces or tabs at the ends of lines were removed or added, and nothing else.",
        why: "Editors and commit hooks trim blanks at line ends. In Markdown two of them are a line break, \
            and in any sealed file they are part of the digest.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`. Keep formatters away from sealed \
            files: `trim_trailing_whitespace = unset` in .editorconfig, and an `exclude` for the folder in \
            the whitespace hook.",
    }
    Transcoded "transcoded" Error Fails Drifted {
        title: "Text encoding changed",
        means: "The same text is stored in another encoding, for example UTF-16 in place of UTF-8, or \
            windows-1252 in place of UTF-8.",
        why: "A program decoded the text and saved it in its own default encoding. Each character outside \
            ASCII, or every character, now has other bytes.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and save the file in the \
            encoding it was sealed in. In Windows PowerShell, write with `-Encoding` instead of `>`.",
    }
    JsonReformatted "json_reformatted" Error Fails Drifted {
        title: "JSON layout changed",
        means: "The blanks and line breaks between JSON tokens changed, or the spelling of numbers \
            (`1.0` and `1`, `1e-07` and `1e-7`), and no value did.",
        why: "A serializer or a formatter wrote the document again. It holds the same values, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore`, and do not load and dump sealed JSON.",
    }
    JsonKeyOrder "json_key_order" Error Fails Drifted {
        title: "JSON members reordered",
        means: "Members of JSON objects stand in another order than when the file was sealed; names and values did not change. \
            It is proven when the sealed order was a sorted one, or when few members moved.",
        why: "Serializers sort keys, or keep the order in which they were put in, or write those that look like integers first. \
            The values are equal and the bytes are not, so a digest of the file no longer matches.",
        fix: "Put the sealed bytes back with `seal restore`. Turn off the formatter's or serializer's sorting of keys for sealed files.",
    }
    JsonDuplicateKeys "json_duplicate_keys" Error Fails Drifted {
        title: "JSON members doubled",
        means: "An object holds a name more than once that was sealed once; without the members too many the bytes are the sealed ones.",
        why: "Parsers keep one member of a name, most of them the last, and say nothing. \
            Two readers of the same file may see different values.",
        fix: "Put the sealed bytes back with `seal restore`. A merge or a script that pastes text into JSON leaves such members behind.",
    }
    BlankLines "blank_lines" Error Fails Drifted {
        title: "Blank lines added or removed",
        means: "Empty lines were added or removed, and nothing else; taking the change back gives the sealed bytes.",
        why: "A formatter or an editor reflowed the file. The text reads the same, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and exclude sealed files from the formatter.",
    }
    TextReflow "text_reflow" Error Fails Drifted {
        title: "Text wrapped again",
        means: "Line breaks and blanks between the same words moved, as a formatter moves them; taking the change back gives the sealed bytes.",
        why: "A formatter or an editor reflowed the file. The text reads the same, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore`, and exclude sealed files from the formatter.",
    }
    Indentation "indentation" Error Fails Drifted {
        title: "Indentation changed",
        means: "Blanks or tabs at the start of lines changed, and nothing else; taking the change back gives the sealed bytes.",
        why: "An editor or a formatter re-indented the file. In Python, YAML and Makefiles that can change the meaning too.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and exclude sealed files from the formatter.",
    }
    MarkdownTable "markdown_table" Error Fails Drifted {
        title: "Markdown table rules re-spaced",
        means: "The rule under a table header was written in another style, such as `| --- |` for `|---|`.",
        why: "A Markdown formatter touched the file. The table looks the same, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and exclude sealed files from the formatter.",
    }
    UnicodeNormalization "unicode_normalization" Error Fails Drifted {
        title: "Unicode normalisation changed",
        means: "Characters were composed or decomposed (NFC, NFD, or a compatibility form), and nothing else.",
        why: "A file system, an archive tool or an editor normalised the text. It looks the same, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and copy sealed files with tools that leave their content alone.",
    }
    Mojibake "mojibake" Error Fails Drifted {
        title: "Text misread in another encoding",
        means: "UTF-8 text was read as windows-1252, ISO 8859-1 or an OEM code page and saved as UTF-8 again, or such damage was repaired after sealing.",
        why: "A tool guessed the encoding. Every character beyond ASCII is now several wrong ones.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and tell the tool that the files are UTF-8.",
    }
    LossyReplacement "lossy_replacement" Error Fails Drifted {
        title: "Characters lost in a conversion",
        means: "Characters became `?`, U+FFFD or a control character, or such marks were repaired after sealing.",
        why: "A tool wrote the text in an encoding that lacks these characters. The file alone no longer says which they were; the seal does.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and make the tool write UTF-8.",
    }
    HtmlEntities "html_entities" Error Fails Drifted {
        title: "HTML entities and characters exchanged",
        means: "Character references such as `&mdash;` became the characters they stand for, or the reverse.",
        why: "A converter or a template engine escaped the text once more or once less.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and keep sealed files out of that converter.",
    }
    GitLfsPointer "git_lfs_pointer" Error Fails Drifted {
        title: "Git LFS pointer instead of content",
        means: "A Git LFS pointer stands where the content was sealed, or the content where the pointer was.",
        why: "The checkout was made without Git LFS, or with it where it was not when the seal was made.",
        fix: "Fetch the content with `git lfs pull`; in CI, check out with LFS enabled. If the pointer was sealed, check out with GIT_LFS_SKIP_SMUDGE=1.",
    }
    GitIdent "git_ident" Error Fails Drifted {
        title: "Git keyword expanded or collapsed",
        means: "The keyword `$Id$` was expanded to the identifier of the file's blob, or an expanded one was \
            collapsed; taking that back gives the sealed bytes.",
        why: "The attribute `ident` is set for the path: git writes the identifier at each checkout and takes \
            it away at each commit, so that the working tree and the repository hold different bytes.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and add the line `PACKET/** -ident` to \
            .gitattributes in the current folder, so that checkouts leave the files alone.",
    }
    GitExportSubst "git_export_subst" Error Fails Drifted {
        title: "Git archive filled placeholders in",
        means: "Placeholders such as `$Format:%H$` were replaced by the commit they stand for; putting them \
            back gives the sealed bytes.",
        why: "The attribute `export-subst` is set for the path. `git archive`, and the archives that hosting \
            sites offer for download, fill the placeholders in; a checkout does not.",
        fix: "Put the sealed bytes back with `seal restore FILE --write`, and add the line `PACKET/** \
            -export-subst` to .gitattributes in the current folder, or take the files from a checkout.",
    }
    SymlinkAsFile "symlink_as_file" Error Fails Drifted {
        title: "Symbolic link and file exchanged",
        means: "A file holds the text of a symbolic link, and the sealed bytes are in the file that it \
            leads to; or a link stands where a file with the link's text was sealed. No link was followed.",
        why: "Git checks links out as small text files where `core.symlinks` is off, as on many Windows \
            machines. A seal made on one kind of checkout does not fit the other.",
        fix: "If the text of the link stands there: `seal restore FILE --write` puts the sealed bytes there. \
            For links, run `git config core.symlinks true`, delete the file, `git checkout -- FILE`, and \
            verify with `--symlinks follow-inside`. If a link stands there: put a file with the link's text \
            in its place, as `git config core.symlinks false` and a fresh checkout do.",
    }
    Truncated "truncated" Error Fails Drifted {
        title: "End of the file missing",
        means: "The file stops before the sealed bytes do. Where the missing end could be computed, or the \
            seal holds hints about parts of the file, that is proven or told; else the way the file ends says it.",
        why: "A disk that was full, a transfer that broke off or a program that was stopped left a part of \
            the file. What is missing cannot be guessed.",
        fix: "Put a whole copy back: in a git repository `git checkout -- FILE`, otherwise from where the \
            folder came from. Then look for what broke off: disk space, the transfer, the program.",
    }
    ZeroFilled "zero_filled" Error Fails Drifted {
        title: "Bytes replaced by zeros",
        means: "A run of zero bytes stands where other bytes were sealed, or follows them.",
        why: "File systems leave zeros in the place of blocks that were never written: after a crash, a \
            broken download, or on a damaged medium. Other files written at that time may have them too.",
        fix: "Put a whole copy back: in a git repository `git checkout -- FILE`, otherwise from where the \
            folder came from. Check the medium, and the files that were written about the same time.",
    }
    Appended "appended" Error Fails Drifted {
        title: "Bytes added at the end",
        means: "The sealed bytes are all there, and more follow them.",
        why: "Something was written behind the sealed content: a log line, a signature, a second copy, or an edit.",
        fix: "Look at what follows the sealed bytes; if it does not belong there, cut it off with `seal restore FILE --write`.",
    }
    BitRot "bit_rot" Error Fails Drifted {
        title: "A byte is damaged",
        means: "One byte differs from the sealed ones, and it does not belong where it stands; repairing it gives the sealed bytes.",
        why: "Storage, memory or a transfer flipped bits. Where one byte is damaged, others may be.",
        fix: "Put the sealed byte back with `seal restore FILE --write`, and check the medium and the other files on it.",
    }
    Moved "moved" Error Fails Missing {
        title: "Sealed bytes are under another path",
        means: "The listed file is not there, and a file that the manifest does not list has exactly the \
            sealed bytes.",
        why: "The evidence is intact, but whoever follows the manifest does not find it.",
        fix: "Move the file back with `mv -- NEW OLD`. If the new place is right, seal again: a \
            packet with `seal create DIR`, a plain list by writing the new name into its line.",
    }
    Renamed "renamed" Error Fails Missing {
        title: "Name differs in spelling only",
        means: "The listed name is not there, and a file with the sealed bytes has the same name except \
            for letter case or Unicode normalization (one accented letter, or a letter and an accent).",
        why: "Some file systems treat both names as one and others do not. The seal would hold on one \
            machine and break on another.",
        fix: "Give the file its sealed name: `mv -- NEW OLD`. Where the file system takes both \
            names for one, in two steps: `mv -- NEW OLD.tmp` and `mv -- OLD.tmp OLD`.",
    }
    UnsealedFile "unsealed_file" Error Fails Unsealed {
        title: "File is not in the seal",
        means: "The file lies in the sealed folder, and the manifest does not list it.",
        why: "A seal says what belongs to the packet. A file that nobody sealed could be taken for \
            reviewed evidence.",
        fix: "Remove the file, or move it out of the folder. If it belongs there, seal again: a \
            packet with `seal create DIR`, a plain list with the line that `sha256sum FILE` \
            prints. If it is expected and harmless, write these lines into seal.toml at the top \
            of the git repository, or into a file that you name with `--config`: `[[packet]]`, \
            `root = \"DIR\"` (the folder as it is named from there), `exclude = [\"NAME\"]`.",
    }
    ReferenceUnresolved "reference_unresolved" Error Fails Missing {
        title: "Referenced bytes were not found",
        means: "The manifest says that the file is kept elsewhere, and no file with the sealed digest was \
            found in the places named.",
        why: "A reference stands for evidence only as long as the bytes it refers to can be seen.",
        fix: "Name the place in seal.toml: under `references`, set `found_in` to the folder or packet that \
            holds the file. Or put the file into this packet.",
    }
    SymlinkEntry "symlink_entry" Error Fails Unreadable {
        title: "Sealed path is a symbolic link",
        means: "The name in the manifest leads to a symbolic link, or through one. It was not followed and \
            not read.",
        why: "A link can point to other bytes tomorrow, or to a file outside the packet. Its target is not \
            what was sealed.",
        fix: "Replace the link by the file itself. If links inside the packet are intended, verify with \
            `--symlinks follow-inside`.",
    }
    NotARegularFile "not_a_regular_file" Error Fails Unreadable {
        title: "Sealed path is no regular file",
        means: "The name in the manifest belongs to a folder, a pipe, a socket or a device. It was not \
            opened.",
        why: "Only a regular file has bytes that stay the same from one reading to the next.",
        fix: "Put the sealed file back under this name. In a git repository: `git checkout -- \
            FILE`. Otherwise get it from where the folder came from.",
    }
    SubmoduleNotCovered "submodule_not_covered" Error CannotVerify Unreadable {
        title: "Submodule is not covered",
        means: "The path is a submodule, or lies in one. The index and the commits of a repository hold no file \
            of a submodule but the name of a commit in another repository.",
        why: "Whatever the seal says about these files cannot be compared with anything here, and what was not \
            compared is not intact.",
        fix: "Check the submodule out with `git submodule update --init`, and verify the files as they lie on \
            disk with `seal verify --from worktree`; or verify the submodule for itself, by giving its folder \
            as PATH.",
    }
    NotCheckedOut "not_checked_out" Error CannotVerify Unreadable {
        title: "Left out of sparse checkout",
        means: "The repository tracks this sealed file, and the sparse checkout of this working tree leaves it \
            out. It is not on disk, and nobody deleted it.",
        why: "Nothing can be said about bytes that are not there. The file is not missing either: the index \
            holds it.",
        fix: "Verify what the index holds with `seal verify --from index`, or check the file out with \
            `git sparse-checkout add` and its folder.",
    }
    GitObjectMissing "git_object_missing" Error CannotVerify Unreadable {
        title: "Git object is not here",
        means: "The index or the commit names an object for this path, and this clone does not hold it. A \
            partial clone leaves objects out until they are needed, and seal never fetches.",
        why: "Without the object there are no bytes to compare. A file that was not compared is not intact.",
        fix: "In a partial clone, fetch what was left out: `git fetch --refetch --no-filter`. In a complete \
            clone the repository is damaged: see `git fsck`, and clone again.",
    }
    UnreadableFile "unreadable_file" Error CannotVerify Unreadable {
        title: "File cannot be read",
        means: "The file is there and the operating system refused to give its bytes.",
        why: "Bytes that cannot be read cannot be compared. That is neither good nor bad news about them, \
            so the run does not decide.",
        fix: "See who may read it with `ls -l FILE`, and allow it with `chmod u+r FILE` or run seal as a \
            user who may. If the system reports an input/output error, check the disk.",
    }
    ChangedWhileRead "changed_while_read" Error CannotVerify Unreadable {
        title: "File changed while it was read",
        means: "The file's length or time stamp changed between the beginning and the end of reading it.",
        why: "The digest would be one of a mixture of old and new bytes, which proves nothing about either.",
        fix: "Let the program that writes the file finish, then run seal again.",
    }
    // The manifest.
    ManifestUnreadable "manifest_unreadable" Error CannotVerify Other {
        title: "Manifest cannot be read",
        means: "A file with the name of a manifest holds nothing that reads like one: it is damaged, cut \
            off, too large, or something else altogether.",
        why: "If such a file were passed over, a truncated seal would vanish and everything would seem well.",
        fix: "Put the manifest back. In a git repository: `git checkout -- FILE`. Otherwise get \
            it from where the folder came from. If it is in an unusual format, name the format \
            with `--manifest-format`. If it is no manifest, give it another name, or list it \
            under `ignore` in the `[discover]` table of seal.toml.",
    }
    ManifestEmpty "manifest_empty" Error CannotVerify Other {
        title: "Manifest has no entries",
        means: "The file is a manifest as to its form and names no file.",
        why: "Comparing nothing would succeed always. Nothing is protected by an empty list.",
        fix: "Put the earlier manifest back. In a git repository: `git checkout -- FILE`. \
            Otherwise get it from where the folder came from, or seal the folder anew with `seal \
            create DIR`.",
    }
    ManifestMissing "manifest_missing" Error Fails Other {
        title: "Pinned manifest is missing",
        means: "A tree pin is there (packet_tree.sha256), and the manifest that it pins is not.",
        why: "Without the manifest nobody knows which files were sealed. Deleting it must not be a way \
            around the gate.",
        fix: "Put the manifest back. In a git repository: `git checkout -- FILE` when the \
            deletion is not committed; else `git log --diff-filter=D -- FILE` shows the commit \
            that deleted it, and `git checkout $(git rev-list -n 1 HEAD -- FILE)^ -- FILE` \
            brings it back from before that commit. Otherwise get it from where the packet came \
            from.",
    }
    ManifestListsItself "manifest_lists_itself" Error Fails Other {
        title: "Manifest lists itself",
        means: "The manifest has an entry for its own file or for its pin.",
        why: "Writing a digest into a file changes that file's digest, so this entry can never match. It \
            usually comes from `sha256sum * > SHA256SUMS`, which seals the half-written list.",
        fix: "Delete that line. When writing a list with sha256sum, leave the list out: `find . -type f ! \
            -name SHA256SUMS -exec sha256sum {} + > SHA256SUMS`.",
    }
    FormatAmbiguous "format_ambiguous" Error CannotVerify Other {
        title: "Two manifest formats fit equally",
        means: "Every line of the manifest can be read in two formats, with different names or lengths.",
        why: "Guessing could verify the wrong files. The format is therefore decided once for a file, or \
            not at all.",
        fix: "Say which one it is: `--manifest-format sha256sum` or `--manifest-format sized`.",
    }
    MalformedLine "malformed_line" Error Fails Other {
        title: "Line is not an entry",
        means: "A line of the manifest is no entry, no comment, no blank line, and no part of the format's \
            decoration.",
        why: "Other tools skip such lines silently, and with them the file they were meant to protect.",
        fix: "Correct the line, or begin it with `#` if it is a comment. In a git repository, \
            `git log -p -- MANIFEST` shows the version that was reviewed.",
    }
    MalformedDigest "malformed_digest" Error Fails Unreadable {
        title: "Digest has wrong length",
        means: "The digest has one digit too many or too few, or a character that is no hexadecimal digit. \
            SHA-256 has exactly 64 digits.",
        why: "A digest that was cut or padded can match nothing, so the file it stands before is not \
            protected.",
        fix: "Correct the line from the version of the manifest that was reviewed. In a git \
            repository: `git log -p -- MANIFEST`. Otherwise take the digest from where the \
            folder came from.",
    }
    UnsupportedDigest "unsupported_digest" Error Fails Unreadable {
        title: "Digest algorithm is not verified",
        means: "The entry names an algorithm that seal does not compute. It computes SHA-256, SHA-384 and \
            SHA-512.",
        why: "An entry that is not compared protects nothing. It counts as a failure rather than being \
            skipped.",
        fix: "Write the entry with SHA-256, which `sha256sum FILE` prints, after making sure \
            that the bytes are the right ones.",
    }
    WeakDigest "weak_digest" Error Fails Unreadable {
        title: "Only a weak digest given",
        means: "The only digest for this file is MD5, SHA-1, CRC or another short one.",
        why: "Two different files with the same MD5 or SHA-1 digest can be made on purpose, so equality \
            proves nothing about who made the file.",
        fix: "Add a SHA-256 entry for the file, which `sha256sum FILE` prints, after making sure \
            that its bytes are the right ones.",
    }
    DuplicatePath "duplicate_path" Error Fails Other {
        title: "Path is listed twice",
        means: "Two entries reach the same file: the same name again, or another spelling of it such as \
            `./name`.",
        why: "With two entries for one file, one of them may be the stale one that everybody reads. It \
            does not matter whether the digests agree.",
        fix: "Delete one of the two lines, keeping the digest that was reviewed. The report names both \
            lines.",
    }
    PathTraversal "path_traversal" Error Fails Unreadable {
        title: "Name leaves its folder",
        means: "A name in the manifest is absolute, has a drive letter, or climbs out of the folder with \
            `..`. Nothing was opened.",
        why: "Such an entry would make seal read files that are not part of the packet, which is how a \
            hostile manifest would begin.",
        fix: "Write the name relative to the packet's folder. If the list was made from another \
            folder, name that folder with `--root`.",
    }
    BadPath "bad_path" Error Fails Unreadable {
        title: "Name is not a usable path",
        means: "A name in the manifest is empty, has an empty or `.` component, a backslash used as a \
            separator, or a byte that no file name can have. Nothing was opened.",
        why: "A name that different programs read differently does not say which file is sealed.",
        fix: "Write the name relative to the folder with `/` between its parts, for example \
            `reports/summary.md`.",
    }
    PortabilityCollision "portability_collision" Warning None Other {
        title: "Names collide on other systems",
        means: "Two names differ only in letter case or Unicode normalization.",
        why: "On macOS or Windows both names are one file, so one of the two cannot be checked out there \
            and the seal breaks.",
        fix: "Rename one of the two files, and seal again: a packet with `seal create DIR`, a \
            plain list by writing the new name into its line.",
    }
    ManifestBom "manifest_bom" Warning None Other {
        title: "Manifest begins with byte-order mark",
        means: "The manifest begins with the bytes EF BB BF. It was read correctly.",
        why: "GNU sha256sum takes these bytes for a part of the first line and silently leaves its file \
            unchecked.",
        fix: "Remove the mark: `sed -i '1s/^\\xEF\\xBB\\xBF//' MANIFEST`. In a pinned packet, seal the \
            folder again with `seal create DIR` instead, since the pin covers the manifest's bytes.",
    }
    ManifestCrlf "manifest_crlf" Warning None Other {
        title: "Manifest has CRLF line ends",
        means: "The lines of the manifest end in CRLF. They were read correctly.",
        why: "Other tools take the CR for the last character of each name and find no file.",
        fix: "Convert it: `sed -i 's/\\r$//' MANIFEST`, and add `MANIFEST -text` to .gitattributes. In a \
            pinned packet, seal the folder again with `seal create DIR` instead, since the pin covers the \
            manifest's bytes.",
    }
    ManifestNotUtf8 "manifest_not_utf8" Warning None Other {
        title: "Manifest is not UTF-8 text",
        means: "The manifest is in UTF-16 or in another encoding than UTF-8. It was read correctly where \
            the encoding is marked.",
        why: "Most tools cannot read it. Windows PowerShell writes UTF-16 whenever output is redirected \
            with `>`.",
        fix: "Convert it: `iconv -f UTF-16 -t UTF-8 MANIFEST > MANIFEST.utf8`, and put the \
            result in its place. In Windows PowerShell, write with `Out-File -Encoding ascii`. \
            In a pinned packet, seal the folder again with `seal create DIR` instead, since the \
            pin covers the manifest's bytes.",
    }
    ManifestHeader "manifest_header" Warning None Other {
        title: "Manifest has header or table decoration",
        means: "The manifest has a banner, a header or rule lines of a table around its entries. They were \
            recognized and left out.",
        why: "Other tools report such lines as errors or pass over the whole file.",
        fix: "Begin those lines with `#`, or write the list with `sha256sum`.",
    }
    ManifestCommentedEntry "manifest_commented_entry" Warning None Other {
        title: "Entry stands in a comment",
        means: "A comment of the manifest holds a whole digest and a name, written like the entries around it. \
            The file was not verified.",
        why: "Commenting a line out takes a file out of the seal, and a reader of the list may not notice.",
        fix: "Take the `#` away to have the file verified. If it is to stay out of the seal, delete the line.",
    }
    ManifestOtherDigest "manifest_other_digest" Warning None Other {
        title: "Digest that belongs to no file",
        means: "The document holds a digest beside its entries that is about something else, such as a tree, \
            a commit or another document. Nothing was compared with it.",
        why: "A reader may take the digest for verified because it stands in a verified manifest.",
        fix: "Nothing to do when the digest is about no file. To have a file verified, give it an entry \
            with its path and its SHA-256.",
    }
    ManifestUppercase "manifest_uppercase" Warning None Other {
        title: "Digests are in upper case",
        means: "Digests are written with the digits A to F in place of a to f. They were compared by value.",
        why: "Tools that compare digests as text take them for different.",
        fix: "Write the list with `sha256sum` or, in a packet, with `seal create DIR`: both use \
            lower case.",
    }
    ManifestSeparator "manifest_separator" Warning None Other {
        title: "Unusual separator before the name",
        means: "Digest and name are separated by a tab or a single blank, where the format has two \
            characters. They were read correctly.",
        why: "Other tools refuse such lines or lose the first character of the name.",
        fix: "Put two blanks between digest and name. In a pinned packet, seal the folder again \
            with `seal create DIR` instead, since the pin covers the manifest's bytes.",
    }
    ManifestNoFinalNewline "manifest_no_final_newline" Warning None Other {
        title: "Manifest lacks its final newline",
        means: "The last line of the manifest does not end in a newline. It was read correctly.",
        why: "The next tool that appends an entry joins it to this line, and programs that read line by \
            line may lose the last entry.",
        fix: "Append the newline: `echo >> MANIFEST`. In a pinned packet, seal the folder again with `seal \
            create DIR` instead, since the pin covers the manifest's bytes.",
    }
    ManifestFields "manifest_fields" Note None Other {
        title: "Fields taken from structured manifest",
        means: "The manifest is JSON, CSV or a table, and the report says which of its fields were taken \
            for name, digest and length.",
        why: "Field names differ from tool to tool. A reader should be able to see that the right ones \
            were compared.",
        fix: "Nothing to do when the fields are the right ones. Otherwise write the list in the \
            plain format of `sha256sum`.",
    }
    SignatureNotChecked "signature_not_checked" Note None Other {
        title: "Signature present and not checked",
        means: "A signature file lies beside the seal. Seal does not verify signatures.",
        why: "A valid signature would prove who made the seal; that it is there proves nothing.",
        fix: "Check it with the tool that made it, for example `gpg --verify FILE`.",
    }
    // Root, pin and packet.
    RootAmbiguous "root_ambiguous" Error CannotVerify Other {
        title: "Names fit two folders",
        means: "Some names of the manifest exist only beside it, and others only under the root of the \
            repository.",
        why: "Verifying against the wrong folder would compare other files than the sealed ones. Seal \
            never mixes the two.",
        fix: "Say which folder the names are relative to: with `--root`, or with `root` for this \
            packet in seal.toml.",
    }
    RootInferred "root_inferred" Note None Other {
        title: "Names start at the repository root",
        means: "The names were found under the root of the repository, not beside the manifest, and were \
            verified there.",
        why: "About one list in five is written from the root of its repository. The report says so, \
            because the folder was inferred.",
        fix: "Nothing to do when that is right. To state it, name the folder with `--root`, or \
            set `root` for this packet in seal.toml.",
    }
    RootNotFound "root_not_found" Error CannotVerify Other {
        title: "No listed file was found",
        means: "None of the names in the manifest exists, neither beside the manifest nor under the root \
            of the repository.",
        why: "Either every file is gone or the names are relative to another folder; in both cases nothing \
            could be compared.",
        fix: "Name the folder that the list was written in with `--root`. If it belongs to a \
            download, unpack the files there first.",
    }
    TreePinMismatch "tree_pin_mismatch" Error Fails Other {
        title: "Tree pin and manifest differ",
        means: "The pin holds the SHA-256 of the manifest, and the manifest there has another digest.",
        why: "The manifest was changed after it was pinned: by a conversion of its bytes, or by somebody \
            who edited the list. Its entries cannot be relied on until it is known which.",
        fix: "If the report proves a cause, put the sealed manifest back with `seal restore DIR \
            --write`. Otherwise look at what changed it. In a git repository: `git diff HEAD -- \
            MANIFEST` and `git log -p -- MANIFEST`. Otherwise compare with the manifest of the \
            packet as you received it.",
    }
    PinMalformed "pin_malformed" Error Fails Other {
        title: "Tree pin is malformed",
        means: "The pin must hold 64 lower-case hexadecimal digits, with or without one newline behind \
            them, and nothing else. It was read and compared as well as possible.",
        why: "Whatever else is in the file, another tool may read another digest from it.",
        fix: "Write into the pin the digest that it already holds: its 64 digits in lower case, \
            one newline, and nothing else. If it holds none, put the earlier pin back. In a git \
            repository: `git log -p -- FILE`. Otherwise get it from where the packet came from. \
            Never compute it from the manifest that is there: the pin is what that manifest is \
            judged by.",
    }
    ExpectedTreeMismatch "expected_tree_mismatch" Error Fails Other {
        title: "Tree differs from the one demanded",
        means: "The manifest's digest is not the one given with `--expect-tree` or in the configuration.",
        why: "A pin beside the files proves accidents, not intent: whoever edits both wins. The digest \
            demanded from outside is the one that counts, and this packet is another one.",
        fix: "Find out which packet was meant. If this one was reviewed and is right, change the demanded \
            digest where it is kept, outside of the packet.",
    }
    KnownBroken "known_broken" Warning None Other {
        title: "Seal is known to be broken",
        means: "The configuration lists this seal under `known_broken`. It is reported as failing and does \
            not fail the run until the date given there.",
        why: "A broken seal that everybody knows about must stay visible, and must not last forever.",
        fix: "Repair the seal before the date runs out, then delete its entry under `known_broken` in \
            seal.toml.",
    }
    // The run.
    NoSealFound "no_seal_found" Error CannotVerify Other {
        title: "No seal found",
        means: "There is no manifest under the given path, or none that may be used.",
        why: "Verifying nothing would succeed always, so an empty search is not a good result.",
        fix: "Check the path, and see what was passed over with `seal verify --list`. To seal a \
            folder, run `seal create` with its name. If no seal is expected here, pass \
            `--allow-empty`.",
    }
    NoEntryForPath "no_entry_for_path" Error CannotVerify Other {
        title: "No seal lists this file",
        means: "The file was named on the command line, and no manifest that was found has an entry for it.",
        why: "Nothing is known about the bytes that this file should have.",
        fix: "Check the file's name, or name the manifest that lists it with `--manifest`.",
    }
    PathUnreadable "path_unreadable" Error CannotVerify Other {
        title: "Path cannot be read",
        means: "A path named on the command line does not exist or cannot be opened.",
        why: "What cannot be read cannot be verified, and a misspelled path must not look like a good \
            result.",
        fix: "Check the spelling and the permissions, for example with `ls -ld` and the path.",
    }
    GitFailed "git_failed" Error CannotVerify Other {
        title: "Git did not answer",
        means: "The index or a commit is to be verified, and git could not say what it holds: it is not \
            installed, the path is in no repository, or git ended with an error.",
        why: "Seal reads the index and commits through git. Without an answer nothing can be compared.",
        fix: "Read the reason in the message. Check that git is installed and found through `PATH`, and that \
            the path lies in a repository: `git -C DIR status`.",
    }
    RevisionNotFound "revision_not_found" Error CannotVerify Other {
        title: "Revision names no commit",
        means: "The revision given with `--from` names no commit in this clone: it is misspelled, nothing was \
            committed yet, or the commit was not fetched.",
        why: "A commit that is not here cannot be verified, and another one in its place would be a wrong \
            answer.",
        fix: "Check the name with `git rev-parse --verify`. In a shallow clone fetch the rest of the history \
            with `git fetch --unshallow`, or the commit alone with `git fetch origin` and its full name.",
    }
    IndexUnmerged "index_unmerged" Error CannotVerify Other {
        title: "Merge is not resolved",
        means: "The index holds several versions of a path, since a merge, rebase or cherry-pick stopped at a \
            conflict there.",
        why: "The next commit cannot be made from such an index, so there are no bytes that it would hold.",
        fix: "Resolve the conflict and stage the result with `git add`, or give the merge up with \
            `git merge --abort`.",
    }
    ArchiveUnreadable "archive_unreadable" Error CannotVerify Other {
        title: "Archive cannot be read",
        means: "The archive breaks off, goes on behind its end, contradicts itself, or is of a kind that is not \
            read here. Zip and tar are read, and tar compressed by gzip or Zstandard.",
        why: "What another program would find in such an archive is not known, so nothing in it counts as intact.",
        fix: "Get the archive again from where it came from. If it is complete, unpack it with the program that \
            made it, and verify the folder.",
    }
    ArchiveEntryRefused "archive_entry_refused" Error CannotVerify Other {
        title: "Archive entry is refused",
        means: "An entry of the archive could be read in two ways, or leads where no entry may: its name is \
            absolute, has `..`, a backslash or a drive, or is there twice; it overlaps another one; its two \
            headers differ; it is encrypted, or compressed by a method that is not read here; it is a hard link \
            to no earlier file.",
        why: "Two programs would unpack different files from such an archive, or files outside of its folder. \
            What is verified must be what everybody gets.",
        fix: "Make the archive anew from the folder, with a current program and without encryption: \
            `zip -r packet.zip packet` or `tar -czf packet.tar.gz packet`.",
    }
    ArchiveTooLarge "archive_too_large" Error CannotVerify Other {
        title: "Archive exceeds the limits",
        means: "The archive has more entries, or unpacks to more bytes, than seal reads. By default that is 200 \
            times its own length, 256 MB at least and 16 GB at most.",
        why: "A small archive can be made that unpacks to more than any disk holds. Reading it would end only \
            with the machine.",
        fix: "If the archive is honest and large, say how many bytes it may unpack to: `seal verify \
            --archive-limit 50GB` and its name.",
    }
    UsageError "usage_error" Error CannotVerify Other {
        title: "Command line cannot be followed",
        means: "The options contradict each other, or one of them has a value that cannot be used.",
        why: "Seal does not guess what was meant, since the guess would decide what is verified.",
        fix: "See the options with `seal verify --help`.",
    }
    ShardUnreadable "shard_unreadable" Error CannotVerify Other {
        title: "Shard report cannot be used",
        means: "A file given to `seal merge` is not there, breaks off, is no JSON report of a shard, was written by \
            another version of seal, or was changed after it was written: edited, formatted, or with other line ends.",
        why: "A verdict must rest on what a run said, and not on what somebody made of it.",
        fix: "Write it anew: `seal verify packets --shard 1/2 --output json=1.json`, with the version of seal that \
            joins the reports, and hand on the file as it is.",
    }
    ShardMismatch "shard_mismatch" Error CannotVerify Other {
        title: "Reports are of different sets",
        means: "The reports given to `seal merge` are of different sets: the seals, the configuration, the commits, \
            the options or the number of shards differ. Nothing of them is joined.",
        why: "The parts of two sets put together are neither: each could lack exactly the seal that is broken.",
        fix: "Let every shard judge the same commit with the same paths and options, only `--shard` differs: \
            `seal verify packets --shard 1/2 --output json=1.json` and `seal verify packets --shard 2/2 --output \
            json=2.json`. Then `seal merge 1.json 2.json`.",
    }
    ShardRepeated "shard_repeated" Error CannotVerify Other {
        title: "Shard is reported twice",
        means: "Two of the reports given to `seal merge` are of the same shard. The first is used.",
        why: "Two reports of one shard come from two runs, and it is not known which of them is meant; often it \
            is a report of an earlier run that stands in place of the right one.",
        fix: "Give each shard's report once. In a folder that is kept between runs, remove the old reports first, for \
            example `rm -f reports/*.json`.",
    }
    ShardMissing "shard_missing" Error CannotVerify Other {
        title: "Report of a shard is missing",
        means: "The seals were split with `--shard K/N`, and `seal merge` was not given a usable report of every \
            shard. What it was given is shown and judged.",
        why: "What nobody reports was perhaps never judged, so the whole is not good, however good the rest is.",
        fix: "See why the job of that shard ended without a report, run it again, for example `seal verify packets \
            --shard 2/4 --output json=2.json`, and join all of them: `seal merge 1.json 2.json 3.json 4.json`.",
    }
    NotWritten "not_written" Error CannotVerify Other {
        title: "File was not written",
        means: "A command that writes could not put a file in its place, and left what stood there.",
        why: "A half-written seal or a seal over unchecked bytes would be worse than none.",
        fix: "Read the reason, make the folder writable or move away what is in the way, and run the command again.",
    }
    ResealOverDrift "reseal_over_drift" Error CannotVerify Other {
        title: "Resealing would bless proven drift",
        means: "The folder has a seal, and files in it differ from it by nothing but a proven drift, such as \
            converted line endings. Nothing was written.",
        why: "Nobody decided to change these files. A new seal over them would make the damage look \
            reviewed, and the sealed bytes could no longer be proven.",
        fix: "Put the sealed bytes back with `seal restore DIR --write`, then seal again. If the drifted \
            bytes are the ones you want, say which drift is meant: `seal create DIR --accept-drift CODE`.",
    }
    ConfigInvalid "config_invalid" Error CannotVerify Other {
        title: "Configuration is not valid",
        means: "seal.toml cannot be read as configuration: its syntax is broken, a key is unknown, or a \
            value has the wrong type.",
        why: "A misspelled key would leave a rule switched off that everybody believes to be on.",
        fix: "Correct the marked line. The message names the nearest known key where there is one.",
    }
    ConfigIgnored "config_ignored" Warning None Other {
        title: "Configuration was not read",
        means: "A `seal.toml` stands in the folder, and seal did not read it: configuration comes from the root of the enclosing git repository or from `--config`.",
        why: "Whoever wrote it may believe that its rules hold. A configuration that arrives with the files it judges must not judge them.",
        fix: "Read it on purpose with `--config FILE`, move it to the root of the repository, or remove it.",
    }
    ConfigInsidePacket "config_inside_packet" Error CannotVerify Other {
        title: "Packet weakens its own gate",
        means: "A seal.toml inside of a sealed folder has a key that would make verification less strict.",
        why: "Whoever can write into a packet must not decide how strictly it is judged.",
        fix: "Move the key to the seal.toml at the root of the repository, or delete it.",
    }
    EvidenceSyntax "evidence_syntax" Error Fails Other {
        title: "Evidence is not strict JSON",
        means: "A sealed document that a check reads is empty, broken off, or not JSON by the letter of \
            RFC 8259: a comment, a trailing comma, `NaN`, something behind the end.",
        why: "Tolerant readers disagree on such text. What one of them approved another never saw.",
        fix: "Write the document as strict JSON, then seal the packet again.",
    }
    EvidenceEncoding "evidence_encoding" Error Fails Other {
        title: "Evidence is not plain UTF-8",
        means: "A document that a check reads begins with a byte-order mark, is UTF-16, or holds bytes \
            that are no UTF-8.",
        why: "JSON is exchanged as UTF-8 without a mark. Readers that guess may each read another text.",
        fix: "Save the document as UTF-8 without a byte-order mark, then seal the packet again.",
    }
    EvidenceDuplicateKey "evidence_duplicate_key" Error Fails Other {
        title: "Evidence says one thing twice",
        means: "An object in a document has a name twice, perhaps once of them written with `\\u` escapes.",
        why: "Most readers keep the last value and some the first. Both values can be shown to somebody.",
        fix: "Remove one of the two, then seal the packet again.",
    }
    EvidenceTooLarge "evidence_too_large" Error CannotVerify Other {
        title: "Evidence document is too large",
        means: "A document is longer, holds more values or nests deeper than any evidence does.",
        why: "Reading it could take all memory. What was not read was not judged.",
        fix: "Split the document, or name the right one for the check in seal.toml under `evidence`.",
    }
    EvidenceFieldMissing "evidence_field_missing" Error Fails Other {
        title: "Evidence lacks a field",
        means: "A field that decides something is not in the document, under none of its known names.",
        why: "What is not said is not shown. A missing field is never taken for `false` or for zero.",
        fix: "Add the field. If your documents use another name for it, list that in a profile under \
            `spellings`.",
    }
    EvidenceFieldTwice "evidence_field_twice" Error Fails Other {
        title: "Evidence contradicts itself",
        means: "An object has one field under two of its known names, with different values.",
        why: "A reader that knows one name sees another value than a reader that knows the other.",
        fix: "Keep one of the two, then seal the packet again.",
    }
    EvidenceWrongType "evidence_wrong_type" Error Fails Other {
        title: "Evidence value has another type",
        means: "A value is not of the type that is due: a word where `true` or `false` must stand, a list \
            in the place of an object, `null`, a number with a fraction.",
        why: "Words such as `NO` are read as true by most programs. Only the literal value is evidence.",
        fix: "Write a value of the type that the message names, then seal the packet again.",
    }
    EvidenceUnknownValue "evidence_unknown_value" Error Fails Other {
        title: "Evidence value is not known",
        means: "A field that decides something has a value that is none of the known ones.",
        why: "An unknown value has no agreed meaning. It is never taken for a harmless one.",
        fix: "Write one of the known values, or add yours to a profile in seal.toml.",
    }
    EvidenceDigestMalformed "evidence_digest_malformed" Error Fails Other {
        title: "Digest cannot be compared",
        means: "Where a SHA-256 is due there are not 64 hexadecimal digits: it is abbreviated, broken in \
            two, or another word.",
        why: "A part of a digest matches many files. It is for display only and is never a match.",
        fix: "Write all 64 digits, as `sha256sum FILE` prints them.",
    }
    EvidenceDigestCase "evidence_digest_case" Error Fails Other {
        title: "Digest is not in lower case",
        means: "A digest in a document has upper-case digits. It is the same digest, in another spelling.",
        why: "Tools that compare digests as text call two equal ones different, and the reverse is hidden.",
        fix: "Write the digest in lower case, then seal the packet again.",
    }
    EvidenceUnsealed "evidence_unsealed" Warning None Other {
        title: "Evidence is not sealed",
        means: "A document that a check reads lies in the packet and no entry of the manifest names it. \
            What is wrong in it counts; what is right in it does not.",
        why: "Anybody could have written it after the review.",
        fix: "Seal the document with the packet, or remove it.",
    }
    EvidenceTwice "evidence_twice" Error Fails Other {
        title: "Two documents for one purpose",
        means: "The packet holds two documents of the same kind where one is due.",
        why: "They may differ, and nobody could say which of them was reviewed.",
        fix: "Remove one of them, or say in seal.toml under `evidence` which one counts.",
    }
    EvidenceMisnamed "evidence_misnamed" Error Fails Other {
        title: "Evidence under another name",
        means: "A sealed document has nearly the name, or the fields, of one that a check reads, and the packet \
            has none under that name: nothing read it. For a name in a packet without other evidence, for one in \
            another folder, and beside the document itself, that is suspected.",
        why: "What it says was not judged, whatever it says; people who open it will believe that it was.",
        fix: "Give it the name that the profile has for it and seal the packet again, or name it under \
            `documents` of a profile in seal.toml.",
    }
    MirrorExtra "mirror_extra" Error Fails Other {
        title: "Listed file is not sealed",
        means: "The packet's own list of files names a file that the seal does not, or names one twice, or a \
            file that is said to be kept elsewhere lies in the mirror as well.",
        why: "A list that promises more than is sealed makes readers trust files that nobody reviewed.",
        fix: "Seal the file, or take it out of the list, then seal the packet again. Take a file that is kept \
            elsewhere out of the mirror.",
    }
    MirrorMissing "mirror_missing" Error Fails Other {
        title: "Sealed file is not listed",
        means: "The seal names a file that the packet's own list of files leaves out.",
        why: "A mirror that is made from the list would lack a sealed file.",
        fix: "Add the file to the list, then seal the packet again.",
    }
    MirrorDigestDiffers "mirror_digest_differs" Error Fails Other {
        title: "Two lists have other digests",
        means: "The packet's own list of files and its seal give one file different digests.",
        why: "One of the two was not made from the bytes that were reviewed.",
        fix: "Write the digest that `sha256sum FILE` prints into the list, then seal the packet again.",
    }
    PacketClaimsAuthority "packet_claims_authority" Error Fails Other {
        title: "Packet gives itself authority",
        means: "The packet's own description says that it may gate or that it has an effect on decisions.",
        why: "Evidence informs a decision. A packet that grants itself one could pass by its own word.",
        fix: "Write `\"may_gate\": false` and `\"decision_effect\": \"NONE\"`, then seal the packet again.",
    }
    RecordedTreeDiffers "recorded_tree_differs" Error Fails Other {
        title: "Recorded tree is another",
        means: "A document of the packet records a tree, and the digest of the manifest is another one.",
        why: "What was recorded was computed over another state of the packet.",
        fix: "Record the tree that `sha256sum HASH_MANIFEST.txt` prints, outside of the sealed files.",
    }
    RecordedCountDiffers "recorded_count_differs" Error Fails Other {
        title: "Recorded number is another",
        means: "A document records how many files there are, and another number is counted here.",
        why: "Files were added or lost after the record was made, or it was never counted.",
        fix: "Correct the number, or put back what is missing, then seal the packet again.",
    }
    RecordedExitDiffers "recorded_exit_differs" Error Fails Other {
        title: "Recorded exit is not expected",
        means: "A recorded step ended with an exit status other than the one it says is expected, or with one \
            that there is not.",
        why: "The gate did not hold when the packet was made, and was sealed nevertheless.",
        fix: "Run the step again and find out why it ended so; seal only runs that held.",
    }
    RecordedRunFailed "recorded_run_failed" Error Fails Other {
        title: "Recorded run did not hold",
        means: "The recorded result of a script is not one of the results that say that all gates held, or the \
            script cannot have ended so.",
        why: "The packet's own run says that something is wrong.",
        fix: "Run the script again, mend what it reports, record its last line, then seal the packet \
            again.",
    }
    RecordedStepsDiffer "recorded_steps_differ" Error Fails Other {
        title: "Recorded steps differ",
        means: "The recorded steps and the gates of the commands are not the same, a step is recorded \
            twice or not at all, the first gate, G0, does not compare the manifest, or a gate holds whatever \
            it finds.",
        why: "A gate that is left out of the record may have failed or never have run.",
        fix: "Record every gate of the commands once, then seal the packet again.",
    }
    RecordedPacketDiffers "recorded_packet_differs" Error Fails Other {
        title: "Recorded runs are of another packet",
        means: "The record of the runs names another packet than this one, or a later day than the machine report. An \
            earlier day is a warning.",
        why: "Runs of another packet say nothing about the bytes of this one.",
        fix: "Run the gates of this packet, record them, then seal the packet again.",
    }
    RecordedScriptMissing "recorded_script_missing" Error Fails Other {
        title: "Recorded script is not there",
        means: "A recorded step or result names a script that is not sealed in the packet.",
        why: "A script that is not there was either never run or is not the one that was reviewed.",
        fix: "Add the script to the packet, or correct the step, then seal the packet again.",
    }
    RerunComparesNothing "rerun_compares_nothing" Warning None Other {
        title: "Rerun compares no digest",
        means: "The script that runs everything again compares no digest, or goes on whatever it finds, so it ends \
            well over changed files.",
        why: "Its result says nothing about the bytes of the packet.",
        fix: "Let it compare the manifest, for example with `sha256sum -c HASH_MANIFEST.txt`.",
    }
    EntryExitDiffers "entry_exit_differs" Error Fails Other {
        title: "Reading changed the clone",
        means: "The digest of the clone after the read-only leg is not the digest before it.",
        why: "Something wrote to the clone while it was only to be read; later states prove nothing.",
        fix: "Find what wrote to the clone, and hold the rehearsal again.",
    }
    ExecutorChanged "executor_changed" Error Fails Other {
        title: "Executor changed during the rehearsal",
        means: "The executor's digest after the rehearsal is not its digest before.",
        why: "Nobody can say which of the two programs made the recorded states.",
        fix: "Hold the rehearsal again with an executor that stays as it is.",
    }
    RehearsalLegMissing "rehearsal_leg_missing" Error Fails Other {
        title: "A leg is not recorded",
        means: "The evidence of the rehearsal lacks one of the legs that a rehearsal has.",
        why: "What was not recorded was not shown: each leg proves something that the others do not.",
        fix: "Hold the leg and record it, then seal the packet again.",
    }
    RehearsalLegNotProven "rehearsal_leg_not_proven" Error Fails Other {
        title: "A leg proves nothing",
        means: "The entry of a leg does not show that the clone was changed and brought back.",
        why: "A rehearsal in which nothing happened looks exactly like one that worked.",
        fix: "Look at the entry's states; hold the leg again with a change that shows.",
    }
    RehearsalFlagDisagrees "rehearsal_flag_disagrees" Error Fails Other {
        title: "Recorded flag is wrong",
        means: "A flag in the evidence says something other than the digests beside it.",
        why: "Flags are written by hand. The digests are what was measured.",
        fix: "Find out which of the two is right, correct the other, then seal the packet again.",
    }
    RehearsalNotPerformed "rehearsal_not_performed" Error Fails Other {
        title: "Rehearsal was not performed",
        means: "The evidence says that no rehearsal was performed, and the packet's status does not say that \
            nothing was applied.",
        why: "A packet whose rehearsal did not happen must not look like one whose rehearsal worked.",
        fix: "Hold the rehearsal, or give the packet a status that ends in `NOT_APPLIED`.",
    }
    LockIdDiffers "lock_id_differs" Error Fails Other {
        title: "Documents speak of different locks",
        means: "Two documents of the rehearsal name different target locks.",
        why: "Evidence of two clones was put together as if it were of one.",
        fix: "Use the documents of one rehearsal only, then seal the packet again.",
    }
    RollbackHashMissing "rollback_hash_missing" Error Fails Other {
        title: "Rollback state is missing",
        means: "An entry of a rollback lacks the state before, after the apply, or after the rollback.",
        why: "Without all three nobody can tell whether something was changed and brought back.",
        fix: "Record the missing digest, or hold the rehearsal again.",
    }
    RollbackApplyDidNotMutate "rollback_apply_did_not_mutate" Error Fails Other {
        title: "Apply changed nothing",
        means: "The state after the apply is the state before it.",
        why: "Taking back nothing always works. The rollback was never tested.",
        fix: "Hold the rehearsal with an apply that changes something, and record its states.",
    }
    RollbackNotRestored "rollback_not_restored" Error Fails Other {
        title: "Rollback did not restore",
        means: "The state after the rollback is not the state before the apply.",
        why: "The way back does not lead back. Production would stay changed.",
        fix: "Mend the rollback until the states are equal, and hold the rehearsal again.",
    }
    RollbackNotRestoredToPin "rollback_not_restored_to_pin" Error Fails Other {
        title: "Rollback missed its pinned state",
        means: "The state after the rollback is not the one that the entry pins.",
        why: "The pinned state is what was agreed on; another one is a failed rollback.",
        fix: "Mend the rollback, or correct the pin if the wrong state was pinned.",
    }
    RollbackFlagDisagrees "rollback_flag_disagrees" Error Fails Other {
        title: "Rollback flag is wrong",
        means: "A flag of the rollback evidence says something other than the states do.",
        why: "Flags are written by hand or by the program under test. The states are what was measured.",
        fix: "Correct the flag, or find out why the states are not what was expected.",
    }
    RollbackRowsDisagree "rollback_rows_disagree" Error Fails Other {
        title: "Row counts contradict the states",
        means: "Counts of rows differ where the states are equal, or count what is absent.",
        why: "Counts and digests were not taken of the same thing.",
        fix: "Take both from one snapshot, and record them again.",
    }
    RollbackEntryTwice "rollback_entry_twice" Error Fails Other {
        title: "Rollback entry is listed twice",
        means: "Two entries have the same identifier.",
        why: "A reader that keeps one of them hides the other.",
        fix: "Give each entry its own identifier, then seal the packet again.",
    }
    RollbackNoEntries "rollback_no_entries" Error Fails Other {
        title: "Proof without entries",
        means: "A rollback is claimed as proven, and no entry is listed.",
        why: "A proof of nothing is no proof.",
        fix: "List an entry for each thing that was changed, or take the claim back.",
    }
    RollbackEntriesDiffer "rollback_entries_differ" Error Fails Other {
        title: "Documents list different entries",
        means: "Two documents list rollback entries and do not list the same ones with the same states.",
        why: "At least one of them was not written from what was measured.",
        fix: "Write both from the same run, then seal the packet again.",
    }
    RollbackStateNotAvailable "rollback_state_not_available" Error Fails Other {
        title: "State stands for nothing",
        means: "A state says that there was nothing to look at, and the packet claims more than that.",
        why: "Such a state proves nothing. It is legal only where nothing was applied.",
        fix: "Hold the rehearsal, or give the packet a status that ends in `NOT_APPLIED`.",
    }
    ProductionRollbackClaimed "production_rollback_claimed" Error Fails Other {
        title: "Rollback in production is claimed",
        means: "The evidence gives a rollback in production another status than that it does not apply.",
        why: "A rehearsal on a clone says nothing about production.",
        fix: "Write `NOT_APPLICABLE` with the reason, then seal the packet again.",
    }
    ProbeFailOpen "probe_fail_open" Error Fails Other {
        title: "Bad input was let through",
        means: "A probe with bad input ended with 0, printed a word that grants something, or the record \
            says that a probe failed open.",
        why: "The gate lets through what it is there to stop.",
        fix: "Mend the gate until the probe is refused, then run all probes again.",
    }
    ProbeClassMissing "probe_class_missing" Error Fails Other {
        title: "Class of bad input is untried",
        means: "The record has no probe of a class that the suite demands.",
        why: "A hole in the gate of that class would not show.",
        fix: "Add a probe of the class, and run all probes again.",
    }
    ProbeClassUnknown "probe_class_unknown" Error Fails Other {
        title: "Class of bad input is unknown",
        means: "A probe is of a class that its suite does not have.",
        why: "It counts for nothing, and may stand in the place of a class that was left out.",
        fix: "Use the class that the suite names, or add yours to a profile in seal.toml.",
    }
    ProbeWrongCode "probe_wrong_code" Error Fails Other {
        title: "Probe was refused otherwise",
        means: "A probe was refused without a code or with another code than its class is due.",
        why: "It was stopped by chance: the rule under test may not work at all.",
        fix: "Find out what refused it. Change the input until only the rule under test can refuse it.",
    }
    ProbeNoControl "probe_no_control" Error Fails Other {
        title: "No control was let through",
        means: "No good input was tried, or one was refused.",
        why: "A gate that refuses everything refuses every bad input too. Only a control tells the two \
            apart.",
        fix: "Add a good input as a control, and mend the gate until it is let through.",
    }
    ProbeCountDiffers "probe_count_differs" Error Fails Other {
        title: "Number of probes is wrong",
        means: "The record sums up another number of probes than it lists.",
        why: "Probes were left out of the list or never run.",
        fix: "Write the numbers from the lists, then seal the packet again.",
    }
    ProbeTwice "probe_twice" Error Fails Other {
        title: "Probe is listed twice",
        means: "Two probes have the same identifier.",
        why: "One run may stand in the record for two.",
        fix: "Give each probe its own identifier, then seal the packet again.",
    }
    ProbeExitDiffers "probe_exit_differs" Error Fails Other {
        title: "Probe ended unexpectedly",
        means: "A probe ended with an exit status other than the one that was expected of it.",
        why: "It was not refused the way the gate refuses: the program may have crashed.",
        fix: "Look at the probe's output, mend the gate, and run all probes again.",
    }
    ValidatorNotPinned "validator_not_pinned" Error Fails Other {
        title: "Validator is not the pinned one",
        means: "The validator's bytes, or the digest recorded with its runs, are not what the profile pins.",
        why: "A changed validator can call anything good.",
        fix: "Put the pinned validator back. If the new one was reviewed, pin its digest in the profile.",
    }
    ValidatorSelftestFailed "validator_selftest_failed" Error Fails Other {
        title: "Validator's own test failed",
        means: "The validator's self-test, or its run over good evidence, did not end well.",
        why: "A validator that does not hold its own test judges nothing.",
        fix: "Mend the validator, review it, and pin its new digest.",
    }
    ValidatorRunMissing "validator_run_missing" Error Fails Other {
        title: "Validator run is not recorded",
        means: "A run that the validator must have made is not recorded.",
        why: "Without its controls nobody knows whether the validator can refuse anything.",
        fix: "Make the run and record it, then seal the packet again.",
    }
    NegativeControlPassed "negative_control_passed" Error Fails Other {
        title: "Negative control was let through",
        means: "The validator let through evidence that was made bad on purpose.",
        why: "It lets through what it is there to stop.",
        fix: "Mend the validator until it refuses the control, and run everything again.",
    }
    NegativeControlWrongCode "negative_control_wrong_code" Error Fails Other {
        title: "Negative control refused otherwise",
        means: "The negative control was refused, and not with the code that is due for an entry of this \
            packet.",
        why: "It was refused for another reason; the rule under test may not work at all.",
        fix: "Let the control differ from good evidence in nothing but the missing mutation, and record \
            its code.",
    }
    TargetNotIsolated "target_not_isolated" Error Fails Other {
        title: "Target is not shown isolated",
        means: "What was recorded of the rehearsal's target does not show a local temporary clone with no \
            contact to production.",
        why: "A rehearsal on anything else may have changed what must not be touched.",
        fix: "Hold the rehearsal on an isolated clone: a local copy in a temporary folder, which only its owner may read.",
    }
    CloneContainsSecrets "clone_contains_secrets" Error Fails Other {
        title: "Clone may hold secrets",
        means: "A clone that is there and allowed is not shown to be free of secrets.",
        why: "A clone is copied and thrown away; whatever is in it gets around.",
        fix: "Clean the clone, or take it out of use.",
    }
    CloneVerdictDiffers "clone_verdict_differs" Error Fails Other {
        title: "Clone verdict contradicts its table",
        means: "The verdict on clones does not follow from the candidates, a candidate is listed twice, or a \
            rehearsal is claimed without a clone.",
        why: "The verdict decides whether a rehearsal may be believed.",
        fix: "Correct the verdict or the table, then seal the packet again.",
    }
    SchemaEntityMissing "schema_entity_missing" Error Fails Other {
        title: "Required entity is not specified",
        means: "An entity that the schema must specify is not in the table.",
        why: "A rehearsal on a clone without it says nothing about production.",
        fix: "Specify the entity, then seal the packet again.",
    }
    SchemaEntityTwice "schema_entity_twice" Error Fails Other {
        title: "Entity is specified twice",
        means: "One entity stands in the table twice.",
        why: "The two rows may say different things, and readers take one of them.",
        fix: "Join the two rows, then seal the packet again.",
    }
    SchemaMismatchIgnored "schema_mismatch_ignored" Error Fails Other {
        title: "Mismatch of the schema was ignored",
        means: "A clone is there whose schema lacks something or does not match, or there is none and it is \
            said to have something.",
        why: "What works on another schema need not work in production.",
        fix: "Use a clone whose schema matches, or say that there is none.",
    }
    SchemaVerdictDiffers "schema_verdict_differs" Error Fails Other {
        title: "Schema verdict does not follow",
        means: "The verdict on the schema does not follow from whether there is a clone, or another document \
            says otherwise.",
        why: "Without a clone nothing was checked; the verdict must say so.",
        fix: "Write the verdict that is due, then seal the packet again.",
    }
    SchemaReadLive "schema_read_live" Error Fails Other {
        title: "Schema was read live",
        means: "The document says that a live system was read for it.",
        why: "A packet is made without contact to production.",
        fix: "Make the specification from files, without contact.",
    }
    PinMismatch "pin_mismatch" Error Fails Other {
        title: "Pinned artifact has other bytes",
        means: "The packet pins an earlier artifact, and the bytes that are here have another digest or length, or \
            the configuration pins another one.",
        why: "What was reviewed before is not what this packet builds on.",
        fix: "Compare with the artifact that was reviewed. Correct the pin or put the artifact back, then seal the \
            packet again.",
    }
    PinFromReportOnly "pin_from_report_only" Error Fails Other {
        title: "Pin is copied from a report",
        means: "A pin was taken over from a report, and the artifact's bytes are not here to compute it from.",
        why: "A digest that nobody computed is a sentence, not evidence: whoever wrote the report chose it.",
        fix: "Compute the digest from the artifact's bytes: seal it in the packet, name it under `references`, or \
            verify with `--predecessor`.",
    }
    PinUnverifiable "pin_unverifiable" Warning None Other {
        title: "Pin cannot be recomputed",
        means: "The pinned artifact is neither in the packet nor among what it refers to, its digest is abbreviated, \
            or it is one of another domain than raw bytes.",
        why: "Nothing is known of such a pin. An abbreviated digest is for display and never a match.",
        fix: "Write all 64 digits, and have the artifact's bytes: in the packet, under `references`, or in the packet \
            that `--predecessor` names.",
    }
    FlagNotBacked "flag_not_backed" Error Fails Other {
        title: "Flag without backing",
        means: "The packet says that something is bound or applied, and no artifact that would show it was recomputed.",
        why: "A flag is a claim of its own author.",
        fix: "Pin the artifact that backs the flag and have its bytes here, or set the flag to `false`.",
    }
    RevisionDrifted "revision_drifted" Error Fails Other {
        title: "Another revision than the pinned one",
        means: "A document has another revision than the one that was pinned or cited, or other bytes under the \
            revision that it had before.",
        why: "What was reviewed is the pinned revision. The next one was not.",
        fix: "Review the revision that is there and pin it, or put the pinned one back.",
    }
    PredecessorUnverified "predecessor_unverified" Error CannotVerify Other {
        title: "Predecessor is not verified",
        means: "The packet that this one is compared with could not be verified against its own seal, or \
            holds nothing that can be compared.",
        why: "What is not verified is no evidence, neither for this packet nor against it.",
        fix: "Run `seal verify` on the predecessor and repair what it says, or name the right folder.",
    }
    TimelineReversed "timeline_reversed" Error Fails Other {
        title: "Packet is older than its predecessor",
        means: "A date of this packet lies before the same date of the packet that it follows.",
        why: "What follows cannot have been made before: one of the dates, or the order of the packets, is wrong.",
        fix: "Correct the date, or name the packet that really came before.",
    }
    ReportPublishedTwice "report_published_twice" Error Fails Other {
        title: "Machine report published twice",
        means: "Two machine reports are the report of one lane, delegation and day.",
        why: "Readers take one of the two, and nobody can say which was reviewed.",
        fix: "Keep one report. A later one needs a date or a `report_id` of its own.",
    }
    SurfaceTouched "surface_touched" Error Fails Other {
        title: "Forbidden surface was touched",
        means: "A surface that must not be touched has another state than an untouched one, or a flag that must be \
            `false` is `true`.",
        why: "The packet's authority ends where these surfaces begin.",
        fix: "Find out what was done. A packet that touched such a surface cannot be repaired by editing it.",
    }
    SurfaceMissing "surface_missing" Error Fails Other {
        title: "Surface is not accounted for",
        means: "A surface that must be shown untouched is not in the list.",
        why: "What is not listed was not looked at.",
        fix: "Add the surface with its state, then seal the packet again.",
    }
    SurfaceTwice "surface_twice" Error Fails Other {
        title: "Surface is listed twice",
        means: "One surface stands in the list twice.",
        why: "The list then holds fewer surfaces than it has rows.",
        fix: "Join the two rows, then seal the packet again.",
    }
    SurfaceCountDiffers "surface_count_differs" Error Fails Other {
        title: "Count of surfaces differs",
        means: "The recorded number of surfaces or calls is not the number in the list.",
        why: "A row was lost or added after the count was written.",
        fix: "Correct the list or the count, then seal the packet again.",
    }
    SurfaceFlagsMissing "surface_flags_missing" Error Fails Other {
        title: "No machine report with the flags",
        means: "The packet has a proof of forbidden surfaces and no machine report, whose flags must be `false`.",
        why: "A proof that says less than the report is due to say leaves the rest open.",
        fix: "Add the machine report with the flags, then seal the packet again.",
    }
    ToolNotAllowed "tool_not_allowed" Error Fails Other {
        title: "Tool is not allowed",
        means: "The log holds a call of a tool that is forbidden or not among the allowed ones.",
        why: "Such a tool can reach what must not be touched.",
        fix: "Find out what the call did. If the tool is meant to be allowed, add it to `allowed_tools` of the profile.",
    }
    ToolPathNotAllowed "tool_path_not_allowed" Error Fails Other {
        title: "Tool was used on another path",
        means: "An allowed tool was called on a path outside of the allowed ones.",
        why: "A harmless tool does harm in the wrong place.",
        fix: "Find out what the call did. If the path is meant to be allowed, add it to `allowed_paths` of the profile.",
    }
    GateWiredToProduction "gate_wired_to_production" Error Fails Other {
        title: "Designed gate is wired to production",
        means: "The gate is described as designed, and the document says that it is wired to production.",
        why: "A design changes nothing. What is wired acts, and needs an authority that a design does not have.",
        fix: "Take the wiring back, or have it authorized and described as what it is.",
    }
    GateTriggered "gate_triggered" Error Fails Other {
        title: "Designed gate was triggered",
        means: "The gate is described as designed, and the document says that it ran.",
        why: "A gate that ran is more than a design.",
        fix: "Find out what it did, and describe the gate as what it is.",
    }
    GateResolvesBlocker "gate_resolves_blocker" Error Fails Other {
        title: "Designed gate resolves a blocker",
        means: "The design of a gate is said to resolve a blocker, or a blocker is closed on its evidence alone.",
        why: "A design shows what may be done, not that it was.",
        fix: "Leave the blocker open until something other than the design closes it.",
    }
    CiReadLive "ci_read_live" Error Fails Other {
        title: "Live system was read",
        means: "The document on continuous integration says that a live system was contacted for it.",
        why: "A packet is made without contact to production.",
        fix: "Make the document from files, without contact.",
    }
    CiUnknownClosed "ci_unknown_closed" Error Fails Other {
        title: "Unknown counts as closed",
        means: "Something about continuous integration is still unknown or was not looked at, and its blocker is \
            said to be closed.",
        why: "What nobody looked at cannot have been settled.",
        fix: "Leave the blocker open and say whose input it needs.",
    }
    BlockerDropped "blocker_dropped" Error Fails Other {
        title: "Blocker disappeared",
        means: "A blocker of the configuration, or one that the predecessor lists, is not in the map.",
        why: "A blocker ends by being closed with evidence, never by being left out.",
        fix: "List it again with its state, then seal the packet again.",
    }
    OpenCountDiffers "open_count_differs" Error Fails Other {
        title: "Count of open blockers differs",
        means: "The recorded number of blockers is not the one counted here. Classified, narrowed and partially \
            discharged blockers are open.",
        why: "The count is what people read, and it decides how far production is.",
        fix: "Correct the count or the states, then seal the packet again.",
    }
    BlockerTwice "blocker_twice" Error Fails Other {
        title: "Blocker is listed twice",
        means: "Two rows of the map have one identifier.",
        why: "They may have different states, and readers take one of them.",
        fix: "Join the two rows, then seal the packet again.",
    }
    BlockerUnassigned "blocker_unassigned" Error Fails Other {
        title: "Open blocker has nobody to act",
        means: "A blocker is open, and nobody or nothing is named that would close it.",
        why: "What nobody is due to do stays open for ever.",
        fix: "Name the actor and the next action, then seal the packet again.",
    }
    BlockerStateDisagrees "blocker_state_disagrees" Error Fails Other {
        title: "Blocker is open and closed",
        means: "Two fields of one row say different things of its state.",
        why: "Readers believe one of the two.",
        fix: "Correct the row, then seal the packet again.",
    }
    NewlyClosedDiffers "newly_closed_differs" Error Fails Other {
        title: "Newly closed blockers do not follow",
        means: "A blocker is said to be newly closed and is open, unknown or was closed before, or one was closed and \
            is not said to be.",
        why: "Closing a blocker is the step that needs review; it must be seen.",
        fix: "List exactly the blockers that were open before and are closed now.",
    }
    BlockerClosedUnproven "blocker_closed_unproven" Error Fails Other {
        title: "Blocker closed without proof",
        means: "The evidence that a closed blocker names is nothing, the map itself, or not sealed in the packet. Where \
            a blocker was closed and its row names no evidence at all, this is a warning.",
        why: "A blocker ends by being closed with evidence. Without it, somebody only said so.",
        fix: "Seal the evidence in the packet and name it in the row, or leave the blocker open.",
    }
    DecisionSelectedItself "decision_selected_itself" Error Fails Other {
        title: "Packet decided for itself",
        means: "An option of the decision is selected. It must be `null`.",
        why: "The packet lays options before somebody. Whoever writes it does not choose.",
        fix: "Set the selection to `null`; the owner decides outside of the packet.",
    }
    DecisionNotHeld "decision_not_held" Error Fails Other {
        title: "Default is not to hold",
        means: "The default of the decision is another one than to hold.",
        why: "What happens when nobody decides must be nothing.",
        fix: "Set the default to the option that holds, then seal the packet again.",
    }
    DecisionOptionsDiffer "decision_options_differ" Error Fails Other {
        title: "Options of the decision differ",
        means: "The options are not the ones that there are, each once, or more or less than the default is marked as \
            the default.",
        why: "An option that is left out cannot be chosen, and one that was added was never reviewed.",
        fix: "List every option once, then seal the packet again.",
    }
    DecisionSigned "decision_signed" Error Fails Other {
        title: "Form is signed in the packet",
        means: "The owner's signature is another word than the one for unsigned.",
        why: "Whoever writes a packet can write a name into it. A signature counts outside of it.",
        fix: "Leave the form unsigned, then seal the packet again.",
    }
    ExecutionNotGranted "execution_not_granted" Error Fails Other {
        title: "Execution without its grants",
        means: "Execution is said to be open or authorized while a blocker is open, or an irreversible action has no \
            grant of its own.",
        why: "What cannot be taken back needs every blocker closed and somebody's word for each action.",
        fix: "Close the blockers, get a grant for each irreversible action, or say that execution is not authorized.",
    }
    PreconditionsDiffer "preconditions_differ" Error Fails Other {
        title: "Preconditions are not the blockers",
        means: "The preconditions and the blocker map do not name the same blockers, or a precondition has another \
            state than its blocker.",
        why: "A blocker without a precondition is passed over when it is decided.",
        fix: "Give every blocker its precondition, and both the same state.",
    }
    DelegationMissing "delegation_missing" Error Fails Other {
        title: "No delegation is recorded",
        means: "The packet does not record the delegation that its lane acted under.",
        why: "Without one nobody allowed what was done.",
        fix: "Record the delegation in the delegation lock and the machine report. If there was none, the work had no \
            authority.",
    }
    DelegationConsumedTwice "delegation_consumed_twice" Error Fails Other {
        title: "Delegation used by two lanes",
        means: "One delegation is consumed by more than one lane, or more than once, or one lane consumed another one \
            beside its own.",
        why: "A delegation is given for one lane. Used again it was not given.",
        fix: "Get a delegation for the other lane, or correct the records.",
    }
    PinIsNoAuthority "pin_is_no_authority" Error Fails Other {
        title: "Pin alone taken for authority",
        means: "A source, grant or authority names nothing but a pin that is never authority by itself.",
        why: "A digest says which bytes are meant, not that somebody allowed something.",
        fix: "Name who granted what, beside the pin.",
    }
    ReservationCollision "reservation_collision" Error Fails Other {
        title: "Reserved objects collide",
        means: "A reserved range overlaps another one, an object that exists, or one that the predecessor reserved.",
        why: "Two things would have one identifier.",
        fix: "Reserve the range that begins after the last reserved object.",
    }
    ReservationRangeDiffers "reservation_range_differs" Error Fails Other {
        title: "Range is not the due one",
        means: "A range does not begin right after the ceiling, ends before it begins, or the objects listed are not \
            those of the range.",
        why: "A gap or a wrong list makes the next reservation collide.",
        fix: "Begin at the ceiling plus one and list exactly the objects of the range.",
    }
    ReservationCeilingDiffers "reservation_ceiling_differs" Error Fails Other {
        title: "Ceiling or fold maximum differs",
        means: "The recorded reservation ceiling or fold maximum is not the known one. They are two different numbers.",
        why: "Whoever takes one for the other reserves objects that are taken.",
        fix: "Correct the number, then seal the packet again.",
    }
    ReservationApplied "reservation_applied" Error Fails Other {
        title: "Reservation is more than a proposal",
        means: "The reservation is to be applied now, folded into the canon, has another state than proposed, or is no \
            addendum of its own.",
        why: "A reservation only proposes. Applying it is another decision.",
        fix: "Leave it proposed and apart, then seal the packet again.",
    }
    RegistryChanged "registry_changed" Error Fails Other {
        title: "Registry is not shown unchanged",
        means: "A pin of the canonical registry is missing, differs before and after, or is not the known one.",
        why: "A reservation must leave the registry as it is.",
        fix: "Find out what changed the registry; pin it before and after.",
    }

    // `plan`.
    ForbiddenStepAttempted "forbidden_step_attempted" Error Fails Other {
        title: "Forbidden step was attempted",
        means: "A step that is not allowed shows that it was taken, the plan counts such a step, or it says \
            that production was changed.",
        why: "What must never be done was done, or nobody can say that it was not.",
        fix: "Find out what was done and take it back; then correct the record and seal the packet again.",
    }
    PublishedBeforeGate "published_before_gate" Error Fails Other {
        title: "Published before the gate",
        means: "A step that publishes stands before the gate that it must pass.",
        why: "Nothing held back what the gate would have refused.",
        fix: "Put the gate before every step that publishes, carry the plan out again and seal the packet \
            again.",
    }
    StepMissing "step_missing" Error Fails Other {
        title: "Step is not planned",
        means: "A step that the order demands is not in the plan.",
        why: "What was left out was not done, or not recorded.",
        fix: "Plan and carry out the step, then seal the packet again.",
    }
    StepOutOfOrder "step_out_of_order" Error Fails Other {
        title: "Step is out of order",
        means: "A step stands behind one that must follow it, has no place in the order, or was carried out \
            without being planned.",
        why: "Each step relies on those before it.",
        fix: "Carry the steps out in their order, then seal the packet again.",
    }
    StepTwice "step_twice" Error Fails Other {
        title: "Step is planned twice",
        means: "One step stands in the plan twice.",
        why: "The two rows may say different things, and readers take one of them.",
        fix: "Keep one of the two rows, then seal the packet again.",
    }

    // `scope`.
    MutationNotMade "mutation_not_made" Error Fails Other {
        title: "Allowed mutation is not recorded",
        means: "The scope allows a change, and no document records that it was made.",
        why: "The packet was reviewed for changes that it does not have.",
        fix: "Record the change with its three states, or take it out of the scope; then seal the packet \
            again.",
    }
    MutationOutOfScope "mutation_out_of_scope" Error Fails Other {
        title: "Mutation is out of scope",
        means: "Something was changed, or may be, that is not among the allowed changes, lies on a forbidden \
            surface or in a forbidden environment. What nobody names is forbidden.",
        why: "Nobody agreed to the change.",
        fix: "Take the change back, or have the scope decided again by its owner; then seal the packet \
            again.",
    }
    MutationsDiffer "mutations_differ" Error Fails Other {
        title: "Documents record other mutations",
        means: "Two documents of the packet record different changes, or one records a change twice.",
        why: "One of them is not true, and nobody can say which.",
        fix: "Correct the document that is wrong, then seal the packet again.",
    }
    ScopeAmbiguous "scope_ambiguous" Error Fails Other {
        title: "Scope is ambiguous",
        means: "A target is listed twice, or none is listed. What is ambiguous is forbidden.",
        why: "Readers take the row that suits them.",
        fix: "List every target once, then seal the packet again.",
    }
    ScopeNotProven "scope_not_proven" Error Fails Other {
        title: "Scope is not proven",
        means: "The lock of the scope does not say that production is out of it.",
        why: "Changes may have reached production.",
        fix: "Show that production is out of scope, record it, then seal the packet again.",
    }

    // `review`.
    ReviewEvidenceMissing "review_evidence_missing" Error Fails Other {
        title: "Evidence of the review is missing",
        means: "An item of the review names no evidence, or evidence that is not sealed in the packet.",
        why: "An item without evidence is an opinion.",
        fix: "Put the evidence into the packet or name the right file, then seal the packet again.",
    }
    ReviewFlagDisagrees "review_flag_disagrees" Error Fails Other {
        title: "Sum of the review disagrees",
        means: "A flag or a number that sums the review up is not what its items show.",
        why: "Readers believe the sum.",
        fix: "Correct the sum, then seal the packet again.",
    }
    ReviewItemMissing "review_item_missing" Error Fails Other {
        title: "Item of the review is missing",
        means: "The review lacks an item that is due.",
        why: "What was not looked at was not reviewed.",
        fix: "Review the item, record it with its evidence, then seal the packet again.",
    }
    ReviewItemNotPassed "review_item_not_passed" Error Fails Other {
        title: "Review item did not pass",
        means: "An item of the review ended with another result than a good one.",
        why: "The review did not approve of what the packet did.",
        fix: "Mend what the item is about and review it again, then seal the packet again.",
    }
    ReviewItemTwice "review_item_twice" Error Fails Other {
        title: "Review item is there twice",
        means: "One item stands in the review twice.",
        why: "The two may say different things, and readers take one of them.",
        fix: "Keep one of the two, then seal the packet again.",
    }

    // `claims`.
    ClaimDangling "claim_dangling" Error Fails Other {
        title: "Named file does not exist",
        means: "The packet names a file of its own that is not there, such as a script that it tells readers \
            to run.",
        why: "What rests on the file rests on nothing.",
        fix: "Put the file into the packet or correct its name, then seal the packet again.",
    }
    ClaimDiffers "claim_differs" Error Fails Other {
        title: "Statement about a file is wrong",
        means: "A digest, a length or a count that the packet states of its own files or lists is not what \
            is computed.",
        why: "The statement was copied, is out of date, or was forged; readers compare with it.",
        fix: "Correct the statement, or put the file back that it is about; then seal the packet again.",
    }
    ClaimUnverifiable "claim_unverifiable" Note None Other {
        title: "Statement could not be verified",
        means: "The packet names a file that lies outside of it, where nothing was looked at, or states no more \
            than a part of a file's digest.",
        why: "What is stated is neither confirmed nor refuted.",
        fix: "Nothing needs to be done. To have it verified, seal the file in the packet, or write all 64 \
            digits.",
    }

    // `tokens`.
    ReservedToken "reserved_token" Error Fails Other {
        title: "Reserved word",
        means: "A word that only an owner may say stands where it grants something: in a decision or a \
            status, in recorded output, or alone in a line. Letters that look alike, invisible characters, \
            case and separators do not hide it. In a sentence, a table or a script it is a warning.",
        why: "Who searches for the word takes the packet for a grant. A word that is printed on bad input is \
            a leak whatever the exit status.",
        fix: "Take the word out, or name what was searched for in a field made for that; then seal the \
            packet again.",
    }

    // `secrets`.
    CredentialFile "credential_file" Error Fails Other {
        title: "File of credentials",
        means: "A file has the name of one that credentials are kept in.",
        why: "Who gets the packet gets the credentials, and a sealed copy stays.",
        fix: "Take the file out and make its credentials invalid, then seal the packet again. A template may \
            be called `.env.example`.",
    }
    DumpFile "dump_file" Error Fails Other {
        title: "Dump of a database",
        means: "A file is a database or a dump of one, or holds rows as a dump writes them.",
        why: "Evidence needs digests and counts of rows, not the rows; a dump carries what nobody meant to \
            hand out.",
        fix: "Replace the dump by its digest and its counts, then seal the packet again.",
    }
    ArchiveUnsearched "archive_unsearched" Warning None Other {
        title: "Archive was not searched",
        means: "A file is packed or encrypted. Its bytes are those of the seal; what it holds was not searched for \
            secrets and reserved words.",
        why: "Whatever the packet may not hold can lie in there, and a reader who unpacks it has it.",
        fix: "Unpack it into the packet, or refer to it by its digest; then seal the packet again.",
    }
    SecretMaterial "secret_material" Error Fails Other {
        title: "Secret",
        means: "A file holds a private key, a token or a password, by its format. A run that is only as \
            random as a key is a warning. What was found is never printed.",
        why: "Who gets the packet gets the secret, and a sealed copy stays.",
        fix: "Make the secret invalid first. Then take it out and seal the packet again.",
    }

    // `status`.
    SelfCheckCountDiffers "self_check_count_differs" Error Fails Other {
        title: "Self-check has other items",
        means: "The self-check has another number of items than its kind of packet has, none at all, or one \
            of them twice; or it sums them up otherwise.",
        why: "An item that was left out was not checked.",
        fix: "List every item once, then seal the packet again.",
    }
    SelfCheckDiffers "self_check_differs" Error Fails Other {
        title: "Self-check item is not so",
        means: "An item is said to hold, and the check that it stands for did not end well; or it is said to \
            be not available in a packet that applied something, or to have failed in one whose status claims \
            success.",
        why: "The packet's list of its own claims is what readers read instead of the evidence.",
        fix: "Mend what the check reports, or correct the item; then seal the packet again.",
    }
    SelfCheckUnverifiable "self_check_unverifiable" Warning None Other {
        title: "Self-check item was not computed",
        means: "An item is said to hold and names no check of its own, and the profile names none for it.",
        why: "The item is believed or not; it proves nothing.",
        fix: "Name the check in the item's field `check`, or in the profile's `self_checks`.",
    }
    StatusContradicted "status_contradicted" Error Fails Other {
        title: "Evidence contradicts the status",
        means: "The status, or a document's own `performed`, says that nothing was applied, and a document says or \
            shows that something was.",
        why: "Either the status or the evidence is not true.",
        fix: "Correct the status or the evidence, then seal the packet again.",
    }
    StatusDisagrees "status_disagrees" Error Fails Other {
        title: "Documents disagree on the status",
        means: "The machine report, the pages for people and the decision do not state one date, lane, \
            delegation and status.",
        why: "People and machines read different results of one packet.",
        fix: "Correct the document that is wrong, then seal the packet again.",
    }
    StatusOverclaims "status_overclaims" Error Fails Other {
        title: "Status claims more than is proven",
        means: "The final status claims something whose check did not end well or found nothing to judge, or \
            that the packet itself says is not so.",
        why: "The status is what decisions are taken on.",
        fix: "Prove what is missing, or state a status that claims less; then seal the packet again.",
    }
    StatusUnknown "status_unknown" Error Fails Other {
        title: "Unknown status",
        means: "The final status is none of those that the profile knows.",
        why: "Nobody can say what it claims.",
        fix: "Write a known status, or name this one in the profile's `statuses`; then seal the packet \
            again.",
    }
    Resealed "resealed" Error Fails Other {
        title: "Seal was made anew",
        means: "The base has this seal with another tree: entries were added, removed or changed since, or the list \
            was written anew, and nothing accepts the new tree.",
        why: "Whoever edits a file can write its new digest into the seal beside it, and everything is intact again. \
            Only the commit before tells that from the seal that was reviewed.",
        fix: "Put the files and the seal of the base back: `git checkout REV -- DIR`. When the new seal was reviewed, \
            accept its tree: `seal verify --base REV --accept-reseal HEX`, or `accept_reseal` in the seal.toml of the \
            base.",
    }
    PacketRemoved "packet_removed" Error Fails Other {
        title: "Seal of the base is gone",
        means: "The base has a seal here, and it is not there any more: deleted, moved, renamed, without its pin, \
            ignored, or behind a link or another repository.",
        why: "A seal that is gone cannot fail. Without the base, a run would pass for want of anything to compare.",
        fix: "Put it back: `git checkout REV -- DIR`. To retire a seal on purpose, first merge `[discover]` with \
            `ignore` for its manifest into the base. A packet that only moved passes with \
            `--accept-reseal` and its tree.",
    }
    NewlySealed "newly_sealed" Note None Other {
        title: "Seal is new",
        means: "The seal is not in the base. It was verified like any other.",
        why: "Nobody vouches for a new seal but whoever wrote it: a reviewer should see that there is one.",
        fix: "Review what it seals. Once it is in the base, every change of it is reported.",
    }
    ConfigChanged "config_changed" Note None Other {
        title: "Configuration differs from the base",
        means: "The seal.toml of the tree is not the one of the base. Only that of the base is in force in this run.",
        why: "A change that loosens the rules must not be judged by the rules that it brings. Once it is merged, they \
            hold.",
        fix: "Review the keys that weaken as you would review the packets themselves.",
    }
    SelftestFailOpen "selftest_fail_open" Error Fails Other {
        title: "Bad input let through",
        means: "The gate was given an input that is bad on purpose, and did not refuse it, or refused it without \
            the code that is due.",
        why: "A gate that lets one class of bad input through proves nothing about inputs of that class. A \
            refusal with another code shows that something else was in the way, not that the rule works.",
        fix: "For a probe of seal itself, report it as a fault of seal. For a probe of a packet with a profile \
            of your own, compare the row of `probe_classes` with the document: `seal selftest --list` shows both.",
    }
    SelftestControlRefused "selftest_control_refused" Error Fails Other {
        title: "Good input refused",
        means: "The gate refused an input that it must let through: the copy of the packet before anything was \
            done to it, or evidence that is good by construction.",
        why: "A gate that refuses everything passes every test of refusing. Without a control that is let \
            through, the refusals of a self-test show nothing.",
        fix: "Mend what `seal verify` reports about the packet, then run the self-test again.",
    }
    SelftestIncomplete "selftest_incomplete" Error CannotVerify Other {
        title: "Self-test did not try everything",
        means: "Some bad inputs could not be made or were too many to be tried. The finding says which.",
        why: "What was not tried was not shown to be refused.",
        fix: "Allow more with `--limit`, or test a smaller packet.",
    }
    SelftestSurvived "selftest_survived" Note None Other {
        title: "Value may be another one",
        means: "A check reads this value of the packet's evidence, and another value in its place is let through \
            after the packet is sealed again.",
        why: "Some values may be one or the other: nothing in the packet contradicts them. A reviewer should know \
            that the gate takes their word.",
        fix: "Nothing has to be done. To have such a value checked, record what it follows from.",
    }
    CheckNotApplied "check_not_applied" Error Fails Other {
        title: "Required check found nothing",
        means: "A check is required, by `--require`, by the configuration or by what the packet claims, \
            and the packet has none of the documents it judges.",
        why: "Evidence that is demanded and absent is not evidence. Leaving a document out must not be a \
            way around its check.",
        fix: "Add the document that the check reads, or correct the packet's claim. If the check should \
            not be required, take it out of `require`.",
    }
    CheckError "check_error" Error CannotVerify Other {
        title: "Check could not be carried out",
        means: "A check could not come to a result, for example because a document it needs has drifted or \
            cannot be read.",
        why: "No result is not a good result, and not a bad one either; the run does not decide.",
        fix: "See the other findings for the document that the message names, and repair those first.",
    }
}
