use super::*;
use crate::report::samples;

#[test]
fn show() {
    for (name, report) in samples::all_but_passing() {
        for unicode in [false, true] {
            let look = Look { unicode, color: unicode, ..Look::PLAIN };
            let mut out = Vec::new();
            render(&report, &mut out, &look).unwrap();
            println!("=== {name}\n{}", String::from_utf8(out).unwrap());
        }
    }
}
