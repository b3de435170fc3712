//! Writing what a run says, without ever losing its exit status.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::atomic::{self, Expect};
use crate::code::Code;
use crate::finding::Finding;
use crate::report::{Look, OutputFormat, Report, render};

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
/// when a good run could not be reported.
pub(super) fn deliver(report: &Report, outputs: &[Output], look: &Look) -> u8 {
    deliver_as(report.exit_code, outputs, look, |format, text, look| render(format, report, text, look))
}

/// [`deliver`] for whatever can be rendered in the formats asked for.
pub(super) fn deliver_as(
    exit_code: u8,
    outputs: &[Output],
    look: &Look,
    render: impl Fn(OutputFormat, &mut Vec<u8>, &Look) -> io::Result<()>,
) -> u8 {
    let mut outputs = outputs.to_vec();
    if outputs.iter().all(|output| output.path.is_some()) {
        outputs.push(Output { format: OutputFormat::Human, path: None });
    }
    let mut status = exit_code;
    for output in &outputs {
        let mut text = Vec::new();
        let look = if output.path.is_some() { &Look { color: false, ..*look } } else { look };
        // Rendering into memory does not fail; an empty rendering would be seen below.
        let rendered = render(output.format, &mut text, look).map_err(|error| error.to_string());
        let written = rendered.and_then(|()| match &output.path {
            Some(path) => file(path, &text),
            None => stdout(&text).map_err(|error| format!("cannot write to standard output: {error}")),
        });
        if let Err(error) = written {
            complain(&error);
            status = status.max(if status == 0 { 2 } else { 0 });
        }
    }
    status
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
fn file(path: &Path, text: &[u8]) -> Result<(), String> {
    let special = std::fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir());
    if special {
        return std::fs::write(path, text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()));
    }
    atomic::write(path, text, Expect::Anything)
        .map_err(|error| format!("{error}\n  help: {}", error.next_step()))
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
