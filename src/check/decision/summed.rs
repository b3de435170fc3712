//! What a checklist or a form sums up of the preconditions follows from the rows.

use crate::check::said::{Said, says};
use crate::check::words::{any, only, words};
use crate::code::Code;
use crate::evidence::{Object, Value};
use crate::finding::Sink;

/// Words that say of one that it holds.
const MET: &str = "met satisfied fulfilled passed pass complete";
/// Words that, beside those, say no more than of how many.
const PLAIN: &str = "\
    all are check checks complete count every fulfilled is items met now number of pass passed precondition \
    preconditions prerequisite prerequisites satisfied the total were";

/// Judges what a checklist says beside its rows, at its top and one step below.
pub(super) fn of_list(root: Object<'_>, met: u64, lacks: bool, out: &mut Sink) {
    let items = root.get("items").map(Value::span);
    for (name, value) in root.members().filter(|(_, value)| Some(value.span()) != items) {
        judge(&words(&name), value, Some(met), lacks, out);
        for (name, value) in value.as_object().into_iter().flat_map(Object::members) {
            judge(&words(&name), value, Some(met), lacks, out);
        }
    }
}

/// Judges what a form says of the preconditions.
pub(super) fn of_form(root: Object<'_>, lacks: bool, out: &mut Sink) {
    crate::check::said::everywhere(root, &mut |name, value| {
        let name = words(name);
        // One of them may be met.
        let is_one = any(&name, "precondition prerequisite") && any(&name, "all every");
        if is_one || any(&name, "preconditions prerequisites") {
            judge(&name, value, None, lacks, out);
        }
    });
}

fn judge(name: &[String], value: Value<'_>, met: Option<u64>, lacks: bool, out: &mut Sink) {
    if !any(name, MET) || !only(name, PLAIN) {
        return;
    }
    let number = value.integer(&mut Sink::default());
    let message = match (number, met) {
        (Some(said), Some(met)) if said != met => {
            format!("{} does not follow: {met} preconditions of the list are met", value.shown())
        }
        (None, _) if lacks && value.as_list().is_none() && says(value) == Said::Yes => {
            format!("{} says that the preconditions are met, and one that is required is not", value.shown())
        }
        _ => return,
    };
    out.push(value.finding(Code::PreconditionsDiffer, message, "does not follow"));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::bench::{Bench, Judged, with};
    use crate::check::decision::DecisionCheck;
    use crate::check::governance;

    const LIST: &str = "precondition-checklist.json";

    fn beside(name: &str, document: &Value) -> Judged {
        let names = ["decision-packet.json", "delegation-lock.json", "blocker-map.json", LIST];
        let bench = names
            .iter()
            .fold(Bench::new("fix7"), |bench, name| bench.json(name, &governance::document(name)));
        bench.json(name, document).judge(&DecisionCheck)
    }

    fn more(name: &str, field: &str, value: Value) -> Judged {
        let mut document = governance::document(name);
        document[field] = value;
        beside(name, &document)
    }

    /// No row was met, and the list and the decision said that all of them were.
    #[test]
    fn sums_of_preconditions_followed_from_nothing() {
        for (field, value) in [
            ("all_met", json!(true)),
            ("allPassed", json!("yes")),
            ("met_count", json!(7)),
            ("preconditions_met", json!(1)),
        ] {
            more(LIST, field, value).fails_at(&[&format!("preconditions_differ /{field}")]);
        }
        more(LIST, "summary", json!({"met": 7})).fails_at(&["preconditions_differ /summary/met"]);
        for field in ["all_preconditions_met", "preconditions_satisfied"] {
            more("decision-packet.json", field, json!(true))
                .fails_at(&[&format!("preconditions_differ /{field}")]);
        }
        for (field, value) in [
            ("all_met", json!(false)),
            ("met_count", json!(0)),
            ("not_met_count", json!(7)),
            ("must_be_met", json!(true)),
            ("total", json!(7)),
        ] {
            more(LIST, field, value).is_ok();
        }
        for (field, value) in [
            ("all_preconditions_met", json!(false)),
            ("all_preconditions_must_be_met", json!(true)),
            ("precondition_met", json!(true)),
        ] {
            more("decision-packet.json", field, value).is_ok();
        }
    }

    /// Every blocker is closed and every precondition met.
    #[test]
    fn sums_of_preconditions_may_follow_from_the_rows() {
        let mut map = governance::document("blocker-map.json");
        for row in map["blockers"].as_array_mut().unwrap() {
            row["status"] = json!("CLOSED");
        }
        let mut list = governance::document(LIST);
        for row in list["items"].as_array_mut().unwrap() {
            row["status"] = json!("PASS");
        }
        list["all_met"] = json!(true);
        list["met_count"] = json!(7);
        let mut decision = governance::document("decision-packet.json");
        decision["all_preconditions_met"] = json!(true);
        let bench = Bench::new("fix7")
            .json("decision-packet.json", &decision)
            .json("delegation-lock.json", &governance::document("delegation-lock.json"));
        bench.clone().json("blocker-map.json", &map).json(LIST, &list).judge(&DecisionCheck).is_ok();
        // An open blocker, or a row that is not met, is enough for them not to follow.
        for name in ["blocker-map.json", LIST] {
            bench
                .clone()
                .json(name, &governance::document(name))
                .judge(&DecisionCheck)
                .fails_with_at("preconditions_differ", "/all_preconditions_met");
        }
    }

    /// The list with one more row, which no blocker waits for.
    fn row(required: bool, status: &str, evidence: &Value) -> Judged {
        let mut list = governance::document(LIST);
        list["items"].as_array_mut().unwrap().push(json!({
            "id": "PRE-8", "precondition": "p", "required": required, "status": status,
            "evidence_path": evidence, "blocker_id": null, "blocks_execution": false,
        }));
        beside(LIST, &list)
    }

    #[test]
    fn a_met_precondition_named_evidence_that_nobody_had() {
        for evidence in
            [json!(""), json!(null), json!("n/a"), json!("nowhere.json@rev1"), json!("nowhere.json")]
        {
            row(true, "PASS", &evidence).fails_at(&["preconditions_differ /items/7/evidence_path"]);
            row(false, "UNKNOWN", &evidence).is_ok();
        }
        row(true, "PASS", &json!("blocker-map.json@rev1")).is_ok();
        row(true, "PASS", &json!("the owner's letter of 12 June")).is_ok();
        // Kept elsewhere by its revision it is told of and does not count.
        row(true, "PASS", &json!("knowledge/plan.md@rev3"))
            .found(&["preconditions_differ /items/7/evidence_path"])
            .is(crate::check::Status::Ok);
    }

    /// A row that nothing waits for was refused for the blocker that it does not have.
    #[test]
    fn an_optional_precondition_has_no_blocker() {
        row(false, "UNKNOWN", &json!("blocker-map.json")).is_ok();
        row(true, "UNKNOWN", &json!("blocker-map.json")).fails_with("evidence_wrong_type");
        let twice = with(&governance::document(LIST), "/items/1/id", json!("pre-1 "));
        beside(LIST, &twice).fails_at(&["preconditions_differ /items/1"]);
    }
}
