//! JUnit XML, for the test views of CI systems.
//!
//! One suite per packet with one case per entry, the intact ones too, one per
//! further file that a finding is about, and one per check; and a suite for the run
//! itself, whose last case is the verdict, so that no bad run has only good cases.
//! What fails a run is a failure, what keeps it from verifying an error; what did not
//! apply, was left out or is known to be broken is skipped.
//!
//! There are no times: the same input gives the same bytes. Characters that XML 1.0
//! cannot hold are written as in names, `\u{1b}`.

mod suite;

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Report;
use super::style::clean;
use suite::{Case, Outcome, Suite, Tally};

/// Writes the document.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let suites = suite::all(report);
    let tally = suites.iter().map(Suite::tally).fold(Tally::default(), Tally::and);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = tally.attributes();
    let all = xml.create_element("testsuites").with_attribute(("name", "seal"));
    all.with_attributes(counts.iter().map(|(key, value)| (*key, value.as_str())))
        .write_inner_content(|xml| suites.iter().try_for_each(|suite| write_suite(xml, suite)))?;
    xml.into_inner().write_all(b"\n")
}

type Xml<'a> = Writer<&'a mut dyn Write>;

fn write_suite(xml: &mut Xml<'_>, suite: &Suite<'_>) -> io::Result<()> {
    let name = clean(&suite.name, true);
    let counts = suite.tally().attributes();
    xml.create_element("testsuite")
        .with_attribute(("name", name.as_str()))
        .with_attributes(counts.iter().map(|(key, value)| (*key, value.as_str())))
        .write_inner_content(|xml| suite.cases().try_for_each(|case| write_case(xml, &name, &case)))?;
    Ok(())
}

fn write_case(xml: &mut Xml<'_>, suite: &str, case: &Case<'_>) -> io::Result<()> {
    let class = match case.kind {
        "" => suite.to_owned(),
        kind => format!("{suite} {kind}"),
    };
    let name = clean(&case.name, true);
    let element = xml
        .create_element("testcase")
        .with_attribute(("classname", class.as_str()))
        .with_attribute(("name", name.as_str()));
    let (tag, kind, message, text) = match &case.outcome {
        Outcome::Good => return element.write_empty().map(drop),
        Outcome::Skipped(why) => ("skipped", None, why, None),
        Outcome::Failure { code, message, text } => ("failure", Some(*code), message, Some(text)),
        Outcome::Error { code, message, text } => ("error", Some(*code), message, Some(text)),
    };
    element.write_inner_content(|xml| {
        let message = clean(message, true);
        let mut inner = xml.create_element(tag).with_attribute(("message", message.as_str()));
        if let Some(kind) = kind {
            inner = inner.with_attribute(("type", kind));
        }
        match text {
            None => inner.write_empty().map(drop),
            Some(text) => {
                let lines: Vec<String> = text.lines().map(|line| clean(line, true)).collect();
                inner.write_text_content(BytesText::new(&lines.join("\n"))).map(drop)
            }
        }
    })?;
    Ok(())
}

#[cfg(test)]
#[path = "junit_tests.rs"]
mod tests;
