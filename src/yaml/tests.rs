use super::*;

fn parse(text: &str) -> Document {
    Document::parse(text.as_bytes()).unwrap()
}

fn refusal(text: &str) -> String {
    Document::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn values_know_their_lines() {
    let document = parse("on: push\njobs:\n  a:\n    steps:\n      - run: x\n      - {uses: 'y', n: ~}\n");
    let job = document.root().get("jobs").unwrap().get("a").unwrap();
    let steps: Vec<Value<'_>> = job.get("steps").unwrap().items().collect();
    assert_eq!((steps[0].line(), steps[1].line()), (5, 6));
    assert_eq!(steps[1].get("uses").unwrap().text(), Some("y"));
    assert!(steps[1].get("n").unwrap().is_null());
    assert!(!parse("a: ''\n").root().get("a").unwrap().is_null(), "an empty text is a text");
    let all = document.root().scalars();
    assert_eq!(
        all.iter().filter(|scalar| scalar.text == "y").map(|s| (s.line, s.under)).next(),
        Some((6, "uses"))
    );
}

#[test]
fn an_alias_is_the_node_itself() {
    let document = parse("a: &x {run: one}\nb: *x\n");
    assert_eq!(document.root().get("b").unwrap().get("run").unwrap().text(), Some("one"));
    assert_eq!(document.root().scalars().iter().filter(|s| s.text == "one").count(), 1);
    assert!(refusal("a: &x [*x]\n").contains("alias"), "a loop");
}

#[test]
fn no_text_grows_when_it_is_read() {
    let line = |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
    let bomb = "a0: &a0 [x, x, x]\n".to_owned() + &(1..30).map(line).collect::<String>();
    let document = parse(&bomb);
    assert!(document.nodes.len() < 100);
    assert!(document.root().scalars().len() < 100);
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    assert_eq!(refusal("a: 1\nb: 2\na: 3\n"), "line 3: the name \"a\" stands twice in one mapping");
    assert!(refusal("a: 1\n---\nb: 2\n").contains("second document"));
    assert!(refusal("? [a]\n: b\n").contains("no text"));
    assert!(refusal("a: [1\n").contains("not YAML"));
    let bad = Document::parse(b"a: b\nc: \xff\n").unwrap_err();
    assert_eq!((bad.line, bad.reason.as_str()), (2, "the file is not UTF-8"));
}

#[test]
fn limits_hold() {
    // The parser has a limit of its own for brackets.
    for (open, said) in [("[", "not YAML"), ("{a: ", "not YAML"), ("- ", "nesting")] {
        let said_of = refusal(&open.repeat(5_000));
        assert!(said_of.contains(said) || said_of.contains("nesting"), "{open}: {said_of}");
    }
    let nested = format!("a: {}x{}\n", "[".repeat(DEEPEST), "]".repeat(DEEPEST));
    assert!(refusal(&nested).contains("nesting"));
    assert!(refusal(&"- x\n".repeat(MOST + 1)).contains("more values"));
    assert!(refusal(&"#".repeat(LONGEST + 1)).contains("longer"));
}

#[test]
fn an_empty_text_is_nothing() {
    for text in ["", "# only a comment\n", "---\n", "\u{feff}"] {
        assert!(parse(text).root().is_null() && !parse(text).root().is_mapping(), "{text:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fall(text in "[a-c:\\-\\[\\]{}&*!|>'\"#?, \n\t%@]{0,80}") {
        let _ = Document::parse(text.as_bytes());
    }
}
