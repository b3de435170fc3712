//! What a command does, by the verb that it begins with. A command that checks, shows
//! or only speaks of something does nothing here.

use crate::check::environment::{Part, parts};
use crate::check::words::{DENIALS, any, is, words};
use crate::profile::Profile;

/// What may stand before the verb.
const HEADS: &str = "run sh bash python python3 exec execute call sudo now to please";

/// Where the verb of a part stands.
fn head(part: &Part) -> Option<(usize, &str)> {
    let mut words = part.words.iter().map(String::as_str).enumerate();
    words.find(|(_, word)| !is(word, HEADS))
}

/// Whether the command puts something where others read it. A copy of an environment
/// is no such place, and what is taken back at once stays nowhere.
pub(super) fn publishes(profile: &Profile, command: &str) -> bool {
    const VERBS: &str = "publish publishes upload uploads";
    const THINGS: &str = "\
        check checks checklist test tests plan plans preflight guard gate permission permissions rights \
        readiness list target targets path paths queue dry nothing";
    const BACK: &str = "withdraw withdraws rollback restore restores dry simulate rehearse";
    let parts = parts(profile, command);
    if parts.iter().any(|part| part.is_copy) || any(&words(command), BACK) {
        return false;
    }
    parts.iter().any(|part| {
        let is_verb = head(part).filter(|(_, word)| is(word, VERBS));
        let next = |(at, _): (usize, &str)| part.words.get(at + 1).map_or("", String::as_str).to_owned();
        is_verb.map(next).is_some_and(|next| !is(&next, THINGS)) && !any(&part.words, DENIALS)
    })
}

/// Whether the command changes something in a forbidden environment.
pub(super) fn acts_on_forbidden(profile: &Profile, command: &str) -> bool {
    const VERBS: &str = "\
        apply applies publish publishes upload uploads write writes deploy deploys insert inserts update updates \
        delete deletes drop drops remove removes alter alters truncate migrate migrates push pushes promote \
        promotes release releases install installs send sends mutate mutates change changes modify modifies \
        create creates commit commits merge merges patch patches repoint repoints activate activates import \
        imports load loads restore restores replace replaces overwrite overwrites sync syncs";
    const SAFE: &str = "untouched unchanged unaffected intact excluded forbidden";
    let mut verb: Option<String> = None;
    for part in parts(profile, command) {
        let Some((at, first)) = head(&part) else { continue };
        if is(first, VERBS) {
            verb = Some(first.to_owned());
        } else if !is(first, TO) && !part.forbidden.contains(&at) {
            verb = None;
        }
        let Some(verb) = verb.as_deref() else { continue };
        let denied = any(&part.words, SAFE) || any(&part.words, DENIALS);
        if !denied && part.forbidden.iter().any(|at| is_place(&part.words, *at, verb)) {
            return true;
        }
    }
    false
}

/// Words before a place at which something is done.
const TO: &str = "to into in on onto at against over within env environment target stage host";

/// Whether the environment named there is what the verb works on, and not a part of
/// another name such as that of a report on it.
fn is_place(words: &[String], at: usize, verb: &str) -> bool {
    const THINGS: &str = "\
        database databases db pg postgres cluster system systems server servers row rows table tables environment \
        env host registry directus data instance schema site store storage surface surfaces issues vps with by \
        using as now for via from prod production live prd";
    // What these verbs name first is where they take it from.
    const TAKES: &str = "restore restores import imports load loads sync syncs";
    let before = words.iter().take(at).rev().find(|word| !is(word, "a an the our real actual live"));
    let follows = words.get(at + 1).is_none_or(|next| is(next, THINGS) || is(next, TO));
    let reaches = match before.map(String::as_str) {
        None => true,
        Some("from") => is(verb, "delete deletes drop drops remove removes"),
        Some(before) => is(before, TO) || (before == verb && !is(verb, TAKES)),
    };
    follows && reaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::builtin;

    #[test]
    fn a_command_is_what_its_verb_says() {
        let generic = builtin("generic").unwrap();
        for text in
            ["publish M-1", "Upload M-2", "upload_document M-1", "check, then publish M-1", "run publish.sh"]
        {
            assert!(publishes(generic, text), "{text}");
        }
        for text in [
            "check that nothing is published",
            "publish nothing",
            "verify the upload path",
            "publish-readiness check",
            "publish M-1 to staging",
            "upload M-1, then withdraw it",
            "probes",
            "",
        ] {
            assert!(!publishes(generic, text), "{text}");
        }
    }

    #[test]
    fn a_command_acts_where_it_says() {
        let generic = builtin("generic").unwrap();
        for text in [
            "apply to production",
            "upload to the live production database",
            "apply to staging, then to production",
            "apply to staging and production",
            "update production rows",
            "deploy --env=production",
            "delete from production",
            "write rows into staging, into production",
        ] {
            assert!(acts_on_forbidden(generic, text), "{text}");
        }
        for text in [
            "verify that production is untouched",
            "do not apply to production",
            "apply nothing to production",
            "apply to the clone of production",
            "apply to staging; production untouched",
            "write the report on production readiness",
            "update the production-rehearsal checklist",
            "copy production rows to the clone",
            "apply to staging, check production",
            "read production",
            "update the checklist: production",
            "",
        ] {
            assert!(!acts_on_forbidden(generic, text), "{text}");
        }
    }
}
