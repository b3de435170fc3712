//! A line on standard error that shows how far a long run has come. Only on a
//! terminal, only when the work is long, and gone when it is done.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use crate::observe::Progress;

/// Work that takes less than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(700);
/// How often the line is drawn anew.
const TICK: Duration = Duration::from_millis(100);

/// Runs `work`, showing its progress where a person would see it.
pub(super) fn shown<R>(show: bool, progress: &Progress, work: impl FnOnce() -> R) -> R {
    if !show || !io::stderr().is_terminal() {
        return work();
    }
    let (done, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut pause = PATIENCE;
            let mut drawn = false;
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(pause) {
                draw(&line(progress));
                drawn = true;
                pause = TICK;
            }
            if drawn {
                draw("");
            }
        });
        let result = work();
        drop(done);
        result
    })
}

fn draw(text: &str) {
    let mut err = io::stderr().lock();
    // Back to the first column, the text, and the rest of the line erased.
    let _ = write!(err, "\r{text}\x1b[K").and_then(|()| err.flush());
}

fn line(progress: &Progress) -> String {
    let entries = progress.entries.load(Ordering::Relaxed);
    let total = progress.total.load(Ordering::Relaxed);
    if progress.of_probes.load(Ordering::Relaxed) {
        return format!("[{}] {entries} of {total} inputs tried", bar(entries, total));
    }
    let mebibytes = progress.bytes.load(Ordering::Relaxed) >> 20;
    if total > 0 && entries >= total {
        let explained = progress.explained.load(Ordering::Relaxed);
        let drifted = progress.drifted.load(Ordering::Relaxed);
        return match drifted {
            0 => format!("{total} files compared, {mebibytes} MiB; looking around"),
            n => format!("[{}] {explained} of {n} drifted files explained", bar(explained, n)),
        };
    }
    format!("[{}] {entries} of {total} files, {mebibytes} MiB", bar(entries, total))
}

fn bar(done: u64, total: u64) -> String {
    let filled = usize::try_from(done.saturating_mul(24) / total.max(1)).unwrap_or(24).min(24);
    "#".repeat(filled) + &"-".repeat(24 - filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is() {
        let progress = Progress::default();
        progress.total.store(4, Ordering::Relaxed);
        progress.entries.store(1, Ordering::Relaxed);
        progress.bytes.store(3 << 20, Ordering::Relaxed);
        assert_eq!(line(&progress), "[######------------------] 1 of 4 files, 3 MiB");
        progress.entries.store(4, Ordering::Relaxed);
        assert_eq!(line(&progress), "4 files compared, 3 MiB; looking around");
        progress.drifted.store(8, Ordering::Relaxed);
        progress.explained.store(6, Ordering::Relaxed);
        assert_eq!(line(&progress), "[##################------] 6 of 8 drifted files explained");
    }
}
