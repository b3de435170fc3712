//! Running git so that nothing in a repository can make it do more than read.
//!
//! - The environment is made anew: nothing of the caller's but where programs,
//!   the user's own configuration and the index of a running hook are.
//! - What a repository's configuration could have run is overridden: the file
//!   system monitor, hooks, pagers, helpers, external differences, signature
//!   programs. Every transport is forbidden, and so is fetching on demand.
//! - Replaced objects and grafts are off: what a commit holds is what is read.
//! - The repository is named outright, so that `core.worktree` or a folder
//!   above cannot put another in its place. A repository that somebody else owns
//!   is read all the same, since none of its commands is ever run.
//! - Silence ends the process: a repository may hold pipes in place of files.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use super::{Git, GitError};

/// Longer than git needs for the next byte of anything that it is asked here.
const PATIENCE: Duration = Duration::from_secs(120);
/// The answer to a command that is kept whole, in bytes.
const LONGEST: usize = 1 << 30;
/// What is read at once, in bytes.
const PIECE: usize = 1 << 16;
/// How much of an error message is kept, in bytes.
const COMPLAINT: u64 = 4096;

/// What git needs of the caller's environment on any system.
const KEPT: [&str; 20] = [
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "TMPDIR",
    "TEMP",
    "TMP",
    "LD_LIBRARY_PATH",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
];
/// What a hook of this very repository is told by git: the index that is about
/// to be committed, and where the objects of a push are until it is accepted.
const OF_A_HOOK: [&str; 3] = ["GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];

/// Configuration that could run something, or make a command say something else.
const OVERRIDDEN: [&str; 15] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.askPass=",
    "core.alternateRefsCommand=false",
    "core.quotePath=false",
    "core.useReplaceRefs=false",
    "core.commitGraph=true",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// The program: in the first absolute folder of `PATH` that holds it. A relative
/// folder could be the packet's own.
pub(super) fn program() -> Option<PathBuf> {
    let name = format!("git{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .filter(|dir| dir.is_absolute())
        .map(|dir| dir.join(&name))
        .find(|p| p.is_file())
}

fn command<A: AsRef<OsStr>>(git: &Git, args: &[A]) -> Command {
    let mut command = Command::new(&git.program);
    command.env_clear();
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    if is_hook_of(&git.folder) {
        command.envs(OF_A_HOOK.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    }
    command
        .env("LC_ALL", "C")
        .env("GIT_DIR", &git.folder)
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_GRAFT_FILE", Path::new(if cfg!(windows) { "NUL" } else { "/dev/null" }))
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_PAGER", "cat");
    if let Some(work_tree) = &git.work_tree {
        command.env("GIT_WORK_TREE", work_tree).current_dir(work_tree);
    } else {
        command.current_dir(&git.folder);
    }
    command.arg("--no-pager");
    // One command refuses it, and takes no patterns anyway.
    if name(args) != "check-ignore" {
        command.arg("--literal-pathspecs");
    }
    for setting in OVERRIDDEN {
        command.args(["-c", setting]);
    }
    command.args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Whether git is running a hook of the repository in `folder`, so that what it
/// says of its index and objects is about that one.
fn is_hook_of(folder: &Path) -> bool {
    let said = std::env::var_os("GIT_DIR").map(PathBuf::from);
    match said {
        Some(said) => said.canonicalize().is_ok_and(|said| said == folder),
        // git sets the index alone in the main working tree; it names its folder then.
        None => std::env::var_os("GIT_INDEX_FILE").map(PathBuf::from).is_some_and(|index| {
            index
                .parent()
                .and_then(|parent| parent.canonicalize().ok())
                .is_some_and(|parent| parent == folder)
        }),
    }
}

/// The subcommand, for messages.
pub(super) fn name<A: AsRef<OsStr>>(args: &[A]) -> String {
    args.first().map(|arg| arg.as_ref().to_string_lossy().into_owned()).unwrap_or_default()
}

/// A running git. It is ended when it is dropped.
#[derive(Debug)]
pub(super) struct Process {
    name: String,
    child: Child,
    pub(super) stdin: Option<ChildStdin>,
    pieces: Receiver<Vec<u8>>,
    complaint: Option<thread::JoinHandle<String>>,
    pending: Vec<u8>,
    start: usize,
}

impl Process {
    pub(super) fn start<A: AsRef<OsStr>>(git: &Git, args: &[A]) -> Result<Self, GitError> {
        let name = name(args);
        let failed =
            |error: std::io::Error| GitError::Failed { command: name.clone(), reason: error.to_string() };
        let mut child = command(git, args).spawn().map_err(failed)?;
        let (send, pieces) = sync_channel(4);
        let mut stdout = child.stdout.take();
        // A thread of its own, so that waiting for an answer can end.
        thread::spawn(move || {
            let mut piece = vec![0; PIECE];
            while let Some(stdout) = &mut stdout {
                let Ok(read @ 1..) = stdout.read(&mut piece) else { break };
                if send.send(piece.get(..read).unwrap_or_default().to_vec()).is_err() {
                    break;
                }
            }
        });
        let stderr = child.stderr.take();
        let complaint = thread::spawn(move || complaint(stderr));
        let stdin = child.stdin.take();
        Ok(Self { name, child, stdin, pieces, complaint: Some(complaint), pending: Vec::new(), start: 0 })
    }

    /// Output that was received and not yet taken, after waiting for more when
    /// there is none; empty at the end.
    fn pending(&mut self) -> Result<&[u8], GitError> {
        if self.start >= self.pending.len() {
            self.start = 0;
            self.pending = match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => piece,
                Err(RecvTimeoutError::Disconnected) => Vec::new(),
                Err(RecvTimeoutError::Timeout) => return Err(GitError::TimedOut(self.name.clone())),
            };
        }
        Ok(self.pending.get(self.start..).unwrap_or_default())
    }

    /// Up to so many bytes of its output; none at the end.
    pub(super) fn take(&mut self, buffer: &mut [u8]) -> Result<usize, GitError> {
        let pending = self.pending()?;
        let read = pending.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(pending) {
            *to = *from;
        }
        self.start += read;
        Ok(read)
    }

    /// One line without its end; `None` at the end of the output. No answer
    /// that is read by lines has long ones.
    pub(super) fn line(&mut self) -> Result<Option<Vec<u8>>, GitError> {
        let mut line = Vec::new();
        loop {
            let pending = self.pending()?;
            if pending.is_empty() {
                return if line.is_empty() { Ok(None) } else { Err(self.not_understood()) };
            }
            let end = memchr::memchr(b'\n', pending);
            line.extend_from_slice(pending.get(..end.unwrap_or(pending.len())).unwrap_or_default());
            self.start += end.map_or(pending.len(), |end| end + 1);
            if end.is_some() {
                return Ok(Some(line));
            }
            if line.len() > PIECE {
                return Err(self.not_understood());
            }
        }
    }

    pub(super) fn ask(&mut self, line: &str) -> Result<(), GitError> {
        let written = self.stdin.as_mut().map(|stdin| stdin.write_all(line.as_bytes()));
        match written {
            Some(Ok(())) => Ok(()),
            _ => Err(self.failure()),
        }
    }

    /// What it complained of, once its output has ended.
    pub(super) fn failure(&mut self) -> GitError {
        let _ = self.child.kill();
        let reason = self.complaint.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        GitError::Failed { command: self.name.clone(), reason }
    }

    pub(super) fn not_understood(&self) -> GitError {
        GitError::NotUnderstood(self.name.clone())
    }

    /// Waits for a process whose output has ended, and demands that it did well.
    fn finish(mut self) -> Result<(), GitError> {
        match self.child.wait() {
            Ok(status) if status.success() => Ok(()),
            _ => Err(self.failure()),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first line of what it wrote to standard error, quoted, without the word
/// that says how bad it is. The rest is read and forgotten, so that it can end.
fn complaint(stderr: Option<impl Read>) -> String {
    let Some(mut stderr) = stderr else { return String::new() };
    let mut text = Vec::new();
    let _ = (&mut stderr).take(COMPLAINT).read_to_end(&mut text);
    let _ = std::io::copy(&mut stderr, &mut std::io::sink());
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_prefix(b"fatal: ").or(line.strip_prefix(b"error: ")).unwrap_or(line);
    if line.is_empty() { "it gave no reason".to_owned() } else { crate::text::quote(line) }
}

pub(super) fn stream<A: AsRef<OsStr>>(
    git: &Git,
    args: &[A],
    input: &[u8],
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<(), GitError> {
    let mut process = Process::start(git, args)?;
    let stdin = process.stdin.take();
    thread::scope(|scope| {
        // It may answer before it has read everything, and either pipe may be full.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        let ended = loop {
            match process.pending() {
                Ok([]) => break Ok(false),
                Ok(piece) if take(piece).is_break() => break Ok(true),
                Ok(_) => process.start = usize::MAX,
                Err(error) => break Err(error),
            }
        };
        match ended {
            Ok(false) => process.finish(),
            // Ends the process, and with it the thread that feeds it.
            other => {
                drop(process);
                other.map(|_| ())
            }
        }
    })
}

pub(super) fn output<A: AsRef<OsStr>>(git: &Git, args: &[A], input: &[u8]) -> Result<Vec<u8>, GitError> {
    let mut all = Vec::new();
    let mut long = false;
    stream(git, args, input, &mut |piece| {
        all.extend_from_slice(piece);
        long = all.len() > LONGEST;
        if long { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if long { Err(GitError::NotUnderstood(name(args))) } else { Ok(all) }
}
