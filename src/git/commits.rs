//! What a commit says of itself: when, and in which words.

use super::{GitError, Objects, Oid};
use crate::config::Date;

/// How much of a commit is read for its first lines, in bytes.
const HEAD: u64 = 1 << 20;
/// Of a subject more is not kept, in characters.
const SUBJECT: usize = 72;

/// A commit as people are told of it. Both texts were chosen by whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitFacts {
    /// The author's date, where it is one: `2026-06-14`, in the author's time zone.
    pub date: Option<Date>,
    /// The first line of its message, cut to a sensible length; not yet quoted.
    pub subject: Vec<u8>,
}

impl Objects {
    /// Reads commits; `None` for one that is not in this clone or too long.
    pub fn commit_facts(&self, commits: &[&Oid]) -> Result<Vec<Option<CommitFacts>>, GitError> {
        let read = commits.iter().map(|oid| match self.read_commit(oid, HEAD) {
            Ok(text) => Ok(text.as_deref().map(facts)),
            Err(GitError::MissingObject(_)) => Ok(None),
            Err(other) => Err(other),
        });
        read.collect()
    }
}

fn facts(text: &[u8]) -> CommitFacts {
    let mut lines = text.split(|byte| *byte == b'\n');
    let mut date = None;
    for line in lines.by_ref().take_while(|line| !line.is_empty()) {
        if let Some(author) = line.strip_prefix(b"author ") {
            date = date_of(author);
        }
    }
    let subject = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default().trim_ascii();
    CommitFacts { date, subject: cut(subject) }
}

/// The day at the end of `NAME <MAIL> SECONDS ZONE`, in that zone.
fn date_of(author: &[u8]) -> Option<Date> {
    let mut words = author.rsplit(|byte| *byte == b' ');
    let zone = std::str::from_utf8(words.next()?).ok()?;
    let seconds: i64 = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
    let (sign, digits) = zone.split_at_checked(1)?;
    let (hours, minutes) = digits.split_at_checked(2)?;
    let offset = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    let offset = if sign == "-" { -offset } else { offset };
    Date::from_unix_seconds(u64::try_from(seconds.checked_add(offset)?).ok()?)
}

/// The first characters of a line.
fn cut(line: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    match text.char_indices().nth(SUBJECT) {
        Some((end, _)) => [text.get(..end).unwrap_or_default().as_bytes(), "\u{2026}".as_bytes()].concat(),
        None => line.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, String) {
        let facts = facts(text.as_bytes());
        (facts.date.map(|date| date.to_string()), String::from_utf8(facts.subject).unwrap())
    }

    #[test]
    fn the_date_is_the_authors_and_the_subject_one_line() {
        let text =
            "tree 0\nauthor A B <a@b> 1750000000 +0000\ncommitter C <c@d> 1 +0000\n\nOne line\n\nmore\n";
        assert_eq!(read(text), (Some("2025-06-15".into()), "One line".into()));
        let zone = |zone: &str| read(&format!("author A <a> 1750031999 {zone}\n\nx")).0.unwrap();
        assert_eq!(
            (zone("+0000"), zone("+0001"), zone("-2300")),
            ("2025-06-15".into(), "2025-06-16".into(), "2025-06-15".into())
        );
    }

    #[test]
    fn what_a_hostile_commit_says_is_bounded_and_no_date_is_none() {
        for author in
            ["", "A", "A <a> x +0000", "A <a> 1 0", "A <a> 99999999999999999 +0000", "A <a> -1 +0000"]
        {
            assert_eq!(read(&format!("author {author}\n\nx")), (None, "x".into()), "{author}");
        }
        assert_eq!(read(&format!("\n{}", "\u{e9}".repeat(500))).1.chars().count(), SUBJECT + 1);
        assert_eq!(read(""), (None, String::new()));
        assert_eq!(read("\n\n\n  \nlate\n").1, "late");
    }
}
