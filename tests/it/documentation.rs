//! What the documentation points to is there.

use std::collections::BTreeSet;
use std::path::Path;

const DOCUMENTS: [&str; 5] =
    ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/ci.md", "docs/profiles.md"];

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The names that headings are reached by: lower case, blanks as hyphens, no other marks.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings =
        text.lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#'));
    let name = |heading: &str| -> String {
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    headings.map(name).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut followed = 0;
    for document in DOCUMENTS {
        let folder = Path::new(document).parent().unwrap();
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target =
                if file.is_empty() { document.to_owned() } else { folder.join(file).display().to_string() };
            let text = read(&target);
            assert!(anchor.is_empty() || anchors(&text).contains(anchor), "{document}: no {link}");
            followed += 1;
        }
    }
    assert!(followed > 5);
}

/// There is one place that says where the program lives: `repository` in Cargo.toml.
#[test]
fn the_documentation_names_the_repository_as_soon_as_there_is_one() {
    let repository = env!("CARGO_PKG_REPOSITORY");
    for document in ["README.md", "docs/ci.md"] {
        let stands_in = read(document).contains("OWNER/seal");
        assert_eq!(stands_in, repository.is_empty(), "{document} and `repository` in Cargo.toml disagree");
    }
}
