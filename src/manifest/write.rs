//! Writes a manifest: the two text formats of the field, byte for byte
//! reproducible, each read back by [`super::parse()`] as what was written.

use crate::digest::Digest;
use crate::path::BytePath;

/// One file to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name, relative to the root.
    pub path: BytePath,
    /// Its digest.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
}

/// Renders `HEX␠␠path` lines in the order given, with the GNU escape where a
/// name needs it. Every line is canonical, whatever the names look like.
pub fn sha256sum(items: &[Item]) -> Vec<u8> {
    render(items, |out, item, name| {
        out.extend_from_slice(item.digest.to_string().as_bytes());
        out.extend_from_slice(b"  ");
        out.extend_from_slice(name);
    })
}

/// Renders `HEX␠LENGTH␠path` lines in the order given, with the GNU escape
/// where a name needs it. A name that begins with a blank is written behind
/// `./`, since readers take all blanks before a name as separator.
pub fn sized(items: &[Item]) -> Vec<u8> {
    render(items, |out, item, name| {
        out.extend_from_slice(item.digest.to_string().as_bytes());
        out.extend_from_slice(format!(" {} ", item.size).as_bytes());
        if name.first().is_some_and(|&b| super::lines::is_blank(b)) {
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(name);
    })
}

fn render(items: &[Item], line: impl Fn(&mut Vec<u8>, &Item, &[u8])) -> Vec<u8> {
    let mut out = Vec::with_capacity(items.len() * 96);
    for item in items {
        let name = item.path.as_bytes();
        if name.iter().any(|b| matches!(b, b'\\' | b'\n' | b'\r')) {
            out.push(b'\\');
            line(&mut out, item, &escape_name(name));
        } else {
            line(&mut out, item, name);
        }
        out.push(b'\n');
    }
    out
}

/// The GNU escape of a name: `\\`, `\n` and `\r` for one character each.
pub(super) fn escape_name(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len() + 8);
    for &byte in name {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::digest::Sha256;
    use crate::manifest::{Format, Manifest, Options, parse};
    use crate::path::Backslash;

    fn read(bytes: &[u8]) -> Manifest {
        parse(bytes, &Options::new(b"SHA256SUMS")).unwrap()
    }

    fn items_of(manifest: &Manifest, sized: bool) -> Vec<Item> {
        let item = |entry: &crate::manifest::Entry| Item {
            path: entry.path.clone(),
            digest: entry.digest.clone(),
            size: if sized { entry.size.unwrap() } else { 0 },
        };
        manifest.entries.iter().map(item).collect()
    }

    fn items(names: Vec<Vec<u8>>) -> Vec<Item> {
        let mut items: Vec<Item> = names
            .into_iter()
            .filter_map(|name| {
                let path = BytePath::parse(&name, Backslash::Literal).ok()?;
                Some(Item { digest: Digest::Sha256(Sha256::of(&name)), path, size: 0 })
            })
            .collect();
        items.sort_by(|a, b| a.path.cmp(&b.path));
        items.dedup_by(|a, b| a.path == b.path);
        items
    }

    fn name() -> impl Strategy<Value = Vec<u8>> {
        let hex = "0123456789abcdef".repeat(4);
        let start = prop_oneof![
            Just(String::new()),
            Just(" ".to_owned()),
            Just("\t".to_owned()),
            Just("*".to_owned()),
            Just("#".to_owned()),
            Just("12 ".to_owned()),
            Just("12  ".to_owned()),
            Just("{".to_owned()),
            Just("x = ".to_owned()),
            Just("SHA256 (".to_owned()),
            Just("\u{feff}".to_owned()),
            Just(format!("{hex}  ")),
            Just(format!("{hex} 12 ")),
        ];
        let middle = prop_oneof![
            proptest::collection::vec(1u8..=255, 1..12),
            "[a-z0-9 ,|:=*#\\\\\n\r\"]{1,12}".prop_map(String::into_bytes),
        ];
        let end = prop_oneof![
            Just(String::new()),
            Just(" ".to_owned()),
            Just("\r".to_owned()),
            Just(format!(") = {hex}")),
            Just(format!(": {hex}")),
            Just(format!("  {hex}")),
        ];
        (start, middle, end).prop_map(|(a, b, c)| [a.into_bytes(), b, c.into_bytes()].concat())
    }

    proptest! {
        #[test]
        #[cfg(unix)]
        fn what_is_written_is_read_back(names in proptest::collection::vec(name(), 1..6), size in any::<u64>()) {
            let mut items = items(names);
            prop_assume!(!items.is_empty());
            let manifest = read(&sha256sum(&items));
            prop_assert_eq!(manifest.format, Format::Sha256sum);
            prop_assert_eq!(items_of(&manifest, false), items.clone());
            prop_assert!(manifest.problems.iter().all(|p| p.code == crate::code::Code::PortabilityCollision));
            for item in &mut items {
                item.size = size;
            }
            let manifest = read(&sized(&items));
            prop_assert_eq!(manifest.format, Format::Sized);
            prop_assert_eq!(items_of(&manifest, true), items);
            prop_assert!(manifest.problems.iter().all(|p| p.code == crate::code::Code::PortabilityCollision));
        }
    }

    #[test]
    fn lines_are_the_ones_of_the_field() {
        let item = |name: &[u8]| Item {
            path: BytePath::root().child(name),
            digest: Digest::Sha256(Sha256::of(b"abc")),
            size: 3,
        };
        let hex = Sha256::of(b"abc").to_string();
        let list = [item(b"a b"), item(b"c\\d\ne"), item(b" lead")];
        assert_eq!(
            String::from_utf8(sha256sum(&list)).unwrap(),
            format!("{hex}  a b\n\\{hex}  c\\\\d\\ne\n{hex}   lead\n")
        );
        assert_eq!(
            String::from_utf8(sized(&list)).unwrap(),
            format!("{hex} 3 a b\n\\{hex} 3 c\\\\d\\ne\n{hex} 3 ./ lead\n")
        );
    }
}
