//! Logs on the disk: where they lie, and their unpacked bytes as a stream.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::{EntryKind, Snapshot};
use crate::syntax::logs::LogKind;

/// Folders of a project in which logs lie, beside the project's own folder. Logs are what `.gitignore` names first, so no walk
/// over the project would find them.
const FOLDERS: [&str; 4] = ["", "log", "logs", "var/log"];

/// The logs that lie in a project (an absolute folder), sorted by path.
pub fn find_logs(snapshot: &Snapshot, root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let folder = if folder.is_empty() { root.to_owned() } else { root.join(folder) };
        let Some(entries) = snapshot.entries(&folder) else { continue };
        let files = entries.iter().filter(|entry| entry.kind == EntryKind::File);
        found.extend(files.map(|entry| folder.join(&entry.name)).filter(|path| LogKind::of(path).is_some()));
    }
    found.sort();
    found
}

/// Opens a log, unpacked when it is packed by gzip, whatever its name.
///
/// # Errors
/// When it cannot be opened or is no file, in words that follow its name.
pub fn open_log(path: &Path) -> Result<Box<dyn Read>, String> {
    let told = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    // Opening a pipe would wait for ever.
    if !std::fs::metadata(path).map_err(told)?.is_file() {
        return Err("is no file".to_owned());
    }
    let mut file = File::open(path).map_err(told)?;
    let mut magic = [0; 2];
    let is_packed = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
    file.seek(SeekFrom::Start(0)).map_err(told)?;
    Ok(if is_packed { Box::new(MultiGzDecoder::new(BufReader::new(file))) } else { Box::new(file) })
}

/// When a file was changed last, in seconds since 1970.
pub fn changed_at(path: &Path) -> Option<i64> {
    let modified = std::fs::metadata(path).ok()?.modified().ok()?;
    let since = modified.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use super::*;
    use crate::syntax::logs::scan;

    #[test]
    fn packed_logs_are_read_as_far_as_they_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("error.log.2.gz");
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        for number in 0..5_000 {
            writeln!(packer, "line {number} {}", number * 7919 % 1000).unwrap();
            writeln!(packer, "invalid request block size: {number}").unwrap();
        }
        let packed = packer.finish().unwrap();
        let count = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let mut count = 0;
            let reading = scan(open_log(&path).unwrap(), &mut |_| count += 1);
            (count, reading.error)
        };
        assert_eq!(count(&packed), (5_000, None));
        let (some, error) = count(&packed[..packed.len() / 2]);
        assert!(some > 100 && some < 5_000, "{some}");
        assert!(error.is_some());
        assert_eq!(open_log(folder.path()).err().as_deref(), Some("is no file"));
        assert_eq!(open_log(&folder.path().join("x")).err().as_deref(), Some("does not exist"));
    }
}
