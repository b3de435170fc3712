//! Counts that stand beside the list of what they count.

use std::collections::BTreeMap;

use super::{Here, Target, is_file_name};
use crate::check::words::{any, is, words};
use crate::code::Code;
use crate::evidence::Value;
use crate::finding::Sink;
use crate::text::quote;

/// A stated number that is not the one counted. What is no integer is no claim.
pub(super) fn number_is(value: Value<'_>, due: u64, counted: &str, out: &mut Sink) {
    // Digits in quotation marks are a number too.
    let (said, is_due) = match (value.integer(&mut Sink::default()), value.as_text()) {
        (Some(said), _) => (said.to_string(), said == due),
        (None, Some(text)) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let is_due = text.parse() == Ok(due);
            (quote(text.as_bytes()), is_due)
        }
        _ => return,
    };
    if !is_due {
        let message = format!("{} is {said}, and {counted}", value.shown());
        out.push(value.finding(Code::ClaimDiffers, message, "another number"));
    }
}

/// What a name counts, in words with `_` between them: `row` of `row_count`, `rowCount`,
/// `number_of_row`.
fn counted(name: &str) -> Option<String> {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let stem: &[&str] = match words.as_slice() {
        [stem @ .., "count" | "total"] => stem,
        ["number" | "count" | "total", "of", stem @ ..] | ["total" | "num" | "n" | "count", stem @ ..] => {
            stem
        }
        _ => return None,
    };
    (!stem.is_empty()).then(|| stem.join("_"))
}

/// `X_count` beside the list `X`, in the singular or the plural.
pub(super) fn counts(members: &[(String, Value<'_>)], here: &Here<'_>, claims: &mut usize, out: &mut Sink) {
    let mut by_name: Option<BTreeMap<String, &Value<'_>>> = None;
    for (name, value) in members {
        let Some(stem) = counted(name) else { continue };
        let stem = stem.as_str();
        let plural = match stem.strip_suffix('y') {
            Some(head) => format!("{head}ies"),
            None => format!("{stem}s"),
        };
        // Made only where something is counted at all.
        let lists =
            by_name.get_or_insert_with(|| members.iter().map(|(n, v)| (words(n).join("_"), v)).collect());
        let named = [stem, plural.as_str()].into_iter().find_map(|n| Some((n.to_owned(), *lists.get(n)?)));
        let Some((list_name, list)) = named else { continue };
        let Some(items) = list.as_list() else { continue };
        if counts_another(stem, *value, &items, here) {
            continue;
        }
        *claims += 1;
        let counted = format!("the list {} has {}", quote(list_name.as_bytes()), items.len());
        number_is(*value, items.len() as u64, &counted, out);
    }
}

/// Whether a number is another than that of the items beside it: the packet's own number
/// of files beside those that a document is about, or of rows beside the document they are in.
fn counts_another(stem: &str, number: Value<'_>, items: &[Value<'_>], here: &Here<'_>) -> bool {
    const FILES: &str = "file files document documents doc docs artifact artifacts artefact artefacts evidence log \
        logs path paths name names page pages script scripts report reports entry entries";
    let stem = words(stem);
    let said = number.integer(&mut Sink::default());
    if matches!(stem.as_slice(), [one] if is(one, "file files")) {
        return here.counts().iter().any(|due| said.as_ref().is_some_and(|said| *said == *due));
    }
    let is_document = |item: &Value<'_>| {
        item.as_text()
            .is_some_and(|text| is_file_name(&text) && matches!(here.target(&text), Target::File(..)))
    };
    !any(&stem, FILES) && !items.is_empty() && items.iter().all(is_document)
}
