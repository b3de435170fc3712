//! How a self-test makes the bad input of a class: one line of a profile's
//! `probe_injections`.

/// One bad input, to be made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Injection {
    /// The copy is sealed again, so that only a check can notice.
    pub(crate) sealed: bool,
    /// What is done.
    pub(crate) verb: Verb,
}

/// What is done at the pointer of the class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verb {
    /// Another value takes the place.
    Set(String),
    /// The value at another pointer takes the place.
    Copy(String),
    /// Members of the object around it get other values.
    Merge(serde_json::Map<String, serde_json::Value>),
    /// It is taken out.
    Remove,
    /// Every em dash of the file becomes a hyphen.
    Retype,
    /// The file is gone.
    Delete,
}

/// The verbs as they are written, for messages and documentation.
pub(crate) const VERBS: [&str; 6] = ["set JSON", "copy POINTER", "merge JSON", "remove", "retype", "delete"];

impl Injection {
    /// What a line says; a clause why it says nothing that could be done.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        let (sealed, line) = match line.strip_prefix("unsealed ") {
            Some(rest) => (false, rest),
            None => (true, line),
        };
        let verb = match line.split_once(' ') {
            Some(("set", json)) => match serde_json::from_str::<serde_json::Value>(json) {
                Ok(_) => Verb::Set(json.to_owned()),
                Err(_) => return Err("`set` takes a JSON value, as in `set \"X\"`".to_owned()),
            },
            Some(("copy", pointer)) if pointer.starts_with('/') => Verb::Copy(pointer.to_owned()),
            Some(("copy", _)) => return Err("`copy` takes a JSON pointer, as in `copy /a/0`".to_owned()),
            Some(("merge", json)) => match serde_json::from_str(json) {
                Ok(members) => Verb::Merge(members),
                Err(_) => return Err("`merge` takes a JSON object, as in `merge {\"a\": 1}`".to_owned()),
            },
            None if line == "remove" => Verb::Remove,
            None if line == "retype" => Verb::Retype,
            None if line == "delete" => Verb::Delete,
            _ => return Err("it begins with no known verb".to_owned()),
        };
        Ok(Self { sealed, verb })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_verb_with_what_it_takes() {
        let parsed = |line: &str| Injection::parse(line).map(|made| (made.sealed, made.verb));
        assert_eq!(parsed("set true"), Ok((true, Verb::Set("true".into()))));
        assert_eq!(parsed("unsealed set \"a b\""), Ok((false, Verb::Set("\"a b\"".into()))));
        assert_eq!(parsed("copy /a/0"), Ok((true, Verb::Copy("/a/0".into()))));
        assert_eq!(parsed("remove"), Ok((true, Verb::Remove)));
        assert_eq!(parsed("unsealed retype"), Ok((false, Verb::Retype)));
        assert_eq!(parsed("delete"), Ok((true, Verb::Delete)));
        assert!(matches!(parsed("merge {\"a\": 1}"), Ok((true, Verb::Merge(members))) if members.len() == 1));
        for bad in
            ["set", "set TOUCHED", "copy a", "merge 1", "remove /a", "sett 1", "unsealed", "", "Delete"]
        {
            assert!(Injection::parse(bad).is_err(), "{bad:?}");
        }
    }
}
