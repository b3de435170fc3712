//! The strict reader: TOML values with spans to typed values, or the finding
//! that says which one cannot be carried out.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, Section, Use, Weakens};
use super::place::{Source, Sources};
use super::{BUILT_IN_PROFILES, Config, Discover, Known, KnownBroken, Located, packet, profile};
use crate::code::Code;
use crate::finding::Finding;
use crate::text::quote;

/// The finding that ends the reading.
pub(super) type Refused = Box<Finding>;

/// Reads a whole configuration.
pub(super) fn config(source: Source, known: &Known<'_>) -> Result<Config, Refused> {
    let mut reader =
        Reader { source: &source, offset: source.body().1, known, profiles: Vec::new(), uses: Vec::new() };
    let document = reader.document()?;
    let mut config = Config::default();
    let top = reader.table(Section::Top, document.get_ref(), reader.span(&document))?;
    if let Some(value) = top.get("discover") {
        config.discover = reader.discover(value)?;
    }
    if let Some(value) = top.get("profile") {
        config.profiles = profile::profiles(&mut reader, value)?;
        reader.profiles = config.profiles.iter().map(|profile| profile.name.clone()).collect();
    }
    if let Some(value) = top.get("packet") {
        (config.packets, config.accept_reseal) = packet::packets(&mut reader, value)?;
    }
    if let Some(value) = top.get("known_broken") {
        config.known_broken = reader.known_broken(value)?;
    }
    if let Some(value) = top.get("search_budget") {
        config.search_budget = Some(reader.size(value, "search_budget")?);
    }
    let mut uses = reader.uses;
    uses.sort_by_key(|used| used.span.start);
    config.uses = uses;
    config.sources = Sources::of(source);
    Ok(config)
}

/// What every reading function needs.
pub(super) struct Reader<'s> {
    source: &'s Source,
    /// Length of the byte-order mark that the parser does not see.
    offset: usize,
    pub(super) known: &'s Known<'s>,
    /// Profiles of this very configuration.
    profiles: Vec<String>,
    uses: Vec<Use>,
}

/// A table whose keys are all known.
pub(super) struct Keys<'t> {
    section: Section,
    span: Range<usize>,
    entries: &'t DeTable<'t>,
}

impl<'t> Keys<'t> {
    /// The value of a key.
    pub(super) fn get(&self, name: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        debug_assert!(keys::find(self.section, name).is_some(), "{name} has no row in the table of keys");
        self.entries.get(name)
    }

    /// Where the table stands.
    pub(super) fn span(&self) -> &Range<usize> {
        &self.span
    }
}

