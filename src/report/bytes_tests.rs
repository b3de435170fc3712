//! What a changed line looks like.

use super::*;
use crate::report::style::Screen;

fn shown(line: Option<Line>, look: &Look) -> String {
    let Some(line) = line else { return "nothing".into() };
    let mut out = Vec::new();
    Screen::new(&mut out, look).line(&line).unwrap();
    String::from_utf8(out).unwrap().trim_end_matches('\n').to_owned()
}

fn both(sealed: &[u8], found: &[u8], unicode: bool) -> (String, String) {
    let look = Look { unicode, ..Look::PLAIN };
    let (a, b) = rows(Some(sealed), Some(found), &look, 80);
    (shown(a, &look), shown(b, &look))
}

#[test]
fn what_cannot_be_seen_is_named_where_it_differs() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("a \u{2014} b\n", "a - b\n", "a <U+2014 EM DASH> b", "a <U+002D HYPHEN-MINUS> b"),
        ("a \u{2014} b\n", "a -- b\n", "a <U+2014 EM DASH> b", "a -- b"),
        ("a\u{a0}b\n", "a b\n", "a<U+00A0 NO-BREAK SPACE>b", "a<U+0020 SPACE>b"),
        ("line\n", "line\r\n", "line\u{240a}", "line\u{240d}\u{240a}"),
        ("line\n", "line", "line\u{240a}", "line<no line end>"),
        ("\u{feff}line\n", "line\n", "<BOM>line", "line"),
        ("line \t\n", "line\n", "line\u{b7}\u{21e5}", "line"),
        ("te\u{445}t\n", "text\n", "te<U+0445 CYRILLIC SMALL LETTER HA>t", "text"),
        ("a - b", "a - c", "a - b", "a - c"),
        ("same \u{2014} 1\n", "same \u{2014} 2\n", "same \u{2014} 1", "same \u{2014} 2"),
        ("caf\u{e9}\n", "cafe\u{301}\n", "caf\u{e9}", "cafe<U+0301 COMBINING ACUTE ACCENT>"),
    ];
    for (sealed, found, left, right) in cases {
        let got = both(sealed.as_bytes(), found.as_bytes(), true);
        assert_eq!(got, ((*left).to_owned(), (*right).to_owned()));
    }
}

#[test]
fn ascii_terminals_get_names_for_everything_else() {
    let (left, right) = both("\u{fc}ber \u{2014}  \n".as_bytes(), b"\xfcber - \r\n", false);
    assert_eq!(left, "<U+00FC>ber <U+2014 EM DASH><SP><SP><LF>");
    assert_eq!(right, "<0xFC>ber <U+002D HYPHEN-MINUS><SP><CR><LF>");
}

#[test]
fn data_cannot_pose_as_a_marker() {
    let look = Look { unicode: true, ..Look::PLAIN };
    let line = "<U+2014 EM DASH> <CR> <BOM> <b> \u{240a}\n";
    let (left, _) = rows(Some(line.as_bytes()), None, &look, 200);
    let left = shown(left, &look);
    let less = "<U+003C LESS-THAN SIGN>";
    assert_eq!(left, format!("{less}U+2014 EM DASH> {less}CR> {less}BOM> <b> <U+240A SYMBOL FOR LINE FEED>"));
}

#[test]
fn a_long_line_is_cut_around_what_differs() {
    let sealed = format!("{}x{}\n", "a".repeat(100_000), "b".repeat(100_000));
    let found = sealed.replace('x', "y");
    let (left, right) = both(sealed.as_bytes(), found.as_bytes(), false);
    assert_eq!(left, format!("...{}x{}...", "a".repeat(32), "b".repeat(32)));
    assert_eq!(right, left.replace('x', "y"));
    let start = format!("x{}", "b".repeat(200));
    let (left, _) = both(start.as_bytes(), start.replace('x', "y").as_bytes(), false);
    assert_eq!(left, format!("x{}...", "b".repeat(64)));
}

#[test]
fn a_line_on_one_side_only_is_shown_as_it_is() {
    let look = Look { unicode: true, ..Look::PLAIN };
    let (left, right) = rows(None, Some(b"\n"), &look, 80);
    assert_eq!((shown(left, &look), shown(right, &look)), ("nothing".into(), "\u{240a}".into()));
    let (left, _) = rows(Some("new \u{2014} line\r\n".as_bytes()), None, &look, 80);
    assert_eq!(shown(left, &look), "new \u{2014} line");
}

proptest::proptest! {
    #[test]
    fn rows_are_clean_and_fit(
        sealed in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        found in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        unicode: bool,
    ) {
        let look = Look { unicode, ..Look::PLAIN };
        let (a, b) = rows(Some(&sealed), Some(&found), &look, 80);
        for line in [a, b].into_iter().flatten() {
            proptest::prop_assert!(line.width(&look) <= 80, "{}", line.width(&look));
            let text = shown(Some(line), &look);
            proptest::prop_assert!(!text.chars().any(is_deceptive), "{text:?}");
            proptest::prop_assert!(unicode || text.is_ascii(), "{text:?}");
        }
    }
}

#[test]
fn a_damaged_byte_among_others_was_cut_out_of_its_row() {
    let sealed: Vec<u8> = (0x80..=0xff).cycle().take(300).collect();
    let mut found = sealed.clone();
    found[200] ^= 0x10;
    let (left, right) = rows(Some(&sealed), Some(&found), &Look::PLAIN, 60);
    let text = |line: Option<Line>| {
        let mut out = Vec::new();
        crate::report::style::Screen::new(&mut out, &Look::PLAIN).line(&line.unwrap()).unwrap();
        String::from_utf8(out).unwrap()
    };
    let (left, right) = (text(left), text(right));
    assert!(left.contains(&format!("<0x{:02X}>", sealed[200])), "{left}");
    assert!(right.contains(&format!("<0x{:02X}>", found[200])), "{right}");
    assert_ne!(left, right);
}
