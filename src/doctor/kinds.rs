//! Kinds of files as tools that rewrite them tell them apart: by the extension.

use super::content::Content;
use crate::path::BytePath;

/// Extensions and the kinds they have.
const EXTENSIONS: &[(&str, &[&str])] = &[
    ("json", &["json"]),
    ("jsonc", &["json"]),
    ("json5", &["json", "json5"]),
    ("ipynb", &["jupyter", "json"]),
    ("yml", &["yaml"]),
    ("yaml", &["yaml"]),
    ("toml", &["toml"]),
    ("md", &["markdown"]),
    ("markdown", &["markdown"]),
    ("mdx", &["mdx"]),
    ("py", &["python"]),
    ("pyi", &["python", "pyi"]),
    ("sh", &["shell", "sh"]),
    ("bash", &["shell", "bash"]),
    ("js", &["javascript"]),
    ("cjs", &["javascript"]),
    ("mjs", &["javascript"]),
    ("jsx", &["javascript", "jsx"]),
    ("ts", &["ts"]),
    ("mts", &["ts"]),
    ("cts", &["ts"]),
    ("tsx", &["ts", "tsx"]),
    ("css", &["css"]),
    ("scss", &["css", "scss"]),
    ("less", &["css", "less"]),
    ("html", &["html"]),
    ("htm", &["html"]),
    ("vue", &["vue"]),
    ("graphql", &["graphql"]),
    ("c", &["c"]),
    ("h", &["c", "header"]),
    ("cc", &["c++"]),
    ("cpp", &["c++"]),
    ("hpp", &["c++", "header"]),
    ("java", &["java"]),
    ("cs", &["c#"]),
    ("proto", &["proto"]),
    ("rs", &["rust"]),
    ("go", &["go"]),
    ("sql", &["sql"]),
    ("tf", &["terraform"]),
    ("xml", &["xml"]),
    ("lua", &["lua"]),
    ("nix", &["nix"]),
    ("txt", &["plain-text"]),
    ("csv", &["csv"]),
];

/// What prettier rewrites, and biome and dprint with their usual plugins.
pub(super) const WEB: &[&str] =
    &["json", "yaml", "markdown", "mdx", "javascript", "ts", "css", "html", "vue", "graphql"];

/// Every kind that is told apart here.
pub(super) fn is_known(kind: &str) -> bool {
    ["file", "text", "binary"].contains(&kind) || EXTENSIONS.iter().any(|(_, kinds)| kinds.contains(&kind))
}

/// Whether a file is of a kind.
pub(super) fn is(path: &BytePath, content: &Content, kind: &str) -> bool {
    match kind {
        "file" => true,
        "text" => !content.nul,
        "binary" => content.nul,
        _ => of(path).contains(&kind),
    }
}

fn of(path: &BytePath) -> &'static [&'static str] {
    let name = path.file_name();
    let extension = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let row = EXTENSIONS.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known.as_bytes()));
    row.filter(|_| extension.len() < name.len()).map_or(&[], |(_, kinds)| kinds)
}
