//! Messages on the wire: a header with `Content-Length`, an empty line, a body of JSON.

use std::io::{self, BufRead, Read, Write};

/// A body above this size (bytes) is refused: no editor sends one, and memory is not ours to give away.
pub const MAX_BODY: usize = 64 << 20;

/// A header line is kept up to this size (bytes); of a longer one, which is no header, only the end matters.
const MAX_LINE: usize = 8 << 10;

const LENGTH: &[u8] = b"content-length:";

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// The body of a message.
    Body(Vec<u8>),
    /// There are bytes that are no header; reading goes on at the next header.
    Garbage,
    /// A header announced more than [`MAX_BODY`]; reading goes on at the next header.
    TooLarge,
}

/// Reads messages from a byte stream, and finds its way back after anything that is none.
#[derive(Debug)]
pub struct FrameReader<R> {
    input: R,
    /// Whether garbage was reported since the last header; more of it is no news.
    lost: bool,
    /// The length that a header announced, when garbage before it was to be reported first.
    announced: Option<u64>,
}

impl<R: BufRead> FrameReader<R> {
    /// Reads from `input`.
    pub fn new(input: R) -> Self {
        Self { input, lost: false, announced: None }
    }

    /// The next frame; `None` at the end of the stream, also when it ends inside a frame.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn next(&mut self) -> io::Result<Option<Frame>> {
        let length = match self.announced.take() {
            Some(length) => length,
            None => match self.header()? {
                Header::Length(length) => length,
                Header::Garbage => return Ok(Some(Frame::Garbage)),
                Header::End => return Ok(None),
            },
        };
        match usize::try_from(length) {
            Ok(length) if length <= MAX_BODY => {
                self.lost = false;
                self.body(length)
            }
            _ => {
                self.lost = true;
                Ok(Some(Frame::TooLarge))
            }
        }
    }

    /// Reads header lines until an empty one.
    fn header(&mut self) -> io::Result<Header> {
        let mut length = None;
        let mut garbage = false;
        let mut line = Vec::new();
        while self.line(&mut line)? {
            if line.is_empty() {
                garbage |= length.is_none();
                if garbage && !self.lost {
                    self.lost = true;
                    self.announced = length;
                    return Ok(Header::Garbage);
                }
                if let Some(length) = length {
                    return Ok(Header::Length(length));
                }
                continue;
            }
            line.make_ascii_lowercase();
            // A body that was longer than announced leaves its rest in front of the next header.
            match line.windows(LENGTH.len()).rposition(|window| window == LENGTH) {
                Some(at) => {
                    garbage |= at > 0;
                    let digits = std::str::from_utf8(&line[at + LENGTH.len()..]).unwrap_or("").trim();
                    length = parse_length(digits);
                }
                None => garbage |= !line.contains(&b':'),
            }
        }
        Ok(Header::End)
    }

    /// Reads one line without its end; `false` at the end of the stream.
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        loop {
            let limit = (MAX_LINE / 2) as u64;
            let read = (&mut self.input).take(limit).read_until(b'\n', line)?;
            if read == 0 {
                return Ok(false);
            }
            if line.last() == Some(&b'\n') {
                while matches!(line.last(), Some(b'\r' | b'\n')) {
                    line.pop();
                }
                return Ok(true);
            }
            if line.len() > MAX_LINE {
                line.drain(..line.len() - MAX_LINE / 2);
            }
        }
    }

    fn body(&mut self, length: usize) -> io::Result<Option<Frame>> {
        // Grown while it comes in: an announcement alone costs no memory.
        let mut body = Vec::new();
        (&mut self.input).take(length as u64).read_to_end(&mut body)?;
        Ok((body.len() == length).then_some(Frame::Body(body)))
    }
}

enum Header {
    Length(u64),
    Garbage,
    End,
}

/// A length of digits alone; one that no number holds is as large as can be.
fn parse_length(digits: &str) -> Option<u64> {
    let only_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// Writes one message and flushes it.
///
/// # Errors
/// When the stream cannot be written to.
pub fn write_frame(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
    output.write_all(body)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use super::*;

    fn frames(bytes: &[u8]) -> Vec<Frame> {
        let mut reader = FrameReader::new(bytes);
        std::iter::from_fn(|| reader.next().expect("a slice can be read")).collect()
    }

    fn body(text: &str) -> Frame {
        Frame::Body(text.as_bytes().to_vec())
    }

    #[test]
    fn reads_what_clients_send() {
        let bytes =
            b"Content-Length: 2\r\n\r\n{}content-length:2\r\nContent-Type: application/vscode-jsonrpc\r\n\
                      X-More: 1\r\n\r\n[]Content-Length: 1\n\n1";
        assert_eq!(frames(bytes), [body("{}"), body("[]"), body("1")]);
    }

    #[test]
    fn finds_its_way_back() {
        let cases: [&[u8]; 6] = [
            b"Content-Length: -2\r\n\r\n{}",
            b"Content-Length: two\r\n\r\n{}",
            b"Content-Length:\r\n\r\n{}",
            b"nonsense\r\n\r\n",
            b"X-Only: 1\r\n\r\n",
            b"\xff\xfe\x00\r\n",
        ];
        for case in cases {
            let bytes = [case, b"Content-Length: 4\r\n\r\ntrue".as_slice()].concat();
            assert_eq!(frames(&bytes), [Frame::Garbage, body("true")], "{}", case.escape_ascii());
        }
        let short = b"Content-Length: 3\r\n\r\n[1,2]Content-Length: 4\r\n\r\ntrue";
        assert_eq!(frames(short), [body("[1,"), Frame::Garbage, body("true")]);
    }

    #[test]
    fn a_huge_body_is_refused_and_passed_over() {
        for length in ["99999999999", "99999999999999999999999999"] {
            let mut bytes = format!("Content-Length: {length}\r\n\r\n").into_bytes();
            bytes.extend(b"Content-Length: 9\\r\\n ".repeat(10_000));
            bytes.extend(b"}Content-Length: 4\r\n\r\ntrue");
            assert_eq!(frames(&bytes), [Frame::TooLarge, body("true")]);
        }
    }

    #[test]
    fn an_end_inside_a_frame_is_the_end() {
        assert_eq!(frames(b"Content-Length: 9\r\n\r\n{}"), []);
        assert_eq!(frames(b"Content-Len"), []);
    }
}
