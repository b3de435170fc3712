//! What a lock or a row on a clone says beside its due fields: contact, a place in
//! production, an opening to others and secrets count under any name.

use std::ops::Range;

use crate::check::said::{Said, everywhere, says};
use crate::check::words::{DENIALS, DUE, any, is, only, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;
use crate::profile::{Key, Profile};

/// Fields of a lock that are judged by their own rules, with all that they hold.
const JUDGED: [&str; 9] = [
    "isolated",
    "production",
    "contacts",
    "target_kind",
    "scope",
    "clone_realpath",
    "mode",
    "hard_links",
    "is_symlink",
];

/// Words that, beside one for production or for contact, say no more than where something is.
const PLACE: &str = "\
    a actual actually an any are at be by candidate clone cluster connected connecting connection connects copy \
    count database databases db direct directly env environment exposed from had has host hostname in instance \
    into is kind made mounted name network number of on pg point pointed pointing points postgres postgresql \
    primary reachable read reading reads real region running runs server service shared source stage system \
    target the this tier to touch touched touches type used uses using was were with write writes writing wrote \
    written";
/// Words for contact, which there is none of.
const CONTACT: &str = "contact contacts contacted internet";
/// Words of a field that says where the target is.
const WHERE: &str = "\
    environment env database databases db host hostname target server system instance cluster kind stage tier \
    dsn endpoint";
/// Words of a name that holds something apart from the target.
const APART: &str = "\
    source origin cloned copied from non compared isolated separate separated apart unlike shaped like modelled \
    modeled schema";
/// Words for a copy, which is not where it came from.
const COPIES: &str = "\
    dump dumps clone clones copy copies copied snapshot export exported backup replica restore restored sanitized \
    sanitised anonymized anonymised masked scrubbed redacted synthetic generated fixture derived extract extracted \
    subset shape shaped like schema non";

/// Judges everything in a lock that no other rule reads.
pub(super) fn lock(root: Object<'_>, profile: &Profile, out: &mut Sink) {
    let judged: Vec<Range<usize>> = JUDGED.iter().filter_map(|name| Some(root.get(name)?.span())).collect();
    let production = production(profile);
    everywhere(root, &mut |name, value| {
        if judged.iter().any(|judged| judged.contains(&value.span().start)) {
            return;
        }
        let name = words(name);
        if any(&name, DUE) || any(&name, DENIALS) {
            return;
        }
        if is_contact(&name, value, &production) {
            open(value, "the target is in contact with production or a network", out);
        } else if is_production(&name, value, &production) {
            open(value, "the target is in production", out);
        } else if is_shared(&name, value) {
            open(value, "the target is open to others", out);
        } else if is_not_isolated(&name, value) {
            open(value, "the target was not isolated", out);
        }
    });
}

/// Judges what a row on a clone that is there and allowed says beside its cells.
pub(super) fn row(row: Object<'_>, shown: &str, profile: &Profile, out: &mut Sink) {
    let production = production(profile);
    if let Some(value) = row.get("source")
        && let Some(source) = value.as_text()
        && is_live(&words(&source), &production)
    {
        let message =
            format!("the clone {shown} is there and allowed, and its source is no copy of production");
        out.push(value.finding(Code::TargetNotIsolated, message, "production itself"));
    }
    for (name, value) in row.members() {
        let name = words(&name);
        if any(&name, DENIALS) {
            continue;
        }
        if is_contact(&name, value, &production) {
            open(value, "the clone is in contact with production or a network", out);
        }
        secrets(&name, value, "contains_secrets", out);
    }
}

/// Judges what stands beside a table with a clone that is there and allowed.
pub(super) fn table(root: Object<'_>, table: &str, out: &mut Sink) {
    for (name, value) in root.members().filter(|(name, _)| name != table) {
        secrets(&words(&name), value, "", out);
    }
}

fn open(value: Value<'_>, what: &str, out: &mut Sink) {
    let message = format!("{what}, says {}", value.shown());
    out.push(value.finding(Code::TargetNotIsolated, message, "not isolated"));
}

/// What production is called, in small letters.
fn production(profile: &Profile) -> String {
    let known = profile.words(Key::ForbiddenEnvironments);
    known.iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join(" ")
}

fn is_plain_place(words: &[String], production: &str) -> bool {
    let plain = |word: &String| {
        is(word, PLACE)
            || is(word, CONTACT)
            || is(word, production)
            || word.bytes().all(|byte| byte.is_ascii_digit())
    };
    words.iter().all(plain)
}

/// `production_contact: true`, `points_to_production: true`, `network_contact: 2`.
fn is_contact(name: &[String], value: Value<'_>, production: &str) -> bool {
    says(value) == Said::Yes
        && is_plain_place(name, production)
        && (any(name, CONTACT) || any(name, production))
}

/// `environment: "production"`, and neither `production-like` nor what it is compared with.
fn is_production(name: &[String], value: Value<'_>, production: &str) -> bool {
    let said = value.as_text().map(|text| words(&text)).unwrap_or_default();
    any(name, WHERE)
        && !any(name, APART)
        && any(&said, production)
        && !any(&said, COPIES)
        && is_plain_place(&said, production)
}

/// `world_readable: true`, `owner_only: false`.
fn is_shared(name: &[String], value: Value<'_>) -> bool {
    const OTHERS: &str = "world group others other public everyone anyone all";
    const RIGHTS: &str = "readable writable writeable accessible executable readwrite shared";
    const OWN: &str = "access exclusive file is mode only owner private";
    match says(value) {
        Said::Yes => {
            (any(name, OTHERS) && any(name, RIGHTS))
                || (any(name, "shared") && only(name, "is shared with by"))
        }
        Said::No => is_a_no(value) && any(name, "owner private exclusive") && only(name, OWN),
        Said::Other => false,
    }
}

/// `isolation_verified: false`, `isolated_at_exit: "NO"`.
fn is_not_isolated(name: &[String], value: Value<'_>) -> bool {
    const WHEN: &str = "\
        after at before clone complete confirmed end entry exit held holds intact is isolated isolation kept on \
        proven shown start still target verified was";
    says(value) == Said::No && is_a_no(value) && any(name, "isolated isolation") && only(name, WHEN)
}

/// `false` or a word for it; `null` and an empty text say nothing.
fn is_a_no(value: Value<'_>) -> bool {
    value.raw() == b"false"
        || value.as_text().is_some_and(|text| is(text.trim(), "no No NO false FALSE False"))
}

/// Whether a source is production and no copy of it.
fn is_live(source: &[String], production: &str) -> bool {
    const SENTENCE: usize = 8;
    source.len() <= SENTENCE && any(source, production) && !any(source, COPIES) && !any(source, DENIALS)
}

/// `secrets_found: 3`; how much was searched or taken out is something else.
fn secrets(name: &[String], value: Value<'_>, judged: &str, out: &mut Sink) {
    const SECRETS: &str = "secret secrets credential credentials password passwords";
    const THERE: &str = "\
        any are clone contain contained contains count detected found has have hits holds in included includes key \
        keys leaked left number of present real remaining still target there token tokens with";
    let is_there = |word: &String| is(word, SECRETS) || is(word, THERE);
    if value.key() != judged && says(value) == Said::Yes && any(name, SECRETS) && name.iter().all(is_there) {
        let message = format!("the clone holds secrets, says {}", value.shown());
        out.push(value.finding(Code::CloneContainsSecrets, message, "secrets"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged};
    use crate::check::isolation::IsolationCheck;
    use crate::check::samples;

    fn lock(field: &str, value: Value) -> Judged {
        let mut lock = samples::target_lock();
        lock[field] = value;
        Bench::new("fix7").json("rehearsal-target-lock.json", &lock).judge(&IsolationCheck)
    }

    fn clones(field: &str, value: Value) -> Judged {
        let mut table = samples::usable_clone_provenance();
        table["table_A_clone_provenance"][0][field] = value;
        Bench::new("fix7").json("clone-provenance.json", &table).judge(&IsolationCheck)
    }

    /// The due fields were as they must be, and others beside them told of production.
    #[test]
    fn a_lock_said_under_another_name_that_its_target_was_open() {
        for (field, value) in [
            ("production_contact", json!(true)),
            ("isProduction", json!(true)),
            ("network_contact", json!(2)),
            ("contacted_production", json!("YES")),
            ("source_is_live", json!(true)),
            ("environment", json!("production")),
            ("database", json!("Production database")),
            ("target_kind_actual", json!("PRODUCTION")),
            ("host", json!("prod-db-1")),
            ("owner_only", json!(false)),
            ("world_readable", json!(true)),
            ("shared_with", json!(["prod"])),
            ("isolation_verified", json!(false)),
            ("isolated_at_exit", json!("NO")),
        ] {
            lock(field, value).fails_at(&[&format!("target_not_isolated /{field}")]);
        }
        let deep = json!({"db": {"environment": "prod"}});
        lock("more", deep).fails_at(&["target_not_isolated /more/db/environment"]);
    }

    #[test]
    fn denials_plans_and_comparisons_open_no_target() {
        for (field, value) in [
            ("production_contact", json!(false)),
            ("no_production_contact", json!(true)),
            ("network_contact", json!(0)),
            ("production_contact_forbidden", json!(true)),
            ("contact", json!("the owner")),
            ("contacts_checked", json!(6)),
            ("production_shaped", json!(true)),
            ("isolated_from_production", json!(true)),
            ("environment", json!("local")),
            ("environment", json!("production-like")),
            ("environment", json!("non-production")),
            ("database", json!("clone of the production database")),
            ("compared_environment", json!("production")),
            ("source_database", json!("production")),
            ("forbidden_target", json!("production")),
            ("owner_only", json!(true)),
            ("world_readable", json!(false)),
            ("all_complete", json!(true)),
            ("readable_by_owner", json!(true)),
            ("shared_cache_disabled", json!(true)),
            ("owner_only", json!(null)),
            ("owner_notified", json!(false)),
            ("file_access", json!(false)),
            ("isolation_breaches", json!(0)),
            ("isolation_required", json!(false)),
            ("isolation_verified", json!(null)),
        ] {
            lock(field, value).is_ok();
        }
    }

    #[test]
    fn an_allowed_clone_was_production_itself_or_held_secrets() {
        clones("source", json!("production database"))
            .fails_at(&["target_not_isolated /table_A_clone_provenance/0/source"]);
        clones("points_to_production", json!(true))
            .fails_at(&["target_not_isolated /table_A_clone_provenance/0/points_to_production"]);
        for (field, value) in
            [("secrets_found", json!(3)), ("credentials_present", json!("yes")), ("secrets", json!(["a"]))]
        {
            let at = format!("clone_contains_secrets /table_A_clone_provenance/0/{field}");
            clones(field, value).fails_at(&[&at]);
        }
        for (field, value) in [
            ("source", json!("sanitized dump of production")),
            ("source", json!("non-production seed")),
            ("source", json!("seed of the test suite")),
            ("0_production_contacts", json!(true)),
            ("production_contact_forbidden", json!(true)),
            ("secrets_found", json!(0)),
            ("secrets_removed", json!(3)),
            ("secrets_searched_for", json!(40)),
            ("no_secrets_found", json!(true)),
            ("points_to_production", json!(false)),
        ] {
            clones(field, value).is_ok();
        }
        let mut absent = samples::usable_clone_provenance();
        let mut second = absent["table_A_clone_provenance"][0].clone();
        second["candidate_clone"] = json!("production");
        second["source"] = json!("production database");
        second["allowed"] = json!(false);
        absent["table_A_clone_provenance"].as_array_mut().unwrap().push(second);
        let bench = Bench::new("fix7").json("clone-provenance.json", &absent);
        bench.judge(&IsolationCheck).is_ok();
        absent["secrets_found"] = json!(1);
        let bench = Bench::new("fix7").json("clone-provenance.json", &absent);
        bench.judge(&IsolationCheck).fails_at(&["clone_contains_secrets /secrets_found"]);
    }
}
