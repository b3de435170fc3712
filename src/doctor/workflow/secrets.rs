//! Which secrets a text of a workflow uses, by the expressions in it.
//!
//! Where an expression is not understood, it uses all of them.

/// What an expression uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// The token of the job.
    Token,
    /// A secret by its name, in capitals.
    Named(String),
    /// All of them, or one whose name is computed.
    All,
}

/// The secrets that a text uses between `${{` and `}}`, or as a whole when it
/// is an expression without them.
pub(super) fn used(text: &str, is_expression: bool) -> Vec<Use> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut marked = false;
    while let Some((_, after)) = rest.split_once("${{") {
        marked = true;
        let end = closing(after);
        expression(after.get(..end).unwrap_or(after), &mut found);
        rest = after.get(end..).unwrap_or_default();
    }
    if is_expression && !marked {
        expression(text, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

/// Where the expression that begins here ends: at `}}` outside of a literal.
fn closing(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut quoted = false;
    for (at, pair) in bytes.windows(2).enumerate() {
        if pair.starts_with(b"'") {
            quoted = !quoted;
        }
        if !quoted && pair == b"}}" {
            return at;
        }
    }
    text.len()
}

fn expression(text: &str, found: &mut Vec<Use>) {
    let mut rest = text;
    let mut after_point = false;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            rest = literal(rest).map_or("", |(_, after)| after);
            after_point = false;
        } else if is_name(first) {
            let (name, after) = name(rest);
            rest = after;
            if !after_point {
                context(name, after, found);
            }
            after_point = false;
        } else {
            after_point = first == '.' || (after_point && first.is_whitespace());
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
}

/// A context and what follows its name.
fn context(name: &str, after: &str, found: &mut Vec<Use>) {
    let member = || member(after).map(str::to_ascii_uppercase);
    if name.eq_ignore_ascii_case("secrets") {
        found.push(match member() {
            Some(member) if member == "GITHUB_TOKEN" => Use::Token,
            Some(member) => Use::Named(member),
            None => Use::All,
        });
    } else if name.eq_ignore_ascii_case("github") && member().is_none_or(|member| member == "TOKEN") {
        found.push(Use::Token);
    }
}

/// The member that `.NAME` or `['NAME']` names; `None` for anything else.
fn member(after: &str) -> Option<&str> {
    let after = after.trim_start();
    if let Some(dotted) = after.strip_prefix('.') {
        let (name, _) = name(dotted.trim_start());
        return (!name.is_empty()).then_some(name);
    }
    let (inside, after) = literal(after.strip_prefix('[')?.trim_start())?;
    after.trim_start().starts_with(']').then_some(inside)
}

/// The inside of the literal that a text begins with, and what follows it.
fn literal(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('\'')?.split_once('\'')
}

fn name(text: &str) -> (&str, &str) {
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Vec<Use> {
        vec![Use::Named(name.to_owned())]
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        for text in [
            "${{ secrets.PAT }}",
            "x ${{secrets.pat}} y",
            "${{ Secrets [ 'PAT' ] }}",
            "${{ format('}}{0}', secrets . PAT) }}",
            "${{ a && SECRETS.PAT || 'secrets.OTHER' }}",
            "${{ 'it''s' == secrets.PAT }}",
            "${{ secrets.PAT",
        ] {
            assert_eq!(used(text, false), named("PAT"), "{text}");
        }
        for text in
            ["${{ toJSON(secrets) }}", "${{ secrets[matrix.name] }}", "${{ secrets.* }}", "${{ secrets }}"]
        {
            assert_eq!(used(text, false), [Use::All], "{text}");
        }
    }

    #[test]
    fn the_token_of_the_job_is_told_apart() {
        for text in [
            "${{ secrets.GITHUB_TOKEN }}",
            "${{ github.token }}",
            "${{ github['token'] }}",
            "${{ toJSON(github) }}",
        ] {
            assert_eq!(used(text, false), [Use::Token], "{text}");
        }
        for text in [
            "${{ github.sha }}",
            "secrets.PAT",
            "${{ steps.secrets.outputs.x }}",
            "${{ 'secrets.X' }}",
            "${{ my-secrets.x }}",
        ] {
            assert_eq!(used(text, false), [], "{text}");
        }
        assert_eq!(used("secrets.PAT != ''", true), named("PAT"));
    }

    proptest::proptest! {
        #[test]
        fn a_secret_is_never_hidden_by_what_stands_around_it(before in "[a-z{}$ .()]{0,12}", after in "[ )!=]{0,4}") {
            let text = format!("{before} ${{{{ ( secrets.PAT {after}}}}}");
            proptest::prop_assert!(!used(&text, false).is_empty(), "{}", text);
        }
    }
}