impl<'s> Reader<'s> {
    fn document(&self) -> Result<Spanned<DeTable<'s>>, Refused> {
        DeTable::parse(self.source.body().0).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let span = span.start + self.offset..span.end + self.offset;
            let reason = crate::text::escape(error.message().lines().next().unwrap_or_default().as_bytes());
            let message = format!("the configuration is not valid TOML: {reason}");
            self.refuse(
                &span,
                message,
                "correct the line; the TOML specification is at https://toml.io",
                "here",
            )
        })
    }

    /// A refusal that marks those bytes.
    pub(super) fn refuse(
        &self,
        span: &Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        label: &str,
    ) -> Refused {
        Box::new(self.source.finding(Code::ConfigInvalid, span, message, help, label))
    }

    /// A value's bytes in the text.
    pub(super) fn span<T>(&self, value: &Spanned<T>) -> Range<usize> {
        let span = value.span();
        span.start + self.offset..span.end + self.offset
    }

    /// Checks that a table holds known keys only, and notes those that may weaken.
    pub(super) fn table<'t>(
        &mut self,
        section: Section,
        entries: &'t DeTable<'t>,
        span: Range<usize>,
    ) -> Result<Keys<'t>, Refused> {
        let mut unknown: Option<(&str, Range<usize>)> = None;
        for (name, value) in entries {
            let at = self.span(name);
            match keys::find(section, name.get_ref()) {
                Some(key) => {
                    let weakens = match key.weakens {
                        Weakens::Always => true,
                        Weakens::WhenAllowed => value.get_ref().as_str() == Some("allow"),
                        Weakens::Never | Weakens::ByItsKeys => false,
                    };
                    self.uses.push(Use { key, span: at, weakens });
                }
                None if unknown.as_ref().is_none_or(|(_, first)| at.start < first.start) => {
                    unknown = Some((name.get_ref(), at));
                }
                None => {}
            }
        }
        match unknown {
            Some((name, at)) => Err(self.unknown_key(section, name, &at)),
            None => Ok(Keys { section, span, entries }),
        }
    }

    fn unknown_key(&self, section: Section, name: &str, at: &Range<usize>) -> Refused {
        let names = keys::names(section);
        let message = format!("unknown key {} in {}", quote(cut(name).as_bytes()), section.shown());
        let close = keys::nearest(name, &names).filter(|near| keys::is_close(name, near));
        let hint = match (keys::elsewhere(section, name), keys::nearest(name, &names)) {
            (Some(other), _) => {
                let here = close.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
                format!("{here}`{name}` belongs in {}; ", other.shown())
            }
            (None, Some(near)) => format!("the nearest known key is `{near}`; "),
            (None, None) => String::new(),
        };
        let help = format!("{hint}known here: {}", names.join(", "));
        self.refuse(at, message, help, "unknown key")
    }

    /// A value that is none of the known ones, with the nearest that is.
    pub(super) fn unknown_name(&self, at: &Range<usize>, what: &str, name: &str, known: &[&str]) -> Refused {
        let message = format!("unknown {what} {}", quote(cut(name).as_bytes()));
        let help = match keys::nearest(name, known) {
            Some(near) => format!("the nearest known {what} is `{near}`; known: {}", known.join(", ")),
            None => format!("remove it: this program has no {what} that could be named here"),
        };
        self.refuse(at, message, help, &format!("unknown {what}"))
    }

    /// Refuses a table without a key it cannot do without.
    pub(super) fn required<'t>(
        &self,
        keys: &Keys<'t>,
        name: &str,
    ) -> Result<&'t Spanned<DeValue<'t>>, Refused> {
        keys.get(name).ok_or_else(|| {
            let message = format!("{} lacks `{name}`", keys.section.shown());
            let needed = format!("add `{name} = ...`; known here: {}", keys::names(keys.section).join(", "));
            self.refuse(keys.span(), message, needed, &format!("`{name}` is missing"))
        })
    }

    fn discover(&mut self, value: &Spanned<DeValue<'_>>) -> Result<Discover, Refused> {
        let entries = self.entries(value, "discover", "a table, written [discover]")?;
        let keys = self.table(Section::Discover, entries, self.span(value))?;
        let mut discover = Discover::default();
        if let Some(roots) = keys.get("roots") {
            for text in self.some_strings(roots, "roots")? {
                let root = self.folder(&text, "roots")?;
                if discover.roots.iter().any(|earlier| earlier.value == root.value) {
                    let message = "`roots` names a folder twice";
                    return Err(self.refuse(&root.span, message, "remove one of the two", "named before"));
                }
                discover.roots.push(root);
            }
        }
        if let Some(ignore) = keys.get("ignore") {
            discover.ignore = self.globs(ignore, "ignore")?;
        }
        Ok(discover)
    }

    fn known_broken(&mut self, value: &Spanned<DeValue<'_>>) -> Result<Vec<KnownBroken>, Refused> {
        let due = "an array of tables, written [[known_broken]]";
        let mut all: Vec<KnownBroken> = Vec::new();
        for item in self.array(value, "known_broken", due)? {
            let span = self.span(item);
            let entries = self.entries(item, "known_broken", due)?;
            let keys = self.table(Section::KnownBroken, entries, span.clone())?;
            let root = self.folder(&self.string(self.required(&keys, "root")?, "root")?, "root")?;
            let tree = self.sha256(self.required(&keys, "tree")?, "tree")?.value;
            let reason = self.string(self.required(&keys, "reason")?, "reason")?;
            if reason.value.trim().is_empty() {
                let help = "say in a sentence why it is broken and who mends it";
                return Err(self.refuse(&reason.span, "`reason` is empty", help, "empty"));
            }
            let until = self.date(self.required(&keys, "until")?, "until")?;
            if all.iter().any(|earlier| earlier.root == root.value && earlier.tree == tree) {
                let message = "`known_broken` names the same root and tree twice";
                return Err(self.refuse(&span, message, "remove one of the two", "named before"));
            }
            all.push(KnownBroken { root: root.value, tree, reason: reason.value.to_owned(), until, span });
        }
        Ok(all)
    }

    /// A profile that this program can carry out.
    pub(super) fn profile(&self, value: &Spanned<DeValue<'_>>) -> Result<Located<String>, Refused> {
        let name = self.string(value, "profile")?;
        let own = self.profiles.iter().map(String::as_str);
        let mut known: Vec<&str> = Vec::new();
        for name in BUILT_IN_PROFILES.iter().chain(self.known.profiles).copied().chain(own) {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        if !known.contains(&name.value) {
            return Err(self.unknown_name(&name.span, "profile", name.value, &known));
        }
        Ok(Located { value: name.value.to_owned(), span: name.span })
    }
}

/// The head of a long name, for messages.
pub(super) fn cut(name: &str) -> String {
    const MOST: usize = 80;
    if name.chars().nth(MOST).is_none() {
        return name.to_owned();
    }
    name.chars().take(MOST).chain("...".chars()).collect()
}
