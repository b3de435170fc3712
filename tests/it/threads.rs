//! The same input gives the same bytes of output, whatever the number of threads.

use crate::packet::{Packet, Place};

/// 2,100 files in 21 folders, some of them drifted in each of several ways.
fn large() -> Place {
    let mut packet = Packet::empty();
    for n in 0..2100 {
        packet = packet
            .file(&format!("part-{:02}/file-{n:04}.txt", n % 21), format!("row {n} \u{2014} one\nrow two\n"));
    }
    let place = packet.build();
    let name = |n: usize| format!("packet/part-{:02}/file-{n:04}.txt", n % 21);
    for n in (0..2100).step_by(170) {
        place.edit(&name(n), |text| text.replace('\n', "\r\n"));
        place.edit(&name(n + 1), |text| text.replace('\u{2014}', "-"));
        place.edit(&name(n + 2), |text| text.replace("one", "two"));
        place.remove(name(n + 3));
        place.rename(name(n + 4), format!("packet/moved/{n}.txt"));
    }
    place
}

#[test]
fn one_thread_and_two_say_the_same() {
    let place = large();
    for output in ["json", "human"] {
        let with = |threads: &str| {
            place.seal([
                "verify",
                "packet",
                "-v",
                "--search-budget",
                "3MB",
                "--output",
                output,
                "--threads",
                threads,
            ])
        };
        let (one, two) = (with("1").exits(1), with("2").exits(1));
        assert!(one.out == two.out, "{output} differs between one thread and two");
        assert!(one.out == with("2").out, "{output} differs between two runs");
    }
}

#[test]
fn create_says_the_same_and_writes_the_same() {
    let place = large();
    let accepted = ["--accept-drift", "crlf_drift,emdash_unicode_drift,final_newline,bom_prefix"];
    let create = |threads| place.seal(["create", "packet", "--threads", threads].into_iter().chain(accepted));
    let one = create("1").exits(0);
    let manifest = place.read("packet/HASH_MANIFEST.txt");
    let two = create("2").exits(0);
    assert_eq!(place.read("packet/HASH_MANIFEST.txt"), manifest);
    assert!(one.out.contains("2087 files") || one.out.contains(&two.out[12..40]), "{} {}", one.out, two.out);
}
