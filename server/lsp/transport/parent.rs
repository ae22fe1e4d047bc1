//! The editor's process: when it is gone, nobody needs us any more, even while somebody else holds our pipes open.

use std::time::Duration;

/// How often the process is looked for.
const INTERVAL: Duration = Duration::from_secs(1);

/// Calls `gone` once the process with this id has ended.
///
/// A process that cannot be found to begin with is not waited for: an editor outside of our container has an id that means
/// nothing here.
pub fn watch(id: i64, gone: impl FnOnce() + Send + 'static) {
    if !is_alive(id) {
        return;
    }
    std::thread::spawn(move || {
        while is_alive(id) {
            std::thread::sleep(INTERVAL);
        }
        gone();
    });
}

#[cfg(unix)]
fn is_alive(id: i64) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};
    let pid = i32::try_from(id).ok().filter(|id| *id > 0).and_then(Pid::from_raw);
    // A process of another user may not be signalled, and is alive.
    pid.is_some_and(|pid| matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM)))
}

/// Elsewhere, pipes end with the process that holds them.
#[cfg(not(unix))]
fn is_alive(_id: i64) -> bool {
    false
}
