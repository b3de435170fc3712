//! The rows of the code table.

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
        means: "Content edited.",
        why: "Content edited.",
        fix: "Content edited.",
    }
    EmdashUnicodeDrift "emdash_unicode_drift" Error Fails Drifted {
        title: "Typographic characters replaced",
        means: "Typographic characters replaced.",
        why: "Typographic characters replaced.",
        fix: "Typographic characters replaced.",
    }
    JsonEnsureAsciiDrift "json_ensure_ascii_drift" Error Fails Drifted {
        title: "JSON escapes rewritten",
        means: "JSON escapes rewritten.",
        why: "JSON escapes rewritten.",
        fix: "JSON escapes rewritten.",
    }
    BomPrefix "bom_prefix" Error Fails Drifted {
        title: "Byte-order mark added or removed",
        means: "Byte-order mark added or removed.",
        why: "Byte-order mark added or removed.",
        fix: "Byte-order mark added or removed.",
    }
    CrlfDrift "crlf_drift" Error Fails Drifted {
        title: "Line endings changed",
        means: "Line endings changed.",
        why: "Line endings changed.",
        fix: "Line endings changed.",
    }
    MissingFile "missing_file" Error Fails Missing {
        title: "Sealed file is missing",
        means: "Sealed file is missing.",
        why: "Sealed file is missing.",
        fix: "Sealed file is missing.",
    }
    ByteLengthMismatch "byte_length_mismatch" Error Fails Drifted {
        title: "Length differs from the seal",
        means: "Length differs from the seal.",
        why: "Length differs from the seal.",
        fix: "Length differs from the seal.",
    }
    SameLengthHashMismatch "same_length_hash_mismatch" Error Fails Drifted {
        title: "Same length, other bytes",
        means: "Same length, other bytes.",
        why: "Same length, other bytes.",
        fix: "Same length, other bytes.",
    }
    FinalNewline "final_newline" Error Fails Drifted {
        title: "Final newline added or removed",
        means: "Final newline added or removed.",
        why: "Final newline added or removed.",
        fix: "Final newline added or removed.",
    }
    TrailingWhitespace "trailing_whitespace" Error Fails Drifted {
        title: "Trailing blanks changed",
        means: "Trailing blanks changed.",
        why: "Trailing blanks changed.",
        fix: "Trailing blanks changed.",
    }
    Transcoded "transcoded" Error Fails Drifted {
        title: "Text encoding changed",
        means: "Text encoding changed.",
        why: "Text encoding changed.",
        fix: "Text encoding changed.",
    }
    JsonReformatted "json_reformatted" Error Fails Drifted {
        title: "JSON layout changed",
        means: "The blanks and line breaks between JSON tokens changed, and no token did.",
        why: "A serializer or a formatter wrote the document again. It holds the same values, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore`, and do not load and dump sealed JSON.",
    }
    BlankLines "blank_lines" Error Fails Drifted {
        title: "Blank lines added or removed",
        means: "Empty lines were added or removed, and nothing else; taking the change back gives the sealed bytes.",
        why: "A formatter or an editor reflowed the file. The text reads the same, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore`, and exclude sealed files from the formatter.",
    }
    Indentation "indentation" Error Fails Drifted {
        title: "Indentation changed",
        means: "Blanks or tabs at the start of lines changed, and nothing else; taking the change back gives the sealed bytes.",
        why: "An editor or a formatter re-indented the file. In Python, YAML and Makefiles that can change the meaning too.",
        fix: "Put the sealed bytes back with `seal restore`, and exclude sealed files from the formatter.",
    }
    MarkdownTable "markdown_table" Error Fails Drifted {
        title: "Markdown table rules re-spaced",
        means: "The rule under a table header was written in another style, such as `| --- |` for `|---|`.",
        why: "A Markdown formatter touched the file. The table looks the same, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore`, and exclude sealed files from the formatter.",
    }
    UnicodeNormalization "unicode_normalization" Error Fails Drifted {
        title: "Unicode normalisation changed",
        means: "Characters were composed or decomposed (NFC, NFD, or a compatibility form), and nothing else.",
        why: "A file system, an archive tool or an editor normalised the text. It looks the same, the bytes are not those that were sealed.",
        fix: "Put the sealed bytes back with `seal restore`, and copy sealed files with tools that leave their content alone.",
    }
    Mojibake "mojibake" Error Fails Drifted {
        title: "Text misread in another encoding",
        means: "UTF-8 text was read as windows-1252, ISO 8859-1 or an OEM code page and saved as UTF-8 again, or such damage was repaired after sealing.",
        why: "A tool guessed the encoding. Every character beyond ASCII is now several wrong ones.",
        fix: "Put the sealed bytes back with `seal restore`, and tell the tool that the files are UTF-8.",
    }
    LossyReplacement "lossy_replacement" Error Fails Drifted {
        title: "Characters lost in a conversion",
        means: "Characters became `?`, U+FFFD or a control character, or such marks were repaired after sealing.",
        why: "A tool wrote the text in an encoding that lacks these characters. The file alone no longer says which they were; the seal does.",
        fix: "Put the sealed bytes back with `seal restore`, and make the tool write UTF-8.",
    }
    HtmlEntities "html_entities" Error Fails Drifted {
        title: "HTML entities and characters exchanged",
        means: "Character references such as `&mdash;` became the characters they stand for, or the reverse.",
        why: "A converter or a template engine escaped the text once more or once less.",
        fix: "Put the sealed bytes back with `seal restore`, and keep sealed files out of that converter.",
    }
    GitLfsPointer "git_lfs_pointer" Error Fails Drifted {
        title: "Git LFS pointer in the place of its content",
        means: "A Git LFS pointer stands where the content was sealed, or the content where the pointer was.",
        why: "The checkout was made without Git LFS, or with it where it was not when the seal was made.",
        fix: "Fetch the content with `git lfs pull`; in CI, check out with LFS enabled. If the pointer was sealed, check out with GIT_LFS_SKIP_SMUDGE=1.",
    }
    GitIdent "git_ident" Error Fails Drifted {
        title: "Git keyword expanded",
        means: "The keyword `$Id$` was expanded by the checkout; collapsing it gives the sealed bytes.",
        why: "The attribute `ident` is set for the path, so that every checkout writes another text.",
        fix: "Add a line `PATH -ident` to .gitattributes and check the file out again.",
    }
    Appended "appended" Error Fails Drifted {
        title: "Bytes added at the end",
        means: "The sealed bytes are all there, and more follow them.",
        why: "Something was written behind the sealed content: a log line, a signature, a second copy, or an edit.",
        fix: "Look at what follows the sealed bytes; if it does not belong there, cut it off with `seal restore`.",
    }
    BitRot "bit_rot" Error Fails Drifted {
        title: "A byte is damaged",
        means: "One byte differs from the sealed ones, and it does not belong where it stands; repairing it gives the sealed bytes.",
        why: "Storage, memory or a transfer flipped bits. Where one byte is damaged, others may be.",
        fix: "Put the sealed byte back with `seal restore`, and check the medium and the other files on it.",
    }
    Moved "moved" Error Fails Missing {
        title: "Sealed bytes are under another path",
        means: "Sealed bytes are under another path.",
        why: "Sealed bytes are under another path.",
        fix: "Sealed bytes are under another path.",
    }
    Renamed "renamed" Error Fails Missing {
        title: "Name differs in case or normalisation",
        means: "Name differs in case or normalisation.",
        why: "Name differs in case or normalisation.",
        fix: "Name differs in case or normalisation.",
    }
    UnsealedFile "unsealed_file" Error Fails Unsealed {
        title: "File is not in the seal",
        means: "File is not in the seal.",
        why: "File is not in the seal.",
        fix: "File is not in the seal.",
    }
    ReferenceUnresolved "reference_unresolved" Error Fails Missing {
        title: "Referenced bytes were not found",
        means: "Referenced bytes were not found.",
        why: "Referenced bytes were not found.",
        fix: "Referenced bytes were not found.",
    }
    SymlinkEntry "symlink_entry" Error Fails Unreadable {
        title: "Sealed path is a symbolic link",
        means: "Sealed path is a symbolic link.",
        why: "Sealed path is a symbolic link.",
        fix: "Sealed path is a symbolic link.",
    }
    NotARegularFile "not_a_regular_file" Error Fails Unreadable {
        title: "Sealed path is not a regular file",
        means: "Sealed path is not a regular file.",
        why: "Sealed path is not a regular file.",
        fix: "Sealed path is not a regular file.",
    }
    UnreadableFile "unreadable_file" Error CannotVerify Unreadable {
        title: "File cannot be read",
        means: "File cannot be read.",
        why: "File cannot be read.",
        fix: "File cannot be read.",
    }
    ChangedWhileRead "changed_while_read" Error CannotVerify Unreadable {
        title: "File changed while it was read",
        means: "File changed while it was read.",
        why: "File changed while it was read.",
        fix: "File changed while it was read.",
    }
    // The manifest.
    ManifestUnreadable "manifest_unreadable" Error CannotVerify Other {
        title: "Manifest cannot be read",
        means: "Manifest cannot be read.",
        why: "Manifest cannot be read.",
        fix: "Manifest cannot be read.",
    }
    ManifestEmpty "manifest_empty" Error CannotVerify Other {
        title: "Manifest has no entries",
        means: "Manifest has no entries.",
        why: "Manifest has no entries.",
        fix: "Manifest has no entries.",
    }
    ManifestMissing "manifest_missing" Error Fails Other {
        title: "Pinned manifest is missing",
        means: "Pinned manifest is missing.",
        why: "Pinned manifest is missing.",
        fix: "Pinned manifest is missing.",
    }
    ManifestListsItself "manifest_lists_itself" Error Fails Other {
        title: "Manifest lists itself",
        means: "Manifest lists itself.",
        why: "Manifest lists itself.",
        fix: "Manifest lists itself.",
    }
    FormatAmbiguous "format_ambiguous" Error CannotVerify Other {
        title: "Two manifest formats fit equally",
        means: "Two manifest formats fit equally.",
        why: "Two manifest formats fit equally.",
        fix: "Two manifest formats fit equally.",
    }
    MalformedLine "malformed_line" Error Fails Other {
        title: "Line is not an entry",
        means: "Line is not an entry.",
        why: "Line is not an entry.",
        fix: "Line is not an entry.",
    }
    MalformedDigest "malformed_digest" Error Fails Unreadable {
        title: "Digest has the wrong number of digits",
        means: "Digest has the wrong number of digits.",
        why: "Digest has the wrong number of digits.",
        fix: "Digest has the wrong number of digits.",
    }
    UnsupportedDigest "unsupported_digest" Error Fails Unreadable {
        title: "Digest algorithm is not verified",
        means: "Digest algorithm is not verified.",
        why: "Digest algorithm is not verified.",
        fix: "Digest algorithm is not verified.",
    }
    WeakDigest "weak_digest" Error Fails Unreadable {
        title: "Only a weak digest protects the file",
        means: "Only a weak digest protects the file.",
        why: "Only a weak digest protects the file.",
        fix: "Only a weak digest protects the file.",
    }
    DuplicatePath "duplicate_path" Error Fails Other {
        title: "Path is listed twice",
        means: "Path is listed twice.",
        why: "Path is listed twice.",
        fix: "Path is listed twice.",
    }
    PathTraversal "path_traversal" Error Fails Unreadable {
        title: "Name leaves its root",
        means: "Name leaves its root.",
        why: "Name leaves its root.",
        fix: "Name leaves its root.",
    }
    BadPath "bad_path" Error Fails Unreadable {
        title: "Name is not a usable path",
        means: "Name is not a usable path.",
        why: "Name is not a usable path.",
        fix: "Name is not a usable path.",
    }
    PortabilityCollision "portability_collision" Warning None Other {
        title: "Names collide on other file systems",
        means: "Names collide on other file systems.",
        why: "Names collide on other file systems.",
        fix: "Names collide on other file systems.",
    }
    ManifestBom "manifest_bom" Warning None Other {
        title: "Manifest begins with a byte-order mark",
        means: "Manifest begins with a byte-order mark.",
        why: "Manifest begins with a byte-order mark.",
        fix: "Manifest begins with a byte-order mark.",
    }
    ManifestCrlf "manifest_crlf" Warning None Other {
        title: "Manifest has CRLF line ends",
        means: "Manifest has CRLF line ends.",
        why: "Manifest has CRLF line ends.",
        fix: "Manifest has CRLF line ends.",
    }
    ManifestNotUtf8 "manifest_not_utf8" Warning None Other {
        title: "Manifest is not UTF-8 text",
        means: "Manifest is not UTF-8 text.",
        why: "Manifest is not UTF-8 text.",
        fix: "Manifest is not UTF-8 text.",
    }
    ManifestHeader "manifest_header" Warning None Other {
        title: "Manifest has header or table decoration",
        means: "Manifest has header or table decoration.",
        why: "Manifest has header or table decoration.",
        fix: "Manifest has header or table decoration.",
    }
    ManifestUppercase "manifest_uppercase" Warning None Other {
        title: "Digests are in upper case",
        means: "Digests are in upper case.",
        why: "Digests are in upper case.",
        fix: "Digests are in upper case.",
    }
    ManifestSeparator "manifest_separator" Warning None Other {
        title: "Unusual separator between digest and name",
        means: "Unusual separator between digest and name.",
        why: "Unusual separator between digest and name.",
        fix: "Unusual separator between digest and name.",
    }
    ManifestNoFinalNewline "manifest_no_final_newline" Warning None Other {
        title: "Manifest lacks its final newline",
        means: "Manifest lacks its final newline.",
        why: "Manifest lacks its final newline.",
        fix: "Manifest lacks its final newline.",
    }
    ManifestFields "manifest_fields" Note None Other {
        title: "Fields taken from a structured manifest",
        means: "Fields taken from a structured manifest.",
        why: "Fields taken from a structured manifest.",
        fix: "Fields taken from a structured manifest.",
    }
    SignatureNotChecked "signature_not_checked" Note None Other {
        title: "Signature present and not checked",
        means: "Signature present and not checked.",
        why: "Signature present and not checked.",
        fix: "Signature present and not checked.",
    }
    // Root, pin and packet.
    RootAmbiguous "root_ambiguous" Error CannotVerify Other {
        title: "Names fit two roots in part",
        means: "Names fit two roots in part.",
        why: "Names fit two roots in part.",
        fix: "Names fit two roots in part.",
    }
    RootInferred "root_inferred" Note None Other {
        title: "Names are relative to the repository root",
        means: "Names are relative to the repository root.",
        why: "Names are relative to the repository root.",
        fix: "Names are relative to the repository root.",
    }
    RootNotFound "root_not_found" Error CannotVerify Other {
        title: "No listed file exists under any root",
        means: "No listed file exists under any root.",
        why: "No listed file exists under any root.",
        fix: "No listed file exists under any root.",
    }
    TreePinMismatch "tree_pin_mismatch" Error Fails Other {
        title: "Tree pin does not match the manifest",
        means: "Tree pin does not match the manifest.",
        why: "Tree pin does not match the manifest.",
        fix: "Tree pin does not match the manifest.",
    }
    PinMalformed "pin_malformed" Error Fails Other {
        title: "Tree pin is not 64 hex digits",
        means: "Tree pin is not 64 hex digits.",
        why: "Tree pin is not 64 hex digits.",
        fix: "Tree pin is not 64 hex digits.",
    }
    ExpectedTreeMismatch "expected_tree_mismatch" Error Fails Other {
        title: "Tree differs from the one demanded",
        means: "Tree differs from the one demanded.",
        why: "Tree differs from the one demanded.",
        fix: "Tree differs from the one demanded.",
    }
    KnownBroken "known_broken" Warning None Other {
        title: "Seal is on the list of known broken ones",
        means: "Seal is on the list of known broken ones.",
        why: "Seal is on the list of known broken ones.",
        fix: "Seal is on the list of known broken ones.",
    }
    // The run.
    NoSealFound "no_seal_found" Error CannotVerify Other {
        title: "No seal found",
        means: "No seal found.",
        why: "No seal found.",
        fix: "No seal found.",
    }
    NoEntryForPath "no_entry_for_path" Error CannotVerify Other {
        title: "No seal lists this file",
        means: "No seal lists this file.",
        why: "No seal lists this file.",
        fix: "No seal lists this file.",
    }
    PathUnreadable "path_unreadable" Error CannotVerify Other {
        title: "Path cannot be read",
        means: "Path cannot be read.",
        why: "Path cannot be read.",
        fix: "Path cannot be read.",
    }
    UsageError "usage_error" Error CannotVerify Other {
        title: "Command line cannot be carried out",
        means: "Command line cannot be carried out.",
        why: "Command line cannot be carried out.",
        fix: "Command line cannot be carried out.",
    }
    ConfigInvalid "config_invalid" Error CannotVerify Other {
        title: "Configuration is not valid",
        means: "Configuration is not valid.",
        why: "Configuration is not valid.",
        fix: "Configuration is not valid.",
    }
    ConfigInsidePacket "config_inside_packet" Error CannotVerify Other {
        title: "Packet tries to weaken its own gate",
        means: "Packet tries to weaken its own gate.",
        why: "Packet tries to weaken its own gate.",
        fix: "Packet tries to weaken its own gate.",
    }
    CheckNotApplied "check_not_applied" Error Fails Other {
        title: "A required check found nothing to judge",
        means: "A required check found nothing to judge.",
        why: "A required check found nothing to judge.",
        fix: "A required check found nothing to judge.",
    }
    CheckError "check_error" Error CannotVerify Other {
        title: "A check could not be carried out",
        means: "A check could not be carried out.",
        why: "A check could not be carried out.",
        fix: "A check could not be carried out.",
    }
}
