//! Which commands of a shell script may be reached at all, as far as its text says so:
//! `false && a`, `true || b` and `if false; then` are never.

/// How deep in a part that is never reached a script is, line by line.
#[derive(Default)]
pub(super) struct Reach {
    dead: u32,
}

impl Reach {
    /// The commands of the next line that may be reached.
    pub(super) fn of_line<'t>(&mut self, line: &'t str) -> Vec<&'t str> {
        line.split(';').flat_map(|statement| self.of_statement(statement.trim())).collect()
    }

    fn of_statement<'t>(&mut self, statement: &'t str) -> Vec<&'t str> {
        let (first, rest) = split_word(statement);
        match first {
            "then" | "do" | "{" | "(" if !rest.is_empty() => return self.of_statement(rest),
            "else" | "elif" if self.dead <= 1 => {
                // What was left out is over; nothing is known of what comes instead.
                self.dead = 0;
                return self.of_statement(rest);
            }
            "if" | "while" | "until" | "for" | "case" | "select" if self.dead > 0 => self.dead += 1,
            "fi" | "done" | "esac" if self.dead > 0 => self.dead -= 1,
            "if" | "while" if never(rest) => self.dead = 1,
            _ if self.dead == 0 => return and_or(statement),
            _ => {}
        }
        Vec::new()
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim_start())
}

/// What a command ends with whatever there is.
fn constant(command: &str) -> Option<bool> {
    match command.trim() {
        "true" | ":" | "! false" | "/bin/true" => Some(true),
        "false" | "! true" | "! :" | "/bin/false" => Some(false),
        _ => None,
    }
}

/// Whether a condition never holds.
fn never(condition: &str) -> bool {
    !condition.contains("||") && condition.split("&&").any(|part| constant(part) == Some(false))
}

/// The commands of `a && b || c` that may be reached.
fn and_or(list: &str) -> Vec<&str> {
    let mut reached = Vec::new();
    let mut ended = None;
    let (mut rest, mut operator) = (list, "");
    loop {
        let next = [rest.find("&&"), rest.find("||")].into_iter().flatten().min();
        let command = next.and_then(|next| rest.get(..next)).unwrap_or(rest).trim();
        let skipped = matches!((operator, ended), ("&&", Some(false)) | ("||", Some(true)));
        if !skipped {
            reached.push(command);
            ended = match (operator, constant(command)) {
                ("&&", Some(true)) | ("||", Some(false)) => ended,
                (_, said) => said,
            };
        }
        let Some(next) = next else { return reached };
        operator = rest.get(next..next + 2).unwrap_or_default();
        rest = rest.get(next + 2..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_reached_is_left_out() {
        for (script, due) in [
            ("a; b && c || d", "a b c d"),
            ("false && a; b", "false b"),
            ("false && a || b", "false b"),
            ("false || a && b", "false a b"),
            ("true || a; : && b", "true : b"),
            ("a && false && b", "a false"),
            ("a || true || b", "a true"),
            ("a && true && b", "a true b"),
            ("if false; then a; fi; b", "b"),
            ("if false && x\nthen\n  if y; then a; fi\n  b\nfi\nc", "c"),
            ("if false; then a; else b; fi; c", "b fi c"),
            ("if false; then a; elif x; then b; fi", "x b fi"),
            ("if false; then if x; then a; else b; fi; c; fi; d", "d"),
            ("while ! true; do a; done; b", "b"),
            ("if x; then a; fi", "if x a fi"),
            ("if false || x; then a; fi", "if false x a fi"),
            ("if x\nthen\n  a\nfi", "if x then a fi"),
            ("fi; a", "fi a"),
        ] {
            let mut reach = Reach::default();
            let met: Vec<&str> = script.lines().flat_map(|line| reach.of_line(line.trim())).collect();
            assert_eq!(met.join(" ").split_whitespace().collect::<Vec<_>>().join(" "), due, "{script}");
        }
    }
}
