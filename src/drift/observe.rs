//! Properties of the bytes found that may help when nothing is proven.

use bstr::ByteSlice;

use super::edges::BOM;
use super::line_ends::Counts;

/// Sentences without a full stop.
pub(super) fn observations(found: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    if found.is_empty() {
        out.push("the file is empty".to_owned());
        return out;
    }
    if found.starts_with(b"\xff\xfe") || found.starts_with(b"\xfe\xff") {
        out.push("it begins with a UTF-16 byte-order mark".to_owned());
        return out;
    }
    if found.starts_with(BOM) {
        out.push("it begins with a UTF-8 byte-order mark".to_owned());
    }
    let nuls = memchr::memchr_iter(0, found).count();
    if nuls > 0 {
        let all = if nuls == found.len() {
            "every byte is NUL".to_owned()
        } else {
            format!("it holds {}", count(nuls, "NUL byte"))
        };
        out.push(format!("{all}, so it is not text"));
        return out;
    }
    let lost = found.find_iter("\u{fffd}").count();
    if let Err(error) = std::str::from_utf8(found) {
        out.push(format!("it is not UTF-8 from byte {} on", error.valid_up_to()));
    } else if lost > 0 {
        let marks = count(lost, "replacement character");
        out.push(format!("it holds {marks} (U+FFFD), left by a lossy conversion"));
    }
    let counts = Counts::of(found);
    let kinds = [(counts.lf, "LF"), (counts.crlf, "CRLF"), (counts.cr, "CR")];
    let there: Vec<String> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!("{n} {name}")).collect();
    if there.len() > 1 {
        out.push(format!("its line ends are mixed: {}", there.join(", ")));
    } else if counts.crlf > 0 {
        out.push(format!("all {} are CRLF", count(counts.crlf, "line end")));
    }
    let trailing = super::trailing::strip(found).map_or(0, |edits| edits.count());
    if trailing > 0 {
        out.push(format!("{} with trailing blanks", count(trailing, "line")));
    }
    if found.contains(&b'/') && !found.contains(&b' ') && super::link::reads_like_a_link(found) {
        out.push("it holds nothing but a path, like the text of a symbolic link".to_owned());
    }
    if !found.ends_with(b"\n") && counts.lf + counts.crlf > 0 {
        out.push("it does not end with a newline".to_owned());
    }
    conflict(found, &mut out);
    out.extend(super::json::duplicates(found));
    out
}

/// Conflict markers of a merge that was not finished.
fn conflict(found: &[u8], out: &mut Vec<String>) {
    let mut markers = [false; 3];
    for line in found.lines() {
        for (marker, seen) in [&b"<<<<<<< "[..], b"=======", b">>>>>>> "].iter().zip(&mut markers) {
            *seen |= line.starts_with(marker);
        }
    }
    if markers == [true; 3] {
        out.push("it holds the conflict markers of an unfinished merge".to_owned());
    }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_said() {
        let cases: &[(&[u8], &[&str])] = &[
            (b"a\n", &[]),
            (b"", &["the file is empty"]),
            (b"\xef\xbb\xbfa\n", &["it begins with a UTF-8 byte-order mark"]),
            (b"\xff\xfea\0", &["it begins with a UTF-16 byte-order mark"]),
            (b"a\r\nb\n", &["its line ends are mixed: 1 LF, 1 CRLF"]),
            (b"a\r\nb\r\n", &["all 2 line ends are CRLF"]),
            (b"a\xffb\n", &["it is not UTF-8 from byte 1 on"]),
            (
                "a\u{fffd}\n".as_bytes(),
                &["it holds 1 replacement character (U+FFFD), left by a lossy conversion"],
            ),
            (b"a\0b", &["it holds 1 NUL byte, so it is not text"]),
            (b"a \nb\t\n", &["2 lines with trailing blanks"]),
            (b"a\nb", &["it does not end with a newline"]),
            (b"../a/b.md", &["it holds nothing but a path, like the text of a symbolic link"]),
            (b"<<<<<<< a\n=======\n>>>>>>> b\n", &["it holds the conflict markers of an unfinished merge"]),
        ];
        for (found, want) in cases {
            assert_eq!(observations(found), *want, "{found:?}");
        }
    }
}
