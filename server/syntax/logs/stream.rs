//! Reads a log of any size in bounded memory.

use std::io::{self, Read};

use super::assemble::Assembler;
use super::incident::Incident;
use super::line::INTERESTING;

/// So much of a log is in memory at a time (bytes).
const BLOCK: usize = 1 << 20;
/// No more of a line is looked at (bytes).
const LONGEST_LINE: usize = 16 << 10;

/// How the reading went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The lines that were read.
    pub lines: u64,
    /// The bytes that were read, unpacked.
    pub bytes: u64,
    /// Lines that were cut because they are too long.
    pub cut_lines: u64,
    /// Whether some of it is no UTF-8 text; what can be read of it was read.
    pub is_malformed: bool,
    /// Whether it holds zero bytes, as binary files and sparse files do.
    pub has_zero_bytes: bool,
    /// Why the reading ended early.
    pub error: Option<String>,
}

impl Reading {
    /// Sentences on what could not be read; empty when all was well.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(error) = &self.error {
            notes.push(format!("it could be read only as far as line {}: {error}", self.lines));
        }
        if self.has_zero_bytes {
            notes.push("it holds zero bytes: some of it is no text".to_owned());
        }
        if self.is_malformed {
            notes.push("some bytes are not UTF-8 and are shown as `\u{fffd}`".to_owned());
        }
        match self.cut_lines {
            0 => {}
            1 => notes.push("a line is very long; its beginning was read".to_owned()),
            count => notes.push(format!("{count} lines are very long; their beginnings were read")),
        }
        notes
    }
}

/// Reads a log to its end, and gives every incident in order.
pub fn scan(mut log: impl Read, out: &mut dyn FnMut(Incident)) -> Reading {
    let mut reading = Reading::default();
    let mut assembler = Assembler::default();
    let mut block = vec![0; BLOCK];
    let mut filled = 0;
    // Whether the rest of a line that was cut is still to be passed over.
    let mut in_cut_line = false;
    loop {
        let (read, at_end) = match fill(&mut log, &mut block[filled..]) {
            Ok(read) => (read, read == 0),
            Err(error) => {
                reading.error = Some(error.to_string());
                (0, true)
            }
        };
        filled += read;
        let complete = match memchr::memrchr(b'\n', &block[..filled]) {
            _ if at_end => filled,
            Some(end) => end + 1,
            None if filled < block.len() => continue,
            // One line fills the block: its beginning is looked at, and the rest passed over.
            None => filled,
        };
        let mut lines = &block[..complete];
        let ends_line = lines.ends_with(b"\n");
        if in_cut_line {
            let skipped = memchr::memchr(b'\n', lines).map_or(lines.len(), |end| end + 1);
            reading.bytes += skipped as u64;
            lines = &lines[skipped..];
        }
        let was_cut = std::mem::replace(&mut in_cut_line, !at_end && !ends_line);
        reading.cut_lines += u64::from(in_cut_line && !was_cut);
        reading.has_zero_bytes |= memchr::memchr(0, lines).is_some();
        reading.is_malformed |= !in_cut_line && std::str::from_utf8(lines).is_err();
        take(lines, &mut assembler, &mut reading, out);
        block.copy_within(complete..filled, 0);
        filled -= complete;
        if at_end {
            break;
        }
    }
    assembler.finish(out);
    reading
}

/// Fills a buffer as far as possible.
fn fill(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match log.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Takes whole lines: those that matter one by one, the others only counted.
fn take(mut lines: &[u8], assembler: &mut Assembler, reading: &mut Reading, out: &mut dyn FnMut(Incident)) {
    while !lines.is_empty() {
        if !assembler.needs_every_line() {
            let skipped = match INTERESTING.find(lines) {
                Some(found) => memchr::memrchr(b'\n', &lines[..found.start()]).map_or(0, |end| end + 1),
                None => lines.len(),
            };
            reading.lines += memchr::memchr_iter(b'\n', &lines[..skipped]).count() as u64;
            reading.lines += u64::from(skipped == lines.len() && !lines.ends_with(b"\n"));
            reading.bytes += skipped as u64;
            lines = &lines[skipped..];
            if lines.is_empty() {
                return;
            }
        }
        let end = memchr::memchr(b'\n', lines).map_or(lines.len(), |end| end + 1);
        let line = lines[..end].strip_suffix(b"\n").unwrap_or(&lines[..end]);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        reading.cut_lines += u64::from(line.len() > LONGEST_LINE && lines[..end].ends_with(b"\n"));
        reading.lines += 1;
        let text = String::from_utf8_lossy(&line[..line.len().min(LONGEST_LINE)]);
        assembler.line(reading.lines, reading.bytes, &text, out);
        reading.bytes += end as u64;
        lines = &lines[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(log: &[u8]) -> (Vec<u64>, Reading) {
        let mut lines = Vec::new();
        let reading = scan(log, &mut |incident| lines.push(incident.line));
        (lines, reading)
    }

    #[test]
    fn blocks_end_anywhere() {
        let mut log = Vec::new();
        let mut wanted = Vec::new();
        for number in 1..60_000_u64 {
            if number % 997 == 0 {
                wanted.push(number);
                log.extend_from_slice(b"invalid request block size: 4161 (max 4096)...skip\n");
            } else {
                log.extend_from_slice(
                    format!("a line like any other, number {number}, of some length\r\n").as_bytes(),
                );
            }
        }
        let (lines, reading) = read(&log);
        assert_eq!((lines, reading.lines, reading.bytes), (wanted, 59_999, log.len() as u64));
        assert!(reading.notes().is_empty(), "{reading:?}");
    }

    #[test]
    fn what_is_no_text_is_passed_over_and_told() {
        let mut log = b"\xff\xfe\x00no\nWORKER TIMEOUT (pid:7)\n".to_vec();
        log.extend(std::iter::repeat_n(b'x', 3 << 20));
        log.extend_from_slice(b"\n--- no python application found, check\nlast line without an end");
        let (lines, reading) = read(&log);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(reading.bytes, log.len() as u64);
        assert!(reading.is_malformed && reading.has_zero_bytes && reading.cut_lines > 0, "{reading:?}");
        assert_eq!(reading.notes().len(), 3);
    }

    #[test]
    fn a_reader_that_fails_gives_what_came_before() {
        struct Torn(bool);
        impl Read for Torn {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("torn"));
                }
                let text = b"invalid request block size: 1\n";
                buffer[..text.len()].copy_from_slice(text);
                Ok(text.len())
            }
        }
        let mut count = 0;
        let reading = scan(Torn(false), &mut |_| count += 1);
        assert_eq!((count, reading.error.as_deref()), (1, Some("torn")));
    }
}
