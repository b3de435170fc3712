//! Secrets in texts that are shown: excerpts, diffs, messages. A report travels
//! further than the packet it is about.

use std::sync::OnceLock;

use super::entropy::is_suspect;
use super::rules::Rules;
use crate::code::Code;
use crate::finding::Finding;

/// Takes every secret out of what the finding shows. Lengths stay, so that marks
/// keep their places.
pub(crate) fn mask(finding: &mut Finding) {
    masked(&mut finding.message);
    if let Some(snippet) = &mut finding.snippet {
        masked(&mut snippet.text);
    }
    for change in &mut finding.changed_lines {
        for line in [&mut change.sealed, &mut change.found].into_iter().flatten() {
            cover(line);
        }
    }
    for cause in &mut finding.causes {
        masked(&mut cause.direction);
    }
}

/// Writes `*` over every secret of a text.
pub(crate) fn masked(text: &mut String) {
    let mut bytes = std::mem::take(text).into_bytes();
    cover(&mut bytes);
    // Whole characters are covered, so that it stays a text.
    *text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
}

/// Writes `*` over every secret.
fn cover(bytes: &mut [u8]) {
    static RULES: OnceLock<Option<Rules>> = OnceLock::new();
    let mut ranges = Vec::new();
    if let Some(rules) = RULES.get_or_init(Rules::new) {
        rules.search(bytes, false, &mut |said| {
            if said.code == Code::SecretMaterial {
                ranges.push(said.secret);
            }
        });
    }
    // A line of a key has nothing but the key in it.
    let mut at = 0;
    for run in bytes.split(|byte| !(byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte))) {
        if is_suspect(run) {
            ranges.push(at..at + run.len());
        }
        at += run.len() + 1;
    }
    for range in ranges {
        if let Some(part) = bytes.get_mut(range) {
            part.fill(b'*');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::{Cause, LineChange};
    use crate::finding::Snippet;

    fn covered(text: &str) -> String {
        let mut text = text.to_owned();
        masked(&mut text);
        text
    }

    /// A diff beside a password showed it, though the check on it did not.
    #[test]
    fn excerpts_showed_what_the_check_had_found() {
        let token = ["ghp", "_", &"a1B2c3D4e5F6".repeat(3)].concat();
        let password = "hunter2-Sup3rSecret-99";
        for (text, secret) in [
            (format!("  \"token\": \"{token}\", \"ok\": true"), token.as_str()),
            (format!("\"password\": \"\u{2014}{password}\","), password),
            (format!("postgres://user:{password}@host/db"), password),
            (
                "MIIEowIBAAKCAQEA7bq3Zt5yXk9Lw2Vd8Qp4Rs6Tu1Nm0Hj3Gf5Ec7Ba9Yx".to_owned(),
                "MIIEowIBAAKCAQEA7bq3Zt5yXk9Lw2Vd8Qp4Rs6Tu1Nm0Hj3Gf5Ec7Ba9Yx",
            ),
        ] {
            let shown = covered(&text);
            assert!(!shown.contains(secret) && shown.len() == text.len(), "{shown}");
            assert!(shown.contains("***"), "{shown}");
        }
    }

    #[test]
    fn nothing_but_the_secret_is_covered() {
        let stars = |secret: &str| "*".repeat(secret.len());
        let (login, password) = ("user:hunter2-Sup3rSecret-99", "hunter2-Sup3rSecret-99");
        let key = ["-----BEGIN ", "RSA PRIVATE", " KEY-----\nMIIEow and the rest"].concat();
        let encoded = format!("\"auth\": \"{}", data_encoding::BASE64.encode(login.as_bytes()));
        let run = "MIIEowIBAAKCAQEA7bq3Zt5yXk9Lw2Vd8Qp4Rs6Tu1Nm0Hj3Gf5Ec7Ba9Yx";
        for (text, shown) in [
            (
                format!("its \"password\": \"{password}\", x"),
                format!("its \"password\": \"{}\", x", stars(password)),
            ),
            (format!("postgres://{login}@host/db"), format!("postgres://{}@host/db", stars(login))),
            (format!("x {key}"), format!("x {}", stars(&key))),
            (format!("x {encoded}\", y"), format!("x {}\", y", stars(&encoded))),
            (format!("two words: {run} end"), format!("two words: {} end", stars(run))),
        ] {
            assert_eq!(covered(&text), shown);
        }
    }

    #[test]
    fn every_text_of_a_finding_is_masked() {
        let token = ["ghp", "_", &"a1B2c3D4e5F6".repeat(3)].concat();
        let text = format!("say {token} now");
        let shown = text.replace(&token, &"*".repeat(token.len()));
        let mut finding = Finding::new(Code::EditedContent, text.clone());
        let (name, label) = ("x".to_owned(), "here".to_owned());
        finding.snippet = Some(Snippet { name, line: 1, text: text.clone(), mark: 4..8, label });
        let line = || Some(text.clone().into_bytes());
        finding.changed_lines = vec![LineChange { line: 1, sealed: line(), found: line() }];
        let (code, scope) = (Code::EditedContent, "one line".to_owned());
        finding.causes = vec![Cause { code, direction: text.clone(), scope, sites: None }];
        mask(&mut finding);
        assert_eq!(finding.message, shown);
        assert_eq!(finding.snippet.map(|snippet| (snippet.text, snippet.mark)), Some((shown.clone(), 4..8)));
        let changed = &finding.changed_lines[0];
        let line = Some(shown.as_bytes());
        assert_eq!((changed.sealed.as_deref(), changed.found.as_deref()), (line, line));
        assert_eq!(finding.causes[0].direction, shown);
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        let digest = crate::digest::Sha256::of(b"x").to_string();
        for text in [
            "",
            "sealed \u{2014} with LF, now CRLF",
            &digest,
            "password: see the operator",
            "packet/data/0f8fad5b-d9cb-469f-a165-70867728950e.json",
        ] {
            assert_eq!(covered(text), text);
        }
    }
}
