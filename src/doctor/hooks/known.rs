//! Hooks that rewrite files: which kinds, and when.

use crate::doctor::content::Content;
use crate::doctor::kinds::WEB;

/// A hook that is known to rewrite files.
pub(super) struct Hook {
    names: &'static [&'static str],
    /// The kinds that it gets where its user says nothing; any of them.
    pub(super) kinds: &'static [&'static str],
    /// Whether it changes such a file, told these arguments. Where that cannot be
    /// seen from the bytes, it may.
    pub(super) changes: fn(&Content, &[&str]) -> bool,
}

const TEXT: &[&str] = &["text"];

fn may(_: &Content, _: &[&str]) -> bool {
    true
}

/// Only where it is told to write.
fn told(arguments: &[&str], words: &[&str]) -> bool {
    arguments.iter().any(|argument| words.contains(argument))
}

static KNOWN: &[Hook] = &[
    Hook {
        names: &["end-of-file-fixer"],
        kinds: TEXT,
        changes: |content, _| content.final_newlines != 1 && !content.empty,
    },
    Hook { names: &["trailing-whitespace"], kinds: TEXT, changes: |content, _| content.blanks },
    Hook {
        names: &["mixed-line-ending"],
        kinds: TEXT,
        changes: |content, arguments| match arguments {
            _ if told(arguments, &["--fix=no", "no"]) => false,
            _ if told(arguments, &["--fix=lf", "lf"]) => content.crlf || content.lone_cr,
            _ if told(arguments, &["--fix=crlf", "crlf"]) => content.lone_lf || content.lone_cr,
            _ => u8::from(content.crlf) + u8::from(content.lone_lf) + u8::from(content.lone_cr) > 1,
        },
    },
    Hook { names: &["fix-byte-order-marker"], kinds: TEXT, changes: |content, _| content.mark },
    Hook { names: &["remove-crlf"], kinds: TEXT, changes: |content, _| content.crlf },
    Hook { names: &["remove-tabs", "insert-license", "typos"], kinds: TEXT, changes: may },
    Hook {
        names: &["codespell"],
        kinds: TEXT,
        changes: |_, arguments| told(arguments, &["-w", "--write-changes"]),
    },
    Hook {
        names: &["pretty-format-json"],
        kinds: &["json"],
        changes: |_, arguments| told(arguments, &["--autofix"]),
    },
    Hook {
        names: &["pretty-format-yaml", "yamlfmt", "yamlfix", "sort-simple-yaml"],
        kinds: &["yaml"],
        changes: may,
    },
    Hook {
        names: &["pretty-format-toml", "taplo", "taplo-format", "toml-sort", "toml-sort-fix"],
        kinds: &["toml"],
        changes: may,
    },
    Hook {
        names: &["prettier", "biome-check", "biome-format", "biome", "dprint", "dprint-fmt", "rustywind"],
        kinds: WEB,
        changes: may,
    },
    Hook {
        names: &["eslint"],
        kinds: &["javascript", "ts"],
        changes: |_, arguments| told(arguments, &["--fix"]),
    },
    Hook {
        names: &["ruff", "ruff-check"],
        kinds: &["python"],
        changes: |_, arguments| told(arguments, &["--fix"]),
    },
    Hook {
        names: &[
            "black",
            "black-jupyter",
            "ruff-format",
            "isort",
            "autopep8",
            "yapf",
            "pyupgrade",
            "docformatter",
            "autoflake",
            "add-trailing-comma",
            "fix-encoding-pragma",
            "double-quote-string-fixer",
            "reorder-python-imports",
            "usort",
        ],
        kinds: &["python"],
        changes: may,
    },
    Hook { names: &["nbstripout", "nb-clean"], kinds: &["jupyter"], changes: may },
    Hook { names: &["shfmt", "shfmt-src", "shfmt-docker", "beautysh"], kinds: &["shell"], changes: may },
    Hook {
        names: &["clang-format"],
        kinds: &["c", "c++", "c#", "java", "javascript", "json", "proto"],
        changes: may,
    },
    Hook { names: &["google-java-format", "pretty-format-java"], kinds: &["java"], changes: may },
    Hook { names: &["fmt", "rustfmt", "cargo-fmt"], kinds: &["rust"], changes: may },
    Hook { names: &["go-fmt", "gofmt", "gofumpt", "goimports", "go-imports"], kinds: &["go"], changes: may },
    Hook {
        names: &["mdformat", "markdownlint-fix", "markdownlint-cli2-fix", "doctoc"],
        kinds: &["markdown"],
        changes: may,
    },
    Hook {
        names: &["markdownlint", "markdownlint-cli2"],
        kinds: &["markdown"],
        changes: |_, arguments| told(arguments, &["--fix"]),
    },
    Hook { names: &["sqlfluff-fix", "pg_format", "sql-formatter"], kinds: &["sql"], changes: may },
    Hook { names: &["terraform_fmt", "terraform-fmt", "tofu-fmt"], kinds: &["terraform"], changes: may },
    Hook { names: &["stylua"], kinds: &["lua"], changes: may },
    Hook { names: &["nixfmt", "nixpkgs-fmt", "alejandra"], kinds: &["nix"], changes: may },
];

/// The hook of that name.
pub(super) fn hook(name: &str) -> Option<&'static Hook> {
    KNOWN.iter().find(|hook| hook.names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::kinds::is_known;

    #[test]
    fn every_hook_has_one_row_and_known_kinds() {
        let mut seen = std::collections::HashSet::new();
        for row in KNOWN {
            assert!(row.kinds.iter().all(|kind| is_known(kind)), "{:?}", row.names);
            assert!(row.names.iter().all(|name| seen.insert(name)), "{:?}", row.names);
        }
    }

    #[test]
    fn a_hook_that_changes_no_byte_is_no_risk() {
        let changes = |name: &str, bytes: &[u8], arguments: &[&str]| {
            (hook(name).unwrap().changes)(&Content::of(bytes).unwrap(), arguments)
        };
        assert!(changes("end-of-file-fixer", b"a", &[]) && changes("end-of-file-fixer", b"a\n\n", &[]));
        assert!(!changes("end-of-file-fixer", b"a\n", &[]) && !changes("end-of-file-fixer", b"", &[]));
        assert!(
            changes("mixed-line-ending", b"a\r\nb\n", &[]) && !changes("mixed-line-ending", b"a\r\n", &[])
        );
        assert!(changes("mixed-line-ending", b"a\r\n", &["--fix=lf"]));
        assert!(
            !changes("pretty-format-json", b"{}", &[])
                && changes("pretty-format-json", b"{}", &["--autofix"])
        );
        assert!(changes("trailing-whitespace", b"a \n", &[]) && !changes("trailing-whitespace", b"a\n", &[]));
    }
}
