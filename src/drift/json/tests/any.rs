//! Any document, changed by any tool, is explained, and the way back is the way there.

use proptest::prelude::*;

use super::super::numbers::NOTATIONS;
use super::super::order::{COLLATIONS, REACHES};
use super::super::structure::containers;
use super::*;

/// The engine finds the way to the sealed bytes.
fn check(sealed: &[u8], found: &[u8], sized: bool) -> Result<(), TestCaseError> {
    if sealed != found {
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let recipe = ask(sealed, found, sized).recipe;
        prop_assert!(recipe.is_some(), "sealed {}\nfound {}", shown(sealed), shown(found));
        let recipe = recipe.unwrap();
        prop_assert_eq!(recipe.undo(found).unwrap(), sealed);
        prop_assert_eq!(recipe.redo(sealed).unwrap(), found);
    }
    Ok(())
}

fn strings() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::sample::select(vec![
            "a",
            "\\n",
            "\\\\",
            "\\\"",
            "/",
            "\\/",
            "<",
            "&",
            "'",
            "+",
            "\u{2014}",
            "\\u2014",
            "\\u00E9",
            "\u{e9}",
            "\u{1f600}",
            "\\ud83d\\ude00",
            "\\ud800",
            "\\u001F",
            "\\b",
            "\u{2028}",
            "\u{7f}",
            " ",
        ]),
        0..8,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()))
}

fn values() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        strings(),
        proptest::sample::select(vec!["1", "-0", "1.0e5", "true", "null"]).prop_map(str::to_owned),
    ];
    scalar.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[{}]", all.join(" , "))),
            proptest::collection::vec((strings(), inner), 0..4).prop_map(|all| {
                let all: Vec<String> = all.into_iter().map(|(k, v)| format!("{k}:{v}")).collect();
                format!("{{{}}}", all.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_policy_is_proven(value in values(), policy in 0..policy::POLICIES.len(), sized in any::<bool>()) {
        let found = format!("[{value}]\n");
        let units = units(found.as_bytes()).unwrap();
        if let Some(edits) = units::respell(found.as_bytes(), &units, &policy::POLICIES[policy]) {
            let sealed = edits.undo(found.as_bytes()).unwrap();
            let diagnosis = ask(&sealed, found.as_bytes(), sized);
            prop_assert_eq!(diagnosis.causes.len(), 1, "{}", &found);
            prop_assert_eq!(diagnosis.recipe.unwrap().undo(found.as_bytes()).unwrap(), sealed);
        }
    }


    #[test]
    fn any_layout_is_proven(value in values(), index in any::<prop::sample::Index>(), sized in any::<bool>()) {
        let found = format!("[{value}]\n");
        let document = Document::read(found.as_bytes()).unwrap();
        let layouts = layout::candidates(&document, 0..usize::MAX);
        let mut sealed = Vec::new();
        if lay::render(&document, index.get(&layouts), &mut sealed) {
            check(&sealed, found.as_bytes(), sized)?;
        }
    }

    #[test]
    fn any_change_by_hand_is_proven(value in values(), index in any::<prop::sample::Index>(), sized in any::<bool>()) {
        let found = format!("[{value}]\n").replace(':', ":  ");
        let document = Document::read(found.as_bytes()).unwrap();
        let all = containers(&document);
        let changes = classes::changes(&document, &all);
        let mut sealed = Vec::new();
        hand::render(&document, &all, index.get(&changes), &mut sealed);
        check(&sealed, found.as_bytes(), sized)?;
    }

    #[test]
    fn any_sorted_order_is_proven(
        value in values(),
        by in proptest::sample::select(&COLLATIONS[..]),
        reach in proptest::sample::select(&REACHES[..]),
        layout in 0usize..8,
        policy in 0usize..3,
        sized in any::<bool>(),
    ) {
        let found = format!("[{value}]\n");
        let document = Document::read(found.as_bytes()).unwrap();
        let all = containers(&document);
        let mut sealed = Vec::new();
        super::super::order::write(&document, &all, &super::super::order::sorted(&document, &all, by, reach), &mut sealed);
        prop_assert_eq!(sealed.len(), found.len());
        prop_assert!(super::super::order::same_members(found.as_bytes(), &sealed));
        let units = units(&sealed).unwrap();
        if policy > 0 && let Some(edits) = units::respell(&sealed, &units, &policy::POLICIES[policy - 1]) {
            sealed = edits.undo(&sealed).unwrap();
        }
        let document = Document::read(&sealed).unwrap();
        let mut laid_out = Vec::new();
        if layout > 0 && lay::render(&document, &layout::candidates(&document, 0..8)[layout - 1], &mut laid_out) {
            laid_out.push(b'\n');
            check(&laid_out, found.as_bytes(), sized)?;
        } else {
            check(&sealed, found.as_bytes(), sized)?;
        }
    }

    #[test]
    fn any_number_is_read_back(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        for notation in &NOTATIONS {
            let spelled = notation.spell(format!("{number:e}").as_bytes()).unwrap();
            let spelled = String::from_utf8(spelled).unwrap();
            prop_assert_eq!(spelled.parse::<f64>().unwrap().to_bits(), number.to_bits());
            prop_assert!(Document::read(format!("[{spelled}]").as_bytes()).is_some(), "{}", spelled);
        }
    }

    #[test]
    fn numbers_of_any_tool_are_proven(
        numbers in proptest::collection::vec(-1e12f64..1e12, 1..6),
        then in proptest::sample::select(&NOTATIONS[..]),
        now in proptest::sample::select(&NOTATIONS[..]),
        sized in any::<bool>(),
    ) {
        let list = |notation: &numbers::Notation| {
            let all = numbers.iter().map(|n| notation.spell(format!("{n:e}").as_bytes()).unwrap());
            [&b"["[..], &all.collect::<Vec<_>>().join(&b','), b"]"].concat()
        };
        check(&list(&then), &list(&now), sized)?;
    }
}
