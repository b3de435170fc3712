//! Writing what a run says, without ever losing its exit status.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::atomic::{self, Expect};
use crate::code::Code;
use crate::finding::Finding;
use crate::gate;
use crate::report::{Look, OutputFormat, Report, render};
use crate::text::quote;

/// Where one rendering goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: OutputFormat,
    /// Standard output when absent.
    pub(super) path: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=PATH`.
pub(super) fn parse(text: &str) -> Result<Output, String> {
    let (name, path) = match text.split_once('=') {
        Some((_, "")) => return Err("the path after `=` is empty".to_owned()),
        Some((name, path)) => (name, Some(PathBuf::from(path))),
        None => (text, None),
    };
    let format = OutputFormat::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = OutputFormat::all().map(OutputFormat::name).collect();
        format!("`{name}` is not a format; known are {}", known.join(", "))
    })?;
    Ok(Output { format, path: path.filter(|path| path.as_os_str() != "-") })
}

/// Refuses two outputs that would both go to standard output.
pub(super) fn one_to_stdout(outputs: &[Output]) -> Result<(), Box<Finding>> {
    if outputs.iter().filter(|output| output.path.is_none()).count() > 1 {
        let finding = Finding::new(Code::UsageError, "two formats would go to standard output at once")
            .help("give all but one of them a path: --output json=report.json");
        return Err(Box::new(finding));
    }
    Ok(())
}

/// Writes the report to every output, human text to standard output unless
/// another format takes it, and returns the exit status: the report's own, or 2
/// when a good run could not be reported. Files come first, so that what is said
/// on standard output knows of those that could not be written.
pub(super) fn deliver(report: &Report, outputs: &[Output], look: &Look) -> u8 {
    let mut amended = None;
    for output in outputs {
        let Some(path) = &output.path else { continue };
        let look = Look { color: false, ..*look };
        if let Err(finding) = rendered(report, output.format, &look).and_then(|text| file(path, &text)) {
            amended = Some(gate::amended(amended.as_ref().unwrap_or(report), *finding));
        }
    }
    let report = amended.as_ref().unwrap_or(report);
    let format = to_stdout(outputs);
    let printed = rendered(report, format, look).map_or_else(|finding| told(&finding), |text| print(&text));
    if report.exit_code == 0 { printed } else { report.exit_code }
}

/// The format that goes to standard output.
fn to_stdout(outputs: &[Output]) -> OutputFormat {
    outputs.iter().find(|output| output.path.is_none()).map_or(OutputFormat::Human, |o| o.format)
}

/// [`deliver`] for what is no report: `render` writes it in each format asked for.
pub(super) fn deliver_as(
    exit_code: u8,
    outputs: &[Output],
    look: &Look,
    render: impl Fn(OutputFormat, &mut Vec<u8>, &Look) -> io::Result<()>,
) -> u8 {
    let rendered = |format, look: &Look| {
        let mut text = Vec::new();
        render(format, &mut text, look).map(|()| text).map_err(|error| not_made(&error))
    };
    let mut status = 0;
    for output in outputs {
        let Some(path) = &output.path else { continue };
        let plain = Look { color: false, ..*look };
        let written = rendered(output.format, &plain).and_then(|text| file(path, &text));
        status = written.map_or_else(|finding| told(&finding), |()| status);
    }
    let printed =
        rendered(to_stdout(outputs), look).map_or_else(|finding| told(&finding), |text| print(&text));
    if exit_code == 0 { status.max(printed) } else { exit_code }
}

/// The report in one format. Rendering into memory does not fail in itself.
fn rendered(report: &Report, format: OutputFormat, look: &Look) -> Result<Vec<u8>, Box<Finding>> {
    let mut text = Vec::new();
    render(format, report, &mut text, look).map(|()| text).map_err(|error| not_made(&error))
}

fn not_made(error: &io::Error) -> Box<Finding> {
    Box::new(Finding::new(Code::NotWritten, format!("the report cannot be made: {error}")))
}

/// Says on standard error what could not be said elsewhere; the status for that.
fn told(finding: &Finding) -> u8 {
    complain(&format!("{}\n  help: {}", finding.message, finding.help));
    2
}

/// Prints text to standard output; 0, or 2 when that fails.
pub(super) fn print(text: &[u8]) -> u8 {
    match stdout(text) {
        Ok(()) => 0,
        Err(error) => {
            complain(&format!("cannot write to standard output: {error}"));
            2
        }
    }
}

/// Writes a report file whole or not at all; a pipe or device that stands
/// there (`/dev/stderr`, `/dev/null`) is written to as it is.
fn file(path: &Path, text: &[u8]) -> Result<(), Box<Finding>> {
    let refused = |why: String, help: &'static str| Box::new(Finding::new(Code::NotWritten, why).help(help));
    let special = std::fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir());
    if special {
        return std::fs::write(path, text).map_err(|error| {
            let name = quote(path.as_os_str().as_encoded_bytes());
            refused(format!("{name} cannot be written: {error}"), "give the report another path")
        });
    }
    atomic::write(path, text, Expect::Anything).map_err(|error| refused(error.to_string(), error.next_step()))
}

/// Writes to standard output. A reader that went away has read enough.
fn stdout(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// One line on standard error, as good as it goes.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "seal: {message}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_a_format_and_perhaps_a_path() {
        assert_eq!(parse("json").unwrap(), Output { format: OutputFormat::Json, path: None });
        assert_eq!(parse("json=-").unwrap().path, None);
        assert_eq!(parse("json=a=b").unwrap().path, Some(PathBuf::from("a=b")));
        assert!(parse("json=").is_err());
        assert!(parse("yaml").unwrap_err().contains("human, json"));
    }
}
